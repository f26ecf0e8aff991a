// The commands that look at discussions, reminders, agencies and the report.
import ArgumentParser
import Console
import Convening
import Wire

/// Which part of a list.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many, 1 to 500.", valueName: "number")) var limit = 100
  @Option(help: ArgumentHelp("Go on where the last list ended.", valueName: "cursor")) var cursor: String?

  func validate() throws {
    guard (1...500).contains(limit) else { throw ValidationError("--limit is 1 to 500.") }
  }

  var query: [String] { ["limit=\(limit)"] + (cursor.map { ["cursor=\($0.queryValue)"] } ?? []) }

  /// How to go on, where the list does.
  static func more(_ document: JSON) -> [String] { document["cursor"]?.string.map { ["More: --cursor \($0)"] } ?? [] }
}

struct ListCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Discussions, in the order of their meetings.",
    discussion: """
      Examples:
        convenectl list
        convenectl list --state scheduled --agency health \\
          --due-before "tomorrow 12:00"
      """)

  @OptionGroup var common: CommonOptions
  @Option(help: "Only those in this state.") var state: Phase?
  @Option(help: "Only those in which this agency has a part.") var agency: AgencyID?
  @Option(parsing: .unconditional, help: ArgumentHelp("Only those whose meeting is before this.", valueName: "time"))
  var dueBefore: String?
  @OptionGroup var part: PageOptions

  func perform(_ session: Session) throws(Complaint) {
    var query = part.query
    if let state { query.append("state=\(state.rawValue)") }
    if let agency { query.append("agency=\(agency)") }
    if let dueBefore {
      query.append("due_before=\(try session.time(dueBefore, .future, option: "--due-before").description.queryValue)")
    }
    let answer = try session.daemon.read("/v1/discussions?\(query.joined(separator: "&"))")
    try session.print(answer) { DiscussionText(page: session.named).list($0) + PageOptions.more($0) }
  }
}

struct ShowCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One discussion: who has answered, who is missing, what comes next.",
    discussion: """
      A clock that is due on a day runs until that day ends. A case reference shows on the control socket alone: give \
      --control.

      Examples:
        convenectl show 7Q2F-M9KD
        convenectl show 7q2fm9kd --json
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Flag(help: "Ask the control socket.") var control = false

  func perform(_ session: Session) throws(Complaint) {
    let target = "/v1/discussions/\(id)"
    let answer =
      control
      ? try session.daemon.readControl(target, having: ["case_reference"]) : try session.daemon.read(target)
    guard !session.json else { return session.printDocument(answer.body) }
    let document = try Daemon.parse(answer.body)
    Output.standard.lines(DiscussionText(page: session.named).show(document, plan: plan(document, session)))
  }

  /// Only where something is planned at all. Without it the discussion says itself what comes next.
  private func plan(_ document: JSON, _ session: Session) -> JSON? {
    guard document["next"].map(\.isNull) == false else { return nil }
    do throws(Complaint) {
      return try Daemon.parse(session.daemon.read("/v1/discussions/\(id)/plan", control: control).body)
    } catch {
      return nil
    }
  }
}

struct PlanCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "What will be sent when, to whom, by which rule, if nobody does anything.",
    discussion: """
      Examples:
        convenectl plan 7Q2F-M9KD
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: .discussion) var id: DiscussionID

  func perform(_ session: Session) throws(Complaint) {
    try session.print(session.daemon.read("/v1/discussions/\(id)/plan")) {
      DiscussionText(page: session.named).plan($0, id: id.description)
    }
  }
}

struct TimelineCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "timeline", abstract: "What happened, in words.",
    discussion: """
      An outcome is hidden unless --outcome asks for it, which needs the control socket. --revisions numbers the \
      entries, as correct asks for them; where something was corrected they are numbered anyway.

      Examples:
        convenectl timeline 7Q2F-M9KD
        convenectl timeline 7Q2F-M9KD --outcome
        convenectl timeline 7Q2F-M9KD --revisions
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Flag(help: "Show the outcome too.") var outcome = false
  @Flag(help: "Number the entries.") var revisions = false

  func perform(_ session: Session) throws(Complaint) {
    let query = outcome ? "?outcome=true" : ""
    try session.print(session.daemon.read("/v1/discussions/\(id)/timeline\(query)", control: outcome)) {
      TimelineText($0, page: session.named, isNumbered: revisions).text
    }
  }
}

struct RemindersCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reminders", abstract: "Reminders of open discussions and how their delivery stands.",
    discussion: """
      What is still to come stands first, earliest first. States: scheduled, in_flight, retrying, undelivered (given up, \
      or waiting for another try), accepted, silenced.

      Examples:
        convenectl reminders
        convenectl reminders --state undelivered
        convenectl reminders --state scheduled --limit 500
      """)

  @OptionGroup var common: CommonOptions
  @Option(help: "Only those in this state.") var state: ReminderState?
  @OptionGroup var part: PageOptions

  func perform(_ session: Session) throws(Complaint) {
    var query = part.query
    if let state { query.append("state=\(state.word)") }
    try session.print(session.daemon.read("/v1/reminders?\(query.joined(separator: "&"))")) {
      RemindersText(page: session.named).reminders($0) + PageOptions.more($0)
    }
  }
}

struct ReminderState: ExpressibleByArgument {
  let word: String

  init?(argument: String) {
    guard RemindersDocument.states.contains(argument) else { return nil }
    word = argument
  }

  static var allValueStrings: [String] { RemindersDocument.states }
}

struct AgenciesCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "agencies", abstract: "Who holds each place now and next, and whether messages get there.",
    discussion: """
      Examples:
        convenectl agencies
      """)

  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws(Complaint) {
    try session.print(session.daemon.read("/v1/agencies")) { RemindersText(page: session.named).agencies($0) }
  }
}
