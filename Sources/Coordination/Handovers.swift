// Which open discussions a hand-over concerns, and when the next one is: by agency, so that a place that changes hands costs
// a look at what is open for that agency and nothing else costs one. What has changed hands follows from the discussions and
// the arrangements alone; here it only waits for its turn.
import Collections
import Convening

struct Handovers: Sendable {
  /// Discussions in which somebody at the agency, or the coordinator because of it, was asked and still has to do with it.
  private var open: [AgencyID: Set<DiscussionID>] = [:]
  private var changes: [Duty: Change] = [:]
  /// Agencies of which a place changed hands just now: a clock that is slowed may show the moment before once more, and a step
  /// ask whoever held it then.
  private var again: [AgencyID: Instant] = [:]
  /// Agencies of which the changes are known.
  private var planned: Set<AgencyID> = []
  /// Those in which some place changed hands and no turn has seen to it yet.
  private(set) var waiting: Deque<DiscussionID> = []
  private var waitingIDs: Set<DiscussionID> = []

  /// Who has taken something over and was not told what is open there, since when in which discussions. It follows from the
  /// journal.
  private(set) var owed: [Successor: [DiscussionID: Instant]] = [:]
  /// Of those whom a turn has to look at: some of the others hold nothing that is open any more.
  private(set) var pressing: Set<Successor> = []

  private struct Change {
    let at: Instant
    /// False where that is as far as anybody looked.
    let isKnown: Bool
  }

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
  func until(_ duty: Duty) -> Instant? { changes[duty].flatMap { $0.isKnown ? $0.at : nil } }

  /// A turn is the state.
  mutating func take(_ turn: Turn) {
    for id in waiting.prefix(turn.handedOver) { waitingIDs.remove(id) }
    waiting.removeFirst(turn.handedOver)
    for (successor, places) in turn.owed { for (id, since) in places { owe(successor, id, since) } }
    pressing.subtract(turn.unneeded)
    for successor in turn.told { pay(successor) }
  }

  /// An entry of the journal, at a replay.
  mutating func note(_ entry: Entry) {
    if case .discussion(let id) = entry.stream, let successor = Successor(entry.event) { owe(successor, id, entry.at) }
    guard case .attemptBegan(_, _, let route, let opening?) = entry.event, opening.message == .handover else { return }
    pay(Successor(agency: opening.agency, route: route))
  }

  private mutating func owe(_ successor: Successor, _ id: DiscussionID, _ since: Instant) {
    owed[successor, default: [:]][id] = owed[successor]?[id] ?? since
    pressing.insert(successor)
  }

  private mutating func pay(_ successor: Successor) {
    owed[successor] = nil
    pressing.remove(successor)
  }

  /// Whoever is owed a word is looked at again.
  mutating func press(of agency: AgencyID? = nil) {
    guard !owed.isEmpty else { return }
    pressing.formUnion(owed.keys.filter { agency == nil || $0.agency == agency || $0.agency == .coordination })
  }

  /// Everything that is open for the agency, or for the coordinator, in one order.
  func open(for agency: AgencyID) -> [DiscussionID] {
    let ids = agency == .coordination ? open.values.reduce(into: Set()) { $0.formUnion($1) } : open[agency] ?? []
    return ids.sorted()
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
    var isNews = false
    for index in new.positions.indices {
      guard new.positions[index].isConcerned, new.isOpen(at: index, now) else {
        close(new.positions[index].agency, new.id)
        continue
      }
      let isFirst = open[new.positions[index].agency, default: []].insert(new.id).inserted
      let before = old.flatMap { old in
        old.positions.indices.contains(index)
          ? (acknowledged: old.positions[index].acknowledged, lapsed: old.positions[index].lapsed) : nil
      }
      if isFirst { press(of: new.positions[index].agency) }
      // One that had lapsed when it was recorded tells of its place too.
      guard
        isFirst || before?.acknowledged != new.positions[index].acknowledged
          || before?.lapsed != new.positions[index].lapsed
      else { continue }
      isNews = isNews || new.changesHands(at: index, arrangements, now: now) || new.isStranded(at: index, stopped)
    }
    if isNews { wait(new.id) }
  }

  /// What is over is nobody's to hear of.
  private mutating func forget(_ old: Discussion) {
    for position in old.positions { close(position.agency, old.id) }
    for successor in owed.keys where owed[successor]?.removeValue(forKey: old.id) != nil {
      if owed[successor]?.isEmpty ?? false { pay(successor) }
    }
  }

  private mutating func close(_ agency: AgencyID, _ id: DiscussionID) {
    guard open[agency]?.remove(id) != nil, open[agency]?.isEmpty ?? false else { return }
    open[agency] = nil
  }

  private mutating func wait(_ id: DiscussionID) { if waitingIDs.insert(id).inserted { waiting.append(id) } }

  // MARK: - Time

  /// Once what a turn changed has been replaced: when the places change hands of which something is open since.
  mutating func settle(_ arrangements: Arrangements, at now: Instant) {
    for agency in agencies(of: arrangements) where hasOpen(agency) != planned.contains(agency) {
      plan(agency, arrangements, at: now)
    }
  }

  /// Places may have changed hands by now.
  mutating func gatherDue(
    _ discussions: [DiscussionID: Discussion], _ arrangements: Arrangements, _ stopped: Set<RouteName>, at now: Instant
  ) {
    let due = Set(changes.filter { $1.at <= now }.map(\.key.agency))
    let looks = due.union(again.filter { $1 <= now }.keys)
    guard !looks.isEmpty else { return }
    look(looks.contains(.coordination) ? Set(open.keys) : looks, discussions, arrangements, stopped, at: now)
    for agency in looks { again[agency] = due.contains(agency) ? now + Self.settling : nil }
    for agency in due { plan(agency, arrangements, at: now) }
    settle(arrangements, at: now)
  }

  /// Any place may have changed hands, or be out of reach: other settings, a rota, a cover, a clock that was set, a start, a
  /// route that has stopped or is used again.
  mutating func lookAtAll(
    _ discussions: [DiscussionID: Discussion], _ arrangements: Arrangements, _ stopped: Set<RouteName>, at now: Instant
  ) {
    press()
    look(Set(open.keys), discussions, arrangements, stopped, at: now)
    for agency in agencies(of: arrangements) { plan(agency, arrangements, at: now) }
  }

  private mutating func look(
    _ agencies: Set<AgencyID>, _ discussions: [DiscussionID: Discussion], _ arrangements: Arrangements,
    _ stopped: Set<RouteName>, at now: Instant
  ) {
    var changed: Set<DiscussionID> = []
    for agency in agencies {
      for id in open[agency] ?? [] {
        guard let discussion = discussions[id],
          let index = discussion.positions.firstIndex(where: { $0.agency == agency }), discussion.isOpen(at: index, now)
        else {
          close(agency, id)
          continue
        }
        if discussion.changesHands(at: index, arrangements, now: now) || discussion.isStranded(at: index, stopped) {
          changed.insert(id)
        }
      }
    }
    for id in changed.sorted() { wait(id) }
  }

  private mutating func plan(_ agency: AgencyID, _ arrangements: Arrangements, at now: Instant) {
    for place in Place.onRota(of: agency) {
      guard let duty = Duty(place, of: agency) else { continue }
      guard hasOpen(agency), arrangements.mayChange(place, of: agency, after: now) else {
        changes[duty] = nil
        continue
      }
      let known = arrangements.holderChanges(place, of: agency, after: now)
      changes[duty] = Change(at: known ?? now + Self.horizon, isKnown: known != nil)
    }
    if hasOpen(agency) { planned.insert(agency) } else { planned.remove(agency) }
  }

  private func hasOpen(_ agency: AgencyID) -> Bool {
    agency == .coordination ? !open.isEmpty : open[agency] != nil
  }

  private func agencies(of arrangements: Arrangements) -> Set<AgencyID> {
    planned.union(arrangements.agencies.map(\.id)).union([.coordination])
  }
}
