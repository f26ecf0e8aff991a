// When a discussion meets, a second time: what is entered late asks nobody, one without a time is up when its policy says, and
// the earliest time is the first quarter-hour that suits. Found by trying one quarter-hour after the other, minute by minute.
import Convening
import Coordination

enum AppointmentCheck {
  static func check(
    _ entry: Entry, _ after: Discussion, _ others: [DiscussionID: Discussion], _ policies: Policies,
    _ towns: [Arrangements]
  ) throws(Broken) {
    if after.convene.heldAt != nil {
      switch entry.event {
      case .ladderPlanned, .attemptBegan, .placeSkipped, .rungsPassed, .rescheduled:
        throw Broken("\(entry.event.name) of what was entered late")
      default: break
      }
    }
    switch entry.event {
    case .convened(let convene, let meeting, let agencies, let policy, _, _):
      try convened(convene, meeting, agencies, policies[policy]!, at: entry.at, others, towns)
    case .ladderPlanned(let agency, .convened, let rungs): try endsInNoSilence(agency, rungs, after, policies, entry.at)
    case .ladderPlanned(_, .rescheduled, let rungs):
      try expect(!rungs.contains { $0.step == "no-time" }, "it has a time, and a word that it has none")
    default: break
    }
  }

  /// A team that the settings name, or any where they name none; and who is refused another hears of all that there are.
  static func checkTeams(_ inputs: [Input], _ turn: Turn, _ towns: [Arrangements]) throws(Broken) {
    for entry in turn.entries {
      guard case .convened(let convene, _, _, _, _, _) = entry.event else { continue }
      let isKnown = towns.contains { town in town.teams.isEmpty || town.teams.contains { $0.id == convene.team } }
      try expect(isKnown, "convened for a team that nobody knows: \(convene.team)")
    }
    var asked: [Int: TeamID] = [:]
    for case .request(let request, let ticket, _) in inputs {
      if case .convene(_, let convene, _) = request.change { asked[ticket] = convene.team }
    }
    for (ticket, reply) in turn.replies {
      guard case .refused(.unknownTeam(let known)) = reply else { continue }
      let isTold = towns.contains { town in !known.isEmpty && town.teams.map(\.id) == known }
      try expect(
        isTold && asked[ticket].map { !known.contains($0) } ?? false, "a team that is known is refused: \(known)")
    }
  }

  private static func convened(
    _ convene: Convene, _ meeting: MeetingTime, _ agencies: [AgencyID], _ policy: Policy, at now: Instant,
    _ others: [DiscussionID: Discussion], _ towns: [Arrangements]
  ) throws(Broken) {
    let ladder = convene.urgency == .urgent ? policy.urgent ?? policy.standard : policy.standard
    if let held = convene.heldAt {
      try expect(held <= now + .minutes(5) && held >= now - .days(732), "a late entry of \(held)")
      return
    }
    switch (convene.meeting, meeting) {
    case (.at(let wished), .at(let instant)): try expect(wished == instant, "another time than was asked for")
    case (.asSoonAsTheyAnswer, .asSoonAsTheyAnswer(let until)):
      try expect(convene.urgency == .urgent, "a standard discussion without a time")
      let counted = towns.map { town in
        ladder.heldWithin.map { ClockCheck.count($0, from: convene.needIdentifiedAt ?? now, town.calendar).at }
          ?? now + .days(1)
      }
      try expect(counted.contains(until), "its time is up at \(until), not \(counted)")
    case (.earliest, .at(let found)):
      let first = towns.map { town in
        earliest(convene, agencies, policy, ladder, by: found, at: now, Array(others.values), town)
      }
      try expect(first.contains(found), "the earliest time is said to be \(found), not \(first)")
    default: throw Broken("asked for \(convene.meeting), and convened for \(meeting)")
    }
  }

  /// The first time that suits, if it comes by that moment.
  private static func earliest(
    _ convene: Convene, _ agencies: [AgencyID], _ policy: Policy, _ ladder: Ladder, by found: Instant, at now: Instant,
    _ others: [Discussion], _ town: Arrangements
  ) -> Instant? {
    let required = agencies.filter { policy.required.contains($0) }
    let needed = required.isEmpty ? agencies : required
    let fair = ladder.fairNotice.map { ClockCheck.count($0, from: now, town.calendar).at } ?? now
    if let limit = ladder.heldWithin,
      ClockCheck.count(limit, from: convene.needIdentifiedAt ?? now, town.calendar).at < found
    {
      return nil
    }
    let quarter: Int64 = 900_000
    var at = fair.milliseconds - fair.milliseconds % quarter
    if at < fair.milliseconds { at += quarter }
    while at <= found.milliseconds {
      let start = Instant(milliseconds: at)
      if suits(start, convene, needed, others, town) { return start }
      at += quarter
    }
    return nil
  }

  private static func suits(
    _ start: Instant, _ convene: Convene, _ needed: [AgencyID], _ others: [Discussion], _ town: Arrangements
  ) -> Bool {
    let calendar = town.calendar
    for minute in 0..<Int64(convene.durationMinutes) {
      let moment = start + .minutes(minute)
      if convene.urgency == .standard {
        let day = calendar.date(of: moment)
        guard (day.daysSince1970 + 3) % 7 < 5, !calendar.holidays.days.contains(day) else { return false }
        if let working = calendar.working, !calendar.isOpen(working, at: moment) { return false }
      }
      for agency in needed {
        guard town.holder(.contact, of: agency, at: moment) != nil else { return false }
        guard let most = town.agency(agency)?.atOnce else { continue }
        // Whatever overlaps this minute may be joined at one of its moments: those are looked at.
        let busy = others.filter { other in
          guard other.phase == .scheduled, let from = other.meetingAt, let position = other.position(agency),
            position.invited, position.declined == nil
          else { return false }
          return from < moment + .minutes(1) && from + .minutes(Int64(other.convene.durationMinutes)) > moment
        }
        let moments = [moment] + busy.compactMap(\.meetingAt).filter { $0 > moment }
        for one in moments {
          let joined = busy.count { other in
            other.meetingAt! <= one && other.meetingAt! + .minutes(Int64(other.convene.durationMinutes)) > one
          }
          if joined >= most { return false }
        }
      }
    }
    return true
  }

  /// While there is no time, the coordinator hears when it is up; where it is up, everybody hears at once.
  private static func endsInNoSilence(
    _ agency: AgencyID, _ rungs: [Rung], _ discussion: Discussion, _ policies: Policies, _ now: Instant
  ) throws(Broken) {
    guard discussion.meetingAt == nil else { return }
    let end = max(discussion.deadline, now)
    let isTold = rungs.contains { $0.places.contains(.coordinator) && $0.due == end }
    try expect(isTold, "\(agency): its time is up, and the coordinator hears nothing")
    let ladder = policies[discussion.policy]!.ladder(for: discussion.convene.urgency)
    for step in ladder.steps where discussion.deadline <= now {
      for place in step.to {
        try expect(rungs.contains { $0.due == now && $0.places.contains(place) }, "\(place) is not asked at once")
      }
    }
    for step in ladder.steps {
      guard case .before = step.when, discussion.deadline > now else { continue }
      try expect(!rungs.contains { $0.step == step.name }, "\(step.name) stands before no meeting")
    }
  }
}
