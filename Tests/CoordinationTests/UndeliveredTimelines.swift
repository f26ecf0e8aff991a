// A place that takes nothing in: the next one is asked after the policy's time, or a quarter of what is left, and the first is
// tried on.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct UndeliveredTimelines {
  /// Five attempts that fail: at once, and after 5 s, 30 s, 2 min and 5 min.
  private func fails(_ route: RouteName, from start: String, times: Int, _ day: inout Scenario) throws {
    for _ in 0..<times { try day.within(start, "23:00", sends: route, answering: 503) }
  }

  @Test func aQuarterOfAnHourWithoutAnAcceptedMessageAsksTheNextPlace() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", undelivered: .minutes(15))
    try fails("police", from: "08:00", times: 5, &day)
    day.quietUntil("08:15")
    // The deputy's hour has not come; the place below has taken nothing in.
    try day.at("08:15", sends: "police-deputy", .reminder)
    #expect(day.state?.reminders.first?.hasRisen == true)
    // The contact is tried on.
    try day.within("08:20", "08:40", sends: "police", answering: 204)
    try day.at("10:00", sends: "police-lead")
  }

  /// Somebody sends it once more meanwhile, in vain: that puts nothing off.
  @Test func sendingItAgainPutsNothingOff() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", undelivered: .minutes(15))
    let sent = try day.at("08:00", sends: "police", answering: 503)
    try fails("police", from: "08:00", times: 3, &day)
    day.pass(to: "08:05")
    day.request(.resend(sent.send.delivery.reminder))
    try day.at("08:05", sends: "police", answering: 503)
    day.quietUntil("08:14:59")
    try day.at("08:15", sends: "police-deputy", .reminder)
  }

  /// Eight minutes are left: a quarter is two.
  @Test func aShortNoticeHasAShorterPatience() throws {
    var day = Scenario(
      starts: "08:00", meeting: "08:08",
      steps: [
        Step(name: "ask", when: .once, to: [.contact]),
        Step(name: "deputy", when: .unanswered(.minutes(6)), to: [.deputy]),
      ], undelivered: .minutes(15))
    try fails("police", from: "08:00", times: 3, &day)
    day.quietUntil("08:02")
    try day.at("08:02", sends: "police-deputy")
  }

  @Test func whatIsAcceptedInTimeAsksNobodyElse() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", undelivered: .minutes(15))
    try fails("police", from: "08:00", times: 3, &day)
    try day.within("08:02", "08:05", sends: "police", answering: 204)
    day.quietUntil("09:00")
    try day.at("09:00", sends: "police-deputy")
  }

  /// Somebody there has said something: how the message fares is no matter.
  @Test func whoHasAcknowledgedIsNotPassedOver() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", undelivered: .minutes(15))
    try fails("police", from: "08:00", times: 3, &day)
    day.does(.acknowledge("police", byRole: "officer", via: .phone, at: nil), at: "08:01")
    try day.within("08:02", "08:05", sends: "police", answering: 503)
    try day.within("08:07", "08:14", sends: "police", answering: 204)
    day.quietUntil("09:01")
  }

  @Test func aPolicyThatDoesNotSaySoWaitsForItsSteps() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try fails("police", from: "08:00", times: 5, &day)
    try day.within("08:20", "08:40", sends: "police", answering: 204)
    day.quietUntil("09:00")
    try day.at("09:00", sends: "police-deputy")
  }

  /// Everybody there believes the time that was.
  @Test func aNewTimeThatDoesNotArriveAsksTheNextPlace() throws {
    var day = Scenario(starts: "08:00", meeting: "+1 14:00", undelivered: .minutes(15))
    try day.at("08:00", sends: "police")
    day.does(.reschedule(meetingAt: Scenario.moment("14:00"), reason: "room"), at: "08:30")
    for _ in 0..<5 { try day.within("08:30", "08:44", sends: "police", .rescheduled, answering: 503) }
    day.quietUntil("08:45")
    try day.at("08:45", sends: "police-deputy")
  }

  /// It was accepted once: whoever mislaid it is sent it again, and nobody else is asked because of that.
  @Test func aResendRaisesNobody() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", undelivered: .minutes(15))
    let asked = try day.at("08:00", sends: "police")
    day.pass(to: "08:30")
    day.request(.resend(asked.send.delivery.reminder), admitted: .init(body: asked.send.delivery.body))
    try day.at("08:30", sends: "police", answering: 204)
    day.quietUntil("09:00")
    try day.at("09:00", sends: "police-deputy")
  }

  /// Five messages to one route, which bears one at a time and answers none: the last of them waits for its turn.
  private func jam() -> (day: Scenario, last: DiscussionID) {
    var limits = Limits()
    limits.perEndpoint = 1
    var day = Scenario(
      starts: "08:00", meeting: "14:00", agencies: [], urgent: Scenario.ladder, limits: limits,
      undelivered: .minutes(2))
    let ids = (1...5).map { DiscussionID(bits: $0) }
    for id in ids { day.convene(id, "14:00", ["police"], .urgent) }
    return (day, ids[4])
  }

  private func deputyIsDue(_ id: DiscussionID, _ day: Scenario) -> Instant? {
    day.docket.discussions[id]?.position("police")?.rungs.first { $0.step == "deputy" }?.due
  }

  @Test func whatFindsNoSlotForAsLongAsksTheNextPlace() {
    var (day, last) = jam()
    day.pass(to: "08:01:59")
    #expect(deputyIsDue(last, day) == Scenario.moment("09:00"))
    day.pass(to: "08:02")
    #expect(deputyIsDue(last, day) == Scenario.moment("08:02"))
    let planned = day.turns.joined().contains { entry in
      guard entry.stream == .discussion(last) else { return false }
      if case .ladderPlanned("police", .undelivered, _) = entry.event { return true } else { return false }
    }
    #expect(planned)
    // It has asked nobody yet, and the contact still stands in the queue.
    day.pass(to: "08:30")
    let asked = day.docket.discussions[last]?.position("police")?.asked.map(\.place) ?? []
    #expect(Set(asked).isSuperset(of: [.contact, .deputy]))
  }

  /// What another process waited for is not this one's: it has just begun to ask.
  @Test func aRestartBeginsTheWaitAnew() throws {
    var (day, last) = jam()
    try day.restart(at: "08:01:30")
    day.pass(to: "08:03:29")
    #expect(deputyIsDue(last, day) == Scenario.moment("09:00"))
    day.pass(to: "08:03:30")
    #expect(deputyIsDue(last, day) == Scenario.moment("08:03:30"))
  }

  /// The daemon was away when the time came: it is seen at the start, and once.
  @Test func aRestartForgetsNothingOfIt() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", undelivered: .minutes(15))
    try fails("police", from: "08:00", times: 5, &day)
    try day.restart(at: "08:18")
    try day.at("08:18", sends: "police-deputy", .reminder)
    try day.within("08:20", "08:45", sends: "police", answering: 204)
    day.quietUntil("10:00")
    try day.at("10:00", sends: "police-lead")
  }
}
