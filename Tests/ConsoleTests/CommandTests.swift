// The commands themselves: what is understood and what is not, and that help and manual name all of it.
import ArgumentParser
import Console
import Foundation
import Testing
import Wire

@testable import convenectl

struct ArgumentTests {
  /// 0 where the command line is understood.
  private func exit(_ line: String) -> Int32 {
    do {
      _ = try Convenectl.parseAsRoot(line.split(separator: " ").map(String.init))
      return 0
    } catch {
      return Convenectl.exitCode(for: error).rawValue
    }
  }

  @Test(arguments: [
    "status", "status --json --utc --socket /s", "check", "metrics", "wait-ready --timeout 5", "list",
    "list --state scheduled --agency health --due-before 10:00 --limit 5 --cursor x", "show 7Q2F-M9KD",
    "show 7q2fm9kd --control", "plan 7Q2F-M9KD", "timeline 7Q2F-M9KD --outcome",
    "convene --at 10:00 --team a --by manager", "convene --earliest --team a --by manager",
    "convene --urgency urgent --team a --by manager", "convene --held-at 9:00 --team a --by manager",
    "convene --held-at 9:00 --at 8:30 --team a --by manager", "slots",
    "slots --urgency urgent --duration 30 --need-identified 9:00 --agency police --agency health",
    "convene 7Q2F-M9KD --at +2h --team a --by manager --quiet",
    "convene --at 10:00 --team a --by b --duration 30 --form phone --need-identified 9:00 --agency police --agency health "
      + "--children 2 --join x --case-reference y --urgency standard",
    "reschedule 7Q2F-M9KD --at 10:00 --reason x", "acknowledge 7Q2F-M9KD --agency health --by nurse",
    "contribute 7Q2F-M9KD --agency health --kind phone_live --by nurse --via api --at -10m",
    "confirm 7Q2F-M9KD health", "confirm 7Q2F-M9KD health --by manager",
    "decline 7Q2F-M9KD --agency health --code B13 --by nurse", "decline 7Q2F-M9KD health B13 --by nurse",
    "decline 7Q2F-M9KD B13 --agency health --by nurse", "decline 7Q2F-M9KD health --code B13 --by nurse",
    "acknowledge 7Q2F-M9KD health --by nurse", "contribute 7Q2F-M9KD health --kind video --by nurse",
    "confirm 7Q2F-M9KD --agency health", "receipt 7Q2F-M9KD --agency health",
    "call 7Q2F-M9KD --agency health --number 0113 --result no-reply --by manager",
    "details-sent 7Q2F-M9KD --agency health --to contact", "barrier 7Q2F-M9KD --agency health --code B14 --by chair",
    "barrier 7Q2F-M9KD --agency health B14 --by chair", "barrier 7Q2F-M9KD health --code B14 --by chair",
    "rota set health --if-version 0a", "rota import health x.csv --if-version 0a",
    "cover coordination coordinator --route edt --until 17:00 --reason x --if-version 0a", "report --definitions",
    "held 7Q2F-M9KD --form phone --if-revision 3",
    "held 7Q2F-M9KD --outcome nfa --by manager --decided 17:48 --flag medical --dissent police --reason B14",
    "decide 7Q2F-M9KD --outcome nfa --by manager --flag medical --flag lado --dissent police --reason B14",
    "circulate 7Q2F-M9KD --to police --to health", "close 7Q2F-M9KD", "cancel 7Q2F-M9KD --reason x --yes --dry-run",
    "details-sent 7Q2F-M9KD health --to contact --at 16:41",
    "call 7Q2F-M9KD health --number 0113 --result no-reply --by manager --at -10m --if-revision 3 --quiet",
    "barrier 7Q2F-M9KD health B14 --by chair", "barrier 7Q2F-M9KD health B14 --by agency --agreed",
    "barrier 7Q2F-M9KD health B10 --by agency --disputed", "barrier 7Q2F-M9KD health B10 --by agency",
    "receipt 7Q2F-M9KD health --at now", "conference 7Q2F-M9KD", "conference 7Q2F-M9KD --at 10:00",
    "follow-up 7Q2F-M9KD --by manager --at 10:00", "clock 7Q2F-M9KD C6 --started 2026-11-20T09:00Z",
    "clock 7Q2F-M9KD C11 --stopped -2h",
    "acknowledge 7Q2F-M9KD --agency health --by nurse --stays", "rota show health", "rota set coordination",
    "compliance", "compliance --since -2d --control", "import a.csv b.csv --dry-run --json",
    "rota set health --shift a,b,c,d --shift e,f,g,h",
    "rota import health x.csv",
    "cover health contact --route hub --until 17:00 --reason leave",
    "reminders --state undelivered", "resend msg_01JD8Z6X0V3W9Y5T7R1Q2N4M6K", "agencies", "ping health --route hub",
    "ping coordination", "enable health --route hub", "pause --until +20m --reason moved", "resume",
    "report --by month --from 2026-10 --to 2026-11-01 --csv",
    "policy explain", "policy explain --urgency urgent --convened 10:00 --meeting 12:00 --team duty",
    "policy explain --file x.yaml --credentials /c",
    "config check", "config check x.yaml", "reload", "secret new", "secret new --out -", "journal verify",
    "journal verify --file x --head 1=\(String(repeating: "0", count: 64))", "journal export --after 5",
    "listen --port 0 --secret-file a --secret-file b --answer 503,204 --down-for 5 --quiet --count 2", "version",
  ])
  func understood(line: String) { #expect(exit(line) == 0) }

  @Test(arguments: [
    "stauts", "list --limit 0", "list --limit 501", "list --state asleep", "show", "show 7Q2F", "show 7Q2F-M9KU",
    "convene --team a --by x", "convene --urgency standard --team a --by x",
    "convene --earliest --at 10:00 --team a --by x",
    "convene --earliest --held-at 9:00 --team a --by x", "slots --duration 0",
    "convene", "convene --at 10:00 --team A --by x", "convene --at 10:00 --team a --by x --duration 0",
    "convene --at 10:00 --team a --by x --duration 1441", "convene --at 10:00 --team a --by x --form letter",
    "convene --at 10:00 --team a --by x --children 0", "contribute 7Q2F-M9KD --agency health --kind nod --by x",
    "decline 7Q2F-M9KD --agency health --code B77 --by x", "decide 7Q2F-M9KD --outcome maybe --by x",
    "held 7Q2F-M9KD --outcome nfa", "held 7Q2F-M9KD --by manager", "held 7Q2F-M9KD --decided 17:48",
    "held 7Q2F-M9KD --flag medical", "circulate 7Q2F-M9KD", "cancel 7Q2F-M9KD", "resend 7Q2F-M9KD", "enable health",
    "pause --until +20m",
    "details-sent 7Q2F-M9KD health", "details-sent 7Q2F-M9KD --to contact",
    "details-sent 7Q2F-M9KD health --to coordinator", "call 7Q2F-M9KD health --number 0113 --result no-reply",
    "call 7Q2F-M9KD health --number 0113 --result busy --by manager",
    "call 7Q2F-M9KD health --result answered --by manager", "barrier 7Q2F-M9KD health --by chair",
    "barrier 7Q2F-M9KD health B77 --by chair", "barrier 7Q2F-M9KD health B14",
    "barrier 7Q2F-M9KD health B14 --by rules",
    "barrier 7Q2F-M9KD health B14 --by chair --agreed", "barrier 7Q2F-M9KD health B14 --by chair --disputed",
    "barrier 7Q2F-M9KD health B14 --by agency --agreed --disputed", "receipt 7Q2F-M9KD", "follow-up 7Q2F-M9KD",
    "clock 7Q2F-M9KD C6", "clock 7Q2F-M9KD C6 --started 9:00 --stopped 10:00", "clock 7Q2F-M9KD C5 --started 9:00",
    "clock 7Q2F-M9KD follow-up --stopped 9:00", "clock 7Q2F-M9KD C8 --started 9:00",
    "compliance --since", "compliance Friday", "import", "import --dry-run", "import a.csv --force",
    "acknowledge 7Q2F-M9KD health --agency police --by nurse", "acknowledge 7Q2F-M9KD --by nurse",
    "decline 7Q2F-M9KD health B13 --code B13 --by nurse", "decline 7Q2F-M9KD B13 health --by nurse",
    "barrier 7Q2F-M9KD health B14 --agency police --by chair", "reminders --state asleep",
    "cover health boss --route hub --until 17:00 --reason x",
    "correct 7Q2F-M9KD", "correct 7Q2F-M9KD 9", "correct 7Q2F-M9KD nine --reason x",
    "rota set", "rota import health", "cover health --route hub --until 17:00 --reason x",
    "cover health contact --route hub --until 17:00", "cover health contact --until 17:00 --reason x",
    "front-door received", "front-door received 7Q2F-M9KD --team duty", "front-door outcome 7Q2F-M9KD",
    "front-door outcome 7Q2F-M9KD --outcome else --by manager", "front-door review 7Q2F-M9KD",
    "front-door list --state late", "report --by week",
    "report --from October", "report --csv --json", "report snapshot", "report snapshot Q1",
    "report snapshot q1 --from 2026-10", "report snapshot q1 --reason x", "report snapshot q1 --number 0",
    "report snapshot q1 --from 2026-10 --to 2026-11 --number 1", "report snapshot q1 --public --control",
    "policy rehearse --id x", "policy rehearse --from October", "policy rehearse --csv --json",
    "journal export --after -1", "journal verify --head 8812",
    "listen", "listen --port 70000", "listen --port 0 --answer 99", "listen --port 0 --answer 204,",
    "listen --port 0 --count 0", "listen --port 0 --down-for -1", "wait-ready --timeout -1",
  ])
  func notUnderstoodIs64(line: String) { #expect(exit(line) == 64) }

  /// A page that lags behind the program misleads whoever cannot run it.
  @Test func theManualNamesEveryCommandAndOption() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/man/convenectl.1")
    let manual = try String(contentsOf: page, encoding: .utf8).replacing("\\-", with: "-")
    let sections = manual.split(separator: "\n.SS \"")
    for command in leaves(Convenectl.self) {
      let usage = try #require(
        Convenectl.helpMessage(for: command).firstMatch(of: /USAGE: (convenectl(?: [a-z][a-z-]*)+)/)?.1)
      let section = try #require(sections.first { $0.hasPrefix("\(usage)\"\n") }, "\(usage)")
      for option in Convenectl.helpMessage(for: command).matches(of: /\n  (?:-[a-z], )?(--[a-z0-9-]+)/).map(\.1)
      where command == ListenCommand.self || !["--json", "--utc"].contains(option) {
        guard !["--socket", "--version", "--help"].contains(option) else { continue }
        #expect(section.contains("\(option)\""), "\(usage) \(option)")
      }
    }
  }

  private func leaves(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    let configuration = command.configuration
    let below = configuration.groupedSubcommands.flatMap(\.subcommands) + configuration.ungroupedSubcommands
    return below.isEmpty ? [command] : below.flatMap(leaves)
  }

  /// The help is wrapped where a terminal ends: a wider example could not be copied out of it.
  @Test func everyExampleStandsInTheHelpAsItIsWritten() {
    let groups: [any ParsableCommand.Type] = [
      ConfigCommand.self, SecretCommand.self, JournalCommand.self, RotaCommand.self, PolicyCommand.self,
      ReportCommand.self,
    ]
    for command in groups + leaves(Convenectl.self) {
      let help = Convenectl.helpMessage(for: command, columns: 80).split(separator: "\n")
      let examples = command.configuration.discussion.split(separator: "\n").drop { $0 != "Examples:" }.dropFirst()
      #expect(!examples.isEmpty, "\(command)")
      for example in examples { #expect(example.count <= 78 && help.contains(example), "\(example)") }
    }
  }

  @Test func everyCommandHasADiscussionWithAnExample() {
    let all = leaves(Convenectl.self)
    #expect(all.count == 58)
    for command in all {
      #expect(command.configuration.discussion.contains("Examples:"), "\(command)")
      #expect(command.configuration.discussion.contains("convenectl "), "\(command)")
    }
  }
}
