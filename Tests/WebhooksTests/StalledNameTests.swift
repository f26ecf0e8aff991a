// Lookups that stall: libcurl's resolver threads cannot be stopped, and the loop must not wait for them. The name server is
// the test program's own (`StalledNames`), so no network has a part in it.
import Convening
import StalledNames
import Testing
import Webhooks

extension CourierTests {
  struct WithStalledNames {
    @Test func aStalledLookupHoldsUpNobody() throws {
      stalled_names_hold()
      defer { stalled_names_release() }
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      var limits = CourierLimits.whole(700)
      limits.connect = 300
      let stalled = try Route(
        name: "stalled", url: "http://stalled.test/", secrets: [Sender.secret], caFile: nil, insecure: true)
      let sender = Sender([try Sender.route("agency", receiver.url()), stalled], limits: limits)
      let tickets = sender.queue.sync { [sender.begin("stalled"), sender.begin("stalled")] }
      // Until both are given up, and past it.
      var others = 0
      while others < 20 || tickets.contains(where: { sender.answers.all[$0] == nil }) {
        let answer = sender.post()
        #expect(answer.verdict == .accepted && answer.tookMilliseconds < 2000)
        others += 1
      }
      for ticket in tickets {
        let answer = try #require(sender.answers.all[ticket]?.first)
        #expect(answer.verdict == .retry && answer.fault == "timeout" && answer.tookMilliseconds < 2000)
      }
      // They wait still, and closing does not wait for them.
      #expect(stalled_names_waiting() == 2)
      sender.closeAndCheck(2 + others)
      #expect(stalled_names_waiting() == 2)
    }

    @Test func aLookupThatFailsIsTriedAgain() throws {
      stalled_names_release()
      let route = try Route(
        name: "agency", url: "http://stalled.test/", secrets: [Sender.secret], caFile: nil, insecure: true)
      let sender = Sender([route])
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.fault == "dns" && answer.peer == nil)
    }
  }
}
