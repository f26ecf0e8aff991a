// Rota, cover and hours: who holds a place, when that changes, where nobody does; and what may not be written.
import Convening
import Testing

private let zone = CivilZone(name: "Europe/London")!
private let office = OpenHours(
  days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .hours(9), until: .hours(17),
  openOnBankHolidays: false)

private func at(_ text: String) -> Instant { Instant("\(text):00Z")! }

private func town(
  contact: [Holding] = [Holding(hours: office, route: "hub"), Holding(hours: nil, route: "nurse")],
  deputy: [Holding] = [Holding(hours: office, route: "nurse")], holidays: Swift.Set<CivilDate> = []
) -> Arrangements {
  func cards(_ names: [RouteName]) -> [RouteName: RouteCard] {
    Dictionary(uniqueKeysWithValues: names.map { ($0, RouteCard(name: $0, label: $0.text, phone: "1")) })
  }
  return Arrangements(
    agencies: [
      Agency(id: "health", name: "Health", places: [.contact: contact, .deputy: deputy]),
      Agency(id: "police", name: "Police", places: [.contact: [Holding(hours: nil, route: "unit")]]),
    ],
    coordinator: [Holding(hours: nil, route: "desk")],
    teams: [Team(id: "duty", convener: [Holding(hours: office, route: "desk")])],
    routes: cards(["hub", "nurse", "unit", "desk", "bank", "locum"]), ring: [], source: "s",
    calendar: WorkingCalendar(zone: zone, holidays: BankHolidays(days: holidays)))
}

private func shift(_ place: Place, _ route: RouteName, _ from: String, _ until: String) -> RotaEntry {
  RotaEntry(place: place, route: route, from: at(from), until: at(until))
}

@Suite struct RotaTests {
  @Test func coverThenRotaThenHours() {
    var town = town()
    let now = at("2026-11-24T10:00")
    func hold(_ moment: String) -> [String] {
      let hold = town.hold(.contact, of: "health", at: at(moment))
      return [hold?.route.text ?? "nobody", hold.map { "\($0.because)" } ?? "-"]
    }
    #expect(hold("2026-11-24T12:00") == ["hub", "hours"])
    #expect(hold("2026-11-24T18:00") == ["nurse", "otherwise"])
    town.rota.set([shift(.contact, "bank", "2026-11-24T09:00", "2026-11-24T13:00")], of: "health", at: now)
    town.rota.take(
      Cover(place: .contact, route: "locum", until: at("2026-11-24T11:00"), reason: "leave"), of: "health", at: now)
    #expect(hold("2026-11-24T10:30") == ["locum", #"cover(reason: "leave")"#])
    #expect(hold("2026-11-24T11:00") == ["bank", "rota"])
    #expect(hold("2026-11-24T13:00") == ["hub", "hours"])
    // Nothing reaches back.
    #expect(hold("2026-11-24T09:30") == ["hub", "hours"])
    #expect(town.holderChanges(.contact, of: "health", after: now) == at("2026-11-24T11:00"))
    #expect(town.names("locum", for: "health") && !town.names("locum", for: "police"))
    #expect(town.telephones(of: "health", at: at("2026-11-24T10:30")).map(\.name) == ["locum"])
  }

  @Test func aNewRotaKeepsWhatWas() {
    var rota = Rota()
    let duty = Duty(.contact, of: "health")!
    rota.set(
      [shift(.contact, "bank", "2026-11-24T09:00", "2026-11-24T17:00")], of: "health", at: at("2026-11-24T08:00"))
    rota.set(
      [shift(.contact, "locum", "2026-11-24T10:00", "2026-11-24T17:00")], of: "health", at: at("2026-11-24T12:00"))
    #expect(rota.entry(duty, at: at("2026-11-24T11:00"))?.route == "bank")
    #expect(rota.entry(duty, at: at("2026-11-24T12:00"))?.route == "locum")
    rota.set([], of: "health", at: at("2026-11-24T13:00"))
    #expect(rota.entry(duty, at: at("2026-11-24T12:59"))?.route == "locum")
    #expect(rota.entry(duty, at: at("2026-11-24T13:00")) == nil)
    rota.set([], of: "health", at: at("2027-01-24T13:00"))
    #expect(rota.isEmpty)
  }

  /// The coordinator's rota is the same whichever the agency, and no agency's is.
  @Test func theCoordinatorHasARotaToo() {
    var town = town()
    let now = at("2026-11-24T10:00")
    town.rota.set([shift(.coordinator, "bank", "2026-11-24T09:00", "2026-11-24T13:00")], of: .coordination, at: now)
    #expect(town.holder(.coordinator, of: "health", at: now) == "bank")
    #expect(town.holder(.coordinator, of: "police", at: now) == "bank")
    #expect(town.names("bank", for: nil) && !town.names("bank", for: "health"))
  }

  @Test func everyFaultIsNamed() {
    let town = town()
    let faults = town.faults(
      of: [
        shift(.contact, "bank", "2026-11-24T09:00", "2026-11-24T13:00"),
        shift(.contact, "locum", "2026-11-24T12:00", "2026-11-24T14:00"),
        shift(.lead, "bank", "2026-11-24T09:00", "2026-11-24T13:00"),
        shift(.deputy, "nowhere", "2026-11-24T09:00", "2026-11-24T13:00"),
        shift(.deputy, "unit", "2026-11-24T13:00", "2026-11-24T14:00"),
        shift(.contact, "bank", "2026-11-24T14:00", "2026-11-24T14:00"),
        shift(.coordinator, "desk", "2026-11-24T13:00", "2026-11-24T14:00"),
      ], for: "health")
    #expect(
      faults.map(\.pointer).sorted() == [
        "/entries/1/from", "/entries/2/place", "/entries/3/route", "/entries/4/route", "/entries/5/until",
        "/entries/6/place",
      ])
    #expect(town.faults(of: [shift(.contact, "desk", "2026-11-24T13:00", "2026-11-24T14:00")], for: "health") == [])
    // One reaches over two others.
    let long = [
      shift(.contact, "bank", "2026-11-24T09:00", "2026-11-24T20:00"),
      shift(.contact, "locum", "2026-11-24T10:00", "2026-11-24T11:00"),
      shift(.contact, "hub", "2026-11-24T12:00", "2026-11-24T13:00"),
    ]
    #expect(town.faults(of: long, for: "health").map(\.pointer) == ["/entries/1/from", "/entries/2/from"])
  }

  // MARK: - Gaps

  @Test func aPlaceWithoutAnybodyAtNightIsAGap() {
    let now = at("2026-11-24T10:00")
    let gaps = town().gaps(from: now)
    #expect(gaps.map(\.place) == [.deputy, .convener])
    #expect(gaps[0].agency == "health" && gaps[0].team == nil && gaps[1].agency == nil && gaps[1].team == "duty")
    #expect(gaps[0].from == at("2026-11-24T17:00") && gaps[0].until == at("2026-11-25T09:00"))
    #expect(town().isSoon(gaps[0], at: now))
  }

  @Test func aRotaFillsAGap() {
    let now = at("2026-11-24T10:00")
    var town = town()
    town.rota.set([shift(.deputy, "bank", "2026-11-24T17:00", "2026-12-04T09:00")], of: "health", at: now)
    let gap = town.gaps(from: now).first
    #expect(gap?.place == .deputy && gap?.from == at("2026-12-04T17:00"))
    #expect(gap.map { town.isSoon($0, at: now) } == false)
    // Friday: two working days on is Tuesday.
    let friday = at("2026-11-27T10:00")
    #expect(
      ["2026-12-01T23:59", "2026-12-02T00:00"].map {
        town.isSoon(Gap(agency: "health", place: .deputy, team: nil, from: at($0), until: nil), at: friday)
      } == [true, false])
  }

  /// Somebody always holds it, and was not told that the rota ends.
  @Test func whereARotaRunsOutItIsAGapThatFallsToSomebody() {
    let now = at("2026-11-24T10:00")
    var town = town(deputy: [Holding(hours: nil, route: "nurse")])
    #expect(!town.gaps(from: now).contains { $0.place == .deputy })
    let shifts = [
      shift(.deputy, "bank", "2026-11-24T09:00", "2026-11-26T09:00"),
      shift(.deputy, "locum", "2026-11-27T09:00", "2026-12-30T09:00"),
    ]
    town.rota.set(shifts, of: "health", at: now)
    let gap = town.gaps(from: now).first { $0.place == .deputy }
    #expect(gap?.from == at("2026-11-26T09:00") && gap?.until == at("2026-11-27T09:00") && gap?.fallsTo == "nurse")
    #expect(gap.map { town.isSoon($0, at: now) } == false)
    // Another's rota is another matter; a cover fills it; and one that has run out is missed until somebody plans none any more.
    town.rota.set([], of: "police", at: now)
    #expect(town.gaps(from: now).contains { $0.place == .deputy })
    var covered = town
    covered.rota.take(
      Cover(place: .deputy, route: "locum", until: at("2026-11-28T00:00"), reason: "ill"), of: "health", at: now)
    #expect(!covered.gaps(from: now).contains { $0.place == .deputy })
    let later = at("2027-01-04T10:00")
    #expect(town.gaps(from: later).first { $0.place == .deputy }?.from == later)
    town.rota.set([], of: "health", at: later)
    #expect(!town.gaps(from: later).contains { $0.place == .deputy })
  }

  /// By day the desk is there, as ever; the rota is of the nights alone.
  @Test func hoursAreNoGapInARota() {
    let now = at("2026-11-24T10:00")
    let office = OpenHours(
      days: Swift.Set(Weekday.allCases), from: .hours(9), until: .hours(17), openOnBankHolidays: true)
    var town = town(deputy: [Holding(hours: office, route: "nurse"), Holding(hours: nil, route: "locum")])
    town.rota.set(
      (0..<13).map { day in
        RotaEntry(
          place: .deputy, route: "bank", from: at("2026-11-24T17:00") + .days(day),
          until: at("2026-11-25T09:00") + .days(day))
      }, of: "health", at: now)
    let gap = town.gaps(from: now).first { $0.place == .deputy }
    #expect(gap?.from == at("2026-12-07T17:00") && gap?.fallsTo == "locum")
  }

  /// Minute by minute over two weeks, both clock changes among them.
  @Test(arguments: 1...60) func gapsAndChangesAreWhatALookEachMinuteFinds(seed: Int) {
    var lots = Draw(seed: UInt64(seed))
    let starts = ["2026-10-20T07:13", "2027-03-25T22:40", "2026-12-20T00:00", "2026-11-24T10:00"]
    let now = at(starts[lots.below(4)])
    func hours() -> OpenHours {
      let from = Int64(lots.below(46)) * 30
      return OpenHours(
        days: Swift.Set(Weekday.allCases.filter { _ in lots.below(4) > 0 }), from: .minutes(from),
        until: .minutes(min(1440, from + 30 + Int64(lots.below(40)) * 30)), openOnBankHolidays: lots.below(2) == 0)
    }
    let table = (0...lots.below(3)).map { _ in Holding(hours: hours(), route: "hub") }
    var town = town(contact: table, deputy: [Holding(hours: nil, route: "nurse")], holidays: [CivilDate("2026-12-25")!])
    var entries: [RotaEntry] = []
    var from = now + .minutes(Int64(lots.below(600)))
    for _ in 0..<lots.below(6) {
      let until = from + .minutes(Int64(1 + lots.below(4000)))
      entries.append(RotaEntry(place: .contact, route: lots.below(5) == 0 ? "gone" : "bank", from: from, until: until))
      from = until + .minutes(Int64(lots.below(2) * lots.below(2000)))
    }
    town.rota.set(entries, of: "health", at: now)
    if lots.below(2) == 0 {
      town.rota.take(
        Cover(place: .contact, route: "locum", until: now + .minutes(Int64(1 + lots.below(3000))), reason: "r"),
        of: "health", at: now)
    }
    func holder(_ moment: Instant) -> RouteName? { town.holder(.contact, of: "health", at: moment) }
    let minutes = (0..<(14 * 1440)).map { now + .minutes(Int64($0)) }
    let empty = minutes.firstIndex { holder($0) == nil }
    let gap = town.gaps(from: now).first { $0.agency == "health" && $0.place == .contact }
    #expect(gap?.from == empty.map { minutes[$0] })
    let filled = empty.flatMap { start in minutes[start...].first { holder($0) != nil } }
    if let filled { #expect(gap?.until == filled) }
    let change = minutes.first { holder($0) != holder(now) }
    if let change { #expect(town.holderChanges(.contact, of: "health", after: now) == change) }
  }
}

private struct Draw {
  var seed: UInt64

  /// 0 ..< limit
  mutating func below(_ limit: Int) -> Int {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((seed >> 33) % UInt64(limit))
  }
}
