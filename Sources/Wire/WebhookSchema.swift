// The JSON Schema of what a receiver is sent, held against `ReminderBody` by a test. Members may be added; none goes.
import Convening

extension OpenAPISchemas {
  /// A CloudEvents 1.0 document, structured mode; a test message has agency and route alone in its data, and what is told at
  /// a hand-over has data of its own.
  static let webhookMessage: JSON = whole([
    "specversion": ["const": "1.0"], "id": reference("ReminderID"), "source": text,
    "type": ["type": "string", "enum": JSON(texts: Message.allCases.map(\.type))], "time": instant, "subject": text,
    "datacontenttype": ["const": "application/json"],
    "data": ["anyOf": [reminderData, pingData, handoverData, reviewDueData]],
  ])

  private static let reminderData: JSON = whole([
    "discussion": reference("DiscussionID"), "agency": reference("Name"), "recipient": reference("Place"),
    "step": reference("Name"), "sequence": ["type": "integer", "minimum": 1],
    "urgency": words(Urgency.self), "meeting_at": instant.orNull, "contribution_due_at": instant.orNull,
    "stop_after": instant, "late_by_s": ["type": "integer", "minimum": 0],
    "supersedes": ["type": "array", "items": reference("ReminderID"), "maxItems": 16],
    "escalates": reference("ReminderID").orNull, "ring": list(text), "details_sent_at": instant.orNull,
    "respond_url": (["type": "string", "format": "uri"] as JSON).orNull,
  ])

  /// `team` is null but where its convener's place changes hands; the agency of what is open is null where none is awaited.
  private static let handoverData: JSON = whole([
    "agency": reference("Name"), "team": reference("Name").orNull, "recipient": reference("Place"),
    "until": instant.orNull,
    "open": list(
      whole([
        "discussion": reference("DiscussionID"), "agency": reference("Name").orNull, "place": reference("Place"),
        "urgency": words(Urgency.self), "meeting_at": instant.orNull, "acknowledged": ["type": "boolean"],
        "asked_at": instant.orNull, "details_sent_at": instant.orNull,
      ])), "more": ["type": "integer", "minimum": 0], "stop_after": instant,
    "late_by_s": ["type": "integer", "minimum": 0], "ring": list(text),
    "respond_url": (["type": "string", "format": "uri"] as JSON).orNull,
  ])

  /// `team` and `silent_since`: one of the two is null.
  private static let reviewDueData: JSON = whole([
    "team": reference("Name").orNull, "recipient": reference("Place"), "step": reference("Name"),
    "contacts": ["type": "integer", "minimum": 0], "oldest_age_s": (["type": "integer"] as JSON).orNull,
    "silent_since": instant.orNull, "stop_after": instant, "late_by_s": ["type": "integer", "minimum": 0],
    "ring": list(text), "respond_url": (["type": "string", "format": "uri"] as JSON).orNull,
  ])

  private static let pingData: JSON = whole(["agency": reference("Name"), "route": reference("Name")])
}
