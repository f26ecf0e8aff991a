// Who is asked: agencies, the places in each, and the routes that hold a place at given hours. Arrangements come from
// the settings and may change at any reload; above them stands the rota, which comes from the journal. The journal records
// which route was in fact used.

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

/// When an agency of several units has contributed.
public enum UnitRule: String, CaseIterable, Hashable, Sendable {
  /// Once any of them has.
  case anyUnit = "any-unit"
  /// Once each has that was sent the details of the child.
  case allAsked = "all-asked"
}

public struct Agency: Hashable, Sendable {
  /// A part of it that answers for itself: one of the trusts that make up Health.
  public struct Unit: Hashable, Sendable {
    public let id: UnitID
    /// For people: "Community trust".
    public let label: String

    public init(id: UnitID, label: String) { (self.id, self.label) = (id, label) }
  }

  public let id: AgencyID
  /// For people: "Children's Social Care".
  public let name: String
  /// contact, deputy and lead; first match holds the place.
  public let places: [Place: [Holding]]
  /// How many discussions it can join at once, from 1; nil: any number.
  public let atOnce: Int?
  /// In the order of the settings; most agencies have none.
  public let units: [Unit]
  public let counts: UnitRule

  public init(
    id: AgencyID, name: String, places: [Place: [Holding]], atOnce: Int? = nil, units: [Unit] = [],
    counts: UnitRule = .anyUnit
  ) {
    (self.id, self.name, self.places, self.atOnce) = (id, name, places, atOnce)
    (self.units, self.counts) = (units, counts)
  }
}

/// A team of the authority's that convenes.
public struct Team: Hashable, Sendable {
  public let id: TeamID
  /// First match holds the place.
  public let convener: [Holding]
  /// Answers for the team's front door; empty where `FrontDoor.manager` does.
  public let manager: [Holding]

  public init(id: TeamID, convener: [Holding], manager: [Holding] = []) {
    (self.id, self.convener, self.manager) = (id, convener, manager)
  }
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
  /// Rota and cover, which go before the hours. The settings know of none: they are the journal's.
  public var rota: Rota
  public let frontDoor: FrontDoor
  /// What people hold the report against.
  public let points: ReportPoints

  public init(
    agencies: [Agency], coordinator: [Holding], teams: [Team] = [], routes: [RouteName: RouteCard],
    ring: [(hours: OpenHours?, number: String)], source: String, calendar: WorkingCalendar, rota: Rota = Rota(),
    frontDoor: FrontDoor = FrontDoor(),
    points: ReportPoints = ReportPoints()
  ) {
    self.rota = rota
    self.frontDoor = frontDoor
    (self.agencies, self.coordinator, self.teams, self.routes) = (agencies, coordinator, teams, routes)
    (self.ring, self.source, self.calendar, self.points) = (ring, source, calendar, points)
  }

  public func agency(_ id: AgencyID) -> Agency? { agencies.first { $0.id == id } }

  public static func == (a: Arrangements, b: Arrangements) -> Bool {
    a.agencies == b.agencies && a.coordinator == b.coordinator && a.teams == b.teams && a.routes == b.routes
      && a.source == b.source && a.rota == b.rota && a.frontDoor == b.frontDoor && a.points == b.points
      && a.calendar == b.calendar && a.ring.elementsEqual(b.ring) { $0.hours == $1.hours && $0.number == $1.number }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(agencies)
    hasher.combine(source)
  }
}
