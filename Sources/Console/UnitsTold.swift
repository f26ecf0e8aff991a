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
  private var isAskedAsOne = false
  private var hasContributed = false

  /// Whether an answer speaks for the agency; true for every other entry.
  mutating func tell(_ event: String, _ data: JSON) -> Bool {
    let unit = Set(data.text("unit").map { [$0] } ?? [])
    switch event {
    case "detailsSent":
      if unit.isEmpty { isAskedAsOne = true }
      asked.formUnion(unit)
      declined.subtract(unit)
      if data["needed"]?.bool == true { needed.formUnion(unit) }
      return true
    case "acknowledged":
      declined.subtract(unit)
      return true
    case "contributionRecorded" where data.text("via") == Via.link.rawValue:
      reported.formUnion(unit)
      declined.subtract(unit)
      return false
    case "contributionRecorded": return contribute(unit)
    case "contributionConfirmed":
      defer { reported = [] }
      return contribute(reported)
    case "declined":
      declined.formUnion(unit)
      return unit.isEmpty || haveDeclined
    default: return true
    }
  }

  private var isWhole: Bool { hasContributed && needed.isSubset(of: contributed) }

  /// Nobody who was asked is left who may still contribute what is missing.
  private var haveDeclined: Bool {
    !isWhole && !isAskedAsOne && !asked.isEmpty && asked.isSubset(of: contributed.union(declined))
  }

  private mutating func contribute(_ units: Set<String>) -> Bool {
    contributed.formUnion(units)
    declined.subtract(units)
    hasContributed = true
    return isWhole || haveDeclined
  }
}
