// The clocks of the work: what must follow on what, and by when. A start says its due instant, counted by the policy and the
// table of bank holidays of that day; a changed table or policy moves those that still run, and each move is recorded. They
// watch and never gate: nothing is refused because one has passed.

extension Policy {
  /// nil: the policy sets none, so the clock does not run. `level` is 1..., the last limit stands for those above it.
  public func limit(of clock: ClockID, level: Int = 1, for urgency: Urgency) -> Limit? {
    switch clock {
    case .c2: ladder(for: urgency).heldWithin
    case .c3: .elapsed(decisionRecorded)
    case .c1, .c4, .c5, .c6, .c7, .c10, .c11, .followUp:
      clocks[clock].flatMap { limits in limits.isEmpty ? nil : limits[min(max(level, 1), limits.count) - 1] }
    }
  }

  /// The start of a clock; nothing where the policy sets no limit.
  func starting(
    _ clock: ClockID, at start: Instant, level: Int = 1, for urgency: Urgency, _ calendar: WorkingCalendar
  ) -> [Event] {
    guard let limit = limit(of: clock, level: level, for: urgency) else { return [] }
    let (due, provisional) = limit.due(from: start, in: calendar)
    return [.clockStarted(clock, occurred: start, due: due, provisional: provisional, level: level)]
  }
}

extension WorkClock {
  /// Of a late entry, one that had passed when it was entered, and of which nobody has told that it stopped, says nothing.
  public func isTelling(enteredLateAt: Instant?) -> Bool { stopped != nil || enteredLateAt.map { due > $0 } ?? true }
}

extension Discussion {
  /// As they stand, in the order in which they started. What stops one that nobody has to tell of is read from what is
  /// recorded.
  public var clocks: [WorkClock] {
    startedClocks.compactMap { clock in
      var clock = clock
      clock.stopped = clock.stopped ?? end(of: clock.id)
      // A discussion that was cancelled is late with nothing; the referral that it was about still runs.
      return phase == .cancelled && clock.stopped == nil && !clock.id.isTold ? nil : clock
    }
  }

  /// When it was entered, where it was held before that.
  public var enteredLateAt: Instant? { isLateEntry ? convenedAt : nil }

  /// Those that say something of what was done.
  public var clocksToKeep: [WorkClock] { clocks.filter { $0.isTelling(enteredLateAt: enteredLateAt) } }

  private func end(of clock: ClockID) -> Instant? {
    switch clock {
    case .c2: heldAt ?? decision?.decidedAt
    case .c3: decisionRecorded
    case .c5: conferenceHeldAt
    case .followUp: followUpDoneAt
    case .c1, .c4, .c6, .c7, .c10, .c11: nil
    }
  }

  /// "15 working days from the initiating discussion"; nil where the policy has no such limit any more.
  public func rule(of clock: WorkClock, under policy: Policy) -> String? {
    policy.limit(of: clock.id, level: clock.level, for: convene.urgency).map { limit in
      let start = clock.id == .c5 && policy.conferenceFrom == .last ? "the last discussion" : clock.id.start
      return "\(limit.words) from \(clock.level > 1 ? "the level before" : start)"
    }
  }

  /// The start of a clock that follows from what is recorded; nothing where the policy sets no limit, or somebody told of
  /// its start before.
  func startingOnce(_ clock: ClockID, at start: Instant, _ policy: Policy, _ calendar: WorkingCalendar) -> [Event] {
    startedClocks.contains { $0.id == clock }
      ? [] : policy.starting(clock, at: start, for: convene.urgency, calendar)
  }

  /// Those that still run and are due at another instant by this policy and calendar. One for which the policy sets no limit
  /// any more stays as it is.
  public func clocksMoved(under policy: Policy, in calendar: WorkingCalendar) -> [Event] {
    clocks.compactMap { $0.moved(under: policy, convene.urgency, in: calendar) }
  }
}

extension WorkClock {
  /// nil where it has stopped, and where it is due when it was.
  public func moved(under policy: Policy, _ urgency: Urgency, in calendar: WorkingCalendar) -> Event? {
    guard stopped == nil, let limit = policy.limit(of: id, level: level, for: urgency) else { return nil }
    let (due, provisional) = limit.due(from: started, in: calendar)
    guard due != self.due || provisional != self.provisional else { return nil }
    return .clockMoved(id, due: due, provisional: provisional)
  }
}
