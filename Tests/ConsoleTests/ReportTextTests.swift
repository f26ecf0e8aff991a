// A report as a spreadsheet reads it, and the months that it covers where nobody says.
import Console
import Convening
import Testing
import Wire

struct ReportCSVTests {
  @Test func aLineForEachMonthAndOneForTheTotal() throws {
    let head =
      "month,n,three_partner_k,three_partner_share,three_partner_low,three_partner_high,health_k,health_share,"
      + "health_invited,health_contributed_when_invited,latency_n,latency_median_s,latency_p90_s,"
      + "latency_within_policy,policy\r\n"
    #expect(
      ReportCSV.text(try Documents.json(Documents.report)) == head
        + "2026-10,214,152,0.7103,0.6462,0.7669,160,0.7477,214,0.7477,214,540,2100,0.81,\r\n"
        + "2026-11,0,0,,,,0,,0,,0,,,,\r\n"
        + "total,214,152,0.7103,0.6462,0.7669,160,0.7477,214,0.7477,214,540,2100,0.81,leeds-2026-04\r\n")
  }

  @Test func textsAreQuotedAndNeverFormulas() throws {
    let text = ReportCSV.text([
      "months": [["month": "2026-10", "n": 1, "policy": ["=A1", "b,\"c\""]]]
    ])
    #expect(text.hasSuffix(",\"'=A1 b,\"\"c\"\"\"\r\n"))
  }
}

struct SuppressedReportTests {
  private static let document: JSON = [
    "from": "2026-10-01", "to": "2026-11-01", "suppressed": true,
    "months": [
      [
        "month": "2026-10", "n": 40, "three_partner": ["k": "c", "share": "c", "low": "c", "high": "c"],
        "agencies": [["agency": "health", "k": "c", "share": "c", "low": "c", "high": "c"]],
      ]
    ],
  ]

  @Test func whatIsSuppressedShowsAsALetter() {
    let lines = ReportText(Self.document, page: Documents.page).lines
    #expect(lines.contains { $0.hasPrefix("Oct 2026       40              c      c") })
    #expect(lines.joined(separator: " ").contains("c stands for a number from 1 to 5"))
    #expect(ReportCSV.text(Self.document).hasSuffix("2026-10,40,c,c,c,c,c,c,c,c,\r\n"))
  }
}

struct SpanTests {
  @Test(arguments: [
    (nil, nil, "2026-05-01 2027-05-01"), ("2026-10", "2026-11", "2026-10-01 2026-11-01"),
    ("2026-10-05", nil, "2026-10-05 2027-05-01"), (nil, "2026-11-01", "2025-11-01 2026-11-01"),
  ])
  func whatIsLeftOutIsTheLastTwelveMonths(from: String?, to: String?, span: String) {
    let found = Span(from: from, to: to, clock: Documents.page.clock)
    #expect("\(found.from) \(found.to)" == span)
  }
}
