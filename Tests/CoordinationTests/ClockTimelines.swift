// The clock is set, or the machine slept. TRAPS, Time 1: after more than two minutes forward reminders go, and escalations
// wait two minutes, in which those may answer whom nobody gave the time that the clock shows.
import Convening
import Coordination
import Testing

@Suite struct ClockTimelines {
  @Test func afterAStepForwardRemindersGoAndEscalationsWait() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police", .invitation)
    day.quietUntil("08:10")
    // The deputy's hour and the lead's second one are over by this clock; the reminder before the meeting is due.
    day.clockIsSet(to: "13:20")
    try day.at("13:20", sends: "police", .reminder)
    day.quietUntil("13:22")
    // All were due: the newest step tells the coordinator, and the newest that asks the agency stands beside it.
    try day.at("13:22", sends: "police-lead", .reminder)
    try day.at("13:22", sends: "coordinator", .attention)
    day.quietUntil("+1 08:00")
  }

  @Test func whoAnswersInThoseTwoMinutesIsNotEscalated() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.clockIsSet(to: "10:30")
    day.does(.contribute("police", .phoneLive, byRole: "officer", via: .phone, at: nil), at: "10:31")
    day.quietUntil("+1 08:00")
  }

  @Test func aStepOfTwoMinutesChangesNothing() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.quietUntil("08:58:30")
    day.clockIsSet(to: "09:00:29")
    try day.at("09:00:29", sends: "police-deputy")
  }

  @Test func anEscalationThatWouldBeTooLateDoesNotWait() throws {
    let steps = [
      Step(name: "ask", when: .once, to: [.contact]), Step(name: "deputy", when: .unanswered(.hours(1)), to: [.deputy]),
    ]
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: steps)
    try day.at("08:00", sends: "police")
    day.clockIsSet(to: "13:59")
    try day.at("13:59", sends: "police-deputy")
    day.quietUntil("+1 08:00")
  }

  @Test func aClockThatIsSetBackAgainHoldsNothingUp() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.clockIsSet(to: "11:30")
    day.clockIsSet(to: "09:10")
    try day.at("09:10", sends: "police-deputy")
    day.quietUntil("10:00")
    try day.at("10:00", sends: "police-lead")
  }

  /// Whatever the clock shows: a minute of true time, and one more after a step.
  @Test(arguments: ["11:00", "12:40"]) func whatIsUnderWayIsLostAMinuteAfterTheStep(clock: String) throws {
    var day = Scenario(starts: "12:00", meeting: "18:00", steps: Scenario.atOnce)
    let sent = try day.at("12:00", sends: "police", answering: nil)
    day.clockIsSet(to: clock)
    day.quietUntil("\(clock):59")
    let minute = clock == "11:00" ? "11:01" : "12:41"
    let again = try day.within(minute, "\(minute):10", sends: "police")
    #expect(again.send.delivery.reminder == sent.send.delivery.reminder && again.send.delivery.attempt == 2)
  }

  @Test func aRestartKnowsThatEscalationsWait() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.clockIsSet(to: "09:30")
    try day.restart(at: "09:31")
    day.quietUntil("09:32")
    try day.at("09:32", sends: "police-deputy")
  }

  // wall and monotonic milliseconds since the last look, and the step that is seen
  @Test(
    arguments: [
      (10_000, 10_000, nil), (10_020, 10_000, nil), (12_000, 10_000, nil), (8_000, 10_000, nil),
      (12_001, 10_000, 2_001), (7_999, 10_000, -2_001), (3_600_000, 0, 3_600_000), (-3_600_000, 10_000, -3_610_000),
    ] as [(Int64, Int64, Int64?)])
  func aStepIsWhatTheClocksDoNotShare(wall: Int64, uptime: Int64, step: Int64?) {
    let start = Scenario.moment("08:00")
    var watch = ClockWatch(wall: start, uptime: .hours(5))
    let after = start + Elapsed(milliseconds: wall)
    let later = Elapsed.hours(5) + Elapsed(milliseconds: uptime)
    #expect(watch.look(wall: after, uptime: later)?.milliseconds == step)
    // It is seen once.
    #expect(watch.look(wall: after + .seconds(1), uptime: later + .seconds(1)) == nil)
  }

  @Test func driftIsNoStepHoweverLong() {
    let start = Scenario.moment("08:00")
    var watch = ClockWatch(wall: start, uptime: .zero)
    for tick in 1...10_000 as ClosedRange<Int64> {
      let step = watch.look(
        wall: start + .seconds(10 * tick) + Elapsed(milliseconds: 5 * tick), uptime: .seconds(10 * tick))
      #expect(step == nil)
    }
  }
}
