// `convene` and the commands that move or end a discussion's appointment.
import ArgumentParser
import Console
import Convening
import Foundation
import Wire

struct ConveneCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "convene", abstract: "Convene a strategy discussion; the agencies are asked at once.",
    discussion: """
      Prints the reference on the first line, alone. Without a reference one is drawn; with one, the same command can \
      be repeated safely: the same details change nothing, others are refused (then give the time with its date). \
      Say nothing about the child here.

      Examples:
        convenectl convene --at "tomorrow 10:00" --team duty-and-advice-2 \\
          --by "team manager"
        convenectl convene 7Q2F-M9KD --at +2h --form phone \\
          --team duty-and-advice-2 --by "team manager" \\
          --agency police --agency health
        convenectl convene --at 17:30 --urgency urgent --form phone \\
          --team duty-and-advice-2 --by "team manager"
        id=$(convenectl convene --quiet --at "Fri 14:00" \\
          --team duty-and-advice-2 --by "team manager")
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: "The reference, eight characters such as 7Q2F-M9KD; drawn if left out.") var id: DiscussionID?
  @Option(parsing: .unconditional, help: ArgumentHelp("When it meets.", valueName: "time")) var at: String
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

  var common: CommonOptions { change.common }

  func validate() throws {
    if let duration, !(1...1440).contains(duration) { throw ValidationError("--duration is 1 to 1440 minutes.") }
    if let children, children < 1 { throw ValidationError("--children is at least 1.") }
  }

  func perform(_ session: Session) throws(Complaint) {
    var lots = SystemRandomNumberGenerator()
    let id = id ?? DiscussionID(bits: lots.next())
    let meeting: Instant? = try at == "earliest" ? nil : session.time(at, .future, option: "--at")
    let meetingAt: JSON = meeting.map { JSON($0) } ?? "earliest"
    let body = JSON.body([
      ("meeting_at", meetingAt), ("duration_min", duration.map { JSON($0) }),
      ("form", form.map { .string($0.rawValue) }), ("urgency", urgency.map { .string($0.rawValue) }),
      ("need_identified_at", try session.past(needIdentified, option: "--need-identified")),
      ("agencies", agency.isEmpty ? nil : .array(agency.map { .string($0.text) })), ("team", .string(team.text)),
      ("convened_by", .string(role)), ("join", join.map { .string($0) }),
      ("case_reference", caseReference.map { .string($0) }), ("children", children.map { JSON($0) }),
    ])
    let answer = try session.daemon.change("PUT", "/v1/discussions/\(id)", body, ifRevision: change.ifRevision)
    if !change.quiet, !common.json { Output.standard.line(id.description) }
    try session.printChange(answer, change, quietly: id.description)
    session.warn(of: meeting, change)
  }
}

struct RescheduleCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reschedule", abstract: "Move a discussion; the agencies are told.",
    discussion: """
      Examples:
        convenectl reschedule 7Q2F-M9KD --at "tomorrow 14:00" \\
          --reason "chair not available"
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: "The discussion's reference, eight letters and digits as 7Q2F-M9KD.") var id: DiscussionID
  @Option(parsing: .unconditional, help: ArgumentHelp("The new time.", valueName: "time")) var at: String
  @Option(help: ArgumentHelp("Why, without anything about the child.", valueName: "text")) var reason: String

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) {
    let meeting = try session.time(at, .future, option: "--at")
    let body = JSON.body([("meeting_at", JSON(meeting)), ("reason", .string(reason))])
    try session.change(id, "reschedule", body, change)
    session.warn(of: meeting, change)
  }
}

struct CancelCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel a discussion; the agencies are told, and it cannot be undone.",
    discussion: """
      On a terminal it asks first, unless --yes is given. --dry-run shows the discussion and changes nothing.

      Examples:
        convenectl cancel 7Q2F-M9KD --reason "convened twice"
        convenectl cancel 7Q2F-M9KD --reason "convened twice" --dry-run
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: "The discussion's reference, eight letters and digits as 7Q2F-M9KD.") var id: DiscussionID
  @Option(help: ArgumentHelp("Why, without anything about the child.", valueName: "text")) var reason: String
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "Show what would be cancelled, and change nothing.") var dryRun = false

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) {
    let asks = !yes && isatty(0) == 1
    if dryRun || asks {
      try session.print(session.daemon.read("/v1/discussions/\(id)")) { DiscussionText(page: session.page).show($0) }
    }
    if dryRun {
      Output.errors.line("Nothing was changed. Without --dry-run, every agency that was asked is told that it is off.")
      return
    }
    if asks {
      Output.errors.write(Array("Cancel \(id)? It cannot be undone. Type yes: ".utf8))
      guard readLine()?.trimmingCharacters(in: .whitespaces).lowercased() == "yes" else {
        throw Complaint(.failure, "Not cancelled.")
      }
    }
    try session.change(id, "cancel", .body([("reason", .string(reason))]), change)
  }
}

struct CloseCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close a discussion that has been decided.",
    discussion: """
      A circulated discussion closes by itself after the policy's time; this is for closing it sooner.

      Examples:
        convenectl close 7Q2F-M9KD
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: "The discussion's reference, eight letters and digits as 7Q2F-M9KD.") var id: DiscussionID

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) { try session.change(id, "close", .object([]), change) }
}
