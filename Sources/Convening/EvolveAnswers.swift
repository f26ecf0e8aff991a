// What somebody at an agency said, in the state: it silences what it made moot, and where a unit spoke, what that makes of the
// agency is settled.

extension Discussion {
  mutating func acknowledge(
    _ agency: AgencyID, _ unit: UnitID?, _ occurred: Instant, by acknowledger: Acknowledger?, at recorded: Instant
  ) {
    change(agency) { position in
      // An earlier moment that is typed later is not when the unit acknowledged last.
      var last = occurred
      position.hear(unit) { answer in
        last = max(answer.acknowledged ?? occurred, occurred)
        (answer.acknowledged, answer.declined) = (last, nil)
      }
      position.take(acknowledger, isLatest: position.acknowledged.map { $0 <= occurred } ?? true)
      position.acknowledged = max(position.acknowledged ?? last, last)
      position.firstAnswered = position.firstAnswered ?? occurred
      position.comeBack()
      position.escalatedAt = nil
    }
    silenceTheDecline(of: agency, at: recorded)
    if unit != nil { settleUnits(of: agency, at: recorded) }
  }

  /// It does not decline any more: nobody need hear of it.
  mutating func silenceTheDecline(of agency: AgencyID, at recorded: Instant) {
    silence(at: recorded) { $0.agency == agency && $0.message == .answered }
  }

  /// Once a unit of it was asked or heard.
  mutating func settleUnits(of agency: AgencyID, at recorded: Instant) {
    let hadDeclined = position(agency)?.declined != nil
    change(agency) { $0.settleUnits() }
    if !hadDeclined, position(agency)?.declined != nil { silence(at: recorded) { $0.agency == agency } }
  }

  mutating func contribute(_ agency: AgencyID, _ contributions: [Contribution], at recorded: Instant) {
    change(agency) { position in
      position.contributions += contributions
      position.firstAnswered = position.firstAnswered ?? contributions.first?.occurred
      for contribution in contributions { position.hear(contribution.unit) { $0.declined = nil } }
    }
    // Its ladder goes on for the units that it still waits for.
    guard position(agency)?.hasContributed ?? false else { return settleUnits(of: agency, at: recorded) }
    change(agency) { position in
      position.escalatedAt = nil
      position.rungs.removeAll { $0.message != .rescheduled && $0.message != .cancelled }
    }
    silence(at: recorded) { $0.agency == agency && ($0.pursuesAnswer || $0.message == .answered) }
  }
}
