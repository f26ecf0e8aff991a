// `convenectl report`: how often all who are required took part, by month, with the range that so few discussions leave
// open, and below it what was counted. Percentages are never averaged: the total is the daemon's own.
import Convening
import Wire

public struct ReportText {
  private let page: Page
  private let document: JSON

  /// With `definitions` what each figure counts; without, what the main ones mean.
  private let showsDefinitions: Bool

  public init(_ document: JSON, page: Page, definitions: Bool = false) {
    (self.document, self.page, showsDefinitions) = (document, page, definitions)
  }

  public var lines: [String] {
    var lines = [page.paint(title, .heading), ""]
    let months = document.items("months")
    let ids = ReportSections.agencies(document)
    var table = Table(
      [
        .init("MONTH", isWhole: true), .init("DECIDED", isNumber: true), .init("ALL TOOK PART", isNumber: true),
        .init("SHARE", isNumber: true), .init("LIKELY RANGE", isWhole: true),
      ]
        + ids.map { .init(page.agency($0).uppercased(), isNumber: true) }
        + (hasLatency ? [.init("RECORDED AFTER", isNumber: true), .init("IN TIME", isNumber: true)] : []))
    for month in months { table.add(row(name(of: month), month, ids)) }
    if let total = document["total"], !total.isNull { table.add(row("Total", total, ids)) }
    lines += months.isEmpty && document["total"] == nil ? ["No discussion was decided."] : table.lines(page.paint)
    lines += before
    return lines + ReportSections(document: document, page: page).lines + [""] + explanations
  }

  /// "Oct 2026"; "Oct 2026, in part" where the report begins or ends within it.
  private func name(of month: JSON) -> String {
    let text = month.text("month") ?? ""
    guard let first = CivilDate(text + "-01") else { return text }
    let next = first.adding(days: 31)
    let (starts, ends) = (first, CivilDate(year: next.year, month: next.month, day: 1) ?? next)
    let isPart = date("from").map { $0 > starts } ?? false || date("to").map { $0 < ends } ?? false
    return Clock.month(text) + (isPart ? ", in part" : "")
  }

  /// What is published leaves these figures out.
  private var hasLatency: Bool {
    (document.items("months") + [document["total"] ?? .null]).contains { $0["decision_latency"] != nil }
  }

  private func date(_ name: String) -> CivilDate? {
    guard let text = document.text(name) else { return nil }
    return CivilDate(text) ?? Instant(text).map { page.clock.zone.wall($0).date }
  }

  /// The last day is the one before `to`.
  private var title: String {
    let from = date("from").map { " from \(page.clock.day($0))" } ?? ""
    let to = date("to").map { " to \(page.clock.day($0.adding(days: -1)))" } ?? ""
    return "Strategy discussions decided\(from)\(to)"
  }

  private func row(_ name: String, _ part: JSON, _ ids: [String]) -> [Cell] {
    let all = part["three_partner"] ?? .null
    let latency = part["decision_latency"] ?? .null
    func stretch(_ name: String) -> String {
      latency[name]?.number.map { Clock.words(.seconds(Int64($0))) } ?? "–"
    }
    func share(_ id: String) -> String {
      Words.percent(part.items("agencies").first { $0.text("agency") == id }?["share"])
    }
    let range =
      all["low"]?.number == nil ? "–" : "\(Words.percent(all["low"])) to \(Words.percent(all["high"]))"
    return [
      Cell(name), Cell(ReportSections.count(part["n"])), Cell(ReportSections.count(all["k"])),
      Cell(Words.percent(all["share"])), Cell(range),
    ] + ids.map { Cell(share($0)) }
      + (hasLatency ? [Cell(stretch("median_s")), Cell(Words.percent(latency["within_policy"]))] : [])
  }

  /// Each with the months in which it was decided by, where that differs.
  private var policies: [String] {
    let all = document.texts("policy") + [document.text("policy")].compactMap { $0 }
    guard all.count > 1 else { return all }
    return all.map { policy in
      let months = document.items("months").filter { $0.texts("policy").contains(policy) }.compactMap {
        $0.text("month")
      }
      guard let first = months.first, let last = months.last else { return policy }
      return "\(policy) (\(first == last ? Clock.month(first) : "\(Clock.month(first)) to \(Clock.month(last))"))"
    }
  }

  /// What the whole was over a stretch as long just before it; none where that is not known.
  private var before: [String] {
    func share(_ name: String) -> String? {
      guard let part = document["total"]?[name], let was = part["previous"], was.number != nil else { return nil }
      return "\(Words.percent(was)) (\(Words.percent(part["previous_low"])) to \(Words.percent(part["previous_high"])))"
    }
    guard let all = share("three_partner"), let n = document["total"]?["three_partner"]?["previous_n"]?.int else {
      return []
    }
    let partners = share("fixed_partners").map { ", the three partners in \($0)" } ?? ""
    let text =
      "One period earlier, as long as this one, all took part in \(all) of \(counted(n, "discussion"))\(partners)."
    return [""] + text.wrapped(to: Table.width)
  }

  private var explanations: [String] {
    var texts = [
      "SHARE is how many in a hundred discussions had, by the time of the decision, every agency that the policy requires.",
      "LIKELY RANGE is where the true share lies, nineteen times in twenty (Wilson, 95 %). Where two months' ranges "
        + "overlap, the difference may be chance.",
      "Under an agency stands, of the discussions that required it, the share in which it contributed in a way that counts.",
    ]
    if hasLatency {
      texts.append("RECORDED AFTER is the middle time from decision to record; IN TIME is by the policy's limit.")
    }
    if document["total"]?["time_to_hold"] != nil {
      texts.append(
        "MIDDLE is the time that half took no longer than; BEFORE is the same figure one period earlier, as long as this one. "
          + "DATED EARLIER are conferences dated before the enquiry began: in no band, as the Department counts.")
    }
    if document["suppressed"]?.bool == true {
      texts.append(
        "c stands for a number from 1 to 5, for one of which the rest is, and for others from which one could be worked out. "
          + "Publish one stretch of months alone: two that overlap may tell what each hides.")
    }
    if showsDefinitions {
      texts += definitions
    } else {
      // Its first sentence: what the others say is of columns further down.
      let counted = document["definitions"]?.text("n")?.split(separator: ". ").first
      texts += counted.map { ["DECIDED: \($0.hasSuffix(".") ? $0.dropLast() : $0)."] } ?? []
    }
    if !policies.isEmpty { texts.append("Policy: \(policies.joined(separator: ", "))") }
    if !showsDefinitions { texts.append("What every figure counts: --definitions.") }
    return texts.flatMap { $0.wrapped(to: Table.width) }
  }

  /// The daemon's own definitions, under what the tables call the figures.
  private var definitions: [String] {
    (document["definitions"]?.members ?? []).compactMap { member in
      member.value.string.map { text in
        let title = Self.titles[member.name] ?? Words.plain(member.name)
        return Self.within.reduce("\(title): \(text)") { $0.replacing("\($1.key): ", with: "\($1.value): ") }
      }
    }
  }

  private static let titles = [
    "n": "DECIDED", "three_partner": "ALL TOOK PART, SHARE", "fixed_partners": "THREE PARTNERS",
    "time_to_hold": "Held after the need", "agencies.share": "Each agency, SHARE",
    "contributed_when_invited": "CAME WHEN ASKED", "late": "LATE, NOT COUNTED", "reasons": "Why agencies were absent",
    "record": "Records, SENT and RECEIVED", "response": "How soon they answered",
    "decision_latency": "RECORDED AFTER, IN TIME", "circulation": "Record circulated",
    "decided_without_all": "Without all", "conferences": "Child protection conferences",
    "dissent": "Disagreement resolved", "splits": "Where it differs",
  ]

  /// Figures that another one's definition explains.
  private static let within = [
    "rolling_twelve": "The twelve months", "previous": "BEFORE", "record_when_absent": "WHEN ABSENT",
    "not_counting": "NOT COUNTED",
  ]
}
