// Clocks that still run of discussions that are closed: a conference is due weeks after the record went out. Other bank holidays
// move them too, so as much of each is kept as says whether they do; whatever moves is read from the journal then.
import Collections
import Convening

struct DormantClocks: Sendable {
  private struct Kept: Sendable {
    let policy: PolicyRef
    let urgency: Urgency
    /// At least one.
    var clocks: [WorkClock]
  }

  private var kept: [DiscussionID: Kept] = [:]
  /// Those of which an entry came that does not say enough by itself.
  private var unknown: Set<DiscussionID> = []
  /// Those to be looked at again.
  private(set) var outdated: Deque<DiscussionID> = []

  /// As it is now. One that is open is none of these.
  mutating func replace(_ discussion: Discussion) {
    let id = discussion.id
    unknown.remove(id)
    let running = discussion.isFinished ? discussion.clocks.filter { $0.stopped == nil } : []
    kept[id] =
      running.isEmpty ? nil : Kept(policy: discussion.policy, urgency: discussion.convene.urgency, clocks: running)
  }

  /// An entry of a closed discussion, while the journal is read.
  mutating func take(_ entry: Entry, of id: DiscussionID) {
    switch entry.event {
    case .clockStopped(let clock, _): stop(clock, of: id)
    case .conferenceHeld: stop(.c5, of: id)
    case .followUpDone: stop(.followUp, of: id)
    case .circulated: stop(.c4, of: id)
    case .clockMoved(let clock, let due, let provisional):
      if let index = kept[id]?.clocks.lastIndex(where: { $0.id == clock }), let old = kept[id]?.clocks[index] {
        kept[id]?.clocks[index] = WorkClock(
          id: clock, started: old.started, due: due, provisional: provisional, level: old.level)
      }
    case .clockStarted, .corrected: unknown.insert(id)
    default: break
    }
  }

  private mutating func stop(_ clock: ClockID, of id: DiscussionID) {
    if let index = kept[id]?.clocks.lastIndex(where: { $0.id == clock }) { kept[id]?.clocks.remove(at: index) }
    if kept[id]?.clocks.isEmpty ?? false { kept[id] = nil }
  }

  mutating func findOutdated(_ policies: Policies, _ calendar: WorkingCalendar) {
    let moved = kept.filter { _, one in
      guard let policy = policies[one.policy] else { return false }
      return one.clocks.contains { $0.moved(under: policy, one.urgency, in: calendar) != nil }
    }
    outdated = Deque(unknown.union(moved.keys).sorted())
  }

  /// They are as they should be.
  mutating func looked(at ids: [DiscussionID]) {
    let looked = Set(ids)
    outdated.removeAll { looked.contains($0) }
    unknown.subtract(looked)
  }

  func passed(at now: Instant) -> [PassedClock] {
    kept.flatMap { id, one in one.clocks.filter { $0.due <= now }.map { PassedClock(id, $0) } }
  }
}

/// A clock that runs and has passed.
public struct PassedClock: Hashable, Sendable {
  public let discussion: DiscussionID
  public let clock: ClockID
  public let due: Instant

  init(_ discussion: DiscussionID, _ clock: WorkClock) {
    (self.discussion, self.clock, due) = (discussion, clock.id, clock.due)
  }
}
