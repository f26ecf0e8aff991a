// What a route may be dialled at is decided on the address, whatever name led there, and again where a connection that stands
// is used. The names are the test program's own (`StalledNames`): `here.test` is this machine, `both.test` a private address
// and then this machine.
import Convening
import Glibc
import StalledNames
import Testing
import Webhooks
import Wire

extension CourierTests {
  struct Addressed {
    private static let here = AddressRule(allowing: [AddressRange("127.0.0.0/8")!])

    private static func route(
      _ name: RouteName, _ host: String, _ receiver: Receiver, _ addresses: AddressRule = .init()
    ) throws -> Route {
      try route(name, receiver.url().replacing("127.0.0.1", with: host), addresses)
    }

    private static func route(_ name: RouteName, _ url: String, _ addresses: AddressRule) throws -> Route {
      try Route(
        name: name, url: url, secrets: [Sender.secret], caFile: nil, insecure: true, addresses: addresses)
    }

    /// One attempt, and what the receiver saw of it.
    private static func post(to host: String, _ addresses: AddressRule = .init()) throws -> (Answer, Receiver.Record) {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let sender = Sender([try route("agency", host, receiver, addresses)])
      let answer = sender.post()
      sender.closeAndCheck(1)
      return (answer, receiver.soFar)
    }

    @Test func aNameThatLeadsToThisMachineIsNotDialled() throws {
      let (answer, record) = try Self.post(to: "here.test")
      #expect(answer.verdict == .misconfigured && answer.fault == "blocked" && answer.status == nil)
      #expect(answer.peer == "127.0.0.1")
      #expect(record.posts.isEmpty && record.connections == 0)
    }

    @Test func whereTheRouteAllowsItItIs() throws {
      let (answer, record) = try Self.post(to: "here.test", Self.here)
      #expect(answer.verdict == .accepted && record.posts.count == 1)
    }

    /// The name is the proxy's to look up, and which addresses it reaches is its own rule.
    @Test func throughAProxyItGoesThere() throws {
      let proxy = try Receiver { _ in .status(204) }
      defer { proxy.stop() }
      let sender = Sender([
        try Sender.route("agency", "http://agency.test/hook?a=1", insecure: true, proxy: proxy.url(""))
      ])
      #expect(sender.post().verdict == .accepted)
      sender.closeAndCheck(1)
      #expect(proxy.posts.map(\.path) == ["http://agency.test/hook?a=1"])
    }

    /// What it answers of itself is no answer of the receiver's.
    @Test func aProxyThatLetsNobodyThroughIsTriedAgain() throws {
      let proxy = try Receiver { _ in .status(403) }
      defer { proxy.stop() }
      let sender = Sender([try Sender.route("agency", "https://agency.test/hook", proxy: proxy.url(""))])
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.status == nil, "\(answer)")
    }

    @Test func aConnectionThatAnotherRouteOpenedIsNotUsed() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let sender = Sender([
        try Self.route("agency", "here.test", receiver, Self.here), try Self.route("other", "here.test", receiver),
      ])
      #expect(sender.post().verdict == .accepted)
      let answer = sender.post("other")
      #expect(answer.verdict == .misconfigured && answer.fault == "blocked" && answer.peer == "127.0.0.1")
      #expect(sender.post().verdict == .accepted)
      sender.closeAndCheck(3)
      #expect(receiver.posts.count == 2)
    }

    @Test func aSettingThatIsTakenBackHoldsForTheNextPost() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let sender = Sender([try Self.route("agency", "here.test", receiver, Self.here)])
      #expect(sender.post().verdict == .accepted)
      sender.book.replace([try Self.route("agency", "here.test", receiver)])
      #expect(sender.post().fault == "blocked")
      sender.closeAndCheck(2)
      #expect(receiver.posts.count == 1)
    }

    @Test func anAddressThatIsAllowedIsDialledAfterOneThatIsNot() throws {
      let (answer, _) = try Self.post(to: "both.test", Self.here)
      #expect(answer.verdict == .accepted && answer.peer?.hasPrefix("127.0.0.1:") == true)
    }

    /// Nothing listens where it is allowed: that may pass, and is no fault of the settings.
    @Test func aRefusedConnectionIsTriedAgainAlthoughAnotherAddressIsNotAllowed() throws {
      let (reserved, port) = try Receiver.reserve()
      defer { close(reserved) }
      let sender = Sender([try Self.route("agency", "http://both.test:\(port)/", Self.here)])
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.fault == "refused")
    }
  }
}
