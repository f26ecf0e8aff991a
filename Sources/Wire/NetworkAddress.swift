// Addresses of receivers, and which of them are nobody's public ones. A receiver's name may resolve to anything: what is
// dialled is decided on the address itself, whatever it was spelled as. Ranges: IANA's special-purpose address registries.
import Glibc

/// An IPv4 or IPv6 address. An IPv4 address is kept as `::ffff:a.b.c.d`, which `isMapped` tells from one that came so.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
  fileprivate let high: UInt64
  fileprivate let low: UInt64
  /// Written as IPv4.
  let isIPv4: Bool

  init(high: UInt64, low: UInt64, isIPv4: Bool = false) { (self.high, self.low, self.isIPv4) = (high, low, isIPv4) }

  init(ipv4 bits: UInt32) { self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(bits), isIPv4: true) }

  /// `10.44.0.5` or `2001:db8::1`, as inet_pton(3) reads them: four decimal parts, no zone. nil for anything else.
  public init?(_ text: some StringProtocol) {
    let text = String(text)
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(ipv4: UInt32(bigEndian: four.s_addr))
      return
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    self.init(six)
  }

  /// What a socket is about to be connected to; nil where that is neither IPv4 nor IPv6.
  public init?(_ address: UnsafePointer<sockaddr>) {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      let bits = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
      self.init(ipv4: UInt32(bigEndian: bits))
    case AF_INET6: self.init(UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self).sin6_addr)
    default: return nil
    }
  }

  private init(_ address: in6_addr) {
    let (high, low) = withUnsafeBytes(of: address) { bytes in
      (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
  }

  public var description: String {
    if isIPv4 {
      return (0..<4).reversed().map { String(low >> (8 * UInt64($0)) & 0xFF) }.joined(separator: ".")
    }
    var address = in6_addr()
    withUnsafeMutableBytes(of: &address) { bytes in
      bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
      inet_ntop(AF_INET6, &address, text.baseAddress, socklen_t(INET6_ADDRSTRLEN)).map { String(cString: $0) } ?? ""
    }
  }

  /// The IPv4 address that this one stands for, where it is written within it.
  var embedded: NetworkAddress? {
    guard !isIPv4 else { return nil }
    switch special {
    case .mapped, .translated: return NetworkAddress(ipv4: UInt32(truncatingIfNeeded: low))
    case .sixToFour: return NetworkAddress(ipv4: UInt32(truncatingIfNeeded: high >> 16))
    case .teredo: return NetworkAddress(ipv4: ~UInt32(truncatingIfNeeded: low))
    default: return nil
    }
  }

  /// Why it is nobody's public address; nil where it is one. What is embedded in it is another question.
  public var special: SpecialAddress? {
    SpecialAddress.ranges.first { range, _ in range.isIPv4 == isIPv4 && range.contains(self) }?.1
  }
}

/// Why an address is dialled only where the route allows it. The words stand in messages to administrators.
public enum SpecialAddress: String, Sendable {
  case unspecified = "this host"
  case loopback
  case `private`
  case linkLocal = "link-local"
  case multicast
  case carrierNAT = "shared by a carrier's NAT"
  /// `::ffff:0:0/96`, and the older `::/96`
  case mapped = "an IPv4 address in IPv6"
  /// RFC 6052, RFC 8215
  case translated = "behind NAT64"
  /// RFC 3056
  case sixToFour = "of 6to4"
  /// RFC 4380
  case teredo = "of Teredo"
  case documentation
  case reserved

  /// The first that contains an address says what it is.
  fileprivate static let ranges: [(AddressRange, SpecialAddress)] = [
    ("0.0.0.0/8", .unspecified), ("10.0.0.0/8", .private), ("100.64.0.0/10", .carrierNAT), ("127.0.0.0/8", .loopback),
    ("169.254.0.0/16", .linkLocal), ("172.16.0.0/12", .private), ("192.0.0.0/24", .reserved),
    ("192.0.2.0/24", .documentation), ("192.88.99.0/24", .sixToFour), ("192.168.0.0/16", .private),
    ("198.18.0.0/15", .reserved), ("198.51.100.0/24", .documentation), ("203.0.113.0/24", .documentation),
    ("224.0.0.0/4", .multicast), ("240.0.0.0/4", .reserved),
    ("::/128", .unspecified), ("::1/128", .loopback), ("::/96", .mapped), ("::ffff:0:0/96", .mapped),
    ("64:ff9b::/96", .translated), ("64:ff9b:1::/48", .translated), ("100::/64", .reserved), ("2001::/32", .teredo),
    ("2001::/23", .reserved), ("2001:db8::/32", .documentation), ("2002::/16", .sixToFour),
    ("3fff::/20", .documentation),
    ("5f00::/16", .reserved), ("fc00::/7", .private), ("fe80::/10", .linkLocal), ("fec0::/10", .private),
    ("ff00::/8", .multicast),
  ].map { text, kind in
    guard let range = AddressRange(text) else { preconditionFailure("\(text) is no range") }
    return (range, kind)
  }
}

/// `10.44.0.0/16`: the addresses that begin with the same bits.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
  private let first: NetworkAddress
  /// 0 to 32, or to 128.
  private let length: Int

  var isIPv4: Bool { first.isIPv4 }
  public var description: String { "\(first)/\(length)" }

  /// An address alone is a range of one. nil where it is none, or where bits beyond the length are set.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first.flatMap({ NetworkAddress($0) }), parts.count <= 2 else { return nil }
    let most = first.isIPv4 ? 32 : 128
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]), length <= most else {
        return nil
      }
      self.length = length
    } else {
      length = most
    }
    self.first = first
    guard first.high & ~mask.high == 0, first.low & ~mask.low == 0 else { return nil }
  }

  private var mask: (high: UInt64, low: UInt64) {
    let bits = isIPv4 ? length + 96 : length
    func ones(_ count: Int) -> UInt64 { count <= 0 ? 0 : count >= 64 ? .max : ~(UInt64.max >> UInt64(count)) }
    return (ones(bits), ones(bits - 64))
  }

  /// An IPv4 range holds no IPv6 address, nor the reverse.
  public func contains(_ address: NetworkAddress) -> Bool {
    guard address.isIPv4 == isIPv4 else { return false }
    let mask = mask
    return address.high & mask.high == first.high & mask.high && address.low & mask.low == first.low & mask.low
  }
}

/// Which addresses a route may be dialled at.
public struct AddressRule: Hashable, Sendable {
  private let allowed: [AddressRange]

  /// Public addresses, and these.
  public init(allowing allowed: [AddressRange] = []) { self.allowed = allowed }

  /// These too, for a URL that says so itself: nobody is led there by a name.
  public var withThisMachine: AddressRule {
    AddressRule(allowing: allowed + ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) })
  }

  /// Why the address is not dialled; nil where it is. An address that stands for another has to be allowed, and so has the other.
  public func refusal(of address: NetworkAddress) -> SpecialAddress? {
    if let special = address.special, !allowed.contains(where: { $0.contains(address) }) { return special }
    return address.embedded.flatMap(refusal)
  }
}
