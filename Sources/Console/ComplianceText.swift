// `convenectl compliance`: each check in one line, and below what was found. A reference, a team and times: nothing else is
// known here.
import Convening
import Wire

public struct ComplianceText {
  private let page: Page

  public init(page: Page) { self.page = page }

  public func lines(_ document: JSON) -> [String] {
    var summary = Table([
      .init("CHECK"), .init("COUNT", isNumber: true), .init("OPEN", isNumber: true), .init("OLDEST", isWhole: true),
      .init("HOLDER"),
    ])
    for check in document.items("checks") {
      let isOpen = (check["open"]?.int ?? 0) > 0
      summary.add(
        Cell(title(check.text("check") ?? "")), Cell(grouped(check["count"]?.int ?? 0)),
        Cell(grouped(check["open"]?.int ?? 0), isOpen ? .warning : .plain), Cell(oldest(check)),
        Cell(check["holder"]?.text("label") ?? "–"))
    }
    return ["Since \(page.near(document.moment("since")))"] + summary.lines(page.paint)
      + document.items("checks").flatMap(findings)
  }

  private func title(_ check: String) -> String {
    switch Compliance.Check(rawValue: check) {
    case .contactsUnreviewed: "Contacts past their time, unreviewed"
    case .decisionsLate: "Decisions recorded late, or with an earlier time"
    case .withoutAll: "Held without all, no decision, reason or follow-up"
    case .clocks: "Clocks passed, or due today"
    case nil: Words.capitalised(Words.plain(check))
    }
  }

  private func findings(_ check: JSON) -> [String] {
    let all = check.items("findings")
    guard !all.isEmpty else { return [] }
    var table = Table([
      .init("REFERENCE"), .init("TEAM"), .init("WHEN", isWhole: true), .init("WHAT"), .init("HOLDER"),
    ])
    for one in all {
      let (when, what) = told(one)
      table.add(
        Cell(one.text("contact") ?? one.text("discussion") ?? ""),
        Cell(Words.capitalised(Words.plain(one.text("team") ?? ""))), Cell(when), Cell(what),
        Cell(one["holder"]?.text("label") ?? "–"))
    }
    let more = (check["count"]?.int ?? 0) - all.count
    return ["", page.paint(title(check.text("check") ?? ""), .heading)] + table.lines(page.paint)
      + (more > 0 ? ["and \(grouped(more)) more, younger ones"] : [])
  }

  /// Of clocks that is a limit: the end of a day is that day.
  private func oldest(_ check: JSON) -> String {
    let oldest = check.moment("oldest")
    return check.text("check") == Compliance.Check.clocks.rawValue
      ? oldest.map(page.clock.limit) ?? "–" : page.near(oldest)
  }

  private func told(_ one: JSON) -> (when: String, what: String) {
    let late = one["late_s"]?.int.map { Clock.words(.seconds(Int64($0))) }
    if let received = one.moment("received_at") {
      return (
        page.near(received),
        one["seen_at"]?.isNull == false ? "seen \(late ?? "") late" : "waits, \(late ?? "") past its time"
      )
    }
    if let recorded = one.moment("recorded_at") {
      let what =
        one.text("why") == "late" ? "recorded \(late ?? "") later" : "recorded with a time \(late ?? "") earlier"
      let isLateEntry = one["late_entry"]?.bool == true
      return (
        page.near(one.moment("decided_at")),
        "\(what), \(page.clock.near(recorded))\(isLateEntry ? ", a late entry" : "")"
      )
    }
    if let held = one.moment("held_at") {
      return (page.near(held), "held without \(page.agencies(one.texts("missing"))), not decided")
    }
    if let decided = one.moment("decided_at") {
      let lacks = one.texts("lacks").map { $0 == "reason" ? "no reason" : "no follow-up" }.joined(separator: ", ")
      let due = one.moment("follow_up_due").map { ", due \(page.clock.limit($0))" } ?? ""
      return (page.near(decided), lacks + due)
    }
    let (due, clock) = (one.moment("due").map(page.clock.limit) ?? "–", Words.clock(one.text("clock") ?? ""))
    switch one.text("state") {
    case "due_today": return (due, "\(clock): due today")
    case "stopped_late": return (due, "\(clock): done after its limit, \(page.near(one.moment("stopped")))")
    default: return (due, "\(clock): passed")
    }
  }
}
