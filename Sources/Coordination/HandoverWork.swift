// Rota, cover and what they bring about: what people record of who holds a place, and what follows for each open discussion
// when a place changes hands. It is done before anything of the discussion that is due, so that nobody new is taken for
// whoever acknowledged.
import Convening
import Wire

extension Docket {
  /// When a place changes hands of which something is open, or somebody has to be told. Whose endpoint has no slot is looked
  /// at by the turn of an outcome.
  var handoverAttention: Instant? {
    guard !isStopping else { return nil }
    let isServed = handovers.pressing.contains { successor in
      stopped.contains(successor.route)
        || inFlight < limits.inFlight
          && (endpoints[successor.route] ?? EndpointLoad(most: limits.perEndpoint)).hasRoom
    }
    return isServed ? Instant(milliseconds: 0) : handovers.next
  }
}

extension Planning {
  // MARK: - What people record

  mutating func setRota(_ agency: AgencyID?, _ entries: [RotaEntry], _ request: Request) throws(Refusal) -> Reply {
    let name = try onRota(agency)
    let faults = arrangements.faults(of: entries, for: name)
    guard faults.isEmpty else { throw .badRota(faults) }
    var changed = arrangements
    changed.rota.set(entries, of: name, at: now)
    let (before, after) = (arrangements.rota, changed.rota)
    let isTheSame = before.entries(of: name, from: now).elementsEqual(after.entries(of: name, from: now)) {
      $0.duty == $1.duty && $0.stretch == $1.stretch
    }
    guard !isTheSame else { return .onDuty(name, before, replayed: true) }
    try match(request, rotaOf: name)
    record(.agency(name), .rotaSet(entries.filter { $0.until > now }), actor: request.actor)
    turn.arrangements = changed
    return .onDuty(name, after, replayed: false)
  }

  mutating func cover(_ agency: AgencyID?, _ cover: Cover, _ request: Request) throws(Refusal) -> Reply {
    if let earlier = try answered(request) { return earlier }
    let name = try onRota(agency)
    try match(request, rotaOf: name)
    let faults = arrangements.faults(of: cover, for: name, at: now)
    guard faults.isEmpty else { throw .badRota(faults) }
    record(.agency(name), .coverSet(cover), actor: request.actor, mark: request.mark)
    var changed = arrangements
    changed.rota.take(cover, of: name, at: now)
    turn.arrangements = changed
    remember(request.mark, .covered(name))
    return .onDuty(name, changed.rota, replayed: false)
  }

  private func match(_ request: Request, rotaOf agency: AgencyID) throws(Refusal) {
    guard let wanted = request.ifRota else { return }
    guard wanted == RotaDocument.version(of: agency, arrangements.rota, at: now) else { throw .rotaMismatch }
  }

  private func onRota(_ agency: AgencyID?) throws(Refusal) -> AgencyID {
    if let agency, arrangements.agency(agency) == nil { throw .unknownAgency(field: "agency") }
    return agency ?? .coordination
  }

  // MARK: - What follows

  /// Those that wait, at most so many a turn.
  mutating func handOverWhatWaits() {
    guard !isStopping else { return }
    let ids = docket.handovers.waiting.prefix(docket.limits.replansPerTurn)
    for id in ids {
      handOver(id)
      touch(id)
    }
    turn.handedOver = ids.count
  }

  /// Every place of the discussion that has changed hands. Once more, it changes nothing.
  mutating func handOver(_ id: DiscussionID) {
    guard let discussion = discussion(id), let policy = policies[discussion.policy] else { return }
    // As the docket knows them: other arrangements of this very turn are looked at in the next.
    let handovers = turn.arrangements == nil ? docket.handovers : nil
    let team = discussion.convene.team
    for index in discussion.positions.indices {
      let agency = discussion.positions[index].agency
      let events = discussion.handingOver(at: index, under: policy, arrangements, now: now) { place in
        handovers?.until(place, of: Staff(place, of: agency, team: team))
      }
      for event in events { handOver(id, event, team) }
      raiseTheEmpty(events, agency, of: id)
    }
    let until = handovers?.until(.convener, of: .team(team))
    let event = discussion.handingOverConvener(arrangements, now: now, until: until)
    if let event { handOver(id, event, team) }
  }

  private mutating func handOver(_ id: DiscussionID, _ event: Event, _ team: TeamID) {
    record(id, event)
    guard case .handedOver(_, let place, _, _, _) = event, let successor = Successor(event, team: team) else { return }
    turn.owed[successor, default: [:]][id] = takenOver(place, successor) ?? now
  }

  /// When they took it over, where that was while no process ran.
  private func takenOver(_ place: Place, _ successor: Successor) -> Instant? {
    docket.handovers.standstill.flatMap { from, until in
      arrangements.takenOver(
        place, of: successor.staff.agency, team: successor.staff.team, by: successor.route, between: from, and: until)
    }
  }

  // MARK: - Who is told

  /// One message to whoever took something over, once everything has been handed over.
  mutating func tellSuccessors() {
    let pressing = docket.handovers.pressing.union(turn.owed.keys)
    guard !pressing.isEmpty, !isStopping, docket.handovers.waiting.count == turn.handedOver else { return }
    for successor in pressing.sorted() {
      // Whoever lets the route be used again presses anew.
      guard !stopped.contains(successor.route) else {
        turn.unneeded.insert(successor)
        continue
      }
      guard hasRoom(successor.route) else { continue }
      let open = whatIsOpen(for: successor)
      guard let nearest = Place.allCases.first(where: { place in open.contains { $0.place == place } }) else {
        turn.unneeded.insert(successor)
        continue
      }
      tell(successor, nearest, open)
    }
  }

  private mutating func tell(_ successor: Successor, _ place: Place, _ open: [HandoverBody.Open]) {
    let since = (docket.handovers.owed[successor] ?? [:]).merging(turn.owed[successor] ?? [:]) { $1 }
    let due = open.compactMap { since[$0.discussion] }.min().map { min($0, now) } ?? now
    let (agency, team) = (successor.staff.agency, successor.staff.team)
    let facts = HandoverBody.Facts(
      source: arrangements.source, time: now, agency: agency, team: team, place: place,
      until: arrangements.holderChanges(place, of: agency, team: team, after: heldAt(place, successor) ?? now),
      stopAfter: now + Letter.life, lateBy: now - due, open: open, ring: arrangements.ringNumbers(at: now))
    write(
      Letter(
        agency: agency, team: team, place: place, route: successor.route, step: "handover", message: .handover,
        due: due
      ) { HandoverBody.compose(facts, id: $0) })
    turn.told.insert(successor)
  }

  /// Now, where they hold the place; a moment on, where a clock that is slowed shows the one before they took it over.
  private func heldAt(_ place: Place, _ successor: Successor) -> Instant? {
    [now, now + ClockWatch.tolerance].first {
      arrangements.holder(place, of: successor.staff.agency, team: successor.staff.team, at: $0) == successor.route
    }
  }

  /// All that is open at the places that they hold, first what meets first; nothing where nothing of it was taken over.
  private func whatIsOpen(for successor: Successor) -> [HandoverBody.Open] {
    let (staff, route) = (successor.staff, successor.route)
    let held = staff.places.filter { heldAt($0, successor) != nil }
    guard !held.isEmpty else { return [] }
    var open: [HandoverBody.Open] = []
    var isHandedOver = false
    for id in docket.handovers.open(for: staff) {
      guard let discussion = discussion(id) else { continue }
      if staff.team != nil {
        guard discussion.isOpen(now), discussion.convener == route else { continue }
        isHandedOver = isHandedOver || isOwed(id, to: successor)
        open += discussion.openForConvener(route, now)
        continue
      }
      for index in discussion.positions.indices where discussion.isOpen(at: index, now) {
        let position = discussion.positions[index]
        guard staff == .agency(.coordination) || position.agency == staff.agency,
          let place = held.first(where: { position.known(at: $0).route == route })
        else { continue }
        isHandedOver = isHandedOver || held.contains { position.taken($0) == route }
        open.append(discussion.open(position, place, route))
      }
    }
    guard isHandedOver else { return [] }
    return open.sorted { ($0.order, $0.discussion, $0.name) < ($1.order, $1.discussion, $1.name) }
  }

  /// Whether they took it over and were not told since.
  private func isOwed(_ id: DiscussionID, to successor: Successor) -> Bool {
    docket.handovers.owed[successor]?[id] != nil || turn.owed[successor]?[id] != nil
  }

  /// Where nobody can be asked any more at a place, the next one is asked at once, unless somebody beyond it was; and where
  /// that is because a route has stopped, the coordinator hears, as of any that stops.
  private mutating func raiseTheEmpty(_ events: [Event], _ agency: AgencyID, of id: DiscussionID) {
    guard let discussion = discussion(id), let position = discussion.position(agency) else { return }
    let stranded = position.stranded(by: stopped)
    var empty = Set(stranded)
    for case .handedOver(_, let place, _, nil, _) in events where !place.isTold { empty.insert(place) }
    guard !empty.isEmpty, !position.isAsked(beyond: Array(empty), stopped) else { return }
    let isSaid = stranded.isEmpty || discussion.hasStoppedWord(about: position)
    raise(agency, past: empty, of: id, adding: isSaid ? nil : .word(Rung.stopped, due: now, now: now))
  }
}

extension Discussion {
  /// The agencies that are still awaited; where each has answered, it is to be held all the same.
  fileprivate func openForConvener(_ route: RouteName, _ now: Instant) -> [HandoverBody.Open] {
    let awaited = positions.indices.filter { isOpen(at: $0, now) }
    return awaited.isEmpty ? [open(nil, .convener, route)] : awaited.map { open(positions[$0], .convener, route) }
  }

  fileprivate func open(_ position: Position?, _ place: Place, _ route: RouteName) -> HandoverBody.Open {
    HandoverBody.Open(
      discussion: id, agency: position?.agency, place: place, urgency: convene.urgency, meetingAt: meetingAt,
      isAcknowledged: position?.acknowledged != nil, askedAt: position?.askedSince,
      detailsSentAt: position?.detailsSent.last { $0.route == route }?.at)
  }
}

extension HandoverBody.Open {
  /// By meeting; what has no time yet, and is urgent therefore, first.
  fileprivate var order: Instant { meetingAt ?? Instant(milliseconds: 0) }
  fileprivate var name: String { agency?.text ?? "" }
}
