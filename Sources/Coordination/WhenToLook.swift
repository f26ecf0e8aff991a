// When a discussion has to be looked at next: by what it says itself, and by what stands around it, the clock that was set and
// the slots that it waits for.
import Convening

extension Docket {
  /// By what it says itself, or earlier, after the clock was set.
  func look(at discussion: Discussion, _ next: Instant?, after now: Instant?) -> Instant? {
    var next = next
    let again = now.map { clock.looksAgain(after: $0) } ?? clock.lossesFrom
    if let again, discussion.reminders.contains(where: { $0.isUnderWay }) {
      next = next.map { min($0, again) } ?? again
    }
    if let now, let joined = isWaitingSince(discussion.id) {
      let moments = [
        next, unsentFrom(discussion, since: joined, after: now), changesHands(discussion, after: now),
      ]
      next = moments.compactMap(\.self).min()
    }
    guard let now, let from = clock.escalationsFrom, now < from,
      discussion.positions.contains(where: {
        $0.rungs.contains { $0.due <= now && $0.waits(until: from, at: now) }
      })
    else { return next }
    return next.map { min($0, from) } ?? from
  }

  /// When the first of its agencies asks the next place because a step has found no slot. Until the earliest moment at which
  /// that can be, nothing is looked up: in a storm everything waits, and little of it for long.
  private func unsentFrom(_ discussion: Discussion, since joined: Instant, after now: Instant) -> Instant? {
    guard discussion.phase == .scheduled else { return nil }
    guard joined + Ladder.leastPatience <= now else { return joined + Ladder.leastPatience }
    guard let policy = policies[discussion.policy] else { return nil }
    let ladder = discussion.ladder(under: policy)
    return discussion.positions.indices.compactMap { unsent(discussion, at: $0, ladder, arrangements, now: now)?.from }
      .filter { $0 > now }.min()
  }

  /// When somebody else holds a place that waits for a slot, and no hand-over tells of that: of whoever is told of an agency,
  /// and of an agency that has nothing to do with it any more.
  private func changesHands(_ discussion: Discussion, after now: Instant) -> Instant? {
    var next: Instant?
    // By index, as above.
    for index in discussion.positions.indices {
      let isOpen = discussion.isOpen(at: index, now)
      for rung in discussion.positions[index].rungs where rung.due <= now {
        for place in rung.places where place != .acknowledger && (place.isTold || !isOpen) {
          let changes = arrangements.holderChanges(
            place, of: discussion.positions[index].agency, team: discussion.convene.team, after: now)
          next = [next, changes].compactMap(\.self).min()
        }
      }
    }
    return next
  }
}
