// The places that a step names: roles that somebody holds at any hour, never persons. Who holds one is for the settings, the
// rota and cover to say.

/// A place that a step names. Who holds it is looked up when the message is sent.
public enum Place: String, CaseIterable, Hashable, Sendable {
  case contact, deputy, lead, coordinator, convener, acknowledger
  /// Answers for a team's front door; no step of a ladder asks them.
  case manager

  /// Those that an agency fills, nearest first.
  public static let ofAgencies: [Place] = [.contact, .deputy, .lead]

  /// Those that a rota fills for an agency, or for `coordination`.
  public static func onRota(of agency: AgencyID) -> [Place] { agency == .coordination ? [.coordinator] : ofAgencies }

  /// Those of which a change of hands matters to a discussion.
  static let handedOver: [Place] = ofAgencies + [.coordinator]

  /// Whoever holds it is told of an agency, and does not answer for it.
  public var isTold: Bool {
    switch self {
    case .coordinator, .convener, .manager: true
    case .contact, .deputy, .lead, .acknowledger: false
    }
  }
}
