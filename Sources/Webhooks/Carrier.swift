// Carries signed posts on a queue of its own, so that libcurl and signing take nothing from the loop, and a disk that holds
// the loop up keeps no answer from being read. One attempt is one POST on the wire and one answer.
internal import CCurl
import Convening
import Coordination
import Dispatch

/// How an attempt ended: its place in the list that it was handed over with.
struct Told: Sendable {
  let batch: Int
  let place: Int
  let answer: Answer
}

actor Carrier {
  private nonisolated let loop = Loop(label: "convened.courier")
  private let userAgent: String
  private let limits: CourierLimits
  private let routes: RouteBook
  private let reader: AnswerReader
  private let tell: @Sendable (Told) -> Void
  private let uptime: @Sendable () -> UInt64
  private var active: [UnsafeMutableRawPointer: Transfer] = [:]
  private var idle: [RouteName: [Transfer]] = [:]
  /// All attempts may take equally long, so the oldest is the first to be late.
  private var deadlines: [(at: UInt64, easy: UnsafeMutableRawPointer)] = []
  private var firstDeadline = 0
  /// How long, in nanoseconds, nothing is under way before handles are given back.
  private static let keepsHandles: UInt64 = 10_000_000_000
  private var restingSince: UInt64 = 0
  private let clock: any DispatchSourceTimer
  private var clockAt = UInt64.max
  private var multi: CurlMulti?

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// - Parameters:
  ///   - now: the wall clock, for a `Retry-After` in seconds.
  ///   - uptime: the monotonic clock in nanoseconds, for how long an attempt has waited to be posted.
  ///   - tell: called on the carrier's queue, once for each attempt.
  init(
    routes: RouteBook, userAgent: String, limits: CourierLimits, now: @escaping @Sendable () -> Instant,
    uptime: @escaping @Sendable () -> UInt64, tell: @escaping @Sendable (Told) -> Void
  ) {
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    (self.routes, self.userAgent, self.limits, self.uptime, self.tell) = (routes, userAgent, limits, uptime, tell)
    reader = AnswerReader(now: now)
    clock = DispatchSource.makeTimerSource(flags: .strict, queue: loop.queue)
  }

  // MARK: - From the loop

  /// Before anything else.
  nonisolated func start() { loop.queue.sync { assumeIsolated { $0.begin() } } }

  /// Returns at once.
  nonisolated func send(_ deliveries: [Delivery], batch: Int) {
    // The attempt has begun: if this queue is held up, by a file of authorities on a disk that hangs, its time runs all the
    // same. A minute later the loop takes it for lost, and what it is about may be cancelled.
    let handed = uptime()
    loop.queue.async { self.assumeIsolated { $0.post(deliveries, batch: batch, handed: handed) } }
  }

  nonisolated func beat(_ then: @escaping @Sendable () -> Void) { loop.queue.async(execute: then) }

  /// Returns once nothing is under way any more, or what holds this queue up has done so for two seconds; nothing may be
  /// called after it.
  nonisolated func close() {
    let hasEnded = DispatchSemaphore(value: 0)
    loop.queue.async {
      self.assumeIsolated { $0.end() }
      hasEnded.signal()
    }
    _ = hasEnded.wait(timeout: .now() + .seconds(2))
  }

  private func begin() {
    clock.setEventHandler { [weak self] in self?.assumeIsolated { $0.endLateOnes() } }
    clock.activate()
    // It holds this until `end`.
    multi = CurlMulti(queue: loop.queue, connections: limits.connections) { self.ended($0, $1) }
  }

  private func post(_ deliveries: [Delivery], batch: Int, handed: UInt64) {
    for (place, delivery) in deliveries.enumerated() {
      begin(delivery, batch, place, handed: handed)
      // Many leave together: the receiver is woken once for them. Not so many that the first waits for the last.
      if place % 64 == 63 { multi?.go() }
    }
    multi?.go()
  }

  private func begin(_ delivery: Delivery, _ batch: Int, _ place: Int, handed: UInt64) {
    let (now, deadline) = (uptime(), handed + UInt64(limits.whole) * 1_000_000)
    guard now < deadline else {
      let answer = Answer(
        verdict: .retry, status: nil, fault: "timeout", tookMilliseconds: Int64((now - handed) / 1_000_000))
      return tell(Told(batch: batch, place: place, answer: answer))
    }
    guard let route = routes[delivery.route] else {
      let answer = Answer(verdict: .misconfigured, status: nil, fault: "unknown-route", tookMilliseconds: 0)
      return tell(Told(batch: batch, place: place, answer: answer))
    }
    let transfer = reuse(route) ?? Transfer(route: route, userAgent: userAgent, limits: limits)
    transfer.load(delivery)
    (transfer.batch, transfer.place) = (batch, place)
    (transfer.began, transfer.deadline) = (handed, deadline)
    active[transfer.easy] = transfer
    deadlines.append((transfer.deadline, transfer.easy))
    if active.count == 1 { setClock() }
    multi?.add(transfer.easy)
  }

  private func end() {
    for easy in active.keys { multi?.remove(easy) }
    (active, idle, deadlines, firstDeadline) = ([:], [:], [], 0)
    clock.cancel()
    multi?.close()
    multi = nil
  }

  /// A transfer that is idle and was made for the route as it is now.
  private func reuse(_ route: Route) -> Transfer? {
    guard let transfer = idle[route.name]?.popLast() else { return nil }
    if transfer.route == route { return transfer }
    idle[route.name] = nil
    return nil
  }

  // MARK: - Ends

  private func ended(_ easy: UnsafeMutableRawPointer, _ result: CURLcode) {
    guard let transfer = active.removeValue(forKey: easy) else { return }
    finish(transfer, result)
  }

  private func finish(_ transfer: Transfer, _ result: CURLcode) {
    let answer = reader.answer(transfer, result)
    idle[transfer.route.name, default: []].append(transfer)
    if active.isEmpty { rest() }
    tell(Told(batch: transfer.batch, place: transfer.place, answer: answer))
  }

  /// Nothing is under way. The handles of a storm are given back once that has lasted: between two turns it is so too.
  private func rest() {
    deadlines.removeAll(keepingCapacity: true)
    firstDeadline = 0
    restingSince = DispatchTime.now().uptimeNanoseconds
    wake(at: restingSince + Self.keepsHandles)
  }

  private func giveBack() {
    deadlines = []
    idle = idle.mapValues { Array($0.suffix(1)) }
  }

  /// A clock that rings too early does so once: setting it whenever the first deadline is another would be dearer.
  private func wake(at deadline: UInt64) {
    guard deadline < clockAt else { return }
    clockAt = deadline
    clock.schedule(deadline: DispatchTime(uptimeNanoseconds: deadline), leeway: .milliseconds(1))
  }

  /// What has arrived is taken first; what is late then has not been answered.
  private func endLateOnes() {
    clockAt = .max
    if active.isEmpty {
      let restsTill = restingSince + Self.keepsHandles
      return restsTill <= DispatchTime.now().uptimeNanoseconds ? giveBack() : wake(at: restsTill)
    }
    multi?.drain()
    let now = DispatchTime.now().uptimeNanoseconds
    while firstDeadline < deadlines.count, deadlines[firstDeadline].at <= now {
      let (at, easy) = deadlines[firstDeadline]
      firstDeadline += 1
      guard let transfer = active[easy], transfer.deadline == at else { continue }
      active[easy] = nil
      multi?.remove(easy)
      finish(transfer, CURLE_OPERATION_TIMEDOUT)
    }
    setClock()
  }

  private func setClock() {
    while firstDeadline < deadlines.count,
      active[deadlines[firstDeadline].easy]?.deadline != deadlines[firstDeadline].at
    {
      firstDeadline += 1
    }
    if firstDeadline > 4096, firstDeadline > deadlines.count / 2 {
      deadlines.removeFirst(firstDeadline)
      firstDeadline = 0
    }
    if firstDeadline < deadlines.count { wake(at: deadlines[firstDeadline].at) }
  }
}
