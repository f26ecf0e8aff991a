// The clocks and the reasons for absence a second time: which must start with what, when they are due, and which reason the
// rules propose. Days are walked and hours stepped through, so that it shares no way of counting with the rules.
import Convening

enum ClockCheck {
  /// The clocks that this entry has to start, by the policy of the discussion as it is after it; somebody may have told of
  /// their start before.
  static func owed(by entry: Entry, _ after: Discussion, _ policies: Policies) -> Set<ClockID> {
    let policy = policies[after.policy]!
    let urgent = after.convene.urgency == .urgent
    let ladder = urgent ? policy.urgent ?? policy.standard : policy.standard
    var owed: Set<ClockID> = []
    switch entry.event {
    case .convened(let convene, _, _, _, _, _):
      if convene.needIdentifiedAt != nil, ladder.heldWithin != nil { owed.insert(.c2) }
    case .decided(_, let missing):
      owed.insert(.c3)
      var more: Set<ClockID> = [.c4]
      if urgent { more.insert(.c10) }
      if !missing.isEmpty { more.insert(.followUp) }
      owed.formUnion(more.filter { policy.clocks[$0] != nil })
    case .held: if urgent, policy.clocks[.c10] != nil { owed.insert(.c10) }
    case .policyPinned:
      if after.convene.needIdentifiedAt != nil, ladder.heldWithin != nil { owed.insert(.c2) }
    case .conferenceHeld: if policy.clocks[.c7] != nil { owed.insert(.c7) }
    default: break
    }
    return owed.subtracting(after.clocks.map(\.id))
  }

  static func check(
    _ entry: Entry, _ before: Discussion, _ after: Discussion, _ policies: Policies, _ towns: [Arrangements],
    earlier: [Discussion]
  ) throws(Broken) {
    let calendars = towns.map(\.calendar)
    switch entry.event {
    case .decided(let decision, _):
      // The first enquiry of the sequence since its last conference, and which of the two the policy counts from.
      var first: Discussion?
      for one in earlier {
        if one.conferenceHeldAt != nil { break }
        if let outcome = one.decision?.outcome, [.s47Joint, .s47SingleCSC].contains(outcome) { first = one }
      }
      let isLast = policies[after.policy]!.conferenceFrom == .last
      let begins = [.s47Joint, .s47SingleCSC].contains(decision.outcome)
      let leads = begins || isLast && first != nil
      let met = before.heldAt ?? decision.decidedAt!
      let from = isLast ? met : first.map { $0.heldAt ?? $0.decision!.decidedAt! } ?? met
      let counted = towns.map { dueInstant(of: .c5, 1, from: from, after, policies, $0.calendar) }
      let due = decision.conference
      try expect(
        counted.contains { leads ? $0?.at == due?.due && $0?.provisional == due?.provisional : due == nil },
        "a conference due \(String(describing: due)), not \(counted)")
      try expect(due.map { $0.from == from } ?? true, "a conference counted from \(String(describing: due?.from))")
    case .clockStarted(let id, let started, let due, let provisional, let level):
      let earlier = before.clocks.filter { $0.id == id }
      if id == .c5 {
        try expect(
          earlier.last?.goesOnIn != nil && earlier.last?.started == started && level == 1,
          "C5 starts by itself, and not where it went on elsewhere")
      } else {
        try expect(id == .c11 || earlier.isEmpty, "\(id) starts twice")
        try expect(level == earlier.count + 1, "\(id) starts at level \(level) after \(earlier.count)")
      }
      try expect(!earlier.contains { $0.stopped == nil }, "\(id) starts while it runs")
      let counted = calendars.map { dueInstant(of: id, level, from: started, after, policies, $0) }
      try expect(
        counted.contains { $0?.at == due && $0?.provisional == provisional },
        "\(id) from \(started) is due \(due), provisional \(provisional), not \(counted)")
    case .clockMoved(let id, let due, _):
      guard let clock = before.clocks.last(where: { $0.id == id }) else {
        throw Broken("\(id) moves, and never started")
      }
      try expect(clock.stopped == nil, "\(id) moves after it stopped")
      let counted = calendars.map { dueInstant(of: id, clock.level, from: clock.started, after, policies, $0) }
      try expect(counted.contains { $0?.at == due }, "\(id) moves to \(due), not \(counted)")
    case .clockStopped(let id, _, let later):
      try expect((id == .c5) == (later != nil), "\(id) goes on in \(String(describing: later))")
      let isRunning = before.clocks.last { $0.id == id }.map { $0.stopped == nil } ?? false
      try expect(isRunning, "\(id) stops, and does not run")
    case .barrierProposed(let agency, let code, let until):
      try expect(before.decision != nil, "a reason before the decision")
      try expect(before.missingAtDecision.contains(agency), "a reason for \(agency), which was not missing")
      let reasons = towns.map { reason(for: agency, before, policies, $0, at: entry.at) }
      try expect(reasons.contains(code), "\(code) for \(agency), not \(reasons)")
      let next = calendars.map { $0.end(of: walk(1, from: entry.at, $0).day) }
      try expect(next.contains(until), "an answer until \(until)")
    default: break
    }
  }

  /// Of those that still run, any that is due at another instant by what is in force.
  static func misplaced(_ discussion: Discussion, _ policies: Policies, _ calendar: WorkingCalendar) -> ClockID? {
    discussion.clocks.first { clock in
      guard clock.stopped == nil,
        let counted = dueInstant(of: clock.id, clock.level, from: clock.started, discussion, policies, calendar)
      else { return false }
      return counted.at != clock.due || counted.provisional != clock.provisional
    }?.id
  }

  /// The first of these that holds.
  static func reason(
    for agency: AgencyID, _ discussion: Discussion, _ policies: Policies, _ arrangements: Arrangements, at now: Instant
  ) -> BarrierCode? {
    let policy = policies[discussion.policy]!
    guard let position = discussion.position(agency), position.invited else { return .b01 }
    let ladder = discussion.convene.urgency == .urgent ? policy.urgent ?? policy.standard : policy.standard
    let moments = [discussion.meetingAt, discussion.heldAt, discussion.decision?.decidedAt].compactMap(\.self)
    let met = moments.min()!
    let asked = position.askedSince ?? discussion.convenedAt
    // Whoever said so may have gone off duty since.
    let said = position.acknowledged ?? position.lapsed
    var heard = said.map { [$0] } ?? []
    // That somebody there declined asks nobody to take part.
    for reminder in discussion.reminders
    where reminder.agency == agency && Place.ofAgencies.contains(reminder.place) && reminder.message != .answered {
      if case .accepted(let at) = reminder.state, position.askedSince.map({ $0 <= reminder.firstAt }) ?? true {
        heard.append(at)
      }
    }
    let fair = ladder.fairNotice.map { count($0, from: heard.min() ?? asked, arrangements.calendar).at }
    let isHeld = arrangements.holder(.contact, of: agency, at: now) != nil
    let table: [(holds: Bool, reason: BarrierCode?)] = [
      (position.declined != nil, position.declined?.code),
      (!position.contributions.isEmpty || !position.reported.isEmpty || discussion.convene.heldAt != nil, nil),
      (fair.map { $0 > met } ?? false, .b02), (!position.detailsSent.contains { $0.at <= met }, .b05),
      (heard.isEmpty && position.firstAsked == nil && !isHeld, .b11), (heard.isEmpty, .b04),
      (said != nil, nil), (true, .b14),
    ]
    return table.first { $0.holds }?.reason
  }

  static func dueInstant(
    of id: ClockID, _ level: Int, from start: Instant, _ discussion: Discussion, _ policies: Policies,
    _ calendar: WorkingCalendar
  ) -> (at: Instant, provisional: Bool)? {
    let policy = policies[discussion.policy]!
    let ladder = discussion.convene.urgency == .urgent ? policy.urgent ?? policy.standard : policy.standard
    let limit: Limit?
    switch id {
    case .c2: limit = ladder.heldWithin
    case .c3: limit = .elapsed(policy.decisionRecorded)
    default:
      let levels = policy.clocks[id] ?? []
      limit = level <= levels.count ? levels[level - 1] : levels.last
    }
    return limit.map { count($0, from: start, calendar) }
  }

  static func count(
    _ limit: Limit, from start: Instant, _ calendar: WorkingCalendar
  ) -> (at: Instant, provisional: Bool) {
    switch limit {
    case .elapsed(let elapsed): return (start + elapsed, false)
    case .workingDays(let days):
      let (day, isBeyond) = walk(days, from: start, calendar)
      return (calendar.zone.start(of: day.adding(days: 1)), isBeyond)
    case .workingHours(let hours):
      guard let working = calendar.working else { return (start + hours, true) }
      // From opening to closing, window by window.
      var (at, left) = (start, hours.milliseconds)
      while true {
        if !calendar.isOpen(working, at: at) {
          guard let opens = calendar.nextChange(of: working, after: at) else { return (start + hours, true) }
          at = opens
          continue
        }
        let closes = calendar.nextChange(of: working, after: at)!
        let open = (closes - at).milliseconds
        if left <= open {
          at = at + Elapsed(milliseconds: left)
          return (at, calendar.date(of: at).year > calendar.holidays.lastYear ?? 0)
        }
        left -= open
        at = closes
      }
    }
  }

  /// Day after day, by the number of the day: 1 January 1970 was a Thursday.
  private static func walk(
    _ workingDays: Int, from start: Instant, _ calendar: WorkingCalendar
  ) -> (day: CivilDate, isBeyond: Bool) {
    var day = calendar.zone.wall(start).date
    var left = workingDays
    while left > 0 {
      day = day.adding(days: 1)
      let weekday = (day.daysSince1970 + 3) % 7
      if weekday < 5, !calendar.holidays.days.contains(day) { left -= 1 }
    }
    return (day, day.year > calendar.holidays.lastYear ?? 0)
  }
}
