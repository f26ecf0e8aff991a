// The report: DOMAIN.md 5.3, M1 to M5 and M7 to M13, by month and over the twelve months that end with each. A pure function
// of rows, a calendar and a moment, in one pass. Percentages are never averaged; every share comes with its n and its interval.

public struct Report: Hashable, Sendable {
  /// One month of the authority's calendar, or the whole.
  public struct Period: Hashable, Sendable {
    /// `2026-10`; nil for the whole.
    public let month: String?
    public let figures: Tally
    /// Of the month before, or of as many months before the whole; nil where the edges are no months' own.
    public let previous: Tally?
    /// Of the twelve months that end with this one, and of those that end with the one before; nil for the whole.
    public let rolling: Tally?
    public let previousRolling: Tally?
  }

  /// Who must take part by the guidance, whatever a policy requires: the share that can be followed over the years.
  public static let partners: [AgencyID] = ["childrens-social-care", "police", "health"]

  public let from: Instant
  public let to: Instant
  /// When it was counted: what is due by a limit is judged once that has passed.
  public let now: Instant
  public let zone: CivilZone
  /// In the order of their names; the tallies follow it.
  public let agencies: [AgencyID]
  /// Whether any discussion knows all three partners by their names.
  public let knowsPartners: Bool
  public let months: [Period]
  public let total: Period

  public var policies: [PolicyRef] {
    total.figures.policies.sorted { ($0.id, $0.edition) < ($1.id, $1.edition) }
  }

  /// - Parameters:
  ///   - rows: discussions decided from `Report.reading` on; others are passed over.
  ///   - calendar: whose months, working days and hours are meant.
  public init(
    _ rows: [Decided], from: Instant, to: Instant, now: Instant, calendar: WorkingCalendar, policies: Policies
  ) {
    let span = Months(from: from, to: to, calendar.zone)
    var counting = Counting(rows, span, now: now, calendar, policies)
    for row in rows where row.decidedAt < to { counting.count(row, isBefore: row.decidedAt < from) }
    (self.from, self.to, self.now, zone, agencies) = (from, to, now, calendar.zone, counting.agencies)
    knowsPartners = Report.partners.allSatisfy(counting.agencies.contains)
    months = counting.months()
    total = counting.total()
  }

  /// From when decisions are read: twelve months before the first one, or as many as there are, for what was before.
  public static func reading(from: Instant, to: Instant, _ zone: CivilZone) -> Instant {
    Months(from: from, to: to, zone).reading
  }
}

/// The months of a report, and those before them that it compares with.
private struct Months {
  /// Months since the year 0.
  let first: Int
  let count: Int
  /// How many before the first are read.
  let before: Int
  /// Whether it begins and ends where months do.
  let isWhole: Bool
  let reading: Instant
  private let zone: CivilZone

  init(from: Instant, to: Instant, _ zone: CivilZone) {
    self.zone = zone
    first = Months.number(from, zone)
    count = from < to ? Months.number(to - Elapsed(milliseconds: 1), zone) - first + 1 : 0
    before = max(12, count)
    let start = { (month: Int) in Months.date(month).map(zone.start) }
    isWhole = count > 0 && start(first) == from && start(first + count) == to
    reading = start(first - before) ?? from
  }

  static func number(_ at: Instant, _ zone: CivilZone) -> Int {
    let date = zone.wall(at).date
    return date.year * 12 + date.month - 1
  }

  private static func date(_ number: Int) -> CivilDate? {
    CivilDate(year: number / 12, month: number % 12 + 1, day: 1)
  }

  func name(_ place: Int) -> String { Months.date(first + place).map { String($0.description.prefix(7)) } ?? "" }
}

/// The one pass.
private struct Counting {
  let agencies: [AgencyID]
  private let span: Months
  private let now: Instant
  private let calendar: WorkingCalendar
  private let days: DayCount
  private let policies: Policies
  /// The months before the first, and then those of the report.
  private var buckets: [Tally]
  /// Of the first month, what was decided before the report begins.
  private var head: Tally
  private var latest: (ref: PolicyRef, policy: Policy?)?

  init(_ rows: [Decided], _ span: Months, now: Instant, _ calendar: WorkingCalendar, _ policies: Policies) {
    (self.span, self.now, self.calendar, self.policies) = (span, now, calendar, policies)
    var known: [AgencyID] = []
    var (earliest, last) = (now, now)
    for row in rows {
      for agency in row.agencies where !known.contains(agency.agency) { known.append(agency.agency) }
      earliest = min(earliest, row.convenedAt, row.conferenceFrom ?? row.convenedAt)
      last = max(last, row.metAt, row.conferenceHeldAt ?? row.metAt)
    }
    agencies = known.sorted()
    days = DayCount(calendar, from: calendar.date(of: earliest - .days(31)), to: calendar.date(of: last))
    head = Tally(agencies: agencies.count)
    buckets = Array(repeating: head, count: span.before + span.count)
  }

  mutating func count(_ row: Decided, isBefore: Bool) {
    let month = Months.number(row.decidedAt, calendar.zone) - span.first
    guard month >= -span.before, month < span.count else { return }
    let places = row.agencies.map { agency in agencies.firstIndex(of: agency.agency) ?? 0 }
    let policy = policy(of: row)
    let facts = TallyFacts(
      isFixed: Report.partners.allSatisfy { partner in
        row.agencies.contains { $0.part == .counted && $0.agency == partner }
      },
      splits: splits(of: row, policy),
      isInTime: policy.map { row.recordedAt - row.decidedAt <= $0.decisionRecorded } ?? false,
      now: now, zone: calendar.zone, days: days)
    if isBefore, month == 0 {
      head.count(row, places, facts)
    } else {
      buckets[month + span.before].count(row, places, facts)
    }
  }

  private mutating func policy(of row: Decided) -> Policy? {
    if let latest, latest.ref == row.policy { return latest.policy }
    let policy = policies[row.policy]
    latest = (row.policy, policy)
    return policy
  }

  private func splits(of row: Decided, _ policy: Policy?) -> [Tally.Split] {
    var splits: [Tally.Split] = [row.urgency == .urgent ? .urgent : .standard]
    if let policy {
      // As the reasons for absences have it: notice is fair once the limit has run out before they met.
      let fair = policy.ladder(for: row.urgency).fairNotice
      let isShort = fair.map { days.isWithin($0, from: row.convenedAt, at: row.metAt) } ?? false
      splits.append(isShort ? .shortNotice : .fairNotice)
    }
    if let isOpen = days.isOpen(at: row.metAt) { splits.append(isOpen ? .inHours : .outOfHours) }
    return splits
  }

  // MARK: - What it comes to

  mutating func months() -> [Report.Period] {
    head.seal()
    for index in buckets.indices { buckets[index].seal() }
    return (0..<span.count).map { place in
      Report.Period(
        month: span.name(place), figures: buckets[place + span.before], previous: sum(place - 1...place - 1),
        rolling: sum(place - 11...place), previousRolling: sum(place - 12...place - 1))
    }
  }

  func total() -> Report.Period {
    guard span.count > 0 else {
      return Report.Period(
        month: nil, figures: Tally(agencies: agencies.count), previous: nil, rolling: nil, previousRolling: nil)
    }
    let inside = buckets.suffix(span.count).reduce(into: Tally(agencies: agencies.count)) { $0 += $1 }
    return Report.Period(
      month: nil, figures: inside, previous: span.isWhole ? sum(-span.count ... -1) : nil, rolling: nil,
      previousRolling: nil)
  }

  /// Of whole months, counted from the report's first.
  private func sum(_ places: ClosedRange<Int>) -> Tally {
    var sum = Tally(agencies: agencies.count)
    for place in places { sum += buckets[place + span.before] }
    if places.contains(0) { sum += head }
    return sum
  }
}
