// Everything that is read while the daemon runs, over two connections that never write and never checkpoint: one for
// lists, one for reports and exports, so that a year's report stands in nobody's way. Also reads the journal of a daemon
// that is down, and refuses while one runs.
import Convening
import Coordination
import GRDB
import Glibc
import Wire

public final class SQLiteRecords: Records {
  private let path: String
  private let lists: DatabaseQueue
  private let reports: DatabaseQueue
  /// Held while no daemon may start.
  private let lock: JournalLock?

  /// Beside a `SQLiteJournal` that this process has open at the same path.
  /// Throws: `JournalFault`.
  public convenience init(path: String) throws { try self.init(path: path, lock: nil) }

  /// For a daemon that is down. No daemon can start on it while this lives.
  /// Throws: `JournalFault.inUse` while one runs, `.missing`, `.newer`, `.foreign`, `.broken`.
  public convenience init(offline path: String) throws {
    guard access(path, F_OK) == 0 else { throw JournalFault.missing(path: path) }
    try self.init(path: path, lock: try JournalLock.shared(beside: path))
  }

  private init(path: String, lock: JournalLock?) throws {
    (self.path, self.lock) = (path, lock)
    do {
      lists = try Schema.reader(at: path, label: "convened.records.lists")
      reports = try Schema.reader(at: path, label: "convened.records.reports")
    } catch {
      throw JournalFault(error)
    }
  }

  /// Waits for the reads under way. Close it before the journal, whose last checkpoint waits for no reader.
  /// Throws: `JournalFault`.
  public func close() throws {
    do {
      try lists.close()
      try reports.close()
    } catch {
      throw JournalFault(error)
    }
  }

  public func lines(of stream: Stream) async throws -> [SealedLine] {
    try await read(lists) { try $0.lines(of: stream) }
  }

  public func lines(after seq: Int, limit: Int) async throws -> [SealedLine] {
    try await read(reports) { db in
      var names = StreamNames()
      return try db.lines(after: seq, limit: limit, &names).lines
    }
  }

  /// The whole journal in its order, for one who waits for it.
  /// Throws: `JournalFault`.
  public func forEachBatch(of size: Int, _ body: (LinkedLines) -> Void) throws {
    do {
      var names = StreamNames()
      var last = 0
      while true {
        let batch = try reports.read { try $0.lines(after: last, limit: size, &names) }
        guard let seq = batch.lines.last?.seq else { return }
        body(batch)
        last = seq
      }
    } catch {
      throw JournalFault(error)
    }
  }

  /// Every discussion's rows, for one who waits for them.
  /// Throws: `JournalFault`.
  public func allRows() throws -> [Rows] {
    do { return try reports.read { try $0.allRows() } } catch { throw JournalFault(error) }
  }

  /// Where each stream is kept as ending.
  /// Throws: `JournalFault`.
  public func streamEnds() throws -> [StreamEnd] {
    do { return try reports.read { try $0.streamEnds() } } catch { throw JournalFault(error) }
  }

  public func discussions(_ query: DiscussionQuery) async throws -> [Rows] {
    try await read(lists) { db in
      let search = DiscussionSearch(query)
      let statement = Prepared(try db.cachedStatement(sql: search.sql))
      search.bind(to: statement)
      return try RowReader(db).all(statement)
    }
  }

  public func decided(from: Instant, to: Instant) async throws -> [Decided] {
    try await read(reports) { db in
      let statement = Prepared(
        try db.cachedStatement(
          sql: "SELECT facts FROM decided_row WHERE decided_at >= ? AND decided_at < ? ORDER BY decided_at, discussion")
      )
      statement.bind(1, from.milliseconds)
      statement.bind(2, to.milliseconds)
      defer { statement.reset() }
      let count = Prepared(
        try db.cachedStatement(sql: "SELECT count(*) FROM decided_row WHERE decided_at >= ? AND decided_at < ?"))
      count.bind(1, from.milliseconds)
      count.bind(2, to.milliseconds)
      var (rows, reader) = ([Decided](), DecidedReader())
      // Growing would copy all that was read again and again.
      rows.reserveCapacity(Int(try count.first() ?? 0))
      while try statement.step() { rows.append(try reader.read(statement.blob(0))) }
      return rows
    }
  }

  /// Every contact's row, for one who waits for them.
  /// Throws: `JournalFault`.
  public func allContactRows() throws -> [ContactRow] {
    do { return try reports.read { try $0.allContactRows() } } catch { throw JournalFault(error) }
  }

  public func contacts(_ query: ContactQuery) async throws -> [ContactRow] {
    try await read(lists) { db in
      let search = ContactSearch(query)
      let statement = Prepared(try db.cachedStatement(sql: search.sql))
      search.bind(to: statement)
      return try ContactSearch.all(statement)
    }
  }

  public func contacts(pastSince since: Instant, at now: Instant) async throws -> [ContactRow] {
    try await contacts(
      "review_due <= ?1 AND (state = 'open' OR review_due >= ?2) ORDER BY review_due, id", now, since)
  }

  public func contacts(receivedFrom from: Instant, to: Instant) async throws -> [ContactRow] {
    try await contacts("received_at < ?1 AND received_at >= ?2 ORDER BY received_at, id", to, from)
  }

  private func contacts(_ condition: String, _ one: Instant, _ two: Instant) async throws -> [ContactRow] {
    try await read(reports) { db in
      let sql = "SELECT \(ContactSearch.columns) FROM front_door_row WHERE \(condition)"
      let statement = Prepared(try db.cachedStatement(sql: sql))
      statement.bind(1, one.milliseconds)
      statement.bind(2, two.milliseconds)
      return try ContactSearch.all(statement)
    }
  }

  public func decisions() async throws -> [DecidedDiscussion] {
    try await read(reports) { db in
      let statement = Prepared(
        try db.cachedStatement(
          sql: """
            SELECT d.id, d.team, d.timing, r.facts FROM decided_row r JOIN discussion_row d ON d.number = r.discussion
            ORDER BY r.decided_at, r.discussion
            """))
      defer { statement.reset() }
      var (rows, reader) = ([DecidedDiscussion](), DecidedReader())
      while try statement.step() {
        guard let team = TeamID(statement.string(1)) else { throw JournalFault.damagedRow }
        let timing: Timing = try statement.word(2)
        rows.append(
          DecidedDiscussion(
            id: DiscussionID(bits: UInt64(bitPattern: statement.int64(0))), team: team,
            isLateEntry: timing == .lateEntry, decided: try reader.read(statement.blob(3))))
      }
      return rows
    }
  }

  public func frontDoor(at now: Instant) async throws -> FrontDoorCounts {
    try await read(lists) { try $0.frontDoorCounts(at: now) }
  }

  public func counts(at now: Instant) async throws -> DiscussionCounts {
    try await read(lists) { db in
      var byPhase: [Phase: Int] = [:]
      let phases = Prepared(try db.cachedStatement(sql: "SELECT phase, count(*) FROM discussion_row GROUP BY phase"))
      defer { phases.reset() }
      while try phases.step() { byPhase[try phases.word(0)] = phases.int(1) }
      let overdue = Prepared(
        try db.cachedStatement(
          sql: """
            SELECT count(*) FROM discussion_row
            WHERE phase = 'scheduled' AND meeting_at < ?1 AND meeting_at + 60000 * duration_minutes < ?1
            """))
      overdue.bind(1, now.milliseconds)
      let withoutAll = Prepared(
        try db.cachedStatement(
          sql: "SELECT count(*) FROM discussion_row WHERE quorate = 0 AND phase NOT IN ('closed', 'cancelled')"))
      return DiscussionCounts(
        byPhase: byPhase, overdue: Int(try overdue.first() ?? 0),
        decidedWithoutAll: Int(try withoutAll.first() ?? 0))
    }
  }

  /// Of the file and its log, in bytes.
  /// Throws: `JournalFault`.
  public func size() async throws -> Int {
    try ["", "-wal"].reduce(0) { total, suffix in
      var status = stat()
      guard stat(path + suffix, &status) == 0 else {
        if errno == ENOENT { return total }
        throw JournalFault.system("the journal's file cannot be measured")
      }
      return total + Int(status.st_size)
    }
  }

  private func read<T: Sendable>(_ queue: DatabaseQueue, _ body: @Sendable (Database) throws -> T) async throws -> T {
    do {
      return try await queue.read(body)
    } catch let error as CancellationError {
      throw error
    } catch {
      throw JournalFault(error)
    }
  }
}
