// Clocks of discussions that are closed: those that still run, since a conference is due weeks after the record went out, and
// those that stopped too late, since somebody asks for them on Monday. Other bank holidays move the first, so as much of each is
// kept as says whether they do; whatever moves is read from the journal then.
import Collections
import Convening

struct DormantClocks: Sendable {
  private struct Kept: Sendable {
    let team: TeamID
    let policy: PolicyRef
    let urgency: Urgency
    let enteredLateAt: Instant?
    /// At least one: it runs, or has stopped too late.
    var clocks: [WorkClock]

    var telling: [WorkClock] { clocks.filter { $0.isTelling(enteredLateAt: enteredLateAt) } }
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
    let clocks = discussion.isFinished ? discussion.clocks.filter(\.isOfInterest) : []
    kept[id] =
      clocks.isEmpty
      ? nil
      : Kept(
        team: discussion.convene.team, policy: discussion.policy, urgency: discussion.convene.urgency,
        enteredLateAt: discussion.enteredLateAt, clocks: clocks)
  }

  /// An entry of a closed discussion, while the journal is read.
  mutating func take(_ entry: Entry, of id: DiscussionID) {
    switch entry.event {
    case .clockStopped(let clock, let occurred, let goesOnIn):
      end(clock, of: id) { $0.stopped(at: occurred, goesOnIn: goesOnIn) }
    case .conferenceHeld(let occurred): stop(.c5, of: id, at: occurred)
    case .followUpDone(_, let occurred): stop(.followUp, of: id, at: occurred)
    case .clockMoved(let clock, let due, let provisional):
      if let index = running(clock, of: id), let old = kept[id]?.clocks[index] {
        kept[id]?.clocks[index] = old.dueAnew(due, provisional: provisional)
      }
    // The record may go out a second time, and the first is what counts.
    case .clockStarted, .corrected, .circulated: unknown.insert(id)
    // It was decided with all after all: nothing is to follow.
    case .absenceSettled(missing: []):
      kept[id]?.clocks.removeAll { $0.id == .followUp }
      if kept[id]?.clocks.isEmpty ?? false { kept[id] = nil }
    default: break
    }
  }

  private func running(_ clock: ClockID, of id: DiscussionID) -> Int? {
    kept[id]?.clocks.lastIndex { $0.id == clock && $0.stopped == nil }
  }

  /// What follows from another entry.
  private mutating func stop(_ clock: ClockID, of id: DiscussionID, at occurred: Instant) {
    end(clock, of: id) {
      WorkClock(
        id: clock, started: $0.started, due: $0.due, provisional: $0.provisional, level: $0.level, stopped: occurred)
    }
  }

  private mutating func end(_ clock: ClockID, of id: DiscussionID, _ end: (WorkClock) -> WorkClock) {
    guard let index = running(clock, of: id), let old = kept[id]?.clocks[index] else { return }
    let stopped = end(old)
    if stopped.isOfInterest { kept[id]?.clocks[index] = stopped } else { kept[id]?.clocks.remove(at: index) }
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
    kept.flatMap { id, one in
      one.telling.filter { $0.stopped == nil && $0.due <= now }.map { PassedClock(id, $0) }
    }
  }

  /// Those that run, and those that stopped too late.
  var all: [DiscussionClocks] {
    kept.compactMap { id, one in
      let clocks = one.telling
      return clocks.isEmpty ? nil : DiscussionClocks(id: id, team: one.team, clocks: clocks)
    }
  }
}

extension WorkClock {
  /// It runs, or it stopped after its limit.
  fileprivate var isOfInterest: Bool { stopped == nil || isMissed }
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
