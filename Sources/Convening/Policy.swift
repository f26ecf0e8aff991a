// What an authority and its agencies have agreed: who must contribute, what counts, who is reminded when. A policy is
// a value with a version; the journal keeps every edition that was ever in force, so that an old quorum can be explained.

public enum Urgency: String, CaseIterable, Hashable, Sendable {
  case standard, urgent
}

/// How an agency took part. DOMAIN.md 5.2.
public enum ContributionKind: String, CaseIterable, Hashable, Sendable {
  case inPerson = "in_person"
  case video
  case phoneLive = "phone_live"
  case writtenBefore = "written_before"
  case writtenDuring = "written_during"
  case mashCheckOnly = "mash_check_only"
  case verbalRelayed = "verbal_relayed"
  case afterDecision = "after_decision"

  /// Among all: a hash of the word would be dear where tens of thousands are counted.
  var place: Int {
    switch self {
    case .inPerson: 0
    case .video: 1
    case .phoneLive: 2
    case .writtenBefore: 3
    case .writtenDuring: 4
    case .mashCheckOnly: 5
    case .verbalRelayed: 6
    case .afterDecision: 7
    }
  }
}

/// When a step of a ladder falls due.
public enum When: Hashable, Sendable {
  /// As soon as the discussion is convened.
  case once
  /// So long after the first asking, if nobody has answered; in the authority's working hours where that is said.
  case unanswered(Elapsed, inWorkingHours: Bool = false)
  /// So long before the meeting, unless the agency has contributed.
  case before(Elapsed)
}

public struct Step: Hashable, Sendable {
  public let name: StepName
  public let when: When
  /// At least one, no place twice.
  public let to: [Place]
  /// Whoever convened hears whom to ring, beside those who are asked.
  public let tellsConvener: Bool

  public init(name: StepName, when: When, to: [Place], tellsConvener: Bool = false) {
    (self.name, self.when, self.to, self.tellsConvener) = (name, when, to, tellsConvener)
  }

  /// All that a message of this step goes to.
  public var places: [Place] { to + (tellsConvener ? [.convener] : []) }
}

/// What an agency that was absent is told once it is decided, since what it knows still matters.
public struct AfterDecision: Hashable, Sendable {
  public let name: StepName
  /// At least one, no place twice.
  public let to: [Place]

  public init(name: StepName, to: [Place]) { (self.name, self.to) = (name, to) }
}

/// A ladder and the times that go with it.
public struct Ladder: Hashable, Sendable {
  /// How long an acknowledgement pauses the unanswered steps; at most a third of what is left to the meeting.
  public let acknowledgementHolds: Elapsed
  /// The last attempt of a delivery is placed so long before `stop_after`, at most a tenth of the time there is.
  public let lastAttemptMargin: Elapsed
  /// Waits shrink on a short notice, so that who has not answered is asked on every step before the meeting.
  public let squeezes: Bool
  /// In the order in which they are climbed. The first is `at: once`.
  public internal(set) var steps: [Step]
  /// nil: nobody is told.
  public let afterDecision: AfterDecision?
  /// From the need being identified until it is held; nil: no clock runs.
  public let heldWithin: Limit?
  /// What is shorter is our doing where an agency does not come; nil: any notice is fair.
  public let fairNotice: Limit?
  /// A message that is not accepted for so long asks the next place; see `undelivered(from:stopAfter:)`. nil: it waits for
  /// the ladder's own steps.
  public let undeliveredAfter: Elapsed?
  /// A step of a standard discussion waits for these hours, or for those of whoever holds the place; see `OutsideHours`. nil:
  /// it is sent at whatever hour.
  public let defersTo: OpenHours?

  public init(
    acknowledgementHolds: Elapsed, lastAttemptMargin: Elapsed, squeezes: Bool = false, steps: [Step],
    afterDecision: AfterDecision? = nil, heldWithin: Limit? = nil, fairNotice: Limit? = nil,
    undeliveredAfter: Elapsed? = nil, defersTo: OpenHours? = nil
  ) {
    self.defersTo = defersTo
    (self.acknowledgementHolds, self.lastAttemptMargin) = (acknowledgementHolds, lastAttemptMargin)
    (self.squeezes, self.steps, self.afterDecision) = (squeezes, steps, afterDecision)
    (self.heldWithin, self.fairNotice, self.undeliveredAfter) = (heldWithin, fairNotice, undeliveredAfter)
  }
}

/// Which discussion of a sequence the conference counts from (C5): local rules differ.
public enum ConferenceReading: String, CaseIterable, Hashable, Sendable {
  /// The one that started the section 47 enquiry.
  case initiating
  /// The last one, as long as there was no conference.
  case last
}

public struct Policy: Hashable, Sendable {
  public let id: PolicyID
  /// In force from this civil date on, until a later policy is.
  public let from: CivilDate
  public let required: [AgencyID]
  public let counting: Set<ContributionKind>
  /// "Immediately", as agreed: a decision recorded within this of being taken.
  public let decisionRecorded: Elapsed
  /// A circulated discussion closes by itself after this.
  public let closeAfter: Limit
  /// A decision without all required agencies needs a reason.
  public let reasonWithoutAll: Bool
  public let standard: Ladder
  /// nil: urgent discussions are not convened under it.
  public let urgent: Ladder?
  /// The limits of the clocks, but for C2 (a ladder's) and C3 (`decisionRecorded`). One for each level, so one but for C11.
  public let clocks: [ClockID: [Limit]]
  public let conferenceFrom: ConferenceReading

  public init(
    id: PolicyID, from: CivilDate, required: [AgencyID], counting: Set<ContributionKind>, decisionRecorded: Elapsed,
    closeAfter: Limit, reasonWithoutAll: Bool, standard: Ladder, urgent: Ladder? = nil,
    clocks: [ClockID: [Limit]] = [:], conferenceFrom: ConferenceReading = .initiating
  ) {
    self.conferenceFrom = conferenceFrom
    (self.id, self.from, self.required, self.counting) = (id, from, required, counting)
    (self.decisionRecorded, self.closeAfter, self.reasonWithoutAll) = (decisionRecorded, closeAfter, reasonWithoutAll)
    (self.standard, self.urgent, self.clocks) = (standard, urgent, clocks)
  }

  /// What an urgent discussion climbs that stands under an edition without an urgent ladder is the standard one: it was
  /// convened under another.
  public func ladder(for urgency: Urgency) -> Ladder {
    switch urgency {
    case .standard: standard
    case .urgent: urgent ?? standard
    }
  }
}

/// Which policy, and which edition of it: the same id adopted again with other content is edition 2.
public struct PolicyRef: Hashable, Sendable, CustomStringConvertible {
  public let id: PolicyID
  /// 1...
  public let edition: Int

  public init(id: PolicyID, edition: Int) { (self.id, self.edition) = (id, edition) }

  /// `leeds-2027-04`, and `leeds-2027-04#2` for later editions.
  public var description: String { edition == 1 ? id.text : "\(id)#\(edition)" }
}

/// Every policy edition that was adopted, as the journal tells it.
public struct Policies: Hashable, Sendable {
  public private(set) var editions: [PolicyRef: Policy] = [:]

  public init() {}

  public subscript(_ ref: PolicyRef) -> Policy? { editions[ref] }

  public mutating func adopt(_ policy: Policy, as ref: PolicyRef) { editions[ref] = policy }

  /// The newest edition of one policy.
  public func latest(_ id: PolicyID) -> PolicyRef? {
    editions.keys.filter { $0.id == id }.max { $0.edition < $1.edition }
  }

  /// The policy in force on a date: of those that the settings still offer, the one with the latest `from` that is not after
  /// it. Discussions stay under theirs, offered or not.
  public func inForce(on date: CivilDate, among offered: Set<PolicyID>) -> PolicyRef? {
    Set(editions.keys.map(\.id)).intersection(offered).compactMap(latest).filter { editions[$0]!.from <= date }
      .max { (editions[$0]!.from, $0.id) < (editions[$1]!.from, $1.id) }
  }
}
