// What a timeline has told so far of one agency's units: whether a contribution, or a decline, is the whole agency's, so that
// its reminders end with it. Read from the entries alone.
import Convening
import Wire

struct UnitsTold {
  private var asked: Set<String> = []
  private var needed: Set<String> = []
  private var contributed: Set<String> = []
  private var declined: Set<String> = []
  /// By link, until it is confirmed.
  private var reported: Set<String> = []

  /// Whether an answer speaks for the agency; true for every other entry.
  mutating func tell(_ event: String, _ data: JSON) -> Bool {
    let unit = Set(data.text("unit").map { [$0] } ?? [])
    switch event {
    case "detailsSent":
      asked.formUnion(unit)
      if data["needed"]?.bool == true { needed.formUnion(unit) }
      return true
    case "acknowledged":
      declined.subtract(unit)
      return true
    case "contributionRecorded" where data.text("via") == Via.link.rawValue:
      reported.formUnion(unit)
      return false
    case "contributionRecorded": return contribute(unit)
    case "contributionConfirmed":
      defer { reported = [] }
      return contribute(reported)
    case "declined":
      declined.formUnion(unit)
      return unit.isEmpty || asked.subtracting(contributed).isSubset(of: declined)
    default: return true
    }
  }

  private mutating func contribute(_ units: Set<String>) -> Bool {
    contributed.formUnion(units)
    declined.subtract(units)
    return needed.isSubset(of: contributed)
  }
}
