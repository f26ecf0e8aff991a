// The proof that no ladder ends in silence: which ladders it lets pass, and which world it finds where it does not.
import Convening
import Simulation
import Testing

@testable import Coordination

@Suite struct SilenceTests {
  private static let now = Scenario.moment("09:00")

  private static func found(
    _ steps: [Step], urgent: [Step]? = nil, in town: Arrangements = Scenario.town(), within: Limit? = nil,
    holds: Elapsed = .hours(1)
  ) -> [Silence] {
    let day = Scenario(
      starts: "09:00", meeting: "+9 12:00", agencies: ["csc", "police", "health"], steps: steps, urgent: urgent,
      holds: holds, within: within)
    return Silence.found(in: [day.policy], town, from: now)
  }

  private static let before = Step(name: "before", when: .before(.minutes(45)), to: [.contact, .coordinator])

  @Test func aStepBeforeTheMeetingReachesThemHoweverLateItIsConvened() {
    #expect(Self.found(Scenario.atOnce + [Self.before]) == [])
  }

  /// A proof that proves nothing is none.
  @Test func whatWouldBeRefusedProvesNothing() {
    let known = Scenario(
      starts: "09:00", meeting: "+9 12:00", agencies: ["csc"], steps: Scenario.atOnce + [Self.before]
    ).policy
    let strange = Policy(
      id: "strange", from: known.from, required: ["csc", "nobodys"], counting: known.counting,
      decisionRecorded: known.decisionRecorded, closeAfter: known.closeAfter, reasonWithoutAll: true,
      standard: known.standard)
    #expect(Silence.found(in: [known], Scenario.town(), from: Self.now) == [])
    #expect(
      Silence.found(in: [strange], Scenario.town(), from: Self.now).map(\.agencies)
        == [["csc", "nobodys"], ["csc", "nobodys"]])
  }

  /// The eve of the next holiday is over by then, and under no policy that is to come.
  @Test func aPolicyMayBeginBetweenAHolidayAndItsEve() throws {
    let day = Scenario(
      starts: "09:00", meeting: "+9 12:00", agencies: ["csc"], steps: Scenario.atOnce + [Self.before])
    let known = day.policy
    let may = Policy(
      id: "may", from: CivilDate("2027-05-01")!, required: known.required, counting: known.counting,
      decisionRecorded: known.decisionRecorded, closeAfter: known.closeAfter, reasonWithoutAll: true,
      standard: known.standard)
    let town = Scenario.town(holidays: [CivilDate("2027-05-03")!, CivilDate("2027-05-31")!])
    #expect(Silence.found(in: [may], town, from: Self.now) == [])
  }

  /// What does not fit any more is asked at once.
  @Test func aStepThatWouldComeAfterTheMeetingIsNotLeftOut() {
    let late = Step(name: "ring", when: .unanswered(.hours(30)), to: [.coordinator])
    #expect(Self.found(Scenario.atOnce + [late]) == [])
    #expect(Self.found(Scenario.atOnce + [late], urgent: Scenario.atOnce + [late], within: .elapsed(.hours(4))) == [])
  }

  @Test func aLadderThatNeverAsksThemIsFoundOnceForAllAgenciesInBothWorlds() {
    let found = Self.found(Scenario.atOnce + [Self.before], urgent: Scenario.atOnce)
    #expect(found.map(\.agencies) == [["csc", "police", "health"], ["csc", "police", "health"]])
    #expect(found.map(\.isTakenIn) == [false, true])
    #expect(found.allSatisfy { $0.urgency == .urgent && $0.policy == "p" })
    // The next Tuesday at ten.
    #expect(
      found.first?.what(in: Town.zone)
        == "policy p, urgent: convened 2026-12-01 10:00 as soon as they answer, the coordinator would not hear in time that "
        + "csc, police, health did not answer")
  }

  /// The second world is another one: somebody has it in hand there.
  @Test func whoTakesItInHasItInHand() throws {
    let day = Scenario(starts: "09:00", meeting: "+9 12:00", agencies: ["csc", "police"], steps: Scenario.atOnce)
    let convene = Convene(explaining: .standard, meetingAt: Self.now + .hours(3), team: nil, Scenario.town())
    var policies = Policies()
    policies.adopt(day.policy, as: PolicyRef(id: day.policy.id, edition: 1))
    let taken = try Discussion(explaining: convene, at: Self.now, policies, Scenario.town()) { agency in
      .acknowledge(agency, byRole: "nobody", via: .phone, at: Self.now)
    }
    #expect(taken.positions.map { $0.acknowledged != nil } == [true, true, true])
  }

  @Test func aCoordinatorWhoIsThereInTheDaytimeAloneIsFoundByNight() throws {
    let office = OpenHours(
      days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .minutes(510), until: .hours(17),
      openOnBankHolidays: false)
    let town = Scenario.town()
    let byDay = Arrangements(
      agencies: town.agencies, coordinator: [Holding(hours: office, route: "coordinator")], teams: town.teams,
      routes: town.routes, ring: town.ring, source: town.source, calendar: town.calendar)
    let found = Self.found(Scenario.atOnce + [Self.before], in: byDay)
    let first = try #require(found.first)
    // Tuesday, for six the next morning.
    #expect(found.map(\.agencies) == [["csc", "police", "health"], ["csc", "police", "health"]])
    #expect(first.convenedAt == Scenario.moment("+7 10:00"))
    #expect(first.meetingAt == Scenario.moment("+8 06:00"))
  }

  /// Whatever the policy and whoever holds the places: a ladder that asks the coordinator reaches them.
  @Test(arguments: 0..<12) func everyLadderThatAsksThemReachesThem(seed: UInt64) {
    var lots = Lots(seed: seed)
    let drawn = Town.arrangements(&lots)
    // Their place is never empty: the settings see to that.
    let town = Arrangements(
      agencies: drawn.agencies, coordinator: [Holding(hours: nil, route: "edt")], teams: drawn.teams,
      routes: drawn.routes, ring: drawn.ring, source: drawn.source, calendar: drawn.calendar)
    let policy = Town.policy("p", from: Self.now - .days(30), &lots)
    func asks(_ ladder: Ladder, _ urgency: Urgency) -> Bool {
      ladder.steps.contains { step in
        // While an urgent one has no time, nothing is before it.
        let counts = if case .before = step.when { urgency == .standard } else { true }
        return counts && step.to.contains(.coordinator)
      }
    }
    let found = Silence.found(in: [policy], town, from: Self.now)
    for (urgency, ladder) in [(Urgency.standard, Optional(policy.standard)), (.urgent, policy.urgent)] {
      guard let ladder else { continue }
      #expect(
        found.contains { $0.urgency == urgency } != asks(ladder, urgency),
        "\(found.map { $0.what(in: Town.zone) }), by \(ladder)")
    }
  }
}
