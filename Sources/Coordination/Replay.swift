// From the journal to the docket, at start-up: the chain is checked and the lines are decoded on all cores, then they are
// folded in order. What is broken is named; nothing is repaired here.
import Convening
import Dispatch
import Synchronization
import Wire

public enum ReplayFault: Error, Hashable, Sendable {
  /// The chain, or a line under it, is not what was written.
  case broken(Finding)
  /// Nothing is wrong there: accepted in advance, whatever is done to the entry later would not show.
  case nothingToAccept(seq: Int)
  /// The chain holds, but this version cannot read the line.
  case unreadable(seq: Int, why: String)
}

extension Docket {
  /// Reads the whole journal. `accepting` names breaks that somebody has judged; `Convenor.begin` records
  /// them. `now` is what the first look at who needs a person goes by. `progress` is told the last entry of each batch.
  ///
  /// Throws: `ReplayFault`, and whatever the journal throws.
  public mutating func replay(
    _ journal: any Journal, at now: Instant, accepting: [Int] = [], progress: @Sendable (Int) -> Void = { _ in }
  ) throws {
    var verifier = Verifier()
    try journal.forEachBatch(of: 1_000) { lines in
      verifier.check(lines)
      do {
        for (line, entry) in zip(lines, try Self.decode(lines)) { replay(entry, as: line) }
      } catch {
        // A line that was altered may well be unreadable: what was done to it says more.
        throw verifier.end().first.map(ReplayFault.broken) ?? error
      }
      progress(seq)
    }
    let findings = verifier.end(lastKnown: try journal.lastKnown())
    if let finding = findings.first(where: { !accepting.contains($0.seq) }) { throw ReplayFault.broken(finding) }
    if let seq = accepting.first(where: { seq in !findings.contains { $0.seq == seq } }) {
      throw ReplayFault.nothingToAccept(seq: seq)
    }
    replayed(at: now)
  }

  /// In parallel; nil for a line that says nothing any more: it was erased, or altered and accepted.
  private static func decode(_ lines: [SealedLine]) throws -> [Entry?] {
    let parts = 8
    let size = (lines.count + parts - 1) / parts
    let results = Mutex<[Int: Result<[Entry?], ReplayFault>]>([:])
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let slice = lines.dropFirst(part * size).prefix(size)
      let done = Result { () throws(ReplayFault) in
        try slice.map { line throws(ReplayFault) in
          do throws(LineFault) { return try line.entry() } catch {
            throw .unreadable(seq: line.seq, why: error.what)
          }
        }
      }
      results.withLock { $0[part] = done }
    }
    return try results.withLock { all in try (0..<parts).flatMap { try all[$0]?.get() ?? [] } }
  }
}
