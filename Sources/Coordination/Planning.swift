// A turn in the making: outcomes first, then requests as they came, then due work once. Each input is atomic: a refusal adds
// nothing. All reads go through the overlay, so that a later input sees what an earlier one of the same turn did.
import Convening
import Wire

extension Docket {
  /// What these inputs, and what is due, come to at this moment. Nothing has happened yet.
  ///
  /// - Parameter forOutcomesAlone: nothing new is begun, since there may be no room to record how it ends.
  public func plan(_ inputs: [Input], at now: Instant, forOutcomesAlone: Bool = false) -> Turn {
    var planning = Planning(docket: self, now: now)
    planning.turn.isForOutcomes = forOutcomesAlone
    planning.take(inputs)
    return planning.finished()
  }
}

struct Planning {
  let docket: Docket
  let now: Instant
  var turn: Turn
  /// Discussions that this turn has to look at, in order.
  private var touched: [DiscussionID] = []
  private var answers: [(ticket: Int, answer: Answering)] = []

  /// A reply in the making: the document is taken when the turn is whole.
  enum Answering {
    case reply(Reply)
    case document(DiscussionID, created: Bool, replayed: Bool)
    case contact(ContactID, created: Bool, replayed: Bool)
  }

  init(docket: Docket, now: Instant) {
    (self.docket, self.now) = (docket, now)
    turn = Turn(
      counters: docket.counters, lots: docket.lots, seq: docket.seq, head: docket.head, inFlight: docket.inFlight)
  }

  mutating func take(_ inputs: [Input]) {
    for input in inputs {
      if case .attemptEnded(let matter, let id, let attempt, let answer) = input { end(matter, id, attempt, answer) }
    }
    for input in inputs {
      switch input {
      case .attemptEnded: continue
      case .revisited(let id, let closed): revisit(id, closed)
      case .started(let version): start(version)
      case .clockStepped(let step): stepClock(step)
      case .breakAccepted(let accepted): record(.daemon, .breakAccepted(accepted))
      case .arranged(let arrangements, let policies, let actor, let ticket):
        adopt(arrangements, policies, by: actor)
        if let ticket { answers.append((ticket, .reply(.arranged))) }
      case .stopping: stop()
      case .request(let request, let ticket, let admitted):
        do throws(Refusal) {
          answers.append((ticket, try carryOut(request, admitted)))
        } catch {
          answers.append((ticket, .reply(.refused(error))))
        }
      }
    }
    hearFeed()
    endPause()
    loseSilentLetters()
    if !turn.isForOutcomes { workOnWhatIsDue() }
  }

  private mutating func workOnWhatIsDue() {
    for id in docket.outdated.prefix(docket.limits.replansPerTurn) { replan(id) }
    turn.replanned = min(docket.outdated.count, docket.limits.replansPerTurn)
    handOverWhatWaits()
    tellSuccessors()
    moveReviews()
    retryLetters()
    sayWhatWaits()
    // Who waited longest for a slot goes first; what ends in the work below frees slots for the rest.
    serveQueues()
    var looked: Set<DiscussionID> = []
    for id in touched + docket.ready.prefix(docket.limits.duePerTurn) where looked.insert(id).inserted { work(on: id) }
    // An attempt that was lost gave its slot back just now: a queue that never ends must not be all that sees it.
    sayWhatWaits()
    serveQueues()
  }

  func finishedReplies() -> [(ticket: Int, reply: Reply)] {
    answers.map { ticket, answer in
      switch answer {
      case .reply(let reply): return (ticket, reply)
      case .document(let id, let created, let replayed):
        guard let discussion = discussion(id), let policy = policies[discussion.policy] else {
          return (ticket, .refused(.notFound))
        }
        return (ticket, .discussion(discussion, policy, created: created, replayed: replayed))
      case .contact(let id, let created, let replayed):
        guard let contact = contact(id) else { return (ticket, .refused(.contactNotFound)) }
        return (ticket, .contact(contact, created: created, replayed: replayed))
      }
    }
  }

  mutating func finished() -> Turn {
    turn.replies = finishedReplies()
    turn.rows = changedRows()
    turn.contactRows = changedContactRows()
    return turn
  }

  /// Also of one that was only read: the same row again changes nothing.
  private func changedContactRows() -> [ContactRow] {
    turn.contacts.values.map(\.row).sorted { $0.id < $1.id }
  }

  private func changedRows() -> [Rows] {
    turn.relisted.sorted().compactMap { id in
      turn.discussions[id].flatMap { discussion in policies[discussion.policy].map { discussion.rows(under: $0) } }
    }
  }

  // MARK: - The state as this turn sees it

  func discussion(_ id: DiscussionID) -> Discussion? { turn.discussions[id] ?? docket.discussions[id] }
  func endpoint(_ route: RouteName) -> EndpointLoad {
    turn.endpoints[route] ?? docket.endpoints[route] ?? EndpointLoad(most: docket.limits.perEndpoint)
  }
  /// Lent, since a copy for each step that is looked at would be dear.
  var arrangements: Arrangements {
    _read { if let adopted = turn.arrangements { yield adopted } else { yield docket.arrangements } }
  }
  var policies: Policies { turn.policies ?? docket.policies }
  var stopped: Set<RouteName> { turn.stopped ?? docket.stopped }
  var clock: ClockAftermath { turn.clock ?? docket.clock }
  var letters: Letters { turn.letters ?? docket.letters }
  var pause: Pause? { if let pause = turn.pause { pause } else { docket.pause } }
  var isStopping: Bool { turn.isStopping || docket.isStopping }

  mutating func touch(_ id: DiscussionID) { touched.append(id) }

  // MARK: - Recording

  /// One event: its line is sealed and chained, its discussion moves on.
  mutating func record(_ stream: Stream, _ event: Event, actor: Actor? = nil, mark: IdempotencyMark? = nil) {
    let revision: Int
    // As it is before the event.
    var known: Discussion?
    if case .discussion(let id) = stream {
      known = discussion(id)
      revision = (known?.revision ?? 0) + 1
      if event.changesRows(of: known) { turn.relisted.insert(id) }
    } else if case .frontDoor(let id) = stream {
      revision = (contact(id)?.revision ?? 0) + 1
    } else {
      revision = (turn.revisions[stream] ?? docket.revisions[stream] ?? 0) + 1
      turn.revisions[stream] = revision
    }
    let entry = Entry(stream: stream, revision: revision, at: now, actor: actor, mark: mark, event: event)
    turn.counters.count(event, of: known)
    known = nil
    turn.entries.append(entry)
    turn.seq += 1
    if !docket.isForesight { seal(entry) }
    if case .discussion(let id) = stream {
      if turn.discussions[id] == nil { turn.discussions[id] = docket.discussions[id] }
      evolve(&turn.discussions[id], entry)
    } else if case .agency = stream {
      var letters = letters
      letters.take(entry)
      turn.letters = letters
    }
    fold(atFrontDoor: entry)
  }

  private mutating func seal(_ entry: Entry) {
    let line = JournalLine.encode(entry)
    let salt = Salt(using: &turn.lots)
    let digest = Chain.digest(salt, line)
    turn.head = Chain.link(turn.head, digest)
    turn.lines.append(
      SealedLine(
        seq: turn.seq, stream: entry.stream.description, revision: entry.revision, line: line, salt: salt,
        digest: digest, chain: turn.head))
  }

  mutating func record(_ id: DiscussionID, _ event: Event, about agency: AgencyID? = nil) {
    if let agency { turn.about[turn.entries.count] = agency }
    record(.discussion(id), event)
  }

  // MARK: - The process, its settings

  private mutating func start(_ version: String) {
    record(.daemon, .started(version: version))
    for discussion in docket.discussions.values.sorted(by: { $0.id < $1.id }) {
      for reminder in discussion.reminders {
        if reminder.isUnderWay { lose(reminder, of: discussion.id) }
      }
    }
    for letter in letters.inOrder where letter.isUnderWay { lose(letter) }
  }

  /// Reminders go; who has not answered is given two minutes of true time before the next step.
  private mutating func stepClock(_ step: Elapsed) {
    let from = step > ClockWatch.harmless ? now + ClockWatch.escalationsWait : nil
    record(.daemon, .clockStepped(by: step, escalationsFrom: from))
    turn.clock = ClockAftermath(
      step: step, escalationsFrom: from ?? clock.escalationsFrom, lossesFrom: now + Retry.lostAfter)
  }

  private mutating func stop() {
    turn.isStopping = true
    record(.daemon, .stopping)
  }

  private mutating func adopt(_ settings: Arrangements, _ offered: [Policy], by actor: Actor?) {
    var arrangements = settings
    // The settings know of no rota: it stays as it is.
    arrangements.rota = self.arrangements.rota
    turn.arrangements = arrangements
    turn.offered = Set(offered.map(\.id))
    let zone = arrangements.calendar.zone.name
    let calendar = AdoptedCalendar(
      zone: zone, holidays: arrangements.calendar.holidays, working: arrangements.calendar.working)
    if calendar != turn.adoptedCalendar ?? docket.adoptedCalendar {
      record(
        .calendar, .calendarAdopted(zone: zone, holidays: calendar.holidays, working: calendar.working), actor: actor)
      turn.adoptedCalendar = calendar
    }
    for policy in offered {
      let latest = policies.latest(policy.id)
      if let latest, policies[latest] == policy { continue }
      let ref = PolicyRef(id: policy.id, edition: (latest?.edition ?? 0) + 1)
      record(.policy, .policyAdopted(policy, ref), actor: actor)
      var adopted = policies
      adopted.adopt(policy, as: ref)
      turn.policies = adopted
    }
  }

  /// What is closed is late by the bank holidays that are in force, as all else is.
  private mutating func revisit(_ id: DiscussionID, _ closed: Discussion?) {
    turn.revisited.append(id)
    guard let discussion = discussion(id) ?? closed, let policy = policies[discussion.policy] else { return }
    turn.discussions[id] = discussion
    for event in discussion.moved(under: policy, in: arrangements.calendar) { record(id, event) }
  }

  private mutating func replan(_ id: DiscussionID) {
    // Its steps may belong to other hours.
    touch(id)
    let isOld = discussion(id).map { $0.phase == .scheduled && policies.latest($0.policy.id) != $0.policy } ?? false
    // Another edition counts the clocks anew in any case: none moves twice.
    if !isOld, let discussion = discussion(id), let policy = policies[discussion.policy] {
      let moved = discussion.moved(under: policy, in: arrangements.calendar)
      for event in moved { record(id, event) }
    }
    guard let discussion = discussion(id), discussion.phase == .scheduled,
      let ref = policies.latest(discussion.policy.id), ref != discussion.policy, let policy = policies[ref]
    else { return }
    for event in discussion.replan(under: policy, ref, in: arrangements.calendar, now: now) { record(id, event) }
  }
}

extension Docket {
  /// The open discussion that a reminder belongs to. A scan: asked only when a person wants one sent again.
  public func discussion(with reminder: ReminderID) -> DiscussionID? {
    discussions.values.first { $0.reminders.contains { $0.id == reminder } }?.id
  }
}

extension Discussion {
  /// What the reminder was for is over: an answer, the decision, the meeting.
  func isMoot(_ reminder: Reminder) -> Bool {
    if reminder.isOvertaken { return true }
    if phase == .cancelled { return reminder.message != .cancelled }
    if reminder.message == .answered {
      return phase != .scheduled || position(reminder.agency)?.declined == nil
    }
    if reminder.step == Rung.undecided { return !awaitsDecisionAlone }
    guard reminder.pursuesAnswer else { return phase != .scheduled }
    let isInTime =
      switch reminder.step {
      case Rung.untold: isDecided
      case Rung.daily: isUndecided
      default: reminder.message == .concluded ? isDecided : phase == .scheduled
      }
    return !isInTime || !(position(reminder.agency)?.isPursued ?? false)
  }
}
