// What a status request is shown of the docket, so that none ever waits for the loop.

import Convening

extension Docket {
  /// What the turns so far come to, for everybody who asks.
  public func live(_ previous: Live, at now: Instant) -> Live {
    var live = previous
    live.openDiscussions = discussions.count
    pulse.fill(&live, at: now)
    live.inFlight = inFlight
    live.lastClockStep = clock.step
    live.nextDue = sendings.next
    live.oldestDue = queues.values.compactMap { $0.first.flatMap { discussions[$0]?.next().sending } }.min()
      .flatMap { $0 < now ? $0 : nil }
    live.endpoints = endpoints.mapValues { endpoint in
      var shown = Live.Endpoint()
      (shown.health, shown.inFlight, shown.lastAccepted) = (endpoint.health, endpoint.inFlight, endpoint.lastAccepted)
      shown.clock = endpoint.clock
      return shown
    }
    for route in stopped { live.endpoints[route, default: .init()].health = .stopped }
    for (agency, at) in lastAnswered { live.agencies[agency, default: .init()].lastAnswered = at }
    (live.arrangements, live.policies, live.seq, live.head) = (arrangements, policies, seq, head)
    live.pause = pause
    live.counters = counters
    live.snapshots = snapshots
    live.frontDoorHeard = reviewQueue.heard
    return live
  }
}
