// Which addresses a route may be dialled at, as tables: each special range with its first and last address, and with the
// nearest public ones; each form that hides an address in another.
import Testing
import Wire

@Suite struct NetworkAddressTests {
  /// First and last of each range, as IANA's registries have them.
  @Test(arguments: [
    ("0.0.0.0", "0.255.255.255", SpecialAddress.unspecified), ("10.0.0.0", "10.255.255.255", .private),
    ("100.64.0.0", "100.127.255.255", .carrierNAT), ("127.0.0.0", "127.255.255.255", .loopback),
    ("169.254.0.0", "169.254.255.255", .linkLocal), ("172.16.0.0", "172.31.255.255", .private),
    ("192.168.0.0", "192.168.255.255", .private), ("224.0.0.0", "239.255.255.255", .multicast),
    ("240.0.0.0", "255.255.255.255", .reserved), ("::", "::", .unspecified), ("::1", "::1", .loopback),
    ("::ffff:0.0.0.0", "::ffff:255.255.255.255", .mapped), ("64:ff9b::", "64:ff9b::ffff:ffff", .translated),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", .translated),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .sixToFour),
    ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", .teredo),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .private),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .linkLocal),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .multicast),
  ])
  func isNobodysPublicAddress(first: String, last: String, kind: SpecialAddress) throws {
    for text in [first, last] {
      #expect(try AddressRule().refusal(of: #require(NetworkAddress(text))) == kind, "\(text)")
    }
  }

  @Test(arguments: [
    "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
    "223.255.255.255",
    "8.8.8.8", "2606:4700::1111", "2a00:1450::1", "2003::1", "fe00::1", "2001:200::1",
  ])
  func isPublic(text: String) throws { #expect(try AddressRule().refusal(of: #require(NetworkAddress(text))) == nil) }

  /// Allowing the way in is not allowing what lies behind it.
  @Test(arguments: [
    ("::ffff:10.1.2.3", "::ffff:0:0/96", "10.1.2.0/24"), ("64:ff9b::10.1.2.3", "64:ff9b::/96", "10.1.2.3"),
    ("2002:a01:203::5", "2002::/16", "10.0.0.0/8"), ("2001:0:4136:e378:8000:63bf:f5fe:fdfc", "2001::/32", "10.1.2.3"),
  ])
  func whatIsHiddenWithin(text: String, way: String, goal: String) throws {
    let address = try #require(NetworkAddress(text))
    let (way, goal) = (try #require(AddressRange(way)), try #require(AddressRange(goal)))
    #expect(AddressRule(allowing: [way]).refusal(of: address) == .private)
    #expect(AddressRule(allowing: [goal]).refusal(of: address) != nil)
    #expect(AddressRule(allowing: [way, goal]).refusal(of: address) == nil)
  }

  @Test func aPublicAddressBehindAnAllowedWayIsAllowed() throws {
    let way = try #require(AddressRange("64:ff9b::/96"))
    #expect(try AddressRule(allowing: [way]).refusal(of: #require(NetworkAddress("64:ff9b::8.8.8.8"))) == nil)
  }

  @Test(arguments: [
    ("10.44.0.0/16", "10.44.0.0", "10.44.255.255", "10.45.0.0"), ("10.44.3.7", "10.44.3.7", "10.44.3.7", "10.44.3.8"),
    ("0.0.0.0/0", "10.0.0.0", "255.255.255.255", "::1"),
    ("fd12:3456::/32", "fd12:3456::", "fd12:3456:ffff::1", "fd12:3457::"),
    ("10.44.3.6/31", "10.44.3.6", "10.44.3.7", "10.44.3.8"),
    ("fd00::/65", "fd00::1", "fd00::7fff:0:0:0", "fd00::8000:0:0:0"),
  ])
  func aRangeIsAllowed(text: String, first: String, last: String, beyond: String) throws {
    let rule = AddressRule(allowing: [try #require(AddressRange(text))])
    for inside in [first, last] { #expect(try rule.refusal(of: #require(NetworkAddress(inside))) == nil, "\(inside)") }
    #expect(try rule.refusal(of: #require(NetworkAddress(beyond))) != nil)
  }

  @Test(arguments: [
    "10.44.0.1/16", "10.44.0.0/33", "10.44.0.0/", "10.44.0.0/-1", "10.44/16", "fd00::1/64", "fd00::/129", "", "/8",
    "hub.health.example", "10.44.0.0/16/16", "0x0a.0.0.0/8", "010.0.0.0/8", "fe80::1%eth0",
  ])
  func isNoRange(text: String) { #expect(AddressRange(text) == nil) }

  @Test(arguments: ["10.44.3.7", "255.255.255.255", "0.0.0.0", "2001:db8::1", "::ffff:10.1.2.3", "fd00::1"])
  func readsAsItIsWritten(text: String) throws { #expect(try #require(NetworkAddress(text)).description == text) }
}
