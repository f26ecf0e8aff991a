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

  /// Who took something over and has to be told.
  private struct Heir: Hashable {
    let agency: AgencyID
    let route: RouteName
  }

  private var rotas: [Written] = []
  private var covers: [Covered] = []
  /// Who knows of it there; `.some(nil)`: nobody.
  private var known: [Chair: RouteName?] = [:]
  private var acknowledged: [Seat: Acknowledger] = [:]
  /// What each took over since they were told last.
  private var owed: [Heir: Set<Chair>] = [:]

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
    _ route: RouteName?, _ place: Place, of agency: AgencyID, at now: Instant, _ town: Arrangements
  ) -> Bool {
    [now, now + ClockWatch.tolerance].contains { holder(place, of: agency, team: nil, at: $0, in: town) == route }
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
  func isAttended(
    _ place: Place, of position: Position, in discussion: Discussion, at now: Instant, _ town: Arrangements
  ) -> Bool {
    let by = acknowledged[Seat(id: discussion.id, agency: position.agency)]
    let place = place == .acknowledger ? by?.place ?? .contact : place
    let name: AgencyID = place == .coordinator ? "coordination" : position.agency
    if place != .convener {
      let cover = covers.last { $0.agency == name && $0.cover.place == place && $0.at <= now && now < $0.cover.until }
      if let route = cover?.cover.route, town.routes[route] != nil { return true }
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

  mutating func check(_ entry: Entry, _ after: Discussion?, _ town: Arrangements) throws(Broken) {
    switch entry.stream {
    case .agency(let agency): try take(entry, agency, town)
    case .discussion: if let after { try take(entry, after, town) }
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
      let heir = Heir(agency: agency, route: route)
      guard owed.removeValue(forKey: heir) != nil else { throw Broken("told at a hand-over that was none") }
      try expect(holds(route, opening.place, of: agency, at: entry.at, town), "told, and does not hold it")
      try expect(opening.body.utf8.count <= 8192, "a hand-over of \(opening.body.utf8.count) bytes")
      told[opening.body] = heir
    default: break
    }
  }

  /// What was just told.
  /// Those of whom somebody has come to know in this turn, and those that have a new time.
  private var fresh: Set<Seat> = []
  private var told: [String: Heir] = [:]

  private mutating func take(_ entry: Entry, _ after: Discussion, _ town: Arrangements) throws(Broken) {
    switch entry.event {
    case .attemptBegan(_, attempt: 1, let route, let opening?):
      guard opening.message != .answered, opening.place != .convener, opening.place != .acknowledger else { return }
      let chair = Chair(seat: Seat(id: after.id, agency: opening.agency), place: opening.place)
      if known[chair] == nil { fresh.insert(chair.seat) }
      known[chair] = .some(route)
      // They were asked themselves: that is no hand-over.
      for heir in owed.keys { owed[heir]?.remove(chair) }
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
    guard discussion.phase == .scheduled, let position = discussion.position(seat.agency), position.invited else {
      return false
    }
    let ends = discussion.deadline + .minutes(Int64(discussion.convene.durationMinutes))
    let isInTime = discussion.meetingAt == nil || now < ends
    return position.isSilent && isInTime
  }

  mutating func beginTurn() { fresh = [] }

  /// What was told names all that was open there, or says how many more there are.
  mutating func checkTold(
    _ folded: [DiscussionID: Discussion], _ town: Arrangements, at now: Instant
  ) throws(Broken) {
    for (body, heir) in told {
      let open = known.filter { chair, route in
        let name: AgencyID = chair.place == .coordinator ? "coordination" : chair.seat.agency
        return name == heir.agency && route == heir.route
          && holds(heir.route, chair.place, of: chair.seat.agency, at: now, town)
          && folded[chair.seat.id].map { isOpen(chair.seat, $0, now) } ?? false
      }.keys
      guard let json = try? JSON(parsing: body), let data = json["data"], let shown = data["open"]?.array,
        let more = data["more"]?.int
      else { throw Broken("a hand-over that cannot be read") }
      let pairs = Set(open.map(\.seat))
      // Who has come to know of one in this very turn was told of it otherwise.
      let named = shown.count + more
      try expect(
        (pairs.subtracting(fresh).count...pairs.count).contains(named) && !shown.isEmpty,
        "\(shown.count) and \(more) more of \(pairs.count)")
      for one in shown {
        try expect(
          pairs.contains {
            $0.id.description == one["discussion"]?.string && $0.agency.text == one["agency"]?.string
          }, "a hand-over of what is not open")
      }
    }
    told = [:]
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
      let holder = holder(by.place, of: seat.agency, team: nil, at: now, in: town)
      try expect(holder == by.route, "an acknowledgement outlives its holder: \(seat.agency) in \(seat.id)")
    }
    for (heir, chairs) in owed where !isStuck(heir.route) {
      let left = chairs.first { chair in folded[chair.seat.id].map { isOpen(chair.seat, $0, now) } ?? false }
      try expect(left == nil, "\(heir.route) took \(heir.agency) over and was not told")
    }
  }
}
