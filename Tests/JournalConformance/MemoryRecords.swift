// The records over a store of memory: the same answers as those of a disk, by looking at everything.
import Convening
import Coordination
import Wire

public final class MemoryRecords: Records {
  private let store: MemoryStore

  public init(_ store: MemoryStore) { self.store = store }

  public func lines(of stream: Stream) async throws -> [SealedLine] { store.snapshot.lines(of: stream) }

  public func lines(after seq: Int, limit: Int) async throws -> [SealedLine] {
    Array(store.snapshot.lines.lazy.filter { $0.seq > seq }.prefix(limit))
  }

  public func discussions(_ query: DiscussionQuery) async throws -> [Rows] {
    let matching = store.snapshot.rows.values.filter { rows in
      let row = rows.discussion
      if let phase = query.phase, row.phase != phase { return false }
      if let agency = query.agency, !rows.positions.contains(where: { $0.agency == agency }) { return false }
      if let dueBefore = query.dueBefore, row.meetingAt >= dueBefore { return false }
      if let after = query.after, (row.meetingAt, row.id) <= (after.meetingAt, after.id) { return false }
      return true
    }
    let sorted = matching.sorted {
      ($0.discussion.meetingAt, $0.discussion.id) < ($1.discussion.meetingAt, $1.discussion.id)
    }
    return Array(sorted.prefix(min(max(query.limit, 1), 500)))
  }

  public func decided(from: Instant, to: Instant) async throws -> [Decided] {
    store.snapshot.rows.values.compactMap(\.decided).filter { from <= $0.decidedAt && $0.decidedAt < to }
      .sorted { $0.decidedAt < $1.decidedAt }
  }

  public func counts(at now: Instant) async throws -> DiscussionCounts {
    let rows = store.snapshot.rows.values.map(\.discussion)
    return DiscussionCounts(
      byPhase: Dictionary(grouping: rows, by: \.phase).mapValues(\.count),
      overdue: rows.count {
        $0.phase == .scheduled && $0.meetingAt + .minutes(Int64($0.durationMinutes)) < now
      },
      decidedWithoutAll: rows.count { $0.phase.isOpen && $0.quorate == false })
  }

  public func contacts(_ query: ContactQuery) async throws -> [ContactRow] {
    let matching = store.snapshot.contacts.values.filter { row in
      let state = row.state(at: query.now)
      if let wanted = query.state, state != wanted, wanted != .open || state != .due { return false }
      if let team = query.team, row.team != team { return false }
      if let after = query.after, (row.reviewDue, row.id) <= (after.reviewDue, after.id) { return false }
      return true
    }
    let sorted = matching.sorted { ($0.reviewDue, $0.id) < ($1.reviewDue, $1.id) }
    return Array(sorted.prefix(min(max(query.limit, 1), 500)))
  }

  public func contacts(pastSince since: Instant, at now: Instant) async throws -> [ContactRow] {
    store.snapshot.contacts.values.filter { row in
      row.reviewDue <= now && (row.state(at: now) == .due || row.reviewDue >= since)
    }.sorted { ($0.reviewDue, $0.id) < ($1.reviewDue, $1.id) }
  }

  public func contacts(receivedFrom from: Instant, to: Instant) async throws -> [ContactRow] {
    store.snapshot.contacts.values.filter { from <= $0.receivedAt && $0.receivedAt < to }
      .sorted { ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id) }
  }

  public func decisions() async throws -> [DecidedDiscussion] {
    store.snapshot.rows.values.compactMap { rows in
      rows.decided.map { decided in
        DecidedDiscussion(
          id: rows.discussion.id, team: rows.discussion.team, isLateEntry: rows.discussion.timing == .lateEntry,
          decided: decided)
      }
    }.sorted { $0.decided.decidedAt < $1.decided.decidedAt }
  }

  public func frontDoor(at now: Instant) async throws -> FrontDoorCounts {
    let states = store.snapshot.contacts.values.map { ($0.state(at: now), $0.reviewDue) }
    let due = states.filter { $0.0 == .due }.map(\.1)
    return FrontDoorCounts(
      open: states.count { $0.0 == .open } + due.count, due: due.count, oldestDue: due.min())
  }

  public func size() async throws -> Int { store.snapshot.bytes }
}
