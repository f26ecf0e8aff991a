// The journal in one SQLite file: one connection that writes, in write-ahead mode, synced at each commit. Checkpoints
// run on that same connection behind the turns, so a commit never pays for one that nobody waits for. Used on the loop
// alone. What failed once (an fsync, a page) is never tried again: the process must end.
import Convening
import Coordination
import GRDB
import GRDBSQLite
import Glibc
import Synchronization
import Wire

public final class SQLiteJournal: Journal {
  /// Of the system's SQLite: "3.40.1".
  public static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  /// Pages of 4 KiB in the log after which it is copied into the file.
  private static let pagesBetweenCheckpoints = 4000

  /// What a checkpoint, which runs between turns, has to tell the next turn.
  private final class Trouble: Sendable {
    let fault = Mutex<JournalFault?>(nil)
  }

  /// The prepared statements.
  private struct Statements {
    var entries: EntryWriter
    let rows: RowWriter
    let contacts: ContactWriter
  }

  /// nil once closed, or the file would stay locked as long as somebody keeps this.
  private var lock: JournalLock?
  private let ballast: Ballast
  private let writer: DatabaseQueue
  /// nil once closed: a connection cannot be closed under its statements.
  private var statements: Statements?
  private var names = StreamNames()
  private let trouble = Trouble()
  private let progress: @Sendable (Int) -> Void
  /// Written to the log since the last checkpoint.
  private var pages = 0

  /// Opens the journal at `path`, and makes it and its folder where there is none (modes 0600 and 0700). Beside it stand
  /// `.lock`, `.ballast`, and SQLite's `-wal` and `-shm`. `progress` is told the last entry that was read, now and then, where
  /// all of them are read to make the rows anew: for a file of an older version, and once a break was accepted.
  ///
  /// Throws: `JournalFault`: another process holds it, a newer version wrote it, it is not a journal, it is damaged.
  public init(path: String, progress: @escaping @Sendable (Int) -> Void = { _ in }) throws {
    self.progress = progress
    ballast = Ballast(beside: path)
    do {
      try SQLiteJournal.makeFolder(of: path)
      lock = try JournalLock.exclusive(beside: path)
      try SQLiteJournal.makeFile(path)
      do {
        writer = try Schema.writer(at: path, progress)
      } catch {
        // A disk so full that not even the log's index fits: that is what the ballast is for.
        guard JournalFault(error) == .full, ballast.release() else { throw error }
        writer = try Schema.writer(at: path, progress)
      }
      statements = try writer.writeWithoutTransaction { db in
        Statements(entries: try EntryWriter(db), rows: try RowWriter(db), contacts: try ContactWriter(db))
      }
      try ballast.ensure()
    } catch {
      throw JournalFault(error)
    }
  }

  public func append(_ lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended {
    write { statements, _ throws(JournalFault) in
      try statements.entries.append(lines)
      try statements.rows.write(rows)
      try statements.contacts.write(contacts)
    }
  }

  /// Puts these rows in the place of all that there are.
  public func rebuild(_ rows: [Rows], _ contacts: [ContactRow] = []) -> Appended {
    write { statements, _ throws(JournalFault) in
      try statements.rows.removeAll()
      try statements.rows.write(rows)
      try statements.contacts.removeAll()
      try statements.contacts.write(contacts)
    }
  }

  /// Throws: `JournalFault`.
  public func lines(of stream: Stream) throws -> [SealedLine] {
    do {
      return try writer.writeWithoutTransaction { try $0.lines(of: stream) }
    } catch {
      throw JournalFault(error)
    }
  }

  /// `body` may read and append; what is appended meanwhile is not shown.
  /// Throws: `JournalFault`, and what `body` throws.
  public func forEachBatch(of size: Int, _ body: (LinkedLines) throws -> Void) throws {
    let end = statements?.entries.seq ?? 0
    var last = 0
    while last < end {
      let batch: LinkedLines
      do {
        batch = try writer.writeWithoutTransaction { db in
          try db.lines(after: last, limit: min(size, end - last), &names)
        }
      } catch {
        throw JournalFault(error)
      }
      // A journal with a gap holds fewer entries than its last number says.
      guard let seq = batch.lines.last?.seq else { break }
      last = seq
      try body(batch)
    }
    names = StreamNames()
    writer.releaseMemory()
  }

  /// Throws: `JournalFault`.
  public func streamEnds() throws -> [StreamEnd] {
    do {
      return try writer.writeWithoutTransaction { try $0.streamEnds() }
    } catch {
      throw JournalFault(error)
    }
  }

  public func relink(appending lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended {
    write { statements, db throws(JournalFault) in
      do { try db.relink() } catch { throw JournalFault(error) }
      statements.entries.forgetStreams()
      try statements.entries.append(lines)
      // What was accepted may have taken entries out: lists and reports follow from those that are left.
      if let all = try db.rowsMadeAnew(progress) {
        try statements.rows.removeAll()
        try statements.rows.write(all.rows)
        try statements.contacts.removeAll()
        try statements.contacts.write(all.contacts)
      } else {
        try statements.rows.write(rows)
        try statements.contacts.write(contacts)
      }
    }
  }

  public var fault: String? { trouble.fault.withLock { $0?.description } }

  public func releaseBallast() -> Bool { ballast.release() }

  public func restoreBallast() -> Bool { ballast.restore() }

  public func hasRoom() -> Bool { ballast.hasRoom() }

  public func close() {
    dropStatements()
    defer { lock = nil }
    // A log that could not be synced, or copied, is left as it is for the next process to read.
    guard trouble.fault.withLock({ $0 }) == nil else { return }
    do {
      try writer.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      try writer.close()
    } catch {
      // Every turn is in the log already; the next open copies it from there.
      return
    }
  }

  deinit { dropStatements() }

  /// On the writer's queue, where a checkpoint may still be under way.
  private func dropStatements() { writer.writeWithoutTransaction { _ in statements = nil } }

  // MARK: - One transaction

  private func write(_ body: (inout Statements, Database) throws(JournalFault) -> Void) -> Appended {
    if let fault = trouble.fault.withLock({ $0 }) { return .broken(fault.description) }
    guard statements != nil else { return .broken("the journal is closed") }
    do {
      try writer.writeWithoutTransaction { db in
        // Asked here: the pages are written by the commit, and the next statement forgets why it failed.
        do {
          try db.inTransaction(.immediate) {
            try body(&statements!, db)
            return .commit
          }
        } catch { throw JournalFault(error, on: db) }
        pages += pagesWritten(db)
      }
    } catch {
      statements?.entries.rollBack()
      return failed(JournalFault(error))
    }
    statements?.entries.commit()
    if pages >= SQLiteJournal.pagesBetweenCheckpoints {
      pages = 0
      checkpoint()
    }
    return .done
  }

  private func failed(_ fault: JournalFault) -> Appended {
    if fault == .full { return .full }
    trouble.fault.withLock { $0 = $0 ?? fault }
    return .broken(fault.description)
  }

  /// Runs after this turn, on the writer's own queue; a turn that comes meanwhile waits for it. It is asked for here and
  /// not left to SQLite, which would swallow its errors and sync again after a sync that failed.
  private func checkpoint() {
    writer.asyncWriteWithoutTransaction { [trouble] db in
      do {
        try db.checkpoint(.passive)
      } catch {
        // On a full disk the log keeps the pages until there is room.
        let fault = JournalFault(error, on: db)
        if fault != .full { trouble.fault.withLock { $0 = $0 ?? fault } }
      }
    }
  }

  /// Since the last call.
  private func pagesWritten(_ db: Database) -> Int {
    var (current, highest): (Int32, Int32) = (0, 0)
    sqlite3_db_status(db.sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &current, &highest, 1)
    return Int(current)
  }

  // MARK: - Files

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func makeFolder(of path: String) throws(JournalFault) {
    guard mkdir(folder(of: path), 0o700) == 0 || errno == EEXIST else {
      throw .system("the journal's folder cannot be made; make it, or name another journal")
    }
  }

  /// SQLite gives the log and its index the mode of the file.
  private static func makeFile(_ path: String) throws(JournalFault) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .system("the journal's file cannot be opened; check its owner, or name another journal")
    }
    defer { Glibc.close(descriptor) }
    guard fchmod(descriptor, 0o600) == 0 else { throw .system("the journal's file cannot be kept private") }
    let directory = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .system("the journal's folder cannot be opened") }
    defer { Glibc.close(directory) }
    guard fsync(directory) == 0 else { throw .system("the journal's folder cannot be synced") }
  }
}
