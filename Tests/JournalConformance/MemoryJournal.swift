// A journal that forgets nothing as long as its store lives. It stores the encoded lines, never the entries, so that a
// replay from it reads what a replay from a disk would read.
import Convening
import Coordination
import Wire

public final class MemoryJournal: Journal {
  public let store: MemoryStore

  public init(_ store: MemoryStore = MemoryStore()) { self.store = store }

  public func append(_ lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended {
    store.with { state in
      var seq = state.lines.last?.seq ?? 0
      var revisions: [String: Int] = [:]
      for line in lines {
        let revision = revisions[line.stream] ?? state.streams[line.stream]?.count ?? 0
        guard line.seq == seq + 1 else { return .broken("entry \(line.seq) does not follow on entry \(seq)") }
        guard line.revision == revision + 1 else {
          return .broken("entry \(line.seq) does not follow on revision \(revision) of its stream")
        }
        (seq, revisions[line.stream]) = (line.seq, line.revision)
      }
      for line in lines { state.add(line) }
      for rows in rows { state.rows[rows.discussion.id] = rows }
      for row in contacts { state.contacts[row.id] = row }
      return .done
    }
  }

  /// Puts these rows in the place of all that there are.
  public func rebuild(_ rows: [Rows], _ contacts: [ContactRow] = []) -> Appended {
    store.with { state in
      state.contacts = Dictionary(contacts.map { ($0.id, $0) }) { $1 }
      state.rows = Dictionary(rows.map { ($0.discussion.id, $0) }) { $1 }
      return .done
    }
  }

  public func lines(of stream: Stream) throws -> [SealedLine] { store.snapshot.lines(of: stream) }

  public func forEachBatch(of size: Int, _ body: (LinkedLines) throws -> Void) throws {
    let state = store.snapshot
    for start in stride(from: 0, to: state.lines.count, by: size) {
      let places = start..<min(start + size, state.lines.count)
      try body(LinkedLines(lines: Array(state.lines[places]), links: Array(state.links[places])))
    }
  }

  public func streamEnds() -> [StreamEnd] {
    let state = store.snapshot
    return state.streams.keys.compactMap(state.end)
  }

  /// Links are made of the lines here, and nobody alters them.
  public func relink(appending lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended {
    append(lines, rows, contacts)
  }

  public func restoreBallast() -> Bool {
    store.with { state in
      state.hasBallast = true
      return true
    }
  }

  public func hasRoom() -> Bool { true }

  public var fault: String? { nil }

  public func releaseBallast() -> Bool {
    store.with { state in
      defer { state.hasBallast = false }
      return state.hasBallast
    }
  }

  public func close() {}
}
