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
    if let now {
      let moments = [next, unsentFrom(discussion, after: now), changesHands(discussion, after: now)]
      next = moments.compactMap(\.self).min()
    }
    guard let now, let from = clock.escalationsFrom, now < from,
      discussion.positions.contains(where: {
        $0.rungs.contains { $0.due <= now && $0.waits(until: from, at: now) }
      })
    else { return next }
    return next.map { min($0, from) } ?? from
  }

  /// When the first of its agencies asks the next place because a step has found no slot.
  private func unsentFrom(_ discussion: Discussion, after now: Instant) -> Instant? {
    guard isWaiting(discussion.id), discussion.phase == .scheduled, let policy = policies[discussion.policy] else {
      return nil
    }
    return discussion.positions.indices.compactMap { index in
      unsent(discussion, at: index, discussion.ladder(under: policy), arrangements, now: now)?.from
    }.filter { $0 > now }.min()
  }

  /// When somebody else holds a place that waits for a slot, and no hand-over tells of that: of whoever is told of an agency,
  /// and of an agency that has nothing to do with it any more.
  private func changesHands(_ discussion: Discussion, after now: Instant) -> Instant? {
    guard isWaiting(discussion.id) else { return nil }
    var next: Instant?
    for (index, position) in discussion.positions.enumerated() {
      for place in position.rungs.filter({ $0.due <= now }).flatMap(\.places)
      where place != .acknowledger && (place.isTold || !discussion.isOpen(at: index, now)) {
        let changes = arrangements.holderChanges(
          place, of: position.agency, team: discussion.convene.team, after: now)
        next = [next, changes].compactMap(\.self).min()
      }
    }
    return next
  }
}
