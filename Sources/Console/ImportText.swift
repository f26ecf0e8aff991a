// What came of imported files, as a table: one line a file.
import Convening
import Wire

public struct ImportText {
  private let page: Page

  public init(page: Page) { self.page = page }

  /// - Parameter files: names, each with the document that the daemon answered.
  public func lines(_ files: [(name: String, document: JSON)]) -> [String] {
    var table = Table(
      [.init("FILE"), .init("ROWS OF")]
        + ["ROWS", "NEW", "UPDATED", "UNCHANGED", "LATE ENTRIES"].map { .init($0, isNumber: true) })
    for (name, document) in files {
      let counts = ["rows", "new", "updated", "unchanged", "late_entries"].map {
        Cell(grouped(document[$0]?.int ?? 0))
      }
      table.add([Cell(name), Cell(document.text("kind") ?? "")] + counts)
    }
    let isDry = files.contains { $0.document["dry_run"]?.bool == true }
    return table.lines(page.paint) + (isDry ? ["Nothing was recorded: this is what it would come to."] : [])
  }
}
