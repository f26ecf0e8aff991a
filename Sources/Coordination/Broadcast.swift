// Tells everybody who listens that the journal has grown. Each listener keeps the newest number alone, so a slow one costs
// nothing; what happened it reads from the records.
import Synchronization

public final class Broadcast: Sendable {
  private struct Listeners {
    var next = 0
    var open: [Int: AsyncStream<Int>.Continuation] = [:]
    var isOver = false
  }

  private let listeners = Mutex(Listeners())

  public init() {}

  /// The numbers told from now on, the newest only; ends with `finish`.
  public func listen() -> AsyncStream<Int> {
    let (stream, continuation) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id = listeners.withLock { state -> Int? in
      guard !state.isOver else { return nil }
      state.next += 1
      state.open[state.next] = continuation
      return state.next
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { state in _ = state.open.removeValue(forKey: id) }
    }
    return stream
  }

  public func tell(_ number: Int) {
    for continuation in listeners.withLock({ Array($0.open.values) }) { continuation.yield(number) }
  }

  public func finish() {
    let open = listeners.withLock { state in
      state.isOver = true
      return Array(state.open.values)
    }
    for continuation in open { continuation.finish() }
  }
}
