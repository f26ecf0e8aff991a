// Hand-overs: by hours, rota and cover the new holder is told once what is open, an acknowledgement of whoever was there
// before lapses, and the ladder goes on.
import Convening
import Coordination
import Simulation
import Testing
import Wire

@Suite struct HandoverTimelines {
  private static let office = OpenHours(
    days: Set(Weekday.allCases), from: .hours(8), until: .hours(17), openOnBankHolidays: true)

  /// Health's contact by day, "night" from five on.
  private static let town = Scenario.town(contact: { agency in
    agency == "health" ? [Holding(hours: office, route: "health"), Holding(hours: nil, route: "night")] : nil
  })

  /// - Parameter slots: how many attempts each endpoint bears at once.
  private func day(
    meeting: String = "19:30", starts: String = "16:30", agencies: [AgencyID] = ["health"], slots: Int = 8
  ) -> Scenario {
    var limits = Limits()
    limits.perEndpoint = slots
    return Scenario(starts: starts, meeting: meeting, agencies: agencies, in: Self.town, limits: limits)
  }

  private func acknowledges(_ stays: Bool = false) -> Command {
    .acknowledge("health", byRole: "nurse", via: .phone, stays: stays, at: nil)
  }

  /// Seconds.
  private func late(_ sent: Scenario.Sent) throws -> Int? {
    try JSON(parsing: sent.opening.body)["data"]?["late_by_s"]?.int
  }

  @Test func whoComesOnDutyIsToldOnceWhatIsOpen() throws {
    var day = day()
    try day.at("16:30", sends: "health", .invitation)
    let told = try day.at("17:00", sends: "night", .handover)
    let data = try JSON(parsing: told.opening.body)["data"]
    #expect(data?["agency"] == "health" && data?["recipient"] == "contact" && data?["more"] == 0)
    #expect(data?["until"] == "2026-11-25T08:00:00Z")
    #expect(data?["open"]?.array?.count == 1)
    let open = data?["open"]?.array?.first
    #expect(open?["discussion"] == "7Q2F-M9KD" && open?["acknowledged"] == false)
    #expect(open?["meeting_at"] == "2026-11-24T19:30:00Z" && open?["asked_at"] == "2026-11-24T16:30:00Z")
    // The ladder does not start again.
    try day.at("17:30", sends: "health-deputy", .reminder)
    day.quietUntil("18:30")
    #expect(
      day.journal.lines.contains {
        $0.line?.contains(
          #""event":"handedOver","at":"2026-11-24T17:00:00Z","data":{"agency":"health","place":"contact","from":"health","#
            + #""route":"night","until":"2026-11-25T08:00:00Z"}"#) ?? false
      })
  }

  @Test func whereNothingIsOpenNobodyIsTold() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "16:40")
    day.quietUntil("+1 12:00")
  }

  @Test func severalDiscussionsAreOneMessage() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    let other = DiscussionID("ABCD-EFGH")!
    day.convene(other, "18:30", ["health"])
    try day.at("16:30", sends: "health")
    let told = try day.at("17:00", sends: "night", .handover)
    let open = try JSON(parsing: told.opening.body)["data"]?["open"]?.array ?? []
    #expect(open.map { $0["discussion"]?.string } == ["ABCD-EFGH", "7Q2F-M9KD"])
    try day.at("17:30", sends: "health-deputy")
    try day.at("17:30", sends: "health-deputy")
    day.quietUntil("17:40")
  }

  /// It was put off to 17:40 by the acknowledgement of 16:40. At 17:00 whoever said so goes off duty: the deputy is asked at
  /// the step's own time.
  @Test func anAcknowledgementLapsesWithItsHolder() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.does(acknowledges(), at: "16:40")
    #expect(day.state?.position("health")?.acknowledged != nil)
    let told = try day.at("17:00", sends: "night", .handover)
    #expect(try JSON(parsing: told.opening.body)["data"]?["open"]?.array?.first?["acknowledged"] == false)
    #expect(day.state?.position("health")?.acknowledged == nil)
    try day.at("17:30", sends: "health-deputy", .reminder)
  }

  @Test func whoStaysKeepsItInHand() throws {
    var day = day(meeting: "20:00")
    try day.at("16:30", sends: "health")
    day.does(acknowledges(true), at: "16:40")
    let told = try day.at("17:00", sends: "night", .handover)
    #expect(try JSON(parsing: told.opening.body)["data"]?["open"]?.array?.first?["acknowledged"] == true)
    day.quietUntil("17:40")
    #expect(day.state?.position("health")?.acknowledged != nil)
  }

  /// The deputy answered: the contact's hand-over is not theirs.
  @Test func anAcknowledgementOfTheDeputyOutlastsTheContact() throws {
    var day = day(meeting: "20:30", starts: "15:45")
    try day.at("15:45", sends: "health")
    try day.at("16:45", sends: "health-deputy")
    day.does(acknowledges(), at: "16:50")
    try day.at("17:00", sends: "night", .handover)
    #expect(day.state?.position("health")?.acknowledged != nil)
  }

  @Test func whatComesLateHasLapsedAlready() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    try day.at("17:00", sends: "night", .handover)
    day.does(
      .acknowledge("health", byRole: "nurse", via: .phone, at: Scenario.moment("16:50")), at: "17:10")
    #expect(day.state?.position("health")?.acknowledged == nil)
    try day.at("17:30", sends: "health-deputy")
  }

  @Test func aRestartTellsLateAndOnce() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    try day.restart(at: "17:20")
    let told = try day.at("17:20", sends: "night", .handover)
    #expect(told.opening.due == Scenario.moment("17:00"))
    #expect(try late(told) == 1200)
    try day.restart(at: "17:25")
    try day.at("17:30", sends: "health-deputy")
    day.quietUntil("18:00")
  }

  /// It is known from then on: nobody could have told them before.
  @Test func whoTookItOverByOtherSettingsIsNotToldLate() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.pass(to: "16:40")
    day.adopts(Scenario.town(contact: { $0 == "health" ? [Holding(hours: nil, route: "night")] : nil }))
    #expect(try late(day.at("16:40", sends: "night", .handover)) == 0)
  }

  @Test func afterAStandstillWhatIsRecordedLaterIsNotLate() throws {
    var day = day(agencies: ["health", "police"])
    try day.at("16:30", sends: "health")
    try day.at("16:30", sends: "police")
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "16:40")
    try day.restart(at: "17:20")
    // It is open for them again.
    day.pass(to: "17:25")
    try day.strikes("contributionRecorded")
    #expect(try late(day.at("17:25", sends: "night", .handover)) == 0)
  }

  @Test func aRetryGoesToWhoWasToldFirst() throws {
    var day = day()
    try day.at("16:30", sends: "health", answering: 503)
    try day.within("16:30:05", "16:30:06", sends: "health")
    try day.at("17:00", sends: "night", .handover, answering: 503)
    day.request(.cover("health", cover("police", until: "18:00")))
    guard case .refused(.badRota(let faults))? = day.replies.last else { throw Unexpected() }
    #expect(faults.map(\.pointer) == ["/route"])
    day.request(.cover("health", cover("convener", until: "18:00")))
    try day.at("17:00", sends: "convener", .handover)
    // The message of before goes on to whoever it was for.
    try day.within("17:00:05", "17:00:07", sends: "night", .handover)
  }

  @Test func aNewHolderAtTheBusyEndpointIsToldWhenItHasASlot() throws {
    var day = day(slots: 1)
    try day.at("16:30", sends: "health")
    let ping = try day.keepsBusy("convener", from: "16:30")
    day.request(.cover("health", cover("convener", until: "16:50")))
    day.quietUntil("16:30:20")
    day.answer(ping, 204)
    try day.at("16:30:19.999", sends: "convener", .handover)
  }

  /// The slot comes free as the clock, slowed by two milliseconds, shows the moment before the hand-over once more.
  @Test func aClockThatIsSlowedKeepsNobodyFromBeingTold() throws {
    var day = day(slots: 1)
    try day.at("16:30", sends: "health")
    let ping = try day.keepsBusy("night", of: "health", from: "16:59:30")
    day.pass(to: "17:00")
    day.skip(to: Scenario.moment("16:59:59.998"))
    day.answer(ping, 204)
    let told = try day.within("16:59:59.997", "17:00:00", sends: "night", .handover)
    #expect(try JSON(parsing: told.opening.body)["data"]?["until"] == "2026-11-25T08:00:00Z")
  }

  // MARK: - Nobody is passed over

  /// The new holder wants no more messages: the next place is asked at once, and the coordinator hears.
  @Test func aHandOverThatIsRefusedForGoodAsksTheNext() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    try day.at("17:00", sends: "night", .handover, answering: 410)
    try day.at("17:00", sends: "coordinator", .attention)
    try day.at("17:00", sends: "health-deputy", .reminder)
    day.quietUntil("18:29:59")
  }

  /// Whoever comes on duty cannot be reached, and that was known before.
  @Test func aStoppedRouteThatComesOnDutyIsTold() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.request(.ping("health", route: "night"))
    try day.at("16:30", sends: "night", .ping, answering: 410)
    try day.at("17:00", sends: "coordinator", .attention)
    try day.at("17:00", sends: "health-deputy", .reminder)
    day.quietUntil("18:29:59")
  }

  /// Its half hour and the hour of a meeting have passed; it has no time, and is not held: it is somebody's all the same.
  @Test func whatHasNoTimeYetIsHandedOver() throws {
    var day = Scenario(
      starts: "15:00", meeting: "15:00", agencies: ["health"], urgent: Scenario.atOnce, in: Self.town,
      within: .elapsed(.minutes(30))
    ) { $0.meeting = .asSoonAsTheyAnswer }
    try day.at("15:00", sends: "health")
    try day.at("15:30", sends: "coordinator", .attention)
    try day.at("17:00", sends: "night", .handover)
  }

  /// A hand-over of the day before found no slot until all was over. It makes the next one no later.
  @Test func howLateCountsFromWhatIsOpen() throws {
    var day = day(slots: 1)
    try day.at("16:30", sends: "health")
    let ping = try day.keepsBusy("night", of: "health", from: "16:59:30")
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "17:00:10")
    day.answer(ping, 204)
    day.quietUntil("+1 16:29")
    day.pass(to: "+1 16:30")
    day.convene(DiscussionID("ABCD-EFGH")!, "+1 19:30", ["health"])
    try day.at("+1 16:30", sends: "health")
    let told = try day.at("+1 17:00", sends: "night", .handover)
    #expect(try late(told) == 0)
  }

  /// What the agency reports of itself by link pauses its ladder, whoever comes on duty.
  @Test func aReportByLinkOutlastsItsHolder() throws {
    var day = day(meeting: "20:30")
    try day.at("16:30", sends: "health")
    day.does(acknowledges(), at: "16:35")
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .link, at: nil), at: "16:40")
    try day.at("17:00", sends: "night", .handover)
    day.quietUntil("17:39:59")
    try day.at("17:40", sends: "health-deputy", .reminder)
  }

  // MARK: - Rota and cover

  private struct Unexpected: Error {}

  private func cover(_ route: RouteName, _ place: Place = .contact, until: String) -> Cover {
    Cover(place: place, route: route, until: Scenario.moment(until), reason: "leave")
  }

  private func shift(_ place: Place, _ route: RouteName, _ from: String, _ until: String) -> RotaEntry {
    RotaEntry(place: place, route: route, from: Scenario.moment(from), until: Scenario.moment(until))
  }

  /// Cover goes before the rota, the rota before the hours; each change is a hand-over.
  @Test func coverGoesBeforeRotaAndRotaBeforeHours() throws {
    var day = day(meeting: "23:00")
    try day.at("16:30", sends: "health")
    day.request(.setRota("health", [shift(.contact, "convener", "16:40", "16:50")]))
    try day.at("16:40", sends: "convener", .handover)
    day.request(.cover("health", cover("coordinator", until: "16:45")))
    try day.at("16:40", sends: "coordinator", .handover)
    try day.at("16:45", sends: "convener", .handover)
    try day.at("16:50", sends: "health", .handover)
    try day.at("17:00", sends: "night", .handover)
    day.quietUntil("17:20")
  }

  @Test func theSameRotaAgainChangesNothing() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    let rota = [shift(.contact, "convener", "16:40", "18:00"), shift(.deputy, "night", "16:00", "16:20")]
    day.request(.setRota("health", rota))
    guard case .onDuty("health", _, replayed: false)? = day.replies.last else { throw Unexpected() }
    let seq = day.docket.seq
    day.request(.setRota("health", rota))
    guard case .onDuty("health", let now, replayed: true)? = day.replies.last else { throw Unexpected() }
    #expect(day.docket.seq == seq)
    #expect(now.entries(of: "health", from: day.now).map(\.stretch.route) == ["convener"])
  }

  @Test func aReplayKnowsTheRota() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    let mark = IdempotencyMark(key: Fingerprint(high: 9, low: 9), body: Fingerprint(high: 1, low: 1))
    day.request(.setRota("health", [shift(.contact, "convener", "16:40", "18:00")]))
    day.request(.cover("health", cover("coordinator", .deputy, until: "20:00")), mark: mark)
    let rota = day.docket.arrangements.rota
    try day.restart(at: "16:35")
    #expect(day.docket.arrangements.rota == rota)
    day.request(.cover("health", cover("coordinator", .deputy, until: "20:00")), mark: mark)
    guard case .onDuty("health", rota, replayed: true)? = day.replies.last else { throw Unexpected() }
    try day.at("16:40", sends: "convener", .handover)
    try day.at("17:30", sends: "coordinator", .reminder)
  }

  /// A reload takes away the route that the rota names: the hours hold again.
  @Test func aRotaOfALostRouteFallsBackToTheHours() throws {
    var day = day(meeting: "23:00")
    try day.at("16:30", sends: "health")
    day.request(.setRota("health", [shift(.contact, "convener", "16:30", "22:00")]))
    try day.at("16:30", sends: "convener", .handover)
    let town = Self.town
    var routes = town.routes
    routes["convener"] = nil
    day.adopts(
      Arrangements(
        agencies: town.agencies, coordinator: town.coordinator, teams: town.teams, routes: routes, ring: town.ring,
        source: town.source, calendar: town.calendar))
    try day.at("16:30", sends: "health", .handover)
    #expect(day.docket.arrangements.lostRoutes(from: day.now).map(\.route) == ["convener"])
    try day.at("17:00", sends: "night", .handover)
  }

  /// Nobody comes on duty: the deputy is asked at once.
  @Test func aPlaceThatFallsEmptyAsksTheNext() throws {
    let town = Scenario.town(contact: { agency in
      agency == "health" ? [Holding(hours: Self.office, route: "health")] : nil
    })
    var day = Scenario(starts: "16:30", meeting: "19:30", agencies: ["health"], in: town)
    try day.at("16:30", sends: "health")
    try day.at("17:00", sends: "health-deputy", .reminder)
    #expect(day.state?.position("health")?.emptyAt == Scenario.moment("17:00"))
    day.quietUntil("18:30")
  }

  /// The coordinator's place is everybody's: what was told of each agency goes to whoever coordinates now.
  @Test func theCoordinatorIsToldOfAllAgencies() throws {
    let steps = [
      Step(name: "ask", when: .once, to: [.contact]),
      Step(name: "ring", when: .unanswered(.minutes(10)), to: [.coordinator]),
    ]
    var day = Scenario(starts: "16:30", meeting: "19:30", agencies: ["police", "health"], steps: steps)
    try day.at("16:30", sends: "police")
    try day.at("16:30", sends: "health")
    try day.at("16:40", sends: "coordinator")
    try day.at("16:40", sends: "coordinator")
    day.request(.cover(nil, cover("night", .coordinator, until: "20:00")))
    let told = try day.at("16:40", sends: "night", .handover)
    let data = try JSON(parsing: told.opening.body)["data"]
    #expect(data?["agency"] == "coordination" && data?["recipient"] == "coordinator")
    #expect(data?["open"]?.array?.map { $0["agency"]?.string } == ["health", "police"])
    day.quietUntil("19:00")
  }

  @Test func thePlanShowsTheHandOver() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    let handover = try day.plannedHandovers()
    #expect(handover.map(\.at) == [Scenario.moment("17:00")])
    #expect(handover.map(\.route) == ["night"])
  }

  /// Evenings and mornings go on for weeks: each holder of a place stands there once.
  @Test func thePlanNamesEachHolderOnce() throws {
    var day = day(meeting: "+9 19:30")
    try day.at("16:30", sends: "health")
    #expect(try day.plannedHandovers().map(\.route) == ["night", "health"])
  }

  @Test func aRotaThatHasChangedSinceItWasReadStays() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    let stale = "00000000000000000000000000000000"
    let known = RotaDocument.version(of: "health", day.docket.arrangements.rota, at: day.now)
    for (version, isRefused) in [(stale, true), (known, false), (known, true)] {
      day.request(.cover("health", cover("health", until: "18:00")), ifRota: version)
      #expect((day.replies.last == .refused(.rotaMismatch)) == isRefused, "\(version)")
    }
    // What stands already is answered, whatever its reader knew.
    let entries = [shift(.contact, "health", "17:00", "18:00")]
    day.request(.setRota("health", entries))
    day.request(.setRota("health", entries), ifRota: stale)
    guard case .onDuty(_, _, replayed: true)? = day.replies.last else {
      return #expect(Bool(false), "\(String(describing: day.replies.last))")
    }
    day.request(.setRota("health", []), ifRota: stale)
    #expect(day.replies.last == .refused(.rotaMismatch))
  }

  @Test(arguments: [("police", "22:00"), ("coordinator", "16:00")] as [(RouteName, String)])
  func whatCannotBeIsRefused(route: RouteName, until: String) throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.request(.cover("health", cover(route, until: until)))
    guard case .refused(.badRota)? = day.replies.last else { throw Unexpected() }
    day.request(.cover("nobody", cover("health", until: "18:00")))
    #expect(day.replies.last == .refused(.unknownAgency(field: "agency")))
  }
}
