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
  private var lastKnown = 0
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
  public mutating func take(_ entries: [SealedLine]) {
    taken += entries.count
    verifier.check(entries)
  }

  /// The journal knows of this entry.
  public mutating func expect(lastKnown seq: Int) { lastKnown = seq }

  /// The first finding of all, in words; nil where the journal is what was written.
  public mutating func end() -> String? {
    flush()
    if let finding = verifier.end(lastKnown: lastKnown).first { return "Not whole: \(finding)." }
    return taken > verifier.count ? "Line \(taken) is no journal entry." : nil
  }

  public var summary: String {
    verifier.seq == 0
      ? "The journal is empty."
      : "Chain whole, entries 1 to \(Words.number(verifier.seq)), head sha256:\(verifier.head.hex)"
  }

  private mutating func flush() {
    verifier.check(batch)
    batch = []
  }
}
