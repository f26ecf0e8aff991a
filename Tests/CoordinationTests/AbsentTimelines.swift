// Who was absent is told once that it is decided: what they know still matters.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct AbsentTimelines {
  private let decision = Command.decide(Decision(outcome: .nfa, byRole: "chair", reason: "B14"))

  private func day(_ agencies: [AgencyID] = ["police", "health"], absent: [Place] = [.contact, .lead]) -> Scenario {
    Scenario(starts: "08:00", meeting: "09:00", agencies: agencies, steps: Scenario.atOnce, absent: absent)
  }

  @Test func whoWasSilentIsToldOnceAndWhoTookPartIsNot() throws {
    var day = day()
    try day.at("08:00", sends: "police")
    try day.at("08:00", sends: "health")
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "08:30")
    day.does(.hold(heldAt: nil, form: nil, decision: nil), at: "09:10")
    day.does(decision, at: "09:30")
    let told = try day.at("09:30", sends: "police", .concluded)
    #expect(told.opening.stopAfter == Scenario.moment("+1 09:30"))
    #expect(told.opening.body.contains("convened.discussion.concluded.v1"))
    try day.at("09:30", sends: "police-lead", .concluded)
    day.quietUntil("+1 12:00")
  }

  /// Held and decided in one breath.
  @Test func aDecisionInTheSamePostTellsThemToo() throws {
    var day = day(["police"], absent: [.contact])
    try day.at("08:00", sends: "police")
    day.does(
      .hold(heldAt: nil, form: nil, decision: Decision(outcome: .nfa, byRole: "chair", reason: "B14")), at: "09:10")
    try day.at("09:10", sends: "police", .concluded)
    day.quietUntil("+1 12:00")
  }

  /// It has said that it will not come: it knows.
  @Test func whoDeclinedIsNotTold() throws {
    var day = day(["police"])
    try day.at("08:00", sends: "police")
    day.does(.decline("police", .b13, byRole: "officer", at: nil), at: "08:10")
    try day.at("08:10", sends: "police-lead", .answered)
    try day.at("08:10", sends: "convener", .answered)
    day.does(decision, at: "09:30")
    day.quietUntil("+1 12:00")
  }

  @Test func aPolicyThatDoesNotSaySoTellsNobody() throws {
    var day = day(["police"], absent: [])
    try day.at("08:00", sends: "police")
    day.does(decision, at: "09:30")
    day.quietUntil("+1 12:00")
  }

  @Test func itIsTriedAgainUntilTheAgencySpeaksOrItIsClosed() throws {
    var day = day(["police"], absent: [.contact])
    try day.at("08:00", sends: "police")
    day.does(decision, at: "09:30")
    try day.at("09:30", sends: "police", .concluded, answering: 503)
    try day.within("09:30:05", "09:30:06", sends: "police", .concluded, answering: 503)
    day.does(.contribute("police", .afterDecision, byRole: "officer", via: .phone, at: nil), at: "09:30:20")
    day.quietUntil("+1 12:00")

    day = self.day(["police"], absent: [.contact])
    try day.at("08:00", sends: "police")
    day.does(decision, at: "09:30")
    try day.at("09:30", sends: "police", .concluded, answering: 503)
    day.does(.close, at: "09:30:02")
    day.quietUntil("+1 12:00")
  }

  /// Nobody could be asked before; being told of the end is no invitation.
  @Test func beingToldIsNoInvitation() throws {
    var day = Scenario(
      starts: "08:00", meeting: "09:00", steps: [Step(name: "ask", when: .once, to: [.contact])], absent: [.lead],
      in: Scenario.town(contact: { _ in [] }))
    day.pass(to: "09:10")
    day.does(decision, at: "09:30")
    try day.at("09:30", sends: "police-lead", .concluded)
    let police = try #require(day.docket.discussions[day.discussion]?.position("police"))
    #expect(police.firstAsked == nil && police.escalatedAt == nil)
  }
}
