// What whoever runs the service asks for beside any discussion: a test message, a route used again, a pause and its end. Each
// is recorded where it changed nothing too: somebody did it, and a key is remembered by what it did.
import Convening
import Wire

extension Planning {
  mutating func ping(_ agency: AgencyID?, _ route: RouteName?, _ request: Request) throws(Refusal) -> Reply {
    if let earlier = try answered(request) { return earlier }
    let name = agency ?? .coordination
    if let agency, arrangements.agency(agency) == nil { throw .unknownAgency(field: "agency") }
    let holder =
      agency.map { arrangements.holder(.contact, of: $0, at: now) }
      ?? arrangements.holder(.coordinator, of: name, at: now)
    // Never a route of somebody else's: what goes there names this agency.
    guard let route = route ?? holder, arrangements.routes[route] != nil, arrangements.names(route, for: agency) else {
      throw .unknownRoute
    }
    guard !stopped.contains(route) else { throw .routeStopped(route, of: name) }
    guard hasRoom(route) else { throw .routeBusy }
    let letter = Letter(
      agency: name, place: agency == nil ? .coordinator : .contact, route: route, step: "ping", message: .ping, due: now
    ) { [now, source = arrangements.source] in
      ReminderBody.ping(id: $0, source: source, agency: name.text, route: route, time: now)
    }
    let id = write(letter, actor: request.actor, mark: request.mark)
    remember(request.mark, .pinged(id, route))
    return .pinged(id, route, replayed: false)
  }

  mutating func enable(_ agency: AgencyID?, _ route: RouteName, _ request: Request) throws(Refusal) -> Reply {
    if let earlier = try answered(request) { return earlier }
    if let agency, arrangements.agency(agency) == nil { throw .unknownAgency(field: "agency") }
    guard arrangements.routes[route] != nil, arrangements.names(route, for: agency) else { throw .unknownRoute }
    // Recorded where it stands already too: somebody did it, and a key is remembered by what it did.
    record(.agency(agency ?? .coordination), .routeEnabled(route), actor: request.actor, mark: request.mark)
    if stopped.contains(route) {
      turn.stopped = stopped.subtracting([route])
      turn.endpoints[route] = endpoint(route).forgiven()
    }
    remember(request.mark, .enabled(route))
    return .enabled(route, replayed: false)
  }

  // MARK: - Reports that are kept

  /// Whatever is asked again is answered with what it made: its body says which, so that an `Idempotency-Key` says no more.
  mutating func keep(_ wish: SnapshotWish, _ request: Request) throws(Refusal) -> Reply {
    var snapshots = turn.snapshots ?? docket.snapshots
    if let same = try wish.standing(among: snapshots[wish.name]) { return .kept(same, created: false) }
    record(
      .report(wish.name),
      .snapshotTaken(
        from: wish.from, to: wish.to, reason: wish.reason, digest: Hash256(hashing: Array(wish.document.utf8)).hex,
        document: wish.document),
      actor: request.actor)
    if let entry = turn.entries.last { snapshots.take(entry) }
    turn.snapshots = snapshots
    guard let kept = snapshots[wish.name].last else { throw .snapshotKept }
    return .kept(kept, created: true)
  }

  // MARK: - Pause

  mutating func setPause(until: Instant, _ reason: String, _ request: Request) throws(Refusal) -> Reply {
    if let earlier = try answered(request) { return earlier }
    let pause = Pause(until: until)
    guard pause.holds(at: now) else { throw .pauseOutOfRange }
    record(.daemon, .paused(until: until, reason: reason), actor: request.actor, mark: request.mark)
    turn.pause = pause
    remember(request.mark, .paused(until: until))
    return .paused(until: until, replayed: false)
  }

  /// Recorded where nothing is paused too: somebody did it.
  mutating func resume(_ request: Request) throws(Refusal) -> Reply {
    if let earlier = try answered(request) { return earlier }
    record(.daemon, .resumed(byItself: false), actor: request.actor, mark: request.mark)
    turn.pause = .some(nil)
    remember(request.mark, .resumed)
    return .resumed(replayed: false)
  }

  mutating func endPause() {
    guard let pause, !pause.holds(at: now) else { return }
    record(.daemon, .resumed(byItself: true))
    turn.pause = .some(nil)
  }
}
