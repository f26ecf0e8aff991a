// What the outside relies on when it asks: If-Match, whose route a test message goes to, whom to ring, what a restart still
// knows of the routes.
import Convening
import Coordination
import Simulation
import Testing
import Wire

@Suite struct RequestTimelines {
  private func ask(_ day: inout Scenario, _ change: Request.Change, ifMatch: Int?) -> Reply? {
    day.request(change, ifMatch: ifMatch)
    return day.replies.last
  }

  @Test func aRevisionThatIsNotThereMatchesNothing() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    let sent = try day.at("08:00", sends: "police", answering: 503)
    let revision = try #require(day.state?.revision)
    let (new, known) = (DiscussionID("AAAA-AAAA")!, day.discussion)
    let convene = Convene(
      meeting: .at(Scenario.moment("14:00")), agencies: ["police"], team: "duty", convenedBy: "team manager")
    let body = Fingerprint(high: known.bits, low: 0)
    let stale = revision - 1
    for (change, match, expected) in [
      (.convene(new, convene, firstBody: body), 1, .revisionMismatch(current: nil)),
      (.convene(known, convene, firstBody: body), stale, .revisionMismatch(current: revision)),
      (.change(known, .cancel(reason: "x")), stale, .revisionMismatch(current: revision)),
      (.resend(sent.send.delivery.reminder), stale, .revisionMismatch(current: revision)),
    ] as [(Request.Change, Int, Refusal)] {
      #expect(ask(&day, change, ifMatch: match) == .refused(expected))
    }
    #expect(day.docket.discussions[new] == nil && day.state?.revision == revision)
    guard
      case .discussion(_, _, created: false, replayed: true)? =
        ask(&day, .convene(known, convene, firstBody: body), ifMatch: revision)
    else { return #expect(Bool(false), "the same body at the right revision") }
  }

  /// A person at a terminal says it twice, and has said it twice; whoever repeats a key has said it once.
  @Test func theSameCommandTwiceWithAndWithoutAKey() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    let gives = Request.Change.change(
      day.discussion, .contribute("police", .phoneLive, byRole: "officer", via: .phone, at: nil))
    let mark = IdempotencyMark(key: Fingerprint(high: 1, low: 1), body: Fingerprint(high: 2, low: 2))
    for (mark, replayed, count) in [(mark, false, 1), (mark, true, 1), (nil, false, 2), (nil, false, 3)]
      as [(IdempotencyMark?, Bool, Int)]
    {
      day.request(gives, mark: mark)
      guard case .discussion(let shown, _, created: false, replayed)? = day.replies.last else {
        return #expect(Bool(false), "\(count)")
      }
      #expect(shown.position("police")?.contributions.count == count)
    }
    day.request(gives, mark: IdempotencyMark(key: mark.key, body: Fingerprint(high: 3, low: 3)))
    #expect(day.replies.last == .refused(.keyReused))
  }

  @Test func aRepeatedPutOfAClosedOneIsAReplay() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.does(.decide(Decision(outcome: .nfa, byRole: "chair", reason: "B14")), at: "09:00")
    day.does(.close, at: "09:01")
    day.pass(to: "09:02")
    #expect(day.state == nil, "nobody holds it any more")
    let closed = try Discussion.folding(day.journal.lines(of: .discussion(day.discussion)))
    let convene = Convene(
      meeting: .at(Scenario.moment("14:00")), agencies: ["police"], team: "duty", convenedBy: "team manager")
    for (low, isSame) in [(0, true), (1, false)] as [(UInt64, Bool)] {
      day.request(
        .convene(day.discussion, convene, firstBody: Fingerprint(high: day.discussion.bits, low: low)),
        admitted: .init(discussion: closed))
      if isSame {
        guard case .discussion(let shown, _, created: false, replayed: true)? = day.replies.last else {
          return #expect(Bool(false), "the same body")
        }
        #expect(shown.phase == .closed)
      } else {
        #expect(day.replies.last == .refused(.differentFirstBody))
      }
    }
    // It is not asked anew.
    day.quietUntil("14:00")
  }

  @Test func aTestMessageGoesToTheAgencysOwnRoutesAlone() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    for (agency, route) in [("police", "health"), ("police", "coordinator"), (nil, "police")]
      as [(AgencyID?, RouteName)]
    {
      #expect(ask(&day, .ping(agency, route: route), ifMatch: nil) == .refused(.unknownRoute))
    }
    for (agency, route) in [("police", "police-lead"), (nil, "coordinator")] as [(AgencyID?, RouteName)] {
      guard case .pinged(_, route, replayed: false)? = ask(&day, .ping(agency, route: route), ifMatch: nil) else {
        return #expect(Bool(false), "\(route)")
      }
    }
  }

  @Test func anUnknownAgencyIsNamedByItsPlaceInTheBody() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    let convene = Convene(
      meeting: .at(Scenario.moment("14:00")), agencies: ["police", "jane-doe"], team: "duty", convenedBy: "team manager"
    )
    let reply = ask(
      &day, .convene(DiscussionID("AAAA-AAAA")!, convene, firstBody: Fingerprint(high: 0, low: 0)), ifMatch: nil)
    guard case .refused(let refusal)? = reply else { return #expect(Bool(false), "\(String(describing: reply))") }
    #expect(refusal.pointer == "/agencies/1" && !refusal.sentence.contains("jane"))
  }

  @Test func aTeamThatTheSettingsDoNotKnowIsRefusedWithThoseThatTheyDo() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    var convene = Convene(
      meeting: .at(Scenario.moment("14:00")), agencies: ["police"], team: "jane-doe", convenedBy: "team manager")
    let id = DiscussionID("AAAA-AAAA")!
    let body = Fingerprint(high: 0, low: 0)
    #expect(ask(&day, .convene(id, convene, firstBody: body), ifMatch: nil) == .refused(.unknownTeam(known: ["duty"])))
    let refusal = Refusal.unknownTeam(known: ["duty", "night"])
    #expect(refusal.pointer == "/team" && refusal.sentence.contains("They know: duty, night."))
    // What was held is entered under a team that there is, too.
    convene.heldAt = Scenario.moment("07:30")
    #expect(ask(&day, .convene(id, convene, firstBody: body), ifMatch: nil) == .refused(.unknownTeam(known: ["duty"])))
    convene.team = "duty"
    guard case .discussion? = ask(&day, .convene(id, convene, firstBody: body), ifMatch: nil) else {
      return #expect(Bool(false), "\(String(describing: day.replies.last))")
    }
  }

  @Test func settingsThatNameNoTeamsTakeAny() throws {
    let town = Scenario.town()
    let nobodys = Arrangements(
      agencies: town.agencies, coordinator: town.coordinator, routes: town.routes, ring: town.ring,
      source: town.source, calendar: town.calendar)
    var day = Scenario(starts: "08:00", meeting: "14:00", in: nobodys) { $0.team = "any-team" }
    try day.at("08:00", sends: "police")
    #expect(day.state?.convene.team == "any-team")
  }

  /// The team has left the settings since: what was convened under it goes on, and the same request is answered.
  @Test func aTeamThatLeavesTheSettingsTakesNothingAlong() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police"])
    try day.at("08:00", sends: "police")
    let town = Scenario.town()
    day.adopts(
      Arrangements(
        agencies: town.agencies, coordinator: town.coordinator, teams: [Team(id: "other", convener: [])],
        routes: town.routes, ring: town.ring, source: town.source, calendar: town.calendar))
    day.convene(day.discussion, "14:00", ["police"])
    guard case .discussion(_, _, created: false, replayed: true)? = day.replies.last else {
      return #expect(Bool(false), "\(String(describing: day.replies.last))")
    }
    try day.at("09:00", sends: "police-deputy")
  }

  @Test func aRestartStillKnowsWhichRouteIsWrong() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police", "health"])
    try day.at("08:00", sends: "health")
    try day.at("08:00", sends: "police", answering: 404)
    try day.within("08:05", "08:06", sends: "police", answering: 404)
    try day.within("08:05", "08:06", sends: "police-deputy")
    let before = day.docket.live(Live(since: day.now), at: day.now).endpoints
    #expect(before["police"]?.health == .misconfigured)
    try day.restart(at: "08:10")
    let after = day.docket.live(Live(since: day.now), at: day.now).endpoints
    for route in ["police", "health", "police-deputy"] as [RouteName] {
      #expect(after[route]?.health == before[route]?.health, "\(route)")
      #expect(after[route]?.lastAccepted == before[route]?.lastAccepted, "\(route)")
    }
  }

  /// What the list says is to come, the plan sends: the same message to the same places, and to no other but the coordinator's
  /// word of each day, which follows from the silence and stands on no ladder yet.
  @Test(arguments: [["csc", "police", "health"], ["health"]] as [[AgencyID]])
  func theListForeseesWhatThePlanDoes(agencies: [AgencyID]) throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: agencies)
    for agency in agencies { try day.at("08:00", sends: RouteName(agency.text)!) }
    let docket = day.docket
    let planned = Plan.future(
      of: try #require(day.state), policies: docket.policies, arrangements: docket.arrangements, stopped: [],
      from: day.now)
    func words(_ agency: AgencyID, _ step: StepName, _ place: Place, _ message: Message) -> String {
      "\(agency) \(step) \(place.rawValue) \(message.rawValue)"
    }
    let listed = day.listed(limit: 500).filter { $0.state == .scheduled }
    #expect(listed.contains { $0.message == .attention } && listed.contains { $0.message == .reminder })
    #expect(
      listed.map { words($0.agency, $0.step, $0.place, $0.message) }.sorted()
        == planned.filter { $0.step != Rung.daily }.map { words($0.agency, $0.step, $0.place, $0.message) }.sorted())
  }

  /// Two steps that fall due at one moment are one message; whom the older names beside the agency hears with the newer.
  @Test func theListKnowsWhoHearsWithANewerStep() throws {
    let steps = [
      Step(name: "ask", when: .once, to: [.contact]),
      Step(name: "lead", when: .unanswered(.hours(2)), to: [.lead, .coordinator]),
      Step(name: "before", when: .before(.hours(1)), to: [.contact]),
    ]
    var day = Scenario(starts: "08:00", meeting: "11:00", steps: steps)
    try day.at("08:00", sends: "police")
    let listed = day.listed(limit: 500).filter { $0.state == .scheduled }
    #expect(listed.map { "\($0.step) \($0.place)" }.sorted() == ["before contact", "lead coordinator"])
    try day.at("10:00", sends: "police")
    #expect(try day.at("10:00", sends: "coordinator", .attention).opening.step == "before")
  }

  @Test func aTestMessageToARouteThatHasStoppedIsRefused() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police"], steps: Scenario.atOnce)
    try day.at("08:00", sends: "police", answering: 410)
    let refused = Reply.refused(.routeStopped("police", of: "police"))
    #expect(ask(&day, .ping("police", route: "police"), ifMatch: nil) == refused)
    #expect(ask(&day, .ping("police", route: nil), ifMatch: nil) == refused)
    day.request(.enable("police", "police"))
    guard case .pinged? = ask(&day, .ping("police", route: "police"), ifMatch: nil) else {
      return #expect(Bool(false), "\(String(describing: day.replies.last))")
    }
  }

  @Test func theListGoesOnWhereItEnded() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["csc", "police", "health"])
    for route in ["csc", "police", "health"] as [RouteName] { try day.at("08:00", sends: route) }
    let all = day.listed(limit: 500)
    #expect(
      all.map(\.state) == all.map(\.state).sorted { $0 == .scheduled && $1 != .scheduled }, "what is to come first")
    var pages: [ReminderListing] = []
    while true {
      let page = day.listed(after: pages.last?.key, limit: 4)
      pages += page
      if page.count < 4 { break }
    }
    #expect(pages == all && all.count == 15)
    let key = ReminderListing.Key(
      isSettled: true, due: day.now, discussion: day.discussion, rest: "police.msg_x.y")
    #expect(ReminderListing.Key(key.description) == key)
    for text in ["", "0.a.b", "2.a.7Q2F-M9KD.x", "0.!.7Q2F-M9KD.x"] {
      #expect(ReminderListing.Key(text) == nil)
    }
  }

  @Test func whatWaitsForARetryIsSentNowAndWhatNamesTheOldTimeNeverAgain() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    let sent = try day.at("08:00", sends: "police", answering: 503)
    day.quietUntil("08:00:02")
    guard case .discussion? = ask(&day, .resend(sent.send.delivery.reminder), ifMatch: nil) else {
      return #expect(Bool(false), "\(day.replies.last!)")
    }
    let again = try day.within("08:00:01", "08:00:03", sends: "police")
    #expect(again.send.delivery.reminder == sent.send.delivery.reminder && again.send.delivery.attempt == 2)
    day.does(.reschedule(meetingAt: Scenario.moment("16:00"), reason: "room"), at: "08:30")
    try day.at("08:30", sends: "police", .rescheduled)
    let body = sent.send.delivery.body
    day.request(.resend(sent.send.delivery.reminder), admitted: .init(body: body))
    #expect(day.replies.last == .refused(.moot))
  }

  @Test func anEditionAfterANewTimeDoesNotClimbToTheTop() throws {
    var day = Scenario(starts: "08:00", meeting: "20:00")
    try day.at("08:00", sends: "police")
    day.does(.reschedule(meetingAt: Scenario.moment("19:00"), reason: "room"), at: "08:50")
    try day.at("08:50", sends: "police", .rescheduled)
    // An hour from the new time, not from the first message.
    day.adoptsAnotherEdition(at: "09:20")
    day.quietUntil("09:50")
    try day.at("09:50", sends: "police-deputy")
  }

  @Test func aPolicyThatTheSettingsDropIsInForceNoMore() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00")
    try day.at("08:00", sends: "police")
    day.offers(policies: [])
    let convene = Convene(
      meeting: .at(Scenario.moment("14:00")), agencies: ["police"], team: "duty", convenedBy: "team manager")
    let new = Request.Change.convene(DiscussionID("AAAA-AAAA")!, convene, firstBody: Fingerprint(high: 0, low: 0))
    #expect(ask(&day, new, ifMatch: nil) == .refused(.noPolicy))
    // What was convened under it stays under it.
    day.quietUntil("09:00")
    try day.at("09:00", sends: "police-deputy")
  }

  @Test func whoAcknowledgedAndThenFellSilentNeedsAPerson() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", holds: .minutes(30))
    try day.at("08:00", sends: "police")
    day.does(.acknowledge("police", byRole: "officer", via: .phone, at: nil), at: "08:05")
    day.quietUntil("09:00")
    #expect(day.docket.live(Live(since: day.now), at: day.now).attention.isEmpty)
    try day.at("09:00", sends: "police-deputy")
    #expect(day.docket.live(Live(since: day.now), at: day.now).attention.map(\.why) == [.unanswered])
  }
}

extension Scenario {
  fileprivate func listed(after key: ReminderListing.Key? = nil, limit: Int) -> [ReminderListing] {
    ReminderListing.list(
      docket.discussions, docket.arrangements, docket.stopped, in: nil, after: key, limit: limit, at: now)
  }
}
