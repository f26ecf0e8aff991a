// A moment, and a stretch between two moments. Both count whole milliseconds, so that equal times are equal bits and a
// replay compares exactly. Text is RFC 3339 in UTC. Nothing here reads a clock: the shell hands moments in.

/// A moment on the UTC time line, in milliseconds since 1970-01-01T00:00:00Z (leap seconds are not counted, as in POSIX).
public struct Instant: Hashable, Comparable, Sendable {
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
  public static func + (a: Instant, b: Elapsed) -> Instant { Instant(milliseconds: a.milliseconds + b.milliseconds) }
  public static func - (a: Instant, b: Elapsed) -> Instant { Instant(milliseconds: a.milliseconds - b.milliseconds) }
  public static func - (a: Instant, b: Instant) -> Elapsed { Elapsed(milliseconds: a.milliseconds - b.milliseconds) }

  /// The end of what people mean by it: of the minute where it is a whole one, of the second where it is that, of the
  /// millisecond otherwise.
  var unitEnd: Instant {
    self
      + ([Elapsed.minutes(1), .seconds(1)].first { milliseconds % $0.milliseconds == 0 } ?? Elapsed(milliseconds: 1))
  }

  /// Whole seconds since 1970, rounded down: what a `webhook-timestamp` carries.
  public var unixSeconds: Int64 { milliseconds.floored(by: 1000).quotient }
}

/// A moment that may be missing, in the room of the moment itself: an `Instant?` takes twice that, and an agency in an open
/// discussion has seven of them.
@propertyWrapper
public struct Compact: Hashable, Sendable {
  /// `absent` lies before any year that can be written.
  private var milliseconds: Int64
  private static let absent = Int64.min

  public init(wrappedValue: Instant?) { milliseconds = wrappedValue?.milliseconds ?? Compact.absent }

  public var wrappedValue: Instant? {
    get { milliseconds == Compact.absent ? nil : Instant(milliseconds: milliseconds) }
    set { milliseconds = newValue?.milliseconds ?? Compact.absent }
  }
}

/// A stretch of elapsed time in milliseconds: "24 elapsed hours", never working hours (those are `WorkingSpan`).
public struct Elapsed: Hashable, Comparable, Sendable {
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static let zero = Elapsed(milliseconds: 0)
  public static func seconds(_ n: Int64) -> Elapsed { Elapsed(milliseconds: n * 1000) }
  public static func minutes(_ n: Int64) -> Elapsed { .seconds(n * 60) }
  public static func hours(_ n: Int64) -> Elapsed { .minutes(n * 60) }
  public static func days(_ n: Int64) -> Elapsed { .hours(n * 24) }

  public static func < (a: Elapsed, b: Elapsed) -> Bool { a.milliseconds < b.milliseconds }
  public static func + (a: Elapsed, b: Elapsed) -> Elapsed { Elapsed(milliseconds: a.milliseconds + b.milliseconds) }
  public static func - (a: Elapsed, b: Elapsed) -> Elapsed { Elapsed(milliseconds: a.milliseconds - b.milliseconds) }
  public static func / (a: Elapsed, b: Int64) -> Elapsed { Elapsed(milliseconds: a.milliseconds / b) }

  /// As long, whichever way.
  public var magnitude: Elapsed { Elapsed(milliseconds: abs(milliseconds)) }

  /// Whole seconds, rounded down.
  public var wholeSeconds: Int64 { milliseconds.floored(by: 1000).quotient }
}

/// A day of the Gregorian calendar without a place: `Calendar.date(of:)` says which one it is in the authority's zone.
public struct CivilDate: Hashable, Comparable, Sendable {
  public let year: Int
  /// 1...12
  public let month: Int
  /// 1...31
  public let day: Int

  /// nil where there is no such day (30 February) or the year lies outside 1...9999.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= CivilDate.daysInMonth(year: year, month: month)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The day that lies so many days after 1 January 1970 (Howard Hinnant's `civil_from_days`).
  public init(daysSince1970 days: Int64) {
    let z = days + 719_468
    let (era, dayOfEra) = z.floored(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
    day = Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
  }

  /// Days after 1 January 1970 (negative before it).
  public var daysSince1970: Int64 {
    let y = Int64(month <= 2 ? year - 1 : year)
    let (era, yearOfEra) = y.floored(by: 400)
    let shifted = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * shifted + 2) / 5 + Int64(day) - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  public var weekday: Weekday {
    Weekday.allCases[Int((daysSince1970 + 3).floored(by: 7).remainder)]
  }

  public func adding(days: Int64) -> CivilDate { CivilDate(daysSince1970: daysSince1970 + days) }

  public static func < (a: CivilDate, b: CivilDate) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }

  private static func daysInMonth(year: Int, month: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}

public enum Weekday: String, CaseIterable, Sendable, Hashable {
  case monday = "Mon"
  case tuesday = "Tue"
  case wednesday = "Wed"
  case thursday = "Thu"
  case friday = "Fri"
  case saturday = "Sat"
  case sunday = "Sun"
}

extension Int64 {
  /// Division that rounds towards minus infinity, so that the remainder is never negative.
  func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (q, r) = quotientAndRemainder(dividingBy: divisor)
    return r < 0 ? (q - 1, r + divisor) : (q, r)
  }
}
