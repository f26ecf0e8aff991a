// Sums over all open discussions, kept by taking each one's share out and putting the new one in, so that no status ever
// counts through them.
import Convening

struct Pulse: Sendable {
  private var scheduled = 0
  private var undelivered = 0
  private var awaiting: [AgencyID: Int] = [:]
  private var attention: [DiscussionID: [Live.Attention]] = [:]
  /// Another one whenever that has changed.
  private var edition = 1
  /// As long as no more discussions need a person, the list is as new as the turn; else up to a second older.
  private static let shortList = 40

  mutating func replace(_ old: Discussion?, with new: Discussion?) {
    if let old { add(old, -1) }
    if let new { add(new, 1) }
    if new == nil, let old { settle(old.id, []) }
  }

  /// Who of it needs a person; asked whenever its turn has come, whenever it has changed, and when a route stops or is used
  /// again.
  mutating func look(
    at discussion: Discussion, _ policy: Policy?, _ arrangements: Arrangements, _ stopped: Set<RouteName>,
    _ now: Instant
  ) {
    settle(discussion.id, discussion.needsAPerson(under: policy, arrangements, stopped, at: now))
  }

  /// Those of which somebody does.
  var needy: Dictionary<DiscussionID, [Live.Attention]>.Keys { attention.keys }

  private mutating func settle(_ id: DiscussionID, _ needs: [Live.Attention]) {
    guard attention[id] ?? [] != needs else { return }
    attention[id] = needs.isEmpty ? nil : needs
    edition += 1
  }

  private mutating func add(_ discussion: Discussion, _ sign: Int) {
    // By index: each turn does this twice for all that it changed, and a position is dear to copy.
    let (positions, reminders) = (discussion.positions, discussion.reminders)
    for index in positions.indices {
      scheduled += sign * positions[index].rungs.count
      if discussion.phase == .scheduled, positions[index].firstAsked != nil, positions[index].isPursued {
        awaiting[positions[index].agency, default: 0] += sign
      }
    }
    for index in reminders.indices where reminders[index].isUndelivered { undelivered += sign }
  }

  func fill(_ live: inout Live, at now: Instant) {
    (live.remindersScheduled, live.undelivered) = (scheduled, undelivered)
    // Copying a long list in every turn made a storm of 100,000 reminders three times as slow as one of 20,000.
    let age = now - live.attentionAt
    if live.attentionEdition == edition {
      live.attentionAt = now
    } else if attention.count <= Self.shortList || age >= .seconds(1) || age < .zero {
      (live.attentionAt, live.attentionEdition) = (now, edition)
      live.needs = Array(attention.values.joined())
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
  /// What of it needs a person now: nobody answers, nothing arrives, nobody is there to be asked, or what came does not
  /// count.
  func needsAPerson(
    under policy: Policy?, _ arrangements: Arrangements, _ stopped: Set<RouteName>, at now: Instant
  ) -> [Live.Attention] {
    var needs: [Live.Attention] = []
    if let since = undecidedSince, since + .days(1) <= now, let bearer = bearerOfUndecided {
      needs.append(
        Live.Attention(
          discussion: id, urgency: convene.urgency, meeting: meeting, agency: positions[bearer].agency, why: .undecided,
          since: since, next: undecidedFrom.map { ($0, .coordinator) }))
    }
    guard phase == .scheduled else { return needs }
    for index in positions.indices {
      guard let (why, since) = trouble(at: index, policy, stopped, now) else { continue }
      needs.append(
        Live.Attention(
          discussion: id, urgency: convene.urgency, meeting: meeting, agency: positions[index].agency, why: why,
          since: since, next: nextAsked(at: index, arrangements, stopped)))
    }
    return needs
  }

  /// By index, as above.
  private func trouble(
    at index: Int, _ policy: Policy?, _ stopped: Set<RouteName>, _ now: Instant
  ) -> (Live.Attention.Why, Instant)? {
    if positions[index].hasContributed, let last = positions[index].contributions.last {
      // It silences the ladder, and yet the agency is missing: a person has to ask for more.
      guard let policy, quorum(under: policy).missing.contains(positions[index].agency) else { return nil }
      return (.notCounting, last.recorded)
    }
    if let reported = positions[index].reported.last { return (.toConfirm, reported.recorded) }
    if let declined = positions[index].declined { return (.declined, declined.at) }
    let hasAcknowledged = positions[index].acknowledged != nil
    let escalatedAt = positions[index].escalatedAt
    // Who acknowledged is trusted until somebody else had to be asked all the same.
    guard !hasAcknowledged || escalatedAt != nil else { return nil }
    if let since = positions[index].emptyAt {
      guard let route = positions[index].emptyRoute else { return (.noHolder, since) }
      if stopped.contains(route) { return (.stopped, since) }
    }
    if let since = nothingArrivesSince(positions[index].agency) { return (.undelivered, since) }
    let firstAsked = positions[index].firstAsked ?? convenedAt
    if let escalatedAt { return (.unanswered, hasAcknowledged ? escalatedAt : firstAsked) }
    guard let from = silentFrom(at: index), from <= now else { return nil }
    return (.unanswered, firstAsked)
  }
}

extension Discussion {
  /// When the first message that failed was begun, where none to the agency itself was ever accepted.
  private func nothingArrivesSince(_ agency: AgencyID) -> Instant? {
    var since: Instant?
    for index in reminders.indices where reminders[index].agency == agency && !reminders[index].place.isTold {
      if case .accepted = reminders[index].state { return nil }
      if since == nil, reminders[index].hasFailed { since = reminders[index].firstAt }
    }
    return since
  }
}

extension Reminder {
  /// More than one slip of a network: twice, or in a way that waiting does not mend, or for good.
  fileprivate var hasFailed: Bool {
    switch state {
    case .waiting: attempts >= 2 || misconfigured > 0
    case .undelivered: true
    case .inFlight, .accepted, .silenced: false
    }
  }
}
