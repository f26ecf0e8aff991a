// A moment as a case system or a spreadsheet exports it: ISO 8601 with an offset, or a date and a time by the clock on the
// wall. What that clock shows never, or twice, is refused with both readings; a day without a time is no moment.
import Convening

public enum LocalMoment {
  public struct Fault: Error, Hashable, Sendable {
    public let sentence: String
  }

  /// Reads `2026-11-24T10:00:00Z`, `2026-11-24 10:00`, `24/11/2026 10:00`; seconds may follow, and an offset behind ISO 8601.
  ///
  /// - Throws: `Fault`.
  public static func read(_ text: String, in zone: CivilZone) throws(Fault) -> Instant {
    if let moment = Instant(text) { return moment }
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: true) { $0 == " " || $0 == "T" }
    // RFC 3339 wants seconds; people leave them out.
    if parts.count == 2, parts[1].utf8.count > 5,
      let moment = Instant("\(parts[0])T\(parts[1].prefix(5)):00\(parts[1].dropFirst(5))")
    {
      return moment
    }
    guard let date = parts.first.flatMap(date) else {
      throw Fault(sentence: "Give a date and a time, as 2026-11-24 10:00, 24/11/2026 10:00 or 2026-11-24T10:00:00Z.")
    }
    guard parts.count == 2, let time = time(parts[1].drop { $0 == " " }) else {
      throw Fault(
        sentence: "Give the time with the day, as 2026-11-24 10:00, 24/11/2026 10:00 or 2026-11-24T10:00:00+00:00.")
    }
    let moments = zone.moments(date, time)
    if moments.count == 1 { return moments[0] }
    let what = moments.isEmpty ? "does not exist: the clocks go forward" : "happens twice: the clocks go back"
    let readings = offsets(date, time, zone).map { reading(date, time, $0) }
    throw Fault(sentence: "This local time \(what). Write \(readings.joined(separator: " or ")).")
  }

  /// `2026-11-24`, `24/11/2026`, `1/6/2027`
  private static func date(_ text: Substring) -> CivilDate? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return CivilDate(text) }
    guard parts[2].utf8.count == 4, let day = number(parts[0]), let month = number(parts[1]),
      let year = number(parts[2])
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// `9:30`, `09:30`, `09:30:15`, since midnight.
  private static func time(_ text: Substring) -> Elapsed? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.dropFirst().allSatisfy({ $0.utf8.count == 2 }) else { return nil }
    let numbers = parts.compactMap(number)
    guard numbers.count == parts.count, parts[0].utf8.count <= 2, numbers[0] < 24,
      numbers.dropFirst().allSatisfy({ $0 < 60 })
    else { return nil }
    return .hours(Int64(numbers[0])) + .minutes(Int64(numbers[1]))
      + .seconds(Int64(numbers.count == 3 ? numbers[2] : 0))
  }

  /// Digits alone.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } && text.utf8.count <= 4 ? Int(text) : nil
  }

  /// Those before and after the change of the clocks, the reading that comes first in front.
  private static func offsets(_ date: CivilDate, _ time: Elapsed, _ zone: CivilZone) -> [Elapsed] {
    let naive = Instant(milliseconds: date.daysSince1970 * 86_400_000 + time.milliseconds)
    return [zone.offset(at: naive - .days(1)), zone.offset(at: naive + .days(1))].sorted { $0 > $1 }
  }

  private static func reading(_ date: CivilDate, _ time: Elapsed, _ offset: Elapsed) -> String {
    let naive = Instant(milliseconds: date.daysSince1970 * 86_400_000 + time.milliseconds).description.dropLast()
    let minutes = abs(offset.milliseconds) / 60_000
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(naive)\(offset < .zero ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }
}
