// Why an agency that was required took no part. The rules propose a reason from what is recorded, ours before theirs; the
// chair may name another, the agency agrees or disputes. DOMAIN.md 5.2.

extension Discussion {
  /// A reason for the absence of each of these agencies, where what is recorded says one.
  func proposingBarriers(
    for missing: [AgencyID], _ policy: Policy, _ calendar: WorkingCalendar, _ now: Instant
  ) -> [Event] {
    let until = Discussion.answerUntil(now, calendar)
    return missing.compactMap { agency in
      barrier(of: agency, policy, calendar).map { .barrierProposed(agency, $0, answerUntil: until) }
    }
  }

  /// One working day after the day on which the reason was given.
  static func answerUntil(_ now: Instant, _ calendar: WorkingCalendar) -> Instant {
    Limit.workingDays(1).end(from: now, in: calendar)
  }

  private func barrier(of agency: AgencyID, _ policy: Policy, _ calendar: WorkingCalendar) -> BarrierCode? {
    guard let position = position(agency), position.invited else { return .b01 }
    if let declined = position.declined { return declined.code }
    // It took part in a way that does not count, or too late: the chair knows why.
    guard position.contributions.isEmpty else { return nil }
    if isNoticeShort(for: position, policy, calendar) { return .b02 }
    if position.detailsSent.isEmpty { return .b05 }
    if position.firstAsked == nil { return position.emptyAt == nil ? .b04 : .b11 }
    let isReached = reminders.contains { reminder in
      guard reminder.agency == agency, Place.ofAgencies.contains(reminder.place) else { return false }
      if case .accepted = reminder.state { return true }
      return false
    }
    guard isReached || position.acknowledged != nil else { return .b04 }
    return position.acknowledged == nil ? .b14 : nil
  }

  /// Whether the agency was told of the meeting's time later than the policy calls fair.
  private func isNoticeShort(for position: Position, _ policy: Policy, _ calendar: WorkingCalendar) -> Bool {
    guard let fair = ladder(under: policy).fairNotice else { return false }
    let told = position.askedSince ?? convenedAt
    return fair.due(from: told, in: calendar).at > meetingAt
  }
}
