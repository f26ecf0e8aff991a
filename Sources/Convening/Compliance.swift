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

/// A discussion that is open, with its clocks as they stand.
public struct OpenDiscussion: Hashable, Sendable {
  public let id: DiscussionID
  public let team: TeamID
  public let clocks: [WorkClock]

  public init(_ discussion: Discussion) {
    (id, team, clocks) = (discussion.id, discussion.convene.team, discussion.clocks)
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
      case .clock(_, let due, _): due
      }
    }

    /// Whether somebody still has to do something about it.
    public var isOpen: Bool {
      switch fact {
      case .contact(_, _, let seen): seen == nil
      case .decision: false
      case .withoutAll: true
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
  ///   - open: every discussion that is not closed; of those that are, `decided` holds the clocks that a report reads.
  ///   - showsOutcomes: whether clocks that tell what was decided are shown.
  public init(
    since: Instant, now: Instant, contacts: [ContactRow], decided: [DecidedDiscussion], open: [OpenDiscussion],
    policies: Policies, calendar: WorkingCalendar, showsOutcomes: Bool
  ) {
    (self.since, self.now) = (since, now)
    findings[.contactsUnreviewed] = contacts.compactMap { Self.look(at: $0, since, now) }
    findings[.decisionsLate] = decided.compactMap { Self.recording(of: $0, since, policies) }
    findings[.withoutAll] = decided.compactMap { Self.absence(in: $0) }
    let openIDs = Set(open.map(\.id))
    let clocks =
      open.flatMap { discussion in
        discussion.clocks.map { Running(discussion.id, discussion.team, $0.id, due: $0.due, stopped: $0.stopped) }
      } + decided.filter { !openIDs.contains($0.id) }.flatMap { Self.clocks(of: $0, since) }
    let tonight = calendar.end(of: calendar.date(of: now))
    findings[.clocks] = clocks.compactMap { clock in
      clock.id == .c3 || (clock.id.tellsOfOutcome && !showsOutcomes) ? nil : clock.finding(since, tonight)
    }
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
    guard !decided.isWhole, !decided.hasReason || decided.followUpDoneAt == nil else { return nil }
    return Finding(
      subject: .discussion(row.id), team: row.team,
      fact: .withoutAll(
        decided: decided.decidedAt, lacksReason: !decided.hasReason, lacksFollowUp: decided.followUpDoneAt == nil,
        followUpBy: decided.followUpBy))
  }

  /// Of one that is closed, those that its row holds: what ran out before then was shown before then.
  private static func clocks(of row: DecidedDiscussion, _ since: Instant) -> [Running] {
    let decided = row.decided
    let kept: [(ClockID, Instant?, Instant?)] = [
      (.c2, decided.holdBy, decided.metAt), (.c4, decided.circulateBy, decided.circulatedAt),
      (.c5, decided.conferenceBy, decided.conferenceHeldAt),
      (.c11, decided.disagreementBy, decided.disagreementEndedAt),
      (.followUp, decided.followUpBy, decided.followUpDoneAt),
    ]
    return kept.compactMap { id, due, stopped in
      due.flatMap { $0 >= since ? Running(row.id, row.team, id, due: $0, stopped: stopped) : nil }
    }
  }
}

private struct Running {
  let discussion: DiscussionID
  let team: TeamID
  let id: ClockID
  let due: Instant
  let stopped: Instant?

  init(_ discussion: DiscussionID, _ team: TeamID, _ id: ClockID, due: Instant, stopped: Instant?) {
    (self.discussion, self.team, self.id, self.due, self.stopped) = (discussion, team, id, due, stopped)
  }

  /// It runs and is due by tonight, or it stopped too late since then.
  func finding(_ since: Instant, _ tonight: Instant) -> Compliance.Finding? {
    if let stopped {
      guard stopped > due, stopped >= since else { return nil }
    } else {
      guard due <= tonight else { return nil }
    }
    return Compliance.Finding(
      subject: .discussion(discussion), team: team, fact: .clock(id, due: due, stopped: stopped))
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
