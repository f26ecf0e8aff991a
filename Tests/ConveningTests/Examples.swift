// Values that the tables share: one policy, one town, discussions in each phase.
@testable import Convening

enum Example {
  static let now = Instant("2026-11-24T09:00:00Z")!
  static let meeting = now + .hours(5)
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

  static func policy(reasonWithoutAll: Bool = true, ladder: Ladder = ladder, urgent: Ladder? = nil) -> Policy {
    Policy(
      id: "p", from: CivilDate("2026-01-01")!, required: ["csc", "police", "health"],
      counting: [.inPerson, .video, .phoneLive, .writtenBefore, .writtenDuring], decisionRecorded: .minutes(15),
      closeAfter: .workingDays(1), reasonWithoutAll: reasonWithoutAll, standard: ladder,
      urgent: urgent)
  }

  static let ref = PolicyRef(id: "p", edition: 1)

  static let arrangements = Arrangements(
    agencies: (["csc", "police", "health", "school"] as [AgencyID]).map { Agency(id: $0, name: $0.text, places: [:]) },
    coordinator: [], routes: [:], ring: [], source: "uk.gov.leeds.convened",
    calendar: WorkingCalendar(zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: [])))

  static var circumstances: Circumstances {
    var policies = Policies()
    policies.adopt(policy(), as: ref)
    return Circumstances(policies: policies, offered: ["p"], arrangements: arrangements)
  }

  static func convene(
    meetingAt: Instant = meeting, urgency: Urgency = .standard, need: Instant? = nil,
    agencies: [AgencyID]? = ["csc", "police"]
  ) -> Convene {
    Convene(
      meetingAt: meetingAt, urgency: urgency, needIdentifiedAt: need, agencies: agencies, team: "duty",
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
