// Which times suit, as tables; and as properties against a checker that tries every quarter-hour, minute by minute.
import Testing

@testable import Convening

@Suite struct SlotTests {
  private static let office = WorkingTimeTests.office

  /// Offices from half past eight to five; the police until eight at night, health with an on-call nurse where that is said.
  private static func town(
    health: [Holding]? = nil, atOnce: Int? = nil, working: OpenHours? = office, holidays: Set<CivilDate> = []
  ) -> Arrangements {
    let long = OpenHours(
      days: Set(Weekday.allCases), from: .hours(8), until: .hours(20), openOnBankHolidays: true)
    func agency(_ id: AgencyID, _ holdings: [Holding], _ atOnce: Int? = nil) -> Agency {
      Agency(id: id, name: id.text, places: [.contact: holdings], atOnce: atOnce)
    }
    return Arrangements(
      agencies: [
        agency("csc", [Holding(hours: office, route: "desk"), Holding(hours: nil, route: "edt")]),
        agency("police", [Holding(hours: long, route: "unit")], atOnce),
        agency("health", health ?? [Holding(hours: office, route: "hub")]), agency("school", []),
      ], coordinator: [], routes: [:], ring: [], source: "uk.gov.leeds.convened",
      calendar: WorkingCalendar(
        zone: Example.calendar.zone, holidays: BankHolidays(days: holidays), working: working))
  }

  private static func slots(
    _ urgency: Urgency = .standard, at now: String, duration: Int = 60, within: Limit? = .workingDays(1),
    fair: Limit? = nil, agencies: [AgencyID]? = nil, need: String? = nil, _ town: Arrangements = town(),
    _ engagements: [Engagement] = []
  ) throws -> Slots {
    let ladder = Example.ladder.with(heldWithin: within, fairNotice: fair)
    let policy = Example.policy(ladder: ladder, urgent: ladder)
    var policies = Policies()
    policies.adopt(policy, as: Example.ref)
    return try SlotQuery(
      durationMinutes: duration, urgency: urgency, needIdentifiedAt: need.map(Example.at), agencies: agencies
    ).slots(
      at: Example.at(now), Circumstances(policies: policies, offered: ["p"], arrangements: town), engagements)
  }

  private static func busy(_ from: String, _ until: String) -> Engagement {
    Engagement(agencies: ["police"], from: Example.at(from), until: Example.at(until))
  }

  private func words(_ slots: Slots) -> [String] { slots.slots.map { String("\($0)".dropFirst(5).prefix(11)) } }

  /// Tuesday 24 November 2026 and the days after it, in winter time.
  @Test func theFirstTimesThatSuit() throws {
    let table: [(String, Slots, [String])] = [
      ("at once, on the quarter-hour", try Self.slots(at: "09:05"), ["11-24T09:15", "11-24T10:15", "11-24T11:15"]),
      ("on the quarter-hour itself", try Self.slots(at: "09:15"), ["11-24T09:15", "11-24T10:15", "11-24T11:15"]),
      ("before the office opens", try Self.slots(at: "06:00"), ["11-24T08:30", "11-24T09:30", "11-24T10:30"]),
      ("ending as it closes", try Self.slots(at: "15:46"), ["11-24T16:00", "11-25T08:30", "11-25T09:30"]),
      ("too late for today", try Self.slots(at: "16:01"), ["11-25T08:30", "11-25T09:30", "11-25T10:30"]),
      (
        "with fair notice", try Self.slots(at: "09:05", fair: .elapsed(.hours(4))),
        ["11-24T13:15", "11-24T14:15", "11-24T15:15"]
      ),
      (
        "Friday afternoon, of Monday", try Self.slots(at: "11-27 16:30"), ["11-30T08:30", "11-30T09:30", "11-30T10:30"]
      ),
      (
        "past a bank holiday",
        try Self.slots(at: "16:30", Self.town(holidays: [CivilDate("2026-11-25")!])),
        ["11-26T08:30", "11-26T09:30", "11-26T10:30"]
      ),
      (
        "urgent, at night: the police are away",
        try Self.slots(.urgent, at: "11-24 19:30", duration: 30, agencies: ["csc", "police"]),
        ["11-24T19:30", "11-25T08:00", "11-25T08:30"]
      ),
      (
        "somebody is never there, and not required",
        try Self.slots(at: "09:05", agencies: ["police", "school"]), ["11-24T09:15", "11-24T10:15", "11-24T11:15"]
      ),
    ]
    for (why, slots, expected) in table { #expect(Array(words(slots).prefix(3)) == expected, "\(why)") }
  }

  @Test func whoIsFullWaitsForAPlace() throws {
    let two = Self.town(atOnce: 2)
    let one = Self.town(atOnce: 1)
    let table: [(String, Slots, String)] = [
      ("one of two", try Self.slots(at: "09:00", two, [Self.busy("09:00", "10:00")]), "11-24T09:00"),
      (
        "two of two", try Self.slots(at: "09:00", two, [Self.busy("09:00", "10:00"), Self.busy("09:30", "10:30")]),
        "11-24T10:00"
      ),
      (
        "two, one after the other",
        try Self.slots(at: "09:00", two, [Self.busy("09:00", "09:30"), Self.busy("09:30", "10:00")]),
        "11-24T09:00"
      ),
      ("one that ends off the quarter", try Self.slots(at: "09:00", one, [Self.busy("08:00", "09:20")]), "11-24T09:30"),
      ("one in an hour", try Self.slots(at: "09:00", one, [Self.busy("10:00", "11:00")]), "11-24T09:00"),
      ("one in less than an hour", try Self.slots(at: "09:05", one, [Self.busy("10:00", "11:00")]), "11-24T11:00"),
    ]
    for (why, slots, expected) in table { #expect(words(slots).first == expected, "\(why)") }
  }

  @Test func whatStandsInTheWayIsSaidAgencyByAgency() throws {
    let slots = try Self.slots(
      at: "07:00", Self.town(atOnce: 1, working: nil), [Self.busy("08:30", "10:00"), Self.busy("10:00", "10:30")])
    #expect(words(slots).first == "11-24T10:30")
    let said = slots.obstacles.map {
      "\($0.agency?.text ?? "all") \($0.why.rawValue) \($0.until.map { String("\($0)".dropFirst(11).prefix(5)) } ?? "?")"
    }
    #expect(said == ["police closed 08:00", "health closed 08:30", "police full 10:30"])
  }

  /// Health is closed until tomorrow, and the limit is tonight.
  @Test func theLeastBadTimesWhereNoneFits() throws {
    let none = try Self.slots(.urgent, at: "17:30", duration: 30, within: .elapsed(.hours(3)))
    #expect(none.slots.isEmpty)
    let said = none.alternatives.map {
      "\(String("\($0.at)".dropFirst(5).prefix(11))) \($0.without?.text ?? "all") \($0.isOverLimit) \($0.isShortNotice)"
    }
    #expect(said == ["11-24T17:30 health false false", "11-25T08:30 all true false"])
    let short = try Self.slots(at: "15:00", within: .elapsed(.hours(2)), fair: .elapsed(.hours(4)))
    #expect(short.alternatives.first.map { $0.isShortNotice && $0.at == Example.at("15:00") } == true)
    let convene = Convene(meeting: .earliest, team: "duty", convenedBy: "team manager")
    let closed = Example.known(
      Example.policy(ladder: Example.ladder.with(heldWithin: .elapsed(.hours(1)))), Example.calendar)
    #expect(throws: Refusal.noSlot) {
      try decide(convene: convene, firstBody: Fingerprint(high: 0, low: 0), now: Example.now, closed)
    }
  }

  @Test func whatCannotBeLookedForIsRefused() {
    #expect(throws: Refusal.unknownAgency(field: "agencies/1")) {
      try Self.slots(at: "09:00", agencies: ["police", "nobody"])
    }
    #expect(throws: Refusal.noUrgentLadder) {
      try SlotQuery(durationMinutes: 60, urgency: .urgent, needIdentifiedAt: nil, agencies: nil)
        .slots(at: Example.now, Example.circumstances, [])
    }
    // As convening with it would be.
    #expect(throws: Refusal.inTheFuture(field: "need_identified_at")) {
      try SlotQuery(
        durationMinutes: 60, urgency: .standard, needIdentifiedAt: Example.now + .minutes(6), agencies: nil
      ).slots(at: Example.now, Example.circumstances, [])
    }
  }

  // MARK: - Properties

  private struct Lots: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let mixed = (state ^ state >> 33) &* 0xff51_afd7_ed55_8ccd
      return mixed ^ mixed >> 33
    }
  }

  /// Every time found suits, none that comes before it does, and where none is found none does; the nights in which the
  /// clocks change included.
  @Test(arguments: 1...150) func everyTimeSuitsAndNoneEarlierDoes(seed: Int) throws {
    var lots = Lots(state: UInt64(seed))
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &lots) < percent }
    func hours() -> OpenHours {
      let from = Elapsed.minutes(Int64.random(in: 0...1000, using: &lots))
      return OpenHours(
        days: Set(Weekday.allCases.filter { _ in chance(75) }).union([.tuesday]), from: from,
        until: from + .minutes(Int64.random(in: 90...400, using: &lots)), openOnBankHolidays: chance(50))
    }
    func table() -> [Holding] {
      chance(50)
        ? [Holding(hours: hours(), route: "a"), Holding(hours: hours(), route: "b")] : [Holding(hours: nil, route: "a")]
    }
    let start = [Example.now, Instant("2026-10-23T20:00:00Z")!, Instant("2027-03-26T20:00:00Z")!].randomElement(
      using: &lots)!
    let now = start + .minutes(Int64.random(in: 0...3000, using: &lots))
    let zone = Example.calendar.zone
    let day = zone.wall(now).date
    let town = Arrangements(
      agencies: (["csc", "police", "health"] as [AgencyID]).map {
        Agency(
          id: $0, name: $0.text, places: [.contact: table()],
          atOnce: chance(60) ? Int.random(in: 1...2, using: &lots) : nil)
      }, coordinator: [], routes: [:], ring: [], source: "uk.gov.leeds.convened",
      calendar: WorkingCalendar(
        zone: zone, holidays: BankHolidays(days: chance(40) ? [day.adding(days: 1)] : []),
        working: chance(50) ? hours() : nil))
    let engagements = (0..<Int.random(in: 0...12, using: &lots)).map { _ in
      let from = now + .minutes(Int64.random(in: -120...3000, using: &lots))
      return Engagement(
        agencies: [["csc"], ["police", "health"], ["csc", "police"]].randomElement(using: &lots)!, from: from,
        until: from + .minutes(Int64.random(in: 1...180, using: &lots)))
    }
    let search = SlotSearch(
      needed: ["csc", "police", "health"], duration: .minutes(Int64.random(in: 1...150, using: &lots)),
      urgency: chance(50) ? .urgent : .standard,
      limit: chance(80) ? now + .minutes(Int64.random(in: 0...4000, using: &lots)) : nil,
      fairNotice: chance(50) ? .elapsed(.minutes(Int64.random(in: 0...300, using: &lots))) : nil, now: now,
      arrangements: town, engagements: engagements)
    let found = search.first(from: search.from, past: search.blocked())
    // Tried one after the other.
    let quarter: Int64 = 900_000
    var at = (search.from.milliseconds + quarter - 1) / quarter * quarter
    var first: Instant?
    while at <= search.last.milliseconds, first == nil {
      let moment = Instant(milliseconds: at)
      if Self.suits(moment, search, town, engagements) { first = moment }
      at += quarter
    }
    #expect(found == first)
    // And the others begin once the one before has ended.
    let slots = Slots(search, rule: nil)
    for (one, next) in zip(slots.slots, slots.slots.dropFirst()) { #expect(next >= one + search.duration) }
    for slot in slots.slots { #expect(Self.suits(slot, search, town, engagements)) }
    for other in slots.alternatives {
      #expect(
        other.isOverLimit || other.isShortNotice || other.without != nil, "an alternative without a drawback")
      #expect(Self.suits(other.at, search, town, engagements, without: other.without))
    }
  }

  private static func suits(
    _ start: Instant, _ search: SlotSearch, _ town: Arrangements, _ engagements: [Engagement],
    without: AgencyID? = nil
  ) -> Bool {
    let calendar = town.calendar
    for minute in 0..<(search.duration.milliseconds / 60_000) {
      let moment = start + .minutes(minute)
      if search.urgency == .standard {
        guard calendar.isWorkingDay(calendar.date(of: moment)) else { return false }
        if let working = calendar.working, !calendar.isOpen(working, at: moment) { return false }
      }
      for agency in search.needed where agency != without {
        if town.holder(.contact, of: agency, at: moment) == nil { return false }
        // All begin and end on a minute.
        let joined = engagements.count { $0.agencies.contains(agency) && $0.from <= moment && moment < $0.until }
        if let most = town.agency(agency)?.atOnce, joined >= most { return false }
      }
    }
    return true
  }
}
