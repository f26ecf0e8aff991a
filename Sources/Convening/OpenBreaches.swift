// M4 of DOMAIN.md 5.3, "open breaches now": discussions that wait to be held longer than the policy allows (C2). A pure function
// of the rows of what is scheduled at a moment; what was held late is the report's `within_limit` and not counted here.

public struct OpenBreaches: Hashable, Sendable {
  /// Scheduled, and the policy sets a limit that counts from their need: 0...
  public private(set) var waiting = 0
  /// Of those, past it.
  public private(set) var urgent = 0
  public private(set) var standard = 0
  /// Since when the oldest of those that are past it should have been held; nil where none is.
  public private(set) var oldestDue: Instant?

  public var n: Int { urgent + standard }

  /// - Parameter rows: others than those that are scheduled are passed over.
  public init(_ rows: [DiscussionRow], at now: Instant, _ calendar: WorkingCalendar, _ policies: Policies) {
    for row in rows where row.phase == .scheduled {
      guard let need = row.needIdentifiedAt, let limit = policies[row.policy]?.limit(of: .c2, for: row.urgency) else {
        continue
      }
      waiting += 1
      let due = limit.due(from: need, in: calendar).at
      guard due < now else { continue }
      switch row.urgency {
      case .urgent: urgent += 1
      case .standard: standard += 1
      }
      oldestDue = min(oldestDue ?? due, due)
    }
  }
}
