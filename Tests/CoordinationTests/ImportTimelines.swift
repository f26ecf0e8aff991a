// An import as a day of the docket: what comes of its rows, what the same file does again, and that one fault leaves nothing.
import Convening
import Coordination
import Simulation
import Testing
import Wire

@Suite struct ImportTimelines {
  private static func id(_ number: UInt64) -> DiscussionID { DiscussionID(bits: 5000 + number) }
  private static func contact(_ number: UInt64) -> ContactID { ContactID(bits: 6000 + number) }

  private static func day() -> Scenario {
    Scenario(
      starts: "09:00", meeting: "+9 12:00",
      steps: [Step(name: "late", when: .before(.minutes(1)), to: [.coordinator])],
      clocks: [.c4: [.workingDays(1)], .c10: [.workingDays(5)]])
  }

  private static func row(
    _ number: UInt64, held: Instant, decided: String? = nil, by agencies: [AgencyID] = ["csc", "police", "health"],
    body: UInt64 = 1
  ) -> ImportRow {
    let convene = Convene(
      meeting: .asSoonAsTheyAnswer, team: "duty", convenedBy: "team manager", heldAt: held)
    var then = agencies.map { agency in
      ImportRow.Step.change(
        id(number), .contribute(agency, .video, byRole: "team manager", via: .api, at: held))
    }
    if let decided {
      then.append(
        .change(
          id(number),
          .decide(Decision(outcome: .nfa, decidedAt: Scenario.moment(decided), byRole: "chair"))))
    }
    return ImportRow(
      line: Int(number) + 1, first: .convene(id(number), convene, firstBody: Fingerprint(high: number, low: body)),
      then: then)
  }

  private static func received(_ number: UInt64, _ at: String, then: [ContactCommand] = []) -> ImportRow {
    ImportRow(
      line: Int(number) + 1,
      first: .contact(contact(number), .receive(ContactFacts(receivedAt: Scenario.moment(at), team: "duty"))),
      then: then.map { .contact(contact(number), $0) })
  }

  private func outcome(_ reply: Reply?) throws -> ImportOutcome {
    guard case .imported(let outcome)? = reply else { throw Unexpected() }
    return outcome
  }

  private struct Unexpected: Error {}

  /// Decided in the minute in which they met, to the second that one of the two columns has: the same file changes nothing.
  @Test func aDecisionInTheMinuteOfTheMeetingIsTheSameAgain() throws {
    var day = Self.day()
    let rows = [Self.row(1, held: Scenario.moment("08:00") + .seconds(30), decided: "08:00")]
    day.request(.imports(rows))
    #expect(try outcome(day.replies.last).tally.new == 1)
    let lines = day.journal.lines(of: .discussion(Self.id(1)))
    let folded = try #require(try Discussion.folding(lines))
    #expect(folded.decision?.decidedAt == Scenario.moment("08:00") + .seconds(30))
    day.request(.imports(rows))
    let again = try outcome(day.replies.last)
    #expect(again.tally.unchanged == 1 && again.faults.isEmpty && again.changing.isEmpty)
  }

  @Test func whatWasHeldIsEnteredWithWhoTookPartBeforeItsDecision() throws {
    var day = Self.day()
    let rows = [
      Self.row(1, held: Scenario.moment("08:00"), decided: "08:20"), Self.row(2, held: Scenario.moment("08:30")),
    ]
    day.request(.imports(rows))
    let done = try outcome(day.replies.last)
    #expect(done.tally.new == 2 && done.tally.lateEntries == 2 && done.faults.isEmpty && done.changing == [0, 1])
    // One turn, and so one commit.
    #expect(
      day.turns.last?.map(\.event.name) == [
        "convened", "held", "contributionRecorded", "contributionRecorded", "contributionRecorded", "decided",
        "clockStarted", "clockStarted", "convened", "held", "contributionRecorded", "contributionRecorded",
        "contributionRecorded",
      ])
    let decided = try #require(day.docket.discussions[Self.id(1)])
    #expect(decided.missingAtDecision == [] && decided.isLateEntry)
    day.quietUntil("+8 09:00")
  }

  @Test func aRowOfATeamThatNobodyKnowsIsNamedByItsLine() throws {
    var day = Self.day()
    let stranger = Convene(
      meeting: .asSoonAsTheyAnswer, team: "jane-doe", convenedBy: "team manager", heldAt: Scenario.moment("08:00"))
    let rows = [
      Self.row(1, held: Scenario.moment("08:00")),
      ImportRow(line: 3, first: .convene(Self.id(2), stranger, firstBody: Fingerprint(high: 2, low: 1))),
    ]
    day.request(.imports(rows))
    let done = try outcome(day.replies.last)
    #expect(done.faults.map(\.line) == [3] && done.faults.map(\.refusal) == [.unknownTeam(known: ["duty"])])
    #expect(day.docket.discussions[Self.id(1)] == nil)
  }

  @Test func theSameFileAgainChangesNothing() throws {
    var day = Self.day()
    let rows = [
      Self.row(1, held: Scenario.moment("08:00"), decided: "08:20"),
      Self.received(
        2, "08:10",
        then: [
          .outcome(.referral, byRole: "officer", at: Scenario.moment("08:40"), discussion: nil),
          .review(byRole: "service manager", at: Scenario.moment("08:50")),
        ]),
      Self.received(3, "08:15"),
    ]
    day.request(.imports(rows))
    let (seq, turns) = (day.docket.seq, day.turns.count)
    // Contact 2 waits for nobody: it is read from the journal.
    let settled = try FrontDoorContact.folding(day.journal.lines(of: .frontDoor(Self.contact(2))))
    var admitted = Input.Admitted()
    admitted.rows[.frontDoor(Self.contact(2))] = .init(contact: settled)
    day.request(.imports(rows), admitted: admitted)
    let again = try outcome(day.replies.last)
    #expect(again.tally.unchanged == 3 && again.changing.isEmpty)
    #expect(day.docket.seq == seq && day.turns.count == turns)
  }

  @Test func whatIsToldOfAContactLaterUpdatesIt() throws {
    var day = Self.day()
    day.request(.imports([Self.received(1, "08:10"), Self.received(2, "08:15")]))
    day.request(
      .imports([
        Self.received(
          1, "08:10", then: [.outcome(.nfa, byRole: "officer", at: Scenario.moment("08:40"), discussion: nil)]),
        Self.received(2, "08:20"), Self.received(3, "08:30"),
      ]))
    let done = try outcome(day.replies.last)
    #expect((done.tally.new, done.tally.updated, done.tally.unchanged) == (1, 2, 0))
    #expect(day.turns.last?.map(\.event.name) == ["contactOutcome", "contactAmended", "contactReceived"])
    // Whoever looked at it first stands, whoever looks next: or each import would record it anew.
    for (by, entries) in [("manager", 1), ("service manager", 0)] {
      let seq = day.docket.seq
      day.request(
        .imports([Self.received(2, "08:20", then: [.review(byRole: by, at: Scenario.moment("08:50"))])]),
        admitted: try Self.known(2, day))
      #expect(day.docket.seq == seq + entries, "\(by)")
    }
  }

  private static func known(_ number: UInt64, _ day: Scenario) throws -> Input.Admitted {
    var admitted = Input.Admitted()
    admitted.rows[.frontDoor(contact(number))] = .init(
      contact: try FrontDoorContact.folding(day.journal.lines(of: .frontDoor(contact(number)))))
    return admitted
  }

  @Test func oneFaultLeavesNothingAndAllAreTold() throws {
    var day = Self.day()
    let (seq, head) = (day.docket.seq, day.docket.head)
    day.request(
      .imports([
        Self.received(1, "08:10"), Self.row(2, held: Scenario.moment("+1 09:00")),
        Self.row(3, held: Scenario.moment("08:00"), decided: "08:20", by: ["csc"]),
        Self.row(4, held: Scenario.moment("08:00"), by: ["csc", "nobody"]), Self.row(5, held: Scenario.moment("08:00")),
        ImportRow(
          line: 7,
          first: .change(
            Self.id(99), .contribute("csc", .video, byRole: "officer", via: .api, at: Scenario.moment("08:00")))),
      ]))
    let told = try outcome(day.replies.last)
    #expect(
      told.faults.map { "\($0.line) \($0.refusal.code)" } == [
        "3 in-the-future", "4 reason-required", "5 unknown-agency", "7 not-found",
      ])
    #expect((day.docket.seq, day.docket.head) == (seq, head))
    #expect(day.docket.discussions[Self.id(5)] == nil && day.docket.waitingContacts.isEmpty)
    // Nothing of it is left in memory either: the good rows are new.
    day.request(.imports([Self.received(1, "08:10"), Self.row(5, held: Scenario.moment("08:00"))]))
    #expect(try outcome(day.replies.last).tally.new == 2)
  }

  @Test func whatStandsOtherwiseIsAFaultOfItsLine() throws {
    var day = Self.day()
    let held = Scenario.moment("08:00")
    day.request(.imports([Self.row(1, held: held, decided: "08:20"), Self.row(2, held: held)]))
    day.request(.imports([Self.row(1, held: held, decided: "08:25"), Self.row(2, held: held, body: 2)]))
    let told = try outcome(day.replies.last)
    #expect(told.faults.map { "\($0.line) \($0.refusal.code)" } == ["2 already-decided", "3 different-first-body"])
    // A decision that comes later is more, and not otherwise.
    day.request(.imports([Self.row(2, held: held, decided: "08:20")]))
    let more = try outcome(day.replies.last)
    #expect(more.tally.updated == 1 && more.tally.lateEntries == 0)
  }

  @Test func whatIsToComeIsConvenedAndAsks() throws {
    var day = Scenario(starts: "09:00", meeting: "+9 12:00", steps: Scenario.atOnce)
    try day.at("09:00", sends: "police")
    let convene = Convene(
      meeting: .at(Scenario.moment("15:00")), agencies: ["health"], team: "duty", convenedBy: "team manager")
    day.request(
      .imports([ImportRow(line: 2, first: .convene(Self.id(1), convene, firstBody: Fingerprint(high: 1, low: 1)))]))
    let tally = try outcome(day.replies.last).tally
    #expect(tally.new == 1 && tally.lateEntries == 0)
    try day.at("09:00", sends: "health", .invitation)
  }
}
