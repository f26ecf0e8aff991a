// The steps of a standard discussion wait for the hours of whom they ask, or come before them where that would be too late;
// an urgent one is never deferred. Each test is a day, read from top to bottom. CONTRACT.md 2.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct HoursTimelines {
  private static let office = OpenHours(
    days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .minutes(510), until: .hours(17),
    openOnBankHolidays: false)
  private static let long = OpenHours(
    days: Set(Weekday.allCases), from: .hours(8), until: .hours(20), openOnBankHolidays: true)

  private func day(
    starts: String, meeting: String, steps: [Step] = Scenario.ladder, urgent: [Step]? = nil, fair: Limit? = nil,
    in town: Arrangements = Scenario.town()
  ) -> Scenario {
    Scenario(
      starts: starts, meeting: meeting, steps: steps, urgent: urgent, in: town, defersTo: Self.office, fair: fair)
  }

  /// Tuesday afternoon, and they meet on Thursday: two steps fall into the office's hours.
  private func afternoon() throws -> Scenario {
    var day = day(starts: "15:30", meeting: "+2 14:00")
    try day.at("15:30", sends: "police", .invitation)
    try day.at("16:30", sends: "police-deputy")
    return day
  }

  /// Nothing more until the office opens, and then these.
  private func morning(_ day: inout Scenario, asks routes: RouteName...) throws {
    day.quietUntil("+1 08:30")
    for route in routes { try day.at("+1 08:30", sends: route) }
  }

  @Test func aStepOutsideTheirHoursWaitsUntilTheyBegin() throws {
    var day = try afternoon()
    // The lead is due at 17:30, the coordinator at 18:30: both wait, and go out as one.
    day.quietUntil("+1 08:30")
    let lead = try day.at("+1 08:30", sends: "police-lead")
    #expect(lead.opening.due == Scenario.moment("+1 08:30"))
    try day.at("+1 08:30", sends: "coordinator", .attention)
    try day.at("+2 13:15", sends: "police")
  }

  /// Who is there by hours of their own is asked in them.
  @Test func hoursOfTheirOwnCountToo() throws {
    let town = Scenario.town(contact: { id in [Holding(hours: Self.long, route: RouteName(id.text)!)] })
    var day = day(
      starts: "15:30", meeting: "+2 14:00",
      steps: Scenario.atOnce + [
        Step(name: "chase", when: .unanswered(.hours(4)), to: [.contact, .deputy]),
        Step(name: "ring", when: .unanswered(.hours(6)), to: [.coordinator]),
      ], in: town)
    try day.at("15:30", sends: "police", .invitation)
    // The deputy is there by no hours of their own.
    try day.at("19:30", sends: "police")
    try day.at("+1 08:00", sends: "police", .handover)
    day.quietUntil("+1 08:30")
    try day.at("+1 08:30", sends: "police-deputy")
    try day.at("+1 08:30", sends: "coordinator")
  }

  @Test func whereThatWouldBeTooLateItIsSentBeforeTheirHoursEnd() throws {
    // They meet before the office opens: 45 minutes before is 07:35, and 08:30 too late.
    var day = day(starts: "10:00", meeting: "+1 08:20", steps: Scenario.atOnce + Self.ringing)
    try day.at("10:00", sends: "police", .invitation)
    // Ten minutes before the office closes: the margin of a last attempt.
    day.quietUntil("16:50")
    let before = try day.at("16:50", sends: "coordinator")
    #expect(before.opening.due == Scenario.moment("16:50"))
    day.quietUntil("+1 16:50")
  }

  private static let ringing = [Step(name: "ring", when: .before(.minutes(45)), to: [.coordinator])]

  /// No hours are left before they meet: nothing is gained by another time than its own, and nothing is dropped.
  @Test func whereNoHoursAreLeftItIsSentAtItsOwnTime() throws {
    var day = day(starts: "20:00", meeting: "+1 07:00", steps: Scenario.atOnce + Self.ringing)
    try day.at("20:00", sends: "police", .invitation)
    day.quietUntil("+1 06:15")
    try day.at("+1 06:15", sends: "coordinator")
  }

  /// The ladder counts from when somebody is there to be invited, and does not fall together overnight.
  @Test func whatIsConvenedAtNightIsClimbedFromTheMorningOn() throws {
    var day = day(starts: "21:00", meeting: "+1 16:00")
    day.quietUntil("+1 08:30")
    try day.at("+1 08:30", sends: "police", .invitation)
    try day.at("+1 09:30", sends: "police-deputy")
    try day.at("+1 10:30", sends: "police-lead")
    try day.at("+1 11:30", sends: "coordinator")
    try day.at("+1 15:15", sends: "police")
  }

  /// Waiting would leave less than fair notice, which there is now.
  @Test(arguments: [(Limit.elapsed(.hours(15)), "21:00"), (.elapsed(.hours(30)), "+1 08:30")])
  func anInvitationIsNotDeferredUntilItIsUnfair(fair: Limit, sent: String) throws {
    var day = day(starts: "21:00", meeting: "+1 16:00", steps: Scenario.atOnce + Self.ringing, fair: fair)
    if sent != "21:00" { day.quietUntil(sent) }
    try day.at(sent, sends: "police", .invitation)
  }

  @Test func anUrgentStepIsNeverDeferred() throws {
    var day = day(starts: "21:00", meeting: "+1 16:00", urgent: Scenario.ladder)
    try day.at("21:00", sends: "police", .invitation)
    try day.at("22:00", sends: "police-deputy")
    try day.at("23:00", sends: "police-lead")
  }

  /// The rota puts somebody there tonight: the step comes back from the morning.
  @Test func aCoverThatBeginsBringsAStepBack() throws {
    var day = try afternoon()
    day.quietUntil("17:10")
    day.request(
      .cover("police", Cover(place: .lead, route: "police-lead", until: Scenario.moment("18:00"), reason: "leave")))
    day.quietUntil("17:30")
    try day.at("17:30", sends: "police-lead")
    try morning(&day, asks: "police-lead", "coordinator")
  }

  @Test func aRestartPlansTheSame() throws {
    var day = try afternoon()
    let before = day.state
    try day.restart(at: "19:00")
    #expect(day.state?.positions == before?.positions)
    try morning(&day, asks: "police-lead", "coordinator")
  }

  /// The daemon was down when it was due: it is not made up for at night.
  @Test func whatWasMissedWaitsForTheirHoursToo() throws {
    var day = day(starts: "13:30", meeting: "+2 14:00")
    try day.at("13:30", sends: "police")
    try day.restart(at: "18:00")
    try morning(&day, asks: "police-deputy", "police-lead", "coordinator")
  }

  @Test func aPlaceThatIsEmptyAtNightWaitsForTheMorningToo() throws {
    let town = Scenario.town(contact: { _ in [Holding(hours: Self.office, route: "police")] })
    var day = day(starts: "21:00", meeting: "+1 16:00", in: town)
    day.quietUntil("+1 08:30")
    try day.at("+1 08:30", sends: "police", .invitation)
  }

  @Test func thePlanSaysWhenAndByWhichRule() throws {
    var day = day(starts: "15:30", meeting: "+2 14:00")
    try day.at("15:30", sends: "police")
    let plan = Plan.future(
      of: try #require(day.state), policies: day.docket.policies, arrangements: Scenario.town(), stopped: [],
      from: day.now)
    let lead = try #require(plan.first { $0.place == .lead })
    #expect(lead.at == Scenario.moment("+1 08:30") && lead.planned == Scenario.moment("18:30"))
    // The steps of 17:30 and 18:30 are one message now.
    #expect(lead.rule == "3 hours without an answer, deferred to their hours")
    #expect(plan.map(\.step).last == "daily")
    #expect(plan.last?.rule == "daily: every step is climbed, and it is still open")
  }

  // MARK: - Working hours

  @Test func aWaitInWorkingHoursPassesInThem() throws {
    let town = Scenario.town(working: Self.office)
    var day = Scenario(
      starts: "15:30", meeting: "+2 14:00",
      steps: Scenario.atOnce + [
        Step(name: "chase", when: .unanswered(.hours(2), inWorkingHours: true), to: [.deputy]),
        Step(name: "ring", when: .unanswered(.hours(3), inWorkingHours: true), to: [.coordinator]),
      ], in: town)
    try day.at("15:30", sends: "police")
    // An hour and a half until five; half an hour from half past eight.
    day.quietUntil("+1 09:00")
    try day.at("+1 09:00", sends: "police-deputy")
    try day.at("+1 10:00", sends: "coordinator")
  }

  // MARK: - Whoever acknowledged

  private static let join = [
    Step(name: "ring", when: .unanswered(.hours(3)), to: [.coordinator]),
    Step(name: "join", when: .before(.minutes(10)), to: [.acknowledger]),
  ]

  @Test func whoAcknowledgedIsRemindedBeforeTheMeeting() throws {
    var day = Scenario(starts: "08:00", meeting: "12:00", steps: Scenario.ladder + Self.join.suffix(1))
    try day.at("08:00", sends: "police")
    try day.at("09:00", sends: "police-deputy")
    day.does(.acknowledge("police", byRole: "deputy", via: .phone, at: nil), at: "09:20")
    // The pause is a third of what was left.
    try day.within("10:13", "10:14", sends: "police-lead")
    try day.at("11:00", sends: "coordinator")
    try day.at("11:15", sends: "police")
    let joined = try day.at("11:50", sends: "police-deputy", .reminder)
    #expect(joined.opening.place == .acknowledger)
    #expect(joined.opening.body.contains(#""recipient":"acknowledger""#))
    #expect(!joined.opening.body.contains("join\":"))
  }

  /// Nobody there has acknowledged: other steps ask, and this one raises no alarm.
  @Test func whereNobodyAcknowledgedNobodyIsReminded() throws {
    var day = Scenario(starts: "08:00", meeting: "12:00", steps: Scenario.atOnce + Self.join)
    try day.at("08:00", sends: "police")
    try day.at("11:00", sends: "coordinator")
    day.quietUntil("+1 07:00")
    #expect(day.state?.position("police")?.emptyAt == nil)
    let skipped = day.turns.joined().compactMap { entry -> SkipReason? in
      if case .placeSkipped(_, .acknowledger, _, let reason, _) = entry.event { reason } else { nil }
    }
    #expect(skipped == [.notAcknowledged])
  }

  // MARK: - No silence

  @Test func theCoordinatorHearsDailyUntilItIsDecided() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police", "health"])
    try day.at("08:00", sends: "police")
    try day.at("08:00", sends: "health")
    day.does(.contribute("health", .writtenBefore, byRole: "nurse", via: .phone, at: nil), at: "08:30")
    try day.at("09:00", sends: "police-deputy")
    try day.at("10:00", sends: "police-lead")
    try day.at("11:00", sends: "coordinator")
    try day.at("13:15", sends: "police")
    day.quietUntil("+1 13:15")
    let daily = try day.at("+1 13:15", sends: "coordinator", .attention)
    #expect(daily.opening.step == "daily" && daily.opening.agency == "police")
    day.quietUntil("+2 13:15")
    try day.at("+2 13:15", sends: "coordinator", .attention)
    try day.restart(at: "+2 13:20")
    day.quietUntil("+3 13:15")
    try day.at("+3 13:15", sends: "coordinator", .attention)
    // It was held, and nobody says what came of it.
    day.does(.hold(heldAt: nil, form: nil, decision: nil), at: "+3 15:00")
    day.quietUntil("+4 15:00")
    let undecided = try day.at("+4 15:00", sends: "coordinator", .attention)
    #expect(undecided.opening.step == "daily" && undecided.opening.agency == "police")
    day.quietUntil("+5 15:00")
    try day.at("+5 15:00", sends: "coordinator", .attention)
    day.does(.decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1")), at: "+5 16:00")
    day.quietUntil("+9 15:00")
  }

  /// All have contributed, it was held, and nobody records what was decided.
  @Test func theCoordinatorHearsDailyThatNoDecisionIsRecorded() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police", "health"])
    func needs() -> [String] { day.docket.live(Live(since: day.now), at: day.now).attention.map { "\($0.why)" } }
    try day.at("08:00", sends: "police")
    try day.at("08:00", sends: "health")
    day.does(.contribute("health", .writtenBefore, byRole: "nurse", via: .phone, at: nil), at: "08:30")
    day.does(.decline("police", .b13, byRole: "sergeant", at: nil), at: "08:31")
    for route in ["police-lead", "convener"] as [RouteName] { try day.at("08:31", sends: route, .answered) }
    // Its time is over, and whether it was held nobody says either.
    day.quietUntil("+1 14:00")
    let first = try day.at("+1 14:00", sends: "coordinator", .attention)
    // It stands with one that can still be told of what changes.
    #expect(first.opening.step == "undecided" && first.opening.agency == "health")
    #expect(needs() == ["undecided", "declined"])
    day.quietUntil("+2 14:00")
    try day.at("+2 14:00", sends: "coordinator", .attention)
    day.does(.hold(heldAt: nil, form: nil, decision: nil), at: "+2 15:00")
    #expect(needs() == [])
    try day.restart(at: "+2 15:10")
    day.quietUntil("+3 15:00")
    try day.at("+3 15:00", sends: "coordinator", .attention)
    #expect(needs() == ["undecided"])
    day.does(.decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1")), at: "+3 16:00")
    #expect(needs() == [])
    day.quietUntil("+9 15:00")
  }

  /// Somebody is waited for again: that all have answered is told nobody any more, and is true again once they have.
  @Test func whoIsWaitedForAgainTakesTheWordBack() throws {
    let given = Command.contribute("police", .writtenBefore, byRole: "officer", via: .phone, at: nil)
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.does(given, at: "08:30")
    #expect(try day.at("+1 14:00", sends: "coordinator", .attention, answering: 503).opening.step == "undecided")
    try day.strikes("contributionRecorded")
    let reminders = try #require(day.state?.reminders)
    #expect(!reminders.contains { $0.step == "undecided" && !$0.isSettled })
    #expect(day.state?.positions.flatMap(\.rungs).contains { $0.step == "undecided" } == false)
    day.does(given, at: "+1 16:00")
    #expect(try day.at("+2 14:00", sends: "coordinator", .attention).opening.step == "undecided")
  }

  /// Whom a new time asks anew has not been silent about it.
  @Test func aNewTimeTakesTheWordOfTheDayBack() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police")
    #expect(try day.at("+1 08:00", sends: "coordinator", .attention, answering: 503).opening.step == "daily")
    day.does(.reschedule(meetingAt: Scenario.moment("+2 10:00"), reason: "room"), at: "+1 08:00:01")
    for route in ["police", "coordinator"] as [RouteName] {
      try day.within("+1 08:00:00", "+1 08:00:02", sends: route, .rescheduled)
    }
    day.quietUntil("+2 08:00:01")
    #expect(try day.within("+2 08:00:01", "+2 08:00:02", sends: "coordinator", .attention).opening.step == "daily")
  }

  /// What is to be held again is not undecided.
  @Test func aNewTimeTakesTheWordBack() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.does(.contribute("police", .writtenBefore, byRole: "officer", via: .phone, at: nil), at: "08:30")
    #expect(try day.at("+1 14:00", sends: "coordinator", .attention, answering: 503).opening.step == "undecided")
    day.does(.reschedule(meetingAt: Scenario.moment("+2 10:00"), reason: "room"), at: "+1 14:00:01")
    #expect(day.state?.positions.flatMap(\.rungs).contains { $0.step == "undecided" } == false)
    for route in ["police", "coordinator"] as [RouteName] {
      try day.within("+1 14:00:00", "+1 14:00:02", sends: route, .rescheduled)
    }
    day.quietUntil("+3 10:00")
    #expect(try day.at("+3 10:00", sends: "coordinator", .attention).opening.step == "undecided")
  }

  /// Nobody coordinates: it is written down each day, and no turn runs in circles.
  @Test func whereNobodyCoordinatesEachDayIsRecorded() throws {
    let town = Scenario.town()
    let empty = Arrangements(
      agencies: town.agencies, coordinator: [], teams: town.teams, routes: town.routes, ring: town.ring,
      source: town.source, calendar: town.calendar)
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce, in: empty)
    try day.at("08:00", sends: "police")
    day.quietUntil("+3 12:00")
    let skipped = day.turns.joined().filter { entry in
      if case .placeSkipped(_, .coordinator, "daily", .noHolder, _) = entry.event { true } else { false }
    }
    #expect(skipped.map(\.at) == ["+1 08:00", "+2 08:00", "+3 08:00"].map(Scenario.moment))
  }

  @Test func whoCannotBeToldOfTheDecisionIsToldOfToTheCoordinator() throws {
    let decision = Command.decide(Decision(outcome: .nfa, byRole: "chair", reason: "B14"))
    var day = Scenario(
      starts: "08:00", meeting: "09:00", steps: Scenario.atOnce, absent: [.contact, .lead],
      in: Scenario.town(contact: { _ in [] }))
    day.pass(to: "09:10")
    day.does(decision, at: "09:30")
    let told = try day.at("09:30", sends: "police-lead", .concluded, answering: 410)
    #expect(told.opening.step == "absent")
    let untold = try day.at("09:30", sends: "coordinator", .attention)
    #expect(untold.opening.step == "untold" && untold.opening.agency == "police")
    day.quietUntil("+3 12:00")
  }

  /// Who was told of a decision that was taken back does not hear of it again, and hears of the next.
  @Test func aDecisionThatWasTakenBackIsNotToldAgain() throws {
    let decision = Command.decide(Decision(outcome: .nfa, byRole: "chair", reason: "B14"))
    var day = Scenario(
      starts: "08:00", meeting: "09:00", steps: Scenario.atOnce, absent: [.contact, .lead],
      in: Scenario.town(contact: { _ in [] }))
    day.does(decision, at: "09:30")
    let told = try day.at("09:30", sends: "police-lead", .concluded, answering: 410)
    let untold = try day.at("09:30", sends: "coordinator", .attention)
    day.pass(to: "09:40")
    try day.strikes("decided")
    for sent in [told, untold] {
      day.request(.resend(sent.send.delivery.reminder), admitted: .init(body: sent.send.delivery.body))
      #expect(day.replies.last == .refused(.moot))
    }
    day.does(decision, at: "10:00")
    #expect(
      try day.at("10:00", sends: "coordinator", .attention).opening.step == "untold", "the lead's route has stopped")
    day.quietUntil("+3 12:00")
  }

  /// It was tried for a day, and nobody took it in.
  @Test func aWordThatNobodyTakesInIsToldToo() throws {
    var day = Scenario(starts: "08:00", meeting: "09:00", steps: Scenario.atOnce, absent: [.contact])
    try day.at("08:00", sends: "police")
    day.does(.decide(Decision(outcome: .nfa, byRole: "chair", reason: "B14")), at: "09:30")
    var told: Scenario.Sent?
    while told == nil, let next = day.docket.attention, next < Scenario.moment("+2 00:00") {
      day.run(until: next)
      for sent in day.unseen {
        if sent.send.delivery.route == "coordinator" { told = sent } else { day.answerUnseen(sent, 503) }
      }
    }
    #expect(told?.opening.step == "untold")
  }

  @Test func aConvenersRouteThatStopsIsToldToTheCoordinatorOnce() throws {
    var day = Scenario(
      starts: "08:00", meeting: "14:00",
      steps: Scenario.atOnce + [
        Step(name: "deputy", when: .unanswered(.hours(1)), to: [.deputy], tellsConvener: true),
        Step(name: "lead", when: .unanswered(.hours(2)), to: [.lead], tellsConvener: true),
        Step(name: "ring", when: .unanswered(.hours(3)), to: [.coordinator], tellsConvener: true),
      ])
    try day.at("08:00", sends: "police")
    try day.at("09:00", sends: "police-deputy")
    try day.at("09:00", sends: "convener", answering: 410)
    #expect(try day.at("09:00", sends: "coordinator", .attention).opening.step == "stopped")
    try day.at("10:00", sends: "police-lead")
    try day.at("11:00", sends: "coordinator")
    day.quietUntil("+1 10:00")
  }
}
