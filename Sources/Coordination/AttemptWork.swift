// The attempts of a turn: begun where the endpoint has room, tried again, lost, ended; and what a stopped route leads to.
import Convening
import Wire

extension Planning {
  func hasRoom(_ route: RouteName) -> Bool { turn.inFlight < docket.limits.inFlight && endpoint(route).hasRoom }

  mutating func begin(_ matter: Matter, _ id: ReminderID, attempt: Int, _ route: RouteName, _ body: String) {
    var endpoint = endpoint(route)
    endpoint.begin()
    turn.endpoints[route] = endpoint
    turn.inFlight += 1
    turn.sends.append(
      Send(
        matter: matter, delivery: Delivery(reminder: id, attempt: attempt, route: route, body: body, at: now)))
  }

  /// Stands in the endpoint's queue until an outcome frees a slot; once is enough.
  mutating func wait(_ id: DiscussionID, for route: RouteName) {
    let stands = docket.waiting[id]?.contains { $0.route == route } ?? false
    guard !stands || turn.queues[route]?.takenIDs.contains(id) ?? false else { return }
    // In its place: a copy of a long queue for each that joins it would cost the square of its length.
    turn.queues[route, default: .init()].add(id)
  }

  mutating func retry(_ reminder: Reminder, of id: DiscussionID) {
    guard !stopped.contains(reminder.route) else {
      record(id, .reminderExpired(reminder.id), about: reminder.agency)
      sayStopped(reminder, of: id)
      return climb(reminder.agency, of: id)
    }
    guard let body = reminder.body, now < reminder.stopAfter else {
      record(id, .reminderExpired(reminder.id), about: reminder.agency)
      if sayInstead(of: reminder.message, reminder.agency, of: id) { climb(reminder.agency, of: id) }
      return
    }
    guard hasRoom(reminder.route) else { return wait(id, for: reminder.route) }
    let attempt = reminder.attempts + 1
    record(id, .attemptBegan(reminder.id, attempt: attempt, route: reminder.route, opening: nil))
    begin(.discussion(id), reminder.id, attempt: attempt, reminder.route, body)
  }

  mutating func lose(_ reminder: Reminder, of id: DiscussionID) {
    guard let discussion = discussion(id) else { return }
    let next = discussion.isMoot(reminder) ? nil : reminder.nextAfterLoss(at: now)
    record(id, .attemptLost(reminder.id, attempt: reminder.attempts, next: next), about: reminder.agency)
    turn.counters.attempts[.init(reminder.agency.text, "lost"), default: 0] += 1
    turn.counters.uncertain += 1
    free(reminder.route) { $0.lose() }
    touch(id)
  }

  /// An attempt ended. One that was taken for lost before has ended already: its late answer changes nothing.
  mutating func end(_ matter: Matter, _ id: ReminderID, _ attempt: Int, _ answer: Answer) {
    switch matter {
    case .letter(let agency): endLetter(of: agency, id, attempt, answer)
    case .discussion(let discussionID):
      guard let discussion = discussion(discussionID),
        let reminder = discussion.reminders.last(where: { $0.id == id }), reminder.attempts == attempt,
        reminder.isUnderWay
      else { return }
      let next = discussion.isMoot(reminder) ? nil : reminder.next(after: answer, endedAt: now)
      record(discussionID, .attemptEnded(id, attempt: attempt, answer, next: next), about: reminder.agency)
      free(reminder.route) { [now] in $0.end(answer, at: now) }
      turn.counters.count(answer, reminder.agency)
      // Nothing falls due because a message was taken in; in a storm that is what nearly all of them say.
      if answer.verdict == .accepted { turn.settled.insert(discussionID) } else { touch(discussionID) }
      sayInstead(of: reminder.message, reminder.agency, of: discussionID)
      switch answer.verdict {
      case .gone: stop(reminder, of: discussionID)
      case .misconfigured:
        // Nobody stands in for the coordinator, and who was asked beyond this place stands in for it already.
        guard reminder.misconfigured == 1, !reminder.place.isTold,
          discussion.position(reminder.agency)?.isAsked(beyond: [reminder.place], stopped) == false
        else { break }
        raise(reminder.agency, past: [reminder.place], of: discussionID)
      case .accepted, .retry: break
      }
    }
  }

  /// 410: the route wants no more. The coordinator hears, and the next place is asked at once.
  private mutating func stop(_ reminder: Reminder, of id: DiscussionID) {
    stop(reminder.route, of: reminder.place.isTold ? .coordination : reminder.agency)
    sayStopped(reminder, of: id)
  }

  mutating func stop(_ route: RouteName, of agency: AgencyID) {
    guard !stopped.contains(route) else { return }
    record(.agency(agency), .routeStopped(route))
    turn.stopped = stopped.union([route])
  }

  /// A route that a reminder needs has stopped: the coordinator hears of it, and the next place is asked at once.
  private mutating func sayStopped(_ reminder: Reminder, of id: DiscussionID) {
    sayInstead(of: reminder.message, reminder.agency, of: id)
    if reminder.place == .convener { sayConvenerStopped(reminder.agency, of: id) }
    guard !reminder.place.isTold else { return }
    raise(reminder.agency, past: [reminder.place], of: id, adding: .word(Rung.stopped, due: now, now: now))
  }

  mutating func free(_ route: RouteName, _ change: (inout EndpointLoad) -> Void) {
    var endpoint = endpoint(route)
    // A process that has just started has none of its predecessor's attempts under way.
    guard endpoint.inFlight > 0 else { return }
    change(&endpoint)
    turn.endpoints[route] = endpoint
    turn.inFlight -= 1
  }
}
