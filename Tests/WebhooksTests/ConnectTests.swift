// A receiver that takes no connection: the limit on connecting is libcurl's own, so it shows that libcurl's deadlines are
// kept although the timer is not set for each of them.
import Convening
import Foundation
import Testing
import Webhooks

/// A listener whose queue is full: the kernel drops what else knocks, as a firewall would.
private final class FullListener {
  let port: UInt16
  private let listener: Int32
  private var waiting: [Int32] = []

  init() throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 0) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isListening)
    port = UInt16(bigEndian: address.sin_port)
    for _ in 0..<4 {
      let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      _ = fcntl(caller, F_SETFL, O_NONBLOCK)
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(caller, $0, length) }
      }
      waiting.append(caller)
    }
  }

  deinit { for socket in waiting + [listener] { close(socket) } }
}

extension CourierTests {
  struct Connecting {
    static let limits = {
      var limits = CourierLimits.whole(3000)
      limits.connect = 300
      return limits
    }()

    /// `agency` is the receiver, `silent` takes no connection.
    private static func sender(_ receiver: Receiver, _ full: FullListener) throws -> Sender {
      let routes = [
        try Sender.route("agency", receiver.url()), try Sender.route("silent", "http://127.0.0.1:\(full.port)/"),
      ]
      return Sender(routes, limits: limits)
    }

    @Test func aConnectionThatIsNeverTakenEndsAtItsOwnLimit() throws {
      let full = try FullListener()
      let sender = try Sender("http://127.0.0.1:\(full.port)/", limits: Self.limits)
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.fault == "timeout" && answer.status == nil)
      #expect((300..<2500).contains(answer.tookMilliseconds))
    }

    /// The timer stands at the limit of a post that was answered since: it goes off for nothing, then at the next limit.
    @Test func aTimerThatGoesOffForNothingIsSetAgain() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let full = try FullListener()
      let sender = try Self.sender(receiver, full)
      #expect(sender.post().verdict == .accepted)
      let answer = sender.post("silent")
      sender.closeAndCheck(2)
      #expect(answer.fault == "timeout")
      #expect((300..<2500).contains(answer.tookMilliseconds))
    }

    /// The other way round: an attempt that hangs has the timer far ahead, and a nearer limit comes after it.
    @Test func aNearerLimitMovesTheTimer() throws {
      let receiver = try Receiver { _ in .hang }
      defer { receiver.stop() }
      let full = try FullListener()
      let sender = try Self.sender(receiver, full)
      let hanging = sender.queue.sync { sender.begin() }
      receiver.record(when: "1 post") { $0.posts.count == 1 }
      // The first limit on connecting has gone by when this is answered: the timer stands at the far one then.
      let first = sender.queue.sync { sender.begin("silent") }
      #expect(sender.answers.all(of: 1)[first]?.first?.fault == "timeout")
      let silent = sender.queue.sync { sender.begin("silent") }
      let all = sender.answers.all(of: 3)
      sender.closeAndCheck(3)
      #expect(all[silent]?.first?.fault == "timeout")
      #expect(all[silent].map { (300..<2500).contains($0[0].tookMilliseconds) } == true)
      #expect(all[hanging].map { (3000..<6000).contains($0[0].tookMilliseconds) } == true)
    }
  }
}
