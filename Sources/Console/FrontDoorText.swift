// `convenectl front-door`: the review queue and one contact, in words. A contact has no name here but its reference; what came
// of it shows only where the document says so.
import Convening
import Wire

public struct FrontDoorText {
  private let page: Page

  public init(page: Page) { self.page = page }

  /// `GET /v1/front-door`
  public func list(_ document: JSON) -> [String] {
    let all = document.items("contacts")
    guard !all.isEmpty else { return ["No contacts."] }
    let showsOutcome = all.contains { $0["outcome"] != nil }
    var table = Table(
      [
        .init("CONTACT"), .init("RECEIVED", isWhole: true), .init("TEAM"), .init("STATE"),
        .init("REVIEW DUE", isWhole: true),
      ] + (showsOutcome ? [.init("OUTCOME"), .init("DISCUSSION")] : []))
    for one in all {
      let due = one.text("state") == ContactRow.State.due.rawValue
      var cells = [
        Cell(one.text("id") ?? ""), Cell(page.near(one.moment("received_at"))),
        Cell(Words.capitalised(Words.plain(one.text("team") ?? ""))), Cell(state(one), due ? .warning : .plain),
        Cell(page.near(one.moment("review_due")) + (one["provisional"]?.bool == true ? ", provisional" : "")),
      ]
      if showsOutcome {
        cells += [Cell(one.text("outcome").map(Words.plain) ?? ""), Cell(one.text("discussion") ?? "")]
      }
      table.add(cells)
    }
    return table.lines(page.paint)
  }

  /// "due, for 2 h", "outcome Fri 09:12"
  private func state(_ one: JSON) -> String {
    switch one.text("state").flatMap(ContactRow.State.init) {
    case .open: "open"
    case .due: "past its time" + (one.moment("review_due").map { ", for \(Clock.words(page.clock.now - $0))" } ?? "")
    case .reviewed: "reviewed \(page.near(one.moment("reviewed_at")))"
    case .outcome: "outcome \(page.near(one.moment("outcome_at")))"
    case nil: Words.plain(one.text("state") ?? "unknown")
    }
  }

  /// The document that every change of a contact answers.
  public func show(_ document: JSON) -> [String] {
    let team = Words.capitalised(Words.plain(document.text("team") ?? ""))
    var lines = ["\(document.text("id") ?? "")  front-door contact, \(team)"]
    if let reference = document.text("case_reference") { lines.append("Case reference \(reference)") }
    lines.append("Received \(page.near(document.moment("received_at")))")
    if let outcome = document.moment("outcome_at") {
      let what = document.text("outcome").map { ": \(Words.plain($0))" } ?? ""
      let led = document.text("discussion").map { ", discussion \($0)" } ?? ""
      lines.append("Outcome \(page.clock.near(outcome)) by \(document.text("outcome_by") ?? "")\(what)\(led)")
    }
    if let reviewed = document.moment("reviewed_at") {
      lines.append("Reviewed \(page.clock.near(reviewed)) by \(document.text("reviewed_by") ?? "")")
    }
    lines += clock(document["clock"] ?? .null)
    if let revision = document["revision"]?.int { lines.append(page.paint("Revision \(revision)", .faint)) }
    return lines
  }

  private func clock(_ clock: JSON) -> [String] {
    guard let due = clock.moment("due") else { return [] }
    let rule = clock.text("rule").map { " (\($0))" } ?? ""
    let mark = clock["provisional"]?.bool == true ? ", provisional" : ""
    if let margin = clock["margin_s"]?.int {
      return [Words.capitalised(Words.margin(.seconds(Int64(margin)))) + rule]
    }
    let text = "Outcome or review due \(page.clock.near(due)) (\(page.clock.relative(due)))\(mark)\(rule)"
    return [due <= page.clock.now ? page.paint(text, .warning) : text]
  }
}
