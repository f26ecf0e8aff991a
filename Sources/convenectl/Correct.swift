// The command that puts right what somebody recorded. The entry stays where it stands, struck; what should have been recorded
// is the body of the same request, so it is given as JSON.
import ArgumentParser
import Console
import Convening
import Wire

struct CorrectCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "correct", abstract: "Put right, or take back, what somebody recorded.",
    discussion: """
      Nothing is altered: the entry stays in the timeline, struck, with the correction's number. Without --replacement it \
      counts for nothing from now on; with it, what the replacement says counts in its place: the quorum, clocks, \
      reminders and the report follow. A time that the replacement leaves out stays as it was told.

      An entry's number is its revision; `convenectl timeline --revisions` shows it. Acknowledgements, contributions, \
      declines, details, calls, held, decisions, circulation, receipts, reasons for absence, conferences, follow-ups \
      and clocks that were told can be corrected. The replacement is the body that POST takes for that kind, as \
      convened(8) and the API's document list them.

      Examples:
        convenectl correct 7Q2F-M9KD 9 --reason "it was the police, not Health"
        convenectl correct 7Q2F-M9KD 31 --reason "the police have it" \\
          --replacement '{"agency": "police"}'
      """)

  @OptionGroup var change: ChangeOptions
  @Argument(help: .discussion) var id: DiscussionID
  @Argument(help: "The entry's number, as `timeline --revisions` shows it.") var revision: Int
  @Option(help: "Why it is corrected.") var reason: String
  @Option(help: ArgumentHelp("What it should have said.", valueName: "json")) var replacement: String?

  var common: CommonOptions { change.common }

  func perform(_ session: Session) throws(Complaint) {
    var right: JSON?
    if let replacement {
      do throws(JSONFault) { right = try JSON(parsing: replacement) } catch {
        throw Complaint(
          .usage,
          "The replacement is not JSON: at byte \(error.offset), \(error.what). Quote it as one word, as "
            + "`convenectl correct --help` shows.")
      }
    }
    let body = JSON.body([
      ("revision", .int(Int64(revision))), ("reason", .string(reason)), ("replacement", right),
    ])
    try session.change(id, "corrections", body, change)
  }
}
