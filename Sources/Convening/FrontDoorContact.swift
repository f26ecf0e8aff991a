// One front-door contact as the fold of its entries: when it was received, by when it has to be looked at, what came of it.
// A value; it says that there is an outcome to everybody, and which one only where outcomes are shown.

public struct FrontDoorContact: Hashable, Sendable {
  /// What came of it, by whom.
  public struct Outcome: Hashable, Sendable {
    public let outcome: ContactOutcome
    public let byRole: String
    public let discussion: DiscussionID?
    public let occurred: Instant
    public let recorded: Instant
  }

  /// Somebody in charge has looked at it.
  public struct Review: Hashable, Sendable {
    public let byRole: String
    public let occurred: Instant
    public let recorded: Instant
  }

  public let id: ContactID
  public internal(set) var revision: Int
  public internal(set) var facts: ContactFacts
  /// When it was first told of.
  public let recordedAt: Instant
  public internal(set) var due: ReviewDue
  /// Since when `due` is what it is.
  public internal(set) var dueSince: Instant
  /// The latest one that was told.
  public internal(set) var outcome: Outcome?
  /// The first one: it ended the alarm.
  public internal(set) var review: Review?
  public internal(set) var marks: [IdempotencyMark] = []

  init(id: ContactID, revision: Int, facts: ContactFacts, due: ReviewDue, recordedAt: Instant) {
    (self.id, self.revision, self.facts, self.due) = (id, revision, facts, due)
    (self.recordedAt, dueSince) = (recordedAt, recordedAt)
  }

  /// Whether it waits for an outcome or a review.
  public var isOpen: Bool { outcome == nil && review == nil }

  /// From when it stands on the review queue: past its time, and known to be. nil where it waits for nobody.
  public var queuedFrom: Instant? { isOpen ? max(due.at, dueSince) : nil }

  /// When its clock (C9) stopped: the first of outcome and review.
  public var stoppedAt: Instant? { [outcome?.occurred, review?.occurred].compactMap(\.self).min() }
}

/// What lists, counts and reports read of a contact: a pure function of it, written in the transaction of its entries.
public struct ContactRow: Hashable, Sendable {
  public var id: ContactID
  public var team: TeamID
  public var receivedAt: Instant
  public var recordedAt: Instant
  public var reviewDue: Instant
  public var provisional: Bool
  public var outcome: ContactOutcome?
  public var outcomeAt: Instant?
  public var discussion: DiscussionID?
  public var reviewedAt: Instant?

  public init(
    id: ContactID, team: TeamID, receivedAt: Instant, recordedAt: Instant, reviewDue: Instant, provisional: Bool,
    outcome: ContactOutcome? = nil, outcomeAt: Instant? = nil, discussion: DiscussionID? = nil,
    reviewedAt: Instant? = nil
  ) {
    (self.id, self.team, self.receivedAt, self.recordedAt) = (id, team, receivedAt, recordedAt)
    (self.reviewDue, self.provisional, self.outcome, self.outcomeAt) = (reviewDue, provisional, outcome, outcomeAt)
    (self.discussion, self.reviewedAt) = (discussion, reviewedAt)
  }

  /// Where a contact stands, the strongest first.
  public enum State: String, CaseIterable, Hashable, Sendable {
    /// Neither outcome nor review, and in time.
    case open
    /// Neither, and past its time.
    case due
    /// Looked at by a named role; an outcome is still to come.
    case reviewed
    case outcome
  }

  public func state(at now: Instant) -> State {
    if outcomeAt != nil { return .outcome }
    if reviewedAt != nil { return .reviewed }
    return reviewDue <= now ? .due : .open
  }
}

extension FrontDoorContact {
  public var row: ContactRow {
    ContactRow(
      id: id, team: facts.team, receivedAt: facts.receivedAt, recordedAt: recordedAt, reviewDue: due.at,
      provisional: due.provisional, outcome: outcome?.outcome, outcomeAt: outcome?.occurred,
      discussion: outcome?.discussion, reviewedAt: review?.occurred)
  }
}
