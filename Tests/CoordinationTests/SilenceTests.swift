// The proof that no ladder ends in silence: which ladders it lets pass, and which world it finds where it does not.
import Convening
import Coordination
import Simulation
import Testing

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

  @Test func aStepThatComesTooLateForShortNoticeIsFoundForEachAgency() {
    let late = Step(name: "ring", when: .unanswered(.hours(2)), to: [.coordinator])
    let found = Self.found(Scenario.atOnce + [late])
    #expect(found.filter { !$0.isTakenIn }.map(\.agency) == ["csc", "police", "health"])
    #expect(found.allSatisfy { $0.urgency == .standard && $0.policy == "p" })
    // The next Tuesday at ten, for half an hour later.
    #expect(
      found.first?.sentence(in: Town.zone)
        == "policy p, standard: convened 2026-12-01 10:00 for 2026-12-01 10:30, the coordinator is not told in time that csc "
        + "does not answer. Let a step that comes early enough ask the coordinator too.")
  }

  @Test func anUrgentOneWithoutATimeNeedsAStepThatCountsFromTheAsking() {
    let found = Self.found(
      Scenario.atOnce + [Self.before],
      urgent: Scenario.atOnce + [Step(name: "ring", when: .unanswered(.hours(5)), to: [.coordinator])],
      within: .elapsed(.hours(4)))
    #expect(Set(found.map(\.urgency)) == [])
  }

  @Test func whoTookItInAndIsNotHeardOfAgainIsFoundToo() {
    let ring = Step(name: "ring", when: .unanswered(.minutes(5)), to: [.coordinator])
    let found = Self.found(Scenario.atOnce + [ring], holds: .days(1))
    #expect(found == [])
  }
}
