// What is found on a Monday, as tables: who is on which list, who is not, and which is the oldest. Monday 23 November 2026, nine
// o'clock; since Friday, five.
import Testing

@testable import Convening

@Suite struct ComplianceTests {
  private static let friday = Instant("2026-11-20T17:00:00Z")!
  private static let monday = Instant("2026-11-23T09:00:00Z")!

  private func compliance(
    contacts: [ContactRow] = [], decided: [DecidedDiscussion] = [], open: [DiscussionClocks] = [],
    closed: [DiscussionClocks] = [], outcomes: Bool = true
  ) -> Compliance {
    var policies = Policies()
    policies.adopt(Example.policy(), as: Example.ref)
    return Compliance(
      since: Self.friday, now: Self.monday, contacts: contacts, decided: decided, open: open, closed: closed,
      policies: policies, calendar: Example.calendar, showsOutcomes: outcomes)
  }

  private func contact(_ number: UInt64, due: Instant, outcome: Instant? = nil, reviewed: Instant? = nil) -> ContactRow
  {
    ContactRow(
      id: ContactID(bits: number), team: "duty", receivedAt: due - .hours(24), recordedAt: due, reviewDue: due,
      provisional: false, outcome: outcome.map { _ in .nfa }, outcomeAt: outcome, reviewedAt: reviewed)
  }

  @Test func contactsThatWaitAndThoseSeenTooLate() {
    let (friday, monday) = (Self.friday, Self.monday)
    let table: [(String, ContactRow, open: Bool?)] = [
      ("waits since Saturday", contact(1, due: friday + .hours(20)), true),
      ("waits since last month", contact(1, due: friday - .days(30)), true),
      ("due now", contact(1, due: monday), true), ("due in a minute", contact(1, due: monday + .minutes(1)), nil),
      ("reviewed in time", contact(1, due: monday, reviewed: monday - .hours(1)), nil),
      (
        "reviewed on Sunday, due on Saturday", contact(1, due: friday + .hours(20), reviewed: friday + .hours(40)),
        false
      ),
      ("an outcome too late, before Friday", contact(1, due: friday - .hours(20), outcome: friday - .hours(1)), nil),
      (
        "reviewed in time, its outcome late", contact(1, due: friday + .hours(9), outcome: monday, reviewed: friday),
        nil
      ),
    ]
    for (why, row, isOpen) in table {
      let found = compliance(contacts: [row]).findings[.contactsUnreviewed] ?? []
      #expect(found.map(\.isOpen) == [isOpen].compactMap(\.self), "\(why)")
    }
    let both = compliance(contacts: [contact(2, due: monday), contact(1, due: friday)])
    #expect(both.findings[.contactsUnreviewed]?.first?.subject == .contact(ContactID(bits: 1)))
  }

  private func decided(
    _ at: Instant, recorded: Elapsed = .zero, _ change: (inout Decided) -> Void = { _ in }
  ) -> DecidedDiscussion {
    var row = Decided(
      policy: Example.ref, urgency: .standard, convenedAt: at - .days(1), decidedAt: at, recordedAt: at + recorded)
    change(&row)
    return DecidedDiscussion(id: Example.id, team: "duty", isLateEntry: false, decided: row)
  }

  @Test func decisionsRecordedLateOrWithAnEarlierTime() {
    let limit = Example.policy().decisionRecorded
    let table: [(String, DecidedDiscussion, late: Bool?)] = [
      ("at once", decided(Self.friday + .hours(1)), nil),
      ("with an earlier time, within the policy's", decided(Self.friday + .hours(1), recorded: limit), false),
      ("later", decided(Self.friday + .hours(1), recorded: limit + .seconds(1)), true),
      ("decided before Friday, recorded after it", decided(Self.friday - .hours(1), recorded: .hours(2)), true),
      ("recorded before Friday", decided(Self.friday - .hours(5), recorded: .hours(2)), nil),
    ]
    for (why, row, isLate) in table {
      let found = compliance(decided: [row]).findings[.decisionsLate] ?? []
      let late = found.compactMap { if case .decision(_, _, let late, _) = $0.fact { late } else { nil } }
      #expect(late == [isLate].compactMap(\.self), "\(why)")
    }
  }

  @Test func withoutAllAsLongAsSomethingIsMissing() {
    func absent(_ reason: Bool, _ done: Instant?) -> DecidedDiscussion {
      decided(Self.friday - .days(60)) { row in
        var agency = Decided.Agency("health")
        agency.required = true
        (row.agencies, row.hasReason, row.followUpDoneAt) = ([agency], reason, done)
      }
    }
    let table: [(String, DecidedDiscussion, [String])] = [
      ("with all", decided(Self.friday - .days(60)), []), ("neither", absent(false, nil), ["reason", "follow-up"]),
      ("a reason alone", absent(true, nil), ["follow-up"]),
      ("a follow-up alone", absent(false, Self.friday), ["reason"]),
      ("both", absent(true, Self.friday), []),
    ]
    for (why, row, lacks) in table {
      let found = compliance(decided: [row]).findings[.withoutAll] ?? []
      let told = found.flatMap { finding -> [String] in
        guard case .withoutAll(_, let reason, let followUp, _) = finding.fact else { return [] }
        return (reason ? ["reason"] : []) + (followUp ? ["follow-up"] : [])
      }
      #expect(told == lacks, "\(why)")
    }
  }

  /// Before it is decided, which may be days later.
  @Test func heldWithoutAllAndNotDecided() throws {
    let held = DiscussionClocks(try Example.discussion(in: .held), under: Example.policy())
    let found = try #require(compliance(open: [held]).findings[.withoutAll]?.first)
    guard case .heldWithout(_, let missing) = found.fact else { throw Unexpected() }
    #expect(found.isOpen && !missing.isEmpty)
    for phase in [Phase.scheduled, .decided] {
      let other = DiscussionClocks(try Example.discussion(in: phase), under: Example.policy())
      #expect(compliance(open: [other]).findings[.withoutAll]?.isEmpty == true, "\(phase)")
    }
  }

  private struct Unexpected: Error {}

  private func running(_ id: ClockID, due: Instant, stopped: Instant? = nil) throws -> DiscussionClocks {
    var discussion = try Example.scheduled()
    discussion = try #require(
      Example.fold(
        [.clockStarted(id, occurred: due - .days(1), due: due, provisional: false, level: 1)]
          + (stopped.map { [.clockStopped(id, occurred: $0)] } ?? []), onto: discussion))
    return DiscussionClocks(discussion, under: nil)
  }

  @Test func clocksOfWhatIsOpen() throws {
    let (friday, monday) = (Self.friday, Self.monday)
    let table: [(String, DiscussionClocks, shown: Bool)] = [
      ("passed last month", try running(.c6, due: friday - .days(30)), true),
      ("due later today", try running(.c6, due: monday + .hours(14)), true),
      ("due as the day ends", try running(.c6, due: Instant("2026-11-24T00:00:00Z")!), true),
      ("due tomorrow", try running(.c6, due: monday + .hours(24)), false),
      ("stopped in time", try running(.c6, due: monday, stopped: monday - .hours(1)), false),
      ("stopped too late on Sunday", try running(.c6, due: friday - .days(3), stopped: friday + .days(2)), true),
      ("stopped too late before Friday", try running(.c6, due: friday - .days(3), stopped: friday - .days(1)), false),
    ]
    for (why, open, isShown) in table {
      #expect(compliance(open: [open]).findings[.clocks]?.isEmpty == !isShown, "\(why)")
    }
    // That it runs says what was decided.
    let conference = try running(.c7, due: friday)
    #expect(compliance(open: [conference]).findings[.clocks]?.count == 1)
    #expect(compliance(open: [conference], outcomes: false).findings[.clocks]?.isEmpty == true)
  }

  /// Of every kind: a referral's, a conference's, that of a disagreement.
  @Test func clocksOfWhatIsClosed() throws {
    let (friday, monday) = (Self.friday, Self.monday)
    let table: [(String, DiscussionClocks, shown: Bool)] = [
      ("a follow-up that ran out on Saturday", try running(.followUp, due: friday + .days(1)), true),
      ("one that ran out before Friday was shown then", try running(.followUp, due: friday - .days(1)), false),
      ("the assessment, due today", try running(.c6, due: monday + .hours(10)), true),
      ("the assessment, due tomorrow", try running(.c6, due: monday + .hours(30)), false),
      ("the record, sent in time", try running(.c4, due: monday, stopped: friday), false),
      ("the record, sent late", try running(.c4, due: friday, stopped: monday), true),
      ("the core group, late long ago", try running(.c7, due: friday - .days(9), stopped: friday - .days(1)), false),
      ("the core group, late since Friday", try running(.c7, due: friday - .days(9), stopped: monday), true),
      ("a late decision shows as such", try running(.c3, due: friday, stopped: monday), false),
    ]
    for (why, closed, isShown) in table {
      #expect(compliance(closed: [closed]).findings[.clocks]?.isEmpty == !isShown, "\(why)")
    }
    let conference = try running(.c5, due: friday)
    #expect(compliance(closed: [conference], outcomes: false).findings[.clocks]?.isEmpty == true)
  }
}
