// Who was missing and why, and in which order things happened, once something is recorded late or put right: one verdict, and
// nothing before what it follows.
import Testing

@testable import Convening

extension CorrectionTests {
  /// What was no contribution, no acknowledgement or no decline gives way to the reason that the rules propose without it; and
  /// who was not told that it was decided is told once.
  @Test(
    arguments: [
      (gave("police", .mashCheckOnly), "corrected barrier ladder", nil),
      (
        .acknowledge("police", byRole: "officer", via: .phone, stays: false, unit: nil, at: nil), "corrected barrier",
        nil
      ),
      (.decline("police", .b13, byRole: "officer", unit: nil, at: nil), "corrected barrier ladder", BarrierCode.b13),
    ] as [(Command, String, BarrierCode?)])
  func whatTurnsOutNotToBeSaid(said: Command, follows: String, before: BarrierCode?) throws {
    let ladder = Ladder(
      acknowledgementHolds: .hours(2), lastAttemptMargin: .minutes(10), steps: Example.ladder.steps,
      afterDecision: AfterDecision(name: "absent", to: [.contact]))
    var course = try Course(
      Example.convene(agencies: nil), under: Example.policy(ladder: ladder, clocks: Self.clocks))
    try course.does(.sendDetails("police", .contact, unit: nil, at: nil), at: Example.at("09:02"))
    course.happen([Self.asked], at: Example.at("09:03"))
    try course.does(said, at: Example.at("09:10"))
    let place = course.entries.last { ["acknowledged", "contributed", "declined"].contains($0.event.word) }!.revision
    try course.does(Self.gave("csc"), at: Example.at("09:20"))
    try course.does(Self.enquiry(), at: Example.at("13:00"))
    #expect(course.discussion.position("police")?.barrier?.code == before)
    let events = try course.does(Self.correct(place), at: Example.at("13:05"))
    #expect(events.map(\.word).joined(separator: " ") == follows)
    #expect(course.discussion.position("police")?.barrier.map { $0.by == .rules && $0.code != .b13 } == true)
  }

  /// A call before the decision that is recorded after it: one verdict, everywhere.
  @Test func whatWasGivenBeforeAndRecordedAfterwards() throws {
    var course = try course(agencies: nil)
    try course.goes([
      ("09:10", Self.gave("csc")), ("09:20", Self.gave("health")), ("13:00", Self.enquiry()),
    ])
    #expect(course.discussion.missingAtDecision == ["police"])
    #expect(course.discussion.clocks.contains { $0.id == .followUp })
    let events = try course.does(Self.gave("police", at: "12:50"), at: Example.at("13:05"))
    #expect(events.map(\.word) == ["contributed", "settled"])
    #expect(course.discussion.missingAtDecision == [] && course.discussion.position("police")?.barrier == nil)
    #expect(!course.discussion.clocks.contains { $0.id == .followUp })
    #expect(refusal(.nameBarrier("police", .b14, by: .chair, agreed: nil), course) == "not-absent")
    // After the decision it settles nothing; taken back, the police are missing again.
    #expect(try course.does(Self.gave("police", at: "13:04"), at: Example.at("13:06")).map(\.word) == ["contributed"])
    let call = course.entries.first {
      if case .contributionRecorded("police", _, _, _, _, _) = $0.event { true } else { false }
    }!
    #expect(try course.does(Self.correct(call.revision), at: Example.at("13:10")).map(\.word).first == "corrected")
    #expect(course.discussion.missingAtDecision == ["police"])
    #expect(course.discussion.clocks.contains { $0.id == .followUp })
  }

  /// The record goes out after the decision, and is received after that; the decision is taken when they have met.
  @Test func whatFollowsComesAfterWhatItFollows() throws {
    var course = try course(agencies: nil)
    try course.goes([("09:10", Self.gave("csc")), ("10:00", Example.held)])
    #expect(refusal(Self.enquiry(at: "09:50"), course) == "before-start")
    try course.does(Self.enquiry(at: "10:10"), at: Example.at("10:15"))
    #expect(refusal(.circulate(to: ["police", "csc"], at: Example.at("10:09")), course) == "before-start")
    try course.does(.circulate(to: ["police", "csc"], at: Example.at("10:20")), at: Example.at("10:30"))
    #expect(refusal(.receive("police", at: Example.at("10:09")), course) == "before-start")
    try course.does(.receive("police", at: Example.at("10:20")), at: Example.at("10:40"))
    let sent = course.last("circulated")
    #expect(refusal(Self.correct(sent, .circulate(to: ["csc"], at: nil)), course) == "others-stand-on-it")
    #expect(refusal(Self.correct(sent), course) == "others-stand-on-it")
    let later = Command.hold(heldAt: Example.at("10:12"), form: nil, decision: nil)
    #expect(refusal(Self.correct(course.last("held"), later), course) == "others-stand-on-it")
    #expect(refusal(Self.correct(course.last("decided"), Self.enquiry(at: "10:25")), course) == "others-stand-on-it")
    // It went out to others later: that says nothing of when the police had theirs.
    try course.does(.circulate(to: ["health"], at: Example.at("11:30")), at: Example.at("11:30"))
    try course.does(.receive("csc", at: Example.at("10:45")), at: Example.at("11:40"))
    #expect(course.discussion.receipts.map(\.at) == [Example.at("10:20"), Example.at("10:45")])
  }

  /// People tell whole minutes, and some clocks are ahead: what nobody typed is not before anything.
  @Test func aTimeThatNobodyTypedIsNeverBefore() throws {
    var course = try course(agencies: nil)
    let live = Example.at("10:10") + .seconds(20)
    try course.does(Self.gave("csc"), at: live)
    try course.does(Example.held, at: live + .seconds(20))
    // Some moment of that minute: the one in which they met.
    try course.does(Self.enquiry(at: "10:10"), at: Example.at("10:12"))
    #expect(course.discussion.decision?.decidedAt == live + .seconds(20))

    var ahead = try self.course(agencies: nil)
    try ahead.does(Self.gave("csc"), at: Example.at("10:10"))
    let decision = Decision(outcome: .nfa, byRole: "chair", reason: "R1")
    try ahead.does(.hold(heldAt: Example.at("10:15"), form: nil, decision: decision), at: Example.at("10:13"))
    #expect(ahead.discussion.decision?.decidedAt == Example.at("10:15"))
    try ahead.does(.circulate(to: ["csc"], at: nil), at: Example.at("10:14"))
    #expect(ahead.discussion.circulatedAt == Example.at("10:15"))
  }

  /// What was out of order before stays so, and hinders nothing that is put right beside it.
  @Test func whatWasOutOfOrderHindersNothing() throws {
    var course = try course(agencies: nil)
    try course.goes([("09:10", Self.gave("csc")), ("09:12", Self.gave("csc")), ("10:00", Example.held)])
    let decision = Decision(outcome: .nfa, decidedAt: Example.at("09:50"), byRole: "chair", reason: "R1")
    course.happen([.decided(decision, missing: ["police", "health"])], at: Example.at("10:30"))
    try course.does(Self.correct(course.last("contributed")), at: Example.at("10:40"))
    #expect(course.discussion.position("csc")?.contributions.count == 1)
  }

  /// Where they met is put right, and then something else: the conference counts from where they met.
  @Test func theConferenceCountsFromWhereTheyMetWhateverIsPutRightAfterThat() throws {
    var course = try course(agencies: nil)
    try course.goes([
      ("09:10", Self.gave("csc")), ("09:12", Self.gave("csc")), ("14:00", Example.held), ("14:10", Self.enquiry()),
    ])
    let earlier = Command.hold(heldAt: Example.at("11-23 16:00"), form: nil, decision: nil)
    try course.does(Self.correct(course.last("held"), earlier), at: Example.at("15:00"))
    let clock = course.discussion.clocks.first { $0.id == .c5 }
    #expect(clock?.started == Example.at("11-23 16:00"))
    try course.does(Self.correct(course.last("contributed")), at: Example.at("15:10"))
    #expect(course.discussion.clocks.first { $0.id == .c5 } == clock)
  }

  /// What the agency said of its absence it said of the decision that was struck: nothing that is put right later brings it back.
  @Test func whatWasSaidOfAStruckDecisionIsGone() throws {
    var course = try course(agencies: nil)
    try course.goes([
      ("09:10", Self.gave("csc")), ("09:20", Self.gave("csc")), ("13:00", Self.enquiry()),
      ("13:02", .nameBarrier("police", .b10, by: .chair, agreed: nil)),
    ])
    try course.does(Self.correct(course.last("decided")), at: Example.at("13:05"))
    try course.does(Self.enquiry(), at: Example.at("13:10"))
    let proposed = course.discussion.position("police")?.barrier
    #expect(proposed.map { $0.by == .rules && $0.code != .b10 } == true)
    try course.does(Self.correct(course.last("contributed")), at: Example.at("13:15"))
    #expect(course.discussion.position("police")?.barrier == proposed)
  }
}
