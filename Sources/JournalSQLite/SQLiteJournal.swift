// The journal in SQLite: one connection that writes and checkpoints, one transaction and one fsync a turn, a lock that keeps
// every other process out (two writers can corrupt a WAL database of SQLite before 3.51.3). A failed fsync is never retried.
import Convening
import Coordination
import Foundation
internal import GRDB
import Glibc
import Wire

public final class SQLiteJournal: Journal {
  private let queue: DatabaseQueue
  private let lock: Int32
  private let ballast: Ballast
  private var streams = StreamNumbers()
  private var lastStream: Int64 = 0
  /// Pages in the write-ahead log after which the writer checkpoints.
  private static let checkpointPages = 4000

  /// Opens the journal, or makes it. Its folder must exist.
  ///
  /// Throws: `JournalFault` where it is in use, of a newer version, or damaged.
  public init(path: String) throws {
    lock = try Self.takeLock(path)
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      configuration.foreignKeysEnabled = false
      configuration.label = "journal"
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { db in try Self.prepare(db) }
      lastStream = try queue.inDatabase { db in try Int64.fetchOne(db, sql: "SELECT max(id) FROM stream") ?? 0 }
    } catch let error as DatabaseError {
      Glibc.close(lock)
      throw JournalFault("the journal \(path) cannot be opened: \(error.resultCode.why). Restore it from a backup.")
    } catch {
      Glibc.close(lock)
      throw error
    }
    ballast = Ballast(path: path + ".ballast")
  }

  private static func takeLock(_ path: String) throws -> Int32 {
    let descriptor = Glibc.open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw JournalFault(
        "the journal's folder cannot be written: \(String(cString: strerror(errno))). Check \(path)'s folder.")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Glibc.close(descriptor)
      throw JournalFault("another convened is using the journal \(path). Stop it first.")
    }
    return descriptor
  }

  private static func prepare(_ db: Database) throws {
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard version <= Schema.version else {
      throw JournalFault("the journal was written by a newer convened (format \(version)). Install that version again.")
    }
    try db.execute(sql: "PRAGMA journal_mode = WAL")
    try db.execute(sql: "PRAGMA synchronous = FULL")
    try db.execute(sql: "PRAGMA secure_delete = ON")
    try db.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointPages)")
    guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
      throw JournalFault("SQLite did not take synchronous=FULL: what is recorded would not be safe.")
    }
    if version == 0 {
      try db.inTransaction {
        try db.execute(sql: Schema.statements)
        try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
        return .commit
      }
    }
  }

  public func append(_ lines: [SealedLine], _ rows: [Rows]) -> Appended {
    do {
      try queue.inDatabase { db in
        try db.inTransaction {
          for line in lines { try insert(line, db) }
          for rows in rows { try replace(rows, db) }
          return .commit
        }
      }
      return .done
    } catch let error as DatabaseError {
      streams.forget()
      switch error.resultCode {
      case .SQLITE_FULL: return .full
      default:
        return .broken("the journal cannot be written: \(error.resultCode.why) (\(error.extendedResultCode.rawValue))")
      }
    } catch {
      return .broken("the journal cannot be written")
    }
  }

  private func insert(_ line: SealedLine, _ db: Database) throws {
    let stream = try number(of: line.stream, db)
    let statement = try db.cachedStatement(
      sql: "INSERT INTO entry(seq, docket, stream, revision, line, salt, digest, chain) VALUES (?, 1, ?, ?, ?, ?, ?, ?)"
    )
    try statement.execute(arguments: [
      line.seq, stream, line.revision, line.line, line.salt.map { Data($0.bytes) }, Data(line.digest.bytes),
      Data(line.chain.bytes),
    ])
  }

  private func number(of name: String, _ db: Database) throws -> Int64 {
    if let known = streams[name] { return known }
    let select = try db.cachedStatement(sql: "SELECT id FROM stream WHERE name = ?")
    if let found = try Int64.fetchOne(select, arguments: [name]) {
      streams[name] = found
      return found
    }
    let insert = try db.cachedStatement(sql: "INSERT INTO stream(name) VALUES (?)")
    try insert.execute(arguments: [name])
    streams[name] = db.lastInsertedRowID
    return db.lastInsertedRowID
  }

  public func lines(of stream: Convening.Stream) throws -> [SealedLine] {
    try queue.inDatabase { db in try SealedLine.fetch(db, of: stream) }
  }

  public func forEachBatch(of size: Int, _ body: ([SealedLine]) throws -> Void) throws {
    var last = 0
    while true {
      let lines = try queue.inDatabase { db in try SealedLine.fetch(db, after: last, limit: size) }
      guard let end = lines.last?.seq else { return }
      try body(lines)
      last = end
    }
  }

  public func releaseBallast() -> Bool { ballast.release() }

  public func close() {
    do {
      try queue.inDatabase { db in _ = try db.checkpoint(.truncate) }
      try queue.close()
    } catch {
      // Everything that was told to anybody is in the write-ahead log: the next start reads it.
    }
    Glibc.close(lock)
  }
}
