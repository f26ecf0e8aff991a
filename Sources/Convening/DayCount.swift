// Working days and working hours between two moments, counted once for every day of a stretch, so that forty thousand
// discussions can ask. It says what `WorkingCalendar` says, which counts each time anew.

struct DayCount {
  let calendar: WorkingCalendar
  private let first: Int64
  /// Working days before each day of the stretch; one more than there are days.
  private var days: [Int] = [0]
  /// When the working hours of each day are open.
  private var windows: [(opens: Instant, closes: Instant)?] = []
  /// Working time before each day.
  private var worked: [Elapsed] = [.zero]

  /// - Parameters:
  ///   - first, last: what lies outside of these days counts as their edge; 40 years at most are kept.
  init(_ calendar: WorkingCalendar, from first: CivilDate, to last: CivilDate) {
    self.calendar = calendar
    self.first = first.daysSince1970
    let end = min(max(last.daysSince1970, self.first), self.first + 14_610)
    for day in self.first...end {
      let date = CivilDate(daysSince1970: day)
      days.append(days[days.count - 1] + (calendar.isWorkingDay(date) ? 1 : 0))
      let window = calendar.working.flatMap { calendar.window(of: $0, on: date) }
      windows.append(window)
      worked.append(worked[worked.count - 1] + (window.map { $0.closes - $0.opens } ?? .zero))
    }
  }

  /// Working days after one day, up to another and with it.
  func workingDays(after start: CivilDate, through end: CivilDate) -> Int {
    days[place(end.daysSince1970 + 1)] - days[place(start.daysSince1970 + 1)]
  }

  /// nil where nobody says which hours are working ones.
  func isOpen(at now: Instant) -> Bool? {
    guard let working = calendar.working else { return nil }
    let day = calendar.date(of: now).daysSince1970 - first
    // What was held long before it was decided lies outside of the stretch.
    guard day >= 0, day < Int64(windows.count) else { return calendar.isOpen(working, at: now) }
    return windows[Int(day)].map { $0.opens <= now && now < $0.closes } ?? false
  }

  /// Working hours that have passed since the start of the stretch.
  private func worked(before now: Instant) -> Elapsed {
    let day = place(calendar.date(of: now).daysSince1970)
    guard day < windows.count, let window = windows[day] else { return worked[day] }
    return worked[day] + max(.zero, min(now, window.closes) - window.opens)
  }

  private func place(_ day: Int64) -> Int { Int(min(max(day - first, 0), Int64(windows.count))) }

  /// Whether a limit that began then had not run out by that moment.
  func isWithin(_ limit: Limit, from start: Instant, at now: Instant) -> Bool {
    switch limit {
    case .workingHours(let time) where calendar.working != nil: worked(before: now) - worked(before: start) < time
    case .elapsed, .workingDays, .workingHours: limit.due(from: start, in: calendar).at > now
    }
  }
}
