// What stands after a correction, a second time: not by telling the story again, but by asking the list of entries for each
// fact. What was struck is crossed out of the list, what replaced it is written beside it.
import Convening

enum CorrectionCheck {
  /// An entry as it stands.
  private struct Line {
    let revision: Int
    let at: Instant
    let event: Event
  }

  /// The entries that count: each in the words of the last correction of it, at the time at which it was first written.
  static func events(standingIn entries: [Entry]) -> [Event] { standing(entries).map(\.event) }

  private static func standing(_ entries: [Entry]) -> [Line] {
    /// What strikes an entry, by that entry's revision.
    var corrections: [Int: (revision: Int, Correction)] = [:]
    for index in entries.indices {
      guard case .corrected(let one) = entries[index].event, corrections[one.revision] == nil else { continue }
      corrections[one.revision] = (entries[index].revision, one)
    }
    return entries.compactMap { entry in
      if case .corrected = entry.event { return nil }
      var (revision, event): (Int, Event?) = (entry.revision, entry.event)
      while let (by, correction) = corrections[revision] { (revision, event) = (by, correction.replacement) }
      return event.map { Line(revision: entry.revision, at: entry.at, event: $0) }
    }
  }

  static func check(
    _ correction: Correction, _ entries: [Entry], _ before: Discussion, _ after: Discussion, _ policies: Policies,
    _ towns: [Arrangements]
  ) throws(Broken) {
    let struck = entries.filter { entry in
      if case .corrected(let one) = entry.event { one.revision == correction.revision } else { false }
    }
    try expect(struck.count == 1, "entry \(correction.revision) is struck \(struck.count) times")
    guard let target = entries.first(where: { $0.revision == correction.revision }) else {
      throw Broken("a correction of no entry")
    }
    try expect(Correctable(target.event) == correction.corrects, "a correction of what people did not record")
    if let right = correction.replacement {
      try expect(Correctable(right) == correction.corrects, "replaced by another kind of thing")
    }
    let lines = standing(entries)
    for agency in Set(after.positions.map(\.agency) + before.positions.map(\.agency)) {
      try check(agency, lines, after)
    }
    try checkCourse(lines, after, policies[after.policy]!)
    try checkClocks(before, after, policies, towns)
  }

  /// What an agency said, from the lines about it.
  private static func check(_ agency: AgencyID, _ lines: [Line], _ after: Discussion) throws(Broken) {
    let position = after.position(agency)
    var given: [Instant: Int] = [:]
    var waiting: [Instant] = []
    for line in lines {
      switch line.event {
      case .contributionRecorded(agency, _, _, .link, let occurred, _): waiting.append(occurred)
      case .contributionRecorded(agency, _, _, _, let occurred, _): given[occurred, default: 0] += 1
      case .contributionConfirmed(agency, _):
        for occurred in waiting { given[occurred, default: 0] += 1 }
        waiting = []
      default: continue
      }
    }
    var shown: [Instant: Int] = [:]
    for one in position?.contributions ?? [] { shown[one.occurred, default: 0] += 1 }
    try expect(shown == given, "\(agency) has given \(shown), and \(given) stands")
    try expect((position?.reported ?? []).map(\.occurred) == waiting, "\(agency) waits to be confirmed")
    // Who came after all declined no more.
    let declined = UnitAccount(of: agency, lines.map(\.event)).hasDeclined
    try expect((position?.declined != nil) == declined, "\(agency) declined: \(!declined)")
    let isInHand = UnitAccount(of: agency, lines.map(\.event)).isInHand
    try expect((position?.acknowledged != nil) == isInHand, "\(agency) has acknowledged: \(!isInHand)")
    let details = lines.filter { if case .detailsSent(agency, _, _, _, _, _) = $0.event { true } else { false } }
    try expect(position?.detailsSent.count ?? 0 == details.count, "details of \(agency)")
  }

  private static func checkCourse(_ lines: [Line], _ after: Discussion, _ policy: Policy) throws(Broken) {
    var held, conference, followUp: Instant?
    var decided: (line: Line, decision: Decision)?
    var sent: Set<AgencyID> = []
    var have: [AgencyID] = []
    for line in lines {
      switch line.event {
      case .held(let occurred, _): held = occurred
      case .decided(let decision, _): decided = (line, decision)
      case .circulated(let to, _, _): sent.formUnion(to)
      case .receiptRecorded(let agency, _): have.append(agency)
      case .conferenceHeld(let occurred): conference = occurred
      case .followUpDone(_, let occurred): followUp = occurred
      default: continue
      }
    }
    try expect(after.heldAt == held, "held at \(after.heldAt as Any), not \(held as Any)")
    try expect(after.decision?.outcome == decided?.decision.outcome, "another outcome than stands")
    try expect(after.decision?.decidedAt == decided?.decision.decidedAt, "decided at another time than stands")
    try expect(after.decisionRecorded == decided?.line.at, "the decision was recorded at another time")
    try expect(Set(after.circulatedTo) == sent, "circulated to \(after.circulatedTo), not \(sent)")
    try expect(after.receipts.map(\.agency) == have, "receipts of \(after.receipts), not \(have)")
    try expect(after.conferenceHeldAt == conference && after.followUpDoneAt == followUp, "what followed")
    let order: [(Phase, Bool)] = [
      (.closed, lines.contains { if case .closed = $0.event { true } else { false } }), (.circulated, !sent.isEmpty),
      (.decided, decided != nil), (.held, held != nil), (.scheduled, true),
    ]
    try expect(order.first { $0.1 }?.0 == after.phase, "it is \(after.phase)")
    guard let decided, let at = decided.decision.decidedAt else {
      return try expect(after.missingAtDecision.isEmpty, "missing at no decision")
    }
    // Who had been heard of by then, in a way that counts, whenever that was recorded.
    let missing = policy.required.filter { agency in
      !UnitAccount(of: agency, lines.map(\.event)).counts(policy.counting, at: at)
    }
    try expect(after.missingAtDecision == missing, "decided without \(after.missingAtDecision), not \(missing)")
    for position in after.positions where !missing.contains(position.agency) {
      try expect(position.barrier == nil, "a reason for the absence of \(position.agency), which was there")
    }
  }

  private static func checkClocks(
    _ before: Discussion, _ after: Discussion, _ policies: Policies, _ towns: [Arrangements]
  ) throws(Broken) {
    let decidedAt = after.decision?.decidedAt
    for clock in after.clocks {
      switch clock.id {
      case .c3, .c4: try expect(clock.started == decidedAt, "\(clock.id) counts from \(clock.started)")
      case .followUp:
        try expect(
          clock.started == decidedAt && !after.missingAtDecision.isEmpty, "a follow-up of what was whole, or wrongly")
      case .c5: try expect(after.decision?.conference != nil, "C5 runs, and nothing started it")
      case .c1, .c2, .c6, .c7, .c10, .c11: break
      }
      // Those that stay keep their instants; the others are counted anew.
      if before.clocks.contains(where: { ($0.id, $0.level, $0.started) == (clock.id, clock.level, clock.started) }) {
        continue
      }
      let counted = towns.map {
        ClockCheck.dueInstant(of: clock.id, clock.level, from: clock.started, after, policies, $0.calendar)?.at
      }
      try expect(counted.contains(clock.due), "\(clock.id) is due \(clock.due), not \(counted)")
    }
    let isOwed = !after.missingAtDecision.isEmpty && policies[after.policy]!.clocks[.followUp] != nil
    try expect(after.clocks.contains { $0.id == .followUp } == isOwed, "the follow-up runs: \(!isOwed)")
  }

  /// After the turn: whoever is asked again has each step that is still to come, or has climbed it.
  static func checkAsked(_ discussion: Discussion, _ policies: Policies, at now: Instant) throws(Broken) {
    guard discussion.phase == .scheduled, discussion.convene.heldAt == nil else { return }
    let ladder = policies[discussion.policy]!.ladder(for: discussion.convene.urgency)
    for position in discussion.positions
    where position.invited && position.isSilent {
      for step in ladder.steps where !position.climbed.contains(step.name) {
        guard case .before(let lead) = step.when, let meetingAt = discussion.meetingAt, meetingAt - lead > now else {
          continue
        }
        try expect(
          position.rungs.contains { $0.step == step.name }, "\(position.agency) is not asked by \(step.name) any more")
      }
    }
  }
}
