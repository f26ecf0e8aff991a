// A year of an authority that a seed makes up, lived through the docket that ships: discussions that go well and badly, people
// who answer late, twice or never, units that are asked and answer for themselves, receivers that fail. What is kept of it is
// what a daemon keeps: lines, and rows.
import Convening
import Coordination
import Testing
import Wire

struct SeededYear {
  static let start = Instant("2026-01-01T00:00:00Z")!
  static let agencies: [AgencyID] = ["childrens-social-care", "police", "health", "education"]
  static let calendar = WorkingCalendar(
    zone: CivilZone(name: "Europe/London")!,
    holidays: BankHolidays(
      days: Set(
        ["2026-04-03", "2026-04-06", "2026-05-04", "2026-08-31", "2026-12-25", "2026-12-28", "2027-01-01"].map {
          CivilDate($0)!
        })),
    working: OpenHours(
      days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .minutes(510), until: .hours(17),
      openOnBankHolidays: false))

  static let policies: [Policy] = [
    policy("p-2026", "2026-01-01", Array(agencies.prefix(3)), [.inPerson, .video, .phoneLive, .writtenBefore]),
    policy("q-2026", "2026-07-01", agencies, [.inPerson, .video, .phoneLive]),
  ]

  private static func policy(
    _ id: PolicyID, _ from: String, _ required: [AgencyID], _ counting: Set<ContributionKind>
  ) -> Policy {
    func ladder(_ held: Limit, _ fair: Limit, _ chase: Elapsed) -> Ladder {
      Ladder(
        acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1),
        steps: [
          Step(name: "ask", when: .once, to: [.contact]),
          Step(name: "chase", when: .unanswered(chase), to: [.contact, .deputy], tellsConvener: true),
          Step(name: "ring", when: .before(.minutes(5)), to: [.coordinator]),
        ], afterDecision: AfterDecision(name: "absent", to: [.contact]), heldWithin: held, fairNotice: fair)
    }
    return Policy(
      id: id, from: CivilDate(from)!, required: required, counting: counting, decisionRecorded: .minutes(15),
      closeAfter: .workingDays(4), reasonWithoutAll: true,
      standard: ladder(.workingDays(1), .workingHours(.hours(4)), .hours(2)),
      urgent: ladder(.elapsed(.hours(4)), .elapsed(.minutes(30)), .minutes(10)),
      clocks: [
        .c4: [.workingDays(1)], .c5: [.workingDays(15)], .followUp: [.workingDays(5)],
        .c11: [.workingDays(2), .workingDays(5)],
      ])
  }

  /// Health waits for all of its units that it asks, the police for any of theirs.
  static let units: [AgencyID: [UnitID]] = [
    "health": ["gp", "hospital", "school-nurse"], "police": ["district", "night"],
  ]
  static let agencyThatWaits: AgencyID = "health"

  static let arrangements: Arrangements = {
    func always(_ name: RouteName) -> [Holding] { [Holding(hours: nil, route: name)] }
    let routes: [RouteName] = ["a", "b", "c", "d", "deputy", "coordinator", "convener"]
    return Arrangements(
      agencies: zip(agencies, routes).map { id, route in
        Agency(
          id: id, name: id.text, places: [.contact: always(route), .deputy: always("deputy")],
          units: (units[id] ?? []).map { Agency.Unit(id: $0, label: $0.text) },
          counts: id == agencyThatWaits ? .allAsked : .anyUnit)
      }, coordinator: always("coordinator"), teams: [Team(id: "duty", convener: always("convener"))],
      routes: Dictionary(uniqueKeysWithValues: routes.map { ($0, RouteCard(name: $0, label: $0.text, phone: nil)) }),
      ring: [], source: "example", calendar: calendar)
  }()

  enum Happening {
    case convene
    case change(DiscussionID, Command)
    /// Somebody finds that something was not so.
    case correct(DiscussionID)
    case answer(Input)
  }

  private var docket = Docket(arrangements: arrangements, lots: Lots(seed: 3))
  var lots: Lots
  private var agenda: [(at: Instant, what: Happening)] = []
  private(set) var lines: [String: [SealedLine]] = [:]
  private(set) var rows: [DiscussionID: Rows] = [:]
  private(set) var refused = 0

  var policies: Policies { docket.policies }

  /// Every line, in order.
  private(set) var journal: [SealedLine] = []
  private let areReceiversPerfect: Bool
  let puttingRight: Bool
  /// Those that another may follow.
  var begun: [DiscussionID] = []

  /// - Parameters:
  ///   - days: so many from `start`, with about two discussions each.
  ///   - areReceiversPerfect: each accepts at once.
  ///   - puttingRight: people correct what they recorded, and convene discussions that follow others.
  init(seed: UInt64, days: Int64, areReceiversPerfect: Bool = false, puttingRight: Bool = false) {
    (self.areReceiversPerfect, self.puttingRight) = (areReceiversPerfect, puttingRight)
    lots = Lots(seed: seed)
    for _ in 0..<(days * 2) { plan(Self.start + .minutes(.random(in: 0...days * 1440, using: &lots)), .convene) }
    turn([.started(version: "1"), .arranged(Self.arrangements, Self.policies)], at: Self.start)
    let end = Self.start + .days(days)
    while true {
      let next = agenda.last
      let now = [next?.at, docket.attention].compactMap(\.self).min() ?? end
      guard now < end else { break }
      let moment = max(now, clock)
      clock = moment
      if let next, next.at <= moment {
        agenda.removeLast()
        happen(next.what, at: moment)
      } else {
        turn([], at: moment)
      }
    }
  }

  private var clock = start

  mutating func plan(_ at: Instant, _ what: Happening) {
    // Latest first.
    var (low, high) = (0, agenda.count)
    while low < high {
      let middle = (low + high) / 2
      if agenda[middle].at > at { low = middle + 1 } else { high = middle }
    }
    agenda.insert((at, what), at: low)
  }

  private mutating func happen(_ what: Happening, at now: Instant) {
    switch what {
    case .answer(let input): turn([input], at: now)
    case .convene: if puttingRight, chance(12) { enterLate(at: now) } else { convene(at: now) }
    case .change(let id, let command): change(id, command, at: now)
    case .correct(let id): correct(id, at: now)
    }
  }

  private mutating func change(_ id: DiscussionID, _ command: Command, _ entries: [Entry] = [], at now: Instant) {
    let known = docket.discussions[id] ?? fold(id)
    let admitted = Input.Admitted(
      discussion: docket.discussions[id] == nil ? known : nil, entries: entries,
      earlier: closed(from: known?.convene.follows))
    turn([.request(Request(.change(id, command), actor: Actor(uid: 1, pid: 1)), ticket: 1, admitted)], at: now)
  }

  /// From there back to the first of the sequence, those that the docket does not hold.
  func closed(from first: DiscussionID?) -> [Discussion] {
    var (found, next): ([Discussion], DiscussionID?) = ([], first)
    while let id = next {
      guard let discussion = docket.discussions[id] ?? fold(id) else { return found }
      if docket.discussions[id] == nil { found.append(discussion) }
      next = discussion.convene.follows
    }
    return found
  }

  private mutating func correct(_ id: DiscussionID, at now: Instant) {
    let lines = lines[Stream.discussion(id).description] ?? []
    let entries = lines.compactMap { line -> Entry? in
      guard case .entry(let entry)? = try? line.reading() else { return nil }
      return entry
    }
    guard let struck = entries.filter({ Correctable($0.event) != nil }).randomElement(using: &lots) else { return }
    let right = chance(60) ? instead(of: struck.event) : nil
    change(id, .correct(revision: struck.revision, reason: "slip", replacement: right), entries, at: now)
    // What was taken back is decided after all.
    if case .decided(let decision, _) = struck.event, right == nil {
      plan(now + minutes(1...900), .change(id, .decide(decision.again(.nfa, at: now))))
    }
  }

  /// nil where it is only taken back.
  private mutating func instead(of event: Event) -> Command? {
    switch event {
    case .corrected(let correction): correction.replacement.flatMap { instead(of: $0) }
    case .contributionRecorded(let agency, _, _, _, let occurred, let unit):
      .contribute(
        agency, ContributionKind.allCases.randomElement(using: &lots)!, byRole: "r", via: .phone,
        unit: chance(60) ? unit : somebody(at: agency), at: occurred - minutes(-20...40))
    case .acknowledged(let agency, _, _, let occurred, _, let unit):
      .acknowledge(agency, byRole: "r", via: .phone, unit: unit, at: occurred - minutes(0...40))
    case .declined(let agency, _, _, let occurred, let unit):
      .decline(agency, .b10, byRole: "r", unit: unit, at: occurred - minutes(0...9))
    case .detailsSent(let agency, let place, _, let occurred, _, _):
      // It was another unit, or the agency as one, and now and then another agency altogether.
      sendDetails(chance(80) ? agency : Self.units.keys.sorted().randomElement(using: &lots)!, place, occurred)
    case .held(let occurred, _): .hold(heldAt: occurred - minutes(0...60), form: .phone, decision: nil)
    case .decided(let decision, _):
      .decide(
        decision.again(
          chance(50) ? decision.outcome : chance(50) ? .s47Joint : .nfa,
          at: (decision.decidedAt ?? clock) - minutes(-5...60)))
    case .circulated(let to, let occurred, _):
      .circulate(to: chance(50) ? to : ["police"], at: occurred - minutes(0...60))
    case .receiptRecorded(let agency, let occurred): .receive(agency, at: occurred - minutes(0...30))
    case .conferenceHeld(let occurred): .conference(heldAt: occurred - minutes(0...3000))
    case .followUpDone(_, let occurred): .followUp(doneAt: occurred - minutes(0...600), byRole: "r")
    default: nil
    }
  }

  private mutating func sendDetails(_ agency: AgencyID, _ place: Place, _ occurred: Instant) -> Command {
    .sendDetails(agency, place, unit: somebody(at: agency), at: occurred - minutes(0...30))
  }

  private func fold(_ id: DiscussionID) -> Discussion? {
    do throws(LineFault) {
      return try Discussion.folding(lines[Stream.discussion(id).description] ?? [])
    } catch {
      Issue.record("\(error.what)")
      return nil
    }
  }

  mutating func turn(_ inputs: [Input], at now: Instant) {
    docket.gatherDue(at: now)
    let revisited = docket.revisits.map { Input.revisited($0, fold($0)) }
    let turn = docket.plan(revisited + inputs, at: now)
    for line in turn.lines { lines[line.stream, default: []].append(line) }
    journal += turn.lines
    for rows in turn.rows { self.rows[rows.discussion.id] = rows }
    for case .refused in turn.replies.map(\.reply) { refused += 1 }
    docket.apply(turn, at: now)
    guard !areReceiversPerfect else {
      let ended = turn.sends.map { send in
        Input.attemptEnded(
          send.matter, send.delivery.reminder, attempt: send.delivery.attempt,
          Answer(verdict: .accepted, status: 204, tookMilliseconds: 0))
      }
      if !ended.isEmpty { self.turn(ended, at: now) }
      return
    }
    for send in turn.sends {
      let verdict: Verdict = chance(85) ? .accepted : chance(80) ? .retry : .misconfigured
      let answer = Answer(verdict: verdict, status: verdict == .accepted ? 204 : 503, tookMilliseconds: 9)
      let input = Input.attemptEnded(
        send.matter, send.delivery.reminder, attempt: send.delivery.attempt, answer)
      plan(now + .seconds(chance(90) ? 1 : .random(in: 2...50, using: &lots)), .answer(input))
    }
  }

  // MARK: - Lots

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &lots) < percent }

  mutating func minutes(_ range: ClosedRange<Int64>) -> Elapsed { .minutes(.random(in: range, using: &lots)) }
}

extension Decision {
  fileprivate func again(_ outcome: Outcome, at moment: Instant) -> Decision {
    Decision(
      outcome: outcome, decidedAt: moment, byRole: byRole, flags: flags, dissent: dissent, reason: reason,
      s47StartedAt: s47StartedAt)
  }
}
