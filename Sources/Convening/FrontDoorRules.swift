// What a command to the front door leads to, and what an entry makes of a contact. Pure: one contact, the settings and the
// moment are all they see, so that a request and a row of an import are judged alike. Nothing that happened is refused for the
// state that the contact is in.

/// What was received longer ago is a slip of the pen.
private let oldestContact = Elapsed.days(3650)

extension ContactCommand {
  /// - Parameter contact: as it stands; nil where nobody has told of it.
  /// - Returns: nothing where all of it is recorded already.
  /// - Throws: `Refusal`: a moment that cannot be meant, or an outcome or a review of a contact that nobody has told of.
  public func decide(
    on contact: FrontDoorContact?, now: Instant, _ frontDoor: FrontDoor, _ calendar: WorkingCalendar
  ) throws(Refusal) -> [Event] {
    switch self {
    case .receive(let facts):
      guard facts.receivedAt <= now + clockSlack else { throw .inTheFuture(field: "received_at") }
      guard facts.receivedAt >= now - oldestContact else { throw .receivedLongAgo }
      guard let contact else {
        return [
          .contactReceived(facts, ReviewDue(from: facts.receivedAt, limit: frontDoor.reviewAfter, in: calendar))
        ]
      }
      guard contact.facts != facts else { return [] }
      // What was counted from another moment is counted anew, by what holds today.
      let isMoved = contact.facts.receivedAt != facts.receivedAt
      let due = isMoved ? ReviewDue(from: facts.receivedAt, limit: frontDoor.reviewAfter, in: calendar) : contact.due
      return [.contactAmended(facts, due)]
    case .outcome(let outcome, let byRole, let at, let discussion):
      guard let contact else { throw .contactNotFound }
      if let known = contact.outcome, known.outcome == outcome, known.byRole == byRole,
        known.discussion == discussion, at.map({ $0 == known.occurred }) ?? true
      {
        return []
      }
      let occurred = try contact.moment(at, now)
      return [.contactOutcome(outcome, byRole: byRole, discussion: discussion, occurred: occurred)]
    case .review(let byRole, let at):
      guard let contact else { throw .contactNotFound }
      // The same words again; without a time, somebody looked at it once more.
      if let at, let known = contact.review, known.byRole == byRole, known.occurred == at { return [] }
      return [.contactReviewed(byRole: byRole, occurred: try contact.moment(at, now))]
    }
  }
}

extension FrontDoorContact {
  /// When something happened: as told, or now; not before it was received.
  fileprivate func moment(_ at: Instant?, _ now: Instant) throws(Refusal) -> Instant {
    guard let at else { return max(now, facts.receivedAt) }
    guard at <= now + clockSlack else { throw .inTheFuture(field: "at") }
    guard at >= facts.receivedAt else { throw .beforeStart(field: "at") }
    return at
  }

  /// What another table of bank holidays, or another limit of the settings, moves. nil where nothing does, or it waits for
  /// nobody any more.
  public func moved(under frontDoor: FrontDoor, in calendar: WorkingCalendar) -> Event? {
    guard isOpen else { return nil }
    let counted = ReviewDue(from: facts.receivedAt, limit: frontDoor.reviewAfter, in: calendar)
    return counted == due ? nil : .reviewMoved(counted)
  }

  /// After an entry whose text is gone: as before, at its revision.
  public func passing(revision: Int) -> FrontDoorContact {
    var next = self
    next.revision = revision
    return next
  }
}

extension FrontDoorContact {
  /// The contact after an entry of its stream; nil before it was received. Total: it judges nothing and computes no time.
  public static func evolved(_ contact: FrontDoorContact?, _ entry: Entry) -> FrontDoorContact? {
    guard case .frontDoor(let id) = entry.stream else { return contact }
    if case .contactReceived(let facts, let due) = entry.event {
      var new = FrontDoorContact(id: id, revision: entry.revision, facts: facts, due: due, recordedAt: entry.at)
      if let mark = entry.mark { new.marks.append(mark) }
      return new
    }
    var next = contact
    next?.revision = entry.revision
    if let mark = entry.mark { next?.marks.append(mark) }
    next?.take(entry.event, at: entry.at)
    return next
  }

  fileprivate mutating func take(_ event: Event, at recorded: Instant) {
    switch event {
    case .contactAmended(let facts, let due):
      // Another team has not heard of it.
      if due != self.due || facts.team != self.facts.team { dueSince = recorded }
      (self.facts, self.due) = (facts, due)
    case .contactOutcome(let outcome, let byRole, let discussion, let occurred):
      self.outcome = Outcome(
        outcome: outcome, byRole: byRole, discussion: discussion, occurred: occurred, recorded: recorded)
    case .contactReviewed(let byRole, let occurred):
      review = review ?? Review(byRole: byRole, occurred: occurred, recorded: recorded)
    case .reviewMoved(let due): (self.due, dueSince) = (due, recorded)
    case .convened, .rescheduled, .acknowledged, .contributionRecorded, .declined, .held, .decided, .circulated,
      .closingMoved, .cancelled, .closed, .detailsSent, .telephoned, .barrierProposed, .barrierNamed, .receiptRecorded,
      .absenceSettled, .conferenceHeld, .followUpDone, .clockStarted, .clockMoved, .clockStopped, .ladderPlanned,
      .policyPinned,
      .placeSkipped, .rungsPassed, .attemptBegan, .attemptEnded, .attemptLost, .reminderExpired, .resendRequested,
      .routeStopped, .routeEnabled, .policyAdopted, .calendarAdopted, .started, .stopping, .paused, .resumed,
      .contributionConfirmed, .handedOver, .acknowledgementLapsed, .rotaSet, .coverSet, .clockStepped, .breakAccepted,
      .erased, .contactReceived, .feedHeard, .snapshotTaken, .corrected:
      break
    }
  }
}
