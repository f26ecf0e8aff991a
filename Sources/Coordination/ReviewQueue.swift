// The front door as the daemon keeps it: contacts without an outcome and a review, who has heard of them, and when something
// came last. A fold of the entries, the same in a turn and at a replay; from it follows which word is due when. It sends
// nothing.
import Convening

struct ReviewQueue: Hashable, Sendable {
  /// One that waits, and who was told that it is past its time.
  struct Waiting: Hashable, Sendable {
    var contact: FrontDoorContact
    var toldAt: Instant?
    var raisedAt: Instant?
  }

  private(set) var waiting: [ContactID: Waiting] = [:]
  /// When each team, and its manager, heard last.
  private(set) var told: [TeamID: Instant] = [:]
  private(set) var raised: [TeamID: Instant] = [:]
  /// When a contact or an outcome was told of last.
  private(set) var heard: Instant?
  /// When it was last said, in this silence, that nobody can tell.
  private(set) var cannotTell: Instant?
  /// When the last such silence ended.
  private(set) var resumed: Instant?

  /// What the front door's letters are called, by whom they go to.
  static let (team, manager, silence): (StepName, StepName, StepName) = ("review-due", "manager", "cannot-tell")
  /// At most one word a team, and a manager for it, in this time; and so long has a team before its manager hears.
  static let pause = Elapsed.hours(1)
  /// A word that nobody could be told is tried again after this.
  static let askedAgain = Elapsed.minutes(15)
  /// A manager who heard and did nothing hears again.
  static let daily = Elapsed.days(1)
  /// What comes first after a silence is seldom all that there is.
  static let catchingUp = Elapsed.minutes(5)

  subscript(id: ContactID) -> FrontDoorContact? { waiting[id]?.contact }

  /// - Parameter contact: what the entry made of its contact; nil for entries of other streams.
  mutating func take(_ entry: Entry, _ contact: FrontDoorContact?) {
    if case .attemptBegan(_, _, _, let opening?) = entry.event, opening.message == .reviewDue {
      return note(opening, at: entry.at)
    }
    if entry.event.isFeed {
      if cannotTell != nil { resumed = entry.at }
      (heard, cannotTell) = (max(heard ?? entry.at, entry.at), nil)
    }
    guard case .frontDoor(let id) = entry.stream else { return }
    guard let contact, contact.isOpen else { return waiting[id] = nil }
    // Counted anew, or another team's: nobody has heard of it.
    let isNew = waiting[id]?.contact.dueSince != contact.dueSince
    if isNew { waiting[id] = Waiting(contact: contact) } else { waiting[id]?.contact = contact }
  }

  /// The text of an entry is gone.
  mutating func pass(_ id: ContactID, revision: Int) {
    if let known = waiting[id]?.contact.passing(revision: revision) { waiting[id]?.contact = known }
  }

  private mutating func note(_ opening: Opening, at now: Instant) {
    guard let team = opening.team else {
      if opening.step == Self.silence { cannotTell = now }
      return
    }
    let isRaised = opening.step == Self.manager
    if isRaised { raised[team] = now } else { told[team] = now }
    for (id, one) in waiting where one.contact.facts.team == team {
      guard let from = one.contact.queuedFrom, from <= now else { continue }
      if !isRaised {
        waiting[id]?.toldAt = one.toldAt ?? now
      } else if one.toldAt != nil {
        waiting[id]?.raisedAt = one.raisedAt ?? now
      }
    }
  }

  // MARK: - What is due

  /// One message that falls due if nothing happens.
  struct Word: Hashable, Sendable {
    /// nil: nobody can tell, for no team.
    let team: TeamID?
    let step: StepName
    let due: Instant
  }

  /// From when on nobody can tell what waits; nil: never.
  func staleFrom(_ arrangements: Arrangements) -> Instant? {
    heard.flatMap { arrangements.frontDoor.staleFrom($0, in: arrangements.calendar) }
  }

  /// All that fall due, in no time's order. Those for a team are moot as long as nobody can tell.
  func words(_ arrangements: Arrangements) -> [Word] {
    var (first, told, repeated): ([TeamID: Instant], [TeamID: Instant], Set<TeamID>) = ([:], [:], [])
    for one in waiting.values {
      let team = one.contact.facts.team
      guard let from = one.contact.queuedFrom else { continue }
      if one.raisedAt != nil {
        repeated.insert(team)
      } else if let toldAt = one.toldAt {
        told[team] = min(told[team] ?? toldAt, toldAt)
      } else {
        first[team] = min(first[team] ?? from, from)
      }
    }
    let quiet = resumed.map { $0 + Self.catchingUp }
    var words: [Word] = []
    for (team, from) in first {
      let due = [from, self.told[team].map { $0 + Self.pause }, quiet].compactMap(\.self).max() ?? from
      words.append(Word(team: team, step: Self.team, due: due))
    }
    for team in Set(told.keys).union(repeated) {
      let again = raised[team].map { $0 + (told[team] == nil ? Self.daily : Self.pause) }
      let due = [told[team].map { $0 + Self.pause }, again, quiet].compactMap(\.self).max()
      if let due { words.append(Word(team: team, step: Self.manager, due: due)) }
    }
    if let stale = staleFrom(arrangements) {
      // Once for each silence; and once a day, as long as what is known to be past its time stays so.
      if let cannotTell {
        if let oldest { words.append(Word(team: nil, step: Self.silence, due: max(cannotTell + Self.daily, oldest))) }
      } else {
        words.append(Word(team: nil, step: Self.silence, due: stale))
      }
    }
    return words.sorted { ($0.due, $0.step, $0.team?.text ?? "") < ($1.due, $1.step, $1.team?.text ?? "") }
  }

  private var oldest: Instant? { waiting.values.compactMap(\.contact.queuedFrom).min() }

  /// Of one team, or of all: how many are past their time, and when the oldest of them was received.
  func overdue(of team: TeamID?, at now: Instant) -> (count: Int, oldest: Instant?) {
    let due = waiting.values.filter { one in
      (team == nil || one.contact.facts.team == team) && one.contact.due.at <= now
    }
    return (due.count, due.map(\.contact.facts.receivedAt).min())
  }
}

extension Entry {
  /// Outside of a contact's own stream: a word about those that wait, or that something came and was no news.
  var tellsOfFrontDoor: Bool {
    switch event {
    case .attemptBegan(_, _, _, let opening): opening?.message == .reviewDue
    case let event: stream == .daemon && event.isFeed
    }
  }
}

extension Event {
  /// Whether it shows that somebody tells of what happens at the front door.
  fileprivate var isFeed: Bool {
    switch self {
    case .contactReceived, .contactAmended, .contactOutcome, .feedHeard: true
    case .convened, .rescheduled, .acknowledged, .contributionRecorded, .declined, .held, .decided, .circulated,
      .closingMoved, .cancelled, .closed, .detailsSent, .telephoned, .barrierProposed, .barrierNamed, .receiptRecorded,
      .absenceSettled, .conferenceHeld, .followUpDone, .clockStarted, .clockMoved, .clockStopped, .ladderPlanned,
      .policyPinned,
      .placeSkipped, .rungsPassed, .attemptBegan, .attemptEnded, .attemptLost, .reminderExpired, .resendRequested,
      .routeStopped, .routeEnabled, .policyAdopted, .calendarAdopted, .started, .stopping, .clockStepped, .paused,
      .resumed, .contributionConfirmed, .handedOver, .acknowledgementLapsed, .rotaSet, .snapshotTaken, .coverSet,
      .breakAccepted,
      .erased, .contactReviewed, .reviewMoved, .corrected:
      false
    }
  }
}
