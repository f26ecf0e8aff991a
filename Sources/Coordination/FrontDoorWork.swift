// What a turn does for the front door: it carries out what is told of a contact, moves what another calendar moves, and begins
// the words that are due. One message a team and hour says how many wait and how long; which, no message ever says.
import Convening
import Wire

extension Planning {
  /// As this turn sees it.
  func contact(_ id: ContactID) -> FrontDoorContact? { turn.contacts[id] ?? docket.reviewQueue[id] }

  private var reviewQueue: ReviewQueue { turn.reviewQueue ?? docket.reviewQueue }

  /// The entry of a contact's stream, of what tells of them, or of a word about them, becomes the state that the rest of the turn sees.
  mutating func fold(atFrontDoor entry: Entry) {
    var after: FrontDoorContact?
    if case .frontDoor(let id) = entry.stream {
      after = FrontDoorContact.evolved(contact(id), entry)
      turn.contacts[id] = after
    } else {
      guard entry.tellsOfFrontDoor else { return }
    }
    // In its place: a copy for each row of an import would cost the square of its length.
    if turn.reviewQueue == nil { turn.reviewQueue = docket.reviewQueue }
    turn.reviewQueue?.take(entry, after)
  }

  /// Where what tells of contacts told of nothing new, that it did is recorded, once for all requests of the turn: teams hear
  /// nothing as long as nobody can tell what waits.
  mutating func hearFeed() {
    guard let feed = turn.feed, arrangements.frontDoor.isNews(at: now, since: reviewQueue.heard) else { return }
    record(.daemon, .feedHeard, actor: feed)
  }

  /// Carries out what somebody tells of a contact.
  ///
  /// - Returns: whether this made it, and whether nothing was left to record.
  mutating func carryOut(
    _ command: ContactCommand, on id: ContactID, _ request: Request, _ admitted: Input.Admitted
  ) throws(Refusal) -> (created: Bool, replayed: Bool) {
    // That stream cannot begin again: a new reference is all that helps.
    if admitted.isBeheaded { throw .differentFirstBody }
    let known = contact(id)
    if let known, try isReplay(request, known.marks) { return (false, true) }
    try match(request, known?.revision)
    let events = try command.decide(on: known, now: now, arrangements.frontDoor, arrangements.calendar)
    for event in events { record(.frontDoor(id), event, actor: request.actor, mark: request.mark) }
    return (known == nil, events.isEmpty)
  }

  /// Those that another calendar or another limit moves: so many a turn.
  mutating func moveReviews() {
    let moving = docket.outdatedContacts.prefix(docket.limits.replansPerTurn)
    turn.movedContacts = moving.count
    for id in moving {
      if let event = contact(id)?.moved(under: arrangements.frontDoor, in: arrangements.calendar) {
        record(.frontDoor(id), event)
      }
    }
  }

  /// The words that are due. One that finds no slot stays due.
  mutating func sayWhatWaits() {
    let isAsBefore = turn.reviewQueue == nil && turn.arrangements == nil
    guard !isStopping, !isAsBefore || docket.reviewWords.first.map({ $0.due <= now }) ?? false else { return }
    let words = isAsBefore ? docket.reviewWords : reviewQueue.words(arrangements)
    let nobodyCanTell = reviewQueue.staleFrom(arrangements).map { $0 <= now } ?? false
    for word in words where word.due <= now && (word.team == nil) == nobodyCanTell { say(word) }
  }

  private mutating func say(_ word: ReviewQueue.Word) {
    let (count, oldest) = reviewQueue.overdue(of: word.team, at: now)
    let holders = arrangements.frontDoorHolders(of: word.team, managed: word.step != ReviewQueue.team, at: now)
    guard let (place, route) = holders.first(where: { !stopped.contains($0.route) }), hasRoom(route) else { return }
    let facts = ReviewDueBody.Facts(
      source: arrangements.source, team: word.team, place: place, step: word.step, time: now, contacts: count,
      oldestAge: oldest.map { now - $0 }, silentSince: word.team == nil ? reviewQueue.heard : nil,
      stopAfter: now + Letter.life, lateBy: max(now - word.due, .zero), ring: arrangements.ringNumbers(at: now))
    write(
      Letter(
        agency: .coordination, team: word.team, place: place, route: route, step: word.step, message: .reviewDue,
        due: word.due
      ) { ReviewDueBody.compose(facts, id: $0) })
  }
}

extension Docket {
  /// The next word that falls due. What was due at the last turn and found no slot, or nobody, is asked for again by the turn
  /// of an outcome, when somebody else comes on duty, and after a while in any case.
  func reviewAttention(after now: Instant) -> Instant? {
    let stale = reviewQueue.staleFrom(arrangements)
    let next = reviewWords.first { word in
      word.due > now && (word.team == nil || stale.map { word.due < $0 && now < $0 } ?? true)
    }?.due
    let nobodyCanTell = stale.map { $0 <= now } ?? false
    let stuck = reviewWords.filter { $0.due <= now && ($0.team == nil) == nobodyCanTell }
    let again = stuck.isEmpty ? nil : now + ReviewQueue.askedAgain
    return ([next, again] + stuck.map { somebodyComes(to: $0, after: now) }).compactMap(\.self).min()
  }

  /// When others may be told than those whose routes have stopped; nil where somebody can be, as soon as there is a slot.
  private func somebodyComes(to word: ReviewQueue.Word, after now: Instant) -> Instant? {
    let holders = arrangements.frontDoorHolders(of: word.team, managed: word.step != ReviewQueue.team, at: now)
    guard holders.allSatisfy({ stopped.contains($0.route) }) else { return nil }
    let hours = arrangements.frontDoor.hours.flatMap { arrangements.calendar.nextChange(of: $0, after: now) }
    let changes = [Place.convener, .manager, .coordinator].map { place in
      arrangements.holderChanges(
        place, of: .coordination, team: place == .coordinator ? nil : word.team, after: now)
    }
    return ([hours] + changes).compactMap(\.self).min()
  }

  /// Those that wait for an outcome or a review.
  package var waitingContacts: [FrontDoorContact] { reviewQueue.waiting.values.map(\.contact) }
}

extension Arrangements {
  /// Who hears of contacts that wait, nearest first: the team, outside of the front door's hours whoever stands in for it; its
  /// manager; the coordinator, whose place is never empty.
  public func frontDoorHolders(
    of team: TeamID?, managed: Bool, at now: Instant
  ) -> [(place: Place, route: RouteName)] {
    var holders: [(place: Place, route: RouteName)] = []
    func add(_ place: Place, _ route: RouteName?) { if let route { holders.append((place, route)) } }
    if let team, !managed {
      if !frontDoor.isOpen(at: now, in: calendar) { add(.convener, frontDoor.outsideHours) }
      add(.convener, holder(.convener, of: .coordination, team: team, at: now))
    }
    add(.manager, holder(.manager, of: .coordination, team: team, at: now))
    add(.manager, frontDoor.manager)
    add(.coordinator, holder(.coordinator, of: .coordination, at: now))
    return holders
  }
}
