// The commands that record what else there is to say of a discussion: who knows which child, who was rung, why an
// agency was absent, who has the record, and what had to follow by when.
import ArgumentParser
import Console
import Convening
import Wire

/// Which discussion, and which agency in it: after the reference, or by its option.
struct AgencyOptions: ParsableArguments {
  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Argument(help: ArgumentHelp("Which agency; or give --agency.", valueName: "agency")) var second: AgencyID?
  @Option(name: .customLong("agency"), help: ArgumentHelp("Which agency.", valueName: "agency")) var option: AgencyID?

  /// Once it is validated there is one.
  var agency: AgencyID { second ?? option ?? .coordination }

  func validate() throws {
    guard (second == nil) != (option == nil) else {
      throw ValidationError("Name the agency once: after the reference, or by --agency.")
    }
  }
}

/// Which unit of the agency.
struct UnitOption: ParsableArguments {
  @Option(help: ArgumentHelp("Which unit of the agency, as `agencies` names it.", valueName: "unit")) var unit: UnitID?

  var json: JSON? { unit.map { .string($0.text) } }
}

/// Which discussion, which agency in it, and a reason: one after the other, or either by its option.
struct ReasonOptions: ParsableArguments {
  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Argument(
    help: ArgumentHelp("Which agency, then the reason's code; or give --agency, --code.", valueName: "agency-code"))
  var words: [String] = []
  @Option(name: .customLong("agency"), help: ArgumentHelp("Which agency.", valueName: "agency")) var option: AgencyID?
  @Option(name: .customLong("code"), help: ArgumentHelp("The reason's code.", valueName: "code"))
  var codeOption: BarrierCode?

  /// Once it is validated there is one.
  var agency: AgencyID { option ?? words.first.flatMap { AgencyID($0) } ?? .coordination }
  var code: BarrierCode { codeOption ?? words.last.flatMap { BarrierCode(rawValue: $0) } ?? .b99 }

  func validate() throws {
    guard words.count == (option == nil ? 1 : 0) + (codeOption == nil ? 1 : 0) else {
      throw ValidationError("Give the agency and the code once each: health B14, or --agency health --code B14.")
    }
    guard option != nil || words.first.flatMap({ AgencyID($0) }) != nil else {
      throw ValidationError("An agency's name has lower-case letters, digits and hyphens.")
    }
    guard codeOption != nil || words.last.flatMap({ BarrierCode(rawValue: $0) }) != nil else {
      throw ValidationError("No such code: \(BarrierCode.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
  }
}

struct DetailsSentCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "details-sent", abstract: "Record that an agency was told which child it is about.",
    discussion: """
      By secure e-mail, never through here. Where it was never told and is absent, the reason that is proposed is B05, \
      which is the convener's and not the agency's.

      Examples:
        convenectl details-sent 7Q2F-M9KD health --to contact
        convenectl details-sent 7Q2F-M9KD health --to lead --at 16:41
        convenectl details-sent 7Q2F-M9KD health --unit hospitals --to contact
      """)

  @OptionGroup var part: AgencyOptions
  @OptionGroup var units: UnitOption
  @Option(help: "Which place of the agency got it.") var to: Place
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was sent; now if left out.", valueName: "time")) var at:
    String?

  var common: CommonOptions { part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("agency", .string(part.agency.text)), ("place", .string(to.rawValue)), ("unit", units.json),
      ("at", try session.past(at)),
    ])
    try session.change(part.id, "details-sent", body, part.change)
  }
}

struct CallCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Record that somebody telephoned an agency.",
    discussion: """
      A call stops no reminder. What the agency said is recorded by acknowledge, contribute or decline.

      Examples:
        convenectl call 7Q2F-M9KD health --number "0113 496 0180" \\
          --result no-reply --by "team manager"
        convenectl call 7Q2F-M9KD health --number "0113 496 0188" \\
          --result answered --by "team manager" --at 16:54
      """)

  @OptionGroup var part: AgencyOptions
  @Option(help: "The number that was rung.") var number: String
  @Option(help: "What came of it.") var result: CallResult
  @Option(name: .customLong("by"), help: ArgumentHelp("Who rang: a role, never a name.", valueName: "role"))
  var role: String
  @Option(parsing: .unconditional, help: ArgumentHelp("When it happened; now if left out.", valueName: "time")) var at:
    String?

  var common: CommonOptions { part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("agency", .string(part.agency.text)), ("number", .string(number)), ("result", .string(result.rawValue)),
      ("by_role", .string(role)), ("at", try session.past(at)),
    ])
    try session.change(part.id, "calls", body, part.change)
  }
}

struct BarrierCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "barrier", abstract: "Record why an agency was absent, by the chair or by the agency.",
    discussion: """
      Of an agency that was missing when it was decided. A reason is proposed with the decision; the chair may name \
      another. The agency agrees or disputes, with a code of its own, within one working day; a later answer is kept \
      too, and shown as late.

      Reasons: B01 not invited, B02 invited too late, B03 wrong contact or route, B04 notification failed, \
      B05 details not sent, B10 no capacity, B11 gap in the rota, B12 out of hours, B13 not involved, B14 no response, \
      B15 attendee not suitable, B16 information not accessible in time, B17 objection to sharing, B20 no point of \
      contact, B21 several providers, B22 across a border, B23 specialist needed, B30 emergency, B31 technical \
      failure, B32 time changed, B99 other.

      Examples:
        convenectl barrier 7Q2F-M9KD health B14 --by chair
        convenectl barrier 7Q2F-M9KD health B14 --by agency --agreed
        convenectl barrier 7Q2F-M9KD health B10 --by agency --disputed
        convenectl barrier 7Q2F-M9KD --agency health --code B14 --by chair
      """)

  @OptionGroup var part: ReasonOptions
  @Option(help: ArgumentHelp("Who says so.", valueName: "party")) var by: Party
  @Flag(help: "The agency agrees with the reason that stands.") var agreed = false
  @Flag(help: "The agency disputes it; the code is its own.") var disputed = false

  var common: CommonOptions { part.change.common }

  func validate() throws {
    guard !(agreed && disputed) else { throw ValidationError("Choose one of --agreed and --disputed.") }
    guard by == .agency || !(agreed || disputed) else {
      throw ValidationError("--agreed and --disputed are the agency's to say: give them with --by agency.")
    }
  }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("agency", .string(part.agency.text)), ("code", .string(part.code.rawValue)), ("by", .string(by.rawValue)),
      ("agreed", agreed || disputed ? .bool(agreed) : nil),
    ])
    try session.change(part.id, "barriers", body, part.change)
  }
}

struct ReceiptCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Record that an agency has the record that was circulated.",
    discussion: """
      Examples:
        convenectl receipt 7Q2F-M9KD health
        convenectl receipt 7Q2F-M9KD police --at "Tue 10:12"
      """)

  @OptionGroup var part: AgencyOptions
  @Option(parsing: .unconditional, help: ArgumentHelp("When it had it; now if left out.", valueName: "time")) var at:
    String?

  var common: CommonOptions { part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([("agency", .string(part.agency.text)), ("at", try session.past(at))])
    try session.change(part.id, "receipts", body, part.change)
  }
}

struct ConferenceCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "conference", abstract: "Record that the initial child protection conference was held.",
    discussion: """
      It stops the clock of the conference (C5), and starts the one of the first core group (C7). Where several \
      discussions followed one another, record it with the one in which that clock runs; the others name it.

      Examples:
        convenectl conference 7Q2F-M9KD
        convenectl conference 7Q2F-M9KD --at "2026-11-24 10:00"
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was held; now if left out.", valueName: "time")) var at:
    String?

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) {
    try session.change(id, "conference", JSON.body([("held_at", try session.past(at))]), change)
  }
}

struct FollowUpCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "follow-up", abstract: "Record that what had to follow a decision without all is done.",
    discussion: """
      Examples:
        convenectl follow-up 7Q2F-M9KD --by "team manager"
        convenectl follow-up 7Q2F-M9KD --by "team manager" --at "Fri 15:00"
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Option(name: .customLong("by"), help: ArgumentHelp("Who did it: a role, never a name.", valueName: "role"))
  var role: String
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was done; now if left out.", valueName: "time")) var at:
    String?

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([("done_at", try session.past(at)), ("by_role", .string(role))])
    try session.change(id, "follow-up", body, change)
  }
}

struct ClockCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "clock", abstract: "Record that a clock started or stopped that convened cannot see.",
    discussion: """
      C1 from the referral to the decision on it, C6 from the referral to the assessment, C7 from the conference to \
      the first core group, C10 from an urgent discussion to the full meeting, C11 from a disagreement to the next \
      level: each start of it is one level higher. C7 starts by itself with the conference and C10 with an urgent \
      discussion, unless their start is told here first; C1, C6 and C11 start when it is told. The end of each is told \
      here. Every other clock does both by itself.

      Examples:
        convenectl clock 7Q2F-M9KD C6 --started 2026-11-20T09:00Z
        convenectl clock 7Q2F-M9KD C6 --stopped "Fri 15:00"
        convenectl clock 7Q2F-M9KD C10 --started "Thu 9:00"
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Argument(help: "Which clock.") var clock: ClockID
  @Option(parsing: .unconditional, help: ArgumentHelp("When it started.", valueName: "time")) var started: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("When it stopped.", valueName: "time")) var stopped: String?

  var common: CommonOptions { change.common }

  func validate() throws {
    guard (started == nil) != (stopped == nil) else {
      throw ValidationError("Give one of --started and --stopped.")
    }
  }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("clock", .string(clock.rawValue)), ("started_at", try session.past(started, option: "--started")),
      ("stopped_at", try session.past(stopped, option: "--stopped")),
    ])
    try session.change(id, "clocks", body, change)
  }
}
