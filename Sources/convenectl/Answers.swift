// The commands that record what an agency did: acknowledge, contribute, confirm, decline.
import ArgumentParser
import Console
import Convening
import Wire

/// Who did it, in which agency, and when.
struct AnswerOptions: ParsableArguments {
  @OptionGroup var part: AgencyOptions
  @Option(name: .customLong("by"), help: ArgumentHelp("Who at the agency: a role, never a name.", valueName: "role"))
  var role: String
  @Option(parsing: .unconditional, help: ArgumentHelp("When it happened; now if left out.", valueName: "time")) var at:
    String?
}

struct AcknowledgeCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "acknowledge", abstract: "Record that an agency has seen it; reminders pause.",
    discussion: """
      An acknowledgement is not yet a contribution: the duty to take part stays.

      Examples:
        convenectl acknowledge 7Q2F-M9KD --agency health --by "named nurse"
        convenectl acknowledge 7Q2F-M9KD --agency police --by "duty DS" \\
          --via phone --at 16:44
        convenectl acknowledge 7Q2F-M9KD --agency health --by "named nurse" \\
          --stays
        convenectl acknowledge 7Q2F-M9KD --agency health --unit community \\
          --by "duty nurse"
      """)

  @OptionGroup var answer: AnswerOptions
  @OptionGroup var units: UnitOption
  @Option(help: "By what way it reached you.") var via = Via.phone
  @Flag(help: "They keep it in hand when somebody else holds the place; without it, it lapses at the hand-over.")
  var stays = false

  var common: CommonOptions { answer.part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("agency", .string(answer.part.agency.text)), ("by_role", .string(answer.role)), ("via", .string(via.rawValue)),
      ("stays", stays ? true : nil), ("unit", units.json), ("at", try session.past(answer.at)),
    ])
    try session.change(answer.part.id, "acknowledgements", body, answer.part.change)
  }
}

struct ContributeCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "contribute", abstract: "Record that an agency took part, and how; its reminders end.",
    discussion: """
      Which kinds count towards the share is for the policy to say.

      Examples:
        convenectl contribute 7Q2F-M9KD --agency police --kind phone_live \\
          --by "duty DS"
        convenectl contribute 7Q2F-M9KD --agency health --kind written_before \\
          --by "named nurse" --at 9:40
        convenectl contribute 7Q2F-M9KD --agency health --unit hospitals \\
          --kind video --by "ward consultant"
      """)

  @OptionGroup var answer: AnswerOptions
  @OptionGroup var units: UnitOption
  @Option(help: "How it took part.") var kind: ContributionKind
  @Option(help: "By what way it reached you.") var via = Via.phone

  var common: CommonOptions { answer.part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("agency", .string(answer.part.agency.text)), ("kind", .string(kind.rawValue)), ("by_role", .string(answer.role)),
      ("via", .string(via.rawValue)), ("unit", units.json), ("at", try session.past(answer.at)),
    ])
    try session.change(answer.part.id, "contributions", body, answer.part.change)
  }
}

struct ConfirmCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: "Confirm that an agency took part as it reported by link.",
    discussion: """
      Until then its report pauses the reminders and counts for nothing. It counts from when it happened.

      Examples:
        convenectl confirm 7Q2F-M9KD health
        convenectl confirm 7Q2F-M9KD health --by "team manager"
      """)

  @OptionGroup var part: AgencyOptions
  @Option(name: .customLong("by"), help: ArgumentHelp("Who confirms it: a role, never a name.", valueName: "role"))
  var role: String?

  var common: CommonOptions { part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([("by_role", role.map { .string($0) })])
    try session.change(part.id, "contributions/\(part.agency)/confirm", body, part.change)
  }
}

struct DeclineCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "decline", abstract: "Record that an agency will not take part, and why.",
    discussion: """
      Reasons: B10 no capacity, B11 gap in the rota, B12 out of hours, B13 not involved, B15 attendee not suitable, \
      B16 information not accessible in time, B17 objection to sharing, B20 no point of contact, B21 several providers, B22 across a border, \
      B23 specialist needed, B99 other.

      Examples:
        convenectl decline 7Q2F-M9KD --agency health --code B13 --by "named nurse"
        convenectl decline 7Q2F-M9KD health B13 --by "named nurse"
        convenectl decline 7Q2F-M9KD health B13 --unit gp --by "practice manager"
      """)

  @OptionGroup var part: ReasonOptions
  @OptionGroup var units: UnitOption
  @Option(name: .customLong("by"), help: ArgumentHelp("Who at the agency: a role, never a name.", valueName: "role"))
  var role: String
  @Option(parsing: .unconditional, help: ArgumentHelp("When it happened; now if left out.", valueName: "time")) var at:
    String?

  var common: CommonOptions { part.change.common }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("agency", .string(part.agency.text)), ("code", .string(part.code.rawValue)), ("by_role", .string(role)),
      ("unit", units.json), ("at", try session.past(at)),
    ])
    try session.change(part.id, "declines", body, part.change)
  }
}
