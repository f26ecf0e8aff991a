// A share with its interval, and times with their middle and ninth tenth: the two ways in which the report tells a figure.
// Neither is ever made from others of its kind: what several months come to is counted from what each has counted.

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

/// Times in whole seconds, kept as they were taken, so that the middle of twelve months is the middle of their values.
public struct Durations: Hashable, Sendable {
  /// Each in order once sealed: one for each month.
  private var runs: [[Int64]] = []
  private var fresh: [Int64] = []

  public init() {}

  public var n: Int { runs.reduce(fresh.count) { $0 + $1.count } }
  /// In seconds, by nearest rank (DOMAIN.md 5.3); nil where there are none. So is `p90`.
  public var median: Int64? { rank(50) }
  public var p90: Int64? { rank(90) }

  mutating func add(_ time: Elapsed) { fresh.append(max(time, .zero).wholeSeconds) }

  /// Nothing more is added; others may be joined to it.
  mutating func seal() {
    guard !fresh.isEmpty else { return }
    fresh.sort()
    runs.append(fresh)
    fresh = []
  }

  mutating func join(_ other: Durations) { runs += other.runs }

  /// By nearest rank: of the n values in order, the one at place ceil(percent * n / 100), counted from 1; nil where n is 0.
  ///
  /// The least value that so many do not exceed, looked for between the smallest and the largest: the runs stay apart.
  func rank(_ percent: Int) -> Int64? {
    guard var low = runs.compactMap(\.first).min(), var high = runs.compactMap(\.last).max() else { return nil }
    let place = (percent * n + 99) / 100
    while low < high {
      let middle = low + (high - low) / 2
      if runs.reduce(0, { $0 + Durations.count(of: $1, upTo: middle) }) >= place {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  private static func count(of run: [Int64], upTo value: Int64) -> Int {
    var (low, high) = (0, run.count)
    while low < high {
      let middle = (low + high) / 2
      if run[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
