// Adds lines at the journal's end, inside a transaction that somebody else opens and closes. It keeps where each stream
// in use ends, and forgets all of it when the transaction fails. A line that does not follow is refused, not repaired.
import GRDB
import GRDBSQLite
import Wire

struct EntryWriter {
  /// Where a stream ends. An object, so that an append looks it up once.
  private final class End {
    let id: Int64
    var seq: Int
    var revision: Int
    /// Differs from what the table says.
    var isChanged = false

    init(id: Int64, seq: Int, revision: Int) { (self.id, self.seq, self.revision) = (id, seq, revision) }
  }

  /// More than the streams of all open discussions; older ones are looked up again.
  private static let remembered = 16_384

  private let insert: Prepared
  private let findStream: Prepared
  private let addStream: Prepared
  private let moveStream: Prepared
  private var ends: [String: End] = [:]
  private var changed: [End] = []
  /// The last entry's.
  private(set) var seq: Int
  /// What `seq` was when the transaction began.
  private var committed: Int

  init(_ db: Database) throws {
    insert = try Prepared(
      db,
      """
      INSERT INTO entry(docket, seq, stream, revision, previous, line, salt, digest, chain)
      VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    findStream = try Prepared(db, "SELECT id, last, revision FROM stream WHERE name = ?")
    addStream = try Prepared(db, "INSERT INTO stream(name, last, revision) VALUES (?, ?, ?) RETURNING id")
    moveStream = try Prepared(db, "UPDATE stream SET last = ?2, revision = ?3 WHERE id = ?1")
    seq = try Int.fetchOne(db, sql: "SELECT max(seq) FROM entry") ?? 0
    committed = seq
  }

  /// Throws: `JournalFault`.
  mutating func append(_ lines: [SealedLine]) throws(JournalFault) {
    for line in lines {
      guard line.seq == seq + 1 else { throw .broken("entry \(line.seq) does not follow on entry \(seq)") }
      let (stream, previous) = try move(line.stream, to: line)
      try write(line, stream: stream, previous: previous)
      seq = line.seq
    }
    for end in changed {
      moveStream.bind(1, end.id)
      moveStream.bind(2, end.seq)
      moveStream.bind(3, end.revision)
      try moveStream.run()
      end.isChanged = false
    }
    changed.removeAll(keepingCapacity: true)
  }

  /// The transaction is durable.
  mutating func commit() {
    committed = seq
    if ends.count > EntryWriter.remembered { ends.removeAll(keepingCapacity: true) }
  }

  /// The transaction was rolled back.
  mutating func rollBack() {
    seq = committed
    forgetStreams()
  }

  /// The table says something else now.
  mutating func forgetStreams() {
    ends.removeAll()
    changed.removeAll()
  }

  /// The stream's number, and its entry before this one (0 where this is the first).
  private mutating func move(_ name: String, to line: SealedLine) throws(JournalFault) -> (Int64, previous: Int) {
    guard let end = try end(of: name) else {
      guard line.revision == 1 else { throw .broken("entry \(line.seq) does not begin its stream at revision 1") }
      addStream.bind(1, name)
      addStream.bind(2, line.seq)
      addStream.bind(3, line.revision)
      guard let id = try addStream.first() else { throw .broken("SQLite gave a new stream no number") }
      ends[name] = End(id: id, seq: line.seq, revision: line.revision)
      return (id, 0)
    }
    guard line.revision == end.revision + 1 else {
      throw .broken("entry \(line.seq) does not follow on revision \(end.revision) of its stream")
    }
    let previous = end.seq
    if !end.isChanged { changed.append(end) }
    (end.seq, end.revision, end.isChanged) = (line.seq, line.revision, true)
    return (end.id, previous)
  }

  private mutating func end(of name: String) throws(JournalFault) -> End? {
    if let end = ends[name] { return end }
    findStream.bind(1, name)
    defer { findStream.reset() }
    guard try findStream.step() else { return nil }
    let end = End(id: findStream.int64(0), seq: findStream.int(1), revision: findStream.int(2))
    ends[name] = end
    return end
  }

  private func write(_ line: SealedLine, stream: Int64, previous: Int) throws(JournalFault) {
    insert.bind(1, line.seq)
    insert.bind(2, stream)
    insert.bind(3, line.revision)
    insert.bind(4, previous)
    let (salt, digest, chain) = (line.salt, line.digest.words, line.chain.words)
    let words = (
      (salt?.high ?? 0).bigEndian, (salt?.low ?? 0).bigEndian,
      digest.0.bigEndian, digest.1.bigEndian, digest.2.bigEndian, digest.3.bigEndian,
      chain.0.bigEndian, chain.1.bigEndian, chain.2.bigEndian, chain.3.bigEndian
    )
    var text = line.line ?? ""
    let result = text.withUTF8 { text in
      withUnsafeBytes(of: words) { bytes -> Result<Void, JournalFault> in
        if line.line == nil { insert.bindNull(5) } else { insert.borrow(5, text: text) }
        if salt == nil {
          insert.bindNull(6)
        } else {
          insert.borrow(6, blob: UnsafeRawBufferPointer(rebasing: bytes[..<16]))
        }
        insert.borrow(7, blob: UnsafeRawBufferPointer(rebasing: bytes[16..<48]))
        insert.borrow(8, blob: UnsafeRawBufferPointer(rebasing: bytes[48...]))
        return Result { () throws(JournalFault) in try insert.run() }
      }
    }
    try result.get()
  }
}
