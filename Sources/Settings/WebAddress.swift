// A route's URL cut into what is dialled. It reads less than RFC 3986 allows and less than libcurl, which dials it
// (`Webhooks/Route`): what passes here must be taken there, or the check would accept what the start refuses.
import Foundation
import Wire

struct WebAddress {
  enum Fault: Error {
    /// Not `http://` or `https://` and a host, or with a user, or with what no URL holds.
    case shape
    case host
    case port
  }

  /// `http` or `https`.
  let scheme: String
  /// In lower case; an IPv6 address in its brackets.
  let host: String
  /// Nothing follows its host and port.
  let isRoot: Bool

  /// Throws: `Fault`.
  init(_ text: String) throws(Fault) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let mark = text.firstRange(of: "://") else {
      throw .shape
    }
    scheme = text[..<mark.lowerBound].lowercased()
    let authority = text[mark.upperBound...].prefix { !"/?#".contains($0) }
    guard ["http", "https"].contains(scheme), !authority.contains("@") else { throw .shape }
    let isBracketed = authority.hasPrefix("[")
    let host = authority.prefix { $0 != (isBracketed ? "]" : ":") } + (isBracketed ? "]" : "")
    guard !host.isEmpty else { throw .shape }
    guard authority.hasPrefix(host), isBracketed ? Self.isIPv6(host.dropFirst().dropLast()) : Self.isName(host) else {
      throw .host
    }
    let port = authority.dropFirst(host.count)
    guard port.isEmpty || Self.isPort(port) else { throw .port }
    self.host = host.lowercased()
    isRoot = ["", "/"].contains(text[mark.upperBound...].dropFirst(authority.count))
  }

  /// The address that it names; nil where a name has to be looked up.
  var literal: NetworkAddress? {
    NetworkAddress(host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host)
  }

  /// Plain http to it leaves no machine: `localhost`, 127.0.0.0/8 written out, or `[::1]`.
  var isThisMachine: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in UInt8(part) != nil && part.utf8.allSatisfy { (48...57).contains($0) } }
  }

  /// Letters, digits, `.`, `-` and `_`: names, and IPv4 addresses.
  private static func isName(_ host: Substring) -> Bool {
    host.utf8.allSatisfy {
      (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || "._-".utf8.contains($0)
    }
  }

  /// Without a zone, which names a card of this machine.
  private static func isIPv6(_ text: Substring) -> Bool {
    var address = in6_addr()
    return inet_pton(AF_INET6, String(text), &address) == 1
  }

  /// A colon and 1...65535.
  private static func isPort(_ text: Substring) -> Bool {
    let digits = text.dropFirst()
    return text.hasPrefix(":") && digits.utf8.allSatisfy { (48...57).contains($0) } && UInt16(digits) ?? 0 > 0
  }
}
