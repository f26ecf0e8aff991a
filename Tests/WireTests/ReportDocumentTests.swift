// The report's document is a contract: the shape of CONTRACT.md 3, member by member, with its definitions in it.
import Convening
import Testing

@testable import Wire

@Suite struct ReportDocumentTests {
  private static let ref = PolicyRef(id: "leeds-2026-04", edition: 1)

  private static var policies: Policies {
    var policies = Policies()
    policies.adopt(
      Policy(
        id: "leeds-2026-04", from: CivilDate("2026-04-01")!, required: ["police", "health"],
        counting: [.video, .inPerson], decisionRecorded: .minutes(15), closeAfter: .workingDays(20),
        reasonWithoutAll: true,
        standard: Ladder(acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1), steps: [])),
      as: ref)
    return policies
  }

  /// Decided on 5 October, recorded after nine minutes; Health took part in as many as `whole`, of `n`.
  private static func document(n: Int, whole: Int) -> JSON {
    let at = Instant("2026-10-05T10:00:00Z")!
    let rows = (0..<n).map { index in
      let id = DiscussionID(bits: UInt64(index))
      return Rows(
        discussion: DiscussionRow(
          id: id, phase: .decided, urgency: .standard, form: .video, team: "team", policy: ref, meetingAt: at,
          durationMinutes: 60, needIdentifiedAt: nil, convenedAt: at, heldAt: at, decidedAt: at,
          decisionRecorded: at + .minutes(9), outcome: .nfa, quorate: index < whole),
        positions: (["police", "health"] as [AgencyID]).map { agency in
          PositionRow(
            discussion: id, agency: agency, required: true, invited: true, askedAt: at, acknowledgedAt: nil,
            contribution: nil, contributedAt: nil, counts: agency == "police" || index < whole, declined: nil)
        })
    }
    let report = Report(
      rows, from: Instant("2026-09-30T23:00:00Z")!, to: Instant("2026-12-01T00:00:00Z")!,
      zone: CivilZone(name: "Europe/London")!, policies: policies)
    return ReportDocument.document(report, policies: policies)
  }

  @Test func theDocumentHasTheContractsShape() {
    let document = Self.document(n: 214, whole: 152)
    #expect(
      document.members?.map(\.name) == [
        "schema", "from", "to", "by", "policy", "months", "total", "definitions", "policies",
      ])
    #expect(document["schema"] == "convened.report/1" && document["by"] == "month")
    #expect(document["from"] == "2026-09-30T23:00:00Z" && document["to"] == "2026-12-01T00:00:00Z")
    #expect(document["policy"] == ["leeds-2026-04"])
    let month = document["months"]?.array?.first
    #expect(month?.members?.map(\.name) == ["month", "n", "three_partner", "agencies", "decision_latency"])
    #expect(month?["month"] == "2026-10" && month?["n"] == 214)
    #expect(
      month?["three_partner"] == ["k": 152, "share": .double(0.7103), "low": .double(0.6462), "high": .double(0.7669)])
    #expect(
      month?["decision_latency"] == ["n": 214, "median_s": 540, "p90_s": 540, "within_policy": .double(1)])
    let health = month?["agencies"]?.array?.first
    #expect(health?["agency"] == "health" && health?["k"] == 152 && health?["invited"] == 214)
    #expect(health?["contributed_when_invited"] == .double(0.7103))
  }

  @Test func aMonthWithoutADiscussionHasNoShare() {
    let november = Self.document(n: 3, whole: 3)["months"]?.array?.last
    #expect(november?["month"] == "2026-11" && november?["n"] == 0 && november?["agencies"] == [])
    #expect(november?["three_partner"] == ["k": 0, "share": nil, "low": nil, "high": nil])
    #expect(november?["decision_latency"] == ["n": 0, "median_s": nil, "p90_s": nil, "within_policy": nil])
  }

  @Test func theTotalIsAPeriodWithoutAMonth() {
    let total = Self.document(n: 10, whole: 0)["total"]
    #expect(total?.members?.map(\.name) == ["n", "three_partner", "agencies", "decision_latency"])
    #expect(total?["n"] == 10 && total?["three_partner"]?["share"] == .double(0))
  }

  @Test func aFigureNeverTravelsWithoutItsDefinitionAndPolicy() {
    let document = Self.document(n: 1, whole: 1)
    #expect(document["definitions"]?.members?.map(\.name) == ReportDocument.definitions.map(\.name))
    #expect(document["definitions"]?["decision_latency"]?.string?.contains("nearest rank") ?? false)
    #expect(
      document["policies"] == [
        [
          "policy": "leeds-2026-04", "from": "2026-04-01", "required": ["police", "health"],
          "counting": ["in_person", "video"], "decision_recorded_s": 900,
        ]
      ])
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let document = Self.document(n: 214, whole: 152)
    #expect(try JSON(parsing: document.text) == document)
  }
}
