// The report as others read it: JSON with its definitions printed with it, so that a figure never travels without them.
import Convening

public enum ReportDocument {
  /// What each figure means, in the order of the document.
  public static let definitions: [(name: String, meaning: String)] = [
    (
      "n",
      "Discussions whose decision was taken in the period, cancelled ones aside; months of the authority's calendar."
    ),
    (
      "three_partner",
      "Of n, those in which every agency that the discussion's policy requires had a counting contribution at or before "
        + "the decision. Low and high: Wilson's 95 % interval."
    ),
    ("agencies.share", "Of the discussions that required the agency, those with its counting contribution."),
    (
      "contributed_when_invited",
      "The same, of those to which it was invited: it separates not asked from did not come."
    ),
    (
      "decision_latency",
      "From when the decision was taken to when it was recorded, in whole seconds; percentiles by nearest rank. "
        + "Within policy: recorded within what the policy calls immediately."
    ),
  ]

  public static func document(_ report: Report, policies: Policies) -> JSON {
    let total = (period(report.total).members ?? []).filter { $0.name != "month" }
    return [
      "schema": "convened.report/1", "from": .string(report.from.description), "to": .string(report.to.description),
      "by": "month", "policy": .array(report.policies.map { .string($0.description) }),
      "months": .array(report.months.map(period)), "total": .object(total),
      "definitions": .object(definitions.map { JSON.Member($0.name, .string($0.meaning)) }),
      "policies": .array(
        report.policies.compactMap { ref in
          policies[ref].map { policy in
            [
              "policy": .string(ref.description), "from": .string(policy.from.description),
              "required": .array(policy.required.map { .string($0.text) }),
              "counting": .array(policy.counting.map(\.rawValue).sorted().map { .string($0) }),
              "decision_recorded_s": .int(policy.decisionRecorded.wholeSeconds),
            ]
          }
        }),
    ]
  }

  private static func period(_ period: Report.Period) -> JSON {
    [
      "month": JSON(period.month), "n": .int(Int64(period.n)), "three_partner": share(period.threePartner),
      "agencies": .array(
        period.agencies.map { agency in
          .object(
            [.init("agency", .string(agency.agency.text))] + (share(agency.contributed).members ?? []) + [
              .init("required", .int(Int64(agency.contributed.n))), .init("invited", .int(Int64(agency.invited))),
              .init("contributed_when_invited", rounded(agency.whenInvited.value)),
            ])
        }),
      "decision_latency": [
        "n": .int(Int64(period.latency.n)), "median_s": period.latency.median.map { .int($0) } ?? .null,
        "p90_s": period.latency.p90.map { .int($0) } ?? .null,
        "within_policy": rounded(period.latency.withinPolicy.value),
      ],
    ]
  }

  private static func share(_ share: Share) -> JSON {
    [
      "k": .int(Int64(share.k)), "share": rounded(share.value), "low": rounded(share.interval?.low),
      "high": rounded(share.interval?.high),
    ]
  }

  /// Four decimals.
  private static func rounded(_ value: Double?) -> JSON { JSON(value.map { ($0 * 10_000).rounded() / 10_000 }) }
}
