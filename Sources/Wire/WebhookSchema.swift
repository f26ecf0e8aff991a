// The JSON Schema of what a receiver is sent, held against `ReminderBody` by a test. Members may be added; none goes.
import Convening

extension OpenAPISchemas {
  static let webhookMessage: JSON = [
    "type": "object",
    "description":
      "A CloudEvents 1.0 document, structured mode; a test message has agency and route alone in its data.",
    "properties": [
      "specversion": ["const": "1.0"], "id": reference("ReminderID"), "source": ["type": "string"],
      "type": ["type": "string", "enum": JSON(texts: Message.allCases.map(\.type))],
      "time": ["type": "string", "format": "date-time"], "subject": ["type": "string"],
      "datacontenttype": ["const": "application/json"],
      "data": ["anyOf": [reminderData, pingData]],
    ],
    "required": JSON(texts: ["specversion", "id", "source", "type", "time", "subject", "datacontenttype", "data"]),
  ]

  private static let reminderData: JSON = [
    "type": "object",
    "properties": [
      "discussion": reference("DiscussionID"), "agency": reference("Name"), "recipient": reference("Place"),
      "step": reference("Name"), "sequence": ["type": "integer", "minimum": 1],
      "urgency": ["type": "string", "enum": JSON(texts: Urgency.allCases.map(\.rawValue))],
      "meeting_at": nullable(["type": "string", "format": "date-time"]),
      "contribution_due_at": nullable(["type": "string", "format": "date-time"]),
      "stop_after": ["type": "string", "format": "date-time"], "late_by_s": ["type": "integer", "minimum": 0],
      "supersedes": ["type": "array", "items": reference("ReminderID"), "maxItems": 16],
      "escalates": nullable(reference("ReminderID")), "ring": ["type": "array", "items": ["type": "string"]],
      "details_sent_at": nullable(["type": "string", "format": "date-time"]),
      "respond_url": nullable(["type": "string", "format": "uri"]),
    ],
    "required": JSON(
      texts: [
        "discussion", "agency", "recipient", "step", "sequence", "urgency", "meeting_at", "contribution_due_at",
        "stop_after",
        "late_by_s", "supersedes", "escalates", "ring", "details_sent_at", "respond_url",
      ]),
  ]

  private static let pingData: JSON = [
    "type": "object", "properties": ["agency": reference("Name"), "route": reference("Name")],
    "required": JSON(texts: ["agency", "route"]),
  ]

  private static func nullable(_ schema: JSON) -> JSON { ["anyOf": [schema, ["type": "null"]]] }
}
