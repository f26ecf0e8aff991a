// `convenectl check`: one line for a monitoring system, with performance data, and the exit status of a monitoring
// plugin (https://www.monitoring-plugins.org/doc/guidelines.html). Written from the status document alone.
import Convening
import Wire

public struct CheckLine: Hashable, Sendable {
  /// Its raw value is the exit status.
  public enum Level: Int32, Hashable, Sendable {
    case ok = 0
    case warning = 1
    case critical = 2
    case unknown = 3

    var word: String {
      switch self {
      case .ok: "OK"
      case .warning: "WARNING"
      case .critical: "CRITICAL"
      case .unknown: "UNKNOWN"
      }
    }

    /// How bad: an unknown outweighs a warning, never what is critical.
    fileprivate var weight: Int {
      switch self {
      case .ok: 0
      case .warning: 1
      case .unknown: 2
      case .critical: 3
      }
    }
  }

  public let level: Level
  public let text: String

  /// What a status document says: a daemon that is not ready, what needs a person, what is late or undelivered.
  public init(_ document: JSON) {
    var found: [(level: Level, words: String)] = []
    switch document.text("state") {
    case "ready": break
    case "degraded": found.append((.critical, "degraded"))
    case let state? where ["starting", "paused", "stopping"].contains(state): found.append((.warning, state))
    case let state?: found.append((.unknown, "state \(state)"))
    case nil: found.append((.unknown, "no state in the answer"))
    }
    for check in document.items("checks") {
      let name = check.text("name").map(Words.plain) ?? "a check"
      switch check.text("state") {
      case "ok": continue
      // The state says so already.
      case "warn" where check.text("name") == "pause" && document.text("state") == "paused": continue
      case "warn", "warning": found.append((.warning, name))
      case "unknown", nil: found.append((.unknown, name))
      case .some: found.append((.critical, name))
      }
    }
    let needs = document.items("attention")
    if !needs.isEmpty {
      let urgent = needs.contains { $0.text("urgency") == "urgent" }
      found.append((urgent ? .critical : .warning, "\(needs.count) needing a person"))
    }
    let reminders = document["reminders"] ?? .null
    let late = Int64(reminders["oldest_due_s"]?.number ?? 0)
    if late >= 60 { found.append((late >= 300 ? .critical : .warning, "reminders late by \(late) s")) }
    let undelivered = reminders["undelivered"]?.int ?? 0
    if undelivered > 0 { found.append((.warning, "\(undelivered) undelivered")) }
    let overdue = document["discussions"]?["overdue"]?.int ?? 0
    if overdue > 0 { found.append((.warning, "\(overdue) overdue")) }

    level = found.map(\.level).max { $0.weight < $1.weight } ?? .ok
    let open = document["discussions"]?["open"]?.int ?? 0
    let words = found.isEmpty ? "ready, \(open) open" : found.map(\.words).joined(separator: ", ")
    let data = [
      "reminders_undelivered=\(undelivered)", "reminders_scheduled=\(reminders["scheduled"]?.int ?? 0)",
      "reminders_in_flight=\(reminders["in_flight"]?.int ?? 0)", "oldest_due=\(late)s;60;300",
      "discussions_open=\(open)", "discussions_overdue=\(overdue)", "attention=\(needs.count)",
      "journal_seq=\(document["journal"]?["seq"]?.int ?? 0)c",
    ]
    text = "CONVENED \(level.word) - \(words) | \(data.joined(separator: " "))"
  }

  /// No status document: out of reach is critical, everything else is not known.
  public init(_ complaint: Complaint) {
    level = complaint.status == .outOfReach ? .critical : .unknown
    // A bar would begin the performance data.
    let words = (complaint.sentences.first ?? "no answer").replacing("|", with: "/")
    text = "CONVENED \(level.word) - \(words)"
  }
}
