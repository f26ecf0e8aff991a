// One day as a timeline: what is sent when, and what comes back. It drives the docket that ships, turn by turn, and fails
// where something is sent that nobody expects, or is not sent that somebody does.
import Convening
import Coordination
import Simulation
import Testing
import Wire

/// A day on 24 November 2026, a Tuesday, in London (UTC+0). Moments are "HH:MM" or "HH:MM:SS", "+1 HH:MM" on the next day.
public struct Scenario {
  /// Something that was sent and has no answer yet.
  public struct Sent {
    public let send: Send
    public let at: Instant
    public let opening: Opening
  }

  public let discussion = DiscussionID("7Q2F-M9KD")!
  public private(set) var docket: Docket
  public private(set) var journal = Disk()
  public private(set) var now: Instant
  /// Sent, and not yet looked at by the test.
  public private(set) var unseen: [Sent] = []
  public private(set) var replies: [Reply] = []
  /// What each turn recorded that recorded anything.
  public private(set) var turns: [[Entry]] = []
  private var openings: [ReminderID: Opening] = [:]
  private var arrangements: Arrangements
  public let policy: Policy
  private let limits: Limits
  private var ticket = 0

  public static let routes: [RouteName] = [
    "csc", "csc-deputy", "csc-lead", "police", "police-deputy", "police-lead", "health", "health-deputy",
    "health-lead", "coordinator", "convener", "night",
  ]

  /// Contact, deputy and lead of each agency on routes of their own: "police", "police-deputy", "police-lead".
  public static func town(
    contact: (AgencyID) -> [Holding]? = { _ in nil }, deputy: (AgencyID) -> [Holding]? = { _ in nil },
    holidays: Set<CivilDate> = [], working: OpenHours? = nil
  ) -> Arrangements {
    func always(_ name: String) -> [Holding] { [Holding(hours: nil, route: RouteName(name)!)] }
    let agencies = (["csc", "police", "health"] as [AgencyID]).map { id in
      Agency(
        id: id, name: id.text,
        places: [
          .contact: contact(id) ?? always(id.text), .deputy: deputy(id) ?? always("\(id)-deputy"),
          .lead: always("\(id)-lead"),
        ])
    }
    return Arrangements(
      agencies: agencies, coordinator: always("coordinator"),
      teams: [Team(id: "duty", convener: always("convener"))],
      routes: Dictionary(uniqueKeysWithValues: routes.map { ($0, RouteCard(name: $0, label: $0.text, phone: nil)) }),
      ring: [(nil, "0113 496 0100")], source: "uk.gov.leeds.convened",
      calendar: WorkingCalendar(zone: Town.zone, holidays: BankHolidays(days: holidays), working: working))
  }

  /// Ask at once, the deputy after 1 h, the lead after 2 h, the coordinator after 3 h, all again 45 min before.
  public static let ladder = [
    Step(name: "ask", when: .once, to: [.contact]),
    Step(name: "deputy", when: .unanswered(.hours(1)), to: [.deputy]),
    Step(name: "lead", when: .unanswered(.hours(2)), to: [.lead]),
    Step(name: "ring", when: .unanswered(.hours(3)), to: [.coordinator]),
    Step(name: "before", when: .before(.minutes(45)), to: [.contact]),
  ]

  public static let atOnce = [Step(name: "ask", when: .once, to: [.contact])]

  public init(
    starts: String, meeting: String, agencies: [AgencyID] = ["police"], steps: [Step] = Scenario.ladder,
    urgent: [Step]? = nil, absent: [Place] = [], in arrangements: Arrangements = Scenario.town(),
    limits: Limits = Limits(), holds: Elapsed = .hours(1), clocks: [ClockID: [Limit]] = [:],
    undelivered: Elapsed? = nil, within: Limit? = nil, defersTo: OpenHours? = nil, fair: Limit? = nil,
    as asked: (inout Convene) -> Void = { _ in }
  ) {
    (self.arrangements, self.limits) = (arrangements, limits)
    policy = Policy(
      id: "p", from: CivilDate("2026-01-01")!, required: ["csc", "police", "health"],
      counting: [.inPerson, .video, .phoneLive, .writtenBefore, .writtenDuring], decisionRecorded: .minutes(15),
      closeAfter: .workingDays(3), reasonWithoutAll: true,
      standard: Ladder(
        acknowledgementHolds: holds, lastAttemptMargin: .minutes(10), steps: steps,
        afterDecision: absent.isEmpty ? nil : AfterDecision(name: "absent", to: absent),
        heldWithin: within, fairNotice: fair, undeliveredAfter: undelivered, defersTo: defersTo),
      urgent: urgent.map { steps in
        Ladder(
          acknowledgementHolds: .minutes(15), lastAttemptMargin: .minutes(1), squeezes: true, steps: steps,
          afterDecision: absent.isEmpty ? nil : AfterDecision(name: "absent", to: absent), heldWithin: within,
          undeliveredAfter: undelivered)
      }, clocks: clocks)
    now = Scenario.moment(starts)
    docket = Docket(arrangements: arrangements, limits: limits, lots: Lots(seed: 7))
    turn([.started(version: "1"), .arranged(arrangements, [policy])])
    convene(discussion, meeting, agencies, urgent == nil ? .standard : .urgent, as: asked)
  }

  /// "14:00", "14:00:05.500", "+1 09:00"
  public static func moment(_ text: String) -> Instant {
    let parts = text.split(separator: " ")
    let days = parts.count == 2 ? Int64(parts[0].dropFirst())! : 0
    let time = parts.last!
    return Instant("2026-11-24T\(time)\(time.utf8.count == 5 ? ":00" : "")Z")! + .days(days)
  }

  // MARK: - Time

  /// Turns are taken until then, each at its own moment.
  public mutating func run(until end: Instant) {
    while let next = docket.attention, next <= end {
      now = max(now, next)
      turn([])
    }
    now = max(now, end)
  }

  private mutating func turn(_ inputs: [Input]) {
    docket.gatherDue(at: now)
    // As the convenor reads them.
    let revisited = docket.revisits.map { id in
      Input.revisited(id, (try? Discussion.folding(journal.lines(of: .discussion(id)))).flatMap(\.self))
    }
    let turn = docket.plan(revisited + inputs, at: now)
    #expect(journal.append(turn.lines, turn.rows, turn.contactRows) == .done)
    docket.apply(turn, at: now)
    if !turn.isEmpty { turns.append(turn.entries) }
    for entry in turn.entries {
      if case .attemptBegan(let id, _, _, let opening?) = entry.event { openings[id] = opening }
    }
    replies += turn.replies.map(\.reply)
    unseen += turn.sends.map { Sent(send: $0, at: now, opening: openings[$0.delivery.reminder]!) }
  }

  // MARK: - What is expected

  /// At that moment exactly one message goes to the route, and what comes back at once; nil leaves it under way.
  @discardableResult
  public mutating func at(
    _ moment: String, sends route: RouteName, _ message: Message? = nil, answering status: Int? = 204,
    retryAfter: String? = nil, from location: SourceLocation = #_sourceLocation
  ) throws -> Sent {
    try within(moment, moment, sends: route, message, answering: status, retryAfter: retryAfter, from: location)
  }

  @discardableResult
  public mutating func within(
    _ from: String, _ to: String, sends route: RouteName, _ message: Message? = nil, answering status: Int? = 204,
    retryAfter: String? = nil, from location: SourceLocation = #_sourceLocation
  ) throws -> Sent {
    let (low, high) = (Scenario.moment(from), Scenario.moment(to))
    while unseen.isEmpty, let next = docket.attention, next <= high { run(until: next) }
    let sent = try #require(
      unseen.first { $0.send.delivery.route == route }, "nothing is sent to \(route); unseen: \(words(unseen))",
      sourceLocation: location)
    unseen.removeAll { $0.send == sent.send }
    #expect(sent.at >= low && sent.at <= high, "sent at \(sent.at)", sourceLocation: location)
    if let message { #expect(sent.opening.message == message, sourceLocation: location) }
    if let status { answer(sent, status, retryAfter: retryAfter.map(Scenario.moment)) }
    return sent
  }

  /// Nothing goes out before then (and nothing is left unseen); time passes.
  public mutating func quietUntil(_ moment: String, from location: SourceLocation = #_sourceLocation) {
    run(until: Scenario.moment(moment) - Elapsed(milliseconds: 1))
    #expect(unseen.isEmpty, "sent: \(words(unseen))", sourceLocation: location)
    unseen = []
  }

  private func words(_ sent: [Sent]) -> String {
    sent.map { "\($0.at) \($0.send.delivery.route) \($0.opening.step)" }.joined(separator: ", ")
  }

  // MARK: - What happens

  public mutating func answer(_ sent: Sent, _ status: Int, retryAfter: Instant? = nil) {
    let verdict: Verdict =
      switch status {
      case 200..<300: .accepted
      case 410: .gone
      case 408, 425, 429, 500...: .retry
      default: .misconfigured
      }
    let fault = status == 0 ? "timeout" : nil
    let answer = Answer(
      verdict: status == 0 ? .retry : verdict, status: status == 0 ? nil : status, fault: fault, tookMilliseconds: 0,
      retryAfter: retryAfter)
    let delivery = sent.send.delivery
    turn([.attemptEnded(sent.send.matter, delivery.reminder, attempt: delivery.attempt, answer)])
  }

  /// What was sent and nobody has looked at is answered.
  public mutating func answerUnseen(_ sent: Sent, _ status: Int) {
    unseen.removeAll { $0.send == sent.send }
    answer(sent, status)
  }

  public mutating func convene(
    _ id: DiscussionID, _ meeting: String, _ agencies: [AgencyID], _ urgency: Urgency = .standard,
    as asked: (inout Convene) -> Void = { _ in }
  ) {
    var convene = Convene(
      meeting: .at(Scenario.moment(meeting)), urgency: urgency, agencies: agencies, team: "duty",
      convenedBy: "team manager")
    asked(&convene)
    request(.convene(id, convene, firstBody: Fingerprint(high: id.bits, low: 0)))
  }

  @discardableResult
  public mutating func does(_ command: Command, at moment: String? = nil) -> Reply? {
    if let moment { run(until: Scenario.moment(moment) - Elapsed(milliseconds: 1)) }
    if let moment { now = Scenario.moment(moment) }
    request(.change(discussion, command))
    return replies.last
  }

  /// Somebody strikes the discussion's first entry of that name, or says what it should have said; the convenor reads its
  /// stream for it.
  public mutating func strikes(
    _ name: String, of other: DiscussionID? = nil, replacement: Command? = nil
  ) throws {
    let id = other ?? discussion
    let lines = journal.lines(of: .discussion(id))
    let entries = try lines.compactMap { line -> Entry? in
      if case .entry(let entry) = try line.reading() { entry } else { nil }
    }
    let struck = try #require(entries.first { $0.event.name == name })
    request(
      .change(id, .correct(revision: struck.revision, reason: "not complete", replacement: replacement)),
      admitted: .init(discussion: try Discussion.folding(lines), entries: entries))
  }

  public mutating func request(
    _ change: Request.Change, mark: IdempotencyMark? = nil, ifMatch: Int? = nil, ifRota: String? = nil,
    admitted: Input.Admitted = .init()
  ) {
    ticket += 1
    var request = Request(change, actor: Actor(uid: 1, pid: 1), mark: mark, ifMatch: ifMatch)
    request.ifRota = ifRota
    turn([.request(request, ticket: ticket, admitted)])
  }

  /// The process dies and comes back at that moment, with what is on the disk.
  public mutating func restart(at moment: String) throws {
    now = Scenario.moment(moment)
    docket = Docket(arrangements: arrangements, limits: limits, lots: Lots(seed: UInt64(now.milliseconds)))
    try docket.replay(journal, at: now)
    turn([.started(version: "1"), .arranged(arrangements, [policy])])
  }

  /// The settings are read again, and offer these.
  public mutating func offers(policies: [Policy]) { turn([.arranged(arrangements, policies)]) }

  /// The settings are read again, and say this; turns are taken until nothing is left to do now, at most so many.
  public mutating func adopts(_ arrangements: Arrangements, turns most: Int = .max) {
    self.arrangements = arrangements
    turn([.arranged(arrangements, [policy])])
    var taken = 0
    while taken < most, let next = docket.attention, next <= now {
      turn([])
      taken += 1
    }
  }

  /// The policy's decision limit is another: nothing of its ladder.
  public mutating func adoptsAnotherEdition(at moment: String) {
    run(until: Scenario.moment(moment))
    let other = Policy(
      id: policy.id, from: policy.from, required: policy.required, counting: policy.counting,
      decisionRecorded: .minutes(20), closeAfter: policy.closeAfter, reasonWithoutAll: policy.reasonWithoutAll,
      standard: policy.standard, urgent: policy.urgent, clocks: policy.clocks)
    turn([.arranged(arrangements, [other])])
  }

  /// Somebody sets the clock from what it shows to that moment; the next turn comes at once.
  public mutating func clockIsSet(to moment: String) {
    let step = Scenario.moment(moment) - now
    now = Scenario.moment(moment)
    turn([.clockStepped(step)])
  }

  /// Messages are still on their way when time passes.
  public mutating func pass(to moment: String) { run(until: Scenario.moment(moment)) }

  /// A test message is on its way to that route, which has no slot for anything else.
  public mutating func keepsBusy(_ route: RouteName, of agency: AgencyID? = nil, from moment: String) throws -> Sent {
    pass(to: moment)
    request(.ping(agency, route: route))
    return try at(moment, sends: route, .ping, answering: nil)
  }

  /// The hand-overs that its plan shows.
  public func plannedHandovers() throws -> [PlannedSend] {
    try Plan.future(
      of: #require(state), policies: docket.policies, arrangements: docket.arrangements, stopped: [], from: now
    ).filter { $0.message == .handover }
  }

  /// It is that moment, and no turn was taken yet.
  public mutating func skip(to moment: Instant) { now = moment }

  public var state: Discussion? { docket.discussions[discussion] }
}
