// `listen`: a receiver on the loopback address for an agency's developers.
import ArgumentParser
import Console
import Convening
import Foundation
import Wire

struct ListenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "listen", abstract: "Receive reminders on this machine, verify their signatures, print them.",
    discussion: """
      Its URL is the first line. Each webhook is one line: the time, whether its signature is right and why not, the \
      type, the discussion, the agency, who is meant, the step, the attempt and the answer.

      Examples:
        convenectl listen --port 8801 --secret-file health.secret
        convenectl listen --port 0 --secret-file new.secret \\
          --secret-file old.secret --answer 503,503,204
        convenectl listen --port 8801 --secret-file health.secret \\
          --down-for 20 --count 5 --json
      """)

  @Option(help: "The port on 127.0.0.1; 0 takes any that is free.") var port: Int
  @Option(help: ArgumentHelp("A file with a secret on each line; repeat it.", valueName: "file")) var secretFile:
    [String] = []
  @Option(
    help: ArgumentHelp(
      "Statuses to answer in turn, the last one for ever. Left out: 204, and 401 to what does not verify.",
      valueName: "status,..."))
  var answer: String?
  @Option(help: ArgumentHelp("Answer 503 for so long after the start.", valueName: "seconds")) var downFor = 0
  @Option(help: ArgumentHelp("End after so many.", valueName: "number")) var count: Int?
  @Flag(name: .shortAndLong, help: "Print nothing but the URL.") var quiet = false
  @Flag(help: "Print one JSON object a line; the first has the URL.") var json = false
  @Flag(help: "Print times in UTC.") var utc = false

  private var answers: [Int]? {
    answer?.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
  }

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535.") }
    guard (answers ?? []).allSatisfy((200...599).contains) else {
      throw ValidationError("--answer takes statuses, 200 to 599.")
    }
    guard (0...86_400).contains(downFor) else { throw ValidationError("--down-for is 0 to 86400 seconds.") }
    if let count, count < 1 { throw ValidationError("--count is at least 1.") }
  }

  func run() async throws {
    do {
      try await listen()
    } catch let complaint as Complaint {
      throw Session.ended(complaint)
    } catch {
      throw Session.ended(
        Complaint(.failure, "Port \(port) cannot be used: it may be taken. Choose another, or 0 for any that is free."))
    }
  }

  private func listen() async throws {
    var secrets: [WebhookSecret] = []
    for file in secretFile { secrets += try WebhookSecret.read(file: file) }
    guard let zone = CivilZone(name: utc ? "UTC" : "Europe/London") else {
      throw Complaint(.failure, "This machine does not know the time zone. Give --utc.")
    }
    let output = Output.standard
    let paint = Paint(isTerminal: output.isTerminal, environment: ProcessInfo.processInfo.environment)
    let plan = ReceiverPlan(
      port: port, secrets: secrets, answers: answers, downFor: .seconds(Int64(downFor)), count: count)
    let receiver = Receiver(plan, now: { Session.now() }) { [json] url in
      output.line(json ? JSON.object([.init("url", .string(url))]).text : "Listening on \(url)")
    } received: { [json, quiet] receipt in
      if quiet { return }
      output.line(json ? receipt.json.text : receipt.line(zone, paint))
    }
    try await receiver.run()
  }
}
