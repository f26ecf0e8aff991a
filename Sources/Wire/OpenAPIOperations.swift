// Every operation of the two sockets, once: its method, path, socket, query, body and answers. The sockets register what
// stands here and the OpenAPI document is written from it, so that neither can drift from the other.
import Convening

public enum APIOperation: String, CaseIterable, Hashable, Sendable {
  case index, status, live, ready, metrics
  case discussions, discussion, timeline, plan, reminders, agencies, report, events, openapi, journal, explainPolicy
  case convene, reschedule, acknowledge, contribute, confirm, decline, hold, decide, circulate, cancel, close
  case sendDetails, call, nameBarrier, receive, conference, followUp, tellClock, correct
  case rota, setRota, cover, slots, frontDoor, contact, receiveContact, contactOutcome, contactReview
  case ping, enable, resend, pause, resume, reload
  case importRows, compliance
  case snapshots, snapshot, keepReport

  public var method: String { row.method }
  /// As OpenAPI writes it: `/v1/discussions/{id}`.
  public var path: String { row.path }
  /// What it does, in a sentence.
  public var says: String { row.says }
  /// The fields of its body; nil for a GET, and for a file.
  public var body: [BodyField]? { row.body }
  /// What it answers when all is well.
  public var answers: Answer { row.answers }

  public enum Answer: Hashable, Sendable {
    /// The discussion's document, with its ETag.
    case discussion
    /// A front-door contact's, with its ETag.
    case contact
    /// An agency's rota, with its ETag.
    case rota
    /// A document of its own.
    case document
    /// One JSON object a line.
    case lines
    case text
  }

  private struct Row {
    let (method, path, says): (String, String, String)
    let body: [BodyField]?
    let answers: Answer

    init(_ method: String, _ path: String, _ says: String, body: [BodyField]? = nil, answers: Answer = .document) {
      (self.method, self.path, self.says) = (method, path, says)
      (self.body, self.answers) = (body, answers)
    }
  }

  private var row: Row {
    switch self {
    case .index:
      .init("GET", "/v1", "What there is.")
    case .status:
      .init("GET", "/v1/status", "What needs a person now, and how the daemon does.")
    case .live:
      .init("GET", "/v1/health/live", "Whether the process answers.")
    case .ready:
      .init("GET", "/v1/health/ready", "Whether it takes changes and sends reminders.")
    case .metrics:
      .init("GET", "/metrics", "Prometheus text, version 0.0.4.", answers: .text)
    case .discussions:
      .init("GET", "/v1/discussions", "Discussions in order of meeting, by page.")
    case .discussion:
      .init("GET", "/v1/discussions/{id}", "One discussion.", answers: .discussion)
    case .timeline:
      .init("GET", "/v1/discussions/{id}/timeline", "What happened in it.")
    case .plan:
      .init("GET", "/v1/discussions/{id}/plan", "What fires next if nobody does anything.")
    case .reminders:
      .init("GET", "/v1/reminders", "Reminders of open discussions.")
    case .agencies:
      .init("GET", "/v1/agencies", "Who holds each place now and next, and why.")
    case .report:
      .init("GET", "/v1/report", "Shares with their intervals, and how soon decisions were recorded.")
    case .events:
      .init(
        "GET", "/v1/events", "What happens, one JSON object a line: what is recorded after a seq, then what comes.",
        answers: .lines)
    case .openapi:
      .init("GET", "/v1/openapi.json", "This document.")
    case .journal:
      .init("GET", "/v1/journal", "The journal's lines as they were hashed, one JSON object a line.", answers: .lines)
    case .explainPolicy:
      .init(
        "GET", "/v1/policies/explain", "The ladder of a made-up discussion under the policy in force. Changes nothing.")
    case .convene:
      .init(
        "PUT", "/v1/discussions/{id}", "Convenes a discussion; the same body again changes nothing.",
        body: Bodies.convene, answers: .discussion)
    case .reschedule:
      .init(
        "POST", "/v1/discussions/{id}/reschedule", "Moves the meeting.", body: Bodies.reschedule, answers: .discussion)
    case .acknowledge:
      .init(
        "POST", "/v1/discussions/{id}/acknowledgements", "An agency has it in hand.", body: Bodies.acknowledgement,
        answers: .discussion)
    case .contribute:
      .init(
        "POST", "/v1/discussions/{id}/contributions", "An agency took part.", body: Bodies.contribution,
        answers: .discussion)
    case .confirm:
      .init(
        "POST", "/v1/discussions/{id}/contributions/{agency}/confirm",
        "What an agency reported of itself by link is so.", body: Bodies.confirmation, answers: .discussion)
    case .decline:
      .init(
        "POST", "/v1/discussions/{id}/declines", "An agency takes no part.", body: Bodies.decline, answers: .discussion)
    case .hold:
      .init("POST", "/v1/discussions/{id}/held", "It was held.", body: Bodies.held, answers: .discussion)
    case .decide:
      .init("POST", "/v1/discussions/{id}/decision", "What was decided.", body: Bodies.decision, answers: .discussion)
    case .circulate:
      .init(
        "POST", "/v1/discussions/{id}/circulate", "The record was sent.", body: Bodies.circulate, answers: .discussion)
    case .cancel:
      .init("POST", "/v1/discussions/{id}/cancel", "Cancels it.", body: Bodies.cancel, answers: .discussion)
    case .close:
      .init("POST", "/v1/discussions/{id}/close", "Closes it.", body: Bodies.nothing, answers: .discussion)
    case .sendDetails:
      .init(
        "POST", "/v1/discussions/{id}/details-sent",
        "The secure e-mail that names the child went to a place of an agency.", body: Bodies.details,
        answers: .discussion)
    case .call:
      .init("POST", "/v1/discussions/{id}/calls", "An agency was telephoned.", body: Bodies.call, answers: .discussion)
    case .nameBarrier:
      .init(
        "POST", "/v1/discussions/{id}/barriers",
        "Why an agency was absent: the chair says so, the agency agrees or disputes.", body: Bodies.barrier,
        answers: .discussion)
    case .receive:
      .init(
        "POST", "/v1/discussions/{id}/receipts", "An agency has the record.", body: Bodies.receipt, answers: .discussion
      )
    case .conference:
      .init(
        "POST", "/v1/discussions/{id}/conference", "The initial child protection conference was held.",
        body: Bodies.conference, answers: .discussion)
    case .followUp:
      .init(
        "POST", "/v1/discussions/{id}/follow-up", "What had to follow a decision without all was done.",
        body: Bodies.followUp, answers: .discussion)
    case .tellClock:
      .init(
        "POST", "/v1/discussions/{id}/clocks", "A clock started or stopped outside of convened.", body: Bodies.clock,
        answers: .discussion)
    case .correct:
      .init(
        "POST", "/v1/discussions/{id}/corrections",
        "What an entry says is not so: it is struck, and replaced where a replacement is given.",
        body: Bodies.correction, answers: .discussion)
    case .rota:
      .init(
        "GET", "/v1/agencies/{agency}/rota",
        "Rota and cover of an agency from now on; `coordination` for the coordinator's.", answers: .rota)
    case .setRota:
      .init(
        "PUT", "/v1/agencies/{agency}/rota", "This is the agency's rota from now on; the same again changes nothing.",
        body: Bodies.rota, answers: .rota)
    case .cover:
      .init(
        "POST", "/v1/agencies/{agency}/cover", "Somebody stands in for a place of the agency, from now on.",
        body: Bodies.cover, answers: .rota)
    case .slots:
      .init(
        "POST", "/v1/slots",
        "The first times that suit all, what stands in the way, the least bad ones. Changes nothing.",
        body: Bodies.slots)
    case .frontDoor:
      .init("GET", "/v1/front-door", "Front-door contacts in the order in which they are due, by page.")
    case .contact:
      .init("GET", "/v1/front-door/{id}", "One front-door contact.", answers: .contact)
    case .receiveContact:
      .init(
        "PUT", "/v1/front-door/{id}", "A contact was received; other facts for the same reference stand from then on.",
        body: Bodies.contact, answers: .contact)
    case .contactOutcome:
      .init(
        "POST", "/v1/front-door/{id}/outcome", "What came of a contact.", body: Bodies.contactOutcome, answers: .contact
      )
    case .contactReview:
      .init(
        "POST", "/v1/front-door/{id}/review", "A named role has looked at a contact.", body: Bodies.contactReview,
        answers: .contact)
    case .ping:
      .init("POST", "/v1/agencies/{agency}/ping", "Sends a test message.", body: Bodies.ping)
    case .enable:
      .init("POST", "/v1/agencies/{agency}/enable", "Lets a stopped route be used again.", body: Bodies.enable)
    case .resend:
      .init(
        "POST", "/v1/reminders/{id}/resend", "Sends a reminder once more.", body: Bodies.nothing, answers: .discussion)
    case .pause:
      .init(
        "POST", "/v1/pause", "Holds back the reminders of standard discussions for a while; urgent ones go on.",
        body: Bodies.pause)
    case .resume:
      .init("POST", "/v1/resume", "Ends a pause.", body: Bodies.nothing)
    case .reload:
      .init("POST", "/v1/reload", "Reads the settings anew: all of a valid file, or none of it.", body: Bodies.nothing)
    case .importRows:
      .init("POST", "/v1/import", "Discussions, contributions or contacts from a CSV file: all rows, or none.")
    case .compliance:
      .init("GET", "/v1/compliance", "Where the rules of the house were not kept since then, or are not kept now.")
    case .snapshots:
      .init("GET", "/v1/report/snapshots", "The reports that are kept.")
    case .snapshot:
      .init("GET", "/v1/report/snapshots/{name}", "A report as it was kept.")
    case .keepReport:
      .init(
        "PUT", "/v1/report/snapshots/{name}", "Keeps a report as it is now, for ever; a correction is a new version.",
        body: Bodies.snapshot)
    }
  }

  /// Whether the status socket does not have it.
  public var isControlOnly: Bool { method != "GET" || self == .journal }

  /// Whether its body is a CSV file.
  public var takesFile: Bool { self == .importRows }

  /// The same of a request before it is routed. `target`: its path, a query behind it.
  public static func takesFile(method: String, target: String) -> Bool {
    method == importRows.method && target.prefix { $0 != "?" } == importRows.path
  }

  /// Whether what it answers has an ETag.
  public var answersWithTag: Bool { [.discussion, .contact, .rota].contains(answers) }

  /// Whether it reads `If-Match`: a change of what has an ETag. Any other is refused with it.
  public var takesIfMatch: Bool { method != "GET" && answersWithTag }

  /// Whether the agency is a part of its path: one that is not known is not found then.
  public var namesAgencyInPath: Bool { path.contains("{agency}") }

  /// The parts of its query.
  public var query: [BodyField] {
    switch self {
    case .discussions:
      [
        .optional("state", .word(Phase.allCases.map(\.rawValue)), "Only those in this state."),
        .optional("agency", .name, "Only those in which this agency has a part; one that is not known is refused."),
        .optional("due_before", .instant, "Only those that meet before this."),
        .optional("cursor", .text(limit: 60), "Continues a list, as its last page said."),
        .optional("limit", .whole(1...500), "Default 100."),
      ]
    case .frontDoor:
      [
        .optional(
          "state", .word(FrontDoorDocument.states),
          "Only those in this state; open means without outcome and review, those that are due too."),
        .optional("team", .name, "Only those of this team."),
        .optional("outcome", .flag, "1 shows what came of them; on the control socket alone."),
        .optional("cursor", .text(limit: 60), "Continues a list, as its last page said."),
        .optional("limit", .whole(1...500), "Default 100."),
      ]
    case .contact: [.optional("outcome", .flag, "1 shows what came of it; on the control socket alone.")]
    case .timeline:
      [.optional("outcome", .flag, "1 shows what was decided; on the control socket alone.")]
    case .reminders:
      [
        .optional(
          "state", .word(RemindersDocument.states),
          "Only those in this state; undelivered means given up or waiting for another try."),
        .optional("cursor", .text(limit: 200), "Continues a list, as its last page said."),
        .optional("limit", .whole(1...500), "Default 100."),
      ]
    case .report:
      [
        .required("from", .text(limit: 30), "A day, or a moment: the first."),
        .required("to", .text(limit: 30), "A day, or a moment: the first no longer in it."),
        .optional("by", .word(["month"]), "Default month."),
        .optional("public", .flag, "1 suppresses small numbers, for anybody to read."),
      ]
    case .compliance: [.optional("since", .instant, "Default: a day ago.")]
    case .importRows: [.optional("dry_run", .flag, "1 says what it would come to and records nothing.")]
    case .explainPolicy:
      [
        .optional("urgency", .word(Urgency.allCases.map(\.rawValue)), "Default standard."),
        .optional("convened_at", .instant, "When it would be convened; default now."),
        .optional(
          "meeting_at", .instant,
          "When it would meet; default the earliest that suits all, or for urgent: as soon as they answer."),
        .optional("team", .name, "Who would convene it; default the first team of the settings."),
      ]
    case .snapshot:
      [
        .optional("version", .whole(1...1_000_000), "Default the latest."),
        .optional("public", .flag, "1 suppresses small numbers, for anybody to read."),
      ]
    case .events, .journal:
      [.optional("after", .whole(0...Int(Int32.max) * 1000), "Only lines after this seq; default 0: all.")]
    default: []
    }
  }

  /// Methods and paths that the contract knows and a later version brings.
  public static let later: [(method: String, path: String)] = [
    ("POST", "/v1/backup"),
    ("GET", "/v1/reminders/{id}/proof"),
  ]
}

extension RemindersDocument {
  /// The states of a reminder in a list.
  public static let states = ["scheduled", "in_flight", "retrying", "undelivered", "accepted", "silenced"]
}
