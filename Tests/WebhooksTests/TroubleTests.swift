// Connections that break, receivers that hang, a queue that is held up, and a courier that is closed in the middle: one
// attempt stays one post, and one answer is told once.
import Convening
import Dispatch
import Foundation
import Testing
import Webhooks

extension CourierTests {
  struct InTrouble {
    /// libcurl would send the body again by itself: the retry is the docket's, which records it.
    @Test func aKeptConnectionThatDiesIsAResetAndOnePost() throws {
      let receiver = try Receiver { post in post.number == 1 ? .close : .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let answers = [sender.post(), sender.post(), sender.post()]
      sender.closeAndCheck(3)
      #expect(answers.map(\.verdict) == [.accepted, .retry, .accepted])
      #expect(answers[1].fault == "reset" && answers[1].status == nil)
      #expect(receiver.posts.count == 3, "one post for each attempt")
      #expect(receiver.posts.prefix(2).map(\.connection) == [0, 0])
    }

    /// The receiver closed it while nothing was under way: that is seen, and the post goes over a new connection.
    @Test func anIdleConnectionThatWasClosedIsNotUsed() throws {
      let receiver = try Receiver { _ in .bytesThenClose("HTTP/1.1 204 No Content\r\n\r\n") }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let answers = (0..<3).map { number in
        let answer = sender.post()
        receiver.record(when: "the receiver closed") { $0.closed.contains(number) }
        return answer
      }
      sender.closeAndCheck(3)
      #expect(answers.map(\.verdict) == [.accepted, .accepted, .accepted])
      #expect(receiver.posts.map(\.connection) == [0, 1, 2])
    }

    /// A late answer on the hanging connection is nobody's: the connection is left.
    @Test func aHangingReceiverTimesOutAtTheLimit() throws {
      let receiver = try Receiver { post in post.number == 1 ? .hang : .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url(), limits: .whole(1000))
      let answers = [sender.post(), sender.post(), sender.post()]
      sender.closeAndCheck(3)
      #expect(answers.map(\.verdict) == [.accepted, .retry, .accepted])
      #expect(answers[1].fault == "timeout" && answers[1].status == nil)
      #expect((1000..<1900).contains(answers[1].tookMilliseconds))
      #expect(receiver.posts.map(\.connection) == [0, 0, 1])
    }

    /// The headers came, the body never does.
    @Test func aBodyThatStallsTimesOut() throws {
      let receiver = try Receiver { _ in .bytes("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab") }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url(), limits: .whole(300))
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.fault == "timeout")
    }

    /// 300 posts, 24 at once, a third each answered, broken and hanging: exactly those that hang are timeouts.
    @Test func aThirdEachAnsweredBrokenAndHanging() throws {
      let receiver = try Receiver { post in
        switch post.value("convened-attempt").flatMap({ Int($0) }).map({ $0 % 3 }) {
        case 0: .hang
        case 1: .close
        default: .status(204)
        }
      }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url(), limits: .whole(200))
      var begun = 0
      func beginNext() {
        guard begun < 300 else { return }
        begun += 1
        _ = sender.begin(attempt: begun, then: beginNext)
      }
      sender.queue.sync { for _ in 0..<24 { beginNext() } }
      let all = sender.answers.all(of: 300)
      sender.closeAndCheck(300)
      for ticket in 1...300 {
        let told = all[ticket]?.map { $0.fault ?? "\($0.status ?? 0)" }
        #expect(told == [["timeout", "reset", "204"][ticket % 3]], "\(ticket)")
      }
      #expect(receiver.posts.count == 300, "one post for each attempt")
    }

    @Test func twoThousandAtOnceOverFiftyRoutesAllEndOnce() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let names = (0..<50).map { RouteName("r\($0)")! }
      let sender = Sender(try names.map { try Sender.route($0, receiver.url("/\($0)")) })
      for _ in 1...2 {
        sender.queue.sync { for index in 0..<1000 { _ = sender.begin(names[index % 50], attempt: index + 1) } }
      }
      let all = sender.answers.all(of: 2000)
      sender.closeAndCheck(2000)
      #expect(all.values.filter { $0.map(\.verdict) != [.accepted] }.isEmpty)
      #expect(Dictionary(grouping: receiver.posts, by: \.path).values.map(\.count) == .init(repeating: 40, count: 50))
    }

    /// A slow disk holds the loop for longer than the limit of half a second; the receiver answered in time all the same.
    @Test func aQueueThatIsHeldUpMakesNoTimeouts() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url(), limits: .whole(500))
      sender.queue.sync { for _ in 0..<8 { _ = sender.begin() } }
      _ = sender.answers.all(of: 8)
      let never = DispatchSemaphore(value: 0)
      sender.queue.sync {
        for _ in 0..<8 { _ = sender.begin() }
        _ = never.wait(timeout: .now() + .milliseconds(1200))
      }
      let all = sender.answers.all(of: 16)
      sender.closeAndCheck(16)
      #expect(all.values.map { $0.map { $0.fault ?? "\($0.status ?? 0)" } } == .init(repeating: ["204"], count: 16))
    }

    /// The limit passed while the carrier was held up, and the answer came before it went on: what has arrived comes first.
    /// What holds it up is the clock that it asks because of a `Retry-After`.
    @Test func anAnswerThatIsThereComesBeforeTheLimit() throws {
      let (hasCome, mayAnswer) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let (isHeld, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let refusal = "HTTP/1.1 503 Scripted\r\nRetry-After: 7\r\n\r\n"
      let answer = "HTTP/1.1 204 Scripted\r\n\r\n"
      let late = try Receiver { _ in
        hasCome.signal()
        _ = mayAnswer.wait(timeout: .now() + .seconds(30))
        return .bytes(answer)
      }
      let busy = try Receiver { _ in .bytesThenClose(refusal) }
      defer {
        late.stop()
        busy.stop()
      }
      let sender = Sender(
        [try Sender.route("late", late.url()), try Sender.route("busy", busy.url())], limits: .whole(200)
      ) {
        isHeld.signal()
        _ = mayGoOn.wait(timeout: .now() + .seconds(30))
        return Sender.now
      }
      let never = DispatchSemaphore(value: 0)
      let ticket = sender.queue.sync { sender.begin("late") }
      #expect(hasCome.wait(timeout: .now() + .seconds(30)) == .success)
      _ = sender.queue.sync { sender.begin("busy") }
      #expect(isHeld.wait(timeout: .now() + .seconds(30)) == .success)
      _ = never.wait(timeout: .now() + .milliseconds(400))
      mayAnswer.signal()
      late.record(when: "the answer left") { $0.written == answer.utf8.count }
      mayGoOn.signal()
      let told = sender.answers.all(of: 2)[ticket]?.first
      sender.closeAndCheck(2)
      #expect(told?.verdict == .accepted && told?.fault == nil)
    }

    /// The loop is held up for longer than the limit, and what it handed over before goes on all the same.
    @Test func aLoopThatIsHeldUpHoldsUpNoPost() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      sender.queue.sync {
        _ = sender.begin()
        receiver.record(when: "the post came while the loop was held") { $0.posts.count == 1 }
      }
      _ = sender.answers.all(of: 1)
      sender.closeAndCheck(1)
    }

    @Test func closingTellsNobody() throws {
      let receiver = try Receiver { post in post.number < 20 ? .hang : .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url(), limits: .whole(200))
      sender.queue.sync { for _ in 0..<20 { _ = sender.begin() } }
      receiver.record(when: "20 posts") { $0.posts.count == 20 }
      sender.queue.sync {
        for _ in 0..<20 { _ = sender.begin() }
        sender.courier.close()
      }
      receiver.record(when: "all connections were left") { $0.left.count == $0.connections }
      // Past the limit, on the queue where an answer would be told.
      let later = DispatchSemaphore(value: 0)
      sender.queue.asyncAfter(deadline: .now() + .milliseconds(400)) { later.signal() }
      #expect(later.wait(timeout: .now() + .seconds(30)) == .success)
      #expect(sender.answers.all.isEmpty)
    }

    /// An answer may lead to the next send, or to the end of it all.
    @Test func anAnswerMayCloseTheCourier() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let closed = DispatchSemaphore(value: 0)
      sender.queue.sync {
        for _ in 0..<10 {
          _ = sender.begin(then: {
            sender.courier.close()
            closed.signal()
          })
        }
      }
      #expect(closed.wait(timeout: .now() + .seconds(30)) == .success)
      sender.queue.sync {}
      #expect(sender.answers.all.count == 1)
    }

    /// A hundred couriers, each closed with posts under way. Other tests open and close descriptors meanwhile, so the
    /// count may differ a little, not by one for each courier.
    @Test func closingLeaksNoDescriptor() throws {
      let receiver = try Receiver { post in post.path == "/hang" ? .hang : .status(204) }
      defer { receiver.stop() }
      func round() throws {
        let sender = Sender([
          try Sender.route("agency", receiver.url()), try Sender.route("silent", receiver.url("/hang")),
        ])
        #expect(sender.post().verdict == .accepted)
        sender.queue.sync { for _ in 0..<3 { _ = sender.begin("silent") } }
        sender.close()
        sender.queue.sync {}
      }
      try round()
      let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
      for _ in 0..<100 { try round() }
      receiver.record(when: "all connections were left") { $0.left.count == $0.connections }
      let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
      #expect(after - before < 50)
    }
  }
}
