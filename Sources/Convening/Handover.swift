// What follows when a place changes hands while a discussion is open: whoever holds it now is told, an acknowledgement of
// whoever held it lapses unless they keep it in hand, and the ladder goes on as if it had not been given. It does not start
// again: nothing that was climbed is climbed once more.

extension Discussion {
  /// Whether a hand-over matters to who convenes: it is still to be held, and there is time. One that has no time yet stays
  /// open until it is held.
  public func isOpen(_ now: Instant) -> Bool { phase == .scheduled && (meetingAt == nil || now < meetingEnds) }

  /// The same of the agency at that place among the positions: it is asked still.
  public func isOpen(at index: Int, _ now: Instant) -> Bool {
    isOpen(now) && positions[index].invited && positions[index].isPursued
  }

  /// What a change of hands brings with it for one agency; nothing where every place is whose it was.
  ///
  /// - Parameter until: when a place changes hands again, where that is known.
  public func handingOver(
    at index: Int, under policy: Policy, _ arrangements: Arrangements, now: Instant,
    until: (Place) -> Instant? = { _ in nil }
  ) -> [Event] {
    guard isOpen(at: index, now) else { return [] }
    let position = positions[index]
    var events: [Event] = []
    for place in Place.handedOver {
      let holder = arrangements.holder(place, of: position.agency, team: convene.team, at: now)
      guard position.handsOver(place, to: holder) else { continue }
      events.append(
        .handedOver(position.agency, place, from: position.known(at: place).route, to: holder, until: until(place)))
    }
    if let lapsed = position.lapsing(in: arrangements, team: convene.team, at: now) {
      events.append(.acknowledgementLapsed(position.agency, lapsed.place, route: lapsed.route))
      if let rungs = position.rungsAfterLapse(
        ladder: ladder(under: policy), meetingAt: deadline, in: arrangements.calendar, now: now)
      {
        events.append(.ladderPlanned(position.agency, .lapsed, rungs))
      }
    }
    return events
  }

  /// Whether that is anything: asked of many, whose positions are dear to copy.
  public func changesHands(at index: Int, _ arrangements: Arrangements, now: Instant) -> Bool {
    guard isOpen(at: index, now) else { return false }
    if positions[index].lapsing(in: arrangements, team: convene.team, at: now) != nil { return true }
    return Place.handedOver.contains { place in
      guard positions[index].known(at: place) != .unasked else { return false }
      let holder = arrangements.holder(place, of: positions[index].agency, team: convene.team, at: now)
      return positions[index].handsOver(place, to: holder)
    }
  }

  /// Who convenes for the team now and does not know of it. Where nobody convenes, whoever knew still knows.
  private func newConvener(_ arrangements: Arrangements, now: Instant) -> RouteName? {
    guard isOpen(now) else { return nil }
    let holder = arrangements.holder(.convener, of: .coordination, team: convene.team, at: now)
    return holder == convener ? nil : holder
  }

  /// Whether somebody else convenes for the team than who knows of it.
  public func changesConvener(_ arrangements: Arrangements, now: Instant) -> Bool {
    newConvener(arrangements, now: now) != nil
  }

  /// What that brings with it: the new convener knows of it from now on, and nothing is planned anew.
  ///
  /// - Parameter until: when the place changes hands again, where that is known.
  public func handingOverConvener(_ arrangements: Arrangements, now: Instant, until: Instant?) -> Event? {
    newConvener(arrangements, now: now).map {
      .handedOver(.coordination, .convener, from: convener, to: $0, until: until)
    }
  }

  /// Who acknowledges is whoever held the place that was asked last by then, or the point of contact where none was.
  func acknowledger(
    of position: Position, at occurred: Instant, stays: Bool, _ arrangements: Arrangements
  ) -> Acknowledger? {
    let asked = reminders.last { reminder in
      reminder.agency == position.agency && Place.ofAgencies.contains(reminder.place) && reminder.firstAt <= occurred
        && reminder.message != .answered
    }
    let place = asked?.place ?? .contact
    let route = arrangements.holder(place, of: position.agency, team: convene.team, at: occurred) ?? asked?.route
    return route.map { Acknowledger(place: place, route: $0, stays: stays) }
  }
}

extension Position {
  /// Whether the place goes to somebody else than who knows of it.
  fileprivate func handsOver(_ place: Place, to holder: RouteName?) -> Bool {
    let known = known(at: place)
    return known != .unasked && known.route != holder
  }

  /// Whose acknowledgement stands, and who holds the place no more.
  fileprivate func lapsing(in arrangements: Arrangements, team: TeamID, at now: Instant) -> Acknowledger? {
    // What it reports by link pauses whoever holds the place.
    guard acknowledged != nil, reported.isEmpty, let acknowledger, !acknowledger.stays,
      arrangements.holder(acknowledger.place, of: agency, team: team, at: now) != acknowledger.route
    else { return nil }
    return acknowledger
  }

  /// Whether an acknowledgement that is recorded now has lapsed since it was given, and none stands beside it.
  func hasLapsed(
    after given: Acknowledger, _ occurred: Instant, in arrangements: Arrangements, team: TeamID, at now: Instant
  ) -> Bool {
    guard !given.stays, reported.isEmpty, acknowledged == nil || (acknowledger.map { !$0.stays } ?? false) else {
      return false
    }
    // One that was given later stands.
    guard acknowledged.map({ $0 <= occurred }) ?? true else { return false }
    return arrangements.holder(given.place, of: agency, team: team, at: now) != given.route
  }

  /// The rungs as if nobody had acknowledged: a step for those who have not answered is due at its own time, or now where that
  /// has passed, and not when the pause ends. nil where nothing moves.
  func rungsAfterLapse(
    ladder: Ladder, meetingAt: Instant, in calendar: WorkingCalendar, now: Instant
  ) -> [Rung]? {
    let rungs = rungs.asPlanned
    // A step that is climbed in part has a place left to ask.
    let whole = climbed.filter { step in !rungs.contains { $0.step == step } }
    let planned = ladder.rungs(
      meetingAt: meetingAt, firstAsked: askedSince, climbed: whole, in: calendar, now: now)
    var anew = rungs
    for index in anew.indices where anew[index].ifUnanswered {
      guard let own = planned.first(where: { $0.ifUnanswered && $0.step == anew[index].step }) else { continue }
      anew[index].due = min(anew[index].due, own.due)
    }
    anew = anew.paused(until: now)
    return anew == rungs ? nil : anew
  }
}
