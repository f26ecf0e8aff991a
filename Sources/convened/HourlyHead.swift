// The chain's head in the log, each hour: a journal whose end was cut off does not fit the log that was kept elsewhere.
import Dispatch
import Logging
import Synchronization
import Wire

final class HourlyHead: Sendable {
  private let logger: Logger
  private let last = Mutex<UInt64?>(nil)

  init(logger: Logger) { self.logger = logger }

  func tell(_ seq: Int, _ head: Hash256) {
    let now = DispatchTime.now().uptimeNanoseconds
    let isDue = last.withLock { last in
      if let before = last, now - before < 3_600_000_000_000 { return false }
      last = now
      return true
    }
    if isDue { logger.notice("chain \(seq)=sha256:\(head.hex)", metadata: ["CONVENED_JOURNAL_SEQ": "\(seq)"]) }
  }
}
