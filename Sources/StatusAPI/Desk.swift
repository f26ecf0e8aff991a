// What the sockets have at hand once the journal is read: ways to ask the convenor, and the records. Closures instead of the
// actor itself, so that nothing here depends on how it is made.
import Convening
import Coordination
import Wire

/// What became of a reload.
public enum ReloadAnswer: Hashable, Sendable {
  /// In force, with what somebody should know: "new credentials need a restart".
  case done(warnings: [String])
  /// Nothing was changed; each fault a sentence with its line and column.
  case refused(faults: [String])
  /// Nothing was changed, and the file has no fault: the disk is full, or the daemon is stopping.
  case notNow(Refusal)
}

public struct Desk: Sendable {
  let submit: @Sendable (Coordination.Request) async -> Reply
  let live: @Sendable () -> Live
  let heads: @Sendable () -> AsyncStream<Int>
  let reminders: @Sendable (ReminderListing.State?, ReminderListing.Key?, Int) async -> [ReminderListing]
  let slots: @Sendable (SlotQuery, _ now: Instant) async -> Result<Slots, Refusal>
  let importing: @Sendable (ImportFile, _ by: Actor, _ dry: Bool, _ now: Instant) async throws -> Reply
  let openDiscussions: @Sendable () async -> [DiscussionClocks]
  let closedDiscussions: @Sendable () async -> [DiscussionClocks]
  let foresight: @Sendable ([Live.Attention], _ now: Instant) async -> Foresight
  let clocksPassed: @Sendable (_ now: Instant) async -> [PassedClock]
  let records: any Records
  let report: @Sendable (_ from: Instant, _ to: Instant, ReportDocument.Reader) async throws -> JSON
  let reload: @Sendable (_ by: Actor) async -> ReloadAnswer

  /// - Parameters:
  ///   - submit: answers once the change is durable, or refused.
  ///   - live: the snapshot published after the last turn.
  ///   - heads: the journal's last seq after each commit, newest only; ends when the daemon stops.
  ///   - reminders: at most so many after a place in the list, of one state or of all.
  ///   - slots: the times that suit, or why none can be looked for.
  ///   - importing: all rows that can be read in one commit, or none; dry, none in any case.
  ///   - openDiscussions: those that are not closed, with their clocks.
  ///   - closedDiscussions: those that are, with the clocks that run and those that stopped too late.
  ///   - foresight: what comes next for those who need a person, and how many messages are planned.
  ///   - clocksPassed: those that still run and have passed, the oldest first.
  ///   - report: the report's document over `from ..< to`.
  ///   - reload: reads the settings anew, for whoever asks for it.
  public init(
    submit: @escaping @Sendable (Coordination.Request) async -> Reply, live: @escaping @Sendable () -> Live,
    heads: @escaping @Sendable () -> AsyncStream<Int>,
    reminders: @escaping @Sendable (ReminderListing.State?, ReminderListing.Key?, Int) async -> [ReminderListing],
    slots: @escaping @Sendable (SlotQuery, _ now: Instant) async -> Result<Slots, Refusal>,
    importing: @escaping @Sendable (ImportFile, _ by: Actor, _ dry: Bool, _ now: Instant) async throws -> Reply,
    openDiscussions: @escaping @Sendable () async -> [DiscussionClocks],
    closedDiscussions: @escaping @Sendable () async -> [DiscussionClocks] = { [] },
    foresight: @escaping @Sendable ([Live.Attention], _ now: Instant) async -> Foresight = { _, _ in Foresight() },
    clocksPassed: @escaping @Sendable (_ now: Instant) async -> [PassedClock] = { _ in [] },
    records: any Records,
    report: @escaping @Sendable (_ from: Instant, _ to: Instant, ReportDocument.Reader) async throws -> JSON,
    reload: @escaping @Sendable (_ by: Actor) async -> ReloadAnswer
  ) {
    (self.submit, self.live, self.heads, self.reminders) = (submit, live, heads, reminders)
    (self.slots, self.records, self.report, self.reload) = (slots, records, report, reload)
    (self.importing, self.openDiscussions, self.clocksPassed) = (importing, openDiscussions, clocksPassed)
    (self.closedDiscussions, self.foresight) = (closedDiscussions, foresight)
  }
}

extension Desk {
  /// Everything asked of this convenor.
  public init(
    convenor: Convenor, records: any Records,
    report: @escaping @Sendable (_ from: Instant, _ to: Instant, ReportDocument.Reader) async throws -> JSON,
    reload: @escaping @Sendable (_ by: Actor) async -> ReloadAnswer
  ) {
    self.init(
      submit: { await convenor.submit($0) }, live: { convenor.live }, heads: { convenor.heads() },
      reminders: { await convenor.reminders(in: $0, after: $1, limit: $2) },
      slots: { await convenor.slots($0, at: $1) },
      importing: { file, actor, dry, now in
        try await convenor.importing(file.rows, isFeed: file.kind == .contacts, by: actor, dry: dry, at: now) {
          try await records.lines(of: $0)
        }
      },
      openDiscussions: { await convenor.openDiscussions() },
      closedDiscussions: { await convenor.closedDiscussions() },
      foresight: { await convenor.foresight(of: $0, at: $1) }, clocksPassed: { await convenor.clocksPassed(at: $0) },
      records: records,
      report: report, reload: reload)
  }
}
