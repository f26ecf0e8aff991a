// Who needs a person, and from when: the list that a coordinator looks at. Nobody who is silent may be missing from it.
import Convening
import Coordination
import Simulation
import Testing

@Suite struct AttentionTimelines {
  /// "police unanswered", in order.
  private func list(_ day: Scenario) -> [String] {
    day.docket.live(Live(since: day.now), at: day.now).attention.map { "\($0.agency) \($0.why)" }
  }

  @Test func silenceAtTheMeetingNeedsAPersonThoughNobodyElseWasAsked() throws {
    var day = Scenario(
      starts: "08:00", meeting: "09:00", agencies: ["police", "health"], steps: Scenario.atOnce + [last])
    try day.at("08:00", sends: "police")
    try day.at("08:00", sends: "health")
    day.does(.acknowledge("health", byRole: "nurse", via: .phone, at: nil), at: "08:10")
    day.pass(to: "08:59:59")
    #expect(list(day) == [])
    day.pass(to: "09:00")
    #expect(list(day) == ["police unanswered"])
    day.does(.hold(heldAt: nil, form: nil, decision: nil), at: "09:20")
    #expect(list(day) == [])
  }

  /// Planned for just before the meeting, and asked of nobody: it keeps the ladder from being spent.
  private let last = Step(name: "last", when: .before(Elapsed(milliseconds: 1)), to: [])

  @Test func aLadderThatIsSpentNeedsAPersonAfterAQuarterOfAnHour() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: Scenario.atOnce)
    try day.at("08:00", sends: "police")
    day.pass(to: "08:14:59")
    #expect(list(day) == [])
    day.pass(to: "08:15")
    #expect(list(day) == ["police unanswered"])
    day.does(.contribute("police", .phoneLive, byRole: "officer", via: .phone, at: nil), at: "08:30")
    #expect(list(day) == [])
  }

  @Test(arguments: [(404, nil), (503, "09:30")] as [(Int, String?)])
  func aFailureThatWaitingDoesNotMendIsSeenAtOnce(status: Int, retryAfter: String?) throws {
    // Retry-After reaches past the meeting: there is no other attempt.
    var day = Scenario(starts: "08:00", meeting: "08:50", steps: Scenario.atOnce + [last])
    try day.at("08:00", sends: "police", answering: status, retryAfter: retryAfter)
    #expect(list(day) == ["police undelivered"])
  }

  @Test func oneSlipOfANetworkIsNoAlarm() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police", answering: 503)
    #expect(list(day) == [])
    try day.within("08:00:05", "08:00:06", sends: "police", answering: 503)
    #expect(list(day) == ["police undelivered"])
    try day.within("08:00:30", "08:00:50", sends: "police", answering: 204)
    #expect(list(day) == [])
  }

  @Test func whatDoesNotCountSilencesAndIsShown() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police"])
    try day.at("08:00", sends: "police")
    day.does(.contribute("police", .mashCheckOnly, byRole: "officer", via: .phone, at: nil), at: "08:30")
    #expect(list(day) == ["police notCounting"])
    day.quietUntil("13:00")
    day.does(.contribute("police", .phoneLive, byRole: "officer", via: .phone, at: nil), at: "13:00")
    #expect(list(day) == [])
  }

  @Test func aMeetingThatPassedWhileTheDaemonWasDownIsToldToTheCoordinator() throws {
    var day = Scenario(starts: "08:00", meeting: "10:00", agencies: ["police", "health"])
    try day.at("08:00", sends: "police")
    try day.at("08:00", sends: "health")
    day.does(.acknowledge("health", byRole: "nurse", via: .phone, at: nil), at: "08:10")
    try day.restart(at: "11:00")
    #expect(list(day) == ["police unanswered"])
    let word = try day.at("11:00", sends: "coordinator", .attention, answering: 503)
    // As late as the newest step that had no time: at 09:20, a third of the time before the meeting.
    #expect(word.opening.step == "too-late")
    #expect(word.send.delivery.body.contains("\"late_by_s\":6000"))
    // A day long, not until a meeting that is over.
    #expect(word.opening.stopAfter == Scenario.moment("+1 11:00"))
    try day.within("11:00:05", "11:00:06", sends: "coordinator", .attention)
    // Then both are told daily, each a day after the last message about it.
    day.quietUntil("+1 08:00")
  }

  @Test func aWordThatFoundNoSlotForADayIsSaidAfterAll() throws {
    var limits = Limits()
    limits.perEndpoint = 1
    var day = Scenario(starts: "08:00", meeting: "10:00", agencies: ["police", "health"], limits: limits)
    try day.at("08:00", sends: "police")
    try day.at("08:00", sends: "health")
    try day.restart(at: "11:00")
    // The word about the other agency waits for this one's slot, and then the daemon is down for more than a day.
    let first = try day.at("11:00", sends: "coordinator", .attention, answering: nil)
    try day.restart(at: "+1 12:00")
    let second = try day.at("+1 12:00", sends: "coordinator", .attention)
    #expect([first, second].map(\.opening.agency) == ["police", "health"])
    #expect(second.opening.step == "too-late")
    // A day after the first word: it is told daily.
    #expect(try day.at("+1 12:00", sends: "coordinator", .attention).opening.step == "daily")
    #expect(second.opening.stopAfter == Scenario.moment("+2 12:00"))
  }

  @Test func whoIsNextIsWhoWouldBeAskedAsThingsStand() throws {
    let steps = [
      Step(name: "ask", when: .once, to: [.contact]), Step(name: "deputy", when: .unanswered(.hours(1)), to: [.deputy]),
      Step(name: "before", when: .before(.minutes(45)), to: [.contact, .lead]),
    ]
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: steps)
    func next() -> Place? { day.docket.live(Live(since: day.now), at: day.now).attention.first?.next?.place }
    try day.at("08:00", sends: "police")
    try day.at("09:00", sends: "police-deputy")
    #expect(next() == .contact)
    // The contact's route stops, by the answer to a test message: the list knows at once.
    day.request(.ping("police", route: "police"))
    try day.at("09:00", sends: "police", .ping, answering: 410)
    #expect(next() == .lead)
    day.request(.enable("police", "police"))
    #expect(next() == .contact)
  }

  private func foresight(_ day: Scenario) -> Foresight {
    day.docket.foresight(of: day.docket.live(Live(since: day.now), at: day.now).attention, at: day.now)
  }

  private func next(_ day: Scenario) -> String? {
    foresight(day).next[day.discussion]?["police"].map { "\($0.place) \(String("\($0.at)".dropFirst(11).prefix(5)))" }
  }

  /// The first line of the plan, whatever comes first: another try, or the next place because nothing arrives.
  @Test func whileNothingArrivesNextIsWhatThePlanSays() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", undelivered: .minutes(15))
    try day.at("08:00", sends: "police", answering: 503)
    try day.within("08:00:05", "08:00:06", sends: "police", answering: 503)
    #expect(next(day) == "contact 08:00")
    for _ in 0..<3 { try day.within("08:00:06", "08:14", sends: "police", answering: 503) }
    // Its next try comes after the quarter of an hour.
    #expect(next(day) == "deputy 08:15")
    let planned = Plan.future(
      of: try #require(day.state), policies: day.docket.policies, arrangements: day.docket.arrangements, stopped: [],
      from: day.now)
    let said = foresight(day).next[day.discussion]?["police"]
    #expect(said?.at == planned.first?.at && said?.route == planned.first?.route && said?.route == "police-deputy")
    try day.at("08:15", sends: "police-deputy")
  }

  @Test func aPauseIsPartOfWhatComesNext() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    try day.at("09:00", sends: "police-deputy")
    #expect(next(day) == "lead 10:00")
    day.pass(to: "09:30")
    day.request(.pause(until: Scenario.moment("10:20"), reason: "maintenance"))
    #expect(next(day) == "lead 10:20")
  }

  /// The deputy is the contact under another name; nobody has acknowledged; the newest of two steps of one moment goes out alone.
  @Test func whatIsPlannedIsWhatWouldBeSent() throws {
    let steps =
      Scenario.ladder + [Step(name: "double", when: .before(.minutes(45)), to: [.contact, .deputy, .acknowledger])]
    let town = Scenario.town(deputy: { _ in [Holding(hours: nil, route: "police")] })
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: steps, in: town)
    try day.at("08:00", sends: "police")
    #expect(day.docket.live(Live(since: day.now), at: day.now).remindersScheduled == 5)
    let listed = ReminderListing.list(
      day.docket.discussions, town, [], in: .scheduled, limit: 100, at: day.now)
    #expect(listed.map { "\($0.step) \($0.place)" } == ["lead lead", "ring coordinator", "double contact"])
    #expect(foresight(day).scheduled == 3)
    try day.at("10:00", sends: "police-lead")
    try day.at("11:00", sends: "coordinator")
    try day.at("13:15", sends: "police")
    #expect(foresight(day).scheduled == 0)
    day.quietUntil("+1 08:00")
  }

  @Test func nextDueIsTheNextMessageAndNothingElse() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", steps: [Scenario.ladder[0], Scenario.ladder[4]])
    let first = try day.at("08:00", sends: "police", answering: nil)
    // What is under way is looked at after a minute: that is no message.
    #expect(day.docket.attention == Scenario.moment("08:01"))
    #expect(day.docket.live(Live(since: day.now), at: day.now).nextDue == Scenario.moment("13:15"))
    day.answer(first, 204)
    try day.at("13:15", sends: "police")
    #expect(day.docket.live(Live(since: day.now), at: day.now).nextDue == nil)
    #expect(day.docket.attention != nil)
  }
}
