// The report as anybody may read it: counts from 1 to 5 are suppressed, as are those of which the rest is, and as many more as
// it takes that none of them follows from what is shown: by the sum of the months, nor by what the agencies' figures say of
// all of them together. Nothing else of the report is published: each further figure would be a further equation.

public struct Publication: Hashable, Sendable {
  public struct Cell: Hashable, Sendable {
    /// nil where it is suppressed.
    public let shown: Share?
  }

  public struct Period: Hashable, Sendable {
    public struct Agency: Hashable, Sendable {
      public let agency: AgencyID
      public let cell: Cell
    }

    /// nil for the whole.
    public let month: String?
    /// nil where it is suppressed.
    public let n: Int?
    public let whole: Cell
    public let agencies: [Agency]
  }

  /// What one period is published from: counts that a report has, and that a kept one still says.
  public struct Counts: Hashable, Sendable {
    /// nil for the whole.
    public let month: String?
    /// In how many of those decided all who are required took part.
    public let whole: Share
    /// In how many of those that required it each agency took part; in the order of `agencies`.
    public let shares: [Share]

    public init(month: String?, whole: Share, shares: [Share]) {
      (self.month, self.whole, self.shares) = (month, whole, shares)
    }
  }

  public let months: [Period]
  public let total: Period

  public init(_ report: Report) {
    func counts(_ period: Report.Period) -> Counts {
      let all = period.figures.all
      return Counts(
        month: period.month, whole: Share(all.whole, of: all.n),
        shares: all.agencies.map { Share($0.counted, of: $0.required) })
    }
    self.init(report.agencies, months: report.months.map(counts), total: counts(report.total))
  }

  /// - Parameter agencies: in the order of each period's shares.
  public init(_ agencies: [AgencyID], months: [Counts], total: Counts) {
    let periods = months + [total]
    let required = agencies.indices.filter { total.shares[$0].n > 0 }
    var table = Suppression(
      n: periods.map(\.whole.n), whole: periods.map(\.whole),
      agencies: required.map { place in periods.map { $0.shares[place] } })
    table.suppress()
    let shown = periods.indices.map { row in
      Period(
        month: periods[row].month, n: table.n.shown(row)?.n, whole: Cell(shown: table.whole.shown(row)),
        agencies: zip(required, table.agencies).map {
          Period.Agency(agency: agencies[$0], cell: Cell(shown: $1.shown(row)))
        })
    }
    (self.months, self.total) = (Array(shown.dropLast()), shown[shown.count - 1])
  }
}

/// The table with what is hidden of it: a row for each month, the total last; how many decided, in how many all took part, and
/// for each agency in how many it did.
struct Suppression {
  /// So wide is what may be guessed of a hidden count, at least.
  static let width = 5

  struct Column {
    let cells: [Share]
    /// How many there are, not in how many of them somebody took part.
    var isCount = false
    var hidden: Set<Int> = []

    var total: Int { cells.count - 1 }
    var months: Range<Int> { 0..<total }
    func shown(_ row: Int) -> Share? { hidden.contains(row) ? nil : cells[row] }
    func missing(_ row: Int) -> Int { cells[row].n - cells[row].k }

    /// Small, or so large that the rest is small.
    func isSmall(_ row: Int) -> Bool {
      (1...5).contains(cells[row].k) || (1...5).contains(missing(row))
    }

    mutating func hideSmall() { hidden.formUnion(cells.indices.filter(isSmall)) }
  }

  var n: Column
  var whole: Column
  var agencies: [Column]

  init(n: [Int], whole: [Share], agencies: [[Share]]) {
    self.n = Column(cells: n.map { Share($0, of: $0) }, isCount: true)
    self.whole = Column(cells: whole)
    self.agencies = agencies.map { Column(cells: $0) }
  }

  mutating func suppress() {
    n.hideSmall()
    whole.hideSmall()
    for index in agencies.indices {
      agencies[index].hideSmall()
      // Required in some discussions of a month and not in others: how many would be another count.
      let mixed = agencies[index].months.filter { row in
        let own = agencies[index].cells[row].n
        return own > 0 && own < n.cells[row].n
      }
      if !mixed.isEmpty { agencies[index].hidden.formUnion(mixed + [agencies[index].total]) }
    }
    n = balanced(n)
    var before = -1
    while count != before {
      before = count
      for row in n.cells.indices where n.hidden.contains(row) { hide(row) }
      // The agencies first: where one of them is hidden, anything may be thought of the whole, and no other month need be.
      agencies = agencies.map { column in balanced(column) { range(of: $0, in: column) } }
      for row in n.cells.indices { link(row) }
      whole = balanced(whole, range(ofWhole:))
    }
  }

  private var count: Int { agencies.reduce(n.hidden.count + whole.hidden.count) { $0 + $1.hidden.count } }

  private mutating func hide(_ row: Int) {
    whole.hidden.insert(row)
    for index in agencies.indices { agencies[index].hidden.insert(row) }
  }

  /// In how many somebody was missing says something of how often each was, and the other way round.
  private mutating func link(_ row: Int) {
    let required = agencies.indices.filter { agencies[$0].cells[row].n > 0 }
    if required.contains(where: { agencies[$0].hidden.contains(row) }) {
      whole.hidden.insert(row)
    } else if whole.hidden.contains(row), let (low, high) = range(ofWhole: row), high - low < Suppression.width,
      let most = required.max(by: { agencies[$0].missing(row) < agencies[$1].missing(row) })
    {
      agencies[most].hidden.insert(row)
    }
  }

  /// What may be thought of how many were not whole; nil: anything.
  private func range(ofWhole row: Int) -> (low: Int, high: Int)? {
    guard !n.hidden.contains(row) else { return nil }
    let required = agencies.filter { $0.cells[row].n > 0 }
    guard !required.isEmpty, !required.contains(where: { $0.hidden.contains(row) }) else { return (0, n.cells[row].n) }
    let missing = required.map { $0.missing(row) }
    return (missing.max() ?? 0, min(n.cells[row].n, missing.reduce(0, +)))
  }

  private func range(of row: Int, in column: Column) -> (low: Int, high: Int)? {
    n.hidden.contains(row) ? nil : (0, column.cells[row].n)
  }

  /// Hides months until none of the hidden ones follows from the total; where there are not enough, the total.
  private func balanced(
    _ column: Column, _ range: (Int) -> (low: Int, high: Int)? = { _ in nil }
  ) -> Column {
    var column = column
    while !column.hidden.contains(column.total), !isSafe(column, range) {
      let others = column.months.filter { row in
        !column.hidden.contains(row) && column.cells[row].n > 0 && !column.isSmall(row)
      }
      // Those that leave something to guess go before those that the other figures tell.
      let open = others.filter { row in range(row).map { $0.high - $0.low >= Suppression.width } ?? true }
      let next = (open.isEmpty ? others : open).max {
        (min(column.missing($0), column.cells[$0].k), $1) < (min(column.missing($1), column.cells[$1].k), $0)
      }
      column.hidden.insert(next ?? column.total)
    }
    return column
  }

  private func isSafe(_ column: Column, _ range: (Int) -> (low: Int, high: Int)?) -> Bool {
    let hidden = column.months.filter { column.hidden.contains($0) }
    guard !hidden.isEmpty else { return true }
    // Where all of them are known to be small, their sum may tell each.
    guard hidden.contains(where: { !column.isSmall($0) }) else { return false }
    let values = hidden.map { column.isCount ? column.cells[$0].n : column.missing($0) }
    let sum = values.reduce(0, +)
    let ranges = hidden.map { range($0) ?? (0, sum) }
    let (lows, highs) = (ranges.reduce(0) { $0 + $1.0 }, ranges.reduce(0) { $0 + $1.1 })
    return ranges.allSatisfy { low, high in
      min(high, sum - (lows - low)) - max(low, sum - (highs - high)) >= Suppression.width
    }
  }
}
