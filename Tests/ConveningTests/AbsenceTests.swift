// Why an agency was absent, as a table: what is recorded of the police, and the reason that the rules propose, ours before
// theirs. Then what the chair and the agency say of it. Tuesday 24 November 2026, decided at half past two.
import Testing

@testable import Convening

struct Absence: Sendable, CustomTestStringConvertible {
  let says: String
  var invited = true
  /// Four working hours: convened at nine, asked at nine, for two o'clock.
  var fair: Limit? = .workingHours(.hours(4))
  /// Each with the moment at which it is recorded.
  var events: [(at: String, happens: Event)] = []
  /// Recorded ten minutes later.
  var decided = "14:30"
  /// nil: none is proposed.
  let code: BarrierCode?

  var testDescription: String { says }
}

private let contact = ReminderID(high: 1, low: 1)
private let deputy = ReminderID(high: 1, low: 2)
private let later = ReminderID(high: 1, low: 3)
private let coordinator = ReminderID(high: 1, low: 4)

private func asks(_ id: ReminderID, _ place: Place, _ message: Message = .invitation) -> Event {
  .attemptBegan(
    id, attempt: 1, route: "desk",
    opening: Opening(
      agency: "police", place: place, step: "ask", message: message, sequence: 1, due: Example.now,
      stopAfter: Example.meeting, margin: .minutes(10), supersedes: [], escalates: nil, body: "body"))
}

private func accepts(_ id: ReminderID) -> Event {
  .attemptEnded(id, attempt: 1, Answer(verdict: .accepted, status: 204, tookMilliseconds: 1), next: nil)
}

private func refuses(_ id: ReminderID) -> Event {
  .attemptEnded(id, attempt: 1, Answer(verdict: .misconfigured, status: 404, tookMilliseconds: 1), next: nil)
}

private func moves(to meeting: String) -> Event { .rescheduled(meetingAt: Example.at(meeting), reason: "room") }

private func takesPart(_ kind: ContributionKind, at moment: String) -> Event {
  .contributionRecorded("police", kind, byRole: "officer", via: .phone, occurred: Example.at(moment))
}

private let acknowledges = Event.acknowledged(
  "police", byRole: "officer", via: .phone, occurred: Example.at("09:30"), by: nil)
private let lapses = Event.acknowledgementLapsed("police", .contact, route: "desk")
private let declines = Event.declined("police", .b10, byRole: "officer", occurred: Example.at("09:30"))
private let detailsGo = Event.detailsSent("police", .contact, route: nil, occurred: Example.at("09:10"))
private let isHeld = Event.held(occurred: Example.at("09:05"), form: .phone)
private let isHeldAtOne = Event.held(occurred: Example.at("13:00"), form: .phone)
private let nobodyIsThere = Event.placeSkipped("police", .contact, step: "ask", .noHolder, route: nil)

/// Asked at nine, and that has arrived; details at ten past; then these.
private func reached(_ then: [(at: String, happens: Event)] = []) -> [(at: String, happens: Event)] {
  let first: [(at: String, happens: Event)] = [
    ("09:00", asks(contact, .contact)), ("09:01", accepts(contact)), ("09:10", detailsGo),
  ]
  return first + then
}

private let table: [Absence] = [
  Absence(says: "nobody invited it", invited: false, code: .b01),
  Absence(
    says: "nobody invited it, and it said something that does not count", invited: false,
    events: [("10:00", takesPart(.mashCheckOnly, at: "10:00"))], code: .b01),
  Absence(says: "it declined", events: reached([("09:30", declines)]), code: .b10),
  Absence(
    says: "it declined, asked at short notice and without details", events: [("13:50", declines)], code: .b10),
  Absence(
    says: "it took part in a way that does not count",
    events: reached([("10:00", takesPart(.mashCheckOnly, at: "10:00"))]), code: nil),
  Absence(
    says: "it took part after the decision was taken",
    events: reached([("14:35", takesPart(.phoneLive, at: "14:34"))]), code: nil),
  // Notice, in working hours: from the first message, or from the last new time.
  Absence(
    says: "asked a minute too late, and reached",
    events: [
      ("10:01", asks(contact, .contact)), ("10:02", accepts(contact)), ("10:03", detailsGo),
    ], code: .b02),
  Absence(
    says: "asked at the last fair moment, and reached",
    events: [
      ("10:00", asks(contact, .contact)), ("10:00", accepts(contact)), ("10:03", detailsGo),
    ], code: .b14),
  Absence(
    says: "asked in time, and taken in too late",
    events: [
      ("09:00", asks(contact, .contact)), ("10:01", accepts(contact)), ("10:03", detailsGo),
    ], code: .b02),
  Absence(
    says: "asked in time for the plan, and held an hour before it", fair: .workingHours(.minutes(241)),
    events: reached([("13:10", isHeldAtOne)]), code: .b02),
  Absence(
    says: "the details went once it was held", fair: nil,
    events: [
      ("09:00", asks(contact, .contact)), ("09:01", accepts(contact)), ("09:05", isHeld), ("09:10", detailsGo),
    ], code: .b05),
  Absence(
    says: "the time that was has arrived, the new one has not", fair: nil,
    events: reached([
      ("10:00", moves(to: "16:00")), ("10:00", asks(later, .contact, .rescheduled)), ("10:01", refuses(later)),
    ]), decided: "16:30", code: .b04),
  Absence(says: "never asked, of a meeting five working hours away", fair: .workingHours(.hours(5)), code: .b05),
  Absence(
    says: "never asked, of a meeting nearer than that", fair: .workingHours(.minutes(301)), code: .b02),
  Absence(
    says: "any notice is fair", fair: nil,
    events: [
      ("13:59", asks(contact, .contact)), ("13:59", accepts(contact)), ("13:59", detailsGo),
    ], code: .b14),
  Absence(
    says: "a new time, an hour before it", events: reached([("13:00", moves(to: "14:00"))]), code: .b02),
  Absence(
    says: "a new time, a minute short of four working hours before it",
    events: reached([("16:01", moves(to: "11-25 11:30"))]), decided: "11-25 12:00", code: .b02),
  Absence(
    says: "a new time, four working hours before it",
    events: reached([
      ("16:00", moves(to: "11-25 11:30")), ("16:00", asks(later, .contact, .rescheduled)),
      ("16:00", accepts(later)),
    ]), decided: "11-25 12:00", code: .b14),
  Absence(
    says: "asked too late the first time, in time the second",
    events: [
      ("13:30", asks(contact, .contact)), ("13:31", accepts(contact)), ("13:32", detailsGo),
      ("16:00", moves(to: "11-25 11:30")), ("16:00", asks(later, .contact, .rescheduled)), ("16:00", accepts(later)),
    ], decided: "11-25 12:00", code: .b14),
  // What it needed to know.
  Absence(
    says: "reached, and never told which child",
    events: [("09:00", asks(contact, .contact)), ("09:01", accepts(contact))], code: .b05),
  Absence(
    says: "it acknowledged, and was never told which child",
    events: [("09:00", asks(contact, .contact)), ("09:01", accepts(contact)), ("09:30", acknowledges)], code: .b05),
  // Whom it reached.
  Absence(
    says: "nobody holds its places", events: [("09:00", nobodyIsThere), ("09:10", detailsGo)], code: .b11),
  Absence(says: "never asked, and nobody holds its contact's place", events: [("09:10", detailsGo)], code: .b11),
  Absence(
    says: "the coordinator alone was told of it",
    events: [
      ("09:00", asks(coordinator, .coordinator, .attention)), ("09:01", accepts(coordinator)), ("09:10", detailsGo),
    ], code: .b11),
  Absence(
    says: "its receiver refused the message",
    events: [("09:00", asks(contact, .contact)), ("09:01", refuses(contact)), ("09:10", detailsGo)], code: .b04),
  Absence(
    says: "refused, and the coordinator's was not",
    events: [
      ("09:00", asks(contact, .contact)), ("09:01", refuses(contact)), ("09:10", detailsGo),
      ("09:20", asks(coordinator, .coordinator, .attention)), ("09:21", accepts(coordinator)),
    ], code: .b04),
  Absence(
    says: "the contact's place was empty, and the deputy was asked",
    events: [
      ("09:00", nobodyIsThere), ("09:00", asks(deputy, .deputy)), ("09:01", accepts(deputy)), ("09:10", detailsGo),
    ], code: .b14),
  Absence(
    says: "the contact's receiver refused, and the deputy's accepted",
    events: [
      ("09:00", asks(contact, .contact)), ("09:01", refuses(contact)), ("09:05", asks(deputy, .deputy)),
      ("09:06", accepts(deputy)), ("09:10", detailsGo),
    ], code: .b14),
  // What it said.
  Absence(says: "reached, and silent", events: reached(), code: .b14),
  Absence(says: "it acknowledged", events: reached([("09:30", acknowledges)]), code: nil),
  Absence(
    says: "it acknowledged, and whoever did went off duty",
    events: reached([("09:30", acknowledges), ("10:00", lapses)]),
    code: nil),
  Absence(
    says: "it acknowledged what never arrived, and whoever did went off duty",
    events: [
      ("09:00", asks(contact, .contact)), ("09:01", refuses(contact)), ("09:10", detailsGo), ("09:30", acknowledges),
      ("10:00", lapses),
    ], code: nil),
  Absence(
    says: "who went off duty had acknowledged another time",
    events: reached([
      ("09:30", acknowledges), ("10:00", lapses), ("10:05", moves(to: "20:00")), ("10:05", asks(later, .contact)),
      ("10:06", accepts(later)),
    ]), decided: "20:30", code: .b14),
  Absence(
    says: "it acknowledged by telephone what its receiver refused",
    events: [
      ("09:00", asks(contact, .contact)), ("09:01", refuses(contact)), ("09:10", detailsGo), ("09:30", acknowledges),
    ], code: nil),
  Absence(
    says: "it acknowledged the time that was",
    events: reached([
      ("09:30", acknowledges), ("10:00", moves(to: "16:00")),
      ("10:00", asks(later, .contact, .rescheduled)), ("10:01", accepts(later)),
    ]), decided: "16:30", code: .b14),
]

@Suite struct AbsenceTests {
  private static func decides(at moment: String = "14:30") -> Command {
    .decide(Decision(outcome: .nfa, decidedAt: Example.at(moment), byRole: "chair", reason: "R1"))
  }

  private func course(_ absence: Absence) throws -> Course {
    var course = try Course(
      Example.convene(agencies: absence.invited ? ["police"] : ["csc"]),
      under: Example.policy(ladder: Example.ladder.with(fairNotice: absence.fair)))
    for (at, event) in absence.events { course.happen([event], at: Example.at(at)) }
    return course
  }

  /// Reached and silent, and decided without: B14 until the end of Wednesday.
  private func absent() throws -> Course {
    var course = try course(Absence(says: "", events: reached(), code: .b14))
    try course.does(Self.decides(), at: Example.at("14:40"))
    return course
  }

  private func barrier(_ course: Course, of agency: AgencyID = "police") -> Barrier? {
    course.discussion.position(agency)?.barrier
  }

  /// Names of the events, or the refusal's code.
  private func code(_ command: Command, _ course: Course) -> String {
    var course = course
    do throws(Refusal) {
      return try course.does(command, at: Example.at("15:00")).map(\.word).joined(separator: " ")
    } catch {
      return error.code
    }
  }

  @Test(arguments: table) func theReasonThatIsProposed(absence: Absence) throws {
    var course = try course(absence)
    let recorded = Example.at(absence.decided) + .minutes(10)
    let events = try course.does(Self.decides(at: absence.decided), at: recorded)
    let proposed = events.compactMap { event -> BarrierCode? in
      guard case .barrierProposed("police", let code, _) = event else { return nil }
      return code
    }
    let expected = absence.code.map { [$0] } ?? []
    #expect(proposed == expected)
    #expect(barrier(course)?.code == absence.code)
    if absence.code != nil { #expect(barrier(course)?.by == .rules && barrier(course)?.reply == nil) }
  }

  @Test func aDecisionInTheSamePostProposesThemToo() throws {
    var course = try course(Absence(says: "", events: reached(), code: .b14))
    let decision = Decision(outcome: .nfa, byRole: "chair", reason: "R1")
    let events = try course.does(.hold(heldAt: nil, form: nil, decision: decision), at: Example.at("14:40"))
    #expect(events.map(\.word) == ["held", "decided", "clock", "barrier", "barrier", "barrier"])
    let codes = (["csc", "police", "health"] as [AgencyID]).compactMap { barrier(course, of: $0)?.code }
    #expect(codes == [.b01, .b14, .b01])
  }

  @Test func whoTookPartNeedsNoReason() throws {
    var course = try course(
      Absence(says: "", events: reached([("14:00", takesPart(.phoneLive, at: "14:00"))]), code: nil))
    let events = try course.does(Self.decides(), at: Example.at("14:40"))
    #expect(course.discussion.missingAtDecision == ["csc", "health"])
    #expect(events.count { $0.word == "barrier" } == 2)
    #expect(barrier(course) == nil)
  }

  /// One working day after the day on which it was recorded, whenever it was decided: Wednesday; over a weekend; and on the
  /// eve of the early May bank holiday.
  @Test(arguments: [
    ("2026-11-24T14:40:00Z", "2026-11-26T00:00:00Z"), ("2026-11-25T09:00:00Z", "2026-11-27T00:00:00Z"),
    ("2026-11-27T14:40:00Z", "2026-12-01T00:00:00Z"), ("2027-04-30T16:49:00Z", "2027-05-04T23:00:00Z"),
  ])
  func untilWhenTheAgencyMayAnswer(recorded: String, until: String) throws {
    let now = Instant(recorded)!
    // And decided, a day before.
    let convened = now - .hours(30)
    var course = try Course(
      Example.convene(meetingAt: now - .hours(1)), at: convened, under: Example.policy())
    let decision = Decision(outcome: .nfa, decidedAt: convened, byRole: "chair", reason: "R1")
    try course.does(.decide(decision), at: now)
    #expect(barrier(course)?.answerUntil == Instant(until))
    // What the chair names is answered until a day after that.
    let next = now + .days(7)
    try course.does(.nameBarrier("police", .b30, by: .chair, agreed: nil), at: next)
    #expect(barrier(course)?.answerUntil == Limit.workingDays(1).end(from: next, in: Example.calendar))
  }

  @Test func theChairNamesAnotherReason() throws {
    var course = try absent()
    try course.does(.nameBarrier("police", .b30, by: .chair, agreed: nil), at: Example.at("11-25 10:00"))
    #expect(
      barrier(course)
        == Barrier(
          code: .b30, by: .chair, proposed: .b14, answerUntil: Instant("2026-11-27T00:00:00Z")!, reply: nil))
  }

  @Test(
    arguments: [
      // What it says, whether it agrees in words, when; whether that is agreement, and in time.
      (.b14, true, "15:00", true, true), (.b14, nil, "15:00", true, true),
      (.b12, nil, "15:00", false, true), (.b12, false, "11-25 23:59", false, true),
      (.b12, false, "11-26 00:01", false, false), (.b14, true, "12-24 10:00", true, false),
    ] as [(BarrierCode, Bool?, String, Bool, Bool)])
  func theAgencyAgreesOrDisputes(
    code: BarrierCode, agreed: Bool?, moment: String, agrees: Bool, isInTime: Bool
  ) throws {
    var course = try absent()
    let asked = try #require(barrier(course))
    let now = Example.at(moment)
    #expect(asked.reply == nil)
    try course.does(.nameBarrier("police", code, by: .agency, agreed: agreed), at: now)
    let answered = try #require(barrier(course))
    // The reason stands as it was given; both are kept.
    #expect(answered.code == .b14 && answered.by == .rules && answered.answerUntil == asked.answerUntil)
    #expect(answered.reply == Barrier.Reply(code: code, agreed: agrees, at: now))
    #expect((now <= answered.answerUntil) == isInTime)
  }

  @Test(arguments: [(.b12, true), (.b14, false)] as [(BarrierCode, Bool)])
  func nobodyAgreesToAReasonThatTheyHaveNotSeen(code: BarrierCode, agreed: Bool) throws {
    #expect(self.code(.nameBarrier("police", code, by: .agency, agreed: agreed), try absent()) == "other-reason")
  }

  @Test func whatTheAgencySaidOutlastsTheChairsWord() throws {
    var course = try absent()
    try course.does(.nameBarrier("police", .b05, by: .agency, agreed: false), at: Example.at("15:00"))
    try course.does(.nameBarrier("police", .b14, by: .chair, agreed: nil), at: Example.at("15:10"))
    #expect(barrier(course)?.by == .chair && barrier(course)?.proposed == .b14)
    #expect(barrier(course)?.reply == Barrier.Reply(code: .b05, agreed: false, at: Example.at("15:00")))
  }

  @Test func theAgencyAnswersTheChairToo() throws {
    var course = try absent()
    try course.does(.nameBarrier("police", .b12, by: .chair, agreed: nil), at: Example.at("15:00"))
    try course.does(.nameBarrier("police", .b12, by: .agency, agreed: nil), at: Example.at("15:10"))
    let answered = try #require(barrier(course))
    #expect(answered.by == .chair && answered.reply?.agreed == true)
    // The last word of the agency's counts.
    try course.does(.nameBarrier("police", .b10, by: .agency, agreed: nil), at: Example.at("15:20"))
    #expect(barrier(course)?.reply == Barrier.Reply(code: .b10, agreed: false, at: Example.at("15:20")))
  }

  @Test func theAgencySpeaksThoughNoReasonWasNamed() throws {
    var course = try course(
      Absence(says: "", events: reached([("09:30", acknowledges)]), code: nil))
    try course.does(Self.decides(), at: Example.at("14:40"))
    #expect(barrier(course) == nil)
    let now = Example.at("15:00")
    try course.does(.nameBarrier("police", .b12, by: .agency, agreed: nil), at: now)
    #expect(barrier(course)?.code == .b12 && barrier(course)?.by == .agency)
    #expect(barrier(course)?.reply?.code == .b12 && barrier(course)?.reply?.at == now)
  }

  /// Whoever was required and left out stands there once a reason is given.
  @Test func whoWasNeverInvitedHasAPlaceFromThen() throws {
    var course = try absent()
    #expect(course.discussion.positions.map(\.agency) == ["police", "csc", "health"])
    #expect(course.discussion.position("health")?.invited == false)
    try course.does(.nameBarrier("health", .b03, by: .agency, agreed: nil), at: Example.at("15:00"))
    #expect(barrier(course, of: "health")?.code == .b01 && barrier(course, of: "health")?.reply?.code == .b03)
  }

  @Test func aReasonIsForThoseWhoWereAbsent() throws {
    var course = try course(
      Absence(says: "", events: reached([("14:00", takesPart(.phoneLive, at: "14:00"))]), code: nil))
    for party in Party.allCases {
      #expect(code(.nameBarrier("health", .b14, by: party, agreed: nil), course) == "not-decided")
    }
    try course.does(Self.decides(), at: Example.at("14:40"))
    for party in Party.allCases {
      for (agency, expected) in [
        ("police", "not-absent"), ("school", "not-absent"), ("nobody", "unknown-agency"), ("health", "barrier"),
      ] as [(AgencyID, String)] {
        #expect(code(.nameBarrier(agency, .b14, by: party, agreed: nil), course) == expected, "\(agency)")
      }
    }
    try course.does(.close, at: Example.at("14:50"))
    #expect(code(.nameBarrier("health", .b14, by: .chair, agreed: nil), course) == "barrier")
  }
}
