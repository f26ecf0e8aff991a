// What moves the clocks that run: another table of bank holidays, other working hours, another edition of the policy. What
// has stopped stays as it was. Tuesday 24 November 2026, by the limits of `ClockTests`.
import Testing

@testable import Convening

@Suite struct ClockMoveTests {
  private static let policy = ClockTests.policy
  private let held = Command.hold(heldAt: Example.at("14:05"), form: nil, decision: nil)

  /// 25 November, by proclamation.
  private static let proclaimed = WorkingCalendar(
    zone: Example.calendar.zone,
    holidays: BankHolidays(days: Example.calendar.holidays.days.union([CivilDate("2026-11-25")!])),
    working: Example.calendar.working)

  /// The table of somebody who has not fetched another since 2026.
  private static let old = WorkingCalendar(
    zone: Example.calendar.zone,
    holidays: BankHolidays(days: Example.calendar.holidays.days.filter { $0.year <= 2026 }),
    working: Example.calendar.working)

  /// C2, C6 and the second level of a disagreement run; C1 and its first level have stopped.
  private func running() throws -> Course {
    var course = try Course(Example.convene(need: Example.at("08:30")), under: Self.policy)
    try course.goes(
      [
        ("09:00", .startClock(.c1, at: Example.now)), ("09:00", .startClock(.c6, at: Example.now)),
        ("09:00", .startClock(.c11, at: Example.now)), ("09:30", .startClock(.c11, at: Example.at("09:30"))),
        ("09:30", .stopClock(.c1, at: Example.at("09:30"))),
      ])
    return course
  }

  private func moved(_ id: ClockID, _ due: String, provisional: Bool = false) -> Event {
    .clockMoved(id, due: Instant(due)!, provisional: provisional)
  }

  @Test func anotherTableMovesThoseThatRunAndNoOther() throws {
    var course = try running()
    let before = course.discussion.clocks
    #expect(course.discussion.clocksMoved(under: Self.policy, in: Example.calendar) == [])
    let events = course.discussion.clocksMoved(under: Self.policy, in: Self.proclaimed)
    #expect(
      events == [
        moved(.c2, "2026-11-27T00:00:00Z"), moved(.c6, "2027-02-02T00:00:00Z"), moved(.c11, "2026-12-03T00:00:00Z"),
      ])
    course.happen(events, at: Example.at("10:00"))
    #expect(course.discussion.clocksMoved(under: Self.policy, in: Self.proclaimed) == [])
    for (was, now) in zip(before, course.discussion.clocks) {
      #expect((was.due == now.due) == (was.stopped != nil), "\(was.id) \(was.level)")
      #expect(was.started == now.started && was.stopped == now.stopped)
    }
    // The holiday was a mistake: all stand where they stood.
    course.happen(course.discussion.clocksMoved(under: Self.policy, in: Example.calendar), at: Example.at("11:00"))
    #expect(course.discussion.clocks == before)
  }

  @Test func aTableThatEndsSoonerMakesThemProvisionalAndAFullerOneFinal() throws {
    let course = try running()
    #expect(
      course.discussion.clocksMoved(under: Self.policy, in: Self.old) == [
        moved(.c6, "2027-01-29T00:00:00Z", provisional: true)
      ])
    // Nothing lies between the two tables but the promise that no holiday is missing.
    let start = Instant("2027-01-04T10:00:00Z")!
    var late = try Course(
      Example.convene(meetingAt: start + .hours(5)), at: start, under: Self.policy, in: Self.old)
    try late.does(.startClock(.c1, at: start), at: start)
    #expect(late.discussion.clocks.map(\.provisional) == [true])
    let events = late.discussion.clocksMoved(under: Self.policy, in: Example.calendar)
    #expect(events == [moved(.c1, "2027-01-06T00:00:00Z")])
    late.happen(events, at: start)
    #expect(late.discussion.clocks.map(\.provisional) == [false])
  }

  /// From half past five, when the office is shut.
  @Test(
    arguments: [
      (
        OpenHours(days: Set(Weekday.allCases), from: .hours(8), until: .hours(20), openOnBankHolidays: true),
        "2026-11-25T09:30:00Z"
      ),
      // None any more: in hours of the day.
      (nil, "2026-11-24T21:30:00Z"),
    ] as [(OpenHours?, String)])
  func otherWorkingHoursMoveWhatIsCountedInThem(working: OpenHours?, due: String) throws {
    let policy = Example.policy(clocks: [.c1: [.workingHours(.hours(4))], .c6: [.elapsed(.hours(4))]])
    let start = Example.at("17:30")
    var told = try Course(under: policy)
    try told.goes([("17:30", .startClock(.c1, at: start)), ("17:30", .startClock(.c6, at: start))])
    #expect(told.discussion.clocks.first?.due == Instant("2026-11-25T12:30:00Z"))
    let other = WorkingCalendar(zone: Example.calendar.zone, holidays: Example.calendar.holidays, working: working)
    // Nobody says any more which hours those are: provisional.
    #expect(
      told.discussion.clocksMoved(under: policy, in: other) == [
        .clockMoved(.c1, due: Instant(due)!, provisional: working == nil)
      ])
  }

  /// Two working days for C2, three for a second level, nothing for C6: that stays as it is, and has no rule.
  private static let edition = Example.policy(
    ladder: Example.ladder.with(heldWithin: .workingDays(2)),
    clocks: [.c1: [.workingDays(9)], .c11: [.workingDays(9), .workingDays(3)]])

  @Test func anotherEditionMovesThemToo() throws {
    let course = try running()
    let expected = [moved(.c2, "2026-11-27T00:00:00Z"), moved(.c11, "2026-11-28T00:00:00Z")]
    #expect(course.discussion.clocksMoved(under: Self.edition, in: Example.calendar) == expected)
    let assessment = try #require(course.discussion.clocks.first { $0.id == .c6 })
    #expect(course.discussion.rule(of: assessment, under: Self.edition) == nil)
    let ref = PolicyRef(id: "p", edition: 2)
    let replanned = course.discussion.replan(under: Self.edition, ref, in: Example.calendar, now: Example.at("10:00"))
    #expect(Array(replanned.prefix(3)) == [Event.policyPinned(ref)] + expected)
  }

  @Test func whatIsCirculatedMovesItsClosingFirst() throws {
    let decision = Decision(
      outcome: .s47Joint, decidedAt: Example.at("14:30"), byRole: "chair", reason: "R1")
    var circulated = try Course(under: Self.policy)
    try circulated.goes([
      ("14:10", held), ("14:40", .decide(decision)), ("16:00", .circulate(to: ["police"], at: nil)),
    ])
    #expect(
      circulated.discussion.moved(under: Self.policy, in: Self.proclaimed) == [
        .closingMoved(to: Instant("2026-11-27T00:00:00Z")!), moved(.c5, "2026-12-17T00:00:00Z"),
        moved(.followUp, "2026-12-03T00:00:00Z"),
      ])
    #expect(circulated.discussion.moved(under: Self.policy, in: Example.calendar) == [])
  }

  /// The referral that it was about goes on.
  @Test func whatIsCancelledIsLateWithNothingOfItsOwn() throws {
    var cancelled = try running()
    try cancelled.does(.cancel(reason: "no longer needed"), at: Example.at("10:00"))
    #expect(cancelled.discussion.clocks.map(\.id) == [.c1, .c6, .c11, .c11])
    #expect(cancelled.discussion.clocks.filter { $0.stopped == nil }.map(\.id) == [.c6, .c11])
    try cancelled.does(.stopClock(.c6, at: Example.at("10:30")), at: Example.at("10:30"))
    #expect(cancelled.discussion.clocks[1].stopped == Example.at("10:30"))
    var met = try Course(Example.convene(need: Example.at("08:30")), under: Self.policy)
    try met.goes([("14:10", held), ("14:20", .cancel(reason: "convened twice"))])
    #expect(met.discussion.clocks.map(\.id) == [.c2])
  }
}
