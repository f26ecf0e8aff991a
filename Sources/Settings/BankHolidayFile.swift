// Bank holidays in the format of GOV.UK's bank-holidays.json, the division for England and Wales.
import Convening
import Foundation

enum BankHolidayFile {
  private struct File: Decodable {
    struct Division: Decodable {
      struct Holiday: Decodable { let date: String }
      let events: [Holiday]
    }
    enum CodingKeys: String, CodingKey { case division = "england-and-wales" }
    let division: Division
  }

  /// nil where the file is missing or of another form; the fault is for the caller to place.
  static func read(_ path: String) -> BankHolidays? {
    guard let data = FileManager.default.contents(atPath: path),
      let file = decode(data)
    else { return nil }
    let days = file.division.events.compactMap { CivilDate($0.date) }
    guard days.count == file.division.events.count else { return nil }
    return BankHolidays(days: Set(days))
  }

  private static func decode(_ data: Data) -> File? {
    do { return try JSONDecoder().decode(File.self, from: data) } catch { return nil }
  }
}
