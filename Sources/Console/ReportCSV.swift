// The report as CSV (RFC 4180): a header, a line for each month, one for the total, CRLF after each. Each figure of the
// document has its column, and its numbers are the document's own, with a point; a field without a value is empty. A text
// that a spreadsheet would run is made harmless.
import Wire

public enum ReportCSV {
  public static func text(_ document: JSON) -> String {
    let policy = (document.texts("policy") + [document.text("policy")].compactMap { $0 }).joined(separator: " ")
    var rows = document.items("months").map { (name: $0.text("month") ?? "", cells: cells($0)) }
    if let total = document["total"], !total.isNull {
      // Of now, whatever the period: it stands with the total.
      let now = (document.members ?? []).filter { $0.name == "open_breaches" }
      rows.append(("total", cells(total) + cells(.object(now))))
    }
    var names: [String] = []
    var known: Set<String> = []
    for row in rows {
      for cell in row.cells where known.insert(cell.name).inserted { names.append(cell.name) }
    }
    let lines = rows.map { row in
      let values = Dictionary(row.cells.map { ($0.name, $0.text) }) { first, _ in first }
      return [row.name] + names.map { values[$0] ?? "" } + [values["policy"] ?? (row.name == "total" ? policy : "")]
    }
    let columns = names.filter { $0 != "policy" }
    let kept = [0] + names.indices.filter { names[$0] != "policy" }.map { $0 + 1 } + [names.count + 1]
    return ([["month"] + columns + ["policy"]] + lines.map { line in kept.map { line[$0] } })
      .map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  /// Every figure of a period under a name of its own: `three_partner_share`, `health_response_median_s`.
  private static func cells(_ period: JSON) -> [(name: String, text: String)] {
    var cells: [(name: String, text: String)] = []
    func add(_ value: JSON, _ name: String) {
      switch value {
      case .null, .int, .double, .string, .bool: cells.append((name, plain(value)))
      case .object(let members):
        for member in members where member.name != "agency" && member.name != "code" {
          let own = member.name == "decision_latency" ? "latency" : member.name
          add(member.value, name.isEmpty ? own : "\(name)_\(own)")
        }
      case .array(let values):
        let stem = name.hasSuffix("agencies") ? String(name.dropLast("agencies".count)) : "\(name)_"
        if name == "policy" || name.hasSuffix("_policy") {
          cells.append((name, values.compactMap(\.string).joined(separator: " ")))
        }
        for value in values {
          if let own = value.text("agency") ?? value.text("code") { add(value, stem + own) }
        }
      }
    }
    add(.object((period.members ?? []).filter { $0.name != "month" && $0.name != "conferences_due" }), "")
    return cells
  }

  private static func plain(_ value: JSON) -> String {
    switch value {
    case .int(let number): String(number)
    case .double(let number): String(number)
    case .string(let text): text
    case .null, .bool, .array, .object: ""
    }
  }

  /// Quoted where RFC 4180 asks for it. A leading `=`, `+`, `-` or `@` in a text would be a formula: an apostrophe
  /// stands before it. Negative numbers do not occur here.
  static func field(_ text: String) -> String {
    let safe = text.first.map { "=+-@\t".contains($0) } == true ? "'" + text : text
    guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
