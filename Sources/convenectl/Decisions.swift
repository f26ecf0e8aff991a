// The commands from the meeting on: held, decide, circulate.
import ArgumentParser
import Console
import Convening
import Wire

/// What may go with a decision.
struct DecisionDetails: ParsableArguments {
  @Option(help: "What goes with the decision; repeat it.") var flag: [DecisionFlag] = []
  @Option(help: ArgumentHelp("An agency that did not agree; repeat it.", valueName: "agency")) var dissent: [AgencyID] =
    []
  @Option(help: ArgumentHelp("Why the decision was taken without all.", valueName: "code")) var reason: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("When the section 47 enquiry started.", valueName: "time"))
  var s47Started: String?

  var isEmpty: Bool { flag.isEmpty && dissent.isEmpty && reason == nil && s47Started == nil }

  /// The decision's members in the body.
  func members(
    _ outcome: Outcome, by role: String, decided: JSON?, _ session: Session
  ) throws(Complaint) -> [(String, JSON?)] {
    [
      ("outcome", .string(outcome.rawValue)), ("decided_at", decided), ("by_role", .string(role)),
      ("flags", flag.isEmpty ? nil : .array(flag.map { .string($0.rawValue) })),
      ("dissent", dissent.isEmpty ? nil : .array(dissent.map { .string($0.text) })),
      ("reason", reason.map { .string($0) }),
      ("s47_started_at", try session.past(s47Started, option: "--s47-started")),
    ]
  }
}

struct HeldCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "held", abstract: "Record that the discussion was held, and what was decided in it.",
    discussion: """
      It may be held without an agency: nothing here stops you from protecting a child. With --outcome and --by the \
      decision is recorded in the same step, as `decide` does.

      Examples:
        convenectl held 7Q2F-M9KD
        convenectl held 7Q2F-M9KD --at 17:31 --form phone
        convenectl held 7Q2F-M9KD --at 17:31 --outcome s47_joint \\
          --by "team manager" --decided 17:48
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was held; now if left out.", valueName: "time")) var at:
    String?
  @Option(help: "How it was held, if not as planned.") var form: Form?
  @Option(help: "What was decided.") var outcome: Outcome?
  @Option(name: .customLong("by"), help: ArgumentHelp("Who decided: a role, never a name.", valueName: "role"))
  var role: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was decided; now if left out.", valueName: "time"))
  var decided: String?
  @OptionGroup var details: DecisionDetails

  var common: CommonOptions { change.common }

  func validate() throws {
    guard (outcome == nil) == (role == nil) else {
      throw ValidationError("--outcome and --by go together: a decision names the role that took it.")
    }
    guard outcome != nil || (decided == nil && details.isEmpty) else {
      throw ValidationError("This says something of a decision: give --outcome and --by with it.")
    }
  }

  func perform(_ session: Session) throws(Complaint) {
    var members: [(String, JSON?)] = [
      ("held_at", try session.past(at)), ("form", form.map { .string($0.rawValue) }),
    ]
    if let outcome, let role {
      let decided = try session.past(decided, option: "--decided")
      members += try details.members(outcome, by: role, decided: decided, session)
    }
    try session.change(id, "held", JSON.body(members), change)
  }
}

struct DecideCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "decide", abstract: "Record the decision.",
    discussion: """
      A decision without all who are required needs a --reason, a code such as B14. The outcome is kept, and shown \
      only by `timeline --outcome`.

      Examples:
        convenectl decide 7Q2F-M9KD --outcome s47_joint --by "team manager"
        convenectl decide 7Q2F-M9KD --outcome nfa --by "team manager" \\
          --at 17:48 --reason B14 --flag medical
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Option(help: "What was decided.") var outcome: Outcome
  @Option(name: .customLong("by"), help: ArgumentHelp("Who decided: a role, never a name.", valueName: "role"))
  var role: String
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was decided; now if left out.", valueName: "time"))
  var at: String?
  @OptionGroup var details: DecisionDetails

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) {
    let decided = try session.past(at)
    try session.change(id, "decision", JSON.body(details.members(outcome, by: role, decided: decided, session)), change)
  }
}

struct CirculateCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "circulate", abstract: "Record that the record went to the agencies.",
    discussion: """
      The record itself never passes through here. After it the discussion closes by itself, as the policy says.

      Examples:
        convenectl circulate 7Q2F-M9KD --to childrens-social-care \\
          --to police --to health
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Option(help: ArgumentHelp("An agency that was sent it; repeat it.", valueName: "agency")) var to: [AgencyID]
  @Option(parsing: .unconditional, help: ArgumentHelp("When it was sent; now if left out.", valueName: "time")) var at:
    String?

  var common: CommonOptions { change.common }

  func validate() throws {
    guard !to.isEmpty else { throw ValidationError("Give at least one --to.") }
  }

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([("to", .array(to.map { .string($0.text) })), ("at", try session.past(at))])
    try session.change(id, "circulate", body, change)
  }
}
