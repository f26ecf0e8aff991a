// `convene` and `slots`: a discussion begins, or a time is looked for.
import ArgumentParser
import Console
import Convening
import Wire

struct ConveneCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "convene", abstract: "Convene a strategy discussion; the agencies are asked at once.",
    discussion: """
      Prints the reference on the first line, alone. Without a reference one is drawn; with one, the same command can \
      be repeated safely: the same details change nothing, others are refused (then give the time with its date). \
      Say nothing about the child here.

      --earliest takes the first time that suits all who are required, as `slots` shows it. An urgent discussion \
      may go without a time: it meets as soon as they answer, and `reschedule` sets a time. What has been held is \
      entered late with --held-at: nobody is asked or told; `contribute`, `decide` and the others record the rest.

      Examples:
        convenectl convene --at "tomorrow 10:00" --team duty-and-advice-2 \\
          --by "team manager"
        convenectl convene 7Q2F-M9KD --at +2h --form phone \\
          --team duty-and-advice-2 --by "team manager" \\
          --agency police --agency health
        convenectl convene --at 17:30 --urgency urgent --form phone \\
          --team duty-and-advice-2 --by "team manager"
        convenectl convene --urgency urgent --form phone \\
          --team duty-and-advice-2 --by "team manager"
        convenectl convene --earliest --team duty-and-advice-2 \\
          --by "team manager"
        convenectl convene --held-at "Fri 17:31" --form phone \\
          --team duty-and-advice-2 --by "team manager"
        convenectl convene --follows 7Q2F-M9KD --at "Fri 14:00" \\
          --team duty-and-advice-2 --by "team manager"
        id=$(convenectl convene --quiet --at "Fri 14:00" \\
          --team duty-and-advice-2 --by "team manager")
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .newReference) var id: DiscussionID?
  @Option(
    parsing: .unconditional, help: ArgumentHelp("When it meets; of what was held, was to meet.", valueName: "time"))
  var at: String?
  @Flag(help: "The first time that suits all who are required.") var earliest = false
  @Option(parsing: .unconditional, help: ArgumentHelp("It was held then: a late entry.", valueName: "time"))
  var heldAt: String?
  @Option(help: ArgumentHelp("How long it takes, 1 to 1440 minutes.", valueName: "minutes")) var duration: Int?
  @Option(help: "How it is held.") var form: Form?
  @Option(help: "How soon it must be.") var urgency: Urgency?
  @Option(parsing: .unconditional, help: ArgumentHelp("When the need for it was identified.", valueName: "time"))
  var needIdentified: String?
  @Option(help: ArgumentHelp("An agency to ask; repeat it. Left out: those that the policy requires.")) var agency:
    [AgencyID] = []
  @Option(help: "The team that convenes.") var team: TeamID
  @Option(name: .customLong("by"), help: ArgumentHelp("Who convenes: a role, never a name.", valueName: "role"))
  var role: String
  @Option(help: ArgumentHelp("How many children; never which.", valueName: "number")) var children: Int?
  @Option(help: ArgumentHelp("How to join, without anything about the child.", valueName: "text")) var join: String?
  @Option(help: ArgumentHelp("The case system's own reference; never sent to an agency.", valueName: "text"))
  var caseReference: String?
  @Option(help: ArgumentHelp("The discussion before it in the same sequence.", valueName: "reference"))
  var follows: DiscussionID?

  var common: CommonOptions { change.common }

  func validate() throws {
    if let duration, !(1...1440).contains(duration) { throw ValidationError("--duration is 1 to 1440 minutes.") }
    if let children, children < 1 { throw ValidationError("--children is at least 1.") }
    if earliest, at != nil || heldAt != nil {
      throw ValidationError("--earliest finds a time: leave --at and --held-at out.")
    }
    if at == nil, !earliest, heldAt == nil, urgency != .urgent {
      throw ValidationError(
        "Give --at, or --earliest. An urgent discussion may go without: it meets as soon as they answer.")
    }
  }

  /// As it stands in the body; nil: an urgent one that meets as soon as they answer.
  private func meeting(_ session: Session) throws(Complaint) -> Instant? {
    if let at {
      return heldAt == nil ? try session.meeting(at, option: "--at") : try session.time(at, .past, option: "--at")
    }
    return try heldAt.map { text throws(Complaint) in try session.time(text, .past, option: "--held-at") }
  }

  func perform(_ session: Session) throws(Complaint) {
    var lots = SystemRandomNumberGenerator()
    let id = id ?? DiscussionID(bits: lots.next())
    let meeting = try meeting(session)
    let body = JSON.body([
      ("meeting_at", earliest ? .string(BodyField.earliest) : meeting.map { JSON($0) } ?? .null),
      ("held_at", try session.past(heldAt, option: "--held-at")), ("duration_min", duration.map { JSON($0) }),
      ("form", form.map { .string($0.rawValue) }), ("urgency", urgency.map { .string($0.rawValue) }),
      ("need_identified_at", try session.past(needIdentified, option: "--need-identified")),
      ("agencies", agency.isEmpty ? nil : .array(agency.map { .string($0.text) })), ("team", .string(team.text)),
      ("convened_by", .string(role)), ("join", join.map { .string($0) }),
      ("case_reference", caseReference.map { .string($0) }), ("children", children.map { JSON($0) }),
      ("follows", follows.map { .string($0.description) }),
    ])
    let answer = try session.daemon.change("PUT", "/v1/discussions/\(id)", body, ifRevision: change.ifRevision)
    if !change.quiet, !common.json { Output.standard.line(id.description) }
    try session.printChange(answer, change, quietly: id.description)
    if heldAt == nil { session.warn(of: meeting, change) }
  }
}

struct SlotsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "slots", abstract: "The first times that suit all who are required, and what stands in the way.",
    discussion: """
      Somebody holds the contact place of each throughout, and none has to join more discussions than it can at once; \
      a standard discussion falls on a working day, in working hours. Times begin on the quarter-hour, and leave the \
      notice that the policy calls fair. Where none suits within the policy's limit, the least bad ones are shown. \
      Nothing is changed; it needs the control socket.

      Examples:
        convenectl slots
        convenectl slots --urgency urgent --duration 30
        convenectl slots --need-identified 09:10 --agency police \\
          --agency health
      """)

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("How long it takes, 1 to 1440 minutes.", valueName: "minutes")) var duration: Int?
  @Option(help: "How soon it must be.") var urgency: Urgency?
  @Option(parsing: .unconditional, help: ArgumentHelp("When the need for it was identified.", valueName: "time"))
  var needIdentified: String?
  @Option(help: ArgumentHelp("An agency to ask; repeat it. Left out: those that the policy requires.")) var agency:
    [AgencyID] = []

  func validate() throws {
    if let duration, !(1...1440).contains(duration) { throw ValidationError("--duration is 1 to 1440 minutes.") }
  }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("duration_min", duration.map { JSON($0) }), ("urgency", urgency.map { .string($0.rawValue) }),
      ("need_identified_at", try session.past(needIdentified, option: "--need-identified")),
      ("agencies", agency.isEmpty ? nil : .array(agency.map { .string($0.text) })),
    ])
    let answer = try session.daemon.change("POST", "/v1/slots", body)
    try session.print(answer) { SlotsText(page: session.named).lines($0) }
  }
}
