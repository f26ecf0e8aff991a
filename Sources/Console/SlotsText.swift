// `slots`: the first times that suit, what stands in the way, and the least bad ones where none does.
import Convening
import Wire

public struct SlotsText {
  private let page: Page

  public init(page: Page) { self.page = page }

  /// `POST /v1/slots`
  public func lines(_ document: JSON) -> [String] {
    table(document) + page.provisional(document)
  }

  private func table(_ document: JSON) -> [String] {
    var lines = [head(document)]
    let slots = document.items("slots")
    for (index, slot) in slots.enumerated() {
      lines.append("  \(span(slot))\(index == 0 ? ", the earliest" : "")")
    }
    let obstacles = document.items("in_the_way")
    if !obstacles.isEmpty {
      var table = Table([
        .init("IN THE WAY"), .init("WHY"), .init("FROM", isWhole: true), .init("UNTIL", isWhole: true),
      ])
      for one in obstacles {
        table.add(
          Cell(one.text("agency").map(page.agency) ?? "all"), Cell(Words.obstacle(one.text("why") ?? "")),
          Cell(page.near(one.moment("from"))), Cell(one.moment("until").map(page.clock.near) ?? "as far as was looked"))
      }
      lines += [""] + table.lines(page.paint)
    }
    let others = document.items("alternatives")
    guard slots.isEmpty else { return lines }
    lines += ["", others.isEmpty ? "There is no less bad time either." : "The least bad:"]
    return lines + others.map { "  \(span($0)): \(drawback($0))" }
  }

  private func head(_ document: JSON) -> String {
    let limit = document.moment("limit").map { ", by \(page.clock.limit($0))" } ?? ""
    let rule = document.text("rule").map { " (\($0))" } ?? ""
    let suits = document.items("slots").isEmpty ? "No time suits all who are required" : "Times that suit all"
    return "\(suits)\(limit)\(rule)\(document.items("slots").isEmpty ? "." : ":")"
  }

  /// "Tue 4 May 08:30 to 09:30"
  private func span(_ slot: JSON) -> String {
    let until = slot.moment("until").map { " to \(page.clock.time($0))" } ?? ""
    return page.near(slot.moment("at")) + until
  }

  private func drawback(_ slot: JSON) -> String {
    var parts: [String] = []
    if let agency = slot.text("without") { parts.append("does not suit \(page.agency(agency))") }
    if slot["over_limit"]?.bool == true { parts.append("past the limit") }
    if slot["short_notice"]?.bool == true { parts.append("shorter notice than is fair") }
    return Words.joined(parts)
  }
}
