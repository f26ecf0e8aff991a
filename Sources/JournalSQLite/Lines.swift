// Lines as they come out of the file.
import Convening
import Foundation
internal import GRDB
import Wire

extension SealedLine {
  private static let columns = """
    SELECT entry.seq, stream.name, entry.revision, entry.line, entry.salt, entry.digest, entry.chain
    FROM entry JOIN stream ON stream.id = entry.stream
    """

  static func fetch(_ db: Database, of stream: Convening.Stream) throws -> [SealedLine] {
    let sql = "\(columns) WHERE entry.stream = (SELECT id FROM stream WHERE name = ?) ORDER BY entry.revision"
    return try fetch(db.cachedStatement(sql: sql), [stream.description])
  }

  static func fetch(_ db: Database, after seq: Int, limit: Int) throws -> [SealedLine] {
    try fetch(db.cachedStatement(sql: "\(columns) WHERE entry.seq > ? ORDER BY entry.seq LIMIT ?"), [seq, limit])
  }

  private static func fetch(_ statement: Statement, _ arguments: StatementArguments) throws -> [SealedLine] {
    var lines: [SealedLine] = []
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    while let row = try cursor.next() {
      let salt = try row.withUnsafeData(atIndex: 4) { $0.flatMap { Salt(bytes: $0) } }
      guard let digest = try row.withUnsafeData(atIndex: 5, { $0.flatMap { Hash256(bytes: $0) } }),
        let chain = try row.withUnsafeData(atIndex: 6, { $0.flatMap { Hash256(bytes: $0) } })
      else {
        throw JournalFault(
          "entry \(row[0] as Int) of the journal has no whole digest. Restore the journal from a backup.")
      }
      lines.append(
        SealedLine(
          seq: row[0], stream: row[1], revision: row[2], line: row[3], salt: salt, digest: digest, chain: chain))
    }
    return lines
  }
}

extension ResultCode {
  /// For people: what the disk said.
  var why: String {
    switch self {
    case .SQLITE_FULL: "the disk is full"
    case .SQLITE_IOERR: "the disk reported an error"
    case .SQLITE_CORRUPT: "the file is damaged"
    case .SQLITE_NOTADB: "the file is not a journal"
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: "the file may not be written or opened"
    case .SQLITE_BUSY, .SQLITE_LOCKED: "another process holds it"
    default: "SQLite says \(rawValue)"
    }
  }
}
