// All that is open, and what must happen next. `plan` looks at the state, the inputs and the moment and says what to append
// and what to do; `apply` makes it so once the append is durable. It reads no clock, no file, no socket, and draws only from
// its own generator, so that the simulation drives exactly this.
import Collections
import Convening
import Wire

public struct Docket: Sendable {
  public let limits: Limits
  public private(set) var discussions: [DiscussionID: Discussion] = [:]
  public private(set) var policies = Policies()
  public private(set) var arrangements: Arrangements
  public private(set) var stopped: Set<RouteName> = []
  public private(set) var snapshots = Snapshots()
  public private(set) var seq = 0
  public private(set) var head = Hash256.zero
  /// The policies that the settings name: what is convened comes under one of them.
  private(set) var offered: Set<PolicyID> = []
  private(set) var endpoints: [RouteName: EndpointLoad] = [:]
  /// Discussions with something due for an endpoint that has no slot, oldest first.
  private(set) var queues: [RouteName: Deque<DiscussionID>] = [:]
  /// Since when each of them stands in which of these, in this process.
  private(set) var waiting: [DiscussionID: [(route: RouteName, since: Instant)]] = [:]
  private(set) var letters = Letters()
  private(set) var reviewQueue = ReviewQueue()
  /// What falls due at the front door if nothing happens, earliest first.
  private(set) var reviewWords: [ReviewQueue.Word] = []
  /// When to look at those next.
  private var reviewLook: Instant?
  /// Keyed requests that belong to no discussion: pings, routes enabled.
  private(set) var answered = RememberedAnswers()
  private(set) var revisions: [Stream: Int] = [:]
  private(set) var adoptedCalendar: AdoptedCalendar?
  private(set) var inFlight = 0
  private(set) var isStopping = false
  private(set) var pause: Pause?
  private(set) var clock = ClockAftermath()
  private(set) var lots: Lots
  private(set) var counters = Counters()
  private(set) var lastAnswered: [AgencyID: Instant] = [:]
  private(set) var pulse = Pulse()
  private(set) var handovers = Handovers()

  /// When each discussion is looked at next, whatever for.
  private var looks = Agenda()
  /// When each has something to send next.
  private(set) var sendings = Agenda()
  /// Those whose time has come and that no turn has looked at yet.
  private(set) var ready: Deque<DiscussionID> = []
  /// Scheduled discussions whose policy has a newer edition, those of which the calendar moves a clock or the closing, and
  /// those with a step that other hours move.
  private(set) var outdated: Deque<DiscussionID> = []

  /// Contacts that wait and are due at another moment by the calendar and the settings.
  private(set) var outdatedContacts: Deque<ContactID> = []
  /// Of closed discussions, which are not held here.
  private(set) var dormant = DormantClocks()

  /// Nobody writes what it plans.
  private(set) var isForesight = false
  /// While replaying: the discussion that the last entry finished.
  private var fading: DiscussionID?
  /// While replaying: when the last entry was recorded.
  private var lastRecorded: Instant?

  public init(arrangements: Arrangements, limits: Limits = Limits(), lots: Lots = Lots()) {
    (self.arrangements, self.limits, self.lots) = (arrangements, limits, lots)
  }

  /// A docket that looks ahead: what it plans is never written, so that no line is made of it.
  init(foreseeing arrangements: Arrangements) {
    self.init(arrangements: arrangements, lots: Lots(seed: 0))
    isForesight = true
  }

  /// A docket that holds one discussion and nothing else, to look into its future.
  init(
    holding discussion: Discussion, policies: Policies, arrangements: Arrangements, stopped: Set<RouteName>,
    pause: Pause?, at now: Instant
  ) {
    self.init(foreseeing: arrangements)
    (self.policies, self.stopped, self.pause) = (policies, stopped, pause)
    discussions[discussion.id] = discussion
    handovers.replace(nil, with: discussion, arrangements, stopped, at: now)
    handovers.settle(arrangements, at: now)
    schedule(discussion.id, after: nil)
    findOutdated(at: now)
  }

  var circumstances: Circumstances {
    Circumstances(policies: policies, offered: offered, arrangements: arrangements)
  }

  // MARK: - What happens next

  /// The next moment at which there is something to do without anybody asking; nil in a docket at rest.
  public var attention: Instant? {
    if !ready.isEmpty || !outdated.isEmpty || !outdatedContacts.isEmpty || !dormant.outdated.isEmpty
      || hasServableQueue
    {
      return Instant(milliseconds: 0)
    }
    return [looks.next, letterAttention, pause?.until, handoverAttention, reviewLook].compactMap(\.self).min()
  }

  /// Somebody waits for a slot that is free: the last turn did not get to them.
  private var hasServableQueue: Bool {
    !isStopping && inFlight < limits.inFlight
      && queues.contains { !$1.isEmpty && (endpoints[$0] ?? EndpointLoad(most: limits.perEndpoint)).hasRoom }
  }

  /// Moves what is due into the order of work; at most so many as a turn looks at.
  public mutating func gatherDue(at now: Instant) {
    handovers.gatherDue(discussions, arrangements, stopped, at: now)
    while ready.count < limits.duePerTurn, let id = looks.takeDue(at: now) { ready.append(id) }
  }

  /// The turn was appended: it is now the state.
  public mutating func apply(_ turn: Turn, at now: Instant) {
    if let policies = turn.policies { self.policies = policies }
    if let arrangements = turn.arrangements { self.arrangements = arrangements }
    if let offered = turn.offered { self.offered = offered }
    if let stopped = turn.stopped { self.stopped = stopped }
    if let calendar = turn.adoptedCalendar { adoptedCalendar = calendar }
    if let snapshots = turn.snapshots { self.snapshots = snapshots }
    if turn.isStopping { isStopping = true }
    if let pause = turn.pause { self.pause = pause }
    if let clock = turn.clock { self.clock = clock }
    (seq, head, lots, inFlight, counters) = (turn.seq, turn.head, turn.lots, turn.inFlight, turn.counters)
    revisions.merge(turn.revisions) { $1 }
    endpoints.merge(turn.endpoints) { $1 }
    lastAnswered.merge(turn.lastAnswered) { max($0, $1) }
    if let letters = turn.letters { self.letters = letters }
    for (key, answer) in turn.answered { answered.remember(answer, of: key, most: limits.rememberedAnswers) }
    for (route, change) in turn.queues {
      queues[route, default: []].removeFirst(change.taken)
      queues[route, default: []].append(contentsOf: change.added)
      for id in change.takenIDs where !change.adds(id) { leave(route, id) }
      for id in change.added where waiting[id]?.contains(where: { $0.route == route }) != true {
        waiting[id, default: []].append((route, now))
      }
      if queues[route]?.isEmpty ?? false { queues[route] = nil }
    }
    if !turn.isForOutcomes { ready.removeFirst(min(ready.count, limits.duePerTurn)) }
    outdated.removeFirst(turn.replanned)
    dormant.looked(at: turn.revisited)
    for discussion in turn.discussions.values { dormant.replace(discussion) }
    handovers.take(turn)
    // In one order, since what waits for its turn waits in the order in which it is found.
    for id in turn.discussions.keys.sorted() {
      guard let discussion = turn.discussions[id] else { continue }
      handovers.replace(
        discussions[id], with: discussion.isFinished ? nil : discussion, arrangements, self.stopped, at: now)
    }
    for (id, discussion) in turn.discussions {
      pulse.replace(discussions[id], with: discussion.isFinished ? nil : discussion)
      discussions[id] = discussion.isFinished ? nil : discussion
    }
    // What has changed, and what has come to its time without changing: an agency that is silent still.
    for id in turn.worked.union(turn.discussions.keys) { look(at: id, now) }
    // Whoever was to be asked next may be gone, or there again.
    if turn.stopped != nil || turn.arrangements != nil { for id in pulse.needy { look(at: id, now) } }
    for id in turn.worked.union(turn.settled) { schedule(id, after: now) }
    // What waited for the clock that was may wait no more: everything is looked at again.
    // What a pause held back neither.
    if turn.clock != nil || turn.pause == .some(nil) { lookAtEverything() }
    if turn.clock != nil {
      for id in discussions.keys.sorted() {
        handovers.replace(nil, with: discussions[id], arrangements, stopped, at: now)
      }
    }
    if turn.clock != nil || turn.arrangements != nil || turn.stopped != nil {
      handovers.lookAtAll(discussions, arrangements, stopped, at: now)
    } else {
      handovers.settle(arrangements, at: now)
    }
    if turn.policies != nil || turn.adoptedCalendar != nil || turn.arrangements != nil || turn.clock != nil {
      findOutdated(at: now)
    }
    lookAtFrontDoor(after: turn, now)
  }

  private mutating func leave(_ route: RouteName, _ id: DiscussionID) {
    waiting[id]?.removeAll { $0.route == route }
    if waiting[id]?.isEmpty ?? false { waiting[id] = nil }
  }

  private mutating func lookAtFrontDoor(after turn: Turn, _ now: Instant) {
    outdatedContacts.removeFirst(turn.movedContacts)
    if let queue = turn.reviewQueue { reviewQueue = queue }
    if turn.arrangements != nil { findOutdatedContacts() }
    if turn.reviewQueue != nil || turn.arrangements != nil { reviewWords = reviewQueue.words(arrangements) }
    reviewLook = isStopping ? nil : reviewAttention(after: now)
  }

  private mutating func findOutdatedContacts() {
    outdatedContacts = Deque(
      reviewQueue.waiting.values.filter {
        $0.contact.moved(under: arrangements.frontDoor, in: arrangements.calendar) != nil
      }.map(\.contact.id).sorted())
  }

  /// Who of it needs a person.
  private mutating func look(at id: DiscussionID, _ now: Instant) {
    guard let discussion = discussions[id] else { return }
    pulse.look(at: discussion, policies[discussion.policy], arrangements, stopped, now)
  }

  /// Every discussion is looked at again: turns passed in which none was, or the clock is another.
  mutating func lookAtEverything() { for id in discussions.keys { schedule(id, after: nil) } }

  private mutating func schedule(_ id: DiscussionID, after now: Instant?) {
    guard let discussion = discussions[id] else {
      looks.forget(id)
      sendings.forget(id)
      return
    }
    let next = discussion.next(after: now)
    looks.set(id, convenedAt: discussion.convenedAt, at: look(at: discussion, next.look, after: now))
    sendings.set(id, convenedAt: discussion.convenedAt, at: next.sending)
  }

  private mutating func findOutdated(at now: Instant) {
    outdated = Deque(
      discussions.values.filter { discussion in
        if discussion.phase == .scheduled, policies.latest(discussion.policy.id) != discussion.policy { return true }
        guard let policy = policies[discussion.policy] else { return false }
        return !discussion.moved(under: policy, in: arrangements.calendar).isEmpty
          || discussion.positions.indices.contains {
            discussion.rungsWithinHours(at: $0, under: policy, arrangements, now: now) != nil
          }
      }.map(\.id).sorted())
    dormant.findOutdated(policies, arrangements.calendar)
  }

  /// The closed discussions that the next turn has to look at again: it is given each as `Input.revisited`.
  public var revisits: [DiscussionID] { Array(dormant.outdated.prefix(limits.revisitsPerTurn)) }

  /// Clocks that have passed and still run, of open and of closed discussions.
  public func clocksPassed(at now: Instant) -> [PassedClock] {
    let open = discussions.values.flatMap { discussion in
      discussion.clocksToKeep.filter { $0.stopped == nil && $0.due <= now }.map { PassedClock(discussion.id, $0) }
    }
    return (open + dormant.passed(at: now)).sorted { ($0.due, $0.discussion) < ($1.due, $1.discussion) }
  }

  /// Clocks of closed discussions that run, or have stopped too late.
  public var closedClocks: [DiscussionClocks] { dormant.all }

  // MARK: - Replay

  /// One line of the journal, in its order; what could not be read has thrown before. Nothing is planned and nothing is woken
  /// until `replayed`.
  public mutating func replay(_ reading: Reading, as line: SealedLine) {
    (seq, head) = (line.seq, line.chain)
    guard case .entry(let entry) = reading else { return pass(line) }
    switch entry.stream {
    case .discussion(let id):
      // What is cancelled has its notices planned by the entries that follow: it is forgotten when another stream's comes.
      if let fading, fading != id { forget(fading) }
      if discussions[id] == nil { dormant.take(entry, of: id) }
      discussions[id] = evolve(discussions[id], entry)
      fading = discussions[id].flatMap { $0.isFinished ? id : nil }
    case .frontDoor(let id): reviewQueue.take(entry, FrontDoorContact.evolved(reviewQueue[id], entry))
    case .agency, .policy, .calendar, .daemon, .audit, .report:
      revisions[entry.stream] = entry.revision
      reviewQueue.take(entry, nil)
    }
    note(entry)
    letters.take(entry)
    lastRecorded = entry.at
  }

  private mutating func forget(_ id: DiscussionID) {
    if let discussion = discussions.removeValue(forKey: id) { dormant.replace(discussion) }
  }

  /// What an entry said is gone; its place in its stream is not.
  private mutating func pass(_ line: SealedLine) {
    guard let stream = Stream(line.stream) else { return }
    switch stream {
    case .discussion(let id): discussions[id] = discussions[id]?.passing(revision: line.revision)
    case .frontDoor(let id): reviewQueue.pass(id, revision: line.revision)
    case .agency, .policy, .calendar, .daemon, .audit, .report: revisions[stream] = line.revision
    }
  }

  private mutating func note(_ entry: Entry) {
    let discussion: Discussion? = if case .discussion(let id) = entry.stream { discussions[id] } else { nil }
    handovers.note(entry, discussion)
    if let (agency, at) = entry.event.answer { lastAnswered[agency] = max(lastAnswered[agency] ?? at, at) }
    switch entry.event {
    case .policyAdopted(let policy, let ref): policies.adopt(policy, as: ref)
    case .calendarAdopted(let zone, let holidays, let working):
      adoptedCalendar = AdoptedCalendar(zone: zone, holidays: holidays, working: working)
    case .rotaSet(let entries):
      if case .agency(let agency) = entry.stream { arrangements.rota.set(entries, of: agency, at: entry.at) }
    case .coverSet(let cover):
      guard case .agency(let agency) = entry.stream else { break }
      arrangements.rota.take(cover, of: agency, at: entry.at)
      note(entry.mark, .covered(agency))
    case .routeStopped(let route): stopped.insert(route)
    case .routeEnabled(let route):
      if stopped.remove(route) != nil { endpoints[route] = EndpointLoad(most: limits.perEndpoint) }
      note(entry.mark, .enabled(route))
    case .attemptBegan(let id, _, let route, _):
      note(entry.mark, .pinged(id, route))
    case .attemptEnded(let id, _, let answer, _):
      if let route = route(of: id, in: entry.stream) {
        endpoints[route, default: EndpointLoad(most: limits.perEndpoint)].remember(answer, at: entry.at)
      }
    case .paused(let until, _):
      pause = Pause(until: until)
      note(entry.mark, .paused(until: until))
    case .resumed:
      pause = nil
      note(entry.mark, .resumed)
    case .clockStepped(_, let from): clock.escalationsFrom = from ?? clock.escalationsFrom
    case .snapshotTaken: snapshots.take(entry)
    case .convened, .rescheduled, .acknowledged, .contributionRecorded, .contributionConfirmed, .declined, .held,
      .decided, .circulated, .closingMoved, .detailsSent, .telephoned, .barrierProposed, .barrierNamed,
      .absenceSettled, .corrected, .receiptRecorded, .conferenceHeld, .followUpDone, .clockStarted, .clockMoved,
      .clockStopped,
      .handedOver,
      .acknowledgementLapsed, .cancelled, .closed, .ladderPlanned, .policyPinned, .placeSkipped, .rungsPassed,
      .attemptLost, .reminderExpired, .resendRequested, .started, .stopping, .breakAccepted, .erased, .contactReceived,
      .contactAmended, .contactOutcome, .contactReviewed, .reviewMoved, .feedHeard:
      break
    }
  }

  private mutating func note(_ mark: IdempotencyMark?, _ done: Answered.Done) {
    guard let mark else { return }
    answered.remember(Answered(body: mark.body, done: done), of: mark.key, most: limits.rememberedAnswers)
  }

  private func route(of reminder: ReminderID, in stream: Stream) -> RouteName? {
    guard case .discussion(let id) = stream else { return letters[reminder]?.route }
    return discussions[id]?.reminders.last { $0.id == reminder }?.route
  }

  /// The journal has been read to its end.
  public mutating func replayed(at now: Instant) {
    if let fading { forget(fading) }
    fading = nil
    pulse = Pulse()
    for discussion in discussions.values {
      pulse.replace(nil, with: discussion)
    }
    handovers.press()
    if let lastRecorded { handovers.begin(after: lastRecorded, at: now) }
    for id in discussions.keys { look(at: id, now) }
    for id in discussions.keys.sorted() {
      schedule(id, after: nil)
      handovers.replace(nil, with: discussions[id], arrangements, stopped, at: now)
    }
    handovers.settle(arrangements, at: now)
    findOutdated(at: now)
    findOutdatedContacts()
    reviewWords = reviewQueue.words(arrangements)
    reviewLook = reviewWords.first?.due
  }

  // MARK: - What the convenor tells

  /// How many seconds a commit took.
  mutating func observe(commit seconds: Double) { counters.commit.observe(seconds) }

  /// It is stopping, and nothing is under way any more.
  var isQuiet: Bool { isStopping && inFlight == 0 }
}
