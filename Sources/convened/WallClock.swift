// The wall clock, read in this one place; and the exit statuses.
import Convening
import Glibc

enum WallClock {
  static let now: @Sendable () -> Instant = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}

/// Exit statuses of sysexits.h; the unit does not restart after 65 and 78.
enum Exit {
  static let failure: Int32 = 1
  static let brokenJournal: Int32 = 65
  static let ioError: Int32 = 74
  static let badSettings: Int32 = 78
}
