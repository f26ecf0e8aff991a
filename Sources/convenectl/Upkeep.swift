// The commands for whoever runs the service: resend, ping, enable, pause, resume, reload, config check, secret new.
import ArgumentParser
import Console
import Convening
import Foundation
import Wire

struct ResendCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "resend", abstract: "Send a reminder again now, under the same id.",
    discussion: """
      Of an open discussion, whatever became of it: accepted, undelivered, or waiting for another try. The same words \
      go out with the same id, so that a receiver that has it takes it for the same message. It asks nobody else and \
      moves no step. Refused where what it was for is over, or an attempt is under way.

      Examples:
        convenectl reminders --state undelivered
        convenectl resend msg_01JD8Z6X0V3W9Y5T7R1Q2N4M6K
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "The reminder's id, msg_ and 26 letters and digits.") var reminder: ReminderID

  func perform(_ session: Session) throws(Complaint) {
    let answer = try session.daemon.change("POST", "/v1/reminders/\(reminder)/resend", nil)
    try session.print(answer) { _ in ["\(reminder) is sent again. See `convenectl reminders`."] }
  }
}

struct PingCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "ping", abstract: "Send a test message to an agency's route, and say what became of it.",
    discussion: """
      Without --route it goes to who holds the point of contact now. The word coordination stands for the coordinator. It \
      waits for the answer, 15 seconds at most: the exit status is 1 where it was not accepted.

      Examples:
        convenectl ping health
        convenectl ping health --route named-nurse
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "The agency, or coordination.") var agency: AgencyID
  @Option(help: "Which route.") var route: RouteName?

  func perform(_ session: Session) throws(Complaint) {
    let before = try Daemon.parse(session.daemon.read("/v1/status").body)["journal"]?["seq"]?.int ?? 0
    let body = JSON.body([("route", route.map { .string($0.text) })])
    let answer = try session.daemon.change("POST", "/v1/agencies/\(agency)/ping", body)
    let document = try Daemon.parse(answer.body)
    let whom = document["route"]?.string.map(session.named.route) ?? route?.text ?? agency.text
    guard let end = try end(of: document["reminder"]?.string ?? "", after: before, session) else {
      throw Complaint(
        .failure, "The daemon ended before it said what became of the test message to \(whom).",
        "Look at `systemctl status convened`, then repeat.")
    }
    if session.json {
      session.printDocument(JSON.object((document.members ?? []) + [.init("outcome", end.outcome)]).bytes)
    }
    guard end.isAccepted else { throw Complaint(.failure, sentences: end.words(whom)) }
    if !session.json { Output.standard.lines(end.words(whom)) }
  }

  /// From the stream of events; nil where that ended first.
  private func end(of reminder: String, after seq: Int, _ session: Session) throws(Complaint) -> PingText? {
    var (lines, found): (Lines, PingText?) = (Lines(), nil)
    try session.daemon.stream("/v1/events?after=\(seq)") { chunk in
      for line in lines.take(chunk) {
        // A line that cannot be read is no end of it.
        let entry = Result { () throws(JSONFault) in try JSON(parsing: line) }.value
        found = found ?? entry.flatMap { PingText($0, of: reminder) }
      }
      return found == nil
    }
    return found
  }
}

struct EnableCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Use a route again that had stopped (410 Gone).",
    discussion: """
      Examples:
        convenectl enable health --route health-hub
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "The agency, or coordination.") var agency: AgencyID
  @Option(help: "Which route.") var route: RouteName

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([("route", .string(route.text))])
    let answer = try session.daemon.change("POST", "/v1/agencies/\(agency)/enable", body)
    try session.print(answer) { _ in ["\(route) is in use. Try it: convenectl ping \(agency) --route \(route)"] }
  }
}

struct PauseCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Hold back the reminders of standard discussions for a while.",
    discussion: """
      Urgent discussions go on, answers are recorded, and it ends by itself: at most 60 minutes from now. What fell due \
      meanwhile goes out then, one message for each discussion and agency. `status` and `check` warn of it while it lasts.

      Examples:
        convenectl pause --until +20m --reason "Health moves its receiver"
        convenectl pause --until 10:15 --reason "the rota is put right"
      """)

  @OptionGroup var common: CommonOptions
  @Option(
    parsing: .unconditional, help: ArgumentHelp("When it ends by itself, within the hour.", valueName: "time"))
  var until: String
  @Option(help: "Why; it stands in the journal. No names.") var reason: String

  func perform(_ session: Session) throws(Complaint) {
    let until = try session.time(until, .future, option: "--until")
    let body = JSON.body([("until", JSON(until)), ("reason", .string(reason))])
    let answer = try session.daemon.change("POST", "/v1/pause", body)
    try session.print(answer) { _ in
      [
        "Reminders of standard discussions are held back until \(session.page.clock.near(until)). Urgent ones go on.",
        "convenectl resume ends it earlier.",
      ]
    }
  }
}

struct ResumeCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "End a pause: what fell due goes out now.",
    discussion: """
      Examples:
        convenectl resume
      """)

  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws(Complaint) {
    let answer = try session.daemon.change("POST", "/v1/resume", nil)
    try session.print(answer) { _ in ["Reminders go out."] }
  }
}

struct ReloadCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Let the daemon read its settings again: all of them or none.",
    discussion: """
      Warnings are printed. With a fault nothing changes; every fault is printed, and the exit status is 65.

      Examples:
        convenectl config check && convenectl reload
      """)

  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws(Complaint) {
    let answer = try session.daemon.change("POST", "/v1/reload", nil)
    try session.print(answer) { document in
      ["The settings are read again."] + (document["warnings"]?.array ?? []).compactMap(\.string)
    }
  }
}

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "The settings file.",
    discussion: """
      Examples:
        convenectl config check
        convenectl config check /etc/convened/convened.yaml
      """,
    subcommands: [Check.self])

  struct Check: Verb {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Find every fault of a settings file, with line, column and the mend.",
      discussion: """
        The daemon is not asked. Each ladder is tried on discussions of a week: one by which the coordinator would not \
        hear in time of an agency that does not contribute is a fault, too. Exit status 65 where there is a fault, 66 \
        where there is no such file.

        Examples:
          convenectl config check
          convenectl config check --credentials /run/credentials/convened.service
        """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The file.") var path = ConfigCheck.usualPath
    @Option(
      help: ArgumentHelp("The systemd credentials, where each secret is a file secret_NAME.", valueName: "folder"))
    var credentials: String?

    func perform(_ session: Session) throws(Complaint) {
      _ = try FileReading.bytes(of: path)
      let (faults, warnings) = ConfigCheck.check(path: path, credentials: credentials, now: session.reader.now)
      if common.json {
        let document = JSON.body([
          ("path", .string(path)), ("faults", .array(faults.map { .string($0) })),
          ("warnings", .array(warnings.map { .string($0) })),
        ])
        session.printDocument(document.bytes)
      } else if faults.isEmpty {
        for warning in warnings { Output.standard.line("Warning: \(warning)") }
        Output.standard.line("\(path) is right.")
      }
      guard faults.isEmpty else {
        throw Complaint(.invalid, sentences: ["\(counted(faults.count, "fault")) in \(path)."] + faults)
      }
    }
  }
}

struct SecretCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "secret", abstract: "Secrets that sign the webhooks.",
    discussion: """
      Examples:
        convenectl secret new --out /etc/convened/secrets/health-hub
      """,
    subcommands: [New.self])

  struct New: Verb {
    static let configuration = CommandConfiguration(
      commandName: "new", abstract: "Make a signing secret in a file that only you can read.",
      discussion: """
        48 random bytes as whsec_ and base64. A file that exists is never replaced. The secret shows only where \
        --out is a hyphen.

        Examples:
          convenectl secret new --out /etc/convened/secrets/health-hub
          convenectl secret new --out - | systemd-creds encrypt - health-hub.cred
        """)

    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Where to put it; - is standard output.", valueName: "file")) var out = "webhook.secret"

    func perform(_ session: Session) throws(Complaint) {
      var lots = SystemRandomNumberGenerator()
      let secret = SecretFile.secret(using: &lots)
      guard out != "-" else {
        Output.standard.line(secret)
        return
      }
      try SecretFile.write(secret, to: out)
      if common.json {
        session.printDocument(JSON.object([.init("path", .string(out))]).bytes)
      } else {
        Output.standard.line("The secret is in \(out), for its owner alone. Give it to the agency by a safe way.")
      }
    }
  }
}
