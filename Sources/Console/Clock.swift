// Moments and stretches in the words of the screens: local, short, with the zone's letters where it matters. The present
// moment is handed in; no clock is read here.
import Convening

public struct Clock: Hashable, Sendable {
  public let zone: CivilZone
  public let now: Instant

  public init(zone: CivilZone, now: Instant) { (self.zone, self.now) = (zone, now) }

  /// `Fri 30 Apr 2027 17:05 BST`
  public func full(_ moment: Instant) -> String {
    "\(day(zone.wall(moment).date)) \(wall(moment)) \(letters(moment))"
  }

  /// `17:05` today, `Tue 4 May 08:30` within half a year, else with the year.
  public func near(_ moment: Instant) -> String {
    let date = zone.wall(moment).date
    return date == zone.wall(now).date ? time(moment) : "\(short(date)) \(time(moment))"
  }

  /// A limit: `Mon 10 May` for the end of that day, else as `near`.
  public func limit(_ moment: Instant) -> String {
    let (date, time) = zone.wall(moment)
    return time == .zero ? short(date.adding(days: -1)) : near(moment)
  }

  /// `17:05`; `01:30 BST` in the hour that comes twice.
  public func time(_ moment: Instant) -> String { "\(wall(moment))\(which(moment))" }

  /// `17:05:03`; `01:30:00 GMT` in the hour that comes twice.
  public func seconds(_ moment: Instant) -> String {
    "\(wall(moment)):\(padded(zone.wall(moment).time.wholeSeconds % 60))\(which(moment))"
  }

  private func wall(_ moment: Instant) -> String {
    let minutes = zone.wall(moment).time.wholeSeconds / 60
    return "\(padded(minutes / 60)):\(padded(minutes % 60))"
  }

  /// Which of the two it is, where the clock on the wall shows it twice.
  private func which(_ moment: Instant) -> String {
    let (date, time) = zone.wall(moment)
    return zone.moments(date, time).count > 1 ? " \(letters(moment))" : ""
  }

  /// `Fri 30 Apr 2027`
  public func day(_ date: CivilDate) -> String { "\(dayAndMonth(date)) \(date.year)" }

  /// `Oct 2026` for `2026-10`; the text as it is for anything else.
  public static func month(_ text: String) -> String {
    guard let date = CivilDate(text + "-01") else { return text }
    return "\(months[date.month - 1]) \(date.year)"
  }

  /// `2026-10-25T01:30:00+01:00`
  public func withOffset(_ moment: Instant) -> String {
    let minutes = zone.offset(at: moment).milliseconds / 60_000
    let local = (moment + zone.offset(at: moment)).description.dropLast()
    return "\(local)\(minutes < 0 ? "-" : "+")\(padded(abs(minutes) / 60)):\(padded(abs(minutes) % 60))"
  }

  /// `BST`, `GMT`, `UTC`, or an offset where the zone has no letters here.
  public func letters(_ moment: Instant) -> String {
    let minutes = zone.offset(at: moment).milliseconds / 60_000
    switch (zone.name, minutes) {
    case ("Europe/London", 0): return "GMT"
    case ("Europe/London", 60): return "BST"
    case ("UTC", 0): return "UTC"
    case (_, ..<0): return "-\(padded(-minutes / 60)):\(padded(-minutes % 60))"
    case (_, _): return "+\(padded(minutes / 60)):\(padded(minutes % 60))"
    }
  }

  /// `in 25 min`, `25 min ago`, `now` within a second.
  public func relative(_ moment: Instant) -> String {
    let gap = moment - now
    if abs(gap.milliseconds) < 1000 { return "now" }
    return gap > .zero ? "in \(Clock.words(gap))" : "\(Clock.words(.zero - gap)) ago"
  }

  /// `The meeting is in 2126, 36,500 days ahead.` where that is more than 366, or the meeting was more than a day ago: the
  /// date may be a slip of the hand. nil for any other.
  public func doubt(ofMeeting meeting: Instant) -> String? {
    let days = Int((meeting - now).magnitude.wholeSeconds / 86_400)
    if meeting - now > .days(366) {
      return "The meeting is in \(zone.wall(meeting).date.year), \(counted(days, "day")) ahead."
    }
    guard now - meeting > .days(1) else { return nil }
    return "The meeting was on \(day(zone.wall(meeting).date)), \(counted(days, "day")) ago."
  }

  /// `9 s`, `25 min`, `2 h 10 min`, `3 days`; rounded down.
  public static func words(_ stretch: Elapsed) -> String {
    let seconds = max(0, stretch.wholeSeconds)
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) min"
    case ..<172_800:
      let minutes = seconds / 60 % 60
      return minutes == 0 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(minutes) min"
    default: return counted(Int(seconds / 86_400), "day")
    }
  }

  /// `Tue 4 May`
  public func dayAndMonth(_ date: CivilDate) -> String {
    "\(date.weekday.rawValue) \(date.day) \(Clock.months[date.month - 1])"
  }

  /// `Tue 4 May` within half a year, else with the year.
  private func short(_ date: CivilDate) -> String {
    abs(date.daysSince1970 - zone.wall(now).date.daysSince1970) < 183 ? dayAndMonth(date) : day(date)
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
}
