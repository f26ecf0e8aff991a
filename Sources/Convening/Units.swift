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

  /// The last no, where each unit that was asked has contributed or declined and nobody was asked for the agency as one: nobody
  /// is left who may still contribute what is missing. nil where somebody is.
  private var unitsNo: Standing.Part.Decline? {
    var last: Standing.Part.Decline?
    for sent in detailsSent {
      guard let unit = sent.unit else { return nil }
      if hasContributed(unit) { continue }
      guard let no = declined(by: unit) else { return nil }
      last = last.map { $0.at > no.at ? $0 : no } ?? no
    }
    return last
  }

  /// Somebody has it in hand: the agency as one, or a unit that has said nothing more since.
  private var isInHand: Bool {
    guard let acknowledged else { return false }
    return unitAnswers.contains { $0.acknowledged != nil && !hasContributed($0.unit) && $0.declined == nil }
      || !unitAnswers.contains { $0.acknowledged == acknowledged }
  }

  private func declined(by unit: UnitID) -> Standing.Part.Decline? {
    unitAnswers.first { $0.unit == unit }?.declined
  }

  /// A unit is asked, which it may still answer. Where it declined before, it is asked again.
  mutating func ask(_ sent: DetailsSent) {
    detailsSent.append(sent)
    guard let unit = sent.unit else { return }
    if let no = declined(by: unit), no.at < sent.at { hear(unit) { $0.declined = nil } }
    if !hasContributed, !hasContributed(unit), declined(by: unit) == nil { comeBack() }
  }

  /// It declined, and does no more: nobody need hear of that.
  mutating func comeBack() {
    declined = nil
    rungs.removeAll { $0.message == .answered }
  }

  /// What its units come to once one of them was asked or heard. An acknowledgement excuses nobody but whoever gave it, and the
  /// no of all is the agency's.
  mutating func settleUnits() {
    guard !hasContributed else { return }
    if acknowledged != nil, !isInHand { (acknowledged, acknowledger) = (nil, nil) }
    guard acknowledged == nil, let no = unitsNo else { return }
    declined = (no.code, no.at)
    escalatedAt = nil
    rungs = []
  }

  /// Whether it has contributed already, so that it cannot decline: the unit, or the agency where none is named.
  func hasContributed(_ unit: UnitID?) -> Bool {
    guard let unit else { return hasContributed }
    return contributions.contains { $0.unit == unit }
  }

  /// What it acknowledged holds no more: of another time, or by who holds the place no more.
  mutating func forgetAcknowledgements() {
    (acknowledged, acknowledger) = (nil, nil)
    unitAnswers = unitAnswers.map { UnitAnswer(unit: $0.unit, declined: $0.declined) }
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
    let isStruck = circumstances.struck.map { $0 == (agency, unit) } ?? false
    guard met || named.contains(unit) || isStruck else { throw .unknownUnit(known: named) }
  }

  /// Whether an agency that is asked by way of a unit waits for it: before the decision, where it counts all whom it asks.
  func waits(for unit: UnitID?, of agency: AgencyID, _ arrangements: Arrangements) -> Bool {
    unit != nil && decision == nil && arrangements.agency(agency)?.counts == .allAsked
  }
}
