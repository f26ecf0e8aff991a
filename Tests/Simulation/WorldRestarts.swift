// How a process of the made-up world begins again from what is stored, and how the whole ends: healed, with nothing left to do.
import Convening
import Coordination
import Wire

extension World {
  mutating func restart(_ why: String) throws(Broken) {
    recent.append(Trace(at: wall, inputs: [], entries: [], replies: [], restart: why))
    (crashBeforeWrite, crashAfterWrite) = (false, false)
    process += 1
    if why != "crash after a write" {
      try audit(idle: true)
      // A process that dies in its first turn has not looked at anything since it read the journal, and one that dies before it
      // writes a turn has not seen what became due with it.
      if hasLived, why != "crash before a write" { try checkLive() }
    }
    hasLived = false
    clock = clock + lots.between(.seconds(1), lots.oneOf([.seconds(5), .hours(1), .days(2)]))
    let fresh = try replayed(under: town.arrangements, Lots(seed: lots.next()))
    // It was made with the settings as they are, those that the last process never took included.
    (docket, inForce, published) = (fresh, town.arrangements, Live(since: wall))
    auditor.restarted()
    // The next process loses what was under way at once.
    sentAt = [:]
    watch = ClockWatch(wall: wall, uptime: clock - Town.start)
    // Set while the journal is read.
    if settings.isRough, lots.chance(0.1) { setClock() }
    pending = [.started(version: "\(process)"), .arranged(town.arrangements, town.policies)]
  }

  /// A new docket from the stored lines; it must know what the auditor knows.
  func replayed(under arrangements: Arrangements, _ lots: Lots = Lots(seed: 0)) throws(Broken) -> Docket {
    var fresh = Docket(arrangements: arrangements, limits: town.limits, lots: lots)
    do { try fresh.replay(disk, at: wall) } catch { throw Broken("replay: \(error)") }
    try compare(fresh)
    return fresh
  }

  // MARK: - The end

  /// Every receiver accepts and the disk has room: what is under way ends, and what is closed is forgotten.
  mutating func heal() throws(Broken) {
    (isEnding, receivers.isHealed, disk.isFull) = (true, true, false)
    (crashAfterWrite, crashBeforeWrite) = (false, false)
    try live(until: clock + .days(60))
    try audit(idle: true)
    for discussion in docket.discussions.values {
      let meetingIsOver = discussion.deadline <= wall
      for reminder in discussion.reminders where meetingIsOver || discussion.phase != .scheduled {
        // A word that is said daily may just have left.
        let isDone = reminder.isSettled || ["daily", "undecided"].contains(reminder.step)
        try Simulation.expect(isDone, "a reminder of \(discussion.id) never settles")
      }
      for position in discussion.positions where meetingIsOver {
        // What is said daily may wait for the morning.
        let isClimbed = position.rungs.allSatisfy { ["daily", "undecided"].contains($0.step) }
        try Simulation.expect(isClimbed, "a rung of \(discussion.id) is neither climbed nor passed")
      }
    }
    for (id, track) in auditor.attempts where track.isUnderWay {
      // A word that is said daily may just have left.
      try Simulation.expect(clock - (sentAt[id] ?? Town.start) < .minutes(2), "an attempt of \(id) never ends")
    }
    try Simulation.expect(docket.attention.map { $0 > wall } ?? true, "something is due and is not done")
    try checkLive()
  }
}
