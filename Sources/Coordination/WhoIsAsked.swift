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
  func isAsked(beyond places: [Place], _ stopped: Set<RouteName>) -> Bool {
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
    case .coordinator, .convener, .manager: return nil
    case .contact, .deputy, .lead, .acknowledger:
      let elsewhere = asked.contains { $0.route == route && $0.place != place && !$0.place.isTold }
      let here = asked.contains { $0.place == place }
      return elsewhere && !here ? .alreadyAsked : nil
    }
  }
}

extension Discussion {
  /// The next of an agency's rungs that would ask somebody as things stand: neither who is gone nor who was asked under
  /// another name. By index: each turn asks it of all that it changed, and a position is dear to copy.
  func nextAsked(
    at index: Int, _ arrangements: Arrangements, _ stopped: Set<RouteName>
  ) -> (at: Instant, place: Place)? {
    let (agency, asked, team) = (positions[index].agency, positions[index].asked, convene.team)
    for rung in positions[index].rungs {
      for place in rung.places
      where place != .convener
        && Position.skips(place, arrangements.holder(place, of: agency, team: team, at: rung.due), asked, stopped)
          == nil
      {
        return (rung.due, place)
      }
    }
    return nil
  }
}
