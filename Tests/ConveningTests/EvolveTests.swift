// What an entry makes of a discussion: silences in the same append, attempts that end once, nothing for what is unknown.
import Testing

@testable import Convening

@Suite struct EvolveTests {
  private let id = ReminderID("msg_01M841YWAWN6CNCHVPJ07F3MHC")!
  private let now = Example.now

  private func asked(_ message: Message = .invitation) throws -> Discussion {
    let opening = Opening(
      agency: "police", place: .contact, step: "ask", message: message, sequence: 1, due: now,
      stopAfter: Example.meeting,
      margin: .minutes(10), supersedes: [], escalates: nil, body: "body")
    return try #require(
      Example.fold(
        [.attemptBegan(id, attempt: 1, route: "police", opening: opening)], onto: try Example.scheduled()))
  }

  private static let contribution = Event.contributionRecorded(
    "police", .video, byRole: "officer", via: .api, occurred: Example.now)
  private static let ends: [Event] = [
    contribution, .declined("police", .b10, byRole: "officer", occurred: Example.now),
    .rescheduled(meetingAt: Example.meeting, reason: "room"), .held(occurred: Example.now, form: .meeting),
    .decided(Decision(outcome: .nfa, decidedAt: Example.now, byRole: "chair"), missing: []),
    .cancelled(reason: "no longer needed"), .closed(byPolicy: false),
  ]
  private static let refused = Answer(verdict: .retry, status: 503, tookMilliseconds: 1)

  @Test(arguments: ends) func whatMakesAReminderMootSilencesOneThatWaits(event: Event) throws {
    let waiting = Event.attemptEnded(id, attempt: 1, Self.refused, next: now + .seconds(5))
    let discussion = try #require(Example.fold([waiting, event], onto: try asked()))
    #expect(discussion.reminders[0].state == .silenced(now))
    #expect(discussion.position("police")?.rungs == [])
  }

  @Test(arguments: ends) func andOneThatIsUnderWayIsNotTriedAgain(event: Event) throws {
    let overtaken = try #require(Example.fold([event], onto: try asked()))
    #expect(overtaken.reminders[0].state == .inFlight(since: now))
    #expect(overtaken.reminders[0].isOvertaken)
    let failed = try #require(
      Example.fold([.attemptEnded(id, attempt: 1, Self.refused, next: nil)], onto: overtaken))
    #expect(failed.reminders[0].state == .silenced(now))
    let accepted = Answer(verdict: .accepted, status: 204, tookMilliseconds: 1)
    let arrived = try #require(Example.fold([.attemptEnded(id, attempt: 1, accepted, next: nil)], onto: overtaken))
    #expect(arrived.reminders[0].state == .accepted(now))
    #expect(arrived.reminders[0].body == nil)
  }

  @Test func anAnswerOfOneAgencySilencesNoOther() throws {
    let discussion = try #require(
      Example.fold(
        [.contributionRecorded("csc", .video, byRole: "officer", via: .api, occurred: now)], onto: try asked()))
    #expect(!discussion.reminders[0].isOvertaken)
    #expect(discussion.position("police")?.rungs.isEmpty == false)
    #expect(discussion.position("csc")?.rungs.isEmpty == true)
  }

  @Test func anOlderAcknowledgementDoesNotShortenThePause() throws {
    let discussion = try #require(
      Example.fold(
        [
          .acknowledged("police", byRole: "officer", via: .phone, occurred: now, by: nil),
          .acknowledged("police", byRole: "officer", via: .phone, occurred: now - .hours(1), by: nil),
        ], onto: try asked()))
    #expect(discussion.position("police")?.acknowledged == now)
  }

  @Test func entriesOfOtherStreamsAndOfUnknownDiscussionsChangeNothing() throws {
    let discussion = try asked()
    let daemon = Entry(stream: .daemon, revision: 1, at: now, actor: nil, mark: nil, event: .stopping)
    #expect(evolve(discussion, daemon) == discussion)
    #expect(Example.fold([Self.contribution]) == nil)
    let unknown = ReminderID(high: 1, low: 1)
    let same = try #require(Example.fold([.reminderExpired(unknown)], onto: discussion))
    #expect(same.reminders == discussion.reminders)
  }

  @Test func aFinishedDiscussionHasNothingMoreToSay() throws {
    let cancelled = try #require(Example.fold([.cancelled(reason: "x")], onto: try asked()))
    #expect(!cancelled.isFinished)
    let ended = try #require(
      Example.fold([.attemptEnded(id, attempt: 1, Self.refused, next: nil)], onto: cancelled))
    #expect(ended.isFinished)
    #expect(ended.next() == Next())
  }
}
