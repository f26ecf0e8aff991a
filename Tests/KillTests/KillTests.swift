// Twenty-five times kill -9 in the middle of work: real processes, a real journal, real posts. Nothing that was answered is
// lost, nothing that was sent was not recorded first, and what comes twice comes with the same id and the same bytes.
import Console
import Convening
import Foundation
import Synchronization
import Testing
import Wire

@Suite struct KillTests {
  @Test(.timeLimit(.minutes(5))) func twentyFiveKillsLoseNothing() throws {
    var lots = SystemRandomNumberGenerator()
    let town = try KilledTown()
    defer { town.end() }
    let users = (0..<3).map { _ in KilledUser(town) }
    for user in users { Thread.detachNewThread { user.work() } }

    for kill in 1...25 {
      try town.start()
      // In the middle of something: after so many more things that happen.
      town.wait(forMore: Int.random(in: 1...60, using: &lots), "kill \(kill)")
      town.kill()
    }
    for user in users { user.stop() }
    town.receivers.heal()
    try town.start()
    town.wait(until: "all users are done") { users.allSatisfy(\.isDone) }
    // What a kill interrupted comes again in its next slot, 5 or 30 s later; 2 min on a machine so slow that it failed thrice.
    town.wait(until: "every step was taken and everything delivered") { town.isQuiet }

    let journal = try town.journal()
    let done = users.flatMap(\.done)
    #expect(done.count >= 25, "too little was asked for to mean anything")
    for (id, count) in done {
      let entries = journal.filter { $0.stream == .discussion(id) }.map(\.event)
      #expect(entries.filter { $0.name == "convened" }.count == 1, "\(id) was answered and is not there once")
      #expect(entries.filter { $0.name == "contributionRecorded" }.count == count, "a contribution to \(id)")
    }

    var begun: [String: (stream: Convening.Stream, opening: Opening)] = [:]
    for entry in journal {
      guard case .attemptBegan(let reminder, _, _, let opening?) = entry.event else { continue }
      begun[reminder.description] = (entry.stream, opening)
    }
    let places = begun.values.map { "\($0.stream) \($0.opening.agency) \($0.opening.place) \($0.opening.step)" }
    #expect(Set(places).count == places.count, "one step has two ids")
    let posts = town.receivers.posts
    for post in posts {
      #expect(begun[post.id].map { Array($0.opening.body.utf8) } == post.body, "\(post.id) on the wire")
    }
    let taken = Set(posts.filter { $0.answered == 204 }.map(\.id))
    for entry in journal {
      guard case .attemptEnded(let reminder, _, let answer, _) = entry.event, answer.verdict == .accepted else {
        continue
      }
      #expect(taken.contains(reminder.description), "\(reminder) is said to be accepted")
    }
    // An answer makes what is still on its way moot; all else has arrived.
    let answered = Set(
      journal.compactMap { entry -> String? in
        guard case .contributionRecorded(let agency, _, _, _, _, _) = entry.event else { return nil }
        return "\(entry.stream) \(agency)"
      })
    for (id, (stream, opening)) in begun where !answered.contains("\(stream) \(opening.agency)") {
      #expect(taken.contains(id), "\(id) never arrived")
    }
    let repeated = Dictionary(grouping: posts, by: \.id).filter { $0.value.count > 1 }
    print(
      "25 kills: \(done.count) discussions, \(begun.count) reminders, \(posts.count) posts, \(repeated.count) ids twice or more"
    )
  }
}

/// A daemon of its own folder, which is killed and started again.
final class KilledTown: Sendable {
  let folder: URL
  let receivers: Receivers
  private let moments = Moments()
  private let process = Mutex<Process?>(nil)
  let control: SocketClient

  /// Where its journal is: its own folder, or one that another daemon holds.
  private let journalFolder: String
  /// Whose receiver is down all the time.
  private let down: Set<String>

  /// - Parameter hanging: agencies whose receivers take a message and never answer.
  init(journalIn other: String? = nil, down: Set<String> = [], hanging: Set<String> = []) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "kill-\(UInt32.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder.appending(path: "secrets"), withIntermediateDirectories: true)
    (journalFolder, self.down) = (other ?? folder.path, down)
    receivers = try Receivers(hanging: Set(hanging.map { "/\($0)" })) { [moments] _ in moments.tell() }
    control = SocketClient(path: folder.path + "/c.sock")
    try "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr\n".write(
      to: folder.appending(path: "secrets/s"), atomically: true, encoding: .utf8)
    try #"{"england-and-wales":{"division":"england-and-wales","events":[{"date":"2099-12-25"}]}}"#.write(
      to: folder.appending(path: "days.json"), atomically: true, encoding: .utf8)
    try write(settings: settings())
  }

  func write(settings: String) throws {
    try settings.write(to: folder.appending(path: "convened.yaml"), atomically: true, encoding: .utf8)
  }

  /// - Parameter urgent: the steps of an urgent ladder; none: there is none.
  func settings(urgent: [String] = []) -> String {
    let agencies = ["csc", "police", "health"]
    let routes = agencies.flatMap { [$0, "\($0)-deputy"] } + ["desk"]
    return """
      authority: {name: Killed, source: example.killed, time_zone: Europe/London, bank_holidays: days.json, ring: [{always: "1"}]}
      journal: \(journalFolder)/journal.sqlite
      secrets: \(folder.path)/secrets
      sockets: {status: \(folder.path)/s.sock, control: \(folder.path)/c.sock}
      routes:
      \(routes.map { "  \($0): {url: \"http://127.0.0.1:\(down.contains($0) ? 9 : receivers.port)/\($0)\", secret: [s]}" }.joined(separator: "\n"))
      agencies:
      \(agencies.map { "  \($0): {name: \($0), contact: [{always: \($0)}], deputy: [{always: \($0)-deputy}], lead: [{always: \($0)-deputy}]}" }
        .joined(separator: "\n"))
      coordination: {coordinator: [{always: desk}]}
      policies:
        - id: killed
          from: 2020-01-01
          required: [csc, police, health]
          counting: [phone_live, in_person, video, written_before, written_during]
          decision_recorded: 15 minutes
          close_after: 20 working days from circulation
          without_all: {reason: required}
          urgencies:
            standard:
              acknowledgement_holds: 1 day
              last_attempt_margin: 10 minutes
              steps:
                - {name: ask, at: once, to: [contact]}
                - {name: deputy, unanswered: 1 second, to: [deputy]}
                - {name: desk, unanswered: 2 seconds, to: [coordinator]}

      """ + (urgent.isEmpty ? "" : Self.urgent(urgent))
  }

  private static func urgent(_ steps: [String]) -> String {
    let head = [
      "urgent:", "  held_within: 4 hours", "  acknowledgement_holds: 15 minutes", "  last_attempt_margin: 2 minutes",
      "  steps:",
    ]
    return (head + steps.map { "    - \($0)" }).map { "      \($0)\n" }.joined()
  }

  // MARK: - The process

  /// What it says goes to this file, where it is asked to.
  var log: String { (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "" }

  /// - Parameter accepted: the entry of a break that somebody judged.
  func start(accepting accepted: Int? = nil, isLogged: Bool = false) throws {
    let daemon = Process()
    daemon.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
      path: "convened")
    daemon.arguments =
      ["run", "--config", folder.path + "/convened.yaml", "--log-level", "error"]
      + (accepted.map { ["--accept-break", "\($0)", "--reason", "altered by this test"] } ?? [])
    daemon.standardInput = FileHandle.nullDevice
    if isLogged {
      let file = folder.appending(path: "log")
      try Data().write(to: file)
      daemon.standardError = try FileHandle(forWritingTo: file)
    }
    try daemon.run()
    process.withLock { $0 = daemon }
  }

  /// The exit status, once it has ended by itself or as asked.
  func status(of what: String, endingBy signal: Int32? = nil) throws -> Int32 {
    let daemon = try #require(process.withLock { $0 }, "\(what)")
    if let signal { Foundation.kill(daemon.processIdentifier, signal) }
    daemon.waitUntilExit()
    return daemon.terminationStatus
  }

  func kill() {
    guard let daemon = process.withLock({ $0 }) else { return }
    #expect(daemon.isRunning, "it ended by itself, with \(daemon.isRunning ? 0 : daemon.terminationStatus)")
    Foundation.kill(daemon.processIdentifier, SIGKILL)
    daemon.waitUntilExit()
  }

  func end() {
    if let daemon = process.withLock({ $0 }), daemon.isRunning {
      Foundation.kill(daemon.processIdentifier, SIGKILL)
      daemon.waitUntilExit()
    }
    receivers.close()
    try? FileManager.default.removeItem(at: folder)
  }

  // MARK: - Waiting

  /// Something has happened: a post, or an answer.
  func tell() { moments.tell() }

  /// The next process is being started: until something happens, or for a moment.
  func nobodyListens() { moments.pause() }

  func wait(forMore count: Int, _ what: String) {
    let goal = moments.count + count
    #expect(moments.wait { $0 >= goal }, "\(what): nothing happens any more")
  }

  /// Looked at after each thing that happens, and now and then.
  func wait(until what: String, _ holds: () -> Bool) {
    #expect(moments.wait { _ in holds() }, "\(what): not after two minutes and a half")
  }

  // MARK: - Asking

  /// A document of the daemon's; nil while it does not answer.
  func ask(_ target: String) -> JSON? {
    guard let answer = try? control.perform(HTTPAsk("GET", target), within: .seconds(5)), answer.status == 200 else {
      return nil
    }
    return try? JSON(parsing: answer.body)
  }

  /// No attempt is under way, no step is to come and no retry.
  var isQuiet: Bool {
    guard let reminders = ask("/v1/status")?["reminders"] else { return false }
    return ["in_flight", "scheduled", "undelivered"].allSatisfy { reminders[$0]?.int == 0 }
  }

  func journal() throws -> [Entry] {
    let answer = try control.perform(HTTPAsk("GET", "/v1/journal?after=0"), within: .seconds(30))
    let lines = try answer.body.split(separator: UInt8(ascii: "\n")).map { try SealedLine(exported: Array($0)) }
    var verifier = Verifier()
    verifier.check(lines)
    #expect(verifier.end().isEmpty && verifier.count == lines.count && !lines.isEmpty)
    return try lines.compactMap { try $0.line.map(JournalLine.decode) }
  }

  /// What the journal says was accepted.
  func acceptances() throws -> [Acceptance] {
    let answer = try control.perform(HTTPAsk("GET", "/v1/journal?after=0"), within: .seconds(30))
    var verifier = Verifier()
    verifier.check(try answer.body.split(separator: UInt8(ascii: "\n")).map { try SealedLine(exported: Array($0)) })
    #expect(verifier.end() == [])
    return verifier.acceptances
  }
}

/// Counts what happens, and lets others wait for it.
final class Moments: Sendable {
  private let condition = NSCondition()
  private let number = Mutex(0)

  var count: Int { number.withLock { $0 } }

  func tell() {
    condition.lock()
    number.withLock { $0 += 1 }
    condition.broadcast()
    condition.unlock()
  }

  func pause() {
    condition.lock()
    _ = condition.wait(until: Date() + 0.02)
    condition.unlock()
  }

  /// False after two minutes and a half.
  func wait(_ holds: (Int) -> Bool) -> Bool {
    let end = Date() + 150
    while !holds(count) {
      guard Date() < end else { return false }
      pause()
    }
    return true
  }
}

/// Convenes and contributes, each until it is answered, again with the same words after each failure.
final class KilledUser: Sendable {
  private let town: KilledTown
  private let state = Mutex((stopped: false, finished: false, done: [(DiscussionID, Int)]()))

  init(_ town: KilledTown) { self.town = town }

  var isDone: Bool { state.withLock { $0.finished } }
  /// Discussions that were answered, and how many contributions to each were.
  var done: [(DiscussionID, Int)] { state.withLock { $0.done } }
  func stop() { state.withLock { $0.stopped = true } }

  func work() {
    var lots = SystemRandomNumberGenerator()
    while !state.withLock({ $0.stopped }) {
      let id = DiscussionID(bits: lots.next())
      let meeting = Instant(milliseconds: Int64(Date().timeIntervalSince1970) * 1000) + .hours(5)
      insist(
        "PUT", "/v1/discussions/\(id)", #"{"meeting_at":"\#(meeting)","team":"duty","convened_by":"manager"}"#, nil)
      var count = 0
      for agency in ["csc", "police", "health"].shuffled().prefix(Int.random(in: 0...3)) {
        insist(
          "POST", "/v1/discussions/\(id)/contributions",
          #"{"agency":"\#(agency)","kind":"phone_live","by_role":"officer","via":"phone"}"#, "\(id)-\(agency)")
        count += 1
      }
      state.withLock { $0.done.append((id, count)) }
    }
    state.withLock { $0.finished = true }
    town.tell()
  }

  private func insist(_ method: String, _ target: String, _ body: String, _ key: String?) {
    let headers = [("content-type", "application/json")] + (key.map { [("idempotency-key", $0)] } ?? [])
    let ask = HTTPAsk(method, target, headers: headers, body: Array(body.utf8))
    while true {
      if let answer = try? town.control.perform(ask, within: .seconds(5)) {
        if (200...201).contains(answer.status) { return town.tell() }
        // 503 while it starts or stops; anything else is a fault.
        guard answer.status == 503 else {
          Issue.record("\(method) \(target): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
          return
        }
      }
      town.nobodyListens()
    }
  }
}
