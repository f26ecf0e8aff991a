// The schema of the report: as `ReportFigures` writes each period, and as `Publication` does for anybody to read.
import Convening

extension OpenAPISchemas {
  static let report: JSON = document(
    "report",
    [
      "from": instant, "to": instant, "by": ["const": "month"], "as_of": instant, "suppressed": boolean,
      "policy": list(text), "months": list(["anyOf": [month, published(["month": text])]]),
      "total": ["anyOf": [total, published([:])]],
      "points": whole(["goal": number.orNull, "baselines": list(whole(["label": text, "value": number]))]),
      "definitions": ["type": "object", "additionalProperties": text],
      "policies": list(
        whole([
          "policy": text, "from": ["type": "string", "format": "date"], "required": list(reference("Name")),
          "counting": list(reference("ContributionKind")), "decision_recorded_s": whole,
        ])),
    ],
    beside: [
      "open_breaches": whole([
        "n": whole, "waiting": whole, "urgent": whole, "standard": whole, "oldest_due": instant.orNull,
      ])
    ])

  private static let month = whole(
    joined(["month": text], figures), beside: joined(outcomes, frontDoor, ["rolling_twelve": year]))
  private static let total = whole(
    figures,
    beside: joined(
      outcomes, frontDoor,
      ["conferences_due": list(whole(["due": ["type": "string", "format": "date"], "n": whole]))]))
  private static let year = whole(figures, beside: joined(outcomes, frontDoor))

  private static func joined(_ parts: JSON...) -> JSON { .object(parts.flatMap { $0.members ?? [] }) }

  // MARK: - A period

  private static let figures = joined(
    ["policy": list(text), "late_entries": whole], core,
    [
      "agencies": list(whole(joined(agency, moreOfAgency))),
      "decision_latency": whole(joined(times, share("within_policy"))),
      "circulation": whole(joined(["sent": whole], limited)),
      "decided_without_all": whole(
        joined(["k": whole], share("share"), share("with_reason"), ["followed_up": whole(limited)])),
      "splits": whole(
        .object(
          Tally.Split.allCases.map {
            JSON.Member($0.word, whole(joined(core, ["agencies": list(whole(agency))])))
          })),
    ])

  private static let frontDoor: JSON = [
    "front_door": whole(
      joined(
        ["n": whole, "judged": whole], portion("outcome_in_time"), ["past": whole], portion("reviewed"),
        ["waiting": whole, "oldest_age_s": whole.orNull]))
  ]

  /// On the control socket alone.
  private static let outcomes: JSON = [
    "conferences": whole(
      joined(
        ["held": whole], share("within_15"),
        [
          "bands": ["type": "object", "additionalProperties": whole], "dated_before": whole, "past_due": whole,
          "due_ahead": whole,
        ])),
    "dissent": whole(
      joined(
        ["k": whole], share("share"),
        ["escalated": whole, "escalated_previous": whole.orNull, "resolved": whole(limited)])),
  ]

  private static let core = joined(
    [
      "n": whole, "three_partner": headline, "fixed_partners": headline.orNull,
      "time_to_hold": whole(joined(times, ["limited": whole], share("within_limit"))),
    ])

  private static let agency = joined(
    ["agency": reference("Name"), "k": whole], share("share"),
    ["required": whole, "invited_of": whole, "invited": whole], share("invited_share"),
    ["contributed_when_invited_k": whole], share("contributed_when_invited"))

  private static let moreOfAgency: JSON = [
    "late": whole, "not_counting": whole, "kinds": ["type": "object", "additionalProperties": whole], "absent": whole,
    "reasons": list(
      whole([
        "code": reference("BarrierCode"), "n": whole, "agreed": whole, "disputed": whole, "n_previous": whole.orNull,
      ])),
    "record": record, "record_when_absent": record,
    "response": whole(
      joined(
        ["reached": whole], times, share("without_answer"),
        [
          "messages": whole, "contributions": whole, "messages_per_contribution": number.orNull,
          "messages_per_contribution_previous": number.orNull,
        ])),
  ]

  private static let record = whole(joined(["n": whole, "sent": whole, "received": whole], share("share")))

  // MARK: - Figures

  /// With what it was of how many, and its interval then; reports that were kept before do not have that.
  private static let headline = whole(
    joined(["k": whole], share("share")),
    beside: ["previous_n": whole.orNull, "previous_low": number.orNull, "previous_high": number.orNull])

  /// The share by its name, its interval, and what it was one period earlier; null where there is nothing to share out.
  private static func share(_ name: String) -> JSON {
    let own = name == "share" ? "" : "\(name)_"
    return .object([name, "\(own)low", "\(own)high", "\(own)previous"].map { .init($0, number.orNull) })
  }

  /// A share with how many it is, all by its name.
  private static func portion(_ name: String) -> JSON {
    .object(
      [.init("\(name)_k", whole)]
        + ["share", "low", "high", "previous"].map { .init("\(name)_\($0)", number.orNull) })
  }

  private static let limited = joined(["n": whole, "in_time": whole], share("within_limit"), ["open": whole])

  private static let times: JSON = [
    "n": whole, "median_s": whole.orNull, "p90_s": whole.orNull, "median_previous_s": whole.orNull,
    "p90_previous_s": whole.orNull,
  ]

  // MARK: - For anybody to read

  private static func published(_ month: JSON) -> JSON {
    let count = ["anyOf": [whole, suppressed]] as JSON
    let figure = ["anyOf": [number, suppressed, ["type": "null"]]] as JSON
    let cell: JSON = ["k": count, "share": figure, "low": figure, "high": figure]
    return whole(
      joined(
        month,
        [
          "n": count, "three_partner": whole(cell),
          "agencies": list(whole(joined(["agency": reference("Name")], cell))),
        ]),
      beside: [
        "front_door": whole([
          "judged": count, "outcome_in_time_k": count, "outcome_in_time_share": figure, "outcome_in_time_low": figure,
          "outcome_in_time_high": figure,
        ])
      ])
  }

  private static let suppressed: JSON = ["const": "c"]
}
