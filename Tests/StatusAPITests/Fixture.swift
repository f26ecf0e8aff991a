// A server on two sockets in a folder of its own, over records in memory and a convenor that notes what it is asked.
import Convening
import Coordination
import Foundation
import Logging
import SchemaWalk
import ServiceLifecycle
import StatusAPI
import Synchronization
import Testing
import Wire

let caseReference = "CASE-77-SECRET"
let joinLink = "JOIN-SECRET"
let reminderBody = "BODY-SECRET"
let noon = Instant("2026-11-23T12:00:00Z")!
let someDiscussion = DiscussionID("7Q2F-M9KD")!

let policy = Policy(
  id: "leeds", from: CivilDate("2026-01-01")!, required: ["social-care", "police", "health"],
  counting: [.inPerson, .video, .phoneLive], decisionRecorded: .minutes(15),
  closeAfter: .elapsed(.days(20)), reasonWithoutAll: true,
  standard: Ladder(
    acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1),
    steps: [Step(name: "invite", when: .once, to: [.contact])]))
private let schemas = SchemaWalk(OpenAPI.json(version: "9.9.9"))

extension APIOperation {
  /// Whether a target, query and all, is one of its path.
  fileprivate func answers(_ target: Substring) -> Bool {
    let (own, given) = (path.split(separator: "/"), target.prefix { $0 != "?" }.split(separator: "/"))
    return own.count == given.count && zip(own, given).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }
}

let policyRef = PolicyRef(id: "leeds", edition: 1)

let arrangements = Arrangements(
  agencies: [
    Agency(id: "social-care", name: "Social Care", places: [.contact: [Holding(hours: nil, route: "desk")]]),
    Agency(id: "police", name: "Police", places: [.contact: [Holding(hours: nil, route: "unit")]]),
    Agency(
      id: "health", name: "Health",
      places: [
        .contact: [Holding(hours: office, route: "hub"), Holding(hours: nil, route: "nurse")],
        .deputy: [Holding(hours: nil, route: "nurse")],
      ]),
  ],
  coordinator: [Holding(hours: nil, route: "desk")],
  routes: [
    "desk": RouteCard(name: "desk", label: "Advice desk", phone: "0113 496 0100"),
    "unit": RouteCard(name: "unit", label: "Police unit", phone: nil),
    "hub": RouteCard(name: "hub", label: "Health hub", phone: "0113 496 0180"),
    "nurse": RouteCard(name: "nurse", label: "On-call nurse", phone: "0113 496 0188"),
  ],
  ring: [], source: "uk.gov.example.convened",
  calendar: WorkingCalendar(
    zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: [CivilDate("2026-12-25")!])))

private let office = OpenHours(
  days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .hours(8), until: .hours(17),
  openOnBankHolidays: false)

/// A discussion that was convened, reminded of, contributed to and decided without Health.
let story: [Event] = [
  .convened(
    Convene(
      meeting: .at(noon + .hours(2)), team: "duty", convenedBy: "team manager", join: joinLink,
      caseReference: caseReference, children: 2), .at(noon + .hours(2)),
    agencies: ["social-care", "police", "health"], policy: policyRef, firstBody: Fingerprint(high: 1, low: 2)),
  .ladderPlanned(
    "health", .convened,
    [
      Rung(
        step: "chase", message: .reminder, ifUnanswered: true, due: noon + .minutes(30), places: [.contact],
        stopAfter: noon + .hours(2))
    ]),
  .contributionRecorded("police", .phoneLive, byRole: "duty DS", via: .phone, occurred: noon + .minutes(5)),
]

func folded(_ events: [Event]) -> Discussion {
  entries(events).reduce(nil) { evolve($0, $1) }!
}

private func entries(_ events: [Event]) -> [Entry] {
  events.enumerated().map { index, event in
    Entry(
      stream: .discussion(someDiscussion), revision: index + 1, at: noon + .seconds(Int64(index)),
      actor: index == 1 ? nil : Actor(uid: 1001, pid: 4242), mark: nil, event: event)
  }
}

final class MemoryRecords: Records {
  private let lines = Mutex<[SealedLine]>([])
  /// What every reading throws.
  private let failure: (any Error)?

  init(_ events: [Event], failure: (any Error)? = nil) {
    self.failure = failure
    for entry in entries(events) { append(entry.stream.description, entry.revision, JournalLine.encode(entry)) }
  }

  @discardableResult
  func append(_ stream: String, _ revision: Int, _ line: String) -> Int {
    let salt = Salt(high: 1, low: 2)
    let digest = Chain.digest(salt, line)
    return lines.withLock { lines in
      lines.append(
        SealedLine(
          seq: lines.count + 1, stream: stream, revision: revision, line: line, salt: salt, digest: digest,
          chain: Chain.link(lines.last?.chain ?? .zero, digest)))
      return lines.count
    }
  }

  private var all: [SealedLine] {
    get throws {
      if let failure { throw failure }
      return lines.withLock { $0 }
    }
  }

  func lines(of stream: Convening.Stream) async throws -> [SealedLine] {
    try all.filter { $0.stream == stream.description }
  }

  func lines(after seq: Int, limit: Int) async throws -> [SealedLine] {
    Array(try all.filter { $0.seq > seq }.prefix(limit))
  }

  func discussions(_ query: DiscussionQuery) async throws -> [Rows] {
    // Twelve that differ by their meeting, an hour apart.
    let rows = (0..<12).map { index -> Rows in
      var rows = folded(story).rows(under: policy)
      rows.discussion.id = DiscussionID(bits: UInt64(index))
      rows.discussion.meetingAt = noon + .hours(Int64(index))
      return rows
    }
    let after = rows.filter { row in query.after.map { row.discussion.meetingAt > $0.meetingAt } ?? true }
      .filter { row in query.agency.map { agency in row.positions.contains { $0.agency == agency } } ?? true }
    return Array(after.filter { query.phase == nil || $0.discussion.phase == query.phase }.prefix(query.limit))
  }

  func decided(from: Instant, to: Instant) async throws -> [Decided] { [] }

  func counts(at now: Instant) async throws -> DiscussionCounts {
    if let failure { throw failure }
    return DiscussionCounts(byPhase: [.scheduled: 3, .held: 1, .closed: 9], overdue: 1, decidedWithoutAll: 2)
  }

  /// As they come: one that is due, one that is not, one with an outcome.
  func contacts(_ query: ContactQuery) async throws -> [ContactRow] {
    func contact(_ index: UInt64, _ due: Int64) -> ContactRow {
      ContactRow(
        id: ContactID(bits: index), team: "duty", receivedAt: noon - .hours(30), recordedAt: noon - .hours(29),
        reviewDue: noon + .hours(due), provisional: false)
    }
    var rows = [contact(0, -1), contact(1, 1), contact(2, 3)]
    (rows[2].outcome, rows[2].outcomeAt, rows[2].discussion) = (.nfa, noon - .hours(2), someDiscussion)
    let matching = rows.filter { row in
      if let after = query.after, (row.reviewDue, row.id) <= (after.reviewDue, after.id) { return false }
      return query.state == nil || row.state(at: query.now) == query.state
    }
    return Array(matching.prefix(query.limit))
  }

  func contacts(pastSince since: Instant, at now: Instant) async throws -> [ContactRow] {
    try await contacts(ContactQuery(now: now)).filter { $0.reviewDue <= now }
  }

  func contacts(receivedFrom from: Instant, to: Instant) async throws -> [ContactRow] { [] }

  func decisions() async throws -> [DecidedDiscussion] {
    folded(story).rows(under: policy).decided.map { decided in
      [DecidedDiscussion(id: someDiscussion, team: "duty", isLateEntry: false, decided: decided)]
    } ?? []
  }

  func frontDoor(at now: Instant) async throws -> FrontDoorCounts {
    if let failure { throw failure }
    return FrontDoorCounts(open: 2, due: 1, oldestDue: noon - .hours(1))
  }

  func size() async throws -> Int {
    if let failure { throw failure }
    return 4096
  }
}

/// What the convenor was asked, and what it answers.
final class FakeConvenor: Sendable {
  private let asked = Mutex<[Coordination.Request]>([])
  let reply: @Sendable (Coordination.Request) -> Coordination.Reply
  private let beats = Mutex<[AsyncStream<Int>.Continuation]>([])

  init(_ reply: @escaping @Sendable (Coordination.Request) -> Coordination.Reply) { self.reply = reply }

  var requests: [Coordination.Request] { asked.withLock { $0 } }

  func submit(_ request: Coordination.Request) -> Coordination.Reply {
    asked.withLock { $0.append(request) }
    return reply(request)
  }

  func heads() -> AsyncStream<Int> {
    let (stream, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
    beats.withLock { $0.append(continuation) }
    return stream
  }

  func beat(_ seq: Int) { for beat in beats.withLock({ $0 }) { beat.yield(seq) } }
}

/// Keeps what is logged: `error: a request failed`.
final class LogBook: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }
  var logger: Logger { Logger(label: "test") { _ in Writer(book: self) } }

  private struct Writer: LogHandler {
    let book: LogBook
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { book.lines.withLock { $0.append("\(event.level): \(event.message)") } }
  }
}

/// Where one change waits before the convenor hears of it.
final class Door: Sendable {
  private let arrivals = AsyncStream.makeStream(of: Void.self)
  private let opening = AsyncStream.makeStream(of: Void.self)

  /// Returns once a change stands before it.
  func isReached() async { for await _ in arrivals.stream { return } }

  func open() { opening.continuation.finish() }

  fileprivate func pass() async {
    arrivals.continuation.yield()
    for await _ in opening.stream {}
  }
}

func live(_ change: (inout Live) -> Void = { _ in }) -> Live {
  var live = Live(since: noon - .days(1))
  live.state = .ready
  live.arrangements = arrangements
  live.policies.adopt(policy, as: policyRef)
  live.seq = 3
  change(&live)
  return live
}

struct Running: Sendable {
  let status: String
  let control: String
  let server: Server
  let group: ServiceGroup
  let convenor: FakeConvenor
  let records: MemoryRecords

  /// One request on a connection of its own.
  func ask(_ path: String, _ text: String) async throws -> HTTPReply {
    let client = try RawClient(path)
    try await client.send(text)
    let reply = try await client.reply()
    try expectItsSchema(reply, to: text)
    return reply
  }

  /// Whatever a test is answered is as the OpenAPI document says.
  private func expectItsSchema(_ reply: HTTPReply, to request: String) throws {
    let parts = request.prefix { $0 != "\r\n" }.split(separator: " ")
    guard (200...202).contains(reply.status), reply.headers["content-type"] == "application/json", parts.count == 3,
      let operation = APIOperation.allCases.first(where: { $0.method == parts[0] && $0.answers(parts[1]) }),
      // The report here is no report: `ReportDocumentTests` looks at one.
      ![.report, .snapshot, .keepReport].contains(operation)
    else { return }
    #expect(schemas.faults(of: try reply.json, answering: operation) == [], "\(parts[0]) \(parts[1])")
  }

  func get(_ target: String, _ headers: [String] = []) async throws -> HTTPReply {
    try await ask(status, request("GET \(target)", headers))
  }

  func change(_ line: String, _ body: String? = nil, _ headers: [String] = []) async throws -> HTTPReply {
    try await ask(control, request(line, headers, body: body))
  }
}

/// Runs a server for as long as `body` takes; it is shut down, or cancelled, after it.
func withServer<T: Sendable>(
  _ events: [Event] = story, live: Live = live(), limits: SocketLimits = SocketLimits(), opened: Bool = true,
  failure: (any Error)? = nil, reload: ReloadAnswer = .done(warnings: []), cancelling: Bool = false,
  door: Door? = nil, book: LogBook = LogBook(),
  reply: @escaping @Sendable (Coordination.Request) -> Coordination.Reply = { _ in
    .discussion(folded(story), policy, created: false, replayed: false)
  },
  _ body: @escaping @Sendable (Running) async throws -> T
) async throws -> T {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("api-\(UUID().uuidString.prefix(8))")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") } }
  let (status, control) = (folder.path + "/status.sock", folder.path + "/control.sock")
  let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
  let server = Server(
    paths: Server.Paths(status: status, control: control), version: "9.9.9", limits: limits, logger: book.logger,
    now: { noon }, listening: { isReady.yield() })
  let (convenor, records) = (FakeConvenor(reply), MemoryRecords(events, failure: failure))
  if opened { server.open(desk(convenor, records, live, reload, door)) }
  let group = ServiceGroup(services: [server], logger: quiet)
  let running = Running(
    status: status, control: control, server: server, group: group, convenor: convenor, records: records)
  return try await withThrowingTaskGroup(of: T?.self) { tasks in
    tasks.addTask {
      do {
        try await group.run()
      } catch is CancellationError {}
      return nil
    }
    tasks.addTask {
      for await _ in ready { break }
      let result = try await body(running)
      if !cancelling { await group.triggerGracefulShutdown() }
      return result
    }
    var result: T?
    for try await one in tasks {
      result = one ?? result
      if one != nil, cancelling { tasks.cancelAll() }
    }
    return result!
  }
}

func desk(
  _ convenor: FakeConvenor, _ records: MemoryRecords, _ live: Live, _ reload: ReloadAnswer, _ door: Door? = nil
) -> Desk {
  Desk(
    submit: { request in
      await door?.pass()
      return convenor.submit(request)
    },
    live: { live }, heads: { convenor.heads() },
    reminders: { _, _, _ in [] },
    slots: { query, now in
      let circumstances = Circumstances(
        policies: live.policies, offered: Set(live.policies.editions.keys.map(\.id)),
        arrangements: live.arrangements ?? arrangements)
      do throws(Refusal) {
        return .success(try query.slots(at: now, circumstances, [folded(story)].compactMap(\.engagement)))
      } catch {
        return .failure(error)
      }
    },
    importing: { file, actor, dry, _ in
      var outcome = ImportOutcome()
      outcome.tally.new = file.rows.count
      if dry { return .imported(outcome) }
      return convenor.submit(Coordination.Request(.imports(file.rows), actor: actor))
    }, openDiscussions: { [DiscussionClocks(folded(story), under: nil)] }, records: records,
    report: { from, to, reader in
      [
        "schema": "convened.report/1", "from": JSON(text: from), "to": JSON(text: to), "reader": .string("\(reader)"),
      ]
    },
    reload: { _ in reload })
}

extension JSON {
  init(text moment: Instant) { self = .string(moment.description) }
}

private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
