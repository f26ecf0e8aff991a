// Who is asked when: each test is a day, read from top to bottom. CONTRACT.md 2.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct LadderTimelines {
  /// After a downtime the newest step goes out. It tells the coordinator alone: the lead, whom the last step before it asks, is
  /// asked all the same.
  @Test func aWordToTheCoordinatorStandsForNoAsking() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    try day.restart(at: "11:30")
    try day.at("11:30", sends: "police-lead", .reminder)
    try day.at("11:30", sends: "coordinator", .attention)
    day.quietUntil("13:14:59")
  }

  @Test func theLadderIsClimbedRungByRung() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    let asked = try day.at("08:00", sends: "police", .invitation)
    day.quietUntil("09:00")
    let deputy = try day.at("09:00", sends: "police-deputy", .reminder)
    #expect(deputy.opening.escalates == asked.send.delivery.reminder)
    day.quietUntil("10:00")
    let lead = try day.at("10:00", sends: "police-lead", .reminder)
    #expect(lead.opening.escalates == deputy.send.delivery.reminder)
    try day.at("11:00", sends: "coordinator", .attention)
    day.quietUntil("13:15")
    let before = try day.at("13:15", sends: "police", .reminder)
    #expect(before.opening.sequence == 5)
    #expect(before.opening.escalates == nil)
    day.quietUntil("+1 08:00")
  }

  @Test func anAcknowledgementPausesForAtMostAThirdOfWhatIsLeft() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", holds: .hours(12))
    try day.at("08:00", sends: "police")
    day.does(.acknowledge("police", byRole: "officer", via: .phone, at: nil), at: "08:30")
    // Five and a half hours are left: the pause is 1 h 50 min. What fell due in it is one message, to the places of both steps.
    day.quietUntil("10:20")
    try day.at("10:20", sends: "police-deputy")
    try day.at("10:20", sends: "police-lead")
    try day.at("11:00", sends: "coordinator")
    try day.at("13:15", sends: "police")
    day.quietUntil("+1 08:00")
  }

  @Test func aContributionSilencesInTheSameTurn() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police", answering: 503)
    day.quietUntil("08:00:05")
    // The retry is due at the very moment of the contribution: commands come first.
    day.skip(to: day.docket.attention!)
    day.does(.contribute("police", .phoneLive, byRole: "officer", via: .phone, at: nil))
    day.quietUntil("+1 08:00")
  }

  @Test func aDeclineStopsEverythingToItsAgencyAlone() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police", "health"])
    try day.at("08:00", sends: "police")
    try day.at("08:00", sends: "health")
    day.does(.decline("police", .b10, byRole: "officer", at: nil), at: "08:30")
    try day.at("08:30", sends: "police-lead", .answered)
    try day.at("08:30", sends: "convener", .answered)
    day.quietUntil("09:00")
    try day.at("09:00", sends: "health-deputy")
    day.quietUntil("10:00")
  }

  @Test func whoDeclinedAndComesAfterAllIsRemindedOfWhatIsLeft() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.does(.decline("police", .b10, byRole: "officer", at: nil), at: "08:10")
    try day.at("08:10", sends: "police-lead", .answered)
    try day.at("08:10", sends: "convener", .answered)
    #expect(day.state?.position("police")?.rungs == [])
    day.does(.acknowledge("police", byRole: "officer", via: .phone, at: nil), at: "08:20")
    #expect(day.state?.position("police")?.declined == nil)
    // The pause of an hour ends at 09:20.
    day.quietUntil("09:20")
    try day.at("09:20", sends: "police-deputy")
    try day.at("10:00", sends: "police-lead")
  }

  @Test func stepsBeforeTheMeetingEscalateToo() throws {
    var day = Scenario(
      starts: "08:00", meeting: "14:00",
      steps: Scenario.atOnce + [Step(name: "lead", when: .before(.hours(1)), to: [.lead, .contact])])
    let asked = try day.at("08:00", sends: "police")
    let lead = try day.at("13:00", sends: "police-lead")
    #expect(lead.opening.escalates == asked.send.delivery.reminder)
    // The contact is asked again: that is no escalation.
    #expect(try day.at("13:00", sends: "police").opening.escalates == nil)
  }

  @Test func aNewTimeIsToldAndTheLadderBeginsAnew() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    let first = try day.at("08:00", sends: "police", answering: 204)
    let old = try day.at("09:00", sends: "police-deputy", answering: nil)
    day.does(.reschedule(meetingAt: Scenario.moment("18:00"), reason: "room"), at: "09:00:01")
    // Everybody who was asked hears of it.
    let told = try day.at("09:00:01", sends: "police", .rescheduled)
    #expect(told.opening.supersedes == [first.send.delivery.reminder])
    let deputyTold = try day.at("09:00:01", sends: "police-deputy", .rescheduled)
    #expect(deputyTold.opening.supersedes == [old.send.delivery.reminder])
    // The old message fails now: it speaks of the old time, and is not tried again.
    day.answer(old, 503)
    day.quietUntil("10:00:01")
    try day.at("10:00:01", sends: "police-deputy", .reminder)
    try day.at("11:00:01", sends: "police-lead", .reminder)
    try day.at("12:00:01", sends: "coordinator", .attention)
    day.quietUntil("17:15")
    try day.at("17:15", sends: "police", .reminder)
    day.quietUntil("+1 08:00")
  }

  @Test func whoWasAskedHearsThatItIsCancelled() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    try day.at("09:00", sends: "police-deputy")
    day.does(.cancel(reason: "no longer needed"), at: "09:30")
    try day.at("09:30", sends: "police", .cancelled, answering: 503)
    try day.at("09:30", sends: "police-deputy", .cancelled)
    // The notice is tried again, also by a process that has to read it from the journal.
    try day.restart(at: "09:30:01")
    try day.within("09:30:05", "09:30:06", sends: "police", .cancelled)
    day.quietUntil("+1 12:00")
    #expect(day.state == nil)
  }

  @Test func aCancelledNoticeSurvivesACrashBeforeItIsSent() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", limits: oneSlot)
    try day.at("08:00", sends: "police", answering: nil)
    day.does(.cancel(reason: "no longer needed"), at: "08:00:10")
    day.quietUntil("08:00:20")
    try day.restart(at: "08:00:20")
    try day.at("08:00:20", sends: "police", .cancelled)
    day.quietUntil("+1 12:00")
  }

  @Test func anEmptyPlaceIsPassedAtOnce() throws {
    var day = Scenario(
      starts: "08:00", meeting: "14:00", in: Scenario.town(contact: { $0 == "police" ? [] : nil }))
    try day.at("08:00", sends: "police-deputy", .invitation)
    try day.at("10:00", sends: "police-lead")
    try day.at("11:00", sends: "coordinator")
    day.quietUntil("+1 08:00")
  }

  @Test func noEarlyStepIsBurntWhereNobodyIsThere() throws {
    // Nobody but the coordinator by night; the contact comes at half past eight.
    let office = OpenHours(
      days: Set(Weekday.allCases), from: .minutes(510), until: .hours(17), openOnBankHolidays: true)
    var day = Scenario(
      starts: "06:00", meeting: "14:00",
      steps: [
        Step(name: "ask", when: .once, to: [.contact]),
        Step(name: "deputy", when: .unanswered(.hours(1)), to: [.deputy]),
        Step(name: "join", when: .before(.hours(2)), to: [.contact, .coordinator]),
      ],
      in: Scenario.town(
        contact: { _ in [Holding(hours: office, route: "police")] }, deputy: { _ in [] }))
    try day.at("06:00", sends: "coordinator", .attention)
    day.quietUntil("12:00")
    try day.at("12:00", sends: "police", .invitation)
    try day.at("12:00", sends: "coordinator", .attention)
    day.quietUntil("+1 08:00")
  }

  @Test(arguments: [("2026-11-24", "night"), ("2026-12-24", "police")])
  func theHolderIsLookedUpByHoursAndBankHolidays(holiday: String, holder: String) throws {
    let office = OpenHours(
      days: [.tuesday], from: .minutes(510), until: .hours(17), openOnBankHolidays: false)
    var day = Scenario(
      starts: "07:00", meeting: "14:00", steps: [Scenario.ladder[0], Scenario.ladder[4]],
      in: Scenario.town(
        contact: { _ in [Holding(hours: office, route: "police"), Holding(hours: nil, route: "night")] },
        holidays: [CivilDate(holiday)!]))
    try day.at("07:00", sends: "night")
    // Whoever comes on duty at half past eight is told what is open.
    if holder == "police" { try day.at("08:30", sends: "police", .handover) }
    day.quietUntil("13:15")
    try day.at("13:15", sends: RouteName(holder)!)
  }

  @Test func afterDowntimeOneMessageSaysHowLateItIs() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    try day.restart(at: "10:30")
    let lead = try day.at("10:30", sends: "police-lead")
    #expect(lead.send.delivery.body.contains("\"late_by_s\":1800"))
    try day.at("11:00", sends: "coordinator")
    day.quietUntil("13:15")
  }

  @Test func whatIsCirculatedClosesAfterThreeWorkingDays() throws {
    var day = Scenario(
      starts: "08:00", meeting: "08:30", agencies: [], in: Scenario.town(holidays: [CivilDate("2026-11-26")!]))
    day.does(
      .hold(heldAt: nil, form: nil, decision: Decision(outcome: .nfa, byRole: "chair", reason: "R1")), at: "09:00")
    day.does(.circulate(to: ["police"], at: nil), at: "10:00")
    // Wednesday 25, Friday 27 (Thursday is a holiday), Monday 30: its end is Tuesday's midnight.
    #expect(day.docket.attention == Instant("2026-12-01T00:00:00Z"))
    day.run(until: Instant("2026-11-30T23:59:59Z")!)
    #expect(day.state?.phase == .circulated)
    day.run(until: Instant("2026-12-01T00:00:00Z")!)
    #expect(day.state == nil)
    #expect(day.docket.attention == nil)
  }

  @Test func otherBankHolidaysMoveTheClosing() throws {
    var day = Scenario(starts: "08:00", meeting: "08:30", agencies: [])
    day.does(
      .hold(heldAt: nil, form: nil, decision: Decision(outcome: .nfa, byRole: "chair", reason: "R1")), at: "09:00")
    day.does(.circulate(to: ["police"], at: nil), at: "10:00")
    #expect(day.state?.closesAt == Instant("2026-11-28T00:00:00Z"))
    day.adopts(Scenario.town(holidays: [CivilDate("2026-11-26")!]))
    #expect(day.state?.closesAt == Instant("2026-12-01T00:00:00Z"))
    #expect(day.docket.attention == Instant("2026-12-01T00:00:00Z"))
  }

  private var oneSlot: Limits {
    var limits = Limits()
    limits.perEndpoint = 1
    return limits
  }
}
