// Ladders as tables: which rungs, when, for which notice; and what is planned anew when a policy or a meeting changes.
import Testing

@testable import Convening

@Suite struct LadderTests {
  private static let now = Example.now

  /// "step minutes-from-now", in order.
  private func words(_ rungs: [Rung]) -> [String] {
    rungs.map { "\($0.step) \(($0.due - Self.now).milliseconds / 60_000)" }
  }

  @Test(
    arguments: [
      (Elapsed.days(3), ["ask 0", "deputy 60", "lead 120", "day 2880", "soon 4275"]),
      (.hours(24), ["ask 0", "day 0", "deputy 60", "lead 120", "soon 1395"]),
      (.hours(5), ["ask 0", "day 0", "deputy 60", "lead 120", "soon 255"]),
      (.minutes(90), ["ask 0", "day 0", "soon 45", "deputy 60"]),
      (.minutes(45), ["ask 0", "soon 0"]),
      (.minutes(1), ["ask 0", "soon 0"]),
      (.zero, ["ask 0"]),
      (.zero - .minutes(5), ["ask 0"]),
    ] as [(Elapsed, [String])]) func theNoticeShapesTheLadder(ahead: Elapsed, expected: [String])
  {
    let meeting = Self.now + ahead
    let rungs = Example.ladder.rungsAnew(
      meetingAt: meeting, ends: meeting + .hours(1), firstAsked: nil, told: [], in: Example.calendar, now: Self.now)
    #expect(words(rungs) == expected)
    let lasts = meeting <= Self.now ? meeting + .hours(1) : meeting
    #expect(rungs.allSatisfy { $0.stopAfter == lasts })
  }

  @Test func aShortNoticeLosesNobodysPlace() {
    let rungs = Example.ladder.rungsAnew(
      meetingAt: Self.now + .minutes(30), ends: Self.now + .hours(1), firstAsked: nil, told: [], in: Example.calendar,
      now: Self.now)
    // Both steps before the meeting have passed, and there is no time for the deputy's and the lead's own.
    #expect(rungs.last?.places == [.contact, .deputy, .lead])
    let day = Example.ladder.rungsAnew(
      meetingAt: Self.now + .hours(5), ends: Self.now + .hours(6), firstAsked: nil, told: [], in: Example.calendar,
      now: Self.now)
    #expect(day.first { $0.step == "day" }?.places == [.contact, .deputy])
    // It begins now: everybody, at once, while it lasts; and no shorter than a clock may differ.
    for (ended, lasts) in [(Elapsed.hours(1), Elapsed.hours(1)), (.zero - .minutes(2), .minutes(5))] {
      let begun = Example.ladder.rungsAnew(
        meetingAt: Self.now, ends: Self.now + ended, firstAsked: nil, told: [], in: Example.calendar, now: Self.now)
      #expect(begun.map(\.places) == [[.contact, .deputy, .lead]])
      #expect(begun.map(\.stopAfter) == [Self.now + lasts])
    }
  }

  /// Invite, the deputy after two hours, lead and coordinator after three: nothing counts back from the meeting.
  @Test(
    arguments: [
      // minutes to the meeting, already asked, told, the rungs, the places of "ring"
      (90, false, [], ["ask 0", "ring 60"], [.deputy, .lead, .coordinator]),
      (150, false, [], ["ask 0", "ring 100", "deputy 120"], [.lead, .coordinator]),
      (180, false, [], ["ask 0", "deputy 120", "ring 120"], [.deputy, .lead, .coordinator]),
      (240, false, [], ["ask 0", "deputy 120", "ring 180"], [.lead, .coordinator]),
      (90, true, [.contact, .deputy], ["ring 60"], [.lead, .coordinator]),
      (90, true, [.contact, .deputy, .lead, .coordinator], [], []),
      (0, false, [], ["ask 0"], []),
    ] as [(Int64, Bool, [Place], [String], [Place])])
  func aLadderThatCountsFromTheAskingAloneLosesNobodyEither(
    minutes: Int64, isAsked: Bool, told: [Place], expected: [String], places: [Place]
  ) {
    let ladder = Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(10),
      steps: [
        Step(name: "ask", when: .once, to: [.contact]),
        Step(name: "deputy", when: .unanswered(.hours(2)), to: [.deputy]),
        Step(name: "ring", when: .unanswered(.hours(3)), to: [.lead, .coordinator]),
      ])
    let rungs = ladder.rungsAnew(
      meetingAt: Self.now + .minutes(minutes), ends: Self.now + .hours(9), firstAsked: isAsked ? Self.now : nil,
      told: told, in: Example.calendar, now: Self.now)
    #expect(words(rungs) == expected)
    #expect(rungs.filter { $0.step == "ring" }.flatMap(\.places) == places)
  }

  /// Chase after ten minutes, the lead after twenty, ring after thirty: a third of the time is left after the last of them.
  @Test(
    arguments: [
      // minutes to the meeting, already asked, when the three are due, in seconds
      (50, false, [600, 1200, 1800]), (45, false, [600, 1200, 1800]), (30, false, [400, 800, 1200]),
      (15, true, [200, 400, 600]), (3, false, [40, 80, 120]), (1, false, [13, 26, 40]),
    ] as [(Int64, Bool, [Int64])])
  func anUrgentLaddersWaitsShrinkToFit(minutes: Int64, isAsked: Bool, expected: [Int64]) {
    let rungs = Example.urgent.rungsAnew(
      meetingAt: Self.now + .minutes(minutes), ends: Self.now + .hours(2), firstAsked: isAsked ? Self.now : nil,
      told: isAsked ? [.contact] : [], in: Example.calendar, now: Self.now)
    #expect(rungs.map(\.step) == (isAsked ? ["chase", "lead", "ring"] : ["ask", "chase", "lead", "ring"]))
    #expect(rungs.filter(\.ifUnanswered).map { ($0.due - Self.now).wholeSeconds } == expected)
  }

  /// However short the notice: every place is asked on its own step, in order, and before the meeting.
  @Test func noNoticeIsTooShortForAnUrgentLadder() {
    for seconds in [1, 2, 5, 10, 59, 60, 61, 600, 1799, 2699, 2701, 86_400, 315_360_000] as [Int64] {
      let meeting = Self.now + .seconds(seconds)
      let rungs = Example.urgent.rungsAnew(
        meetingAt: meeting, ends: meeting, firstAsked: nil, told: [], in: Example.calendar, now: Self.now)
      #expect(rungs.map(\.step) == ["ask", "chase", "lead", "ring"], "\(seconds) s")
      #expect(rungs.allSatisfy { $0.due < meeting && $0.stopAfter == meeting })
      #expect(zip(rungs, rungs.dropFirst()).allSatisfy { $0.due < $1.due })
    }
  }

  @Test func aPolicyWithoutAnUrgentLadderLeavesWhatIsUrgentOnTheStandardOne() {
    #expect(Example.policy(urgent: nil).ladder(for: .urgent) == Example.ladder)
    #expect(Example.policy(urgent: Example.urgent).ladder(for: .urgent) == Example.urgent)
    #expect(Example.policy(urgent: Example.urgent).ladder(for: .standard) == Example.ladder)
  }

  @Test func climbedStepsAreNotPlannedAgainAndWaitsCountFromTheFirstAsking() {
    let rungs = Example.ladder.rungs(
      meetingAt: Self.now + .hours(5), firstAsked: Self.now - .minutes(90), climbed: ["ask", "deputy"],
      in: Example.calendar, now: Self.now)
    #expect(words(rungs) == ["lead 30", "soon 255"])
    // One that was due already is due now.
    let late = Example.ladder.rungs(
      meetingAt: Self.now + .hours(5), firstAsked: Self.now - .hours(9), climbed: ["ask"], in: Example.calendar,
      now: Self.now)
    #expect(words(late) == ["deputy 0", "lead 0", "soon 255"])
  }

  @Test(
    arguments: [
      // now, hours to the meeting, the pause in minutes
      (Elapsed.hours(6), 60), (.hours(3), 60), (.minutes(90), 30), (.zero, 0), (.zero - .hours(1), 0),
    ] as [(Elapsed, Int64)]) func aPauseIsAtMostAThird(left: Elapsed, minutes: Int64)
  {
    #expect(Example.ladder.pauseEnds(after: Self.now, meetingAt: Self.now + left) == Self.now + .minutes(minutes))
  }

  @Test func anotherEditionKeepsThePauseTheNoticesAndWhatIsHalfClimbed() throws {
    var discussion = try Example.scheduled()
    discussion.positions[0].acknowledged = Self.now
    discussion.positions[0].firstAsked = Self.now
    discussion.positions[0].climbed = ["ask", "soon"]
    let half = Rung(
      step: "soon", message: .reminder, ifUnanswered: false, due: Self.now, places: [.lead], stopAfter: Example.meeting)
    let word = Rung(
      step: "stopped", message: .attention, ifUnanswered: false, due: Self.now, places: [.coordinator],
      stopAfter: Example.meeting)
    discussion.positions[0].rungs = [word, half]
    let quick = Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(10),
      steps: [
        Step(name: "ask", when: .once, to: [.contact]),
        Step(name: "deputy", when: .unanswered(.minutes(5)), to: [.deputy]),
      ])
    let events = discussion.replan(
      under: Example.policy(ladder: quick), PolicyRef(id: "p", edition: 2), in: Example.arrangements.calendar,
      now: Self.now)
    guard case .ladderPlanned("csc", .policyAdopted, let rungs) = events[1] else {
      Issue.record("\(events)")
      return
    }
    #expect(words(rungs) == ["stopped 0", "soon 0", "deputy 60"])
  }

  /// Steps "soon" before the meeting, minutes from now; what is left of the plan under the new edition.
  @Test(
    arguments: [
      // hours to the meeting, old lead, new step (nil: none) and lead (minutes), the rungs then
      ("it was due this moment", 1, 60, "soon", 60, ["soon 0"]),
      ("it was due while the daemon was down", 1, 90, "soon", 90, ["soon -30"]),
      ("it was due, and would be later now", 1, 90, "soon", 30, ["soon -30", "soon 30"]),
      ("it was due, and the new ladder has none", 1, 90, nil, 0, ["soon -30"]),
      ("it was to come, and its new moment has passed", 1, 30, "soon", 120, ["soon 0"]),
      ("it was to come, and has passed under a new name", 1, 30, "early", 120, ["early 0"]),
      ("it stays to come, and another has passed", 1, 30, "soon", 30, ["soon 30"]),
      ("it was to come, and the new ladder has none", 1, 30, nil, 0, []),
      ("the meeting has passed meanwhile", -1, 30, "soon", 30, ["soon -90"]),
    ] as [(String, Int64, Int64, StepName?, Int64, [String])])
  func noEditionTakesEffectBySilence(
    why: String, hours: Int64, oldLead: Int64, step: StepName?, newLead: Int64, expected: [String]
  ) {
    let meeting = Self.now + .hours(hours)
    var position = Position(agency: "police", invited: true)
    (position.firstAsked, position.askedSince) = (Self.now - .hours(9), Self.now - .hours(9))
    position.climbed = ["ask"]
    position.asked = [.init(place: .contact, route: "desk")]
    position.rungs = [
      Rung(
        step: "soon", message: .reminder, ifUnanswered: false, due: meeting - .minutes(oldLead), places: [.contact],
        stopAfter: meeting)
    ]
    let ladder = Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(10),
      steps: [
        Step(name: "ask", when: .once, to: [.contact])
      ] + (step.map { [Step(name: $0, when: .before(.minutes(newLead)), to: [.contact, .deputy])] } ?? []))
    #expect(
      words(position.rungs(under: ladder, meetingAt: meeting, in: Example.calendar, now: Self.now)) == expected,
      "\(why)")
  }

  /// Twelve minutes ahead, waits that shrank to fit, and an edition whose waits do not: lead and coordinator stay asked.
  @Test func anEditionThatNoLongerFitsLosesNobody() {
    let meeting = Self.now + .minutes(12)
    var position = Position(agency: "police", invited: true)
    (position.firstAsked, position.askedSince, position.climbed) = (Self.now, Self.now, ["ask"])
    position.asked = [.init(place: .contact, route: "desk")]
    position.rungs = Example.urgent.rungs(
      meetingAt: meeting, firstAsked: Self.now, climbed: ["ask"], in: Example.calendar, now: Self.now)
    let ladder = Ladder(
      acknowledgementHolds: .minutes(15), lastAttemptMargin: .minutes(1), squeezes: false, steps: Example.urgent.steps)
    let left = position.rungs(under: ladder, meetingAt: meeting, in: Example.calendar, now: Self.now + .minutes(1))
    #expect(words(left) == ["lead 5", "ring 8", "chase 10"])
  }

  /// Two steps that the edition moves into the past are one message, the newest, to the places of both.
  @Test(
    arguments: [("asked already", Elapsed.hours(9), ["ask"], []), ("never asked", nil, [], [Place.lead])]
      as [(String, Elapsed?, [StepName], [Place])])
  func whatAnEditionMovesIntoThePastIsOneMessage(
    why: String, askedBefore: Elapsed?, climbed: [StepName], more: [Place]
  ) {
    let meeting = Self.now + .hours(1)
    var position = Position(agency: "police", invited: true)
    position.askedSince = askedBefore.map { Self.now - $0 }
    position.firstAsked = position.askedSince
    position.climbed = climbed
    position.rungs = [
      Rung(
        step: "soon", message: .reminder, ifUnanswered: false, due: meeting - .minutes(30), places: [.contact],
        stopAfter: meeting)
    ]
    let ladder = Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(10),
      steps: [
        Step(name: "ask", when: .once, to: more),
        Step(name: "late", when: .before(.minutes(70)), to: [.contact]),
        Step(name: "early", when: .before(.minutes(120)), to: [.deputy]),
      ])
    let due = position.rungs(under: ladder, meetingAt: meeting, in: Example.calendar, now: Self.now).filter {
      $0.message != .invitation
    }
    #expect(words(due) == ["late 0"], "\(why)")
    #expect(due.first?.places == Places([.contact, .deputy] + more), "\(why)")
  }

  @Test func aRaisedStepWaitsForThePauseAndAnEarlyStepStaysWhereItIs() throws {
    var position = Position(agency: "police", invited: true)
    position.rungs = Example.ladder.rungs(
      meetingAt: Self.now + .hours(5), firstAsked: Self.now, climbed: ["ask"], in: Example.calendar, now: Self.now)
    func raised(_ places: Set<Place>) -> [String]? {
      position.rungsRaised(past: places, at: Self.now, ladder: Example.ladder, meetingAt: Self.now + .hours(5))
        .map(words)
    }
    #expect(raised([.contact]) == ["deputy 0", "lead 120", "soon 255"])
    #expect(raised([.contact, .deputy]) == ["lead 0", "deputy 60", "soon 255"])
    #expect(raised([.contact, .deputy, .lead]) == nil)
    position.acknowledged = Self.now
    #expect(raised([.contact, .deputy]) == ["deputy 60", "lead 60", "soon 255"])
    position.acknowledged = nil
    position.rungs.removeAll(where: \.ifUnanswered)
    #expect(raised([.contact]) == ["soon 0", "soon 255"])
    position.asked = [.init(place: .contact, route: "a"), .init(place: .lead, route: "b")]
    #expect(raised([.contact]) == nil)
  }
}
