// What an agency reports of itself by link pauses its reminders, and counts once somebody who convenes confirms it.
import Convening
import Coordination
import Testing

@Suite struct ConfirmTimelines {
  private static let report = Command.contribute("police", .phoneLive, byRole: "DS", via: .link, at: nil)

  private func position(_ day: Scenario) -> Position? {
    day.docket.discussions[day.discussion]?.position("police")
  }

  @Test func aReportPausesAndTheLadderGoesOn() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", holds: .hours(1))
    try day.at("08:00", sends: "police")
    day.pass(to: "08:30")
    day.does(ConfirmTimelines.report)
    #expect(position(day)?.contributions == [] && position(day)?.reported.count == 1)
    // The deputy would be asked at 09:00; the pause ends an hour after the report.
    day.quietUntil("09:29:59")
    try day.at("09:30", sends: "police-deputy")
  }

  @Test func onceConfirmedItSilencesAndCountsFromWhenItHappened() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.pass(to: "08:30")
    day.does(ConfirmTimelines.report)
    day.pass(to: "08:45")
    day.does(.confirm("police", byRole: "team manager"))
    let given = try #require(position(day)?.contributions.first)
    #expect(given.occurred == Scenario.moment("08:30") && given.recorded == Scenario.moment("08:30"))
    #expect(position(day)?.reported == [])
    day.quietUntil("14:00")
  }

  /// A figure of contributions counts what is known.
  @Test func itIsCountedOnceItIsConfirmed() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    func counted() -> [Counters.Pair: Int] {
      day.docket.live(Live(since: day.now), at: day.now).counters.contributions
    }
    day.does(ConfirmTimelines.report)
    #expect(counted() == [:])
    day.does(.confirm("police", byRole: nil))
    #expect(counted() == [Counters.Pair("police", "phone_live"): 1])
  }

  @Test func itNeedsAPersonUntilItIsConfirmed() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.pass(to: "08:30")
    day.does(ConfirmTimelines.report)
    func why() -> [Live.Attention.Why] { day.docket.live(Live(since: day.now), at: day.now).attention.map(\.why) }
    #expect(why() == [.toConfirm])
    day.does(.confirm("police", byRole: nil))
    #expect(why() == [])
  }

  /// Nobody is told that it was absent, and no reason is proposed: whoever convened knows more.
  @Test func aDecisionBeforeItIsConfirmedIsWithoutIt() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", absent: [.contact])
    try day.at("08:00", sends: "police")
    day.does(ConfirmTimelines.report)
    day.does(.decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1")))
    #expect(day.docket.discussions[day.discussion]?.missingAtDecision.contains("police") == true)
    #expect(position(day)?.barrier == nil && position(day)?.rungs == [])
    day.does(.confirm("police", byRole: nil))
    let policy = day.policy
    #expect(day.docket.discussions[day.discussion]?.quorum(under: policy).missing == ["csc", "health"])
  }

  @Test func thereMustBeSomethingToConfirm() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police")
    #expect(day.does(.confirm("police", byRole: nil)) == .refused(.nothingToConfirm))
    #expect(day.does(.confirm("nobody", byRole: nil)) == .refused(.unknownAgency(field: "agency")))
    day.does(ConfirmTimelines.report)
    day.does(.confirm("police", byRole: nil))
    #expect(day.does(.confirm("police", byRole: nil)) == .refused(.nothingToConfirm))
  }

  /// By link as by telephone, somebody there has it in hand.
  @Test func anAcknowledgementMayComeByLink() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", holds: .hours(1))
    try day.at("08:00", sends: "police")
    day.pass(to: "08:30")
    day.does(.acknowledge("police", byRole: "duty DS", via: .link, at: nil))
    day.quietUntil("09:29:59")
    try day.at("09:30", sends: "police-deputy")
  }

  @Test func aRestartKnowsWhatWaits() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police")
    day.does(ConfirmTimelines.report)
    try day.restart(at: "08:10")
    #expect(position(day)?.reported.count == 1)
  }
}
