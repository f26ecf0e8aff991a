// `front-door`: contacts received, what came of them, who has looked at them; and the queue of those that wait.
import ArgumentParser
import Console
import Convening
import Wire

struct FrontDoorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "front-door", abstract: "Contacts at the front door: received, their outcome, their review.",
    discussion: """
      A contact without an outcome or a review after the time that the settings say (24 hours) is told to its team, an \
      hour later to the manager. Say nothing about the child here.

      Examples:
        convenectl front-door received --team duty-and-advice-2
        convenectl front-door list --state due
        convenectl front-door review 7Q2F-M9KD --by "team manager"
      """,
    subcommands: [
      ListContacts.self, ShowContact.self, ContactReceived.self, ContactOutcomeCommand.self, ContactReview.self,
    ])
}

/// Which contact is changed, and how the answer is printed.
struct ContactOptions: ParsableArguments {
  @OptionGroup var change: ChangeOptions
  @Argument(help: .contact) var id: ContactID
}

struct ListContacts: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Contacts, in the order in which they are due.",
    discussion: """
      open: without outcome and review, those past their time too; due: past their time alone. What came of them shows \
      with --outcome, which needs the control socket.

      Examples:
        convenectl front-door list
        convenectl front-door list --state due --team duty-and-advice-2
        convenectl front-door list --state outcome --outcome
      """)

  @OptionGroup var common: CommonOptions
  @Option(help: "Only those in this state.") var state: ContactRow.State?
  @Option(help: "Only those of this team, as the case system names it or as convened does.") var team: String?
  @Flag(help: "Show what came of them too.") var outcome = false
  @OptionGroup var part: PageOptions

  func perform(_ session: Session) throws(Complaint) {
    var query = part.query
    if let state { query.append("state=\(state.rawValue)") }
    if let team {
      guard let name = TeamName.read(team) else { throw Complaint(.usage, TeamName.nothingLeft) }
      query.append("team=\(name)")
    }
    if outcome { query.append("outcome=1") }
    let answer = try session.daemon.read("/v1/front-door?\(query.joined(separator: "&"))", control: outcome)
    try session.print(answer) { FrontDoorText(page: session.named).list($0) + PageOptions.more($0) }
  }
}

struct ShowContact: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One contact.",
    discussion: """
      Examples:
        convenectl front-door show 7Q2F-M9KD
        convenectl front-door show 7Q2F-M9KD --outcome
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: .contact) var id: ContactID
  @Flag(help: "Show what came of it too; asks the control socket.") var outcome = false

  func perform(_ session: Session) throws(Complaint) {
    let answer = try session.daemon.read("/v1/front-door/\(id)\(outcome ? "?outcome=1" : "")", control: outcome)
    try session.print(answer) { FrontDoorText(page: session.named).show($0) }
  }
}

struct ContactReceived: Verb {
  static let configuration = CommandConfiguration(
    commandName: "received", abstract: "Record that a contact was received.",
    discussion: """
      Prints the reference on the first line, alone. Without a reference one is drawn; the same one with other facts \
      puts those in their place. The team may be named as the case system does: "Mosaic team 7" is mosaic-team-7.

      Examples:
        convenectl front-door received --team duty-and-advice-2
        convenectl front-door received 7Q2F-M9KD --at "Fri 16:50" \\
          --team duty-and-advice-2
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .newReference) var id: ContactID?
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was received; now if left out.", valueName: "time"))
  var at: String?
  @Option(help: "The team that has to say what comes of it.") var team: String
  @Option(help: ArgumentHelp("The case system's own reference; never sent to anybody.", valueName: "text"))
  var caseReference: String?

  var common: CommonOptions { change.common }

  func validate() throws {
    guard id == nil || at != nil else {
      throw ValidationError(
        "Give --at with a reference: the same command must not move the receipt when it comes again.")
    }
  }

  func perform(_ session: Session) throws(Complaint) {
    let id = id ?? ContactID(bits: UInt64.random(in: .min ... .max))
    let body = JSON.body([
      ("received_at", try session.past(at) ?? JSON(session.page.clock.now)), ("team", .string(team)),
      ("case_reference", caseReference.map { .string($0) }),
    ])
    let answer = try session.daemon.change("PUT", "/v1/front-door/\(id)", body, ifRevision: change.ifRevision)
    if !change.quiet, !session.json { Output.standard.line(id.description) }
    try session.printContact(answer, change, quietly: id.description)
  }
}

struct ContactOutcomeCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "outcome", abstract: "Record what came of a contact.",
    discussion: """
      It ends what is told of the contact. What it was is kept, and shown only by --outcome of list and show.

      Examples:
        convenectl front-door outcome 7Q2F-M9KD --outcome referral \\
          --by "team manager"
        convenectl front-door outcome 7Q2F-M9KD --by "team manager" \\
          --outcome strategy_discussion --discussion 8R3G-N0ME
      """)

  @OptionGroup var part: ContactOptions
  @Option(help: "What came of it.") var outcome: ContactOutcome
  @Option(name: .customLong("by"), help: ArgumentHelp("Who says so: a role, never a name.", valueName: "role"))
  var role: String
  @Option(help: "The discussion that it led to.") var discussion: DiscussionID?
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was decided; now if left out.", valueName: "time"))
  var at: String?

  var common: CommonOptions { part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("outcome", .string(outcome.rawValue)), ("by_role", .string(role)), ("at", try session.past(at)),
      ("discussion", discussion.map { .string($0.description) }),
    ])
    try session.tell(part, "outcome", body)
  }
}

struct ContactReview: Verb {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Record that a named role has looked at a contact.",
    discussion: """
      It ends what is told of the contact; its outcome may come later.

      Examples:
        convenectl front-door review 7Q2F-M9KD --by "service manager"
      """)

  @OptionGroup var part: ContactOptions
  @Option(name: .customLong("by"), help: ArgumentHelp("Who did: a role, never a name.", valueName: "role"))
  var role: String
  @Option(parsing: .unconditional, help: ArgumentHelp("When; now if left out.", valueName: "time")) var at: String?

  var common: CommonOptions { part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    try session.tell(part, "review", JSON.body([("by_role", .string(role)), ("at", try session.past(at))]))
  }
}

extension Session {
  fileprivate func tell(_ part: ContactOptions, _ action: String, _ body: JSON) throws(Complaint) {
    let answer = try daemon.change(
      "POST", "/v1/front-door/\(part.id)/\(action)", body, ifRevision: part.change.ifRevision)
    try printContact(answer, part.change, quietly: "")
  }

  fileprivate func printContact(
    _ answer: HTTPAnswer, _ options: ChangeOptions, quietly: String
  ) throws(Complaint) {
    if options.quiet {
      if !quietly.isEmpty { Output.standard.line(quietly) }
      return
    }
    if answer.headers["idempotent-replay"] == "true", !json {
      Output.errors.line("All of it was recorded already; nothing was done twice.")
    }
    try print(answer) { FrontDoorText(page: page).show($0) }
  }
}

extension ContactID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension ContactOutcome: ExpressibleByArgument {}
extension ContactRow.State: ExpressibleByArgument {}
