// The front door's rules as tables: what each word about a contact leads to, by when it has to be looked at, and from when on
// nobody can tell.
import Testing

@testable import Convening

@Suite struct FrontDoorTests {
  private static let id = ContactID("8R3G-N0ME")!
  /// Noon of Tuesday 24 November 2026.
  private static let now = Example.at("12:00")
  private static let frontDoor = FrontDoor()

  private static func facts(_ received: String, _ team: TeamID = "duty", _ reference: String? = nil) -> ContactFacts {
    ContactFacts(receivedAt: Example.at(received), team: team, caseReference: reference)
  }

  private static func fold(_ events: [(String, Event)]) -> FrontDoorContact? {
    var contact: FrontDoorContact?
    for (index, (at, event)) in events.enumerated() {
      let entry = Entry(
        stream: .frontDoor(id), revision: index + 1, at: Example.at(at), actor: nil, mark: nil, event: event)
      contact = FrontDoorContact.evolved(contact, entry)
    }
    return contact
  }

  private static func due(_ from: String, _ limit: Limit = .elapsed(.hours(24))) -> ReviewDue {
    ReviewDue(from: Example.at(from), limit: limit, in: Example.calendar)
  }

  private static let received: [(String, Event)] = [("09:05", .contactReceived(facts("09:00"), due("09:00")))]
  private static let withOutcome =
    received + [
      ("10:00", .contactOutcome(.referral, byRole: "manager", discussion: nil, occurred: Example.at("10:00")))
    ]
  private static let reviewed =
    received + [("10:00", .contactReviewed(byRole: "manager", occurred: Example.at("10:00")))]

  private static func outcome(
    _ outcome: ContactOutcome = .referral, at: String? = nil, _ discussion: DiscussionID? = nil
  ) -> ContactCommand {
    .outcome(outcome, byRole: "manager", at: at.map(Example.at), discussion: discussion)
  }

  private typealias Row = (String, [(String, Event)], ContactCommand, Result<[String], Refusal>)

  /// What was told before, what is told now, what it leads to.
  private static let table: [Row] = [
    ("a first word", [], .receive(facts("09:00")), .success(["contact"])),
    ("within the slack of clocks", [], .receive(facts("12:05")), .success(["contact"])),
    ("of the future", [], .receive(facts("12:06")), .failure(.inTheFuture(field: "received_at"))),
    (
      "eleven years ago", [], .receive(ContactFacts(receivedAt: now - .days(4000), team: "duty")),
      .failure(.receivedLongAgo)
    ),
    ("the same again", received, .receive(facts("09:00")), .success([])),
    ("another team", received, .receive(facts("09:00", "night")), .success(["amended"])),
    ("another time", received, .receive(facts("08:00")), .success(["amended"])),
    (
      "the first again after another", received + [("09:30", .contactAmended(facts("08:00"), due("08:00")))],
      .receive(facts("09:00")), .success(["amended"])
    ),
    ("amended once there is an outcome", withOutcome, .receive(facts("08:00")), .success(["amended"])),
    ("an outcome of what nobody told of", [], outcome(), .failure(.contactNotFound)),
    ("an outcome", received, outcome(), .success(["outcome"])),
    ("an outcome before it was received", received, outcome(at: "08:59"), .failure(.beforeStart(field: "at"))),
    ("an outcome of the future", received, outcome(at: "12:06"), .failure(.inTheFuture(field: "at"))),
    ("the same outcome", withOutcome, outcome(), .success([])),
    ("the same outcome and time", withOutcome, outcome(at: "10:00"), .success([])),
    ("the same outcome at another time", withOutcome, outcome(at: "10:01"), .success(["outcome"])),
    ("another outcome", withOutcome, outcome(.nfa), .success(["outcome"])),
    ("what it led to", withOutcome, outcome(.referral, Example.id), .success(["outcome"])),
    ("an outcome after a review", reviewed, outcome(), .success(["outcome"])),
    ("a review of what nobody told of", [], .review(byRole: "manager", at: nil), .failure(.contactNotFound)),
    ("a review", received, .review(byRole: "manager", at: nil), .success(["review"])),
    ("a review after an outcome", withOutcome, .review(byRole: "manager", at: nil), .success(["review"])),
    ("looked at once more", reviewed, .review(byRole: "manager", at: nil), .success(["review"])),
    ("the same words", reviewed, .review(byRole: "manager", at: Example.at("10:00")), .success([])),
  ]

  @Test func whatIsToldOfAContactLeadsToThis() {
    for (what, before, command, expected) in Self.table {
      let result = Result { () throws(Refusal) in
        try command.decide(on: Self.fold(before), now: Self.now, Self.frontDoor, Example.calendar).map(\.word)
      }
      #expect(result == expected, "\(what)")
    }
  }

  /// Received, the limit, due. 27 November 2026 is a Friday; 25 and 28 December are bank holidays.
  @Test(
    arguments: [
      ("11-27 16:50", .elapsed(.hours(24)), "11-28 16:50"), ("11-27 16:50", .workingDays(1), "12-01 00:00"),
      ("11-27 16:50", .workingHours(.hours(24)), "12-02 15:20"), ("12-24 09:00", .workingDays(1), "12-30 00:00"),
    ] as [(String, Limit, String)])
  func twentyFourHoursHaveThreeMeanings(received: String, limit: Limit, due: String) {
    #expect(Self.due(received, limit).at == Example.at(due))
  }

  /// Hours from 8:30 to 17:00, something within an hour of them. From when on nobody can tell.
  @Test(
    arguments: [
      ("11-24 10:00", "11-24 11:00"), ("11-24 16:30", "11-25 09:00"), ("11-24 20:00", "11-25 09:30"),
      ("11-27 16:00", "11-30 08:30"), ("11-28 12:00", "11-30 09:30"),
    ])
  func silenceIsCountedInTheFrontDoorsHours(heard: String, silent: String) {
    let frontDoor = FrontDoor(feedEvery: .hours(1), hours: WorkingTimeTests.office)
    #expect(frontDoor.staleFrom(Example.at(heard), in: Example.calendar) == Example.at(silent))
    #expect(
      FrontDoor(feedEvery: .hours(1)).staleFrom(Example.at(heard), in: Example.calendar)
        == Example.at(heard) + .hours(1))
    #expect(FrontDoor(hours: WorkingTimeTests.office).staleFrom(Example.at(heard), in: Example.calendar) == nil)
  }

  @Test func aContactWaitsUntilAnOutcomeOrAReview() throws {
    let open = try #require(Self.fold(Self.received))
    #expect(open.isOpen && open.queuedFrom == Example.at("11-25 09:00") && open.stoppedAt == nil)
    for events in [Self.withOutcome, Self.reviewed] {
      let settled = try #require(Self.fold(events))
      #expect(!settled.isOpen && settled.queuedFrom == nil && settled.stoppedAt == Example.at("10:00"))
    }
    // Told of late, it is on the queue from then on.
    let late = try #require(Self.fold([("11-26 10:00", .contactReceived(Self.facts("09:00"), Self.due("09:00")))]))
    #expect(late.queuedFrom == Example.at("11-26 10:00"))
  }

  @Test func anotherLimitMovesWhatStillWaits() throws {
    let day = FrontDoor(reviewAfter: .workingDays(1))
    let open = try #require(Self.fold(Self.received))
    #expect(open.moved(under: Self.frontDoor, in: Example.calendar) == nil)
    #expect(open.moved(under: day, in: Example.calendar) == .reviewMoved(Self.due("09:00", .workingDays(1))))
    #expect(try #require(Self.fold(Self.reviewed)).moved(under: day, in: Example.calendar) == nil)
    let moved = Self.fold(Self.received + [("11:00", .reviewMoved(Self.due("09:00", .workingDays(1))))])
    #expect(moved?.due.at == Example.at("11-26 00:00") && moved?.dueSince == Example.at("11:00"))
  }

  @Test func theFirstReviewAndTheLastOutcomeStand() throws {
    let more =
      Self.reviewed + [
        ("11:00", .contactReviewed(byRole: "other", occurred: Example.at("11:00"))),
        ("11:30", .contactOutcome(.nfa, byRole: "x", discussion: nil, occurred: Example.at("11:30"))),
        ("11:40", .contactOutcome(.earlyHelp, byRole: "y", discussion: Example.id, occurred: Example.at("11:35"))),
      ] as [(String, Event)]
    let contact = try #require(Self.fold(more))
    #expect(contact.review?.byRole == "manager" && contact.outcome?.outcome == .earlyHelp && contact.revision == 5)
    let row = contact.row
    #expect(row.state(at: Self.now) == .outcome && row.outcome == .earlyHelp && row.discussion == Example.id)
    #expect(try #require(Self.fold(Self.reviewed)).row.state(at: Self.now) == .reviewed)
    let open = try #require(Self.fold(Self.received)).row
    #expect(open.state(at: Self.now) == .open && open.state(at: Example.at("11-25 09:00")) == .due)
  }
}
