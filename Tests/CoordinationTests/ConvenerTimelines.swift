// What whoever convened hears: whom to ring at each step that nobody answered, and at once that an agency has declined.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct ConvenerTimelines {
  /// The urgent ladder of SCREENS.md's afternoon, so far as there is one.
  private static let ladder = [
    Step(name: "invite", when: .once, to: [.contact]),
    Step(name: "chase", when: .unanswered(.minutes(10)), to: [.contact, .deputy], tellsConvener: true),
    Step(name: "lead", when: .unanswered(.minutes(20)), to: [.lead], tellsConvener: true),
    Step(name: "ring", when: .unanswered(.minutes(30)), to: [.coordinator], tellsConvener: true),
  ]

  private func afternoon(meeting: String = "17:30", in town: Arrangements = Scenario.town()) -> Scenario {
    Scenario(starts: "16:40", meeting: meeting, agencies: ["health"], urgent: Self.ladder, in: town)
  }

  /// Health was asked at 16:40, and has declined at 16:45.
  private func afternoonOfADecline(in town: Arrangements = Scenario.town()) throws -> Scenario {
    var day = afternoon(in: town)
    try day.at("16:40", sends: "health")
    day.does(.decline("health", .b10, byRole: "duty nurse", at: nil), at: "16:45")
    return day
  }

  private static func town(convener: [Holding] = [], lead: [Holding]? = nil) -> Arrangements {
    let town = Scenario.town()
    let agencies = town.agencies.map { agency in
      var places = agency.places
      if let lead { places[.lead] = lead }
      return Agency(id: agency.id, name: agency.name, places: places)
    }
    return Arrangements(
      agencies: agencies, coordinator: town.coordinator, teams: [Team(id: "duty", convener: convener)],
      routes: town.routes, ring: town.ring, source: town.source, calendar: town.calendar)
  }

  @Test func theConvenerHearsAtEachStepThatNobodyAnswered() throws {
    var day = afternoon()
    try day.at("16:40", sends: "health", .invitation)
    try day.at("16:50", sends: "health", .reminder)
    try day.at("16:50", sends: "health-deputy", .reminder)
    let word = try day.at("16:50", sends: "convener", .attention)
    #expect(word.opening.body.contains(#""recipient":"convener""#))
    #expect(word.opening.body.contains("convened.discussion.attention.v1"))
    try day.at("17:00", sends: "health-lead", .reminder)
    try day.at("17:00", sends: "convener", .attention)
    try day.at("17:10", sends: "coordinator", .attention)
    try day.at("17:10", sends: "convener", .attention)
    day.quietUntil("18:30")
  }

  @Test func whatIsAnsweredIsNoWordOfItsAny() throws {
    var day = afternoon()
    try day.at("16:40", sends: "health")
    try day.at("16:50", sends: "health")
    try day.at("16:50", sends: "health-deputy")
    try day.at("16:50", sends: "convener", answering: 503)
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "16:50:03")
    day.quietUntil("18:30")
  }

  /// Four minutes are left to ring in. Each step tells, since none of them is due at once.
  @Test func withinMinutesTheConvenerHearsAllTheSame() throws {
    var day = afternoon(meeting: "16:52")
    try day.at("16:40", sends: "health", .invitation)
    try day.at("16:42:40", sends: "health")
    try day.at("16:42:40", sends: "health-deputy")
    try day.at("16:42:40", sends: "convener", .attention)
    try day.at("16:45:20", sends: "health-lead")
    try day.at("16:45:20", sends: "convener", .attention)
    try day.at("16:48", sends: "coordinator", .attention)
    try day.at("16:48", sends: "convener", .attention)
    day.quietUntil("18:30")
  }

  /// Whoever has just convened it for now is not told that nobody has answered yet.
  @Test func whatBeginsNowTellsNoConvener() throws {
    var day = afternoon(meeting: "16:40")
    for route in ["health", "health-deputy", "health-lead", "coordinator"] as [RouteName] {
      try day.at("16:40", sends: route)
    }
    day.quietUntil("18:30")
  }

  @Test func aTeamWithoutAConvenerIsSaidAndTheOthersAreAsked() throws {
    var day = afternoon(in: Self.town())
    try day.at("16:40", sends: "health")
    try day.at("16:50", sends: "health")
    try day.at("16:50", sends: "health-deputy")
    #expect(
      day.journal.lines.contains {
        $0.line?.contains(#""place":"convener","step":"chase","reason":"no_holder""#) ?? false
      })
    try day.at("17:00", sends: "health-lead")
    try day.at("17:10", sends: "coordinator")
    day.quietUntil("18:30")
  }

  /// A word to the convener asks nobody: where a step finds nobody else, the next one is due at once all the same.
  @Test func theConvenersWordStandsInForNobody() throws {
    let convener = [Holding(hours: nil, route: "convener")]
    var day = afternoon(in: Self.town(convener: convener, lead: []))
    try day.at("16:40", sends: "health")
    try day.at("16:50", sends: "health")
    try day.at("16:50", sends: "health-deputy")
    try day.at("16:50", sends: "convener")
    try day.at("17:00", sends: "convener", .attention)
    try day.at("17:00", sends: "coordinator", .attention)
    day.quietUntil("18:30")
  }

  /// It said that it will come: there is nobody to ring.
  @Test func whatIsInHandIsNoWordToTheConvener() throws {
    var day = Scenario(
      starts: "08:00", meeting: "14:00", agencies: ["health"],
      steps: Scenario.atOnce + [Step(name: "before", when: .before(.minutes(45)), to: [.contact], tellsConvener: true)])
    try day.at("08:00", sends: "health")
    day.does(.acknowledge("health", byRole: "nurse", via: .phone, at: nil), at: "08:10")
    day.quietUntil("13:15")
    try day.at("13:15", sends: "health", .reminder)
    day.quietUntil("15:00")
  }

  @Test func aNewTimeLosesNoWordOfADecline() throws {
    var day = try afternoonOfADecline()
    try day.at("16:45", sends: "health-lead", .answered, answering: 503)
    try day.at("16:45", sends: "convener", .answered)
    day.does(.reschedule(meetingAt: Scenario.moment("19:00"), reason: "room"), at: "16:45:03")
    try day.at("16:45:03", sends: "health-lead", .answered)
    day.quietUntil("19:30")
  }

  /// The lead was told, and not asked: whoever comes after all is invited at the contact's place, and the deputy in time.
  @Test func whoWasToldOfADeclineWasNotAsked() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["health"])
    try day.at("08:00", sends: "health", answering: 503)
    day.does(.decline("health", .b10, byRole: "duty nurse", at: nil), at: "08:00:02")
    try day.at("08:00:02", sends: "health-lead", .answered)
    try day.at("08:00:02", sends: "convener", .answered)
    #expect(day.state?.position("health")?.asked.map(\.place) == [.contact])
  }

  @Test func aDeclineRisesAtOnce() throws {
    var day = try afternoonOfADecline()
    let lead = try day.at("16:45", sends: "health-lead", .answered)
    #expect(lead.opening.body.contains("convened.discussion.answered.v1"))
    #expect(!lead.opening.body.contains("B10"))
    try day.at("16:45", sends: "convener", .answered)
    day.quietUntil("18:30")
  }

  @Test func aDeclineThatNeitherLeadNorConvenerCanHearGoesToTheCoordinator() throws {
    var day = try afternoonOfADecline(in: Self.town(lead: []))
    try day.at("16:45", sends: "coordinator", .answered)
    day.quietUntil("18:30")
  }

  @Test func whereTheConvenerHearsTheCoordinatorNeedNot() throws {
    var day = try afternoonOfADecline(in: Self.town(convener: [Holding(hours: nil, route: "convener")], lead: []))
    try day.at("16:45", sends: "convener", .answered)
    day.quietUntil("18:30")
  }

  /// The first of them that wants no more leaves the other to hear; the coordinator hears once neither does.
  @Test func aDeclineThatNobodyTakesInAnyMoreGoesToTheCoordinator() throws {
    var day = try afternoonOfADecline()
    try day.at("16:45", sends: "convener", .answered, answering: 410)
    let lead = try day.at("16:45", sends: "health-lead", .answered, answering: nil)
    day.quietUntil("16:45:02")
    day.answer(lead, 410)
    try day.at("16:45:01.999", sends: "coordinator", .answered)
    day.quietUntil("18:30")
  }

  /// The lead's message is tried for a day.
  @Test func aDeclineThatIsNeverTakenInGoesToTheCoordinatorInTheEnd() throws {
    var day = Scenario(
      starts: "16:40", meeting: "+3 10:00", agencies: ["health"], steps: Scenario.atOnce, in: Self.town())
    try day.at("16:40", sends: "health")
    day.does(.decline("health", .b10, byRole: "duty nurse", at: nil), at: "16:45")
    var lead = try day.at("16:45", sends: "health-lead", .answered, answering: 503)
    while lead.at < Scenario.moment("+1 16:30") {
      lead = try day.within("16:45", "+1 16:45", sends: "health-lead", .answered, answering: 503)
    }
    try day.within("+1 16:30", "+1 16:45", sends: "coordinator", .answered)
  }

  @Test func whoComesAfterAllSilencesTheWordOfTheDecline() throws {
    var day = try afternoonOfADecline()
    try day.at("16:45", sends: "health-lead", .answered, answering: 503)
    try day.at("16:45", sends: "convener", .answered, answering: 503)
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "16:45:03")
    day.quietUntil("18:30")
  }

  /// It is held: who declines now says why it was not there.
  @Test func aDeclineOfWhatWasHeldIsNoNews() throws {
    var day = afternoon()
    try day.at("16:40", sends: "health")
    day.does(.hold(heldAt: nil, form: nil, decision: nil), at: "16:45")
    day.does(.decline("health", .b10, byRole: "duty nurse", at: nil), at: "16:46")
    day.quietUntil("18:30")
  }

  /// They moved it themselves.
  @Test func aNewTimeIsNoNewsToTheConvener() throws {
    var day = afternoon()
    try day.at("16:40", sends: "health")
    try day.at("16:50", sends: "health")
    try day.at("16:50", sends: "health-deputy")
    try day.at("16:50", sends: "convener")
    day.does(.reschedule(meetingAt: Scenario.moment("19:00"), reason: "room"), at: "16:55")
    try day.at("16:55", sends: "health", .rescheduled)
    try day.at("16:55", sends: "health-deputy", .rescheduled)
    day.quietUntil("17:05")
  }
}
