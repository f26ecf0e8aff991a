// What is suppressed stays unknown: for each hidden count of a made-up year another year is looked for that shows the very same
// table and has another count there. Where none is found, the table tells it.
import Testing

@testable import Convening

@Suite struct PublicationTests {
  /// How many discussions of each month were without which agencies, of three.
  private typealias Year = [(n: Int, missing: [[Int]])]

  private static let agencies: [AgencyID] = ["csc", "health", "police"]
  private static let calendar = WorkingCalendar(
    zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: []))

  private func publication(_ year: Year) -> Publication {
    var rows: [Decided] = []
    for (month, (n, missing)) in year.enumerated() {
      let at = Instant("2026-01-15T12:00:00Z")! + .days(Int64(month * 30))
      for index in 0..<n {
        var row = Decided(
          policy: PolicyRef(id: "p", edition: 1), urgency: .standard, convenedAt: at, decidedAt: at, recordedAt: at)
        row.agencies = Self.agencies.enumerated().map { place, agency in
          var one = Decided.Agency(agency)
          one.required = true
          one.part = index < missing.count && missing[index].contains(place) ? .absent : .counted
          return one
        }
        rows.append(row)
      }
    }
    let end = CivilDate(year: 2026 + (year.count / 12), month: year.count % 12 + 1, day: 1)!
    return Publication(
      Report(
        rows, from: Instant("2026-01-01T00:00:00Z")!, to: Self.calendar.zone.start(of: end),
        now: Instant("2028-01-01T00:00:00Z")!, calendar: Self.calendar, policies: Policies()))
  }

  @Test func aLargeAuthorityShowsMostOfItsYear() {
    let year: Year = (0..<12).map { month in
      (200 + month, Array(repeating: [1], count: 40 + month) + Array(repeating: [2], count: 12))
    }
    let shown = publication(year)
    #expect(
      shown.months.allSatisfy {
        $0.n != nil && $0.whole.shown != nil && $0.agencies.allSatisfy { $0.cell.shown != nil }
      })
    #expect(shown.total.whole.shown == Share(2466 - (40 * 12 + 66) - 144, of: 2466))
  }

  @Test func aSmallCountIsHiddenAndSoIsAnotherMonths() {
    var year: Year = (0..<12).map { _ in (200, Array(repeating: [1], count: 40)) }
    year[3].missing = Array(repeating: [1], count: 4)
    let shown = publication(year)
    #expect(
      shown.months[3].n == 200 && shown.months[3].whole.shown == nil && shown.months[3].agencies[1].cell.shown == nil)
    #expect(shown.months.filter { $0.agencies[1].cell.shown == nil }.count == 2)
    #expect(shown.months.filter { $0.whole.shown == nil }.count >= 2)
    #expect(shown.total.whole.shown == Share(2400 - 444, of: 2400))
  }

  @Test func aMonthOfFewShowsNothing() {
    var year: Year = (0..<6).map { _ in (50, Array(repeating: [1], count: 20)) }
    year[2] = (3, [])
    let shown = publication(year)
    #expect(shown.months[2].n == nil && shown.months[2].whole.shown == nil)
    #expect(shown.months.filter { $0.n == nil }.count >= 2)
  }

  @Test func noSuppressedCountFollowsFromWhatIsShown() {
    var lots = Lottery(state: 7)
    for round in 0..<400 {
      let months = Int.random(in: 1...12, using: &lots)
      let size = [4, 12, 40, 220].randomElement(using: &lots)!
      let year: Year = (0..<months).map { _ in
        let n = Int.random(in: 0...size, using: &lots)
        let without = Int.random(in: 0...max(0, min(n, size / [2, 4, 16].randomElement(using: &lots)!)), using: &lots)
        return (
          n,
          (0..<without).map { _ in
            (0..<3).filter { Int.random(in: 0..<[9, 2, 4][$0], using: &lots) == 0 }
          }
        )
      }
      let shown = publication(year)
      let table = Guess(year, shown)
      for cell in table.hidden {
        #expect(table.hasAnother(at: cell), "round \(round): \(cell) of \(year)")
      }
      #expect(table.isShownRight)
    }
  }
}

private struct Lottery: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 16 ^ state << 40
  }
}

/// The table as numbers that fit what is shown: each month's count, how often each agency was missing, how often anybody was.
private struct Guess {
  enum Column: Hashable { case n, whole, agency(Int) }
  struct Cell: Hashable {
    let row: Int
    let column: Column
  }

  /// The months, then the total.
  private var values: [Cell: Int] = [:]
  private let rows: Int
  private(set) var hidden: [Cell] = []
  private(set) var isShownRight = true

  init(_ year: [(n: Int, missing: [[Int]])], _ shown: Publication) {
    rows = year.count
    for row in 0...rows {
      let months = row < rows ? [year[row]] : year
      let period = row < rows ? shown.months[row] : shown.total
      let n = months.reduce(0) { $0 + $1.n }
      func set(_ column: Column, _ value: Int, _ cell: Int?) {
        values[Cell(row: row, column: column)] = value
        if let cell { if cell != value { isShownRight = false } } else { hidden.append(Cell(row: row, column: column)) }
      }
      set(.n, n, period.n)
      set(
        .whole, months.reduce(0) { $0 + $1.missing.count { !$0.isEmpty } },
        period.whole.shown.map { $0.n - $0.k })
      for (place, agency) in period.agencies.enumerated() {
        set(
          .agency(place), months.reduce(0) { $0 + $1.missing.count { $0.contains(place) } },
          agency.cell.shown.map { $0.n - $0.k })
      }
    }
  }

  private var columns: [Column] { [.n, .whole, .agency(0), .agency(1), .agency(2)] }

  /// Whether a year that shows the same has another number there.
  func hasAnother(at cell: Cell) -> Bool {
    for step in [1, -1, 2, -2, 3, -3] {
      var other = self
      other.values[cell, default: 0] += step
      if other.repair(besides: [cell], depth: 7) { return true }
    }
    return false
  }

  /// Changes hidden numbers until the table is one that could be.
  private func repair(besides fixed: Set<Cell>, depth: Int) -> Bool {
    guard let fault else { return true }
    guard depth > 0 else { return false }
    for cell in fault.cells where hidden.contains(cell) && !fixed.contains(cell) {
      var other = self
      other.values[cell, default: 0] += fault.sign(cell)
      if other.repair(besides: fault.keeps ? fixed.union([cell]) : fixed, depth: depth - 1) { return true }
    }
    return false
  }

  private struct Fault {
    let cells: [Cell]
    let sign: (Cell) -> Int
    let keeps: Bool
  }

  /// The first rule that is broken, and what could mend it.
  private var fault: Fault? {
    func value(_ row: Int, _ column: Column) -> Int { values[Cell(row: row, column: column)] ?? 0 }
    for column in columns where values[Cell(row: rows, column: column)] != nil {
      let sum = (0..<rows).reduce(0) { $0 + value($1, column) }
      let gap = value(rows, column) - sum
      guard gap != 0 else { continue }
      let total = Cell(row: rows, column: column)
      return Fault(
        cells: (0...rows).map { Cell(row: $0, column: column) }, sign: { $0 == total ? -gap : gap }, keeps: true)
    }
    for row in 0...rows {
      let agencies = (0..<3).filter { values[Cell(row: row, column: .agency($0))] != nil }
      let (n, whole) = (value(row, .n), value(row, .whole))
      for column in columns where value(row, column) < 0 {
        return Fault(cells: [Cell(row: row, column: column)], sign: { _ in 1 }, keeps: false)
      }
      if whole > n { return Fault(cells: [Cell(row: row, column: .whole)], sign: { _ in -1 }, keeps: false) }
      guard !agencies.isEmpty else { continue }
      for agency in agencies where value(row, .agency(agency)) > whole {
        let (most, all) = (Cell(row: row, column: .agency(agency)), Cell(row: row, column: .whole))
        return Fault(cells: [all, most], sign: { $0 == all ? 1 : -1 }, keeps: false)
      }
      if agencies.reduce(0, { $0 + value(row, .agency($1)) }) < whole {
        let all = Cell(row: row, column: .whole)
        return Fault(
          cells: [all] + agencies.map { Cell(row: row, column: .agency($0)) }, sign: { $0 == all ? -1 : 1 },
          keeps: false)
      }
    }
    return nil
  }
}
