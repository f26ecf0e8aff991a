// What `GET /v1/compliance` answers, as a schema: each check, and what is said of each finding of it.
import Convening

extension OpenAPISchemas {
  static let compliance: JSON = document(
    "compliance",
    [
      "since": instant, "at": instant,
      "checks": list(
        whole([
          "check": words(Compliance.Check.self), "count": whole, "open": whole, "oldest": instant.orNull,
          "holder": holder, "findings": list(finding),
        ])),
    ])

  private static let holder: JSON = whole(["route": reference("Name"), "label": text]).orNull

  /// A discussion or a contact, and what its check looks at.
  private static let finding: JSON = whole(
    ["team": reference("Name").orNull, "holder": holder],
    beside: [
      "discussion": reference("DiscussionID"), "contact": reference("ContactID"), "received_at": instant,
      "due": instant.orNull, "seen_at": instant.orNull, "late_s": whole, "decided_at": instant, "recorded_at": instant,
      "why": ["type": "string", "enum": ["late", "earlier_time"]], "late_entry": boolean,
      "lacks": list(["type": "string", "enum": ["reason", "follow_up", "decision"]]), "follow_up_due": instant.orNull,
      "held_at": instant, "missing": list(reference("Name")),
      "clock": words(ClockID.self), "stopped": instant.orNull,
      "state": ["type": "string", "enum": ["stopped_late", "passed", "due_today"]],
    ])
}
