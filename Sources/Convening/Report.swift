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
    self.init(
      ReportCount(rows, from: from, to: to, now: now, calendar: calendar, policies: policies).counted(rows[...]))
  }

  /// Of rows that were counted in parts, each once.
  public init(_ counting: ReportCount) {
    (from, to, now) = (counting.from, counting.to, counting.scale.now)
    (zone, agencies) = (counting.scale.zone, counting.agencies)
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
private struct Months: Sendable {
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

/// The one pass over the rows, or a part of it: parts may be counted beside each other, and are added up.
public struct ReportCount: Sendable {
  let agencies: [AgencyID]
  private let span: Months
  let (from, to): (Instant, Instant)
  let scale: TallyScale
  private let policies: Policies
  /// The months before the first, and then those of the report.
  private var buckets: [Tally]
  /// Of the first month, what was decided before the report begins.
  private var head: Tally
  /// What is judged by the policy of the last row.
  private var latest: (ref: PolicyRef, limits: PolicyLimits)?
  /// Where the last row was counted.
  private var lastBucket: Int?
  /// Where each agency of the last row stands in the list.
  private var places: [Int] = []
  private var splits: [Tally.Split] = []

  private struct PolicyLimits: Sendable {
    let fairNotice: (urgent: Limit?, standard: Limit?)
    let decisionRecorded: Elapsed?
    let isKnown: Bool

    init(_ policy: Policy?) {
      fairNotice = (policy?.ladder(for: .urgent).fairNotice, policy?.ladder(for: .standard).fairNotice)
      (decisionRecorded, isKnown) = (policy?.decisionRecorded, policy != nil)
    }
  }

  /// Nothing is counted yet.
  ///
  /// - Parameter rows: all of them, as in `Report.init`.
  public init(
    _ rows: [Decided], from: Instant, to: Instant, now: Instant, calendar: WorkingCalendar, policies: Policies
  ) {
    span = Months(from: from, to: to, calendar.zone)
    (self.from, self.to, self.policies) = (from, to, policies)
    var known: [AgencyID] = []
    var (earliest, last) = (now, now)
    // By index, here and below: a row is dear to copy, and there are tens of thousands.
    for index in rows.indices {
      for place in rows[index].agencies.indices where !known.contains(rows[index].agencies[place].agency) {
        known.append(rows[index].agencies[place].agency)
      }
      earliest = min(earliest, rows[index].convenedAt, rows[index].conferenceFrom ?? rows[index].convenedAt)
      last = max(last, rows[index].metAt, rows[index].conferenceHeldAt ?? rows[index].metAt)
    }
    agencies = known.sorted()
    scale = TallyScale(
      now: now, zone: calendar.zone,
      days: DayCount(calendar, from: calendar.date(of: earliest - .days(31)), to: calendar.date(of: last)))
    head = Tally(agencies: agencies.count)
    buckets = Array(repeating: head, count: span.before + span.count)
  }

  /// Some of those rows.
  public func counted(_ rows: ArraySlice<Decided>) -> ReportCount {
    var counting = self
    for index in rows.indices where rows[index].decidedAt < to {
      counting.count(rows[index], isBefore: rows[index].decidedAt < from)
    }
    counting.head.seal()
    for index in counting.buckets.indices { counting.buckets[index].seal() }
    return counting
  }

  /// - Parameter b: of other rows of the same report.
  public static func += (a: inout ReportCount, b: ReportCount) {
    a.head += b.head
    for index in a.buckets.indices { a.buckets[index] += b.buckets[index] }
  }

  private mutating func count(_ row: Decided, isBefore: Bool) {
    let month = Months.number(row.decidedAt, scale.zone) - span.first
    guard month >= -span.before, month < span.count else { return }
    find(row)
    let limits: PolicyLimits
    let isSamePolicy: Bool
    if let latest, latest.ref == row.policy {
      (limits, isSamePolicy) = (latest.limits, true)
    } else {
      (limits, isSamePolicy) = (PolicyLimits(policies[row.policy]), false)
      latest = (row.policy, limits)
    }
    split(row, limits)
    let bucket = isBefore && month == 0 ? -1 : month + span.before
    let facts = TallyFacts(
      isFixed: isFixed(row), isInTime: limits.decisionRecorded.map { row.recordedAt - row.decidedAt <= $0 } ?? false,
      isNewPolicy: !isSamePolicy || bucket != lastBucket)
    lastBucket = bucket
    if bucket < 0 {
      head.count(row, at: places, splits, facts, scale)
    } else {
      buckets[bucket].count(row, at: places, splits, facts, scale)
    }
  }

  /// Mostly where those of the row before stand.
  private mutating func find(_ row: Decided) {
    let isAsBefore =
      places.count == row.agencies.count
      && places.indices.allSatisfy { agencies[places[$0]] == row.agencies[$0].agency }
    guard !isAsBefore else { return }
    places.removeAll(keepingCapacity: true)
    for index in row.agencies.indices { places.append(agencies.firstIndex(of: row.agencies[index].agency) ?? 0) }
  }

  private func isFixed(_ row: Decided) -> Bool {
    var found = 0
    for index in row.agencies.indices where row.agencies[index].part == .counted {
      if Report.partners.contains(row.agencies[index].agency) { found += 1 }
    }
    return found == Report.partners.count
  }

  private mutating func split(_ row: Decided, _ limits: PolicyLimits) {
    splits.removeAll(keepingCapacity: true)
    splits.append(row.urgency == .urgent ? .urgent : .standard)
    // Of a late entry nobody here knows when it was convened. Notice is fair once the limit has run out before they met.
    if limits.isKnown, !row.isLateEntry {
      let fair = row.urgency == .urgent ? limits.fairNotice.urgent : limits.fairNotice.standard
      let isShort = fair.map { scale.days.isWithin($0, from: row.convenedAt, at: row.metAt) } ?? false
      splits.append(isShort ? .shortNotice : .fairNotice)
    }
    if let isOpen = scale.days.isOpen(at: row.metAt) { splits.append(isOpen ? .inHours : .outOfHours) }
  }

  // MARK: - What it comes to

  func months() -> [Report.Period] {
    (0..<span.count).map { place in
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
