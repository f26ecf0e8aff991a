// A discussion that follows another: what it may follow, from which of the two the conference counts, and what of the report is
// counted by the first of a sequence alone. The days are those of DOMAIN.md 1.5.
import Testing

@testable import Convening

@Suite struct SequenceTests {
  private static func policy(_ reading: ConferenceReading) -> Policy {
    Policy(
      id: "p", from: CivilDate("2026-01-01")!, required: ["csc"], counting: [.video], decisionRecorded: .minutes(15),
      closeAfter: .workingDays(20), reasonWithoutAll: false, standard: Example.ladder,
      clocks: [.c5: [.workingDays(15)]], conferenceFrom: reading)
  }

  private static func convened(_ id: String, after earlier: [Discussion] = [], _ policy: Policy, at now: Instant)
    throws(Refusal) -> Discussion
  {
    var convene = Example.convene(meetingAt: now, agencies: ["csc"])
    convene.follows = earlier.first?.id
    var circumstances = Example.known(policy, Example.calendar)
    circumstances.earlier = earlier
    let events = try decide(convene: convene, firstBody: Fingerprint(high: 0, low: 0), now: now, circumstances)
    return folded(id, nil, events, at: now)
  }

  private static func folded(_ id: String, _ discussion: Discussion?, _ events: [Event], at now: Instant) -> Discussion
  {
    events.reduce(discussion) { discussion, event in
      evolve(
        discussion,
        Entry(
          stream: .discussion(DiscussionID(id)!), revision: (discussion?.revision ?? 0) + 1, at: now, actor: nil,
          mark: nil, event: event))
    }!
  }

  /// Convened, held and decided at ten on that day.
  private static func decided(
    _ id: String, _ day: String, _ outcome: Outcome, after earlier: [Discussion] = [], _ policy: Policy
  ) throws -> Discussion {
    let now = Instant("\(day)T10:00:00Z")!
    let discussion = try convened(id, after: earlier, policy, at: now)
    var circumstances = Example.known(policy, Example.calendar)
    circumstances.earlier = earlier
    let command = Command.hold(heldAt: nil, form: nil, decision: Decision(outcome: outcome, byRole: "chair"))
    return folded(id, discussion, try discussion.decide(command, now: now, policy: policy, circumstances), at: now)
  }

  private static func due(_ discussion: Discussion) -> String? {
    discussion.clocks.last { $0.id == .c5 }.map {
      "\(Example.calendar.zone.wall($0.due - Elapsed(milliseconds: 1)).date)"
    }
  }

  /// The first and the second discussion, what the second decides, and the last day for the conference by either reading.
  @Test(
    arguments: [
      ("2026-12-11", "2026-12-26", Outcome.s47Joint, "2027-01-06", "2027-01-19"),
      ("2026-12-11", "2026-12-26", .assessmentContinuesS17, nil, "2027-01-19"),
      ("2026-03-26", "2026-03-26", .s47SingleCSC, "2026-04-20", "2026-04-20"),
      ("2026-12-26", "2027-12-17", .s47Joint, "2027-01-19", "2028-01-12"),
    ] as [(String, String, Outcome, String?, String?)])
  func theConferenceCountsFromTheOneOrTheOther(
    first: String, second: String, outcome: Outcome, initiating: String?, last: String?
  ) throws {
    for (reading, expected) in [(ConferenceReading.initiating, initiating), (.last, last)] {
      let policy = Self.policy(reading)
      let earlier = try Self.decided("7Q2F-M9KD", first, .s47Joint, policy)
      let later = try Self.decided("8R3G-N0ME", second, outcome, after: [earlier], policy)
      #expect(Self.due(later) == expected, "\(reading)")
      if let clock = later.clocks.last(where: { $0.id == .c5 }) {
        let words = reading == .last ? "the last discussion" : "the initiating discussion"
        #expect(later.rule(of: clock, under: policy) == "15 working days from \(words)")
      }
    }
  }

  /// What began before the last conference is over: the next enquiry counts from itself.
  @Test func aConferenceEndsWhatItCountedFrom() throws {
    let policy = Self.policy(.initiating)
    var earlier = try Self.decided("7Q2F-M9KD", "2026-12-11", .s47Joint, policy)
    let now = Instant("2026-12-22T10:00:00Z")!
    let events = try earlier.decide(
      .conference(heldAt: nil), now: now, policy: policy, Example.known(policy, Example.calendar))
    earlier = Self.folded("7Q2F-M9KD", earlier, events, at: now)
    let later = try Self.decided("8R3G-N0ME", "2026-12-26", .s47Joint, after: [earlier], policy)
    #expect(Self.due(later) == "2027-01-19")
  }

  @Test func whatItMayFollow() throws {
    let policy = Self.policy(.last)
    var convene = Example.convene()
    convene.follows = DiscussionID("8R3G-N0ME")
    #expect(throws: Refusal.followsUnknown) {
      try decide(
        convene: convene, firstBody: Fingerprint(high: 0, low: 0), now: Example.now,
        Example.known(policy, Example.calendar))
    }
    let earlier = try Self.convened("8R3G-N0ME", policy, at: Example.now)
    let events = try earlier.decide(
      .cancel(reason: "no need"), now: Example.now, policy: policy, Example.known(policy, Example.calendar))
    let cancelled = Self.folded("8R3G-N0ME", earlier, events, at: Example.now)
    #expect(throws: Refusal.followsCancelled) {
      try Self.convened("7Q2F-M9KD", after: [cancelled], policy, at: Example.now)
    }
  }

  @Test func sharesCountTheFirstOfASequence() throws {
    let policy = Self.policy(.initiating)
    let earlier = try Self.decided("7Q2F-M9KD", "2026-12-11", .s47Joint, policy)
    let later = try Self.decided("8R3G-N0ME", "2026-12-15", .nfa, after: [earlier], policy)
    let rows = [earlier, later].compactMap { $0.rows(under: policy).decided }
    #expect(rows.map(\.continues) == [false, true])
    let facts = TallyFacts(isFixed: false, isInTime: true, isNewPolicy: true)
    let scale = TallyScale(
      now: Instant("2027-02-01T00:00:00Z")!, zone: Example.calendar.zone,
      days: DayCount(Example.calendar, from: CivilDate("2026-01-01")!, to: CivilDate("2027-12-31")!))
    var tally = Tally(agencies: 1)
    for row in rows { tally.count(row, at: [0], [], facts, scale) }
    #expect((tally.all.n, tally.latency.n) == (1, 2))
    #expect(tally.all.agencies[0].required == 1)
  }
}
