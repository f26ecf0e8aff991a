// A name that nobody has (RFC 6761 keeps .invalid for that): to be tried again soon.
import Convening
import Testing

extension CourierTests {
  struct Names {
    /// A machine without a name server in reach may take longer than the limit to say so.
    @Test func aNameThatIsNotFoundIsTriedAgain() throws {
      let sender = try Sender("https://agency.invalid/", limits: .whole(5000))
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.status == nil && answer.peer == nil)
      #expect(answer.fault == "dns" || answer.fault == "timeout")
    }
  }
}
