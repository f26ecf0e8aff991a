// Who is on duty by the rota, and who stands in for them: journal data, which goes before the hours of the settings. A value
// that each entry of an agency's stream makes anew; what is past stays in it for a month, so that it can be said who held a
// place when. It never judges: what may be written is `Arrangements.faults`.

/// A line of a rota: the route holds the place from then until then.
public struct RotaEntry: Hashable, Sendable {
  public let place: Place
  public let route: RouteName
  public let from: Instant
  /// No longer in it.
  public let until: Instant

  public init(place: Place, route: RouteName, from: Instant, until: Instant) {
    (self.place, self.route, self.from, self.until) = (place, route, from, until)
  }
}

/// Somebody stands in from when it is recorded, whoever the rota or the hours name.
public struct Cover: Hashable, Sendable {
  public let place: Place
  public let route: RouteName
  public let until: Instant
  /// Shown on the control socket alone, never sent.
  public let reason: String

  public init(place: Place, route: RouteName, until: Instant, reason: String) {
    (self.place, self.route, self.until, self.reason) = (place, route, until, reason)
  }
}

/// A place of an agency, as the rota counts them; the coordinator's is one of `coordination`.
public struct Duty: Hashable, Comparable, Sendable {
  public let agency: AgencyID
  public let place: Place

  /// The coordinator is the same whichever the agency. nil for a place that no rota fills.
  public init?(_ place: Place, of agency: AgencyID) {
    switch place {
    case .contact, .deputy, .lead: (self.agency, self.place) = (agency, place)
    case .coordinator: (self.agency, self.place) = (.coordination, place)
    case .convener, .acknowledger, .manager: return nil
    }
  }

  public static func < (a: Duty, b: Duty) -> Bool { (a.agency, a.place.rawValue) < (b.agency, b.place.rawValue) }
}

extension Slug where Of == AgencyKind {
  /// What stands for the coordinator where an agency is named.
  public static var coordination: AgencyID { coordinationID }
}

/// Made once: the type is generic and can keep nothing itself.
private let coordinationID: AgencyID = "coordination"

/// What is at fault in a rota or a cover that somebody wants to record.
public struct RotaFault: Hashable, Sendable {
  /// Into the body, by RFC 6901: `/entries/3/route`.
  public let pointer: String
  /// What is the matter, and what to do.
  public let sentence: String

  public init(_ pointer: String, _ sentence: String) { (self.pointer, self.sentence) = (pointer, sentence) }

  /// Of an `until` that is not after its `from`.
  public static let endsFirst = "It ends before it begins. Give an until that is after from."
}

public struct Rota: Hashable, Sendable {
  /// A time in which a route holds a place.
  public struct Stretch: Hashable, Sendable {
    public let route: RouteName
    public let from: Instant
    public let until: Instant
    /// Of a cover; empty for an entry of the rota.
    public let reason: String
  }

  private var planned: [Duty: Stretches] = [:]
  private var covered: [Duty: Stretches] = [:]
  /// Those that the latest rota of their agency fills, or filled until it ran out.
  private var rostered: Set<Duty> = []
  /// What has ended for so long is forgotten.
  private static let memory = Elapsed.days(31)

  public init() {}

  public var isEmpty: Bool { planned.isEmpty && covered.isEmpty }

  /// From then on the agency's rota is this. What was until then stays; nothing of it reaches back.
  public mutating func set(_ entries: [RotaEntry], of agency: AgencyID, at now: Instant) {
    rostered = rostered.filter { $0.agency != agency }
    for duty in planned.keys where duty.agency == agency {
      planned[duty]?.end(at: now)
      planned[duty]?.forget(before: now - Self.memory)
    }
    for entry in entries where entry.until > now {
      guard let duty = Duty(entry.place, of: agency) else { continue }
      rostered.insert(duty)
      planned[duty, default: Stretches()].put(
        Stretch(route: entry.route, from: max(entry.from, now), until: entry.until, reason: ""))
    }
    planned = planned.filter { !$1.all.isEmpty }
  }

  /// Whether somebody planned it: where the rota ends, or leaves a time out, the settings name who was not told.
  public func isRostered(_ duty: Duty) -> Bool { rostered.contains(duty) }

  /// From then on somebody stands in. Of two covers the one that was recorded last counts, while it lasts.
  public mutating func take(_ cover: Cover, of agency: AgencyID, at now: Instant) {
    guard let duty = Duty(cover.place, of: agency), cover.until > now else { return }
    covered[duty, default: Stretches()].forget(before: now - Self.memory)
    covered[duty, default: Stretches()].put(
      Stretch(route: cover.route, from: now, until: cover.until, reason: cover.reason))
  }

  public func entry(_ duty: Duty, at now: Instant) -> Stretch? { planned[duty]?.stretch(at: now) }
  public func cover(_ duty: Duty, at now: Instant) -> Stretch? { covered[duty]?.stretch(at: now) }

  /// The agency's rota from then on, by place and time.
  public func entries(of agency: AgencyID, from now: Instant) -> [(duty: Duty, stretch: Stretch)] {
    Self.list(planned, agency, now)
  }

  public func covers(of agency: AgencyID, from now: Instant) -> [(duty: Duty, stretch: Stretch)] {
    Self.list(covered, agency, now)
  }

  private static func list(
    _ all: [Duty: Stretches], _ agency: AgencyID, _ now: Instant
  ) -> [(duty: Duty, stretch: Stretch)] {
    all.keys.filter { $0.agency == agency }.sorted().flatMap { duty in
      (all[duty]?.all ?? []).filter { $0.until > now }.map { (duty, $0) }
    }
  }

  /// Every moment between the two at which an entry or a cover begins or ends.
  func edges(_ duty: Duty, after now: Instant, until end: Instant) -> [Instant] {
    let all = (planned[duty]?.all ?? []) + (covered[duty]?.all ?? [])
    return all.flatMap { [$0.from, $0.until] }.filter { $0 > now && $0 <= end }
  }

  /// The first such moment, however far ahead.
  func nextEdge(_ duty: Duty, after now: Instant) -> Instant? {
    let all = (planned[duty]?.all ?? []) + (covered[duty]?.all ?? [])
    return all.flatMap { [$0.from, $0.until] }.filter { $0 > now }.min()
  }

  /// Whether anything that has not been forgotten names the route for the agency.
  public func names(_ route: RouteName, for agency: AgencyID) -> Bool {
    [planned, covered].contains { table in
      table.contains { $0.agency == agency && $1.all.contains { $0.route == route } }
    }
  }

  /// Each route that is named from then on, with the agency that it is named for.
  public func routes(from now: Instant) -> [(agency: AgencyID, route: RouteName)] {
    (planned.keys.map { ($0, planned) } + covered.keys.map { ($0, covered) }).flatMap { duty, table in
      (table[duty]?.all ?? []).filter { $0.until > now }.map { (duty.agency, $0.route) }
    }
  }
}

/// Times in their order, of which none overlaps another.
private struct Stretches: Hashable, Sendable {
  private(set) var all: [Rota.Stretch] = []

  func stretch(at now: Instant) -> Rota.Stretch? {
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].until > now { high = middle } else { low = middle + 1 }
    }
    return low < all.count && all[low].from <= now ? all[low] : nil
  }

  /// What stood in that time goes, the rest of it stays.
  mutating func put(_ new: Rota.Stretch) {
    all = all.flatMap { old -> [Rota.Stretch] in
      guard old.from < new.until, new.from < old.until else { return [old] }
      return [old.clipped(until: new.from), old.clipped(from: new.until)].compactMap(\.self)
    }
    all.insert(new, at: all.firstIndex { $0.from >= new.until } ?? all.count)
  }

  mutating func end(at moment: Instant) { all = all.compactMap { $0.clipped(until: moment) } }

  mutating func forget(before moment: Instant) { all.removeAll { $0.until < moment } }
}

extension Rota.Stretch {
  fileprivate func clipped(from earliest: Instant? = nil, until latest: Instant? = nil) -> Rota.Stretch? {
    let (from, until) = (max(from, earliest ?? from), min(until, latest ?? until))
    return from < until ? Rota.Stretch(route: route, from: from, until: until, reason: reason) : nil
  }
}
