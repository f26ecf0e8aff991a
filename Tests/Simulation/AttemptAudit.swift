// Attempts as entries tell them: begun with a slot, for a rung that is due, ended once, tried again in time, and by whom a
// message may be sent.
import Convening
import Coordination

extension Auditor {
  /// The attempt that an entry begins, if it does.
  mutating func account(for entry: Entry, _ arrangements: Arrangements) throws(Broken) -> (ReminderID, Int)? {
    switch entry.event {
    case .attemptBegan(let id, let attempt, let route, let opening):
      try begin(entry, id, attempt, route, opening, arrangements)
      return (id, attempt)
    case .attemptEnded(let id, let attempt, let answer, let next):
      guard var track = attempts[id] else { throw Broken("the end of an attempt that was not begun") }
      try expect(track.isUnderWay && track.begun == attempt, "attempt \(attempt) of \(id) ends twice")
      if answer.verdict == .misconfigured { track.misconfigured += 1 }
      track.isUnderWay = false
      track.next = next
      attempts[id] = track
      if let next {
        try Ladders.check(next, after: answer, track, id, endedAt: entry.at)
      } else if !isMoot(id, entry) {
        try Ladders.checkEnd(after: answer, track, endedAt: entry.at)
      }
      slots.end(track.route, id, answer)
    case .attemptLost(let id, let attempt, let next):
      guard var track = attempts[id] else { throw Broken("the loss of an attempt that was not begun") }
      try expect(track.isUnderWay && track.begun == attempt, "attempt \(attempt) of \(id) ends twice")
      track.isUnderWay = false
      track.next = next
      attempts[id] = track
      let lost = Answer(verdict: .retry, status: nil, fault: "lost", tookMilliseconds: 0)
      if let next {
        try Ladders.check(next, after: lost, track, id, endedAt: entry.at)
      } else if !isMoot(id, entry) {
        try Ladders.checkEnd(after: lost, track, endedAt: entry.at)
      }
      slots.lose(track.route, id)
    case .resendRequested(let id, let next, let body):
      guard var track = attempts[id] else { throw Broken("a resend of what was never sent") }
      try expect(body == track.opening.body, "a resend with other bytes")
      track.next = next
      attempts[id] = track
    case .reminderExpired(let id): attempts[id]?.next = nil
    default: break
    }
    return nil
  }

  /// Nobody needs the message any more: it was answered, decided, moved or replaced. Test messages are tried once.
  private func isMoot(_ id: ReminderID, _ entry: Entry) -> Bool {
    // What belongs to no discussion is never moot.
    guard case .discussion(let discussionID) = entry.stream else { return attempts[id]?.isPing ?? true }
    guard let discussion = folded[discussionID],
      let reminder = discussion.reminders.last(where: { $0.id == id }),
      let position = discussion.position(reminder.agency)
    else { return true }
    if reminder.isOvertaken { return true }
    switch reminder.message {
    case .attention where reminder.step == "untold":
      return ![.decided, .circulated].contains(discussion.phase) || position.tookPart
    case .attention where reminder.step == "daily":
      return ![.scheduled, .held].contains(discussion.phase) || !position.isSilent
    case .attention where reminder.step == "undecided":
      return ![.scheduled, .held].contains(discussion.phase)
        || discussion.positions.contains { $0.invited && $0.isSilent }
    case .invitation, .reminder, .attention:
      return discussion.phase != .scheduled || !position.isSilent
    case .rescheduled: return discussion.phase != .scheduled
    case .answered: return discussion.phase != .scheduled || position.declined == nil
    case .cancelled: return discussion.phase != .cancelled
    case .concluded:
      return ![.decided, .circulated].contains(discussion.phase) || position.tookPart
    case .handover, .reviewDue, .ping: return true
    }
  }

  private mutating func begin(
    _ entry: Entry, _ id: ReminderID, _ attempt: Int, _ route: RouteName, _ opening: Opening?,
    _ arrangements: Arrangements
  ) throws(Broken) {
    try expect(!isStopping, "an attempt begun while stopping")
    if case .discussion(let discussionID) = entry.stream, folded[discussionID]?.convene.urgency == .standard {
      try expect(!isPaused(at: entry.at), "an attempt begun during a pause")
    }
    try expect(slots.hasRoom(route, inAll: limits.inFlight), "an attempt begun at \(route) without a slot")
    slots.begin(route, id)
    guard let opening else {
      guard var track = attempts[id] else { throw Broken("a retry of what was never begun") }
      try expect(attempt == track.begun + 1, "attempt \(attempt) after \(track.begun)")
      try expect(!track.isUnderWay, "an attempt begun before the last one ended")
      try expect(track.route == route, "a retry by another route")
      try expect(track.next.map { $0 <= entry.at } ?? false, "a retry before its time, or after its last")
      try expect(entry.at < track.opening.stopAfter, "an attempt begun at or after stop_after")
      try expect(!stopped.contains(route), "a retry to a stopped route")
      if case .discussion(let discussionID) = entry.stream {
        let isSettled = folded[discussionID]?.reminders.last { $0.id == id }?.isSettled
        try expect(isSettled == false, "a retry of what was silenced or given up")
      }
      (track.begun, track.isUnderWay, track.next) = (attempt, true, nil)
      attempts[id] = track
      return
    }
    try expect(attempts[id] == nil && attempt == 1, "an id used twice")
    try expect(entry.at < opening.stopAfter, "an attempt begun at or after stop_after")
    try expect(opening.message != .ping || !stopped.contains(route), "a test message to a route that has stopped")
    try expect(opening.body.contains(id.description), "a body that does not name its reminder")
    attempts[id] = Track(
      opening: opening, route: route, firstAt: entry.at, begun: 1, isUnderWay: true, isPing: opening.message == .ping)
    guard case .discussion(let discussionID) = entry.stream else { return }
    try open(discussionID, entry, opening, route, arrangements)
  }

  /// A message begins: it must stand on a rung, and be the only one for it.
  private mutating func open(
    _ id: DiscussionID, _ entry: Entry, _ opening: Opening, _ route: RouteName, _ arrangements: Arrangements
  ) throws(Broken) {
    guard let discussion = folded[id], let position = discussion.position(opening.agency) else {
      throw Broken("a message for nobody")
    }
    guard
      let rung = position.rungs.first(where: {
        $0.step == opening.step && $0.places.contains(opening.place) && $0.due == opening.due
      })
    else { throw Broken("\(opening.step) sent to \(opening.place) without a rung") }
    let planned = Planned(
      id: id, agency: opening.agency, place: opening.place, step: opening.step, due: opening.due,
      round: rescheduled[id] ?? 0)
    try expect(openings.insert(planned).inserted, "\(opening.step) asked twice of \(opening.place)")
    try expect(rung.due <= entry.at, "\(opening.step) sent before its time")
    try expect(!waitsForClock(rung, at: entry.at), "\(opening.step) sent at once after the clock was set")
    try expect(opening.sequence == position.messages + 1, "sequence \(opening.sequence) after \(position.messages)")
    try expect(
      duties.holder(opening.place, of: position, in: discussion, at: entry.at, arrangements) == route,
      "sent to who does not hold it")
    try HoursCheck(duties: duties, town: arrangements, discussion: discussion, policies: policies)
      .checkSent(rung, to: opening.place, of: position, at: entry.at)
    try expect(
      opening.place != .convener || opening.message == .attention || opening.message == .answered,
      "the convener is asked to take part")
    if opening.message == .answered {
      try expect(position.declined != nil && discussion.phase == .scheduled, "told of a decline that is none")
    }
    try expect(!stopped.contains(route), "sent to a stopped route")
    if rung.ifUnanswered, let pause = pauses[Seat(id: id, agency: opening.agency)] {
      try expect(entry.at >= pause, "an unanswered step in the pause of an acknowledgement")
    }
    let ladder = policies[discussion.policy]!.ladder(for: discussion.convene.urgency)
    let asking: [Message] = [.invitation, .reminder, .rescheduled]
    let isAsking = asking.contains(opening.message) && opening.place != .coordinator && opening.place != .convener
    if opening.place == .acknowledger {
      try expect(position.acknowledged != nil, "reminded as who has acknowledged, and nobody has")
    }
    let end = min(opening.stopAfter, discussion.deadline)
    let quarter = Elapsed(milliseconds: (end - entry.at).milliseconds / 4)
    let patience = ladder.undeliveredAfter.map { max(min($0, quarter), .minutes(1)) }
    try expect(
      opening.undeliveredFrom == (isAsking ? patience.map { entry.at + $0 } : nil),
      "undelivered from \(String(describing: opening.undeliveredFrom))")
    if opening.message == .attention {
      try expect(opening.stopAfter == entry.at + .days(1), "a word to the coordinator that is not kept for a day")
    }
    if opening.message == .rescheduled || opening.message == .cancelled {
      let replaced = discussion.reminders.filter {
        $0.agency == opening.agency && $0.place == opening.place && $0.message != .attention
      }
      try expect(opening.supersedes == replaced.suffix(16).map(\.id), "\(opening.message) does not supersede all")
    }
    let superseded = discussion.reminders.filter { opening.supersedes.contains($0.id) }
    try expect(superseded.count == opening.supersedes.count, "supersedes what it does not know")
    if let escalates = opening.escalates {
      guard let earlier = discussion.reminders.first(where: { $0.id == escalates }) else {
        throw Broken("escalates what it does not know")
      }
      try expect(earlier.agency == opening.agency && earlier.step != opening.step, "escalates its own step")
      try expect(earlier.message != .attention, "escalates a word to the coordinator")
    }
  }
}
