// Who holds which place, and what a change of hands brings: a second account, from the entries alone. It keeps rotas and covers
// as they were written and looks through them each time, where the rules cut them into stretches beforehand.
import Convening
import Coordination
import Wire

struct DutyCheck {
  private struct Written {
    let agency: AgencyID
    let at: Instant
    let entries: [RotaEntry]
  }

  private struct Covered {
    let agency: AgencyID
    let at: Instant
    let cover: Cover
  }

  /// A place in a discussion.
  private struct Chair: Hashable {
    let seat: Seat
    let place: Place
  }

  /// Who took something over and has to be told: for an agency, or for a team as its convener.
  private struct Heir: Hashable {
    let agency: AgencyID
    var team: TeamID?
    let route: RouteName
  }

  /// What a hand-over names: an agency that is awaited, or none.
  private struct Named: Hashable {
    let id: String
    let agency: String?
  }

  private var rotas: [Written] = []
  private var covers: [Covered] = []
  /// Who knows of it there; `.some(nil)`: nobody.
  private var known: [Chair: RouteName?] = [:]
  private var acknowledged: [Seat: Acknowledger] = [:]
  /// What each took over since they were told last.
  private var owed: [Heir: Set<Chair>] = [:]
  /// Who knows of it as its team's convener; `.some(nil)`: nobody. And what each took over so since they were told last.
  private var convening: [DiscussionID: RouteName?] = [:]
  private var owedAsConvener: [Heir: Set<DiscussionID>] = [:]

  /// The last cover that is in force, else the line of the last rota, else the hours.
  func holder(
    _ place: Place, of agency: AgencyID, team: TeamID?, at now: Instant, in town: Arrangements
  ) -> RouteName? {
    let name: AgencyID = place == .coordinator ? "coordination" : agency
    if place != .convener {
      let cover = covers.last { $0.agency == name && $0.cover.place == place && $0.at <= now && now < $0.cover.until }
      if let route = cover?.cover.route, town.routes[route] != nil { return route }
      let rota = rotas.last { $0.agency == name && $0.at <= now }
      let line = rota?.entries.first { $0.place == place && $0.from <= now && now < $0.until }
      if let route = line?.route, town.routes[route] != nil { return route }
    }
    for line in town.holdings(place, of: agency, team: team) {
      guard let hours = line.hours else { return line.route }
      if town.calendar.isOpen(hours, at: now) { return line.route }
    }
    return nil
  }

  /// Whether that is who holds it; a clock that is slowed may show the moment before a hand-over once more.
  private func holds(
    _ route: RouteName?, _ place: Place, of agency: AgencyID, team: TeamID? = nil, at now: Instant,
    _ town: Arrangements
  ) -> Bool {
    [now, now + ClockWatch.tolerance].contains { holder(place, of: agency, team: team, at: $0, in: town) == route }
  }

  /// The same in a discussion; who has acknowledged is who did, as long as the settings know their route.
  func holder(
    _ place: Place, of position: Position, in discussion: Discussion, at now: Instant, _ town: Arrangements
  ) -> RouteName? {
    guard place == .acknowledger else {
      return holder(place, of: position.agency, team: discussion.convene.team, at: now, in: town)
    }
    guard position.acknowledged != nil else { return nil }
    let by = acknowledged[Seat(id: discussion.id, agency: position.agency)]
    if let by, town.routes[by.route] != nil { return by.route }
    return holder(by?.place ?? .contact, of: position.agency, team: nil, at: now, in: town)
  }

  /// Whether somebody is there at the place: on cover or the rota, or by hours of their own.
  ///
  /// - Parameter covered: whether a cover counts.
  func isAttended(
    _ place: Place, of position: Position, in discussion: Discussion, at now: Instant, _ town: Arrangements,
    covered: Bool = true
  ) -> Bool {
    let by = acknowledged[Seat(id: discussion.id, agency: position.agency)]
    let place = place == .acknowledger ? by?.place ?? .contact : place
    let name: AgencyID = place == .coordinator ? "coordination" : position.agency
    if place != .convener {
      let cover = covers.last { $0.agency == name && $0.cover.place == place && $0.at <= now && now < $0.cover.until }
      if let route = cover?.cover.route, town.routes[route] != nil { return covered }
      let line = rotas.last { $0.agency == name && $0.at <= now }?.entries
        .first { $0.place == place && $0.from <= now && now < $0.until }
      if let route = line?.route, town.routes[route] != nil { return true }
    }
    for line in town.holdings(place, of: position.agency, team: discussion.convene.team) {
      guard let hours = line.hours else { return false }
      if town.calendar.isOpen(hours, at: now) { return true }
    }
    return false
  }

  // MARK: - Entry by entry

  /// - Parameter towns: what may have been in force for what was asked before new settings came.
  mutating func check(
    _ entry: Entry, _ after: Discussion?, _ town: Arrangements, _ towns: [Arrangements]
  ) throws(Broken) {
    switch entry.stream {
    case .agency(let agency): try take(entry, agency, town)
    case .discussion: if let after { try take(entry, after, town, towns) }
    case .policy, .calendar, .daemon, .audit, .frontDoor, .report: break
    }
  }

  private mutating func take(_ entry: Entry, _ agency: AgencyID, _ town: Arrangements) throws(Broken) {
    switch entry.event {
    case .rotaSet(let entries):
      for (index, one) in entries.enumerated() {
        let others = entries.prefix(index).filter { $0.place == one.place }
        try expect(one.from < one.until, "a line of a rota that ends before it begins")
        try expect(others.allSatisfy { $0.until <= one.from || one.until <= $0.from }, "a rota with two at one place")
        try expect(town.routes[one.route] != nil, "a rota with an unknown route")
      }
      rotas.append(Written(agency: agency, at: entry.at, entries: entries))
    case .coverSet(let cover):
      try expect(cover.until > entry.at && town.routes[cover.route] != nil, "a cover of nobody, or of the past")
      covers.append(Covered(agency: agency, at: entry.at, cover: cover))
    case .attemptBegan(_, attempt: 1, let route, let opening?) where opening.message == .handover:
      let heir = Heir(agency: agency, team: opening.team, route: route)
      let isOwed =
        heir.team == nil
        ? owed.removeValue(forKey: heir) != nil : !(owedAsConvener.removeValue(forKey: heir) ?? []).isEmpty
      try expect(isOwed && (opening.place == .convener) == (heir.team != nil), "told at a hand-over that was none")
      try expect(
        holds(route, opening.place, of: agency, team: heir.team, at: entry.at, town), "told, and does not hold it")
      try expect(opening.body.utf8.count <= 8192, "a hand-over of \(opening.body.utf8.count) bytes")
      told[opening.body] = heir
    default: break
    }
  }

  /// What was just told.
  /// Those of whom somebody has come to know in this turn, and those that have a new time.
  private var fresh: Set<Seat> = []
  /// Those that may have become their team's to hold in this turn.
  private var reopened: Set<DiscussionID> = []
  private var told: [String: Heir] = [:]

  private mutating func take(
    _ entry: Entry, _ after: Discussion, _ town: Arrangements, _ towns: [Arrangements]
  ) throws(Broken) {
    switch entry.event {
    case .attemptBegan(_, attempt: 1, let route, let opening?):
      guard opening.message != .answered, opening.place != .convener, opening.place != .acknowledger else { return }
      let chair = Chair(seat: Seat(id: after.id, agency: opening.agency), place: opening.place)
      if known[chair] == nil { fresh.insert(chair.seat) }
      known[chair] = .some(route)
      // They were asked themselves: that is no hand-over.
      for heir in owed.keys { owed[heir]?.remove(chair) }
    case .convened(let convene, _, _, _, _, let convener):
      let holders = towns.map { holder(.convener, of: "coordination", team: convene.team, at: entry.at, in: $0) }
      try expect(
        convene.heldAt == nil ? holders.contains(convener) : convener == nil, "convened by who does not convene")
      convening[after.id] = .some(convener)
      reopened.insert(after.id)
    case .handedOver(let agency, .convener, let from, let to, _):
      guard let before = convening[after.id] else { throw Broken("a convener of what was not convened") }
      try expect(agency == "coordination" && before == from && from != to, "convening handed over by who did not")
      try expect(
        holder(.convener, of: agency, team: after.convene.team, at: entry.at, in: town) == to,
        "convening handed over to who does not hold the place")
      try expect(isToHold(after, entry.at), "convening handed over of what is not to be held")
      convening[after.id] = .some(to)
      for heir in owedAsConvener.keys where heir.team == after.convene.team { owedAsConvener[heir]?.remove(after.id) }
      guard let to else { return }
      owedAsConvener[Heir(agency: agency, team: after.convene.team, route: to), default: []].insert(after.id)
    case .handedOver(let agency, let place, let from, let to, _):
      let chair = Chair(seat: Seat(id: after.id, agency: agency), place: place)
      guard let before = known[chair] else { throw Broken("\(place) handed over that nobody was asked at") }
      try expect(before == from && from != to, "\(place) handed over by who did not have it")
      try expect(
        holder(place, of: agency, team: after.convene.team, at: entry.at, in: town) == to,
        "\(place) handed over to who does not hold it")
      try expect(isOpen(chair.seat, after, entry.at), "\(place) handed over where nothing is open")
      known[chair] = .some(to)
      for heir in owed.keys { owed[heir]?.remove(chair) }
      guard let to else { return }
      owed[Heir(agency: place == .coordinator ? "coordination" : agency, route: to), default: []].insert(chair)
    case .acknowledged(let agency, _, _, _, let by?, _):
      let seat = Seat(id: after.id, agency: agency)
      if let now = after.position(agency)?.acknowledger, now == by { acknowledged[seat] = by }
      let chair = Chair(seat: seat, place: by.place)
      if known[chair] == nil {
        fresh.insert(seat)
        known[chair] = .some(by.route)
      }
    case .acknowledgementLapsed(let agency, let place, let route):
      let seat = Seat(id: after.id, agency: agency)
      guard let by = acknowledged.removeValue(forKey: seat) else { throw Broken("an acknowledgement lapsed of nobody") }
      try expect(by.place == place && by.route == route && !by.stays, "another acknowledgement lapsed")
      try expect(
        holder(place, of: agency, team: after.convene.team, at: entry.at, in: town) != route,
        "lapsed, and they hold it still")
    case .corrected(let correction):
      reopened.insert(after.id)
      for part in correction.standing.parts {
        let seat = Seat(id: after.id, agency: part.agency)
        acknowledged[seat] = part.acknowledger
        // It may be open again, or open no more.
        fresh.insert(seat)
      }
    case .detailsSent(let agency, _, _, _, _, needed: true):
      // It may be open again.
      fresh.insert(Seat(id: after.id, agency: agency))
    case .rescheduled:
      reopened.insert(after.id)
      for position in after.positions {
        let seat = Seat(id: after.id, agency: position.agency)
        acknowledged[seat] = nil
        // A meeting that was over is open again, and its new time is told by itself.
        fresh.insert(seat)
      }
    default: break
    }
  }

  private func isOpen(_ seat: Seat, _ discussion: Discussion, _ now: Instant) -> Bool {
    guard isToHold(discussion, now), let position = discussion.position(seat.agency), position.invited else {
      return false
    }
    return position.isSilent
  }

  private func isToHold(_ discussion: Discussion, _ now: Instant) -> Bool {
    let ends = discussion.deadline + .minutes(Int64(discussion.convene.durationMinutes))
    return discussion.phase == .scheduled && (discussion.meetingAt == nil || now < ends)
  }

  mutating func beginTurn() { (fresh, reopened) = ([], []) }

  /// What was told names all that was open there, or says how many more there are.
  mutating func checkTold(
    _ folded: [DiscussionID: Discussion], _ town: Arrangements, at now: Instant
  ) throws(Broken) {
    for (body, heir) in told {
      if let team = heir.team {
        let new = reopened.map(\.description)
        try check(told: body, isToHold(by: heir, of: team, folded, town, at: now)) { new.contains($0.id) }
        continue
      }
      let open = known.filter { chair, route in
        let name: AgencyID = chair.place == .coordinator ? "coordination" : chair.seat.agency
        return name == heir.agency && route == heir.route
          && holds(heir.route, chair.place, of: chair.seat.agency, at: now, town)
          && folded[chair.seat.id].map { isOpen(chair.seat, $0, now) } ?? false
      }.keys
      let pairs = open.map { Named(id: $0.seat.id.description, agency: $0.seat.agency.text) }
      let new = fresh.map { Named(id: $0.id.description, agency: $0.agency.text) }
      try check(told: body, Set(pairs)) { new.contains($0) }
    }
    told = [:]
  }

  /// All that the team is to hold and its convener knows of: each agency that is awaited, or none where each has answered.
  private func isToHold(
    by heir: Heir, of team: TeamID, _ folded: [DiscussionID: Discussion], _ town: Arrangements, at now: Instant
  ) -> Set<Named> {
    var open: Set<Named> = []
    for (id, route) in convening where route == heir.route {
      guard let discussion = folded[id], discussion.convene.team == team, isToHold(discussion, now) else { continue }
      let awaited = discussion.positions.map(\.agency).filter { isOpen(Seat(id: id, agency: $0), discussion, now) }
      for agency in awaited { open.insert(Named(id: id.description, agency: agency.text)) }
      if awaited.isEmpty { open.insert(Named(id: id.description, agency: nil)) }
    }
    return open
  }

  /// - Parameter isNew: who has come to know of one in this very turn was told of it otherwise.
  private func check(told body: String, _ pairs: Set<Named>, isNew: (Named) -> Bool) throws(Broken) {
    guard let json = try? JSON(parsing: body), let data = json["data"], let shown = data["open"]?.array,
      let more = data["more"]?.int
    else { throw Broken("a hand-over that cannot be read") }
    let named = shown.count + more
    let old = pairs.filter { !isNew($0) }
    try expect(
      (old.count...pairs.count).contains(named) && !shown.isEmpty, "\(shown.count) and \(more) more of \(pairs.count)")
    for one in shown {
      let named = Named(id: one["discussion"]?.string ?? "", agency: one["agency"]?.string)
      try expect(pairs.contains(named), "a hand-over of what is not open")
    }
  }

  // MARK: - At rest

  /// Nothing is left that somebody else should know of, and no acknowledgement outlives its holder.
  func checkRest(
    _ folded: [DiscussionID: Discussion], _ town: Arrangements, at now: Instant, isStuck: (RouteName) -> Bool
  ) throws(Broken) {
    for (chair, route) in known {
      guard let discussion = folded[chair.seat.id], isOpen(chair.seat, discussion, now) else { continue }
      try expect(
        holds(route, chair.place, of: chair.seat.agency, at: now, town),
        "\(chair.place) of \(chair.seat.agency) is not \(route?.text ?? "nobody")'s, who knows")
    }
    for (seat, by) in acknowledged where !by.stays {
      guard let discussion = folded[seat.id], isOpen(seat, discussion, now),
        let position = discussion.position(seat.agency), position.acknowledged != nil,
        // What it reports by link pauses, whoever holds the place.
        position.reported.isEmpty
      else { continue }
      try expect(
        holds(by.route, by.place, of: seat.agency, at: now, town),
        "an acknowledgement outlives its holder: \(seat.agency) in \(seat.id)")
    }
    for (id, route) in convening {
      guard let discussion = folded[id], isToHold(discussion, now) else { continue }
      // Where nobody convenes, whoever knew still knows.
      try expect(
        holder(.convener, of: "coordination", team: discussion.convene.team, at: now, in: town) == nil
          || holds(route, .convener, of: "coordination", team: discussion.convene.team, at: now, town),
        "\(route?.text ?? "nobody") does not convene \(id), and knows")
    }
    for (heir, ids) in owedAsConvener
    where !isStuck(heir.route) && holds(heir.route, .convener, of: "coordination", team: heir.team, at: now, town) {
      let left = ids.first { id in folded[id].map { isToHold($0, now) } ?? false }
      try expect(left == nil, "\(heir.route) convenes for \(heir.team!) and was not told")
    }
    for (heir, chairs) in owed where !isStuck(heir.route) {
      let left = chairs.first { chair in folded[chair.seat.id].map { isOpen(chair.seat, $0, now) } ?? false }
      try expect(left == nil, "\(heir.route) took \(heir.agency) over and was not told")
    }
  }
}
