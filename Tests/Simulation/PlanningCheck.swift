// Nothing that was planned may get lost: a rung leaves a ladder only by a message, by a skip or a pass that says why, or
// because an answer, a new time or the end of the discussion made it moot. And every ladder is as its policy says.
import Convening

enum Planning {
  /// By any of the arrangements that may have been in force.
  static func check(
    _ entry: Entry, _ before: Discussion?, _ after: Discussion, _ policies: Policies, _ towns: [Arrangements]
  ) throws(Broken) {
    var broken: Broken?
    for town in towns {
      do throws(Broken) { return try check(entry, before, after, policies, town.calendar) } catch { broken = error }
    }
    if let broken { throw broken }
  }

  private static func check(
    _ entry: Entry, _ before: Discussion?, _ after: Discussion, _ policies: Policies, _ calendar: WorkingCalendar
  ) throws(Broken) {
    guard let before else { return }
    switch entry.event {
    case .ladderPlanned(let agency, let reason, let rungs):
      guard let old = before.position(agency) else { throw Broken("a ladder for nobody") }
      let ladder = policies[after.policy]!.ladder(for: after.convene.urgency)
      try expect(rungs == rungs.sorted { $0.due < $1.due }, "a ladder out of order")
      switch reason {
      case .convened, .rescheduled: try complete(rungs, old, after, ladder, calendar, entry.at, anew: true)
      case .policyAdopted:
        try complete(rungs, old, after, ladder, calendar, entry.at, anew: false)
        for rung in old.rungs where rung.isNotice || rung.own <= entry.at || old.climbed.contains(rung.step) {
          try expect(
            rungs.contains {
              $0.step == rung.step && $0.own == rung.own && Set($0.places).isSuperset(of: rung.places)
            }, "\(rung.step) lost when a policy was adopted")
        }
        // Whoever a step was to ask that is gone, and the new ladder names, was asked or is asked by something.
        for rung in old.rungs where !rung.isNotice && !rungs.contains(where: { $0.step == rung.step }) {
          for place in rung.places
          where ladder.steps.contains(where: { $0.to.contains(place) })
            && !old.asked.contains(where: { $0.place == place })
          {
            try expect(
              rungs.contains { $0.places.contains(place) }, "\(rung.step) is gone, and its \(place) is asked by nothing"
            )
          }
        }
        let isLost = old.rungs.contains { rung in !rungs.contains { $0.step == rung.step } }
        for step in ladder.steps where isLost && !old.climbed.contains(step.name) {
          guard case .before(let lead) = step.when, let meetingAt = after.meetingAt, meetingAt - lead <= entry.at,
            entry.at < meetingAt,
            !old.rungs.contains(where: { $0.step == step.name && $0.own <= entry.at })
          else { continue }
          // One message may stand for several steps.
          let isAsked = rungs.contains { $0.due <= entry.at && Set($0.places).isSuperset(of: step.to) }
          try expect(isAsked, "\(step.name) has passed, and nobody is asked")
        }
      case .acknowledged, .raised, .undelivered, .late, .corrected: try superset(rungs, of: old.rungs)
      case .unitAsked:
        try superset(rungs, of: old.rungs)
        try complete(rungs, old, after, ladder, calendar, entry.at, anew: true)
        try expect(after.phase == .scheduled && old.isSilent, "asked for a unit that is not waited for")
      case .lapsed:
        try superset(rungs, of: old.rungs)
        // As late as if nobody had acknowledged, and no later.
        let base = old.askedSince ?? entry.at
        for step in ladder.steps {
          guard case .unanswered = step.when,
            let rung = rungs.first(where: { $0.step == step.name && $0.ifUnanswered })
          else { continue }
          let due = base + fitted(step, of: ladder, from: base, to: after.deadline, calendar)
          try expect(due >= after.deadline || rung.due <= max(due, entry.at), "\(step.name) waits as if acknowledged")
        }
      case .outsideHours:
        // No step is lost by being moved, and each keeps the moment that its ladder gave it.
        let (plain, moved) = (old.rungs.asPlanned, rungs.asPlanned)
        try expect(
          plain.count == moved.count
            && plain.allSatisfy { rung in
              moved.contains {
                $0.step == rung.step && $0.due == rung.due && $0.stopAfter == rung.stopAfter
                  && Set($0.places).isSuperset(of: rung.places)
              }
            }, "another ladder in other hours")
        try expect(rungs != old.rungs && after.convene.urgency == .standard, "moved for nothing, or what is urgent")
      case .daily where rungs.first?.step == "undecided":
        let told = before.reminders.filter { $0.place == .coordinator }.map(\.firstAt)
        let last = told.reduce(after.heldAt ?? after.deadline, max)
        try expect(
          rungs.count == 1 && rungs[0].message == .attention && rungs[0].places == [.coordinator]
            && rungs[0].due >= last + .days(1) && rungs[0].due <= entry.at, "another word than that of the day")
        try expect(
          [.scheduled, .held].contains(after.phase) && old.rungs.isEmpty
            && after.positions.allSatisfy { !$0.invited || !$0.isSilent }, "told to decide, and somebody is silent")
      case .daily:
        let last = before.reminders.last { $0.agency == agency }?.firstAt ?? before.convenedAt
        try expect(
          rungs.map { [$0.step.text, $0.message.rawValue] } == [["daily", "attention"]]
            && rungs[0].places == [.coordinator] && rungs[0].due >= last + .days(1) && rungs[0].due <= entry.at,
          "another word than that of the day")
        try expect(
          [.scheduled, .held].contains(after.phase) && old.rungs.isEmpty && old.isSilent
            && (old.acknowledged == nil || rungs[0].due >= after.deadline)
            && (after.heldAt.map { rungs[0].due >= $0 + .days(1) } ?? true), "told daily, and there is nothing to tell")
      case .decided:
        guard let told = ladder.afterDecision else {
          throw Broken("the absent are told, and the policy says nothing of it")
        }
        try expect(
          rungs.map { [$0.step.text, $0.message.rawValue] } == [[told.name.text, "concluded"]]
            && Array(rungs[0].places) == told.to && rungs[0].due == entry.at
            && rungs[0].stopAfter == entry.at + .days(1),
          "another word than the policy's after the decision")
        try expect(old.invited && old.isSilent, "told who was not absent")
      case .declined:
        try expect(
          rungs.map { [$0.step.text, $0.message.rawValue] } == [["declined", "answered"]]
            && rungs[0].places == [.lead, .convener] && rungs[0].due == entry.at,
          "another word than that of a decline")
        try expect(old.declined != nil, "told of a decline that was none")
      case .cancelled: try expect(rungs.allSatisfy { $0.message == .cancelled }, "a reminder after cancelling")
      }
    case .rungsPassed(let agency, let steps, let reason):
      guard let old = before.position(agency) else { throw Broken("rungs passed of nobody") }
      let passed = old.rungs.filter { steps.contains($0.step) && $0.due <= entry.at }
      try expect(!passed.isEmpty, "rungs passed that were not there")
      switch reason {
      case .tooLate:
        try expect(passed.allSatisfy { $0.stopAfter <= entry.at }, "a rung passed as too late that was not")
      case .newer:
        try expect(
          old.rungs.contains { newest in
            !newest.isNotice && newest.due <= entry.at && !steps.contains(newest.step)
              && passed.allSatisfy { $0.due <= newest.due } && stands(newest, for: passed, old)
          }, "a rung passed without a newer one that stands for it")
      }
      try expect(
        after.position(agency)!.rungs.count == old.rungs.count - passed.count, "more rungs passed than were due")
    case .placeSkipped(let agency, let place, let step, _, _):
      let due = before.position(agency)?.rungs.contains {
        $0.step == step && $0.places.contains(place) && $0.due <= entry.at
      }
      try expect(due ?? false, "a place skipped that nobody wanted to ask")
    default: break
    }
  }

  /// Every step that has its time still before it stands on the ladder at that time, or later where it was paused.
  private static func complete(
    _ rungs: [Rung], _ position: Position, _ discussion: Discussion, _ ladder: Ladder, _ calendar: WorkingCalendar,
    _ recorded: Instant, anew: Bool
  ) throws(Broken) {
    guard position.isSilent else { return }
    // What is convened outside the hours of whom it asks counts from when these begin.
    let invitation = rungs.first { $0.message == .invitation }
    let now = anew ? invitation?.due ?? recorded : recorded
    try expect(now == recorded || invitation?.planned == recorded, "an invitation at another time, and nobody says why")
    let invited = position.rungs.first { $0.message == .invitation }?.due ?? now
    // By the places that were asked, and not by what the fold makes of them.
    let asked = position.asked.contains { Place.ofAgencies.contains($0.place) }
    for step in ladder.steps where !position.climbed.contains(step.name) {
      // What was due already under the edition before stands as it was.
      if !anew, position.rungs.contains(where: { $0.step == step.name && $0.own <= now }) { continue }
      let rung = rungs.first { $0.step == step.name }
      switch step.when {
      case .once: try expect(asked || rung?.own == recorded, "\(step.name) is not planned at once")
      case .unanswered:
        let base = anew ? now : position.askedSince ?? max(invited, now)
        let due = max(base + fitted(step, of: ladder, from: base, to: discussion.deadline, calendar), now)
        guard due < discussion.deadline else { continue }
        try expect(rung.map { anew ? $0.due == due : $0.due >= due } ?? false, "\(step.name) is not planned")
      case .before(let lead):
        guard let meetingAt = discussion.meetingAt, meetingAt - lead > now else { continue }
        try expect(rung?.due == meetingAt - lead, "\(step.name) is not planned before the meeting")
      }
      if let rung, rung.due > now {
        let places = step.to + (step.tellsConvener ? [.convener] : [])
        try expect(Set(rung.places).isSuperset(of: places), "\(step.name) lost a place")
      } else if let rung {
        try expect(Set(rung.places).isSuperset(of: step.to), "\(step.name) lost a place")
      }
    }
    if anew, now < discussion.deadline { try shortNotice(rungs, discussion, ladder, calendar, now) }
  }

  /// Whoever's step has passed, or would come after the meeting, is asked or told: now, or by a step that is still to come
  /// where it is not a step before the meeting that has passed.
  private static func shortNotice(
    _ rungs: [Rung], _ discussion: Discussion, _ ladder: Ladder, _ calendar: WorkingCalendar, _ now: Instant
  ) throws(Broken) {
    for step in ladder.steps {
      let hasPassed: Bool
      switch step.when {
      case .once: continue
      case .unanswered:
        guard now + fitted(step, of: ladder, from: now, to: discussion.deadline, calendar) >= discussion.deadline
        else { continue }
        hasPassed = false
      case .before(let lead):
        guard let meetingAt = discussion.meetingAt, meetingAt - lead <= now else { continue }
        hasPassed = true
      }
      for place in step.to {
        let isAsked = rungs.contains { $0.places.contains(place) && ($0.due == now || !hasPassed) }
        try expect(isAsked, "\(step.name) has no time, and its \(place) is asked by nothing")
      }
    }
  }

  /// By proportion, so that the longest wait leaves a third of the time; never longer than it is.
  private static func fitted(
    _ step: Step, of ladder: Ladder, from base: Instant, to end: Instant, _ calendar: WorkingCalendar
  ) -> Elapsed {
    let (wait, time) = (wait(of: step, from: base, calendar), end - base)
    let longest = ladder.steps.map { self.wait(of: $0, from: base, calendar).milliseconds }.max() ?? 0
    let room = time.milliseconds - time.milliseconds / 3
    guard ladder.squeezes, room > 0, room < longest else { return wait }
    return Elapsed(milliseconds: longest.dividingFullWidth(wait.milliseconds.multipliedFullWidth(by: room)).quotient)
  }

  /// Somebody at the agency hears: by the newest, or they were asked before; and first whoever comes first. The coordinator and
  /// whoever convened lose no word by it.
  private static func stands(_ newest: Rung, for passed: [Rung], _ position: Position) -> Bool {
    let told = Set(passed.filter { !$0.isNotice }.flatMap(\.places)).intersection([.coordinator, .convener, .manager])
    guard told.isSubset(of: newest.places) else { return false }
    let atHome = passed.map { $0.places.filter(Place.ofAgencies.contains) }.filter { !$0.isEmpty }
    guard let first = atHome.first else { return true }
    let isKnown = position.asked.contains { Place.ofAgencies.contains($0.place) }
    let asks = newest.places.contains(where: Place.ofAgencies.contains)
    return asks && (isKnown || first.allSatisfy(newest.places.contains))
  }

  /// Working hours are walked through minute by minute.
  private static func wait(of step: Step, from base: Instant, _ calendar: WorkingCalendar) -> Elapsed {
    guard case .unanswered(let wait, let inWorkingHours) = step.when else { return .zero }
    guard inWorkingHours, let hours = calendar.working else { return wait }
    var (at, left) = (base, wait)
    while true {
      let next = Instant(milliseconds: (at.milliseconds / 60_000 + 1) * 60_000)
      if calendar.isOpen(hours, at: at) {
        if left < next - at { return at + left - base }
        left = left - (next - at)
      }
      at = next
    }
  }

  private static func superset(_ rungs: [Rung], of old: [Rung]) throws(Broken) {
    for rung in old {
      try expect(
        rungs.contains {
          $0.step == rung.step && $0.message == rung.message && Set($0.places).isSuperset(of: rung.places)
        },
        "\(rung.step) lost on the way")
    }
  }
}
