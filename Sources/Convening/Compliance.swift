// What a service manager looks at on Monday: where the rules of the house were not kept since then, or are not kept now. A pure
// function of rows, of the clocks that run, and of a moment; it judges nobody and stops nothing.

/// What is read of a discussion that was decided, whether it is open or not.
public struct DecidedDiscussion: Hashable, Sendable {
  public var id: DiscussionID
  public var team: TeamID
  /// It was held before it was entered.
  public var isLateEntry: Bool
  public var decided: Decided

  public init(id: DiscussionID, team: TeamID, isLateEntry: Bool, decided: Decided) {
    (self.id, self.team, self.isLateEntry, self.decided) = (id, team, isLateEntry, decided)
  }
}

/// A discussion's clocks as they stand.
public struct DiscussionClocks: Hashable, Sendable {
  public let id: DiscussionID
  public let team: TeamID
  public let clocks: [WorkClock]
  /// Where it was held without some of those that its policy requires, and is not decided yet.
  public private(set) var heldWithout: HeldWithout?

  public struct HeldWithout: Hashable, Sendable {
    public let at: Instant
    /// At least one.
    public let missing: [AgencyID]
  }

  public init(id: DiscussionID, team: TeamID, clocks: [WorkClock]) {
    (self.id, self.team, self.clocks) = (id, team, clocks)
  }

  /// - Parameter policy: the discussion's; nil where it is not known, and then nobody is missing.
  public init(_ discussion: Discussion, under policy: Policy?) {
    self.init(id: discussion.id, team: discussion.convene.team, clocks: discussion.clocksToKeep)
    guard discussion.phase == .held, let held = discussion.heldAt, let policy else { return }
    let missing = discussion.quorum(under: policy).missing
    if !missing.isEmpty { heldWithout = HeldWithout(at: held, missing: missing) }
  }
}

public struct Compliance: Hashable, Sendable {
  public enum Check: String, CaseIterable, Hashable, Sendable {
    case contactsUnreviewed = "contacts_unreviewed"
    case decisionsLate = "decisions_late"
    case withoutAll = "without_all"
    case clocks
  }

  public enum Subject: Hashable, Sendable {
    case discussion(DiscussionID)
    case contact(ContactID)
  }

  public enum Fact: Hashable, Sendable {
    /// `seen`: when an outcome or a review came after all.
    case contact(received: Instant, due: Instant, seen: Instant?)
    /// Recorded later than the policy allows, or at once and with an earlier time.
    case decision(decided: Instant, recorded: Instant, isLate: Bool, isLateEntry: Bool)
    case withoutAll(decided: Instant, lacksReason: Bool, lacksFollowUp: Bool, followUpBy: Instant?)
    /// Held, and not decided: the reason and the follow-up come with the decision.
    case heldWithout(at: Instant, missing: [AgencyID])
    /// `stopped`: after its limit. Not yet passed where it is due later today.
    case clock(ClockID, due: Instant, stopped: Instant?)
  }

  public struct Finding: Hashable, Sendable {
    public let subject: Subject
    public let team: TeamID
    public let fact: Fact

    /// By which it is older than another.
    public var since: Instant {
      switch fact {
      case .contact(let received, _, _): received
      case .decision(let decided, _, _, _), .withoutAll(let decided, _, _, _): decided
      case .heldWithout(let held, _): held
      case .clock(_, let due, _): due
      }
    }

    /// Whether somebody still has to do something about it.
    public var isOpen: Bool {
      switch fact {
      case .contact(_, _, let seen): seen == nil
      case .decision: false
      case .withoutAll, .heldWithout: true
      case .clock(_, _, let stopped): stopped == nil
      }
    }
  }

  public let since: Instant
  public let now: Instant
  /// Of each check, the oldest first.
  public private(set) var findings: [Check: [Finding]] = [:]

  /// - Parameters:
  ///   - contacts: those that are past their time, and those whose time passed since then.
  ///   - decided: every discussion that was decided.
  ///   - open: every discussion that is not closed.
  ///   - closed: those that are, with the clocks that run and those that stopped too late. One that runs is shown where it ran
  ///     out since then: before, it was shown while it was open.
  ///   - showsOutcomes: whether clocks that tell what was decided are shown.
  public init(
    since: Instant, now: Instant, contacts: [ContactRow], decided: [DecidedDiscussion], open: [DiscussionClocks],
    closed: [DiscussionClocks], policies: Policies, calendar: WorkingCalendar, showsOutcomes: Bool
  ) {
    (self.since, self.now) = (since, now)
    findings[.contactsUnreviewed] = contacts.compactMap { Self.look(at: $0, since, now) }
    findings[.decisionsLate] = decided.compactMap { Self.recording(of: $0, since, policies) }
    findings[.withoutAll] =
      decided.compactMap { Self.absence(in: $0) }
      + open.compactMap { one in
        one.heldWithout.map { held in
          Finding(
            subject: .discussion(one.id), team: one.team, fact: .heldWithout(at: held.at, missing: held.missing))
        }
      }
    let tonight = calendar.end(of: calendar.date(of: now))
    func clocks(of discussions: [DiscussionClocks], runningFrom: Instant?) -> [Finding] {
      discussions.flatMap { discussion in
        discussion.clocks.compactMap { clock in
          if clock.id == .c3 || (clock.id.tellsOfOutcome && !showsOutcomes) { return nil }
          if clock.stopped == nil, let runningFrom, clock.due < runningFrom { return nil }
          return Self.look(at: clock, of: discussion, since, tonight)
        }
      }
    }
    findings[.clocks] = clocks(of: open, runningFrom: nil) + clocks(of: closed, runningFrom: since)
    for check in Check.allCases {
      findings[check]?.sort { ($0.since, $0.subject.bits) < ($1.since, $1.subject.bits) }
    }
  }

  /// Past its time and still waiting, whenever that was; or seen too late since then.
  private static func look(at row: ContactRow, _ since: Instant, _ now: Instant) -> Finding? {
    let seen = [row.outcomeAt, row.reviewedAt].compactMap(\.self).min()
    guard row.reviewDue <= now else { return nil }
    if let seen { guard row.reviewDue >= since, seen > row.reviewDue else { return nil } }
    return Finding(
      subject: .contact(row.id), team: row.team,
      fact: .contact(received: row.receivedAt, due: row.reviewDue, seen: seen))
  }

  /// Recorded since then, and not as the decision was taken. Clock C3 says nothing more.
  private static func recording(of row: DecidedDiscussion, _ since: Instant, _ policies: Policies) -> Finding? {
    let (decided, recorded) = (row.decided.decidedAt, row.decided.recordedAt)
    guard recorded >= since, decided < recorded else { return nil }
    let limit = policies[row.decided.policy]?.decisionRecorded ?? .zero
    return Finding(
      subject: .discussion(row.id), team: row.team,
      fact: .decision(
        decided: decided, recorded: recorded, isLate: recorded - decided > limit, isLateEntry: row.isLateEntry))
  }

  /// As long as something is missing.
  private static func absence(in row: DecidedDiscussion) -> Finding? {
    let decided = row.decided
    let isFollowed =
      decided.followUpDoneAt != nil
      || (decided.followUpBy.map { !decided.isKnown($0, done: nil) } ?? false)
    guard !decided.isWhole, !decided.hasReason || !isFollowed else { return nil }
    return Finding(
      subject: .discussion(row.id), team: row.team,
      fact: .withoutAll(
        decided: decided.decidedAt, lacksReason: !decided.hasReason, lacksFollowUp: !isFollowed,
        followUpBy: decided.followUpBy))
  }

  /// It runs and is due by tonight, or it stopped too late since then.
  private static func look(
    at clock: WorkClock, of discussion: DiscussionClocks, _ since: Instant, _ tonight: Instant
  ) -> Finding? {
    if let stopped = clock.stopped {
      guard clock.isMissed, stopped >= since else { return nil }
    } else {
      guard clock.due <= tonight else { return nil }
    }
    return Finding(
      subject: .discussion(discussion.id), team: discussion.team,
      fact: .clock(clock.id, due: clock.due, stopped: clock.stopped))
  }
}

extension Compliance.Subject {
  fileprivate var bits: UInt64 {
    switch self {
    case .discussion(let id): id.bits
    case .contact(let id): id.bits
    }
  }
}
