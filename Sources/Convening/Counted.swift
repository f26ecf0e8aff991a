// A number of things as people say it. Whatever tells a count tells it with this, so that nobody reads "1 entries".

/// `1 day`, `2 days`, `8,812 entries`; `many` where the word takes more than an s.
public func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? one : many ?? "\(one)s")"
}

/// Eight thousand eight hundred and twelve as `8,812`.
public func grouped(_ number: Int) -> String {
  let digits = String(abs(number))
  var out = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
    out.append(digit)
  }
  return number < 0 ? "-\(out)" : out
}

extension Elapsed {
  /// "2 hours", "90 seconds", "1 day": the largest unit that divides it.
  public var words: String { words(inDays: true) }

  /// - Parameter kind: what stands before the unit, as in "4 working hours".
  func words(inDays: Bool, of kind: String = "") -> String {
    let seconds = wholeSeconds
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute")].dropFirst(inDays ? 0 : 1)
    let (size, unit) = units.first { seconds >= $0.0 && seconds % Int64($0.0) == 0 } ?? (1, "second")
    return counted(Int(seconds / Int64(size)), kind + unit)
  }
}
