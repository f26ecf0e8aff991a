// Who is asked when somebody cannot be reached, or there is hardly any time: nobody's place may be lost on the way, and
// nobody is told twice because of it. CONTRACT.md 2.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct UnreachedTimelines {
  private let other = DiscussionID("AAAA-AAAA")!

  @Test func aMeetingThatIsBroughtForwardAsksAllWhoseTurnIsOver() throws {
    var day = Scenario(starts: "08:00", meeting: "+1 14:00")
    try day.at("08:00", sends: "police", .invitation)
    day.does(.reschedule(meetingAt: Scenario.moment("09:00"), reason: "sooner"), at: "08:30")
    // The contact is told; there is no time left for the deputy's, the lead's and the coordinator's own steps.
    try day.at("08:30", sends: "police", .rescheduled)
    #expect(try day.at("08:30", sends: "police-deputy", .reminder).opening.step == "before")
    try day.at("08:30", sends: "police-lead", .reminder)
    try day.at("08:30", sends: "coordinator", .attention)
    day.quietUntil("+1 08:30")
  }

  /// `convene --at now`: a child cannot wait for a better time.
  @Test func aMeetingThatBeginsNowAsksEverybodyAtOnce() throws {
    var day = Scenario(starts: "08:00", meeting: "08:00")
    let asked = try day.at("08:00", sends: "police", .invitation)
    #expect(asked.opening.stopAfter == Scenario.moment("09:00"))
    try day.at("08:00", sends: "police-deputy", .invitation)
    try day.at("08:00", sends: "police-lead", .invitation)
    try day.at("08:00", sends: "coordinator", .attention)
    day.quietUntil("+1 08:00")
  }

  @Test func whoNeverWasAskedIsInvitedThoughTheCoordinatorHeard() throws {
    var limits = Limits()
    limits.perEndpoint = 1
    var day = Scenario(starts: "13:59:30", meeting: "18:00", steps: Scenario.atOnce, limits: limits)
    // The only slot is taken until this meeting is over.
    let busy = try day.at("13:59:30", sends: "police", answering: nil)
    day.convene(other, "14:00", ["police"])
    #expect(try day.at("14:00", sends: "coordinator", .attention).opening.step == "too-late")
    day.answer(busy, 204)
    day.skip(to: Scenario.moment("14:05"))
    day.request(.change(other, .reschedule(meetingAt: Scenario.moment("14:35"), reason: "later")))
    try day.at("14:05", sends: "police", .invitation)
    try day.at("14:05", sends: "coordinator", .rescheduled)
  }

  @Test func aNewTimeThatFindsAStoppedRouteIsToldToTheNextPlace() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    try stop("police", of: "police", &day)
    day.does(.reschedule(meetingAt: Scenario.moment("10:30"), reason: "sooner"), at: "08:30")
    try day.at("08:30", sends: "police-deputy", .reminder)
    #expect(try day.at("08:30", sends: "coordinator", .attention).opening.step == "stopped")
    day.quietUntil("09:45")
  }

  @Test func whoeverStandsBehindTwoNamesIsPassedWhereTheyRefuse() throws {
    var day = Scenario(
      starts: "08:00", meeting: "18:00",
      in: Scenario.town(
        contact: { _ in [Holding(hours: nil, route: "night")] }, deputy: { _ in [Holding(hours: nil, route: "night")] })
    )
    try day.at("08:00", sends: "night", .invitation, answering: 401)
    let again = try day.within("08:05", "08:06", sends: "night", answering: 401)
    // The deputy is the same route: asking it is no answer to its refusal.
    #expect(try day.within("08:05", "08:06", sends: "police-lead", .reminder).at == again.at)
  }

  @Test func whoeverStandsBehindTwoNamesAndHearsIsAskedOnce() throws {
    var day = Scenario(
      starts: "08:00", meeting: "18:00",
      in: Scenario.town(
        contact: { _ in [Holding(hours: nil, route: "night")] }, deputy: { _ in [Holding(hours: nil, route: "night")] })
    )
    try day.at("08:00", sends: "night", .invitation)
    day.quietUntil("10:00")
    try day.at("10:00", sends: "police-lead")
  }

  @Test func theCoordinatorHearsOnceOfARouteThatHadStoppedBefore() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["health"])
    try day.at("08:00", sends: "health")
    try stop("police", of: "police", &day)
    day.convene(other, "18:00", ["police"])
    try day.at("08:00", sends: "police-deputy", .invitation)
    #expect(try day.at("08:00", sends: "coordinator", .attention).opening.step == "stopped")
    // At quarter past five the contact's place is passed again: that is known.
    try day.at("09:00", sends: "health-deputy")
    try day.at("10:00", sends: "police-lead")
    try day.at("10:00", sends: "health-lead")
    try day.at("11:00", sends: "coordinator")
    try day.at("11:00", sends: "coordinator")
    try day.at("13:15", sends: "health")
    day.quietUntil("17:15")
    day.quietUntil("+1 08:00")
  }

  @Test func aNewTimeDoesNotSwallowTheWordOfAStoppedRoute() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police", answering: 410)
    try day.at("08:00", sends: "police-deputy", .reminder)
    try day.at("08:00", sends: "coordinator", .attention, answering: 503)
    day.does(.reschedule(meetingAt: Scenario.moment("18:00"), reason: "later"), at: "08:00:03")
    try day.at("08:00:03", sends: "police-deputy", .rescheduled)
    let words = [
      try day.at("08:00:03", sends: "coordinator"), try day.at("08:00:03", sends: "coordinator"),
    ]
    #expect(words.map(\.opening.step) == ["stopped", "rescheduled"])
  }

  @Test func aRefusalByTheCoordinatorEscalatesNothing() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police", answering: 410)
    try day.at("08:00", sends: "police-deputy")
    try day.at("08:00", sends: "coordinator", answering: 404)
    try day.within("08:05", "08:06", sends: "coordinator", answering: 404)
    day.quietUntil("09:05")
  }

  @Test func aRefusalIsNotEscalatedPastWhoStandsInAlready() throws {
    let steps = [
      Step(name: "ask", when: .once, to: [.contact]),
      Step(name: "chase", when: .unanswered(.hours(2)), to: [.contact]),
      Step(name: "deputy", when: .unanswered(.hours(3)), to: [.deputy]),
      Step(name: "lead", when: .before(.minutes(45)), to: [.lead]),
    ]
    var day = Scenario(starts: "08:00", meeting: "18:00", steps: steps)
    try day.at("08:00", sends: "police", answering: 404)
    try day.within("08:05", "08:06", sends: "police", answering: 404)
    try day.within("08:05", "08:06", sends: "police-deputy", .reminder)
    try day.within("09:05", "09:20", sends: "police", answering: 404)
    try day.at("10:00", sends: "police", .reminder, answering: 404)
    try day.within("10:05", "10:06", sends: "police", answering: 404)
    day.quietUntil("11:00")
  }

  @Test func aStepThatWaitsForTheClockIsNotSentToWhomANewerOneAsked() throws {
    let steps = [
      Step(name: "ask", when: .once, to: [.contact]), Step(name: "deputy", when: .unanswered(.hours(1)), to: [.deputy]),
      Step(name: "before", when: .before(.minutes(45)), to: [.contact, .deputy]),
    ]
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: steps)
    try day.at("08:00", sends: "police")
    day.clockIsSet(to: "13:20")
    try day.at("13:20", sends: "police", .reminder)
    try day.at("13:20", sends: "police-deputy", .reminder)
    day.quietUntil("+1 08:00")
  }

  @Test func whatWasReplacedInTheSameTurnIsNotSentOnceMore() throws {
    let steps = [Scenario.ladder[0], Step(name: "ring", when: .unanswered(.hours(1)), to: [.coordinator])]
    var day = Scenario(starts: "08:00", meeting: "18:00", steps: steps)
    try day.at("08:00", sends: "police", answering: 404)
    try day.within("08:05", "08:06", sends: "police", answering: 404)
    // Both messages wait for their next attempt, when the contact's route stops.
    try day.within("08:05", "08:06", sends: "coordinator", .attention, answering: 404)
    try stop("police", of: "police", &day)
    try day.restart(at: "10:30")
    // The word of it replaces what the coordinator did not get before.
    #expect(try day.at("10:30", sends: "coordinator").opening.step == "stopped")
    day.quietUntil("+1 08:00")
  }

  /// A test message is answered: gone.
  private func stop(_ route: RouteName, of agency: AgencyID, _ day: inout Scenario) throws {
    day.request(.ping(agency, route: route))
    let ping = try #require(day.unseen.first { $0.opening.message == .ping })
    try day.within("00:00", "+1 00:00", sends: ping.send.delivery.route, .ping, answering: 410)
  }

  /// No endpoint has a slot for as long as its word is worth sending: the coordinator has to hear of it instead.
  @Test func aNoThatFoundNoSlotForADayGoesToTheCoordinator() {
    var limits = Limits()
    limits.perEndpoint = 0
    var day = Scenario(starts: "08:00", meeting: "+5 14:00", limits: limits)
    day.does(.decline("police", .b10, byRole: "sergeant", at: nil), at: "09:00")
    // Whatever has it looked at once its time is up.
    day.does(.call("health", number: "0113 496 0181", .noReply, byRole: "duty", at: nil), at: "+1 09:00")
    func words(_ day: Scenario) -> [Rung] {
      day.turns.joined().flatMap { entry -> [Rung] in
        guard case .ladderPlanned("police", .raised, let rungs) = entry.event else { return [] }
        return rungs.filter { $0.message == .answered && $0.places == [.coordinator] }
      }
    }
    #expect(words(day).map(\.due) == [Scenario.moment("+1 09:00")])
    #expect(day.state?.position("police")?.rungs.map(\.places) == [[.coordinator]])
  }
}
