// When a failed delivery is tried again: CONTRACT.md 1, in another formulation than the rules'.
import Convening

/// The retry ladder of CONTRACT.md 1, written down a second time.
enum Ladders {
  static let soon: [Int64] = [5, 30, 120, 300, 900, 1800, 3600, 7200, 14_400]
  static let slow: [Int64] = [300, 3600, 14_400]

  /// There is no next attempt: it was accepted, the route is gone, or there is no time for another.
  static func checkEnd(after answer: Answer, _ track: Auditor.Track, endedAt: Instant) throws(Broken) {
    if answer.verdict == .accepted || answer.verdict == .gone { return }
    let stop = track.opening.stopAfter
    let last = stop - min(track.opening.margin, (stop - track.firstAt) / 10)
    let earliest = answer.retryAfter.map { min($0, endedAt + .hours(1)) } ?? endedAt
    try expect(last <= endedAt || max(last, earliest) >= stop, "no retry after \(answer.verdict), and there was time")
  }

  static func check(
    _ next: Instant, after answer: Answer, _ track: Auditor.Track, _ id: ReminderID, endedAt: Instant
  ) throws(Broken) {
    let stop = track.opening.stopAfter
    let last = stop - min(track.opening.margin, (stop - track.firstAt) / 10)
    let gap: Elapsed
    switch answer.verdict {
    case .accepted, .gone: throw Broken("a retry after \(answer.verdict)")
    case .retry: gap = .seconds(soon[min(track.begun, soon.count) - 1])
    case .misconfigured: gap = .seconds(slow[min(track.misconfigured, slow.count) - 1])
    }
    let earliest = answer.retryAfter.map { min($0, endedAt + .hours(1)) } ?? endedAt
    try expect(next > endedAt && next < stop, "a retry outside its time")
    try expect(next >= earliest, "a retry before Retry-After")
    try expect(last > endedAt, "another attempt after the last one")
    if next == max(last, earliest) { return }
    try expect(next <= last, "a retry after the last attempt's moment")
    let low = max(endedAt + gap, earliest)
    let high = max(endedAt + gap + Elapsed(milliseconds: gap.milliseconds / 5), earliest)
    try expect(next >= low && next <= high, "a retry after \(next - endedAt) where \(gap) is the gap")
  }
}
