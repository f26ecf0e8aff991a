// The front door as timelines: who hears when of contacts that wait, how often, and what nobody can tell.
import Convening
import Coordination
import Simulation
import Testing
import Wire

@Suite struct FrontDoorTimelines {
  private static let office = OpenHours(
    days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .minutes(510), until: .hours(17),
    openOnBankHolidays: false)

  /// 24 hours; the team's convener hears, after an hour its manager; at night "night".
  private static func town(
    every: Elapsed? = nil, hours: OpenHours? = office, outside: RouteName? = "night", manager: [Holding]? = nil,
    limit: Limit = .elapsed(.hours(24)), holidays: Set<CivilDate> = []
  ) -> Arrangements {
    let town = Scenario.town(holidays: holidays)
    return Arrangements(
      agencies: town.agencies, coordinator: town.coordinator,
      teams: [
        Team(
          id: "duty", convener: [Holding(hours: nil, route: "convener")],
          manager: manager ?? [Holding(hours: nil, route: "csc-lead")])
      ], routes: town.routes, ring: town.ring, source: town.source, calendar: town.calendar,
      frontDoor: FrontDoor(
        reviewAfter: limit, feedEvery: every, hours: hours, manager: "police-lead", outsideHours: outside))
  }

  /// No discussion stands in the way: it is convened far ahead and asks nobody.
  private static func day(_ starts: String, in town: Arrangements, limits: Limits = Limits()) -> Scenario {
    Scenario(
      starts: starts, meeting: "+9 12:00",
      steps: [Step(name: "late", when: .before(.minutes(1)), to: [.coordinator])], in: town, limits: limits)
  }

  private static func contact(_ number: UInt64) -> ContactID { ContactID(bits: 1000 + number) }

  private static func receives(_ number: UInt64, _ received: String, _ team: TeamID = "duty") -> Request.Change {
    .contact(contact(number), .receive(ContactFacts(receivedAt: Scenario.moment(received), team: team)))
  }

  private static func settles(_ number: UInt64) -> Request.Change {
    .contact(contact(number), .outcome(.referral, byRole: "team manager", at: nil, discussion: nil))
  }

  private static func data(_ sent: Scenario.Sent) throws -> JSON {
    try #require(try JSON(parsing: sent.send.delivery.body)["data"])
  }

  @Test func theTeamHearsThenItsManagerThenNobodyOnceItIsSettled() throws {
    var day = Self.day("10:00", in: Self.town())
    day.request(Self.receives(1, "09:50"))
    day.quietUntil("+1 09:50")
    let first = try day.at("+1 09:50", sends: "convener", .reviewDue)
    let data = try Self.data(first)
    #expect(
      data["contacts"] == 1 && data["oldest_age_s"] == 86_400 && data["team"] == "duty" && data["step"] == "review-due")
    #expect(data["recipient"] == "convener" && data["silent_since"]?.isNull == true)
    #expect(!first.send.delivery.body.contains(Self.contact(1).description))
    day.quietUntil("+1 10:50")
    let raised = try day.at("+1 10:50", sends: "csc-lead", .reviewDue)
    #expect(try Self.data(raised)["step"] == "manager" && raised.opening.place == .manager)
    day.quietUntil("+2 10:50")
    try day.at("+2 10:50", sends: "csc-lead", .reviewDue)
    day.request(Self.settles(1))
    #expect(day.docket.waitingContacts.isEmpty)
    day.quietUntil("+8 10:50")
  }

  @Test func oneMessageATeamAndHourHoweverManyFallDue() throws {
    var day = Self.day("10:00", in: Self.town())
    for number in 1...40 { day.request(Self.receives(UInt64(number), number <= 20 ? "09:00" : "09:20")) }
    day.request(Self.receives(41, "09:30", "night-team"))
    let first = try day.at("+1 09:00", sends: "convener", .reviewDue)
    #expect(try Self.data(first)["contacts"] == 20)
    // Another team, which nobody knows: the manager of the front door hears.
    try day.at("+1 09:30", sends: "police-lead", .reviewDue)
    day.quietUntil("+1 10:00")
    // Those of 9:20, and the manager for those of 9:00.
    let second = try day.at("+1 10:00", sends: "convener", .reviewDue)
    #expect(try Self.data(second)["contacts"] == 40)
    try day.at("+1 10:00", sends: "csc-lead", .reviewDue)
    for number in 1...41 { day.request(Self.settles(UInt64(number))) }
    day.quietUntil("+8 10:50")
  }

  @Test func aReviewEndsItAndOutOfHoursSomebodyElseHears() throws {
    var day = Self.day("10:00", in: Self.town())
    day.request(Self.receives(1, "09:00"))
    day.request(Self.receives(2, "09:59"))
    day.request(.contact(Self.contact(1), .review(byRole: "manager", at: nil)))
    try day.at("+1 09:59", sends: "convener", .reviewDue)
    day.request(Self.settles(2))
    day.pass(to: "+1 20:00")
    day.request(Self.receives(3, "+1 18:00"))
    day.quietUntil("+2 18:00")
    try day.at("+2 18:00", sends: "night", .reviewDue)
  }

  @Test func silenceIsSaidOnceAndRaisesNoStorm() throws {
    var day = Self.day("15:00", in: Self.town(every: .hours(1)))
    for number in 1...30 { day.request(Self.receives(UInt64(number), "14:50")) }
    // 16:00 is an hour later: nobody can tell from then on.
    let silence = try day.at("16:00", sends: "police-lead", .reviewDue)
    let data = try Self.data(silence)
    #expect(data["step"] == "cannot-tell" && data["team"]?.isNull == true && data["contacts"] == 0)
    #expect(data["silent_since"] == "2026-11-24T15:00:00Z" && data["oldest_age_s"]?.isNull == true)
    // What falls due meanwhile is said once a day, together.
    day.quietUntil("+1 16:00")
    let again = try day.at("+1 16:00", sends: "police-lead", .reviewDue)
    #expect(try Self.data(again)["contacts"] == 30)
    day.pass(to: "+1 16:30")
    // It comes again, and most of them have an outcome: five minutes, then what is left.
    for number in 1...28 { day.request(Self.settles(UInt64(number))) }
    day.quietUntil("+1 16:35")
    #expect(try Self.data(try day.at("+1 16:35", sends: "convener", .reviewDue))["contacts"] == 2)
  }

  /// A case system exports every twenty minutes, and for hours there is nothing that was not told before.
  @Test func aFeedWithoutNewsIsNoSilence() throws {
    var day = Self.day("09:00", in: Self.town(every: .hours(1)))
    day.request(Self.receives(1, "+0 08:50"))
    for time in ["09:20", "09:40", "10:00", "10:20", "10:40", "11:00"] {
      day.quietUntil(time)
      day.pass(to: time)
      // A row that is known already, or a file of none.
      day.request(time.hasSuffix("20") ? Self.receives(1, "+0 08:50") : .feed)
    }
    func heard(_ day: Scenario) -> [Entry] { day.turns.flatMap(\.self).filter { $0.event == .feedHeard } }
    let told = heard(day)
    // No more often than is needed.
    #expect(told.map(\.at) == ["09:20", "09:40", "10:00", "10:20", "10:40", "11:00"].map(Scenario.moment))
    #expect(told.allSatisfy { $0.stream == .daemon && $0.actor != nil })
    for time in ["11:01", "11:03", "11:04"] {
      day.pass(to: time)
      day.request(.feed)
    }
    #expect(heard(day).count == told.count)
    // Then it breaks: nobody can tell, until a file comes again.
    let silence = try day.at("12:00", sends: "police-lead", .reviewDue)
    #expect(try Self.data(silence)["silent_since"] == "2026-11-24T11:00:00Z")
    try day.restart(at: "12:10")
    day.request(.feed)
    day.quietUntil("13:10")
    #expect(
      try Self.data(try day.at("13:10", sends: "police-lead", .reviewDue))["silent_since"] == "2026-11-24T12:10:00Z")
    // Where nobody watches how often something comes, nothing is recorded.
    var unwatched = Self.day("09:00", in: Self.town())
    unwatched.request(.feed)
    #expect(heard(unwatched).isEmpty)
  }

  @Test func whatIsAmendedIsCountedAnewAndAnotherTeamHears() throws {
    var day = Self.day("10:00", in: Self.town())
    day.request(Self.receives(1, "09:00"))
    day.request(Self.receives(1, "09:40"))
    day.request(Self.receives(1, "09:40"))
    guard case .contact(let contact, created: false, replayed: true) = try #require(day.replies.last) else {
      Issue.record("\(day.replies)")
      return
    }
    #expect(contact.revision == 2)
    day.quietUntil("+1 09:40")
    try day.at("+1 09:40", sends: "convener", .reviewDue)
    day.request(Self.receives(1, "09:40", "other"))
    try day.at("+1 09:40", sends: "police-lead", .reviewDue)
  }

  @Test func aRestartSaysNothingTwice() throws {
    var day = Self.day("10:00", in: Self.town())
    day.request(Self.receives(1, "09:00"))
    try day.at("+1 09:00", sends: "convener", .reviewDue)
    try day.restart(at: "+1 09:20")
    day.request(Self.receives(2, "09:10"))
    day.quietUntil("+1 10:00")
    try day.at("+1 10:00", sends: "convener", .reviewDue)
    try day.at("+1 10:00", sends: "csc-lead", .reviewDue)
    try day.restart(at: "+1 10:20")
    day.quietUntil("+1 11:00")
  }

  @Test func aMessageThatFailsIsTriedAgainAndAnEndpointThatIsFullIsWaitedFor() throws {
    var limits = Limits()
    limits.perEndpoint = 1
    var day = Self.day("10:00", in: Self.town(manager: [Holding(hours: nil, route: "convener")]), limits: limits)
    day.request(Self.receives(1, "09:00"))
    let first = try day.at("+1 09:00", sends: "convener", .reviewDue, answering: nil)
    // Lost after a minute, tried again; its manager is the same, and waits for the slot.
    let again = try day.within("+1 09:01", "+1 09:02", sends: "convener", .reviewDue, answering: 503)
    #expect(again.send.delivery.reminder == first.send.delivery.reminder && again.send.delivery.attempt == 2)
    day.pass(to: "+1 09:05")
  }

  @Test func aRouteThatHasStoppedIsPassed() throws {
    var day = Self.day("10:00", in: Self.town())
    day.request(Self.receives(1, "09:00"))
    try day.at("+1 09:00", sends: "convener", .reviewDue, answering: 410)
    day.request(Self.receives(2, "09:30"))
    // The convener is gone: their manager stands in.
    try day.at("+1 10:00", sends: "csc-lead", .reviewDue)
    try day.at("+1 10:00", sends: "csc-lead", .reviewDue)
  }

  @Test func otherHolidaysMoveWhatWaitsAndItIsRecorded() throws {
    var day = Self.day("10:00", in: Self.town(limit: .workingDays(1)))
    day.request(Self.receives(1, "09:00"))
    day.adopts(Self.town(limit: .workingDays(1), holidays: [CivilDate("2026-11-25")!]))
    let moved = day.turns.flatMap(\.self).compactMap { entry -> Instant? in
      if case .reviewMoved(let due) = entry.event { due.at } else { nil }
    }
    #expect(moved == [Scenario.moment("+3 00:00")])
    day.quietUntil("+3 00:00")
    try day.at("+3 00:00", sends: "night", .reviewDue)
  }

  @Test func aKeyAndARevisionHoldForContactsToo() throws {
    var day = Self.day("10:00", in: Self.town())
    day.request(Self.receives(1, "09:00"))
    let mark = IdempotencyMark(key: Fingerprint(high: 1, low: 1), body: Fingerprint(high: 1, low: 2))
    day.request(Self.settles(1), mark: mark, ifMatch: 7)
    #expect(day.replies.last == .refused(.revisionMismatch(current: 1)))
    day.request(Self.settles(1), mark: mark, ifMatch: 1)
    let settled = try FrontDoorContact.folding(day.journal.lines(of: .frontDoor(Self.contact(1))))
    #expect(day.replies.last == .contact(try #require(settled), created: false, replayed: false))
    // It waits for nobody any more: the journal brings it.
    day.request(Self.settles(1), mark: mark, admitted: .init(contact: settled))
    #expect(day.replies.last == .contact(try #require(settled), created: false, replayed: true))
    day.request(
      Self.settles(1), mark: IdempotencyMark(key: mark.key, body: Fingerprint(high: 9, low: 9)),
      admitted: .init(contact: settled))
    #expect(day.replies.last == .refused(.keyReused))
    day.request(Self.settles(2))
    #expect(day.replies.last == .refused(.contactNotFound))
    #expect(day.journal.contacts[Self.contact(1)]?.outcome == .referral)
  }
}
