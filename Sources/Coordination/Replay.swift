// From the journal to the docket, at start-up: the chain is checked and the lines are decoded on all cores, then they are
// folded in order. What is broken is named; nothing is repaired here.
import Convening
import Dispatch
import Synchronization
import Wire

public enum ReplayFault: Error, Hashable, Sendable {
  /// The chain, or a line under it, is not what was written.
  case broken(Finding)
  /// The chain holds, but this version cannot read the line.
  case unreadable(seq: Int, why: String)
}

extension Docket {
  /// Reads the whole journal. `accepting` names a break that somebody has judged; recording it is for the caller.
  ///
  /// Throws: `ReplayFault`, and whatever the journal throws.
  public mutating func replay(_ journal: any Journal, accepting: Int? = nil) throws {
    var accepted = Set(try journal.lines(of: .daemon).compactMap(Self.acceptedBreak))
    if let accepting { accepted.insert(accepting) }
    var verifier = Verifier(accepted: accepted)
    try journal.forEachBatch(of: 20_000) { lines in
      if let finding = verifier.check(lines) { throw ReplayFault.broken(finding) }
      for (line, entry) in zip(lines, try Self.decode(lines)) { replay(entry, seq: line.seq, chain: line.chain) }
    }
    if let finding = verifier.end() { throw ReplayFault.broken(finding) }
    replayed()
  }

  /// A break that an earlier start accepted, with its reason in the journal. A line that cannot be read accepts nothing.
  private static func acceptedBreak(_ line: SealedLine) -> Int? {
    guard let text = line.line, case .success(let entry) = Result(catching: { try JournalLine.decode(text) }),
      case .breakAccepted(let seq, _) = entry.event
    else { return nil }
    return seq
  }

  /// In parallel; nil for an erased line.
  private static func decode(_ lines: [SealedLine]) throws -> [Entry?] {
    let parts = 8
    let size = (lines.count + parts - 1) / parts
    let results = Mutex<[Int: Result<[Entry?], ReplayFault>]>([:])
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let slice = lines.dropFirst(part * size).prefix(size)
      var entries: [Entry?] = []
      var result: Result<[Entry?], ReplayFault>?
      for line in slice {
        guard let text = line.line else {
          entries.append(nil)
          continue
        }
        do throws(LineFault) {
          entries.append(try JournalLine.decode(text))
        } catch {
          result = .failure(.unreadable(seq: line.seq, why: error.what))
          break
        }
      }
      let done = result ?? .success(entries)
      results.withLock { $0[part] = done }
    }
    return try results.withLock { all in try (0..<parts).flatMap { try all[$0]?.get() ?? [] } }
  }
}
