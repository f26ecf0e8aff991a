// Waits until the daemon is ready to take changes, for scripts that have just started it. It asks, waits a little
// longer each time, and asks again until the time is up; the wait and the clock are handed in.
import Convening

public struct WaitReady {
  private let ask: () throws(Complaint) -> HTTPAnswer
  private let elapsed: () -> Elapsed
  private let wait: (Elapsed) -> Void

  /// `ask` reads `/v1/health/ready`; `elapsed` is a monotonic clock's reading; `wait` blocks.
  public init(
    ask: @escaping () throws(Complaint) -> HTTPAnswer, elapsed: @escaping () -> Elapsed,
    wait: @escaping (Elapsed) -> Void
  ) {
    (self.ask, self.elapsed, self.wait) = (ask, elapsed, wait)
  }

  /// Returns once the daemon is ready.
  ///
  /// Throws: `Complaint`, 69 where nobody answered in that time, 75 where it answered but was not ready, 77 at once.
  public func run(within limit: Elapsed) throws(Complaint) {
    let start = elapsed()
    var pause = Elapsed(milliseconds: 25)
    while true {
      let why: Complaint
      do throws(Complaint) {
        let answer = try ask()
        if (200..<300).contains(answer.status) { return }
        why = Complaint(.tryLater, "The daemon answers, but is not ready yet. Look at `convenectl status`.")
      } catch {
        guard error.status == .outOfReach else { throw error }
        why = error
      }
      let left = limit - (elapsed() - start)
      guard left > .zero else { throw why }
      wait(min(pause, left))
      pause = min(pause + pause, .seconds(1))
    }
  }
}
