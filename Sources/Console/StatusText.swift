// `convenectl status`: what needs a person first, then who holds each place, then how the daemon is. Written from the
// status document alone; what the document does not say is not guessed.
import Convening
import Wire

/// How a screen is written: when and where it is read, and whether in colour.
public struct Page: Sendable {
  public let clock: Clock
  public let paint: Paint
  /// What the settings call agencies and routes.
  let names: Names

  public init(clock: Clock, paint: Paint, names: Names = Names()) {
    (self.clock, self.paint, self.names) = (clock, paint, names)
  }

  /// The same with these names before others.
  func calling(_ more: Names) -> Page { Page(clock: clock, paint: paint, names: more.and(names)) }

  func agency(_ id: String) -> String { names.agency(id) }

  /// "Police and Health"
  func agencies(_ ids: [String]) -> String { Words.joined(ids.map(names.agency)) }

  /// That a document goes past the table of bank holidays, where it does.
  func provisional(_ document: JSON) -> [String] {
    document["provisional"]?.bool == true
      ? ["", "Provisional: past the last year of the table of bank holidays one may be missing."] : []
  }

  public func route(_ name: String) -> String { names.route(name) }

  func unit(_ name: String, of agency: String) -> String { names.unit(name, of: agency) }

  /// The moment in short words, or a dash.
  func near(_ moment: Instant?) -> String { moment.map(clock.near) ?? "–" }
}

public struct StatusText {
  private let page: Page
  private let document: JSON

  public init(_ document: JSON, page: Page) { (self.document, self.page) = (document, page.calling(Names(document))) }

  public var lines: [String] {
    var lines = [head]
    let needs = document.items("attention")
    let waiting = frontDoor
    if !needs.isEmpty || !waiting.isEmpty {
      lines += ["", page.paint("NEEDS A PERSON NOW", .alarm)]
      lines += needs.flatMap(attention) + waiting
    }
    lines.append("")
    lines += agencies
    lines += [""] + foot
    return lines
  }

  private var head: String {
    let state = document.text("state") ?? "unknown"
    let style: Style =
      switch state {
      case "ready": .good
      case "degraded": .alarm
      default: .warning
      }
    // A pause began later than the daemon, and what matters of it is its end.
    let pause = state == "paused" ? document.items("checks").first { $0.text("name") == "pause" } : nil
    let since =
      pause?.moment("until").map { " until \(page.clock.near($0))" }
      ?? document.moment("since").map { " since \(page.clock.near($0))" } ?? ""
    return "convened \(document.text("version") ?? "")   \(page.paint(state, style))\(since)   "
      + "now \(page.clock.full(page.clock.now))"
  }

  /// Contacts past their time; none where nobody waits.
  private var frontDoor: [String] {
    guard let counts = document["front_door"], let due = counts["due"]?.int, due > 0 else { return [] }
    let oldest = counts.moment("oldest_due").map { ", the oldest for \(Clock.words(page.clock.now - $0))" } ?? ""
    return [
      page.paint("!", .alarm)
        + " Front door: \(counted(due, "contact")) past the time without outcome or review\(oldest)",
      "  convenectl front-door list --state due",
    ]
  }

  private func attention(_ need: JSON) -> [String] {
    let agency = page.agency(need.text("agency") ?? "")
    let urgency = need.text("urgency").map { "\($0), " } ?? ""
    let when = need.moment("meeting_at").map(page.clock.near) ?? Words.noTime
    let id = need.text("discussion") ?? ""
    // It is no agency's: a decision is to be recorded.
    let isUndecided = need.text("why") == "undecided"
    let what = isUndecided ? why(need) : "\(agency): \(why(need))"
    var lines = [page.paint("!", .alarm) + " \(id)  \(urgency)\(when)  \(what)"]
    let ring = need.items("ring").compactMap { entry -> String? in
      guard let number = entry.text("number") else { return nil }
      return entry.text("label").map { "\(number) \($0)" } ?? number
    }
    if !ring.isEmpty {
      let words = "Ring \(ring.joined(separator: ", then "))".wrapped(to: Table.width - 4)
      lines += words.enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
    }
    var last = ""
    if let next = need["next"], !next.isNull, let at = next.moment("at") {
      let whom = next.text("label") ?? next.text("place").map(Words.place) ?? "the next place"
      last = "Next \(page.clock.near(at)): \(whom). "
    }
    lines.append(
      isUndecided
        ? "  \(last)Record what was decided: convenectl decide \(id) --help"
        : "  \(last)It may be held without \(agency).")
    return lines
  }

  private func why(_ need: JSON) -> String {
    let gone = need.moment("since").map { Clock.words(page.clock.now - $0) }
    switch need.text("why") {
    case "unanswered": return "no answer" + (gone.map { " for \($0)" } ?? "")
    case "undelivered": return "no message gets through" + (gone.map { ", for \($0)" } ?? "")
    case "declined": return "will not take part" + (gone.map { ", said \($0) ago" } ?? "")
    case "no_holder": return "nobody holds the place" + (gone.map { ", for \($0)" } ?? "")
    case "stopped": return "its route wants no more messages" + (gone.map { ", for \($0)" } ?? "")
    case "not_counting": return "what it gave does not count" + (gone.map { ", for \($0)" } ?? "")
    case "to_confirm": return "says that it took part: confirm it" + (gone.map { ", said \($0) ago" } ?? "")
    case "undecided": return "no decision is recorded" + (gone.map { ", for \($0)" } ?? "")
    case let other?: return Words.plain(other)
    case nil: return "needs a person"
    }
  }

  private var agencies: [String] {
    let all = document.items("agencies")
    guard !all.isEmpty else {
      return [document.text("state") == "starting" ? "The journal is being read." : "No agencies are set up."]
    }
    var table = Table([
      .init("AGENCY"), .init("POINT OF CONTACT NOW"), .init("UNTIL", isWhole: true), .init("ACCEPTED", isWhole: true),
      .init("ANSWERED", isWhole: true), .init("OPEN", isNumber: true),
    ])
    for agency in all {
      let holder = agency.text("label") ?? agency.text("holder").map { Words.capitalised(Words.plain($0)) }
      table.add(
        Cell(page.agency(agency.text("agency") ?? "")),
        holder.map { Cell($0 + endpoint(agency)) } ?? Cell("nobody", .alarm),
        Cell(page.near(agency.moment("until"))), Cell(page.near(agency.moment("last_accepted"))),
        Cell(page.near(agency.moment("last_answered"))), Cell(agency["awaiting"]?.int.map(Words.number) ?? "–"))
    }
    return table.lines(page.paint)
  }

  private func endpoint(_ agency: JSON) -> String {
    switch agency.text("endpoint") {
    case "ok", "unknown", nil: ""
    case let trouble?: " (\(Words.plain(trouble)))"
    }
  }

  private var foot: [String] {
    var lines: [String] = []
    if let counts = document["discussions"], !counts.isNull {
      var parts = ["\(Words.number(counts["open"]?.int ?? 0)) open"]
      if let overdue = counts["overdue"]?.int, overdue > 0 { parts.append(page.paint("\(overdue) overdue", .warning)) }
      if let without = counts["decided_without_all"]?.int, without > 0 {
        parts.append("\(without) decided without all")
      }
      lines.append("Discussions  " + parts.joined(separator: ", "))
    }
    if let counts = document["reminders"], !counts.isNull {
      var parts = ["\(Words.number(counts["scheduled"]?.int ?? 0)) planned"]
      if let next = counts.moment("next_due") { parts.append("next \(page.clock.near(next))") }
      if let flying = counts["in_flight"]?.int, flying > 0 { parts.append("\(flying) on the way") }
      let late = counts["oldest_due_s"]?.number ?? 0
      parts.append(
        late >= 1 ? page.paint("late by \(Clock.words(.seconds(Int64(late))))", .warning) : "none late")
      let undelivered = counts["undelivered"]?.int ?? 0
      parts.append(page.paint("\(undelivered) undelivered", undelivered > 0 ? .warning : .plain))
      lines.append("Reminders    " + parts.joined(separator: ", "))
    }
    lines += checks
    if let step = document["clock"]?["last_step_s"]?.number, abs(step) >= 1 {
      lines.append("Clock        stepped by \(Int(step)) s")
    }
    return lines
  }

  /// Those that are well on one line, every other on its own.
  private var checks: [String] {
    let all = document.items("checks").map { check -> (state: String, words: String) in
      (check.text("state") ?? "unknown", check.text("name").map(Words.plain).map { $0 + extra(check) } ?? "unnamed")
    }
    guard !all.isEmpty else { return [] }
    let well = all.filter { $0.state == "ok" }.map(\.words)
    var lines = well.isEmpty ? [] : ["\(page.paint("ok", .good)) \(well.joined(separator: ", "))"]
    lines += all.filter { $0.state != "ok" }.map { check in
      "\(page.paint(check.state, check.state == "warn" ? .warning : .alarm)) \(check.words)"
    }
    return lines.flatMap { $0.wrapped(to: Table.width - 13) }
      .enumerated().map { ($0 == 0 ? "Checks       " : "             ") + $1 }
  }

  /// What a person wants to know of it; the rest stands in the document.
  private func extra(_ check: JSON) -> String {
    let horizon = check["horizon_days"]?.int.map { "\(counted($0, "day")) ahead" }
    let until = check.moment("until").map { "until \(page.clock.near($0)). " } ?? ""
    return (check.text("detail").map { until + $0 } ?? horizon).map { " (\($0))" } ?? ""
  }
}
