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

/// Places in an order, each once: whom a rung asks. In a word, since what is open holds tens of thousands of rungs and most ask
/// one place.
public struct Places: Hashable, Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
  /// From the lowest bits, four to a place: one more than its number among all.
  private var word: UInt32 = 0
  private static let all = Place.allCases

  /// What is named again is not added again.
  public init(_ places: some Sequence<Place>) {
    for place in places where !contains(place) {
      guard let number = Places.all.firstIndex(of: place) else { continue }
      word |= UInt32(number + 1) << UInt32(4 * count)
    }
  }

  public init(arrayLiteral places: Place...) { self.init(places) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { (UInt32.bitWidth - word.leadingZeroBitCount + 3) / 4 }
  public subscript(index: Int) -> Place { Places.all[Int(word >> UInt32(4 * index) & 15) - 1] }

  mutating func removeAll(where isGone: (Place) -> Bool) { self = Places(filter { !isGone($0) }) }
}
