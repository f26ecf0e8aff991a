// Sums over all open discussions, kept by taking each one's share out and putting the new one in, so that no status ever
// counts through them.
import Convening

struct Pulse: Sendable {
  private var scheduled = 0
  private var undelivered = 0
  private var awaiting: [AgencyID: Int] = [:]
  private var attention: [DiscussionID: [Live.Attention]] = [:]
  /// As long as no more discussions need a person, the list is as new as the turn; else up to a second older.
  private static let shortList = 200

  mutating func replace(_ old: Discussion?, with new: Discussion?) {
    if let old { add(old, -1) }
    if let new { add(new, 1) }
    guard let id = new?.id ?? old?.id else { return }
    let needs = new?.needsAPerson ?? []
    if !needs.isEmpty {
      attention[id] = needs
    } else if attention[id] != nil {
      attention[id] = nil
    }
  }

  private mutating func add(_ discussion: Discussion, _ sign: Int) {
    for position in discussion.positions {
      scheduled += sign * position.rungs.count
      if discussion.phase == .scheduled, position.firstAsked != nil, position.isPursued {
        awaiting[position.agency, default: 0] += sign
      }
    }
    for reminder in discussion.reminders where reminder.isUndelivered { undelivered += sign }
  }

  func fill(_ live: inout Live, at now: Instant) {
    (live.remindersScheduled, live.undelivered) = (scheduled, undelivered)
    // Sorting a long list in every turn made a storm of 100,000 reminders three times as slow as one of 20,000.
    let age = now - live.attentionAt
    if attention.count <= Self.shortList || age >= .seconds(1) || age < .zero {
      live.attentionAt = now
      live.attention = attention.values.joined().sorted {
        ($0.meetingAt, $0.discussion, $0.agency) < ($1.meetingAt, $1.discussion, $1.agency)
      }
    }
    live.agencies = awaiting.mapValues { count in
      var pulse = Live.AgencyPulse()
      pulse.awaiting = count
      return pulse
    }
  }
}

extension Reminder {
  /// It was tried, and nobody has accepted it.
  var isUndelivered: Bool {
    switch state {
    case .waiting: attempts > 0
    case .undelivered: true
    case .inFlight, .accepted, .silenced: false
    }
  }
}

extension Discussion {
  /// What of it needs a person now: nobody answers, nothing arrives, nobody is there to be asked.
  var needsAPerson: [Live.Attention] {
    guard phase == .scheduled else { return [] }
    return positions.compactMap { position in
      guard let (why, since) = trouble(position) else { return nil }
      let next = position.rungs.first.flatMap { rung in rung.places.first.map { (rung.due, $0) } }
      return Live.Attention(
        discussion: id, urgency: convene.urgency, meetingAt: meetingAt, agency: position.agency, why: why,
        since: since, next: next)
    }
  }

  private func trouble(_ position: Position) -> (Live.Attention.Why, Instant)? {
    guard position.contributions.isEmpty else { return nil }
    if let declined = position.declined { return (.declined, declined.at) }
    // Who acknowledged is trusted until somebody else had to be asked all the same.
    guard position.acknowledged == nil || position.escalatedAt != nil else { return nil }
    if let since = position.emptyAt { return (.noHolder, since) }
    let sent = reminders.filter { $0.agency == position.agency && $0.place != .coordinator }
    if let first = sent.first(where: { $0.isUndelivered && $0.attempts >= 2 }),
      !sent.contains(where: { if case .accepted = $0.state { true } else { false } })
    {
      return (.undelivered, first.firstAt)
    }
    return position.escalatedAt.map { _ in (.unanswered, position.firstAsked ?? convenedAt) }
  }
}
