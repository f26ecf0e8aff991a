// How messages that belong to no discussion are begun, tried again, and end. They are few: each turn looks at all of them.
// Who is told what, and when, is somebody else's; what is told stays the same on every attempt.
import Convening
import Wire

extension Docket {
  /// When a letter has to be looked at next. One whose endpoint has no slot is looked at by the turn of an outcome.
  var letterAttention: Instant? {
    letters.inOrder.compactMap { letter in
      switch letter.state {
      case .inFlight(let since): return max(since + Retry.lostAfter, clock.lossesFrom ?? since)
      case .waiting(let until): return isStopping || !isServed(letter) ? nil : until
      case .accepted, .undelivered, .silenced: return nil
      }
    }.min()
  }

  private func isServed(_ letter: Reminder) -> Bool {
    stopped.contains(letter.route)
      || inFlight < limits.inFlight && (endpoints[letter.route] ?? EndpointLoad(most: limits.perEndpoint)).hasRoom
  }
}

extension Planning {
  /// Begins it; its endpoint has a slot (`hasRoom`).
  @discardableResult
  mutating func write(_ letter: Letter, actor: Actor? = nil, mark: IdempotencyMark? = nil) -> ReminderID {
    let id = ReminderID(at: now, using: &turn.lots)
    let body = letter.compose(id)
    let opening = Opening(
      agency: letter.agency, team: letter.team, place: letter.place, step: letter.step, message: letter.message,
      sequence: 1, due: letter.due, stopAfter: now + Letter.life, margin: Letter.margin, supersedes: [],
      escalates: nil, body: body)
    record(
      .agency(letter.agency), .attemptBegan(id, attempt: 1, route: letter.route, opening: opening), actor: actor,
      mark: mark)
    begin(.letter(letter.agency), id, attempt: 1, letter.route, body)
    return id
  }

  /// Those whose next attempt is due. What finds no slot keeps its time.
  mutating func retryLetters() {
    guard !isStopping, !letters.isEmpty else { return }
    for letter in letters.inOrder where letter.isDue(at: now) {
      guard !stopped.contains(letter.route), now < letter.stopAfter, let body = letter.body else {
        record(.agency(letter.agency), .reminderExpired(letter.id))
        continue
      }
      guard hasRoom(letter.route) else { continue }
      let attempt = letter.attempts + 1
      record(.agency(letter.agency), .attemptBegan(letter.id, attempt: attempt, route: letter.route, opening: nil))
      begin(.letter(letter.agency), letter.id, attempt: attempt, letter.route, body)
    }
  }

  /// One without an outcome for a minute is lost, like any attempt.
  mutating func loseSilentLetters() {
    guard !letters.isEmpty else { return }
    for letter in letters.inOrder {
      if case .inFlight(let since) = letter.state, clock.isLost(since: since, at: now) { lose(letter) }
    }
  }

  mutating func lose(_ letter: Reminder) {
    let next = letter.isRetried ? letter.nextAfterLoss(at: now) : nil
    record(.agency(letter.agency), .attemptLost(letter.id, attempt: letter.attempts, next: next))
    turn.counters.attempts[.init(letter.agency.text, "lost"), default: 0] += 1
    turn.counters.uncertain += 1
    free(letter.route) { $0.lose() }
  }

  /// One that was taken for lost before has ended already.
  mutating func endLetter(of agency: AgencyID, _ id: ReminderID, _ attempt: Int, _ answer: Answer) {
    guard let letter = letters[id], letter.isUnderWay, letter.attempts == attempt else { return }
    let next = letter.isRetried ? letter.next(after: answer, endedAt: now) : nil
    record(.agency(agency), .attemptEnded(id, attempt: attempt, answer, next: next))
    free(letter.route) { [now] in $0.end(answer, at: now) }
    turn.counters.count(answer, agency)
    if answer.verdict == .gone { stop(letter.route, of: agency) }
  }
}
