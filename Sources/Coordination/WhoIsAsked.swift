// Who is asked, who is passed over, and what replaces what: questions to a discussion as it stands. They change nothing.
import Convening

extension Discussion {
  /// The agency's last message by that route is refused in a way that waiting does not mend, was given up, or has not been
  /// taken in for too long.
  func isRefused(_ agency: AgencyID, by route: RouteName, at now: Instant) -> Bool {
    guard let last = reminders.last(where: { $0.agency == agency && $0.route == route }) else { return false }
    switch last.state {
    case .undelivered: return true
    case .waiting: return last.misconfigured >= 2 || last.undeliveredFrom.map { $0 <= now } ?? false
    case .inFlight, .accepted, .silenced: return false
    }
  }

  /// Whoever took a place over cannot be reached there any more, nobody beyond it was asked, and nobody was told so.
  func isStranded(at index: Int, _ stopped: Set<RouteName>) -> Bool {
    guard !stopped.isEmpty, positions[index].hasChangedHands else { return false }
    let isLost = !positions[index].stranded(by: stopped).isEmpty
    return isLost && !hasStoppedWord(about: positions[index])
  }

  /// The coordinator hears, or has heard, that a route of the agency has stopped.
  func hasStoppedWord(about position: Position) -> Bool {
    position.rungs.contains { $0.step == Rung.stopped }
      || reminders.contains { $0.agency == position.agency && $0.step == Rung.stopped && !$0.isOvertaken }
  }
}

extension Docket {
  /// Since when it has stood in some endpoint's queue; nil: it stands in none.
  func isWaitingSince(_ id: DiscussionID) -> Instant? { waiting[id]?.lazy.map(\.since).min() }

  /// The newest step of an agency that is due and has found no slot: whom it asks, and from when on the next place is asked
  /// because of that. nil where none waits. Counted from when it was due, or has stood in the queue of this process.
  func unsent(
    _ discussion: Discussion, at index: Int, _ ladder: Ladder, _ arrangements: Arrangements, now: Instant
  ) -> (places: [Place], routes: [RouteName], from: Instant)? {
    // By index: each turn asks it of all that waits, and a position is dear to copy.
    guard discussion.positions[index].isPursued, let waits = waiting[discussion.id],
      let rung = discussion.positions[index].rungs.last(where: { $0.due <= now && $0.stopAfter > now && !$0.isNotice })
    else { return nil }
    let places = rung.places.filter(Place.ofAgencies.contains)
    let routes = places.compactMap { discussion.holder($0, of: discussion.positions[index], arrangements, at: now) }
    let joined = routes.compactMap { route in waits.first { $0.route == route }?.since }
    guard !places.isEmpty, routes.count == places.count, joined.count == routes.count, let last = joined.max(),
      let from = ladder.undelivered(
        from: max(rung.due, last), stopAfter: min(rung.stopAfter, discussion.deadline))
    else { return nil }
    return (places, routes, from)
  }
}

extension Rung {
  /// What this rung's message is to whoever holds that place: who is told of an agency gets a word, and the first message to
  /// the agency itself invites, whatever step it comes from.
  func message(to place: Place, isFirst: Bool) -> Message {
    isNotice ? message : place.isTold ? .attention : isFirst ? .invitation : message
  }
}

extension Reminder {
  /// Its next attempt's time has come.
  func isDue(at now: Instant) -> Bool {
    if case .waiting(let until) = state { until <= now } else { false }
  }

  /// It was not accepted yet, and would be tried again.
  var isPending: Bool { !isSettled && !isOvertaken }

  /// Another time, or none, replaces whatever was said of the time before, and no word of something else; any other message
  /// replaces what was not delivered.
  func isReplaced(by later: Message) -> Bool {
    switch later {
    case .rescheduled, .cancelled: message != .attention
    case .invitation, .reminder, .attention, .answered, .concluded: isPending
    case .handover, .reviewDue, .ping: false
    }
  }
}

extension Position {
  /// Places that were taken over by a route that has stopped, and beyond which nobody was asked.
  func stranded(by stopped: Set<RouteName>) -> [Place] {
    Place.ofAgencies.filter { place in
      (taken(place).map(stopped.contains) ?? false) && !isAsked(beyond: [place], stopped)
    }
  }

  /// Whether a place of the agency's own that comes after all of these was asked, and by a route that still stands.
  func isAsked(beyond places: some Sequence<Place>, _ stopped: Set<RouteName>) -> Bool {
    let order = Place.ofAgencies
    guard let last = places.compactMap(order.firstIndex).max() else { return false }
    return asked.contains { asked in
      !stopped.contains(asked.route) && order.firstIndex(of: asked.place).map { $0 > last } ?? false
    }
  }

  /// Why a place gets no message; nil where it does.
  static func skips(
    _ place: Place, _ route: RouteName?, _ asked: [Position.Asked], _ stopped: Set<RouteName>
  ) -> SkipReason? {
    guard let route else { return .noHolder }
    if stopped.contains(route) { return .stopped }
    switch place {
    // Whoever has acknowledged was asked before, as a rule: that is why they are reminded.
    case .coordinator, .convener, .manager, .acknowledger: return nil
    case .contact, .deputy, .lead:
      let elsewhere = asked.contains { $0.route == route && $0.place != place && !$0.place.isTold }
      let here = asked.contains { $0.place == place }
      return elsewhere && !here ? .alreadyAsked : nil
    }
  }
}

extension Discussion {
  /// Who holds the place at that moment; whoever has acknowledged holds theirs as long as that stands.
  func holder(_ place: Place, of position: Position, _ arrangements: Arrangements, at now: Instant) -> RouteName? {
    guard place == .acknowledger else {
      return arrangements.holder(place, of: position.agency, team: convene.team, at: now)
    }
    guard position.acknowledged != nil else { return nil }
    // Older entries do not say who it was, and their route may be gone from the settings.
    let known = position.acknowledger.flatMap { arrangements.routes[$0.route] == nil ? nil : $0.route }
    return known
      ?? arrangements.holder(
        position.acknowledger?.place ?? .contact, of: position.agency, team: convene.team, at: now)
  }

  /// Whether an agency that was absent was to be told of the decision, and can be by nothing any more: neither is a message
  /// accepted or on its way, nor one to come, and the coordinator has not heard of it.
  func isUntold(_ agency: AgencyID) -> Bool {
    guard isDecided, let position = position(agency), position.isPursued,
      !position.rungs.contains(where: { $0.message == .concluded || $0.step == Rung.untold })
    else { return false }
    return !reminders.contains { reminder in
      guard reminder.agency == agency, !reminder.isOvertaken else { return false }
      if reminder.step == Rung.untold { return true }
      guard reminder.message == .concluded else { return false }
      if case .undelivered = reminder.state { return false } else { return true }
    }
  }

  /// The next of an agency's rungs that would ask somebody as things stand: neither who is gone nor who was asked under
  /// another name. By index: each turn asks it of all that it changed, and a position is dear to copy.
  func nextAsked(
    at index: Int, _ arrangements: Arrangements, _ stopped: Set<RouteName>
  ) -> (at: Instant, place: Place)? {
    for rung in positions[index].rungs {
      for place in rung.places
      where place != .convener
        && Position.skips(
          place, holder(place, of: positions[index], arrangements, at: rung.due), positions[index].asked, stopped)
          == nil
      {
        return (rung.due, place)
      }
    }
    return nil
  }
}
