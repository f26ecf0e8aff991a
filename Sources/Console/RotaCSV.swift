// A rota as a spreadsheet exports it: place, route, from, until, one shift a line. Every fault is told with its line; a fault
// never repeats what stands there. Times are local and name their day: a rota must mean the same whenever it is read.
import Convening
import Wire

public enum RotaCSV {
  public static let columns = ["place", "route", "from", "until"]

  /// The lines of a file whose first line names the columns, in any order.
  ///
  /// Throws: `Complaint` with all faults.
  public static func read(_ text: String, _ reader: MomentReader) throws(Complaint) -> [JSON] {
    var (rows, faults) = CSV.read(text.utf8)
    guard faults.isEmpty else {
      let told = faults.map { "line \($0.line): \($0.sentence)" }
      throw Complaint(.invalid, sentences: ["\(counted(told.count, "fault")). Nothing was changed."] + told)
    }
    guard let head = rows.first?.fields.map({ $0.lowercased() }) else {
      throw Complaint(
        .invalid, "The file is empty. Its first line names the columns: \(columns.joined(separator: ",")).")
    }
    rows.removeFirst()
    guard Set(head) == Set(columns), head.count == columns.count else {
      throw Complaint(.invalid, "Line 1: name the columns \(columns.joined(separator: ", ")), each once, and no other.")
    }
    return try entries(
      rows.map { row in
        (
          "line \(row.line)",
          row.fields.count == head.count ? columns.map { row.fields[head.firstIndex(of: $0) ?? 0] } : row.fields
        )
      }, reader, .invalid)
  }

  /// Shifts that were typed: place, route, from, until, with commas between.
  ///
  /// Throws: `Complaint`, 64, with all faults.
  public static func typed(_ shifts: [String], _ reader: MomentReader) throws(Complaint) -> [JSON] {
    try entries(
      shifts.enumerated().map { index, shift in
        ("--shift, number \(index + 1)", CSV.read(shift.utf8).records.first?.fields ?? [])
      },
      reader, .usage)
  }

  private static func entries(
    _ rows: [(name: String, fields: [String])], _ reader: MomentReader, _ status: Exit
  ) throws(Complaint) -> [JSON] {
    var (entries, faults): ([JSON], [String]) = ([], [])
    for (name, fields) in rows {
      guard fields.count == columns.count else {
        faults.append("\(name): give \(columns.joined(separator: ", ")), with commas between.")
        continue
      }
      var moments: [Instant] = []
      for (column, text) in zip(columns[2...], fields[2...]) {
        do throws(TimeFault) {
          moments.append(try reader.read(withDay(text), .future))
        } catch {
          faults.append("\(name), \(column): \(error.sentence)")
        }
      }
      guard moments.count == 2 else { continue }
      entries.append([
        "place": .string(fields[0]), "route": .string(fields[1]), "from": JSON(moments[0]), "until": JSON(moments[1]),
      ])
    }
    guard faults.isEmpty else {
      throw Complaint(status, sentences: ["\(counted(faults.count, "fault")). Nothing was changed."] + faults)
    }
    return entries
  }

  /// 24/11/2026 10:00 as 2026-11-24 10:00. What names no day is left for the reader to refuse.
  private static func withDay(_ text: String) -> String {
    let parts = text.split(separator: " ", maxSplits: 1)
    let day = (parts.first ?? "").split(separator: "/")
    if day.count == 3, day[2].count == 4 {
      let turned = [String(day[2]), padded(day[1]), padded(day[0])].joined(separator: "-")
      return parts.count == 2 ? "\(turned) \(parts[1])" : turned
    }
    // "10:00" and "Fri 10:00" mean another moment tomorrow.
    return text.first?.isNumber ?? false && text.contains("-") ? text : "a time without its day"
  }

  private static func padded(_ text: Substring) -> String { text.count == 1 ? "0\(text)" : String(text) }
}
