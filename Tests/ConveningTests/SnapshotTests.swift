// Reports that are kept, discussions that wait too long, and one policy held against another: the rules as tables.
import Testing

@testable import Convening

@Suite struct SnapshotTests {
  private static let (day, other) = (Instant("2026-10-01T00:00:00Z")!, Instant("2026-11-01T00:00:00Z")!)

  private static func kept(_ version: Int, _ from: Instant, _ reason: String?) -> ReportSnapshot {
    ReportSnapshot(name: "q1", version: version, from: from, to: other, reason: reason, keptAt: other, digest: "")
  }

  private static let both = [kept(1, day, nil), kept(2, day, "late entries")]

  @Test(
    arguments: [
      // Nothing is kept: any wish makes the first version.
      ([], day, nil, .some(Int?.none)), ([], day, "why", .some(nil)),
      // The same again, also after a correction.
      (both, day, nil, .some(1)), (both, day, "late entries", .some(2)),
      // Another one needs a reason: for the same days, or for others.
      (both, day, "wrong days", .some(nil)), (both, day - .days(1), "wrong days", .some(nil)),
      (both, day - .days(1), nil, nil), ([kept(1, day, "why")], day, nil, nil),
    ] as [([ReportSnapshot], Instant, String?, Int??)])
  func aWishIsAVersionOrARefusal(versions: [ReportSnapshot], from: Instant, reason: String?, stands: Int??) {
    let wish = SnapshotWish(name: "q1", from: from, to: Self.other, reason: reason, document: "{}")
    do throws(Refusal) {
      let standing = try wish.standing(among: versions)
      #expect(stands == .some(standing?.version))
    } catch {
      #expect(stands == nil && error == .snapshotKept && error.status == 409)
    }
  }

  // MARK: - Open breaches

  private static let ref = PolicyRef(id: "leeds", edition: 1)
  private static let calendar = WorkingCalendar(
    zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: [CivilDate("2026-12-25")!]))

  private static var policies: Policies {
    func ladder(_ limit: Limit?) -> Ladder {
      Ladder(acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1), steps: [], heldWithin: limit)
    }
    var policies = Policies()
    policies.adopt(
      Policy(
        id: "leeds", from: CivilDate("2026-04-01")!, required: [], counting: [], decisionRecorded: .minutes(15),
        closeAfter: .workingDays(20), reasonWithoutAll: true, standard: ladder(.workingDays(1)),
        urgent: ladder(.elapsed(.hours(4)))), as: ref)
    return policies
  }

  private func row(_ phase: Phase, _ urgency: Urgency, need: String?) -> DiscussionRow {
    DiscussionRow(
      id: DiscussionID(bits: 1), phase: phase, urgency: urgency, form: .video, team: "duty", policy: Self.ref,
      meetingAt: Self.other, durationMinutes: 60, needIdentifiedAt: need.flatMap { Instant($0) }, convenedAt: Self.day,
      heldAt: nil, decidedAt: nil, decisionRecorded: nil, outcome: nil, quorate: nil)
  }

  /// At noon on the Monday after Christmas.
  @Test(
    arguments: [
      (Phase.scheduled, Urgency.urgent, "2026-12-28T07:59:59Z", 1, 1),
      (.scheduled, .urgent, "2026-12-28T08:00:00Z", 1, 0),
      // Its working day is the Monday, and lasts until midnight.
      (.scheduled, .standard, "2026-12-24T09:00:00Z", 1, 0), (.scheduled, .standard, "2026-12-23T09:00:00Z", 1, 1),
      (.scheduled, .standard, nil, 0, 0), (.held, .standard, "2026-12-01T09:00:00Z", 0, 0),
      (.cancelled, .urgent, "2026-12-01T09:00:00Z", 0, 0),
    ] as [(Phase, Urgency, String?, Int, Int)])
  func whatWaitsTooLongIsABreach(phase: Phase, urgency: Urgency, need: String?, waiting: Int, late: Int) {
    let now = Instant("2026-12-28T12:00:00Z")!
    let open = OpenBreaches([row(phase, urgency, need: need)], at: now, Self.calendar, Self.policies)
    #expect(open.waiting == waiting && open.n == late)
    #expect((urgency == .urgent ? open.urgent : open.standard) == late && (open.oldestDue != nil) == (late == 1))
  }

  // MARK: - Rehearsals

  private func sent(
    _ place: Place, _ minute: Int64, _ message: Message = .reminder, agency: AgencyID = "health"
  ) -> SentMessage {
    SentMessage(agency: agency, place: place, step: "step", message: message, at: Self.day + .minutes(minute))
  }

  private func rehearsal(_ was: [SentMessage], _ would: [SentMessage], decided minute: Int64? = 60) -> Rehearsal {
    Rehearsal(
      [
        RehearsedDiscussion(
          id: DiscussionID(bits: 1), was: was, would: would, decidedAt: minute.map { Self.day + .minutes($0) },
          missing: minute == nil ? [] : ["health"])
      ], calendar: Self.calendar)
  }

  @Test func thePlacesAreHeldAgainstEachOtherInTheirOrder() throws {
    let result = rehearsal(
      [sent(.contact, 0, .invitation), sent(.contact, 30), sent(.deputy, 40), sent(.lead, 55)],
      [sent(.contact, 0), sent(.contact, 20), sent(.contact, 30), sent(.deputy, 50)])
    let steps = result.total.steps
    #expect([steps.same, steps.new, steps.gone, steps.earlier, steps.later] == [1, 1, 1, 1, 1])
    #expect(result.total.was.messages == 4 && result.total.would.messages == 4)
    #expect(result.total.was.places == [.contact: 2, .deputy: 1, .lead: 1])
    let absence = try #require(result.absences.first)
    #expect(absence.steps.map { $0.would?.at } == [Self.day + .minutes(20), Self.day + .minutes(30)])
    #expect(absence.steps.map { $0.was?.at } == [Self.day + .minutes(30), nil])
    #expect(result.total.absences == 1 && result.total.absencesWithMore == 1)
  }

  @Test(
    arguments: [
      // A minute is no difference; what goes after the decision helps nobody, and what tells of a change asks nobody.
      ([30], [29], Message.reminder, true), ([30], [30], .reminder, false), ([], [59], .reminder, true),
      ([], [60], .reminder, false), ([], [10], .rescheduled, false), ([30], [31], .reminder, false),
    ] as [([Int64], [Int64], Message, Bool)])
  func anAbsenceHasMoreWhereSomebodyIsAskedEarlierOrAtAll(
    was: [Int64], would: [Int64], message: Message, hasMore: Bool
  ) {
    let result = rehearsal(was.map { sent(.deputy, $0, message) }, would.map { sent(.deputy, $0, message) })
    #expect((result.total.absencesWithMore == 1) == hasMore && result.total.absences == 1)
  }

  @Test func whoWasNotMissingHasNoAbsence() {
    let result = rehearsal([], [sent(.deputy, 5, agency: "police")])
    #expect(result.agencies.map(\.agency) == ["health", "police"])
    #expect(result.total.absences == 1 && result.absences.isEmpty)
    #expect(rehearsal([], [sent(.deputy, 5)], decided: nil).total.absences == 0)
  }
}
