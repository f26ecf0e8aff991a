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
