// M6 by hand: what is judged, what was in time, who looked at the rest, month by month.
import Testing

@testable import Convening

@Suite struct ContactReportTests {
  private static let zone = CivilZone(name: "Europe/London")!

  /// Received then, due a day later; outcome and review so many hours after the receipt.
  private func row(_ received: String, outcome: Int64? = nil, reviewed: Int64? = nil) -> ContactRow {
    let at = Instant(received)!
    return ContactRow(
      id: ContactID(bits: UInt64(at.milliseconds / 1000)), team: "duty", receivedAt: at, recordedAt: at,
      reviewDue: at + .hours(24), provisional: false, outcome: outcome.map { _ in .nfa },
      outcomeAt: outcome.map { at + .hours($0) }, reviewedAt: reviewed.map { at + .hours($0) })
  }

  private func report(
    _ rows: [ContactRow], _ from: String = "2026-10-01T00:00:00+01:00", _ to: String = "2026-11-01T00:00:00Z",
    now: String = "2026-10-20T12:00:00Z"
  ) -> ContactReport {
    ContactReport(rows, from: Instant(from)!, to: Instant(to)!, now: Instant(now)!, zone: Self.zone)
  }

  @Test func aMonthByHand() {
    let figures = report([
      row("2026-10-05T10:00:00Z", outcome: 2), row("2026-10-05T11:00:00Z", outcome: 24),
      // Too late by an hour, whoever looked at it meanwhile or not.
      row("2026-10-06T10:00:00Z", outcome: 25), row("2026-10-06T11:00:00Z", outcome: 25, reviewed: 23),
      row("2026-10-07T10:00:00Z", reviewed: 30), row("2026-10-08T10:00:00Z"), row("2026-10-09T10:00:00Z"),
      // Not yet judged, settled or not.
      row("2026-10-19T13:00:00Z"), row("2026-10-19T14:00:00Z", outcome: 1),
    ]).total.figures
    #expect((figures.n, figures.judged, figures.inTime, figures.past) == (9, 7, 2, 5))
    #expect(figures.reviewed == 2 && figures.waiting == 2)
    #expect(figures.oldest == Instant("2026-10-08T10:00:00Z"))
  }

  @Test func monthsAreTheAuthoritysOwnAndTwelveEndWithEach() {
    let rows =
      (9...12).map { row("2025-\($0 < 10 ? "0" : "")\($0)-15T12:00:00Z", outcome: 1) }
      + [
        row("2026-08-31T22:59:59Z", outcome: 1), row("2026-08-31T23:00:00Z", outcome: 30),
        row("2026-10-31T23:59:59Z", outcome: 1),
      ]
    let report = report(rows, "2026-07-31T23:00:00Z", "2026-11-01T00:00:00Z", now: "2027-01-01T00:00:00Z")
    #expect(report.months.map(\.month) == ["2026-08", "2026-09", "2026-10"])
    #expect(report.months.map(\.figures.judged) == [1, 1, 1])
    #expect(report.months.map(\.figures.inTime) == [1, 0, 1])
    #expect(report.months.map(\.previous?.judged) == [0, 1, 1])
    #expect(report.months.map(\.rolling?.judged) == [5, 5, 5])
    #expect(report.months.map(\.previousRolling?.judged) == [4, 5, 5])
    #expect(report.total.figures.judged == 3 && report.total.previous?.judged == 0)
  }

  @Test func whatBeginsWithinAMonthCountsFromThereAndItsTwelveMonthsWhole() {
    let rows = [row("2026-10-02T12:00:00Z"), row("2026-10-12T12:00:00Z")]
    let report = report(rows, "2026-10-10T00:00:00Z", now: "2026-12-01T00:00:00Z")
    #expect(report.total.figures.judged == 1 && report.months[0].rolling?.judged == 2)
    #expect(report.total.previous == nil)
    #expect(self.report([], "2026-10-10T00:00:00Z", "2026-10-10T00:00:00Z").months.isEmpty)
  }

  @Test(
    arguments: [
      // Judged and in time, month by month, and what is shown of them: the total last.
      ([(20, 14), (20, 10)], ["14/20", "10/20", "24/40"]), ([(20, 18), (20, 10)], ["c", "c", "28/40"]),
      ([(20, 18)], ["c", "c"]), ([(3, 1), (40, 20)], ["c", "c", "21/43"]),
      ([(0, 0), (20, 10)], ["0/0", "10/20", "10/20"]),
    ] as [([(Int, Int)], [String])])
  func smallNumbersAreSuppressedWithTheirComplements(months: [(Int, Int)], shown: [String]) {
    var rows: [ContactRow] = []
    for (index, month) in months.enumerated() {
      for number in 0..<month.0 {
        rows.append(
          row("2026-\(10 + index)-05T10:\(number < 10 ? "0" : "")\(number):00Z", outcome: number < month.1 ? 1 : 40))
      }
    }
    let end = months.count == 1 ? "2026-11-01T00:00:00Z" : "2026-12-01T00:00:00Z"
    let published = report(rows, "2026-10-01T00:00:00+01:00", end, now: "2027-02-01T00:00:00Z").published
    #expect(published.map { $0.inTime.map { "\($0.k)/\($0.n)" } ?? "c" } == shown)
  }
}
