// From the journal to the docket, at start-up: the lines are hashed and decoded on other cores, then they are checked and folded
// in order, while the next ones are read. What is broken is named; nothing is repaired here.
import Convening
import Dispatch
import Synchronization
import Wire

public enum ReplayFault: Error, Hashable, Sendable {
  /// The chain, or a line under it, is not what was written.
  case broken(Finding)
  /// What is kept beside the entries does not follow from them, there and in so many other places.
  case mislinked(Finding, others: Int)
  /// The journal records these very words for another break at that entry.
  case judgedBefore(Finding)
  /// Nothing is wrong there: accepted in advance, whatever is done to the entry later would not show.
  case nothingToAccept(seq: Int)
  /// The chain holds, but this version cannot read the line.
  case unreadable(seq: Int, why: String)
}

extension Docket {
  /// Reads the whole journal. `accepting` is what somebody says of breaks; `now` is what the first look at who needs a
  /// person goes by. `progress` is told the last entry of each batch.
  ///
  /// Returns what `Convenor.begin` has to record: the breaks that are accepted now, as they are; none where the journal
  /// says so already.
  ///
  /// Throws: `ReplayFault`, and whatever the journal throws.
  @discardableResult public mutating func replay(
    _ journal: any Journal, at now: Instant, accepting: [AcceptedBreak] = [],
    progress: @Sendable (Int) -> Void = { _ in }
  ) throws -> [AcceptedBreak] {
    var verifier = Verifier()
    var ahead: (batch: LinkedLines, work: LinesAhead)?
    func fold() throws {
      guard let (batch, work) = ahead else { return }
      let parts = work.parts()
      verifier.check(batch, parts.lazy.flatMap(\.proofs))
      do {
        for part in parts {
          for (index, reading) in zip(part.range, try part.readings.get()) { replay(reading, as: batch.lines[index]) }
        }
      } catch {
        // A line that was altered may well be unreadable: what was done to it says more.
        throw verifier.end().first { !$0.isBesideTheEntries }.map(ReplayFault.broken) ?? error
      }
      progress(seq)
    }
    try journal.forEachBatch(of: 1_000) { batch in
      let work = LinesAhead(batch.lines, after: ahead?.batch.lines.last?.chain ?? .zero)
      try fold()
      ahead = (batch, work)
    }
    try fold()
    let breaks = verifier.breaks(ends: try journal.streamEnds())
    let accepted = try Self.judge(breaks, accepting, recorded: verifier.acceptances.map(\.accepted))
    replayed(at: now)
    return accepted
  }

  /// What is accepted of these breaks. What was said of an earlier break, and is recorded, does not stand for whatever
  /// is done to that entry later: a flag that somebody left where it was accepts nothing more.
  private static func judge(
    _ breaks: [Break], _ words: [AcceptedBreak], recorded: [AcceptedBreak]
  ) throws(ReplayFault) -> [AcceptedBreak] {
    var fresh: [AcceptedBreak] = []
    for word in words where !fresh.contains(word) {
      if !recorded.contains(where: { $0.seq == word.seq && $0.reason == word.reason }) { fresh.append(word) }
    }
    func isSaid(_ words: [AcceptedBreak], of finding: Finding) -> Bool { words.contains { $0.seq == finding.seq } }
    let findings = breaks.map(\.finding)
    if let left = findings.first(where: { !$0.isBesideTheEntries && !isSaid(fresh, of: $0) }) {
      throw isSaid(words, of: left) ? .judgedBefore(left) : .broken(left)
    }
    // All of it is derived anew at once, from entries that are what they were: one word is enough.
    let beside = findings.filter(\.isBesideTheEntries)
    if let first = beside.first, !beside.contains(where: { isSaid(fresh, of: $0) }) {
      if let spent = beside.first(where: { isSaid(words, of: $0) }) { throw .judgedBefore(spent) }
      throw .mislinked(first, others: beside.count - 1)
    }
    let known = Set(findings.map(\.seq) + recorded.map(\.seq))
    if let word = fresh.first(where: { !known.contains($0.seq) }) { throw .nothingToAccept(seq: word.seq) }
    return fresh.flatMap { word in
      breaks.filter { $0.finding.seq == word.seq }.map {
        AcceptedBreak(seq: word.seq, reason: word.reason, evidence: $0.evidence)
      }
    }
  }
}

/// What is found out of some lines by themselves, on other cores.
private final class LinesAhead: Sendable {
  struct Part: Sendable {
    /// Of the lines.
    let range: Range<Int>
    let proofs: [Proof]
    /// One that cannot be read is carried out of the parallel part as a `Result`.
    let readings: Result<[Reading], ReplayFault>
  }

  private static let count = 8
  private let done = Mutex<[Part]>([])
  private let group = DispatchGroup()

  /// - Parameter head: the chain before the first of them.
  init(_ lines: [SealedLine], after head: Hash256) {
    let size = (lines.count + Self.count - 1) / Self.count
    for part in 0..<Self.count {
      let range = min(part * size, lines.count)..<min((part + 1) * size, lines.count)
      DispatchQueue.global().async(group: group) {
        let proofs = range.map { Proof(of: lines[$0], after: $0 == 0 ? head : lines[$0 - 1].chain) }
        let readings = Result { () throws(ReplayFault) in
          try lines[range].map { line throws(ReplayFault) in
            do throws(LineFault) { return try line.reading() } catch {
              throw .unreadable(seq: line.seq, why: error.what)
            }
          }
        }
        let part = Part(range: range, proofs: proofs, readings: readings)
        self.done.withLock { $0.append(part) }
      }
    }
  }

  /// In the order of the lines, once all are there.
  func parts() -> [Part] {
    group.wait()
    return done.withLock { $0.sorted { $0.range.lowerBound < $1.range.lowerBound } }
  }
}
