// The steps of a standard discussion in the hours of those whom they ask: a step waits until these begin, or is brought
// forward into those before it where it would come too late, and is never dropped. A rung keeps the moment that its ladder
// gave it, and is moved anew from there whenever a rota, the hours or the ladder change. An urgent step is never moved.

extension Rung {
  /// When its ladder has it due, wherever hours have moved it.
  public var own: Instant { planned ?? due }

  /// Whether hours move it: what tells of an event is told when it happens, what is told daily can wait.
  fileprivate var keepsHours: Bool { !isNotice || isDaily }

  fileprivate func isPart(of whole: Rung) -> Bool {
    step == whole.step && message == whole.message && ifUnanswered == whole.ifUnanswered && own == whole.own
      && stopAfter == whole.stopAfter
  }
}

extension [Rung] {
  /// At their own moments, each step whole again.
  public var asPlanned: [Rung] {
    guard contains(where: { $0.planned != nil }) else { return self }
    var whole: [Rung] = []
    for rung in self {
      if let index = whole.firstIndex(where: rung.isPart) {
        let places = [whole[index], rung].flatMap(\.places)
        whole[index].places = Places(Place.allCases.filter(places.contains))
      } else {
        var plain = rung
        (plain.due, plain.planned) = (rung.own, nil)
        whole.append(plain)
      }
    }
    return whole.inOrder
  }

  /// Of steps that hours have brought to one moment the last asks the places of all: one message goes out then, and nobody's
  /// place may be lost by it.
  fileprivate var gathered: [Rung] {
    var rungs = inOrder
    for due in Set(rungs.filter { $0.planned != nil && !$0.isNotice }.map(\.due)) {
      let together = rungs.indices.filter { rungs[$0].due == due && !rungs[$0].isNotice }
      guard let last = together.last, together.count > 1 else { continue }
      let places = together.flatMap { rungs[$0].places }
      rungs[last].places = Places(Place.allCases.filter(places.contains))
    }
    return rungs
  }
}

extension Discussion {
  /// Whether hours have a say in when its steps are due. Asked before all else: each turn asks it of all that it looks at.
  public func keepsHours(under policy: Policy) -> Bool {
    guard isUndecided, convene.urgency == .standard else { return false }
    // By index: a position is dear to copy.
    return policy.standard.defersTo != nil
      || positions.indices.contains { index in positions[index].rungs.contains { $0.planned != nil } }
  }

  /// The rungs of one agency with each step in the hours of those it asks; nil where nothing moves.
  ///
  /// - Parameter index: its place among the positions.
  public func rungsWithinHours(
    at index: Int, under policy: Policy, _ arrangements: Arrangements, now: Instant
  ) -> [Rung]? {
    guard keepsHours(under: policy), !positions[index].rungs.isEmpty else { return nil }
    let ladder = ladder(under: policy)
    let rungs = positions[index].rungs
    guard let hours = ladder.defersTo else {
      // Another edition of the policy keeps no hours.
      return rungs.contains { $0.planned != nil } ? rungs.asPlanned : nil
    }
    let pause = positions[index].acknowledged.map { ladder.pauseEnds(after: $0, meetingAt: deadline) } ?? now
    var moved: [Rung] = []
    for rung in rungs.asPlanned {
      guard rung.keepsHours else {
        moved.append(rung)
        continue
      }
      let leeway = Leeway(
        ladder: ladder, end: rung.isNotice ? nil : min(rung.stopAfter, deadline),
        from: rung.ifUnanswered ? max(now, pause) : now, now: now,
        isInvitation: rung.message == .invitation, calendar: arrangements.calendar)
      var parts: [Instant: [Place]] = [:]
      for place in rung.places {
        let current = rungs.first { $0.isPart(of: rung) && $0.places.contains(place) }?.due ?? rung.own
        let attendance = Attendance(
          place, of: positions[index].agency, convene.team, positions[index].acknowledger, hours, arrangements)
        parts[leeway.moment(for: rung.own, current, attendance), default: []].append(place)
      }
      // What is due already is one message.
      if let latest = parts.keys.filter({ $0 <= now }).max() {
        let due = parts.filter { $0.key <= now }.values.joined()
        parts = parts.filter { $0.key > now }
        parts[latest] = rung.places.filter(due.contains)
      }
      for (due, places) in parts.sorted(by: { $0.key < $1.key }) {
        var part = rung
        (part.due, part.places, part.planned) = (due, Places(places), due == rung.own ? nil : rung.own)
        moved.append(part)
      }
    }
    let gathered = moved.gathered
    return gathered == rungs ? nil : gathered
  }
}

extension Ladder {
  /// When an invitation that is due now goes out: now, or when the first of those it asks can be asked.
  func inviting(
    _ agency: AgencyID, _ convene: Convene, meetingAt: Instant, _ arrangements: Arrangements, now: Instant
  ) -> Instant {
    guard convene.urgency == .standard, let defersTo, let first = steps.first, now < meetingAt else { return now }
    let leeway = Leeway(
      ladder: self, end: meetingAt, from: now, now: now, isInvitation: true, calendar: arrangements.calendar)
    return first.to.map { place in
      leeway.moment(for: now, now, Attendance(place, of: agency, convene.team, nil, defersTo, arrangements))
    }.min() ?? now
  }
}

/// When somebody can be asked at a place: in the policy's hours, in those of their own line, and while they stand on the rota
/// or cover.
private struct Attendance {
  private let place: Place
  private let agency: AgencyID
  private let team: TeamID
  private let hours: OpenHours
  private let arrangements: Arrangements

  /// Who has acknowledged is there as whoever holds the place from which they did.
  init(
    _ place: Place, of agency: AgencyID, _ team: TeamID, _ acknowledger: Acknowledger?, _ hours: OpenHours,
    _ arrangements: Arrangements
  ) {
    self.place = place == .acknowledger ? acknowledger?.place ?? .contact : place
    (self.agency, self.team, self.hours, self.arrangements) = (agency, team, hours, arrangements)
  }

  func isOpen(at moment: Instant) -> Bool {
    if isOpenAsPlanned(at: moment) { return true }
    guard case .cover = arrangements.hold(place, of: agency, team: team, at: moment)?.because else { return false }
    return true
  }

  /// A cover that ends before a step is due is none that it could be brought forward into: who covers is gone by then.
  private func isOpenAsPlanned(at moment: Instant) -> Bool {
    if arrangements.calendar.isOpen(hours, at: moment) { return true }
    switch arrangements.hold(place, of: agency, team: team, at: moment)?.because {
    case .rota, .hours: return true
    case .cover, .otherwise, .always, nil: return false
    }
  }

  /// The moments between the two at which that may change. They lie within 15 days of the first.
  private func edges(after start: Instant, until end: Instant) -> [Instant] {
    let end = min(end, start + .days(15))
    return
      (arrangements.calendar.edges(of: hours, after: start, until: end)
      + arrangements.edges(place, of: agency, team: team, after: start, until: end)).sorted()
  }

  /// When they can be asked next; nil where that is later.
  func next(after start: Instant, until end: Instant) -> Instant? {
    // Nearly always within a weekend: two weeks are looked through only where they have to be.
    edges(after: start, until: min(end, start + .days(4))).first(where: isOpen)
      ?? edges(after: start, until: end).first(where: isOpen)
  }

  /// The last moment at which they can be asked before then and not before `start`, `margin` before their hours end.
  func last(from start: Instant, before end: Instant, margin: Elapsed) -> Instant? {
    let start = max(start, end - .days(15))
    guard start < end else { return nil }
    var closes = end
    for opens in ([start] + edges(after: start, until: end)).reversed() where opens < end {
      if isOpenAsPlanned(at: opens) { return max(opens, closes - margin) }
      closes = opens
    }
    return nil
  }
}

/// Between what moments a step may be moved.
private struct Leeway {
  let ladder: Ladder
  /// What must not be passed; nil: nothing.
  let end: Instant?
  /// Not before then.
  let from: Instant
  let now: Instant
  let isInvitation: Bool
  let calendar: WorkingCalendar

  /// - Parameters:
  ///   - own: when the ladder has the step due.
  ///   - current: when it is due by now.
  func moment(for own: Instant, _ current: Instant, _ attendance: Attendance) -> Instant {
    let isDue = current <= now
    if isDue, attendance.isOpen(at: now) { return current }
    let at = max(own, now)
    if attendance.isOpen(at: at) { return at }
    if let later = attendance.next(after: at, until: end ?? at + .days(15)), !isTooLate(later, insteadOf: at) {
      return later
    }
    if own > now {
      return attendance.last(from: from, before: own, margin: ladder.lastAttemptMargin) ?? own
    }
    return isDue ? current : now
  }

  /// It would leave no time for another attempt, or an invitation would be no fair notice any more.
  private func isTooLate(_ later: Instant, insteadOf at: Instant) -> Bool {
    guard let end else { return false }
    if later + min(ladder.lastAttemptMargin, max(end - at, .zero) / 10) > end { return true }
    guard isInvitation, let fair = ladder.fairNotice, fair.end(from: at, in: calendar) <= end else { return false }
    return fair.end(from: later, in: calendar) > end
  }
}
