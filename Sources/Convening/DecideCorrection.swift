// Putting right what somebody recorded. The entries are told again with the one that is struck left out, or saying what it
// should have said; what then stands is what stands from now on, with the clocks, reasons and ladders that follow from it. No
// entry is altered, and each is struck once: who corrects a correction names that one.

extension Discussion {
  /// - Parameter entries: all of its stream, in their order.
  func correct(
    _ revision: Int, _ reason: String, _ replacement: Command?, _ entries: [Entry], _ now: Instant, _ policy: Policy,
    _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    guard phase != .cancelled else { throw .alreadyCancelled }
    var told = Retold(entries)
    // Where the text of some is gone, nobody can say what would stand without another.
    guard entries.count == self.revision, let place = told.place(of: revision) else { throw .noSuchEntry }
    if let later = told.struck[revision] { throw .alreadyCorrected(by: later) }
    guard let event = told.event(at: place), let kind = Correctable(event), !told.follows(place) else {
      throw .notCorrectable
    }
    var right: Event?
    if let replacement {
      right = try told.before(place)?.instead(of: event, replacement, now, policy, circumstances)
    } else {
      try standsAlone(event, place, told)
    }
    told.put(right, at: place)
    guard var after = told.discussion else { throw .noSuchEntry }
    if right == nil, kind == .decided,
      after.phase == .closed || after.circulatedAt != nil
        || after.conferenceHeldAt != nil || after.followUpDoneAt != nil
    {
      throw .othersStandOnIt
    }
    if kind == .circulated, after.receipts.contains(where: { !after.circulatedTo.contains($0.agency) }) {
      throw .othersStandOnIt
    }
    if !after.outOfOrder.subtracting(outOfOrder).isEmpty { throw .othersStandOnIt }
    if kind == .declined { after.forgetProposal(for: event.subject) }
    after.settle(like: self, told, policy, circumstances.arrangements.calendar)
    let standing = after.standing(besides: self)
    let correction = Correction(
      revision: revision, corrects: kind, agency: event.subject, clock: event.clock, reason: reason,
      replacement: right, standing: standing)
    return [.corrected(correction)] + following(correction, now, policy, circumstances)
  }

  /// What should have been recorded: by the rules of the same command, in the discussion as it was then. Left out, the time
  /// stays as it was told.
  private func instead(
    of event: Event, _ command: Command, _ now: Instant, _ policy: Policy, _ circumstances: Circumstances
  ) throws(Refusal) -> Event {
    let kind = Correctable(event)
    var circumstances = circumstances
    circumstances.struck = event.subject.flatMap { agency in event.unit.map { (agency, $0) } }
    let events = try decide(
      command.happening(at: event.occurred), now: now, policy: policy, circumstances)
    guard let right = events.first(where: { Correctable($0) == kind })?.waiting(like: event), right != event else {
      throw .replacementUnfit
    }
    return right
  }

  /// A disagreement that has risen further cannot lose the level below, and what was held when it was entered was held.
  private func standsAlone(_ event: Event, _ place: Int, _ told: Retold) throws(Refusal) {
    if case .clockStarted(.c11, _, _, _, let level) = event,
      startedClocks.contains(where: { $0.id == .c11 && $0.level > level })
    {
      throw .othersStandOnIt
    }
    if case .held = event, isLateEntry { throw .othersStandOnIt }
  }

  /// What follows in the same breath, once it stands.
  private func following(
    _ correction: Correction, _ now: Instant, _ policy: Policy, _ circumstances: Circumstances
  ) -> [Event] {
    guard let after = taking(.corrected(correction), at: now) else { return [] }
    let absent = after.missingAtDecision.filter { agency in
      after.position(agency)?.barrier == nil
        && (!missingAtDecision.contains(agency) || correction.standing.parts.contains { $0.agency == agency })
    }
    let facts = after.decision?.decidedAt.map { decidedAt in
      AbsenceFacts(
        policy: policy, arrangements: circumstances.arrangements,
        met: min(after.meetingAt ?? decidedAt, after.heldAt ?? decidedAt, decidedAt), recorded: now)
    }
    let reasons = facts.map { after.proposingBarriers(for: absent, $0) } ?? []
    switch after.phase {
    case .scheduled:
      let isBack = phase != .scheduled
      var (policy, edition): (Policy, [Event]) = (policy, [])
      // While it was decided, another edition may have been adopted: it comes under that, as all do that have not met.
      if isBack, let ref = circumstances.policies.latest(after.policy.id), ref != after.policy,
        let newest = circumstances.policies[ref]
      {
        let calendar = circumstances.arrangements.calendar
        policy = newest
        edition =
          [.policyPinned(ref)] + after.clocksMoved(under: newest, in: calendar)
          + (convene.needIdentifiedAt.map { after.startingOnce(.c2, at: $0, newest, calendar) } ?? [])
      }
      // A no that is the agency's now, since less was said beside it than was recorded.
      let declined = after.positions.filter { position in
        position.invited && position.declined != nil && !position.hasContributed
          && self.position(position.agency).map { $0.declined == nil || $0.hasContributed } ?? false
      }
      return reasons + edition + declined.map { tellingOfTheDecline($0.agency, now) }
        + after.positions.filter { position in
          position.invited && (isBack || correction.standing.parts.contains { $0.agency == position.agency })
        }.flatMap { after.askingAgain($0, policy, now, circumstances.arrangements) }
    case .decided, .circulated:
      return reasons + after.tellingTheAbsent(policy, now, among: absent)
    case .held, .closed, .cancelled: return reasons
    }
  }

  /// What is said of it may be an acknowledgement again, of somebody who has handed over since.
  private func askingAgain(
    _ position: Position, _ policy: Policy, _ now: Instant, _ arrangements: Arrangements
  ) -> [Event] {
    var (position, lapsed): (Position, [Event]) = (position, [])
    if position.isPursued, let by = position.acknowledger, !by.stays,
      arrangements.holder(by.place, of: position.agency, team: convene.team, at: now) != by.route
    {
      lapsed = [.acknowledgementLapsed(position.agency, by.place, route: by.route)]
      (position.acknowledged, position.acknowledger) = (nil, nil)
    }
    return lapsed
      + (rungsAgain(position, policy, arrangements, now).map { [.ladderPlanned(position.agency, .corrected, $0)] } ?? [])
  }

  /// What is left to ask an agency that turns out to have said less than was recorded; nil where nothing is, or all of it
  /// stands already. Nobody's step that passed meanwhile is lost.
  private func rungsAgain(
    _ position: Position, _ policy: Policy, _ arrangements: Arrangements, _ now: Instant
  ) -> [Rung]? {
    guard position.isPursued, !isLateEntry else { return nil }
    let ladder = ladder(under: policy)
    // Hours move what is left anew.
    let left = position.rungs.asPlanned
    let pause = position.acknowledged.map { ladder.pauseEnds(after: $0, meetingAt: deadline) } ?? now
    let planned = rungsLeft(position, ladder, arrangements, now).paused(until: pause)
    var rungs = left
    for index in rungs.indices where rungs[index].ifUnanswered {
      if let same = planned.first(where: { $0.step == rungs[index].step }) {
        rungs[index].due = min(rungs[index].due, same.due)
        let places = [rungs[index], same].flatMap(\.places)
        rungs[index].places = Places(Place.allCases.filter(places.contains))
      }
    }
    rungs += planned.filter { rung in !left.contains { $0.step == rung.step } }
    rungs += wordOfNoTime(beside: rungs, of: position.agency, now)
    // It may have said since that it has it in hand.
    rungs = rungs.paused(until: pause)
    return rungs == left ? nil : rungs
  }

  /// What its ladder has still to ask of an agency, as if nothing were planned. Whom nobody has asked is invited as at first.
  private func rungsLeft(
    _ position: Position, _ ladder: Ladder, _ arrangements: Arrangements, _ now: Instant
  ) -> [Rung] {
    let invitation = position.rungs.first { $0.message == .invitation }
    if position.askedSince == nil, position.climbed.isEmpty, invitation == nil, now < deadline {
      return ladder.rungsInviting(
        position.agency, convene, meetingAt: deadline, ends: meetingEnds, arrangements, now: now)
    }
    let rungs = ladder.rungs(
      meetingAt: deadline, firstAsked: position.askedSince, climbed: position.climbed, in: arrangements.calendar,
      now: now, inviting: invitation?.due)
    let passed = ladder.stepsPassed(meetingAt: deadline, climbed: position.climbed, now: now)
    return (rungs + passed).inOrder
  }
}

// MARK: - What stands

extension Discussion {
  /// As far as it is another than there.
  fileprivate func standing(besides now: Discussion) -> Standing {
    var standing = Standing()
    let agencies = now.positions.map(\.agency) + positions.map(\.agency).filter { now.position($0) == nil }
    standing.parts = agencies.compactMap { agency in
      let part = position(agency)?.part ?? Standing.Part(agency: agency)
      return part == now.position(agency)?.part ?? Standing.Part(agency: agency) ? nil : part
    }
    if course != now.course { standing.course = course }
    if startedClocks != now.startedClocks { standing.clocks = startedClocks }
    return standing
  }

  /// After it was told again: who was missing, and the clocks, follow from what it says now. What is the same as it was keeps
  /// its instants, by whatever table of bank holidays they were counted.
  fileprivate mutating func settle(
    like now: Discussion, _ told: Retold, _ policy: Policy, _ calendar: WorkingCalendar
  ) {
    missingAtDecision = decision.map { quorum(under: policy, at: $0.decidedAt).missing } ?? []
    for index in positions.indices
    where decision == nil || !missingAtDecision.contains(positions[index].agency) {
      positions[index].barrier = nil
    }
    if circulatedAt == nil, isLateEntry, decision != nil {
      closesAt = now.circulatedAt == nil ? now.closesAt : nil
    } else if circulatedAt != now.circulatedAt || circulatedAt == nil {
      closesAt = circulatedAt.map { policy.closeAfter.end(from: $0, in: calendar) }
    } else {
      closesAt = now.closesAt
    }
    moveConference(like: now)
    startedClocks = clocksSettled(told)
    if let decidedAt = decision?.decidedAt, !missingAtDecision.isEmpty,
      !startedClocks.contains(where: { $0.id == .followUp })
    {
      startedClocks.append(WorkClock(id: .followUp, started: decidedAt, due: decidedAt, provisional: false, level: 1))
    }
    let running = clocks.filter { $0.stopped == nil }
    startedClocks = startedClocks.compactMap { clock in
      // One that runs again has missed what moved the others meanwhile.
      let runsAgain =
        running.contains(where: clock.isSame) && !now.clocks.contains { $0.isSame(as: clock) && $0.stopped == nil }
      if !runsAgain, let same = now.startedClocks.first(where: clock.isSame) {
        return clock.dueAnew(same.due, provisional: same.provisional)
      }
      guard let limit = policy.limit(of: clock.id, level: clock.level, for: convene.urgency) else { return nil }
      let (due, provisional) = limit.due(from: clock.started, in: calendar)
      return clock.dueAnew(due, provisional: provisional)
    }
    if let clock = startedClocks.last(where: { $0.id == .c5 }), decision?.conference != nil {
      decision?.conference = ConferenceDue(from: clock.started, due: clock.due, provisional: clock.provisional)
    }
  }

  /// The reason that the rules proposed may be the no that was none: they propose anew, unless somebody has spoken since.
  fileprivate mutating func forgetProposal(for agency: AgencyID?) {
    guard let index = positions.firstIndex(where: { $0.agency == agency }), let barrier = positions[index].barrier,
      barrier.by == .rules, barrier.reply == nil
    else { return }
    positions[index].barrier = nil
  }

  /// What would have happened before what it follows on: held, decided, circulated, received, followed up, met again. By the
  /// minutes and seconds that people tell.
  fileprivate var outOfOrder: Set<String> {
    let decided = decision?.decidedAt
    let pairs: [(String, Instant?, Instant?)] =
      [
        ("decided", decided, heldAt), ("circulated", circulatedAt, decided), ("followed up", followUpDoneAt, decided),
        ("conference", conferenceHeldAt, heldAt ?? decided),
      ] + receipts.map { ("receipt of \($0.agency)", $0.at, decided) }
    return Set(
      pairs.compactMap { name, later, earlier in
        guard let later, let earlier, later.unitEnd <= earlier else { return nil }
        return name
      })
  }

  /// C5 counts from when they met, where it counted from there before.
  private mutating func moveConference(like now: Discussion) {
    guard let conference = decision?.conference, let met = heldAt ?? decision?.decidedAt,
      let before = now.decision?.conference?.from, before == now.heldAt ?? now.decision?.decidedAt,
      conference.from != met,
      let index = startedClocks.lastIndex(where: { $0.id == .c5 })
    else { return }
    startedClocks[index] = startedClocks[index].startedAnew(met)
  }

  /// Each from when it starts now; those that nothing starts any more are gone. What started one is told twice where it was
  /// struck and recorded again: the later stands.
  private func clocksSettled(_ told: Retold) -> [WorkClock] {
    let latest = startedClocks.indices.filter { index in
      !startedClocks[(index + 1)...].contains {
        ($0.id, $0.level) == (startedClocks[index].id, startedClocks[index].level)
      }
    }
    return latest.map { startedClocks[$0] }.compactMap { clock in
      let start: Instant?
      switch clock.id {
      case .c3, .c4: start = decision?.decidedAt
      case .followUp: start = missingAtDecision.isEmpty ? nil : decision?.decidedAt
      case .c7: start = told.follows(.c7) ? conferenceHeldAt : clock.started
      case .c10: start = told.follows(.c10) ? heldAt ?? decision?.decidedAt : clock.started
      case .c5: start = decision?.conference == nil ? nil : clock.started
      case .c1, .c2, .c6, .c11: start = clock.started
      }
      return start.map(clock.startedAnew)
    }
  }
}

extension WorkClock {
  fileprivate func isSame(as other: WorkClock) -> Bool {
    id == other.id && started == other.started && level == other.level
  }
}

// MARK: - What an entry and a command tell

extension Event {
  /// Whom it is about.
  fileprivate var subject: AgencyID? {
    switch self {
    case .acknowledged(let agency, _, _, _, _, _), .contributionRecorded(let agency, _, _, _, _, _),
      .declined(let agency, _, _, _, _), .detailsSent(let agency, _, _, _, _, _), .telephoned(let agency, _, _, _, _),
      .barrierNamed(let agency, _, _, _, _), .receiptRecorded(let agency, _):
      agency
    default: nil
    }
  }

  fileprivate var clock: ClockID? {
    switch self {
    case .clockStarted(let clock, _, _, _, _), .clockStopped(let clock, _, _): clock
    default: nil
    }
  }

  /// Which unit of it, where that is told.
  fileprivate var unit: UnitID? {
    switch self {
    case .acknowledged(_, _, _, _, _, let unit), .contributionRecorded(_, _, _, _, _, let unit),
      .declined(_, _, _, _, let unit), .detailsSent(_, _, _, _, let unit, _):
      unit
    default: nil
    }
  }

  /// Whether a unit is waited for was settled when its agency asked one, whatever the settings say since. Another agency has a
  /// rule of its own.
  fileprivate func waiting(like struck: Event) -> Event {
    guard case .detailsSent(let agency, let place, let route, let occurred, let unit?, _) = self,
      case .detailsSent(agency, _, _, _, .some, let isNeeded) = struck
    else { return self }
    return .detailsSent(agency, place, route: route, occurred: occurred, unit: unit, needed: isNeeded)
  }

  /// When it happened, where that is told.
  fileprivate var occurred: Instant? {
    switch self {
    case .acknowledged(_, _, _, let occurred, _, _), .contributionRecorded(_, _, _, _, let occurred, _),
      .declined(_, _, _, let occurred, _), .held(let occurred, _), .circulated(_, let occurred, _),
      .detailsSent(_, _, _, let occurred, _, _), .telephoned(_, _, _, _, let occurred),
      .receiptRecorded(_, let occurred),
      .conferenceHeld(let occurred), .followUpDone(_, let occurred):
      occurred
    case .decided(let decision, _): decision.decidedAt
    default: nil
    }
  }
}

extension Command {
  /// The same, at that moment where it tells none of its own.
  fileprivate func happening(at moment: Instant?) -> Command {
    switch self {
    case .acknowledge(let agency, let role, let via, let stays, let unit, let at):
      .acknowledge(agency, byRole: role, via: via, stays: stays, unit: unit, at: at ?? moment)
    case .contribute(let agency, let kind, let role, let via, let unit, let at):
      .contribute(agency, kind, byRole: role, via: via, unit: unit, at: at ?? moment)
    case .decline(let agency, let code, let role, let unit, let at):
      .decline(agency, code, byRole: role, unit: unit, at: at ?? moment)
    // The decision is an entry of its own.
    case .hold(let at, let form, _): .hold(heldAt: at ?? moment, form: form, decision: nil)
    case .decide(let decision): .decide(decision.decidedAt == nil ? decision.taken(at: moment) : decision)
    case .circulate(let agencies, let at): .circulate(to: agencies, at: at ?? moment)
    case .sendDetails(let agency, let place, let unit, let at):
      .sendDetails(agency, place, unit: unit, at: at ?? moment)
    case .call(let agency, let number, let result, let role, let at):
      .call(agency, number: number, result, byRole: role, at: at ?? moment)
    case .receive(let agency, let at): .receive(agency, at: at ?? moment)
    case .conference(let at): .conference(heldAt: at ?? moment)
    case .followUp(let at, let role): .followUp(doneAt: at ?? moment, byRole: role)
    // What names no moment, and what cannot be put in the place of anything.
    case .nameBarrier, .startClock, .stopClock, .reschedule, .confirm, .cancel, .close, .correct: self
    }
  }
}

extension Decision {
  fileprivate func taken(at moment: Instant?) -> Decision {
    var decision = self
    decision.decidedAt = moment
    return decision
  }
}
