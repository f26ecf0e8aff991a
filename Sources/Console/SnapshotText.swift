// `convenectl report snapshots` and `report snapshot`: which reports are kept, and one of them as it was.
import Convening
import Wire

public struct SnapshotText {
  private let page: Page

  public init(page: Page) { self.page = page }

  /// Each version has its line; the newest of a name is its last.
  public func list(_ document: JSON) -> [String] {
    let snapshots = document.items("snapshots")
    guard !snapshots.isEmpty else { return ["No report is kept."] }
    var table = Table([
      .init("NAME", isWhole: true), .init("VERSION", isNumber: true), .init("FROM", isWhole: true),
      .init("TO", isWhole: true), .init("KEPT", isWhole: true), .init("WHY"),
    ])
    for snapshot in snapshots {
      table.add([
        Cell(snapshot.text("name") ?? ""), Cell(snapshot["version"]?.int.map { "\($0)" } ?? "–"),
        Cell(day(snapshot.moment("from"))), Cell(day(snapshot.moment("to").map { $0 - Elapsed(milliseconds: 1) })),
        Cell(page.near(snapshot.moment("kept_at"))), Cell(snapshot.text("reason") ?? "–"),
      ])
    }
    // Why is for the control socket: the other leaves it out, of those that have a reason too.
    let isHidden = snapshots.contains { $0["reason"] == nil }
    return table.lines(page.paint) + (isHidden ? ["Why each was kept shows with --control."] : [])
  }

  public func show(_ document: JSON) -> [String] {
    let version = document["version"]?.int.map { ", version \($0)" } ?? ""
    let why = document.text("reason").map { ": \($0)" } ?? ""
    return ["\(document.text("name") ?? "")\(version), kept \(page.near(document.moment("kept_at")))\(why)"]
      + ["SHA-256 \(document.text("sha256") ?? "–")", ""]
      + ReportText(document["report"] ?? .null, page: page).lines
  }

  private func day(_ moment: Instant?) -> String { moment.map { page.clock.day(page.clock.zone.wall($0).date) } ?? "–" }
}
