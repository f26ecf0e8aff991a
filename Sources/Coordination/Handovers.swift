// Which open discussions a hand-over concerns, and when the next one is: by agency and by team, so that a place that changes
// hands costs a look at what is open there and nothing else costs one. What has changed hands follows from the discussions and
// the arrangements alone; here it only waits for its turn.
import Collections
import Convening

struct Handovers: Sendable {
  /// Discussions in which somebody at the agency, or the coordinator because of it, was asked and still has to do with it;
  /// and those that a team still has to hold.
  private var open: [Staff: Set<DiscussionID>] = [:]
  private var changes: [Post: Change] = [:]
  /// Those of whom a place changed hands just now: a clock that is slowed may show the moment before once more, and a step ask
  /// whoever held it then.
  private var again: [Staff: Instant] = [:]
  /// Those of whom the changes are known.
  private var planned: Set<Staff> = []
  /// Those in which some place changed hands and no turn has seen to it yet.
  private(set) var waiting: Deque<DiscussionID> = []
  private var waitingIDs: Set<DiscussionID> = []

  /// Who has taken something over and was not told what is open there, since when in which discussions. It follows from the
  /// journal.
  private(set) var owed: [Successor: [DiscussionID: Instant]] = [:]
  /// Of those whom a turn has to look at: some of the others hold nothing that is open any more.
  private(set) var pressing: Set<Successor> = []

  private struct Post: Hashable {
    let staff: Staff
    let place: Place
  }

  private struct Change {
    let at: Instant
    /// False where that is as far as anybody looked.
    let isKnown: Bool
  }

  /// From the last entry of the process before this one to its own start: what changed hands meanwhile is told late. nil once
  /// all of that has been seen to.
  private(set) var standstill: (from: Instant, until: Instant)?

  /// More than a clock may move without being seen to step.
  private static let settling = ClockWatch.tolerance + .seconds(1)
  /// How far `Arrangements.holderChanges` looks ahead.
  private static let horizon = Elapsed.days(15)

  /// When there is something to do next.
  var next: Instant? {
    guard waiting.isEmpty else { return Instant(milliseconds: 0) }
    return [changes.values.map(\.at).min(), again.values.min()].compactMap(\.self).min()
  }

  func isWaiting(_ id: DiscussionID) -> Bool { !waitingIDs.isEmpty && waitingIDs.contains(id) }

  /// When the place changes hands next, where that is known.
  func until(_ place: Place, of staff: Staff) -> Instant? {
    changes[Post(staff: staff, place: place)].flatMap { $0.isKnown ? $0.at : nil }
  }

  /// A process has read what another left, before it looks at any of it.
  mutating func begin(after last: Instant, at now: Instant) { if last < now { standstill = (last, now) } }

  /// A turn is the state.
  mutating func take(_ turn: Turn) {
    for id in waiting.prefix(turn.handedOver) { waitingIDs.remove(id) }
    waiting.removeFirst(turn.handedOver)
    if turn.handedOver > 0, waiting.isEmpty { standstill = nil }
    for (successor, places) in turn.owed { for (id, since) in places { owe(successor, id, since) } }
    pressing.subtract(turn.unneeded)
    for successor in turn.told { pay(successor) }
  }

  /// An entry of the journal, at a replay; of a discussion with the discussion after it.
  mutating func note(_ entry: Entry, _ after: Discussion?) {
    if let after, let successor = Successor(entry.event, team: after.convene.team) {
      owe(successor, after.id, entry.at)
    }
    guard case .attemptBegan(_, _, let route, let opening?) = entry.event, opening.message == .handover else { return }
    pay(Successor(staff: opening.team.map(Staff.team) ?? .agency(opening.agency), route: route))
  }

  private mutating func owe(_ successor: Successor, _ id: DiscussionID, _ since: Instant) {
    // The latest: what they were not told of before they lost the place again is no delay of this one's.
    owed[successor, default: [:]][id] = since
    pressing.insert(successor)
  }

  private mutating func pay(_ successor: Successor) {
    owed[successor] = nil
    pressing.remove(successor)
  }

  /// Whoever is owed a word is looked at again.
  mutating func press(of staff: Staff? = nil) {
    guard !owed.isEmpty else { return }
    pressing.formUnion(
      owed.keys.filter { staff == nil || $0.staff == staff || $0.staff == .agency(.coordination) })
  }

  /// Everything that is open for the agency, the coordinator or the team, in one order.
  func open(for staff: Staff) -> [DiscussionID] {
    guard staff == .agency(.coordination) else { return (open[staff] ?? []).sorted() }
    return open.filter { $0.key.team == nil }.values.reduce(into: Set()) { $0.formUnion($1) }.sorted()
  }

  // MARK: - What is open

  mutating func replace(
    _ old: Discussion?, with new: Discussion?, _ arrangements: Arrangements, _ stopped: Set<RouteName>, at now: Instant
  ) {
    guard let new else {
      if let old { forget(old) }
      return
    }
    // By index: each turn does this for all that it changed, and a position is dear to copy.
    var isNews = isOpened(new, at: now) && new.changesConvener(arrangements, now: now)
    for index in new.positions.indices {
      let staff = Staff.agency(new.positions[index].agency)
      guard new.positions[index].isConcerned, new.isOpen(at: index, now) else {
        close(staff, new.id)
        continue
      }
      let isFirst = open[staff, default: []].insert(new.id).inserted
      let before = old.flatMap { old in
        old.positions.indices.contains(index)
          ? (acknowledged: old.positions[index].acknowledged, lapsed: old.positions[index].lapsed) : nil
      }
      if isFirst { press(of: staff) }
      // One that had lapsed when it was recorded tells of its place too.
      guard
        isFirst || before?.acknowledged != new.positions[index].acknowledged
          || before?.lapsed != new.positions[index].lapsed
      else { continue }
      isNews = isNews || new.changesHands(at: index, arrangements, now: now) || new.isStranded(at: index, stopped)
    }
    if isNews { wait(new.id) }
  }

  /// Whether its team has it to hold, and had not before.
  private mutating func isOpened(_ discussion: Discussion, at now: Instant) -> Bool {
    let staff = Staff.team(discussion.convene.team)
    guard discussion.isOpen(now) else {
      close(staff, discussion.id)
      return false
    }
    guard open[staff, default: []].insert(discussion.id).inserted else { return false }
    press(of: staff)
    return true
  }

  /// What is over is nobody's to hear of.
  private mutating func forget(_ old: Discussion) {
    for position in old.positions { close(.agency(position.agency), old.id) }
    close(.team(old.convene.team), old.id)
    for successor in owed.keys where owed[successor]?.removeValue(forKey: old.id) != nil {
      if owed[successor]?.isEmpty ?? false { pay(successor) }
    }
  }

  private mutating func close(_ staff: Staff, _ id: DiscussionID) {
    guard open[staff]?.remove(id) != nil, open[staff]?.isEmpty ?? false else { return }
    open[staff] = nil
  }

  private mutating func wait(_ id: DiscussionID) { if waitingIDs.insert(id).inserted { waiting.append(id) } }

  // MARK: - Time

  /// Once what a turn changed has been replaced: when the places change hands of which something is open since.
  mutating func settle(_ arrangements: Arrangements, at now: Instant) {
    for staff in staffs(of: arrangements) where hasOpen(staff) != planned.contains(staff) {
      plan(staff, arrangements, at: now)
    }
  }

  /// Places may have changed hands by now.
  mutating func gatherDue(
    _ discussions: [DiscussionID: Discussion], _ arrangements: Arrangements, _ stopped: Set<RouteName>, at now: Instant
  ) {
    let due = Set(changes.filter { $1.at <= now }.map(\.key.staff))
    let looks = due.union(again.filter { $1 <= now }.keys)
    guard !looks.isEmpty else { return }
    // Whoever was not told may hold the place again.
    for staff in looks { press(of: staff) }
    let all = looks.contains(.agency(.coordination)) ? looks.union(open.keys) : looks
    look(all, discussions, arrangements, stopped, at: now)
    for staff in looks { again[staff] = due.contains(staff) ? now + Self.settling : nil }
    for staff in due { plan(staff, arrangements, at: now) }
    settle(arrangements, at: now)
  }

  /// Any place may have changed hands, or be out of reach: other settings, a rota, a cover, a clock that was set, a start, a
  /// route that has stopped or is used again.
  mutating func lookAtAll(
    _ discussions: [DiscussionID: Discussion], _ arrangements: Arrangements, _ stopped: Set<RouteName>, at now: Instant
  ) {
    press()
    look(Set(open.keys), discussions, arrangements, stopped, at: now)
    for staff in staffs(of: arrangements) { plan(staff, arrangements, at: now) }
    if waiting.isEmpty { standstill = nil }
  }

  private mutating func look(
    _ staffs: Set<Staff>, _ discussions: [DiscussionID: Discussion], _ arrangements: Arrangements,
    _ stopped: Set<RouteName>, at now: Instant
  ) {
    var changed: Set<DiscussionID> = []
    for staff in staffs {
      for id in open[staff] ?? [] {
        guard let discussion = discussions[id], let isNews = discussion.news(for: staff, arrangements, stopped, now)
        else {
          close(staff, id)
          continue
        }
        if isNews { changed.insert(id) }
      }
    }
    for id in changed.sorted() { wait(id) }
  }

  private mutating func plan(_ staff: Staff, _ arrangements: Arrangements, at now: Instant) {
    let hasOpen = hasOpen(staff)
    for place in staff.places {
      let post = Post(staff: staff, place: place)
      guard hasOpen, arrangements.mayChange(place, of: staff.agency, team: staff.team, after: now) else {
        changes[post] = nil
        continue
      }
      let known = arrangements.holderChanges(place, of: staff.agency, team: staff.team, after: now)
      changes[post] = Change(at: known ?? now + Self.horizon, isKnown: known != nil)
    }
    if hasOpen { planned.insert(staff) } else { planned.remove(staff) }
  }

  private func hasOpen(_ staff: Staff) -> Bool {
    staff == .agency(.coordination) ? open.keys.contains { $0.team == nil } : open[staff] != nil
  }

  private func staffs(of arrangements: Arrangements) -> Set<Staff> {
    planned.union(arrangements.agencies.map { .agency($0.id) }).union(arrangements.teams.map { .team($0.id) })
      .union([.agency(.coordination)])
  }
}

extension Discussion {
  /// Whether a place of theirs has changed hands, or is out of reach; nil where it is not open for them.
  fileprivate func news(
    for staff: Staff, _ arrangements: Arrangements, _ stopped: Set<RouteName>, _ now: Instant
  ) -> Bool? {
    switch staff {
    case .team: return isOpen(now) ? changesConvener(arrangements, now: now) : nil
    case .agency(let agency):
      guard let index = positions.firstIndex(where: { $0.agency == agency }), isOpen(at: index, now) else { return nil }
      return changesHands(at: index, arrangements, now: now) || isStranded(at: index, stopped)
    }
  }
}
