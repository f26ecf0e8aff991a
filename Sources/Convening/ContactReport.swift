// M6 of DOMAIN.md 5.3, the control of the 24 hours: of the contacts whose time has run out, how many had an outcome by then, and
// of the others, how many somebody in charge has looked at. By the month of the receipt; a pure function of rows and a moment.

public struct ContactTally: Hashable, Sendable {
  /// Contacts received.
  public internal(set) var n = 0
  /// Their time has run out.
  public internal(set) var judged = 0
  /// Of those, with an outcome by then.
  public internal(set) var inTime = 0
  /// Of the others, reviewed by a named role.
  public internal(set) var reviewed = 0
  /// Of the others, without an outcome and a review.
  public internal(set) var waiting = 0
  /// When the oldest of those that wait was received.
  public internal(set) var oldest: Instant?

  public init() {}

  /// Without an outcome when their time ran out.
  public var past: Int { judged - inTime }

  mutating func count(_ row: ContactRow, at now: Instant) {
    n += 1
    guard row.reviewDue <= now else { return }
    judged += 1
    if let outcome = row.outcomeAt, outcome <= row.reviewDue { return inTime += 1 }
    if row.reviewedAt != nil { return reviewed += 1 }
    guard row.outcomeAt == nil else { return }
    waiting += 1
    oldest = min(oldest ?? row.receivedAt, row.receivedAt)
  }

  static func += (a: inout Self, b: Self) {
    (a.n, a.judged, a.inTime) = (a.n + b.n, a.judged + b.judged, a.inTime + b.inTime)
    (a.reviewed, a.waiting) = (a.reviewed + b.reviewed, a.waiting + b.waiting)
    a.oldest = [a.oldest, b.oldest].compactMap(\.self).min()
  }
}

public struct ContactReport: Hashable, Sendable {
  /// As in `Report`.
  public struct Period: Hashable, Sendable {
    /// `2026-10`; nil for the whole.
    public let month: String?
    public let figures: ContactTally
    public let previous: ContactTally?
    public let rolling: ContactTally?
    public let previousRolling: ContactTally?
  }

  public let now: Instant
  public let months: [Period]
  public let total: Period

  /// - Parameter rows: contacts received from `Report.reading` on; others are passed over.
  public init(_ rows: [ContactRow], from: Instant, to: Instant, now: Instant, zone: CivilZone) {
    self.now = now
    /// By month, those of the report and those before it.
    var (inside, before): ([Int: ContactTally], [Int: ContactTally]) = ([:], [:])
    for row in rows where row.receivedAt < to {
      let month = Self.month(of: row.receivedAt, zone)
      if row.receivedAt >= from {
        inside[month, default: ContactTally()].count(row, at: now)
      } else {
        before[month, default: ContactTally()].count(row, at: now)
      }
    }
    func sum(_ months: ClosedRange<Int>) -> ContactTally {
      months.reduce(into: ContactTally()) { sum, month in
        sum += inside[month] ?? ContactTally()
        sum += before[month] ?? ContactTally()
      }
    }
    let (first, last) = (Self.month(of: from, zone), Self.month(of: to - Elapsed(milliseconds: 1), zone))
    let span = from < to ? Array(first...last) : []
    months = span.map { month in
      Period(
        month: Self.name(month), figures: inside[month] ?? ContactTally(), previous: sum(month - 1...month - 1),
        rolling: sum(month - 11...month), previousRolling: sum(month - 12...month - 1))
    }
    let isWhole = !span.isEmpty && Self.start(first, zone) == from && Self.start(last + 1, zone) == to
    total = Period(
      month: nil, figures: inside.values.reduce(into: ContactTally()) { $0 += $1 },
      previous: isWhole ? sum(first - span.count...first - 1) : nil, rolling: nil, previousRolling: nil)
  }

  /// Months since the year 0.
  private static func month(of at: Instant, _ zone: CivilZone) -> Int {
    let date = zone.wall(at).date
    return date.year * 12 + date.month - 1
  }

  private static func date(_ month: Int) -> CivilDate? { CivilDate(year: month / 12, month: month % 12 + 1, day: 1) }
  private static func start(_ month: Int, _ zone: CivilZone) -> Instant? { date(month).map(zone.start) }
  private static func name(_ month: Int) -> String { date(month).map { String($0.description.prefix(7)) } ?? "" }
}

/// One period of M6 as anybody may read it.
public struct PublishedContacts: Hashable, Sendable {
  /// How many were judged; nil where it is suppressed.
  public let judged: Int?
  /// Those with an outcome in time; nil where it is suppressed.
  public let inTime: Share?

  /// - Parameter periods: of those judged, the ones in time; a row for each month, and the total last.
  public static func suppressed(_ periods: [Share]) -> [PublishedContacts] {
    var table = Suppression(n: periods.map(\.n), whole: periods, agencies: [])
    table.suppress()
    return periods.indices.map { PublishedContacts(judged: table.n.shown($0)?.n, inTime: table.whole.shown($0)) }
  }
}

extension ContactReport {
  /// For anybody to read, a row for each month and the total last: how many were judged, and how many of them had an outcome in
  /// time, suppressed as the report's own counts are. What was reviewed would be another equation and is not published.
  public var published: [PublishedContacts] {
    PublishedContacts.suppressed((months.map(\.figures) + [total.figures]).map { Share($0.inTime, of: $0.judged) })
  }
}
