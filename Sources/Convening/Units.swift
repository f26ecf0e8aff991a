// The units of an agency: who of them was asked, what each answered, and what that makes of the agency. Asked is whoever was
// sent the details of the child. An agency that counts all whom it asked says so in those entries (`DetailsSent.isNeeded`), so
// that no replay looks into the settings.

/// Where one unit stands: asked against answered.
public struct UnitStanding: Hashable, Sendable {
  public let unit: UnitID
  /// When the details of the child were first sent to it; nil: it answers unasked.
  public var asked: Instant?
  /// The agency has not contributed without it.
  public var isNeeded = false
  public var acknowledged: Instant?
  /// When it first contributed, in whatever way.
  public var contributed: Instant?
  public var declined: BarrierCode?

  fileprivate init(_ unit: UnitID) { self.unit = unit }
}

extension Position {
  /// Each unit that was asked or has answered, those that were asked first.
  public var units: [UnitStanding] {
    var units: [UnitStanding] = []
    func change(_ unit: UnitID?, _ body: (inout UnitStanding) -> Void) {
      guard let unit else { return }
      if !units.contains(where: { $0.unit == unit }) { units.append(UnitStanding(unit)) }
      guard let index = units.firstIndex(where: { $0.unit == unit }) else { return }
      body(&units[index])
    }
    for sent in detailsSent {
      change(sent.unit) { unit in
        unit.asked = min(unit.asked ?? sent.at, sent.at)
        unit.isNeeded = unit.isNeeded || sent.isNeeded
      }
    }
    for answer in unitAnswers {
      change(answer.unit) { ($0.acknowledged, $0.declined) = (answer.acknowledged, answer.declined?.code) }
    }
    for contribution in contributions {
      change(contribution.unit) { $0.contributed = min($0.contributed ?? contribution.occurred, contribution.occurred) }
    }
    return units
  }

  /// Whether each unit that it waits for has made a contribution of those, and at least one was made.
  ///
  /// - Parameter moment: units that were asked later are not waited for; nil: all of them are.
  func isWhole(at moment: Instant?, counting counts: (Contribution) -> Bool) -> Bool {
    contributions.contains(where: counts)
      && detailsSent.allSatisfy { sent in
        guard sent.isNeeded, moment.map({ sent.at <= $0 }) ?? true else { return true }
        return contributions.contains { $0.unit == sent.unit && counts($0) }
      }
  }

  /// Whether a decline speaks for the agency: one of no unit does, and that of a unit where it leaves nobody who may still
  /// contribute what is missing.
  func declinesAsOne(by unit: UnitID?) -> Bool {
    guard let unit else { return true }
    guard !hasContributed else { return false }
    return detailsSent.allSatisfy { sent in
      guard let other = sent.unit, other != unit else { return true }
      return contributions.contains { $0.unit == other }
        || unitAnswers.contains { $0.unit == other && $0.declined != nil }
    }
  }

  /// Whether it has contributed already, so that it cannot decline: the unit, or the agency where none is named.
  func hasContributed(_ unit: UnitID?) -> Bool {
    guard let unit else { return hasContributed }
    return contributions.contains { $0.unit == unit }
  }

  /// One unit says something.
  mutating func hear(_ unit: UnitID?, _ body: (inout UnitAnswer) -> Void) {
    guard let unit else { return }
    var answers = unitAnswers
    let index = answers.firstIndex { $0.unit == unit } ?? answers.endIndex
    if index == answers.endIndex { answers.append(UnitAnswer(unit: unit)) }
    body(&answers[index])
    unitAnswers = answers
  }
}

extension Discussion {
  /// Throws where neither the settings nor an entry before know such a unit of that agency.
  func known(_ unit: UnitID?, of agency: AgencyID, _ circumstances: Circumstances) throws(Refusal) {
    guard let unit else { return }
    let named = circumstances.arrangements.agency(agency)?.units.map(\.id) ?? []
    let met = position(agency)?.units.contains { $0.unit == unit } ?? false
    guard met || named.contains(unit) else { throw .unknownUnit(known: named) }
  }

  /// Whether an agency that is asked by way of a unit waits for it: before the decision, where it counts all whom it asks.
  func waits(for unit: UnitID?, of agency: AgencyID, _ arrangements: Arrangements) -> Bool {
    unit != nil && decision == nil && arrangements.agency(agency)?.counts == .allAsked
  }
}
