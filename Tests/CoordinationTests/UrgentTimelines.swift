// An urgent afternoon: who is asked when, for a meeting within the hour or within minutes.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct UrgentTimelines {
  /// The ladder of SCREENS.md's afternoon, so far as there is one.
  private static let ladder = [
    Step(name: "invite", when: .once, to: [.contact]),
    Step(name: "chase", when: .unanswered(.minutes(10)), to: [.contact, .deputy]),
    Step(name: "lead", when: .unanswered(.minutes(20)), to: [.lead]),
    Step(name: "ring", when: .unanswered(.minutes(30)), to: [.coordinator]),
  ]

  private func afternoon(meeting: String, _ agencies: [AgencyID] = ["health"]) -> Scenario {
    Scenario(starts: "16:40", meeting: meeting, agencies: agencies, urgent: Self.ladder)
  }

  @Test func nobodyAnswersAndEverybodyIsAskedInTurn() throws {
    var day = afternoon(meeting: "17:30")
    try day.at("16:40", sends: "health", .invitation)
    try day.at("16:50", sends: "health", .reminder)
    try day.at("16:50", sends: "health-deputy", .reminder)
    try day.at("17:00", sends: "health-lead", .reminder)
    try day.at("17:10", sends: "coordinator", .attention)
    day.quietUntil("18:30")
  }

  /// Twelve minutes: the waits shrink to a quarter and a bit, and four minutes are left to ring in.
  @Test func withinMinutesEverybodyIsAskedAllTheSame() throws {
    var day = afternoon(meeting: "16:52")
    try day.at("16:40", sends: "health", .invitation)
    try day.at("16:42:40", sends: "health", .reminder)
    try day.at("16:42:40", sends: "health-deputy", .reminder)
    try day.at("16:45:20", sends: "health-lead", .reminder)
    try day.at("16:48", sends: "coordinator", .attention)
    day.quietUntil("18:30")
  }

  /// Its bytes say so: a receiver may wake somebody.
  @Test func theMessageSaysThatItIsUrgent() throws {
    var day = afternoon(meeting: "17:30")
    let sent = try day.at("16:40", sends: "health")
    #expect(sent.opening.body.contains(#""urgency":"urgent""#))
    #expect(sent.opening.margin == .minutes(1))
  }

  /// A pause of a third of the time that is left at most; a contribution ends it.
  @Test func anAcknowledgementPausesAndAContributionSilences() throws {
    var day = afternoon(meeting: "17:30")
    try day.at("16:40", sends: "health")
    day.does(.acknowledge("health", byRole: "nurse", via: .phone, at: nil), at: "16:45")
    // A quarter of an hour, in which two steps have come due: one message, to the places of both.
    try day.at("17:00", sends: "health")
    try day.at("17:00", sends: "health-deputy")
    try day.at("17:00", sends: "health-lead")
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "17:05")
    day.quietUntil("18:30")
  }

  /// Moved from the evening to within the quarter of an hour: the new time's waits are its own.
  @Test func aNewTimeIsFittedAnew() throws {
    var day = afternoon(meeting: "19:00")
    try day.at("16:40", sends: "health", .invitation)
    day.does(.reschedule(meetingAt: Scenario.moment("17:03"), reason: "earlier"), at: "16:45")
    try day.at("16:45", sends: "health", .rescheduled)
    try day.at("16:49", sends: "health", .reminder)
    try day.at("16:49", sends: "health-deputy", .reminder)
    try day.at("16:53", sends: "health-lead", .reminder)
    try day.at("16:57", sends: "coordinator", .attention)
    day.quietUntil("18:30")
  }

  /// The plan says by which rule, and that it comes earlier.
  @Test func thePlanSaysWhatWasBroughtForward() throws {
    let day = afternoon(meeting: "16:52")
    let discussion = try #require(day.docket.discussions[day.discussion])
    let sends = Plan.future(
      of: discussion, policies: day.docket.policies, arrangements: Scenario.town(), stopped: [], from: day.now)
    #expect(sends.map(\.rule).filter { $0.hasPrefix("20 min") } == ["20 minutes without an answer, brought forward"])
  }
}
