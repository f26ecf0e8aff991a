// Bank holidays in the format of GOV.UK's bank-holidays.json, the division for England and Wales. A table that is missing,
// of another form or with a year left out is refused: "no holidays" is never assumed.
import Convening
import Foundation

enum BankHolidayFile {
  /// What the file holds, or what is wrong with it, in words that follow the file's name.
  enum Reading {
    case holidays(BankHolidays)
    case faults([String])
  }

  static func read(_ path: String) -> Reading {
    guard let data = FileManager.default.contents(atPath: path) else { return .faults(["cannot be read"]) }
    guard let file = object(data) else { return .faults(["is not JSON"]) }
    let division = (file as? [String: Any])?["england-and-wales"] as? [String: Any]
    guard let events = division?["events"] as? [Any] else {
      return .faults(["has no list of `events` under `england-and-wales`"])
    }
    var days: Set<CivilDate> = []
    var faults: [String] = []
    for (index, event) in events.enumerated() {
      let text = (event as? [String: Any])?["date"] as? String
      if let day = text.flatMap({ CivilDate($0) }) {
        days.insert(day)
      } else {
        faults.append("has no day such as 2027-05-03 in `date` of its entry \(index + 1)")
      }
    }
    if events.isEmpty { faults.append("has no bank holiday") }
    let years = Set(days.map(\.year))
    if let first = years.min(), let last = years.max() {
      faults += (first...last).filter { !years.contains($0) }.prefix(5).map { "has no bank holiday in \($0)" }
    }
    return faults.isEmpty ? .holidays(BankHolidays(days: days)) : .faults(faults)
  }

  private static func object(_ data: Data) -> Any? {
    do { return try JSONSerialization.jsonObject(with: data) } catch { return nil }
  }
}

extension BankHolidays {
  /// What is odd about a table that can be used: England and Wales have eight bank holidays a year, and tables end.
  func oddities(now: Instant?, in zone: CivilZone) -> [String] {
    let counts = Dictionary(grouping: days, by: \.year).mapValues(\.count).filter { $0.value < 8 }
    var oddities = counts.sorted { $0.key < $1.key }.map {
      "has only \($0.value) in \($0.key), and England and Wales have 8 a year"
    }
    if let now, let year = lastYear, let end = CivilDate(year: year, month: 12, day: 31) {
      let left = end.daysSince1970 - zone.wall(now).date.daysSince1970
      if left < 0 {
        oddities.append("ended with \(year): working days are counted without a table")
      } else if left < 90 {
        oddities.append("ends with \(year), in \(counted(Int(left), "day"))")
      }
    }
    return oddities
  }
}
