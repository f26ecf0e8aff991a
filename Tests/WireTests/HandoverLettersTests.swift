// Which letters told of a discussion whoever took a place over in it, of all that stand in the agencies' streams.
import Convening
import Testing
import Wire

@Suite struct HandoverLettersTests {
  private static let id = DiscussionID("7Q2F-M9KD")!
  private static let at = Instant("2026-11-24T17:00:00Z")!

  private static func letter(_ number: UInt64) -> ReminderID { ReminderID(high: 1, low: number) }

  private static func began(
    _ number: UInt64, _ agency: AgencyID, _ place: Place, _ route: RouteName, names: String = "7Q2F-M9KD",
    more: Int = 0, message: Message = .handover
  ) -> Event {
    .attemptBegan(
      letter(number), attempt: 1, route: route,
      opening: Opening(
        agency: agency, place: place, step: "handover", message: message, sequence: 1, due: at,
        stopAfter: at + .days(1),
        margin: .minutes(10), supersedes: [], escalates: nil,
        body: #"{"data":{"open":[{"discussion":"\#(names)"}],"more":\#(more)}}"#))
  }

  private static func ended(_ number: UInt64, next: Instant? = nil) -> Event {
    let verdict: Verdict = next == nil ? .accepted : .retry
    return .attemptEnded(
      letter(number), attempt: 1, Answer(verdict: verdict, status: 204, tookMilliseconds: 5), next: next)
  }

  private static func handed(_ agency: AgencyID, _ place: Place, to route: RouteName?) -> Event {
    .handedOver(agency, place, from: "desk", to: route, until: nil)
  }

  /// Numbered from 1 over all streams.
  private static func lines(_ events: [(Convening.Stream, Event)]) -> [SealedLine] {
    events.enumerated().map { index, one in
      SealedLine(
        seq: index + 1, stream: one.0.description, revision: index + 1,
        line: JournalLine.encode(
          Entry(stream: one.0, revision: index + 1, at: at, actor: nil, mark: nil, event: one.1)),
        salt: Salt(high: 1, low: 2), digest: .zero, chain: .zero)
    }
  }

  /// The places of those found among the others, from 0.
  private static func found(_ own: [Event], _ others: [(Convening.Stream, Event)]) -> [Int] {
    let all = lines(own.map { (.discussion(id), $0) } + others)
    var letters = HandoverLetters(of: id, Array(all.prefix(own.count)))
    letters.take(all.dropFirst(own.count).filter { letters.streams.contains($0.stream) })
    return letters.found.map { $0.seq - own.count - 1 }
  }

  private static let (health, ours) = (Convening.Stream.agency("health"), Convening.Stream.agency("coordination"))

  @Test func theFirstLetterThatNamesItAndWhatCameOfIt() {
    let others = [
      (Self.health, Self.began(1, "health", .contact, "nurse", names: "4K8T-W2ZB")),
      (Self.health, Self.began(2, "health", .contact, "nurse")),
      (Self.health, Self.ended(1)), (Self.health, Self.ended(2)),
      (Self.health, Self.began(3, "health", .contact, "nurse")), (Self.health, Self.ended(3)),
      (Self.health, Self.began(4, "health", .contact, "another")),
      (Self.health, Self.began(5, "health", .contact, "nurse", message: .ping)),
    ]
    #expect(Self.found([Self.handed("health", .contact, to: "nurse")], others) == [1, 3])
    #expect(Self.found([Self.handed("health", .contact, to: nil)], others) == [])
    #expect(Self.found([Self.handed("police", .contact, to: "nurse")], others) == [])
    #expect(Self.found([], others) == [])
  }

  @Test(arguments: [Place.coordinator, .convener]) func whatIsOursStandsInOurStream(place: Place) {
    let others = [
      (Self.health, Self.began(1, "health", .contact, "edt")),
      (Self.ours, Self.began(2, "coordination", place, "edt")), (Self.ours, Self.ended(2)),
    ]
    #expect(
      Self.found([Self.handed(place == .convener ? "coordination" : "health", place, to: "edt")], others) == [1, 2])
  }

  /// Friday's letter arrived; Monday's, to the same nurse, is another one.
  @Test func eachHandoverHasItsLetter() {
    let all = Self.lines([
      (.discussion(Self.id), Self.handed("health", .contact, to: "nurse")),
      (Self.health, Self.began(1, "health", .contact, "nurse")),
      (Self.health, Self.began(2, "health", .contact, "nurse")),
      (.discussion(Self.id), Self.handed("health", .contact, to: "nurse")),
      (Self.health, Self.began(3, "health", .contact, "nurse")), (Self.health, Self.ended(3)),
    ])
    var letters = HandoverLetters(of: Self.id, [all[0], all[3]])
    letters.take([all[1], all[2], all[4], all[5]])
    #expect(letters.found.map(\.seq) == [2, 5, 6])
  }

  /// Many were open: the letter has room for some, and is about each.
  @Test func aLetterWithoutRoomForItIsItsLetterToo() throws {
    let others = [
      (Self.health, Self.began(1, "health", .contact, "nurse", names: "4K8T-W2ZB", more: 3)),
      (Self.health, Self.began(2, "health", .contact, "nurse")), (Self.health, Self.ended(1)),
    ]
    #expect(Self.found([Self.handed("health", .contact, to: "nurse")], others) == [0, 2])
    let own = Self.lines([(.discussion(Self.id), Self.handed("health", .contact, to: "nurse"))])
    let document = TimelineDocument.json(
      Self.id, own, letters: Self.lines(others), for: .status)
    #expect(document["handovers"]?.array?.map { $0["named"] } == [false, true, nil])
  }

  /// What names it elsewhere than among what is open is not about it.
  @Test func aReferenceInAnotherPartOfALetterIsNotItsMention() {
    let others = [(Self.health, Self.began(1, "health", .contact, "nurse", names: #"4K8T-W2ZB","of":"7Q2F-M9KD"#))]
    #expect(Self.found([Self.handed("health", .contact, to: "nurse")], others) == [])
  }

  @Test func theyAreWholeOnceEachHasItsLetterAndNothingMoreComesOfAny() {
    let all = Self.lines([
      (.discussion(Self.id), Self.handed("health", .contact, to: "nurse")),
      (.discussion(Self.id), Self.handed("police", .contact, to: "desk")),
      (Self.health, Self.began(1, "health", .contact, "nurse")),
      (Self.health, Self.ended(1, next: Self.at + .minutes(1))),
      (Self.health, .attemptBegan(Self.letter(1), attempt: 2, route: "nurse", opening: nil)),
      (Self.health, Self.ended(1)),
    ])
    var letters = HandoverLetters(of: Self.id, Array(all.prefix(2)))
    let ways = all.dropFirst(2).map { line in
      letters.take([line])
      return [letters.isWhole(0), letters.isWhole(1)]
    }
    #expect(ways == [[false, false], [false, false], [false, false], [true, false]])
  }

  @Test func whatWasToldBeforeItWasHandedOverIsAnotherMatter() {
    let all = Self.lines([
      (Self.health, Self.began(1, "health", .contact, "nurse")),
      (.discussion(Self.id), Self.handed("health", .contact, to: "nurse")),
    ])
    var letters = HandoverLetters(of: Self.id, [all[1]])
    #expect(letters.streams == [Self.health.description] && letters.moments == [2])
    letters.take([all[0]])
    #expect(letters.found == [])
  }
}
