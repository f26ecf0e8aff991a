// When a discussion has to be looked at next, whatever for: what is planned, what waits, who is silent.

/// When something comes next.
public struct Next: Hashable, Sendable {
  /// Something to send: a step of a ladder, a retry.
  public fileprivate(set) var sending: Instant?
  /// Anything to look at: that, a lost attempt, an agency that is silent, the closing.
  public fileprivate(set) var look: Instant?
}

extension Discussion {
  /// What comes next, of moments after `after` alone where one is given: what is due and found no slot is woken by an
  /// outcome, not by the clock.
  public func next(after: Instant? = nil) -> Next {
    var next = Next()
    func consider(_ moment: Instant, _ earliest: inout Instant?) {
      if let after, moment <= after { return }
      if earliest.map({ moment < $0 }) ?? true { earliest = moment }
    }
    // By index: each turn asks this of all that it touched, and a position is dear to copy.
    for index in positions.indices {
      for rung in positions[index].rungs.indices { consider(positions[index].rungs[rung].due, &next.sending) }
      if phase == .scheduled, let from = silentFrom(at: index) { consider(from, &next.look) }
      if let from = dailyFrom(at: index) { consider(from, &next.look) }
    }
    if let from = undecidedFrom { consider(from, &next.look) }
    if let since = undecidedSince { consider(since + .days(1), &next.look) }
    for index in reminders.indices {
      switch reminders[index].state {
      case .waiting(let until): consider(until, &next.sending)
      case .inFlight(let since): consider(since + Retry.lostAfter, &next.look)
      case .accepted, .undelivered, .silenced: continue
      }
      if phase == .scheduled, let from = reminders[index].undeliveredFrom { consider(from, &next.look) }
    }
    if phase == .circulated || phase == .decided, let closesAt { consider(closesAt, &next.look) }
    if let sending = next.sending { consider(sending, &next.look) }
    return next
  }

  /// From when an agency that has said nothing needs a person: a quarter of an hour after the last message, once all
  /// steps are climbed; from the meeting on in any case, or once the time of one without a meeting is up. nil where it has
  /// answered. `index`: its place among the positions.
  public func silentFrom(at index: Int) -> Instant? {
    guard phase == .scheduled, positions[index].invited, positions[index].acknowledged == nil,
      positions[index].isPursued
    else { return nil }
    guard positions[index].rungs.isEmpty,
      let last = reminders.indices.last(where: { reminders[$0].agency == positions[index].agency })
    else { return deadline }
    return min(deadline, reminders[last].firstAt + .minutes(15))
  }

  /// From when the coordinator hears once more of an agency that has neither contributed nor declined: a day after the last
  /// message about it, once all its steps are climbed, as long as nothing is decided. Who has acknowledged is trusted until
  /// the meeting; once it was held, its decision is given a day. Of a late entry nobody is told anything. `index`: its place
  /// among the positions.
  public func dailyFrom(at index: Int) -> Instant? {
    guard isUndecided, !isLateEntry, positions[index].invited, positions[index].isPursued,
      positions[index].rungs.isEmpty
    else { return nil }
    let last = reminders.indices.last { reminders[$0].agency == positions[index].agency }
    let told = [heldAt, last.map { reminders[$0].firstAt }, positions[index].toldDaily].compactMap(\.self)
    let from = told.reduce(convenedAt, max) + .days(1)
    return positions[index].acknowledged == nil ? from : max(from, deadline)
  }

  /// Since when nobody waits for anything but a decision: it was held, or its time is over and every agency has answered. nil
  /// where that is not so, or it is recorded afterwards.
  public var undecidedSince: Instant? {
    guard isUndecided, !isLateEntry else { return nil }
    if let heldAt { return heldAt }
    return hasAllAnswers ? deadline : nil
  }

  /// From when the coordinator hears that a decision is all that is missing: a day later, and a day after their last word of it.
  /// nil where an agency is still waited for: `dailyFrom` tells of that one.
  public var undecidedFrom: Instant? {
    guard let since = undecidedSince, hasAllAnswers, positions.indices.allSatisfy({ positions[$0].rungs.isEmpty })
    else { return nil }
    let told = reminders.indices.filter { reminders[$0].place == .coordinator }.map { reminders[$0].firstAt }
    return (told + positions.indices.compactMap { positions[$0].toldDaily }).reduce(since, max) + .days(1)
  }

  /// Whether a decision is all that is missing, its time aside.
  public var awaitsDecisionAlone: Bool { isUndecided && hasAllAnswers }

  /// With which agency's messages the word of it stands, which is none's: the first that can still be told of what changes.
  public var bearerOfUndecided: Int? {
    positions.firstIndex { $0.invited && $0.declined == nil } ?? positions.firstIndex(where: \.invited)
  }

  /// Whether each agency that was invited, one at least, has contributed or declined.
  private var hasAllAnswers: Bool {
    var isInvited = false
    // By index, as above.
    for index in positions.indices where positions[index].invited {
      if positions[index].isPursued { return false }
      isInvited = true
    }
    return isInvited
  }

  /// It is to be held, or was, and nobody has recorded what came of it.
  public var isUndecided: Bool { phase == .scheduled || phase == .held }

  /// Decided and not closed. A correction can take that back.
  public var isDecided: Bool { phase == .decided || phase == .circulated }

  /// Closed or cancelled, and nothing more to say to anybody: the docket may forget it.
  public var isFinished: Bool {
    !phase.isOpen && positions.allSatisfy(\.rungs.isEmpty) && reminders.allSatisfy(\.isSettled)
  }
}
