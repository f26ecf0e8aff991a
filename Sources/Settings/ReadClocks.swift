// The limits of the clocks: what must follow on what, and by when. All of them may be left out; then that clock does not run.
import Convening
internal import Yams

extension SettingsReading {
  /// A policy's keys of one limit each, with their clocks and the words that may follow on the limit.
  private static let limits: [(key: String, clock: ClockID, after: String)] = [
    ("referral_decision", .c1, " from referral"), ("record_circulated", .c4, " from decision"),
    ("conference", .c5, " from initiating discussion"), ("assessment", .c6, " from referral"),
    ("core_group", .c7, " from conference"), ("urgent_full_meeting", .c10, " from urgent discussion"),
  ]

  static let clockKeys = Set(limits.map(\.key) + ["disagreement"])

  /// - Parameter followUp: the one below `without_all`.
  func readClocks(_ part: Members?, followUp: Node?) -> [ClockID: [Limit]] {
    var clocks: [ClockID: [Limit]] = [:]
    for (key, clock, after) in Self.limits {
      let suffix = clock == .c5 && conferenceReading(part) == .last ? Self.fromLast : after
      if let limit = limit(part?[key], key, after: suffix) { clocks[clock] = [limit] }
    }
    if let limit = limit(followUp, "follow_up", after: " from decision") { clocks[.followUp] = [limit] }
    if let levels = part?["disagreement"] {
      let empty = "Write one limit for each level, as `[2 working days]`."
      let nodes = report.list(levels, "disagreement", empty: empty) ?? []
      let limits = nodes.compactMap { limit($0, "a level of disagreement", after: "") }
      if !limits.isEmpty { clocks[.c11] = limits }
    }
    return clocks
  }

  private static let fromLast = " from last discussion"

  /// Which discussion of a sequence the limit of the conference counts from, by the words that follow on it.
  func conferenceReading(_ part: Members?) -> ConferenceReading {
    part?["conference"]?.scalar?.string.hasSuffix(Self.fromLast) ?? false ? .last : .initiating
  }

  /// A limit, in working hours too where the file says which hours those are.
  func limit(_ node: Node?, _ name: String, after suffix: String) -> Limit? {
    guard let limit = report.limit(node, name, after: suffix, inWorkingHours: true) else { return nil }
    if case .workingHours = limit, !knowsWorkingHours {
      report.add(
        node, "\(name) counts in working hours, and no hours are named as those",
        "Add `working: office` to the file, with the name of hours defined under `hours`.")
    }
    return limit
  }
}
