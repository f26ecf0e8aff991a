// What is read for a timeline of the letters of its hand-overs: the entries that follow each of them, once.
import Convening
import Coordination
import Testing
import Wire

private let id = DiscussionID("7Q2F-M9KD")!

extension MemoryRecords {
  fileprivate func append(_ stream: Convening.Stream, _ event: Event) {
    let entry = Entry(stream: stream, revision: 1, at: noon, actor: nil, mark: nil, event: event)
    append(stream.description, 1, JournalLine.encode(entry))
  }
}

@Test func theLetterOfALaterHandoverIsReadThoughTheStretchOfAnEarlierOneEndsBetween() async throws {
  let records = MemoryRecords([])
  func handover(to route: RouteName) {
    records.append(.discussion(id), .handedOver("health", .contact, from: nil, to: route, until: nil))
  }
  func letter(_ number: UInt64, to route: RouteName) {
    let opening = Opening(
      agency: "health", place: .contact, step: "handover", message: .handover, sequence: 1, due: noon,
      stopAfter: noon + .days(1), margin: .minutes(10), supersedes: [], escalates: nil,
      body: #"{"data":{"open":[{"discussion":"\#(id)"}]}}"#)
    records.append(
      .agency("health"), .attemptBegan(ReminderID(high: 1, low: number), attempt: 1, route: route, opening: opening))
  }
  handover(to: "nurse")
  letter(1, to: "nurse")
  for _ in 3..<HandoverLetters.stretch { records.append(.daemon, .feedHeard) }
  handover(to: "night")
  records.append(.daemon, .feedHeard)
  records.append(.daemon, .feedHeard)
  letter(2, to: "night")
  let own = try await records.lines(of: .discussion(id))
  #expect(own.map(\.seq) == [1, HandoverLetters.stretch])
  #expect(try await records.letters(of: id, own).map(\.seq) == [2, HandoverLetters.stretch + 3])
}

/// Thousands change hands before the letter goes, and it is tried for hours: what came of it is far from the hand-over.
@Test func whatCameOfALetterIsReadThoughItIsStretchesAway() async throws {
  let records = MemoryRecords([])
  func pass(_ count: Int) { for _ in 0..<count { records.append(.daemon, .feedHeard) } }
  let letter = ReminderID(high: 1, low: 1)
  records.append(.discussion(id), .handedOver("health", .contact, from: nil, to: "nurse", until: nil))
  pass(HandoverLetters.stretch + 7)
  records.append(
    .agency("health"),
    .attemptBegan(
      letter, attempt: 1, route: "nurse",
      opening: Opening(
        agency: "health", place: .contact, step: "handover", message: .handover, sequence: 1, due: noon,
        stopAfter: noon + .days(1), margin: .minutes(10), supersedes: [], escalates: nil,
        body: #"{"data":{"open":[],"more":1}}"#)))
  pass(HandoverLetters.stretch)
  records.append(
    .agency("health"),
    .attemptEnded(letter, attempt: 1, Answer(verdict: .accepted, status: 204, tookMilliseconds: 5), next: nil))
  pass(HandoverLetters.stretch * HandoverLetters.more)
  let own = try await records.lines(of: .discussion(id))
  let found = try await records.letters(of: id, own)
  #expect(found.map(\.seq) == [HandoverLetters.stretch + 9, 2 * HandoverLetters.stretch + 10])
}
