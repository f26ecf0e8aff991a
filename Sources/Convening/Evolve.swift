// One entry applied to one discussion. Total: it judges nothing and computes no time; whatever was recorded happened. A
// contribution, a decision, a cancelling silence what they make moot right here, in the state that everything else reads.

/// The discussion after an entry of its stream; nil before it was convened.
public func evolve(_ discussion: Discussion?, _ entry: Entry) -> Discussion? {
  var next = discussion
  evolve(&next, entry)
  return next
}

/// The same in its place: nothing is copied where nobody else has it. Entries of other streams change nothing.
public func evolve(_ discussion: inout Discussion?, _ entry: Entry) {
  guard case .discussion(let id) = entry.stream else { return }
  if case .convened(let convene, let meeting, let agencies, let policy, let firstBody, let convener) = entry.event {
    var new = Discussion(
      id: id, revision: entry.revision, phase: .scheduled, convene: convene, convenedAt: entry.at,
      firstBody: firstBody, policy: policy, meeting: meeting,
      positions: agencies.map { Position(agency: $0, invited: true) }, convener: convener)
    if let mark = entry.mark { new.marks.append(mark) }
    discussion = new
    return
  }
  discussion?.revision = entry.revision
  if let mark = entry.mark { discussion?.marks.append(mark) }
  discussion?.take(entry.event, at: entry.at)
  if entry.event.mayCallBack { discussion?.withdrawUndecided(at: entry.at) }
}

extension Discussion {
  /// After an entry whose text is gone: as before, at its revision.
  public func passing(revision: Int) -> Discussion {
    var next = self
    next.revision = revision
    return next
  }

  fileprivate mutating func take(_ event: Event, at recorded: Instant) {
    switch event {
    case .rescheduled(let meetingAt, _):
      meeting = .at(meetingAt)
      for index in positions.indices {
        positions[index].forgetAcknowledgements()
        positions[index].lapsed = nil
        positions[index].rungs = []
        positions[index].startAnew(at: recorded)
      }
      silence(at: recorded) { _ in true }
      // What has arrived named the old time: it is not sent once more either.
      for index in reminders.indices { reminders[index].isOvertaken = true }
    case .acknowledged(let agency, _, _, let occurred, let by, let unit):
      acknowledge(agency, unit, occurred, by: by, at: recorded)
    case .contributionRecorded(let agency, let kind, let byRole, let via, let occurred, let unit):
      let contribution = Contribution(
        kind: kind, byRole: byRole, via: via, occurred: occurred, recorded: recorded, unit: unit)
      if position(agency) == nil { positions.append(Position(agency: agency, invited: false)) }
      if via == .link {
        change(agency) { $0.reported.append(contribution) }
        acknowledge(agency, unit, occurred, by: nil, at: recorded)
      } else {
        contribute(agency, [contribution], at: recorded)
      }
    case .contributionConfirmed(let agency, _):
      let reported = position(agency)?.reported ?? []
      change(agency) { $0.reported = [] }
      contribute(agency, reported, at: recorded)
    case .declined(let agency, let code, _, let occurred, let unit):
      change(agency) { position in
        position.firstAnswered = position.firstAnswered ?? occurred
        position.hear(unit) { $0.declined = .init(code: code, at: occurred) }
      }
      guard unit == nil else {
        settleUnits(of: agency, at: recorded)
        break
      }
      change(agency) { position in
        position.declined = (code, occurred)
        position.escalatedAt = nil
        position.rungs = []
      }
      silence(at: recorded) { $0.agency == agency }
    case .held(let occurred, let form):
      (phase, heldAt, heldForm) = (.held, occurred, form)
      endReminding(at: recorded)
    case .decided(let decision, let missing):
      (phase, self.decision, decisionRecorded) = (.decided, decision, recorded)
      missingAtDecision = missing
      // What was said of who was missing at a decision that was struck is not said of this one, and its clocks are not this one's.
      for index in positions.indices { positions[index].barrier = nil }
      startedClocks.removeAll { [.c3, .c4, .c5, .followUp].contains($0.id) }
      if let conference = decision.conference {
        startedClocks.append(
          WorkClock(
            id: .c5, started: conference.from, due: conference.due, provisional: conference.provisional, level: 1))
      }
      endReminding(at: recorded)
    case .circulated(let agencies, let occurred, let closes):
      // What was closed before its record went out stays closed.
      (phase, circulatedAt, closesAt) = (phase == .closed ? .closed : .circulated, occurred, closes)
      circulatedTo += agencies.filter { !circulatedTo.contains($0) }
      // Whoever is sent it later was not the first.
      if let index = startedClocks.firstIndex(where: { $0.id == .c4 && $0.stopped == nil }) {
        startedClocks[index].stopped = occurred
      }
    case .closingMoved(let closes):
      closesAt = closes
    case .cancelled:
      phase = .cancelled
      endReminding(at: recorded)
    case .closed:
      phase = .closed
      endReminding(at: recorded)
    case .detailsSent(let agency, let place, let route, let occurred, let unit, let isNeeded):
      let hadDeclined = position(agency)?.declined != nil
      change(agency) {
        $0.ask(DetailsSent(place: place, route: route, at: occurred, unit: unit, isNeeded: isNeeded))
      }
      if hadDeclined, position(agency)?.declined == nil { silenceTheDecline(of: agency, at: recorded) }
      if unit != nil { settleUnits(of: agency, at: recorded) }
    case .barrierProposed(let agency, let code, let until):
      setBarrier(Barrier(code: code, by: .rules, proposed: code, answerUntil: until), of: agency)
    case .barrierNamed(let agency, let code, .chair, _, let until):
      // What the agency has said stands beside it.
      let earlier = position(agency)?.barrier
      var barrier = Barrier(code: code, by: .chair, proposed: earlier?.proposed, answerUntil: until ?? recorded)
      barrier.reply = earlier?.reply
      setBarrier(barrier, of: agency)
    case .barrierNamed(let agency, let code, .agency, let agreed, let until):
      var barrier =
        position(agency)?.barrier
        ?? Barrier(code: code, by: .agency, proposed: nil, answerUntil: until ?? recorded)
      barrier.reply = Barrier.Reply(code: code, agreed: agreed ?? false, at: recorded)
      setBarrier(barrier, of: agency)
    case .absenceSettled(let missing):
      missingAtDecision = missing
      for index in positions.indices where !missing.contains(positions[index].agency) { positions[index].barrier = nil }
      if missing.isEmpty { startedClocks.removeAll { $0.id == .followUp } }
    case .receiptRecorded(let agency, let occurred):
      receipts.append(Receipt(agency: agency, at: occurred))
    case .conferenceHeld(let occurred):
      conferenceHeldAt = occurred
    case .followUpDone(_, let occurred):
      followUpDoneAt = occurred
    case .corrected(let correction):
      take(correction.standing, at: recorded)
    case .clockStarted(let clock, let occurred, let due, let provisional, let level):
      // That of a conference runs again here, where the discussion that went on with it does so no more.
      if clock == .c5 { startedClocks.removeAll { $0.id == .c5 } }
      startedClocks.append(
        WorkClock(id: clock, started: occurred, due: due, provisional: provisional, level: level))
    case .clockMoved(let clock, let due, let provisional):
      if let index = startedClocks.lastIndex(where: { $0.id == clock }) {
        (startedClocks[index].due, startedClocks[index].provisional) = (due, provisional)
      }
    case .clockStopped(let clock, let occurred, let goesOnIn):
      if let index = startedClocks.lastIndex(where: { $0.id == clock }) {
        startedClocks[index] = startedClocks[index].stopped(at: occurred, goesOnIn: goesOnIn)
      }
    case .handedOver(_, .convener, _, let to, _):
      convener = to
    case .handedOver(let agency, let place, let from, let to, _):
      change(agency) { position in
        position.handOver(place, to: to)
        if to == nil, !place.isTold { position.findEmpty(nil, at: recorded) }
        if from == nil, to != nil { position.emptyAt = nil }
      }
    case .acknowledgementLapsed(let agency, _, _):
      change(agency) { position in
        position.lapsed = position.acknowledged ?? position.lapsed
        position.forgetAcknowledgements()
      }
    case .policyPinned(let ref):
      policy = ref
    case .ladderPlanned(let agency, let reason, let rungs):
      change(agency) { position in
        position.rungs = rungs
        switch reason {
        case .daily: position.toldDaily = recorded
        case .unitAsked: position.startAnew(at: recorded)
        default: break
        }
      }
      guard reason == .undelivered else { break }
      for index in reminders.indices where reminders[index].agency == agency {
        if let from = reminders[index].undeliveredFrom, from <= recorded { reminders[index].hasRisen = true }
      }
    case .placeSkipped(let agency, let place, let step, let reason, let route):
      change(agency) { position in
        position.climb(step, place, at: recorded)
        switch reason {
        // That nobody convenes for the team is not the agency's gap.
        case .noHolder, .stopped: if place != .convener { position.findEmpty(route, at: recorded) }
        case .alreadyAsked, .acknowledged, .notAcknowledged: break
        }
      }
    case .rungsPassed(let agency, let steps, _):
      change(agency) { position in
        position.rungs.removeAll { steps.contains($0.step) && $0.due <= recorded }
        position.climbed += steps.filter { !position.climbed.contains($0) }
      }
    case .attemptBegan(let id, let attempt, let route, let opening):
      if let opening { open(id, route, opening, at: recorded) }
      changeReminder(id) { reminder in
        reminder.attempts = attempt
        reminder.state = .inFlight(since: recorded)
      }
    case .attemptEnded(let id, _, let answer, let next):
      changeReminder(id) { $0.take(answer, next: next, at: recorded) }
      if answer.verdict == .accepted, let reminder = reminders.last(where: { $0.id == id }), reminder.asksToTakePart {
        change(reminder.agency) { $0.firstReached = $0.firstReached ?? recorded }
      }
    case .attemptLost(let id, _, let next):
      changeReminder(id) { $0.loseAttempt(next: next, at: recorded) }
    case .reminderExpired(let id):
      changeReminder(id) { $0.settle(.undelivered(recorded)) }
    case .resendRequested(let id, let next, let body):
      changeReminder(id) { reminder in
        reminder.state = .waiting(until: next)
        reminder.isOvertaken = false
        reminder.body = body
      }
    case .convened, .telephoned, .routeStopped, .routeEnabled, .rotaSet, .snapshotTaken, .coverSet, .policyAdopted,
      .calendarAdopted,
      .started, .stopping, .paused, .resumed, .clockStepped, .breakAccepted, .erased, .contactReceived, .contactAmended,
      .contactOutcome, .contactReviewed, .reviewMoved, .feedHeard:
      break
    }
  }

  private mutating func open(_ id: ReminderID, _ route: RouteName, _ opening: Opening, at recorded: Instant) {
    let isScheduled = phase == .scheduled
    change(opening.agency) { position in
      position.messages = max(position.messages, opening.sequence)
      // What tells that it is decided, or declined, asks nobody to take part.
      if Place.ofAgencies.contains(opening.place), opening.message != .concluded, opening.message != .answered {
        position.firstAsked = position.firstAsked ?? recorded
        position.askedSince = position.askedSince ?? recorded
      }
      let isBeyondTheFirst =
        position.firstAsked.map { $0 < recorded } ?? false && position.climbed.contains { $0 != opening.step }
      // Who acknowledged and then went silent is chased again: the pause is over.
      if isScheduled,
        isBeyondTheFirst && !position.hasAnswered || opening.escalates != nil && position.isPursued
      {
        position.escalatedAt = position.escalatedAt ?? recorded
      }
      position.climb(opening.step, opening.place, at: recorded)
      if opening.message != .answered { position.asked.append(.init(place: opening.place, route: route)) }
    }
    silence(at: recorded) { opening.supersedes.contains($0.id) }
    reminders.append(Reminder(id, by: route, opening, at: recorded))
  }

  /// No more invitations and reminders to anybody; nothing planned stays.
  private mutating func endReminding(at recorded: Instant) {
    for index in positions.indices {
      positions[index].rungs = []
      positions[index].escalatedAt = nil
    }
    silence(at: recorded) { _ in true }
  }

  /// Reminders that wait for a retry are not tried again. One that is under way ends by its own outcome, and is not tried
  /// again either.
  mutating func silence(at recorded: Instant, where moot: (Reminder) -> Bool) {
    for index in reminders.indices where moot(reminders[index]) {
      switch reminders[index].state {
      case .waiting: reminders[index].settle(.silenced(recorded))
      case .inFlight: reminders[index].isOvertaken = true
      case .accepted, .undelivered, .silenced: break
      }
    }
  }

  /// An agency is waited for again: a decision is not all that is missing.
  fileprivate mutating func withdrawUndecided(at recorded: Instant) {
    guard !awaitsDecisionAlone else { return }
    for index in positions.indices where positions[index].rungs.contains(where: { $0.step == Rung.undecided }) {
      positions[index].rungs.removeAll { $0.step == Rung.undecided }
    }
    silence(at: recorded) { $0.step == Rung.undecided }
  }

  /// Nothing is asked of whom nothing can be asked any more; what is to be asked again is planned by an entry of its own.
  private mutating func take(_ standing: Standing, at recorded: Instant) {
    for part in standing.parts {
      if position(part.agency) == nil { positions.append(Position(agency: part.agency, invited: false)) }
      change(part.agency) { position in
        position.part = part
        if position.hasContributed {
          position.escalatedAt = nil
          position.rungs.removeAll { $0.message != .rescheduled && $0.message != .cancelled }
        } else if part.declined != nil {
          position.escalatedAt = nil
          position.rungs.removeAll { $0.message != .answered }
        }
        if part.declined == nil { position.rungs.removeAll { $0.message == .answered } }
      }
      let hasContributed = position(part.agency)?.hasContributed ?? false
      silence(at: recorded) { reminder in
        guard reminder.agency == part.agency else { return false }
        if reminder.message == .answered { return part.declined == nil }
        return part.declined != nil || hasContributed && reminder.pursuesAnswer
      }
    }
    if let course = standing.course {
      self.course = course
      if decision == nil {
        // Nobody is told of a decision that was none.
        for index in positions.indices {
          positions[index].rungs.removeAll { $0.message == .concluded || $0.step == Rung.untold }
        }
        silence(at: recorded, where: \.tellsOfDecision)
        for index in reminders.indices where reminders[index].tellsOfDecision { reminders[index].isOvertaken = true }
      }
    }
    if let clocks = standing.clocks { startedClocks = clocks }
  }

  /// Whoever was required and not invited stands there from now on.
  private mutating func setBarrier(_ barrier: Barrier, of agency: AgencyID) {
    if position(agency) == nil { positions.append(Position(agency: agency, invited: false)) }
    change(agency) { $0.barrier = barrier }
  }

  mutating func change(_ agency: AgencyID, _ body: (inout Position) -> Void) {
    guard let index = positions.firstIndex(where: { $0.agency == agency }) else { return }
    body(&positions[index])
  }

  private mutating func changeReminder(_ id: ReminderID, _ body: (inout Reminder) -> Void) {
    guard let index = reminders.lastIndex(where: { $0.id == id }) else { return }
    body(&reminders[index])
  }
}

extension Event {
  /// After it an agency that had answered may be waited for again.
  fileprivate var mayCallBack: Bool {
    switch self {
    case .acknowledged, .contributionRecorded, .detailsSent, .corrected: true
    default: false
    }
  }
}

extension Position {
  /// Who keeps it in hand whatever comes is not replaced by somebody who does not. Their place has a part in it from now on.
  mutating func take(_ by: Acknowledger?, isLatest: Bool) {
    guard let by, isLatest || acknowledger == nil else { return }
    if !(acknowledger?.stays ?? false) || by.stays { acknowledger = by }
    if known(at: by.place) == .unasked { handOver(by.place, to: by.route) }
  }

  /// One place of a step is done with, in every rung of the step that is due: a step that was raised stands there twice,
  /// and is asked once. A rung goes with its last place.
  fileprivate mutating func climb(_ step: StepName, _ place: Place, at recorded: Instant) {
    if !climbed.contains(step) { climbed.append(step) }
    rungs = rungs.compactMap { rung in
      guard rung.step == step, rung.due <= recorded, rung.places.contains(place) else { return rung }
      var left = rung
      left.places.removeAll { $0 == place }
      return left.places.isEmpty ? nil : left
    }
  }
}
