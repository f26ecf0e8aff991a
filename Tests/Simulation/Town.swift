// A town to simulate: agencies, routes, hours, policies and limits, drawn from a seed. Small enough to be searched, odd
// enough to be searched for: holders with gaps, routes shared by agencies, ladders of seconds and of days.
import Convening
import Coordination

/// What a run is given. The same seed draws the same town.
public struct Town {
  public var arrangements: Arrangements
  public var policies: [Policy]
  public var limits: Limits

  public static let zone = CivilZone(name: "Europe/London")!
  /// 2026-11-23T09:00:00Z, a Monday.
  public static let start = Instant(milliseconds: 1_795_424_400_000)
  public static let agencies: [AgencyID] = ["csc", "police", "health", "school"]
  public static let routes: [RouteName] = ["desk", "edt", "police-unit", "police-ds", "hub", "nurse", "director"]

  /// Of those that have some.
  public static let units: [AgencyID: [UnitID]] = [
    "health": ["community", "hospitals", "midwifery"], "police": ["local", "transport"],
  ]

  static let office = OpenHours(
    days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .minutes(510), until: .hours(17),
    openOnBankHolidays: false)
  static let long = OpenHours(
    days: Set(Weekday.allCases), from: .hours(8), until: .hours(20), openOnBankHolidays: true)

  public init(drawnFrom lots: inout Lots) {
    arrangements = Town.arrangements(&lots)
    // Some seeds begin before any policy is in force: convening is refused until a reload.
    let from = lots.chance(0.1) ? Town.start + .days(5) : Town.start - .days(30)
    policies = [Town.policy("town-2026", from: from, &lots)]
    limits = Limits()
    limits.inputsPerTurn = lots.oneOf([2, 3, 5, 500])
    limits.duePerTurn = lots.oneOf([1, 3, 50, 2000])
    limits.replansPerTurn = lots.oneOf([1, 2, 200])
    limits.revisitsPerTurn = lots.oneOf([1, 2, 20])
    limits.perEndpoint = lots.oneOf([1, 2, 8])
    limits.inFlight = lots.oneOf([1, 2, 3, 50, 6000])
    limits.rememberedAnswers = lots.oneOf([100, 10_000])
  }

  public static func calendar(_ lots: inout Lots) -> WorkingCalendar {
    let first = CivilDate(year: 2026, month: 12, day: 25)!
    var days: Set<CivilDate> = [first, CivilDate(year: 2027, month: 1, day: 1)!]
    if lots.chance(0.5) { days.insert(first.adding(days: lots.whole(-25...40))) }
    return WorkingCalendar(
      zone: zone, holidays: BankHolidays(days: days), working: lots.oneOf([nil, office, office, long]))
  }

  public static func arrangements(_ lots: inout Lots) -> Arrangements {
    let hours: [OpenHours?] = [nil, nil, office, long]
    func table(_ lots: inout Lots) -> [Holding] {
      guard !lots.chance(0.12) else { return [] }
      let first = Holding(hours: lots.oneOf(hours), route: lots.oneOf(routes))
      guard first.hours != nil, lots.chance(0.6) else { return [first] }
      return [first, Holding(hours: lots.oneOf([nil, long]), route: lots.oneOf(routes))]
    }
    let agencies = Town.agencies.map { id in
      Agency(
        id: id, name: id.text,
        places: [.contact: table(&lots), .deputy: table(&lots), .lead: table(&lots)].filter { !$1.isEmpty },
        atOnce: lots.oneOf([nil, nil, 1, 2]), units: units[id]?.map { Agency.Unit(id: $0, label: $0.text) } ?? [],
        counts: units[id] == nil ? .anyUnit : lots.oneOf(UnitRule.allCases))
    }
    let coordinator =
      lots.chance(0.9) ? [Holding(hours: office, route: "desk"), Holding(hours: nil, route: "edt")] : table(&lots)
    return Arrangements(
      agencies: agencies, coordinator: coordinator,
      teams: lots.chance(0.85) ? [Team(id: "duty", convener: table(&lots), manager: table(&lots))] : [],
      routes: Dictionary(
        uniqueKeysWithValues: routes.map { ($0, RouteCard(name: $0, label: $0.text, phone: nil)) }),
      ring: [(office, "0113 496 0100"), (nil, "0113 496 0110")], source: "uk.gov.leeds.convened",
      calendar: calendar(&lots), frontDoor: frontDoor(&lots))
  }

  private static func frontDoor(_ lots: inout Lots) -> FrontDoor {
    FrontDoor(
      reviewAfter: lots.chance(0.5) ? .elapsed(.hours(24)) : limit(&lots),
      feedEvery: lots.chance(0.6) ? lots.oneOf([.hours(1), .hours(12), .days(4)]) : nil,
      hours: lots.oneOf([nil, office, long]), manager: lots.chance(0.7) ? lots.oneOf(routes) : nil,
      outsideHours: lots.chance(0.5) ? lots.oneOf(routes) : nil)
  }

  public static func policy(_ id: PolicyID, from: Instant, _ lots: inout Lots) -> Policy {
    let standard = ladder(
      &lots, unit: lots.oneOf([.seconds(20), .minutes(1), .minutes(30), .hours(2)]),
      defersTo: lots.oneOf([nil, nil, office, long]))
    // Some policies have no ladder for urgent discussions.
    let urgent = lots.chance(0.85) ? ladder(&lots, unit: lots.oneOf([.seconds(20), .minutes(1), .minutes(10)])) : nil
    let unit = lots.oneOf([Elapsed.seconds(20), .minutes(1), .minutes(30), .hours(2)])
    return Policy(
      id: id, from: zone.wall(from).date, required: ["csc", "police", "health"],
      counting: [.inPerson, .video, .phoneLive, .writtenBefore, .writtenDuring], decisionRecorded: .minutes(15),
      closeAfter: lots.chance(0.5)
        ? .workingDays(Int(lots.whole(1...20)))
        : .elapsed(Elapsed(milliseconds: unit.milliseconds * lots.whole(1...50))),
      reasonWithoutAll: lots.chance(0.7), standard: standard, urgent: urgent, clocks: clocks(&lots),
      conferenceFrom: lots.oneOf(ConferenceReading.allCases))
  }

  private static func limit(_ lots: inout Lots) -> Limit {
    lots.oneOf([
      .workingDays(Int(lots.whole(1...45))), .elapsed(.minutes(lots.whole(1...3000))),
      .workingHours(.minutes(lots.whole(1...900))),
    ])
  }

  /// Now and then without a limit: then that clock does not run.
  private static func clocks(_ lots: inout Lots) -> [ClockID: [Limit]] {
    var clocks: [ClockID: [Limit]] = [:]
    for id in ClockID.allCases where id != .c2 && id != .c3 && lots.chance(0.8) { clocks[id] = [limit(&lots)] }
    if clocks[.c11] != nil { clocks[.c11]?.append(limit(&lots)) }
    return clocks
  }

  private static func ladder(_ lots: inout Lots, unit: Elapsed, defersTo: OpenHours? = nil) -> Ladder {
    let inWorkingHours = lots.chance(0.3)
    func times(_ n: Int64) -> Elapsed { Elapsed(milliseconds: unit.milliseconds * n) }
    let places: [Place] = [.contact, .deputy, .lead, .coordinator]
    var steps = [Step(name: "ask", when: .once, to: lots.chance(0.8) ? [.contact] : [.contact, .deputy])]
    if lots.chance(0.8) { steps.append(Step(name: "chase", when: .unanswered(times(1)), to: [.contact])) }
    steps.append(
      Step(
        name: "deputy", when: .unanswered(times(2), inWorkingHours: inWorkingHours), to: [.deputy],
        tellsConvener: lots.chance(0.5)))
    if lots.chance(0.7) {
      steps.append(
        Step(name: "lead", when: .unanswered(times(4), inWorkingHours: inWorkingHours), to: [.lead, .coordinator]))
    }
    // Some ladders count from the asking alone.
    if lots.chance(0.85) {
      steps.append(Step(name: "day", when: .before(times(12)), to: [.contact]))
      let other = lots.oneOf([Place.deputy, .lead])
      steps.append(
        Step(name: "soon", when: .before(times(2)), to: [.contact, other], tellsConvener: lots.chance(0.3)))
    }
    if lots.chance(0.8) { steps.append(Step(name: "last", when: .before(times(1)), to: [lots.oneOf(places)])) }
    if lots.chance(0.5) { steps.append(Step(name: "join", when: .before(times(3)), to: [.acknowledger])) }
    return Ladder(
      acknowledgementHolds: times(lots.whole(1...12)), lastAttemptMargin: .minutes(lots.oneOf([1, 10])),
      squeezes: lots.chance(0.5), steps: steps,
      afterDecision: lots.chance(0.6)
        ? AfterDecision(name: "absent", to: lots.chance(0.5) ? [.contact, .lead] : [.deputy]) : nil,
      heldWithin: lots.chance(0.7) ? limit(&lots) : nil, fairNotice: lots.chance(0.6) ? limit(&lots) : nil,
      undeliveredAfter: lots.chance(0.7) ? lots.oneOf([.seconds(90), .minutes(15), .hours(2)]) : nil,
      defersTo: defersTo)
  }
}

extension Lots {
  public mutating func chance(_ probability: Double) -> Bool {
    Double(next() >> 11) / Double(1 << 53) < probability
  }

  public mutating func whole(_ range: ClosedRange<Int64>) -> Int64 {
    let width = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int64(next() % width)
  }

  public mutating func oneOf<T>(_ choices: [T]) -> T { choices[Int(whole(0...Int64(choices.count - 1)))] }

  public mutating func between(_ low: Elapsed, _ high: Elapsed) -> Elapsed {
    Elapsed(milliseconds: whole(low.milliseconds...max(low.milliseconds, high.milliseconds)))
  }
}

extension Town {
  static let noArrangements = Arrangements(
    agencies: [], coordinator: [], routes: [:], ring: [], source: "none",
    calendar: WorkingCalendar(zone: zone, holidays: BankHolidays(days: [])))
}
