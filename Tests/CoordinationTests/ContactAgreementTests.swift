// M6 agrees with a second computation: a year of contacts lived through the docket that ships, counted from its rows by the
// report, and once more from the journal's lines alone, cell by cell, by another formulation.
import Convening
import Coordination
import Simulation
import Testing
import Wire

@Suite struct ContactAgreementTests {
  private static let start = Instant("2026-01-01T00:00:00Z")!

  /// Told of late and early, amended, settled in time, too late, twice or never.
  private static func lived(seed: UInt64) -> Disk {
    var (lots, disk) = (Lots(seed: seed), Disk())
    let arrangements = Scenario.town()
    var docket = Docket(arrangements: arrangements, lots: Lots(seed: seed + 1))
    var ticket = 0
    func turn(_ inputs: [Input], _ now: Instant) {
      docket.gatherDue(at: now)
      let turn = docket.plan(inputs, at: now)
      #expect(disk.append(turn.lines, turn.rows, turn.contactRows) == .done)
      docket.apply(turn, at: now)
    }
    turn([.started(version: "1"), .arranged(arrangements, [])], start)
    var todo: [(at: Instant, id: ContactID, command: ContactCommand)] = []
    for number in 0..<1500 {
      let (id, received) = (ContactID(bits: UInt64(number)), start + lots.between(.zero, .days(480)))
      let told = received + lots.between(.zero, lots.oneOf([.minutes(20), .days(3)]))
      let facts = ContactFacts(receivedAt: received, team: "duty")
      todo.append((told, id, .receive(facts)))
      if lots.chance(0.05) {
        let amended = ContactFacts(receivedAt: received - lots.between(.zero, .days(2)), team: "duty")
        todo.append((told + lots.between(.zero, .hours(9)), id, .receive(amended)))
      }
      for _ in 0..<(lots.chance(0.8) ? lots.chance(0.1) ? 2 : 1 : 0) {
        let at = received + lots.between(.zero, lots.oneOf([.hours(23), .days(3)]))
        todo.append((max(told, at), id, .outcome(.nfa, byRole: "officer", at: at, discussion: nil)))
      }
      if lots.chance(0.25) {
        let at = received + lots.between(.zero, .days(4))
        todo.append((max(told, at), id, .review(byRole: "manager", at: at)))
      }
    }
    for (at, id, command) in todo.sorted(by: { ($0.at, $0.id.bits) < ($1.at, $1.id.bits) }) {
      ticket += 1
      let lines = docket.waitingContacts.contains { $0.id == id } ? [] : disk.lines(of: .frontDoor(id))
      let known = Result { try FrontDoorContact.folding(lines) }
      guard case .success(let contact) = known else { continue }
      let request = Request(.contact(id, command), actor: Actor(uid: 1, pid: 1))
      turn([.request(request, ticket: ticket, .init(contact: contact))], at)
    }
    return disk
  }

  /// One contact as its lines tell it, and nothing else.
  private struct Told {
    let received: Instant
    let due: Instant
    let outcome: Instant?
    let reviewed: Instant?

    init(_ lines: [JSON]) {
      func moment(_ line: JSON?, _ name: String) -> Instant? { line?["data"]?[name]?.string.flatMap { Instant($0) } }
      func last(_ events: String...) -> JSON? { lines.last { events.contains($0["event"]?.string ?? "") } }
      received = moment(last("contactReceived", "contactAmended"), "received_at")!
      due = moment(last("contactReceived", "contactAmended", "reviewMoved"), "due")!
      outcome = moment(last("contactOutcome"), "occurred_at")
      reviewed = moment(lines.first { $0["event"] == "contactReviewed" }, "occurred_at")
    }
  }

  /// Each cell as a question to all contacts of its period.
  private static func cells(_ all: [Told], _ from: Instant, _ to: Instant, _ now: Instant) -> [String: Double] {
    let mine = all.filter { from <= $0.received && $0.received < to }
    let judged = mine.filter { !($0.due > now) }
    let late = judged.filter { one in one.outcome.map { $0 > one.due } ?? true }
    let open = late.filter { $0.outcome == nil && $0.reviewed == nil }
    var cells: [String: Double] = [
      "n": Double(mine.count), "judged": Double(judged.count), "past": Double(late.count),
      "outcome_in_time_k": Double(judged.count - late.count),
      "reviewed_k": Double(late.filter { $0.reviewed != nil }.count), "waiting": Double(open.count),
    ]
    if !judged.isEmpty { cells["outcome_in_time_share"] = 1 - Double(late.count) / Double(judged.count) }
    if !late.isEmpty { cells["reviewed_share"] = cells["reviewed_k"]! / Double(late.count) }
    if let oldest = open.map(\.received).min() { cells["oldest_age_s"] = Double((now - oldest).wholeSeconds) }
    return cells
  }

  private static func month(_ number: Int) -> Instant {
    let months = 2026 * 12 + number - 1
    return Town.zone.start(of: CivilDate(year: months / 12, month: months % 12 + 1, day: 1)!)
  }

  @Test func everyCellAgrees() throws {
    let disk = Self.lived(seed: 5)
    var streams: [String: [JSON]] = [:]
    for line in disk.lines where line.stream.hasPrefix("front-door/") {
      streams[line.stream, default: []].append(try JSON(parsing: try #require(line.line)))
    }
    let told = streams.values.map(Told.init)
    #expect(told.count == 1500 && disk.contacts.count == told.count)
    let (from, to, now) = (Self.month(4), Self.month(16), Self.month(16) - .hours(40))
    let report = ContactReport(Array(disk.contacts.values), from: from, to: to, now: now, zone: Town.zone)
    let empty = Report([], from: from, to: to, now: now, calendar: Scenario.town().calendar, policies: Policies())
    let document = ContactFigures.add(
      report, to: ReportDocument.document(empty, policies: Policies(), points: ReportPoints(), for: .control),
      for: .control)
    var compared = 0
    func compare(_ figures: JSON?, _ from: Instant, _ to: Instant, _ before: (Instant, Instant), _ what: String) {
      let (wanted, earlier) = (Self.cells(told, from, to, now), Self.cells(told, before.0, before.1, now))
      for name in ["outcome_in_time", "reviewed"] {
        #expect(
          abs((figures?["\(name)_previous"]?.number ?? -1) - (earlier["\(name)_share"] ?? -1)) < 0.000051,
          "\(what) \(name)")
      }
      for name in [
        "n", "judged", "past", "outcome_in_time_k", "reviewed_k", "waiting", "outcome_in_time_share", "reviewed_share",
        "oldest_age_s",
      ] {
        compared += 1
        #expect(abs((figures?[name]?.number ?? -1) - (wanted[name] ?? -1)) < 0.000051, "\(what) \(name)")
      }
    }
    for (place, month) in (document["months"]?.array ?? []).enumerated() {
      let number = 4 + place
      compare(
        month["front_door"], Self.month(number), Self.month(number + 1), (Self.month(number - 1), Self.month(number)),
        "\(number)")
      compare(
        month["rolling_twelve"]?["front_door"], Self.month(number - 11), Self.month(number + 1),
        (Self.month(number - 12), Self.month(number)), "twelve to \(number)")
    }
    compare(document["total"]?["front_door"], from, to, (Self.month(-8), from), "total")
    #expect(compared == 25 * 9)
    let total = document["total"]?["front_door"]
    for name in ["past", "reviewed_k", "waiting", "oldest_age_s"] { #expect((total?[name]?.int ?? 0) > 0, "\(name)") }
    #expect(document["definitions"]?["front_door"]?.string?.contains("24 hours") == true)
  }
}
