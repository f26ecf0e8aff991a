// Reminders of standard discussions held back for a while: it ends by itself, loses nothing, and never touches what is urgent.
import Convening
import Coordination
import Testing

@Suite struct PauseTimelines {
  private static let reason = "the receiver is moved"

  private func pause(_ day: inout Scenario, until moment: String) {
    day.request(.pause(until: Scenario.moment(moment), reason: PauseTimelines.reason))
  }

  @Test func whatFallsDueMeanwhileGoesOutWhenItEndsByItself() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.pass(to: "08:50")
    pause(&day, until: "09:40")
    #expect(day.replies.last == .paused(until: Scenario.moment("09:40"), replayed: false))
    // The deputy would be asked at 09:00.
    day.quietUntil("09:39:59")
    let late = try day.at("09:40", sends: "police-deputy")
    #expect(late.send.delivery.body.contains(#""late_by_s":2400"#))
    #expect(day.turns.joined().contains { $0.event == .resumed(byItself: true) && $0.at == Scenario.moment("09:40") })
    try day.at("10:00", sends: "police-lead")
  }

  @Test func ofTwoStepsThatFellDueTheNewerGoesOut() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.pass(to: "08:59")
    pause(&day, until: "09:30")
    day.pass(to: "09:29")
    pause(&day, until: "10:20")
    day.quietUntil("10:19:59")
    try day.at("10:20", sends: "police-lead")
  }

  /// Convened while it lasts, and it lasts over two steps: the point of contact is asked with the lead.
  @Test func aFirstInvitationIsNotPassedOver() throws {
    let steps = [
      Step(name: "ask", when: .once, to: [.contact]),
      Step(name: "deputy", when: .unanswered(.minutes(20)), to: [.deputy]),
      Step(name: "lead", when: .unanswered(.minutes(40)), to: [.lead]),
    ]
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: steps)
    try day.at("08:00", sends: "police")
    day.does(.contribute("police", .phoneLive, byRole: "DS", via: .phone, at: nil))
    pause(&day, until: "09:00")
    day.convene(DiscussionID("ABCD-EFGH")!, "14:00", ["health"])
    day.quietUntil("08:59:59")
    try day.at("09:00", sends: "health", .invitation)
    try day.at("09:00", sends: "health-lead")
    day.quietUntil("13:00")
  }

  /// Our pause, and not its receiver, is why it has taken nothing in: it is tried again before anybody else is asked.
  @Test func whatItHeldBackIsNotTakenForUndelivered() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", undelivered: .minutes(15))
    try day.at("08:00", sends: "police", answering: 503)
    pause(&day, until: "08:30")
    day.quietUntil("08:29:59")
    try day.at("08:30", sends: "police", answering: 204)
    day.quietUntil("08:59:59")
    try day.at("09:00", sends: "police-deputy")
  }

  @Test func aRetryWaitsToo() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police", answering: 503)
    pause(&day, until: "08:30")
    day.quietUntil("08:29:59")
    try day.at("08:30", sends: "police")
  }

  @Test func somebodyEndsItEarlier() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police", answering: 503)
    pause(&day, until: "08:30")
    day.pass(to: "08:10")
    day.request(.resume)
    #expect(day.replies.last == .resumed(replayed: false))
    try day.at("08:10", sends: "police")
    day.quietUntil("08:40")
  }

  @Test func urgentDiscussionsGoOn() throws {
    var day = Scenario(starts: "08:00", meeting: "16:00", urgent: Scenario.ladder)
    try day.at("08:00", sends: "police")
    pause(&day, until: "08:55")
    day.pass(to: "08:55")
    pause(&day, until: "09:50")
    try day.at("09:00", sends: "police-deputy")
  }

  @Test func answersAreRecordedWhileItLasts() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.pass(to: "08:50")
    pause(&day, until: "09:40")
    day.does(.contribute("police", .phoneLive, byRole: "DS", via: .phone, at: nil))
    day.quietUntil("14:00")
  }

  @Test(arguments: ["07:59", "08:00", "09:00:01", "+1 08:00"])
  func itEndsWithinTheHour(until: String) throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police")
    pause(&day, until: until)
    #expect(day.replies.last == .refused(.pauseOutOfRange))
  }

  @Test func aRestartKnowsOfIt() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.pass(to: "08:50")
    pause(&day, until: "09:40")
    try day.restart(at: "09:10")
    day.quietUntil("09:39:59")
    try day.at("09:40", sends: "police-deputy")
  }

  /// A restart after its end records that it ended, and sends.
  @Test func itEndsWhileNobodyRuns() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.pass(to: "08:50")
    pause(&day, until: "09:40")
    try day.restart(at: "09:50")
    try day.at("09:50", sends: "police-deputy")
  }

  /// Set back by an hour, the clock would hold it for two.
  @Test func aClockThatIsSetBackDoesNotMakeItLonger() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police", answering: 503)
    pause(&day, until: "08:50")
    day.pass(to: "08:40")
    day.clockIsSet(to: "07:40")
    #expect(day.turns.joined().contains { $0.event == .resumed(byItself: true) })
    // The retry's moment by the clock that was.
    try day.within("08:00:05", "08:00:06", sends: "police")
  }

  @Test func itShowsAndThePlanKnowsIt() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.pass(to: "08:50")
    pause(&day, until: "09:40")
    let live = day.docket.live(Live(since: day.now), at: day.now)
    #expect(live.pause == Pause(until: Scenario.moment("09:40")))
    let discussion = try #require(day.docket.discussions[day.discussion])
    let plan = Plan.future(
      of: discussion, policies: live.policies, arrangements: Scenario.town(), stopped: [], pause: live.pause,
      from: day.now)
    #expect(plan.first?.at == Scenario.moment("09:40") && plan.first?.route == "police-deputy")
  }
}
