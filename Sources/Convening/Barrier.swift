// Why an agency was absent, and where the details of the child went, as values.

/// The reason that stands for an agency's absence, and what the agency says of it.
public struct Barrier: Hashable, Sendable {
  public enum Source: String, CaseIterable, Hashable, Sendable {
    case rules, chair, agency
  }

  public struct Reply: Hashable, Sendable {
    public let code: BarrierCode
    public let agreed: Bool
    public let at: Instant

    public init(code: BarrierCode, agreed: Bool, at: Instant) {
      (self.code, self.agreed, self.at) = (code, agreed, at)
    }
  }

  public let code: BarrierCode
  public let by: Source
  /// What the rules proposed, whatever stands now.
  public let proposed: BarrierCode?
  /// Until then the agency may agree or dispute; what it says later is kept as well, and shown as late.
  public let answerUntil: Instant
  public internal(set) var reply: Reply?

  public init(code: BarrierCode, by: Source, proposed: BarrierCode?, answerUntil: Instant, reply: Reply? = nil) {
    (self.code, self.by, self.proposed) = (code, by, proposed)
    (self.answerUntil, self.reply) = (answerUntil, reply)
  }
}

/// Details were sent to a place of the agency.
public struct DetailsSent: Hashable, Sendable {
  public let place: Place
  /// Who held the place then: nobody else was told which child. nil where nobody did.
  public let route: RouteName?
  public let at: Instant
  /// The unit of the agency that is asked by them; nil: the agency as one.
  public let unit: UnitID?
  /// The agency has not contributed without that unit: its rule was `UnitRule.allAsked` then.
  public let isNeeded: Bool

  public init(place: Place, route: RouteName?, at: Instant, unit: UnitID? = nil, isNeeded: Bool = false) {
    (self.place, self.route, self.at) = (place, route, at)
    (self.unit, self.isNeeded) = (unit, isNeeded)
  }
}
