// What is recorded beside the ladder and after the decision: details sent, calls, reasons for absence, receipts, the
// conference, the follow-up, and the clocks that run outside of convened. All of it may come late: only a cancelled
// discussion takes nothing more.

/// A referral, or a disagreement, may lie so long before it is told.
private let longestBeforeAClock = Elapsed.days(400)

extension Discussion {
  func recordDetails(
    _ agency: AgencyID, _ place: Place, _ unit: UnitID?, _ at: Instant?, _ now: Instant, _ policy: Policy,
    _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    guard phase != .cancelled else { throw .alreadyCancelled }
    try invited(agency, circumstances)
    try known(unit, of: agency, circumstances)
    let occurred = try moment(at, "at", now)
    let route = circumstances.arrangements.holder(place, of: agency, at: occurred)
    let sent = Event.detailsSent(
      agency, place, route: route, occurred: occurred, unit: unit,
      needed: waits(for: unit, of: agency, circumstances.arrangements))
    return [sent] + following(sent, of: agency, now, policy, circumstances.arrangements)
  }

  func recordCall(
    _ agency: AgencyID, _ number: String, _ result: CallResult, _ byRole: String, _ at: Instant?, _ now: Instant,
    _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    guard phase != .cancelled else { throw .alreadyCancelled }
    try known(agency, "agency", circumstances)
    return [.telephoned(agency, number: number, result, byRole: byRole, occurred: try moment(at, "at", now))]
  }

  func nameBarrier(
    _ agency: AgencyID, _ code: BarrierCode, by party: Party, agreed: Bool?, _ now: Instant,
    _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    try onceDecided()
    try known(agency, "agency", circumstances)
    guard missingAtDecision.contains(agency) else { throw .notAbsent }
    let standing = position(agency)?.barrier
    let until = Discussion.answerUntil(now, circumstances.arrangements.calendar)
    switch party {
    case .chair: return [.barrierNamed(agency, code, by: .chair, agreed: nil, answerUntil: until)]
    case .agency:
      // It speaks first: there is nothing to dispute yet.
      guard let standing else {
        return [.barrierNamed(agency, code, by: .agency, agreed: true, answerUntil: until)]
      }
      // Nobody agrees to a reason that they have not seen.
      let agrees = standing.code == code
      if let agreed, agreed != agrees { throw .otherReason(standing: standing.code) }
      return [.barrierNamed(agency, code, by: .agency, agreed: agrees, answerUntil: nil)]
    }
  }

  /// When it went out, or was received: not before it was decided. Which of several circulations a receipt is of, nobody tells.
  func momentOnceDecided(_ at: Instant?, _ now: Instant) throws(Refusal) -> Instant {
    let told = try moment(at, "at", now)
    guard let decidedAt = decision?.decidedAt else { return told }
    if at != nil, told.unitEnd <= decidedAt { throw .beforeStart(field: "at") }
    return max(told, decidedAt)
  }

  func recordReceipt(
    _ agency: AgencyID, _ at: Instant?, _ now: Instant, _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    try onceDecided()
    try known(agency, "agency", circumstances)
    guard circulatedTo.contains(agency) else { throw .notCirculated }
    guard !receipts.contains(where: { $0.agency == agency }) else { throw .alreadyRecorded }
    return [.receiptRecorded(agency, occurred: try momentOnceDecided(at, now))]
  }

  func recordConference(
    _ heldAt: Instant?, _ now: Instant, _ policy: Policy, _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    try onceDecided()
    guard conferenceHeldAt == nil else { throw .alreadyRecorded }
    if conferenceGoesOn { throw .conferenceElsewhere(in: conferenceGoesOnIn) }
    let occurred = try moment(heldAt, "held_at", now)
    if let met = self.heldAt ?? decision?.decidedAt, occurred < met { throw .beforeStart(field: "held_at") }
    return [.conferenceHeld(occurred: occurred)]
      + startingOnce(.c7, at: occurred, policy, circumstances.arrangements.calendar)
  }

  func recordFollowUp(_ doneAt: Instant?, _ byRole: String, _ now: Instant) throws(Refusal) -> [Event] {
    try onceDecided()
    guard !missingAtDecision.isEmpty else { throw .nothingToFollowUp }
    guard followUpDoneAt == nil else { throw .alreadyRecorded }
    let occurred = try moment(doneAt, "done_at", now)
    let decided = decision?.decidedAt ?? occurred
    guard occurred.unitEnd > decided else { throw .beforeStart(field: "done_at") }
    return [.followUpDone(byRole: byRole, occurred: max(occurred, decided))]
  }

  /// A disagreement that rises starts the clock of its next level; any other clock starts once.
  func start(
    _ clock: ClockID, _ at: Instant, _ now: Instant, _ policy: Policy, _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    guard phase != .cancelled else { throw .alreadyCancelled }
    let start = try moment(at, "started_at", now, longest: longestBeforeAClock)
    let earlier = startedClocks.count { $0.id == clock }
    guard clock == .c11 || earlier == 0 else { throw .alreadyRecorded }
    let events = policy.starting(
      clock, at: start, level: earlier + 1, for: convene.urgency, circumstances.arrangements.calendar)
    guard !events.isEmpty else { throw .noLimit }
    let last = startedClocks.last { $0.id == clock }
    if let last, start < last.started { throw .beforeStart(field: "started_at") }
    let isRunning = last.map { $0.stopped == nil } ?? false
    return (isRunning ? [.clockStopped(clock, occurred: start)] : []) + events
  }

  func stop(_ clock: ClockID, _ at: Instant, _ now: Instant) throws(Refusal) -> [Event] {
    guard let last = startedClocks.last(where: { $0.id == clock }), last.stopped == nil else {
      throw .clockNotRunning
    }
    let stopped = try moment(at, "stopped_at", now, longest: longestBeforeAClock)
    guard stopped.unitEnd > last.started else { throw .beforeStart(field: "stopped_at") }
    return [.clockStopped(clock, occurred: max(stopped, last.started))]
  }

  /// What a decision starts: it is recorded, it is to be circulated, and what follows on it. An urgent discussion starts C10
  /// when it is held, or with its decision where that is all that is recorded.
  ///
  /// - Parameter heldAt: where it is recorded as held in the same breath, which has started C10.
  func clocksOfDeciding(
    at decidedAt: Instant, heldAt: Instant?, missing: [AgencyID], _ policy: Policy, _ calendar: WorkingCalendar
  ) -> [Event] {
    var events = startingOnce(.c3, at: decidedAt, policy, calendar) + startingOnce(.c4, at: decidedAt, policy, calendar)
    if heldAt == nil { events += clocksOfHolding(at: self.heldAt ?? decidedAt, policy, calendar) }
    if !missing.isEmpty { events += startingOnce(.followUp, at: decidedAt, policy, calendar) }
    return events
  }

  /// C5 is a part of the decision: an entry of its own, hidden or not, would tell what was decided.
  /// Where an earlier discussion of the sequence began the enquiry, and there was no conference since, the policy says which
  /// of the two it counts from.
  ///
  /// - Parameter earlier: those before it in its sequence, the nearest first.
  func conference(
    after decision: Decision, heldAt: Instant, earlier: [Discussion], _ policy: Policy, _ calendar: WorkingCalendar
  ) -> ConferenceDue? {
    guard let limit = policy.limit(of: .c5, for: convene.urgency) else { return nil }
    let begun = earlier.prefix { $0.conferenceHeldAt == nil }.last { $0.decision?.outcome.isEnquiry ?? false }
    let from: Instant
    switch policy.conferenceFrom {
    case .initiating:
      guard decision.outcome.isEnquiry else { return nil }
      from = begun.flatMap { $0.heldAt ?? $0.decision?.decidedAt } ?? heldAt
    case .last:
      guard decision.outcome.isEnquiry || begun != nil else { return nil }
      from = heldAt
    }
    let (due, provisional) = limit.due(from: from, in: calendar)
    return ConferenceDue(from: from, due: due, provisional: provisional)
  }

  /// The clock of the conference runs here, and goes on in a later discussion of the sequence.
  public var awaitsConference: Bool { clocks.contains { $0.id == .c5 && $0.stopped == nil } }

  /// Whether a later discussion of the sequence goes on with the clock of the conference.
  public var conferenceGoesOn: Bool { startedClocks.last { $0.id == .c5 }?.goesOn ?? false }

  /// That discussion; nil too where an older version did not say which.
  public var conferenceGoesOnIn: DiscussionID? { startedClocks.last { $0.id == .c5 }?.goesOnIn }

  /// The clock of the conference runs here again, since the decision that went on with it was put right; nil where it went on
  /// in another than `later`.
  public func conferenceComesBack(
    from later: DiscussionID, under policy: Policy, in calendar: WorkingCalendar
  ) -> Event? {
    guard let clock = startedClocks.last(where: { $0.id == .c5 }), clock.goesOnIn == later else { return nil }
    let (due, provisional) =
      policy.limit(of: .c5, for: convene.urgency)?.due(from: clock.started, in: calendar)
      ?? (clock.due, clock.provisional)
    return .clockStarted(.c5, occurred: clock.started, due: due, provisional: provisional, level: 1)
  }

  func clocksOfHolding(at held: Instant, _ policy: Policy, _ calendar: WorkingCalendar) -> [Event] {
    startedClocks.contains { $0.id == .c10 } ? [] : policy.afterHolding(at: held, for: convene.urgency, calendar)
  }
}

extension Policy {
  /// The clock that holding starts.
  func afterHolding(at held: Instant, for urgency: Urgency, _ calendar: WorkingCalendar) -> [Event] {
    urgency == .urgent ? starting(.c10, at: held, for: urgency, calendar) : []
  }
}

extension Outcome {
  /// Whether it begins an enquiry under section 47 that may lead to a conference.
  var isEnquiry: Bool {
    switch self {
    case .s47Joint, .s47SingleCSC: true
    case .policeSingle, .assessmentContinuesS17, .earlyHelp, .nfa, .furtherDiscussion, .transferredOtherAuthority: false
    }
  }
}
