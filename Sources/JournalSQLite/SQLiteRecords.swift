// Reads of the journal while the daemon runs: connections of their own that never write and never checkpoint, so that no
// list and no report ever delays a turn.
import Convening
import Coordination
import Foundation
internal import GRDB
import Wire

public final class SQLiteRecords: Records {
  private let readers: [DatabaseQueue]

  /// Opens the file for reading; the journal must exist. Throws: `JournalFault`.
  public init(path: String, connections: Int = 2) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.label = "records"
    do {
      readers = try (0..<connections).map { _ in try DatabaseQueue(path: path, configuration: configuration) }
    } catch let error as DatabaseError {
      throw JournalFault("the journal \(path) cannot be read: \(error.resultCode.why).")
    }
  }

  /// Lists take the first connection, long reads of lines the last: neither waits for the other.
  private var lists: DatabaseQueue { readers[0] }
  private var reels: DatabaseQueue { readers[readers.count - 1] }

  public func lines(of stream: Convening.Stream) async throws -> [SealedLine] {
    try await lists.read { db in try SealedLine.fetch(db, of: stream) }
  }

  public func lines(after seq: Int, limit: Int) async throws -> [SealedLine] {
    try await reels.read { db in try SealedLine.fetch(db, after: seq, limit: limit) }
  }

  public func discussions(_ query: DiscussionQuery) async throws -> [Rows] {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    if let phase = query.phase {
      conditions.append("phase = ?")
      arguments += [phase.rawValue]
    }
    if let due = query.dueBefore {
      conditions.append("meeting_at < ?")
      arguments += [due.milliseconds]
    }
    if let agency = query.agency {
      conditions.append("EXISTS (SELECT 1 FROM position_row WHERE agency = ? AND discussion = discussion_row.id)")
      arguments += [agency.text]
    }
    if let after = query.after {
      conditions.append("(meeting_at, id) > (?, ?)")
      arguments += [after.meetingAt.milliseconds, after.id.description]
    }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let sql = "SELECT * FROM discussion_row \(filter) ORDER BY meeting_at, id LIMIT ?"
    let complete = arguments + [query.limit]
    return try await lists.read { db in try Rows.fetch(db, sql: sql, arguments: complete) }
  }

  public func decided(from: Instant, to: Instant) async throws -> [Rows] {
    let sql = "SELECT * FROM discussion_row WHERE decided_at >= ? AND decided_at < ? ORDER BY decided_at, id"
    return try await reels.read { db in
      try Rows.fetch(db, sql: sql, arguments: [from.milliseconds, to.milliseconds])
    }
  }

  public func counts(at now: Instant) async throws -> DiscussionCounts {
    try await lists.read { db in
      var byPhase: [Phase: Int] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT phase, count(*) FROM discussion_row GROUP BY phase") {
        if let phase = Phase(rawValue: row[0]) { byPhase[phase] = row[1] }
      }
      let overdue =
        "SELECT count(*) FROM discussion_row WHERE phase = 'scheduled' AND meeting_at + duration_min * 60000 < ?"
      let withoutAll = "SELECT count(*) FROM discussion_row WHERE phase IN ('decided', 'circulated') AND quorate = 0"
      return DiscussionCounts(
        byPhase: byPhase, overdue: try Int.fetchOne(db, sql: overdue, arguments: [now.milliseconds]) ?? 0,
        decidedWithoutAll: try Int.fetchOne(db, sql: withoutAll) ?? 0)
    }
  }

  public func size() async throws -> Int {
    try await lists.read { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      return pages * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
    }
  }
}
