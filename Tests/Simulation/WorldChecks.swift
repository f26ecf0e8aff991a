// What must hold of the world: after a turn of what it touched, at rest of everything, after a restart of what was read
// again. From the auditor's account and true time, never by asking the docket whether it is right.
import Convening
import Coordination
import Wire

extension World {
  mutating func checkTouched(_ turn: Turn) throws(Broken) {
    var touched: Set<DiscussionID> = []
    for entry in turn.entries { if case .discussion(let id) = entry.stream { touched.insert(id) } }
    for entry in turn.entries {
      guard case .discussion(let id) = entry.stream, case .rungsPassed(let agency, _, .tooLate) = entry.event,
        let discussion = auditor.folded[id], let position = discussion.position(agency),
        discussion.phase == .scheduled, position.invited, !position.hasAnswered
      else { continue }
      // Told before, told now, about to be told, or nobody is there to be told.
      let isTold =
        discussion.reminders.contains { $0.agency == agency && $0.place == .coordinator }
        || position.rungs.contains { $0.places.contains(.coordinator) }
        || turn.entries.contains { later in
          guard later.stream == entry.stream, case .placeSkipped(agency, .coordinator, _, _, _) = later.event else {
            return false
          }
          return true
        }
      try Simulation.expect(isTold, "\(agency) is asked too late, and the coordinator is not told")
    }
    for entry in turn.entries {
      guard case .frontDoor(let id) = entry.stream else { continue }
      let contact = auditor.contacts[id]!
      try Simulation.expect(disk.contacts[id] == contact.row, "the row of a contact differs from a rebuild: \(id)")
    }
    for id in touched {
      let discussion = auditor.folded[id]!
      try Simulation.expect(
        docket.discussions[id] == (discussion.isFinished ? nil : discussion), "memory differs from its fold: \(id)")
      try checkRows(discussion)
      let row = disk.decided[id]
      try Simulation.expect(
        row == nil
          || Set(row!.agencies.filter { $0.required && $0.part != .counted }.map(\.agency))
            == Set(discussion.missingAtDecision),
        "decided without \(discussion.missingAtDecision), and the report says another")
      try Simulation.expect(
        !discussion.missingAtDecision.isEmpty || !discussion.clocks.contains { $0.id == .followUp },
        "the follow-up runs, and nobody was missing: \(id)")
      let isElsewhere = auditor.sequence(from: id).filter { one in
        one.conferenceGoesOnIn.map { later in
          let later = auditor.folded[later]
          return later?.decision?.conference == nil && later?.conferenceHeldAt == nil
        } ?? false
      }
      try Simulation.expect(isElsewhere.isEmpty, "a conference goes on where none is due: \(isElsewhere.map(\.id))")
      try Simulation.expect(discussion.reminders.count < 1000, "\(id) is reminded without end")
    }
    try Simulation.expect((docket.seq, docket.head) == (auditor.seq, auditor.head), "seq or head differ")
  }

  func checkRows(_ discussion: Discussion) throws(Broken) {
    let rows = discussion.rows(under: auditor.policies[discussion.policy]!)
    try Simulation.expect(disk.rows[discussion.id] == rows.discussion, "rows differ from a rebuild: \(discussion.id)")
    let positions = Dictionary(uniqueKeysWithValues: rows.positions.map { ($0.agency, $0) })
    try Simulation.expect(disk.positions[discussion.id] ?? [:] == positions, "position rows differ: \(discussion.id)")
    try Simulation.expect(disk.decided[discussion.id] == rows.decided, "the report's row differs: \(discussion.id)")
  }

  /// Who has said nothing by the meeting stands on the list of those who need a person; and what is due next is a message.
  private func checkShown() throws(Broken) {
    let live = docket.live(published, at: wall)
    for discussion in docket.discussions.values where discussion.phase == .scheduled {
      for position in discussion.positions where position.invited && position.isSilent && position.rungs.isEmpty {
        let last = discussion.reminders.last { $0.agency == position.agency }?.firstAt ?? discussion.deadline
        guard min(discussion.deadline, last + .minutes(15)) <= wall,
          !live.attention.contains(where: { $0.discussion == discussion.id && $0.agency == position.agency })
        else { continue }
        // Whether that acknowledgement holds is `UnitCheck`'s.
        try Simulation.expect(
          position.acknowledged != nil, "\(position.agency) is silent and on no list: \(discussion.id)")
      }
    }
    let moments = docket.discussions.values.flatMap { discussion in
      discussion.positions.flatMap { $0.rungs.map(\.due) }
        + discussion.reminders.compactMap { if case .waiting(let until) = $0.state { until } else { nil } }
    }
    // What is due waits for a slot, or for the end of a pause; by a clock that was set back since it is still to come.
    guard !isClockNews, !auditor.isPaused(at: wall) else { return }
    let isMessage = live.nextDue.map { moments.contains($0) } ?? !moments.contains { $0 > wall }
    try Simulation.expect(isMessage, "next_due is no message: \(String(describing: live.nextDue))")
  }

  /// At rest: what is due and not begun must be waiting for a slot, and nothing else.
  mutating func audit(idle everything: Bool) throws(Broken) {
    guard everything || mustLook || lots.chance(0.02) else { return }
    mustLook = false
    if pending.isEmpty, !disk.isFull, docket.attention.map({ $0 > wall }) ?? true, !auditor.isStopping {
      try auditor.frontDoor.check(at: wall, inForce) { route in
        !auditor.stopped.contains(route) && auditor.slots.hasRoom(route, inAll: town.limits.inFlight)
      }
      for contact in auditor.contacts.values {
        let isMoved = contact.moved(under: inForce.frontDoor, in: inForce.calendar) != nil
        try Simulation.expect(!isMoved, "\(contact.id) is due by what is no longer in force")
      }
    }
    for discussion in docket.discussions.values where !auditor.isStopping {
      try Simulation.expect(!discussion.isFinished, "a finished discussion is still in memory")
      guard pending.isEmpty, !disk.isFull, docket.attention.map({ $0 > wall }) ?? true else { continue }
      if discussion.phase == .scheduled {
        let latest = auditor.policies.latest(discussion.policy.id)
        try Simulation.expect(discussion.policy == latest, "\(discussion.id) stays under \(discussion.policy)")
      }
      if discussion.phase == .circulated, let closes = discussion.closesAt {
        try Simulation.expect(closes > wall, "\(discussion.id) has not closed by itself")
        let policy = auditor.policies[discussion.policy]!
        let counted = policy.closeAfter.end(from: discussion.circulatedAt!, in: inForce.calendar)
        try Simulation.expect(closes == counted, "\(discussion.id) closes by holidays that are no longer in force")
      }
      let isHeldBack = auditor.isPaused(at: wall) && discussion.convene.urgency == .standard
      if !isHeldBack { try checkUndelivered(discussion) }
      let misplaced = ClockCheck.misplaced(discussion, auditor.policies, inForce.calendar)
      try Simulation.expect(misplaced == nil, "\(discussion.id): \(misplaced!) is due by what is no longer in force")
      if isHeldBack { continue }
      for reminder in discussion.reminders {
        switch reminder.state {
        case .waiting(let until) where until <= wall:
          try Simulation.expect(
            !auditor.slots.hasRoom(reminder.route, inAll: town.limits.inFlight), "a retry is overdue beside a free slot"
          )
        case .inFlight:
          // A step of the clock gives another minute, and turns take their time.
          let age = clock - (sentAt[reminder.id] ?? clock)
          try Simulation.expect(age < .seconds(130), "an attempt without an outcome was not taken for lost")
        default: break
        }
      }
      // By a clock that nobody has looked at yet other hours may be open.
      let hours = HoursCheck(
        duties: auditor.duties, town: inForce, discussion: discussion, policies: auditor.policies)
      for position in discussion.positions where !isClockNews && [.scheduled, .held].contains(discussion.phase) {
        for rung in position.rungs { try hours.checkRest(rung, of: position, at: wall) }
        let expected = max(discussion.deadline, discussion.heldAt ?? discussion.deadline) + .days(1)
        try Simulation.expect(
          position.rungs.isEmpty == false || expected >= wall || discussion.convene.heldAt != nil
            || isToldDaily(position, discussion),
          "\(position.agency) is silent, and nobody hears of it daily: \(discussion.id)")
      }
      if !isClockNews {
        try Simulation.expect(
          isHurried(discussion), "it is over, all have answered, and nobody hears: \(discussion.id)")
      }
      for position in discussion.positions {
        for rung in position.rungs where rung.due <= wall && !auditor.waitsForClock(rung, at: wall) {
          let routes = rung.places.compactMap {
            auditor.duties.holder($0, of: position, in: discussion, at: wall, inForce)
          }
          // A holder may have gone off duty since it was looked at: it is looked at again when a slot is free.
          let stuck = routes.isEmpty || routes.contains { !auditor.slots.hasRoom($0, inAll: town.limits.inFlight) }
          try Simulation.expect(stuck, "\(rung.step) is overdue beside a free slot")
        }
      }
    }
    if pending.isEmpty, !disk.isFull, docket.attention.map({ $0 > wall }) ?? true, !auditor.isStopping {
      // What is closed too, though nobody holds it.
      for discussion in auditor.folded.values where discussion.isFinished {
        let misplaced = ClockCheck.misplaced(discussion, auditor.policies, inForce.calendar)
        try Simulation.expect(misplaced == nil, "\(discussion.id) is closed, and \(misplaced!) is due by old holidays")
      }
      try checkClosed()
      try checkShown()
      // By a clock that nobody has looked at yet somebody else may hold a place.
      if !isClockNews {
        try auditor.duties.checkRest(auditor.folded, inForce, at: wall) { route in
          auditor.stopped.contains(route) || !auditor.slots.hasRoom(route, inAll: town.limits.inFlight)
        }
      }
    }
    guard everything else { return }
    try compare(docket)
    for discussion in auditor.folded.values { try checkRows(discussion) }
  }

  /// What is closed is remembered by its clocks that run, and by those that stopped after their limit.
  private func checkClosed() throws(Broken) {
    var wanted: Set<DiscussionClocks> = []
    for discussion in auditor.folded.values where discussion.isFinished {
      var clocks: [WorkClock] = []
      for clock in discussion.clocks {
        if let stopped = clock.stopped, stopped <= clock.due || clock.goesOn { continue }
        // What ran out before it was entered is history.
        if discussion.convene.heldAt != nil, clock.stopped == nil, clock.due <= discussion.convenedAt { continue }
        clocks.append(clock)
      }
      if !clocks.isEmpty {
        wanted.insert(DiscussionClocks(id: discussion.id, team: discussion.convene.team, clocks: clocks))
      }
    }
    try Simulation.expect(Set(docket.closedClocks) == wanted, "other clocks of what is closed are known")
  }

  /// The coordinator heard of it within the last day, or nobody coordinates; or it has nothing to hear.
  /// Where every agency has answered, the coordinator has heard in the last day that no decision is recorded.
  private func isHurried(_ discussion: Discussion) -> Bool {
    let invited = discussion.positions.filter(\.invited)
    guard [.scheduled, .held].contains(discussion.phase), discussion.convene.heldAt == nil, !invited.isEmpty,
      !invited.contains(where: \.isSilent), invited.allSatisfy(\.rungs.isEmpty)
    else { return true }
    let told = discussion.reminders.filter { $0.place == .coordinator }.map(\.firstAt)
    let last = (told + invited.compactMap(\.toldDaily)).reduce(discussion.heldAt ?? discussion.deadline, max)
    return last + .days(1) >= wall
  }

  private func isToldDaily(_ position: Position, _ discussion: Discussion) -> Bool {
    guard position.invited, position.isSilent else { return true }
    let last = discussion.reminders.last { $0.agency == position.agency }.map(\.firstAt)
    return [last, position.toldDaily].compactMap(\.self).contains { $0 + .days(1) >= wall }
  }

  /// What the status shows equals a recount by a docket that has just read everything, under the same settings.
  func checkLive() throws(Broken) {
    let fresh = try replayed(under: docket.arrangements)
    let (shown, counted) = (
      docket.live(published, at: wall), fresh.live(Live(since: wall), at: wall)
    )
    try Simulation.expect(shown.openDiscussions == counted.openDiscussions, "openDiscussions differ from a recount")
    try Simulation.expect(
      shown.remindersScheduled == counted.remindersScheduled && shown.undelivered == counted.undelivered,
      "reminders differ from a recount")
    let differing = (shown.attention + counted.attention).filter { need in
      shown.attention.contains(need) != counted.attention.contains(need)
    }
    try Simulation.expect(
      shown.attention == counted.attention, "attention differs from a recount: \(differing.prefix(3))")
    try Simulation.expect(
      shown.agencies.filter { $0.value.awaiting > 0 || $0.value.lastAnswered != nil }
        == counted.agencies.filter { $0.value.awaiting > 0 || $0.value.lastAnswered != nil },
      "agencies differ from a recount")
    for route in Set(shown.endpoints.keys).union(counted.endpoints.keys) {
      let (one, other) = (shown.endpoints[route], counted.endpoints[route])
      try Simulation.expect(
        one?.health ?? .unknown == other?.health ?? .unknown && one?.lastAccepted == other?.lastAccepted,
        "\(route) differs from a recount: \(String(describing: one)), \(String(describing: other))")
    }
    try Simulation.expect(
      shown.inFlight == auditor.slots.inAll, "\(shown.inFlight) in flight, not \(auditor.slots.inAll)")
  }

  /// Nothing is lost before a minute of true time, whatever the wall clock says; a step of less than 2 s is not seen.
  func checkLosses(_ turn: Turn) throws(Broken) {
    for entry in turn.entries {
      guard case .attemptLost(let id, _, _) = entry.event, let began = sentAt[id] else { continue }
      try Simulation.expect(clock - began > .seconds(57), "lost after \(clock - began)")
    }
  }

  /// Whoever has not taken a message in for the policy's time, or a quarter of what was left, is not the last one asked where
  /// the ladder has somebody else.
  private func checkUndelivered(_ discussion: Discussion) throws(Broken) {
    guard discussion.phase == .scheduled, let policy = auditor.policies[discussion.policy] else { return }
    let ladder = discussion.convene.urgency == .urgent ? policy.urgent ?? policy.standard : policy.standard
    guard ladder.undeliveredAfter != nil else { return }
    let order: [Place] = [.contact, .deputy, .lead]
    for reminder in discussion.reminders {
      guard let opening = auditor.attempts[reminder.id]?.opening, let from = opening.undeliveredFrom, from < wall,
        case .waiting = reminder.state, !auditor.risen.contains(reminder.id),
        let position = discussion.position(reminder.agency),
        position.acknowledged == nil,
        // Whoever had acknowledged, until that was struck, is no rung of the ladder: all of it is planned again then.
        let own = order.firstIndex(of: reminder.place)
      else { continue }
      let isAskedBeyond = position.asked.contains { asked in
        !auditor.stopped.contains(asked.route) && (order.firstIndex(of: asked.place).map { $0 > own } ?? false)
      }
      let stuck = discussion.reminders.filter { $0.agency == reminder.agency && !$0.isSettled }.map(\.place)
      // A step may be due to somebody else already, and wait for a slot, or for hours: by the ladder's own moments.
      let next = position.rungs.filter { rung in
        (rung.ifUnanswered || rung.own <= wall) && rung.places.contains { $0 != .convener && !stuck.contains($0) }
      }.min { $0.own < $1.own }
      try Simulation.expect(
        isAskedBeyond || next.map { $0.own <= wall } ?? true,
        "\(discussion.id): \(reminder.place) of \(reminder.agency) has not taken it in, and \(next?.step.text ?? "") waits"
      )
    }
  }

  func compare(_ docket: Docket) throws(Broken) {
    try Simulation.expect((docket.seq, docket.head) == (auditor.seq, auditor.head), "seq or head differ")
    try Simulation.expect(docket.policies == auditor.policies, "policies differ")
    try Simulation.expect(docket.stopped == auditor.stopped, "stopped routes differ")
    for name in ["q1", "q2"] as [SnapshotName] {
      try Simulation.expect(docket.snapshots[name] == promises.snapshots[name] ?? [], "other reports are kept")
    }
    let waiting = Set(auditor.contacts.values.filter { $0.outcome == nil && $0.review == nil })
    try Simulation.expect(Set(docket.waitingContacts) == waiting, "other contacts wait")
    let open = auditor.folded.filter { !$0.value.isFinished }
    try Simulation.expect(Set(docket.discussions.keys) == Set(open.keys), "other discussions are open")
    for (id, discussion) in open {
      try Simulation.expect(
        docket.discussions[id] == discussion, "\(id) differs:\n\(discussion)\n\(docket.discussions[id]!)")
    }
  }
}
