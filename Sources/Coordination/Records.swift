// The port for everything that is read while the daemon runs: over reader connections, away from the loop, so that no
// list and no report ever delays a reminder.
import Convening
import Wire

public struct DiscussionQuery: Hashable, Sendable {
  /// nil: any.
  public var phase: Phase?
  /// Only those in which this agency has a part.
  public var agency: AgencyID?
  /// Only those whose meeting is before this.
  public var dueBefore: Instant?
  /// Continue after this one (the order is meeting, then id).
  public var after: (meetingAt: Instant, id: DiscussionID)?
  /// 1...500
  public var limit: Int

  public init(
    phase: Phase? = nil, agency: AgencyID? = nil, dueBefore: Instant? = nil,
    after: (meetingAt: Instant, id: DiscussionID)? = nil, limit: Int = 100
  ) {
    (self.phase, self.agency, self.dueBefore, self.limit) = (phase, agency, dueBefore, limit)
    self.after = after
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.phase == b.phase && a.agency == b.agency && a.dueBefore == b.dueBefore && a.limit == b.limit
      && a.after?.meetingAt == b.after?.meetingAt && a.after?.id == b.after?.id
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(phase)
    hasher.combine(agency)
    hasher.combine(limit)
  }
}

/// How many discussions stand where.
public struct DiscussionCounts: Hashable, Sendable {
  public var byPhase: [Phase: Int]
  /// Scheduled, and their meeting's planned end has passed.
  public var overdue: Int
  /// Open, and decided without all required agencies.
  public var decidedWithoutAll: Int

  public init(byPhase: [Phase: Int], overdue: Int, decidedWithoutAll: Int) {
    (self.byPhase, self.overdue, self.decidedWithoutAll) = (byPhase, overdue, decidedWithoutAll)
  }
}

/// What failed, in words for a log and for the person who mends it. Its description holds nothing of what was read or asked;
/// an error of any other kind may, so that only its kind is told.
public protocol StorageFault: Error, CustomStringConvertible {}

/// A line that was read and says nothing to this version: it names the place, never the content.
extension LineFault: StorageFault {}

/// Each throws `StorageFault`, and `CancellationError`.
public protocol Records: Sendable {
  /// One stream's lines in order of revision; empty where there are none.
  func lines(of stream: Stream) async throws -> [SealedLine]

  /// Lines after a `seq`, in order, at most `limit`.
  func lines(after seq: Int, limit: Int) async throws -> [SealedLine]

  /// In order of meeting, then id.
  func discussions(_ query: DiscussionQuery) async throws -> [Rows]

  /// What the report reads of discussions decided in `from ..< to`, in order of decision.
  func decided(from: Instant, to: Instant) async throws -> [Decided]

  /// At that moment.
  func counts(at now: Instant) async throws -> DiscussionCounts

  /// Bytes on the disk.
  func size() async throws -> Int
}
