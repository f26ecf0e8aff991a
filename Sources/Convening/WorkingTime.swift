// Hours, working days and the holiday table, in the authority's own zone. The one file of the rules that asks Foundation
// for something: where clock changes fall. It asks once, when a calendar is made; after that it only calculates.
import Foundation

/// A civil zone as its list of offsets. Foundation carries the time-zone data on Linux (ICU), not the host's tzdata.
public struct CivilZone: Hashable, Sendable {
  /// An IANA name, `Europe/London`.
  public let name: String
  private let changes: [Change]

  private struct Change: Hashable, Sendable {
    let at: Instant
    let offset: Elapsed
  }

  /// Reads the changes from 1990 to 2100. nil where the machine does not know the zone.
  public init?(name: String) {
    guard let zone = TimeZone(identifier: name) else { return nil }
    self.name = name
    var at = Date(timeIntervalSince1970: 631_152_000)
    let end = Date(timeIntervalSince1970: 4_102_444_800)
    var changes = [Change(at: Instant(milliseconds: .min / 2), offset: .seconds(Int64(zone.secondsFromGMT(for: at))))]
    while let next = zone.nextDaylightSavingTimeTransition(after: at), next > at, next < end {
      let instant = Instant(milliseconds: Int64(next.timeIntervalSince1970) * 1000)
      changes.append(Change(at: instant, offset: .seconds(Int64(zone.secondsFromGMT(for: next)))))
      at = next
    }
    self.changes = changes
  }

  /// What the zone's clocks add to UTC at that moment.
  public func offset(at now: Instant) -> Elapsed {
    var (low, high) = (0, changes.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if changes[middle].at <= now { low = middle } else { high = middle }
    }
    return changes[low].offset
  }

  /// The zone's civil date and the time since its midnight by the clock on the wall.
  public func wall(_ now: Instant) -> (date: CivilDate, time: Elapsed) {
    let local = now.milliseconds + offset(at: now).milliseconds
    let (day, ms) = local.floored(by: 86_400_000)
    return (CivilDate(daysSince1970: day), Elapsed(milliseconds: ms))
  }

  /// The moments at which the zone's clocks show that date and time: one as a rule, none in the hour that is skipped
  /// in spring, two in the hour that comes twice in autumn, earliest first.
  public func moments(_ date: CivilDate, _ time: Elapsed) -> [Instant] {
    let naive = Instant(milliseconds: date.daysSince1970 * 86_400_000 + time.milliseconds)
    let offsets = Set([offset(at: naive - .days(1)), offset(at: naive + .days(1))])
    return offsets.map { naive - $0 }.filter { $0 + offset(at: $0) == naive }.sorted()
  }

  /// The first moment of a civil day: midnight, or where the clocks skip it, the change.
  public func start(of date: CivilDate) -> Instant {
    moments(date, .zero).first
      ?? self.changes(from: Instant(milliseconds: (date.daysSince1970 - 1) * 86_400_000)).first {
        wall($0).date == date
      }
      ?? Instant(milliseconds: date.daysSince1970 * 86_400_000)
  }

  /// The clock changes of the 17 days from then.
  func changes(from start: Instant) -> [Instant] {
    changes.map(\.at).filter { $0 >= start && $0 <= start + .days(17) }
  }
}

/// The hours in which a holder or an office can be asked: days of the week, from, until, by the clock on the wall.
public struct OpenHours: Hashable, Sendable {
  public let days: Set<Weekday>
  /// Since midnight; `until` may be 24:00, and is later than `from`.
  public let from: Elapsed
  public let until: Elapsed
  public let openOnBankHolidays: Bool

  public init(days: Set<Weekday>, from: Elapsed, until: Elapsed, openOnBankHolidays: Bool) {
    (self.days, self.from, self.until, self.openOnBankHolidays) = (days, from, until, openOnBankHolidays)
  }
}

/// The bank holidays that somebody has published, and how far they reach. Past the last year nothing is assumed.
public struct BankHolidays: Hashable, Sendable {
  public let days: Set<CivilDate>

  public init(days: Set<CivilDate>) { self.days = days }

  /// The last year that the table speaks of; nil for an empty table.
  public var lastYear: Int? { days.map(\.year).max() }
}

/// The authority's calendar: its zone, its bank holidays, and what it calls working hours.
public struct WorkingCalendar: Hashable, Sendable {
  public let zone: CivilZone
  public let holidays: BankHolidays
  /// nil: the settings name none, and no policy counts in them.
  public let working: OpenHours?

  public init(zone: CivilZone, holidays: BankHolidays, working: OpenHours? = nil) {
    (self.zone, self.holidays, self.working) = (zone, holidays, working)
  }

  public func date(of now: Instant) -> CivilDate { zone.wall(now).date }

  /// The table of bank holidays does not reach as far: one may be missing.
  public func isProvisional(_ moment: Instant) -> Bool { date(of: moment).year > holidays.lastYear ?? 0 }

  /// "Any day other than Saturday, Sunday, Christmas Day, Good Friday or a bank holiday" (DOMAIN.md 1.5; the table
  /// holds Christmas Day and Good Friday too).
  public func isWorkingDay(_ date: CivilDate) -> Bool {
    switch date.weekday {
    case .saturday, .sunday: false
    case .monday, .tuesday, .wednesday, .thursday, .friday: !holidays.days.contains(date)
    }
  }

  /// The `count`-th working day after a date, which is day 0 whatever day it is. `provisional` where the way passes
  /// the table's last year: a holiday may be missing.
  public func adding(workingDays count: Int, to date: CivilDate) -> (date: CivilDate, provisional: Bool) {
    var (day, left) = (date, count)
    while left > 0 {
      day = day.adding(days: 1)
      if isWorkingDay(day) { left -= 1 }
    }
    return (day, day.year > holidays.lastYear ?? 0)
  }

  /// The moment a working-day limit ends: where the next day begins in the zone.
  public func end(of date: CivilDate) -> Instant { zone.start(of: date.adding(days: 1)) }

  /// The first moment inside these hours by which so much of them has passed since `start`. What ends as they close is there
  /// when they open again; a limit ends as they close (`isLimit`). `provisional` where the way passes the table's last year: a
  /// holiday may be missing. nil where the hours do not open in the four years that follow.
  ///
  /// Hours are hours of true time, also in the night in which the clocks change.
  ///
  /// - Parameter time: from nothing up.
  public func adding(
    _ time: Elapsed, within hours: OpenHours, to start: Instant, isLimit: Bool = false
  ) -> (at: Instant, provisional: Bool)? {
    var (day, left) = (date(of: start), time)
    for _ in 0..<1462 {
      if let (opens, closes) = window(of: hours, on: day), closes > start {
        let from = max(opens, start)
        if left < closes - from || (isLimit && left == closes - from) {
          return (from + left, day.year > holidays.lastYear ?? 0)
        }
        left = left - (closes - from)
      }
      day = day.adding(days: 1)
    }
    return nil
  }

  /// From when until when the hours are open on a day; nil where they are not.
  func window(of hours: OpenHours, on day: CivilDate) -> (opens: Instant, closes: Instant)? {
    guard hours.days.contains(day.weekday), hours.openOnBankHolidays || !holidays.days.contains(day) else { return nil }
    return (moment(day, hours.from), moment(day, hours.until))
  }

  /// The first moment of a day at which its clocks show that time or more.
  private func moment(_ day: CivilDate, _ time: Elapsed) -> Instant {
    guard time < .days(1) else { return end(of: day) }
    let start = zone.start(of: day)
    return zone.moments(day, time).first ?? zone.changes(from: start).first ?? start
  }

  public func isOpen(_ hours: OpenHours, at now: Instant) -> Bool {
    let (date, time) = zone.wall(now)
    return hours.days.contains(date.weekday) && time >= hours.from && time < hours.until
      && (hours.openOnBankHolidays || !holidays.days.contains(date))
  }

  /// The next moment at which `isOpen` changes, within the 15 days after `now`; nil where it does not.
  package func nextChange(of hours: OpenHours, after now: Instant) -> Instant? {
    let open = isOpen(hours, at: now)
    return edges(of: hours, after: now, until: now + .days(16)).first { isOpen(hours, at: $0) != open }
  }

  /// Every moment between the two at which `isOpen` may change, in their order. `end`: at most 16 days ahead.
  func edges(of hours: OpenHours, after now: Instant, until end: Instant) -> [Instant] {
    // A change of the clocks may jump over an edge, or bring one back.
    var edges = zone.changes(from: now)
    var day = date(of: now)
    let last = date(of: end)
    while day <= last {
      edges.append(zone.start(of: day))
      for time in [hours.from, hours.until] where time < .days(1) { edges += zone.moments(day, time) }
      day = day.adding(days: 1)
    }
    return edges.filter { $0 > now && $0 <= end }.sorted()
  }
}

/// A limit as a policy states it: the unit stands with the number ("24 hours" has three live meanings).
public enum Limit: Hashable, Sendable {
  case elapsed(Elapsed)
  case workingDays(Int)
  /// Counted in the authority's working hours; in hours of the day where its settings name none any more.
  case workingHours(Elapsed)

  public func end(from start: Instant, in calendar: WorkingCalendar) -> Instant { due(from: start, in: calendar).at }

  /// `provisional` where the way passes the last year of the table of bank holidays, or nobody says any more which hours are
  /// working ones.
  public func due(from start: Instant, in calendar: WorkingCalendar) -> (at: Instant, provisional: Bool) {
    switch self {
    case .elapsed(let elapsed): return (start + elapsed, false)
    case .workingDays(let count):
      let (date, provisional) = calendar.adding(workingDays: count, to: calendar.date(of: start))
      return (calendar.end(of: date), provisional)
    case .workingHours(let elapsed):
      return calendar.working.flatMap { calendar.adding(elapsed, within: $0, to: start, isLimit: true) }
        ?? (start + elapsed, true)
    }
  }

  /// `15 working days`, `4 working hours`, `30 minutes`
  public var words: String {
    switch self {
    // Two days are 48 hours to whoever counts hours: days are left to working days.
    case .elapsed(let elapsed): elapsed.words(inDays: false)
    case .workingDays(let count): counted(count, "working day")
    case .workingHours(let elapsed): elapsed.words(inDays: false, of: "working ")
    }
  }
}
