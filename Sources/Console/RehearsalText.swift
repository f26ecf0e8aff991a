// `convenectl policy rehearse`: what another policy would have sent, held against what was sent, for those who agree on one.
import Convening
import Wire

public struct RehearsalText {
  private let page: Page
  private let document: JSON
  /// More absences than that are for `--json`.
  private static let most = 40

  public init(_ document: JSON, page: Page) { (self.document, self.page) = (document, page) }

  public var lines: [String] {
    var lines = [page.paint(title, .heading)] + left
    guard document["discussions"]?.int ?? 0 > 0 else { return lines + ["No discussion was convened in that time."] }
    lines += section("What each agency hears", volumes) + section("Steps held against each other", steps)
    lines += section("Agencies that were missing, and what would have gone out before the decision", absences)
    let more = document.items("absences").count - Self.most
    if more > 0 { lines.append("And \(Words.number(more)) more: --json lists them all.") }
    return lines + [""] + (Self.explanations + document.texts("assumptions")).flatMap { $0.wrapped(to: Table.width) }
  }

  private static let explanations = [
    "The first message to a place is held against the first that was sent to it, the second against the second. A minute is "
      + "no difference. OUT OF HOURS is outside the authority's working hours.",
    "WITH MORE: of the discussions decided without the agency, those in which somebody would have been asked who was not, or "
      + "earlier. That is no proof that the agency would have come.",
  ]

  private var title: String {
    let days = [document.moment("from"), document.moment("to").map { $0 - Elapsed(milliseconds: 1) }].map { moment in
      moment.map { page.clock.day(page.clock.zone.wall($0).date) } ?? "–"
    }
    let policy = document.text("policy") ?? "the policies that were in force"
    return
      "\(counted(document["discussions"]?.int ?? 0, "discussion")) convened from \(days[0]) to \(days[1]), under \(policy)"
  }

  /// What could not be lived again.
  private var left: [String] {
    func words(_ name: String, _ what: String) -> [String] {
      let counts = document[name]?.members ?? []
      guard !counts.isEmpty else { return [] }
      let list = counts.map { "\(Words.number($0.value.int ?? 0)) \(Words.plain($0.name))" }
      return "\(what): \(Words.joined(list)).".wrapped(to: Table.width)
    }
    func note(_ name: String, _ why: String) -> [String] {
      let count = document[name]?.int ?? 0
      return count == 0 ? [] : "Left out because \(why): \(counted(count, "discussion")).".wrapped(to: Table.width)
    }
    return note("late_entries", "they were entered after they were held, and nobody was to be asked")
      + note("corrected", "something was corrected that moved a ladder")
      + words("not_convened", "Not to be convened under it, and left out")
      + words("refused", "What people did and would have been refused, and is left out")
  }

  private func section(_ title: String, _ table: Table?) -> [String] {
    table.map { ["", page.paint(title, .heading)] + $0.lines(page.paint) } ?? []
  }

  private var parts: [(name: String, figures: JSON)] {
    document.items("agencies").map { (page.agency($0.text("agency") ?? ""), $0) }
      + [("Total", document["total"] ?? .null)]
  }

  private static let places: [(word: String, title: String)] = [
    ("contact", "CONTACT"), ("deputy", "DEPUTY"), ("lead", "LEAD"), ("coordinator", "COORDINATOR"),
    ("convener", "CONVENER"),
  ]

  private var volumes: Table {
    var table = Table(
      [
        .init("AGENCY"), .init(""), .init("MESSAGES", isNumber: true), .init("OUT OF HOURS", isNumber: true),
      ] + Self.places.map { .init($0.title, isNumber: true) })
    for (name, figures) in parts {
      for (index, (key, word)) in [("was", "was"), ("would", "would be")].enumerated() {
        let volume = figures[key] ?? .null
        table.add(
          [Cell(index == 0 ? name : ""), Cell(word), count(volume["messages"]), count(volume["out_of_hours"])]
            + Self.places.map { count(volume["places"]?[$0.word]) })
      }
    }
    return table
  }

  private var steps: Table {
    var table = Table([
      .init("AGENCY"), .init("THE SAME", isNumber: true), .init("NEW", isNumber: true), .init("GONE", isNumber: true),
      .init("EARLIER", isNumber: true), .init("LATER", isNumber: true), .init("ABSENT", isNumber: true),
      .init("WITH MORE", isNumber: true),
    ])
    for (name, figures) in parts {
      let steps = figures["steps"] ?? .null
      table.add(
        [Cell(name)] + ["same", "new", "gone", "earlier", "later"].map { count(steps[$0]) }
          + [count(figures["absences"]?["n"]), count(figures["absences"]?["with_more"])])
    }
    return table
  }

  private var absences: Table? {
    let all = document.items("absences")
    guard !all.isEmpty else { return nil }
    var table = Table([
      .init("DISCUSSION", isWhole: true), .init("AGENCY"), .init("DECIDED", isWhole: true), .init("TO"),
      .init("WOULD HAVE GONE", isWhole: true), .init("WENT", isWhole: true),
    ])
    for absence in all.prefix(Self.most) {
      for (index, step) in absence.items("steps").enumerated() {
        let isFirst = index == 0
        table.add([
          Cell(isFirst ? absence.text("discussion") ?? "" : ""),
          Cell(isFirst ? page.agency(absence.text("agency") ?? "") : ""),
          Cell(isFirst ? page.near(absence.moment("decided_at")) : ""), Cell(Words.place(step.text("place") ?? "")),
          Cell(page.near(step.moment("at"))),
          Cell(step["was_at"]?.isNull == false ? page.near(step.moment("was_at")) : "not at all"),
        ])
      }
    }
    return table
  }

  private func count(_ value: JSON?) -> Cell { Cell(value?.int.map(Words.number) ?? "–") }
}

public enum RehearsalCSV {
  /// RFC 4180: a line for each agency and one for the total.
  public static func text(_ document: JSON) -> String {
    let rows =
      document.items("agencies").map { ($0.text("agency") ?? "", $0) } + [("total", document["total"] ?? .null)]
    let places = ["contact", "deputy", "lead", "coordinator", "convener", "acknowledger"]
    let volumes = ["was", "would"].flatMap { side in
      [["messages"], ["out_of_hours"]].map { [side] + $0 } + places.map { [side, "places", $0] }
    }
    let paths =
      volumes + ["same", "new", "gone", "earlier", "later"].map { ["steps", $0] }
      + ["n", "with_more"].map { ["absences", $0] }
    let head = ["agency"] + paths.map { $0.filter { $0 != "places" }.joined(separator: "_") }
    let lines = rows.map { name, figures in
      [ReportCSV.field(name)]
        + paths.map { path in
          path.reduce(JSON?.some(figures)) { $0?[$1] }?.int.map { "\($0)" } ?? ""
        }
    }
    return ([head] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }
}
