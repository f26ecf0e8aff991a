// Lines, read back from either side: in the order of the journal, or one stream's by walking from its last entry to its
// first. A walk that meets another stream or revision than it should is a damaged journal, never a shorter answer; but for a
// gap that somebody accepted.
import Convening
import GRDB
import Wire

extension Database {
  /// One stream's lines in order of revision; empty where there are none.
  /// Throws: `JournalFault`, `DatabaseError`.
  func lines(of stream: Stream) throws -> [SealedLine] {
    let name = stream.description
    let find = Prepared(try cachedStatement(sql: "SELECT id, last, revision FROM stream WHERE name = ?"))
    find.bind(1, name)
    defer { find.reset() }
    guard try find.step() else { return [] }
    let id = find.int64(0)
    var (seq, revision) = (find.int(1), find.int(2))
    let walk = Prepared(
      try cachedStatement(
        sql: "SELECT seq, stream, revision, line, salt, digest, chain, previous FROM entry WHERE seq = ?"))
    defer { walk.reset() }
    var lines: [SealedLine] = []
    lines.reserveCapacity(revision)
    var isAfterGap = false
    while seq > 0 {
      walk.reset()
      walk.bind(1, seq)
      guard try walk.step(), walk.int64(1) == id, walk.int(2) == revision || isAfterGap, walk.link(7).previous < seq
      else {
        throw JournalFault.damaged(
          "entry \(seq) is not revision \(revision) of its stream; run `convenectl journal verify`")
      }
      lines.append(try walk.sealedLine(stream: name))
      let link = walk.link(7)
      (seq, revision, isAfterGap) = (link.previous, walk.int(2) - 1, link.isGap)
    }
    guard revision == 0 || isAfterGap else {
      throw JournalFault.damaged(
        "\(counted(revision, "entry", "entries")) at the start of a stream cannot be found; run `convenectl journal verify`"
      )
    }
    return lines.reversed()
  }

  /// Where each stream is kept as ending.
  /// Throws: `JournalFault`, `DatabaseError`.
  func streamEnds() throws -> [StreamEnd] {
    let read = Prepared(try cachedStatement(sql: "SELECT name, last, revision FROM stream"))
    defer { read.reset() }
    var ends: [StreamEnd] = []
    while try read.step() {
      ends.append(StreamEnd(stream: read.string(0), seq: read.int(1), revision: read.int(2)))
    }
    return ends
  }

  /// Lines after a `seq`, in order, at most `limit`, each with its link.
  /// Throws: `JournalFault`, `DatabaseError`.
  func lines(after seq: Int, limit: Int, _ names: inout StreamNames) throws -> LinkedLines {
    let read = Prepared(
      try cachedStatement(
        sql: """
          SELECT seq, stream, revision, line, salt, digest, chain, previous FROM entry
          WHERE seq > ? ORDER BY seq LIMIT ?
          """))
    read.bind(1, seq)
    read.bind(2, limit)
    defer { read.reset() }
    var (lines, links): ([SealedLine], [Link]) = ([], [])
    lines.reserveCapacity(min(limit, 4096))
    links.reserveCapacity(min(limit, 4096))
    while try read.step() {
      lines.append(try read.sealedLine(stream: try names.name(of: read.int64(1), self)))
      links.append(read.link(7))
    }
    return LinkedLines(lines: lines, links: links)
  }

  /// Derives all links, and where each stream ends, from the entries: what `Verifier` expects of them.
  /// Throws: `DatabaseError`.
  func relink() throws {
    try execute(
      sql: """
        UPDATE entry SET previous = found.link FROM (
          SELECT seq, CASE WHEN revision = coalesce(lag(revision) OVER each, 0) + 1 THEN coalesce(lag(seq) OVER each, 0)
            ELSE -(coalesce(lag(seq) OVER each, 0) + 1) END AS link
          FROM entry WINDOW each AS (PARTITION BY stream ORDER BY seq)
        ) AS found WHERE found.seq = entry.seq AND found.link <> entry.previous;
        DELETE FROM stream WHERE id NOT IN (SELECT stream FROM entry);
        UPDATE stream SET last = found.seq, revision = found.revision FROM (
          SELECT stream, max(seq) AS seq, revision FROM entry GROUP BY stream
        ) AS found WHERE found.stream = stream.id;
        """)
  }
}

/// The streams' names by their numbers, as far as they were met lately: at most 16,384.
struct StreamNames {
  private var names: [Int64: String] = [:]

  mutating func name(of id: Int64, _ db: Database) throws -> String {
    if let name = names[id] { return name }
    let find = Prepared(try db.cachedStatement(sql: "SELECT name FROM stream WHERE id = ?"))
    find.bind(1, id)
    defer { find.reset() }
    guard try find.step() else {
      throw JournalFault.damaged("stream \(id) has no name; the journal's file is damaged; restore a backup of it")
    }
    if names.count == 16_384 { names.removeAll() }
    let name = find.string(0)
    names[id] = name
    return name
  }
}

extension Prepared {
  /// Below zero where entries are missing before this one and somebody accepted that.
  fileprivate func link(_ column: Int32) -> Link {
    let previous = int(column)
    return previous < 0 ? Link(previous: -(previous + 1), isGap: true) : Link(previous: previous)
  }

  /// The row at hand: `seq, stream, revision, line, salt, digest, chain`.
  fileprivate func sealedLine(stream: String) throws(JournalFault) -> SealedLine {
    guard let digest = hash(5), let chain = hash(6) else {
      throw .damaged("entry \(int64(0)) has no digest or no chain; run `convenectl journal verify`")
    }
    let salt = words(4, count: 2).map { Salt(high: $0.bigEndianWord(0), low: $0.bigEndianWord(1)) }
    return SealedLine(
      seq: int(0), stream: stream, revision: int(2), line: optionalString(3), salt: salt, digest: digest, chain: chain)
  }

  private func hash(_ column: Int32) -> Hash256? {
    words(column, count: 4).map {
      Hash256($0.bigEndianWord(0), $0.bigEndianWord(1), $0.bigEndianWord(2), $0.bigEndianWord(3))
    }
  }
}
