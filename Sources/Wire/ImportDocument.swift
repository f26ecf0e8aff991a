// What an import is answered: what came of its rows, or every fault with its line and column. Faults are many where a column is
// wrong: so many are listed, and how many there are is said.
import Convening

public enum ImportDocument {
  /// So many faults are listed.
  public static let mostFaults = 100

  /// - Parameter isDry: nothing was recorded.
  public static func json(_ file: ImportFile, _ outcome: ImportOutcome, isDry: Bool) -> JSON {
    let tally = outcome.tally
    return [
      "schema": "convened.import/1", "kind": JSON(word: file.kind), "dry_run": .bool(isDry),
      "rows": JSON(tally.rows + file.repeated), "new": JSON(tally.new), "updated": JSON(tally.updated),
      "unchanged": JSON(tally.unchanged + file.repeated), "late_entries": JSON(tally.lateEntries),
    ]
  }

  /// nil where all of it can be recorded.
  public static func problem(_ file: ImportFile, _ outcome: ImportOutcome?) -> ProblemDocument? {
    let refused = (outcome?.faults ?? []).map { fault in
      ImportFile.Fault(
        line: fault.line, column: file.kind.flatMap(fault.column), fault.refusal.sentence)
    }
    let all = (file.faults + refused).sorted { ($0.line, $0.column ?? "") < ($1.line, $1.column ?? "") }
    guard !all.isEmpty else { return nil }
    let lines = Set(all.map(\.line)).count
    let shown = all.count > mostFaults ? " The first \(mostFaults) are listed." : ""
    return ProblemDocument(
      .badImport, status: 422,
      "\(counted(all.count, "fault")) on \(counted(lines, "line")). Nothing was recorded.\(shown)",
      errors: all.prefix(mostFaults).map(told))
  }

  private static func told(_ fault: ImportFile.Fault) -> Fault {
    let column = fault.column.map { "/\($0)" } ?? ""
    let place = fault.column.map { ", \($0)" } ?? ""
    return Fault("/\(fault.line)\(column)", "Line \(fault.line)\(place): \(fault.sentence)")
  }
}
