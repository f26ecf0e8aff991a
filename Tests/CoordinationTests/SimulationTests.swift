// Two hundred seeds of ninety days each. A run counts only when every event and every refusal has occurred.
//
// One seed again, with its last steps: CONVENED_SEED=123 swift test --filter Simulation
import Foundation
import Simulation
import Testing

@testable import Convening
@testable import Wire

@Suite struct SimulationTests {
  @Test func everySeedHolds() async {
    let environment = ProcessInfo.processInfo.environment
    let one = environment["CONVENED_SEED"].flatMap(UInt64.init)
    let count = environment["CONVENED_SEEDS"].flatMap(Int.init) ?? 200
    let seeds = one.map { [$0] } ?? (1...UInt64(count)).map(\.self)
    var all = World.Outcome()
    var failures: [(seed: UInt64, what: String)] = []
    // As many at once as there are cores.
    await withTaskGroup(of: (UInt64, Result<World.Outcome, Broken>).self) { group in
      for seed in seeds {
        group.addTask {
          var world = World(seed: seed)
          do throws(Broken) { return (seed, .success(try world.run())) } catch { return (seed, .failure(error)) }
        }
      }
      for await (seed, result) in group {
        switch result {
        case .success(let outcome): all.add(outcome)
        case .failure(let broken): failures.append((seed, broken.description))
        }
      }
    }
    let failed = failures.sorted { $0.seed < $1.seed }
    for (seed, what) in failed.prefix(one == nil ? 1 : 5) {
      Issue.record("seed \(seed) (CONVENED_SEED=\(seed) swift test --filter Simulation): \(what)")
    }
    #expect(failed.map(\.seed) == [])
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
      .alreadyDecided, .alreadyCancelled, .alreadyClosed, .notDecided, .unknownAgency(field: "agency"),
      .unknownTeam(known: []), .unknownUnit(known: []), .agencyNotInvited,
      .unknownRoute, .routeStopped("r", of: "a"), .rotaMismatch, .noPolicy, .meetingPast, .timeRequired, .noSlot,
      .inTheFuture(field: "at"),
      .tooLongBefore(field: "at"),
      .reasonRequired(missing: []),
      .alreadyContributed, .notTheAgencys,
      .noUrgentLadder, .moot, .nothingToConfirm, .pauseOutOfRange, .busy, .storageFull, .stopping, .alreadyRecorded,
      .notCirculated,
      .notAbsent, .nothingToFollowUp, .clockNotRunning, .noLimit, .beforeStart(field: "at"),
      .otherReason(standing: .b14), .badRota([]), .snapshotKept, .noSuchEntry, .notCorrectable,
      .alreadyCorrected(by: 1),
      .othersStandOnIt, .replacementUnfit, .followsUnknown, .followsCancelled,
    ].map(\.code))
}
