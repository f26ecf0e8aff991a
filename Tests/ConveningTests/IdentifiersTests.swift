// References that people read out and type, ids that machines sort, and the words of the settings.
import Testing

@testable import Convening

@Suite struct IdentifiersTests {
  @Test(arguments: [
    ("7Q2F-M9KD", "7Q2F-M9KD"), ("7q2f-m9kd", "7Q2F-M9KD"), ("7Q2FM9KD", "7Q2F-M9KD"), ("IlO0-oLi1", "1100-0111"),
    ("0000-0000", "0000-0000"), ("ZZZZ-ZZZZ", "ZZZZ-ZZZZ"),
  ]) func aReferenceIsReadForgivingly(text: String, shown: String) {
    #expect(DiscussionID(text)?.description == shown)
  }

  @Test(arguments: ["", "7Q2F-M9K", "7Q2F-M9KDD", "7Q2U-M9KD", "7Q2F M9KD", "7Q2F--M9KD", "７Q2F-M9K", "7Q2F-M9K!"])
  func whatIsNoReferenceIsNone(text: String) { #expect(DiscussionID(text) == nil) }

  @Test func referencesGoThereAndBack() {
    var lots = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let id = DiscussionID(bits: lots.next())
      #expect(DiscussionID(id.description) == id)
      #expect(DiscussionID(id.description.lowercased()) == id)
      #expect(id.bits < 1 << 40)
    }
  }

  @Test func reminderIdsGoThereAndBackAndSortByTime() {
    var lots = SystemRandomNumberGenerator()
    var last: ReminderID?
    for step in 0..<2000 {
      let id = ReminderID(at: Example.now + .seconds(Int64(step)), using: &lots)
      #expect(ReminderID(id.description) == id)
      #expect(id.description.utf8.count == 30)
      if let last {
        #expect(last < id)
        #expect(last.description < id.description)
      }
      last = id
    }
    for (high, low) in [(UInt64.min, UInt64.min), (.max, .max), (1, 0), (0, 1), (.max, 0), (0, .max)] {
      let id = ReminderID(high: high, low: low)
      #expect(ReminderID(id.description) == id)
    }
  }

  @Test(arguments: [
    "", "msg_", "msg_01M841YWAWN6CNCHVPJ07F3MH", "msg_01M841YWAWN6CNCHVPJ07F3MHCC", "01M841YWAWN6CNCHVPJ07F3MHC",
    "msg_81M841YWAWN6CNCHVPJ07F3MHC", "msg_Z1M841YWAWN6CNCHVPJ07F3MHC", "msg_01M841YWAWN6CNCHVPJ07F3MHU",
    "MSG_01M841YWAWN6CNCHVPJ07F3MHC",
  ]) func whatIsNoReminderIdIsNone(text: String) { #expect(ReminderID(text) == nil) }

  @Test func theLotIsFNV1a() {
    // FNV-1a over 24 zero bytes but for the last, 1; computed apart with the published constants.
    #expect(ReminderID(high: 0, low: 0).lot(attempt: 1) != ReminderID(high: 0, low: 0).lot(attempt: 2))
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in Array(repeating: UInt8(0), count: 23) + [1] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    #expect(ReminderID(high: 0, low: 0).lot(attempt: 1) == hash)
  }

  @Test(arguments: [
    ("police", true), ("police-2", true), ("2nd", true), ("a", true), (String(repeating: "a", count: 63), true),
    ("", false), ("-a", false), ("Police", false), ("a b", false), ("a_b", false), ("é", false),
    (String(repeating: "a", count: 64), false),
  ]) func slugs(text: String, isLegal: Bool) { #expect((AgencyID(text) != nil) == isLegal) }

  @Test(arguments: [
    Stream.discussion(DiscussionID(bits: 77)), .agency("police"), .policy, .calendar, .daemon, .audit("a/b"),
    .frontDoor(ContactID(bits: 78)),
  ]) func streamsGoThereAndBack(stream: Stream) { #expect(Stream(stream.description) == stream) }
}
