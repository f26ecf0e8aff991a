// The steps of a standard discussion keep the hours of those whom they ask: a second account, which looks every quarter of an
// hour whether somebody is there, where the rules look at the edges of hours and rotas.
import Convening

struct HoursCheck {
  let duties: DutyCheck
  let town: Arrangements
  let discussion: Discussion
  let policies: Policies

  private var ladder: Ladder { policies[discussion.policy]!.ladder(for: discussion.convene.urgency) }

  private func keepsHours(_ rung: Rung) -> Bool {
    discussion.convene.urgency == .standard && ladder.defersTo != nil
      && (!rung.isNotice || ["daily", "undecided"].contains(rung.step))
  }

  private func isThere(_ place: Place, _ position: Position, at moment: Instant, covered: Bool = true) -> Bool {
    town.calendar.isOpen(ladder.defersTo!, at: moment)
      || duties.isAttended(place, of: position, in: discussion, at: moment, town, covered: covered)
  }

  /// The quarters of an hour between the two, two weeks at most.
  private func quarters(after start: Instant, before end: Instant) -> StrideTo<Int64> {
    let quarter: Int64 = 900_000
    let first = (start.milliseconds / quarter + 1) * quarter
    return stride(from: first, to: min(end, start + .days(14)).milliseconds, by: Int(quarter))
  }

  /// A moment after then at which the step would not come too late.
  private func isLater(_ rung: Rung, _ place: Place, _ position: Position, than at: Instant) -> Bool {
    let end = rung.isNotice ? at + .days(14) : min(rung.stopAfter, discussion.deadline)
    let left = Elapsed(milliseconds: max((end - at).milliseconds, 0) / 10)
    let last = rung.isNotice ? end : end - min(ladder.lastAttemptMargin, left)
    for moment in quarters(after: at, before: last).map(Instant.init(milliseconds:))
    where isThere(place, position, at: moment) {
      guard rung.message == .invitation, let fair = ladder.fairNotice else { return true }
      return fair.end(from: at, in: town.calendar) > end || fair.end(from: moment, in: town.calendar) <= end
    }
    return false
  }

  /// Nobody is asked outside their hours who could be asked in them later.
  func checkSent(_ rung: Rung, to place: Place, of position: Position, at now: Instant) throws(Broken) {
    try expect(
      discussion.convene.urgency == .standard && rung.planned != nil || rung.planned == nil || keepsHours(rung),
      "an urgent step was moved")
    guard keepsHours(rung), !isThere(place, position, at: now) else { return }
    try expect(
      !isLater(rung, place, position, than: now), "\(rung.step) asks the \(place) outside their hours")
  }

  /// What is still to come is where the hours in force put it.
  func checkRest(_ rung: Rung, of position: Position, at now: Instant) throws(Broken) {
    guard rung.due > now else { return }
    try expect(rung.planned == nil || keepsHours(rung), "\(rung.step) was moved, and keeps no hours")
    guard keepsHours(rung) else { return }
    let at = max(rung.own, now)
    for place in rung.places {
      if isThere(place, position, at: at) {
        try expect(rung.due == at, "\(rung.step) was moved, and the \(place) is there")
      } else if isLater(rung, place, position, than: at) {
        try expect(rung.due > at, "\(rung.step) is not deferred to the hours of the \(place)")
        try expect(isThere(place, position, at: rung.due), "\(rung.step) is deferred to when nobody is there")
        let isSooner = quarters(after: at, before: rung.due).contains {
          isThere(place, position, at: Instant(milliseconds: $0))
        }
        try expect(!isSooner, "\(rung.step) is deferred further than the hours of the \(place)")
      } else if rung.due > rung.own {
        try expect(isThere(place, position, at: rung.due), "\(rung.step) is deferred to when nobody is there")
      } else {
        let holds = position.acknowledged.map { occurred in
          occurred + min(ladder.acknowledgementHolds, max(discussion.deadline - occurred, .zero) / 3)
        }
        let from = rung.ifUnanswered ? max(now, holds ?? now) : now
        let end = rung.due < rung.own ? rung.due + ladder.lastAttemptMargin : rung.due
        let start = rung.due < rung.own ? end : max(from, rung.own - .days(14))
        // Whoever covers is gone by then.
        let isBetter = quarters(after: start, before: rung.own).contains {
          isThere(place, position, at: Instant(milliseconds: $0), covered: false)
        }
        try expect(!isBetter, "\(rung.step) comes outside the hours of the \(place), and could come in them")
        try expect(
          rung.due == rung.own || isThere(place, position, at: rung.due),
          "\(rung.step) is brought forward to when nobody is there")
      }
    }
  }
}
