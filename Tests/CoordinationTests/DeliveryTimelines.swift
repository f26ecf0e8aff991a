// How a message gets there, or does not: retries, Retry-After, routes that stop, crashes, slots. CONTRACT.md 1, DESIGN.md 4.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct DeliveryTimelines {
  @Test func anUnansweredReminderIsTriedAgain() throws {
    var day = Scenario(starts: "11:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("11:00", sends: "police", answering: 503)
    try day.within("11:00:05", "11:00:06", sends: "police", answering: 204)  // 5 s and up to 20 % jitter
    day.quietUntil("14:00")
  }

  @Test func theRetryLadderEndsWithOneLastAttempt() throws {
    var day = Scenario(starts: "11:00", meeting: "14:00", steps: Scenario.atOnce)
    let first = try day.at("11:00", sends: "police", answering: 503)
    try day.within("11:00:05", "11:00:06", sends: "police", answering: 502)
    try day.within("11:00:35", "11:00:42", sends: "police", answering: 500)
    try day.within("11:02:35", "11:03:06", sends: "police", answering: 429)
    try day.within("11:07:35", "11:09:06", sends: "police", answering: 408)
    try day.within("11:22:35", "11:27:06", sends: "police", answering: 425)
    try day.within("11:52:35", "12:03:06", sends: "police", answering: 504)
    try day.within("12:52:35", "13:15:06", sends: "police", answering: 0)
    // The next slot would be past the margin of ten minutes: the last attempt stands there.
    let last = try day.at("13:50", sends: "police", answering: 503)
    #expect(last.send.delivery.attempt == 9)
    #expect(last.send.delivery.reminder == first.send.delivery.reminder)
    #expect(last.send.delivery.body == first.send.delivery.body)
    day.quietUntil("+1 11:00")
    #expect(day.state?.reminders.map(\.isSettled) == [true])
  }

  @Test func retryAfterIsBelievedUpToAnHour() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police", answering: 503, retryAfter: "08:20")
    try day.at("08:20", sends: "police", answering: 503, retryAfter: "12:00")
    try day.at("09:20", sends: "police", answering: 204)
    day.quietUntil("14:00")
  }

  @Test func theLastAttemptIsMadeOnceWhateverRetryAfterSays() throws {
    var day = Scenario(starts: "11:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("11:00", sends: "police", answering: 404)
    try day.within("11:05", "11:06", sends: "police", answering: 404)
    try day.within("12:05", "12:18", sends: "police", answering: 404)
    try day.at("13:50", sends: "police", answering: 503, retryAfter: "13:55")
    day.quietUntil("+1 11:00")
  }

  @Test func aRouteThatIsGoneIsPassedAndTheCoordinatorHears() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    let gone = try day.at("08:00", sends: "police", .invitation, answering: 410)
    try day.at("08:00", sends: "coordinator", .attention)
    let deputy = try day.at("08:00", sends: "police-deputy")
    // What went unanswered, not the word to the coordinator about it.
    #expect(deputy.opening.escalates == gone.send.delivery.reminder)
    #expect(day.docket.stopped == ["police"])
    try day.at("10:00", sends: "police-lead")
    try day.at("11:00", sends: "coordinator", .attention)
    // The contact's route is stopped: the step before the meeting finds nobody.
    day.quietUntil("+1 08:00")
  }

  @Test func aLaterStepToAPlaceThatIsGoneWaitsForThoseWhoStandIn() throws {
    let chase = Step(name: "chase", when: .unanswered(.minutes(30)), to: [.contact])
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.ladder + [chase])
    try day.at("08:00", sends: "police", answering: 410)
    try day.at("08:00", sends: "coordinator")
    try day.at("08:00", sends: "police-deputy")
    // 08:30, the contact's second step: the deputy was asked in the contact's place, the lead has their own time.
    day.quietUntil("10:00")
    try day.at("10:00", sends: "police-lead")
  }

  @Test func aRetryToARouteThatStoppedMeanwhileAsksTheNextPlace() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police", answering: 503)
    let other = DiscussionID("AAAA-AAAA")!
    day.convene(other, "14:00", ["police"])
    try day.at("08:00", sends: "police", answering: 410)
    try day.at("08:00", sends: "coordinator")
    try day.at("08:00", sends: "police-deputy")
    // The first discussion's retry is due now: its route has stopped.
    try day.within("08:00:05", "08:00:06", sends: "coordinator", .attention)
    try day.within("08:00:05", "08:00:06", sends: "police-deputy")
  }

  @Test func aTestMessageThatMeets410StopsTheRoute() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police")
    day.request(.ping("health", route: nil))
    try day.at("08:00", sends: "health", .ping, answering: 410)
    #expect(day.docket.stopped == ["health"])
    day.request(.enable("health", "health"))
    #expect(day.docket.stopped == [])
  }

  @Test func aTestMessageWithoutAnOutcomeIsLostAfterAMinute() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police")
    day.request(.ping("health", route: nil))
    let ping = try day.at("08:00", sends: "health", .ping, answering: nil)
    day.pass(to: "08:00:59")
    #expect(day.docket.live(Live(since: day.now), at: day.now).inFlight == 1)
    day.pass(to: "08:01")
    #expect(day.docket.live(Live(since: day.now), at: day.now).inFlight == 0)
    // A late answer changes nothing.
    let lines = day.journal.lines.count
    day.answer(ping, 204)
    #expect(day.journal.lines.count == lines)
  }

  @Test func enablingARouteForgetsNoAttemptThatIsUnderWay() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police"], steps: Scenario.atOnce)
    let first = try day.at("08:00", sends: "police", answering: nil)
    day.request(.ping("police", route: nil))
    try day.at("08:00", sends: "police", .ping, answering: 410)
    day.request(.enable("police", "police"))
    day.answer(first, 204)
    #expect(day.docket.live(Live(since: day.now), at: day.now).inFlight == 0)
  }

  @Test func enablingARouteThatStandsIsRecordedAndChangesNothing() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police"], steps: Scenario.atOnce)
    try day.at("08:00", sends: "police", answering: 503)
    func health() -> Live.Health? { day.docket.live(Live(since: day.now), at: day.now).endpoints["police"]?.health }
    #expect(health() == .failing)
    let key = Fingerprint(high: 1, low: 1)
    let mark = IdempotencyMark(key: key, body: Fingerprint(high: 2, low: 2))
    day.request(.enable("police", "police"), mark: mark)
    #expect(day.replies.last == .enabled("police", replayed: false))
    #expect(health() == .failing)
    try day.restart(at: "08:00:02")
    #expect(health() == .failing)
    day.request(.enable("police", "police"), mark: mark)
    #expect(day.replies.last == .enabled("police", replayed: true))
    day.request(.enable("police", "police-lead"), mark: IdempotencyMark(key: key, body: Fingerprint(high: 3, low: 3)))
    #expect(day.replies.last == .refused(.keyReused))
  }

  @Test func aKeyedTestMessageIsSentOnce() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police")
    let mark = IdempotencyMark(key: Fingerprint(high: 1, low: 1), body: Fingerprint(high: 2, low: 2))
    day.request(.ping("health", route: nil), mark: mark)
    try day.at("08:00", sends: "health", .ping)
    guard case .pinged(let id, "health", replayed: false)? = day.replies.last else {
      return #expect(Bool(false), "\(String(describing: day.replies.last))")
    }
    try day.restart(at: "08:10")
    day.request(.ping("health", route: nil), mark: mark)
    #expect(day.replies.last == .pinged(id, "health", replayed: true))
    day.quietUntil("08:20")
    day.request(
      .ping("police", route: nil), mark: IdempotencyMark(key: mark.key, body: Fingerprint(high: 3, low: 3)))
    #expect(day.replies.last == .refused(.keyReused))
  }

  @Test func anAttemptWithoutAnOutcomeIsLostAfterAMinute() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    let lost = try day.at("08:00", sends: "police", answering: nil)
    day.quietUntil("08:01:05")
    let again = try day.within("08:01:05", "08:01:06", sends: "police", answering: nil)
    #expect(again.send.delivery.reminder == lost.send.delivery.reminder)
    // The first answer comes after all: that attempt has ended.
    day.answer(lost, 204)
    #expect(day.state?.reminders.first?.isSettled == false)
    day.answer(again, 204)
    #expect(day.state?.reminders.first?.isSettled == true)
    day.quietUntil("14:00")
  }

  @Test func afterACrashTheSameIdIsTriedAgainAtTheNextSlot() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    let first = try day.at("08:00", sends: "police", answering: nil)
    try day.restart(at: "08:00:02")
    let second = try day.within("08:00:07", "08:00:08", sends: "police", answering: nil)
    #expect(second.send.delivery.reminder == first.send.delivery.reminder)
    #expect(second.send.delivery.body == first.send.delivery.body)
    #expect(second.send.delivery.attempt == 2)
    // A crash loop does not hammer: the next slot is 30 s away.
    try day.restart(at: "08:00:09")
    try day.within("08:00:39", "08:00:45", sends: "police")
    day.quietUntil("14:00")
  }

  @Test func anEndpointBearsEightAtOnce() throws {
    var day = crowd(20)
    #expect(day.unseen.count == 8)
    let first = day.unseen[0]
    day.answer(first, 204)
    #expect(day.unseen.count == 9)
    // A burst of failures halves what it bears: 8, 4, 2, 1.
    for sent in day.unseen.dropFirst().prefix(3) { day.answer(sent, 429) }
    #expect(day.unseen.count == 9)
    for sent in day.unseen.dropFirst(4).prefix(4) { day.answer(sent, 500) }
    #expect(day.unseen.count == 9)
    // One is under way and one is what it bears. Its success lets two go.
    day.answer(day.unseen[8], 204)
    #expect(day.unseen.count == 11)
  }

  @Test func afterATimeoutOneAtATimeUntilOneIsAccepted() throws {
    var day = crowd(20)
    for sent in day.unseen.prefix(8) { day.answer(sent, 0) }
    #expect(day.unseen.count == 9)
    day.answer(day.unseen[8], 204)
    #expect(day.unseen.count == 17)
  }

  @Test func whoWaitsLongestForASlotGoesFirst() throws {
    var day = crowd(12)
    let waiting = day.docket.discussions.values.filter { $0.reminders.isEmpty }.map(\.convenedAt).min()
    #expect(waiting != nil)
    day.answer(day.unseen[0], 204)
    #expect(day.unseen.count == 9)
    #expect(day.docket.discussions.values.filter { $0.reminders.isEmpty }.count == 4)
  }

  /// So many discussions at one moment, all for one endpoint.
  private func crowd(_ count: Int) -> Scenario {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: [], steps: Scenario.atOnce)
    for number in 0..<count { day.convene(DiscussionID(bits: UInt64(number + 1)), "14:00", ["police"]) }
    return day
  }
}
