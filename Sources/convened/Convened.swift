// The daemon: reads the settings, opens the sockets, replays the journal, and lets the convenor begin. It constructs and
// connects; what is done, the docket decides, and what goes wrong ends the process with a sentence.
import ArgumentParser
import Convening
import Coordination
import Foundation
import Logging
import Wire

@main
struct Convened: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convened",
    abstract: "Convenes strategy discussions: reminds one contact in each agency, and records what was contributed.",
    discussion: """
      Runs in the foreground until SIGTERM; systemd starts it as convened.service. SIGHUP reads the settings again: all of \
      a valid file, or none of it. Exit status 78: the settings are wrong; 65: the journal is not what was written.

      EXAMPLES
        convened run --config /etc/convened/convened.yaml
        convened --accept-break 8812 \\
          --reason "disk failure of 3 May, judged by the duty manager"
        convened --accept-break 8812 --accept-break 9001 --reason "the same"
      """,
    version: convenedVersion, subcommands: [Run.self], defaultSubcommand: Run.self)
}

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Runs the daemon in the foreground (the default).")

  @Option(help: ArgumentHelp("The settings.", valueName: "path"))
  var config = "/etc/convened/convened.yaml"

  @Option(
    help: ArgumentHelp(
      "Start on a journal whose chain breaks at this entry, and record that it was judged; repeat it for each.",
      valueName: "seq"))
  var acceptBreak: [Int] = []

  @Option(help: "Why the break is accepted; needed with --accept-break.")
  var reason: String?

  @Option(help: "The least that is logged: trace, debug, info, notice, warning, error, critical.")
  var logLevel = Logger.Level.info

  func validate() throws {
    guard acceptBreak.isEmpty == (reason == nil) else {
      throw ValidationError("--accept-break and --reason go together.")
    }
    // It is all that an inquiry will find of the judgement.
    if let reason, reason.allSatisfy(\.isWhitespace) {
      throw ValidationError("--reason says why: it may not be empty.")
    }
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let journald = Journald.isBehind(STDERR_FILENO, stream: environment["JOURNAL_STREAM"]) ? Journald() : nil
    var logger = Logger(label: "convened") { _ in JournaldLog(level: logLevel, journald: journald) }
    logger.logLevel = logLevel
    let process = DaemonProcess(
      config: config, credentials: environment["CREDENTIALS_DIRECTORY"],
      notify: SystemdNotify(socket: environment["NOTIFY_SOCKET"], watchdog: environment["WATCHDOG_USEC"]),
      logger: logger)
    let status = await process.run(acceptedBreaks: acceptBreak.map { AcceptedBreak(seq: $0, reason: reason ?? "") })
    if status != 0 { throw ExitCode(status) }
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
