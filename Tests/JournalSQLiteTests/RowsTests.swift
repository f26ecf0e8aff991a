// Rows are disposable: the entries say what they should be, somebody who altered them is found out, and they can be made
// anew.
import Convening
import Coordination
import Foundation
import GRDB
import JournalConformance
import Synchronization
import Testing
import Wire

@testable import JournalSQLite

@Suite struct RowsTests {
  private let folder: URL
  private var path: String { folder.appending(path: "journal.sqlite").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "rows-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Three discussions: one scheduled, one decided without an agency, one closed.
  private func written() throws {
    let journal = try SQLiteJournal(path: path)
    var docket = Docket(arrangements: Self.town)
    func turn(_ inputs: [Input], at now: Instant) {
      docket.gatherDue(at: now)
      let turn = docket.plan(inputs, at: now)
      #expect(journal.append(turn.lines, turn.rows) == .done)
      docket.apply(turn, at: now)
    }
    func request(_ change: Request.Change) -> Input {
      .request(Request(change, actor: Actor(uid: 1, pid: 1)), ticket: 1, .init())
    }
    turn([.started(version: "1"), .arranged(Self.town, [Self.policy])], at: Self.start)
    for number in UInt64(1)...3 {
      let convene = Convene(meeting: .at(Self.start + .hours(5)), team: "duty", convenedBy: "team manager")
      turn(
        [request(.convene(DiscussionID(bits: number), convene, firstBody: Fingerprint(high: number, low: 0)))],
        at: Self.start)
    }
    for number in UInt64(2)...3 {
      let decision = Decision(outcome: .nfa, byRole: "chair", reason: "R1")
      turn([request(.change(DiscussionID(bits: number), .decide(decision)))], at: Self.start + .hours(6))
    }
    turn([request(.change(DiscussionID(bits: 3), .close))], at: Self.start + .hours(7))
    journal.close()
  }

  private static let start = Instant("2026-11-24T08:00:00Z")!
  private static let town = Arrangements(
    agencies: [Agency(id: "police", name: "Police", places: [:])], coordinator: [], routes: [:], ring: [],
    source: "example",
    calendar: WorkingCalendar(zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: [])))
  private static let policy = Policy(
    id: "p", from: CivilDate("2026-01-01")!, required: ["police"], counting: [.phoneLive],
    decisionRecorded: .minutes(15), closeAfter: .workingDays(3), reasonWithoutAll: true,
    standard: Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1),
      steps: [Step(name: "ask", when: .once, to: [.contact])]))

  private func fold(_ records: SQLiteRecords) throws -> JournalFold {
    var fold = JournalFold()
    var faults: [LineFault] = []
    try records.forEachBatch(of: 2) { batch in
      do throws(LineFault) { try fold.take(batch.lines) } catch { faults.append(error) }
    }
    #expect(faults == [])
    return fold
  }

  private func differing() throws -> [DiscussionID] {
    let records = try SQLiteRecords(offline: path)
    defer { #expect(throws: Never.self) { try records.close() } }
    return try fold(records).differing(from: try records.allRows())
  }

  /// What reads it holds the journal's lock as long as it lives.
  private func rightRows() throws -> [Rows] {
    let records = try SQLiteRecords(offline: path)
    return try fold(records).rows(keeping: try records.allRows())
  }

  @Test func rowsOfWhatWasErasedOutlastARebuild() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try written()
    let stored = try SQLiteRecords(offline: path).allRows()
    // The entries of the second discussion say nothing any more; the third's rows are altered.
    try DatabaseQueue(path: path).write { db in
      try db.execute(
        sql: """
          UPDATE entry SET line = NULL, salt = NULL WHERE stream = (SELECT stream FROM entry WHERE line LIKE ?);
          UPDATE discussion_row SET phase = 'decided' WHERE number = 3;
          """, arguments: ["%\(DiscussionID(bits: 2))\"%\"event\":\"convened\"%"])
    }
    #expect(try differing() == [DiscussionID(bits: 3)])
    let right = try rightRows()
    #expect(Set(right) == Set(stored))
    let journal = try SQLiteJournal(path: path)
    #expect(journal.rebuild(right) == .done)
    journal.close()
    #expect(try Set(SQLiteRecords(offline: path).allRows()) == Set(stored))
  }

  @Test(
    arguments: [
      ("SELECT 1", []),
      ("UPDATE position_row SET counts = 1 WHERE discussion = 2", [2]),
      ("UPDATE discussion_row SET quorate = 1 WHERE decided_at IS NOT NULL", [2, 3]),
      ("DELETE FROM discussion_row WHERE number = 3", [3]),
      ("UPDATE discussion_row SET id = 77 WHERE number = 1", [1, 77]),
    ] as [(String, [UInt64])]) func rowsThatSomebodyAlteredAreNamedAndMadeAnew(sql: String, expected: [UInt64]) throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    try written()
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    #expect(try differing() == expected.map { DiscussionID(bits: $0) })
    let rows = try rightRows()
    #expect(rows.map(\.discussion.phase) == [.scheduled, .decided, .closed])
    let journal = try SQLiteJournal(path: path)
    #expect(journal.rebuild(rows) == .done)
    journal.close()
    #expect(try differing() == [])
  }

  // MARK: - A file of an older version

  /// As version 1 made it, whose rows were fewer, and other than they should be by now.
  private func makeOld(_ more: String = "") throws {
    try DatabaseQueue(path: path).write { db in
      try db.execute(
        sql: """
          DROP TABLE decided_row;
          DROP TABLE front_door_row;
          ALTER TABLE discussion_row DROP COLUMN timing;
          UPDATE position_row SET counts = 1;
          CREATE INDEX discussion_by_decision ON discussion_row(decided_at, id) WHERE decided_at IS NOT NULL;
          PRAGMA user_version = 1;
          \(more)
          """)
    }
  }

  private func version() throws -> Int? {
    let queue = try DatabaseQueue(path: path)
    return try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
  }

  @Test func rowsOfAnOlderFileAreMadeAnewWhereItIsOpened() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try written()
    let stored = try SQLiteRecords(offline: path).allRows()
    #expect(stored.compactMap(\.decided).count == 2)
    try makeOld()
    // What looks at it without a daemon changes nothing, and says that its rows are not what they should be.
    #expect(throws: JournalFault.self) { try SQLiteRecords(offline: path).allRows() }
    #expect(try version() == 1)
    // Whoever waits for it hears how far it is.
    let read = Mutex<[Int]>([])
    let journal = try SQLiteJournal(path: path) { seq in read.withLock { $0.append(seq) } }
    let entries = try await DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT max(seq) FROM entry") }
    #expect(read.withLock { $0.last } == entries)
    let records = try SQLiteRecords(path: path)
    #expect(try records.allRows() == stored)
    #expect(try await records.decided(from: Self.start, to: Self.start + .days(1)).count == 2)
    try records.close()
    journal.close()
    #expect(try version() == Schema.version)
    // Once.
    let again = try SQLiteJournal(path: path)
    again.close()
    #expect(try differing() == [])
    let queue = try DatabaseQueue(path: path)
    let names = try await queue.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") }
    #expect(!names.contains { $0.hasPrefix("old_") || $0 == "discussion_by_decision" })
  }

  @Test func whatIsLeftOfErasedEntriesIsCarriedOver() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try written()
    let stored = try SQLiteRecords(offline: path).allRows()
    let erased =
      "UPDATE entry SET line = NULL, salt = NULL WHERE stream = (SELECT id FROM stream WHERE name LIKE '%\(DiscussionID(bits: 2))');"
    try makeOld("UPDATE position_row SET counts = 0; \(erased)")
    try SQLiteJournal(path: path).close()
    let rows = try SQLiteRecords(offline: path).allRows()
    #expect(Set(rows.map(\.discussion)) == Set(stored.map(\.discussion)))
    let left = try #require(rows.first { $0.discussion.id == DiscussionID(bits: 2) }?.decided)
    #expect(left.decidedAt == stored[1].discussion.decidedAt && !left.isWhole)
    #expect(left.agencies.map(\.part) == [.absent])
  }

  @Test func anOlderFileWithALineOfANewerVersionStaysAsItIs() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var sealer = Sealer()
    let line = sealer.line("daemon", event: "dreamt", data: "{}")
    let journal = try SQLiteJournal(path: path)
    #expect(journal.append([line], []) == .done)
    journal.close()
    try makeOld()
    #expect(throws: JournalFault.self) { try SQLiteJournal(path: path) }
    #expect(try version() == 1)
  }
}
