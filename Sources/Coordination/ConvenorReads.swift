// What is read of the docket beside the loop: of a copy, which costs nothing until the next turn changes something. Nothing here
// holds a turn up, and nothing here changes anything.
import Convening

extension Convenor {
  /// Reminders of open discussions: those still to come first, earliest due first.
  public nonisolated func reminders(
    in state: ReminderListing.State?, after key: ReminderListing.Key? = nil, limit: Int
  ) async -> [ReminderListing] {
    let (discussions, arrangements, stopped, now) = await whatIsOpen
    return ReminderListing.list(
      discussions, arrangements, stopped, in: state, after: key, limit: limit, at: now)
  }

  /// Those that are not closed, with their clocks.
  public nonisolated func openDiscussions() async -> [DiscussionClocks] {
    let (circumstances, discussions) = await scene
    return discussions.values.map { DiscussionClocks($0, under: circumstances.policies[$0.policy]) }
  }

  /// Those that are closed and have clocks that run, or have stopped too late.
  public nonisolated func closedDiscussions() async -> [DiscussionClocks] {
    await copy.closedClocks
  }

  /// What comes next for those who need a person, and how many messages are planned.
  public nonisolated func foresight(of needs: [Live.Attention], at now: Instant) async -> Foresight {
    await copy.foresight(of: needs, at: now)
  }

  /// Clocks that have passed and still run, the oldest first.
  public nonisolated func clocksPassed(at now: Instant) async -> [PassedClock] {
    await copy.clocksPassed(at: now)
  }

  /// The times that suit as things stand, or why none can be looked for. Nothing is kept for whoever asks.
  public nonisolated func slots(_ query: SlotQuery, at now: Instant) async -> Result<Slots, Refusal> {
    let (circumstances, discussions) = await scene
    do throws(Refusal) {
      return .success(try query.slots(at: now, circumstances, discussions.values.compactMap(\.engagement)))
    } catch {
      return .failure(error)
    }
  }
}
