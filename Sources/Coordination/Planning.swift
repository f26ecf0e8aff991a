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
  private enum Answering {
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
      case .arranged(let arrangements, let policies): adopt(arrangements, policies)
      case .stopping: stop()
      case .request(let request, let ticket, let admitted):
        do throws(Refusal) {
          answers.append((ticket, try carryOut(request, admitted)))
        } catch {
          answers.append((ticket, .reply(.refused(error))))
        }
      }
    }
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

  // MARK: - Requests

  /// What the docket does not hold is seen by this turn.
  mutating func admit(_ admitted: Input.Admitted) {
    for discussion in admitted.earlier + (admitted.discussion.map { [$0] } ?? [])
    where self.discussion(discussion.id) == nil {
      turn.discussions[discussion.id] = discussion
    }
    if let known = admitted.contact, contact(known.id) == nil { turn.contacts[known.id] = known }
  }

  /// A step of a row of an import, as if it had been asked for by itself.
  mutating func carryOut(
    _ step: ImportRow.Step, of request: Request, _ admitted: Input.Admitted
  ) throws(Refusal) {
    let change: Request.Change =
      switch step {
      case .convene(let id, let convene, let firstBody): .convene(id, convene, firstBody: firstBody)
      case .change(let id, let command): .change(id, command)
      case .contact(let id, let command): .contact(id, command)
      }
    _ = try carryOut(Request(change, actor: request.actor), admitted)
  }

  private mutating func carryOut(_ request: Request, _ admitted: Input.Admitted) throws(Refusal) -> Answering {
    guard !isStopping else { throw .stopping }
    admit(admitted)
    switch request.change {
    case .convene(let id, let convene, let firstBody):
      // A new reference is all that helps: that stream cannot begin again.
      if admitted.isBeheaded { throw .differentFirstBody }
      if let known = discussion(id) {
        guard known.firstBody == firstBody else { throw .differentFirstBody }
        try match(request, known.revision)
        return .document(id, created: false, replayed: true)
      }
      try match(request, nil)
      let events = try decide(
        convene: convene, firstBody: firstBody, now: now, circumstances(of: request),
        engagements: convene.meeting == .earliest ? engagements : [])
      recordAll(events, id, request)
      return .document(id, created: true, replayed: false)
    case .change(let id, let command):
      guard let known = discussion(id), let policy = policies[known.policy] else { throw .notFound }
      if try isReplay(request, known.marks) { return .document(id, created: false, replayed: true) }
      try match(request, known.revision)
      let entries =
        admitted.entries + (admitted.entries.isEmpty ? [] : turn.entries.filter { $0.stream == .discussion(id) })
      recordAll(
        try known.decide(command, now: now, policy: policy, circumstances(of: request), entries: entries), id, request)
      takeOverConference(by: id, request)
      return .document(id, created: false, replayed: false)
    case .contact(let id, let command):
      let (created, replayed) = try carryOut(command, on: id, request, admitted)
      return .contact(id, created: created, replayed: replayed)
    case .resend(let reminder): return try resend(reminder, request, admitted)
    case .ping(let agency, let route): return .reply(try ping(agency, route, request))
    case .enable(let agency, let route): return .reply(try enable(agency, route, request))
    case .pause(let until, let reason): return .reply(try setPause(until: until, reason, request))
    case .resume: return .reply(try resume(request))
    case .setRota(let agency, let entries): return .reply(try setRota(agency, entries, request))
    case .cover(let agency, let cover): return .reply(try self.cover(agency, cover, request))
    case .imports(let rows): return .reply(.imported(carryOut(rows, request, admitted)))
    case .keepReport(let wish): return .reply(try keep(wish, request))
    }
  }

  func match(_ request: Request, _ revision: Int?) throws(Refusal) {
    if let wanted = request.ifMatch, wanted != revision { throw .revisionMismatch(current: revision) }
  }

  private var circumstances: Circumstances {
    Circumstances(policies: policies, offered: turn.offered ?? docket.offered, arrangements: arrangements)
  }

  /// With the discussions before it, as this turn sees them.
  private func circumstances(of request: Request) -> Circumstances {
    var circumstances = circumstances
    circumstances.earlier = earlier(than: request.followed(discussion))
    return circumstances
  }

  private func earlier(than first: DiscussionID?) -> [Discussion] {
    var (earlier, next): ([Discussion], DiscussionID?) = ([], first)
    while let id = next, earlier.count < Request.longestSequence, let discussion = discussion(id) {
      earlier.append(discussion)
      next = discussion.convene.follows
    }
    return earlier
  }

  /// Where the conference counts here now, its clock goes on here: one enquiry is not late twice.
  private mutating func takeOverConference(by id: DiscussionID, _ request: Request) {
    guard let discussion = discussion(id), discussion.awaitsConference, let decidedAt = discussion.decision?.decidedAt
    else { return }
    for other in earlier(than: request.followed(self.discussion)) where other.awaitsConference {
      record(.discussion(other.id), .clockStopped(.c5, occurred: decidedAt), actor: request.actor)
      touch(other.id)
    }
  }

  /// What keeps the agencies busy, what this turn has convened before included.
  private var engagements: [Engagement] {
    docket.discussions.values.filter { turn.discussions[$0.id] == nil }.compactMap(\.engagement)
      + turn.discussions.values.compactMap(\.engagement)
  }

  /// The first entry of a request carries its idempotency key, all of them its actor.
  private mutating func recordAll(_ events: [Event], _ id: DiscussionID, _ request: Request) {
    for (index, event) in events.enumerated() {
      record(.discussion(id), event, actor: request.actor, mark: index == 0 ? request.mark : nil)
      if let agency = event.answeringAgency { turn.lastAnswered[agency] = now }
    }
    touch(id)
  }

  /// Whether an earlier request with the same key and body did the work.
  func isReplay(_ request: Request, _ marks: [IdempotencyMark]) throws(Refusal) -> Bool {
    guard let mark = request.mark, let earlier = marks.first(where: { $0.key == mark.key }) else { return false }
    guard earlier.body == mark.body else { throw .keyReused }
    return true
  }

  private mutating func resend(
    _ reminder: ReminderID, _ request: Request, _ admitted: Input.Admitted
  ) throws(Refusal) -> Answering {
    guard let id = docket.discussion(with: reminder), let discussion = discussion(id), !discussion.isFinished,
      let known = discussion.reminders.first(where: { $0.id == reminder }), let body = known.body ?? admitted.body
    else { throw .reminderNotFound }
    if try isReplay(request, discussion.marks) { return .document(id, created: false, replayed: true) }
    try match(request, discussion.revision)
    guard !known.isUnderWay, known.stopAfter > now, !discussion.isMoot(known) else { throw .moot }
    record(.discussion(id), .resendRequested(reminder, next: now, body: body), actor: request.actor, mark: request.mark)
    touch(id)
    return .document(id, created: false, replayed: false)
  }

  /// What an earlier request with the same key was answered, for those that belong to no discussion.
  func answered(_ request: Request) throws(Refusal) -> Reply? {
    guard let mark = request.mark,
      let earlier = turn.answered.last(where: { $0.key == mark.key })?.answer ?? docket.answered[mark.key]
    else { return nil }
    guard earlier.body == mark.body else { throw .keyReused }
    return earlier.replay(arrangements.rota)
  }

  mutating func remember(_ mark: IdempotencyMark?, _ done: Answered.Done) {
    if let mark { turn.answered.append((mark.key, Answered(body: mark.body, done: done))) }
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

  private mutating func adopt(_ settings: Arrangements, _ offered: [Policy]) {
    var arrangements = settings
    // The settings know of no rota: it stays as it is.
    arrangements.rota = self.arrangements.rota
    turn.arrangements = arrangements
    turn.offered = Set(offered.map(\.id))
    let zone = arrangements.calendar.zone.name
    let calendar = AdoptedCalendar(
      zone: zone, holidays: arrangements.calendar.holidays, working: arrangements.calendar.working)
    if calendar != turn.adoptedCalendar ?? docket.adoptedCalendar {
      record(.calendar, .calendarAdopted(zone: zone, holidays: calendar.holidays, working: calendar.working))
      turn.adoptedCalendar = calendar
    }
    for policy in offered {
      let latest = policies.latest(policy.id)
      if let latest, policies[latest] == policy { continue }
      let ref = PolicyRef(id: policy.id, edition: (latest?.edition ?? 0) + 1)
      record(.policy, .policyAdopted(policy, ref))
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
    guard reminder.pursuesAnswer else { return phase != .scheduled }
    let tellsTheEnd = reminder.message == .concluded || reminder.step == Rung.untold
    let isInTime = tellsTheEnd ? phase.isOpen : phase == .scheduled
    return !isInTime || !(position(reminder.agency)?.isPursued ?? false)
  }
}
