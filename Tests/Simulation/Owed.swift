// What the entries of one turn owe to each other: whoever is to be asked or told has a ladder, what happened starts its clocks,
// and an absence has a reason where there is one to propose.
import Convening

/// An agency in a discussion.
struct Seat: Hashable {
  let id: DiscussionID
  let agency: AgencyID
}

struct Owed {
  private var ladders: Set<Seat> = []
  private var reasons: Set<Seat> = []
  private var clocks: [DiscussionID: Set<ClockID>] = [:]

  /// An entry, its discussion before and after it, and the arrangements that it may have been decided by.
  mutating func note(
    _ entry: Entry, _ before: Discussion?, _ after: Discussion, _ policies: Policies, _ towns: [Arrangements]
  ) {
    clocks[after.id, default: []].formUnion(ClockCheck.owed(by: entry, after, policies))
    switch entry.event {
    case .clockStarted(let clock, _, _, _, _): clocks[after.id]?.remove(clock)
    case .barrierProposed(let agency, _, _): reasons.remove(Seat(id: after.id, agency: agency))
    case .convened where after.convene.heldAt != nil: break
    case .convened, .rescheduled: owe(after.positions.filter(\.invited).map(\.agency), in: after)
    case .declined(let agency, _, _, _, nil): if after.phase == .scheduled { owe([agency], in: after) }
    case .detailsSent(let agency, _, _, _, .some, _):
      // One more unit, which may still answer.
      let hadAnswered = before?.position(agency).map { $0.invited && !$0.isSilent } ?? false
      if after.phase == .scheduled, hadAnswered, after.position(agency)!.isSilent { owe([agency], in: after) }
    case .decided:
      for agency in after.missingAtDecision
      where towns.allSatisfy({ ClockCheck.reason(for: agency, after, policies, $0, at: entry.at) != nil }) {
        reasons.insert(Seat(id: after.id, agency: agency))
      }
      // Whoever was asked and is silent, where the policy tells them.
      guard policies[after.policy]!.ladder(for: after.convene.urgency).afterDecision != nil, after.convene.heldAt == nil
      else { break }
      let silent = after.positions.filter {
        $0.invited && $0.isSilent && $0.reported.isEmpty
      }
      owe(silent.map(\.agency), in: after)
    case .ladderPlanned(let agency, .convened, _), .ladderPlanned(let agency, .rescheduled, _),
      .ladderPlanned(let agency, .decided, _), .ladderPlanned(let agency, .declined, _),
      .ladderPlanned(let agency, .unitAsked, _):
      ladders.remove(Seat(id: after.id, agency: agency))
    default: break
    }
    noteDeclines(before, after)
  }

  /// A no that is the agency's from now on is told, whatever made it so.
  private mutating func noteDeclines(_ before: Discussion?, _ after: Discussion) {
    for position in after.positions where position.invited && position.saysNo && after.phase == .scheduled {
      if before?.position(position.agency)?.saysNo == false { owe([position.agency], in: after) }
    }
  }

  private mutating func owe(_ agencies: [AgencyID], in discussion: Discussion) {
    for agency in agencies { ladders.insert(Seat(id: discussion.id, agency: agency)) }
  }

  /// Once the turn is whole.
  func check() throws(Broken) {
    if let seat = ladders.first { throw Broken("no ladder for \(seat.agency) in \(seat.id)") }
    if let seat = reasons.first { throw Broken("no reason proposed for \(seat.agency) in \(seat.id)") }
    for (id, left) in clocks where !left.isEmpty { throw Broken("\(left) of \(id) did not start") }
  }
}

extension Position {
  fileprivate var saysNo: Bool { declined != nil && !tookPart }
}
