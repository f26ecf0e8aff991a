// The commands that move or end a discussion's appointment.
import ArgumentParser
import Console
import Convening
import Foundation
import Wire

struct RescheduleCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reschedule", abstract: "Move a discussion, or set its first time; the agencies are told.",
    discussion: """
      Examples:
        convenectl reschedule 7Q2F-M9KD --at "tomorrow 14:00" \\
          --reason "chair not available"
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Option(parsing: .unconditional, help: ArgumentHelp("The new time.", valueName: "time")) var at: String
  @Option(help: ArgumentHelp("Why, without anything about the child.", valueName: "text")) var reason: String

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) {
    let meeting = try session.meeting(at, option: "--at")
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
  @Argument(help: .discussion) var id: DiscussionID
  @Option(help: ArgumentHelp("Why, without anything about the child.", valueName: "text")) var reason: String
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "Show what would be cancelled, and change nothing.") var dryRun = false

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) {
    let asks = !yes && isatty(0) == 1
    if dryRun || asks {
      try session.print(session.daemon.read("/v1/discussions/\(id)")) { DiscussionText(page: session.named).show($0) }
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
  @Argument(help: .discussion) var id: DiscussionID

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) { try session.change(id, "close", .object([]), change) }
}
