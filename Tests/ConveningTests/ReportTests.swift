// The report's figures against values worked out by hand, and Wilson's interval against DOMAIN.md's; what is counted once for
// every day against the calendar that counts each time anew.
import Testing

@testable import Convening

@Suite struct ReportTests {
  @Test(arguments: [
    (152, 214, 0.7103, 0.6462, 0.7669), (45, 100, 0.45, 0.3561, 0.5476), (71, 100, 0.71, 0.6146, 0.7899),
    (18, 40, 0.45, 0.3071, 0.6017), (28, 40, 0.7, 0.5457, 0.8193), (0, 10, 0, 0, 0.2775), (10, 10, 1, 0.7225, 1),
  ])
  func sharesHaveTheirInterval(k: Int, n: Int, share: Double, low: Double, high: Double) throws {
    let value = Share(k, of: n)
    let interval = try #require(value.interval)
    #expect(abs(try #require(value.value) - share) < 0.00006)
    #expect(abs(interval.low - low) < 0.00006)
    #expect(abs(interval.high - high) < 0.00006)
  }

  @Test func nothingHasNoShare() {
    #expect(Share(0, of: 0).value == nil)
    #expect(Share(0, of: 0).interval == nil)
  }

  private static let ref = PolicyRef(id: "leeds", edition: 1)
  private static let zone = CivilZone(name: "Europe/London")!
  private static let calendar = WorkingCalendar(
    zone: zone, holidays: BankHolidays(days: [CivilDate("2026-12-25")!, CivilDate("2026-12-28")!]),
    working: OpenHours(
      days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .hours(9), until: .hours(17),
      openOnBankHolidays: false))

  private static var policies: Policies {
    var policies = Policies()
    let ladder = Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1),
      steps: [Step(name: "invite", when: .once, to: [.contact])], fairNotice: .workingHours(.hours(4)))
    let policy = Policy(
      id: "leeds", from: CivilDate("2026-04-01")!, required: ["csc", "police", "health"], counting: [.video],
      decisionRecorded: .minutes(15), closeAfter: .workingDays(20), reasonWithoutAll: true, standard: ladder)
    policies.adopt(policy, as: ref)
    return policies
  }

  /// Decided then, recorded so many minutes later; `took` took part, `asked` were asked, all three are required.
  private func row(
    _ decided: String, after minutes: Int64 = 0, took: [AgencyID] = ["csc", "police", "health"],
    asked: [AgencyID] = ["csc", "police", "health"], _ change: (inout Decided) -> Void = { _ in }
  ) -> Decided {
    let at = Instant(decided)!
    var row = Decided(
      policy: Self.ref, urgency: .standard, convenedAt: at - .days(3), decidedAt: at, recordedAt: at + .minutes(minutes)
    )
    row.agencies = (["csc", "police", "health"] as [AgencyID]).map { agency in
      var one = Decided.Agency(agency)
      (one.required, one.asked) = (true, asked.contains(agency))
      one.part = took.contains(agency) ? .counted : .absent
      return one
    }
    change(&row)
    return row
  }

  private func report(
    _ rows: [Decided], _ from: String = "2026-10-01T00:00:00+01:00", _ to: String = "2026-11-01T00:00:00Z",
    now: String = "2027-06-01T00:00:00Z"
  ) -> Report {
    Report(
      rows, from: Instant(from)!, to: Instant(to)!, now: Instant(now)!, calendar: Self.calendar,
      policies: Self.policies)
  }

  @Test func aMonthByHand() throws {
    let report = report([
      row("2026-10-05T10:00:00Z", after: 5), row("2026-10-06T10:00:00Z", after: 10, took: ["csc", "police"]),
      row("2026-10-07T10:00:00Z", after: 20, took: ["csc", "police"], asked: ["csc", "police"]),
      row("2026-10-08T10:00:00Z", after: 60),
    ])
    let total = report.total.figures
    #expect(total.all.n == 4 && total.all.whole == 2)
    #expect(report.agencies == ["csc", "health", "police"] && !report.knowsPartners)
    let health = total.all.agencies[1]
    #expect(health.required == 4 && health.counted == 2 && health.asked == 3 && health.countedWhenAsked == 2)
    #expect(total.latency.median == 600 && total.latency.p90 == 3600 && total.recordedInTime == 2)
    #expect(report.policies == [Self.ref])
  }

  /// Midnight in London is 23:00 UTC while summer time lasts.
  @Test func monthsAreTheAuthoritysOwn() {
    let report = report(
      [
        row("2026-08-31T22:59:59Z"), row("2026-08-31T23:00:00Z"), row("2026-10-31T23:59:59Z"),
        row("2026-11-01T00:00:00Z"),
      ], "2026-07-31T23:00:00Z", "2026-12-01T00:00:00Z")
    #expect(report.months.map(\.month) == ["2026-08", "2026-09", "2026-10", "2026-11"])
    #expect(report.months.map(\.figures.all.n) == [1, 1, 1, 1])
  }

  @Test func anEmptyMonthIsShownWithoutAShare() {
    let report = report([], "2026-10-01T00:00:00+01:00", "2026-12-01T00:00:00Z")
    #expect(report.months.map(\.figures.all.n) == [0, 0])
    #expect(report.total.figures.latency.median == nil && report.total.figures.latency.p90 == nil)
  }

  /// One in each month from October 2025 to November 2026, two in October 2026.
  @Test func twelveMonthsEndWithEachAndGoBackBeforeTheReport() {
    let months = (10...12).map { "2025-\($0)" } + (1...11).map { "2026-\($0 < 10 ? "0" : "")\($0)" }
    let rows = (months + ["2026-10"]).map { row("\($0)-15T12:00:00Z") }
    let report = report(rows, "2026-10-01T00:00:00+01:00", "2026-12-01T00:00:00Z")
    #expect(report.months.map(\.figures.all.n) == [2, 1])
    #expect(report.months.map(\.previous?.all.n) == [1, 2])
    #expect(report.months.map(\.rolling?.all.n) == [13, 13])
    #expect(report.months.map(\.previousRolling?.all.n) == [12, 13])
    #expect(report.total.previous?.all.n == 2 && report.total.rolling == nil)
    #expect(
      Report.reading(from: report.from, to: report.to, Self.zone) == Instant("2025-10-01T00:00:00+01:00")!)
  }

  @Test func aReportThatBeginsWithinAMonthCountsFromThereAndItsTwelveMonthsWhole() {
    let report = report(
      [row("2026-10-02T12:00:00Z"), row("2026-10-20T12:00:00Z")], "2026-10-10T00:00:00+01:00", "2026-11-01T00:00:00Z")
    #expect(report.months.map(\.figures.all.n) == [1] && report.months[0].rolling?.all.n == 2)
    #expect(report.total.figures.all.n == 1 && report.total.previous == nil)
  }

  @Test func thePartnersAreTheSameWhateverThePolicyRequires() {
    let rows = ["health", "education"].map { agency in
      row("2026-10-05T10:00:00Z") { row in
        row.agencies = Report.partners.map { partner in
          var one = Decided.Agency(partner)
          (one.required, one.part) = (partner != "health", agency == "health" || partner != "health" ? .counted : .late)
          return one
        }
      }
    }
    let report = report(rows)
    #expect(report.knowsPartners)
    #expect(report.total.figures.all.whole == 2 && report.total.figures.all.fixed == 1)
    // Nobody required it: it was not late.
    #expect(report.total.figures.agencies[report.agencies.firstIndex(of: "health")!].late == 0)
  }

  @Test func timeToHoldCountsFromTheNeedToTheMeeting() {
    let need = Instant("2026-10-05T09:00:00Z")!
    let report = report([
      row("2026-10-05T12:00:00Z") {
        ($0.needIdentifiedAt, $0.heldAt, $0.holdBy) = (need, need + .hours(2), need + .hours(2))
      },
      // Never recorded as held: decided is what there is.
      row("2026-10-05T12:00:00Z") { ($0.needIdentifiedAt, $0.holdBy) = (need, need + .hours(2)) },
      row("2026-10-05T12:00:00Z") { $0.needIdentifiedAt = need }, row("2026-10-05T12:00:00Z"),
    ])
    let all = report.total.figures.all
    #expect(all.timeToHold.n == 3 && all.timeToHold.median == 10_800 && all.timeToHold.p90 == 10_800)
    #expect(all.limited == 2 && all.withinLimit == 1)
  }

  /// Four working hours are fair. Monday 5 October, 09:00 to 17:00.
  @Test(arguments: [
    ("2026-10-05T08:00:00Z", "2026-10-05T11:59:59Z", true), ("2026-10-05T08:00:00Z", "2026-10-05T12:00:00Z", false),
    ("2026-10-02T15:00:00Z", "2026-10-05T10:59:00Z", true), ("2026-10-02T15:00:00Z", "2026-10-05T11:00:00Z", false),
    ("2026-10-03T15:00:00Z", "2026-10-04T15:00:00Z", true),
  ])
  func noticeIsCountedFromConveningToTheMeeting(convened: String, held: String, isShort: Bool) {
    let report = report([
      row("2026-10-06T10:00:00Z") { ($0.convenedAt, $0.heldAt) = (Instant(convened)!, Instant(held)!) }
    ])
    #expect(report.total.figures[.shortNotice].n == (isShort ? 1 : 0))
    #expect(report.total.figures[.fairNotice].n == (isShort ? 0 : 1))
  }

  @Test(arguments: [
    ("2026-10-05T08:00:00Z", true), ("2026-10-05T07:59:59Z", false), ("2026-10-05T16:00:00Z", false),
    ("2026-10-04T10:00:00Z", false), ("2026-12-25T10:00:00Z", false),
  ])
  func hoursAreTheAuthoritysWorkingHours(held: String, isOpen: Bool) {
    let report = report(
      [row(held) { $0.heldAt = Instant(held)! }], "2026-10-01T00:00:00+01:00", "2027-01-01T00:00:00Z")
    #expect(report.total.figures[.inHours].n == (isOpen ? 1 : 0))
    #expect(report.total.figures[.outOfHours].n == (isOpen ? 0 : 1))
  }

  /// Thursday 1 October 2026 is day 0.
  @Test(
    arguments: [
      (nil, "2026-10-15T10:00:00Z", 0), (nil, "2026-10-16T10:00:00Z", 1), (nil, "2026-10-22T22:59:59Z", 1),
      (nil, "2026-10-23T10:00:00Z", 2), (nil, "2026-10-29T12:00:00Z", 2), (nil, "2026-10-30T12:00:00Z", 3),
      // The enquiry began the day before; then a conference that was dated before it.
      ("2026-09-30T10:00:00Z", "2026-10-15T10:00:00Z", 1), ("2026-10-20T10:00:00Z", "2026-10-19T10:00:00Z", nil),
    ] as [(String?, String, Int?)])
  func conferencesAreToldByTheDepartmentsBands(began: String?, held: String, band: Int?) {
    let report = report([
      row("2026-10-01T10:00:00Z") { row in
        (row.conferenceFrom, row.conferenceBy) = (row.decidedAt, row.decidedAt + .days(21))
        (row.s47StartedAt, row.conferenceHeldAt) = (began.flatMap { Instant($0) }, Instant(held)!)
      }
    ])
    #expect(report.total.figures.bands == (0..<4).map { $0 == band ? 1 : 0 })
    #expect(report.total.figures.conferencesBefore == (band == nil ? 1 : 0))
  }

  @Test func limitsAreJudgedOnceTheyHavePassed() {
    let by = Instant("2026-10-12T23:00:00Z")!
    let rows = [
      row("2026-10-05T10:00:00Z", took: ["csc"]) { row in
        (row.circulateBy, row.circulatedAt) = (by, by)
        (row.followUpBy, row.hasReason) = (by, true)
        (row.conferenceFrom, row.conferenceBy) = (row.decidedAt, by)
        (row.disagreementBy, row.disagreementEndedAt, row.isDissented) = (by, by + .minutes(1), true)
      }
    ]
    let before = report(rows, now: "2026-10-12T22:00:00Z").total.figures
    #expect(before.circulation.judged == 1 && before.circulation.inTime == 1)
    #expect(before.followUp.judged == 0 && before.followUp.open == 1 && before.reasoned == 1)
    #expect(before.conferencesDue == [CivilDate("2026-10-12")!: 1] && before.conferencesPast == 0)
    #expect(before.dissented == 1 && before.escalated == 1)
    #expect(before.disagreement.judged == 1 && before.disagreement.inTime == 0)
    let after = report(rows, now: "2026-10-12T23:00:00Z").total.figures
    #expect(after.followUp.judged == 1 && after.followUp.inTime == 0 && after.followUp.open == 0)
    #expect(after.conferencesDue.isEmpty && after.conferencesPast == 1)
  }

  @Test func whatAnAgencyDidIsToldApart() throws {
    let report = report([
      row("2026-10-05T10:00:00Z", took: ["csc", "police"]) { row in
        row.circulatedAt = row.decidedAt + .hours(1)
        row.agencies[1].kind = .video
        (row.agencies[1].wasSentRecord, row.agencies[1].hasRecord) = (true, true)
        row.agencies[1].messages = 2
        (row.agencies[1].reachedAt, row.agencies[1].answeredAt) = (
          row.decidedAt - .hours(3), row.decidedAt - .hours(2)
        )
        (row.agencies[2].barrier, row.agencies[2].agrees) = (.b14, false)
        (row.agencies[2].wasSentRecord, row.agencies[2].messages) = (true, 3)
        // What comes after the decision answers nothing.
        (row.agencies[2].reachedAt, row.agencies[2].answeredAt) = (
          row.decidedAt - .hours(3), row.decidedAt + .hours(2)
        )
      }
    ])
    let (health, police) = (report.total.figures.agencies[1], report.total.figures.agencies[2])
    #expect(police.kinds == [.video: 1] && police.contributions == 1 && police.messages == 2)
    #expect(police.reached == 1 && police.response.median == 3600)
    #expect(police.record == Tally.Record(n: 1, sent: 1, received: 1) && police.recordOfAbsent.n == 0)
    #expect(health.reached == 1 && health.response.n == 0 && health.contributions == 0)
    #expect(health.reasons == [.b14: Tally.Reason(n: 1, agreed: 0, disputed: 1)])
    #expect(health.recordOfAbsent == Tally.Record(n: 1, sent: 1, received: 0))
  }

  /// Typed in whole minutes: in the minute of the message it is an answer in no time, before it none.
  @Test(
    arguments: [
      ("2026-10-05T08:59:00Z", 0, nil), ("2026-10-05T09:00:00Z", 1, 0), ("2026-10-05T09:02:00Z", 1, 100),
      ("2026-10-05T09:00:19Z", 0, nil),
    ] as [(String, Int, Int64?)])
  func whatWasSaidBeforeAnswersNoMessage(answered: String, reached: Int, median: Int64?) {
    let report = report([
      row("2026-10-05T10:00:00Z", took: ["csc", "police"]) { row in
        row.agencies[1].reachedAt = Instant("2026-10-05T09:00:20Z")!
        row.agencies[1].answeredAt = Instant(answered)!
      }
    ])
    let police = report.total.figures.agencies[2]
    #expect(police.reached == reached && police.response.median == median)
  }

  @Test func percentilesOfSeveralMonthsAreThoseOfAllTheirValues() {
    var lots = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var (sum, values) = (Durations(), [Int64]())
      for _ in 0..<Int.random(in: 1...12, using: &lots) {
        var one = Durations()
        for _ in 0..<Int.random(in: 0...9, using: &lots) {
          let value = Int64.random(in: 0...30, using: &lots)
          values.append(value)
          one.add(.seconds(value))
        }
        one.seal()
        sum.join(one)
      }
      values.sort()
      #expect(sum.n == values.count)
      for percent in [1, 50, 90, 100] where !values.isEmpty {
        #expect(sum.rank(percent) == values[(percent * values.count + 99) / 100 - 1])
      }
    }
  }

  @Test func countedDaysSayWhatTheCalendarSays() {
    let first = CivilDate("2026-03-01")!
    let days = DayCount(Self.calendar, from: first, to: first.adding(days: 340))
    var lots = SystemRandomNumberGenerator()
    for _ in 0..<3000 {
      let start = Self.zone.start(of: first) + .minutes(.random(in: 0...400_000, using: &lots))
      let now = start + .minutes(.random(in: 0...30_000, using: &lots))
      let limit: Limit =
        Bool.random(using: &lots)
        ? .workingHours(.minutes(.random(in: 1...900, using: &lots))) : .workingDays(.random(in: 1...9, using: &lots))
      #expect(
        days.isWithin(limit, from: start, at: now) == (limit.due(from: start, in: Self.calendar).at > now),
        "\(limit) from \(start) at \(now)")
      #expect(days.isOpen(at: now) == Self.calendar.isOpen(Self.calendar.working!, at: now))
    }
  }
}
