// Values that the tables share: one policy, one town, discussions in each phase, and one that goes from command to command.
@testable import Convening

enum Example {
  static let now = Instant("2026-11-24T09:00:00Z")!
  static let meeting = now + .hours(5)

  /// "14:05" on the day of `now`, "12-01 12:00" on another of its year, in UTC.
  static func at(_ text: String) -> Instant {
    let parts = text.split(separator: " ")
    return Instant("2026-\(parts.count == 2 ? String(parts[0]) : "11-24")T\(parts.last!):00Z")!
  }

  static let id = DiscussionID("7Q2F-M9KD")!

  static let ladder = Ladder(
    acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(10),
    steps: [
      Step(name: "ask", when: .once, to: [.contact]), Step(name: "deputy", when: .unanswered(.hours(1)), to: [.deputy]),
      Step(name: "lead", when: .unanswered(.hours(2)), to: [.lead]),
      Step(name: "day", when: .before(.hours(24)), to: [.deputy]),
      Step(name: "soon", when: .before(.minutes(45)), to: [.contact, .lead]),
    ])

  static let urgent = Ladder(
    acknowledgementHolds: .minutes(15), lastAttemptMargin: .minutes(1), squeezes: true,
    steps: [
      Step(name: "ask", when: .once, to: [.contact]),
      Step(name: "chase", when: .unanswered(.minutes(10)), to: [.contact, .deputy]),
      Step(name: "lead", when: .unanswered(.minutes(20)), to: [.lead]),
      Step(name: "ring", when: .unanswered(.minutes(30)), to: [.coordinator]),
    ])

  static func policy(
    reasonWithoutAll: Bool = true, ladder: Ladder = ladder, urgent: Ladder? = nil, clocks: [ClockID: [Limit]] = [:]
  ) -> Policy {
    Policy(
      id: "p", from: CivilDate("2026-01-01")!, required: ["csc", "police", "health"],
      counting: [.inPerson, .video, .phoneLive, .writtenBefore, .writtenDuring], decisionRecorded: .minutes(15),
      closeAfter: .workingDays(1), reasonWithoutAll: reasonWithoutAll, standard: ladder,
      urgent: urgent, clocks: clocks)
  }

  static let ref = PolicyRef(id: "p", edition: 1)

  static let arrangements = Arrangements(
    agencies: (["csc", "police", "health", "school"] as [AgencyID]).map { Agency(id: $0, name: $0.text, places: [:]) },
    coordinator: [], routes: [:], ring: [], source: "uk.gov.leeds.convened",
    calendar: WorkingCalendar(zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: [])))

  /// The bank holidays of England and Wales to 2028; half past eight to five are working hours.
  static let calendar = WorkingCalendar(
    zone: WorkingTimeTests.calendar.zone, holidays: WorkingTimeTests.calendar.holidays,
    working: WorkingTimeTests.office)

  static var circumstances: Circumstances { known(policy(), arrangements.calendar) }

  /// The same agencies, under that policy and by that calendar.
  static func known(_ policy: Policy, _ calendar: WorkingCalendar) -> Circumstances {
    var policies = Policies()
    policies.adopt(policy, as: ref)
    let town = Arrangements(
      agencies: arrangements.agencies, coordinator: arrangements.coordinator, routes: arrangements.routes,
      ring: arrangements.ring, source: arrangements.source, calendar: calendar)
    return Circumstances(policies: policies, offered: ["p"], arrangements: town)
  }

  static func convene(
    meetingAt: Instant = meeting, urgency: Urgency = .standard, need: Instant? = nil,
    agencies: [AgencyID]? = ["csc", "police"]
  ) -> Convene {
    Convene(
      meeting: .at(meetingAt), urgency: urgency, needIdentifiedAt: need, agencies: agencies, team: "duty",
      convenedBy: "team manager")
  }

  static func fold(_ events: [Event], onto discussion: Discussion? = nil, at: Instant = now) -> Discussion? {
    events.reduce(discussion) { discussion, event in
      evolve(
        discussion,
        Entry(
          stream: .discussion(id), revision: (discussion?.revision ?? 0) + 1, at: at, actor: nil, mark: nil,
          event: event))
    }
  }

  static func scheduled() throws -> Discussion {
    fold(try decide(convene: convene(), firstBody: Fingerprint(high: 0, low: 0), now: now, circumstances))!
  }

  /// A discussion in that phase, on the shortest way there.
  static func discussion(in phase: Phase) throws -> Discussion {
    let way: [Command] =
      switch phase {
      case .scheduled: []
      case .held: [held]
      case .decided: [decided]
      case .circulated: [decided, .circulate(to: ["police"], at: nil)]
      case .closed: [decided, .close]
      case .cancelled: [.cancel(reason: "no longer needed")]
      }
    return try way.reduce(try scheduled()) { discussion, command in
      fold(try discussion.decide(command, now: now, policy: policy(), circumstances), onto: discussion)!
    }
  }

  static let held = Command.hold(heldAt: nil, form: nil, decision: nil)
  static let decided = Command.decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1"))
}

/// One discussion from command to command: what each leads to has happened at once.
struct Course {
  let policy: Policy
  var calendar: WorkingCalendar
  private(set) var discussion: Discussion
  /// All that has happened.
  private(set) var entries: [Entry] = []

  init(
    _ convene: Convene = Example.convene(), at now: Instant = Example.now, under policy: Policy,
    in calendar: WorkingCalendar = Example.calendar
  ) throws {
    (self.policy, self.calendar) = (policy, calendar)
    let events = try decide(
      convene: convene, firstBody: Fingerprint(high: 0, low: 0), now: now, Example.known(policy, calendar))
    discussion = Example.fold(events, at: now)!
    note(events, at: now)
  }

  /// Throws: `Refusal`; then nothing has happened.
  @discardableResult
  mutating func does(_ command: Command, at now: Instant) throws(Refusal) -> [Event] {
    let events = try discussion.decide(
      command, now: now, policy: policy, Example.known(policy, calendar), entries: entries)
    happen(events, at: now)
    return events
  }

  /// Each at the moment at which it is recorded, in the words of `Example.at`.
  mutating func goes(_ commands: [(at: String, does: Command)]) throws(Refusal) {
    for (at, command) in commands { try does(command, at: Example.at(at)) }
  }

  mutating func happen(_ events: [Event], at now: Instant) {
    discussion = Example.fold(events, onto: discussion, at: now)!
    note(events, at: now)
  }

  private mutating func note(_ events: [Event], at now: Instant) {
    for event in events {
      entries.append(
        Entry(
          stream: .discussion(Example.id), revision: entries.count + 1, at: now, actor: nil, mark: nil, event: event))
    }
  }

  /// The number of the last entry of that kind.
  func last(_ word: String) -> Int { entries.last { $0.event.word == word }?.revision ?? 0 }
}

extension Ladder {
  func with(heldWithin: Limit? = nil, fairNotice: Limit? = nil) -> Ladder {
    Ladder(
      acknowledgementHolds: acknowledgementHolds, lastAttemptMargin: lastAttemptMargin, squeezes: squeezes,
      steps: steps, afterDecision: afterDecision, heldWithin: heldWithin, fairNotice: fairNotice)
  }
}
