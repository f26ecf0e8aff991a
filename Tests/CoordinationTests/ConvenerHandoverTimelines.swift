// Whoever comes on duty as a team's convener is told once what the team still has to hold, whoever is awaited in it, and the
// ladders go on as they were.
import Convening
import Coordination
import Simulation
import Testing
import Wire

@Suite struct ConvenerHandoverTimelines {
  private static let office = OpenHours(
    days: Set(Weekday.allCases), from: .hours(8), until: .hours(17), openOnBankHolidays: true)
  private static let shifts = [Holding(hours: office, route: "convener"), Holding(hours: nil, route: "night")]
  private static let other = DiscussionID("ABCD-EFGH")!

  /// "convener" by day, "night" from five on; "late" is another team, whose convener nobody relieves.
  private static func town(_ convener: [Holding] = shifts) -> Arrangements {
    let town = Scenario.town()
    return Arrangements(
      agencies: town.agencies, coordinator: town.coordinator,
      teams: [
        Team(id: "duty", convener: convener), Team(id: "late", convener: [Holding(hours: nil, route: "coordinator")]),
      ],
      routes: town.routes, ring: town.ring, source: town.source, calendar: town.calendar)
  }

  /// - Parameter slots: how many attempts each endpoint bears at once.
  private func day(_ agencies: [AgencyID] = ["health"], slots: Int = 8) -> Scenario {
    var limits = Limits()
    limits.perEndpoint = slots
    return Scenario(starts: "16:30", meeting: "19:30", agencies: agencies, in: Self.town(), limits: limits)
  }

  private func open(_ told: Scenario.Sent) throws -> [[String?]] {
    let open = try JSON(parsing: told.opening.body)["data"]?["open"]?.array ?? []
    return open.map { [$0["discussion"]?.string, $0["agency"]?.string, $0["place"]?.string] }
  }

  @Test func whoComesOnDutyIsToldOnceWhatTheTeamHasToHold() throws {
    var day = day(["health", "police"])
    try day.at("16:30", sends: "health", .invitation)
    try day.at("16:30", sends: "police", .invitation)
    day.does(.contribute("police", .phoneLive, byRole: "sergeant", via: .phone, at: nil), at: "16:40")
    let told = try day.at("17:00", sends: "night", .handover)
    let data = try JSON(parsing: told.opening.body)["data"]
    #expect(data?["agency"] == "coordination" && data?["team"] == "duty" && data?["recipient"] == "convener")
    #expect(data?["until"] == "2026-11-25T08:00:00Z" && data?["more"] == 0)
    #expect(told.opening.body.contains(#""subject":"teams/duty""#))
    #expect(try open(told) == [["7Q2F-M9KD", "health", "convener"]])
    let entry = try #require(data?["open"]?.array?.first)
    #expect(entry["meeting_at"] == "2026-11-24T19:30:00Z" && entry["asked_at"] == "2026-11-24T16:30:00Z")
    // The ladder does not start again, and nobody is told twice.
    try day.at("17:30", sends: "health-deputy", .reminder)
    day.quietUntil("18:30")
    #expect(
      day.journal.lines.contains {
        $0.line?.contains(
          #""event":"handedOver","at":"2026-11-24T17:00:00Z","data":{"agency":"coordination","place":"convener","#
            + #""from":"convener","route":"night","until":"2026-11-25T08:00:00Z"}"#) ?? false
      })
  }

  /// It is to be held all the same; what another team convened is not theirs.
  @Test func whatEachHasAnsweredIsNamedWithoutAnAgency() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.does(.contribute("health", .phoneLive, byRole: "nurse", via: .phone, at: nil), at: "16:40")
    day.convene(Self.other, "18:30", ["police"])
    try day.at("16:40", sends: "police")
    day.convene(DiscussionID("CDEF-GHJK")!, "18:00", ["csc"]) { $0.team = "late" }
    try day.at("16:40", sends: "csc")
    let told = try day.at("17:00", sends: "night", .handover)
    #expect(try open(told) == [["ABCD-EFGH", "police", "convener"], ["7Q2F-M9KD", nil, "convener"]])
    day.quietUntil("17:10")
  }

  @Test(arguments: [true, false]) func whereNothingIsOpenNobodyIsTold(isHeld: Bool) throws {
    var day = day()
    try day.at("16:30", sends: "health")
    if isHeld {
      day.does(.hold(heldAt: nil, form: nil, decision: nil), at: "16:50")
    } else {
      day.does(.cancel(reason: "moved to another authority"), at: "16:50")
      try day.at("16:50", sends: "health", .cancelled)
    }
    day.quietUntil("+1 12:00")
  }

  /// It met at 16:40 for a quarter of an hour, and nobody has said that it was held.
  @Test func whatIsOverIsNobodysToHold() throws {
    var day = Scenario(starts: "16:30", meeting: "16:40", agencies: ["health"], steps: Scenario.atOnce, in: Self.town())
    {
      $0.durationMinutes = 15
    }
    try day.at("16:30", sends: "health")
    day.quietUntil("17:10")
  }

  @Test func aRestartTellsLateAndOnce() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    try day.restart(at: "17:20")
    let told = try day.at("17:20", sends: "night", .handover)
    #expect(try JSON(parsing: told.opening.body)["data"]?["late_by_s"] == 1200)
    try day.restart(at: "17:25")
    try day.at("17:30", sends: "health-deputy")
    day.quietUntil("18:00")
  }

  /// It knew before it died that somebody had to be told.
  @Test func whoWasNotToldBeforeARestartIsToldAfterIt() throws {
    var day = day(slots: 1)
    try day.at("16:30", sends: "health")
    _ = try day.keepsBusy("night", from: "16:59:40")
    day.quietUntil("17:00:20")
    try day.restart(at: "17:00:30")
    let told = try day.at("17:00:30", sends: "night", .handover)
    #expect(try JSON(parsing: told.opening.body)["data"]?["late_by_s"] == 30)
    day.quietUntil("17:30")
  }

  @Test func aBusyEndpointIsToldWhenItHasASlot() throws {
    var day = day(slots: 1)
    try day.at("16:30", sends: "health")
    let ping = try day.keepsBusy("night", from: "16:59:40")
    day.quietUntil("17:00:20")
    day.answer(ping, 204)
    try day.at("17:00:19.999", sends: "night", .handover)
  }

  /// As of a coordinator whose route has stopped: whoever lets it be used again has them told.
  @Test func aRouteThatHasStoppedIsToldWhenItIsUsedAgain() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.request(.ping(nil, route: "night"))
    try day.at("16:30", sends: "night", .ping, answering: 410)
    day.quietUntil("17:10:00.001")
    day.request(.enable(nil, "night"))
    try day.at("17:10", sends: "night", .handover)
    day.quietUntil("17:30")
  }

  @Test func otherSettingsAreAHandOverToo() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.adopts(Self.town([Holding(hours: nil, route: "police-lead")]))
    let told = try day.at("16:30", sends: "police-lead", .handover)
    #expect(try JSON(parsing: told.opening.body)["data"]?["until"] == .null)
    // Nobody convenes any more: nobody is told, and whoever comes next is, unless they know.
    day.adopts(Self.town([]))
    day.quietUntil("16:45")
    day.adopts(Self.town([Holding(hours: nil, route: "police-lead")]))
    day.quietUntil("16:50")
    day.adopts(Self.town([]))
    day.adopts(Self.town([Holding(hours: nil, route: "night")]))
    try day.at("16:49:59.999", sends: "night", .handover)
    day.quietUntil("17:10")
  }

  /// The one who convened it is back before anybody looked.
  @Test func whoWasNeverRelievedHearsNothing() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    day.adopts(Self.town([]), turns: 0)
    day.adopts(Self.town())
    day.quietUntil("17:00")
    try day.at("17:00", sends: "night", .handover)
  }

  @Test func thePlanShowsTheHandOver() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    let handover = try day.plannedHandovers()
    #expect(handover.map(\.at) == [Scenario.moment("17:00")])
    #expect(handover.map(\.route) == ["night"] && handover.map(\.place) == [.convener])
  }

  /// Lines of older versions do not say who convened: whoever does now is told once.
  @Test func whatAnOlderVersionConvenedIsToldOnce() throws {
    var day = day()
    try day.at("16:30", sends: "health")
    let lines = try day.journal.lines.compactMap(\.line).map(JournalLine.decode)
    let old: [Entry] = lines.filter { $0.stream == .discussion(day.discussion) }.map { entry in
      guard case .convened(let convene, let meeting, let agencies, let policy, let body, _) = entry.event else {
        return entry
      }
      return Entry(
        stream: entry.stream, revision: entry.revision, at: entry.at, actor: entry.actor, mark: entry.mark,
        event: .convened(convene, meeting, agencies: agencies, policy: policy, firstBody: body))
    }
    let known = try #require(old.reduce(nil as Discussion?) { evolve($0, $1) })
    let event = known.handingOverConvener(Self.town(), now: day.now, until: nil)
    #expect(event == .handedOver(.coordination, .convener, from: nil, to: "convener", until: nil))
    let told = evolve(
      known,
      Entry(stream: .discussion(known.id), revision: 9, at: day.now, actor: nil, mark: nil, event: try #require(event)))
    #expect(told?.changesConvener(Self.town(), now: day.now) == false)
  }
}
