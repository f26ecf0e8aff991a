// The units of agencies, a second time: not as a state that each entry changes, but as questions to the list of entries. Who was
// asked, who gave, whose last word is a no; and from these, whether the agency has contributed, or declined.
import Convening

/// What the entries say of one agency, in their order.
struct UnitAccount {
  let agency: AgencyID
  let events: [Event]

  init(of agency: AgencyID, _ events: some Sequence<Event>) {
    self.agency = agency
    self.events = events.filter { event in
      switch event {
      case .acknowledged(agency, _, _, _, _, _), .contributionRecorded(agency, _, _, _, _, _),
        .contributionConfirmed(agency, _), .declined(agency, _, _, _, _), .detailsSent(agency, _, _, _, _, _),
        .acknowledgementLapsed(agency, _, _), .rescheduled:
        true
      default: false
      }
    }
  }

  private struct Given {
    let unit: UnitID?
    let kind: ContributionKind
    let occurred: Instant
    /// The place of the entry that made it count.
    let from: Int
  }

  /// What it gave, each from the entry on that made it count.
  private var given: [Given] {
    events.indices.compactMap { index in
      guard case .contributionRecorded(agency, let kind, _, let via, let occurred, let unit) = events[index] else {
        return nil
      }
      let later = via == .link ? events.indices.dropFirst(index).first { isConfirmation(events[$0]) } : index
      return later.map { Given(unit: unit, kind: kind, occurred: occurred, from: $0) }
    }
  }

  private func isConfirmation(_ event: Event) -> Bool {
    if case .contributionConfirmed(agency, _) = event { true } else { false }
  }

  /// Who was asked: by which entry, when, and whether the agency waits for them.
  private var asked: [(unit: UnitID, at: Instant, isNeeded: Bool)] {
    events.compactMap { event in
      guard case .detailsSent(agency, _, _, let at, let unit?, let isNeeded) = event else { return nil }
      return (unit, at, isNeeded)
    }
  }

  var units: Set<UnitID> {
    let said = events.compactMap { event -> UnitID? in
      switch event {
      case .acknowledged(agency, _, _, _, _, let unit), .declined(agency, _, _, _, let unit),
        .contributionRecorded(agency, _, _, .link, _, let unit):
        unit
      default: nil
      }
    }
    return Set(said + asked.map(\.unit) + given.compactMap(\.unit))
  }

  var needed: Set<UnitID> { Set(asked.filter(\.isNeeded).map(\.unit)) }

  func hasGiven(_ unit: UnitID) -> Bool { given.contains { $0.unit == unit } }

  /// It has contributed, in whatever way.
  var isWhole: Bool { !given.isEmpty && needed.allSatisfy(hasGiven) }

  /// In a way that counts, by then.
  func counts(_ kinds: Set<ContributionKind>, at moment: Instant) -> Bool {
    let those = given.filter { kinds.contains($0.kind) && $0.occurred <= moment }
    let waited = asked.filter { $0.isNeeded && $0.at <= moment }
    return !those.isEmpty && waited.allSatisfy { one in those.contains { $0.unit == one.unit } }
  }

  /// Where that unit declined last, and nothing that it said since takes it back.
  func lastNo(of unit: UnitID) -> Int? {
    let no = events.lastIndex { event in
      if case .declined(agency, _, _, _, unit) = event { true } else { false }
    }
    guard let no, case .declined(_, _, _, let said, _) = events[no] else { return nil }
    let isOver = events.indices.dropFirst(no + 1).contains { index in
      switch events[index] {
      case .acknowledged(agency, _, _, _, _, unit), .contributionRecorded(agency, _, _, .link, _, unit): true
      // It was asked again since.
      case .detailsSent(agency, _, _, let at, unit, _): said < at
      default: given.contains { $0.unit == unit && $0.from == index }
      }
    }
    return isOver ? nil : no
  }

  /// Somebody was asked for it as one, or nobody by way of its units.
  private var isAskedAsOne: Bool {
    asked.isEmpty
      || events.contains { if case .detailsSent(agency, _, _, _, nil, _) = $0 { true } else { false } }
  }

  /// All whom it asked have answered, and it is not whole: who said no said it for all.
  private var isNoOfAll: Bool {
    !isWhole && !isAskedAsOne && asked.allSatisfy { hasGiven($0.unit) || lastNo(of: $0.unit) != nil }
  }

  private func upTo(_ index: Int) -> UnitAccount { UnitAccount(of: agency, events[..<index]) }

  /// Whether a no that speaks for all of it still stands: what it came to, entry by entry.
  var hasDeclined: Bool {
    var no = false
    for index in events.indices {
      switch events[index] {
      case .declined(agency, _, _, _, nil): no = true
      case .acknowledged(agency, _, _, _, _, let unit), .contributionRecorded(agency, _, _, .link, _, let unit):
        let (before, after) = (upTo(index), upTo(index + 1))
        no = unit != nil && after.isNoOfAll && !before.isInHand && !after.isInHand
      case .declined(agency, _, _, _, .some), .contributionRecorded(agency, _, _, _, _, _),
        .contributionConfirmed(agency, _):
        let after = upTo(index + 1)
        if after.isNoOfAll, !after.isInHand { no = true }
      case .detailsSent(agency, _, _, _, let unit?, _):
        let after = upTo(index + 1)
        if !after.isWhole, !after.hasGiven(unit), after.lastNo(of: unit) == nil { no = false }
        if after.isNoOfAll, !after.isInHand { no = true }
      default: continue
      }
    }
    return no
  }

  private struct Acknowledgement {
    let unit: UnitID?
    let occurred: Instant
  }

  /// Somebody has it in hand: the last who acknowledged did so for the agency, or some unit did that has neither given nor
  /// declined. Once nobody has, an older word brings nothing back.
  var isInHand: Bool {
    var standing: [Acknowledgement] = []
    for index in events.indices {
      switch events[index] {
      case .rescheduled, .acknowledgementLapsed(agency, _, _): standing = []
      case .acknowledged(agency, _, _, let occurred, _, let unit),
        .contributionRecorded(agency, _, _, .link, let occurred, let unit):
        standing.append(.init(unit: unit, occurred: occurred))
        if unit != nil, !upTo(index + 1).holds(standing) { standing = [] }
      case .declined(agency, _, _, _, .some), .contributionRecorded(agency, _, _, _, _, _),
        .contributionConfirmed(agency, _), .detailsSent(agency, _, _, _, .some, _):
        if !upTo(index + 1).holds(standing) { standing = [] }
      default: continue
      }
    }
    return !standing.isEmpty
  }

  private func holds(_ acknowledgements: [Acknowledgement]) -> Bool {
    guard !isWhole else { return true }
    let last = acknowledgements.map(\.occurred).max()
    let ofUnits = acknowledgements.filter { $0.unit != nil }
    let isOfOne = !ofUnits.contains { $0.occurred == last }
    return isOfOne || ofUnits.contains { !hasGiven($0.unit!) && lastNo(of: $0.unit!) == nil }
  }
}

extension Position {
  /// By what stands there: it gave, and so did each unit that it waits for.
  var tookPart: Bool {
    let waited = Set(detailsSent.filter(\.isNeeded).compactMap(\.unit))
    return !contributions.isEmpty && waited.subtracting(contributions.compactMap(\.unit)).isEmpty
  }

  /// It neither took part nor declined.
  var isSilent: Bool { !tookPart && declined == nil }
}

enum UnitCheck {
  /// An entry of one agency's. `events`: what stands up to it, asked for where units may have changed.
  static func check(
    _ entry: Entry, _ before: Discussion?, _ after: Discussion, _ events: @autoclosure () -> [Event],
    _ policies: Policies, _ towns: [Arrangements]
  ) throws(Broken) {
    switch entry.event {
    case .decided(let decision, let missing):
      let (policy, events) = (policies[after.policy]!, events())
      let absent = policy.required.filter { agency in
        !UnitAccount(of: agency, events).counts(policy.counting, at: decision.decidedAt ?? entry.at)
      }
      try expect(missing == absent, "decided without \(missing), not \(absent)")
    case .detailsSent(let agency, _, _, _, let unit, let isNeeded):
      let isWaited = towns.map { town in
        unit != nil && before?.decision == nil
          && town.agencies.contains { $0.id == agency && $0.counts == .allAsked }
      }
      try expect(isWaited.contains(isNeeded), "\(agency) waits for a unit that it asks: \(isNeeded)")
      try check(agency, after, events())
    case .acknowledged(let agency, _, _, _, _, _), .contributionRecorded(let agency, _, _, _, _, _),
      .contributionConfirmed(let agency, _), .declined(let agency, _, _, _, _):
      try check(agency, after, events())
    case .corrected:
      let events = events()
      for position in after.positions { try check(position.agency, after, events) }
    default: break
    }
  }

  private static func check(_ agency: AgencyID, _ after: Discussion, _ events: [Event]) throws(Broken) {
    let account = UnitAccount(of: agency, events)
    guard let position = after.position(agency) else {
      return try expect(account.units.isEmpty, "units of \(agency), which has no part")
    }
    try expect(Set(position.units.map(\.unit)) == account.units, "other units of \(agency) than were asked or spoke")
    for unit in position.units {
      let name = "unit \(unit.unit) of \(agency)"
      try expect(unit.isNeeded == account.needed.contains(unit.unit), "\(name) is waited for: \(unit.isNeeded)")
      try expect((unit.contributed != nil) == account.hasGiven(unit.unit), "\(name) has contributed: \(unit)")
      try expect((unit.declined != nil) == (account.lastNo(of: unit.unit) != nil), "\(name) has declined: \(unit)")
    }
    try expect(
      position.hasContributed == account.isWhole && position.tookPart == account.isWhole,
      "\(agency) has contributed as one: \(!account.isWhole)")
    try expect((position.declined != nil) == account.hasDeclined, "\(agency) declined as one: \(!account.hasDeclined)")
    try expect((position.acknowledged != nil) == account.isInHand, "\(agency) has it in hand: \(!account.isInHand)")
    if position.isSilent { return }
    try expect(
      !position.rungs.contains { !$0.isNotice && $0.ifUnanswered }, "\(agency) is asked, and has answered as one")
  }
}
