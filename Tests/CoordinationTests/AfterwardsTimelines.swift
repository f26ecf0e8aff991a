// What is recorded beside the ladder, in a day: a message says when the details went to its place; clocks that run move with
// the table of bank holidays, in small turns; a decision without all says why each agency was absent.
import Convening
import Coordination
import Simulation
import Testing
import Wire

@Suite struct AfterwardsTimelines {
  // MARK: - Details

  /// What the message says of them: a moment, or "null".
  private func details(_ sent: Scenario.Sent) throws -> String {
    let message = try JSON(parsing: sent.send.delivery.body)
    let said = try #require(message["data"]?["details_sent_at"])
    return said.string ?? said.text
  }

  @Test func theNextMessageToAPlaceSaysWhenTheDetailsWentThere() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    #expect(try details(day.at("08:00", sends: "police")) == "null")
    day.does(.sendDetails("police", .contact, at: Scenario.moment("08:20")), at: "08:30")
    // Not there.
    #expect(try details(day.at("09:00", sends: "police-deputy")) == "null")
    day.does(.sendDetails("police", .lead, at: nil), at: "09:30")
    #expect(try details(day.at("10:00", sends: "police-lead")) == "2026-11-24T09:30:00Z")
    #expect(try details(day.at("11:00", sends: "coordinator")) == "null")
    day.quietUntil("13:15")
    #expect(try details(day.at("13:15", sends: "police")) == "2026-11-24T08:20:00Z")
    #expect(day.state?.position("police")?.detailsSent.map(\.place) == [.contact, .lead])
  }

  /// They are sent again, and the process is another: the last time counts.
  @Test func theLastTimeCountsAndARestartKnowsIt() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: [Scenario.ladder[0], Scenario.ladder[4]])
    try day.at("08:00", sends: "police")
    day.does(.sendDetails("police", .contact, at: nil), at: "08:30")
    day.does(.sendDetails("police", .contact, at: nil), at: "12:00")
    try day.restart(at: "12:10")
    day.quietUntil("13:15")
    #expect(try details(day.at("13:15", sends: "police")) == "2026-11-24T12:00:00Z")
  }

  /// A retry is the same message, byte for byte.
  @Test func aRetrySaysWhatItSaidBefore() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    let first = try day.at("08:00", sends: "police", answering: 503)
    day.does(.sendDetails("police", .contact, at: nil), at: "08:00:02")
    let again = try day.within("08:00:05", "08:00:06", sends: "police")
    #expect(again.send.delivery.body == first.send.delivery.body)
    #expect(try details(again) == "null")
  }

  // MARK: - Clocks

  /// C6 ends with the second working day, C1 with the first. 24 November is a Tuesday.
  private static let clocks: [ClockID: [Limit]] = [.c1: [.workingDays(1)], .c6: [.workingDays(2)]]

  private static func town(_ holidays: String...) -> Arrangements {
    Scenario.town(holidays: Set((holidays + ["2026-12-25"]).map { CivilDate($0)! }))
  }

  private static let ids = ([1, 2, 3, 4, 5, 6] as [UInt64]).map { DiscussionID(bits: $0) }

  /// Six discussions in which C6 has started. In the second it has stopped; in the fourth C1 runs too.
  private func day(replansPerTurn: Int) -> Scenario {
    var limits = Limits()
    limits.replansPerTurn = replansPerTurn
    var day = Scenario(
      starts: "08:00", meeting: "14:00", agencies: [], in: Self.town(), limits: limits, clocks: Self.clocks)
    let now = day.now
    for id in Self.ids {
      day.convene(id, "14:00", [])
      day.request(.change(id, .startClock(.c6, at: now)))
    }
    day.request(.change(Self.ids[1], .stopClock(.c6, at: now)))
    day.request(.change(Self.ids[3], .startClock(.c1, at: now)))
    return day
  }

  private func words(_ entry: Entry) -> String {
    switch entry.event {
    case .clockMoved(let clock, let due, let provisional):
      "\(entry.stream) \(clock.rawValue) \(due)\(provisional ? " provisional" : "")"
    default: entry.event.name
    }
  }

  /// On the midnight of which days of November.
  private func dues(_ day: Scenario) -> [String] {
    Self.ids.map { id in
      let clocks = day.docket.discussions[id]?.clocks ?? []
      return clocks.map { "\(Town.zone.wall($0.due).date.day)" }.joined(separator: " ")
    }
  }

  @Test func anotherTableMovesEachClockOnceInSmallTurns() throws {
    var day = day(replansPerTurn: 2)
    #expect(dues(day) == ["27", "27", "27", "27 26", "27", "27"])
    var before = day.turns.count
    day.adopts(Self.town("2026-11-25"))
    #expect(
      day.turns.dropFirst(before).map { $0.map(words) } == [
        ["calendarAdopted"],
        ["discussion/0000-0001 C6 2026-11-28T00:00:00Z", "discussion/0000-0003 C6 2026-11-28T00:00:00Z"],
        [
          "discussion/0000-0004 C6 2026-11-28T00:00:00Z", "discussion/0000-0004 C1 2026-11-27T00:00:00Z",
          "discussion/0000-0005 C6 2026-11-28T00:00:00Z",
        ],
        ["discussion/0000-0006 C6 2026-11-28T00:00:00Z"],
      ])
    #expect(dues(day) == ["28", "27", "28", "28 27", "28", "28"])
    // The same table again moves nothing, and nor does a holiday that none of them meets.
    before = day.turns.count
    day.adopts(Self.town("2026-11-25"))
    #expect(day.turns.count == before)
    day.adopts(Self.town("2026-11-25", "2026-12-24"))
    #expect(day.turns.dropFirst(before).map { $0.map(words) } == [["calendarAdopted"]])
  }

  @Test func aCrashBetweenTheTableAndTheMovesLosesNoneOfThem() throws {
    var day = day(replansPerTurn: 2)
    day.adopts(Self.town("2026-11-25"), turns: 1)
    #expect(dues(day) == ["28", "27", "28", "27 26", "27", "27"])
    try day.restart(at: "08:10")
    day.pass(to: "08:10")
    #expect(dues(day) == ["28", "27", "28", "28 27", "28", "28"])
    // Each of the six that run has moved once.
    #expect(day.turns.joined().count { $0.event.name == "clockMoved" } == 6)
    #expect(day.turns.joined().count { $0.event.name == "calendarAdopted" } == 2)
  }

  /// What is decided stays under the edition by which it was convened.
  @Test func anotherEditionMovesTheClocksOfWhatHasNotMet() throws {
    var day = day(replansPerTurn: 200)
    let decided = Self.ids[4]
    day.request(.change(decided, .decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1"))))
    let (policy, before) = (day.policy, day.turns.count)
    let edition = Policy(
      id: policy.id, from: policy.from, required: policy.required, counting: policy.counting,
      decisionRecorded: policy.decisionRecorded, closeAfter: policy.closeAfter,
      reasonWithoutAll: policy.reasonWithoutAll, standard: policy.standard,
      clocks: [.c1: [.workingDays(1)], .c6: [.workingDays(1)]])
    day.offers(policies: [edition])
    day.pass(to: "08:00")
    let moves = day.turns.dropFirst(before).joined().filter { $0.event.name == "clockMoved" }
    let undecided = Self.ids.filter { $0 != Self.ids[1] && $0 != decided }
    #expect(moves.map(words) == undecided.map { "discussion/\($0) C6 2026-11-26T00:00:00Z" })
    #expect(day.docket.discussions[decided]?.clocks.first?.due == Instant("2026-11-27T00:00:00Z"))
  }

  // MARK: - Absences

  /// The police were told which child, and said nothing; Health was never told; nobody asked Social Care.
  @Test func aDecisionSaysWhyEachOfThemWasAbsent() throws {
    var day = Scenario(
      starts: "08:00", meeting: "14:00", agencies: ["police", "health"], steps: Scenario.atOnce, in: Self.town())
    try day.at("08:00", sends: "police")
    try day.at("08:00", sends: "health")
    day.does(.sendDetails("police", .contact, at: nil), at: "08:30")
    day.does(.decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1")), at: "14:30")
    func reasons() -> [String]? {
      day.state?.positions.map { "\($0.agency) \($0.barrier?.code.rawValue ?? "none")" }
    }
    #expect(reasons() == ["police B14", "health B05", "csc B01"])
    #expect(day.state?.position("police")?.barrier?.answerUntil == Instant("2026-11-26T00:00:00Z"))
    // Whom nobody asked is in the lists from now on.
    #expect(day.journal.positions[day.discussion]?["csc"]?.invited == false)
    try day.restart(at: "14:40")
    #expect(reasons() == ["police B14", "health B05", "csc B01"])
  }
}
