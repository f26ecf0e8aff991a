// Reads a journal as one who trusts nobody: recomputes each digest and link, and says which entry was altered, dropped,
// moved or cut off first. It goes on after a fault from what is stored, since a later entry may accept that fault or
// explain a text that was erased; so what it found is known at the end, not before. It changes nothing.

/// What is wrong with a journal, and at which entry.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
  public enum Fault: Hashable, Sendable {
    /// The text or its salt does not give the digest.
    case altered
    /// It does not follow on the entry before it.
    case unchained
    /// Entries up to this one are not there.
    case missing(upTo: Int)
    /// It stands after an entry with a higher number.
    case moved
    /// Its revision is not the next one of its stream.
    case revision(expected: Int, found: Int)
    /// The text names another stream or revision, or cannot be read.
    case mislabelled
    /// The text is gone and no entry says that it was erased.
    case removed
    /// The journal ends before the entry whose hash is known.
    case cutOff(head: Int)
    /// Its hash is not the one that was noted down.
    case rewritten
  }

  /// The first entry that the fault concerns.
  public let seq: Int
  public let fault: Fault

  public init(seq: Int, fault: Fault) { (self.seq, self.fault) = (seq, fault) }

  public var description: String {
    switch fault {
    case .altered: "entry \(seq) was altered: its text and salt do not give its digest"
    case .unchained:
      "entry \(seq) does not follow on entry \(seq - 1): one of the two was altered or moved, or entries between them "
        + "were dropped"
    case .missing(let last) where last == seq: "entry \(seq) is missing"
    case .missing(let last): "entries \(seq) to \(last) are missing"
    case .moved: "entry \(seq) stands after an entry with a higher number"
    case .revision(let expected, let found):
      "entry \(seq) is revision \(found) of its stream where \(expected) should follow: entries were dropped or moved"
    case .mislabelled: "entry \(seq) was altered: its text does not name the stream and revision that it stands under"
    case .removed: "the text of entry \(seq) was removed, and no entry says that it was erased"
    case .cutOff(let head): "the journal ends before entry \(seq), and entry \(head) is known to have existed"
    case .rewritten: "entry \(seq) has another hash than the one given: it, or one before it, was rewritten"
    }
  }
}

public struct Verifier {
  /// What was wrong so far, in the order of the entries; an entry that is still to come may explain some of it.
  private var findings: [Finding] = []
  private let heads: [Int: Hash256]
  private var streams: [String: Place] = [:]
  /// Entries without a text, and their streams.
  private var removed: [Int: String] = [:]
  private var erased: Set<Int> = []
  private var accepted: Set<Int> = []
  /// Entries before this one were missing: streams that were last seen earlier may skip revisions.
  private var gapBefore = 0

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
    for (line, proof) in zip(batch, Proof.all(of: batch, after: head)) { take(line, proof) }
  }

  /// What stays wrong after all that the journal itself explains, in the order of the entries: the first is the one to
  /// name. Empty where the journal is whole.
  ///
  /// - Parameter lastKnown: an entry that is known to have existed, without its hash.
  public func end(lastKnown: Int = 0) -> [Finding] {
    var left = findings.filter { finding in
      if finding.fault == .removed, erased.contains(finding.seq) { return false }
      return finding.fault == .rewritten || !accepted.contains(finding.seq)
    }
    let last = max(lastKnown, heads.keys.max() ?? 0)
    if last > seq { left.append(Finding(seq: seq + 1, fault: .cutOff(head: last))) }
    return left
  }

  private mutating func take(_ line: SealedLine, _ proof: Proof) {
    let place = streams[line.stream]
    count += 1
    note(line, proof, place)
    if let known = heads[line.seq], known != line.chain { findings.append(Finding(seq: line.seq, fault: .rewritten)) }
    if proof.isRemoved { removed[line.seq] = line.stream }
    if proof.isNotable { read(line) }
    if line.seq > seq + 1 { gapBefore = line.seq }
    streams[line.stream] = Place(seq: line.seq, revision: line.revision)
    (seq, head) = (max(seq, line.seq), line.chain)
  }

  /// At most one fault an entry: the one that says most.
  private mutating func note(_ line: SealedLine, _ proof: Proof, _ place: Place?) {
    if line.seq > seq + 1 { findings.append(Finding(seq: seq + 1, fault: .missing(upTo: line.seq - 1))) }
    if line.seq <= seq {
      findings.append(Finding(seq: line.seq, fault: .moved))
    } else if !proof.digestHolds {
      findings.append(Finding(seq: line.seq, fault: .altered))
    } else if !proof.labelHolds {
      findings.append(Finding(seq: line.seq, fault: .mislabelled))
    } else if !skipsRightly(line, place) {
      let expected = (place?.revision ?? 0) + 1
      findings.append(Finding(seq: line.seq, fault: .revision(expected: expected, found: line.revision)))
    } else if !proof.linkHolds && line.seq == seq + 1 {
      findings.append(Finding(seq: line.seq, fault: .unchained))
    } else if proof.isRemoved {
      findings.append(Finding(seq: line.seq, fault: .removed))
    }
  }

  private func skipsRightly(_ line: SealedLine, _ place: Place?) -> Bool {
    let expected = (place?.revision ?? 0) + 1
    let isAfterGap = max(gapBefore, line.seq > seq + 1 ? line.seq : 0) > (place?.seq ?? 0)
    return line.revision == expected || (isAfterGap && line.revision > expected)
  }

  /// `erased` names what it erased, `breakAccepted` a fault that somebody judged; both only what came before them.
  private mutating func read(_ line: SealedLine) {
    guard let text = line.line, let json = Proof.json(text), let data = json["data"] else { return }
    switch json["event"]?.string {
    case "erased":
      guard let stream = data["stream"]?.string, let seqs = data["seqs"]?.array?.compactMap(\.int) else { return }
      for seq in seqs where removed[seq] == stream { erased.insert(seq) }
    case "breakAccepted":
      guard line.stream == "daemon", let seq = data["seq"]?.int, seq < line.seq else { return }
      accepted.insert(seq)
    default: return
    }
  }
}
