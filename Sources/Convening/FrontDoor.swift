// What the front door is told of a contact, and by when somebody has to have looked at it: values alone. A contact is
// information received; what it says, and about whom, is never here. The rules stand in `FrontDoorRules`.

/// What came of a contact. DOMAIN.md names no list of its own for contacts: those of a decision are taken too, for what led to
/// one at once.
public enum ContactOutcome: String, CaseIterable, Hashable, Sendable {
  case referral
  case strategyDiscussion = "strategy_discussion"
  case informationAndAdvice = "information_and_advice"
  case s47Joint = "s47_joint"
  case s47SingleCSC = "s47_single_csc"
  case policeSingle = "police_single"
  case assessmentContinuesS17 = "assessment_continues_s17"
  case earlyHelp = "early_help"
  case nfa
  case furtherDiscussion = "further_discussion"
  case transferredOtherAuthority = "transferred_other_authority"
}

/// A contact as whoever received it tells of it.
public struct ContactFacts: Hashable, Sendable {
  public var receivedAt: Instant
  /// The team that has to say what comes of it.
  public var team: TeamID
  /// The case system's own reference: shown on the control socket alone, never sent.
  public var caseReference: String?

  public init(receivedAt: Instant, team: TeamID, caseReference: String? = nil) {
    (self.receivedAt, self.team, self.caseReference) = (receivedAt, team, caseReference)
  }
}

/// By when a contact has to have an outcome or a review: clock C9, with the limit that it was counted by.
public struct ReviewDue: Hashable, Sendable {
  public let at: Instant
  /// The table of bank holidays does not reach as far: a holiday may be missing.
  public let provisional: Bool
  public let limit: Limit

  public init(at: Instant, provisional: Bool, limit: Limit) {
    (self.at, self.provisional, self.limit) = (at, provisional, limit)
  }

  /// Counted from the receipt.
  public init(from receivedAt: Instant, limit: Limit, in calendar: WorkingCalendar) {
    let (at, provisional) = limit.due(from: receivedAt, in: calendar)
    self.init(at: at, provisional: provisional, limit: limit)
  }
}

/// What somebody tells of a contact. `at` is when it happened; nil means now.
public enum ContactCommand: Hashable, Sendable {
  /// It was received; told again with other facts, those stand from then on.
  case receive(ContactFacts)
  case outcome(ContactOutcome, byRole: String, at: Instant?, discussion: DiscussionID?)
  case review(byRole: String, at: Instant?)
}

extension ContactCommand {
  /// Whether it comes from what tells of contacts: a review does not, it is somebody's here.
  public var isFeed: Bool {
    switch self {
    case .receive, .outcome: true
    case .review: false
    }
  }
}

/// What the settings say of the front door: how long a contact may wait, how often something has to come, and who hears.
public struct FrontDoor: Hashable, Sendable {
  /// "24 hours" has three meanings: the unit stands with the number.
  public let reviewAfter: Limit
  /// In its hours no longer than this passes without anybody telling of contacts, be it nothing new; nil: nobody watches that.
  public let feedEvery: Elapsed?
  /// When the front door is open; nil: always.
  public let hours: OpenHours?
  /// Hears where a team's own manager is not named.
  public let manager: RouteName?
  /// Hears for the teams outside of `hours`; nil: whoever holds the team's place then.
  public let outsideHours: RouteName?

  public init(
    reviewAfter: Limit = .elapsed(.hours(24)), feedEvery: Elapsed? = nil, hours: OpenHours? = nil,
    manager: RouteName? = nil, outsideHours: RouteName? = nil
  ) {
    (self.reviewAfter, self.feedEvery, self.hours) = (reviewAfter, feedEvery, hours)
    (self.manager, self.outsideHours) = (manager, outsideHours)
  }

  /// What tells of contacts has told of nothing new: whether that is worth an entry. One is where a twelfth of `feedEvery` has
  /// passed since `heard`, so that nobody fills the journal, and whoever then pauses is taken for silent a twelfth early at most.
  public func isNews(at now: Instant, since heard: Instant?) -> Bool {
    guard let feedEvery else { return false }
    return heard.map { now - $0 >= feedEvery / 12 } ?? true
  }

  public func isOpen(at now: Instant, in calendar: WorkingCalendar) -> Bool {
    hours.map { calendar.isOpen($0, at: now) } ?? true
  }

  /// From when on nobody can tell what is open, where nothing has come since `heard`: counted in the front door's hours. nil:
  /// never.
  public func staleFrom(_ heard: Instant, in calendar: WorkingCalendar) -> Instant? {
    guard let feedEvery else { return nil }
    guard let hours else { return heard + feedEvery }
    return calendar.adding(feedEvery, within: hours, to: heard)?.at
  }
}
