// Every command in every phase: what it leads to, or why it is refused. And what else a command may be refused for.
import Testing

@testable import Convening

@Suite struct DecideTests {
  /// Names of the events, or the refusal's code.
  private func outcome(_ command: Command, _ discussion: Discussion, _ policy: Policy = Example.policy()) -> String {
    do throws(Refusal) {
      let events = try discussion.decide(command, now: Example.now, policy: policy, Example.circumstances)
      return events.map(\.word).joined(separator: " ")
    } catch {
      return error.code
    }
  }

  private static let reschedule = Command.reschedule(meetingAt: Example.meeting + .hours(1), reason: "room")
  private static let acknowledge = Command.acknowledge("police", byRole: "sergeant", via: .phone, at: nil)
  private static let contribute = Command.contribute("police", .phoneLive, byRole: "sergeant", via: .phone, at: nil)
  private static let decline = Command.decline("police", .b10, byRole: "sergeant", at: nil)
  private static let circulate = Command.circulate(to: ["police"], at: nil)
  private static let cancel = Command.cancel(reason: "no longer needed")

  /// In the order scheduled, held, decided, circulated, closed, cancelled.
  @Test(
    arguments: [
      (
        reschedule,
        [
          "rescheduled ladder ladder", "already-held", "already-decided", "already-decided", "already-closed",
          "already-cancelled",
        ]
      ),
      (
        acknowledge,
        ["acknowledged", "acknowledged", "acknowledged", "acknowledged", "already-closed", "already-cancelled"]
      ),
      // In the very moment of the decision: it was not missing then.
      (
        contribute,
        [
          "contributed", "contributed", "contributed settled", "contributed settled", "contributed settled",
          "already-cancelled",
        ]
      ),
      (
        .contribute("police", .afterDecision, byRole: "sergeant", via: .phone, at: nil),
        ["not-decided", "not-decided", "contributed", "contributed", "contributed", "already-cancelled"]
      ),
      (
        .confirm("police", byRole: nil),
        [
          "nothing-to-confirm", "nothing-to-confirm", "nothing-to-confirm", "nothing-to-confirm", "nothing-to-confirm",
          "already-cancelled",
        ]
      ),
      (
        decline,
        ["declined ladder", "declined", "already-decided", "already-decided", "already-closed", "already-cancelled"]
      ),
      (
        Example.held,
        ["held", "already-held", "already-decided", "already-decided", "already-closed", "already-cancelled"]
      ),
      (
        Example.decided,
        [
          "decided clock barrier barrier barrier", "decided clock barrier barrier barrier", "already-decided",
          "already-decided", "already-closed", "already-cancelled",
        ]
      ),
      (circulate, ["not-decided", "not-decided", "circulated", "circulated", "circulated", "already-cancelled"]),
      (
        cancel, ["cancelled", "cancelled", "already-decided", "already-decided", "already-closed", "already-cancelled"]
      ),
      (.close, ["not-decided", "not-decided", "closed", "closed", "already-closed", "already-cancelled"]),
      (
        .sendDetails("police", .contact, at: nil),
        ["details", "details", "details", "details", "details", "already-cancelled"]
      ),
      (
        .call("police", number: "0113 496 0150", .noReply, byRole: "team manager", at: nil),
        ["call", "call", "call", "call", "call", "already-cancelled"]
      ),
      (
        .nameBarrier("police", .b10, by: .chair, agreed: nil),
        ["not-decided", "not-decided", "barrier", "barrier", "barrier", "already-cancelled"]
      ),
      (
        .receive("police", at: nil),
        ["not-decided", "not-decided", "not-circulated", "receipt", "not-circulated", "already-cancelled"]
      ),
      (
        .conference(heldAt: nil),
        ["not-decided", "not-decided", "conference", "conference", "conference", "already-cancelled"]
      ),
      (
        .followUp(doneAt: nil, byRole: "chair"),
        ["not-decided", "not-decided", "follow-up", "follow-up", "follow-up", "already-cancelled"]
      ),
      (
        .startClock(.c6, at: Example.now - .days(30)),
        ["no-limit", "no-limit", "no-limit", "no-limit", "no-limit", "already-cancelled"]
      ),
      (
        .stopClock(.c6, at: Example.now),
        [
          "clock-not-running", "clock-not-running", "clock-not-running", "clock-not-running", "clock-not-running",
          "clock-not-running",
        ]
      ),
    ] as [(Command, [String])]) func everyCommandInEveryPhase(command: Command, outcomes: [String]) throws
  {
    for (phase, expected) in zip(Phase.allCases, outcomes) {
      #expect(outcome(command, try Example.discussion(in: phase)) == expected, "\(phase)")
    }
  }

  @Test(
    arguments: [
      (Command.acknowledge("health", byRole: "nurse", via: .phone, at: nil), "agency-not-invited"),
      (.acknowledge("police", byRole: "sergeant", via: .link, at: Example.now + .minutes(5)), "acknowledged ladder"),
      (.acknowledge("police", byRole: "sergeant", via: .phone, at: Example.now + .minutes(6)), "in-the-future"),
      (.acknowledge("police", byRole: "sergeant", via: .phone, at: Example.now + .minutes(5)), "acknowledged ladder"),
      (.contribute("nobody", .video, byRole: "officer", via: .api, at: nil), "unknown-agency"),
      (.acknowledge("nobody", byRole: "officer", via: .api, at: nil), "unknown-agency"),
      (.decline("nobody", .b32, byRole: "officer", at: nil), "unknown-agency"),
      (.contribute("school", .video, byRole: "teacher", via: .api, at: nil), "contributed"),
      (
        .contribute("police", .video, byRole: "officer", via: .link, at: Example.now + .minutes(5)),
        "contributed ladder"
      ),
      (.confirm("nobody", byRole: nil), "unknown-agency"),
      (.contribute("police", .video, byRole: "officer", via: .api, at: Example.now + .hours(1)), "in-the-future"),
      (.contribute("police", .video, byRole: "officer", via: .api, at: Example.now - .days(8)), "too-long-before"),
      (.contribute("police", .video, byRole: "officer", via: .api, at: Example.now - .days(6)), "contributed"),
      (.decline("health", .b10, byRole: "nurse", at: nil), "agency-not-invited"),
      (.decline("police", .b14, byRole: "officer", at: nil), "not-the-agencys"),
      (.decline("police", .b02, byRole: "officer", at: nil), "not-the-agencys"),
      (.decline("police", .b99, byRole: "officer", at: nil), "declined ladder"),
      (
        .decide(Decision(outcome: .nfa, decidedAt: Example.now - .days(40), byRole: "chair", reason: "R1")),
        "too-long-before"
      ),
      (.hold(heldAt: Example.now + .hours(1), form: nil, decision: nil), "in-the-future"),
      (
        .hold(heldAt: nil, form: .phone, decision: Decision(outcome: .nfa, byRole: "chair", reason: "R1")),
        "held decided clock barrier barrier barrier"
      ),
      (.hold(heldAt: nil, form: nil, decision: Decision(outcome: .nfa, byRole: "chair")), "reason-required"),
      (.decide(Decision(outcome: .nfa, byRole: "chair")), "reason-required"),
      (
        .decide(Decision(outcome: .nfa, decidedAt: Example.now + .hours(1), byRole: "chair", reason: "R1")),
        "in-the-future"
      ),
      (.decide(Decision(outcome: .nfa, byRole: "chair", dissent: ["nobody"], reason: "R1")), "unknown-agency"),
      (
        .decide(Decision(outcome: .s47Joint, byRole: "chair", reason: "R1", s47StartedAt: Example.now + .hours(1))),
        "in-the-future"
      ),
      (.reschedule(meetingAt: Example.now - .minutes(6), reason: "room"), "meeting-past"),
      (.reschedule(meetingAt: Example.now - .minutes(5), reason: "room"), "rescheduled ladder ladder"),
    ] as [(Command, String)]) func whatElseIsRefused(command: Command, expected: String) throws
  {
    #expect(outcome(command, try Example.scheduled()) == expected)
  }

  @Test func whoHasContributedDoesNotDecline() throws {
    let contribution = Event.contributionRecorded(
      "police", .video, byRole: "officer", via: .api, occurred: Example.now)
    let discussion = try #require(Example.fold([contribution], onto: try Example.scheduled()))
    #expect(outcome(.decline("police", .b10, byRole: "officer", at: nil), discussion) == "already-contributed")
  }

  @Test func aReasonIsNeededOnlyWhereThePolicySaysSo() throws {
    let command = Command.decide(Decision(outcome: .nfa, byRole: "chair"))
    #expect(outcome(command, try Example.scheduled(), Example.policy(reasonWithoutAll: false)).hasPrefix("decided"))
    let contributions = (["csc", "police", "health"] as [AgencyID]).map {
      Event.contributionRecorded($0, .video, byRole: "officer", via: .api, occurred: Example.now)
    }
    let all = try #require(Example.fold(contributions, onto: try Example.scheduled()))
    #expect(outcome(command, all) == "decided clock")
  }

  @Test(
    arguments: [
      (Example.convene(), "convened ladder ladder"), (Example.convene(agencies: nil), "convened ladder ladder ladder"),
      (Example.convene(agencies: []), "convened"),
      (Example.convene(agencies: ["police", "police"]), "convened ladder"),
      (Example.convene(agencies: ["nobody"]), "unknown-agency"),
      (Example.convene(urgency: .urgent), "no-urgent-ladder"),
      (Example.convene(meetingAt: Example.now - .minutes(5)), "convened ladder ladder"),
      (Example.convene(meetingAt: Example.now - .minutes(6)), "meeting-past"),
      (Example.convene(need: Example.now + .minutes(6)), "in-the-future"),
    ] as [(Convene, String)]) func convening(convene: Convene, expected: String)
  {
    let result: String
    do throws(Refusal) {
      let events = try decide(
        convene: convene, firstBody: Fingerprint(high: 0, low: 0), now: Example.now, Example.circumstances)
      result = events.map(\.word).joined(separator: " ")
    } catch {
      result = error.code
    }
    #expect(result == expected)
  }

  @Test func whatIsUrgentClimbsTheUrgentLadder() throws {
    var policies = Policies()
    policies.adopt(Example.policy(urgent: Example.urgent), as: Example.ref)
    let known = Circumstances(policies: policies, offered: ["p"], arrangements: Example.arrangements)
    func steps(_ urgency: Urgency) throws -> [StepName] {
      let events = try decide(
        convene: Example.convene(meetingAt: Example.now + .minutes(50), urgency: urgency, agencies: ["csc"]),
        firstBody: Fingerprint(high: 0, low: 0), now: Example.now, known)
      guard case .ladderPlanned(_, .convened, let rungs)? = events.last else { return [] }
      return rungs.map(\.step)
    }
    #expect(try steps(.urgent) == ["ask", "chase", "lead", "ring"])
    #expect(try steps(.standard) == ["ask", "day", "soon"])
  }

  @Test func withoutAPolicyNothingIsConvened() {
    #expect(throws: Refusal.noPolicy) {
      try decide(
        convene: Example.convene(), firstBody: Fingerprint(high: 0, low: 0), now: Instant("2025-12-31T12:00:00Z")!,
        Example.circumstances)
    }
  }

  @Test func aQuorumIsWhatCountedWhenTheDecisionWasTaken() throws {
    let before = Event.contributionRecorded(
      "police", .video, byRole: "officer", via: .api, occurred: Example.now - .minutes(1))
    let relayed = Event.contributionRecorded(
      "csc", .verbalRelayed, byRole: "officer", via: .api, occurred: Example.now - .minutes(1))
    let after = Event.contributionRecorded(
      "health", .video, byRole: "nurse", via: .api, occurred: Example.now + .minutes(1))
    let decided = Event.decided(Decision(outcome: .nfa, decidedAt: Example.now, byRole: "chair"), missing: [])
    let discussion = try #require(Example.fold([before, relayed, decided, after], onto: try Example.scheduled()))
    #expect(discussion.quorum(under: Example.policy()).missing == ["csc", "health"])
    let rows = discussion.rows(under: Example.policy())
    #expect(rows.discussion.quorate == false)
    #expect(rows.positions.filter(\.counts).map(\.agency) == ["police"])
    #expect(rows.positions.map(\.invited) == [true, true, false])
  }

  /// A decision typed as "09:00" is of that minute, and what was recorded before it was there when it was taken.
  @Test(
    arguments: [
      // In the minute, or the second, in which it says that it was taken.
      ("a whole minute", 0, 20_400, .video, 20_400), ("a whole second", 7000, 7400, .video, 7400),
      ("to the millisecond", 7001, 7400, .video, 7001), ("the next minute", 0, 60_000, .video, 0),
      ("the next second", 7000, 8000, .video, 7000), ("before it", 0, -400, .video, 0),
      ("after the decision, in its own words", 0, 20_400, .afterDecision, 0),
      ("a way that does not count", 0, 20_400, .mashCheckOnly, 0),
      ("told for a moment ahead", 60_000, 100_000, .video, 60_000),
    ] as [(String, Int64, Int64, ContributionKind, Int64)])
  func whatWasRecordedInTheMinuteOfTheDecisionWasThere(
    what: String, decided: Int64, contributed: Int64, kind: ContributionKind, taken: Int64
  ) throws {
    func at(_ milliseconds: Int64) -> Instant { Example.now + Elapsed(milliseconds: milliseconds) }
    let contribution = Event.contributionRecorded(
      "police", kind, byRole: "officer", via: .api, occurred: at(contributed))
    let discussion = try #require(Example.fold([contribution], onto: try Example.scheduled()))
    let events = try discussion.decide(
      .decide(Decision(outcome: .nfa, decidedAt: at(decided), byRole: "chair", reason: "R1")), now: at(90_000),
      policy: Example.policy(), Example.circumstances)
    guard case .decided(let decision, let missing)? = events.first else { throw Refusal.notFound }
    #expect(decision.decidedAt == at(taken), "\(what)")
    #expect(missing.contains("police") == (kind != .video || contributed > taken), "\(what)")
  }

  /// What had to follow, typed in the minute of the decision, is not before it.
  @Test func whatFollowsInTheSameMinuteIsNotBeforeTheDecision() throws {
    let decided = Example.now + .seconds(20)
    let events = [
      Event.decided(Decision(outcome: .nfa, decidedAt: decided, byRole: "chair", reason: "R1"), missing: ["csc"])
    ]
    let discussion = try #require(Example.fold(events, onto: try Example.scheduled()))
    func done(_ at: Instant) throws -> [Event] {
      try discussion.decide(
        .followUp(doneAt: at, byRole: "manager"), now: Example.now + .minutes(5), policy: Example.policy(),
        Example.circumstances)
    }
    #expect(try done(Example.now) == [.followUpDone(byRole: "manager", occurred: decided)])
    #expect(throws: Refusal.beforeStart(field: "done_at")) { try done(Example.now + .seconds(19)) }
    #expect(throws: Refusal.beforeStart(field: "done_at")) { try done(Example.now - .minutes(1)) }
  }

  /// Whoever asks twice asks for nothing new, and nobody is told a second time.
  @Test func theSameTimeAgainIsRecordedAlready() throws {
    let discussion = try Example.scheduled()
    let meeting = try #require(discussion.meetingAt)
    func reschedule(_ moment: Instant) throws -> [Event] {
      try discussion.decide(
        .reschedule(meetingAt: moment, reason: "room"), now: Example.now, policy: Example.policy(),
        Example.circumstances)
    }
    #expect(throws: Refusal.alreadyRecorded) { try reschedule(meeting) }
    #expect(try !reschedule(meeting + .minutes(1)).isEmpty)
  }
}

extension Event {
  /// A short word for the tables.
  var word: String {
    switch self {
    case .convened: "convened"
    case .ladderPlanned: "ladder"
    case .rescheduled: "rescheduled"
    case .acknowledged: "acknowledged"
    case .contributionRecorded: "contributed"
    case .contributionConfirmed: "confirmed"
    case .declined: "declined"
    case .held: "held"
    case .decided: "decided"
    case .circulated: "circulated"
    case .cancelled: "cancelled"
    case .closed: "closed"
    case .detailsSent: "details"
    case .telephoned: "call"
    case .barrierProposed, .barrierNamed: "barrier"
    case .absenceSettled: "settled"
    case .receiptRecorded: "receipt"
    case .conferenceHeld: "conference"
    case .followUpDone: "follow-up"
    case .clockStarted: "clock"
    case .clockMoved: "clock moved"
    case .clockStopped: "clock stopped"
    case .acknowledgementLapsed: "lapsed"
    case .closingMoved, .policyPinned, .placeSkipped, .rungsPassed, .attemptBegan, .attemptEnded, .attemptLost,
      .reminderExpired, .resendRequested, .routeStopped, .routeEnabled, .policyAdopted, .calendarAdopted, .started,
      .stopping, .paused, .resumed, .clockStepped, .breakAccepted, .erased, .handedOver, .rotaSet, .coverSet,
      .snapshotTaken, .feedHeard:
      "another"
    case .contactReceived: "contact"
    case .contactAmended: "amended"
    case .contactOutcome: "outcome"
    case .contactReviewed: "review"
    case .reviewMoved: "review moved"
    case .corrected: "corrected"
    }
  }
}
