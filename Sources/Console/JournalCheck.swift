// `convenectl journal verify`: feeds an export, or a journal, to the verifier, a batch of lines at a time. It trusts nothing
// but the lines and the heads that somebody wrote down elsewhere.
import Convening
import Wire

public struct JournalCheck {
  /// A sequence number and the chain's hash there, as a log or a person kept it.
  public struct Head: Hashable, Sendable {
    public let seq: Int
    public let hash: Hash256

    /// Reads `8812=<64 hexadecimal digits>`, with or without `sha256:` before them.
    public init?(_ text: String) {
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let seq = Int(parts[0]), seq > 0 else { return nil }
      let digits = parts[1].hasPrefix("sha256:") ? parts[1].dropFirst(7) : parts[1]
      guard let hash = Hash256(hex: digits) else { return nil }
      (self.seq, self.hash) = (seq, hash)
    }
  }

  private var verifier: Verifier
  private var batch: [SealedLine] = []
  private var taken = 0
  /// Where each stream is kept as ending; nil where that was not looked at.
  private var ends: [StreamEnd]?
  private static let batchSize = 2000

  public init(heads: [Head]) { verifier = Verifier(heads: Dictionary(heads.map { ($0.seq, $0.hash) }) { $1 }) }

  /// Takes the next line of an export. False where it is no journal entry: then no more need be taken.
  public mutating func take(_ line: [UInt8]) -> Bool {
    taken += 1
    do throws(ExportFault) { batch.append(try SealedLine(exported: line)) } catch {
      return false
    }
    if batch.count == Self.batchSize { flush() }
    return true
  }

  /// Takes the next entries of a journal.
  public mutating func take(_ entries: LinkedLines) {
    taken += entries.lines.count
    verifier.check(entries)
  }

  /// The journal keeps that its streams end there.
  public mutating func expect(ends: [StreamEnd]) { self.ends = ends }

  /// The first finding of all, in words; nil where the journal is what was written.
  public mutating func end() -> String? {
    flush()
    if let finding = verifier.end(ends: ends ?? []).first { return "Not whole: \(finding)." }
    return taken > verifier.count ? "Line \(taken) is no journal entry." : nil
  }

  /// What there is of the journal, where nothing was found that nobody accepted. It never says that a gap is whole.
  public var summary: String {
    guard verifier.seq > 0 else { return "The journal is empty." }
    let (last, head) = (Words.number(verifier.seq), "head sha256:\(verifier.head.hex)")
    guard missing.isEmpty else {
      let count = missing.reduce(0) { $0 + $1.count }
      let missing = "\(Words.joined(missing.map(words))) \(count == 1 ? "is" : "are") missing, as was accepted"
      return "Of entries 1 to \(last), \(missing); the others fit\(exception), \(head)"
    }
    return "Chain whole\(exception), \(verifier.seq == 1 ? "entry 1" : "entries 1 to \(last)"), \(head)"
  }

  /// Each break that the journal says was accepted: which, by what entry, and the reason that was given.
  public var accepted: [String] {
    verifier.acceptances.map {
      "Accepted by entry \(Words.number($0.by)): \($0). Reason: \($0.accepted.reason)"
    }
  }

  /// The same for programs.
  public var acceptedDocument: JSON {
    .array(
      verifier.acceptances.map { one in
        .body([
          ("by", JSON(one.by)), ("seq", JSON(one.accepted.seq)),
          ("kind", JSON(one.accepted.evidence?.kind.rawValue)), ("shows", JSON(one.finding?.description)),
          ("reason", .string(one.accepted.reason)),
        ])
      })
  }

  /// Nothing is missing.
  public var isComplete: Bool { missing.isEmpty }

  /// What was not looked at, in words; nil where everything was.
  public func unseen(ofDaemon: Bool) -> String? {
    guard ends == nil, verifier.seq > 0 else { return nil }
    return "These are the entries. What the journal keeps beside them, to find those of one discussion by, is "
      + (ofDaemon
        ? "looked at when the daemon starts, and by --file while it is stopped."
        : "in the journal alone: --file looks at it there while the daemon is stopped.")
  }

  private var missing: [ClosedRange<Int>] { verifier.missing }

  /// Where something that is there was accepted as it is, or an end that was cut off.
  private var exception: String {
    let isOne = verifier.acceptances.contains { one in
      switch one.finding?.fault {
      case .missing?: false
      case .some: true
      case nil: one.accepted.evidence?.kind == .cutOff
      }
    }
    return isOne ? " but for what was accepted" : ""
  }

  private func words(_ range: ClosedRange<Int>) -> String {
    let first = Words.number(range.lowerBound)
    return range.count == 1 ? first : "\(first) to \(Words.number(range.upperBound))"
  }

  private mutating func flush() {
    verifier.check(batch)
    batch = []
  }
}
