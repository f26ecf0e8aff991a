// The report's table of the front door: of the contacts whose time ran out, how many had an outcome, and who looked at the rest.
import Convening
import Wire

extension ReportSections {
  /// nil where the document says nothing of it, or no contact was received.
  var frontDoor: Table? {
    let rows =
      document.items("months").map { (Clock.month($0.text("month") ?? ""), $0["front_door"]) }
      + [("Total", document["total"]?["front_door"])]
    guard rows.contains(where: { $0.1.map { $0["judged"]?.int != 0 || ($0["n"]?.int ?? 0) > 0 } ?? false }) else {
      return nil
    }
    // What is published holds no more than the first two figures.
    let isWhole = rows.contains { $0.1?["past"] != nil }
    var table = Table(
      [
        .init("MONTH", isWhole: true), .init("JUDGED", isNumber: true), .init("OUTCOME IN TIME", isNumber: true),
        .init("LIKELY RANGE", isWhole: true),
      ]
        + (isWhole
          ? ["BEFORE", "PAST", "REVIEWED", "BEFORE", "WAITING", "OLDEST"].map { .init($0, isNumber: true) } : []))
    for (name, figures) in rows {
      let figures = figures ?? .null
      let low = figures["outcome_in_time_low"]
      let range =
        low?.number == nil
        ? "–" : "\(Words.percent(low)) to \(Words.percent(figures["outcome_in_time_high"]))"
      var cells = [
        Cell(name), Cell(Self.count(figures["judged"])), Cell(Words.percent(figures["outcome_in_time_share"])),
        Cell(range),
      ]
      if isWhole {
        cells += [
          Cell(Words.percent(figures["outcome_in_time_previous"])), Cell(Self.count(figures["past"])),
          Cell(Words.percent(figures["reviewed_share"])), Cell(Words.percent(figures["reviewed_previous"])),
          Cell(Self.count(figures["waiting"])),
          Cell(figures["oldest_age_s"]?.number.map { Clock.words(.seconds(Int64($0))) } ?? "–"),
        ]
      }
      table.add(cells)
    }
    return table
  }
}
