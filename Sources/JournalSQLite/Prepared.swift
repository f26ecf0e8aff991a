// A prepared statement on the hot path. GRDB prepares and keeps it; it is bound and stepped through SQLite's own
// functions, since a bag of arguments per row would cost more than the row. Never used outside its connection's queue.
import GRDB
import GRDBSQLite

/// Tells SQLite to copy what it was given.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

struct Prepared {
  private let statement: Statement
  private let raw: OpaquePointer

  init(_ statement: Statement) { (self.statement, raw) = (statement, statement.sqliteStatement) }

  init(_ db: Database, _ sql: String) throws { self.init(try db.makeStatement(sql: sql)) }

  // MARK: Binding; places count from 1

  func bind(_ place: Int32, _ value: Int64) { sqlite3_bind_int64(raw, place, value) }
  func bind(_ place: Int32, _ value: Int) { sqlite3_bind_int64(raw, place, Int64(value)) }
  func bind(_ place: Int32, _ value: Bool) { sqlite3_bind_int64(raw, place, value ? 1 : 0) }

  func bind(_ place: Int32, _ value: Int64?) {
    if let value { bind(place, value) } else { sqlite3_bind_null(raw, place) }
  }

  func bind(_ place: Int32, _ value: String?) {
    guard var value else {
      sqlite3_bind_null(raw, place)
      return
    }
    value.withUTF8 { text in
      text.withMemoryRebound(to: CChar.self) { text in
        _ = sqlite3_bind_text(raw, place, text.baseAddress, Int32(text.count), transient)
      }
    }
  }

  /// Without a copy: the bytes must stay where they are until `run` returns.
  func borrow(_ place: Int32, text: UnsafeBufferPointer<UInt8>) {
    text.withMemoryRebound(to: CChar.self) { text in
      _ = sqlite3_bind_text(raw, place, text.baseAddress, Int32(text.count), nil)
    }
  }

  /// Without a copy: the bytes must stay where they are until `run` returns.
  func borrow(_ place: Int32, blob: UnsafeRawBufferPointer) {
    sqlite3_bind_blob(raw, place, blob.baseAddress, Int32(blob.count), nil)
  }

  func bindNull(_ place: Int32) { sqlite3_bind_null(raw, place) }

  // MARK: Stepping

  /// True while there is a row. `reset` must follow.
  /// Throws: `JournalFault`.
  func step() throws(JournalFault) -> Bool {
    switch sqlite3_step(raw) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw JournalFault(code: code, errno: sqlite3_system_errno(sqlite3_db_handle(raw)))
    }
  }

  func reset() { sqlite3_reset(raw) }

  /// To the end, for a statement without rows.
  /// Throws: `JournalFault`.
  func run() throws(JournalFault) {
    defer { reset() }
    while try step() {}
  }

  /// The first row's first column; nil where there is no row. A statement that writes is run to its end.
  /// Throws: `JournalFault`.
  func first() throws(JournalFault) -> Int64? {
    defer { reset() }
    var value: Int64?
    while try step() { value = value ?? int64(0) }
    return value
  }

  // MARK: Columns of the row at hand; they count from 0

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(raw, column) == SQLITE_NULL }
  func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(raw, column) }
  func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(raw, column)) }
  func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

  /// Bytes that are not UTF-8 are repaired, which no digest survives.
  func string(_ column: Int32) -> String {
    guard let text = sqlite3_column_text(raw, column) else { return "" }
    let count = Int(sqlite3_column_bytes(raw, column))
    return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
  }

  func optionalString(_ column: Int32) -> String? { isNull(column) ? nil : string(column) }

  /// Valid until the next step.
  func blob(_ column: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: sqlite3_column_blob(raw, column), count: Int(sqlite3_column_bytes(raw, column)))
  }

  /// Big-endian words; nil unless the blob holds exactly so many.
  func words(_ column: Int32, count: Int) -> UnsafeRawBufferPointer? {
    guard Int(sqlite3_column_bytes(raw, column)) == 8 * count, let blob = sqlite3_column_blob(raw, column) else {
      return nil
    }
    return UnsafeRawBufferPointer(start: blob, count: 8 * count)
  }
}

extension UnsafeRawBufferPointer {
  func bigEndianWord(_ index: Int) -> UInt64 {
    UInt64(bigEndian: loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
  }
}
