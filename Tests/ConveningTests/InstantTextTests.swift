// RFC 3339 as it is written on every line, and as people and machines send it.
import Testing

@testable import Convening

@Suite struct InstantTextTests {
  @Test(arguments: [
    ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"), ("2026-11-24t10:00:00z", "2026-11-24T10:00:00Z"),
    ("2026-11-24 10:00:00Z", "2026-11-24T10:00:00Z"), ("2026-11-24T10:00:00+01:00", "2026-11-24T09:00:00Z"),
    ("2026-11-24T00:30:00+01:00", "2026-11-23T23:30:00Z"), ("2026-11-24T10:00:00-05:30", "2026-11-24T15:30:00Z"),
    ("2026-11-24T10:00:00-00:00", "2026-11-24T10:00:00Z"), ("2026-11-24T10:00:00.5Z", "2026-11-24T10:00:00.500Z"),
    ("2026-11-24T10:00:00.05Z", "2026-11-24T10:00:00.050Z"), ("2026-11-24T10:00:00.1239Z", "2026-11-24T10:00:00.123Z"),
    ("2026-11-24T10:00:00.000Z", "2026-11-24T10:00:00Z"), ("2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z"),
    ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"), ("2999-12-31T23:59:59.999Z", "2999-12-31T23:59:59.999Z"),
  ]) func isRead(text: String, written: String) { #expect(Instant(text)?.description == written) }

  @Test(arguments: [
    "", "2026-11-24", "2026-11-24T10:00Z", "2026-11-24T10:00:00", "2026-11-24T24:00:00Z", "2026-11-24T10:60:00Z",
    "2026-06-30T23:59:60Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-11-31T00:00:00Z", "2026-11-24T10:00:00.Z", "2026-11-24T10:00:00+1:00", "2026-11-24T10:00:00+24:00",
    "2026-11-24T10:00:00+0100", "2026-11-24T10:00:00ZZ", " 2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z ",
    "1969-12-31T23:59:59Z", "3000-01-01T00:00:00Z", "٢٠٢٦-11-24T10:00:00Z", "+026-11-24T10:00:00Z",
    // An offset that leads out of the years that can be read again: such a line would keep a journal from opening.
    "1970-01-01T00:59:59+01:00", "2999-12-31T23:00:00-01:00",
  ]) func isRefused(text: String) { #expect(Instant(text) == nil) }

  @Test func everyMomentGoesThereAndBack() {
    var lots = SystemRandomNumberGenerator()
    for _ in 0..<5000 {
      let moment = Instant(milliseconds: Int64.random(in: 0..<32_503_680_000_000, using: &lots))
      #expect(Instant(moment.description) == moment)
      let whole = Instant(milliseconds: moment.milliseconds / 1000 * 1000)
      #expect(Instant(whole.description) == whole)
      #expect(whole.description.utf8.count == 20)
    }
  }

  @Test func daysGoThereAndBack() {
    for days in stride(from: Int64(-200_000), to: 300_000, by: 7) {
      let date = CivilDate(daysSince1970: days)
      #expect(date.daysSince1970 == days)
      #expect(CivilDate(date.description) == date)
    }
    #expect(CivilDate("2026-11-24")?.weekday == .tuesday)
    #expect(CivilDate("2026-2-1") == nil)
  }
}
