// Why an agency that was required took no part. The rules propose a reason from what is recorded, ours before theirs; the
// chair may name another, the agency agrees or disputes. DOMAIN.md 5.2.

/// What the reasons for absences are read from, beside the discussion.
struct AbsenceFacts {
  let policy: Policy
  let arrangements: Arrangements
  /// When it was held, or by plan, or decided, whichever was first: what came later helped nobody to take part.
  let met: Instant
  /// When the decision is recorded.
  let recorded: Instant
}

extension Discussion {
  /// A reason for the absence of each of these agencies, where what is recorded says one.
  func proposingBarriers(for missing: [AgencyID], _ facts: AbsenceFacts) -> [Event] {
    let until = Discussion.answerUntil(facts.recorded, facts.arrangements.calendar)
    return missing.compactMap { agency in
      barrier(of: agency, facts).map { .barrierProposed(agency, $0, answerUntil: until) }
    }
  }

  /// Who was missing at the decision, where a contribution that was made before it comes to be recorded after it: one verdict,
  /// whenever that is.
  func settlingAbsence(after event: Event, _ policy: Policy, _ now: Instant) -> [Event] {
    guard let decidedAt = decision?.decidedAt, let after = taking(event, at: now) else { return [] }
    let missing = after.quorum(under: policy, at: decidedAt).missing
    return missing == missingAtDecision ? [] : [.absenceSettled(missing: missing)]
  }

  /// One working day after the day on which the reason was given.
  static func answerUntil(_ given: Instant, _ calendar: WorkingCalendar) -> Instant {
    Limit.workingDays(1).end(from: given, in: calendar)
  }

  private func barrier(of agency: AgencyID, _ facts: AbsenceFacts) -> BarrierCode? {
    guard let position = position(agency), position.invited else { return .b01 }
    if let declined = position.declined { return declined.code }
    // It took part in a way that does not count, or too late, or not with all its units, or says so and nobody has confirmed
    // it: the chair knows why. And what convened never had to send or to be told says nothing of who was asked, and how.
    guard position.contributions.isEmpty, position.reported.isEmpty, !isLateEntry else { return nil }
    let reached = reached(position)
    if let fair = ladder(under: facts.policy).fairNotice {
      let notice = reached ?? position.askedSince ?? convenedAt
      if fair.due(from: notice, in: facts.arrangements.calendar).at > facts.met { return .b02 }
    }
    if !position.detailsSent.contains(where: { $0.at <= facts.met }) { return .b05 }
    if reached == nil {
      let isHeld = facts.arrangements.holder(.contact, of: agency, at: facts.recorded) != nil
      return position.firstAsked == nil && !isHeld ? .b11 : .b04
    }
    return position.lastAcknowledged == nil ? .b14 : nil
  }

  /// When the agency first took in, or acknowledged, a message of the meeting's present time.
  private func reached(_ position: Position) -> Instant? {
    let accepted = reminders.compactMap { reminder -> Instant? in
      guard reminder.agency == position.agency, !reminder.place.isTold, reminder.message != .answered,
        position.askedSince.map({ reminder.firstAt >= $0 }) ?? true, case .accepted(let at) = reminder.state
      else { return nil }
      return at
    }
    return (accepted + (position.lastAcknowledged.map { [$0] } ?? [])).min()
  }
}

extension Position {
  /// It has said something, whether or not whoever did so holds the place still.
  fileprivate var lastAcknowledged: Instant? { acknowledged ?? lapsed }
}
