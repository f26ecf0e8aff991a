// What a turn does with an import: each row goes the way of a request of its own, and where one is refused the turn is as it
// was before the first. All faults are found, not the first alone.
import Convening
import Wire

extension Planning {
  /// All rows, or none.
  mutating func carryOut(
    _ rows: [ImportRow], _ request: Request, _ admitted: Input.Admitted
  ) -> ImportOutcome {
    let before = self
    var outcome = ImportOutcome()
    for (place, row) in rows.enumerated() {
      let known = admitted.rows[row.stream] ?? .init()
      admit(known)
      let (entries, isKnown) = (turn.entries.count, isKnown(row))
      if let fault = carryOut(row, request, known) {
        outcome.faults.append(fault)
      } else if turn.entries.count == entries {
        outcome.tally.unchanged += 1
      } else {
        outcome.changing.append(place)
        if isKnown { outcome.tally.updated += 1 } else { outcome.tally.new += 1 }
        if row.isLateEntry, !isKnown { outcome.tally.lateEntries += 1 }
      }
    }
    if !outcome.faults.isEmpty { self = before }
    return outcome
  }

  /// nil where it was carried out. What follows a step that is refused is not looked at.
  private mutating func carryOut(
    _ row: ImportRow, _ request: Request, _ admitted: Input.Admitted
  ) -> ImportFault? {
    for step in [row.first] + row.then where !stands(step) {
      do throws(Refusal) {
        try carryOut(step, of: request, admitted)
      } catch {
        return ImportFault(line: row.line, step: step, refusal: error)
      }
    }
    return nil
  }

  private func stands(_ step: ImportRow.Step) -> Bool {
    switch step {
    case .convene: false
    case .change(let id, let command): discussion(id)?.stands(command) ?? false
    case .contact(let id, let command): contact(id)?.stands(command) ?? false
    }
  }

  /// Whether it is about something that there is; a contribution is something of its own.
  private func isKnown(_ row: ImportRow) -> Bool {
    switch row.first {
    case .convene(let id, _, _): discussion(id) != nil
    case .contact(let id, _): contact(id) != nil
    case .change: false
    }
  }
}

extension Convenor {
  /// Carries out all rows in one commit, or none. They are tried first on a copy of the docket, away from the loop: an import
  /// with faults, or one that changes nothing, never keeps a reminder waiting, and the loop gets those rows alone that change
  /// something.
  ///
  /// - Parameters:
  ///   - isFeed: the file tells of contacts; that it came is known then, though it had no news or no row.
  ///   - dry: nothing is recorded, whatever they come to.
  ///   - lines: reads a stream, away from the loop: that of what is closed.
  /// - Returns: `imported`, or why nothing could be recorded at all.
  /// - Throws: what `lines` throws.
  public nonisolated func importing(
    _ rows: [ImportRow], isFeed: Bool, by actor: Actor, dry: Bool, at now: Instant,
    reading lines: @Sendable (Convening.Stream) async throws -> [SealedLine]
  ) async throws -> Reply {
    let docket = await copy
    var admission = Admission(of: Request(.imports(rows), actor: actor), to: docket)
    while let stream = admission.next() { try admission.take(await lines(stream), of: stream) }
    let attempt = Input.request(Request(.imports(rows), actor: actor), ticket: 0, try admission.admitted())
    guard let tried = docket.plan([attempt], at: now, forOutcomesAlone: true).replies.first?.reply else {
      return .refused(.stopping)
    }
    guard case .imported(let outcome) = tried else { return tried }
    guard !dry, outcome.faults.isEmpty else { return tried }
    guard !outcome.changing.isEmpty else {
      guard isFeed, case .refused(let refusal) = await submit(Request(.feed, actor: actor)) else { return tried }
      return .refused(refusal)
    }
    let reply = await submit(Request(.imports(outcome.changing.map { rows[$0] }), actor: actor))
    guard case .imported(var done) = reply else { return reply }
    done.tally.unchanged += outcome.tally.unchanged
    return .imported(done)
  }
}
