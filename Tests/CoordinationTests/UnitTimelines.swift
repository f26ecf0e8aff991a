// An agency that counts all of its units that were asked: its ladder goes on until each has contributed, and comes back when one
// more is asked.
import Convening
import Coordination
import Testing

@Suite struct UnitTimelines {
  private static func town(_ counts: UnitRule) -> Arrangements {
    let town = Scenario.town()
    let agencies = town.agencies.map { agency in
      Agency(
        id: agency.id, name: agency.name, places: agency.places,
        units: agency.id == "health"
          ? [Agency.Unit(id: "gp", label: "GP"), Agency.Unit(id: "ward", label: "Ward")] : [],
        counts: agency.id == "health" ? counts : .anyUnit)
    }
    return Arrangements(
      agencies: agencies, coordinator: town.coordinator, teams: town.teams, routes: town.routes, ring: town.ring,
      source: town.source, calendar: town.calendar)
  }

  private static func asks(_ unit: UnitID) -> Command { .sendDetails("health", .contact, unit: unit, at: nil) }

  private static func gives(_ unit: UnitID) -> Command {
    .contribute("health", .phoneLive, byRole: "nurse", via: .phone, unit: unit, at: nil)
  }

  @Test func theLadderGoesOnUntilEachHasContributed() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["health"], in: UnitTimelines.town(.allAsked))
    try day.at("08:00", sends: "health")
    day.does(UnitTimelines.asks("gp"))
    day.does(UnitTimelines.asks("ward"))
    day.pass(to: "08:30")
    day.does(UnitTimelines.gives("gp"))
    try day.at("09:00", sends: "health-deputy")
    day.pass(to: "09:30")
    day.does(UnitTimelines.gives("ward"))
    day.quietUntil("14:00")
  }

  @Test func oneMoreUnitBringsTheLadderBack() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["health"], in: UnitTimelines.town(.allAsked))
    try day.at("08:00", sends: "health")
    day.does(UnitTimelines.asks("gp"))
    day.does(UnitTimelines.gives("gp"))
    day.quietUntil("09:30")
    day.pass(to: "09:30")
    day.does(UnitTimelines.asks("ward"))
    // The ward knows since now: its hour counts from here.
    try day.at("10:30", sends: "health-deputy")
    try day.at("11:30", sends: "health-lead")
    day.does(UnitTimelines.gives("ward"))
    day.quietUntil("14:00")
  }

  @Test func anyUnitEndsTheLadder() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["health"], in: UnitTimelines.town(.anyUnit))
    try day.at("08:00", sends: "health")
    day.does(UnitTimelines.asks("gp"))
    day.does(UnitTimelines.asks("ward"))
    day.does(UnitTimelines.gives("ward"))
    day.quietUntil("14:00")
  }

  /// All steps are climbed, and the unit that acknowledged has given what it had: the other is not forgotten.
  @Test func whoHadItInHandExcusesNobodyElse() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["health"], in: UnitTimelines.town(.allAsked))
    try day.at("08:00", sends: "health")
    day.does(UnitTimelines.asks("gp"))
    day.does(UnitTimelines.asks("ward"))
    try day.at("09:00", sends: "health-deputy")
    day.does(.acknowledge("health", byRole: "nurse", via: .phone, unit: "gp", at: nil))
    day.does(UnitTimelines.gives("gp"))
    #expect(day.state?.position("health")?.acknowledged == nil)
    try day.at("10:00", sends: "health-lead")
  }
}
