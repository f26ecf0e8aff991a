// The front door: how long a contact may wait for an outcome or a review, how often something has to come, and who hears. All
// of it may be left out; then a contact waits for 24 hours, and the teams' conveners hear, or the coordinator.
import Convening
internal import Yams

extension SettingsReading {
  private static let frontDoorKeys: Set = ["review_after", "feed_every", "hours", "manager", "outside_hours"]

  /// - Parameter working: the hours that count where the part names none.
  mutating func readFrontDoor(_ node: Node?, _ working: OpenHours?) -> FrontDoor {
    let part = report.object(node, "front_door", Self.frontDoorKeys)
    let limit = limit(part?["review_after"], "review_after", after: " from receipt")
    let every = report.elapsed(part?["feed_every"], "feed_every")
    let manager = part?["manager"].flatMap(route)
    let outside = part?["outside_hours"].flatMap(route)
    usedRoutes.formUnion([manager, outside].compactMap(\.self))
    // Hours that are at fault are not always open.
    var (hours, isAlways) = (working, working == nil && !knowsWorkingHours)
    if let node = part?["hours"], let name = report.text(node, "hours") {
      let known = name == "always" ? .some(nil) : self.hours[name]
      if known == nil {
        report.add(node, "no hours go by this name", "Define them under `hours`, or write `always`.")
      }
      (hours, isAlways) = (known ?? nil, name == "always")
    }
    if let node = part?["outside_hours"], isAlways {
      report.add(
        node, "the front door is always open, so nothing is outside of its hours",
        "Name its hours: `hours: office`, or leave `outside_hours` out.")
    }
    return FrontDoor(
      reviewAfter: limit ?? .elapsed(.hours(24)), feedEvery: every, hours: hours, manager: manager,
      outsideHours: outside)
  }
}
