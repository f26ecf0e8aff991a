// Who is asked: agencies, the places in each, and the routes that hold a place at given hours. Arrangements come from
// the settings and may change at any reload; the journal records which route was in fact used.

/// A place that a step names. Who holds it is looked up when the message is sent.
public enum Place: String, CaseIterable, Hashable, Sendable {
  case contact, deputy, lead, coordinator, convener, acknowledger

  /// Those that an agency fills, nearest first.
  public static let ofAgencies: [Place] = [.contact, .deputy, .lead]

  /// Whoever holds it is told of an agency, and does not answer for it.
  public var isTold: Bool {
    switch self {
    case .coordinator, .convener: true
    case .contact, .deputy, .lead, .acknowledger: false
    }
  }
}

/// One line of a place's table: in these hours (nil: always, or otherwise) this route holds it.
public struct Holding: Hashable, Sendable {
  public let hours: OpenHours?
  public let route: RouteName

  public init(hours: OpenHours?, route: RouteName) { (self.hours, self.route) = (hours, route) }
}

/// What people are told of a route: never its address, which is a secret.
public struct RouteCard: Hashable, Sendable {
  public let name: RouteName
  /// For people: "on-call nurse". The route's name where nothing is set.
  public let label: String
  public let phone: String?

  public init(name: RouteName, label: String, phone: String?) {
    (self.name, self.label, self.phone) = (name, label, phone)
  }
}

public struct Agency: Hashable, Sendable {
  public let id: AgencyID
  /// For people: "Children's Social Care".
  public let name: String
  /// contact, deputy and lead; first match holds the place.
  public let places: [Place: [Holding]]

  public init(id: AgencyID, name: String, places: [Place: [Holding]]) {
    (self.id, self.name, self.places) = (id, name, places)
  }
}

/// A team of the authority's that convenes.
public struct Team: Hashable, Sendable {
  public let id: TeamID
  /// First match holds the place.
  public let convener: [Holding]

  public init(id: TeamID, convener: [Holding]) { (self.id, self.convener) = (id, convener) }
}

/// Everything that the settings say about whom to ask and how to reach people.
public struct Arrangements: Hashable, Sendable {
  /// In the order of the settings.
  public let agencies: [Agency]
  /// Who coordinates, whichever the agency.
  public let coordinator: [Holding]
  public let teams: [Team]
  public let routes: [RouteName: RouteCard]
  /// The authority's own numbers, on every message; first match.
  public let ring: [(hours: OpenHours?, number: String)]
  /// CloudEvents `source`, a reverse host name: `uk.gov.leeds.convened`.
  public let source: String
  public let calendar: WorkingCalendar
  /// What people hold the report against.
  public let points: ReportPoints

  public init(
    agencies: [Agency], coordinator: [Holding], teams: [Team] = [], routes: [RouteName: RouteCard],
    ring: [(hours: OpenHours?, number: String)], source: String, calendar: WorkingCalendar,
    points: ReportPoints = ReportPoints()
  ) {
    (self.agencies, self.coordinator, self.teams, self.routes) = (agencies, coordinator, teams, routes)
    (self.ring, self.source, self.calendar, self.points) = (ring, source, calendar, points)
  }

  public func agency(_ id: AgencyID) -> Agency? { agencies.first { $0.id == id } }

  /// Every line of a place's table; empty where nobody holds it. `team` is the one that convened.
  public func holdings(_ place: Place, of agency: AgencyID, team: TeamID? = nil) -> [Holding] {
    switch place {
    case .coordinator: coordinator
    case .contact, .deputy, .lead: self.agency(agency)?.places[place] ?? []
    case .convener: teams.first { $0.id == team }?.convener ?? []
    case .acknowledger: []
    }
  }

  /// Who holds the place now.
  public func holder(_ place: Place, of agency: AgencyID, team: TeamID? = nil, at now: Instant) -> RouteName? {
    holdings(place, of: agency, team: team).first { $0.hours.map { calendar.isOpen($0, at: now) } ?? true }?.route
  }

  /// Whether the agency's places, or without one the coordinator's and the conveners', name the route at any hour.
  public func names(_ route: RouteName, for agency: AgencyID?) -> Bool {
    let holdings =
      agency.map { id in Place.ofAgencies.flatMap { self.holdings($0, of: id) } }
      ?? coordinator + teams.flatMap(\.convener)
    return holdings.contains { $0.route == route }
  }

  /// The routes of who holds the agency's places now and has a telephone: nearest first, no number twice.
  public func telephones(of agency: AgencyID, at now: Instant) -> [RouteCard] {
    Place.ofAgencies.reduce(into: []) { cards, place in
      guard let card = holder(place, of: agency, at: now).flatMap({ routes[$0] }), let phone = card.phone,
        !cards.contains(where: { $0.phone == phone })
      else { return }
      cards.append(card)
    }
  }

  /// When the holder changes next, within 15 days.
  public func holderChanges(_ place: Place, of agency: AgencyID, after now: Instant) -> Instant? {
    let holdings = holdings(place, of: agency)
    let current = holder(place, of: agency, at: now)
    var at = now
    for _ in 0..<64 {
      let edges = holdings.compactMap { $0.hours.flatMap { calendar.nextChange(of: $0, after: at) } }
      guard let next = edges.min() else { return nil }
      if holder(place, of: agency, at: next) != current { return next }
      at = next
    }
    return nil
  }

  public func ringNumbers(at now: Instant) -> [String] {
    ring.first { $0.hours.map { calendar.isOpen($0, at: now) } ?? true }.map { [$0.number] } ?? []
  }

  public static func == (a: Arrangements, b: Arrangements) -> Bool {
    a.agencies == b.agencies && a.coordinator == b.coordinator && a.teams == b.teams && a.routes == b.routes
      && a.source == b.source && a.points == b.points
      && a.calendar == b.calendar && a.ring.elementsEqual(b.ring) { $0.hours == $1.hours && $0.number == $1.number }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(agencies)
    hasher.combine(source)
  }
}
