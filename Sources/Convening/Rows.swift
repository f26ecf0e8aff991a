// What lists, search and reports read: a few columns per discussion and per agency in it. A pure function of the state,
// written in the transaction of the entries, disposable: a rebuild from the journal gives the same.

/// What a row's `meetingAt` is.
public enum Timing: String, CaseIterable, Hashable, Sendable {
  case planned
  /// There is no time yet: until when an answer helps.
  case asSoonAsTheyAnswer = "as_soon_as_they_answer"
  /// It was held before it was entered.
  case lateEntry = "late_entry"
}

public struct DiscussionRow: Hashable, Sendable {
  public var id: DiscussionID
  public var phase: Phase
  public var urgency: Urgency
  public var form: Form
  public var team: TeamID
  public var policy: PolicyRef
  public var meetingAt: Instant
  public var timing: Timing
  /// In whole minutes. 1...
  public var durationMinutes: Int
  public var needIdentifiedAt: Instant?
  public var convenedAt: Instant
  public var heldAt: Instant?
  public var decidedAt: Instant?
  public var decisionRecorded: Instant?
  public var outcome: Outcome?
  /// All required agencies had contributed, in a way that counts, when the decision was taken. nil before a decision.
  public var quorate: Bool?

  public init(
    id: DiscussionID, phase: Phase, urgency: Urgency, form: Form, team: TeamID, policy: PolicyRef,
    meetingAt: Instant, timing: Timing = .planned, durationMinutes: Int, needIdentifiedAt: Instant?,
    convenedAt: Instant, heldAt: Instant?,
    decidedAt: Instant?, decisionRecorded: Instant?, outcome: Outcome?, quorate: Bool?
  ) {
    (self.id, self.phase, self.urgency, self.form) = (id, phase, urgency, form)
    (self.team, self.policy, self.meetingAt, self.durationMinutes) = (team, policy, meetingAt, durationMinutes)
    (self.needIdentifiedAt, self.convenedAt, self.heldAt) = (needIdentifiedAt, convenedAt, heldAt)
    self.timing = timing
    (self.decidedAt, self.decisionRecorded, self.outcome, self.quorate) = (
      decidedAt, decisionRecorded, outcome, quorate
    )
  }
}

public struct PositionRow: Hashable, Sendable {
  public var discussion: DiscussionID
  public var agency: AgencyID
  /// By the discussion's policy.
  public var required: Bool
  public var invited: Bool
  public var askedAt: Instant?
  public var acknowledgedAt: Instant?
  /// The first contribution that counts; else the first of any kind.
  public var contribution: ContributionKind?
  public var contributedAt: Instant?
  /// A counting contribution exists, at or before the decision where there is one.
  public var counts: Bool
  public var declined: BarrierCode?

  public init(
    discussion: DiscussionID, agency: AgencyID, required: Bool, invited: Bool, askedAt: Instant?,
    acknowledgedAt: Instant?, contribution: ContributionKind?, contributedAt: Instant?, counts: Bool,
    declined: BarrierCode?
  ) {
    (self.discussion, self.agency, self.required, self.invited) = (discussion, agency, required, invited)
    (self.askedAt, self.acknowledgedAt, self.contribution) = (askedAt, acknowledgedAt, contribution)
    (self.contributedAt, self.counts, self.declined) = (contributedAt, counts, declined)
  }
}

/// The rows of one discussion.
public struct Rows: Hashable, Sendable {
  public var discussion: DiscussionRow
  public var positions: [PositionRow]
  /// What the report reads; nil before a decision.
  public var decided: Decided?

  public init(discussion: DiscussionRow, positions: [PositionRow], decided: Decided? = nil) {
    (self.discussion, self.positions, self.decided) = (discussion, positions, decided)
  }
}

extension Decided {
  /// What rows still tell of a discussion whose entries were erased before there were such rows: who counted, and when.
  public init?(leftOf rows: Rows) {
    let row = rows.discussion
    guard row.phase != .cancelled, let decidedAt = row.decidedAt, let recorded = row.decisionRecorded else {
      return nil
    }
    self.init(
      policy: row.policy, urgency: row.urgency, convenedAt: row.convenedAt, decidedAt: decidedAt, recordedAt: recorded)
    (needIdentifiedAt, heldAt) = (row.needIdentifiedAt, row.heldAt)
    agencies = rows.positions.map { position in
      var agency = Agency(position.agency)
      agency.required = position.required
      agency.asked = position.invited && position.askedAt != nil
      agency.kind = position.counts ? position.contribution : nil
      agency.part =
        if position.counts { .counted } else { position.contribution == nil ? .absent : .otherwise }
      return agency
    }
  }
}

extension Event {
  /// Whether anything that the rows show may be another after it. Most attempts change nothing of it.
  public func changesRows(of discussion: Discussion?) -> Bool {
    switch self {
    case .convened, .rescheduled, .acknowledged, .contributionRecorded, .contributionConfirmed, .declined, .held,
      .decided, .circulated, .cancelled, .closed, .barrierProposed, .barrierNamed, .policyPinned,
      .acknowledgementLapsed, .absenceSettled, .corrected:
      true
    case .attemptBegan(_, _, _, let opening):
      // The first message to an agency.
      opening.map { discussion?.position($0.agency)?.firstAsked == nil } ?? false
    case .detailsSent(_, _, _, _, let unit, _):
      // The agency may not count any more, or decline no more.
      unit != nil
    case .receiptRecorded, .conferenceHeld, .followUpDone, .clockStarted, .clockMoved, .clockStopped:
      // The report reads of what was decided alone; a decision brings what stood before it.
      discussion?.decision != nil
    case .attemptEnded(let reminder, _, let answer, _):
      // One that was on its way when it was decided.
      answer.verdict == .accepted && discussion?.decision != nil
        && discussion?.reminders.contains { $0.id == reminder && $0.asksToTakePart } ?? false
    case .closingMoved, .telephoned, .handedOver, .rotaSet, .coverSet, .ladderPlanned, .placeSkipped,
      .rungsPassed, .attemptLost, .reminderExpired, .resendRequested, .routeStopped, .routeEnabled, .policyAdopted,
      .calendarAdopted, .started, .stopping, .paused, .resumed, .clockStepped, .breakAccepted, .erased,
      .contactReceived, .contactAmended, .contactOutcome, .contactReviewed, .reviewMoved, .feedHeard, .snapshotTaken:
      false
    }
  }
}
