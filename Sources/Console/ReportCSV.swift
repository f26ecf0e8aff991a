// The report as CSV (RFC 4180): a header, a line for each month, one for the total, CRLF after each. Numbers are the
// document's own, with a point; a field without a value is empty. A text that a spreadsheet would run is made harmless.
import Wire

public enum ReportCSV {
  public static func text(_ document: JSON) -> String {
    let ids = ReportText.agencies(document)
    let header =
      ["month", "n", "three_partner_k", "three_partner_share", "three_partner_low", "three_partner_high"]
      + ids.flatMap { id in ["k", "share", "invited", "contributed_when_invited"].map { "\(id)_\($0)" } }
      + ["latency_n", "latency_median_s", "latency_p90_s", "latency_within_policy", "policy"]
    let policy = (document.texts("policy") + [document.text("policy")].compactMap { $0 }).joined(separator: " ")
    var rows = document.items("months").map { row($0.text("month") ?? "", $0, ids, policy) }
    if let total = document["total"], !total.isNull { rows.append(row("total", total, ids, policy)) }
    return ([header] + rows).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func row(_ name: String, _ part: JSON, _ ids: [String], _ policy: String) -> [String] {
    let all = part["three_partner"] ?? .null
    let latency = part["decision_latency"] ?? .null
    let agencies = ids.flatMap { id -> [String] in
      let one = part.items("agencies").first { $0.text("agency") == id } ?? .null
      return ["k", "share", "invited", "contributed_when_invited"].map { number(one[$0]) }
    }
    return [name, number(part["n"])] + ["k", "share", "low", "high"].map { number(all[$0]) } + agencies
      + ["n", "median_s", "p90_s", "within_policy"].map { number(latency[$0]) } + [policy]
  }

  private static func number(_ value: JSON?) -> String {
    switch value {
    case .int(let number): String(number)
    case .double(let number): String(number)
    case nil, .null, .bool, .string, .array, .object: ""
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
