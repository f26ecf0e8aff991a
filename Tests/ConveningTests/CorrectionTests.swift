// What a correction may strike, what stands after it, and what follows in the same append: told as courses of commands, each at
// its moment.
import Testing

@testable import Convening

@Suite struct CorrectionTests {
  static let clocks: [ClockID: [Limit]] = [
    .c4: [.workingDays(1)], .c5: [.workingDays(15)], .c6: [.workingDays(45)], .c7: [.workingDays(10)],
    .c11: [.workingDays(2), .workingDays(5)], .followUp: [.workingDays(1)],
  ]

  func course(agencies: [AgencyID]? = ["csc", "police"]) throws -> Course {
    try Course(Example.convene(agencies: agencies), under: Example.policy(clocks: Self.clocks))
  }

  static func gave(
    _ agency: AgencyID, _ kind: ContributionKind = .video, via: Via = .phone, at: String? = nil
  ) -> Command {
    .contribute(agency, kind, byRole: "officer", via: via, at: at.map(Example.at))
  }

  static func correct(_ revision: Int, _ replacement: Command? = nil) -> Command {
    .correct(revision: revision, reason: "a slip of the pen", replacement: replacement)
  }

  /// The police's contact has been asked.
  static let asked = Event.attemptBegan(
    ReminderID(high: 1, low: 1), attempt: 1, route: "police",
    opening: Opening(
      agency: "police", place: .contact, step: "ask", message: .invitation, sequence: 1, due: Example.now,
      stopAfter: Example.meeting, margin: .minutes(10), supersedes: [], escalates: nil, body: "{}"))

  func refusal(_ command: Command, _ course: Course, at now: Instant = Example.at("15:00")) -> String {
    var course = course
    do throws(Refusal) {
      return try course.does(command, at: now).map(\.word).joined(separator: " ")
    } catch {
      return error.code
    }
  }

  private func clocks(_ course: Course) -> [String] {
    course.discussion.clocks.map { "\($0.id.rawValue) \($0.started) \($0.due)" }
  }

  // MARK: - What agencies said

  /// Health never asked anybody: it was the police. The ladder of the first comes back, that of the other ends.
  @Test func aContributionThatWasAnothers() throws {
    var course = try course()
    try course.does(Self.gave("csc"), at: Example.at("09:10"))
    #expect(course.discussion.position("csc")?.rungs == [])
    let events = try course.does(
      Self.correct(course.last("contributed"), Self.gave("police")), at: Example.at("09:30"))
    #expect(events.map(\.word) == ["corrected", "ladder"])
    let (csc, police) = (course.discussion.position("csc")!, course.discussion.position("police")!)
    #expect(csc.contributions == [] && !csc.hasAnswered && csc.firstAnswered == nil)
    // Its day has passed: that step is due at once.
    #expect(csc.rungs.map(\.step.text) == ["ask", "day", "deputy", "lead", "soon"])
    #expect(police.rungs == [])
    // Recorded when it was first written; the time that nobody gave anew is the one that was told.
    #expect(police.contributions.map(\.recorded) == [Example.at("09:10")])
    #expect(police.contributions.map(\.occurred) == [Example.at("09:10")])
    #expect(course.discussion.quorum(under: course.policy).missing == ["csc", "health"])
  }

  @Test func aWithdrawnContributionCountsForNothing() throws {
    var course = try course()
    course.happen([Self.asked], at: Example.now)
    try course.goes([
      ("09:05", .acknowledge("police", byRole: "sergeant", via: .phone, stays: true, at: nil)),
      ("09:10", Self.gave("police")),
    ])
    try course.does(Self.correct(course.last("contributed")), at: Example.at("09:20"))
    let police = course.discussion.position("police")!
    #expect(police.contributions == [])
    // The acknowledgement stands, and so does its pause: an hour.
    #expect(police.acknowledged == Example.at("09:05"))
    #expect(police.firstAnswered == Example.at("09:05"))
    #expect(police.rungs.filter(\.ifUnanswered).map(\.due).min() == Example.at("10:05"))
  }

  /// What passed while nobody was asked is due at once.
  @Test func aStepThatWentByIsAskedAtOnce() throws {
    var course = try course()
    try course.goes([("09:10", Self.gave("police"))])
    try course.does(Self.correct(course.last("contributed")), at: Example.at("13:30"))
    let due = course.discussion.position("police")!.rungs.filter { $0.due <= Example.at("13:30") }
    #expect(Set(due.flatMap(\.places)).isSuperset(of: [.contact, .deputy, .lead]))
  }

  @Test func aDeclineThatWasNone() throws {
    var course = try course()
    try course.goes([("09:10", .decline("police", .b10, byRole: "sergeant", at: nil))])
    #expect(course.discussion.position("police")!.rungs.map(\.message) == [.answered])
    let events = try course.does(Self.correct(course.last("declined")), at: Example.at("09:30"))
    #expect(events.map(\.word) == ["corrected", "ladder"])
    let police = course.discussion.position("police")!
    #expect(police.declined == nil && police.firstAnswered == nil)
    #expect(!police.rungs.contains { $0.message == .answered })
    #expect(police.rungs.map(\.step.text) == ["ask", "day", "deputy", "lead", "soon"])
  }

  @Test func anAcknowledgementThatWasNone() throws {
    var course = try course()
    course.happen([Self.asked], at: Example.now)
    try course.goes([("09:30", .acknowledge("police", byRole: "sergeant", via: .phone, stays: true, at: nil))])
    #expect(course.discussion.position("police")!.rungs.first { $0.step == "deputy" }?.due == Example.at("10:30"))
    try course.does(Self.correct(course.last("acknowledged")), at: Example.at("09:40"))
    #expect(course.discussion.position("police")!.acknowledged == nil)
    #expect(course.discussion.position("police")!.rungs.first { $0.step == "deputy" }?.due == Example.at("10:00"))
  }

  // MARK: - The decision and what follows it

  static func enquiry(at: String? = nil, _ outcome: Outcome = .s47Joint) -> Command {
    .decide(Decision(outcome: outcome, decidedAt: at.map(Example.at), byRole: "chair", reason: "R1"))
  }

  /// The clocks count from the right time, with instants that are recorded; who was late by then is missing.
  @Test func aDecisionAtAnotherTime() throws {
    var course = try course(agencies: nil)
    try course.goes([
      ("09:10", Self.gave("csc")), ("09:20", Self.gave("police")), ("14:20", Self.gave("health", at: "14:10")),
      ("14:30", Self.enquiry()),
    ])
    #expect(course.discussion.missingAtDecision == [])
    try course.does(Self.correct(course.last("decided"), Self.enquiry(at: "14:05")), at: Example.at("11-25 10:00"))
    #expect(course.discussion.missingAtDecision == ["health"])
    #expect(course.discussion.decision?.decidedAt == Example.at("14:05"))
    #expect(course.discussion.decisionRecorded == Example.at("14:30"))
    #expect(
      clocks(course).sorted() == [
        "C3 2026-11-24T14:05:00Z 2026-11-24T14:20:00Z", "C4 2026-11-24T14:05:00Z 2026-11-26T00:00:00Z",
        "C5 2026-11-24T14:05:00Z 2026-12-16T00:00:00Z", "follow-up 2026-11-24T14:05:00Z 2026-11-26T00:00:00Z",
      ])
  }

  @Test func anotherOutcomeStartsAndEndsTheClockOfTheConference() throws {
    var course = try course(agencies: nil)
    try course.goes([("14:00", Example.held), ("14:30", Self.enquiry(.nfa))])
    #expect(!course.discussion.clocks.contains { $0.id == .c5 })
    try course.does(Self.correct(course.last("decided"), Self.enquiry()), at: Example.at("16:00"))
    #expect(course.discussion.clocks.first { $0.id == .c5 }?.started == Example.at("14:00"))
    #expect(course.discussion.decision?.conference?.from == Example.at("14:00"))
    // It was held earlier: the conference counts from then.
    try course.does(
      Self.correct(course.last("held"), .hold(heldAt: Example.at("11-23 16:00"), form: nil, decision: nil)),
      at: Example.at("16:10"))
    #expect(course.discussion.clocks.first { $0.id == .c5 }?.started == Example.at("11-23 16:00"))
    #expect(course.discussion.clocks.first { $0.id == .c5 }?.due == Instant("2026-12-15T00:00:00Z"))
    try course.does(Self.correct(course.last("corrected") - 1, Self.enquiry(.earlyHelp)), at: Example.at("16:20"))
    #expect(!course.discussion.clocks.contains { $0.id == .c5 })
  }

  /// Somebody was missing after all: a reason is proposed, the follow-up has its clock, and who was absent is told.
  @Test func whoWasThereAndWasNot() throws {
    var course = try course(agencies: nil)
    try course.goes([
      ("09:10", Self.gave("csc")), ("09:20", Self.gave("police")), ("09:30", Self.gave("health")),
      ("14:30", Self.enquiry(.nfa)),
    ])
    #expect(!course.discussion.clocks.contains { $0.id == .followUp })
    let health = course.entries.last { $0.event.word == "contributed" }!.revision
    let events = try course.does(Self.correct(health), at: Example.at("15:00"))
    #expect(events.map(\.word) == ["corrected", "barrier"])
    #expect(course.discussion.missingAtDecision == ["health"])
    #expect(course.discussion.position("health")?.barrier?.by == .rules)
    #expect(course.discussion.clocks.first { $0.id == .followUp }?.due == Instant("2026-11-26T00:00:00Z"))
  }

  @Test func aDecisionThatWasTakenElsewhere() throws {
    var course = try course(agencies: nil)
    try course.goes([("09:10", Self.gave("csc")), ("13:00", Self.enquiry())])
    #expect(course.discussion.position("police")?.rungs == [])
    try course.does(Self.correct(course.last("decided")), at: Example.at("13:05"))
    #expect(course.discussion.phase == .scheduled)
    #expect(course.discussion.decision == nil && course.discussion.missingAtDecision == [])
    #expect(course.discussion.clocks == [])
    #expect(course.discussion.positions.allSatisfy { $0.barrier == nil })
    // They are asked again; who has contributed is not.
    #expect(course.discussion.position("police")?.rungs.map(\.step.text).contains("soon") == true)
    #expect(course.discussion.position("csc")?.rungs == [])
  }

  /// What was struck and recorded again has started its clocks twice: another correction brings none of the first back.
  @Test func clocksOfWhatWasRecordedAgainStandOnce() throws {
    let clocks = Self.clocks.merging([.c10: [.workingDays(3)]]) { $1 }
    var course = try Course(
      Example.convene(urgency: .urgent), under: Example.policy(urgent: Example.ladder, clocks: clocks))
    try course.does(Self.enquiry(.nfa), at: Example.at("09:10"))
    try course.does(Self.correct(course.last("decided")), at: Example.at("09:20"))
    try course.goes([
      ("10:00", Example.held), ("10:10", Self.gave("police")), ("10:20", Self.enquiry(.nfa)),
      ("10:30", .conference(heldAt: nil)),
    ])
    try course.does(Self.correct(course.last("conference")), at: Example.at("10:40"))
    let before = self.clocks(course)
    #expect(before.filter { $0.hasPrefix("C10") } == ["C10 2026-11-24T10:00:00Z 2026-11-28T00:00:00Z"])
    #expect(!before.contains { $0.hasPrefix("C7") })
    try course.does(Self.correct(course.last("contributed")), at: Example.at("10:50"))
    #expect(self.clocks(course) == before)
    // It was held an hour earlier: the clock counts from then, whatever is put right after that.
    try course.does(
      Self.correct(course.last("held"), .hold(heldAt: Example.at("09:30"), form: nil, decision: nil)),
      at: Example.at("11:00"))
    try course.does(Self.gave("police", at: "10:05"), at: Example.at("11:10"))
    try course.does(Self.correct(course.last("contributed")), at: Example.at("11:20"))
    #expect(self.clocks(course).contains("C10 2026-11-24T09:30:00Z 2026-11-28T00:00:00Z"))
  }

  /// While it was done nobody moved it: it is due by the bank holidays in force.
  @Test func aClockThatRunsAgainIsDueByTheTableInForce() throws {
    var course = try course(agencies: nil)
    try course.goes([("14:30", Self.enquiry(.nfa)), ("15:00", .followUp(doneAt: nil, byRole: "chair"))])
    #expect(course.discussion.clocks.first { $0.id == .followUp }?.due == Instant("2026-11-26T00:00:00Z"))
    course.calendar = WorkingCalendar(
      zone: course.calendar.zone, holidays: BankHolidays(days: [CivilDate("2026-11-25")!]))
    try course.does(Self.correct(course.last("follow-up")), at: Example.at("15:10"))
    #expect(course.discussion.clocks.first { $0.id == .followUp }?.due == Instant("2026-11-27T00:00:00Z"))
  }

  // MARK: - After it was closed

  @Test func whatWasRecordedAfterwardsIsPutRightAfterItWasClosed() throws {
    var course = try course(agencies: nil)
    try course.goes([
      ("14:30", Self.enquiry()), ("14:40", .circulate(to: ["police", "csc"], at: nil)),
      ("14:50", .receive("police", at: nil)),
      ("15:00", .conference(heldAt: nil)), ("15:10", .followUp(doneAt: nil, byRole: "chair")), ("15:20", .close),
    ])
    let now = Example.at("12-01 12:00")
    try course.does(Self.correct(course.last("receipt"), .receive("csc", at: nil)), at: now)
    #expect(course.discussion.receipts == [Receipt(agency: "csc", at: Example.at("14:50"))])
    try course.does(Self.correct(course.last("conference"), .conference(heldAt: Example.at("11-30 10:00"))), at: now)
    #expect(course.discussion.clocks.first { $0.id == .c5 }?.stopped == Example.at("11-30 10:00"))
    #expect(course.discussion.clocks.first { $0.id == .c7 }?.started == Example.at("11-30 10:00"))
    try course.does(Self.correct(course.last("follow-up")), at: now)
    #expect(course.discussion.clocks.first { $0.id == .followUp }?.stopped == nil)
    #expect(course.discussion.phase == .closed)
    // The record has not gone out; it can be circulated again though it is closed.
    #expect(refusal(Self.correct(course.last("circulated")), course, at: now) == "others-stand-on-it")
    #expect(refusal(Self.correct(course.last("decided")), course, at: now) == "others-stand-on-it")
    try course.does(.circulate(to: ["health"], at: nil), at: now)
    #expect(course.discussion.phase == .closed)
    #expect(course.discussion.circulatedTo == ["police", "csc", "health"])
  }

  @Test func aDisagreementsLevelGoesWithItsStart() throws {
    var course = try course(agencies: nil)
    try course.goes([
      ("14:30", Self.enquiry()), ("14:40", .startClock(.c11, at: Example.at("14:40"))),
      ("15:00", .startClock(.c11, at: Example.at("14:50"))),
    ])
    let levels = course.entries.filter { $0.event.word == "clock" }.suffix(2).map(\.revision)
    #expect(refusal(Self.correct(levels[0]), course) == "others-stand-on-it")
    #expect(refusal(Self.correct(levels[1] - 1), course) == "not-correctable")
    try course.does(Self.correct(levels[1]), at: Example.at("16:00"))
    #expect(course.discussion.clocks.filter { $0.id == .c11 }.map(\.stopped) == [nil])
  }

  // MARK: - What is refused

  @Test func whatCannotBeCorrected() throws {
    var course = try course(agencies: nil)
    try course.goes([("09:10", Self.gave("police")), ("14:30", Self.enquiry())])
    let contributed = course.entries.first { $0.event.word == "contributed" }!.revision
    #expect(refusal(Self.correct(99), course) == "no-such-entry")
    // Convened, a ladder, a clock of the daemon's.
    for word in ["convened", "ladder", "clock", "barrier"] {
      #expect(refusal(Self.correct(course.last(word)), course) == "not-correctable", "\(word)")
    }
    #expect(refusal(Self.correct(contributed, Example.held), course) == "replacement-unfit")
    #expect(refusal(Self.correct(contributed, Self.gave("police")), course) == "replacement-unfit")
    #expect(refusal(Self.correct(contributed, Self.gave("nobody")), course) == "unknown-agency")
    #expect(refusal(Self.correct(contributed, Self.gave("police", at: "16:00")), course) == "in-the-future")
    let withoutReason = Command.decide(Decision(outcome: .nfa, byRole: "chair"))
    #expect(refusal(Self.correct(course.last("decided"), withoutReason), course) == "reason-required")
    try course.does(Self.correct(contributed), at: Example.at("14:50"))
    #expect(refusal(Self.correct(contributed), course) == "already-corrected")
    #expect(refusal(Self.correct(contributed, Self.gave("police")), course) == "already-corrected")
    // What takes back leaves nothing to correct: it is recorded anew.
    #expect(refusal(Self.correct(course.last("corrected")), course) == "not-correctable")
    // Nothing is gone from the list.
    #expect(course.entries.contains { $0.revision == contributed })
  }

  @Test func aCorrectionIsCorrectedByItsOwnNumber() throws {
    var course = try course(agencies: nil)
    try course.goes([("09:10", Self.gave("police", .video))])
    let first = course.last("contributed")
    try course.does(Self.correct(first, Self.gave("police", .phoneLive)), at: Example.at("09:20"))
    let second = course.last("corrected")
    try course.does(Self.correct(second, Self.gave("police", .inPerson)), at: Example.at("09:30"))
    #expect(course.discussion.position("police")?.contributions.map(\.kind) == [.inPerson])
    #expect(refusal(Self.correct(second), course) == "already-corrected")
    try course.does(Self.correct(course.last("corrected")), at: Example.at("09:40"))
    #expect(course.discussion.position("police")?.contributions == [])
    #expect(course.discussion.position("police")?.rungs.isEmpty == false)
  }
}
