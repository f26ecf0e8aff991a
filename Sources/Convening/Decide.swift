// What a command leads to: events, or a refusal. Pure: the moment, the policy and the arrangements are parameters. It plans
// the rungs that follow in the same breath, so that one append both records an answer and silences what it made moot.

extension Discussion {
  /// The ladder that its agencies climb; while there is no time, without the steps before it.
  public func ladder(under policy: Policy) -> Ladder {
    let ladder = policy.ladder(for: convene.urgency)
    switch meeting {
    case .at: return ladder
    case .asSoonAsTheyAnswer: return ladder.withoutTime
    }
  }

  /// Any other command. The policy is the one that the discussion is pinned to; the entries are those of its stream, and read
  /// by a correction alone.
  public func decide(
    _ command: Command, now: Instant, policy: Policy, _ circumstances: Circumstances, entries: [Entry] = []
  ) throws(Refusal) -> [Event] {
    switch command {
    case .reschedule(let meetingAt, let reason):
      return try reschedule(to: meetingAt, reason, now, policy, circumstances.arrangements)
    case .acknowledge(let agency, let byRole, let via, let stays, let unit, let at):
      return try acknowledge(
        agency, byRole, via, stays, unit, try moment(at, "at", now), policy, now, circumstances)
    case .contribute(let agency, let kind, let byRole, let via, let unit, let at):
      guard phase != .cancelled else { throw .alreadyCancelled }
      try known(agency, "agency", circumstances)
      try known(unit, of: agency, circumstances)
      // It would silence the agency's ladder and count for nothing.
      guard kind != .afterDecision || decision != nil else { throw .notDecided }
      let occurred = try moment(at, "at", now)
      let given = Event.contributionRecorded(
        agency, kind, byRole: byRole, via: via, occurred: occurred, unit: unit)
      if via != .link {
        return [given] + following(given, of: agency, now, policy, circumstances.arrangements)
          + settlingAbsence(after: given, policy, now)
      }
      guard unit == nil || isInHand(after: given, agency, at: now) else { return [given] }
      return [given] + pausing(agency, at: occurred, policy, circumstances.arrangements.calendar, now)
    case .confirm(let agency, let byRole):
      guard phase != .cancelled else { throw .alreadyCancelled }
      try known(agency, "agency", circumstances)
      guard let position = position(agency), !position.reported.isEmpty else { throw .nothingToConfirm }
      let confirmed = Event.contributionConfirmed(agency, byRole: byRole)
      return [confirmed] + following(confirmed, of: agency, now, policy, circumstances.arrangements)
        + settlingAbsence(after: confirmed, policy, now)
    case .decline(let agency, let code, let byRole, let unit, let at):
      try beforeDecision()
      let position = try invited(agency, circumstances)
      try known(unit, of: agency, circumstances)
      guard !position.hasContributed(unit) else { throw .alreadyContributed }
      guard code.isAgencys else { throw .notTheAgencys }
      let declined = Event.declined(agency, code, byRole: byRole, occurred: try moment(at, "at", now), unit: unit)
      if unit != nil {
        return [declined] + following(declined, of: agency, now, policy, circumstances.arrangements)
      }
      return [declined] + (phase == .scheduled ? [tellingOfTheDecline(agency, now)] : [])
    case .hold(let heldAt, let form, let decision):
      guard phase != .held else { throw .alreadyHeld }
      try beforeDecision()
      let occurred = try moment(heldAt, "held_at", now)
      let decided = try decision.map { decision throws(Refusal) in
        try decide(decision, heldAt: occurred, now, policy, circumstances)
      }
      let clocks = clocksOfHolding(at: occurred, policy, circumstances.arrangements.calendar)
      return [.held(occurred: occurred, form: form ?? convene.form)] + clocks + (decided ?? [])
    case .decide(let decision):
      try beforeDecision()
      return try decide(decision, heldAt: nil, now, policy, circumstances)
    case .circulate(let agencies, let at):
      // Closing ends nothing that comes late.
      try onceDecided()
      for (index, agency) in agencies.enumerated() { try known(agency, "to/\(index)", circumstances) }
      let occurred = try momentOnceDecided(at, now)
      let closes = policy.closeAfter.end(from: occurred, in: circumstances.arrangements.calendar)
      return [.circulated(to: agencies, occurred: occurred, closes: closes)]
    case .cancel(let reason):
      try beforeDecision()
      let notices = positions.compactMap { position in
        position.notice(.cancelled, step: "cancelled", at: now).map {
          Event.ladderPlanned(position.agency, .cancelled, [$0])
        }
      }
      return [.cancelled(reason: reason)] + notices
    case .close:
      try afterDecision()
      return [.closed(byPolicy: false)]
    case .sendDetails(let agency, let place, let unit, let at):
      return try recordDetails(agency, place, unit, at, now, policy, circumstances)
    case .call(let agency, let number, let result, let byRole, let at):
      return try recordCall(agency, number, result, byRole, at, now, circumstances)
    case .nameBarrier(let agency, let code, let party, let agreed):
      return try nameBarrier(agency, code, by: party, agreed: agreed, now, circumstances)
    case .receive(let agency, let at): return try recordReceipt(agency, at, now, circumstances)
    case .conference(let heldAt): return try recordConference(heldAt, now, policy, circumstances)
    case .followUp(let doneAt, let byRole): return try recordFollowUp(doneAt, byRole, now)
    case .startClock(let clock, let at): return try start(clock, at, now, policy, circumstances)
    case .stopClock(let clock, let at): return try stop(clock, at, now)
    case .correct(let revision, let reason, let replacement):
      return try correct(revision, reason, replacement, entries, now, policy, circumstances)
    }
  }

  /// What the clock alone brings about: a circulated discussion closes when its time is up.
  public func closing(at now: Instant) -> Event? {
    guard phase == .circulated || phase == .decided, let closesAt, closesAt <= now else { return nil }
    return .closed(byPolicy: true)
  }

  /// What is entered so late that it would have been closed is closed when as much time has passed again, whether or not
  /// anybody tells to whom its record went.
  private func closingOfHistory(
    _ decidedAt: Instant, _ policy: Policy, _ calendar: WorkingCalendar, _ now: Instant
  ) -> [Event] {
    guard isLateEntry, policy.closeAfter.end(from: decidedAt, in: calendar) <= now else { return [] }
    return [.closingMoved(to: policy.closeAfter.end(from: now, in: calendar))]
  }

  /// What another table of bank holidays moves: its closing, and the clocks that run.
  public func moved(under policy: Policy, in calendar: WorkingCalendar) -> [Event] {
    (closingMoved(under: policy, in: calendar).map { [$0] } ?? []) + clocksMoved(under: policy, in: calendar)
  }

  private func closingMoved(under policy: Policy, in calendar: WorkingCalendar) -> Event? {
    guard phase == .circulated, let circulatedAt else { return nil }
    let closes = policy.closeAfter.end(from: circulatedAt, in: calendar)
    return closes == closesAt ? nil : .closingMoved(to: closes)
  }

  /// The ladder under another edition of its policy; nothing where it would change nothing that is still to come.
  public func replan(under policy: Policy, _ ref: PolicyRef, in calendar: WorkingCalendar, now: Instant) -> [Event] {
    let planned: [Event] = positions.compactMap { position in
      guard phase == .scheduled, position.invited, position.isPursued else { return nil }
      let all = position.rungs(under: ladder(under: policy), meetingAt: deadline, in: calendar, now: now)
      return all == position.rungs ? nil : .ladderPlanned(position.agency, .policyAdopted, all)
    }
    // An edition may be the first that limits it.
    let held = convene.needIdentifiedAt.map { startingOnce(.c2, at: $0, policy, calendar) } ?? []
    return [.policyPinned(ref)] + clocksMoved(under: policy, in: calendar) + held + planned
  }

  private func reschedule(
    to meetingAt: Instant, _ reason: String, _ now: Instant, _ policy: Policy, _ arrangements: Arrangements
  ) throws(Refusal) -> [Event] {
    guard phase != .held else { throw .alreadyHeld }
    try beforeDecision()
    guard meetingAt >= now - clockSlack else { throw .meetingPast }
    // Who said yes to this time has said yes to it.
    if case .at(meetingAt) = meeting { throw .alreadyRecorded }
    let ends = meetingAt + .minutes(Int64(convene.durationMinutes))
    // Not as long as there is no time: from now on there is one.
    let ladder = policy.ladder(for: convene.urgency)
    let planned: [Event] = positions.filter(\.invited).map { position in
      let notice = position.notice(.rescheduled, step: "rescheduled", at: now)
      // The notice asks anew: unanswered times count from it. An agency that was never asked is invited as at first, though
      // its coordinator may have heard of it.
      var rungs: [Rung] = []
      if position.isPursued {
        let told = notice.map { Array($0.places) } ?? []
        rungs =
          position.firstAsked == nil
          ? ladder.rungsInviting(
            position.agency, convene, meetingAt: meetingAt, ends: ends, told: told, arrangements, now: now)
          : ladder.rungsAnew(
            meetingAt: meetingAt, ends: ends, firstAsked: now, told: told, in: arrangements.calendar, now: now)
      }
      let words = wordsNotHeard(of: position, under: ladder, now) + declineNotHeard(of: position, now)
      return .ladderPlanned(position.agency, .rescheduled, (words + (notice.map { [$0] } ?? []) + rungs).inOrder)
    }
    return [.rescheduled(meetingAt: meetingAt, reason: reason)] + planned
  }

  /// Whoever has not heard yet that the agency declined: a new time makes that no less true either.
  private func declineNotHeard(of position: Position, _ now: Instant) -> [Rung] {
    guard position.declined != nil else { return [] }
    let told = reminders.filter { $0.agency == position.agency && $0.message == .answered && !$0.isOvertaken }
    let left =
      position.rungs.filter { $0.message == .answered }.flatMap(\.places)
      + told.filter { !$0.isSettled }.map(\.place)
    return left.isEmpty
      ? [] : [Rung.declined(to: Place.allCases.filter(left.contains), now: now)]
  }

  /// What the coordinator was to be told of an agency beside its ladder and has not heard yet. A new time makes it no less
  /// true, but that there is none, that it is over, or that nobody answered whom it asks anew.
  private func wordsNotHeard(of position: Position, under ladder: Ladder, _ now: Instant) -> [Rung] {
    let ofItsTime = [Rung.noTime, Rung.daily, Rung.undecided]
    let planned = position.rungs.filter { $0.message == .attention && !ofItsTime.contains($0.step) }
    let onTheirWay = reminders.filter { reminder in
      reminder.agency == position.agency && reminder.message == .attention && !reminder.isSettled
        && !reminder.isOvertaken && !ofItsTime.contains(reminder.step)
        && !ladder.steps.contains { $0.name == reminder.step }
        && !planned.contains { $0.step == reminder.step }
    }
    return planned + onTheirWay.map { .word($0.step, due: now, now: now) }
  }

  private func acknowledge(
    _ agency: AgencyID, _ byRole: String, _ via: Via, _ stays: Bool, _ unit: UnitID?, _ occurred: Instant,
    _ policy: Policy, _ now: Instant, _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    guard phase != .cancelled else { throw .alreadyCancelled }
    guard phase != .closed else { throw .alreadyClosed }
    let position = try invited(agency, circumstances)
    try known(unit, of: agency, circumstances)
    let acknowledger = acknowledger(of: position, at: occurred, stays: stays, circumstances.arrangements)
    let event = Event.acknowledged(agency, byRole: byRole, via: via, occurred: occurred, by: acknowledger, unit: unit)
    // A unit that has contributed holds nothing back for the others.
    guard unit == nil || isInHand(after: event, agency, at: now) else { return [event] }
    // What comes late may come after they handed over: then it pauses nothing.
    if phase == .scheduled, let acknowledger,
      position.hasLapsed(after: acknowledger, occurred, in: circumstances.arrangements, team: convene.team, at: now)
    {
      let lapsed = Event.acknowledgementLapsed(agency, acknowledger.place, route: acknowledger.route)
      let rungs = rungsOfComingBack(
        position, pausedUntil: now, policy, circumstances.arrangements.calendar, now)
      return [event, lapsed] + (rungs.map { [.ladderPlanned(agency, .lapsed, $0)] } ?? [])
    }
    return [event] + pausing(agency, at: occurred, policy, circumstances.arrangements.calendar, now)
  }

  /// Somebody there has it in hand: those who have not answered are pressed again when the pause ends.
  private func pausing(
    _ agency: AgencyID, at occurred: Instant, _ policy: Policy, _ calendar: WorkingCalendar, _ now: Instant
  ) -> [Event] {
    guard let position = position(agency) else { return [] }
    let ladder = ladder(under: policy)
    let pause = ladder.pauseEnds(after: occurred, meetingAt: deadline)
    let rungs =
      rungsOfComingBack(position, pausedUntil: pause, policy, calendar, now)
      ?? position.rungsAfterAcknowledgement(at: occurred, ladder: ladder, meetingAt: deadline)
    return rungs.map { [.ladderPlanned(agency, .acknowledged, $0)] } ?? []
  }

  /// Who declined comes after all: what is left of its ladder waits until then. nil where it had not declined, or there is
  /// nothing left to ask it.
  private func rungsOfComingBack(
    _ position: Position, pausedUntil pause: Instant, _ policy: Policy, _ calendar: WorkingCalendar, _ now: Instant
  ) -> [Rung]? {
    guard position.declined != nil, phase == .scheduled, !position.hasContributed else { return nil }
    return ladder(under: policy).rungs(
      meetingAt: deadline, firstAsked: position.askedSince, climbed: position.climbed, in: calendar, now: now
    ).paused(until: pause)
  }

  /// A time in whole minutes, or seconds, is some moment of that minute: what was contributed in it and recorded before the
  /// decision was there when it was taken.
  private func afterWhatWasRecorded(_ told: Instant, _ policy: Policy, _ now: Instant) -> Instant {
    // What was reported by link counts from then, once it is confirmed.
    let contributions = positions.flatMap { $0.contributions + $0.reported }.filter {
      policy.counting.contains($0.kind)
    }
    return contributions.map(\.occurred).filter { $0 > told && $0 < told.unitEnd && $0 <= now }.max() ?? told
  }

  /// - Parameter heldAt: where it is recorded as held in the same breath.
  private func decide(
    _ decision: Decision, heldAt: Instant?, _ now: Instant, _ policy: Policy, _ circumstances: Circumstances
  ) throws(Refusal) -> [Event] {
    var decision = decision
    let told = try moment(decision.decidedAt, "decided_at", now)
    let held = heldAt ?? self.heldAt
    if let held, decision.decidedAt != nil, told.unitEnd <= held { throw .beforeStart(field: "decided_at") }
    let taken = afterWhatWasRecorded(told, policy, now)
    let decidedAt = held.map { max(taken, $0) } ?? taken
    decision.decidedAt = decidedAt
    if let started = decision.s47StartedAt { _ = try moment(started, "s47_started_at", now) }
    for (index, agency) in decision.dissent.enumerated() { try known(agency, "dissent/\(index)", circumstances) }
    let missing = quorum(under: policy, at: decidedAt).missing
    if !missing.isEmpty, policy.reasonWithoutAll, decision.reason == nil { throw .reasonRequired(missing: missing) }
    let calendar = circumstances.arrangements.calendar
    decision.conference = conference(
      after: decision, heldAt: held ?? decidedAt, earlier: circumstances.earlier, policy, calendar)
    return [.decided(decision, missing: missing)]
      + clocksOfDeciding(at: decidedAt, heldAt: heldAt, missing: missing, policy, calendar)
      + proposingBarriers(
        for: missing,
        AbsenceFacts(
          policy: policy, arrangements: circumstances.arrangements,
          met: min(meetingAt ?? decidedAt, held ?? decidedAt), recorded: now))
      + tellingTheAbsent(policy, now) + closingOfHistory(decidedAt, policy, calendar, now)
  }

  /// Once, whoever was asked to take part and neither did nor said why not. What is entered late sends nothing.
  func tellingTheAbsent(_ policy: Policy, _ now: Instant, among agencies: [AgencyID]? = nil) -> [Event] {
    guard !isLateEntry, let step = ladder(under: policy).afterDecision else { return [] }
    return positions.filter { position in
      position.invited && position.isPursued && position.reported.isEmpty
        && agencies?.contains(position.agency) ?? true && (agencies == nil || !isTold(position))
    }.map { position in
      let rung = Rung(
        step: step.name, message: .concluded, ifUnanswered: false, due: now, places: step.to,
        stopAfter: now + noticeLife)
      return .ladderPlanned(position.agency, .decided, [rung])
    }
  }

  /// Whether it has heard that it was decided without it, or is about to.
  private func isTold(_ position: Position) -> Bool {
    position.rungs.contains { $0.message == .concluded }
      || reminders.contains { reminder in
        guard reminder.agency == position.agency, reminder.message == .concluded, !reminder.isOvertaken else {
          return false
        }
        if case .silenced = reminder.state { return false }
        // Of a decision that was struck nobody has to know.
        return reminder.firstAt >= decisionRecorded ?? reminder.firstAt
      }
  }
}

extension Position {
  /// Still to be asked: it has neither contributed, all of its units that it waits for, nor declined.
  public var isPursued: Bool { declined == nil && !hasContributed }
}
