// The report's figures against values worked out by hand, and Wilson's interval against DOMAIN.md's.
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

  private static var policies: Policies {
    var policies = Policies()
    let ladder = Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1),
      steps: [Step(name: "invite", when: .once, to: [.contact])])
    let policy = Policy(
      id: "leeds", from: CivilDate("2026-04-01")!, required: ["csc", "police", "health"], counting: [.video],
      decisionRecorded: .minutes(15), closeAfter: .workingDays(20), reasonWithoutAll: true, standard: ladder)
    policies.adopt(policy, as: ref)
    return policies
  }

  /// A discussion decided then, recorded so many minutes later; `took` took part, `invited` were invited.
  private func rows(
    _ number: UInt64, decided: String?, after minutes: Int64 = 0, took: [AgencyID],
    invited: [AgencyID] = ["csc", "police", "health"], phase: Phase = .decided
  ) -> Rows {
    let id = DiscussionID(bits: number)
    let at = decided.map { Instant($0)! }
    let required: [AgencyID] = ["csc", "police", "health"]
    return Rows(
      discussion: DiscussionRow(
        id: id, phase: phase, urgency: .standard, form: .video, team: "team", policy: Self.ref,
        meetingAt: at ?? Instant(milliseconds: 0), durationMinutes: 60, needIdentifiedAt: nil,
        convenedAt: Instant(milliseconds: 0), heldAt: at, decidedAt: at,
        decisionRecorded: at.map { $0 + .minutes(minutes) }, outcome: .s47Joint,
        quorate: required.allSatisfy(took.contains)),
      positions: invited.map { agency in
        PositionRow(
          discussion: id, agency: agency, required: required.contains(agency), invited: true, askedAt: at,
          acknowledgedAt: nil, contribution: nil, contributedAt: nil, counts: took.contains(agency), declined: nil)
      })
  }

  private func report(_ rows: [Rows], _ from: String, _ to: String) -> Report {
    Report(
      rows, from: Instant(from)!, to: Instant(to)!, zone: CivilZone(name: "Europe/London")!, policies: Self.policies)
  }

  @Test func aMonthByHand() throws {
    let all: [AgencyID] = ["csc", "police", "health"]
    let report = report(
      [
        rows(1, decided: "2026-10-05T10:00:00Z", after: 5, took: all),
        rows(2, decided: "2026-10-06T10:00:00Z", after: 10, took: ["csc", "police"]),
        rows(3, decided: "2026-10-07T10:00:00Z", after: 20, took: ["csc", "police"], invited: ["csc", "police"]),
        rows(4, decided: "2026-10-08T10:00:00Z", after: 60, took: all),
        rows(5, decided: "2026-10-09T10:00:00Z", took: all, phase: .cancelled), rows(6, decided: nil, took: all),
      ], "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")
    let total = report.total
    #expect(total.n == 4)
    #expect(total.threePartner == Share(2, of: 4))
    let health = try #require(total.agencies.first { $0.agency == "health" })
    #expect(health.contributed == Share(2, of: 4))
    #expect(health.invited == 3)
    #expect(health.whenInvited == Share(2, of: 3))
    #expect(total.agencies.map(\.agency) == ["csc", "health", "police"])
    #expect(total.latency.median == 600)
    #expect(total.latency.p90 == 3600)
    #expect(total.latency.withinPolicy == Share(2, of: 4))
    #expect(report.policies == [Self.ref])
  }

  /// Midnight in London is 23:00 UTC while summer time lasts.
  @Test func monthsAreTheAuthoritysOwn() {
    let took: [AgencyID] = ["csc", "police", "health"]
    let report = report(
      [
        rows(1, decided: "2026-08-31T22:59:59Z", took: took), rows(2, decided: "2026-08-31T23:00:00Z", took: took),
        rows(3, decided: "2026-10-31T23:59:59Z", took: took), rows(4, decided: "2026-11-01T00:00:00Z", took: took),
      ], "2026-07-31T23:00:00Z", "2026-12-01T00:00:00Z")
    #expect(report.months.map(\.month) == ["2026-08", "2026-09", "2026-10", "2026-11"])
    #expect(report.months.map(\.n) == [1, 1, 1, 1])
  }

  @Test func anEmptyMonthIsShownWithoutAShare() {
    let report = report([], "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z")
    #expect(report.months.map(\.n) == [0, 0])
    #expect(report.months[0].threePartner.value == nil)
    #expect(report.total.latency.median == nil)
  }
}
