// Who holds a place at a moment, and why: cover first, then the rota, then the hours of the settings, of which the first line
// that matches counts. When that changes next, and where nobody holds a place. What names a route that the settings do not
// have (any more) counts for nothing: the place falls back on what stands below.

/// Why somebody holds a place.
public enum Because: Hashable, Sendable {
  case cover(reason: String)
  case rota
  /// Its own hours are open now.
  case hours
  /// No line above it is open.
  case otherwise
  case always
}

/// Somebody holds a place.
public struct Hold: Hashable, Sendable {
  public let route: RouteName
  public let because: Because
}

/// A time in which nobody holds a place, or a rota leaves it out: the first from a moment on.
public struct Gap: Hashable, Sendable {
  /// `coordination` for the coordinator; nil for the convener of a team.
  public let agency: AgencyID?
  public let place: Place
  public let team: TeamID?
  public let from: Instant
  /// nil: beyond what was looked at.
  public let until: Instant?
  /// Who holds it as the rota begins to leave it out; nil where nobody does.
  public let fallsTo: RouteName?

  public init(
    agency: AgencyID?, place: Place, team: TeamID?, from: Instant, until: Instant?, fallsTo: RouteName? = nil
  ) {
    (self.agency, self.place, self.team, self.from, self.until) = (agency, place, team, from, until)
    self.fallsTo = fallsTo
  }
}

extension Arrangements {
  /// Every line of a place's table; empty where the settings name nobody. `team` is the one that convened.
  public func holdings(_ place: Place, of agency: AgencyID, team: TeamID? = nil) -> [Holding] {
    switch place {
    case .coordinator: coordinator
    case .contact, .deputy, .lead: self.agency(agency)?.places[place] ?? []
    case .convener: teams.first { $0.id == team }?.convener ?? []
    case .manager: teams.first { $0.id == team }?.manager ?? []
    case .acknowledger: []
    }
  }

  /// Who holds the place at that moment.
  public func holder(_ place: Place, of agency: AgencyID, team: TeamID? = nil, at now: Instant) -> RouteName? {
    onDuty(place, of: agency, at: now)?.route
      ?? holdings(place, of: agency, team: team).first { $0.hours.map { calendar.isOpen($0, at: now) } ?? true }?.route
  }

  /// The same, and why.
  public func hold(_ place: Place, of agency: AgencyID, team: TeamID? = nil, at now: Instant) -> Hold? {
    if let onDuty = onDuty(place, of: agency, at: now) { return onDuty }
    let lines = holdings(place, of: agency, team: team)
    guard let index = lines.firstIndex(where: { $0.hours.map { calendar.isOpen($0, at: now) } ?? true }) else {
      return nil
    }
    let isOpen = lines[index].hours != nil
    return Hold(route: lines[index].route, because: isOpen ? .hours : index == 0 ? .always : .otherwise)
  }

  /// By cover or rota.
  private func onDuty(_ place: Place, of agency: AgencyID, at now: Instant) -> Hold? {
    guard !rota.isEmpty, let duty = Duty(place, of: agency) else { return nil }
    if let cover = rota.cover(duty, at: now), routes[cover.route] != nil {
      return Hold(route: cover.route, because: .cover(reason: cover.reason))
    }
    guard let entry = rota.entry(duty, at: now), routes[entry.route] != nil else { return nil }
    return Hold(route: entry.route, because: .rota)
  }

  /// Whether the agency's places, or without one the coordinator's and the conveners', name the route at any hour.
  public func names(_ route: RouteName, for agency: AgencyID?) -> Bool {
    let holdings =
      agency.map { id in Place.ofAgencies.flatMap { self.holdings($0, of: id) } }
      ?? coordinator + teams.flatMap { $0.convener + $0.manager }
    let isFrontDoors = agency == nil && [frontDoor.manager, frontDoor.outsideHours].contains(route)
    return isFrontDoors || holdings.contains { $0.route == route } || rota.names(route, for: agency ?? .coordination)
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

  public func ringNumbers(at now: Instant) -> [String] {
    ring.first { $0.hours.map { calendar.isOpen($0, at: now) } ?? true }.map { [$0.number] } ?? []
  }

  // MARK: - When that changes

  /// When the holder changes next, within 15 days.
  public func holderChanges(
    _ place: Place, of agency: AgencyID, team: TeamID? = nil, after now: Instant
  ) -> Instant? {
    let current = holder(place, of: agency, team: team, at: now)
    return edges(place, of: agency, team: team, after: now, until: now + .days(15))
      .first { holder(place, of: agency, team: team, at: $0) != current }
  }

  /// When the route took the place over, where that was between the two; it holds it at the second. At most 15 days are looked
  /// back.
  public func takenOver(
    _ place: Place, of agency: AgencyID, team: TeamID? = nil, by route: RouteName, between start: Instant,
    and end: Instant
  ) -> Instant? {
    let start = max(start, end - .days(15))
    func isHeld(at moment: Instant) -> Bool { holder(place, of: agency, team: team, at: moment) == route }
    let edges = edges(place, of: agency, team: team, after: start, until: end)
    // The first of its last stretch; one that began before them is none of these.
    guard let last = ([start] + edges).lastIndex(where: { !isHeld(at: $0) }), last < edges.count else { return nil }
    return edges[last]
  }

  /// Whether the holder may change at all, however late: somebody's hours end, or a rota begins.
  public func mayChange(_ place: Place, of agency: AgencyID, team: TeamID? = nil, after now: Instant) -> Bool {
    holdings(place, of: agency, team: team).contains { $0.hours != nil }
      || Duty(place, of: agency).flatMap { rota.nextEdge($0, after: now) } != nil
  }

  /// The moments between the two at which the holder may change, in their order; from one to the next it is the same.
  func edges(
    _ place: Place, of agency: AgencyID, team: TeamID?, after now: Instant, until end: Instant
  ) -> [Instant] {
    let hours = holdings(place, of: agency, team: team).compactMap(\.hours)
    let edges =
      hours.flatMap { calendar.edges(of: $0, after: now, until: end) }
      + (Duty(place, of: agency).map { rota.edges($0, after: now, until: end) } ?? [])
    return Set(edges).sorted()
  }

  // MARK: - Gaps

  /// How far ahead gaps are looked for.
  public static let gapsAhead = Elapsed.days(14)

  /// The first gap of each place in the next 14 days: agencies in the order of the settings, then the coordinator, then the
  /// conveners of the teams. A place that the settings do not give an agency has none. Where somebody always holds it, what its
  /// rota leaves out is its gap.
  public func gaps(from now: Instant) -> [Gap] {
    let ofAgencies = agencies.flatMap { agency in
      Place.ofAgencies.filter { agency.places[$0] != nil }.compactMap { gapOrRotaGap($0, of: agency.id, from: now) }
    }
    return ofAgencies + [gapOrRotaGap(.coordinator, of: .coordination, from: now)].compactMap(\.self)
      + teams.compactMap { gap(.convener, of: .coordination, team: $0.id, from: now) }
  }

  private func gapOrRotaGap(_ place: Place, of agency: AgencyID, from now: Instant) -> Gap? {
    gap(place, of: agency, team: nil, from: now) ?? rotaGap(place, of: agency, from: now)
  }

  /// Neither rota nor cover names anybody, and no hours do: it falls to whoever the settings name for all other times.
  private func rotaGap(_ place: Place, of agency: AgencyID, from now: Instant) -> Gap? {
    guard let duty = Duty(place, of: agency), rota.isRostered(duty) else { return nil }
    func fallsTo(at moment: Instant) -> RouteName? {
      guard let hold = hold(place, of: agency, at: moment) else { return nil }
      return [.otherwise, .always].contains(hold.because) ? hold.route : nil
    }
    return stretch(of: place, agency, nil, from: now, where: { fallsTo(at: $0) != nil }).map { from, until in
      Gap(agency: agency, place: place, team: nil, from: from, until: until, fallsTo: fallsTo(at: from))
    }
  }

  private func gap(_ place: Place, of agency: AgencyID, team: TeamID?, from now: Instant) -> Gap? {
    // Somebody always holds it, whatever comes above.
    guard !holdings(place, of: agency, team: team).contains(where: { $0.hours == nil }) else { return nil }
    func isEmpty(at moment: Instant) -> Bool { holder(place, of: agency, team: team, at: moment) == nil }
    return stretch(of: place, agency, team, from: now, where: isEmpty).map { from, until in
      Gap(agency: team == nil ? agency : nil, place: place, team: team, from: from, until: until)
    }
  }

  /// The first in the next 14 days in which that is so; without an end where that lies beyond them.
  private func stretch(
    of place: Place, _ agency: AgencyID, _ team: TeamID?, from now: Instant, where isSo: (Instant) -> Bool
  ) -> (from: Instant, until: Instant?)? {
    let moments = edges(place, of: agency, team: team, after: now, until: now + Self.gapsAhead)
    let from = ([now] + moments).first { $0 < now + Self.gapsAhead && isSo($0) }
    return from.map { from in (from, moments.first { $0 > from && !isSo($0) }) }
  }

  /// Whether nobody holds it from before two working days are over: then somebody has to see to it now.
  public func isSoon(_ gap: Gap, at now: Instant) -> Bool {
    gap.fallsTo == nil && gap.from < calendar.end(of: calendar.adding(workingDays: 2, to: calendar.date(of: now)).date)
  }

  /// What rota and cover name from then on and the settings do not have (any more), each once.
  public func lostRoutes(from now: Instant) -> [(agency: AgencyID, route: RouteName)] {
    var seen: Set<[String]> = []
    return rota.routes(from: now)
      .filter { agency, route in
        routes[route] == nil && seen.insert([agency.text, route.text]).inserted
      }
      .sorted { ($0.agency, $0.route) < ($1.agency, $1.route) }
  }

  // MARK: - What may be written

  /// What is at fault in a rota for an agency; nothing where it may be recorded.
  public func faults(of entries: [RotaEntry], for agency: AgencyID) -> [RotaFault] {
    var faults: [RotaFault] = []
    for (index, entry) in entries.enumerated() {
      let at = "/entries/\(index)"
      faults += self.faults(of: entry.place, entry.route, for: agency, at: at)
      if entry.from >= entry.until {
        faults.append(RotaFault("\(at)/until", RotaFault.endsFirst))
      }
    }
    // In order of time those that overlap stand beside each other, or beside one that reaches over them.
    let order = entries.indices.sorted { (entries[$0].from, $0) < (entries[$1].from, $1) }
    var last: [Place: Int] = [:]
    for index in order where entries[index].from < entries[index].until {
      let entry = entries[index]
      if let earlier = last[entry.place], entries[earlier].until > entry.from {
        faults.append(
          RotaFault(
            "/entries/\(index)/from",
            "It overlaps entry number \(earlier + 1), of the same place. Let one end where the other begins."))
      }
      if last[entry.place].map({ entries[$0].until < entry.until }) ?? true { last[entry.place] = index }
    }
    return faults
  }

  /// What is at fault in a cover.
  public func faults(of cover: Cover, for agency: AgencyID, at now: Instant) -> [RotaFault] {
    var faults = self.faults(of: cover.place, cover.route, for: agency, at: "")
    if cover.until <= now { faults.append(RotaFault("/until", "It is over already. Give an until that is to come.")) }
    if rota.covers(of: agency, from: now).count >= Self.mostCovers {
      faults.append(
        RotaFault("", "\(Self.mostCovers) covers of this agency are in force or to come. Write a rota instead."))
    }
    return faults
  }

  /// Covers of one agency that are not over.
  public static let mostCovers = 100

  private func faults(
    of place: Place, _ route: RouteName, for agency: AgencyID, at pointer: String
  ) -> [RotaFault] {
    var faults: [RotaFault] = []
    let places = Place.onRota(of: agency).filter { $0 == .coordinator || isFilled($0, agency) }
    if !places.contains(place) {
      let known = places.map(\.rawValue).joined(separator: ", ")
      faults.append(RotaFault("\(pointer)/place", "The settings give it no such place. There are: \(known)."))
    }
    if routes[route] == nil {
      faults.append(
        RotaFault("\(pointer)/route", "The settings have no such route. `convenectl agencies` lists those of each."))
    } else if isOthers(route, agency) {
      faults.append(
        RotaFault(
          "\(pointer)/route",
          "This route is another agency's. Name it for this one in the settings first, if that is meant."))
    }
    return faults
  }

  private func isFilled(_ place: Place, _ agency: AgencyID) -> Bool { self.agency(agency)?.places[place] != nil }

  /// Another agency's hours name it, and neither this one's nor the authority's do: what goes there names this agency.
  private func isOthers(_ route: RouteName, _ agency: AgencyID) -> Bool {
    func names(_ agency: Agency) -> Bool { agency.places.values.contains { $0.contains { $0.route == route } } }
    let isOurs =
      self.agency(agency).map(names) ?? false
      || self.names(route, for: nil)
    return !isOurs && agencies.contains(where: names)
  }
}
