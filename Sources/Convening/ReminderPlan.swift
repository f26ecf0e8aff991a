// From a policy's ladder to instants: when each step of each agency falls due. Planned once and recorded; planned anew when
// the meeting moves, somebody acknowledges, a place turns out empty or another edition of the policy is adopted.

/// What a message that is neither invitation nor reminder may use: a day (CONTRACT.md 1).
let noticeLife = Elapsed.days(1)

extension Ladder {
  /// The rungs for one agency, earliest first.
  ///
  /// Unanswered times count from the first asking. A step before the meeting whose moment has passed already is due at
  /// once, together with the invitation, but only the latest of them. A step that would come after the meeting is left out.
  func rungs(meetingAt: Instant, firstAsked: Instant?, climbed: [StepName], now: Instant) -> [Rung] {
    let base = firstAsked ?? now
    func rung(_ step: Step, _ message: Message, ifUnanswered: Bool, due: Instant) -> Rung {
      Rung(
        step: step.name, message: message, ifUnanswered: ifUnanswered, due: due, places: step.to,
        stopAfter: meetingAt)
    }
    var rungs: [Rung] = []
    var latestPassed: Rung?
    for step in steps where !climbed.contains(step.name) {
      switch step.when {
      case .once:
        if firstAsked == nil { rungs.append(rung(step, .invitation, ifUnanswered: false, due: now)) }
      case .unanswered(let wait):
        let due = max(base + wait, now)
        if due < meetingAt { rungs.append(rung(step, .reminder, ifUnanswered: true, due: due)) }
      case .before(let lead):
        let due = meetingAt - lead
        if due > now {
          rungs.append(rung(step, .reminder, ifUnanswered: false, due: due))
        } else if firstAsked == nil, meetingAt > now, latestPassed.map({ $0.due < due }) ?? true {
          latestPassed = rung(step, .reminder, ifUnanswered: false, due: due)
        }
      }
    }
    if var passed = latestPassed {
      // The invitation's place must not be lost: one message, the newest step, to all of its places and the first's.
      passed.due = now
      let invited = rungs.first { $0.message == .invitation }?.places ?? []
      let places = invited + passed.places.filter { !invited.contains($0) }
      rungs.append(
        Rung(
          step: passed.step, message: passed.message, ifUnanswered: false, due: now, places: places,
          stopAfter: meetingAt))
    }
    return rungs.inOrder
  }
}

extension [Rung] {
  /// Earliest first; rungs of one instant keep their order on the ladder.
  var inOrder: [Rung] {
    enumerated().sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }.map(\.element)
  }
}

extension Position {
  /// The rungs after an acknowledgement: unanswered steps wait until its pause ends. nil where nothing moves.
  ///
  /// The pause is the policy's time, at most a third of what is left to the meeting.
  func rungsAfterAcknowledgement(at moment: Instant, ladder: Ladder, meetingAt: Instant) -> [Rung]? {
    let left = max(meetingAt - moment, .zero)
    let until = moment + min(ladder.acknowledgementHolds, left / 3)
    let moved = rungs.map { rung in
      var rung = rung
      if rung.ifUnanswered, rung.due < until { rung.due = until }
      return rung
    }
    return moved == rungs ? nil : moved.inOrder
  }

  /// The rungs after a place turned out empty or stopped: the next rung that asks somebody else is due at once.
  /// nil where there is none, or it is due already.
  public func rungsRaised(past places: [Place], at now: Instant) -> [Rung]? {
    guard let next = rungs.firstIndex(where: { !Set($0.places).isSubset(of: places) }), rungs[next].due > now else {
      return nil
    }
    var raised = rungs
    raised[next].due = now
    return raised.inOrder
  }

  /// A notice to everybody who was asked so far.
  func notice(_ message: Message, step: StepName, at now: Instant) -> Rung? {
    guard firstAsked != nil, declined == nil else { return nil }
    let places = Place.allCases.filter { place in asked.contains { $0.place == place } }
    guard !places.isEmpty else { return nil }
    return Rung(
      step: step, message: message, ifUnanswered: false, due: now, places: places, stopAfter: now + noticeLife)
  }
}

extension Discussion {
  /// When something must be looked at next: a rung, a retry, a lost attempt, its closing. Only moments after `after`
  /// where one is given: what is due and found no slot is woken by an outcome, not by the clock.
  public func attention(after: Instant? = nil) -> Instant? {
    var next: Instant?
    func consider(_ moment: Instant) {
      if let after, moment <= after { return }
      next = next.map { min($0, moment) } ?? moment
    }
    for position in positions {
      for rung in position.rungs { consider(rung.due) }
    }
    for reminder in reminders {
      switch reminder.state {
      case .waiting(let until): consider(until)
      case .inFlight(let since): consider(since + Retry.lostAfter)
      case .accepted, .undelivered, .silenced: break
      }
    }
    if phase == .circulated, let closesAt { consider(closesAt) }
    return next
  }

  /// Closed or cancelled, and nothing more to say to anybody: the docket may forget it.
  public var isFinished: Bool {
    !phase.isOpen && positions.allSatisfy(\.rungs.isEmpty) && reminders.allSatisfy(\.isSettled)
  }
}
