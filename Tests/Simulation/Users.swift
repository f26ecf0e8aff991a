// What people do with the daemon, sensible and not: every command in every phase, keys used again, bodies that differ,
// agencies that nobody knows, times that lie ahead or behind.
import Convening
import Coordination
import Wire

struct Users {
  /// Every discussion they ever asked for, with what they first asked.
  private var known: [(id: DiscussionID, convene: Convene, body: Fingerprint)] = []
  /// Keyed requests that were made.
  private var keyed: [Request] = []
  private var lastKey: UInt64 = 0
  private var contacts: [(id: ContactID, facts: ContactFacts)] = []
  private var importers = Importers()
  var most = 30
  /// What they can read of each discussion.
  var told: [DiscussionID: [Entry]] = [:]
  /// Whether any of them ever answers.
  var areSilent = false

  mutating func request(
    at now: Instant, ticket: Int, _ docket: Docket, _ lots: inout Lots
  ) -> Request {
    let actor = Actor(uid: 1000, pid: Int32(ticket))
    if lots.chance(0.04), !keyed.isEmpty {
      var again = lots.oneOf(keyed)
      again.actor = actor
      if lots.chance(0.4) { again.mark = IdempotencyMark(key: again.mark!.key, body: print(lots.next())) }
      return again
    }
    var request = Request(change(at: now, docket, &lots), actor: actor)
    if lots.chance(0.15) {
      lastKey += 1
      request.mark = IdempotencyMark(key: print(lastKey), body: print(lots.next()))
      keyed.append(request)
    }
    if lots.chance(0.08), case .change(let id, _) = request.change {
      request.ifMatch = lots.chance(0.6) ? docket.discussions[id]?.revision : Int(lots.whole(0...40))
    }
    // Not by lot: who else draws would draw another history.
    switch request.change {
    case .setRota(let agency, _), .cover(let agency, _):
      let version = RotaDocument.version(of: agency ?? .coordination, docket.arrangements.rota, at: now)
      request.ifRota = [version, Users.staleVersion, nil, nil, nil][docket.seq % 5]
    case .convene, .change, .contact, .resend, .ping, .enable, .pause, .resume, .imports, .feed, .keepReport: break
    }
    return request
  }

  /// A version that no rota ever has.
  static let staleVersion = "stale"

  private func print(_ bits: UInt64) -> Fingerprint { Fingerprint(high: bits, low: ~bits) }

  private mutating func change(at now: Instant, _ docket: Docket, _ lots: inout Lots) -> Request.Change {
    if known.isEmpty || (known.count < most && lots.chance(0.12)) { return convene(at: now, &lots) }
    if lots.chance(0.18) { return atFrontDoor(now, &lots) }
    if lots.chance(0.03) {
      let brought = importers.discussions.count
      let file = importers.file(at: now, known: known.map(\.id), contacts: contacts, &lots)
      known += importers.discussions[brought...]
      return .imports(file)
    }
    let open = docket.discussions.keys.sorted()
    let roll = lots.whole(0...99)
    if roll < 4 {
      let earlier = lots.oneOf(known)
      return .convene(
        earlier.id, earlier.convene, firstBody: lots.chance(0.6) ? earlier.body : print(lots.next()))
    }
    if roll < 8 { return .ping(lots.chance(0.2) ? nil : agency(&lots), route: lots.chance(0.5) ? nil : route(&lots)) }
    if roll < 12 {
      let route = docket.stopped.sorted().first ?? route(&lots)
      return .enable(lots.chance(0.3) ? nil : agency(&lots), lots.chance(0.8) ? route : self.route(&lots))
    }
    if lots.chance(0.03) { return keep(now, &lots) }
    if roll == 12 {
      if lots.chance(0.3) { return .resume }
      return .pause(until: now + lots.between(-.minutes(1), .minutes(66)), reason: "maintenance")
    }
    if roll < 18 {
      let reminders = open.flatMap { docket.discussions[$0]!.reminders.map(\.id) }
      let any = ReminderID(high: lots.next() >> 8, low: lots.next())
      return .resend(reminders.isEmpty || lots.chance(0.2) ? any : lots.oneOf(reminders))
    }
    if roll < 24 {
      return lots.chance(0.5)
        ? .setRota(lots.chance(0.2) ? nil : agency(&lots), rota(at: now, &lots))
        : .cover(lots.chance(0.2) ? nil : agency(&lots), cover(at: now, &lots))
    }
    let id =
      if lots.chance(0.03) { DiscussionID(bits: lots.next()) } else if open.isEmpty || lots.chance(0.15) {
        lots.oneOf(known).id
      } else { lots.oneOf(open) }
    // Somebody looks at what was recorded, and it is not so.
    if lots.chance(0.07), let correcting = correction(of: id, at: now, &lots) { return .change(id, correcting) }
    let command = command(at: now, docket.discussions[id], &lots)
    // With the discussion that began the enquiry, though the clock runs in this one.
    if case .conference = command, lots.chance(0.5), let first = known.first(where: { $0.id == id })?.convene.follows {
      return .change(first, command)
    }
    return .change(id, command)
  }

  /// They receive contacts, say what came of them or look at them, and tell the same twice.
  private mutating func atFrontDoor(_ now: Instant, _ lots: inout Lots) -> Request.Change {
    func moment(_ lots: inout Lots) -> Instant? {
      if lots.chance(0.6) { return nil }
      return lots.chance(0.02) ? now - .days(4000) : now + lots.between(-.hours(9), .minutes(7))
    }
    if lots.chance(0.1) { return .feed }
    if contacts.isEmpty || lots.chance(0.45) {
      let received = moment(&lots) ?? now - lots.between(.zero, lots.oneOf([.minutes(10), .hours(30), .days(5)]))
      let facts = ContactFacts(
        receivedAt: received, team: lots.oneOf(["duty", "duty", "night"]),
        caseReference: lots.chance(0.3) ? "CASE-1" : nil)
      let id = ContactID(bits: lots.next())
      contacts.append((id, facts))
      return .contact(id, .receive(facts))
    }
    let index = Int(lots.whole(0...Int64(contacts.count - 1)))
    let id = lots.chance(0.03) ? ContactID(bits: lots.next()) : contacts[index].id
    switch lots.whole(0...9) {
    case 0: return .contact(id, .receive(contacts[index].facts))
    case 1:
      if lots.chance(0.5) { contacts[index].facts.team = lots.oneOf(["duty", "night"]) }
      contacts[index].facts.receivedAt = now - lots.between(.zero, .days(2))
      return .contact(id, .receive(contacts[index].facts))
    case 2...6:
      return .contact(
        id,
        .outcome(
          lots.oneOf(ContactOutcome.allCases), byRole: "officer", at: moment(&lots),
          discussion: lots.chance(0.3) && !known.isEmpty ? lots.oneOf(known).id : nil))
    default: return .contact(id, .review(byRole: "team manager", at: moment(&lots)))
    }
  }

  /// They keep a report, ask for the same again, correct it with a reason, or without one.
  private func keep(_ now: Instant, _ lots: inout Lots) -> Request.Change {
    let from = Town.start - .days(lots.whole(1...3))
    return .keepReport(
      SnapshotWish(
        name: lots.oneOf(["q1", "q2"]), from: from, to: Town.start,
        reason: lots.oneOf([nil, "late entries", "wrong days"]),
        document: #"{"as_of":"\#(now)","n":\#(lots.whole(0...99))}"#))
  }

  private mutating func convene(at now: Instant, _ lots: inout Lots) -> Request.Change {
    let ahead =
      switch lots.whole(0...19) {
      case 0: -lots.between(.minutes(1), .minutes(10))
      case 1...4: lots.between(.zero, .minutes(5))
      case 5...10: lots.between(.minutes(30), .hours(12))
      case 11...18: lots.between(.days(1), .days(9))
      default: lots.between(.days(20), .days(400))
      }
    let named = Town.agencies.filter { _ in lots.chance(0.7) }
    let urgency: Urgency = lots.chance(0.35) ? .urgent : .standard
    let meeting: MeetingWish =
      switch lots.whole(0...9) {
      case 0, 1: .earliest
      // A standard one is refused now and then.
      case 2, 3: urgency == .urgent || lots.chance(0.2) ? .asSoonAsTheyAnswer : .at(now + ahead)
      default: .at(now + ahead)
      }
    // What was held is entered on the day, or a year later; two years are too long, and to come is no past.
    let heldAt: Instant? =
      switch lots.whole(0...19) {
      case 0, 1: now - lots.between(.zero, lots.oneOf([.hours(9), .days(9), .days(400)]))
      case 2: now - lots.between(-.minutes(9), .days(800))
      default: nil
      }
    var convene = Convene(
      meeting: meeting, urgency: urgency,
      needIdentifiedAt: lots.chance(0.2) ? now + lots.between(-.hours(3), .minutes(6)) : nil,
      agencies: lots.chance(0.5) ? nil : lots.chance(0.05) ? named + ["nobody"] : named, team: "duty",
      convenedBy: "team manager", children: lots.chance(0.3) ? 2 : nil, heldAt: heldAt,
      follows: known.isEmpty || lots.chance(0.6)
        ? nil : lots.chance(0.05) ? DiscussionID(bits: 1) : lots.oneOf(known).id)
    let id = DiscussionID(bits: lots.next())
    let body = print(lots.next())
    // A slip of the hand, and not by lot, as above.
    if id.bits.isMultiple(of: 23) { convene.team = "nobodys" }
    known.append((id, convene, body))
    return .convene(id, convene, firstBody: body)
  }

  private func command(at now: Instant, _ discussion: Discussion?, _ lots: inout Lots) -> Command {
    // Happened a while ago, or now, or by a clock that runs ahead.
    func moment(_ lots: inout Lots) -> Instant? {
      if lots.chance(0.6) { return nil }
      // A slip of the pen now and then: another week.
      if lots.chance(0.02) { return now - .days(40) }
      return now + lots.between(-.hours(2), lots.chance(0.2) ? .minutes(7) : .zero)
    }
    let decision = Decision(
      outcome: lots.oneOf(Outcome.allCases), decidedAt: moment(&lots), byRole: "chair",
      flags: lots.chance(0.2) ? [.medical] : [], dissent: lots.chance(0.1) ? [agency(&lots)] : [],
      reason: lots.chance(0.7) ? "R1" : nil, s47StartedAt: lots.chance(0.1) ? moment(&lots) : nil)
    // Meetings are mostly held when they are due.
    let isOver = discussion.map { $0.deadline <= now } ?? false
    // Whoever has declined comes after all now and then.
    if let declined = discussion?.positions.first(where: { $0.declined != nil })?.agency, lots.chance(0.15) {
      return .acknowledge(declined, byRole: "officer", via: .phone, unit: unit(of: declined, &lots), at: nil)
    }
    if discussion?.decision == nil, lots.chance(0.12) { return amongUnits(moment(&lots), &lots) }
    if let waiting = discussion?.positions.first(where: { !$0.reported.isEmpty })?.agency, lots.chance(0.3) {
      return .confirm(waiting, byRole: lots.chance(0.5) ? "team manager" : nil)
    }
    // Once it is decided, what follows is told more often.
    if lots.chance(discussion?.decision == nil ? 0.15 : 0.3) { return afterwards(at: now, moment(&lots), &lots) }
    switch lots.whole(0...99) {
    case 0...19:
      let agency = agency(&lots)
      return .contribute(
        agency, lots.oneOf(ContributionKind.allCases), byRole: "officer", via: via(&lots),
        unit: unit(of: agency, &lots), at: moment(&lots))
    case 20: return .confirm(agency(&lots), byRole: lots.chance(0.5) ? "team manager" : nil)
    case 21...31:
      let agency = agency(&lots)
      return .acknowledge(
        agency, byRole: "officer", via: via(&lots), stays: lots.chance(0.2), unit: unit(of: agency, &lots),
        at: moment(&lots))
    case 32...37:
      let agency = agency(&lots)
      return .decline(
        agency, lots.oneOf(BarrierCode.allCases), byRole: "officer", unit: unit(of: agency, &lots), at: moment(&lots))
    case 38...45:
      return .reschedule(
        meetingAt: now + lots.between(-.minutes(6), lots.oneOf([.minutes(3), .hours(5), .days(6)])), reason: "room")
    case 46...65:
      return isOver || lots.chance(0.2)
        ? .hold(
          heldAt: moment(&lots), form: lots.chance(0.5) ? .video : nil, decision: lots.chance(0.4) ? decision : nil)
        : .acknowledge(agency(&lots), byRole: "officer", via: .phone, at: nil)
    case 66...77:
      return isOver || lots.chance(0.2)
        ? .decide(decision)
        : .contribute(
          agency(&lots), .writtenBefore, byRole: "officer", via: .api, at: nil)
    case 78...89: return .circulate(to: [agency(&lots), agency(&lots)], at: moment(&lots))
    case 90...94: return .cancel(reason: "no longer needed")
    default: return .close
    }
  }

  /// Mostly of what can be corrected; with what should have been recorded, or without, or with something else altogether.
  private func correction(of id: DiscussionID, at now: Instant, _ lots: inout Lots) -> Command? {
    guard let entries = told[id] else { return nil }
    let some = entries.filter { Correctable($0.event) != nil }
    guard let entry = some.isEmpty || lots.chance(0.1) ? entries.last : lots.oneOf(some) else { return nil }
    let revision = lots.chance(0.03) ? entry.revision + 40 : entry.revision
    let moment = lots.chance(0.6) ? nil : now - lots.between(.zero, .hours(2))
    let right = lots.chance(0.1) ? .close : instead(of: entry.event, moment, now, &lots)
    return .correct(revision: revision, reason: "a slip of the pen", replacement: lots.chance(0.45) ? nil : right)
  }

  /// Another request of the same kind.
  private func instead(of event: Event, _ moment: Instant?, _ now: Instant, _ lots: inout Lots) -> Command {
    switch event {
    case .corrected(let correction):
      correction.replacement.map { instead(of: $0, moment, now, &lots) } ?? .close
    case .contributionRecorded:
      .contribute(
        agency(&lots), lots.oneOf(ContributionKind.allCases), byRole: "officer", via: via(&lots),
        unit: lots.oneOf([nil, "community"]), at: moment)
    case .acknowledged:
      .acknowledge(agency(&lots), byRole: "officer", via: via(&lots), stays: lots.chance(0.2), at: moment)
    case .declined: .decline(agency(&lots), lots.oneOf(BarrierCode.allCases), byRole: "officer", at: moment)
    case .held: .hold(heldAt: moment, form: lots.oneOf([.video, .phone]), decision: nil)
    case .decided:
      .decide(
        Decision(
          outcome: lots.oneOf(Outcome.allCases), decidedAt: moment, byRole: "chair",
          reason: lots.chance(0.7) ? "R1" : nil))
    case .circulated: .circulate(to: [agency(&lots)], at: moment)
    case .detailsSent(let agency, let place, _, _, let unit?, _):
      .sendDetails(agency, place, unit: lots.chance(0.5) ? unit : self.unit(of: agency, &lots), at: moment)
    case .detailsSent: .sendDetails(agency(&lots), lots.oneOf(Place.ofAgencies), at: moment)
    case .telephoned:
      .call(agency(&lots), number: "0113 496 0181", lots.oneOf(CallResult.allCases), byRole: "duty", at: moment)
    case .barrierNamed:
      .nameBarrier(agency(&lots), lots.oneOf(BarrierCode.allCases), by: lots.oneOf(Party.allCases), agreed: nil)
    case .receiptRecorded: .receive(agency(&lots), at: moment)
    case .conferenceHeld: .conference(heldAt: moment)
    case .followUpDone: .followUp(doneAt: moment, byRole: "chair")
    case .clockStarted(let clock, _, _, _, _): .startClock(clock, at: now - lots.between(.zero, .days(60)))
    case .clockStopped(let clock, _, _): .stopClock(clock, at: now - lots.between(.zero, .hours(2)))
    default: .close
    }
  }

  /// What is recorded beside the ladder and after the decision.
  private func afterwards(at now: Instant, _ moment: Instant?, _ lots: inout Lots) -> Command {
    let told = ClockID.allCases.filter(\.isTold)
    switch lots.whole(0...8) {
    case 0, 1:
      let agency = agency(&lots)
      return .sendDetails(agency, lots.oneOf(Place.ofAgencies), unit: unit(of: agency, &lots), at: moment)
    case 2:
      return .call(
        agency(&lots), number: "0113 496 0180", lots.oneOf(CallResult.allCases), byRole: "team manager", at: moment)
    case 3:
      let party = lots.oneOf(Party.allCases)
      return .nameBarrier(
        agency(&lots), lots.oneOf(BarrierCode.allCases), by: party,
        agreed: party == .agency && lots.chance(0.7) ? lots.chance(0.5) : nil)
    case 4: return .receive(agency(&lots), at: moment)
    case 5: return .conference(heldAt: moment)
    case 6: return .followUp(doneAt: moment, byRole: "team manager")
    case 7:
      let at = lots.chance(0.9) ? now - lots.between(.zero, .days(60)) : now + .hours(1)
      return .startClock(lots.oneOf(told), at: at)
    default: return .stopClock(lots.oneOf(told), at: moment ?? now)
    }
  }

  /// Shifts of hours and days, some of them long gone; now and then two for one place, or one that ends before it begins.
  private func rota(at now: Instant, _ lots: inout Lots) -> [RotaEntry] {
    var entries: [RotaEntry] = []
    for place in lots.chance(0.2) ? [.coordinator] : Place.ofAgencies where lots.chance(0.6) {
      var from = now + lots.between(-.days(3), .days(2))
      for _ in 0..<lots.whole(1...4) {
        let until = from + lots.between(lots.chance(0.02) ? .zero : .hours(1), .days(3))
        entries.append(RotaEntry(place: place, route: route(&lots), from: from, until: until))
        from = lots.chance(0.03) ? from : until + (lots.chance(0.5) ? .zero : lots.between(.zero, .days(1)))
      }
    }
    return entries
  }

  private func cover(at now: Instant, _ lots: inout Lots) -> Cover {
    Cover(
      place: lots.chance(0.15) ? .coordinator : lots.oneOf(Place.ofAgencies), route: route(&lots),
      until: now + lots.between(lots.chance(0.05) ? .zero : .minutes(20), .days(2)), reason: "leave")
  }

  private func agency(_ lots: inout Lots) -> AgencyID {
    lots.chance(0.02) ? "nobody" : lots.oneOf(Town.agencies)
  }

  /// Mostly one of its own, where it has any; now and then one that nobody knows.
  private func unit(of agency: AgencyID, _ lots: inout Lots) -> UnitID? {
    if lots.chance(0.01) { return "nowhere" }
    guard let units = Town.units[agency] else { return nil }
    return lots.chance(0.3) ? nil : lots.oneOf(units)
  }

  /// The units of one agency are asked, seldom the agency as one beside them, and each answers for itself.
  private func amongUnits(_ moment: Instant?, _ lots: inout Lots) -> Command {
    let agency: AgencyID = lots.oneOf(["health", "police"])
    let unit = lots.chance(0.05) ? nil : lots.oneOf(Town.units[agency] ?? [])
    switch lots.whole(0...9) {
    case 0...3: return .sendDetails(agency, lots.oneOf(Place.ofAgencies), unit: unit, at: moment)
    case 4...5: return .contribute(agency, .phoneLive, byRole: "officer", via: via(&lots), unit: unit, at: moment)
    case 6: return .acknowledge(agency, byRole: "officer", via: .phone, unit: unit, at: moment)
    default: return .decline(agency, .b10, byRole: "officer", unit: unit, at: moment)
    }
  }

  private func route(_ lots: inout Lots) -> RouteName { lots.chance(0.05) ? "nowhere" : lots.oneOf(Town.routes) }

  private func via(_ lots: inout Lots) -> Via { lots.chance(0.05) ? .link : lots.oneOf([.phone, .api]) }
}

extension Elapsed {
  static prefix func - (a: Elapsed) -> Elapsed { .zero - a }
}
