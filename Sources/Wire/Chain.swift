// Salts, digests and the chain that ties each line to all before it. `digest = SHA-256(salt || line)`, `chain =
// SHA-256(previous chain || digest)`, from 32 zero bytes. Erasing a line's salt leaves a digest that confirms no guess.
import Crypto
import Convening

/// 32 bytes of SHA-256 as four big-endian words, so that a million of them need no allocation.
public struct Hash256: Hashable, Sendable {
  public let words: (UInt64, UInt64, UInt64, UInt64)

  public init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) { words = (a, b, c, d) }

  public static let zero = Hash256(0, 0, 0, 0)

  /// nil unless there are exactly 32 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    let words = Hash256.words(bytes)
    self.init(words[0], words[1], words[2], words[3])
  }

  public var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }
  }

  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// nil unless there are exactly 64 hexadecimal digits.
  public init?(hex: some StringProtocol) {
    guard hex.utf8.count == 64 else { return nil }
    let digits = hex.compactMap(\.hexDigitValue)
    guard digits.count == 64 else { return nil }
    self.init(bytes: (0..<32).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) })
  }

  public static func == (a: Hash256, b: Hash256) -> Bool { a.words == b.words }
  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

  /// SHA-256 of some bytes.
  public init(hashing bytes: [UInt8]) { self.init(SHA256.hash(data: bytes)) }

  init(_ digest: SHA256.Digest) {
    self = digest.withUnsafeBytes { raw in
      func word(_ index: Int) -> UInt64 {
        UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      }
      return Hash256(word(0), word(1), word(2), word(3))
    }
  }

  private static func words(_ bytes: some Collection<UInt8>) -> [UInt64] {
    var words: [UInt64] = []
    var word: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      word = word << 8 | UInt64(byte)
      if index % 8 == 7 {
        words.append(word)
        word = 0
      }
    }
    return words
  }
}

/// 16 random bytes before a line.
public struct Salt: Hashable, Sendable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  public init(using lots: inout some RandomNumberGenerator) {
    self.init(high: lots.next(), low: lots.next())
  }

  /// nil unless there are exactly 16 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var words: [UInt64] = [0, 0]
    for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
    self.init(high: words[0], low: words[1])
  }

  public var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
  }
}

/// A line as it is stored: the text that was hashed, and what it was hashed to.
public struct SealedLine: Hashable, Sendable {
  /// 1... in the journal.
  public let seq: Int
  /// `discussion/7Q2F-M9KD`
  public let stream: String
  /// 1... in the stream.
  public let revision: Int
  /// nil once erased.
  public let line: String?
  /// nil once erased.
  public let salt: Salt?
  public let digest: Hash256
  public let chain: Hash256

  public init(seq: Int, stream: String, revision: Int, line: String?, salt: Salt?, digest: Hash256, chain: Hash256) {
    (self.seq, self.stream, self.revision, self.line) = (seq, stream, revision, line)
    (self.salt, self.digest, self.chain) = (salt, digest, chain)
  }
}

extension SealedLine {
  /// The text, or its salt, is not what was hashed. An erased line is not altered.
  public var isAltered: Bool {
    guard let line, let salt else { return line != nil || salt != nil }
    return Chain.digest(salt, line) != digest
  }

  /// SHA-256 of all that stands in the entry, whether its digest holds or not: an altered entry is known again by it.
  public var imprint: Hash256 {
    let salt = salt.map { "\($0.high) \($0.low)" } ?? "-"
    let lengths = "\(stream.utf8.count) \(line?.utf8.count ?? -1)"
    let text = "\(seq) \(revision) \(salt) \(digest.hex) \(chain.hex) \(lengths)\n\(stream)\(line ?? "")"
    return Hash256(hashing: Array(text.utf8))
  }
}

public enum Chain {
  /// SHA-256 of the salt's 16 bytes and the line's.
  public static func digest(_ salt: Salt, _ line: String) -> Hash256 {
    var hash = SHA256()
    withUnsafeBytes(of: (salt.high.bigEndian, salt.low.bigEndian)) { hash.update(bufferPointer: $0) }
    var line = line
    line.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    return Hash256(hash.finalize())
  }

  /// SHA-256 of the chain before and the digest.
  public static func link(_ previous: Hash256, _ digest: Hash256) -> Hash256 {
    var hash = SHA256()
    for words in [previous.words, digest.words] {
      withUnsafeBytes(of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)) {
        hash.update(bufferPointer: $0)
      }
    }
    return Hash256(hash.finalize())
  }

  /// The first 128 bits of a SHA-256, for comparing bodies and idempotency keys.
  public static func fingerprint(_ bytes: some Sequence<UInt8>) -> Fingerprint {
    let hash = Hash256(SHA256.hash(data: Array(bytes)))
    return Fingerprint(high: hash.words.0, low: hash.words.1)
  }
}
