// `reminders` and `agencies`: what is on its way, and who is asked where. Routes go by their names; an address never
// shows, since it is a secret.
import Convening
import Wire

public struct RemindersText {
  private let page: Page

  public init(page: Page) { self.page = page }

  /// `GET /v1/reminders`
  public func reminders(_ document: JSON) -> [String] {
    let all = document.items("reminders").isEmpty ? document.items("items") : document.items("reminders")
    guard !all.isEmpty else { return ["No reminders."] }
    var table = Table([
      .init("REMINDER"), .init("DISCUSSION"), .init("AGENCY"), .init("TO"), .init("STEP"), .init("STATE"),
      .init("TRIES", isNumber: true), .init("LAST"), .init("NEXT"),
    ])
    for one in all {
      let state = one.text("state") ?? "unknown"
      let place = one.text("place").map(Words.place) ?? ""
      table.add(
        Cell(one.text("id") ?? one.text("reminder") ?? "–"), Cell(one.text("discussion") ?? "–"),
        Cell(Words.agency(one.text("agency") ?? "")),
        Cell(place + (one.text("route").map { " (\($0))" } ?? "")),
        Cell(Words.plain(one.text("step") ?? one.text("message") ?? "")),
        Cell(words(of: state), state == "undelivered" ? .alarm : state == "waiting" ? .warning : .plain),
        Cell((one["attempts"]?.int ?? one["attempt"]?.int).map(Words.number) ?? "–"),
        Cell(one["last_status"]?.int.map(String.init) ?? one.text("last_fault").map(Words.plain) ?? "–"),
        Cell(page.near(one.moment("next") ?? one.moment("next_at") ?? one.moment("due"))))
    }
    return table.lines(page.paint)
  }

  private func words(of state: String) -> String {
    switch state {
    case "in_flight": "on the way"
    case "waiting": "waiting to be tried again"
    case "scheduled": "planned"
    default: Words.plain(state)
    }
  }

  /// `GET /v1/agencies`
  public func agencies(_ document: JSON) -> [String] {
    let all = document.items("agencies")
    guard !all.isEmpty else { return ["No agencies are set up."] }
    var table = Table("AGENCY", "PLACE", "NOW", "UNTIL", "THEN", "TELEPHONE", "ENDPOINT")
    var notes: [String] = []
    for agency in all {
      let name = Words.agency(agency.text("agency") ?? agency.text("id") ?? "", named: agency.text("name"))
      for (index, place) in places(agency).enumerated() { table.add([Cell(index == 0 ? name : "")] + row(place)) }
      if let waiting = agency["awaiting"]?.int {
        let answered = agency.moment("last_answered").map { ", last answered \(page.clock.near($0))" } ?? ""
        notes.append("\(name): \(waiting) open\(answered)")
      }
    }
    return table.lines(page.paint) + (notes.isEmpty ? [] : [""] + notes)
  }

  /// As an array of objects, or as an object by place.
  private func places(_ agency: JSON) -> [JSON] {
    if let members = agency["places"]?.members {
      return members.map { .object([.init("place", .string($0.name))] + ($0.value.members ?? [])) }
    }
    let listed = agency.items("places")
    return listed.isEmpty ? [agency] : listed
  }

  private func row(_ place: JSON) -> [Cell] {
    // Who holds it, as a name or as an object with one.
    func holder(_ value: JSON?) -> String? {
      value?.string ?? value?.text("label") ?? value?.text("holder") ?? value?.text("route")
    }
    let now = holder(place["now"]) ?? place.text("label") ?? place.text("holder") ?? place.text("route")
    let endpoint = place.text("endpoint") ?? place["now"]?.text("endpoint") ?? place["endpoint"]?.text("health")
    let then = place["next"]
    let from = then?.moment("from") ?? then?.moment("at")
    return [
      Cell(Words.capitalised(place.text("place").map(Words.place) ?? "point of contact")),
      now.map { Cell($0) } ?? Cell("nobody", .alarm),
      Cell(page.near(place.moment("until") ?? place["now"]?.moment("until") ?? from)),
      Cell(holder(then) ?? "–"),
      Cell(place.text("phone") ?? place["now"]?.text("phone") ?? "–"),
      Cell(
        endpoint.map(Words.plain) ?? "–", endpoint == nil || endpoint == "ok" || endpoint == "unknown" ? .plain : .alarm
      ),
    ]
  }
}
