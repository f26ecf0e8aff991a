// When a discussion meets: entered after it was held, without a time yet, at the first time that suits. What is sent, and what
// is not.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct LateEntryTimelines {
  /// Nobody hears of it, whatever is recorded afterwards; a replay knows it as it is.
  @Test func nothingIsEverSentOfWhatWasEnteredLate() throws {
    var day = Scenario(starts: "09:00", meeting: "08:00", agencies: ["csc", "police"], absent: [.contact, .lead]) {
      $0.heldAt = Scenario.moment("08:10")
    }
    #expect(day.state?.phase == .held)
    #expect(day.state?.heldAt == Scenario.moment("08:10"))
    day.does(.sendDetails("police", .contact, at: Scenario.moment("07:50")), at: "09:05")
    day.does(.contribute("csc", .phoneLive, byRole: "sw", via: .phone, at: Scenario.moment("08:10")), at: "09:06")
    let decision = Decision(outcome: .nfa, decidedAt: Scenario.moment("08:30"), byRole: "chair", reason: "B14")
    day.does(.decide(decision), at: "09:07")
    #expect(day.state?.phase == .decided)
    day.does(.circulate(to: ["police"], at: Scenario.moment("09:00")), at: "09:08")
    try day.restart(at: "09:10")
    #expect(day.state?.isLateEntry == true && day.state?.phase == .circulated)
    day.quietUntil("+2 09:00")
  }

  private func enteredLate(by late: Elapsed) -> Scenario {
    let clocks: [ClockID: [Limit]] = [.c4: [.workingDays(1)], .followUp: [.workingDays(5)]]
    let held = Scenario.moment("08:10") - late
    var day = Scenario(starts: "09:00", meeting: "08:00", agencies: ["csc", "police"], clocks: clocks) {
      ($0.heldAt, $0.meeting) = (held, .asSoonAsTheyAnswer)
    }
    day.does(
      .decide(Decision(outcome: .nfa, decidedAt: held + .minutes(20), byRole: "chair", reason: "B14")), at: "09:07")
    return day
  }

  /// Nobody here knows to whom its record went and whether somebody followed it up: that is nobody's breach, and it closes when
  /// as much time has passed again.
  @Test func whatIsEnteredLongAfterItsTimeIsHistory() throws {
    var day = enteredLate(by: .days(21))
    #expect(day.state?.closesAt == Scenario.moment("+4 00:00"))
    day.quietUntil("+3 23:00")
    #expect(day.docket.clocksPassed(at: day.now).isEmpty && day.state?.phase == .decided)
    day.quietUntil("+4 00:01")
    // That it was recorded late is known, and told by another check.
    #expect(day.state == nil && day.docket.closedClocks.flatMap(\.clocks).map(\.id) == [.c3])
    try day.restart(at: "+4 00:02")
    #expect(day.docket.closedClocks.flatMap(\.clocks).map(\.id) == [.c3])
    #expect(day.docket.clocksPassed(at: day.now).isEmpty)
  }

  /// Last night's has its record to send like any other.
  @Test func whatIsEnteredTheNextMorningHasItsClocks() throws {
    var day = enteredLate(by: .hours(12))
    #expect(day.state?.closesAt == nil)
    day.quietUntil("+5 09:00")
    #expect(day.docket.clocksPassed(at: day.now).map(\.clock) == [.c4])
    day.does(.circulate(to: ["police"], at: nil), at: "+5 09:01")
    #expect(day.docket.clocksPassed(at: day.now).isEmpty)
  }

  /// One that was entered by a slip is cancelled, and nobody hears of that either.
  @Test func aSlipIsCancelledInSilence() throws {
    var day = Scenario(starts: "09:00", meeting: "08:00") { $0.heldAt = Scenario.moment("08:10") }
    day.does(.cancel(reason: "entered twice"), at: "09:05")
    #expect(day.state == nil, "it is forgotten")
    day.quietUntil("+1 09:00")
  }
}

@Suite struct NoTimeTimelines {
  private static let ladder = [
    Step(name: "invite", when: .once, to: [.contact]),
    Step(name: "chase", when: .unanswered(.minutes(10)), to: [.contact, .deputy]),
    Step(name: "lead", when: .unanswered(.minutes(20)), to: [.lead]),
    Step(name: "join", when: .before(.minutes(10)), to: [.contact]),
  ]

  private func afternoon(within: Limit? = .elapsed(.hours(4)), need: String? = nil) -> Scenario {
    Scenario(
      starts: "16:40", meeting: "16:40", agencies: ["health"], urgent: Self.ladder, absent: [.contact], within: within
    ) {
      $0.meeting = .asSoonAsTheyAnswer
      $0.needIdentifiedAt = need.map(Scenario.moment)
    }
  }

  /// Another holiday moves the clock by which it is late. Until when an answer helps was told to those who were asked, and stays.
  @Test func whenItsTimeIsUpIsWhatWasToldWhateverTheCalendarBecomes() throws {
    var day = afternoon(within: .workingDays(1), need: "16:30")
    let told = try day.at("16:40", sends: "health", .invitation)
    let midnight = Instant("2026-11-26T00:00:00Z")!
    #expect(told.opening.stopAfter == midnight && day.state?.deadline == midnight)
    let planned = day.state?.positions.first?.rungs
    day.adopts(Scenario.town(holidays: [CivilDate("2026-11-25")!]))
    #expect(day.state?.clocks.first { $0.id == .c2 }?.due == midnight + .days(1))
    #expect(day.state?.deadline == midnight && day.state?.positions.first?.rungs == planned)
    try day.restart(at: "16:41")
    #expect(day.state?.deadline == midnight)
  }

  /// Everybody in turn, and the coordinator when the four hours are up.
  @Test func nobodyAnswersAndItEndsInNoSilence() throws {
    var day = afternoon()
    let sent = try day.at("16:40", sends: "health", .invitation)
    #expect(sent.opening.body.contains(#""meeting_at":null"#))
    #expect(sent.opening.stopAfter == Scenario.moment("20:40"))
    try day.at("16:50", sends: "health", .reminder)
    try day.at("16:50", sends: "health-deputy", .reminder)
    try day.at("17:00", sends: "health-lead", .reminder)
    try day.at("20:40", sends: "coordinator", .attention)
    day.quietUntil("+1 16:40")
  }

  /// Half an hour is left of the limit: the waits shrink to it.
  @Test func theWaitsFitIntoWhatTheLimitLeaves() throws {
    var day = afternoon(need: "12:52")
    try day.at("16:40", sends: "health")
    try day.at("16:44", sends: "health")
    try day.at("16:44", sends: "health-deputy")
    try day.at("16:48", sends: "health-lead")
    try day.at("16:52", sends: "coordinator", .attention)
    day.quietUntil("+1 16:40")
  }

  /// Nothing is left of it: everybody at once, who stands before a meeting too.
  @Test func whereTheLimitHasPassedAllAreAskedAtOnce() throws {
    var day = afternoon(need: "12:00")
    let sent = try day.at("16:40", sends: "health", .invitation)
    #expect(sent.opening.stopAfter == Scenario.moment("+1 16:40"))
    try day.at("16:40", sends: "health-deputy")
    try day.at("16:40", sends: "health-lead")
    try day.at("16:40", sends: "coordinator", .attention)
    day.quietUntil("+1 16:40")
  }

  @Test func withoutALimitItHasADay() throws {
    var day = afternoon(within: nil)
    let sent = try day.at("16:40", sends: "health")
    #expect(sent.opening.stopAfter == Scenario.moment("+1 16:40"))
    try day.at("16:50", sends: "health")
    try day.at("16:50", sends: "health-deputy")
    try day.at("17:00", sends: "health-lead")
    try day.at("+1 16:40", sends: "coordinator", .attention)
  }

  /// The first time that is set plans the steps before it, and the word that there is none goes.
  @Test func aTimeIsSet() throws {
    var day = afternoon()
    try day.at("16:40", sends: "health")
    day.does(.reschedule(meetingAt: Scenario.moment("18:00"), reason: "all can"), at: "16:45")
    try day.at("16:45", sends: "health", .rescheduled)
    #expect(day.state?.meetingAt == Scenario.moment("18:00"))
    try day.at("16:55", sends: "health", .reminder)
    try day.at("16:55", sends: "health-deputy", .reminder)
    try day.at("17:05", sends: "health-lead", .reminder)
    try day.at("17:50", sends: "health", .reminder)
    day.quietUntil("+1 17:50")
  }

  /// They have answered and met at once: one command.
  @Test func itIsHeldAtOnceAndDecidedInTheSamePost() throws {
    var day = afternoon()
    try day.at("16:40", sends: "health")
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "16:44")
    let decision = Decision(outcome: .s47Joint, byRole: "chair", reason: "B30")
    day.does(.hold(heldAt: Scenario.moment("16:50"), form: .phone, decision: decision), at: "17:00")
    #expect(day.state?.phase == .decided)
    #expect(day.state?.meetingAt == nil)
    day.quietUntil("+2 16:40")
  }

  @Test func aStandardOneNeedsATime() {
    let day = Scenario(starts: "09:00", meeting: "10:00") { $0.meeting = .asSoonAsTheyAnswer }
    #expect(day.replies.last == .refused(.timeRequired))
  }

  /// A start in between changes nothing.
  @Test func aReplayKnowsThatThereIsNoTime() throws {
    var day = afternoon()
    try day.at("16:40", sends: "health")
    let before = day.state
    try day.restart(at: "16:45")
    #expect(day.state == before)
    try day.at("16:50", sends: "health")
    try day.at("16:50", sends: "health-deputy")
  }

  @Test func thePlanSaysWhenItsTimeIsUp() throws {
    let day = afternoon()
    let sends = Plan.future(
      of: try #require(day.state), policies: day.docket.policies, arrangements: Scenario.town(), stopped: [],
      from: day.now)
    let last = sends.last { $0.step != "daily" }
    #expect(last.map { "\($0.at) \($0.place) \($0.rule)" } == "2026-11-24T20:40:00Z coordinator its time is up")
  }
}

@Suite struct EarliestTimelines {
  private static func town(atOnce: Int?) -> Arrangements {
    let town = Scenario.town()
    let agencies = town.agencies.map {
      Agency(id: $0.id, name: $0.name, places: $0.places, atOnce: $0.id == "police" ? atOnce : nil)
    }
    return Arrangements(
      agencies: agencies, coordinator: town.coordinator, teams: town.teams, routes: town.routes, ring: town.ring,
      source: town.source, calendar: town.calendar)
  }

  private func morning(atOnce: Int?, within: Limit = .elapsed(.hours(2))) -> Scenario {
    Scenario(
      starts: "09:05", meeting: "09:05", steps: Scenario.atOnce, in: Self.town(atOnce: atOnce), within: within
    ) { $0.meeting = .earliest }
  }

  /// Each in a turn of its own: the second finds the first's place taken, the third none in the two hours.
  @Test func theLastPlaceIsTakenOnce() {
    var day = morning(atOnce: 1)
    let (second, third) = (DiscussionID(bits: 2), DiscussionID(bits: 3))
    #expect(day.state?.meetingAt == Scenario.moment("09:15"))
    day.convene(second, "09:05", ["police"]) { $0.meeting = .earliest }
    #expect(day.docket.discussions[second]?.meetingAt == Scenario.moment("10:15"))
    day.convene(third, "09:05", ["police"]) { $0.meeting = .earliest }
    #expect(day.replies.last == .refused(.noSlot))
  }

  /// Both in one turn: the overlay is looked at too.
  @Test func twoOfOneTurnDoNotTakeTheSamePlace() {
    let day = morning(atOnce: 1)
    let ids = [DiscussionID(bits: 2), DiscussionID(bits: 3)]
    let convene = Convene(
      meeting: .earliest, durationMinutes: 30, agencies: ["police"], team: "duty", convenedBy: "team manager")
    let inputs = ids.enumerated().map { index, id in
      Input.request(
        Request(.convene(id, convene, firstBody: Fingerprint(high: id.bits, low: 0)), actor: Actor(uid: 1, pid: 1)),
        ticket: 90 + index, .init())
    }
    let turn = day.docket.plan(inputs, at: day.now)
    let found = turn.replies.map { reply -> Instant? in
      if case .discussion(let discussion, _, _, _) = reply.reply { discussion.meetingAt } else { nil }
    }
    #expect(found == [Scenario.moment("10:15"), Scenario.moment("10:45")])
  }

  /// The same body again is answered with what was found then, whatever else has been convened since.
  @Test func aRepeatFindsNothingNew() {
    var day = morning(atOnce: 1)
    day.convene(DiscussionID(bits: 2), "09:05", ["police"]) { $0.meeting = .earliest }
    day.pass(to: "14:00")
    day.convene(day.discussion, "09:05", ["police"]) { $0.meeting = .earliest }
    guard case .discussion(let discussion, _, created: false, replayed: true)? = day.replies.last else {
      Issue.record("\(String(describing: day.replies.last))")
      return
    }
    #expect(discussion.meetingAt == Scenario.moment("09:15"))
  }

  /// Whoever takes no part, or has met, keeps no place.
  @Test func aPlaceIsFreeAgain() {
    var day = morning(atOnce: 1)
    day.does(.cancel(reason: "no need"), at: "09:06")
    day.convene(DiscussionID(bits: 2), "09:05", ["police"]) { $0.meeting = .earliest }
    #expect(day.docket.discussions[DiscussionID(bits: 2)]?.meetingAt == Scenario.moment("09:15"))
  }
}
