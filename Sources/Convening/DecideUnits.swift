// What follows for an agency, in the same breath, from what one of its units said or was sent: who may know better hears of a no
// that is the agency's, whoever is left is pressed again, and one more unit is asked as if nobody had been.

extension Discussion {
  /// Nothing where the agency has contributed with that, or stands as it stood.
  func following(
    _ event: Event, of agency: AgencyID, _ now: Instant, _ policy: Policy, _ arrangements: Arrangements
  ) -> [Event] {
    guard phase == .scheduled, let before = position(agency), before.invited,
      let after = taking(event, at: now), let position = after.position(agency), !position.hasContributed
    else { return [] }
    if let no = position.declined {
      let isKnown = before.declined.map { $0 == no } ?? false
      return isKnown ? [] : [tellingOfTheDecline(agency, now)]
    }
    if case .detailsSent(_, let place, _, _, _, _) = event, before.hasContributed || before.declined != nil {
      return [
        .ladderPlanned(agency, .unitAsked, after.rungsAskingAnew(position, told: place, policy, arrangements, now))
      ]
    }
    guard before.acknowledged != nil, position.acknowledged == nil else { return [] }
    let rungs = position.rungsAfterLapse(
      ladder: ladder(under: policy), meetingAt: deadline, in: arrangements.calendar, now: now)
    return rungs.map { [.ladderPlanned(agency, .lapsed, $0)] } ?? []
  }

  /// Whether an acknowledgement by that unit holds: not where it has contributed before.
  func isInHand(after event: Event, _ agency: AgencyID, at now: Instant) -> Bool {
    taking(event, at: now)?.position(agency)?.acknowledged != nil
  }

  /// A decline ends the asking: who may know better hears of it at once.
  func tellingOfTheDecline(_ agency: AgencyID, _ now: Instant) -> Event {
    .ladderPlanned(agency, .declined, [.declined(to: [.lead, .convener], now: now)])
  }

  /// As it will stand with that.
  func taking(_ event: Event, at now: Instant) -> Discussion? {
    evolve(
      self, Entry(stream: .discussion(id), revision: revision + 1, at: now, actor: nil, mark: nil, event: event))
  }

  /// The unit knows by the details, so that its steps count from now on; whoever was never asked is invited as at first.
  private func rungsAskingAnew(
    _ position: Position, told place: Place, _ policy: Policy, _ arrangements: Arrangements, _ now: Instant
  ) -> [Rung] {
    let ladder = ladder(under: policy)
    let rungs =
      position.firstAsked == nil
      ? ladder.rungsInviting(position.agency, convene, meetingAt: deadline, ends: meetingEnds, arrangements, now: now)
      : ladder.rungsAnew(
        meetingAt: deadline, ends: meetingEnds, firstAsked: now, told: [place], in: arrangements.calendar, now: now)
    return
      (position.rungs.filter { rung in !rungs.contains { $0.step == rung.step } } + rungs
      + wordOfNoTime(beside: position.rungs + rungs, of: position.agency, now)).inOrder
  }

  /// That its time is up and it has no time yet, where nobody has said so or will.
  func wordOfNoTime(beside rungs: [Rung], of agency: AgencyID, _ now: Instant) -> [Rung] {
    guard meetingAt == nil, !rungs.contains(where: { $0.step == Rung.noTime }),
      !reminders.contains(where: { $0.agency == agency && $0.step == Rung.noTime && !$0.isOvertaken })
    else { return [] }
    return [.word(Rung.noTime, due: max(deadline, now), now: max(deadline, now))]
  }
}
