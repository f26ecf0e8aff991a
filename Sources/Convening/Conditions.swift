// What a command may rely on, and what it is refused for, whichever it is: moments, phases, agencies.

/// What a decision needs to know beside the discussion.
public struct Circumstances: Sendable {
  public let policies: Policies
  /// Those that the settings name now.
  public let offered: Set<PolicyID>
  public let arrangements: Arrangements
  /// The discussions before it in its sequence, the nearest first.
  public var earlier: [Discussion]
  /// Which unit the entry names that is being put right, and of whom: it was known when that was recorded.
  var struck: (agency: AgencyID, unit: UnitID)?

  public init(
    policies: Policies, offered: Set<PolicyID>, arrangements: Arrangements, earlier: [Discussion] = []
  ) {
    (self.policies, self.offered, self.arrangements) = (policies, offered, arrangements)
    self.earlier = earlier
  }
}

extension Circumstances {
  /// The policy in force on the day on which it was held, or else today: what was held before the first policy was adopted
  /// is entered all the same.
  func policyInForce(on held: Instant?, _ now: Instant) throws(Refusal) -> (PolicyRef, Policy) {
    let days = [held, now].compactMap(\.self).map(arrangements.calendar.date)
    for day in days {
      if let ref = policies.inForce(on: day, among: offered), let policy = policies[ref] { return (ref, policy) }
    }
    throw .noPolicy
  }

  /// Where the settings name teams, one of them: nobody would convene for another, nor hear whom to ring.
  func checkTeam(_ team: TeamID) throws(Refusal) {
    let known = arrangements.teams.map(\.id)
    if !known.isEmpty, !known.contains(team) { throw .unknownTeam(known: known) }
  }

  /// Those that were named, each once; where none were, those that the policy requires.
  func agencies(of named: [AgencyID]?, under policy: Policy) throws(Refusal) -> [AgencyID] {
    let agencies = named ?? policy.required
    for (index, agency) in agencies.enumerated() where arrangements.agency(agency) == nil {
      throw .unknownAgency(field: "agencies/\(index)")
    }
    return agencies.reduce(into: []) { unique, agency in if !unique.contains(agency) { unique.append(agency) } }
  }
}

/// Clients' clocks may be so far ahead of ours; a meeting may lie so far in the past and still be "now".
let clockSlack = Elapsed.minutes(5)

/// What happened so long before a discussion was convened, or its need identified, is a slip of the pen.
let longestBefore = Elapsed.days(7)

/// What was held longer ago is not entered late: another date was meant. Two years, so that past rows can be imported.
let longestLate = Elapsed.days(732)

extension Discussion {
  /// When something happened: as told, or now. Throws where it lies ahead by more than the slack of clocks, or so far back
  /// that another date was meant: a decision's month in the report hangs on it.
  func moment(
    _ at: Instant?, _ field: String, _ now: Instant, longest: Elapsed = longestBefore
  ) throws(Refusal) -> Instant {
    guard let at else { return now }
    guard at <= now + clockSlack else { throw .inTheFuture(field: field) }
    guard at >= min(convenedAt, convene.needIdentifiedAt ?? convenedAt, convene.heldAt ?? convenedAt) - longest else {
      throw .tooLongBefore(field: field)
    }
    return at
  }

  func beforeDecision() throws(Refusal) {
    switch phase {
    case .scheduled, .held: return
    case .decided, .circulated: throw .alreadyDecided
    case .closed: throw .alreadyClosed
    case .cancelled: throw .alreadyCancelled
    }
  }

  /// Decided, and for ever after: closing ends nothing that comes late.
  func onceDecided() throws(Refusal) {
    guard phase != .cancelled else { throw .alreadyCancelled }
    guard decision != nil else { throw .notDecided }
  }

  func afterDecision() throws(Refusal) {
    switch phase {
    case .scheduled, .held: throw .notDecided
    case .decided, .circulated: return
    case .closed: throw .alreadyClosed
    case .cancelled: throw .alreadyCancelled
    }
  }

  @discardableResult
  func invited(_ agency: AgencyID, _ circumstances: Circumstances) throws(Refusal) -> Position {
    try known(agency, "agency", circumstances)
    guard let position = position(agency), position.invited else { throw .agencyNotInvited }
    return position
  }

  /// Any agency that the settings know, or that has a part already.
  func known(_ agency: AgencyID, _ field: String, _ circumstances: Circumstances) throws(Refusal) {
    guard position(agency) != nil || circumstances.arrangements.agency(agency) != nil else {
      throw .unknownAgency(field: field)
    }
  }
}
