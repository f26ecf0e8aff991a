// `convenectl journal verify`: walks an export line by line and says where the chain breaks, if it does. It trusts
// nothing but the lines and the heads that somebody wrote down elsewhere; the daemon is not asked.
import Convening
import Foundation
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

  private let heads: [Head]
  private var chain = Hash256.zero
  private var last = 0

  public init(heads: [Head]) { self.heads = heads }

  /// Takes the next line of an export. A finding in words, after which no more need be taken; nil where all is well.
  public mutating func take(_ line: [UInt8]) -> String? {
    guard let sealed = JournalCheck.sealed(line) else { return "Entry \(last + 1): the line is no journal entry." }
    guard sealed.seq == last + 1 else { return "Entry \(last + 1) is missing: \(sealed.seq) comes after \(last)." }
    last = sealed.seq
    if let text = sealed.line, let salt = sealed.salt, Chain.digest(salt, text) != sealed.digest {
      return "Entry \(last): the line is not the one that was hashed."
    }
    chain = Chain.link(chain, sealed.digest)
    guard chain == sealed.chain else { return "Entry \(last): the chain breaks here." }
    if let head = heads.first(where: { $0.seq == last }), head.hash != chain {
      return "Entry \(last): the chain is whole up to here, but it is not the one whose head was kept."
    }
    return nil
  }

  /// What is left to find at the end: a kept head that lies beyond it.
  public func end() -> String? {
    heads.first { $0.seq > last }.map { "The end is cut off: entry \($0.seq) is known, the last one here is \(last)." }
  }

  public var summary: String {
    last == 0 ? "The journal is empty." : "Chain whole, entries 1 to \(Words.number(last)), head sha256:\(chain.hex)"
  }

  /// A line of `journal export`: CONTRACT's members, the line as text.
  private static func sealed(_ bytes: [UInt8]) -> SealedLine? {
    let object: JSON
    do { object = try JSON(parsing: bytes) } catch { return nil }
    guard let seq = object["seq"]?.int, let stream = object.text("stream"), let revision = object["revision"]?.int,
      let digest = object.text("digest").flatMap({ Hash256(hex: $0) }),
      let chain = object.text("chain").flatMap({ Hash256(hex: $0) })
    else { return nil }
    let salt = object.text("salt").flatMap { Data(base64Encoded: $0) }.flatMap { Salt(bytes: $0) }
    let line = object.text("line")
    // Both are there, or, once erased, neither.
    guard (line == nil) == (salt == nil) else { return nil }
    return SealedLine(
      seq: seq, stream: stream, revision: revision, line: line, salt: salt, digest: digest, chain: chain)
  }
}
