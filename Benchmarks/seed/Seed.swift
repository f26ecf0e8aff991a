// Writes a journal as it would be after days of work, and the settings that go with it, so that the real daemon can be
// measured on it. It drives the docket that ships through simulated days; only the clock and the receivers are made up.
import ArgumentParser
import Convening
import Coordination
import Foundation
import JournalSQLite
import Wire

@main
struct Seed: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-seed",
    abstract: "Writes a journal and settings to measure convened on.",
    discussion: """
      Every discussion was convened and its invitations accepted two days before DUE-AT; each agency has one reminder due
      at DUE-AT (plus its place in the order times SPREAD).
      """)

  @Argument(help: "An empty folder: journal.sqlite, convened.yaml, secrets and bank-holidays.json are written there.")
  var folder: String

  @Option(help: "Open discussions.")
  var discussions = 1000

  @Option(help: "Agencies in each discussion (1 to 3).")
  var agencies = 3

  @Option(help: "Endpoints in all; agencies take turns over them.")
  var endpoints = 3

  @Option(help: "Entries in the journal for each open discussion, at least.")
  var entries = 0

  @Option(help: "Entries of discussions that are closed, before the open ones.")
  var closedEntries = 0

  @Option(help: "Discussions decided over the twelve months before, for the report.")
  var decided = 0

  @Option(help: "When the reminders are due, in Unix seconds.")
  var dueAt: Int64

  @Option(help: "Milliseconds between one discussion's reminders and the next's; 0: all at one instant.")
  var spread: Int64 = 0

  @Option(help: "Where the endpoints are; each is this and a number.")
  var baseURL = "http://127.0.0.1:8080/e/"

  func run() throws {
    let place = URL(fileURLWithPath: folder, isDirectory: true)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let plan = SeedPlan(endpoints: max(endpoints, agencies), agenciesEach: agencies)
    try plan.writeSettings(to: place, baseURL: baseURL)
    let journal = try SQLiteJournal(path: place.appendingPathComponent("journal.sqlite").path)
    var history = History(plan: plan, journal: journal)
    let due = Instant(milliseconds: dueAt * 1000)
    try history.begin(at: due - .days(decided > 0 ? 366 : 30))
    try history.addDecided(decided, from: due - .days(365), over: .days(360))
    try history.addClosed(entries: closedEntries, at: due - .days(20))
    try history.addOpen(discussions, entries: entries, at: due - .days(2)) { number in
      due + Elapsed(milliseconds: Int64(number) * spread) + SeedPlan.lead
    }
    journal.close()
    print("entries=\(history.seq) discussions=\(discussions) reminders=\(discussions * agencies)")
  }
}

/// Simulated days: the docket plans, the journal keeps, every receiver accepts.
struct History {
  private let plan: SeedPlan
  private let journal: SQLiteJournal
  private var docket: Docket
  private var inputs: [Input] = []
  private var next: UInt64 = 1

  init(plan: SeedPlan, journal: SQLiteJournal) {
    (self.plan, self.journal) = (plan, journal)
    docket = Docket(arrangements: plan.arrangements, lots: Lots(seed: 7))
  }

  var seq: Int { docket.seq }

  mutating func begin(at now: Instant) throws {
    inputs = [.started(version: "bench"), .arranged(plan.arrangements, [plan.policy])]
    try settle(at: now)
  }

  mutating func addClosed(entries: Int, at now: Instant) throws {
    let start = docket.seq
    while docket.seq - start < entries {
      var ids: [DiscussionID] = []
      for _ in 0..<40 { ids.append(convene(meetingAt: now + .hours(3))) }
      try settle(at: now)
      for id in ids {
        inputs.append(change(id, .decide(Decision(outcome: .s47Joint, byRole: "team manager", reason: "bench"))))
      }
      try settle(at: now + .minutes(1))
      for id in ids { inputs.append(change(id, .close)) }
      try settle(at: now + .minutes(2))
    }
  }

  /// Forty at a time, spread evenly: most agencies contribute, each is decided, circulated and closed.
  mutating func addDecided(_ count: Int, from start: Instant, over span: Elapsed) throws {
    for first in stride(from: 0, to: count, by: 40) {
      let now = start + Elapsed(milliseconds: span.milliseconds / Int64(count) * Int64(first))
      let ids = (first..<min(first + 40, count)).map { _ in convene(meetingAt: now + .hours(3)) }
      try settle(at: now)
      for (number, id) in ids.enumerated() {
        for (place, position) in (docket.discussions[id]?.positions ?? []).enumerated() where (number + place) % 5 > 0 {
          inputs.append(change(id, .acknowledge(position.agency, byRole: "duty officer", via: .phone, at: nil)))
          let kind = number % 7 == 0 ? ContributionKind.mashCheckOnly : .inPerson
          inputs.append(change(id, .contribute(position.agency, kind, byRole: "duty officer", via: .phone, at: nil)))
        }
      }
      try settle(at: now + .minutes(20))
      for id in ids {
        inputs.append(change(id, .decide(Decision(outcome: .s47Joint, byRole: "team manager", reason: "bench"))))
      }
      try settle(at: now + .minutes(30))
      for id in ids { inputs.append(change(id, .circulate(to: ["agency-0"], at: nil))) }
      try settle(at: now + .minutes(40))
      for id in ids { inputs.append(change(id, .close)) }
      try settle(at: now + .minutes(50))
    }
  }

  mutating func addOpen(
    _ count: Int, entries: Int, at now: Instant, meeting: (Int) -> Instant
  ) throws {
    var number = 0
    while number < count {
      // A hundred a second, no two hundreds at once: who was convened first is reminded first.
      let now = now + .seconds(Int64(number / 100))
      var ids: [DiscussionID] = []
      while ids.count < 100, number < count {
        ids.append(convene(meetingAt: meeting(number)))
        number += 1
      }
      try settle(at: now)
      while let id = ids.first(where: { (docket.discussions[$0]?.revision ?? entries) < entries }) {
        let missing = entries - (docket.discussions[id]?.revision ?? entries)
        for id in ids {
          inputs += (0..<missing).map { _ in change(id, plan.acknowledgement(in: docket.discussions[id])) }
        }
        try settle(at: now)
      }
    }
  }

  private mutating func convene(meetingAt: Instant) -> DiscussionID {
    let id = DiscussionID(bits: next &* 0x9E37_79B9_7F)
    let request = Request(
      .convene(id, plan.convene(Int(next), meetingAt), firstBody: Fingerprint(high: next, low: 0)),
      actor: Actor(uid: 0, pid: 1))
    next += 1
    inputs.append(.request(request, ticket: 0, .init()))
    return id
  }

  private func change(_ id: DiscussionID, _ command: Command) -> Input {
    .request(Request(.change(id, command), actor: Actor(uid: 0, pid: 1)), ticket: 0, .init())
  }

  /// Turns at one simulated instant until nothing is under way.
  private mutating func settle(at now: Instant) throws {
    repeat {
      let batch = Array(inputs.prefix(docket.limits.inputsPerTurn))
      inputs.removeFirst(batch.count)
      docket.gatherDue(at: now)
      let turn = docket.plan(batch, at: now)
      for case .refused(let refusal) in turn.replies.map(\.reply) { throw ValidationError(refusal.sentence) }
      guard turn.isEmpty || journal.append(turn.lines, turn.rows) == .done else {
        throw ValidationError("the journal refused")
      }
      docket.apply(turn, at: now)
      inputs += turn.sends.map { send in
        .attemptEnded(
          send.matter, send.delivery.reminder, attempt: send.delivery.attempt,
          Answer(verdict: .accepted, status: 204, tookMilliseconds: 1))
      }
    } while !inputs.isEmpty
  }
}
