// From the journal to the docket, at start-up: the chain is checked and the lines are decoded on all cores, then they are
// folded in order, while the next ones are decoded. What is broken is named; nothing is repaired here.
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
    var ahead: (batch: LinkedLines, decoding: Decoding)?
    func fold() throws {
      guard let (batch, decoding) = ahead else { return }
      verifier.check(batch)
      do {
        for (line, reading) in zip(batch.lines, try decoding.readings()) { replay(reading, as: line) }
      } catch {
        // A line that was altered may well be unreadable: what was done to it says more.
        throw verifier.end().first { !$0.isBesideTheEntries }.map(ReplayFault.broken) ?? error
      }
      progress(seq)
    }
    try journal.forEachBatch(of: 1_000) { batch in
      let decoding = Decoding(batch.lines)
      try fold()
      ahead = (batch, decoding)
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

/// What some lines say, which other cores read meanwhile.
private final class Decoding: Sendable {
  private static let parts = 8
  private let parts = Mutex<[Int: Result<[Reading], ReplayFault>]>([:])
  private let group = DispatchGroup()

  init(_ lines: [SealedLine]) {
    let size = (lines.count + Self.parts - 1) / Self.parts
    for part in 0..<Self.parts {
      let slice = lines.dropFirst(part * size).prefix(size)
      DispatchQueue.global().async(group: group) {
        let done = Result { () throws(ReplayFault) in
          try slice.map { line throws(ReplayFault) in
            do throws(LineFault) { return try line.reading() } catch {
              throw .unreadable(seq: line.seq, why: error.what)
            }
          }
        }
        self.parts.withLock { $0[part] = done }
      }
    }
  }

  /// In the order of the lines. One that cannot be read is carried out of the parallel part as a `Result`, and thrown.
  ///
  /// Throws: `ReplayFault`.
  func readings() throws -> [Reading] {
    group.wait()
    return try parts.withLock { all in try (0..<Self.parts).flatMap { try all[$0]?.get() ?? [] } }
  }
}
