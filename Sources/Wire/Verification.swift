// Is the journal what was written? Lines are checked in their order: each digest against its line, each link of the chain,
// each number, each stream's revisions. The first entry that does not fit is named, with what is wrong about it.
import Convening
import Dispatch
import Synchronization

/// The first thing found wrong.
public struct Finding: Error, Hashable, Sendable {
  public enum Fault: String, CaseIterable, Hashable, Sendable {
    /// The text, or its salt, is not what was hashed.
    case altered
    /// The chain does not follow on the entry before.
    case chainBroken = "chain_broken"
    /// Numbers are missing.
    case dropped
    /// It stands in another place than it was written for.
    case misplaced
    /// The text is gone, and no entry says that it was erased.
    case missingText = "missing_text"
    /// The chain's value at a known number is another one.
    case otherHead = "other_head"
    /// The journal ends before a number that is known to exist.
    case cutOff = "cut_off"
  }

  public let seq: Int
  public let fault: Fault

  /// One sentence for people.
  public var sentence: String {
    switch fault {
    case .altered: "Entry \(seq) was altered: its text and its digest do not belong together."
    case .chainBroken:
      "The chain breaks at entry \(seq): something before it, or it, was altered, dropped or reordered."
    case .dropped: "Entries are missing before entry \(seq)."
    case .misplaced: "Entry \(seq) stands in another stream or place than it was written for."
    case .missingText: "Entry \(seq) has no text, and no entry says that it was erased."
    case .otherHead: "At entry \(seq) the chain is not the one that was noted: the journal was rewritten."
    case .cutOff: "The journal ends before entry \(seq), which is known to have existed: its end was cut off."
    }
  }
}

/// Fed with all lines in order, in batches; digests are computed on all cores.
public struct Verifier: Sendable {
  public private(set) var seq = 0
  public private(set) var head = Hash256.zero
  private var revisions: [String: Int] = [:]
  private var erasable: [Int: String] = [:]
  private var textless: [Int: String] = [:]
  private var noted: [Int: Hash256]
  private var accepted: Set<Int>
  private var findings: [Finding] = []

  /// - Parameters:
  ///   - noted: chain values that somebody wrote down, by number.
  ///   - accepted: numbers at which a break has been judged and accepted.
  public init(noted: [Int: Hash256] = [:], accepted: Set<Int> = []) { (self.noted, self.accepted) = (noted, accepted) }

  /// The first fault so far that nobody has accepted, or nil. Checking may go on after one: a later entry may accept it.
  @discardableResult
  public mutating func check(_ lines: [SealedLine]) -> Finding? {
    let altered = Verifier.altered(lines)
    for line in lines {
      if let fault = place(line) ?? (altered.contains(line.seq) ? .altered : nil) { find(fault, line.seq) }
      (seq, head) = (line.seq, line.chain)
      revisions[line.stream] = line.revision
      if let text = line.line { note(text, line) } else { textless[line.seq] = line.stream }
      if let wanted = noted.removeValue(forKey: line.seq), wanted != line.chain { find(.otherHead, line.seq) }
    }
    return first
  }

  /// The first fault of all, with what only the end can show.
  public mutating func end() -> Finding? {
    for seq in textless.filter({ erasable[$0.key] != $0.value }).keys.sorted() { find(.missingText, seq) }
    for beyond in noted.keys.filter({ $0 > seq }).sorted() { find(.cutOff, beyond) }
    return first
  }

  private var first: Finding? { findings.first { !accepted.contains($0.seq) } }

  private mutating func find(_ fault: Finding.Fault, _ seq: Int) {
    findings.append(Finding(seq: seq, fault: fault))
    findings.sort { $0.seq < $1.seq }
  }

  private func place(_ line: SealedLine) -> Finding.Fault? {
    if line.seq != seq + 1 { return .dropped }
    if line.chain != Chain.link(head, line.digest) { return .chainBroken }
    if line.revision != (revisions[line.stream] ?? 0) + 1 { return .misplaced }
    let beginning = #"{"v":1,"stream":"\#(line.stream)","revision":\#(line.revision),"#
    if let text = line.line, !text.utf8.starts(with: beginning.utf8) { return .misplaced }
    return nil
  }

  /// Entries that speak of other entries: erasures, and breaks that were accepted.
  private mutating func note(_ text: String, _ line: SealedLine) {
    guard line.stream == Stream.daemon.description || line.stream.hasPrefix("audit/"),
      let entry = Result(catching: { try JournalLine.decode(text) }).value
    else { return }
    switch entry.event {
    case .erased(let stream, let seqs): for seq in seqs { erasable[seq] = stream }
    case .breakAccepted(let seq, _): accepted.insert(seq)
    default: break
    }
  }

  private static func altered(_ lines: [SealedLine]) -> Set<Int> {
    let parts = 4
    let size = max(1, (lines.count + parts - 1) / parts)
    let found = Mutex<Set<Int>>([])
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let bad = lines.dropFirst(part * size).prefix(size).filter { line in
        guard let text = line.line, let salt = line.salt else { return line.line != nil || line.salt != nil }
        return Chain.digest(salt, text) != line.digest
      }
      found.withLock { $0.formUnion(bad.map(\.seq)) }
    }
    return found.withLock { $0 }
  }
}

extension Result {
  fileprivate var value: Success? { if case .success(let value) = self { value } else { nil } }
}
