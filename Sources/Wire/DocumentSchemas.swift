// The schemas of lists and of what stands beside a discussion: who holds each place, the rota, discussions by page, times that
// suit, the checks of the status.
import Convening

extension OpenAPISchemas {
  static let index: JSON = document(
    "index",
    ["version": text, "openapi": text, "paths": list(whole(["method": text, "path": text, "summary": text]))])

  static let listedDiscussion: JSON = whole([
    "id": reference("DiscussionID"), "state": reference("State"), "meeting_at": instant.orNull,
    "answer_by": instant.orNull, "late_entry": boolean, "urgency": words(Urgency.self), "form": words(Form.self),
    "duration_min": whole, "team": reference("Name"), "policy": text, "convened_at": instant, "held_at": instant.orNull,
    "decided_at": instant.orNull, "quorate": boolean.orNull,
    "quorum": whole(["quorate": boolean, "missing": list(reference("Name"))]),
    "positions": list(
      whole([
        "agency": reference("Name"), "required": boolean, "invited": boolean,
        "contribution": reference("ContributionKind").orNull, "counts": boolean,
        "reason": reference("BarrierCode").orNull,
      ])),
  ])

  static let endpoint: JSON = ["type": "string", "enum": JSON(texts: StatusDocument.endpoints)]

  /// `reason`, of a cover, on the control socket alone.
  private static let heldPlace: JSON = whole(
    [
      "place": reference("Place"), "route": reference("Name").orNull, "label": text.orNull, "phone": text.orNull,
      "because": because, "until": instant.orNull,
      "next": whole([
        "at": instant, "route": reference("Name").orNull, "label": text.orNull, "because": because,
      ]).orNull, "endpoint": endpoint,
    ], beside: ["reason": text])

  private static let because: JSON = [
    "type": "string", "enum": ["cover", "rota", "hours", "otherwise", "always", "nobody"],
  ]

  static let agencies: JSON = document(
    "agencies",
    [
      "agencies": list(
        whole([
          "agency": reference("Name"), "name": text, "places": list(heldPlace), "awaiting": whole,
          "units": list(whole(["unit": reference("Name"), "label": text])), "counts": words(UnitRule.self).orNull,
          "last_answered": instant.orNull,
        ])), "coordination": heldPlace,
      "teams": list(whole(["team": reference("Name"), "places": list(heldPlace)])),
      "routes": list(
        whole([
          "route": reference("Name"), "label": text, "phone": text.orNull, "health": endpoint, "in_flight": whole,
          "last_accepted": instant.orNull,
        ])),
    ])

  /// `version` is the ETag without its quotes.
  static let rota: JSON = {
    let line: JSON = [
      "place": reference("Place"), "route": reference("Name"), "from": instant, "until": instant,
    ]
    return document(
      "rota",
      [
        "agency": reference("Name"), "version": ["type": "string", "pattern": "^[0-9a-f]{32}$"],
        "entries": list(whole(line)), "covers": list(whole(line, beside: ["reason": text])),
      ])
  }()

  /// `detail` is a sentence where it is not ok; the others belong to one check each.
  static let check: JSON = whole(
    ["name": text, "state": words(StatusDocument.Check.State.self)],
    beside: [
      "detail": text, "size_bytes": whole, "horizon_days": whole, "receivers_ahead_s": number, "until": instant,
      "due": whole,
      "gaps": list(
        whole([
          "agency": reference("Name").orNull, "team": reference("Name").orNull, "place": reference("Place"),
          "from": instant, "until": instant.orNull, "falls_to": reference("Name").orNull,
        ])),
    ])

  /// `alternatives` only where there is no slot.
  static let slots: JSON = document(
    "slots",
    [
      "from": instant, "limit": instant.orNull, "rule": text.orNull, "duration_min": whole,
      "slots": list(whole(["at": instant, "until": instant])), "provisional": boolean,
      "in_the_way": list(
        whole([
          "agency": reference("Name").orNull, "why": words(Slots.Obstacle.Why.self), "from": instant,
          "until": instant.orNull,
        ])),
      "alternatives": list(
        whole([
          "at": instant, "until": instant, "without": reference("Name").orNull, "over_limit": boolean,
          "short_notice": boolean,
        ])),
    ])
}
