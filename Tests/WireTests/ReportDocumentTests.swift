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

  /// Decided on 5 October, recorded after nine minutes; Health took part in as many as `whole`, of `n`. An enquiry began.
  private static func document(n: Int, whole: Int, for reader: ReportDocument.Reader = .control) -> JSON {
    let at = Instant("2026-10-05T10:00:00Z")!
    let rows = (0..<n).map { index in
      var row = Decided(
        policy: ref, urgency: .standard, convenedAt: at - .days(2), decidedAt: at, recordedAt: at + .minutes(9))
      (row.conferenceFrom, row.conferenceBy) = (at, at + .days(365))
      row.agencies = (["police", "health"] as [AgencyID]).map { agency in
        var one = Decided.Agency(agency)
        (one.required, one.asked) = (true, true)
        one.part = agency == "police" || index < whole ? .counted : .absent
        return one
      }
      return row
    }
    let report = Report(
      rows, from: Instant("2026-09-30T23:00:00Z")!, to: Instant("2026-12-01T00:00:00Z")!,
      now: Instant("2026-12-01T00:00:00Z")!,
      calendar: WorkingCalendar(zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: [])),
      policies: policies)
    let points = ReportPoints(goal: 0.9, baselines: [.init(label: "July 2021", value: 0.45)])
    return ReportDocument.document(report, policies: policies, points: points, for: reader)
  }

  @Test func theDocumentHasTheContractsShape() {
    let document = Self.document(n: 214, whole: 152)
    #expect(
      document.members?.map(\.name) == [
        "schema", "from", "to", "by", "as_of", "suppressed", "policy", "months", "total", "points", "definitions",
        "policies",
      ])
    #expect(document["schema"] == "convened.report/1" && document["by"] == "month")
    #expect(document["from"] == "2026-09-30T23:00:00Z" && document["to"] == "2026-12-01T00:00:00Z")
    #expect(document["policy"] == ["leeds-2026-04"])
    let month = document["months"]?.array?.first
    #expect(month?["month"] == "2026-10" && month?["n"] == 214)
    #expect(
      month?["three_partner"] == [
        "k": 152, "share": .double(0.7103), "low": .double(0.6462), "high": .double(0.7669), "previous": nil,
        "previous_n": 0, "previous_low": nil, "previous_high": nil,
      ])
    let latency = month?["decision_latency"]
    #expect(latency?["n"] == 214 && latency?["median_s"] == 540 && latency?["p90_s"] == 540)
    #expect(latency?["within_policy"] == .double(1))
    let health = month?["agencies"]?.array?.first
    #expect(health?["agency"] == "health" && health?["k"] == 152 && health?["invited"] == 214)
    #expect(health?["contributed_when_invited"] == .double(0.7103))
    #expect(month?["rolling_twelve"]?["three_partner"]?["k"] == 152)
    #expect(month?["policy"] == ["leeds-2026-04"] && month?["fixed_partners"] == .null)
    let last = document["months"]?.array?.last?["three_partner"]
    #expect(last?["previous"] == .double(0.7103) && last?["previous_n"] == 214)
    #expect(last?["previous_low"] == .double(0.6462) && last?["previous_high"] == .double(0.7669))
  }

  @Test func aMonthWithoutADiscussionHasNoShare() {
    let november = Self.document(n: 3, whole: 3)["months"]?.array?.last
    #expect(november?["month"] == "2026-11" && november?["n"] == 0)
    #expect(november?["three_partner"]?["k"] == 0 && november?["three_partner"]?["share"] == .null)
    #expect(november?["decision_latency"]?["n"] == 0 && november?["decision_latency"]?["median_s"] == .null)
  }

  @Test func theTotalIsAPeriodWithoutAMonth() {
    let total = Self.document(n: 10, whole: 0)["total"]
    #expect(total?["month"] == nil && total?["rolling_twelve"] == nil)
    #expect(total?["n"] == 10 && total?["three_partner"]?["share"] == .double(0))
    #expect(total?["conferences_due"] == [["due": "2027-10-05", "n": 10]])
  }

  /// One discussion in a month, and its outcome would be told.
  @Test func whatTellsOfOutcomesStandsOnTheControlSocketAlone() {
    let (status, control) = (Self.document(n: 1, whole: 1, for: .status), Self.document(n: 1, whole: 1))
    for word in ["conference", "dissent", "s47", "section 47", "disagree"] {
      #expect(control.text.contains(word) || word == "s47")
      #expect(!status.text.contains(word), "\(word)")
    }
    #expect(status["total"]?["n"] == 1)
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

  @Test func goalAndBaselinesArePointsWithLabels() {
    #expect(
      Self.document(n: 1, whole: 1)["points"] == [
        "goal": .double(0.9), "baselines": [["label": "July 2021", "value": .double(0.45)]],
      ])
  }

  @Test func everybodyReadsCountsAloneAndSmallOnesAreSuppressed() {
    let document = Self.document(n: 40, whole: 38, for: .everybody)
    #expect(document["suppressed"] == true)
    let month = document["months"]?.array?.first
    #expect(month?.members?.map(\.name) == ["month", "n", "three_partner", "agencies"])
    #expect(month?["n"] == 40)
    #expect(month?["three_partner"] == ["k": "c", "share": "c", "low": "c", "high": "c"])
    #expect(document["total"]?["three_partner"]?["k"] == "c")
    #expect(month?["agencies"]?.array?.last?["k"] == 40)
  }

  @Test(arguments: [.status, .control, .everybody] as [ReportDocument.Reader])
  func everyMemberHasASchema(reader: ReportDocument.Reader) {
    for (n, whole) in [(0, 0), (40, 38), (214, 152)] {
      expectItsSchema(Self.document(n: n, whole: whole, for: reader), .report)
    }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let document = Self.document(n: 214, whole: 152)
    #expect(try JSON(parsing: document.text) == document)
  }

  // MARK: - Kept

  /// A report that was kept is shown to each as one that is counted now would be.
  @Test(arguments: [(214, 152), (40, 38), (3, 1), (12, 6)])
  func whatWasKeptIsShownToEachReaderAsItWouldHaveBeen(n: Int, whole: Int) throws {
    let kept = Self.document(n: n, whole: whole).text
    let snapshot = ReportSnapshot(
      name: "q1", version: 2, from: Instant("2026-10-01T00:00:00Z")!, to: Instant("2026-11-01T00:00:00Z")!,
      reason: "late entries", keptAt: Instant("2026-12-02T00:00:00Z")!, digest: "ab")
    for reader in [ReportDocument.Reader.control, .status, .everybody] {
      let shown = try SnapshotDocument.json(snapshot, document: kept, for: reader)
      let expected = Self.document(n: n, whole: whole, for: reader)
      #expect(shown["report"]?.text == expected.text, "\(reader)")
      #expect(shown["version"] == 2 && shown["sha256"] == "ab" && (shown["reason"] != nil) == (reader == .control))
    }
    #expect(throws: JSONFault.self) { try SnapshotDocument.json(snapshot, document: "{", for: .control) }
  }

  @Test func openBreachesStandOnBothSocketsAndInNoPublishedReport() {
    let now = Instant("2026-12-01T00:00:00Z")!
    let calendar = WorkingCalendar(zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: []))
    let report = Report([], from: now - .days(30), to: now, now: now, calendar: calendar, policies: Self.policies)
    let open = OpenBreaches([], at: now, calendar, Self.policies)
    for reader in [ReportDocument.Reader.control, .status] {
      let document = ReportDocument.document(
        report, policies: Self.policies, points: ReportPoints(), open: open, for: reader)
      #expect(
        document["open_breaches"] == ["n": 0, "waiting": 0, "urgent": 0, "standard": 0, "oldest_due": nil])
      #expect(document["definitions"]?["open_breaches"] != nil)
    }
    let published = ReportDocument.document(
      report, policies: Self.policies, points: ReportPoints(), for: .everybody)
    #expect(!published.text.contains("open_breaches"))
  }
}
