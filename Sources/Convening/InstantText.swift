// RFC 3339 text of moments and days, written and read without Foundation: the journal writes one on every line, and the
// same moment must give the same bytes for ever.

extension Instant: CustomStringConvertible {
  /// `2026-11-23T09:00:00Z`; three decimals only where the milliseconds are not zero.
  public var description: String { String(unsafeUninitializedCapacity: Instant.textLength, initializingUTF8With: fill) }

  /// At most, in bytes.
  public static let textLength = 24

  /// Writes that text, and says how long it is. `buffer` has room for `textLength`.
  public func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let (day, ms) = milliseconds.floored(by: 86_400_000)
    let date = CivilDate(daysSince1970: day)
    var at = 0
    func put(_ character: UInt8) {
      buffer[at] = character
      at += 1
    }
    func put(_ number: Int, width: Int) {
      var divisor = width == 4 ? 1000 : width == 3 ? 100 : 10
      while divisor > 0 {
        put(UInt8(48 + number / divisor % 10))
        divisor /= 10
      }
    }
    put(date.year, width: 4)
    put(UInt8(ascii: "-"))
    put(date.month, width: 2)
    put(UInt8(ascii: "-"))
    put(date.day, width: 2)
    put(UInt8(ascii: "T"))
    let seconds = Int(ms / 1000)
    put(seconds / 3600, width: 2)
    put(UInt8(ascii: ":"))
    put(seconds / 60 % 60, width: 2)
    put(UInt8(ascii: ":"))
    put(seconds % 60, width: 2)
    if ms % 1000 != 0 {
      put(UInt8(ascii: "."))
      put(Int(ms % 1000), width: 3)
    }
    put(UInt8(ascii: "Z"))
    return at
  }

  /// Seconds since 1970 of the moments whose text is read again: 1970...2999.
  public static let readable = 0..<32_503_680_000

  /// Reads RFC 3339: a date, `T` (or a space), a time with optional decimals, and `Z` or an offset. Decimals beyond
  /// the millisecond are cut. nil for anything else, for a leap second, and for moments outside 1970...2999.
  public init?(_ text: some StringProtocol) {
    var scan = Scan(text)
    guard let year = scan.number(4), scan.take("-"), let month = scan.number(2), scan.take("-"),
      let day = scan.number(2), (1970...2999).contains(year),
      let date = CivilDate(year: year, month: month, day: day),
      scan.take("T") || scan.take("t") || scan.take(" "),
      let hour = scan.number(2), hour < 24, scan.take(":"), let minute = scan.number(2), minute < 60,
      scan.take(":"), let second = scan.number(2), second < 60
    else { return nil }
    var fraction = 0
    if scan.take(".") {
      guard let decimals = scan.decimals() else { return nil }
      fraction = decimals
    }
    var offset = 0
    if !(scan.take("Z") || scan.take("z")) {
      let west = scan.take("-")
      guard west || scan.take("+"), let hours = scan.number(2), hours < 24, scan.take(":"),
        let minutes = scan.number(2), minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (west ? -1 : 1)
    }
    guard scan.atEnd else { return nil }
    let seconds = date.daysSince1970 * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset * 60)
    // An offset may lead out of the years that can be written and read again: a line that nobody can read is never kept.
    guard Instant.readable.contains(Int(seconds)) else { return nil }
    self.init(milliseconds: seconds * 1000 + Int64(fraction))
  }
}

extension CivilDate: CustomStringConvertible {
  /// `2026-11-23`
  public var description: String {
    func padded(_ n: Int, _ width: Int) -> String {
      let digits = String(n)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Reads `YYYY-MM-DD`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    var scan = Scan(text)
    guard let year = scan.number(4), scan.take("-"), let month = scan.number(2), scan.take("-"),
      let day = scan.number(2), scan.atEnd
    else { return nil }
    self.init(year: year, month: month, day: day)
  }
}

private struct Scan {
  private var rest: ArraySlice<UInt8>

  init(_ text: some StringProtocol) { rest = ArraySlice(text.utf8) }

  var atEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(_ width: Int) -> Int? {
    guard rest.count >= width else { return nil }
    var value = 0
    for byte in rest.prefix(width) {
      guard (48...57).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 48)
    }
    rest.removeFirst(width)
    return value
  }

  mutating func decimals() -> Int? {
    let digits = rest.prefix { (48...57).contains($0) }
    guard !digits.isEmpty else { return nil }
    rest.removeFirst(digits.count)
    let kept = digits.prefix(3).reduce(0) { $0 * 10 + Int($1 - 48) }
    return digits.count >= 3 ? kept : digits.count == 2 ? kept * 10 : kept * 100
  }
}
