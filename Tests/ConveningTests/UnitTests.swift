// An agency of several units: when it has contributed, when a decline is the agency's, and what one more unit that is asked
// leads to. Each case is a course of what was recorded, in order.
import Testing

@testable import Convening

/// Health with three units, by that rule.
private func circumstances(
  _ counts: UnitRule, units names: [String] = ["community", "hospitals", "gp"], csc: UnitRule? = nil
) -> Circumstances {
  var policies = Policies()
  policies.adopt(Example.policy(), as: Example.ref)
  let agencies = Example.arrangements.agencies.map { agency in
    let (names, rule) = agency.id == "health" ? (names, counts) : (["desk"], csc)
    guard agency.id == "health" || agency.id == "csc", let rule else { return agency }
    let units = names.map { Agency.Unit(id: UnitID($0)!, label: $0) }
    return Agency(id: agency.id, name: agency.name, places: [:], units: units, counts: rule)
  }
  return Circumstances(
    policies: policies, offered: ["p"],
    arrangements: Arrangements(
      agencies: agencies, coordinator: [], routes: [:], ring: [], source: "s", calendar: Example.arrangements.calendar))
}

/// One discussion that asks Health, from command to command.
private struct Day {
  var circumstances: Circumstances
  var discussion: Discussion
  var entries: [Entry] = []

  init(_ counts: UnitRule) throws {
    circumstances = ConveningTests.circumstances(counts)
    let events = try decide(
      convene: Example.convene(agencies: ["csc", "health"]), firstBody: Fingerprint(high: 0, low: 0), now: Example.now,
      circumstances)
    discussion = Example.fold(events)!
    note(events, at: Example.now)
  }

  /// Throws: `Refusal`; then nothing has happened.
  @discardableResult
  mutating func does(_ command: Command, at now: Instant = Example.now) throws(Refusal) -> [Event] {
    let events = try discussion.decide(
      command, now: now, policy: Example.policy(), circumstances, entries: entries)
    discussion = Example.fold(events, onto: discussion, at: now)!
    note(events, at: now)
    return events
  }

  private mutating func note(_ events: [Event], at now: Instant) {
    for event in events {
      entries.append(
        Entry(
          stream: .discussion(Example.id), revision: entries.count + 1, at: now, actor: nil, mark: nil, event: event))
    }
  }

  var health: Position { discussion.position("health")! }
  var isMissing: Bool { discussion.quorum(under: Example.policy()).missing.contains("health") }

  /// What stands of Health: whether it counts, its ladder goes on, it declined; and how each unit stands.
  var standing: String {
    let words = [
      isMissing ? "missing" : "counts",
      health.acknowledged != nil && !health.hasContributed ? "in hand" : nil,
      health.rungs.contains { !$0.isNotice } ? "asked on" : "silent",
      health.declined.map { "declined \($0.code.rawValue)" },
    ]
    return words.compactMap(\.self).joined(separator: ", ")
  }

  var units: [String] {
    health.units.map { unit in
      let said =
        unit.contributed != nil
        ? "gave" : unit.declined.map { "no \($0.rawValue)" } ?? (unit.acknowledged == nil ? "-" : "has it")
      return "\(unit.unit)\(unit.asked == nil ? "" : unit.isNeeded ? " needed" : " asked"): \(said)"
    }
  }
}

private func asks(_ unit: UnitID?, at moment: Instant? = nil) -> Command {
  .sendDetails("health", .contact, unit: unit, at: moment)
}

private func gives(_ unit: UnitID?, _ kind: ContributionKind = .video, via: Via = .phone) -> Command {
  .contribute("health", kind, byRole: "nurse", via: via, unit: unit, at: nil)
}

private func declines(_ unit: UnitID?) -> Command {
  .decline("health", .b10, byRole: "nurse", unit: unit, at: nil)
}

private func acknowledges(_ unit: UnitID?, at moment: Instant? = nil) -> Command {
  .acknowledge("health", byRole: "nurse", via: .phone, unit: unit, at: moment)
}

private struct UnitCase: Sendable, CustomTestStringConvertible {
  let says: String
  var counts = UnitRule.anyUnit
  let does: [Command]
  let standing: String
  var units: [String] = []
  var testDescription: String { says }
}

@Suite struct UnitTests {
  @Test(arguments: [
    UnitCase(says: "nobody yet", does: [asks("gp")], standing: "missing, asked on", units: ["gp asked: -"]),
    UnitCase(
      says: "any unit, unasked", does: [asks("gp"), gives("community")], standing: "counts, silent",
      units: ["gp asked: -", "community: gave"]),
    UnitCase(
      says: "the agency as one", does: [asks("gp"), gives(nil)], standing: "counts, silent", units: ["gp asked: -"]),
    UnitCase(
      says: "one that declines while another may come", does: [asks("gp"), asks("community"), declines("gp")],
      standing: "missing, asked on", units: ["gp asked: no B10", "community asked: -"]),
    UnitCase(
      says: "the last that declines", does: [asks("gp"), asks("community"), declines("gp"), declines("community")],
      standing: "missing, silent, declined B10", units: ["gp asked: no B10", "community asked: no B10"]),
    UnitCase(
      says: "one that comes after all",
      does: [asks("gp"), asks("community"), declines("gp"), declines("community"), acknowledges("gp")],
      standing: "missing, in hand, asked on", units: ["gp asked: has it", "community asked: no B10"]),
    UnitCase(
      says: "a decline where nobody was asked", does: [declines("gp")], standing: "missing, asked on",
      units: ["gp: no B10"]),
    UnitCase(
      says: "a decline of one where the agency was asked as one", does: [asks(nil), declines("gp")],
      standing: "missing, asked on", units: ["gp: no B10"]),
    UnitCase(
      says: "the agency declines as one", does: [asks("gp"), declines(nil)], standing: "missing, silent, declined B10",
      units: ["gp asked: -"]),
    UnitCase(
      says: "another is asked after the no of the first", does: [asks("gp"), declines("gp"), asks("hospitals")],
      standing: "missing, asked on", units: ["gp asked: no B10", "hospitals asked: -"]),
    UnitCase(
      says: "another is asked after the agency declined as one", does: [declines(nil), asks("hospitals")],
      standing: "missing, asked on", units: ["hospitals asked: -"]),
    UnitCase(
      says: "who declined is asked again",
      does: [asks("gp"), declines("gp"), asks("gp", at: Example.now + .seconds(1))],
      standing: "missing, asked on", units: ["gp asked: -"]),
    UnitCase(
      says: "what was sent before it declined asks nobody again",
      does: [asks("gp"), declines("gp"), asks("gp", at: Example.at("08:55"))],
      standing: "missing, silent, declined B10", units: ["gp asked: no B10"]),
    UnitCase(
      says: "all asked, another is asked after a no, and the first gives", counts: .allAsked,
      does: [asks("gp"), declines("gp"), asks("hospitals"), gives("gp")], standing: "missing, asked on",
      units: ["gp needed: gave", "hospitals needed: -"]),
    UnitCase(
      says: "all asked, one declines, then the other gives", counts: .allAsked,
      does: [asks("gp"), asks("community"), declines("community"), gives("gp")],
      standing: "missing, silent, declined B10", units: ["gp needed: gave", "community needed: no B10"]),
    UnitCase(
      says: "all asked, who has it in hand declines", counts: .allAsked,
      does: [asks("gp"), asks("community"), acknowledges("gp"), declines("gp")], standing: "missing, asked on",
      units: ["gp needed: no B10", "community needed: -"]),
    UnitCase(
      says: "the agency has it in hand, whatever its units say", does: [asks("gp"), acknowledges(nil), declines("gp")],
      standing: "missing, in hand, asked on", units: ["gp asked: no B10"]),
    UnitCase(
      says: "all asked, who has it in hand gives", counts: .allAsked,
      does: [asks("gp"), asks("community"), acknowledges("gp"), gives("gp")], standing: "missing, asked on",
      units: ["gp needed: gave", "community needed: -"]),
    UnitCase(
      says: "all asked, who gave acknowledges once more", counts: .allAsked,
      does: [asks("gp"), asks("community"), gives("gp"), acknowledges("gp")], standing: "missing, asked on",
      units: ["gp needed: gave", "community needed: -"]),
    UnitCase(
      says: "all asked, who gave acknowledges twice, an earlier moment last", counts: .allAsked,
      does: [
        asks("gp"), asks("community"), gives("gp"), declines("community"), acknowledges("gp"),
        acknowledges("gp", at: Example.at("08:55")),
      ],
      standing: "missing, silent, declined B10", units: ["gp needed: gave", "community needed: no B10"]),
    UnitCase(
      says: "all asked, another has it in hand", counts: .allAsked,
      does: [asks("gp"), asks("community"), acknowledges("community"), gives("gp")],
      standing: "missing, in hand, asked on", units: ["gp needed: gave", "community needed: has it"]),
    UnitCase(
      says: "all asked, the agency has it in hand", counts: .allAsked,
      does: [asks("gp"), asks("community"), acknowledges(nil), gives("gp")], standing: "missing, in hand, asked on",
      units: ["gp needed: gave", "community needed: -"]),
    UnitCase(
      says: "a decline beside what counts", does: [gives("community"), declines("gp")], standing: "counts, silent",
      units: ["gp: no B10", "community: gave"]),
    UnitCase(
      says: "all asked, one gave", counts: .allAsked, does: [asks("gp"), asks("community"), gives("gp")],
      standing: "missing, asked on", units: ["gp needed: gave", "community needed: -"]),
    UnitCase(
      says: "all asked, all gave", counts: .allAsked,
      does: [asks("gp"), asks("community"), gives("gp"), gives("community")], standing: "counts, silent",
      units: ["gp needed: gave", "community needed: gave"]),
    UnitCase(
      says: "all asked, one in a way that does not count", counts: .allAsked,
      does: [asks("gp"), asks("community"), gives("gp"), gives("community", .mashCheckOnly)],
      standing: "missing, silent", units: ["gp needed: gave", "community needed: gave"]),
    UnitCase(
      says: "all asked, another gave", counts: .allAsked, does: [asks("gp"), gives("community"), gives(nil)],
      standing: "missing, asked on", units: ["gp needed: -", "community: gave"]),
    UnitCase(
      says: "all of nobody", counts: .allAsked, does: [gives("gp")], standing: "counts, silent", units: ["gp: gave"]),
    UnitCase(
      says: "all asked, the last left declines", counts: .allAsked,
      does: [asks("gp"), asks("community"), gives("gp"), declines("community")],
      standing: "missing, silent, declined B10", units: ["gp needed: gave", "community needed: no B10"]),
    UnitCase(
      says: "all asked, and it gives after all", counts: .allAsked,
      does: [asks("gp"), declines("gp"), gives("gp")], standing: "counts, silent, declined B10",
      units: ["gp needed: gave"]),
    UnitCase(
      says: "all asked, one by link", counts: .allAsked, does: [asks("gp"), gives("gp", via: .link)],
      standing: "missing, in hand, asked on", units: ["gp needed: has it"]),
    UnitCase(
      says: "all asked, one by link and confirmed", counts: .allAsked,
      does: [asks("gp"), gives("gp", via: .link), .confirm("health", byRole: nil)], standing: "counts, silent",
      units: ["gp needed: gave"]),
    UnitCase(
      says: "one more is asked", counts: .allAsked, does: [asks("gp"), gives("gp"), asks("community")],
      standing: "missing, asked on", units: ["gp needed: gave", "community needed: -"]),
    UnitCase(
      says: "one more, which gave already", counts: .allAsked,
      does: [asks("gp"), gives("gp"), gives("community"), asks("community")], standing: "counts, silent",
      units: ["gp needed: gave", "community needed: gave"]),
  ])
  fileprivate func itCountsByItsRule(_ example: UnitCase) throws {
    var day = try Day(example.counts)
    for command in example.does { try day.does(command) }
    #expect(day.standing == example.standing)
    #expect(day.units.sorted() == example.units.sorted())
  }

  /// Its lead and the convener hear of a decline that is the agency's, and of no other.
  @Test func aDeclineRisesWhereItIsTheAgencys() throws {
    var day = try Day(.anyUnit)
    for command in [asks("gp"), asks("community")] { try day.does(command) }
    #expect(try day.does(declines("gp")).map(\.word) == ["declined"])
    #expect(try day.does(declines("community")).map(\.word) == ["declined", "ladder"])
  }

  /// Its steps count from when the unit was asked: nobody is told that it has not answered before it could.
  @Test func oneMoreUnitIsAskedAsIfNobodyHadBeen() throws {
    var day = try Day(.allAsked)
    let planned = day.health.rungs
    for command in [asks("gp"), gives("gp")] { try day.does(command) }
    #expect(day.health.rungs == [])
    guard case .ladderPlanned("health", .unitAsked, let rungs)? = try day.does(asks("hospitals")).last else {
      Issue.record("nothing was planned")
      return
    }
    #expect(rungs.map(\.step) == planned.map(\.step))
  }

  /// A correction that makes a no the agency's is told of as that no would have been.
  @Test func aCorrectionCanMakeANoTheAgencys() throws {
    var day = try Day(.anyUnit)
    for command in [asks("gp"), asks("community"), declines("gp")] { try day.does(command) }
    #expect(day.standing == "missing, asked on")
    let sent = try #require(day.entries.last { if case .detailsSent = $0.event { true } else { false } }?.revision)
    let events = try day.does(.correct(revision: sent, reason: "not sent", replacement: nil), at: Example.at("09:10"))
    #expect(day.standing == "missing, silent, declined B10")
    guard case .ladderPlanned("health", .declined, _)? = events.last else {
      Issue.record("nobody is told of the no")
      return
    }
  }

  /// The rule that held when a unit was asked stays with it, and so does a unit that the settings name no more.
  @Test func aCorrectionKeepsTheRuleAndTheUnitsOfItsTime() throws {
    var day = try Day(.allAsked)
    for command in [asks("gp"), asks("community"), gives("gp")] { try day.does(command) }
    let sent = try #require(day.entries.last { if case .detailsSent = $0.event { true } else { false } }?.revision)
    day.circumstances = circumstances(.anyUnit, units: ["gp"])
    try day.does(
      .correct(revision: sent, reason: "sent later", replacement: asks("community", at: Example.at("09:05"))),
      at: Example.at("09:10"))
    #expect(day.standing == "missing, asked on" && day.units == ["gp needed: gave", "community needed: -"])
  }

  /// What was recorded of the wrong agency is put right by the rule of the right one, and by its units.
  @Test(arguments: [(UnitRule.allAsked, UnitRule.anyUnit), (.anyUnit, .allAsked)])
  func aCorrectionToAnotherAgencyGoesByThatOnesRule(_ health: UnitRule, _ csc: UnitRule) throws {
    var day = try Day(health)
    day.circumstances = circumstances(health, csc: csc)
    try day.does(asks("gp"))
    let sent = try #require(day.entries.last { if case .detailsSent = $0.event { true } else { false } }?.revision)
    func toCSC(_ unit: UnitID) -> Command {
      .correct(
        revision: sent, reason: "the other one", replacement: .sendDetails("csc", .contact, unit: unit, at: nil))
    }
    #expect(throws: Refusal.unknownUnit(known: ["desk"])) { try day.does(toCSC("gp"), at: Example.at("09:10")) }
    try day.does(toCSC("desk"), at: Example.at("09:10"))
    #expect(day.discussion.position("csc")?.units.map(\.isNeeded) == [csc == .allAsked] && day.units == [])
  }

  /// Whom it was asked for counts as of the decision: who is asked afterwards was not missing.
  @Test func whoIsAskedAfterTheDecisionWasNotMissing() throws {
    var day = try Day(.allAsked)
    for command in [asks("gp"), gives("gp")] { try day.does(command) }
    try day.does(.decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1")), at: Example.at("09:30"))
    try day.does(asks("community"), at: Example.at("09:40"))
    #expect(!day.discussion.missingAtDecision.contains("health") && !day.isMissing)
    #expect(day.units == ["gp needed: gave", "community asked: -"])
  }

  /// Another rule in the settings later is no news to what was recorded under the one before.
  @Test func theRuleIsThatOfTheEntry() throws {
    var day = try Day(.allAsked)
    for command in [asks("gp"), asks("community"), gives("gp")] { try day.does(command) }
    let replayed = day.entries.reduce(nil as Discussion?) { evolve($0, $1) }
    #expect(replayed == day.discussion && replayed?.position("health")?.hasContributed == false)
  }

  /// The unit that was asked by mistake is waited for no more.
  @Test func aCorrectionTellsTheUnitsAgain() throws {
    var day = try Day(.allAsked)
    for command in [asks("gp"), asks("community"), gives("gp")] { try day.does(command) }
    let sent = try #require(day.entries.last { if case .detailsSent = $0.event { true } else { false } }?.revision)
    try day.does(.correct(revision: sent, reason: "not sent", replacement: nil), at: Example.at("09:10"))
    #expect(day.standing == "counts, silent" && day.units == ["gp needed: gave"])
    let given = try #require(day.entries.last { if case .contributionRecorded = $0.event { true } else { false } })
    try day.does(
      .correct(revision: given.revision, reason: "it was another", replacement: gives("community")),
      at: Example.at("09:20"))
    #expect(day.standing == "missing, asked on" && day.units == ["gp needed: -", "community: gave"])
  }

  @Test(arguments: [
    (asks("midwifery"), "unknown-unit"), (gives("midwifery"), "unknown-unit"), (declines("midwifery"), "unknown-unit"),
    (acknowledges("midwifery"), "unknown-unit"), (declines("gp"), "already-contributed"),
    (.contribute("csc", .video, byRole: "x", via: .api, unit: "gp", at: nil), "unknown-unit"),
  ])
  func whatIsRefused(_ command: Command, _ code: String) throws {
    var day = try Day(.anyUnit)
    try day.does(gives("gp"))
    do throws(Refusal) {
      try day.does(command)
      Issue.record("it was taken")
    } catch {
      #expect(error.code == code)
    }
  }

  @Test(arguments: [
    ([] as [UnitID], "The settings name no units of this agency. Leave unit out."),
    (["gp", "community"], "The settings name no such unit of this agency. Give one of: gp, community."),
  ])
  func aRefusalNamesThoseThatAreKnown(_ known: [UnitID], _ sentence: String) {
    #expect(Refusal.unknownUnit(known: known).sentence == sentence)
  }
}
