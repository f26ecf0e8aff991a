// What a piece of code costs, for tests that compare two of them: the processor's time of this thread alone, so that a busy
// machine says the same as an idle one.
import Glibc

/// The least of five runs, in nanoseconds.
func work(_ body: () throws -> Void) rethrows -> UInt64 {
  var least = UInt64.max
  for _ in 0..<5 {
    let before = processorTime()
    try body()
    least = min(least, processorTime() - before)
  }
  return least
}

private func processorTime() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
