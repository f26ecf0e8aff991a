// `convenectl rota show` and what a change to a rota answers: who is on duty from now on, and who stands in.
import Convening
import Wire

public struct RotaText {
  private let page: Page
  private let document: JSON

  public init(_ document: JSON, page: Page) { (self.document, self.page) = (document, page) }

  public var lines: [String] {
    let agency = page.agency(document.text("agency") ?? "")
    let (entries, covers) = (document.items("entries"), document.items("covers"))
    // For --if-version: who writes it anew wants to know that nobody else has meanwhile.
    let foot = document.text("version").map { [page.paint("Version \($0)", .faint)] } ?? []
    guard !entries.isEmpty || !covers.isEmpty else {
      return ["\(agency) has no rota and no cover: the hours of the settings hold."] + foot
    }
    var table = Table([
      .init("PLACE"), .init("ROUTE"), .init("WHO"), .init("FROM", isWhole: true), .init("UNTIL", isWhole: true),
      .init("WHY"),
    ])
    for cover in covers { table.add(row(cover) + [Cell(cover.text("reason").map { "cover: \($0)" } ?? "cover")]) }
    for entry in entries { table.add(row(entry) + [Cell("rota")]) }
    return ["\(agency), from now on"] + table.lines(page.paint) + foot
  }

  private func row(_ entry: JSON) -> [Cell] {
    [
      Cell(Words.capitalised(Words.place(entry.text("place") ?? ""))), Cell(entry.text("route") ?? "–"),
      Cell(entry.text("route").map(page.route) ?? "–"),
      Cell(page.near(entry.moment("from"))), Cell(page.near(entry.moment("until"))),
    ]
  }
}
