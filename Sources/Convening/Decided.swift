// What the report reads of one decided discussion, and nothing else of it: a pure function of the state and its policy, kept
// as one small row, so that a year is read in one pass. It needs no calendar and no clock: the report brings those.

public struct Decided: Hashable, Sendable {
  /// How an agency took part, as far as the report tells it apart.
  public enum Part: UInt8, CaseIterable, Hashable, Sendable {
    /// In a way that counts, at or before the decision.
    case counted
    /// After the decision alone: shown beside, never counted.
    case late
    /// In time, in a way that never counts.
    case otherwise
    case absent
  }

  public struct Agency: Hashable, Sendable {
    public var agency: AgencyID
    /// By the discussion's policy.
    public var required = false
    /// A message to a place of its own was begun: not who was to be asked, who was.
    public var asked = false
    public var part = Part.absent
    /// The kind of the contribution that counts.
    public var kind: ContributionKind?
    /// Why it was absent: the reason that stands.
    public var barrier: BarrierCode?
    /// Whether the agency has named the same; nil where it has said nothing in time.
    public var agrees: Bool?
    public var wasSentRecord = false
    public var hasRecord = false
    /// When its endpoint took in the first message that asked it.
    public var reachedAt: Instant?
    /// Of its first acknowledgement, contribution or decline, when that happened.
    public var answeredAt: Instant?
    /// Messages to its own places that asked it.
    public var messages = 0

    public init(_ agency: AgencyID) { self.agency = agency }
  }

  public var policy: PolicyRef
  public var urgency: Urgency
  /// It was held before it was entered: convened asked nobody, and was told of the decision when it was told of it all.
  public var isLateEntry = false
  /// It follows another discussion: it is not the first in its sequence.
  public var continues = false
  public var convenedAt: Instant
  public var decidedAt: Instant
  public var recordedAt: Instant
  public var needIdentifiedAt: Instant?
  public var heldAt: Instant?
  /// Until when it was to be held (C2).
  public var holdBy: Instant?
  public var circulatedAt: Instant?
  /// C4
  public var circulateBy: Instant?
  public var hasReason = false
  public var followUpBy: Instant?
  public var followUpDoneAt: Instant?
  /// What C5 counts from; nil where no enquiry began.
  public var conferenceFrom: Instant?
  public var conferenceBy: Instant?
  public var conferenceHeldAt: Instant?
  public var s47StartedAt: Instant?
  /// An agency did not agree.
  public var isDissented = false
  /// The last level of the disagreement, where there was one (C11).
  public var disagreementBy: Instant?
  public var disagreementEndedAt: Instant?
  /// Whoever has a part, and whoever is required.
  public var agencies: [Agency] = []

  public init(
    policy: PolicyRef, urgency: Urgency, convenedAt: Instant, decidedAt: Instant, recordedAt: Instant
  ) {
    (self.policy, self.urgency, self.convenedAt) = (policy, urgency, convenedAt)
    (self.decidedAt, self.recordedAt) = (decidedAt, recordedAt)
  }

  /// All that the policy requires had contributed when the decision was taken.
  public var isWhole: Bool { agencies.allSatisfy { !$0.required || $0.part == .counted } }

  /// Whether a limit counts: of a late entry one that had passed when it was entered does where it is told that it was kept, or
  /// was not. Otherwise nobody here knows.
  func isKnown(_ limit: Instant, done: Instant?) -> Bool { !isLateEntry || done != nil || limit > recordedAt }

  /// When they met: as held, or where that was never recorded, as decided.
  public var metAt: Instant { heldAt ?? decidedAt }
}

extension Discussion {
  /// nil before a decision, and where it was cancelled.
  func decided(under policy: Policy) -> Decided? {
    guard phase != .cancelled, let decision, let decidedAt = decision.decidedAt, let recorded = decisionRecorded else {
      return nil
    }
    var row = Decided(
      policy: self.policy, urgency: convene.urgency, convenedAt: convenedAt, decidedAt: decidedAt, recordedAt: recorded)
    (row.isLateEntry, row.continues) = (isLateEntry, convene.follows != nil)
    (row.needIdentifiedAt, row.heldAt, row.circulatedAt) = (convene.needIdentifiedAt, heldAt, circulatedAt)
    (row.hasReason, row.followUpDoneAt) = (decision.reason != nil, followUpDoneAt)
    (row.conferenceHeldAt, row.s47StartedAt) = (conferenceHeldAt, decision.s47StartedAt)
    row.isDissented = !decision.dissent.isEmpty || decision.flags.contains(.dissent)
    for clock in startedClocks {
      switch clock.id {
      case .c2: row.holdBy = clock.due
      // It stops with whoever was sent it first.
      case .c4: (row.circulateBy, row.circulatedAt) = (clock.due, clock.stopped ?? row.circulatedAt)
      // Where it was taken over, it is counted there.
      case .c5: if clock.stopped == nil { (row.conferenceFrom, row.conferenceBy) = (clock.started, clock.due) }
      case .c11: (row.disagreementBy, row.disagreementEndedAt) = (clock.due, clock.stopped)
      case .followUp: row.followUpBy = clock.due
      case .c1, .c3, .c6, .c7, .c10: break
      }
    }
    let leftOut = policy.required.filter { position($0)?.isForgotten ?? true }
    row.agencies =
      positions.filter { !$0.isForgotten }.map { decided($0, under: policy, at: decidedAt) }
      + leftOut.map { agency in
        var part = Decided.Agency(agency)
        part.required = true
        return part
      }
    return row
  }

  private func decided(_ position: Position, under policy: Policy, at decidedAt: Instant) -> Decided.Agency {
    let agency = position.agency
    var row = Decided.Agency(agency)
    row.required = policy.required.contains(agency)
    row.asked = position.invited && position.firstAsked != nil
    let counting = counting(agency, under: policy, at: decidedAt)
    row.kind = counting?.kind
    row.part = Decided.Part(
      counts: counting != nil, of: position.contributions, under: policy, at: decidedAt)
    row.barrier = position.barrier?.code
    row.agrees = position.barrier.flatMap { barrier in
      barrier.reply.flatMap { $0.at <= barrier.answerUntil ? $0.code == barrier.code : nil }
    }
    row.wasSentRecord = circulatedTo.contains(agency)
    row.hasRecord = receipts.contains { $0.agency == agency }
    (row.reachedAt, row.answeredAt) = (position.firstReached, position.firstAnswered)
    row.messages = reminders.count { $0.agency == agency && $0.asksToTakePart }
    return row
  }
}

extension Decided.Part {
  fileprivate init(
    counts: Bool, of contributions: [Contribution], under policy: Policy, at decidedAt: Instant
  ) {
    self =
      if counts {
        .counted
      } else if contributions.contains(where: { policy.counts($0, by: decidedAt) }) {
        // Some of its units were heard in time, and not all.
        .otherwise
      } else if contributions.contains(where: { $0.occurred > decidedAt || $0.kind == .afterDecision }) {
        .late
      } else {
        contributions.isEmpty ? .absent : .otherwise
      }
  }
}

extension Reminder {
  /// Whether it asks its agency to take part: to a place of its own, before the meeting.
  var asksToTakePart: Bool {
    guard !place.isTold else { return false }
    switch message {
    case .invitation, .reminder, .rescheduled: return true
    case .attention, .concluded, .cancelled, .answered, .handover, .reviewDue, .ping: return false
    }
  }
}
