// `reminders` and `agencies`: what is on its way, and who is asked where. Routes go by their names; an address never
// shows, since it is a secret.
import Convening
import Wire

public struct RemindersText {
  private let page: Page

  public init(page: Page) { self.page = page }

  /// `GET /v1/reminders`
  public func reminders(_ document: JSON) -> [String] {
    let all = document.items("reminders")
    guard !all.isEmpty else { return ["No reminders."] }
    var table = Table("REMINDER", "DISCUSSION", "AGENCY", "TO", "STEP", "STATE")
    for one in all {
      let state = one.text("state") ?? "unknown"
      let place = one.text("place").map(Words.place) ?? ""
      table.add(
        Cell(one.text("id") ?? "–"), Cell(one.text("discussion") ?? "–"),
        Cell(page.agency(one.text("agency") ?? "")),
        Cell(place + (one.text("route").map { " (\(page.route($0)))" } ?? "")),
        Cell(Words.plain(one.text("step") ?? one.text("message") ?? "")),
        Cell(standing(one, state), state == "undelivered" ? .alarm : state == "retrying" ? .warning : .plain))
    }
    return table.lines(page.paint)
  }

  /// "next try 17:07, 3 tries, last 503", "planned 17:20", "accepted, 1 try, 204"
  private func standing(_ one: JSON, _ state: String) -> String {
    let next = (one.moment("next") ?? (state == "scheduled" ? one.moment("due") : nil)).map(page.clock.near)
    let words =
      switch state {
      case "in_flight": "on the way"
      case "retrying", "waiting": next == nil ? "to be tried again" : "next try"
      case "scheduled": "planned"
      default: Words.plain(state)
      }
    var parts = [[words, next].compactMap { $0 }.joined(separator: " ")]
    let tries = one["attempts"]?.int ?? 0
    if tries > 0 { parts.append(counted(tries, "try", "tries")) }
    if let last = one["last_status"]?.int.map(String.init) ?? one.text("last_fault").map(Words.fault) {
      parts.append(tries > 1 ? "last \(last)" : last)
    }
    return parts.joined(separator: ", ")
  }

  /// `GET /v1/agencies`
  public func agencies(_ document: JSON) -> [String] {
    let all = document.items("agencies")
    let page = page.calling(Names(document))
    guard !all.isEmpty else { return ["No agencies are set up."] }
    var table = Table([
      .init("AGENCY"), .init("PLACE"), .init("NOW"), .init("UNTIL", isWhole: true), .init("THEN"),
      .init("TELEPHONE", isWhole: true),
    ])
    var notes: [String] = []
    for agency in all {
      let name = page.agency(agency.text("agency") ?? "")
      for (index, place) in agency.items("places").enumerated() {
        table.add([Cell(index == 0 ? name : "")] + row(place))
      }
      if let waiting = agency["awaiting"]?.int {
        let answered = agency.moment("last_answered").map { ", last answered \(page.clock.near($0))" } ?? ""
        notes.append("\(name): \(waiting) open\(answered)")
      }
      notes += units(of: agency, name)
    }
    if let last = document["coordination"], !last.isNull { table.add([Cell("Coordination")] + row(last)) }
    for team in document.items("teams") {
      let name = Words.capitalised(Words.plain(team.text("team") ?? ""))
      for (index, place) in team.items("places").enumerated() { table.add([Cell(index == 0 ? name : "")] + row(place)) }
    }
    return table.lines(page.paint) + (notes.isEmpty ? [] : [""] + notes)
  }

  /// "Health's units: community (Community trust), gp (GP safeguarding team); any one counts"
  private func units(of agency: JSON, _ name: String) -> [String] {
    let units = agency.items("units").compactMap { unit in
      unit.text("unit").map { "\($0) (\(page.unit($0, of: agency.text("agency") ?? "")))" }
    }
    guard !units.isEmpty else { return [] }
    let rule = agency.text("counts") == UnitRule.allAsked.rawValue ? "all that are asked count" : "any one counts"
    return "\(name), units: \(units.joined(separator: ", ")); \(rule)".wrapped(to: Table.width)
  }

  /// Where it is not the hours of the settings that say so.
  private func why(_ held: JSON) -> String {
    switch held.text("because") {
    case "rota": " (rota)"
    case "cover": held.text("reason").map { " (cover: \($0))" } ?? " (cover)"
    default: ""
    }
  }

  private func row(_ place: JSON) -> [Cell] {
    let endpoint = place.text("endpoint") ?? "unknown"
    let next = place["next"] ?? .null
    let trouble = ["ok", "unknown"].contains(endpoint) ? "" : " (\(Words.plain(endpoint)))"
    return [
      Cell(Words.capitalised(Words.place(place.text("place") ?? ""))),
      (place.text("label") ?? place.text("route")).map {
        Cell($0 + why(place) + trouble, trouble.isEmpty ? .plain : .alarm)
      } ?? Cell("nobody", .alarm),
      Cell(page.near(place.moment("until"))),
      Cell((next.text("label") ?? next.text("route")).map { $0 + why(next) } ?? "–"),
      Cell(place.text("phone") ?? "–"),
    ]
  }
}
