// Why a journal could not be opened, read or written, in a sentence for the person who has to mend it. SQLite's own
// message may hold the text of a statement, so only its code is shown, and of an error of another library its kind.
import Coordination
import GRDB
import GRDBSQLite
import Glibc

public enum JournalFault: StorageFault, Hashable, Sendable {
  /// Another process has it open.
  case inUse
  case missing(path: String)
  /// Written by a later version, with this schema.
  case newer(schema: Int)
  /// An SQLite file, or any file, that no convened has written.
  case foreign
  /// No space is left; nothing was written.
  case full
  /// What stands in the file is not what was written. Another try finds the same.
  case damaged(String)
  /// An I/O error, or a fault of our own.
  case broken(String)

  /// A person has to do something before another start can go better.
  public var needsAPerson: Bool {
    switch self {
    case .missing, .newer, .foreign, .damaged: true
    case .inUse, .full, .broken: false
    }
  }

  public var description: String {
    switch self {
    case .inUse: "another convened is using this journal; stop it first, or ask it"
    case .missing(let path): "there is no journal at \(path); check the path"
    case .newer(let schema): "the journal was written by a newer convened (schema \(schema)); install that version"
    case .foreign: "the file is not a journal of convened; name another one, or move it away"
    case .full: "no space is left for the journal; make room on its disk"
    case .damaged(let why), .broken(let why): why
    }
  }

  /// What an error of SQLite's, of ours or of the system's means. `db`: the connection on which it came just now, whose log
  /// knows the system's own reason.
  init(_ error: any Error, on db: Database? = nil) {
    switch error {
    case let fault as JournalFault: self = fault
    case let error as DatabaseError:
      self.init(code: error.extendedResultCode.rawValue, errno: db?.lastErrnoOfTheLog ?? 0)
    default: self = .broken("the journal failed: \(type(of: error))")
    }
  }

  /// - Parameter errno: the system's error behind the last failed call on that connection, 0 where none is known.
  init(code: Int32, errno: Int32 = 0) {
    // SQLITE_IOERR_WRITE and SQLITE_IOERR_SHMSIZE: the shared index of the write-ahead log cannot grow on a full disk,
    // and a quota is not reported as SQLITE_FULL. Neither leaves anything behind. https://www.sqlite.org/rescode.html
    let (write, sharedMemory) = (Int32(778), Int32(4874))
    switch code & 0xff {
    case SQLITE_FULL: self = .full
    case SQLITE_IOERR where code == sharedMemory || (code == write && errno == EDQUOT): self = .full
    case SQLITE_NOTADB: self = .foreign
    case SQLITE_CORRUPT: self = .damaged("the journal's file is damaged (SQLite \(code)); restore a backup of it")
    case SQLITE_IOERR: self = .broken("the disk failed under the journal (SQLite \(code), errno \(errno))")
    case SQLITE_BUSY: self = .broken("another process holds the journal locked (SQLite \(code))")
    case SQLITE_CANTOPEN: self = .broken("the journal's file cannot be opened (SQLite \(code)); check its owner")
    default: self = .broken("the journal failed: \(String(cString: sqlite3_errstr(code))) (SQLite \(code))")
    }
  }

  /// A failed system call.
  static func system(_ what: String, _ code: Int32 = errno) -> JournalFault {
    code == ENOSPC || code == EDQUOT ? .full : .broken("\(what): \(String(cString: strerror(code)))")
  }
}

extension Database {
  /// The system's error behind the last write to the log that failed; 0 where none is known. (`sqlite3_system_errno` is
  /// silent on what fails in a commit.)
  fileprivate var lastErrnoOfTheLog: Int32 {
    var log: UnsafeMutablePointer<sqlite3_file>?
    var reason: Int32 = 0
    guard sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK, let log,
      log.pointee.pMethods?.pointee.xFileControl?(log, SQLITE_FCNTL_LAST_ERRNO, &reason) == SQLITE_OK
    else { return 0 }
    return reason
  }
}

extension JournalFault {
  static let damagedRow = JournalFault.broken(
    "a row for lists and reports is damaged: stop the daemon and run `convenectl journal verify --rebuild-rows --file` "
      + "with the journal's path")
}
