// The front door a second time, from the entries alone: who waits, who was told, when nobody could tell. Every contact past its
// time is in a message, at most one a team and hour, none once all is settled, and none says which.
import Convening
import Coordination
import Wire

struct FrontDoorCheck {
  private(set) var contacts: [ContactID: FrontDoorContact] = [:]
  /// By contact: when its team heard that it waits.
  private var mentioned: [ContactID: Instant] = [:]
  private var lastWord: [TeamID: Instant] = [:]
  private var lastRaised: [TeamID: Instant] = [:]
  private var heard: Instant?
  private var lastSilence: Instant?
  private var isSilent = false
  private var resumed: Instant?
  /// What this turn recorded of a feed without news.
  private var heardInTurn: Entry?

  private static let hour = Elapsed.minutes(60)

  /// `coordinator`: who holds that place, rota and cover counted.
  mutating func take(
    _ entry: Entry, _ towns: [Arrangements], coordinator: (Arrangements) -> RouteName?
  ) throws(Broken) {
    if case .attemptBegan(_, _, let route, let opening?) = entry.event, opening.message == .reviewDue {
      return try word(opening, route, at: entry.at, towns, coordinator)
    }
    if entry.event == .feedHeard {
      try expect(entry.stream == .daemon && heardInTurn == nil, "a feed that is heard twice in a turn")
      let isNews = towns.contains { town in
        town.frontDoor.feedEvery.map { every in
          heard.map { (entry.at - $0).milliseconds >= every.milliseconds / 12 } ?? true
        } ?? false
      }
      try expect(isNews, "that the feed was heard is no news: \(heard as Any)")
      heardInTurn = entry
      if isSilent { resumed = entry.at }
      (heard, isSilent) = (max(heard ?? entry.at, entry.at), false)
      return
    }
    guard case .frontDoor(let id) = entry.stream else { return }
    let before = contacts[id]
    try expect(entry.revision == (before?.revision ?? 0) + 1, "revision \(entry.revision) of a contact")
    guard let after = FrontDoorContact.evolved(before, entry) else {
      throw Broken("an entry of a contact that nobody told of")
    }
    switch entry.event {
    case .contactReceived(let facts, let due):
      try expect(before == nil, "a contact received twice")
      try counted(due, from: facts.receivedAt, towns)
    case .contactAmended(let facts, let due):
      try expect(before!.facts != facts, "a contact amended to what it was")
      if before!.facts.receivedAt == facts.receivedAt {
        try expect(due == before!.due, "due at another moment for the same receipt")
      } else {
        try counted(due, from: facts.receivedAt, towns)
      }
    case .reviewMoved(let due):
      try expect(before!.outcome == nil && before!.review == nil, "a settled contact is moved")
      try expect(due != before!.due, "moved to where it was")
      try counted(due, from: before!.facts.receivedAt, towns)
    default: break
    }
    if ["contactReceived", "contactAmended", "contactOutcome"].contains(entry.event.name) {
      if isSilent { resumed = entry.at }
      (heard, isSilent) = (max(heard ?? entry.at, entry.at), false)
    }
    // Counted anew, or somebody else's: nobody has heard.
    if let before, before.due != after.due || before.facts.team != after.facts.team { mentioned[id] = nil }
    contacts[id] = after
  }

  /// Who told of contacts in it, of whichever, was heard.
  mutating func endTurn(_ inputs: [Input], _ turn: Turn, _ town: Arrangements, at now: Instant) throws(Broken) {
    let replies = Dictionary(turn.replies.map { ($0.ticket, $0.reply) }) { $1 }
    var tellers: [Actor] = []
    for case .request(let request, let ticket, _) in inputs {
      switch (request.change, replies[ticket]) {
      case (_, .refused), (.contact(_, .review), _), (_, nil): continue
      case (.imports(let rows), .imported(let outcome)):
        let isTold = outcome.faults.isEmpty && rows.contains { if case .frontDoor = $0.stream { true } else { false } }
        if isTold { tellers.append(request.actor) }
      case (.feed, _), (.contact, _): tellers.append(request.actor)
      default: continue
      }
    }
    if let heardInTurn {
      try expect(heardInTurn.actor == tellers.first, "heard of \(heardInTurn.actor as Any), not \(tellers)")
    }
    heardInTurn = nil
    guard !tellers.isEmpty, let every = town.frontDoor.feedEvery else { return }
    try expect(heard.map { now - $0 < every / 12 } ?? false, "somebody told of contacts and was not heard")
  }

  private func counted(_ due: ReviewDue, from start: Instant, _ towns: [Arrangements]) throws(Broken) {
    let right = towns.contains { town in
      let counted = ClockCheck.count(town.frontDoor.reviewAfter, from: start, town.calendar)
      return counted.at == due.at && counted.provisional == due.provisional && due.limit == town.frontDoor.reviewAfter
    }
    try expect(right, "a review due \(due) from \(start)")
  }

  private func isOpen(_ contact: FrontDoorContact) -> Bool { contact.outcome == nil && contact.review == nil }

  private func since(_ contact: FrontDoorContact) -> Instant { max(contact.due.at, contact.dueSince) }

  /// Window by window.
  private func silentFrom(_ town: Arrangements) -> Instant? {
    guard let heard, let every = town.frontDoor.feedEvery else { return nil }
    guard let hours = town.frontDoor.hours else { return heard + every }
    var (at, left) = (heard, every)
    while true {
      guard let next = town.calendar.nextChange(of: hours, after: at) else { return nil }
      if town.calendar.isOpen(hours, at: at) {
        if left < next - at { return at + left }
        left = left - (next - at)
      }
      at = next
    }
  }

  private mutating func word(
    _ opening: Opening, _ route: RouteName, at now: Instant, _ towns: [Arrangements],
    _ coordinator: (Arrangements) -> RouteName?
  ) throws(Broken) {
    let silence = towns.map { town in silentFrom(town).map { $0 <= now } ?? false }
    try expect(opening.agency == "coordination", "a word about the front door to an agency")
    try expect(
      towns.contains { opening.place == .coordinator ? coordinator($0) == route : holds(opening, route, $0, at: now) },
      "a word to who does not hold \(opening.place)")
    for contact in contacts.values where isOpen(contact) {
      try expect(!opening.body.contains(contact.id.description), "a word that says which contact")
    }
    let late = contacts.values.filter { contact in
      isOpen(contact) && contact.due.at <= now && (opening.team == nil || contact.facts.team == opening.team)
    }
    try expect(opening.body.contains("\"contacts\":\(late.count),"), "a word of another count than \(late.count)")
    guard let team = opening.team else {
      try expect(silence.contains(true), "nobody can tell, it says, and something came")
      if isSilent, let lastSilence {
        try expect(now - lastSilence >= .days(1) && !late.isEmpty, "it says again that nobody can tell")
      }
      (isSilent, lastSilence) = (true, now)
      return
    }
    try expect(silence.contains(false), "a word for a team, and nobody can tell")
    try expect(!late.isEmpty, "a word for a team of which nothing waits")
    if opening.step == "review-due" {
      if let last = lastWord[team] { try expect(now - last >= Self.hour, "two words for a team in an hour") }
      try expect(late.contains { since($0) <= now && mentioned[$0.id] == nil }, "a word that says nothing new")
      for contact in late where since(contact) <= now { mentioned[contact.id] = mentioned[contact.id] ?? now }
      lastWord[team] = now
    } else {
      try expect(opening.step == "manager", "a step \(opening.step)")
      try expect(
        late.contains { mentioned[$0.id].map { now - $0 >= Self.hour } ?? false }, "raised before the team had an hour")
      if let last = lastRaised[team] { try expect(now - last >= Self.hour, "raised twice in an hour") }
      lastRaised[team] = now
    }
  }

  private func holds(_ opening: Opening, _ route: RouteName, _ town: Arrangements, at now: Instant) -> Bool {
    let team = town.teams.first { $0.id == opening.team }
    func holder(_ table: [Holding]) -> RouteName? {
      table.first { $0.hours.map { town.calendar.isOpen($0, at: now) } ?? true }?.route
    }
    switch opening.place {
    case .convener: return [holder(team?.convener ?? []), town.frontDoor.outsideHours].contains(route)
    case .manager: return [holder(team?.manager ?? []), town.frontDoor.manager].contains(route)
    case .coordinator, .contact, .deputy, .lead, .acknowledger: return false
    }
  }

  /// At rest: who is past its time is known to the team, unless nobody can tell, or nobody is there.
  func check(at now: Instant, _ town: Arrangements, canTell: (RouteName) -> Bool) throws(Broken) {
    if silentFrom(town).map({ $0 <= now }) ?? false {
      let managers = [town.frontDoor.manager, town.holder(.coordinator, of: "csc", at: now)].compactMap(\.self)
      let isLate = silentFrom(town).map { now - $0 > .minutes(16) } ?? false
      try expect(
        !isLate || isSilent || !managers.allSatisfy(canTell) || managers.isEmpty, "nobody says that it is silent")
      return
    }
    guard resumed.map({ now - $0 > .minutes(21) }) ?? true else { return }
    for contact in contacts.values where isOpen(contact) && now - since(contact) > .minutes(16) {
      let team = contact.facts.team
      // An hour after the last word at the latest.
      if let last = lastWord[team], now - last < .minutes(77) { continue }
      let isOpen = town.frontDoor.hours.map { town.calendar.isOpen($0, at: now) } ?? true
      let ways = [
        isOpen ? nil : town.frontDoor.outsideHours, town.holder(.convener, of: "csc", team: team, at: now),
        town.holder(.manager, of: "csc", team: team, at: now), town.frontDoor.manager,
        town.holder(.coordinator, of: "csc", at: now),
      ].compactMap(\.self)
      guard !ways.isEmpty, ways.allSatisfy(canTell) else { continue }
      try expect(mentioned[contact.id] != nil, "\(contact.id) waits, due \(contact.due.at), and nobody was told")
    }
  }
}
