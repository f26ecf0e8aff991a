// The courier as the loop knows it: it hands a turn's attempts to the carrier, which posts them on a queue of its own, and
// tells each answer on the loop, once. It queues nothing and retries nothing: the docket gave each attempt a slot, and decides
// what the answer means.
import Convening
import Coordination
// Its sources may be rung from any thread; on Linux it does not say so.
@preconcurrency import Dispatch
import Synchronization

public final class CurlCourier: Courier {
  /// One turn's attempts, of which some have no answer yet.
  private struct Batch {
    var unanswered: Int
    let then: (Int, Answer) -> Void
  }

  private let carrier: Carrier
  private let answered = Answered()
  private let bell: any DispatchSourceUserDataAdd
  private var batches: [Int: Batch] = [:]
  private var lastBatch = 0

  /// - Parameters:
  ///   - queue: the loop's; everything here is called on it.
  ///   - now: the wall clock, for a `Retry-After` in seconds.
  ///   - uptime: the monotonic clock, in nanoseconds.
  public init(
    queue: DispatchQueue, routes: RouteBook, userAgent: String, limits: CourierLimits = CourierLimits(),
    now: @escaping @Sendable () -> Instant,
    uptime: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }
  ) {
    bell = DispatchSource.makeUserDataAddSource(queue: queue)
    carrier = Carrier(routes: routes, userAgent: userAgent, limits: limits, now: now, uptime: uptime) {
      [answered, bell] told in
      if answered.put(told) { bell.add(data: 1) }
    }
    bell.setEventHandler { [weak self] in self?.tell() }
    bell.activate()
    carrier.start()
  }

  public func send(_ deliveries: [Delivery], then: @escaping (Int, Answer) -> Void) {
    guard !deliveries.isEmpty else { return }
    lastBatch += 1
    batches[lastBatch] = Batch(unanswered: deliveries.count, then: then)
    carrier.send(deliveries, batch: lastBatch)
  }

  public func beat(_ then: @escaping @Sendable () -> Void) { carrier.beat(then) }

  public func close() {
    batches = [:]
    bell.cancel()
    carrier.close()
  }

  private func tell() {
    for told in answered.takeAll() {
      // Whoever is told may close everything.
      guard let batch = batches[told.batch] else { continue }
      if batch.unanswered == 1 {
        batches[told.batch] = nil
      } else {
        batches[told.batch]?.unanswered -= 1
      }
      batch.then(told.place, told.answer)
    }
  }
}

/// What the carrier has to tell and the loop has not heard yet.
private final class Answered: Sendable {
  private let waiting = Mutex<[Told]>([])

  /// Whether it is the first that waits: whoever is to hear of it has to be called.
  func put(_ told: Told) -> Bool {
    waiting.withLock { waiting in
      waiting.append(told)
      return waiting.count == 1
    }
  }

  func takeAll() -> [Told] {
    waiting.withLock { waiting in
      let all = waiting
      waiting = []
      return all
    }
  }
}
