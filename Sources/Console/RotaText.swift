// `convenectl rota show` and what a change to a rota answers: who is on duty from now on, and who stands in.
import Convening
import Wire

public struct RotaText {
  private let page: Page
  private let document: JSON

  public init(_ document: JSON, page: Page) { (self.document, self.page) = (document, page) }

  public var lines: [String] {
    let agency = Words.agency(document.text("agency") ?? "")
    let (entries, covers) = (document.items("entries"), document.items("covers"))
    guard !entries.isEmpty || !covers.isEmpty else {
      return ["\(agency) has no rota and no cover: the hours of the settings hold."]
    }
    var table = Table([
      .init("PLACE"), .init("ROUTE"), .init("FROM", isWhole: true), .init("UNTIL", isWhole: true), .init("WHY"),
    ])
    for cover in covers { table.add(row(cover) + [Cell(cover.text("reason").map { "cover: \($0)" } ?? "cover")]) }
    for entry in entries { table.add(row(entry) + [Cell("rota")]) }
    return ["\(agency), from now on"] + table.lines(page.paint)
  }

  private func row(_ entry: JSON) -> [Cell] {
    [
      Cell(Words.capitalised(Words.place(entry.text("place") ?? ""))), Cell(entry.text("route") ?? "–"),
      Cell(page.near(entry.moment("from"))), Cell(page.near(entry.moment("until"))),
    ]
  }
}
