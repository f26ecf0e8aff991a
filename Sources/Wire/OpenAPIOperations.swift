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

  public var method: String {
    switch self {
    case .index, .status, .live, .ready, .metrics, .discussions, .discussion, .timeline, .plan, .reminders, .agencies,
      .report, .events, .openapi, .journal, .rota, .frontDoor, .contact,
      .compliance, .explainPolicy, .snapshots, .snapshot:
      "GET"
    case .convene, .setRota, .receiveContact, .keepReport: "PUT"
    case .reschedule, .acknowledge, .contribute, .confirm, .decline, .hold, .decide, .circulate, .cancel, .close,
      .sendDetails, .call, .nameBarrier, .receive, .conference, .followUp, .tellClock, .cover, .slots, .ping, .enable,
      .resend, .pause, .resume, .reload, .contactOutcome, .contactReview, .importRows, .correct:
      "POST"
    }
  }

  /// As OpenAPI writes it: `/v1/discussions/{id}`.
  public var path: String {
    switch self {
    case .index: "/v1"
    case .status: "/v1/status"
    case .live: "/v1/health/live"
    case .ready: "/v1/health/ready"
    case .metrics: "/metrics"
    case .discussions: "/v1/discussions"
    case .discussion, .convene: "/v1/discussions/{id}"
    case .timeline: "/v1/discussions/{id}/timeline"
    case .plan: "/v1/discussions/{id}/plan"
    case .reminders: "/v1/reminders"
    case .agencies: "/v1/agencies"
    case .report: "/v1/report"
    case .explainPolicy: "/v1/policies/explain"
    case .events: "/v1/events"
    case .openapi: "/v1/openapi.json"
    case .journal: "/v1/journal"
    case .reschedule: "/v1/discussions/{id}/reschedule"
    case .acknowledge: "/v1/discussions/{id}/acknowledgements"
    case .contribute: "/v1/discussions/{id}/contributions"
    case .confirm: "/v1/discussions/{id}/contributions/{agency}/confirm"
    case .decline: "/v1/discussions/{id}/declines"
    case .hold: "/v1/discussions/{id}/held"
    case .decide: "/v1/discussions/{id}/decision"
    case .circulate: "/v1/discussions/{id}/circulate"
    case .sendDetails: "/v1/discussions/{id}/details-sent"
    case .call: "/v1/discussions/{id}/calls"
    case .nameBarrier: "/v1/discussions/{id}/barriers"
    case .receive: "/v1/discussions/{id}/receipts"
    case .conference: "/v1/discussions/{id}/conference"
    case .followUp: "/v1/discussions/{id}/follow-up"
    case .tellClock: "/v1/discussions/{id}/clocks"
    case .correct: "/v1/discussions/{id}/corrections"
    case .cancel: "/v1/discussions/{id}/cancel"
    case .close: "/v1/discussions/{id}/close"
    case .rota, .setRota: "/v1/agencies/{agency}/rota"
    case .cover: "/v1/agencies/{agency}/cover"
    case .slots: "/v1/slots"
    case .frontDoor: "/v1/front-door"
    case .contact, .receiveContact: "/v1/front-door/{id}"
    case .contactOutcome: "/v1/front-door/{id}/outcome"
    case .contactReview: "/v1/front-door/{id}/review"
    case .ping: "/v1/agencies/{agency}/ping"
    case .enable: "/v1/agencies/{agency}/enable"
    case .resend: "/v1/reminders/{id}/resend"
    case .pause: "/v1/pause"
    case .resume: "/v1/resume"
    case .reload: "/v1/reload"
    case .importRows: "/v1/import"
    case .compliance: "/v1/compliance"
    case .snapshots: "/v1/report/snapshots"
    case .snapshot, .keepReport: "/v1/report/snapshots/{name}"
    }
  }

  /// Whether the status socket does not have it.
  public var isControlOnly: Bool { method != "GET" || self == .journal }

  public var says: String {
    switch self {
    case .index: "What there is."
    case .status: "What needs a person now, and how the daemon does."
    case .live: "Whether the process answers."
    case .ready: "Whether it takes changes and sends reminders."
    case .metrics: "Prometheus text, version 0.0.4."
    case .discussions: "Discussions in order of meeting, by page."
    case .discussion: "One discussion."
    case .timeline: "What happened in it."
    case .plan: "What fires next if nobody does anything."
    case .reminders: "Reminders of open discussions."
    case .agencies: "Who holds each place now and next, and why."
    case .report: "Shares with their intervals, and how soon decisions were recorded."
    case .explainPolicy: "The ladder of a made-up discussion under the policy in force. Changes nothing."
    case .events: "What happens, one JSON object a line: what is recorded after a seq, then what comes."
    case .openapi: "This document."
    case .journal: "The journal's lines as they were hashed, one JSON object a line."
    case .convene: "Convenes a discussion; the same body again changes nothing."
    case .reschedule: "Moves the meeting."
    case .acknowledge: "An agency has it in hand."
    case .contribute: "An agency took part."
    case .confirm: "What an agency reported of itself by link is so."
    case .decline: "An agency takes no part."
    case .hold: "It was held."
    case .decide: "What was decided."
    case .circulate: "The record was sent."
    case .sendDetails: "The secure e-mail that names the child went to a place of an agency."
    case .call: "An agency was telephoned."
    case .nameBarrier: "Why an agency was absent: the chair says so, the agency agrees or disputes."
    case .receive: "An agency has the record."
    case .conference: "The initial child protection conference was held."
    case .followUp: "What had to follow a decision without all was done."
    case .tellClock: "A clock started or stopped outside of convened."
    case .correct: "What an entry says is not so: it is struck, and replaced where a replacement is given."
    case .cancel: "Cancels it."
    case .close: "Closes it."
    case .rota: "Rota and cover of an agency from now on; `coordination` for the coordinator's."
    case .setRota: "This is the agency's rota from now on; the same again changes nothing."
    case .cover: "Somebody stands in for a place of the agency, from now on."
    case .slots: "The first times that suit all, what stands in the way, the least bad ones. Changes nothing."
    case .frontDoor: "Front-door contacts in the order in which they are due, by page."
    case .contact: "One front-door contact."
    case .receiveContact: "A contact was received; other facts for the same reference stand from then on."
    case .contactOutcome: "What came of a contact."
    case .contactReview: "A named role has looked at a contact."
    case .ping: "Sends a test message."
    case .enable: "Lets a stopped route be used again."
    case .resend: "Sends a reminder once more."
    case .pause: "Holds back the reminders of standard discussions for a while; urgent ones go on."
    case .resume: "Ends a pause."
    case .reload: "Reads the settings anew: all of a valid file, or none of it."
    case .importRows: "Discussions, contributions or contacts from a CSV file: all rows, or none."
    case .compliance: "Where the rules of the house were not kept since then, or are not kept now."
    case .snapshots: "The reports that are kept."
    case .snapshot: "A report as it was kept."
    case .keepReport: "Keeps a report as it is now, for ever; a correction is a new version."
    }
  }

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
    case .index, .status, .live, .ready, .metrics, .discussion, .plan, .agencies, .openapi, .convene, .reschedule,
      .acknowledge, .contribute, .confirm, .decline, .hold, .decide, .circulate, .sendDetails, .call, .nameBarrier,
      .receive, .conference, .followUp, .tellClock, .cancel, .close, .rota, .setRota, .cover, .slots, .ping, .enable,
      .resend, .pause, .resume, .reload, .receiveContact, .contactOutcome, .contactReview, .snapshots, .keepReport,
      .correct:
      []
    }
  }

  /// The fields of its body; nil for a GET, and for a file.
  public var body: [BodyField]? {
    switch self {
    case .convene: Bodies.convene
    case .reschedule: Bodies.reschedule
    case .acknowledge: Bodies.acknowledgement
    case .contribute: Bodies.contribution
    case .confirm: Bodies.confirmation
    case .decline: Bodies.decline
    case .hold: Bodies.held
    case .decide: Bodies.decision
    case .circulate: Bodies.circulate
    case .sendDetails: Bodies.details
    case .call: Bodies.call
    case .nameBarrier: Bodies.barrier
    case .receive: Bodies.receipt
    case .conference: Bodies.conference
    case .followUp: Bodies.followUp
    case .tellClock: Bodies.clock
    case .cancel: Bodies.cancel
    case .correct: Bodies.correction
    case .setRota: Bodies.rota
    case .cover: Bodies.cover
    case .slots: Bodies.slots
    case .receiveContact: Bodies.contact
    case .contactOutcome: Bodies.contactOutcome
    case .contactReview: Bodies.contactReview
    case .ping: Bodies.ping
    case .enable: Bodies.enable
    case .pause: Bodies.pause
    case .keepReport: Bodies.snapshot
    case .close, .resend, .resume, .reload: Bodies.nothing
    case .index, .status, .live, .ready, .metrics, .discussions, .discussion, .timeline, .plan, .reminders, .agencies,
      .report, .events, .openapi, .journal, .rota, .frontDoor, .contact, .importRows,
      .compliance, .explainPolicy, .snapshots, .snapshot:
      nil
    }
  }

  /// Whether its body is a CSV file.
  public var takesFile: Bool { self == .importRows }

  /// The same of a request before it is routed. `target`: its path, a query behind it.
  public static func takesFile(method: String, target: String) -> Bool {
    method == importRows.method && target.prefix { $0 != "?" } == importRows.path
  }

  /// Whether it answers the discussion's document, with its ETag.
  public var answersDiscussion: Bool {
    switch self {
    case .discussion, .convene, .reschedule, .acknowledge, .contribute, .confirm, .decline, .hold, .decide, .circulate,
      .sendDetails, .call, .nameBarrier, .receive, .conference, .followUp, .tellClock, .cancel, .close, .resend,
      .correct:
      true
    case .index, .status, .live, .ready, .metrics, .discussions, .timeline, .plan, .reminders, .agencies, .report,
      .events, .openapi, .journal, .rota, .setRota, .cover, .slots, .ping, .enable, .pause, .resume, .reload,
      .frontDoor, .contact, .receiveContact, .contactOutcome, .contactReview, .importRows,
      .compliance, .explainPolicy, .snapshots, .snapshot, .keepReport:
      false
    }
  }

  /// Whether it answers a front-door contact's document, with its ETag.
  public var answersContact: Bool {
    switch self {
    case .contact, .receiveContact, .contactOutcome, .contactReview: true
    case .index, .status, .live, .ready, .metrics, .discussions, .discussion, .timeline, .plan, .reminders, .agencies,
      .report, .events, .openapi, .journal, .convene, .reschedule, .acknowledge, .contribute, .decline, .hold, .decide,
      .circulate, .sendDetails, .call, .nameBarrier, .receive, .conference, .followUp, .tellClock, .cancel, .close,
      .resend, .ping, .enable, .reload, .frontDoor, .confirm, .rota, .setRota, .cover, .slots, .pause, .resume,
      .importRows, .compliance,
      .explainPolicy,
      .snapshots, .snapshot, .keepReport,
      .correct:
      false
    }
  }

  /// Whether it answers the rota of an agency, with its ETag.
  public var answersRota: Bool { [.rota, .setRota, .cover].contains(self) }

  /// Whether it reads `If-Match`: a change of what has an ETag. Any other is refused with it.
  public var takesIfMatch: Bool { method != "GET" && (answersDiscussion || answersContact || answersRota) }

  /// Whether the agency is a part of its path: one that is not known is not found then.
  public var namesAgencyInPath: Bool { path.contains("{agency}") }

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
