// `compliance`: what a service manager asks on Monday morning.
import ArgumentParser
import Console
import Convening
import Wire

struct ComplianceCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "compliance", abstract: "Where the rules of the house were not kept since then, or are not kept now.",
    discussion: """
      Contacts past their time without outcome or review, and those that were looked at too late since then; decisions \
      recorded since then later than the policy allows, or with an earlier time; decisions without all that have no \
      reason or no follow-up yet; clocks that have passed, are due today, or were stopped too late since then. Each \
      with how many, the oldest, and who holds it now. Clocks that tell what was decided (C5, C7, C11) show on the \
      control socket alone: give --control.

      Examples:
        convenectl compliance --since "Fri 17:00"
        convenectl compliance --control
      """)

  @OptionGroup var common: CommonOptions
  @Option(parsing: .unconditional, help: ArgumentHelp("Since when; a day ago if left out.", valueName: "time"))
  var since: String?
  @Flag(help: "Ask the control socket: clocks that tell what was decided too.") var control = false

  func perform(_ session: Session) throws(Complaint) {
    let since = try since.map { text throws(Complaint) in try session.time(text, .past, option: "--since") }
    let query = since.map { "?since=\($0.description.queryValue)" } ?? ""
    let answer = try session.daemon.read("/v1/compliance\(query)", control: control)
    try session.print(answer) { ComplianceText(page: session.page).lines($0) }
  }
}
