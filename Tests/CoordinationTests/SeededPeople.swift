// What the people of a seeded year do: they convene, answer for agencies and units, come late or not at all, decide, and follow
// up. Each is drawn by lot and put on the year's agenda.
import Convening
import Coordination

extension SeededYear {
  mutating func convene(at now: Instant) {
    let id = DiscussionID(bits: lots.next())
    let isUrgent = chance(30)
    let meeting = now + (isUrgent ? minutes(10...240) : minutes(30...5000))
    let named: [AgencyID]? = chance(60) ? nil : Self.agencies.filter { _ in chance(75) }
    let convene = Convene(
      meeting: .at(meeting), form: .video, urgency: isUrgent ? .urgent : .standard,
      needIdentifiedAt: chance(85) ? now - minutes(0...400) : nil, agencies: named?.isEmpty == true ? nil : named,
      team: "duty", convenedBy: "team manager",
      follows: puttingRight && chance(12) ? begun.randomElement(using: &lots) : nil)
    enter(convene, as: id, at: now)
    let held = chance(15) ? reschedule(id, now, meeting) : meeting
    if chance(6) { return plan(now + minutes(5...20), .change(id, .cancel(reason: "moved away"))) }
    for agency in Self.agencies { answer(id, agency, from: now, until: held) }
    if puttingRight {
      for _ in 0..<3 where chance(30) { plan(now + minutes(9...900), .correct(id)) }
      for _ in 0..<3 where chance(30) { plan(held + minutes(9...20_000), .correct(id)) }
    }
    decide(id, held + minutes(0...30))
  }

  /// It is recorded, and another may follow it.
  private mutating func enter(_ convene: Convene, as id: DiscussionID, at now: Instant) {
    turn(
      [
        .request(
          Request(
            .convene(id, convene, firstBody: Fingerprint(high: id.bits, low: 0)), actor: Actor(uid: 1, pid: 1)),
          ticket: 1, .init(earlier: closed(from: convene.follows)))
      ], at: now)
    begun.append(id)
  }

  /// It was held last night, or months ago.
  mutating func enterLate(at now: Instant) {
    let (id, isUrgent) = (DiscussionID(bits: lots.next()), chance(50))
    let held = now - (chance(60) ? minutes(30...900) : minutes(60_000...150_000))
    let convene = Convene(
      meeting: .at(held), form: .phone, urgency: isUrgent ? .urgent : .standard,
      needIdentifiedAt: chance(60) ? held - minutes(10...300) : nil, team: "duty", convenedBy: "team manager",
      heldAt: held)
    enter(convene, as: id, at: now)
    for agency in Self.agencies where chance(70) {
      plan(
        now + minutes(1...3),
        .change(id, .contribute(agency, .phoneLive, byRole: "r", via: .phone, at: held - minutes(0...9))))
    }
    let decision = Decision(
      outcome: Outcome.allCases.randomElement(using: &lots)!, decidedAt: held + minutes(1...29), byRole: "r",
      reason: "R1")
    plan(now + minutes(4...9), .change(id, .decide(decision)))
    if chance(50) { plan(now + minutes(20...4000), .change(id, .circulate(to: ["police", "health"], at: nil))) }
    if chance(30) { plan(now + minutes(20...9000), .change(id, .followUp(doneAt: nil, byRole: "r"))) }
    if chance(30) { plan(now + minutes(20...9000), .change(id, .conference(heldAt: nil))) }
  }

  private mutating func reschedule(_ id: DiscussionID, _ now: Instant, _ meeting: Instant) -> Instant {
    let later = meeting + minutes(10...3000)
    plan(now + minutes(1...8), .change(id, .reschedule(meetingAt: later, reason: "room")))
    return later
  }

  /// One of its units, or the agency as one.
  mutating func somebody(at agency: AgencyID) -> UnitID? {
    chance(25) ? nil : Self.units[agency]?.randomElement(using: &lots)
  }

  private mutating func answer(_ id: DiscussionID, _ agency: AgencyID, from: Instant, until: Instant) {
    let span = max(2, (until - from).milliseconds / 60_000)
    if let units = Self.units[agency], ask(units, of: agency, id, from: from, span) { return }
    if chance(60) {
      let at = from + minutes(0...span)
      plan(
        at,
        .change(
          id,
          .acknowledge(
            agency, byRole: "r", via: .phone, unit: somebody(at: agency), at: chance(50) ? at - minutes(0...9) : nil)))
    }
    if chance(10) { decline(id, agency, nil, from + minutes(0...span)) }
    for _ in 0..<(chance(20) ? 2 : 1) where chance(72) {
      contribute(id, agency, somebody(at: agency), from + minutes(span / 2...span + 45))
    }
    if chance(30) { plan(from + minutes(0...span), .change(id, .sendDetails(agency, .contact, at: nil))) }
  }

  /// Most in time, some so late that it is decided. True where none of them will take part, and nobody else there says a word.
  private mutating func ask(
    _ units: [UnitID], of agency: AgencyID, _ id: DiscussionID, from: Instant, _ span: Int64
  ) -> Bool {
    guard chance(75) else { return false }
    let willNot = chance(12)
    for unit in units where chance(55) {
      let asked = from + (chance(80) ? minutes(0...span / 2) : minutes(span / 2...span + 120))
      plan(
        asked, .change(id, .sendDetails(agency, .contact, unit: unit, at: chance(70) ? nil : asked - minutes(0...40))))
      if willNot || chance(30) { decline(id, agency, unit, asked + minutes(1...span / 2 + 1)) }
      if !willNot, chance(65) { contribute(id, agency, unit, asked + minutes(1...span / 2 + 60)) }
    }
    return willNot
  }

  private mutating func decline(_ id: DiscussionID, _ agency: AgencyID, _ unit: UnitID?, _ at: Instant) {
    plan(at, .change(id, .decline(agency, chance(50) ? .b13 : .b10, byRole: "r", unit: unit, at: nil)))
  }

  private mutating func contribute(_ id: DiscussionID, _ agency: AgencyID, _ unit: UnitID?, _ at: Instant) {
    let kind = chance(80) ? ContributionKind.video : ContributionKind.allCases.randomElement(using: &lots)!
    let told = chance(40) ? at - minutes(0...30) : nil
    let isReported = chance(15)
    plan(
      at, .change(id, .contribute(agency, kind, byRole: "r", via: isReported ? .link : .phone, unit: unit, at: told)))
    if isReported, chance(60) { plan(at + minutes(1...90), .change(id, .confirm(agency, byRole: "r"))) }
  }

  private mutating func decide(_ id: DiscussionID, _ held: Instant) {
    let decidedAt = held + minutes(1...40)
    let outcome = Outcome.allCases.randomElement(using: &lots)!
    var decision = Decision(
      outcome: chance(40) ? .s47Joint : outcome, decidedAt: decidedAt, byRole: "r", flags: chance(5) ? [.dissent] : [],
      dissent: chance(8) ? ["health"] : [], reason: "R1")
    if chance(20) { decision.s47StartedAt = decidedAt + minutes(-2000...12_000) }
    // Some are recorded days later, when the enquiry had begun and the conference been held before it.
    let isLate = chance(3)
    if isLate { (decision.outcome, decision.s47StartedAt) = (.s47SingleCSC, decidedAt + .days(4)) }
    let recorded = isLate ? decidedAt + .days(5) : decidedAt + minutes(0...25)
    if chance(80) {
      plan(held, .change(id, .hold(heldAt: chance(50) ? held - minutes(0...20) : nil, form: nil, decision: nil)))
    }
    plan(recorded, .change(id, .decide(decision)))
    for _ in 0..<(chance(15) ? 2 : 1) where chance(85) {
      let at = recorded + minutes(5...3000)
      let to = Self.agencies.filter { _ in chance(80) }
      plan(at, .change(id, .circulate(to: to.isEmpty ? ["police"] : to, at: nil)))
      for agency in to where chance(60) { plan(at + minutes(3100...4000), .change(id, .receive(agency, at: nil))) }
    }
    if isLate { plan(recorded + minutes(1...9), .change(id, .conference(heldAt: decidedAt + .days(2)))) }
    if chance(70) { plan(decidedAt + .days(.random(in: 2...40, using: &lots)), .change(id, .conference(heldAt: nil))) }
    if chance(70) {
      plan(decidedAt + .days(.random(in: 1...12, using: &lots)), .change(id, .followUp(doneAt: nil, byRole: "r")))
    }
    for agency in Self.agencies {
      for _ in 0..<2 where chance(25) {
        let party = chance(50) ? Party.chair : .agency
        plan(
          recorded + minutes(1...3000),
          .change(id, .nameBarrier(agency, chance(50) ? .b14 : .b20, by: party, agreed: nil)))
      }
    }
    guard chance(12) else { return }
    let from = recorded + minutes(10...900)
    plan(from, .change(id, .startClock(.c11, at: from)))
    if chance(50) { plan(from + .days(1), .change(id, .startClock(.c11, at: from + .days(1)))) }
    let ended = from + .days(.random(in: 2...12, using: &lots))
    if chance(70) { plan(ended, .change(id, .stopClock(.c11, at: ended))) }
  }
}
