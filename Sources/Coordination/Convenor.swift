// The one actor, on the one queue. A turn: take what has come in, plan it, make it durable, then reply and send. It holds
// everything that changes and decides nothing: the docket does. Timers and callbacks enter without a hop; others by `submit`.
import Convening
import Dispatch
import Glibc
import Synchronization
import Wire

public actor Convenor {
  /// What the convenor needs from the process around it.
  public struct World: Sendable {
    /// The wall clock.
    public var now: @Sendable () -> Instant
    /// The monotonic clock, which nobody sets, in nanoseconds.
    public var uptime: @Sendable () -> UInt64
    /// Durable entries, whom they are about where they do not say so, and the last one's number, for the log. On the loop: it
    /// must be quick.
    public var committed: @Sendable ([Entry], _ about: [Int: AgencyID], _ last: Int) -> Void
    /// Now and then, after a turn was possible and the courier has shown that it moves: the watchdog's proof of both, with the
    /// chain's head.
    public var beat: @Sendable (_ seq: Int, _ head: Hash256) -> Void
    /// Instead of that: the courier has not come to it since the beat before.
    public var courierStands: @Sendable () -> Void
    /// How often.
    public var beatsEvery: DispatchTimeInterval
    /// The disk is full (true), or has room again; on the loop, for the log.
    public var isFull: @Sendable (Bool) -> Void
    /// The journal is broken: end the process.
    public var abandon: @Sendable (String) -> Never

    public init(
      now: @escaping @Sendable () -> Instant, uptime: @escaping @Sendable () -> UInt64,
      committed: @escaping @Sendable ([Entry], [Int: AgencyID], Int) -> Void,
      beat: @escaping @Sendable (Int, Hash256) -> Void, beatsEvery: DispatchTimeInterval = .seconds(10),
      courierStands: @escaping @Sendable () -> Void = {}, isFull: @escaping @Sendable (Bool) -> Void = { _ in },
      abandon: @escaping @Sendable (String) -> Never
    ) {
      (self.now, self.uptime, self.committed, self.beat, self.abandon) = (now, uptime, committed, beat, abandon)
      (self.beatsEvery, self.courierStands, self.isFull) = (beatsEvery, courierStands, isFull)
    }
  }

  private let loop: Loop
  private let world: World
  private let journal: any Journal
  private let courier: any Courier
  private var docket: Docket
  private var pending: [Input] = []
  private var waitingCommands = 0
  private var lastTicket = 0
  private var continuations: [Int: CheckedContinuation<Reply, Never>] = [:]
  private var turnIsComing = false
  private var finished: CheckedContinuation<Void, Never>?
  /// How long the last commit took, in seconds, and how long one may take that is quick.
  private var lastCommit = 0.0
  private static let quickCommit = 0.001
  private var hasBegun = false
  private var isClosed = false
  /// A break was accepted: no stream is read before the first turn has put the links right.
  private var mustRelink = false
  private var room = DiskRoom() {
    didSet { if room.isShort != oldValue.isShort { world.isFull(room.isShort) } }
  }
  /// The courier has not shown yet that it moves.
  private var awaitsCourier = false
  private let alarm: any DispatchSourceTimer
  /// What the alarm is set to: nil once it has fired, and where nothing is to come.
  private var alarmAt: Instant?
  private let heartbeat: any DispatchSourceTimer
  private var watch: ClockWatch
  private let shown: Mutex<Live>
  private nonisolated let growth = Broadcast()

  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// The docket has replayed the journal. Call `begin` next.
  public init(
    loop: Loop, docket: sending Docket, journal: sending any Journal, courier: sending any Courier, world: World
  ) {
    (self.loop, self.world, self.journal, self.courier, self.docket) = (loop, world, journal, courier, docket)
    shown = Mutex(Live(since: world.now()))
    watch = ClockWatch(wall: world.now(), uptime: Convenor.elapsed(world.uptime()))
    alarm = DispatchSource.makeTimerSource(flags: .strict, queue: loop.queue)
    heartbeat = DispatchSource.makeTimerSource(queue: loop.queue)
    // Unset, they fire at nothing; but libdispatch traps where a source goes that was never activated, and a daemon that
    // may not begin lets its convenor go.
    alarm.activate()
    heartbeat.activate()
  }

  // MARK: - From outside

  /// Starts the timers and takes the first turn: lost attempts are recorded, policies adopted.
  public func begin(
    version: String, _ arrangements: Arrangements, _ policies: [Policy],
    acceptedBreaks: [AcceptedBreak] = []
  ) {
    alarm.setEventHandler { [weak self] in self?.assumeIsolated { $0.ring() } }
    heartbeat.setEventHandler { [weak self] in self?.assumeIsolated { $0.beat() } }
    heartbeat.schedule(deadline: .now() + world.beatsEvery, repeating: world.beatsEvery)
    // With the turn that says so: links that agree with what is left tell nobody any more that an end was cut off.
    mustRelink = !acceptedBreaks.isEmpty
    let early = pending
    pending = [.started(version: version)] + acceptedBreaks.map(Input.breakAccepted)
    pending.append(.arranged(arrangements, policies))
    hasBegun = true
    if journal.restoreBallast() { room.setBallastAside() }
    step()
    for input in early { take(input) }
  }

  /// Carries a change out. Returns once it is durable, or says why not.
  public func submit(_ request: Request) async -> Reply {
    await wait { .request(request, ticket: $0, .init()) }
  }

  /// For the turn that takes the input in.
  private func wait(for input: (_ ticket: Int) -> Input) async -> Reply {
    guard waitingCommands < docket.limits.waitingCommands else { return .refused(.busy) }
    guard !isClosed else { return .refused(.stopping) }
    return await withCheckedContinuation { continuation in
      lastTicket += 1
      waitingCommands += 1
      continuations[lastTicket] = continuation
      take(input(lastTicket))
    }
  }

  /// New settings. Returns once they are in force, and what of them is recorded is durable; or says why not.
  ///
  /// - Parameter actor: who asked for it; nil for a signal.
  public func arrange(_ arrangements: Arrangements, _ policies: [Policy], by actor: Actor? = nil) async -> Reply {
    await wait { .arranged(arrangements, policies, by: actor, ticket: $0) }
  }

  /// Begins nothing new, waits for what is under way, at most so long, then closes the journal.
  public func shutDown(within limit: DispatchTimeInterval = .seconds(20)) async {
    guard !isClosed, finished == nil else { return }
    await withCheckedContinuation { continuation in
      finished = continuation
      take(.stopping)
      loop.queue.asyncAfter(deadline: .now() + limit) { [weak self] in self?.assumeIsolated { $0.close() } }
    }
  }

  /// What the daemon knows of itself as of the last turn.
  public nonisolated var live: Live { shown.withLock { $0 } }

  /// The journal's last number after each commit, the newest only; ends when the daemon stops.
  public nonisolated func heads() -> AsyncStream<Int> { growth.listen() }

  /// The docket as the last turn left it; it costs nothing until the next one changes something.
  var copy: Docket { docket }

  /// The same of a part of it: less has to be copied by a turn that comes meanwhile.
  var whatIsOpen: ([DiscussionID: Discussion], Arrangements, Set<RouteName>, Instant) {
    (docket.discussions, docket.arrangements, docket.stopped, world.now())
  }

  var scene: (Circumstances, [DiscussionID: Discussion]) { (docket.circumstances, docket.discussions) }

  public nonisolated func show(_ change: (inout Live) -> Void) { shown.withLock { change(&$0) } }

  // MARK: - One turn

  private func take(_ input: Input) {
    pending.append(input)
    guard !turnIsComing else { return }
    turnIsComing = true
    loop.queue.async { self.assumeIsolated { $0.step() } }
  }

  private func step() {
    // What comes in before `begin` waits for it: attempts without an end are found first.
    guard hasBegun, !isClosed else { return }
    // Each heartbeat takes a turn: what failed in the background is not left until somebody writes.
    if let why = journal.fault { world.abandon(why) }
    turnIsComing = false
    let now = world.now()
    // Before anything is due by a clock that was set.
    if let step = watch.look(wall: now, uptime: Convenor.elapsed(world.uptime())) {
      pending.putFirst(clockStep: step)
    }
    let taken = inputsOfTurn
    pending.removeFirst(taken.count)
    let inputs = room.livesOnBallast || mustRelink ? refuseRequests(Array(taken)) : revisits() + taken.map(admit)
    if !room.livesOnBallast { docket.gatherDue(at: now) }
    let turn = docket.plan(inputs, at: now, forOutcomesAlone: room.livesOnBallast)
    if !turn.isEmpty {
      let began = world.uptime()
      switch mustRelink
        ? journal.relink(appending: turn.lines, turn.rows, turn.contactRows)
        : journal.append(turn.lines, turn.rows, turn.contactRows)
      {
      case .done:
        lastCommit = Double(world.uptime() - began) / 1e9
        mustRelink = false
        // A small turn may fit where the next does not.
        if room.isFull, room.livesOnBallast || journal.hasRoom() { room.empty() }
      case .full: return holdBack(inputs)
      case .broken(let why): world.abandon(why)
      }
    }
    // As soon as it is durable: whoever carries it works beside what is left to do here. Nothing is heard of it before then.
    dispatch(turn.sends)
    docket.apply(turn, at: now)
    if !turn.isEmpty {
      docket.observe(commit: lastCommit)
      // Not before the turn is the state: what it changed is looked at again too.
      if room.livesOnBallast { setBallastAside() }
    }
    publish(now)
    if !turn.isEmpty {
      world.committed(turn.entries, turn.about, docket.seq)
      growth.tell(docket.seq)
    }
    for (ticket, reply) in turn.replies { answer(ticket, reply) }
    if docket.isQuiet, finished != nil { return close() }
    wake(now)
  }

  /// Of the answers at most half as many as there are attempts under way: while one half is planned and made durable, the
  /// courier carries the other. With all of them the courier would wait for the turn, and then the turn for the courier.
  private var inputsOfTurn: ArraySlice<Input> {
    let inputs = pending.prefix(docket.limits.inputsPerTurn)
    // A slow disk is better used by fewer, larger commits.
    guard lastCommit < Self.quickCommit else { return inputs }
    // A few are not worth a commit of their own.
    var answers = max(4, docket.inFlight / 2)
    let end = inputs.firstIndex { input in
      guard case .attemptEnded = input else { return false }
      answers -= 1
      return answers < 0
    }
    return end.map { inputs[..<$0] } ?? inputs
  }

  private func dispatch(_ sends: [Send]) {
    guard !sends.isEmpty else { return }
    // Without the bodies: the slowest answer keeps this.
    let attempts = sends.map { ($0.matter, $0.delivery.reminder, $0.delivery.attempt) }
    courier.send(sends.map(\.delivery)) { [weak self] place, answer in
      let (matter, reminder, attempt) = attempts[place]
      self?.assumeIsolated { $0.take(.attemptEnded(matter, reminder, attempt: attempt, answer)) }
    }
  }

  /// The docket does not hold what is closed: its stream is read before planning, and forgotten after the turn.
  private func admit(_ input: Input) -> Input {
    guard case .request(let request, let ticket, _) = input else { return input }
    do {
      var admission = Admission(of: request, to: docket)
      while let stream = admission.next() { try admission.take(journal.lines(of: stream), of: stream) }
      return .request(request, ticket: ticket, try admission.admitted())
    } catch {
      world.abandon("a stream of the journal could not be read: \(error)")
    }
  }

  /// Closed discussions whose clocks another table of bank holidays moves.
  private func revisits() -> [Input] {
    do {
      var inputs: [Input] = []
      for id in docket.revisits {
        inputs.append(.revisited(id, try Discussion.folding(journal.lines(of: .discussion(id)))))
      }
      return inputs
    } catch {
      world.abandon("a stream of the journal could not be read: \(error)")
    }
  }

  /// A full disk: nothing was applied. Requests are refused, everything else waits, and the ballast makes room once.
  private func holdBack(_ inputs: [Input]) {
    // Other settings too: half of them in force would be worse than none.
    pending = refuse(inputs) { $0.ticket } + pending
    room.fill()
    // Before the first turn, too: what was read at the start is there to be looked at.
    publish(world.now())
    shown.withLock { $0.trouble = "the disk is full: nothing new can be recorded or sent" }
    let isReleased = journal.releaseBallast()
    room.giveUpBallast(was: isReleased)
    let delay: DispatchTimeInterval = isReleased ? .seconds(0) : .seconds(1)
    turnIsComing = true
    loop.queue.asyncAfter(deadline: .now() + delay) { [weak self] in self?.assumeIsolated { $0.step() } }
  }

  private func refuseRequests(_ inputs: [Input]) -> [Input] {
    refuse(inputs) { if case .request(_, let ticket, _) = $0 { ticket } else { nil } }
  }

  private func refuse(_ inputs: [Input], _ ticket: (Input) -> Int?) -> [Input] {
    inputs.filter { input in
      // It is looked for again.
      if case .revisited = input { return false }
      guard let ticket = ticket(input) else { return true }
      answer(ticket, .refused(.storageFull))
      return false
    }
  }

  /// Where the disk has room for it again, work goes on as ever.
  private func setBallastAside() {
    guard journal.restoreBallast() else { return }
    let wasShort = room.isShort
    room.setBallastAside()
    if wasShort { docket.lookAtEverything() }
  }

  private func answer(_ ticket: Int, _ reply: Reply) {
    waitingCommands -= 1
    continuations.removeValue(forKey: ticket)?.resume(returning: reply)
  }

  private func publish(_ now: Instant) {
    let stopping = finished != nil
    shown.withLock { live in
      live = docket.live(live, at: now)
      live.hasReserve = room.hasBallast
      live.state = stopping ? .stopping : room.isShort ? .degraded : live.pause == nil ? .ready : .paused
      if !room.isShort { live.trouble = nil }
    }
  }

  /// Sets the timer for the next due thing, by the wall clock; at once where something waits already.
  private func wake(_ now: Instant) {
    // On the ballast nothing that is due is begun, so nothing of it wakes anybody either.
    let attention = room.livesOnBallast ? nil : docket.attention
    if !pending.isEmpty || attention.map({ $0 <= now }) ?? false {
      guard !turnIsComing else { return }
      turnIsComing = true
      return loop.queue.async { self.assumeIsolated { $0.step() } }
    }
    // Dispatch counts nanoseconds in 64 bits: what is centuries ahead would lie behind. A day on it is looked at again.
    // An alarm that is set too early rings for nothing, once: in a storm that costs less than setting it in every turn.
    guard let next = attention.map({ min($0, now + .days(1)) }), alarmAt.map({ next < $0 }) ?? true else { return }
    alarmAt = next
    let (seconds, ms) = next.milliseconds.quotientAndRemainder(dividingBy: 1000)
    let moment = DispatchWallTime(timespec: timespec(tv_sec: Int(seconds), tv_nsec: Int(ms) * 1_000_000))
    alarm.schedule(wallDeadline: moment, leeway: .nanoseconds(0))
  }

  // MARK: - Time passing

  private func ring() {
    alarmAt = nil
    step()
  }

  private static func elapsed(_ nanoseconds: UInt64) -> Elapsed {
    Elapsed(milliseconds: Int64(nanoseconds / 1_000_000))
  }

  /// A wall timer cannot see a backward step: a turn compares the clocks, and sets the timer anew.
  private func beat() {
    if !room.hasBallast { setBallastAside() }
    if room.isFull, !room.livesOnBallast, journal.hasRoom() { room.empty() }
    alarmAt = nil
    if !turnIsComing { step() }
    guard !isClosed else { return }
    guard !awaitsCourier else { return world.courierStands() }
    awaitsCourier = true
    courier.beat { [weak self] in
      guard let self else { return }
      loop.queue.async { self.assumeIsolated { $0.courierMoves() } }
    }
  }

  private func courierMoves() {
    awaitsCourier = false
    if !isClosed { world.beat(docket.seq, docket.head) }
  }

  private func close() {
    guard !isClosed else { return }
    isClosed = true
    alarm.cancel()
    heartbeat.cancel()
    courier.close()
    journal.close()
    growth.finish()
    for continuation in continuations.values { continuation.resume(returning: .refused(.stopping)) }
    continuations = [:]
    finished?.resume()
    finished = nil
  }
}
