// The clocks of the work as tables: what starts each and from when, until when it runs, what stops it with how much left.
// Tuesday 24 November 2026, by the bank holidays of England and Wales.
import Testing

@testable import Convening

struct ClockStart: Sendable, CustomTestStringConvertible {
  let says: String
  var convene = Example.convene()
  /// Each with the moment at which it is recorded.
  var commands: [(at: String, does: Command)] = []
  /// "C4 since until", in the order in which they started.
  let clocks: [String]

  var testDescription: String { says }
}

struct ClockStop: Sendable, CustomTestStringConvertible {
  let says: String
  let clock: ClockID
  var convene = Example.convene()
  var commands: [(at: String, does: Command)] = []
  /// nil: it runs on.
  var stopped: String?
  /// What was left, in seconds.
  var margin: Int64?

  var testDescription: String { "\(clock.rawValue): \(says)" }
}

private let since0830 = Example.convene(need: Example.at("08:30"))
private let urgent = Example.convene(urgency: .urgent)
private let urgentSince0830 = Example.convene(urgency: .urgent, need: Example.at("08:30"))
private let held = Command.hold(heldAt: Example.at("14:05"), form: nil, decision: nil)
private func contributes(_ agency: AgencyID) -> Command {
  .contribute(agency, .video, byRole: "officer", via: .phone, at: nil)
}

private func decision(_ outcome: Outcome) -> Decision {
  Decision(outcome: outcome, decidedAt: Example.at("14:30"), byRole: "chair", reason: "R1")
}

private func deciding(_ outcome: Outcome = .nfa) -> Command { .decide(decision(outcome)) }

@Suite struct ClockTests {
  static let policy = Example.policy(
    ladder: Example.ladder.with(heldWithin: .workingDays(1)),
    urgent: Example.urgent.with(heldWithin: .elapsed(.hours(4))),
    clocks: [
      .c1: [.workingDays(1)], .c4: [.workingDays(1)], .c5: [.workingDays(15)], .c6: [.workingDays(45)],
      .c7: [.workingDays(10)], .c10: [.workingDays(5)],
      .c11: [.workingDays(2), .workingDays(5), .workingHours(.hours(4))], .followUp: [.workingDays(5)],
    ])

  private func course(
    of convene: Convene = Example.convene(), _ commands: [(at: String, does: Command)],
    under policy: Policy = ClockTests.policy
  ) throws -> Course {
    var course = try Course(convene, under: policy)
    try course.goes(commands)
    return course
  }

  /// Names of the events, or the refusal's code and the field at fault.
  private func outcome(_ command: Command, _ course: Course, at now: Instant = Example.now) -> String {
    var course = course
    do throws(Refusal) {
      return try course.does(command, at: now).map(\.word).joined(separator: " ")
    } catch {
      return error.pointer.map { "\(error.code) \($0)" } ?? error.code
    }
  }

  // MARK: - What starts, from when

  private static let c3 = "C3 2026-11-24T14:30:00Z 2026-11-24T14:45:00Z"
  private static let c4 = "C4 2026-11-24T14:30:00Z 2026-11-26T00:00:00Z"
  private static let followUp = "follow-up 2026-11-24T14:30:00Z 2026-12-02T00:00:00Z"

  private static let starts: [ClockStart] = [
    ClockStart(says: "nobody says when the need was seen", clocks: []),
    ClockStart(says: "a need", convene: since0830, clocks: ["C2 2026-11-24T08:30:00Z 2026-11-26T00:00:00Z"]),
    ClockStart(
      says: "an urgent need", convene: urgentSince0830, clocks: ["C2 2026-11-24T08:30:00Z 2026-11-24T12:30:00Z"]),
    ClockStart(says: "held alone", commands: [("14:10", held)], clocks: []),
    ClockStart(says: "decided without all", commands: [("14:40", deciding())], clocks: [c3, c4, followUp]),
    ClockStart(
      says: "decided with all",
      commands: [
        ("14:20", contributes("csc")), ("14:20", contributes("police")), ("14:20", contributes("health")),
        ("14:40", deciding()),
      ], clocks: [c3, c4]),
    ClockStart(
      says: "an enquiry, from the discussion", commands: [("14:10", held), ("14:40", deciding(.s47Joint))],
      clocks: ["C5 2026-11-24T14:05:00Z 2026-12-16T00:00:00Z", c3, c4, followUp]),
    ClockStart(
      says: "held and decided in one breath",
      commands: [("14:40", .hold(heldAt: Example.at("14:05"), form: nil, decision: decision(.s47SingleCSC)))],
      clocks: ["C5 2026-11-24T14:05:00Z 2026-12-16T00:00:00Z", c3, c4, followUp]),
    ClockStart(
      says: "an enquiry, decided and never held", commands: [("14:40", deciding(.s47Joint))],
      clocks: ["C5 2026-11-24T14:30:00Z 2026-12-16T00:00:00Z", c3, c4, followUp]),
    ClockStart(
      says: "an urgent discussion", convene: urgent, commands: [("14:10", held), ("14:40", deciding())],
      clocks: ["C10 2026-11-24T14:05:00Z 2026-12-02T00:00:00Z", c3, c4, followUp]),
    ClockStart(
      says: "a conference",
      commands: [("14:40", deciding()), ("12-10 11:00", .conference(heldAt: Example.at("12-10 10:00")))],
      clocks: [c3, c4, followUp, "C7 2026-12-10T10:00:00Z 2026-12-25T00:00:00Z"]),
    ClockStart(
      says: "what is told",
      commands: [
        ("09:30", .startClock(.c1, at: Example.at("11-23 10:00"))),
        ("09:31", .startClock(.c6, at: Example.at("10-01 10:00"))),
        ("09:32", .startClock(.c7, at: Example.at("11-23 10:00"))),
        ("09:33", .startClock(.c10, at: Example.at("11-23 10:00"))),
        ("09:34", .startClock(.c11, at: Example.at("11-23 10:00"))),
      ],
      clocks: [
        "C1 2026-11-23T10:00:00Z 2026-11-25T00:00:00Z", "C6 2026-10-01T10:00:00Z 2026-12-04T00:00:00Z",
        "C7 2026-11-23T10:00:00Z 2026-12-08T00:00:00Z", "C10 2026-11-23T10:00:00Z 2026-12-01T00:00:00Z",
        "C11 2026-11-23T10:00:00Z 2026-11-26T00:00:00Z",
      ]),
  ]

  @Test(arguments: starts) func whatStartsItAndFromWhen(one: ClockStart) throws {
    let discussion = try course(of: one.convene, one.commands).discussion
    #expect(discussion.clocks.map { "\($0.id.rawValue) \($0.started) \($0.due)" } == one.clocks)
    #expect(discussion.clocks.allSatisfy { !$0.provisional && $0.level == 1 })
  }

  @Test(arguments: Outcome.allCases) func anEnquiryAloneMayLeadToAConference(outcome: Outcome) throws {
    let ids = try course([("14:40", deciding(outcome))]).discussion.clocks.map(\.id)
    let isEnquiry = outcome == .s47Joint || outcome == .s47SingleCSC
    #expect(ids.contains(.c5) == isEnquiry)
  }

  @Test func withoutALimitOnlyTheRecordOfADecisionIsTimed() throws {
    let bare = try course(
      of: since0830, [("14:40", deciding(.s47Joint)), ("12-10 11:00", .conference(heldAt: nil))],
      under: Example.policy())
    #expect(bare.discussion.clocks.map(\.id) == [.c3])
  }

  // MARK: - Until when

  @Test(
    arguments: [
      // A day, however long the night in which the clocks change.
      (.elapsed(.hours(24)), "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", false),
      (.elapsed(.hours(24)), "2026-10-24T11:00:00Z", "2026-10-25T11:00:00Z", false),
      (.elapsed(.minutes(90)), "2028-12-31T23:30:00Z", "2029-01-01T01:00:00Z", false),
      // DOMAIN.md 1.5: Easter, May, Christmas; the last day counts to its end, in summer at 23:00 UTC.
      (.workingDays(1), "2026-03-26T10:00:00Z", "2026-03-28T00:00:00Z", false),
      (.workingDays(10), "2026-03-26T10:00:00Z", "2026-04-13T23:00:00Z", false),
      (.workingDays(15), "2026-03-26T10:00:00Z", "2026-04-20T23:00:00Z", false),
      (.workingDays(45), "2026-03-26T10:00:00Z", "2026-06-03T23:00:00Z", false),
      (.workingDays(15), "2026-12-11T10:00:00Z", "2027-01-07T00:00:00Z", false),
      // From a Saturday, over each change of the clocks, over the early May bank holiday.
      (.workingDays(1), "2026-12-26T10:00:00Z", "2026-12-30T00:00:00Z", false),
      (.workingDays(1), "2026-03-27T16:00:00Z", "2026-03-30T23:00:00Z", false),
      (.workingDays(1), "2026-10-23T16:00:00Z", "2026-10-27T00:00:00Z", false),
      (.workingDays(1), "2027-04-30T16:48:00Z", "2027-05-04T23:00:00Z", false),
      (.workingDays(5), "2027-04-30T16:48:00Z", "2027-05-10T23:00:00Z", false),
      // Half past midnight in London is the new day.
      (.workingDays(1), "2026-07-01T23:30:00Z", "2026-07-03T23:00:00Z", false),
      // Past 2028 nobody has published a holiday.
      (.workingDays(3), "2028-12-22T10:00:00Z", "2028-12-30T00:00:00Z", false),
      (.workingDays(4), "2028-12-22T10:00:00Z", "2029-01-02T00:00:00Z", true),
      // Half past eight to five: a night, a weekend, Easter, each change of the clocks, and to the very end of a day.
      (.workingHours(.hours(4)), "2026-11-23T15:00:00Z", "2026-11-24T10:30:00Z", false),
      (.workingHours(.hours(4)), "2026-11-20T15:00:00Z", "2026-11-23T10:30:00Z", false),
      (.workingHours(.hours(4)), "2026-11-21T12:00:00Z", "2026-11-23T12:30:00Z", false),
      (.workingHours(.hours(4)), "2026-04-02T14:00:00Z", "2026-04-07T09:30:00Z", false),
      (.workingHours(.hours(4)), "2026-03-27T15:00:00Z", "2026-03-30T09:30:00Z", false),
      (.workingHours(.hours(4)), "2026-10-23T14:00:00Z", "2026-10-26T10:30:00Z", false),
      (.workingHours(.hours(2)), "2026-11-23T15:00:00Z", "2026-11-23T17:00:00Z", false),
      (.workingHours(.hours(2)), "2028-12-29T16:00:00Z", "2029-01-01T09:30:00Z", true),
    ] as [(Limit, String, String, Bool)])
  func whenItIsDue(limit: Limit, from: String, until: String, provisional: Bool) throws {
    let (start, due) = (Instant(from)!, Instant(until)!)
    var course = try Course(
      Example.convene(meetingAt: start + .hours(5)), at: start, under: Example.policy(clocks: [.c1: [limit]]))
    let events = try course.does(.startClock(.c1, at: start), at: start)
    #expect(events == [.clockStarted(.c1, occurred: start, due: due, provisional: provisional, level: 1)])
    let clock = WorkClock(id: .c1, started: start, due: due, provisional: provisional, level: 1)
    #expect(course.discussion.clocks == [clock])
  }

  // MARK: - What stops it, with how much left

  private static let stops: [ClockStop] = [
    ClockStop(says: "it waits for its meeting", clock: .c2, convene: since0830),
    ClockStop(
      says: "held, and recorded later", clock: .c2, convene: since0830, commands: [("16:00", held)],
      stopped: "14:05", margin: 122_100),
    ClockStop(
      says: "held too late", clock: .c2, convene: urgentSince0830, commands: [("14:10", held)], stopped: "14:05",
      margin: -5700),
    ClockStop(
      says: "decided, and never held", clock: .c2, convene: since0830, commands: [("14:40", deciding())],
      stopped: "14:30", margin: 120_600),
    ClockStop(
      says: "held and then decided", clock: .c2, convene: since0830,
      commands: [("14:10", held), ("14:40", deciding())], stopped: "14:05", margin: 122_100),
    ClockStop(says: "at once", clock: .c3, commands: [("14:30", deciding())], stopped: "14:30", margin: 900),
    ClockStop(says: "in time", clock: .c3, commands: [("14:45", deciding())], stopped: "14:45", margin: 0),
    ClockStop(says: "too late", clock: .c3, commands: [("15:00", deciding())], stopped: "15:00", margin: -900),
    ClockStop(says: "it waits to be sent", clock: .c4, commands: [("14:40", deciding())]),
    ClockStop(
      says: "circulated, and recorded later", clock: .c4,
      commands: [("14:40", deciding()), ("16:00", .circulate(to: ["police"], at: Example.at("15:30")))],
      stopped: "15:30", margin: 117_000),
    ClockStop(
      says: "circulated too late", clock: .c4,
      commands: [("14:40", deciding()), ("11-26 10:00", .circulate(to: ["police"], at: nil))],
      stopped: "11-26 10:00", margin: -36_000),
    ClockStop(
      says: "no conference yet", clock: .c5,
      commands: [("14:40", deciding(.s47Joint)), ("16:00", .circulate(to: ["police"], at: nil)), ("17:00", .close)]),
    ClockStop(
      says: "a conference in time", clock: .c5,
      commands: [("14:40", deciding(.s47Joint)), ("12-10 11:00", .conference(heldAt: Example.at("12-10 10:00")))],
      stopped: "12-10 10:00", margin: 482_400),
    ClockStop(
      says: "a conference too late", clock: .c5,
      commands: [("14:40", deciding(.s47Joint)), ("12-17 11:00", .conference(heldAt: Example.at("12-17 10:00")))],
      stopped: "12-17 10:00", margin: -122_400),
    ClockStop(
      says: "followed up", clock: .followUp,
      commands: [("14:40", deciding()), ("12-01 12:00", .followUp(doneAt: nil, byRole: "chair"))],
      stopped: "12-01 12:00", margin: 43_200),
    ClockStop(
      says: "followed up too late", clock: .followUp,
      commands: [
        ("14:40", deciding()), ("12-03 09:00", .followUp(doneAt: Example.at("12-03 00:00"), byRole: "chair")),
      ],
      stopped: "12-03 00:00", margin: -86_400),
    ClockStop(
      says: "decided upon", clock: .c1,
      commands: [
        ("09:10", .startClock(.c1, at: Example.at("11-23 10:00"))),
        ("10:10", .stopClock(.c1, at: Example.at("10:00"))),
      ],
      stopped: "10:00", margin: 50_400),
    ClockStop(
      says: "decided upon too late", clock: .c1,
      commands: [
        ("09:10", .startClock(.c1, at: Example.at("11-23 10:00"))),
        ("11-25 12:10", .stopClock(.c1, at: Example.at("11-25 12:00"))),
      ],
      stopped: "11-25 12:00", margin: -43_200),
    ClockStop(
      says: "nothing that is recorded ends an assessment", clock: .c6,
      commands: [
        ("09:10", .startClock(.c6, at: Example.now)), ("14:10", held), ("14:40", deciding(.s47Joint)),
        ("16:00", .circulate(to: ["police"], at: nil)), ("16:10", .conference(heldAt: nil)),
        ("16:20", .followUp(doneAt: nil, byRole: "chair")), ("17:00", .close),
      ]),
    ClockStop(
      says: "the core group met", clock: .c7,
      commands: [
        ("14:40", deciding()), ("12-10 11:00", .conference(heldAt: Example.at("12-10 10:00"))),
        ("12-20 11:00", .stopClock(.c7, at: Example.at("12-20 10:00"))),
      ],
      stopped: "12-20 10:00", margin: 396_000),
    ClockStop(
      says: "the full meeting met, after it was closed", clock: .c10, convene: urgent,
      commands: [
        ("14:40", deciding()), ("15:00", .close), ("12-01 11:00", .stopClock(.c10, at: Example.at("12-01 10:00"))),
      ],
      stopped: "12-01 10:00", margin: 50_400),
  ]

  @Test(arguments: stops) func whatStopsItAndHowMuchWasLeft(one: ClockStop) throws {
    let clock = try #require(try course(of: one.convene, one.commands).discussion.clocks.last { $0.id == one.clock })
    #expect(clock.stopped == one.stopped.map(Example.at))
    #expect(clock.margin?.wholeSeconds == one.margin)
  }

  // MARK: - Its rule

  @Test(
    arguments: [
      (.c1, 1, .standard, "1 working day from the referral"),
      (.c2, 1, .standard, "1 working day from the need being identified"),
      (.c2, 1, .urgent, "4 hours from the need being identified"),
      (.c3, 1, .standard, "15 minutes from the decision"), (.c4, 1, .standard, "1 working day from the decision"),
      (.c5, 1, .standard, "15 working days from the initiating discussion"),
      (.c6, 1, .standard, "45 working days from the referral"),
      (.c7, 1, .standard, "10 working days from the conference"),
      (.c10, 1, .urgent, "5 working days from the urgent discussion"),
      (.c11, 1, .standard, "2 working days from the disagreement"),
      (.c11, 2, .standard, "5 working days from the level before"),
      (.c11, 3, .standard, "4 working hours from the level before"),
      (.c11, 9, .standard, "4 working hours from the level before"),
      (.followUp, 1, .standard, "5 working days from the decision without all"),
    ] as [(ClockID, Int, Urgency, String)])
  func itsRuleInWords(id: ClockID, level: Int, urgency: Urgency, words: String) throws {
    let discussion = try Course(Example.convene(urgency: urgency), under: Self.policy).discussion
    let clock = WorkClock(id: id, started: Example.now, due: Example.now, provisional: false, level: level)
    #expect(discussion.rule(of: clock, under: Self.policy) == words)
    // Without a limit there is no rule; a decision always has one.
    let bare: String? = id == .c3 ? words : nil
    #expect(discussion.rule(of: clock, under: Example.policy()) == bare)
  }

  // MARK: - Those that are told

  @Test(arguments: [ClockID.c1, .c6, .c7, .c10]) func whatIsToldStartsOnce(clock: ClockID) throws {
    var course = try Course(under: Self.policy)
    let (start, stop) = (Command.startClock(clock, at: Example.now), Command.stopClock(clock, at: Example.now))
    #expect(outcome(stop, course) == "clock-not-running /clock")
    #expect(outcome(start, course) == "clock")
    try course.does(start, at: Example.now)
    #expect(outcome(start, course) == "already-recorded")
    #expect(outcome(stop, course) == "clock stopped")
    try course.does(stop, at: Example.now)
    #expect(outcome(stop, course) == "clock-not-running /clock")
    #expect(outcome(start, course) == "already-recorded")
  }

  /// Two working days, five, four working hours; past the end of the list the last limit stands.
  @Test func aDisagreementRisesFromLevelToLevel() throws {
    var course = try Course(under: Self.policy)
    func rises(_ text: String, until due: String, level: Int, stopping: Bool) throws {
      let at = Example.at(text)
      let stopped: [Event] = stopping ? [.clockStopped(.c11, occurred: at)] : []
      let started = Event.clockStarted(.c11, occurred: at, due: Instant(due)!, provisional: false, level: level)
      let events = try course.does(.startClock(.c11, at: at), at: at)
      #expect(events == stopped + [started])
    }
    try rises("09:00", until: "2026-11-27T00:00:00Z", level: 1, stopping: false)
    try rises("11-25 10:00", until: "2026-12-03T00:00:00Z", level: 2, stopping: true)
    try rises("11-26 15:00", until: "2026-11-27T10:30:00Z", level: 3, stopping: true)
    let settled = Example.at("11-27 09:00")
    try course.does(.stopClock(.c11, at: settled), at: settled)
    #expect(outcome(.stopClock(.c11, at: settled), course, at: settled) == "clock-not-running /clock")
    try rises("11-30 15:00", until: "2026-12-01T10:30:00Z", level: 4, stopping: false)
    let stopped: [String?] = ["11-25 10:00", "11-26 15:00", "11-27 09:00", nil]
    #expect(course.discussion.clocks.map(\.stopped) == stopped.map { $0.map(Example.at) })
    #expect(course.discussion.clocks.map(\.margin?.wholeSeconds) == [136_800, 550_800, 5400, nil])
  }

  @Test func whatWasToldOfDoesNotStartAgainByItself() throws {
    let told = try course(
      of: urgent,
      [
        ("09:10", .startClock(.c10, at: Example.now)), ("09:10", .startClock(.c7, at: Example.now)),
        ("14:40", deciding()), ("15:00", .conference(heldAt: nil)),
      ])
    #expect(told.discussion.clocks.map(\.id) == [.c10, .c7, .c3, .c4, .followUp])
    #expect(told.discussion.clocks.prefix(2).allSatisfy { $0.started == Example.now })
  }

  private static let furthest = Example.now - .days(400)

  @Test(
    arguments: [
      (.startClock(.c6, at: furthest), "clock"),
      (.startClock(.c6, at: furthest - .seconds(1)), "too-long-before /started_at"),
      (.startClock(.c6, at: Example.now + .minutes(5)), "clock"),
      (.startClock(.c6, at: Example.now + .minutes(6)), "in-the-future /started_at"),
      (.stopClock(.c1, at: furthest), "clock stopped"),
      (.stopClock(.c1, at: furthest - .seconds(1)), "too-long-before /stopped_at"),
      (.stopClock(.c1, at: Example.now + .minutes(6)), "in-the-future /stopped_at"),
      // The policy has no limit for it.
      (.startClock(.c7, at: Example.now), "no-limit /clock"), (.startClock(.c11, at: Example.now), "no-limit /clock"),
    ] as [(Command, String)])
  func howFarBackATellingMayReach(command: Command, expected: String) throws {
    let policy = Example.policy(clocks: [.c1: [.workingDays(1)], .c6: [.workingDays(45)], .c11: []])
    var course = try Course(under: policy)
    try course.does(.startClock(.c1, at: Self.furthest), at: Example.now)
    #expect(outcome(command, course) == expected)
  }

  @Test func itMayReachFurtherBackWhereTheNeedDoes() throws {
    let course = try Course(Example.convene(need: Example.now - .days(3)), under: Self.policy)
    #expect(outcome(.startClock(.c6, at: Example.now - .days(403)), course) == "clock")
    #expect(outcome(.startClock(.c6, at: Example.now - .days(404)), course) == "too-long-before /started_at")
  }
}
