// Where everybody accepts and nobody answers, what is sent is what `Plan.future` said when the discussion was convened. And
// the same seed is the same run in another process, whose dictionaries are in another order.
import Convening
import Coordination
import Foundation
import Simulation
import Testing

@Suite struct SilentWorldTests {
  private struct Said: Hashable {
    let at: Instant
    let agency: AgencyID
    let place: Place
    let route: RouteName
    let step: StepName
    let message: Message
    let attempt: Int
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>) func theSendsAreThePlan(seed: UInt64) throws {
    var lots = Lots(seed: seed)
    var town = Town(drawnFrom: &lots)
    town.limits = Limits()
    town.policies = [Town.policy("quiet", from: Town.start - .days(2), &lots)]
    var docket = Docket(arrangements: town.arrangements, lots: Lots(seed: seed))
    var now = Town.start
    var turn = docket.plan([.started(version: "1"), .arranged(town.arrangements, town.policies)], at: now)
    docket.apply(turn, at: now)
    let meeting = now + lots.between(.minutes(1), .days(6))
    let id = DiscussionID(bits: seed)
    let isUrgent = seed.isMultiple(of: 2) && town.policies[0].urgent != nil
    let convene = Convene(
      meeting: .at(meeting), urgency: isUrgent ? .urgent : .standard, agencies: ["csc", "health"], team: "duty",
      convenedBy: "manager")
    let request = Request(
      .convene(id, convene, firstBody: Fingerprint(high: 0, low: 0)), actor: Actor(uid: 1, pid: 1))
    turn = docket.plan([.request(request, ticket: 1, .init())], at: now)
    let convened = turn.entries.prefix { entry in
      switch entry.event {
      case .convened, .ladderPlanned: true
      default: false
      }
    }.filter { $0.event.isAsConvened }.reduce(nil, evolve)
    let planned = Plan.future(
      of: try #require(convened), policies: docket.policies, arrangements: town.arrangements, stopped: [], from: now
    ).map {
      Said(
        at: $0.at, agency: $0.agency, place: $0.place, route: $0.route, step: $0.step, message: $0.message,
        attempt: $0.attempt)
    }
    var foreseen: [(at: Instant, Foresight)] = []
    var counted: Int?
    var began: [(at: Instant, agency: AgencyID, place: Place, route: RouteName)] = []
    var said: [Said] = []
    var daily: Set<AgencyID> = []
    var takenOver: Set<String> = []
    var inputs: [Input] = []
    while true {
      docket.apply(turn, at: now)
      for entry in turn.entries {
        guard case .attemptBegan(_, let attempt, let route, let opening?) = entry.event else { continue }
        began.append((now, opening.agency, opening.place, route))
        // They go on; the plan says so once.
        if opening.step == "daily", !daily.insert(opening.agency).inserted { continue }
        let successor = "\(opening.agency) \(opening.place) \(route)"
        if opening.message == .handover, !takenOver.insert(successor).inserted { continue }
        said.append(
          Said(
            at: now, agency: opening.agency, place: opening.place, route: route, step: opening.step,
            message: opening.message, attempt: attempt))
      }
      let accepted = Answer(verdict: .accepted, status: 204, tookMilliseconds: 0)
      inputs = turn.sends.map {
        .attemptEnded($0.matter, $0.delivery.reminder, attempt: $0.delivery.attempt, accepted)
      }
      if inputs.isEmpty {
        if counted == nil {
          counted = (docket.foresight(of: [], at: now).scheduled ?? 0) + said.count { $0.message != .handover }
        }
        let shown = docket.live(Live(since: now), at: now).attention
        if !shown.isEmpty { foreseen.append((now, docket.foresight(of: shown, at: now))) }
        guard let next = docket.attention, next <= meeting + .days(60) else { break }
        now = max(now, next)
      }
      docket.gatherDue(at: now)
      turn = docket.plan(inputs, at: now)
    }
    // Who needs a person hears next of what was foreseen then.
    for (at, foresight) in foreseen {
      for (agency, next) in foresight.next[id] ?? [:] {
        let first = began.first { $0.at > at && $0.agency == agency }
        guard let first else { continue }
        #expect(next.at == first.at && next.place == first.place && next.route == first.route, "\(agency) after \(at)")
      }
    }
    #expect(said == planned)
    // As many were counted when all were invited, but for what no ladder has; what was raised over an empty place is said twice.
    let words: Set<StepName> = ["daily", "no-time", "too-late", "stopped"]
    let steps = Set(
      said.filter { $0.message != .handover && !words.contains($0.step) }.map {
        [$0.agency.text, $0.step.text, "\($0.place)"]
      })
    // Hours that a step waits for may part it from a newer one that fell due with it.
    let isParted = !isUrgent && town.policies[0].standard.defersTo != nil
    #expect(counted == steps.count || isParted && counted == steps.count - 1, "\(steps)")
    #expect(said.isEmpty == false || town.arrangements.coordinator.isEmpty)
  }

  /// Run as a child: it prints where the chain ends.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CONVENED_HEAD_OF"] != nil))
  func printTheHead() throws {
    let seed = try #require(ProcessInfo.processInfo.environment["CONVENED_HEAD_OF"].flatMap(UInt64.init))
    var world = World(seed: seed)
    print("head of \(seed): \(try world.run().head.hex)")
  }

  @Test func aSeedIsTheSameRunInEveryProcess() throws {
    let heads = try (0..<2).map { _ in try headInAChild(of: 7) }
    #expect(heads[0] == heads[1])
    #expect(heads[0]?.count == 64)
  }

  private func headInAChild(of seed: UInt64) throws -> String? {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    // Called by SwiftPM, the tests are their own executable; it takes the same arguments again.
    child.arguments = ["--testing-library", "swift-testing", "--filter", "SilentWorldTests/printTheHead"]
    var environment = ProcessInfo.processInfo.environment
    environment["CONVENED_HEAD_OF"] = String(seed)
    environment["SWIFT_DETERMINISTIC_HASHING"] = nil
    child.environment = environment
    let output = Pipe()
    child.standardOutput = output
    child.standardError = FileHandle.nullDevice
    try child.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    child.waitUntilExit()
    return text.split(separator: "\n").first { $0.hasPrefix("head of \(seed): ") }.map { String($0.suffix(64)) }
  }
}

extension Event {
  /// Planned by the convening itself, before anything was due.
  fileprivate var isAsConvened: Bool {
    switch self {
    case .ladderPlanned(_, .convened, _), .convened: true
    default: false
    }
  }
}
