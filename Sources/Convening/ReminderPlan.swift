// From a policy's ladder to instants: when each step of each agency falls due. Planned once and recorded; planned anew when
// the meeting moves, somebody acknowledges, a place turns out empty or another edition of the policy is adopted.

/// What a message that is neither invitation nor reminder may use: a day (CONTRACT.md 1).
public let noticeLife = Elapsed.days(1)

extension Ladder {
  /// The rungs for one agency when its meeting has a new time, earliest first. `told` are the places that a notice tells of
  /// it. See `rungs(meetingAt:firstAsked:climbed:now:)`.
  ///
  /// Nobody's place is lost on a short notice. Steps before the meeting whose moment has passed already are due at once,
  /// together with the invitation, as one step: the latest of them, to the places of all, and of the steps that would come
  /// after the meeting. Where none has passed, the last of those is due when a third of the time is left, for the places
  /// that no other step asks. A meeting that begins now has time for nothing else: all are asked at once, and what they are
  /// sent is of use until it ends. What is due at once tells no convener: they have just convened it, or moved it.
  func rungsAnew(
    meetingAt: Instant, ends: Instant, firstAsked: Instant?, told: [Place], in calendar: WorkingCalendar, now: Instant
  ) -> [Rung] {
    guard now < meetingAt else { return atTheMeeting(ends: ends, isAsked: firstAsked != nil, told: told, now: now) }
    let rungs = rungs(meetingAt: meetingAt, firstAsked: firstAsked, climbed: [], in: calendar, now: now)
    let invited = rungs.filter { $0.message == .invitation }.flatMap(\.places)
    let unfitting = steps.filter { step in
      moment(of: step, from: firstAsked ?? now, meetingAt: meetingAt, calendar).map { $0 >= meetingAt } ?? false
    }
    let others = unfitting.flatMap(\.to)
    if let passed = passed(meetingAt: meetingAt, climbed: [], now: now, and: invited + others) {
      let places = Set(passed.places).subtracting(told)
      guard !places.isEmpty else { return rungs }
      return (rungs + [asking(places, as: passed.step, at: now, meetingAt: meetingAt)]).inOrder
    }
    let places = Set(unfitting.flatMap(\.places)).subtracting(told + rungs.flatMap(\.places))
    guard let last = unfitting.last, !places.isEmpty else { return rungs }
    let due = meetingAt - (meetingAt - now) / 3
    // One message goes out at one moment, and nobody's place may be lost by it.
    let beside = rungs.filter { $0.due == due }.flatMap(\.places)
    let squeezed = asking(
      places.union(beside), as: last.name, at: due, meetingAt: meetingAt, ifUnanswered: true)
    return (rungs + [squeezed]).inOrder
  }

  private func atTheMeeting(ends: Instant, isAsked: Bool, told: [Place], now: Instant) -> [Rung] {
    let places = Set(steps.flatMap(\.to)).subtracting(told)
    guard !places.isEmpty, let step = isAsked ? steps.last : steps.first(where: { $0.when == .once }) ?? steps.first
    else { return [] }
    return [
      Rung(
        step: step.name, message: isAsked ? .reminder : .invitation, ifUnanswered: false, due: now,
        places: Place.allCases.filter(places.contains), stopAfter: max(ends, now + clockSlack))
    ]
  }

  /// The rungs for one agency, earliest first.
  ///
  /// Unanswered times count from the first asking, squeezed where the ladder does so. A step whose moment before the meeting
  /// has passed, or that would come after the meeting, is left out.
  ///
  /// - Parameter inviting: when whoever was not asked yet will be; nil: now.
  func rungs(
    meetingAt: Instant, firstAsked: Instant?, climbed: [StepName], in calendar: WorkingCalendar, now: Instant,
    inviting: Instant? = nil
  ) -> [Rung] {
    let base = firstAsked ?? max(inviting ?? now, now)
    func rung(_ step: Step, _ message: Message, ifUnanswered: Bool, due: Instant) -> Rung {
      Rung(
        step: step.name, message: message, ifUnanswered: ifUnanswered, due: due, places: step.places,
        stopAfter: meetingAt)
    }
    var rungs: [Rung] = []
    for step in steps where !climbed.contains(step.name) {
      switch step.when {
      case .once:
        if firstAsked == nil { rungs.append(rung(step, .invitation, ifUnanswered: false, due: now)) }
      case .unanswered:
        guard let moment = moment(of: step, from: base, meetingAt: meetingAt, calendar) else { continue }
        let due = max(moment, now)
        if due < meetingAt { rungs.append(rung(step, .reminder, ifUnanswered: true, due: due)) }
      case .before(let lead):
        let due = meetingAt - lead
        if due > now { rungs.append(rung(step, .reminder, ifUnanswered: false, due: due)) }
      }
    }
    return rungs.inOrder
  }

  /// When a step for those who have not answered is due. Where the ladder squeezes and its last such step would leave less
  /// than a third of the time that there is, all waits shrink alike until it leaves a third.
  private func moment(
    of step: Step, from base: Instant, meetingAt: Instant, _ calendar: WorkingCalendar
  ) -> Instant? {
    guard let wait = step.wait(from: base, in: calendar) else { return nil }
    let waits = steps.compactMap { $0.wait(from: base, in: calendar) }
    let room = (meetingAt - base) - (meetingAt - base) / 3
    guard squeezes, let longest = waits.max(), longest > room, room > .zero else { return base + wait }
    let shrunk = Int128(wait.milliseconds) * Int128(room.milliseconds) / Int128(longest.milliseconds)
    return base + Elapsed(milliseconds: Int64(shrunk))
  }

  /// The steps before the meeting whose moment has passed and that were not climbed, as one that is due now: nobody's place
  /// must be lost, so the newest goes to the places of all, and to others. nil where none has passed, or the meeting has.
  fileprivate func passed(
    meetingAt: Instant, climbed: [StepName], now: Instant, and others: [Place] = []
  ) -> Rung? {
    var newest: (step: StepName, due: Instant)?
    var places = Set(others)
    for step in steps where !climbed.contains(step.name) {
      guard case .before(let lead) = step.when, meetingAt - lead <= now, now < meetingAt else { continue }
      if newest.map({ $0.due < meetingAt - lead }) ?? true { newest = (step.name, meetingAt - lead) }
      places.formUnion(step.to)
    }
    return newest.map { asking(places, as: $0.step, at: now, meetingAt: meetingAt) }
  }

  private func asking(
    _ places: Set<Place>, as step: StepName, at due: Instant, meetingAt: Instant, ifUnanswered: Bool = false
  ) -> Rung {
    Rung(
      step: step, message: .reminder, ifUnanswered: ifUnanswered, due: due,
      places: Place.allCases.filter(places.contains), stopAfter: meetingAt)
  }
}

extension Step {
  /// How long it waits for an answer from then, in elapsed time; nil where it waits for none. Working hours count as they
  /// pass in the calendar, or as hours of the day where it knows of none any more.
  func wait(from base: Instant, in calendar: WorkingCalendar) -> Elapsed? {
    guard case .unanswered(let wait, let inWorkingHours) = when else { return nil }
    guard inWorkingHours, let hours = calendar.working, let end = calendar.adding(wait, within: hours, to: base) else {
      return wait
    }
    return end.at - base
  }
}

extension Ladder {
  /// The steps before the meeting whose moment has passed, as one that is due now; none where nobody was passed over.
  func stepsPassed(meetingAt: Instant, climbed: [StepName], now: Instant) -> [Rung] {
    passed(meetingAt: meetingAt, climbed: climbed, now: now).map { [$0] } ?? []
  }
}

extension Ladder {
  /// What is climbed while there is no time: no step can stand before a meeting.
  var withoutTime: Ladder {
    var ladder = self
    ladder.steps.removeAll { step in
      switch step.when {
      case .before: true
      case .once, .unanswered: false
      }
    }
    return ladder
  }

  /// The rungs for one agency of a discussion that is convened for that time.
  func rungsConvened(
    for meeting: MeetingTime, _ convene: Convene, _ agency: AgencyID, _ arrangements: Arrangements, now: Instant
  ) -> [Rung] {
    switch meeting {
    case .at(let instant):
      return rungsInviting(
        agency, convene, meetingAt: instant, ends: instant + .minutes(Int64(convene.durationMinutes)), arrangements,
        now: now)
    case .asSoonAsTheyAnswer(let until):
      // Where the time is up already, everybody is asked at once, those before the meeting too.
      let ladder = until > now ? withoutTime : self
      let rungs = ladder.rungsAnew(
        meetingAt: until, ends: now + noticeLife, firstAsked: nil, told: [], in: arrangements.calendar, now: now)
      if until <= now, rungs.contains(where: { $0.places.contains(.coordinator) }) { return rungs }
      let end = max(until, now)
      return rungs + [.word(Rung.noTime, due: end, now: end)]
    }
  }
}

extension Ladder {
  /// The rungs of an agency that was not asked yet: as if it were convened when the invitation can go out.
  func rungsInviting(
    _ agency: AgencyID, _ convene: Convene, meetingAt: Instant, ends: Instant, told: [Place] = [],
    _ arrangements: Arrangements, now: Instant
  ) -> [Rung] {
    let start = inviting(agency, convene, meetingAt: meetingAt, arrangements, now: now)
    let rungs = rungsAnew(
      meetingAt: meetingAt, ends: ends, firstAsked: nil, told: told, in: arrangements.calendar, now: start)
    guard start > now else { return rungs }
    return rungs.map { rung in
      var rung = rung
      if rung.message == .invitation { rung.planned = now }
      return rung
    }
  }
}

extension Rung {
  /// The word that its time is up and it has no time yet.
  public static let noTime: StepName = "no-time"
  /// The word that a route of the agency has stopped.
  public static let stopped: StepName = "stopped"
  /// The word of each day on which it is still open.
  public static let daily: StepName = "daily"
  /// The word of each day on which a decision is all that is missing.
  public static let undecided: StepName = "undecided"
  /// The word that nobody of an absent agency could be told of the decision.
  public static let untold: StepName = "untold"
}

extension Rung {
  /// Whom it asks where it stands for older steps that are due with it. `isFirst`: nobody at the agency was asked before.
  public func places(standingFor older: [Rung], isFirst: Bool) -> [Place] {
    func own(_ rung: Rung) -> [Place] { rung.places.filter(Place.ofAgencies.contains) }
    let asking = older.filter { !$0.isNotice && !own($0).isEmpty }
    var all = Set(places)
    if isFirst, let first = asking.first { all.formUnion(own(first)) }
    if let last = asking.last, own(self).isEmpty { all.formUnion(own(last)) }
    all.formUnion(older.filter { !$0.isNotice }.flatMap(\.places).filter(\.isTold))
    return Place.allCases.filter(all.contains)
  }
}

extension Ladder {
  /// When the pause of an acknowledgement ends: the policy's time, at most a third of what is left to the meeting.
  func pauseEnds(after moment: Instant, meetingAt: Instant) -> Instant {
    moment + min(acknowledgementHolds, max(meetingAt - moment, .zero) / 3)
  }
}

extension Ladder {
  /// From when a message that is not accepted asks the next place: after the policy's time or a quarter of what is left when
  /// it was begun, whichever is less, and at least a minute.
  public func undelivered(from begun: Instant, stopAfter: Instant) -> Instant? {
    undeliveredAfter.map { begun + max(min($0, (stopAfter - begun) / 4), Ladder.leastPatience) }
  }

  /// No message is taken for undelivered sooner.
  public static let leastPatience = Elapsed.minutes(1)
}

extension Rung {
  /// A word to the coordinator that is no step of a ladder: what became of an agency's route, or of its time.
  public static func word(_ step: StepName, due: Instant, now: Instant) -> Rung {
    Rung(
      step: step, message: .attention, ifUnanswered: false, due: due, places: [.coordinator],
      stopAfter: now + noticeLife)
  }

  /// A word of the day, which waits for the hours of whoever coordinates, over holidays too.
  public static func wordOfTheDay(_ step: StepName, due: Instant, now: Instant) -> Rung {
    Rung(
      step: step, message: .attention, ifUnanswered: false, due: due, places: [.coordinator],
      stopAfter: now + .days(16))
  }

  /// The word of a decline: due at once, worth sending for `noticeLife`.
  public static func declined(to places: [Place], now: Instant) -> Rung {
    Rung(
      step: "declined", message: .answered, ifUnanswered: false, due: now, places: places, stopAfter: now + noticeLife)
  }

  /// Whether it is said again each day.
  var isDaily: Bool { step == Rung.daily || step == Rung.undecided }

  /// It tells, and asks nothing: it is sent beside whatever else is due.
  public var isNotice: Bool {
    switch message {
    case .rescheduled, .cancelled, .attention, .answered, .concluded: true
    case .invitation, .reminder, .handover, .reviewDue, .ping: false
    }
  }
}

extension [Rung] {
  /// Unanswered steps wait until then. Of those that wait the last asks the places of all: one message goes out at one
  /// moment, and nobody's place may be lost by it.
  func paused(until: Instant) -> [Rung] {
    let waiting = indices.filter { self[$0].ifUnanswered && self[$0].due <= until }
    guard let last = waiting.last else { return inOrder }
    var rungs = self
    for index in waiting { rungs[index].due = until }
    let places = Set(waiting.flatMap { self[$0].places })
    rungs[last].places = Places(Place.allCases.filter(places.contains))
    return rungs.inOrder
  }

  /// Earliest first; rungs of one instant keep their order on the ladder.
  public var inOrder: [Rung] {
    enumerated().sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }.map(\.element)
  }
}

extension Position {
  /// The rungs after an acknowledgement: unanswered steps wait until its pause ends. nil where nothing moves.
  func rungsAfterAcknowledgement(at moment: Instant, ladder: Ladder, meetingAt: Instant) -> [Rung]? {
    let rungs = rungs.asPlanned
    let moved = rungs.paused(until: ladder.pauseEnds(after: moment, meetingAt: meetingAt))
    return moved == rungs ? nil : moved
  }

  /// The rungs after places turned out empty or stopped: the next rung that asks somebody else is due at once, or when
  /// the pause of an acknowledgement ends. nil where there is none, or it is due already.
  ///
  /// An unanswered step moves. Of a step before the meeting, the places that were not asked yet are asked now; the step
  /// stays where it is.
  public func rungsRaised(past places: Set<Place>, at now: Instant, ladder: Ladder, meetingAt: Instant) -> [Rung]? {
    let pause = acknowledged.map { ladder.pauseEnds(after: $0, meetingAt: meetingAt) } ?? now
    let at = max(now, pause)
    let rungs = rungs.asPlanned
    let known = places.union(asked.map(\.place))
    for (index, rung) in rungs.enumerated() where !rung.isNotice {
      let others = rung.places.filter { $0 != .convener && !(rung.ifUnanswered ? places : known).contains($0) }
      guard !others.isEmpty else { continue }
      guard rung.due > at else { return nil }
      var raised = rungs
      if rung.ifUnanswered {
        raised[index].due = at
      } else {
        raised.append(
          Rung(
            step: rung.step, message: rung.message, ifUnanswered: false, due: at, places: others,
            stopAfter: rung.stopAfter))
      }
      return raised.inOrder
    }
    return nil
  }

  /// The rungs where the newest of several steps that are due stands for those before it: it asks those too whom nobody would
  /// have asked. That is who should have been asked first where nobody at the agency ever was, and where the newest tells
  /// somebody else alone, whom the last step before it asks; and the coordinator and the convener, who answer for nobody and
  /// would not hear of it. nil where it stands for them as it is.
  public func rungs(widening newest: Rung, for older: [Rung]) -> [Rung]? {
    let places = newest.places(standingFor: older, isFirst: !asked.contains { Place.ofAgencies.contains($0.place) })
    guard places.count > newest.places.count, let index = rungs.lastIndex(of: newest) else { return nil }
    var widened = rungs
    widened[index].places = Places(places)
    return widened
  }

  /// The rungs under another ladder. What tells rather than asks, is climbed in part, or is due and has not found its turn
  /// yet, stays as it is.
  ///
  /// Where a step that was still to come has no time any more, those of the new ladder whose moment has passed are due at
  /// once, as one; and whoever the new ladder names, nobody has asked and nothing else would ask is asked by the old step
  /// still: no edition takes effect by silence.
  func rungs(under ladder: Ladder, meetingAt: Instant, in calendar: WorkingCalendar, now: Instant) -> [Rung] {
    let inviting = rungs.first { $0.message == .invitation }?.due
    let rungs = rungs.asPlanned
    let kept = rungs.filter { $0.isNotice || $0.due <= now || climbed.contains($0.step) }
    let pause = acknowledged.map { ladder.pauseEnds(after: $0, meetingAt: meetingAt) } ?? now
    // A step before the meeting that is due for some places stands there a second time for its own hour.
    let planned = ladder.rungs(
      meetingAt: meetingAt, firstAsked: askedSince, climbed: climbed, in: calendar, now: now, inviting: inviting
    )
    .paused(until: pause)
    .filter { rung in !kept.contains { $0.step == rung.step } || (!rung.ifUnanswered && rung.due > now) }
    let all = kept + planned
    // Whom nobody has asked yet is asked together with them.
    let invited = planned.filter { $0.message == .invitation }.flatMap(\.places)
    let lost = rungs.filter { rung in !all.contains { $0.step == rung.step } }
    guard !lost.isEmpty else { return all.inOrder }
    let passed = ladder.passed(meetingAt: meetingAt, climbed: climbed + all.map(\.step), now: now, and: invited)
    let left = all + (passed.map { [$0] } ?? [])
    let unasked = Set(ladder.steps.flatMap(\.to)).subtracting(left.flatMap(\.places) + asked.map(\.place))
    return (left + lost.filter { !unasked.isDisjoint(with: $0.places) }).inOrder
  }

  /// A notice to everybody who was asked so far.
  func notice(_ message: Message, step: StepName, at now: Instant) -> Rung? {
    guard declined == nil else { return nil }
    // The convener moved or cancelled it.
    let places = Place.allCases.filter { place in place != .convener && asked.contains { $0.place == place } }
    guard !places.isEmpty else { return nil }
    return Rung(
      step: step, message: message, ifUnanswered: false, due: now, places: places, stopAfter: now + noticeLife)
  }
}
