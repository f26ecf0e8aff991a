// A whole daemon in a made-up world: the docket that ships, a virtual clock that drifts and is set, a journal that is full
// at times, a process that crashes before and after a write, receivers of every mood and people who do what people do.
// Everything is drawn from one seed: the same seed is the same run, to the last hash. Time jumps from event to event.
//
// One seed again, with its last steps: CONVENED_SEED=123 swift test --filter Simulation
import Collections
import Convening
import Coordination
import Wire

public struct World {
  public struct Settings: Sendable {
    public var days: Int64 = 90
    public var requests = 320
    public var discussions = 26
    /// Whether anything ever goes wrong: crashes, full disks, clocks, receivers.
    public var isRough = true

    public init() {}
  }

  let settings: Settings
  var lots: Lots
  var town: Town
  let disk = Disk()
  var docket: Docket
  var auditor: Auditor
  var receivers = Receivers()
  private var users = Users()
  var promises = Promises()
  /// True time, which nobody sets, and what the wall clock adds to it.
  var clock = Town.start
  private var skew = Elapsed.zero
  /// When each attempt that is under way began, in true time.
  var sentAt: [ReminderID: Instant] = [:]
  var watch = ClockWatch(wall: Town.start, uptime: .zero)
  private var events = Heap<Scheduled>()
  private var scheduled = 0
  /// When the last turn was taken, and how many before it at the same moment.
  private var lastTurn: Instant?
  private var turnsNow = 0
  var pending: [Input] = []
  var process = 1
  /// This process has taken a turn.
  var hasLived = false
  private var lastTicket = 0
  private var lastAnswered = 0
  var isEnding = false
  var crashAfterWrite = false
  var crashBeforeWrite = false
  /// What is due is looked at as soon as all is at rest, and not now and then.
  var mustLook = false
  /// The clock was set, and no turn has seen it yet.
  var isClockNews = false
  /// A heartbeat takes a turn, whether there is anything to do or not.
  private var beats = false
  var recent: Deque<Trace> = []

  private(set) var outcome = Outcome()

  private enum Happening {
    case answered(Matter, ReminderID, attempt: Int, Answer, process: Int)
    case request
    case mood
    case crash
    case stop
    case reload
    case diskFills, diskEmpties
    case clockIsSet
    case beat
  }

  private struct Scheduled: Comparable {
    let at: Instant
    let order: Int
    let happening: Happening
    static func < (a: Scheduled, b: Scheduled) -> Bool { (a.at, a.order) < (b.at, b.order) }
    static func == (a: Scheduled, b: Scheduled) -> Bool { a.order == b.order }
  }

  public init(seed: UInt64, _ settings: Settings = Settings()) {
    var lots = Lots(seed: seed)
    town = Town(drawnFrom: &lots)
    self.settings = settings
    docket = Docket(arrangements: town.arrangements, limits: town.limits, lots: Lots(seed: lots.next()))
    auditor = Auditor(limits: town.limits)
    self.lots = lots
    users.most = settings.discussions
  }

  var wall: Instant { clock + skew }

  /// Runs the days, then lets everything heal. Throws `Broken`, with the last steps.
  public mutating func run() throws(Broken) -> Outcome {
    do throws(Broken) {
      layOut()
      pending = [.started(version: "1"), .arranged(town.arrangements, town.policies)]
      try live(until: Town.start + .days(settings.days))
      try heal()
    } catch {
      throw Broken("\(error)\nlast steps:\n" + recent.map(\.words).joined(separator: "\n"))
    }
    outcome.events = auditor.eventNames
    (outcome.lines, outcome.head) = (disk.lines.count, docket.head)
    return outcome
  }

  // MARK: - What happens when

  private mutating func layOut() {
    let whole = Elapsed.days(settings.days)
    func sometime(_ lots: inout Lots) -> Instant { Town.start + lots.between(.zero, whole) }
    for _ in 0..<settings.requests {
      // People come in bursts: half of their requests fall within the minute of another.
      let at = sometime(&lots)
      schedule(at, .request)
      if lots.chance(0.5) { schedule(at + lots.between(.zero, .minutes(1)), .request) }
    }
    guard settings.isRough else { return }
    for _ in 0..<120 { schedule(sometime(&lots), .mood) }
    for _ in 0..<lots.whole(0...3) { schedule(sometime(&lots), .crash) }
    for _ in 0..<lots.whole(0...4) { schedule(sometime(&lots), .stop) }
    for _ in 0..<lots.whole(0...4) { schedule(sometime(&lots), .reload) }
    for _ in 0..<lots.whole(0...6) { schedule(sometime(&lots), .clockIsSet) }
    for _ in 0..<lots.whole(0...2) {
      let at = sometime(&lots)
      schedule(at, .diskFills)
      schedule(at + lots.between(.seconds(1), .hours(6)), .diskEmpties)
    }
  }

  private mutating func schedule(_ at: Instant, _ happening: Happening) {
    scheduled += 1
    events.insert(Scheduled(at: max(at, clock), order: scheduled, happening: happening))
  }

  mutating func live(until end: Instant) throws(Broken) {
    while true {
      while let next = events.min, next.at <= clock {
        events.removeMin()
        try happen(next.happening)
      }
      if beats || !pending.isEmpty || docket.attention.map({ $0 <= wall }) ?? false {
        beats = false
        try turn()
        continue
      }
      try audit(idle: false)
      guard let next = [events.min?.at, docket.attention.map { $0 - skew }].compactMap(\.self).min(), next <= end else {
        clock = max(clock, end)
        return
      }
      clock = max(clock, next)
      // The clock drifts by up to 50 parts in a million.
      if lots.chance(0.05) { skew = skew + lots.between(.init(milliseconds: -20), .init(milliseconds: 20)) }
    }
  }

  private mutating func happen(_ happening: Happening) throws(Broken) {
    switch happening {
    case .answered(let matter, let id, let attempt, let answer, let process):
      guard process == self.process else { return }
      pending.append(.attemptEnded(matter, id, attempt: attempt, answer))
    case .request:
      guard !isEnding else { return }
      lastTicket += 1
      users.told = auditor.told
      let request = users.request(at: wall, ticket: lastTicket, docket, &lots)
      pending.append(.request(request, ticket: lastTicket, .init()))
    case .mood: receivers.change(lots.oneOf(Town.routes), &lots)
    case .crash:
      switch lots.whole(0...2) {
      case 0: try restart("crash")
      case 1: crashBeforeWrite = true
      default: crashAfterWrite = true
      }
    case .stop:
      // Now and then just as something falls due.
      if lots.chance(0.7), let next = docket.attention, next > wall { clock = clock + (next - wall) }
      pending.append(.stopping)
      if lots.chance(0.5) {
        lastTicket += 1
        let request = users.request(at: wall, ticket: lastTicket, docket, &lots)
        pending.append(.request(request, ticket: lastTicket, .init()))
      }
      // On a full disk it goes without having said so: the wait is bounded.
      while !pending.isEmpty, !disk.isFull { try turn() }
      try restart("stop")
    case .reload:
      if lots.chance(0.6) { town.policies = [Town.policy("town-2026", from: Town.start - .days(30), &lots)] }
      if lots.chance(0.6) { town.arrangements = Town.arrangements(&lots) }
      pending.append(.arranged(town.arrangements, town.policies))
    case .diskFills: disk.isFull = !isEnding
    case .diskEmpties: disk.isFull = false
    case .clockIsSet:
      setClock()
      isClockNews = true
      // No timer sees a clock that was set back: the next heartbeat does.
      schedule(clock + lots.between(.zero, .seconds(10)), .beat)
    case .beat: (beats, mustLook) = (true, true)
    }
  }

  /// Anywhere, or to just before a meeting, where an escalation that waits would never come.
  mutating func setClock() {
    let now = wall
    let soon = docket.discussions.values.filter { $0.phase == .scheduled }.map(\.deadline)
      .filter { $0 > now + .minutes(5) && $0 < now + .days(2) }.min()
    if let soon, lots.chance(0.7) {
      skew = skew + (soon - now) - lots.between(.seconds(5), .minutes(2))
    } else {
      skew = skew + lots.between(.hours(-2), .hours(3))
    }
  }

  // MARK: - One turn, as the convenor takes it

  private mutating func turn() throws(Broken) {
    let now = wall
    outcome.turns += 1
    if let step = watch.look(wall: now, uptime: clock - Town.start) {
      pending.putFirst(clockStep: step)
      auditor.clockStepped(step, at: now)
    }
    // The busiest 90 days that were seen took some 61,000, and no moment takes so many.
    turnsNow = clock == lastTurn ? turnsNow + 1 : 0
    lastTurn = clock
    try Simulation.expect(turnsNow < 5000 && outcome.turns < 200_000, "it runs round in circles")
    let taken = Array(pending.prefix(town.limits.inputsPerTurn))
    pending.removeFirst(taken.count)
    let inputs = docket.revisits.map { Input.revisited($0, auditor.folded[$0]) } + taken.map(admit)
    docket.gatherDue(at: now)
    let turn = docket.plan(inputs, at: now)
    note(inputs, turn, now)
    try ImportCheck.check(inputs, turn, docket, folded: auditor.folded, contacts: auditor.contacts, at: now)
    // A new time is the news that is worth most: now and then the process dies over it.
    if settings.isRough, turn.entries.contains(where: { $0.event.name == "rescheduled" }), lots.chance(0.05) {
      crashAfterWrite = true
    }
    if crashBeforeWrite, !turn.isEmpty { return try restart("crash before a write") }
    if !turn.isEmpty, disk.append(turn.lines, turn.rows, turn.contactRows) != .done { return holdBack(inputs) }
    try checkReplies(turn, inputs)
    try promises.check(turn, inputs)
    var tickets: Set<Int> = []
    for case .request(_, let ticket, _) in inputs { tickets.insert(ticket) }
    // What was asked for before new settings came is counted by those before them.
    var towns = [inForce]
    for case .arranged(let arrangements, _, _, _) in inputs {
      inForce = arrangements
      towns.append(arrangements)
    }
    try AppointmentCheck.checkTeams(inputs, turn, towns)
    try auditor.audit(turn, tickets: tickets, inForce, towns)
    try auditor.frontDoor.endTurn(inputs, turn, inForce, at: now)
    try checkLosses(turn)
    if crashAfterWrite, !turn.isEmpty { return try restart("crash after a write") }
    docket.apply(turn, at: now)
    isClockNews = false
    hasLived = true
    published = docket.live(published, at: now)
    try checkTouched(turn)
    try ImportCheck.checkAgain(inputs, turn, docket, at: now, admit: admit)
    for send in turn.sends { post(send) }
    // A commit takes a while: what comes in meanwhile is the next turn's.
    if !turn.isEmpty, lots.chance(0.3) { clock = clock + lots.between(.zero, .init(milliseconds: 30)) }
  }

  /// What the status shows, made of itself turn by turn as the convenor makes it.
  var published = Live(since: Town.start)

  /// What the docket knows of who holds which place.
  var inForce = Town.noArrangements

  private func admit(_ input: Input) -> Input {
    guard case .request(let request, let ticket, _) = input else { return input }
    // All that it may come across and the docket does not hold: it must find its own way among them.
    var closed: [Discussion] = []
    if let first = request.followed({ auditor.folded[$0] }) {
      closed = auditor.sequence(from: first).filter { docket.discussions[$0.id] == nil }
    }
    switch request.change {
    case .change(let id, .correct):
      return .request(
        request, ticket: ticket,
        .init(
          discussion: docket.discussions[id] == nil ? auditor.folded[id] : nil, entries: auditor.told[id] ?? [],
          earlier: closed))
    case .convene(let id, _, _), .change(let id, _):
      guard docket.discussions[id] == nil else { return .request(request, ticket: ticket, .init(earlier: closed)) }
      return .request(request, ticket: ticket, .init(discussion: auditor.folded[id], earlier: closed))
    case .contact(let id, _):
      return .request(request, ticket: ticket, .init(contact: auditor.contacts[id]))
    case .resend(let id): return .request(request, ticket: ticket, .init(body: auditor.attempts[id]?.opening.body))
    case .imports(let rows):
      var admitted = Input.Admitted()
      for row in rows {
        switch row.stream {
        case .discussion(let id):
          let known = docket.discussions[id] ?? auditor.folded[id]
          let sequence = known?.convene.follows.map(auditor.sequence(from:)) ?? []
          admitted.rows[row.stream] = .init(
            discussion: docket.discussions[id] == nil ? known : nil,
            earlier: sequence.filter { docket.discussions[$0.id] == nil })
        case .frontDoor(let id): admitted.rows[row.stream] = .init(contact: auditor.contacts[id])
        case .agency, .policy, .calendar, .daemon, .audit, .report: break
        }
      }
      return .request(request, ticket: ticket, admitted)
    case .ping, .enable, .pause, .resume, .setRota, .cover, .feed, .keepReport: return input
    }
  }

  private mutating func holdBack(_ inputs: [Input]) {
    var kept: [Input] = []
    for input in inputs {
      switch input {
      case .request(_, let ticket, _):
        lastAnswered = ticket
        outcome.refusals.insert(Refusal.storageFull.code)
      case .revisited: continue
      case .started, .clockStepped, .breakAccepted, .arranged, .attemptEnded, .stopping: kept.append(input)
      }
    }
    pending = kept + pending
    clock = clock + lots.between(.seconds(1), .minutes(3))
  }

  private mutating func checkReplies(_ turn: Turn, _ inputs: [Input]) throws(Broken) {
    var expected: [Int] = []
    for case .request(_, let ticket, _) in inputs { expected.append(ticket) }
    try Simulation.expect(
      turn.replies.map(\.ticket) == expected, "replies \(turn.replies.map(\.ticket)) for \(expected)")
    for (ticket, reply) in turn.replies {
      try Simulation.expect(ticket > lastAnswered, "ticket \(ticket) answered after \(lastAnswered)")
      lastAnswered = ticket
      if case .refused(let refusal) = reply { outcome.refusals.insert(refusal.code) }
    }
  }

  private mutating func post(_ send: Send) {
    outcome.attempts += 1
    sentAt[send.delivery.reminder] = clock
    guard let (after, answer) = receivers.answer(send.delivery, at: wall, &lots) else {
      // The clock is set while nobody knows how old what is under way is.
      if settings.isRough, lots.chance(0.02) { schedule(clock + lots.between(.zero, .seconds(59)), .clockIsSet) }
      return
    }
    let happening = Happening.answered(
      send.matter, send.delivery.reminder, attempt: send.delivery.attempt, answer, process: process)
    schedule(clock + after, happening)
    if lots.chance(0.03) { schedule(clock + after + lots.between(.zero, .minutes(3)), happening) }
  }

  private mutating func note(_ inputs: [Input], _ turn: Turn, _ now: Instant) {
    recent.append(Trace(at: now, inputs: inputs, entries: turn.entries, replies: turn.replies))
    if recent.count > 25 { recent.removeFirst() }
  }
}
