// Reminders of standard discussions may be held back for a while: an agency moves its receiver, a rota is being put right.
// Urgent ones go on, nobody's answer is refused, and it ends by itself. Who asked for it and why stands in the journal.

public struct Pause: Hashable, Sendable {
  public let until: Instant

  /// 60 min; CONTRACT.md 3.
  public static let longest = Elapsed.minutes(60)

  public init(until: Instant) { self.until = until }

  /// Never longer than that, whatever the clock is set to meanwhile.
  public func holds(at now: Instant) -> Bool { now < until && until <= now + Pause.longest }

  /// Whether nothing of such a discussion is sent while it holds.
  public static func holdsBack(_ urgency: Urgency) -> Bool {
    switch urgency {
    case .standard: true
    case .urgent: false
    }
  }
}
