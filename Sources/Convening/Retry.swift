// When a failed delivery is tried again: CONTRACT.md 1. Counted from the attempt's end, jittered from the id, bounded by
// what the message is for, with one last attempt kept for the end.

public enum Retry {
  /// 5 s, 30 s, 2 m, 5 m, 15 m, 30 m, 1 h, 2 h, then 4 h.
  static let gaps: [Elapsed] = [
    .seconds(5), .seconds(30), .minutes(2), .minutes(5), .minutes(15), .minutes(30), .hours(1), .hours(2), .hours(4),
  ]
  /// For what stays wrong until somebody mends it: 5 min, 1 h, then 4 h.
  static let slowGaps: [Elapsed] = [.minutes(5), .hours(1), .hours(4)]
  /// `Retry-After` is believed up to this.
  static let longestRetryAfter = Elapsed.hours(1)
  /// An attempt without an outcome for so long is taken for lost.
  public static let lostAfter = Elapsed.seconds(60)

  /// The next attempt's moment after one that ended without acceptance; nil: there is none.
  ///
  /// - Parameters:
  ///   - attempts: how many were begun, the one that just ended included (1...).
  ///   - misconfigured: how many of them ended as misconfigured, this one included.
  public static func next(
    after verdict: Verdict, of reminder: ReminderID, attempts: Int, misconfigured: Int, endedAt: Instant,
    retryAfter: Instant?, firstAt: Instant, stopAfter: Instant, margin: Elapsed
  ) -> Instant? {
    let gap: Elapsed
    switch verdict {
    case .accepted, .gone: return nil
    case .retry: gap = gaps[min(attempts, gaps.count) - 1]
    case .misconfigured: gap = slowGaps[min(max(misconfigured, 1), slowGaps.count) - 1]
    }
    let share = Int64(reminder.lot(attempt: attempts) % 2001)
    let earliest = retryAfter.map { min($0, endedAt + longestRetryAfter) } ?? endedAt
    let slot = max(endedAt + gap + Elapsed(milliseconds: gap.milliseconds * share / 10_000), earliest)
    let last = stopAfter - min(margin, (stopAfter - firstAt) / 10)
    if slot <= last { return slot }
    let final = max(last, earliest)
    return final > endedAt && final < stopAfter ? final : nil
  }
}

extension Reminder {
  /// The next attempt's moment after this one ended so; nil: there is none.
  public func next(after answer: Answer, endedAt: Instant) -> Instant? {
    Retry.next(
      after: answer.verdict, of: id, attempts: attempts,
      misconfigured: misconfigured + (answer.verdict == .misconfigured ? 1 : 0), endedAt: endedAt,
      retryAfter: answer.retryAfter, firstAt: firstAt, stopAfter: stopAfter, margin: margin)
  }

  /// The next attempt's moment after one was lost: the next slot, as after a failure.
  public func nextAfterLoss(at now: Instant) -> Instant? {
    Retry.next(
      after: .retry, of: id, attempts: attempts, misconfigured: misconfigured, endedAt: now, retryAfter: nil,
      firstAt: firstAt, stopAfter: stopAfter, margin: margin)
  }
}
