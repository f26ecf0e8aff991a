// What people recorded of a discussion, as it stands: which part each agency took, what became of the whole, which clocks run. A
// correction carries as much of it as it changes, so that replaying one needs no entry before it and counts nothing anew.

public enum Phase: String, CaseIterable, Hashable, Sendable {
  case scheduled, held, decided, circulated, closed, cancelled

  /// Whether the daemon still keeps it in memory.
  public var isOpen: Bool {
    switch self {
    case .scheduled, .held, .decided, .circulated: true
    case .closed, .cancelled: false
    }
  }
}

public struct Contribution: Hashable, Sendable {
  public let kind: ContributionKind
  public let byRole: String
  public let via: Via
  public let occurred: Instant
  public let recorded: Instant
  /// Which unit of the agency it came from, where that is told.
  public let unit: UnitID?

  public init(
    kind: ContributionKind, byRole: String, via: Via, occurred: Instant, recorded: Instant, unit: UnitID? = nil
  ) {
    (self.kind, self.byRole, self.via) = (kind, byRole, via)
    (self.occurred, self.recorded, self.unit) = (occurred, recorded, unit)
  }
}

/// What one unit of an agency said beside what it contributed.
public struct UnitAnswer: Hashable, Sendable {
  public let unit: UnitID
  /// When it acknowledged the meeting's present time.
  public var acknowledged: Instant?
  /// Since then it has neither acknowledged nor contributed.
  public var declined: Standing.Part.Decline?

  public init(unit: UnitID, acknowledged: Instant? = nil, declined: Standing.Part.Decline? = nil) {
    (self.unit, self.acknowledged, self.declined) = (unit, acknowledged, declined)
  }
}

/// An agency has the record.
public struct Receipt: Hashable, Sendable {
  public let agency: AgencyID
  public let at: Instant

  public init(agency: AgencyID, at: Instant) { (self.agency, self.at) = (agency, at) }
}

/// Who acknowledged, as far as that is known: whoever held a place then.
public struct Acknowledger: Hashable, Sendable {
  public let place: Place
  public let route: RouteName
  /// They keep it in hand whoever holds the place after them.
  public let stays: Bool

  public init(place: Place, route: RouteName, stays: Bool) {
    (self.place, self.route, self.stays) = (place, route, stays)
  }
}

/// The entries that can be corrected: what people recorded, by the names of their events. What the daemon did stays done, what
/// follows from another entry follows that one, and who convened or moved a meeting convenes or moves it again.
public enum Correctable: String, CaseIterable, Hashable, Sendable {
  case acknowledged, contributionRecorded, declined, held, decided, circulated, detailsSent, telephoned, barrierNamed
  case receiptRecorded, conferenceHeld, followUpDone, clockStarted, clockStopped
}

/// What stands once something was corrected, as far as it is another than before.
public struct Standing: Hashable, Sendable {
  /// What is recorded of one agency, all of it.
  public struct Part: Hashable, Sendable {
    public struct Decline: Hashable, Sendable {
      public let code: BarrierCode
      public let at: Instant

      public init(code: BarrierCode, at: Instant) { (self.code, self.at) = (code, at) }
    }

    public let agency: AgencyID
    public var acknowledged: Instant?
    public var acknowledger: Acknowledger?
    /// When it acknowledged last, of acknowledgements that lapsed.
    public var lapsed: Instant?
    public var declined: Decline?
    public var contributions: [Contribution] = []
    /// By link, and not confirmed.
    public var reported: [Contribution] = []
    public var firstAnswered: Instant?
    public var detailsSent: [DetailsSent] = []
    public var barrier: Barrier?
    /// In the order in which they first spoke.
    public var units: [UnitAnswer] = []

    public init(agency: AgencyID) { self.agency = agency }
  }

  /// What became of the discussion.
  public struct Course: Hashable, Sendable {
    public var phase: Phase
    public var heldAt: Instant?
    public var heldForm: Form?
    public var decision: Decision?
    public var decisionRecorded: Instant?
    /// At the decision.
    public var missing: [AgencyID] = []
    public var circulatedTo: [AgencyID] = []
    public var circulatedAt: Instant?
    public var closesAt: Instant?
    public var receipts: [Receipt] = []
    public var conferenceHeldAt: Instant?
    public var followUpDoneAt: Instant?

    public init(phase: Phase) { self.phase = phase }
  }

  /// Of the agencies for which something else is recorded now.
  public var parts: [Part] = []
  /// nil: as it was.
  public var course: Course?
  /// All of them, in the order in which they started; nil: as they were.
  public var clocks: [WorkClock]?

  public init() {}
}
