// The names that things go by. A discussion's and a reminder's are random and say nothing; the others are short words
// from the settings. Each is its own type, so that none can stand where another is meant.

/// A discussion's reference: 40 random bits, shown in Crockford's base32, `7Q2F-M9KD`. Chosen by the client.
public struct DiscussionID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 0 ..< 2^40
  public let bits: UInt64

  public init(bits: UInt64) { self.bits = bits & 0xFF_FFFF_FFFF }

  /// Any case, hyphen optional, I and L read as 1, O as 0. nil for anything that is not eight such characters.
  public init?(_ text: some StringProtocol) {
    var (bits, count, length) = (UInt64(0), 0, 0)
    for byte in text.utf8 {
      length += 1
      if byte == UInt8(ascii: "-") { continue }
      guard count < 8, let value = Crockford.value(byte) else { return nil }
      bits = bits << 5 | UInt64(value)
      count += 1
    }
    guard count == 8, length <= 9 else { return nil }
    self.init(bits: bits)
  }

  public var description: String {
    String(unsafeUninitializedCapacity: DiscussionID.textLength, initializingUTF8With: fill)
  }

  /// In bytes.
  public static let textLength = 9

  /// Writes that text, and says how long it is. `buffer` has room for `textLength`.
  public func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    Crockford.fill(buffer, from: 0, bits >> 20, width: 4)
    buffer[4] = UInt8(ascii: "-")
    Crockford.fill(buffer, from: 5, bits, width: 4)
    return DiscussionID.textLength
  }

  public static func < (a: DiscussionID, b: DiscussionID) -> Bool { a.bits < b.bits }
}

/// A front-door contact's reference, in the form of a discussion's. Chosen by the client.
public struct ContactID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 0 ..< 2^40
  public let bits: UInt64

  public init(bits: UInt64) { self.bits = DiscussionID(bits: bits).bits }

  /// Read as a discussion's.
  public init?(_ text: some StringProtocol) {
    guard let reference = DiscussionID(text) else { return nil }
    bits = reference.bits
  }

  public var description: String { DiscussionID(bits: bits).description }

  public static func < (a: ContactID, b: ContactID) -> Bool { a.bits < b.bits }
}

/// A reminder's id, and its `webhook-id`: `msg_` and 26 characters of Crockford's base32 (a ULID: 48 bits of
/// milliseconds, 80 random bits). One per reminder; the same on every attempt.
public struct ReminderID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  public init(at now: Instant, using lots: inout some RandomNumberGenerator) {
    let time = UInt64(max(0, now.milliseconds)) & 0xFFFF_FFFF_FFFF
    high = time << 16 | lots.next() >> 48
    low = lots.next()
  }

  public init?(_ text: some StringProtocol) {
    guard text.hasPrefix("msg_"), text.utf8.count == 30 else { return nil }
    let characters = Array(text.utf8.dropFirst(4))
    // 26 characters carry 130 bits, of which the first two are zero: 2 + 62 in the first 13, 1 + 64 in the others.
    guard let head = Crockford.bits(characters.prefix(13)), let tail = Crockford.bits(characters.suffix(13)),
      head < 1 << 63, Crockford.value(characters[0]) ?? 8 < 8
    else { return nil }
    high = head << 1 | UInt64(Crockford.value(characters[13])! >> 4)
    low = tail
  }

  public var description: String {
    String(unsafeUninitializedCapacity: ReminderID.textLength, initializingUTF8With: fill)
  }

  /// In bytes.
  public static let textLength = 30

  /// Writes that text, and says how long it is. `buffer` has room for `textLength`.
  public func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    _ = buffer.update(fromContentsOf: "msg_".utf8)
    // The upper 13 characters show the upper 63 of `high`; its last bit leads the lower 13 (1 + 64 bits).
    Crockford.fill(buffer, from: 4, high >> 1, width: 13)
    Crockford.fill(buffer, from: 17, (high & 1) << 4 | low >> 60, width: 1)
    Crockford.fill(buffer, from: 18, low, width: 12)
    return ReminderID.textLength
  }

  public static func < (a: ReminderID, b: ReminderID) -> Bool { (a.high, a.low) < (b.high, b.low) }

  /// FNV-1a over the id's 16 bytes and the attempt's number: where jitter comes from, so that no rule draws lots.
  /// Source: http://www.isthe.com/chongo/tech/comp/fnv/ (64 bit).
  public func lot(attempt: Int) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for word in [high, low, UInt64(attempt)] {
      for shift in stride(from: 56, through: 0, by: -8) {
        hash = (hash ^ (word >> UInt64(shift) & 0xFF)) &* 0x100_0000_01b3
      }
    }
    return hash
  }
}

/// A short word from the settings: lower-case letters, digits and hyphens, 1 to 63 characters, not starting with a
/// hyphen. `Of` keeps an agency's name from standing where a route's is meant.
public struct Slug<Of>: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  public let text: String

  public init?(_ text: some StringProtocol) {
    let legal = text.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
    }
    guard legal, (1...63).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "-") else { return nil }
    self.text = String(text)
  }

  /// For names that stand in the source; traps on one that is not legal.
  public init(stringLiteral literal: String) {
    guard let slug = Slug(literal) else { preconditionFailure("\"\(literal)\" is not a legal name") }
    self = slug
  }

  public var description: String { text }
  public static func < (a: Slug, b: Slug) -> Bool { a.text < b.text }
}

public enum AgencyKind {}
public enum RouteKind {}
public enum PolicyKind {}
public enum TeamKind {}
public enum UnitKind {}
public enum StepKind {}
public enum SnapshotKind {}

public typealias AgencyID = Slug<AgencyKind>
public typealias RouteName = Slug<RouteKind>
public typealias PolicyID = Slug<PolicyKind>
public typealias TeamID = Slug<TeamKind>
/// A unit of one agency: Health's community trust, its hospitals.
public typealias UnitID = Slug<UnitKind>
public typealias StepName = Slug<StepKind>
public typealias SnapshotName = Slug<SnapshotKind>

/// Douglas Crockford's base32: no I, L, O or U. https://www.crockford.com/base32.html
enum Crockford {
  static let alphabet: [UInt8] = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  static func value(_ character: UInt8) -> UInt8? {
    let value = values[Int(character)]
    return value < 32 ? value : nil
  }

  /// The value of each byte; 255 for those that have none.
  private static let values: [UInt8] = (0...255).map { byte in
    var c = UInt8(byte)
    if (97...122).contains(c) { c -= 32 }
    if c == UInt8(ascii: "I") || c == UInt8(ascii: "L") { return 1 }
    if c == UInt8(ascii: "O") { return 0 }
    return alphabet.firstIndex(of: c).map(UInt8.init) ?? 255
  }

  /// The lower 64 bits of what the characters spell; nil where one is not of the alphabet.
  static func bits(_ characters: some Sequence<UInt8>) -> UInt64? {
    var result: UInt64 = 0
    for character in characters {
      guard let value = value(character) else { return nil }
      result = result << 5 | UInt64(value)
    }
    return result
  }

  /// The lowest bits, five to a character.
  static func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, from start: Int, _ bits: UInt64, width: Int) {
    for place in 0..<width {
      buffer[start + width - 1 - place] = alphabet[Int(bits >> UInt64(5 * place) & 31)]
    }
  }
}
