// What was held before it was entered: what may be entered and what not, under which policy, what starts with it, and which
// reasons are proposed. Tuesday 24 November 2026, nine o'clock.
import Testing

@testable import Convening

@Suite struct LateEntryTests {
  private static let friday = Example.at("11-20 16:00")

  private func outcome(_ convene: Convene, _ policy: Policy = Example.policy()) -> String {
    do throws(Refusal) {
      let events = try decide(
        convene: convene, firstBody: Fingerprint(high: 0, low: 0), now: Example.now,
        Example.known(policy, Example.calendar))
      return events.map(\.word).joined(separator: " ")
    } catch {
      return "\(error.code) \(error.pointer ?? "")"
    }
  }

  private func late(
    _ meeting: MeetingWish = .asSoonAsTheyAnswer, held: Instant, _ urgency: Urgency = .standard, need: Instant? = nil,
    agencies: [AgencyID]? = nil
  ) -> Convene {
    Convene(
      meeting: meeting, form: .phone, urgency: urgency, needIdentifiedAt: need, agencies: agencies, team: "duty",
      convenedBy: "team manager", heldAt: held)
  }

  @Test func nobodyIsAskedOfWhatWasHeld() {
    let now = Example.now
    let table: [(String, Convene, String)] = [
      ("last Friday, as it was appointed", late(.at(Self.friday), held: Self.friday), "convened held"),
      ("without an appointment", late(held: Self.friday), "convened held"),
      ("this minute", late(.at(now), held: now), "convened held"),
      ("by a clock that runs five minutes ahead", late(held: now + .minutes(5)), "convened held"),
      ("by one that runs six", late(held: now + .minutes(6)), "in-the-future /held_at"),
      ("two years ago", late(held: now - .days(732)), "convened held"),
      ("longer ago", late(held: now - .days(732) - .seconds(1)), "too-long-before /held_at"),
      ("appointed longer ago", late(.at(now - .days(733)), held: now), "too-long-before /meeting_at"),
      ("before the time that it was to come", late(.at(now + .days(1)), held: now), "convened held"),
      ("urgent, under a policy without a ladder for it", late(held: now, .urgent), "convened held"),
      ("past, and not said to be held", Example.convene(meetingAt: Self.friday), "meeting-past /meeting_at"),
      ("with somebody whom nobody knows", late(held: now, agencies: ["nobody"]), "unknown-agency /agencies/0"),
    ]
    for (why, convene, expected) in table { #expect(outcome(convene) == expected, "\(why)") }
  }

  @Test func itsClocksCountFromWhenItHappened() throws {
    let policy = Example.policy(
      ladder: Example.ladder.with(heldWithin: .workingDays(1)), urgent: Example.urgent,
      clocks: [.c10: [.workingDays(5)], .c4: [.workingDays(1)]])
    let need = Self.friday - .hours(2)
    #expect(outcome(late(held: Self.friday, need: need), policy) == "convened clock held")
    var course = try Course(late(held: Self.friday, .urgent, need: need), under: policy)
    #expect(course.discussion.clocks.map(\.started) == [Self.friday])
    try course.does(
      .decide(Decision(outcome: .nfa, decidedAt: Self.friday + .minutes(30), byRole: "chair", reason: "R1")),
      at: Example.now)
    let record = try #require(course.discussion.clocks.first { $0.id == .c3 })
    #expect(record.margin.map { $0 < .zero } == true, "it was recorded days after it was decided")
    #expect(course.discussion.rows(under: policy).discussion.timing == .lateEntry)
  }

  @Test func itIsUnderThePolicyOfTheDayOnWhichItWasHeld() throws {
    func policy(_ id: PolicyID, from: String) -> Policy {
      Policy(
        id: id, from: CivilDate(from)!, required: ["csc"], counting: [.inPerson], decisionRecorded: .minutes(15),
        closeAfter: .workingDays(1), reasonWithoutAll: true, standard: Example.ladder)
    }
    var policies = Policies()
    policies.adopt(policy("old", from: "2026-01-01"), as: PolicyRef(id: "old", edition: 1))
    policies.adopt(policy("new", from: "2026-11-21"), as: PolicyRef(id: "new", edition: 1))
    let known = Circumstances(policies: policies, offered: ["old", "new"], arrangements: Example.arrangements)
    for (held, expected) in [("11-20 16:00", "old"), ("11-21 00:00", "new")] {
      let events = try decide(
        convene: late(held: Example.at(held)), firstBody: Fingerprint(high: 0, low: 0), now: Example.now, known)
      #expect(Example.fold(events)?.policy.id.text == expected)
    }
    let before = try decide(
      convene: late(held: Example.now - .days(400)), firstBody: Fingerprint(high: 0, low: 0), now: Example.now, known)
    #expect(Example.fold(before)?.policy.id == "new", "before any policy: today's")
  }

  /// Nothing that convened never sent says why somebody was absent; what was told does.
  @Test func reasonsComeFromWhatWasToldAlone() throws {
    var course = try Course(late(held: Self.friday, agencies: ["csc", "police"]), under: Example.policy())
    try course.does(
      .decline("police", .b10, byRole: "sergeant", at: Self.friday - .hours(1)), at: Example.now)
    let events = try course.does(
      .decide(Decision(outcome: .nfa, decidedAt: Self.friday + .hours(1), byRole: "chair", reason: "R1")),
      at: Example.now)
    let proposed = events.compactMap { event -> String? in
      if case .barrierProposed(let agency, let code, _) = event { "\(agency) \(code.rawValue)" } else { nil }
    }
    // Health was left out by whoever entered it.
    #expect(proposed == ["police B10", "health B01"])
    #expect(course.discussion.barrierOf("csc") == nil)
  }

  /// With its own times, as far back as a week before it was held.
  @Test func whatHappenedInItIsRecordedWithItsOwnTimes() throws {
    let policy = Example.policy()
    var course = try Course(late(held: Self.friday), under: policy)
    for agency in policy.required {
      try course.does(
        .contribute(agency, .phoneLive, byRole: "officer", via: .phone, at: Self.friday), at: Example.now)
    }
    #expect(throws: Refusal.tooLongBefore(field: "at")) {
      try course.does(
        .contribute("csc", .phoneLive, byRole: "officer", via: .phone, at: Self.friday - .days(8)), at: Example.now)
    }
    try course.does(
      .decide(Decision(outcome: .nfa, decidedAt: Self.friday + .minutes(20), byRole: "chair")), at: Example.now)
    #expect(course.discussion.quorum(under: policy).quorate)
    try course.does(.circulate(to: ["police"], at: Self.friday + .hours(3)), at: Example.now)
    #expect(course.discussion.phase == .circulated)
    #expect(course.discussion.positions.allSatisfy { $0.rungs.isEmpty && $0.messages == 0 })
  }
}

extension Discussion {
  fileprivate func barrierOf(_ agency: AgencyID) -> BarrierCode? { position(agency)?.barrier?.code }
}
