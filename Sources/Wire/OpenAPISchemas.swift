// The schemas of the OpenAPI document (JSON Schema 2020-12). Those of bodies come from the tables that read them. Documents
// list what every reader may rely on; further members may come.
import Convening

enum OpenAPISchemas {
  static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

  // MARK: - From tables of fields

  static func object(_ fields: [BodyField]) -> JSON {
    let shown = fields.filter { $0.notYet == nil }
    let properties = shown.map { field -> JSON.Member in
      let members = (refined(field).members ?? []) + [.init("description", .string(field.says))]
      return JSON.Member(field.name, .object(members))
    }
    return [
      "type": "object", "properties": .object(properties),
      "required": JSON(texts: shown.filter(\.isRequired).map(\.name)), "additionalProperties": false,
    ]
  }

  /// A field's schema without the words that this version refuses.
  private static func refined(_ field: BodyField) -> JSON {
    guard case .word(let words) = field.kind else { return schema(field.kind) }
    return schema(.word(words.filter { field.later[.string($0)] == nil }))
  }

  static func schema(_ kind: BodyField.Kind) -> JSON {
    switch kind {
    case .instant: instant
    case .meetingTime: ["anyOf": [instant, ["const": .string(BodyField.earliest)], ["type": "null"]]]
    case .text(let limit): ["type": "string", "minLength": 1, "maxLength": .int(Int64(limit))]
    case .name: ["type": "string", "pattern": .string(namePattern)]
    case .team: schema(.text(limit: TeamName.limit))
    case .word(let words): ["type": "string", "enum": JSON(texts: words)]
    case .whole(let range):
      [
        "type": "integer", "minimum": .int(Int64(range.lowerBound)), "maximum": .int(Int64(range.upperBound)),
      ]
    case .discussion: reference("DiscussionID")
    case .flag: ["type": "boolean"]
    case .list(let kind, let count):
      [
        "type": "array", "items": schema(kind), "minItems": .int(Int64(count.lowerBound)),
        "maxItems": .int(Int64(count.upperBound)), "uniqueItems": true,
      ]
    case .object(let fields): object(fields)
    case .body: ["type": "object"]
    }
  }

  // MARK: - Answers

  static func answer(of operation: APIOperation) -> JSON {
    switch operation.answers {
    case .discussion: reference("Discussion")
    case .contact: reference("Contact")
    case .rota: rota
    case .text, .lines: ["type": "string"]
    case .document: document(of: operation)
    }
  }

  private static func document(of operation: APIOperation) -> JSON {
    switch operation {
    case .status: reference("Status")
    case .index: index
    case .openapi: ["type": "object", "additionalProperties": true, "description": "OpenAPI 3.1."]
    case .discussions: document("discussions", ["discussions": list(listedDiscussion), "cursor": text.orNull])
    case .timeline:
      document(
        "timeline",
        [
          "id": reference("DiscussionID"), "entries": list(reference("Entry")),
          "retries": list(whole(["reminder": reference("ReminderID"), "at": instant])).orNull,
          "handovers": list(reference("Entry")),
        ])
    case .plan:
      document(
        "plan",
        [
          "id": reference("DiscussionID"), "from": instant, "entries": list(reference("Send")), "provisional": boolean,
        ])
    case .explainPolicy:
      document(
        "explanation",
        [
          "policy": text, "urgency": words(Urgency.self), "convened_at": instant, "meeting_at": instant.orNull,
          "answer_by": instant, "entries": list(reference("Send")), "provisional": boolean,
        ])
    case .frontDoor:
      document("front-door", ["at": instant, "contacts": list(reference("ListedContact")), "cursor": text.orNull])
    case .reminders: document("reminders", ["reminders": list(reference("Reminder")), "cursor": text.orNull])
    case .agencies: agencies
    case .report: report
    case .slots: slots
    case .ping: document("ping", ["reminder": reference("ReminderID"), "route": reference("Name")])
    case .enable: document("route", ["route": reference("Name"), "enabled": boolean])
    case .pause, .resume: document("pause", ["paused": boolean, "until": instant.orNull])
    case .reload: document("reload", ["warnings": list(text)])
    case .snapshots: document("snapshots", ["snapshots": list(whole(snapshot, beside: ["reason": text.orNull]))])
    case .snapshot, .keepReport:
      document(
        "snapshot", .object((snapshot.members ?? []) + [.init("report", report)]), beside: ["reason": text.orNull])
    case .live, .ready: document("health", ["state": text])
    case .compliance: compliance
    case .importRows:
      document(
        "import",
        [
          "kind": words(ImportKind.self), "dry_run": boolean, "rows": whole, "new": whole, "updated": whole,
          "unchanged": whole, "late_entries": whole,
        ])
    default: ["type": "object"]
    }
  }

  static var all: [JSON.Member] {
    [
      .init(
        "DiscussionID",
        ["type": "string", "description": "Crockford's base32, such as 7Q2F-M9KD; any case, hyphen optional."]),
      .init("ContactID", ["type": "string", "description": "A front-door contact's, in the form of a discussion's."]),
      .init("ReminderID", ["type": "string", "pattern": "^msg_[0-9A-HJKMNP-TV-Z]{26}$"]),
      .init("Name", schema(.name)),
      .init("State", words(Phase.self)),
      .init("PositionState", words(DiscussionDocument.PositionState.self)),
      .init("ContributionKind", words(ContributionKind.self)),
      .init("BarrierCode", words(BarrierCode.self)),
      .init("Place", words(Place.self)),
      .init("Message", words(Message.self)),
      .init("DaemonState", ["type": "string", "enum": JSON(texts: StatusDocument.states)]),
      .init("EventName", ["type": "string", "enum": JSON(texts: Event.names)]),
      .init("ProblemCode", words(ProblemCode.self)),
      .init("Problem", problem), .init("Discussion", discussion), .init("Position", position),
      .init("Clock", clock), .init("Contact", contact), .init("ListedContact", listedContact),
      .init("Status", status), .init("Entry", entry), .init("Send", send), .init("Reminder", reminder),
      .init("JournalLine", journalLine), .init("WebhookMessage", webhookMessage),
    ]
  }

  private static let namePattern = "^[a-z0-9][a-z0-9-]{0,62}$"
  static let text: JSON = ["type": "string"]
  static let whole: JSON = ["type": "integer"]
  static let number: JSON = ["type": "number"]
  static let boolean: JSON = ["type": "boolean"]
  static let instant: JSON = ["type": "string", "format": "date-time"]

  static func list(_ items: JSON) -> JSON { ["type": "array", "items": items] }

  static func words<T: CaseIterable & RawRepresentable<String>>(_: T.Type) -> JSON {
    ["type": "string", "enum": JSON(texts: T.allCases.map(\.rawValue))]
  }

  /// An object of which all these members are always there, and the others where they have something to say or somebody may
  /// see them.
  static func whole(_ properties: JSON, beside others: JSON = [:]) -> JSON {
    [
      "type": "object", "properties": .object((properties.members ?? []) + (others.members ?? [])),
      "required": JSON(texts: (properties.members ?? []).map(\.name)),
    ]
  }

  static func document(_ name: String, _ properties: JSON, beside others: JSON = [:]) -> JSON {
    let schema = JSON.Member("schema", ["const": .string("convened.\(name)/1")])
    return whole(.object([schema] + (properties.members ?? [])), beside: others)
  }

  private static let snapshot: JSON = [
    "name": reference("Name"), "version": whole, "from": instant, "to": instant, "kept_at": instant,
    "sha256": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
  ]

  private static let problem: JSON = whole([
    "type": ["type": "string", "pattern": "^urn:convened:problem:[a-z-]+$"], "title": text, "status": whole,
    "detail": text, "code": reference("ProblemCode"), "retryable": boolean,
    "errors": list(whole(["pointer": pointer, "detail": text])),
  ])

  private static let pointer: JSON = [
    "type": "string",
    "description": .string(
      "RFC 6901 into the body; ?name is a part of the query, Name a header. Empty for the body, ? for the query: a name "
        + "that is not known is told by its place, in detail."),
  ]

  /// `case_reference`, `join` and `conference_held_at` stand on the control socket alone.
  private static let discussion: JSON = document(
    "discussion",
    [
      "id": reference("DiscussionID"), "revision": whole, "state": reference("State"), "meeting_at": instant.orNull,
      "urgency": words(Urgency.self), "positions": list(reference("Position")),
      "quorum": whole(["quorate": boolean, "missing": list(reference("Name"))]), "clocks": list(reference("Clock")),
      "next": whole([
        "at": instant, "agency": reference("Name"), "place": reference("Place"), "step": reference("Name"),
      ]).orNull,
      "answer_by": instant.orNull, "late_entry": boolean, "follows": reference("DiscussionID").orNull,
      "convened_at": instant,
      "need_identified_at": instant.orNull, "duration_min": whole, "form": words(Form.self),
      "team": reference("Name"), "convened_by": text, "policy": text, "held_at": instant.orNull,
      "decided_at": instant.orNull, "decision_recorded_at": instant.orNull, "circulated_at": instant.orNull,
      "circulated_to": list(reference("Name")), "closes_at": instant.orNull,
      "receipts": list(whole(["agency": reference("Name"), "at": instant])), "follow_up_done_at": instant.orNull,
    ],
    beside: ["case_reference": text.orNull, "join": text.orNull, "conference_held_at": instant.orNull])

  private static let position: JSON = whole([
    "agency": reference("Name"), "required": boolean, "state": reference("PositionState"),
    "contribution": reference("ContributionKind").orNull, "reason": reference("BarrierCode").orNull,
    "units": list(
      whole([
        "unit": reference("Name"), "state": reference("PositionState"), "asked_at": instant.orNull, "needed": boolean,
        "acknowledged_at": instant.orNull, "contributed_at": instant.orNull,
        "contribution": reference("ContributionKind").orNull, "counts": boolean,
        "declined": reference("BarrierCode").orNull,
      ])), "missing_units": list(reference("Name")),
    "to_confirm": list(
      whole([
        "kind": reference("ContributionKind"), "unit": reference("Name").orNull, "at": instant, "reported_at": instant,
      ])),
    "counts": boolean, "contributed_at": instant.orNull,
    "acknowledged_at": instant.orNull, "asked_at": instant.orNull, "details_sent_at": instant.orNull,
    "barrier": whole([
      "code": reference("BarrierCode"), "by": words(Barrier.Source.self), "proposed": reference("BarrierCode").orNull,
      "answer": ["enum": ["agreed", "disputed", .null]], "answer_code": reference("BarrierCode").orNull,
      "answer_until": instant, "answered_late": boolean,
    ]).orNull,
  ])

  /// `margin_s` is less than nothing where the clock was missed, null while it runs and where a later discussion goes on with it
  /// (`goes_on_in`).
  private static let clock: JSON = whole([
    "id": words(ClockID.self), "level": whole, "started": instant, "due": instant, "stopped": instant.orNull,
    "margin_s": whole.orNull,
    "rule": text.orNull, "provisional": boolean, "goes_on_in": text.orNull,
  ])

  /// `outcome` and `discussion` stand in it only where outcomes are asked for, `case_reference` on the control socket alone.
  private static let contact: JSON = document(
    "contact",
    [
      "id": reference("ContactID"), "revision": whole, "state": words(ContactDocument.State.self),
      "received_at": instant, "recorded_at": instant, "team": reference("Name"),
      "clock": whole([
        "id": ["const": "C9"], "started": instant, "due": instant, "stopped": instant.orNull, "margin_s": whole.orNull,
        "rule": text, "provisional": boolean,
      ]), "outcome_at": instant.orNull, "outcome_by": text.orNull, "reviewed_at": instant.orNull,
      "reviewed_by": text.orNull,
    ],
    beside: [
      "case_reference": text.orNull, "outcome": words(ContactOutcome.self).orNull,
      "discussion": reference("DiscussionID").orNull,
    ])

  private static let listedContact: JSON = whole(
    [
      "id": reference("ContactID"), "state": words(ContactRow.State.self), "team": reference("Name"),
      "received_at": instant, "recorded_at": instant, "review_due": instant, "provisional": boolean,
      "outcome_at": instant.orNull, "reviewed_at": instant.orNull,
    ],
    beside: ["outcome": words(ContactOutcome.self).orNull, "discussion": reference("DiscussionID").orNull])

  private static let status: JSON = document(
    "status",
    [
      "state": reference("DaemonState"), "since": instant, "version": text,
      "attention": list(
        whole([
          "discussion": reference("DiscussionID"), "urgency": words(Urgency.self), "meeting_at": instant.orNull,
          "agency": reference("Name"), "why": ["type": "string", "enum": JSON(texts: StatusDocument.reasons)],
          "since": instant, "ring": list(whole(["label": text, "number": text])),
          "next": whole(["at": instant, "place": reference("Place"), "label": text.orNull]).orNull,
        ])),
      "checks": list(check),
      "discussions": whole(["open": whole, "overdue": whole, "decided_without_all": whole]).orNull,
      "reminders": whole([
        "scheduled": whole, "in_flight": whole, "undelivered": whole, "oldest_due_s": whole, "next_due": instant.orNull,
      ]).orNull,
      "front_door": whole([
        "open": whole, "due": whole, "oldest_due": instant.orNull, "heard": instant.orNull,
      ]).orNull,
      "agencies": list(
        whole([
          "agency": reference("Name"), "holder": reference("Name").orNull, "until": instant.orNull,
          "endpoint": endpoint, "last_accepted": instant.orNull, "last_answered": instant.orNull, "awaiting": whole,
          "name": text, "label": text.orNull,
        ])),
      "clock": whole(["synchronised": boolean.orNull, "last_step_s": ["type": "number"]]),
      "journal": whole(["seq": whole, "head": ["type": "string", "pattern": "^sha256:[0-9a-f]{64}$"]]).orNull,
    ])

  /// `event` is null, with `erased`, where the line was erased or cannot be read; with `hidden`, where that it happened says
  /// what was decided.
  private static let entry: JSON = [
    "type": "object",
    "properties": [
      "seq": whole, "stream": text, "revision": whole, "event": reference("EventName").orNull, "occurred_at": instant,
      "recorded_at": instant, "agency": reference("Name"), "erased": boolean, "hidden": boolean,
      "corrected_by": whole,
      "named": [
        "type": "boolean",
        "description": "Of what a successor was told at a hand-over: false where it had no room for this discussion.",
      ],
      "data": [
        "type": "object", "additionalProperties": true,
        "description": "What docs/contract.md says of each event; further members may come.",
      ],
      "actor": whole(["uid": whole, "pid": whole], beside: ["role": text]).orNull,
    ],
    "required": ["seq", "revision", "event"],
  ]

  private static let send: JSON = whole([
    "at": instant, "planned_at": instant.orNull, "agency": reference("Name"), "place": reference("Place"),
    "route": reference("Name").orNull, "step": reference("Name"), "message": reference("Message"), "rule": text,
    "unless": text,
  ])

  private static let reminder: JSON = whole([
    "id": reference("ReminderID").orNull, "discussion": reference("DiscussionID").orNull, "agency": reference("Name"),
    "place": reference("Place"), "step": reference("Name"), "message": reference("Message"),
    "route": reference("Name").orNull, "state": ["type": "string", "enum": JSON(texts: RemindersDocument.states)],
    "due": instant, "next": instant.orNull, "attempts": whole, "last_status": whole.orNull, "last_fault": text.orNull,
  ])

  private static let journalLine: JSON = whole([
    "seq": whole, "stream": text, "revision": whole, "line": text.orNull, "salt": text.orNull,
    "digest": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
    "chain": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
  ])
}

extension JSON {
  /// The schema, or null.
  var orNull: JSON { ["anyOf": [self, ["type": "null"]]] }
}

extension StatusDocument {
  /// Why somebody is needed.
  static let reasons = [
    "unanswered", "undelivered", "declined", "no_holder", "stopped", "not_counting", "to_confirm", "undecided",
  ]

  /// How an endpoint does.
  static let endpoints = ["unknown", "ok", "failing", "misconfigured", "stopped"]

  /// The states of the daemon.
  static let states = ["starting", "ready", "degraded", "paused", "stopping"]
}
