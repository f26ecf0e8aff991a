// Reads a journal as one who trusts nobody: recomputes each digest and link, derives anew what a store keeps beside the
// entries, and says which entry was altered, dropped, moved or cut off first. It goes on after a fault from what is
// stored, since a later entry may accept that fault or explain a text that was erased; so what it found is known at the
// end, not before. It changes nothing.
import Convening

public struct Verifier {
  /// What was wrong so far, in the order of the entries; an entry that is still to come may explain some of it.
  private var found: [Break] = []
  /// Where a link is not what follows from the entries. No entry explains it: where a break is accepted all links are
  /// derived anew.
  private var mislinked: [Break] = []
  private let heads: [Int: Hash256]
  private var streams: [String: Place] = [:]
  /// Entries without a text, and their streams.
  private var removed: [Int: String] = [:]
  private var erased: Set<Int> = []
  private var accepted: [Acceptance] = []
  /// The first entry after those that are missing, by the first of these: streams that were last seen before it may
  /// skip revisions. What was accepted so far is not among them: who wrote on from there knew what was left.
  private var gaps: [Int: Int] = [:]
  /// The last of those that are `gaps`.
  private var lastGap = 0

  /// Of the last entry that was checked; 0 before the first.
  public private(set) var seq = 0
  /// The chain's value at that entry.
  public private(set) var head = Hash256.zero
  /// How many entries were checked.
  public private(set) var count = 0

  private struct Place {
    let seq: Int
    let revision: Int
  }

  /// - Parameter heads: hashes that somebody noted down, by the entry at which the chain had them.
  public init(heads: [Int: Hash256] = [:]) { self.heads = heads }

  /// The lines must come in the journal's order.
  public mutating func check(_ line: SealedLine) { check([line]) }

  /// The same as one line after another; digests and links are computed on all cores.
  public mutating func check(_ batch: [SealedLine]) {
    for (line, proof) in zip(batch, Proof.all(of: batch, after: head)) { take(line, proof, nil) }
  }

  /// The same, with what is kept beside each entry.
  public mutating func check(_ batch: LinkedLines) { check(batch, Proof.all(of: batch.lines, after: head)) }

  /// The same, where somebody has computed the proofs of all of them, in their order.
  public mutating func check(_ batch: LinkedLines, _ proofs: some Collection<Proof>) {
    for (index, proof) in proofs.enumerated() { take(batch.lines[index], proof, batch.links[index]) }
  }

  /// What stays wrong after all that the journal itself explains, in the order of the entries: the first is the one to
  /// name. Empty where the journal is whole.
  ///
  /// - Parameter ends: where each stream is kept as ending; empty where that is not known.
  public func end(ends: [StreamEnd] = []) -> [Finding] { breaks(ends: ends).map(\.finding) }

  /// The same, with what stands around each.
  public func breaks(ends: [StreamEnd] = []) -> [Break] {
    var left = found.filter { !isExplained($0) }
    let last = max(ends.map(\.seq).max() ?? 0, heads.keys.max() ?? 0)
    if last > seq { left.append(Break(Finding(seq: seq + 1, fault: .cutOff(head: last)), after: head, nil)) }
    let beside = (mislinked + moved(ends)).filter { one in !left.contains { $0.finding.entails(one.finding) } }
    return beside.isEmpty ? left : (left + beside).sorted { $0.finding.seq < $1.finding.seq }
  }

  /// What the journal says was accepted, in the order in which it says so.
  public var acceptances: [Acceptance] {
    accepted.map { one in
      var one = one
      one.finding = found.first(where: one.accepts)?.finding
      return one
    }
  }

  /// Entries that are not there, accepted or not.
  public var missing: [ClosedRange<Int>] {
    found.compactMap { one in
      guard case .missing(let last) = one.finding.fault else { return nil }
      return one.finding.seq...last
    }
  }

  private func isExplained(_ one: Break) -> Bool {
    if one.finding.fault == .removed, erased.contains(one.finding.seq) { return true }
    return accepted.contains { $0.accepts(one) }
  }

  private mutating func take(_ line: SealedLine, _ proof: Proof, _ link: Link?) {
    if line.seq > seq + 1 { (gaps[seq + 1], lastGap) = (line.seq, line.seq) }
    // What was altered explains nothing.
    if proof.isNotable, proof.digestHolds, proof.labelHolds { read(line) }
    let place = streams[line.stream]
    count += 1
    note(line, proof, place)
    if let link { compare(link, of: line, place) }
    if let known = heads[line.seq], known != line.chain { find(.rewritten, at: line.seq, line) }
    if proof.isRemoved { removed[line.seq] = line.stream }
    streams[line.stream] = Place(seq: line.seq, revision: line.revision)
    (seq, head) = (max(seq, line.seq), line.chain)
  }

  private mutating func find(_ fault: Finding.Fault, at seq: Int, _ line: SealedLine) {
    found.append(Break(Finding(seq: seq, fault: fault), after: head, line))
  }

  /// At most one fault an entry, the one that says most; and beside it that the text is gone, which no other fault that
  /// was accepted may cover.
  private mutating func note(_ line: SealedLine, _ proof: Proof, _ place: Place?) {
    if line.seq > seq + 1 { find(.missing(upTo: line.seq - 1), at: seq + 1, line) }
    if line.seq <= seq {
      find(.moved, at: line.seq, line)
    } else if !proof.digestHolds {
      find(.altered, at: line.seq, line)
    } else if !proof.labelHolds {
      find(.mislabelled, at: line.seq, line)
    } else if !skipsRightly(line, place) {
      find(.revision(expected: (place?.revision ?? 0) + 1, found: line.revision), at: line.seq, line)
    } else if !proof.linkHolds && line.seq == seq + 1 {
      find(.unchained, at: line.seq, line)
    }
    if proof.isRemoved { find(.removed, at: line.seq, line) }
  }

  private func skipsRightly(_ line: SealedLine, _ place: Place?) -> Bool {
    let expected = (place?.revision ?? 0) + 1
    return line.revision == expected || (line.revision > expected && lastGap > (place?.seq ?? 0))
  }

  private mutating func compare(_ kept: Link, of line: SealedLine, _ place: Place?) {
    let last = place.map { StreamEnd(stream: line.stream, seq: $0.seq, revision: $0.revision) }
    let right = Link(revision: line.revision, after: last)
    guard kept != right else { return }
    mislinked.append(
      Break(Finding(seq: line.seq, fault: .mislinked(kept: kept, right: right)), after: head, line))
  }

  private func moved(_ ends: [StreamEnd]) -> [Break] {
    ends.compactMap { kept in
      let right = streams[kept.stream].map { StreamEnd(stream: kept.stream, seq: $0.seq, revision: $0.revision) }
      guard kept != right else { return nil }
      let fault = Finding.Fault.endMoved(kept: kept, right: right)
      return Break(Finding(seq: right?.seq ?? max(kept.seq, 1), fault: fault), after: head, nil)
    }
  }

  /// `erased` names what it erased, `breakAccepted` a fault that somebody judged; both only what came before them.
  private mutating func read(_ line: SealedLine) {
    guard let text = line.line, let json = Proof.json(text), let data = json["data"] else { return }
    switch json["event"]?.string {
    case "erased":
      guard let stream = data["stream"]?.string, let seqs = data["seqs"]?.array?.compactMap(\.int) else { return }
      for seq in seqs where removed[seq] == stream { erased.insert(seq) }
    case "breakAccepted":
      guard line.stream == "daemon", let accepted = AcceptedBreak(data: data), accepted.seq < line.seq else { return }
      for index in self.accepted.indices { self.accepted[index].learn(ofBreakAt: accepted.seq) }
      self.accepted.append(Acceptance(by: line.seq, accepted: accepted))
      gaps[accepted.seq] = nil
      lastGap = gaps.values.max() ?? 0
    default: return
    }
  }
}

extension AcceptedBreak {
  /// nil for what cannot be read: the reader of the journal says more about that, and it accepts nothing.
  fileprivate init?(data: JSON) {
    do throws(LineFault) { try self.init(Fields(data)) } catch { return nil }
  }
}
