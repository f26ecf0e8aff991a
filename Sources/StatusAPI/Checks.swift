// What a monitor asks about: is the journal readable, is there room, does the holiday table reach far enough, did the clock
// jump, do the endpoints accept, does somebody hold each place. Each check says ok, warn or fail, and why.
import Convening
import Coordination
import Wire

struct Checks {
  typealias Check = StatusDocument.Check

  let live: Live
  let now: Instant
  /// Contacts of the front door.
  let waiting: FrontDoorCounts
  /// Clocks that have passed and still run, as far as whoever reads this may know of them; the oldest first.
  var passed: [PassedClock] = []

  /// Warn where the bank holidays are known for fewer days than this.
  static let shortHorizon = 90
  /// Warn after a clock step of this or more, forward or back.
  static let clockStep = Elapsed.seconds(2)
  /// Warn where the receivers' clocks differ from ours by this or more.
  static let clockSkew = Elapsed.seconds(60)
  /// From here on they refuse our signatures (Standard Webhooks' tolerance): every message fails at once.
  static let refusedSkew = Elapsed.seconds(300)

  func all(records: any Records) async -> [Check] {
    [await journal(records), storage, calendar, clock, endpoints, places] + pause + (frontDoor.map { [$0] } ?? [])
      + clocks
  }

  private func journal(_ records: any Records) async -> Check {
    do {
      return Check("journal", .ok, more: [.init("size_bytes", .int(Int64(try await records.size())))])
    } catch {
      return Check("journal", .fail, "The journal cannot be read.")
    }
  }

  /// Only where there is one: who reads the checks shall see that it is out of the ordinary.
  private var pause: [Check] {
    guard let pause = live.pause, pause.holds(at: now) else { return [] }
    return [
      Check(
        "pause", .warn,
        "Reminders of standard discussions are held back; urgent ones go on. `convenectl resume` ends it.",
        more: [.init("until", JSON(pause.until))])
    ]
  }

  private var storage: Check {
    if live.state == .degraded { return Check("storage", .fail, live.trouble ?? Refusal.storageFull.sentence) }
    return live.hasReserve
      ? Check("storage", .ok)
      : Check(
        "storage", .warn,
        "The journal's disk has no room for the 16 MB that are set aside for outcomes. Make room: they follow by themselves."
      )
  }

  private var calendar: Check {
    guard let calendar = live.arrangements?.calendar else {
      return Check("calendar", .fail, "No calendar is in force.")
    }
    let days = Int((calendar.horizon - now).wholeSeconds / 86_400)
    let more = [JSON.Member("horizon_days", .int(Int64(days)))]
    if calendar.horizon <= now {
      return Check(
        "calendar", .fail,
        "The bank holidays ended \(counted(max(1, -days), "day")) ago. Install a newer file and reload.",
        more: more)
    }
    guard days >= Checks.shortHorizon else {
      return Check(
        "calendar", .warn, "The bank holidays end in \(counted(days, "day")). Install a newer file and reload.",
        more: more)
    }
    return Check("calendar", .ok, more: more)
  }

  private var clock: Check {
    let (step, skew) = (live.lastClockStep, clockSkew)
    let more = skew.map { [JSON.Member("receivers_ahead_s", JSON.seconds($0))] } ?? []
    if let skew, skew.magnitude >= Checks.refusedSkew {
      return Check(
        "clock", .fail,
        "The receivers' clocks differ from this one by five minutes or more: they refuse what it signs. Set this clock.",
        more: more)
    }
    if let skew, skew.magnitude >= Checks.clockSkew {
      return Check(
        "clock", .warn, "The receivers' clocks differ from this one by a minute or more. Check its synchronisation.",
        more: more)
    }
    guard step.magnitude >= Checks.clockStep else { return Check("clock", .ok, more: more) }
    return Check("clock", .warn, "The clock was set while the daemon ran. Check its synchronisation.", more: more)
  }

  /// The middle one of all receivers that answered in the last day: one wrong clock among theirs says nothing of ours. nil
  /// where none gave a date.
  private var clockSkew: Elapsed? {
    let ahead = live.endpoints.values.compactMap(\.clock).filter { $0.at > now - .days(1) }.map(\.ahead).sorted()
    return ahead.isEmpty ? nil : ahead[ahead.count / 2]
  }

  /// None where nobody ever told of a contact and none is expected.
  private var frontDoor: Check? {
    guard let arrangements = live.arrangements, live.frontDoorHeard != nil || arrangements.frontDoor.feedEvery != nil
    else { return nil }
    let more = [JSON.Member("due", .int(Int64(waiting.due)))]
    guard let heard = live.frontDoorHeard else {
      return Check("front-door", .warn, "No contact was ever told of. Look at what should tell of them.", more: more)
    }
    if let stale = arrangements.frontDoor.staleFrom(heard, in: arrangements.calendar), stale <= now {
      return Check(
        "front-door", .fail,
        "Nothing has come for too long, so nobody can tell which contacts wait. Look at what should tell of them.",
        more: more)
    }
    guard waiting.due == 0 else {
      let contacts = waiting.due == 1 ? "A contact is" : "\(counted(waiting.due, "contact")) are"
      return Check("front-door", .warn, "\(contacts) past the time without outcome or review.", more: more)
    }
    return Check("front-door", .ok, more: more)
  }

  /// Only where one has: a limit of the work that has passed is somebody's to see to, and no fault of the daemon's.
  private var clocks: [Check] {
    guard let zone = live.arrangements?.calendar.zone, !passed.isEmpty else { return [] }
    // A limit in days ends where the next one begins: the day that it was is said.
    let words = passed.prefix(5).map {
      "\($0.clock.rawValue) of \($0.discussion), due \(zone.wall($0.due - Elapsed(milliseconds: 1)).date)"
    }
    let more = passed.count > 5 ? "; and \(passed.count - 5) more" : ""
    let verb = passed.count == 1 ? "has" : "have"
    return [
      Check(
        "clocks", .warn,
        "\(counted(passed.count, "clock")) \(verb) passed: \(words.joined(separator: "; "))\(more). "
          + "`convenectl show` says what each waits for.",
        more: [.init("passed", .int(Int64(passed.count))), .init("oldest_due", JSON(passed[0].due))])
    ]
  }

  private var endpoints: Check {
    func routes(_ health: Live.Health...) -> [String] {
      live.endpoints.filter { health.contains($0.value.health) }.map(\.key.text).sorted()
    }
    let (broken, failing) = (routes(.misconfigured, .stopped), routes(.failing))
    if !broken.isEmpty {
      return Check("endpoints", .fail, "These routes need somebody to mend them: \(broken.joined(separator: ", ")).")
    }
    guard failing.isEmpty else {
      return Check("endpoints", .warn, "These routes failed at last: \(failing.joined(separator: ", ")).")
    }
    return Check("endpoints", .ok)
  }
}

extension Checks {
  /// Whether somebody holds each place in the next two weeks; in the next two working days it is an alarm.
  private var places: Check {
    guard let arrangements = live.arrangements else { return Check("places", .ok) }
    let gaps = arrangements.gaps(from: now)
    let lost = arrangements.lostRoutes(from: now)
    let zone = arrangements.calendar.zone
    guard !gaps.isEmpty || !lost.isEmpty else { return Check("places", .ok) }
    func words(_ gap: Gap) -> String {
      "\(gap.words(in: arrangements)) \(gap.from <= now ? "now" : "from \(zone.text(gap.from))")"
        + (gap.until.map { " until \(zone.text($0))" } ?? "") + (gap.fallsTo.map { ": it falls to \($0)" } ?? "")
    }
    let (empty, leftOut) = (gaps.filter { $0.fallsTo == nil }, gaps.filter { $0.fallsTo != nil })
    let sentences =
      (empty.isEmpty ? [] : ["Nobody holds \(empty.map(words).joined(separator: "; "))."])
      + (leftOut.isEmpty ? [] : ["The rota leaves out \(leftOut.map(words).joined(separator: "; "))."])
      + (lost.isEmpty
        ? []
        : [
          "The settings no longer have these routes of a rota: "
            + "\(lost.map { "\($0.route) of \($0.agency)" }.joined(separator: ", "))."
        ])
    return Check(
      "places", gaps.contains { arrangements.isSoon($0, at: now) } ? .fail : .warn, sentences.joined(separator: " "),
      more: [.init("gaps", .array(gaps.map(\.json)))])
  }
}

extension Gap {
  fileprivate func words(in arrangements: Arrangements) -> String {
    let name = agency.flatMap { arrangements.agency($0)?.name ?? $0.text }
    return team.map { "the convener of \($0)" }
      ?? (place == .coordinator ? "the coordinator" : "the \(place.rawValue) of \(name ?? "no agency")")
  }

  fileprivate var json: JSON {
    [
      "agency": JSON(agency), "team": JSON(team), "place": JSON(word: place), "from": JSON(from), "until": JSON(until),
      "falls_to": JSON(fallsTo),
    ]
  }
}

extension CivilZone {
  /// By the clock on the wall: 2026-11-27 17:00
  fileprivate func text(_ moment: Instant) -> String {
    let (date, time) = wall(moment)
    let minutes = time.wholeSeconds / 60
    let (hour, minute) = (String(minutes / 60), String(minutes % 60))
    func two(_ text: String) -> String { text.utf8.count == 1 ? "0\(text)" : text }
    return "\(date) \(two(hour)):\(two(minute))"
  }
}

extension WorkingCalendar {
  /// Until when the bank holidays are known: the end of the table's last year. An empty table reaches nowhere.
  var horizon: Instant {
    guard let year = holidays.lastYear, let newYear = CivilDate(year: year + 1, month: 1, day: 1) else {
      return Instant(milliseconds: 0)
    }
    return zone.moments(newYear, .zero).first ?? Instant(milliseconds: newYear.daysSince1970 * 86_400_000)
  }
}
