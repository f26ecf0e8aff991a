// What the report says below its months, of the whole stretch: the twelve months up to each, who was asked and came, how long
// things took, why agencies were absent, what differs between parts. Each table stands there where the document has it.
import Convening
import Wire

struct ReportSections {
  let document: JSON
  let page: Page

  private var total: JSON { document["total"] ?? .null }
  private var agencies: [JSON] { total.items("agencies") }

  var lines: [String] {
    [
      section("The twelve months that end with each", rolling), section("Each agency", asked),
      section("How soon they answered", answers), section("How long it took", times),
      section("Waiting to be held, when this was counted", waiting),
      section("Without all, and disagreement", exceptions), section("Why agencies were absent", reasons),
      section("Where it differs", splits), section("Records", records), section("The front door", frontDoor),
      section("Child protection conferences, by working days", conferences), section("Conferences still to come", due),
    ].flatMap(\.self) + points
  }

  private func section(_ title: String, _ table: Table?) -> [String] {
    table.map { ["", page.paint(title, .heading)] + $0.lines(page.paint) } ?? []
  }

  // MARK: - Tables

  private var rolling: Table? {
    let months = document.items("months").filter { $0["rolling_twelve"] != nil }
    guard !months.isEmpty else { return nil }
    var table = Table([
      .init("MONTH", isWhole: true), .init("DECIDED", isNumber: true), .init("SHARE", isNumber: true),
      .init("LIKELY RANGE", isWhole: true), .init("BEFORE", isNumber: true), .init("THREE PARTNERS", isNumber: true),
      .init("BEFORE", isNumber: true),
    ])
    for month in months {
      let year = month["rolling_twelve"] ?? .null
      let (all, fixed) = (year["three_partner"] ?? .null, year["fixed_partners"] ?? .null)
      table.add([
        Cell(Clock.month(month.text("month") ?? "")), count(year["n"]), percent(all["share"]), range(all),
        percent(all["previous"]), percent(fixed["share"]), percent(fixed["previous"]),
      ])
    }
    return table
  }

  private var asked: Table? {
    guard agencies.contains(where: { $0["late"] != nil }) else { return nil }
    var table = Table([
      .init("AGENCY"), .init("REQUIRED", isNumber: true), .init("TOOK PART", isNumber: true),
      .init("SHARE", isNumber: true), .init("BEFORE", isNumber: true), .init("ASKED", isNumber: true),
      .init("CAME WHEN ASKED", isNumber: true), .init("LATE", isNumber: true), .init("NOT COUNTED", isNumber: true),
      .init("MISSING", isNumber: true),
    ])
    for agency in agencies {
      table.add([
        name(agency), count(agency["required"]), count(agency["k"]), percent(agency["share"]),
        percent(agency["previous"]), count(agency["invited"]), percent(agency["contributed_when_invited"]),
        count(agency["late"]), count(agency["not_counting"]), count(agency["absent"]),
      ])
    }
    return table
  }

  private var answers: Table? {
    guard agencies.contains(where: { $0["response"] != nil }) else { return nil }
    var table = Table([
      .init("AGENCY"), .init("ACCEPTED", isNumber: true), .init("ANSWERED", isNumber: true),
      .init("MIDDLE", isNumber: true), .init("9 IN 10 WITHIN", isNumber: true), .init("NO ANSWER", isNumber: true),
      .init("MESSAGES", isNumber: true), .init("FOR EACH CONTRIBUTION", isNumber: true),
      .init("BEFORE", isNumber: true),
    ])
    for agency in agencies {
      let response = agency["response"] ?? .null
      table.add([
        name(agency), count(response["reached"]), count(response["n"]), time(response["median_s"]),
        time(response["p90_s"]), percent(response["without_answer"]), count(response["messages"]),
        tenths(response["messages_per_contribution"]), tenths(response["messages_per_contribution_previous"]),
      ])
    }
    return table
  }

  private func tenths(_ value: JSON?) -> Cell { Cell(value?.number.map { "\(($0 * 10).rounded() / 10)" } ?? "–") }

  private var times: Table? {
    guard let hold = total["time_to_hold"], let latency = total["decision_latency"] else { return nil }
    var table = Table([
      .init("WHAT"), .init("OF", isNumber: true), .init("MIDDLE", isNumber: true),
      .init("9 IN 10 WITHIN", isNumber: true),
      .init("IN TIME", isNumber: true), .init("LIKELY RANGE", isWhole: true), .init("BEFORE", isNumber: true),
    ])
    table.add([
      "Held after the need", count(hold["n"]), time(hold["median_s"]), time(hold["p90_s"]),
      percent(hold["within_limit"]), range(hold, "within_limit_"), percent(hold["within_limit_previous"]),
    ])
    table.add([
      "Recorded after the decision", count(latency["n"]), time(latency["median_s"]), time(latency["p90_s"]),
      percent(latency["within_policy"]), range(latency, "within_policy_"), percent(latency["within_policy_previous"]),
    ])
    if let circulated = total["circulation"] { table.add(limited("Record circulated", circulated)) }
    if let without = total["decided_without_all"] {
      table.add(limited("Without all, followed up", without["followed_up"] ?? .null))
    }
    if let dissent = total["dissent"] {
      table.add(limited("Disagreement resolved", dissent["resolved"] ?? .null))
    }
    return table
  }

  private var waiting: Table? {
    guard let open = document["open_breaches"], !open.isNull else { return nil }
    var table = Table([
      .init("WAITING", isNumber: true), .init("PAST THE LIMIT", isNumber: true), .init("URGENT", isNumber: true),
      .init("STANDARD", isNumber: true), .init("OLDEST WAS DUE", isWhole: true),
    ])
    table.add([
      count(open["waiting"]), count(open["n"]), count(open["urgent"]), count(open["standard"]),
      Cell(open.moment("oldest_due").map(page.clock.limit) ?? "–"),
    ])
    return table
  }

  private func limited(_ name: String, _ part: JSON) -> [Cell] {
    [
      Cell(name), count(part["n"]), "–", "–", percent(part["within_limit"]), range(part, "within_limit_"),
      percent(part["within_limit_previous"]),
    ]
  }

  private var exceptions: Table? {
    guard let without = total["decided_without_all"] else { return nil }
    var table = Table([
      .init("WHAT"), .init("OF", isNumber: true), .init("TIMES", isNumber: true), .init("SHARE", isNumber: true),
      .init("LIKELY RANGE", isWhole: true), .init("BEFORE", isNumber: true),
    ])
    table.add([
      "Decided without all", count(total["n"]), count(without["k"]), percent(without["share"]), range(without),
      percent(without["previous"]),
    ])
    table.add([
      "Of these with a reason", count(without["k"]), "–", percent(without["with_reason"]),
      range(without, "with_reason_"),
      percent(without["with_reason_previous"]),
    ])
    if let dissent = total["dissent"] {
      table.add([
        "An agency did not agree", count(total["n"]), count(dissent["k"]), percent(dissent["share"]), range(dissent),
        percent(dissent["previous"]),
      ])
      table.add([
        "Of these taken further", count(dissent["k"]), count(dissent["escalated"]), "–", "–",
        count(dissent["escalated_previous"]),
      ])
    }
    return table
  }

  private var reasons: Table? {
    guard agencies.contains(where: { !$0.items("reasons").isEmpty }) else { return nil }
    var table = Table([
      .init("AGENCY"), .init("REASON"), .init("TIMES", isNumber: true), .init("AGREED", isNumber: true),
      .init("DISPUTED", isNumber: true), .init("BEFORE", isNumber: true),
    ])
    for agency in agencies {
      for reason in agency.items("reasons") {
        table.add([
          name(agency), Cell(Words.reason(reason.text("code") ?? "")), count(reason["n"]), count(reason["agreed"]),
          count(reason["disputed"]), count(reason["n_previous"]),
        ])
      }
    }
    return table
  }

  private var splits: Table? {
    guard let splits = total["splits"]?.members else { return nil }
    let ids = ReportSections.agencies(document)
    var table = Table(
      [
        .init("PART"), .init("DECIDED", isNumber: true), .init("SHARE", isNumber: true),
        .init("LIKELY RANGE", isWhole: true),
      ] + ids.map { .init(page.agency($0).uppercased(), isNumber: true) } + [
        .init("HELD AFTER", isNumber: true), .init("IN TIME", isNumber: true),
      ])
    for split in splits {
      let (part, all) = (split.value, split.value["three_partner"] ?? .null)
      let hold = part["time_to_hold"] ?? .null
      table.add(
        [Cell(Words.capitalised(Words.plain(split.name))), count(part["n"]), percent(all["share"]), range(all)]
          + ids.map { id in percent(part.items("agencies").first { $0.text("agency") == id }?["share"]) }
          + [time(hold["median_s"]), percent(hold["within_limit"])])
    }
    return table
  }

  private var records: Table? {
    guard agencies.contains(where: { $0["record"] != nil }) else { return nil }
    var table = Table([
      .init("AGENCY"), .init("CIRCULATED", isNumber: true), .init("SENT", isNumber: true),
      .init("RECEIVED", isNumber: true), .init("WHEN ABSENT", isNumber: true), .init("SENT", isNumber: true),
      .init("RECEIVED", isNumber: true),
    ])
    for agency in agencies {
      let (all, absent) = (agency["record"] ?? .null, agency["record_when_absent"] ?? .null)
      table.add([
        name(agency), count(all["n"]), count(all["sent"]), count(all["received"]), count(absent["n"]),
        count(absent["sent"]), count(absent["received"]),
      ])
    }
    return table
  }

  private var conferences: Table? {
    guard let held = total["conferences"] else { return nil }
    let bands = held["bands"]?.members ?? []
    var table = Table(
      [.init("HELD", isNumber: true)] + bands.map { .init($0.name, isNumber: true) } + [
        .init("WITHIN 15", isNumber: true), .init("LIKELY RANGE", isWhole: true), .init("BEFORE", isNumber: true),
        .init("DATED EARLIER", isNumber: true), .init("PAST DUE", isNumber: true),
      ])
    table.add(
      [count(held["held"])] + bands.map { count($0.value) } + [
        percent(held["within_15"]), range(held, "within_15_"), percent(held["within_15_previous"]),
        count(held["dated_before"]), count(held["past_due"]),
      ])
    return table
  }

  /// By weeks: a list of single days is longer than anybody reads.
  private var due: Table? {
    var weeks: [CivilDate: Int] = [:]
    for due in total.items("conferences_due") {
      guard let date = due.text("due").flatMap({ CivilDate($0) }) else { continue }
      weeks[date.adding(days: -Int64(Weekday.allCases.firstIndex(of: date.weekday) ?? 0)), default: 0] +=
        due["n"]?.int ?? 0
    }
    guard !weeks.isEmpty else { return nil }
    var table = Table([.init("WEEK FROM", isWhole: true), .init("DUE", isNumber: true)])
    for (monday, count) in weeks.sorted(by: { $0.key < $1.key }) {
      table.add([Cell(page.clock.day(monday)), Cell(Words.number(count))])
    }
    return table
  }

  /// Each stands by itself: how it was counted, nobody knows.
  private var points: [String] {
    guard let points = document["points"] else { return [] }
    let goal = points["goal"]?.number == nil ? [] : ["Goal: \(Words.percent(points["goal"]))"]
    let baselines = points.items("baselines").map { "\($0.text("label") ?? ""): \(Words.percent($0["value"]))" }
    guard !(goal + baselines).isEmpty else { return [] }
    return ["", page.paint("To hold it against, counted elsewhere", .heading)] + goal + baselines
  }

  /// Every agency that a month or the total speaks of, in the order of the first mention.
  static func agencies(_ document: JSON) -> [String] {
    var seen: [String] = []
    for part in [document["total"] ?? .null] + document.items("months") {
      for id in part.items("agencies").compactMap({ $0.text("agency") }) where !seen.contains(id) { seen.append(id) }
    }
    return seen
  }

  /// A number of things; `c` where it is suppressed, a dash where there is none.
  static func count(_ value: JSON?) -> String { value?.string ?? value?.int.map(Words.number) ?? "–" }

  // MARK: - Cells

  private func name(_ agency: JSON) -> Cell { Cell(page.agency(agency.text("agency") ?? "")) }

  private func count(_ value: JSON?) -> Cell { Cell(ReportSections.count(value)) }

  private func percent(_ value: JSON?) -> Cell { Cell(Words.percent(value)) }

  private func time(_ value: JSON?) -> Cell { Cell(value?.number.map { Clock.words(.seconds(Int64($0))) } ?? "–") }

  private func range(_ part: JSON, _ prefix: String = "") -> Cell {
    let (low, high) = (part["\(prefix)low"], part["\(prefix)high"])
    return Cell(low?.number == nil ? "–" : "\(Words.percent(low)) to \(Words.percent(high))")
  }
}
