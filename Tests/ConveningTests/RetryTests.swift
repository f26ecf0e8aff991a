// The retry ladder of CONTRACT.md 1 as a table, and what must hold of every slot whatever the id.
import Testing

@testable import Convening

@Suite struct RetryTests {
  private static let start = Example.now
  private let id = ReminderID("msg_01M841YWAWN6CNCHVPJ07F3MHC")!

  private func next(
    _ verdict: Verdict = .retry, of id: ReminderID? = nil, attempts: Int = 1, misconfigured: Int = 0,
    endedAfter: Elapsed = .zero, retryAfter: Elapsed? = nil, stopAfter: Elapsed = .days(2),
    margin: Elapsed = .minutes(10)
  ) -> Elapsed? {
    Retry.next(
      after: verdict, of: id ?? self.id, attempts: attempts, misconfigured: misconfigured,
      endedAt: Self.start + endedAfter, retryAfter: retryAfter.map { Self.start + $0 }, firstAt: Self.start,
      stopAfter: Self.start + stopAfter, margin: margin
    ).map { $0 - Self.start }
  }

  @Test(arguments: zip(1...12, [5, 30, 120, 300, 900, 1800, 3600, 7200, 14_400, 14_400, 14_400, 14_400]))
  func gapsAreTheLaddersWithUpToAFifthMore(attempt: Int, seconds: Int64) throws {
    var lots = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let id = ReminderID(at: Self.start, using: &lots)
      let gap = try #require(next(of: id, attempts: attempt))
      #expect(gap >= .seconds(seconds) && gap <= .milliseconds(seconds * 1200))
      #expect(gap == next(of: id, attempts: attempt), "the same id and attempt give the same jitter")
    }
  }

  @Test(arguments: zip(1...5, [300, 3600, 14_400, 14_400, 14_400]))
  func whatIsMisconfiguredIsTriedSlowly(count: Int, seconds: Int64) throws {
    let gap = try #require(next(.misconfigured, attempts: 7, misconfigured: count))
    #expect(gap >= .seconds(seconds) && gap <= .milliseconds(seconds * 1200))
  }

  @Test func jitterSpreads() {
    var lots = SystemRandomNumberGenerator()
    let gaps = Set((0..<500).compactMap { _ in next(of: ReminderID(at: Self.start, using: &lots), attempts: 9) })
    #expect(gaps.count > 400)
  }

  @Test func acceptedAndGoneAreNotTriedAgain() {
    #expect(next(.accepted) == nil)
    #expect(next(.gone) == nil)
  }

  @Test(arguments: [
    // Retry-After from the start, what comes of it
    (Elapsed.minutes(20), Elapsed.minutes(20)), (.hours(1), .hours(1)), (.hours(9), .hours(1)),
  ]) func retryAfterIsBelievedUpToAnHour(retryAfter: Elapsed, expected: Elapsed) {
    #expect(next(retryAfter: retryAfter) == expected)
  }

  @Test func aShortRetryAfterChangesNothing() { #expect(next(retryAfter: .seconds(1)) == next()) }

  @Test(
    arguments: [
      // attempts, ended, Retry-After, stop_after, margin, the slot in seconds; nil: none
      (9, Elapsed.zero, nil, Elapsed.hours(3), Elapsed.minutes(10), 10_200),
      (9, .zero, nil, .minutes(50), .minutes(10), 2700),  // a tenth of the time there is
      (9, .hours(2), nil, .hours(3), .minutes(10), 10_200),
      (9, .minutes(170), nil, .hours(3), .minutes(10), nil),  // the last one ended at its moment
      (9, .minutes(175), nil, .hours(3), .minutes(10), nil),
      (9, .minutes(171), .minutes(175), .hours(3), .minutes(10), nil),  // once is once
      (1, .minutes(165), .minutes(175), .hours(3), .minutes(10), 10_500),  // never before Retry-After
      (1, .minutes(165), .minutes(180), .hours(3), .minutes(10), nil),
      (1, .hours(4), nil, .hours(3), .minutes(10), nil),
    ] as [(Int, Elapsed, Elapsed?, Elapsed, Elapsed, Int64?)])
  func theLastAttemptIsPlacedAtTheMarginOnce(
    attempts: Int, ended: Elapsed, retryAfter: Elapsed?, stopAfter: Elapsed, margin: Elapsed, expected: Int64?
  ) {
    let slot = next(
      attempts: attempts, endedAfter: ended, retryAfter: retryAfter, stopAfter: stopAfter, margin: margin)
    #expect(slot == expected.map { .seconds($0) })
  }
}

extension Elapsed {
  fileprivate static func milliseconds(_ n: Int64) -> Elapsed { Elapsed(milliseconds: n) }
}
