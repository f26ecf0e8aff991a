// What goes on after a discussion is closed: its clocks move with the bank holidays in small turns, pass and are seen to have
// passed, and go on in the discussion that follows it.
import Convening
import Coordination
import Simulation
import Testing
import Wire

@Suite struct ClosedTimelines {
  private static func town(_ holidays: String...) -> Arrangements {
    Scenario.town(holidays: Set((holidays + ["2026-12-25"]).map { CivilDate($0)! }))
  }

  private static let ids = ([1, 2, 3, 4, 5] as [UInt64]).map { DiscussionID(bits: $0) }

  /// Five that are decided and closed, with C6 running to the end of the second working day; in the second it has stopped.
  private func day(revisitsPerTurn: Int) -> Scenario {
    var limits = Limits()
    limits.revisitsPerTurn = revisitsPerTurn
    var day = Scenario(
      starts: "08:00", meeting: "14:00", agencies: [], in: Self.town(), limits: limits,
      clocks: [.c6: [.workingDays(2)]])
    let now = day.now
    for id in Self.ids {
      day.convene(id, "14:00", [])
      day.request(.change(id, .startClock(.c6, at: now)))
      day.request(.change(id, .decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1"))))
      if id == Self.ids[1] { day.request(.change(id, .stopClock(.c6, at: now))) }
      day.request(.change(id, .close))
    }
    return day
  }

  private func moves(_ day: Scenario) -> [[String]] {
    day.turns.compactMap { turn in
      let moved = turn.compactMap { entry -> String? in
        if case .clockMoved(.c6, let due, _) = entry.event { "\(entry.stream) \(due)" } else { nil }
      }
      return moved.isEmpty ? nil : moved
    }
  }

  private static func moved(_ number: Int) -> String { "discussion/0000-000\(number) 2026-11-28T00:00:00Z" }

  @Test func anotherTableMovesThemInSmallTurns() throws {
    var day = day(revisitsPerTurn: 2)
    #expect(day.docket.discussions.count == 1)
    day.adopts(Self.town("2026-11-25"))
    #expect(moves(day) == [[Self.moved(1), Self.moved(3)], [Self.moved(4), Self.moved(5)]])
    // They are not held again, and the same table moves nothing.
    #expect(day.docket.discussions.count == 1)
    let before = day.turns.count
    day.adopts(Self.town("2026-11-25"))
    #expect(day.turns.count == before)
  }

  @Test func aCrashBetweenTheTableAndTheMovesLosesNoneOfThem() throws {
    var day = day(revisitsPerTurn: 2)
    day.adopts(Self.town("2026-11-25"), turns: 1)
    try day.restart(at: "08:10")
    day.pass(to: "08:10")
    #expect(moves(day).flatMap(\.self).sorted() == [1, 3, 4, 5].map(Self.moved))
  }

  /// What was put right after it was closed is read again at a start: an entry alone does not say enough.
  @Test func aCorrectionAfterClosingIsKnownAfterARestart() throws {
    var day = day(revisitsPerTurn: 20)
    try day.strikes("clockStopped", of: Self.ids[1])
    #expect(day.docket.clocksPassed(at: Scenario.moment("+1 00:00") + .days(3)).count == 5)
    try day.restart(at: "08:10")
    day.pass(to: "08:10")
    #expect(day.docket.clocksPassed(at: Scenario.moment("+1 00:00") + .days(3)).count == 5)
    day.adopts(Self.town("2026-11-25"))
    #expect(moves(day).flatMap(\.self).sorted() == [1, 2, 3, 4, 5].map(Self.moved))
  }

  /// Somebody asks on Monday what was late: also of what is closed, and after a restart.
  @Test func whatStoppedTooLateIsKeptAfterClosing() throws {
    var day = day(revisitsPerTurn: 20)
    let due = Instant("2026-11-27T00:00:00Z")!
    func late(_ day: Scenario) -> [String] {
      day.docket.closedClocks.flatMap { one in
        one.clocks.map { "\(one.id) \(one.team) \($0.id.rawValue) \($0.stopped.map { "\($0)" } ?? "runs")" }
      }.sorted()
    }
    // In the second it stopped in time, and is nobody's concern any more.
    #expect(late(day) == [1, 3, 4, 5].map { "0000-000\($0) duty C6 runs" })
    day.skip(to: due + .hours(9))
    for (id, at) in [(Self.ids[0], due + .hours(8)), (Self.ids[2], due - .hours(1))] {
      let closed = try #require(try Discussion.folding(day.journal.lines(of: .discussion(id))))
      day.request(.change(id, .stopClock(.c6, at: at)), admitted: .init(discussion: closed))
    }
    let expected = [
      "0000-0001 duty C6 2026-11-27T08:00:00Z", "0000-0004 duty C6 runs", "0000-0005 duty C6 runs",
    ]
    #expect(late(day) == expected)
    try day.restart(at: "+3 10:00")
    day.pass(to: "+3 10:00")
    #expect(late(day) == expected)
    #expect(day.docket.clocksPassed(at: day.now).count == 2)
  }

  @Test func whatHasPassedIsSeenOpenAndClosed() {
    var day = day(revisitsPerTurn: 20)
    day.request(.change(day.discussion, .startClock(.c6, at: day.now)))
    let ahead = Instant("2026-11-27T00:00:00Z")!
    #expect(day.docket.clocksPassed(at: ahead - .seconds(1)).isEmpty)
    let passed = day.docket.clocksPassed(at: ahead)
    #expect(Set(passed.map(\.discussion)) == Set(Self.ids + [day.discussion]).subtracting([Self.ids[1]]))
    #expect(passed.allSatisfy { $0.clock == .c6 && $0.due == ahead })
  }

  private static var dayOfConferences: Scenario {
    Scenario(starts: "08:00", meeting: "14:00", agencies: [], in: town(), clocks: [.c5: [.workingDays(15)]])
  }

  private static func decided(_ outcome: Outcome) -> Command {
    .decide(Decision(outcome: outcome, byRole: "chair", reason: "R1"))
  }

  /// One enquiry is late once: where its conference counts now, and nowhere else.
  @Test func theClockOfTheConferenceGoesOnInTheNextDiscussion() throws {
    var day = Self.dayOfConferences
    let (first, second) = (Self.ids[0], Self.ids[1])
    let enquiry = Self.decided(.s47Joint)
    day.convene(first, "14:00", [])
    day.request(.change(first, enquiry))
    day.request(.change(first, .close))
    let closed = try #require(try Discussion.folding(day.journal.lines(of: .discussion(first))))
    day.request(
      .convene(
        second,
        Convene(
          meeting: .at(day.now + .hours(1)), agencies: [], team: "duty", convenedBy: "manager", follows: first),
        firstBody: Fingerprint(high: 1, low: 1)), admitted: .init(earlier: [closed]))
    day.request(.change(second, enquiry), admitted: .init(earlier: [closed]))
    let after = try #require(try Discussion.folding(day.journal.lines(of: .discussion(first))))
    #expect(after.clocks.last { $0.id == .c5 }?.stopped == day.now)
    #expect(!after.awaitsConference && after.conferenceGoesOnIn == second)
    #expect(day.docket.discussions[second]?.awaitsConference == true)
    #expect(day.journal.decided[first]?.conferenceFrom == nil)
    // It was neither met nor missed here.
    let policy = try #require(day.docket.policies[after.policy])
    let shown = DiscussionDocument.json(after, policy: policy, for: .control(outcome: true))["clocks"]?.array ?? []
    let clock = try #require(shown.first { $0["id"] == "C5" })
    #expect(clock["goes_on_in"] == .string("\(second)") && clock["margin_s"] == JSON.null)
  }

  /// Three in a row: the one between had no enquiry to decide, and then the last neither.
  @Test func theClockOfTheConferencePassesOneThatHadNone() throws {
    var day = Self.dayOfConferences
    for (number, id) in Self.ids.prefix(3).enumerated() {
      day.convene(id, "14:00", []) { $0.follows = number == 0 ? nil : Self.ids[number - 1] }
      day.request(.change(id, Self.decided(.s47Joint)))
    }
    func goesOn(_ number: Int) -> DiscussionID? { day.docket.discussions[Self.ids[number]]?.conferenceGoesOnIn }
    #expect([goesOn(0), goesOn(1), goesOn(2)] == [Self.ids[1], Self.ids[2], nil])
    try day.strikes("decided", of: Self.ids[1], replacement: Self.decided(.nfa))
    #expect([goesOn(0), goesOn(1), goesOn(2)] == [Self.ids[2], nil, nil])
    try day.strikes("decided", of: Self.ids[2], replacement: Self.decided(.nfa))
    #expect(goesOn(0) == nil && day.docket.discussions[Self.ids[0]]?.awaitsConference == true)
  }

  /// The conference that was recorded with the later one was none, and neither was its enquiry: in whichever order that is told.
  @Test func aConferenceThatWasNoneComesBackToo() throws {
    var day = Self.dayOfConferences
    let (first, second) = (Self.ids[0], Self.ids[1])
    let enquiry = Self.decided(.s47Joint)
    day.convene(first, "14:00", [])
    day.request(.change(first, enquiry))
    day.convene(second, "14:00", []) { $0.follows = first }
    day.request(.change(second, enquiry))
    day.pass(to: "09:00")
    day.request(.change(second, .conference(heldAt: nil)))
    try day.strikes("decided", of: second, replacement: Self.decided(.nfa))
    #expect(day.docket.discussions[first]?.awaitsConference == false)
    try day.strikes("conferenceHeld", of: second)
    #expect(day.docket.discussions[first]?.awaitsConference == true)
  }

  /// What went on with it had no enquiry to decide after all: it runs again where it did before, and a conference is recorded
  /// where it runs and nowhere else.
  @Test(arguments: [nil, Outcome.nfa, .s47SingleCSC])
  func theClockOfTheConferenceComesBack(outcome: Outcome?) throws {
    var day = Self.dayOfConferences
    let (first, second) = (Self.ids[0], Self.ids[1])
    let enquiry = Self.decided(.s47Joint)
    day.convene(first, "14:00", [])
    day.request(.change(first, enquiry))
    let before = day.docket.discussions[first]?.clocks.last { $0.id == .c5 }
    day.pass(to: "09:00")
    day.convene(second, "14:00", []) { $0.follows = first }
    day.request(.change(second, enquiry))
    day.request(.change(first, .conference(heldAt: nil)))
    #expect(day.replies.last == .refused(.conferenceElsewhere(in: second)))

    day.pass(to: "10:00")
    let right = outcome.map(Self.decided)
    try day.strikes("decided", of: second, replacement: right)
    let isBack = outcome != .s47SingleCSC
    #expect(day.docket.discussions[second]?.awaitsConference == !isBack)
    let clock = day.docket.discussions[first]?.clocks.last { $0.id == .c5 }
    #expect((clock == before) == isBack)
    day.request(.change(first, .conference(heldAt: nil)))
    #expect((day.replies.last == .refused(.conferenceElsewhere(in: second))) == !isBack)
  }
}
