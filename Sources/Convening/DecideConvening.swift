// Convening: the only command without a discussion before it. It settles when the discussion meets, under which policy and
// with whom, and plans whom to ask; what is entered late is held in the same breath, and asks nobody.

/// - Parameter engagements: what else the agencies have to join; looked at for the earliest time alone.
public func decide(
  convene: Convene, firstBody: Fingerprint, now: Instant, _ circumstances: Circumstances,
  engagements: [Engagement] = []
) throws(Refusal) -> [Event] {
  let calendar = circumstances.arrangements.calendar
  if case .at(let meetingAt) = convene.meeting, convene.heldAt == nil, meetingAt < now - clockSlack {
    throw .meetingPast
  }
  if let need = convene.needIdentifiedAt, need > now + clockSlack { throw .inTheFuture(field: "need_identified_at") }
  try convene.checkLateEntry(now)
  try circumstances.checkTeam(convene.team)
  if let follows = convene.follows {
    guard let earlier = circumstances.earlier.first, earlier.id == follows else { throw .followsUnknown }
    guard earlier.phase != .cancelled else { throw .followsCancelled }
  }
  let (ref, policy) = try circumstances.policyInForce(on: convene.heldAt, now)
  // What has been held needs no ladder.
  guard convene.urgency != .urgent || policy.urgent != nil || convene.heldAt != nil else { throw .noUrgentLadder }
  let agencies = try circumstances.agencies(of: convene.agencies, under: policy)
  let clock =
    convene.needIdentifiedAt.map { policy.starting(.c2, at: $0, for: convene.urgency, calendar) } ?? []
  if let heldAt = convene.heldAt {
    // Where no appointment is told of, it met when it was held.
    var (entered, meetingAt) = (convene, heldAt)
    if case .at(let appointed) = convene.meeting { meetingAt = appointed }
    entered.meeting = .at(meetingAt)
    return [.convened(entered, .at(meetingAt), agencies: agencies, policy: ref, firstBody: firstBody)] + clock
      + [.held(occurred: heldAt, form: convene.form)]
      + policy.afterHolding(at: heldAt, for: convene.urgency, calendar)
  }
  let meeting = try convene.meetingTime(under: policy, now, circumstances, engagements)
  let ladder = policy.ladder(for: convene.urgency)
  let planned = agencies.map { agency in
    Event.ladderPlanned(
      agency, .convened, ladder.rungsConvened(for: meeting, convene, agency, circumstances.arrangements, now: now))
  }
  let convener = circumstances.arrangements.holder(.convener, of: .coordination, team: convene.team, at: now)
  return [
    .convened(convene, meeting, agencies: agencies, policy: ref, firstBody: firstBody, convener: convener)
  ] + clock + planned
}

extension Convene {
  fileprivate func checkLateEntry(_ now: Instant) throws(Refusal) {
    guard let heldAt else { return }
    guard heldAt <= now + clockSlack else { throw .inTheFuture(field: "held_at") }
    guard heldAt >= now - longestLate else { throw .tooLongBefore(field: "held_at") }
    if case .at(let meetingAt) = meeting, meetingAt < now - longestLate { throw .tooLongBefore(field: "meeting_at") }
  }

  fileprivate func meetingTime(
    under policy: Policy, _ now: Instant, _ circumstances: Circumstances, _ engagements: [Engagement]
  ) throws(Refusal) -> MeetingTime {
    switch meeting {
    case .at(let instant): return .at(instant)
    case .asSoonAsTheyAnswer:
      guard urgency == .urgent else { throw .timeRequired }
      let limit = policy.limit(of: .c2, for: urgency)
      let until = limit?.end(from: needIdentifiedAt ?? now, in: circumstances.arrangements.calendar)
      return .asSoonAsTheyAnswer(until: until ?? now + noticeLife)
    case .earliest:
      let slots = try SlotQuery(self).slots(at: now, circumstances, engagements)
      guard let first = slots.slots.first else { throw .noSlot }
      return .at(first)
    }
  }
}
