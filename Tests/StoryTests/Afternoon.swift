// A day of the product, told to the second: the docket that ships on the journal that ships, with settings from a file, and
// the screens that convenectl would print. It posts nothing. What is sent about the one agency that the story follows has to be
// expected, each message, and the test says what comes back; all else is accepted as it goes out.
import Console
import Convening
import Coordination
import Foundation
import JournalSQLite
import Logging
import Settings
import Testing
import Wire

@testable import StatusAPI

/// Moments are local, "16:40:02", on the day; "Thu 16:00" on a day of the week before it, at most six days back.
final class Afternoon {
  /// A message that went out and that the test has not looked at yet.
  struct Sent {
    let at: Instant
    let send: Send
    let opening: Opening
  }

  let discussion = DiscussionID("7Q2F-M9KD")!
  private let day: CivilDate
  private let zone: CivilZone
  private let folder: URL
  private let settings: Settings
  private let journal: SQLiteJournal
  private let records: SQLiteRecords
  private var docket: Docket
  private var live: Live
  private var now: Instant
  /// Whose messages the test looks at, one by one.
  private let followed: AgencyID
  private var unseen: [Sent] = []
  private var openings: [ReminderID: Opening] = [:]
  private var replies: [Reply] = []
  private var ticket = 0

  /// - Parameters:
  ///   - day: on which the story is told.
  ///   - start: when the daemon starts.
  ///   - name: the settings, a file beside this one.
  ///   - agency: whose messages are expected one by one.
  init(on day: String, daemonStarts start: String, settings name: String, following agency: AgencyID) throws {
    followed = agency
    self.day = CivilDate(day)!
    zone = CivilZone(name: "Europe/London")!
    folder = FileManager.default.temporaryDirectory.appending(path: "convened-story-\(UUID().uuidString)")
    settings = try Afternoon.load(name, in: folder)
    journal = try SQLiteJournal(path: settings.journal)
    records = try SQLiteRecords(path: settings.journal)
    docket = Docket(arrangements: settings.arrangements, lots: Lots(seed: 7))
    now = Instant(milliseconds: 0)
    live = Live(since: now)
    now = moment(start)
    live = Live(since: now)
    turn([.started(version: "1.0.0"), .arranged(settings.arrangements, settings.policies)])
  }

  deinit {
    journal.close()
    do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder)") }
  }

  /// The file beside this one, the bank holidays that ship, and a secret of its own for each name.
  private static func load(_ name: String, in folder: URL) throws -> Settings {
    let here = URL(filePath: #filePath).deletingLastPathComponent()
    let secrets = folder.appending(path: "secrets")
    try FileManager.default.createDirectory(
      at: secrets, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let text = try String(contentsOf: here.appending(path: name), encoding: .utf8)
    let file = folder.appending(path: name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.copyItem(
      at: here.appending(path: "../../Config/bank-holidays.json"), to: folder.appending(path: "bank-holidays.json"))
    for (number, secret) in text.matches(of: /secret: \[([^\]]+)\]/).flatMap({ $0.1.split(separator: ", ") })
      .enumerated()
    {
      let key = Data(repeating: UInt8(number + 1), count: 24).base64EncodedString()
      try write("whsec_\(key)", to: secrets.appending(path: String(secret)))
    }
    for address in text.matches(of: /url_from: ([a-z.-]+)/).map(\.1) {
      try write("https://hook.leeds.example/\(address)?sig=1", to: secrets.appending(path: String(address)))
    }
    switch Settings.load(path: file.path, credentials: nil) {
    case .success(let settings): return settings
    case .failure(let faults): throw faults
    }
  }

  private static func write(_ text: String, to file: URL) throws {
    try text.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
  }

  // MARK: - Time

  func moment(_ text: String) -> Instant {
    let parts = text.split(separator: " ")
    let numbers = parts.last!.split(separator: ":").map { Int64($0)! }
    let time = Elapsed.seconds(numbers[0] * 3600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0))
    let date = parts.count == 1 ? day : (1...6).map { day.adding(days: -$0) }.first { $0.weekday.rawValue == parts[0] }!
    return zone.moments(date, time)[0]
  }

  private func run(until end: Instant) {
    while let next = docket.attention, next <= end {
      now = max(now, next)
      turn([])
    }
    now = max(now, end)
  }

  /// What the convenor does in each step, with this test as the courier.
  private func turn(_ inputs: [Input]) {
    docket.gatherDue(at: now)
    let turn = docket.plan(inputs, at: now)
    #expect(journal.append(turn.lines, turn.rows, turn.contactRows) == .done)
    docket.apply(turn, at: now)
    for entry in turn.entries {
      if case .attemptBegan(let id, _, _, let opening?) = entry.event { openings[id] = opening }
    }
    replies += turn.replies.map(\.reply)
    let sent = turn.sends.map { Sent(at: now, send: $0, opening: openings[$0.delivery.reminder]!) }
    unseen += sent.filter { isFollowed($0) }
    live = docket.live(live, at: now)
    live.state = .ready
    let others = sent.filter { !isFollowed($0) }
    if !others.isEmpty { self.turn(others.map { ended($0, 200, nil) }) }
  }

  /// Of that agency, or to a team's convener at a hand-over.
  private func isFollowed(_ sent: Sent) -> Bool { sent.opening.agency == followed || sent.opening.team != nil }

  private func ended(_ sent: Sent, _ status: Int, _ request: String?) -> Input {
    let delivery = sent.send.delivery
    return .attemptEnded(
      sent.send.matter, delivery.reminder, attempt: delivery.attempt,
      Answer(verdict: status < 300 ? .accepted : .retry, status: status, tookMilliseconds: 40, requestID: request))
  }

  // MARK: - What goes out and what comes back

  /// At that moment, within a second, one message goes to the route, and this comes back at once.
  @discardableResult
  func sends(
    _ moment: String, _ route: RouteName, _ message: Message, answered status: Int = 200, request: String? = nil,
    from location: SourceLocation = #_sourceLocation
  ) throws -> JSON {
    let at = self.moment(moment)
    while !unseen.contains(where: { $0.send.delivery.route == route && $0.opening.message == message }),
      let next = docket.attention, next < at + .seconds(1)
    {
      run(until: next)
    }
    let place = try #require(
      unseen.firstIndex { $0.send.delivery.route == route && $0.opening.message == message },
      "nothing like it went to \(route); unseen: \(words)", sourceLocation: location)
    let sent = unseen.remove(at: place)
    #expect(sent.at >= at && sent.at < at + .seconds(1), "sent at \(zone.wall(sent.at))", sourceLocation: location)
    turn([ended(sent, status, request)])
    return try JSON(parsing: sent.send.delivery.body)
  }

  /// Nothing else went out, nor does until then.
  func isQuiet(until moment: String, from location: SourceLocation = #_sourceLocation) {
    run(until: self.moment(moment) - Elapsed(milliseconds: 1))
    let rest = words
    unseen = []
    #expect(rest == "", "also sent", sourceLocation: location)
  }

  private var words: String {
    unseen.map { sent in
      let time = Clock(zone: zone, now: now).seconds(sent.at)
      return
        "\(time) \(sent.send.delivery.route) \(sent.opening.message) of \(sent.opening.agency) (\(sent.opening.step))"
    }.joined(separator: ", ")
  }

  // MARK: - What people do

  func convenes(_ id: DiscussionID, at moment: String, _ convene: Convene) throws {
    try asks(.convene(id, convene, firstBody: Fingerprint(high: id.bits, low: 0)), at: moment)
  }

  func does(
    _ command: Command, at moment: String, to id: DiscussionID? = nil, from location: SourceLocation = #_sourceLocation
  ) throws {
    try asks(.change(id ?? discussion, command), at: moment, from: location)
  }

  private func asks(
    _ change: Request.Change, at moment: String, from location: SourceLocation = #_sourceLocation
  ) throws {
    run(until: self.moment(moment) - Elapsed(milliseconds: 1))
    now = self.moment(moment)
    ticket += 1
    turn([
      .request(Request(change, actor: Actor(uid: 1001, pid: 4242), mark: nil, ifMatch: nil), ticket: ticket, .init())
    ])
    let reply = try #require(replies.last, sourceLocation: location)
    if case .refused(let refusal) = reply { Issue.record("refused: \(refusal.sentence)", sourceLocation: location) }
  }

  // MARK: - The screens

  /// `convenectl status`
  func status(at moment: String) async throws -> [String] {
    let (routes, desk) = looking(at: moment)
    return StatusText(try await routes.status(desk, on: .status).json, page: page).lines
  }

  /// `convenectl plan`
  func plan(at moment: String) async throws -> [String] {
    _ = looking(at: moment)
    let state = try #require(docket.discussions[discussion])
    let sends = Plan.future(
      of: state, policies: live.policies, arrangements: settings.arrangements, stopped: [], from: now)
    return DiscussionText(page: page).plan(
      PlanDocument.json(discussion, at: now, sends.map(\.document), in: settings.arrangements.calendar),
      id: discussion.description)
  }

  /// `convenectl show`
  func show(at moment: String) async throws -> [String] {
    _ = looking(at: moment)
    let state = try #require(docket.discussions[discussion])
    let policy = try #require(live.policies[state.policy])
    return DiscussionText(page: page).show(DiscussionDocument.json(state, policy: policy, for: .status))
  }

  /// `convenectl timeline`
  func timeline(at moment: String) async throws -> [String] {
    _ = looking(at: moment)
    let lines = try await records.lines(of: .discussion(discussion))
    let letters = try await records.letters(of: discussion, lines)
    return TimelineText(TimelineDocument.json(discussion, lines, letters: letters, for: .status), page: page).text
  }

  /// With the settings' names, as convenectl asks for them.
  private var page: Page {
    let names = AgenciesDocument.json(settings.arrangements, at: now, routes: [:], pulses: [:], for: .status)
    return Page(clock: Clock(zone: zone, now: now), paint: Paint(isOn: false), names: Names(names))
  }

  private func looking(at moment: String) -> (Routes, Desk) {
    run(until: self.moment(moment))
    live = docket.live(live, at: now)
    let (live, docket, now) = (live, docket, now)
    let routes = Routes(
      reception: Reception(), version: "1.0.0", since: live.since, limits: SocketLimits(), now: { now }, tally: Tally(),
      seats: Seats(1), logger: Logger(label: "story"))
    let desk = Desk(
      submit: { _ in .refused(.busy) }, live: { live }, heads: { AsyncStream { $0.finish() } },
      reminders: { _, _, _ in [] }, slots: { _, _ in .failure(.busy) }, importing: { _, _, _, _ in .refused(.busy) },
      openDiscussions: { [] }, clocksPassed: { docket.clocksPassed(at: $0) }, records: records,
      report: { _, _, _ in nil }, reload: { _ in .refused(faults: []) })
    return (routes, desk)
  }
}
