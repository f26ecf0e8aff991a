// The few seats for streams: each stream holds a connection and reads for as long as it likes, so there is a bound.
import Synchronization

/// The seats for streams, over both sockets.
final class Seats: Sendable {
  private let free: Mutex<Int>

  init(_ count: Int) { free = Mutex(count) }

  /// nil where none is free. Given back when nobody keeps it any more, however the stream ended.
  func take() -> Seat? {
    let taken = free.withLock { free -> Bool in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
    return taken ? Seat(of: self) : nil
  }

  final class Seat: Sendable {
    private let seats: Seats

    fileprivate init(of seats: Seats) { self.seats = seats }

    deinit { seats.free.withLock { $0 += 1 } }
  }
}
