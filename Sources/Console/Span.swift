// The days that a report speaks of: from one on, and before another.
import Convening

public struct Span: Hashable, Sendable {
  public let from: CivilDate
  /// The day after the last.
  public let to: CivilDate

  /// What is left out is this month and the eleven before it. Texts that are no day count as left out.
  public init(from: String?, to: String?, clock: Clock) {
    let today = clock.zone.wall(clock.now).date
    let end = to.flatMap(Span.day) ?? Span.firstOfMonth(today, plus: 1)
    self.to = end
    self.from = from.flatMap(Span.day) ?? Span.firstOfMonth(end.adding(days: -1), plus: -11)
  }

  /// `2026-10-01`, or `2026-10` for the first of the month; nil for anything else.
  public static func day(_ text: String) -> CivilDate? { CivilDate(text) ?? CivilDate(text + "-01") }

  private static func firstOfMonth(_ date: CivilDate, plus months: Int) -> CivilDate {
    let month = date.year * 12 + date.month - 1 + months
    // The first of a month in the years that a clock shows always exists.
    return CivilDate(year: month / 12, month: month % 12 + 1, day: 1) ?? date
  }
}
