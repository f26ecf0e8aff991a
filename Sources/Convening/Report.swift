// The report: in how many decided discussions had every required agency contributed, each agency's share, how soon decisions
// were recorded. A pure function of rows. Percentages are never averaged; every share comes with its n and its interval.

/// A share with Wilson's 95 % interval (E. B. Wilson, 1927; z = 1.959963984540054, no continuity correction).
public struct Share: Hashable, Sendable {
  /// 0...n
  public let k: Int
  /// 0...
  public let n: Int

  public init(_ k: Int, of n: Int) { (self.k, self.n) = (k, n) }

  /// nil where n is 0.
  public var value: Double? { n == 0 ? nil : Double(k) / Double(n) }

  /// Lower and upper bound; nil where n is 0.
  public var interval: (low: Double, high: Double)? {
    guard n > 0 else { return nil }
    let (z, n, p) = (1.959963984540054, Double(n), Double(k) / Double(n))
    let centre = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return (max(0, (centre - spread) / scale), min(1, (centre + spread) / scale))
  }
}

public struct Report: Hashable, Sendable {
  /// One month of the authority's calendar, or the whole.
  public struct Period: Hashable, Sendable {
    /// `2026-10`; nil for the whole.
    public let month: String?
    /// Discussions decided in the period, cancelled ones aside.
    public let n: Int
    /// Those in which every required agency had contributed, in a way that counts, when the decision was taken (M1).
    public let threePartner: Share
    public let agencies: [AgencyShare]
    public let latency: Latency
  }

  public struct AgencyShare: Hashable, Sendable {
    public let agency: AgencyID
    /// Of all discussions of the period that required it (M2).
    public let contributed: Share
    /// In how many of those it was invited: a message to it was begun.
    public let invited: Int
    /// Of those in which it was invited (M3).
    public let whenInvited: Share
  }

  /// From the decision to its record (M5), in whole seconds. Percentiles by nearest rank: of the n values, sorted, the one at
  /// place ceil(percent * n / 100), counted from 1; nil where n is 0.
  public struct Latency: Hashable, Sendable {
    public let n: Int
    public let median: Int64?
    public let p90: Int64?
    /// Recorded within what the discussion's policy calls immediately.
    public let withinPolicy: Share
  }

  public let from: Instant
  public let to: Instant
  public let policies: [PolicyRef]
  public let months: [Period]
  public let total: Period

  /// - Parameters:
  ///   - rows: discussions decided in `from ..< to`; others are passed over.
  ///   - zone: whose months are meant.
  public init(_ rows: [Rows], from: Instant, to: Instant, zone: CivilZone, policies: Policies) {
    let decided = rows.filter { row in
      guard let at = row.discussion.decidedAt else { return false }
      return at >= from && at < to && row.discussion.phase != .cancelled
    }
    (self.from, self.to) = (from, to)
    self.policies = Set(decided.map(\.discussion.policy)).sorted { ($0.id, $0.edition) < ($1.id, $1.edition) }
    let byMonth = Dictionary(grouping: decided) { Self.month($0.discussion.decidedAt ?? from, zone) }
    months = Self.months(from: from, to: to, zone).map { Period(month: $0, byMonth[$0] ?? [], policies) }
    total = Period(month: nil, decided, policies)
  }

  private static func month(_ at: Instant, _ zone: CivilZone) -> String {
    String(zone.wall(at).date.description.prefix(7))
  }

  /// Every month that the time touches, those without a discussion too.
  private static func months(from: Instant, to: Instant, _ zone: CivilZone) -> [String] {
    guard from < to else { return [] }
    var months: [String] = []
    var day = zone.wall(from).date
    let last = zone.wall(to - Elapsed(milliseconds: 1)).date
    while day <= last {
      let month = String(day.description.prefix(7))
      if months.last != month { months.append(month) }
      day = day.adding(days: 1)
    }
    return months
  }
}

extension Report.Period {
  fileprivate init(month: String?, _ rows: [Rows], _ policies: Policies) {
    self.month = month
    n = rows.count
    let whole = rows.filter { $0.positions.allSatisfy { !$0.required || $0.counts } && $0.discussion.quorate ?? false }
    threePartner = Share(whole.count, of: rows.count)
    var required: [AgencyID: [PositionRow]] = [:]
    var requiring: [AgencyID: Int] = [:]
    for row in rows {
      let agencies = policies[row.discussion.policy]?.required ?? row.positions.filter(\.required).map(\.agency)
      for agency in agencies {
        requiring[agency, default: 0] += 1
        if let position = row.positions.first(where: { $0.agency == agency }) {
          required[agency, default: []].append(position)
        }
      }
    }
    agencies = requiring.keys.sorted().map { agency in
      let positions = required[agency] ?? []
      // Not who was to be asked: who was. A message that never went out is ours to explain.
      let invited = positions.filter { $0.invited && $0.askedAt != nil }
      return Report.AgencyShare(
        agency: agency, contributed: Share(positions.count(where: \.counts), of: requiring[agency] ?? 0),
        invited: invited.count, whenInvited: Share(invited.count(where: \.counts), of: invited.count))
    }
    latency = Report.Latency(rows.map(\.discussion), policies)
  }
}

extension Report.Latency {
  fileprivate init(_ rows: [DiscussionRow], _ policies: Policies) {
    let latencies = rows.compactMap { row -> (Elapsed, PolicyRef)? in
      guard let decided = row.decidedAt, let recorded = row.decisionRecorded else { return nil }
      return (max(recorded - decided, .zero), row.policy)
    }
    let sorted = latencies.map { $0.0.wholeSeconds }.sorted()
    func rank(_ percent: Int) -> Int64? {
      sorted.isEmpty ? nil : sorted[(percent * sorted.count + 99) / 100 - 1]
    }
    n = sorted.count
    (median, p90) = (rank(50), rank(90))
    let soon = latencies.count { latency, ref in policies[ref].map { latency <= $0.decisionRecorded } ?? false }
    withinPolicy = Share(soon, of: sorted.count)
  }
}
