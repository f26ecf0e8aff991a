// The status document from the live snapshot: whom to ring, what is late, who holds which place. It looks things up and
// counts nothing itself.
import Convening
import Coordination
import Wire

extension Routes {
  func status(_ desk: Desk, on socket: Socket) async throws -> StatusDocument {
    let (live, now) = (desk.live(), now())
    let counts = try await desk.records.counts(at: now)
    let waiting = try await desk.records.frontDoor(at: now)
    var document = StatusDocument(state: live.state.rawValue, since: live.since, version: version)
    let attention = live.attention
    let foresight = await desk.foresight(attention, now)
    document.attention = attention.map { Routes.attention($0, live, foresight, now) }
    let passed = await desk.clocksPassed(now).filter { socket == .control || !$0.clock.tellsOfOutcome }
    document.checks = await Checks(live: live, now: now, waiting: waiting, passed: passed).all(records: desk.records)
    document.discussions = StatusDocument.Discussions(
      open: counts.byPhase.reduce(0) { $0 + ($1.key.isOpen ? $1.value : 0) }, overdue: counts.overdue,
      decidedWithoutAll: counts.decidedWithoutAll)
    document.reminders = StatusDocument.Reminders(
      scheduled: foresight.scheduled ?? live.remindersScheduled, inFlight: live.inFlight, undelivered: live.undelivered,
      oldestDue: live.oldestDue.map { max(0, (now - $0).wholeSeconds) } ?? 0, nextDue: live.nextDue)
    document.agencies = live.arrangements.map { Routes.agencies(of: $0, live, now) } ?? []
    document.frontDoor = StatusDocument.FrontDoor(
      open: waiting.open, due: waiting.due, oldestDue: waiting.oldestDue, heard: live.frontDoorHeard)
    document.lastStep = live.lastClockStep
    document.journal = StatusDocument.Journal(seq: live.seq, head: live.head)
    return document
  }

  private static func attention(
    _ need: Live.Attention, _ live: Live, _ foresight: Foresight, _ now: Instant
  ) -> StatusDocument.Attention {
    let next = next(for: need, live, foresight).map { next in
      StatusDocument.Attention.Next(
        at: next.at, place: next.place, label: next.route.flatMap { live.arrangements?.routes[$0]?.label })
    }
    return StatusDocument.Attention(
      discussion: need.discussion, urgency: need.urgency, meetingAt: need.meeting.instant, agency: need.agency,
      why: need.why.rawValue, since: need.since,
      ring: need.why == .undecided ? [] : ring(need.agency, live, now), next: next)
  }

  /// By the plan; far down a long list the next step of the ladder.
  private static func next(
    for need: Live.Attention, _ live: Live, _ foresight: Foresight
  ) -> (at: Instant, place: Place, route: RouteName?)? {
    if need.why != .undecided, let planned = foresight.next[need.discussion] {
      return planned[need.agency].map { ($0.at, $0.place, $0.route) }
    }
    return need.next.map { next in
      (next.at, next.place, live.arrangements?.holder(next.place, of: need.agency, at: next.at))
    }
  }

  private static func ring(_ agency: AgencyID, _ live: Live, _ now: Instant) -> [StatusDocument.Attention.Number] {
    (live.arrangements?.telephones(of: agency, at: now) ?? []).compactMap { card in
      card.phone.map { .init(label: card.label, number: $0) }
    }
  }

  private static func agencies(
    of arrangements: Arrangements, _ live: Live, _ now: Instant
  ) -> [StatusDocument.Agency] {
    arrangements.agencies.map { agency in
      let holder = arrangements.holder(.contact, of: agency.id, at: now)
      let endpoint = holder.flatMap { live.endpoints[$0] }
      let pulse = live.agencies[agency.id]
      return StatusDocument.Agency(
        agency: agency.id, name: agency.name, holder: holder,
        label: holder.flatMap { arrangements.routes[$0]?.label },
        until: arrangements.holderChanges(.contact, of: agency.id, after: now),
        endpoint: (endpoint?.health ?? .unknown).rawValue, lastAccepted: endpoint?.lastAccepted,
        lastAnswered: pulse?.lastAnswered, awaiting: pulse?.awaiting ?? 0)
    }
  }
}
