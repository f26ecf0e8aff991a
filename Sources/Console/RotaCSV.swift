// A rota as a spreadsheet exports it: place, route, from, until, one shift a line. Every fault is told with its line; a fault
// never repeats what stands there. Times are local and name their day: a rota must mean the same whenever it is read.
import Convening
import Wire

public enum RotaCSV {
  public static let columns = ["place", "route", "from", "until"]

  public struct Shift {
    /// "line 3", "--shift, number 1"
    public let name: String
    /// As an entry of the body.
    public let entry: JSON
  }

  /// The lines of a file whose first line names the columns, in any order.
  ///
  /// Throws: `Complaint` with all faults.
  public static func read(_ text: String, _ reader: MomentReader) throws(Complaint) -> [Shift] {
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
  public static func typed(_ shifts: [String], _ reader: MomentReader) throws(Complaint) -> [Shift] {
    try entries(
      shifts.enumerated().map { index, shift in
        ("--shift, number \(index + 1)", CSV.read(shift.utf8).records.first?.fields ?? [])
      },
      reader, .usage)
  }

  private static func entries(
    _ rows: [(name: String, fields: [String])], _ reader: MomentReader, _ status: Exit
  ) throws(Complaint) -> [Shift] {
    var (shifts, faults): ([Shift], [String]) = ([], [])
    for (name, fields) in rows {
      guard fields.count == columns.count else {
        faults.append("\(name): give \(columns.joined(separator: ", ")), with commas between.")
        continue
      }
      if Place(rawValue: fields[0]).map({ !places.contains($0) }) ?? true {
        faults.append("\(name), place: There is no such place. There are \(Words.joined(places.map(\.rawValue))).")
      }
      if RouteName(fields[1]) == nil {
        faults.append("\(name), route: This is no name of a route. `convenectl agencies --json` lists those of each.")
      }
      var moments: [Instant] = []
      for (column, text) in zip(columns[2...], fields[2...]) {
        do throws(TimeFault) {
          guard let dated = dated(text) else { throw TimeFault(sentence: undated) }
          moments.append(try reader.read(dated, .future))
        } catch {
          faults.append("\(name), \(column): \(error.sentence)")
        }
      }
      guard moments.count == 2 else { continue }
      if moments[0] >= moments[1] {
        faults.append("\(name), until: \(RotaFault.endsFirst)")
      }
      shifts.append(
        Shift(
          name: name,
          entry: [
            "place": .string(fields[0]), "route": .string(fields[1]), "from": JSON(moments[0]),
            "until": JSON(moments[1]),
          ]))
    }
    guard faults.isEmpty else {
      throw Complaint(status, sentences: ["\(counted(faults.count, "fault")). Nothing was changed."] + faults)
    }
    return shifts
  }

  private static let places = Place.ofAgencies + [.coordinator]

  private static let undated =
    "This is no time with its day. Write 2026-12-24 17:00 or 24/12/2026 17:00, by the clock on the wall."

  /// 24/11/2026 10:00 as 2026-11-24 10:00; nil for what names no day.
  private static func dated(_ text: String) -> String? {
    let parts = text.split(separator: " ", maxSplits: 1)
    let day = (parts.first ?? "").split(separator: "/")
    if day.count == 3, day[2].count == 4 {
      let turned = [String(day[2]), padded(day[1]), padded(day[0])].joined(separator: "-")
      return parts.count == 2 ? "\(turned) \(parts[1])" : turned
    }
    // "10:00" and "Fri 10:00" mean another moment tomorrow.
    return text.first?.isNumber ?? false && text.contains("-") ? text : nil
  }

  private static func padded(_ text: Substring) -> String { text.count == 1 ? "0\(text)" : String(text) }
}
