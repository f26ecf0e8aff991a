// What became of a message, in the state: each attempt and its end, and what the message is for.

extension Reminder {
  /// At its first attempt.
  init(_ id: ReminderID, by route: RouteName, _ opening: Opening, at recorded: Instant) {
    self.init(
      id: id, agency: opening.agency, place: opening.place, route: route, step: opening.step,
      message: opening.message, sequence: opening.sequence, due: opening.due, stopAfter: opening.stopAfter,
      margin: opening.margin, firstAt: recorded, undeliveredFrom: opening.undeliveredFrom, attempts: 0,
      misconfigured: 0, lastStatus: nil, lastFault: nil, state: .inFlight(since: recorded), body: opening.body)
  }

  mutating func take(_ answer: Answer, next: Instant?, at recorded: Instant) {
    (lastStatus, lastFault) = (answer.status, answer.fault)
    if answer.verdict == .misconfigured { misconfigured += 1 }
    settle(answer.verdict == .accepted ? .accepted(recorded) : failed(next, at: recorded))
  }

  mutating func loseAttempt(next: Instant?, at recorded: Instant) {
    (lastStatus, lastFault) = (nil, "lost")
    settle(failed(next, at: recorded))
  }

  /// Where it stands after an attempt that was not accepted.
  private func failed(_ next: Instant?, at recorded: Instant) -> State {
    if let next { return .waiting(until: next) }
    return isOvertaken ? .silenced(recorded) : .undelivered(recorded)
  }

  mutating func settle(_ state: State) {
    self.state = state
    if case .accepted = state { body = nil }
  }

  /// It says that a decision was taken, to whom was absent or because they cannot be told.
  var tellsOfDecision: Bool { message == .concluded || step == Rung.untold }

  /// An invitation, a reminder, a word to the coordinator about the agency or that it is decided: moot once it has contributed.
  public var pursuesAnswer: Bool {
    switch message {
    case .attention: step != Rung.undecided
    case .invitation, .reminder, .concluded: true
    case .rescheduled, .cancelled, .answered, .handover, .reviewDue, .ping: false
    }
  }
}
