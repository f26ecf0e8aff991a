// The commands that only read: status, check, metrics, wait-ready, version.
import ArgumentParser
import Console
import Convening
import Foundation
import JournalSQLite
import Wire

struct StatusCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "What needs a person now, who holds each place, how the daemon is.",
    discussion: """
      Exit status 3 where the daemon does not run.

      Examples:
        convenectl status
        convenectl status --json
      """)

  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws(Complaint) {
    let answer: HTTPAnswer
    do throws(Complaint) {
      answer = try session.daemon.read("/v1/status", within: .seconds(20))
    } catch {
      throw error.doesNotRun ? Complaint(.notRunning, sentences: error.sentences) : error
    }
    try session.print(answer) { StatusText($0, page: session.page).lines }
  }
}

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "One line for a monitoring system, with performance data.",
    discussion: """
      Exit status as monitoring plugins do: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A daemon out of reach is CRITICAL, and \
      so is one that has not answered within 8 seconds.

      Examples:
        convenectl check
        convenectl check --socket /run/convened/status/status.sock
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    let line: CheckLine
    do throws(Complaint) {
      // Monitoring gives a check ten seconds.
      let answer = try Session(common).daemon.read("/v1/status", within: .seconds(8))
      let document = try Daemon.parse(answer.body)
      if common.json { try Session(common).printDocument(answer.body) }
      line = CheckLine(document)
    } catch {
      line = CheckLine(error)
    }
    if !common.json { Output.standard.line(line.text) }
    throw ExitCode(line.level.rawValue)
  }
}

struct MetricsCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Prometheus metrics, for a textfile collector.",
    discussion: """
      Without the process's own figures, which a collector has of itself: /metrics on the socket has them. With --json the \
      same text stands in an object, as "metrics".

      Examples:
        convenectl metrics > /var/lib/node_exporter/convened.prom.new && \\
          mv /var/lib/node_exporter/convened.prom.new \\
          /var/lib/node_exporter/convened.prom
      """)

  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws(Complaint) {
    let all = String(decoding: try session.daemon.read("/metrics").body, as: UTF8.self)
    let lines = all.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.filter { line in
      !["process_", "# HELP process_", "# TYPE process_"].contains { line.hasPrefix($0) }
    }
    .joined(separator: "\n")
    guard common.json else {
      Output.standard.write(Array(text.utf8))
      return
    }
    session.printDocument(JSON.object([.init("metrics", .string(text))]).bytes)
  }
}

struct WaitReadyCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "wait-ready", abstract: "Wait until the daemon takes changes.",
    discussion: """
      Exit status 69 where nobody answered in that time, 75 where the daemon answered but was not ready.

      Examples:
        convenectl wait-ready --timeout 30 && convenectl status
      """)

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("Give up after so long, 0 to 3600.", valueName: "seconds"))
  var timeout = 60

  func validate() throws {
    guard (0...3600).contains(timeout) else { throw ValidationError("--timeout is 0 to 3600 seconds.") }
  }

  func perform(_ session: Session) throws(Complaint) {
    let ready = WaitReady(
      ask: { () throws(Complaint) in try session.daemon.ask("/v1/health/ready", within: .seconds(5)) },
      elapsed: Session.monotonic,
      wait: { poll(nil, 0, Int32($0.milliseconds)) })
    try ready.run(within: .seconds(Int64(timeout)))
    if common.json { try session.print(session.daemon.read("/v1/health/ready")) { _ in [] } }
  }
}

struct VersionCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "The versions of convenectl, its time-zone data and its libraries.",
    discussion: """
      Time-zone data come with Foundation, not with the operating system: this is where its age shows.

      Examples:
        convenectl version
      """)

  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws(Complaint) {
    let versions = Versions.all + [("sqlite", "SQLite", SQLiteJournal.libraryVersion)]
    if common.json {
      session.printDocument(JSON.object(versions.map { .init($0.key, .string($0.version)) }).bytes)
    } else {
      Output.standard.lines(versions.map { "\($0.name) \($0.version)" })
    }
  }
}
