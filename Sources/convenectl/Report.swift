// The command for the report: how it stands now, and the reports that are kept as they were.
import ArgumentParser
import Console
import Convening
import Wire

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "How often all who are required took part, and reports that are kept.",
    discussion: """
      Without a word after it: the report by month.

      Examples:
        convenectl report --from 2026-04 --to 2027-04
        convenectl report snapshot 2026-27-q1 --from 2026-04 --to 2026-07
      """,
    subcommands: [Months.self, Snapshot.self, Snapshots.self], defaultSubcommand: Months.self)

  struct Months: Verb {
    enum Period: String, CaseIterable, ExpressibleByArgument { case month }

    static let configuration = CommandConfiguration(
      commandName: "months", abstract: "How often all who are required took part, by month.",
      discussion: """
        Counts discussions decided from the first day on and before the last. Without --from and --to: this month and \
        the eleven before it. The policy in force and what the main columns mean are printed below the table, with \
        --definitions what every figure counts. How conferences and disagreements went shows on the control socket \
        alone: give --control.

        Examples:
          convenectl report
          convenectl report --by month --from 2026-04 --to 2027-04
          convenectl report --from 2026-10-01 --to 2026-11-01 --csv > october.csv
          convenectl report --from 2026-04 --to 2027-04 --public
        """)

    @OptionGroup var common: CommonOptions
    @Option(help: "How to divide it.") var by = Period.month
    @Option(help: ArgumentHelp("The first day, 2026-10-01 or 2026-10.", valueName: "day")) var from: String?
    @Option(help: ArgumentHelp("The day after the last, 2026-11-01 or 2026-11.", valueName: "day")) var to: String?
    @Flag(help: "Print it as CSV (RFC 4180).") var csv = false
    @Flag(name: .customLong("public"), help: "Suppress small numbers: a report for anybody to read.") var isPublic =
      false
    @Flag(help: "Ask the control socket: conferences and disagreements too.") var control = false
    @Flag(help: "Say below what every figure counts.") var definitions = false

    func validate() throws {
      guard !(csv && common.json) else { throw ValidationError("Choose one of --csv and --json.") }
      guard !(isPublic && control) else { throw ValidationError("Choose one of --public and --control.") }
      for text in [from, to].compactMap({ $0 }) where Span.day(text) == nil {
        throw ValidationError("Write a day as 2026-10-01, or a month as 2026-10.")
      }
    }

    func perform(_ session: Session) throws(Complaint) {
      let span = Span(from: from, to: to, clock: session.page.clock)
      let target = "/v1/report?from=\(span.from)&to=\(span.to)&by=\(by.rawValue)\(isPublic ? "&public=1" : "")"
      let answer =
        control
        ? try session.daemon.readControl(target, having: ["total", "conferences"]) : try session.daemon.read(target)
      if csv {
        Output.standard.write(Array(ReportCSV.text(try Daemon.parse(answer.body)).utf8))
      } else {
        try session.print(answer) { ReportText($0, page: session.named, definitions: definitions).lines }
      }
    }
  }

  struct Snapshot: Verb {
    static let configuration = CommandConfiguration(
      commandName: "snapshot", abstract: "Keep a report as it is now, or print one that is kept.",
      discussion: """
        With --from and --to the report over these days is kept under the name, for ever. The same again changes nothing; a \
        correction is a new version beside it and needs --reason. Without them the version that is kept is printed, the \
        latest unless --number names one. What is published by --public is made from what was kept, never counted anew. \
        Why a version was made, and how conferences and disagreements went, shows on the control socket alone: give --control.

        Examples:
          convenectl report snapshot 2026-27-q1 --from 2026-04 --to 2026-07
          convenectl report snapshot 2026-27-q1 --from 2026-04 --to 2026-07 \\
            --reason "two late entries"
          convenectl report snapshot 2026-27-q1
          convenectl report snapshot 2026-27-q1 --number 1 --public --csv
        """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "Its name: lower-case letters, digits and hyphens, as 2026-27-q1.") var name: SnapshotName
    @Option(help: ArgumentHelp("Keep it: the first day, 2026-10-01 or 2026-10.", valueName: "day")) var from: String?
    @Option(help: ArgumentHelp("Keep it: the day after the last.", valueName: "day")) var to: String?
    @Option(help: "Why there is another version.") var reason: String?
    @Option(help: ArgumentHelp("Print this version.", valueName: "version")) var number: Int?
    @Flag(help: "Print it as CSV (RFC 4180).") var csv = false
    @Flag(name: .customLong("public"), help: "Suppress small numbers: for anybody to read.") var isPublic = false
    @Flag(help: "Ask the control socket: all that was kept.") var control = false

    func validate() throws {
      guard (from == nil) == (to == nil) else { throw ValidationError("Give both --from and --to to keep a report.") }
      if from == nil, reason != nil { throw ValidationError("--reason needs --from and --to: the days to keep.") }
      if from != nil, number != nil || csv || isPublic || control {
        throw ValidationError(
          "--number, --csv, --public and --control print a report that is kept: leave --from and --to out.")
      }
      guard number.map({ $0 > 0 }) ?? true else { throw ValidationError("--number is 1 or more.") }
      guard !(csv && common.json) else { throw ValidationError("Choose one of --csv and --json.") }
      guard !(isPublic && control) else { throw ValidationError("Choose one of --public and --control.") }
      for text in [from, to].compactMap({ $0 }) where Span.day(text) == nil {
        throw ValidationError("Write a day as 2026-10-01, or a month as 2026-10.")
      }
    }

    func perform(_ session: Session) throws(Complaint) {
      guard from != nil else { return try show(session) }
      let span = Span(from: from, to: to, clock: session.page.clock)
      let answer = try session.daemon.change(
        "PUT", "/v1/report/snapshots/\(name)",
        JSON.body([
          ("from", .string(span.from.description)), ("to", .string(span.to.description)),
          ("reason", reason.map(JSON.string)),
        ]))
      try session.print(answer) { SnapshotText(page: session.named).show($0) }
    }

    private func show(_ session: Session) throws(Complaint) {
      let query = (number.map { ["version=\($0)"] } ?? []) + (isPublic ? ["public=1"] : [])
      let answer = try session.daemon.read(
        "/v1/report/snapshots/\(name)\(query.isEmpty ? "" : "?" + query.joined(separator: "&"))", control: control)
      if csv {
        let report = try Daemon.parse(answer.body)["report"] ?? .null
        Output.standard.write(Array(ReportCSV.text(report).utf8))
      } else {
        try session.print(answer) { SnapshotText(page: session.named).show($0) }
      }
    }
  }

  struct Snapshots: Verb {
    static let configuration = CommandConfiguration(
      commandName: "snapshots", abstract: "The reports that are kept.",
      discussion: """
        Why there is another version shows on the control socket alone: give --control.

        Examples:
          convenectl report snapshots
          convenectl report snapshots --control
        """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Ask the control socket.") var control = false

    func perform(_ session: Session) throws(Complaint) {
      try session.print(session.daemon.read("/v1/report/snapshots", control: control)) {
        SnapshotText(page: session.page).list($0)
      }
    }
  }
}
