// An import a second time: what it records must be, to the byte, what the same docket records where somebody types each step of
// each row, and nothing where one of them is refused. What is recorded already is found in the auditor's account.
import Convening
import Coordination

enum ImportCheck {
  /// - Parameters:
  ///   - docket: as it was before the turn.
  ///   - folded, contacts: what was durable before the turn.
  static func check(
    _ inputs: [Input], _ turn: Turn, _ docket: Docket, folded: [DiscussionID: Discussion],
    contacts: [ContactID: FrontDoorContact], at now: Instant
  ) throws(Broken) {
    let requests = inputs.compactMap { input -> (Request, Int, Input.Admitted)? in
      if case .request(let request, let ticket, let admitted) = input { (request, ticket, admitted) } else { nil }
    }
    // Beside another request's, what was recorded before is not what this one found.
    guard requests.count == 1, case (let request, let ticket, let admitted) = requests[0],
      case .imports(let rows) = request.change, let reply = turn.replies.first(where: { $0.ticket == ticket })?.reply
    else { return }
    var (typed, lines): ([Input], [Int]) = ([], [])
    for row in rows {
      for step in [row.first] + row.then where !isRecorded(step, folded, contacts) {
        typed.append(
          .request(
            Request(change(step), actor: request.actor), ticket: lines.count, admitted.rows[row.stream] ?? .init()))
        lines.append(row.line)
      }
    }
    func planned(_ typed: [Input]) -> Turn {
      let replaced = inputs.flatMap { input -> [Input] in
        if case .request = input { typed } else { [input] }
      }
      return docket.plan(replaced, at: now)
    }
    if case .refused(.stopping) = reply {
      return try expect(turn.lines == planned([]).lines, "an import that is refused leaves something behind")
    }
    let wanted = planned(typed)
    var refused: Set<Int> = []
    for case (let place, .refused) in wanted.replies { refused.insert(lines[place]) }
    guard refused.isEmpty else {
      try expect(turn.lines == planned([]).lines, "an import with faults leaves something behind")
      guard case .imported(let outcome) = reply else { return }
      try expect(
        Set(outcome.faults.map(\.line)) == refused, "faults on lines \(outcome.faults.map(\.line)), not \(refused)")
      return
    }
    try expect(turn.lines == wanted.lines, "an import records something else than who types it all")
    guard case .imported(let outcome) = reply else { throw Broken("an import is answered \(reply)") }
    let late = turn.entries.count { entry in
      if case .convened(let convene, _, _, _, _, _) = entry.event { convene.heldAt != nil } else { false }
    }
    try expect(
      outcome.faults.isEmpty && outcome.tally.rows == rows.count && outcome.tally.lateEntries == late,
      "an import of \(rows.count) rows comes to \(outcome.tally)")
  }

  /// The same file once more, as soon as it is the state: it changes nothing.
  static func checkAgain(
    _ inputs: [Input], _ turn: Turn, _ docket: Docket, at now: Instant, admit: (Input) -> Input
  ) throws(Broken) {
    for input in inputs {
      guard case .request(let request, let ticket, _) = input, case .imports(let rows) = request.change,
        case .imported(let outcome)? = turn.replies.first(where: { $0.ticket == ticket })?.reply, outcome.faults.isEmpty
      else { continue }
      // What is told later in the same turn may be about the same.
      let later = turn.entries.contains { entry in
        entry.actor.map { $0 != request.actor } ?? false && rows.contains { $0.stream == entry.stream }
      }
      guard !later else { continue }
      let again = docket.plan([admit(.request(request, ticket: ticket, .init()))], at: now, forOutcomesAlone: true)
      try expect(again.entries.allSatisfy { $0.actor != request.actor }, "the same file again changes something")
    }
  }

  private static func isRecorded(
    _ step: ImportRow.Step, _ folded: [DiscussionID: Discussion], _ contacts: [ContactID: FrontDoorContact]
  ) -> Bool {
    switch step {
    case .change(let id, .contribute(let agency, let kind, let byRole, let via, let unit, let at)):
      guard let position = folded[id]?.positions.first(where: { $0.agency == agency }) else { return false }
      for known in position.contributions
      where known.kind == kind && known.byRole == byRole && known.via == via && known.unit == unit
        && known.occurred == at
      { return true }
      return false
    case .change(let id, .decide(let decision)):
      guard let known = folded[id]?.decision else { return false }
      return known.outcome == decision.outcome && known.decidedAt == decision.decidedAt
        && known.byRole == decision.byRole
        && known.reason == decision.reason && known.flags == decision.flags && known.dissent == decision.dissent
        && known.s47StartedAt == decision.s47StartedAt
    case .contact(let id, .review): return contacts[id]?.review != nil
    case .change, .convene, .contact: return false
    }
  }

  private static func change(_ step: ImportRow.Step) -> Request.Change {
    switch step {
    case .convene(let id, let convene, let firstBody): .convene(id, convene, firstBody: firstBody)
    case .change(let id, let command): .change(id, command)
    case .contact(let id, let command): .contact(id, command)
    }
  }
}
