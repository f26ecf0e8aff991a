// Reads the times that people type: ISO 8601, a date and a time by the clock on the wall, a time alone, a weekday, a
// shift from now. What the clock on the wall shows never or twice is refused with both readings; nothing is guessed.
// The present moment and the zone are handed in; no clock is read here.
import Convening

public struct TimeFault: Error, Hashable, Sendable {
  /// What is the matter, and what to write instead.
  public let sentence: String
}

public struct MomentReader: Hashable, Sendable {
  /// Which way a time without a date is looked for: the next one, or the last one.
  public enum Direction: Hashable, Sendable { case future, past }

  public let zone: CivilZone
  public let now: Instant

  public init(zone: CivilZone, now: Instant) { (self.zone, self.now) = (zone, now) }

  /// As somebody types it at that moment.
  public func at(_ moment: Instant) -> MomentReader { MomentReader(zone: zone, now: moment) }

  /// Forms: `now`, `+2h`, `-1h30m`, `2026-11-24T10:00:00Z`, `2026-11-24T10:00+01:00`, `2026-11-24 10:00`, `10:00`,
  /// `today 10:00`, `tomorrow 10:00`, `yesterday 10:00`, `Fri 17:00`. Seconds may follow minutes. A time alone, and one
  /// with a weekday, is the nearest in the direction; one that is at most a minute on the wrong side still counts. What is
  /// relative to now is a whole second, the one that has begun.
  ///
  /// Throws: `TimeFault`.
  public func read(_ text: String, _ direction: Direction) throws(TimeFault) -> Instant {
    let words = text.split { $0 == " " || $0 == "\t" }.map { $0.lowercased() }
    guard let first = words.first, words.count <= 2 else { throw unreadable }
    let last = words[words.count - 1]
    if words.count == 1 {
      if first == "now" { return now.begun(.seconds(1)) }
      if first.hasPrefix("+") || first.hasPrefix("-") { return try shifted(first).begun(.seconds(1)) }
      if let moment = withOffset(first.uppercased()) { return moment }
    } else if let moment = withOffset("\(first)T\(last)".uppercased()) {
      return moment
    }
    if let (date, time) = local(words) { return try only(date, time) }
    guard let time = Self.time(last) else { throw unreadable }
    return try nearest(words.count == 1 ? nil : first, time, direction)
  }

  /// When something meets: as `read`, and what is typed as hours, minutes or days from now is the next whole minute.
  ///
  /// Throws: `TimeFault`.
  public func meeting(_ text: String) throws(TimeFault) -> Instant {
    let moment = try read(text, .future)
    let bare = text.filter { $0 != " " && $0 != "\t" }.lowercased()
    // Who says seconds means seconds.
    guard let sign = bare.first, "+-".contains(sign), !bare.hasSuffix("s") else { return moment }
    let minute = moment.begun(.minutes(1))
    return minute == moment ? moment : minute + .minutes(1)
  }

  // MARK: - Shapes

  private var unreadable: TimeFault {
    TimeFault(
      sentence: "This is not a time. Write 2026-11-24T10:00:00Z, \"2026-11-24 10:00\", 10:00, \"tomorrow 10:00\", "
        + "\"Fri 17:00\", +2h, -10m or now.")
  }

  private func withOffset(_ text: String) -> Instant? {
    if let moment = Instant(text) { return moment }
    // RFC 3339 wants seconds; people leave them out.
    guard text.utf8.count > 16 else { return nil }
    return Instant("\(text.prefix(16)):00\(text.dropFirst(16))")
  }

  private func local(_ words: [String]) -> (CivilDate, Elapsed)? {
    let parts = words.count == 2 ? words : words[0].split(separator: "t", maxSplits: 1).map(String.init)
    guard parts.count == 2, let date = CivilDate(parts[0]), let time = Self.time(parts[1]) else { return nil }
    return (date, time)
  }

  /// `9:30`, `09:30` or `09:30:15`, since midnight.
  private static func time(_ text: String) -> Elapsed? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), (1...2).contains(parts[0].count),
      parts.dropFirst().allSatisfy({ $0.count == 2 }),
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    let numbers = parts.compactMap { Int64($0) }
    guard numbers.count == parts.count, numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
    return .hours(numbers[0]) + .minutes(numbers[1]) + .seconds(numbers.count == 3 ? numbers[2] : 0)
  }

  /// `+2h`, `-10m`, `+1d2h`: days by the calendar, the others elapsed.
  private func shifted(_ text: String) throws(TimeFault) -> Instant {
    let sign: Int64 = text.hasPrefix("-") ? -1 : 1
    var (days, elapsed, number) = (Int64(0), Elapsed.zero, Int64?.none)
    for character in text.dropFirst() {
      if let digit = character.wholeNumberValue, character.isASCII {
        number = (number ?? 0) * 10 + Int64(digit)
        guard number! < 100_000 else { throw unreadable }
        continue
      }
      guard let count = number else { throw unreadable }
      switch character {
      case "d": days += count
      case "h": elapsed = elapsed + .hours(count)
      case "m": elapsed = elapsed + .minutes(count)
      case "s": elapsed = elapsed + .seconds(count)
      default: throw unreadable
      }
      number = nil
    }
    guard number == nil, text.count > 1 else { throw unreadable }
    var start = now
    if days != 0 {
      let (date, time) = zone.wall(now)
      start = try only(date.adding(days: sign * days), time)
    }
    return sign > 0 ? start + elapsed : start - elapsed
  }

  // MARK: - The nearest

  private func nearest(_ day: String?, _ time: Elapsed, _ direction: Direction) throws(TimeFault) -> Instant {
    let today = zone.wall(now).date
    let step: Int64 = direction == .future ? 1 : -1
    let days: [CivilDate]
    switch day {
    case nil: days = [today, today.adding(days: step)]
    case "today": return try only(today, time)
    case "tomorrow": return try only(today.adding(days: 1), time)
    case "yesterday": return try only(today.adding(days: -1), time)
    case let name?:
      guard let weekday = Self.weekday(name) else { throw unreadable }
      days = (0...7).map { today.adding(days: step * $0) }.filter { $0.weekday == weekday }
    }
    let grace = Elapsed.minutes(1)
    for date in days {
      let readings = readings(date, time)
      switch direction {
      case .future where readings.last! >= now - grace: return try only(date, time)
      case .past where readings.first! <= now + grace: return try only(date, time)
      case .future, .past: continue
      }
    }
    return try only(days[days.count - 1], time)
  }

  private static func weekday(_ name: String) -> Weekday? {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    return names.firstIndex { $0 == name || $0.prefix(3) == name }.map { Weekday.allCases[$0] }
  }

  // MARK: - Clock changes

  private func only(_ date: CivilDate, _ time: Elapsed) throws(TimeFault) -> Instant {
    let moments = zone.moments(date, time)
    if moments.count == 1 { return moments[0] }
    let clock = Clock(zone: zone, now: now)
    let (a, b) = (readings(date, time)[0], readings(date, time)[1])
    func choice(_ moment: Instant) -> String { "\(clock.withOffset(moment)) (\(clock.full(moment)))" }
    let what = moments.isEmpty ? "does not exist: the clocks go forward" : "happens twice: the clocks go back"
    throw TimeFault(
      sentence: "This time \(what) on \(clock.day(date)). Write \(choice(a)) or \(choice(b)).")
  }

  /// What a time could mean: its moments, or, where the clock skips it, by the offset after and the one before.
  private func readings(_ date: CivilDate, _ time: Elapsed) -> [Instant] {
    let moments = zone.moments(date, time)
    guard moments.isEmpty else { return moments }
    let naive = Instant(milliseconds: date.daysSince1970 * 86_400_000 + time.milliseconds)
    return [naive - zone.offset(at: naive + .days(1)), naive - zone.offset(at: naive - .days(1))]
  }
}

extension Instant {
  /// The whole second, minute and so on that has begun.
  fileprivate func begun(_ unit: Elapsed) -> Instant {
    let over = milliseconds % unit.milliseconds
    return Instant(milliseconds: milliseconds - (over < 0 ? over + unit.milliseconds : over))
  }
}
