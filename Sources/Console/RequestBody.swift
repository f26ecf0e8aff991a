// The bodies of requests: members in a fixed order, those without a value left out, so that a repeated PUT says the same
// as the first.
import Convening
import Wire

extension JSON {
  /// An object of those members that have a value.
  public static func body(_ members: [(name: String, value: JSON?)]) -> JSON {
    .object(members.compactMap { member in member.value.map { Member(member.name, $0) } })
  }

  /// A moment as RFC 3339 in UTC.
  public init(_ moment: Instant) { self = .string(moment.description) }
}

extension String {
  /// Percent-encoded for a query's value: all but RFC 3986's unreserved characters.
  public var queryValue: String {
    let hex = Array("0123456789ABCDEF")
    return utf8.map { byte -> String in
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
      return isPlain || "-._~".unicodeScalars.contains(scalar)
        ? String(scalar) : "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
    }.joined()
  }
}
