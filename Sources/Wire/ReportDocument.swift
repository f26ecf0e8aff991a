// The report as others read it: JSON with its definitions printed with it, so that a figure never travels without them. What
// could tell a single case's outcome, or who did not agree, stands on the control socket alone.
import Convening

public enum ReportDocument {
  /// Who reads it.
  public enum Reader: Hashable, Sendable {
    case status, control
    /// Anybody: small numbers are suppressed.
    case everybody
  }

  /// What each figure means, in the order of the document.
  public static let definitions: [(name: String, meaning: String)] = [
    (
      "n",
      "Discussions whose decision was taken in the period, cancelled ones aside; months of the authority's calendar. "
        + "rolling_twelve: the twelve months that end with the month. previous: the same figure one period earlier."
    ),
    (
      "three_partner",
      "Of n, those in which every agency that the discussion's policy requires had a counting contribution at or before "
        + "the decision. Low and high: Wilson's 95 % interval."
    ),
    (
      "fixed_partners",
      "The same for children's social care, police and health, whatever the policy requires."
    ),
    (
      "time_to_hold",
      "From the need being identified until it was held, or decided where that alone is recorded, in whole seconds; "
        + "percentiles by nearest rank. Within limit: of those for which the policy sets one."
    ),
    (
      "open_breaches",
      "At as_of and whatever the period: discussions that are neither held nor decided nor cancelled, and whose need was "
        + "identified longer ago than the policy allows; waiting: all those for which it sets a limit."
    ),
    ("agencies.share", "Of the discussions that required the agency, those with its counting contribution."),
    (
      "contributed_when_invited",
      "The same, of those in which a message to it was begun: it separates not asked from did not come. invited_share: of "
        + "those that required it and were no late entries (invited_of), those in which it was asked."
    ),
    (
      "late_entries",
      "Discussions that were held before they were entered. convened asked nobody for them: they are no part of "
        + "invited_share, of decision_latency, and of the split by notice; of them a limit that had passed when they were "
        + "entered is judged only where it is told when that was done."
    ),
    (
      "late",
      "Contributed after the decision alone: shown beside, never counted. not_counting: in time, in a way that never counts, "
        + "or without one of its units that it waited for. absent: without its counting contribution, both of these among them."
    ),
    (
      "reasons",
      "Of those absent, by the reason that stands; agreed where the agency named the same within a working day, disputed where "
        + "another."
    ),
    (
      "record",
      "Of discussions whose record was circulated and in which the agency had a part: sent to it, received by it. "
        + "record_when_absent: of those in which it had not contributed."
    ),
    (
      "response",
      "From its endpoint taking in the first message that asked it, to its first acknowledgement, contribution or decline "
        + "before the decision, in whole seconds. A message taken in is no proof that a person saw it."
    ),
    (
      "decision_latency",
      "From when the decision was taken to when it was recorded, in whole seconds, late entries aside; percentiles by "
        + "nearest rank. "
        + "Within policy: recorded within what the policy calls immediately."
    ),
    (
      "circulation",
      "Records sent to anybody; within limit: of those sent or past the policy's limit. open: still ahead of it."
    ),
    (
      "decided_without_all",
      "The others of n; with a reason; of those whose follow-up was done or is past its limit, done within it."
    ),
    (
      "conferences",
      "Conferences held, by working days after the section 47 enquiry began (or the discussion that began it): 0 to 10, "
        + "11 to 15, 16 to 20, 21 and more. Enquiries without a conference are due ahead or past due; not each needs one."
    ),
    ("dissent", "Of n, those in which an agency did not agree; escalated: a clock of the disagreement was started."),
    (
      "splits",
      "By urgency; by notice, from convening until it was held, shorter than the policy's fair notice or not; by whether it "
        + "was held in the authority's working hours."
    ),
  ]

  /// - Parameters:
  ///   - points: the goal and the baselines of the settings.
  ///   - open: what waits now, whatever the period; nil: it is not told.
  public static func document(
    _ report: Report, policies: Policies, points: ReportPoints, open: OpenBreaches? = nil, for reader: Reader
  ) -> JSON {
    let shown: (months: JSON, total: JSON)
    switch reader {
    case .status, .control:
      let figures = ReportFigures(report: report, showsOutcomes: reader == .control)
      shown = (.array(report.months.map(figures.period)), figures.period(report.total))
    case .everybody:
      let publication = Publication(report)
      shown = (.array(publication.months.map(published)), published(publication.total))
    }
    let openNow = open.map { [JSON.Member("open_breaches", json($0))] } ?? []
    let names = Set(told(shown.total) + openNow.map(\.name))
    let meanings = definitions.filter { definition in
      reader == .control || names.contains(String(definition.name.prefix { $0 != "." }))
    }
    return .object(
      [
        .init("schema", "convened.report/1"), .init("from", JSON(report.from)), .init("to", JSON(report.to)),
        .init("by", "month"), .init("as_of", JSON(report.now)), .init("suppressed", .bool(reader == .everybody)),
        .init("policy", JSON(texts: report.policies.map(\.description))), .init("months", shown.months),
        .init("total", shown.total),
      ] + openNow + [
        .init("points", json(points)),
        .init("definitions", .object(meanings.map { .init($0.name, .string($0.meaning)) })),
        .init("policies", .array(report.policies.compactMap { ref in policies[ref].map { json($0, ref) } })),
      ])
  }

  private static func json(_ open: OpenBreaches) -> JSON {
    [
      "n": JSON(open.n), "waiting": JSON(open.waiting), "urgent": JSON(open.urgent), "standard": JSON(open.standard),
      "oldest_due": JSON(open.oldestDue),
    ]
  }

  private static func json(_ policy: Policy, _ ref: PolicyRef) -> JSON {
    [
      "policy": .string(ref.description), "from": .string(policy.from.description),
      "required": JSON(policy.required), "counting": JSON(texts: policy.counting.map(\.rawValue).sorted()),
      "decision_recorded_s": .int(policy.decisionRecorded.wholeSeconds),
    ]
  }

  /// The names of what a period tells, at any depth.
  static func told(_ json: JSON) -> [String] {
    switch json {
    case .object(let members): members.flatMap { [$0.name] + told($0.value) }
    case .array(let values): values.flatMap(told)
    case .null, .bool, .int, .double, .string: []
    }
  }

  private static func json(_ points: ReportPoints) -> JSON {
    let baselines = points.baselines.map { ["label": .string($0.label), "value": JSON($0.value)] as JSON }
    return ["goal": JSON(points.goal), "baselines": .array(baselines)]
  }

  /// What is suppressed shows as `c`, as in the Department's own releases.
  static func published(_ period: Publication.Period) -> JSON {
    func count(_ cell: Publication.Cell) -> [JSON.Member] {
      guard let share = cell.shown else {
        return ["k", "share", "low", "high"].map { .init($0, "c") }
      }
      return [
        .init("k", JSON(share.k)), .init("share", JSON(rounded: share.value)),
        .init("low", JSON(rounded: share.interval?.low)),
        .init("high", JSON(rounded: share.interval?.high)),
      ]
    }
    var members: [JSON.Member] = []
    if let month = period.month { members.append(.init("month", .string(month))) }
    members.append(.init("n", period.n.map { JSON($0) } ?? "c"))
    members.append(.init("three_partner", .object(count(period.whole))))
    let agencies = period.agencies.map { one -> JSON in
      .object([JSON.Member("agency", JSON(one.agency))] + count(one.cell))
    }
    members.append(.init("agencies", .array(agencies)))
    return .object(members)
  }
}
