// Two hundred seeds of ninety days each. A run counts only when every event and every refusal has occurred.
//
// One seed again, with its last steps: CONVENED_SEED=123 swift test --filter Simulation
import Dispatch
import Foundation
import Simulation
import Synchronization
import Testing

@testable import Convening
@testable import Wire

@Suite struct SimulationTests {
  @Test func everySeedHolds() {
    let environment = ProcessInfo.processInfo.environment
    let one = environment["CONVENED_SEED"].flatMap(UInt64.init)
    let count = environment["CONVENED_SEEDS"].flatMap(Int.init) ?? 200
    let seeds = one.map { [$0] } ?? (1...UInt64(count)).map(\.self)
    let sum = Mutex((events: Set<String>(), refusals: Set<String>(), lines: 0, turns: 0, attempts: 0))
    let failures = Mutex<[(seed: UInt64, what: String)]>([])
    DispatchQueue.concurrentPerform(iterations: seeds.count) { index in
      var world = World(seed: seeds[index])
      do throws(Broken) {
        let outcome = try world.run()
        sum.withLock { sum in
          sum.events.formUnion(outcome.events)
          sum.refusals.formUnion(outcome.refusals)
          sum.lines += outcome.lines
          sum.turns += outcome.turns
          sum.attempts += outcome.attempts
        }
      } catch {
        failures.withLock { $0.append((seeds[index], error.description)) }
      }
    }
    let failed = failures.withLock { $0 }.sorted { $0.seed < $1.seed }
    for (seed, what) in failed.prefix(one == nil ? 1 : 5) {
      Issue.record("seed \(seed) (CONVENED_SEED=\(seed) swift test --filter Simulation): \(what)")
    }
    #expect(failed.map(\.seed) == [])
    let all = sum.withLock { $0 }
    print("simulated \(seeds.count) seeds: \(all.turns) turns, \(all.lines) lines, \(all.attempts) attempts")
    guard one == nil, failed.isEmpty else { return }
    // Nobody accepts a break or erases anything in this version.
    #expect(Set(Event.names).subtracting(all.events) == ["breakAccepted", "erased"])
    #expect(Refusal.codesOfTheKernel.subtracting(all.refusals) == [])
  }
}

extension Refusal {
  /// Every refusal; the kernel itself can meet them all, `storageFull` by way of a journal that is full.
  static let codesOfTheKernel = Set(
    [
      Refusal.notFound, .reminderNotFound, .differentFirstBody, .keyReused, .revisionMismatch(current: 1), .alreadyHeld,
      .alreadyDecided, .alreadyCancelled, .alreadyClosed, .notDecided, .unknownAgency("a"), .agencyNotInvited("a"),
      .unknownRoute("a"), .noPolicy, .meetingPast, .inTheFuture(field: "at"), .reasonRequired(missing: []),
      .notYet(.urgent), .moot, .busy, .storageFull, .stopping,
    ].map(\.code))
}
