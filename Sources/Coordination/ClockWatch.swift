// Compares the wall clock with the monotonic one, which nobody sets. A step is what remains of the wall clock's way when the
// other's is taken off. A value: who reads the clocks is somebody else.
import Convening

public struct ClockWatch: Sendable {
  /// Less is drift, or a slow look. 2 s
  public static let tolerance = Elapsed.seconds(2)
  /// Up to so far forward nobody was cheated of time. 120 s
  public static let harmless = Elapsed.seconds(120)
  /// How long steps for those who have not answered wait after more than that. 120 s
  public static let escalationsWait = Elapsed.seconds(120)

  private var last: (wall: Instant, uptime: Elapsed)

  public init(wall: Instant, uptime: Elapsed) { last = (wall, uptime) }

  /// The step since the last look; nil where there was none.
  public mutating func look(wall: Instant, uptime: Elapsed) -> Elapsed? {
    defer { last = (wall, uptime) }
    let step = (wall - last.wall) - (uptime - last.uptime)
    return abs(step.milliseconds) > ClockWatch.tolerance.milliseconds ? step : nil
  }
}

/// What the clock's last step leaves behind.
struct ClockAftermath: Hashable, Sendable {
  /// Since the process began; zero where there was none.
  var step = Elapsed.zero
  /// Until then steps for those who have not answered wait.
  var escalationsFrom: Instant?
  /// Until then nothing under way is lost: nobody knows how old it is, so all of it gets another minute.
  var lossesFrom: Instant?

  /// An attempt without an outcome is lost after a minute of true time.
  func isLost(since: Instant, at now: Instant) -> Bool {
    if let lossesFrom, now < lossesFrom, lossesFrom <= now + Retry.lostAfter { return false }
    // Begun before the clock was set back: that was more than a minute ago.
    return since + Retry.lostAfter <= now || since > now + ClockWatch.tolerance
  }

  /// When to look at an attempt that is under way, where a step of the clock has a say in it.
  func looksAgain(after now: Instant) -> Instant? {
    lossesFrom.flatMap { now < $0 && $0 <= now + Retry.lostAfter ? $0 : nil }
  }
}

extension Rung {
  /// After a step of the clock, a step for those who have not answered waits: nobody had the time that the clock says has
  /// passed. Not where it would be too late by then, and not for ever where the clock was set back since.
  func waits(until from: Instant?, at now: Instant) -> Bool {
    guard let from, now < from, from <= now + ClockWatch.escalationsWait else { return false }
    return ifUnanswered && stopAfter > from
  }
}
