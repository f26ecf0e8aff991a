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

public struct ContactQuery: Hashable, Sendable {
  /// nil: any. What is due is open too.
  public var state: ContactRow.State?
  public var team: TeamID?
  /// What is due, is due then.
  public var now: Instant
  /// Continue after this one.
  public var after: ContactPlace?
  /// 1...500
  public var limit: Int

  public init(
    state: ContactRow.State? = nil, team: TeamID? = nil, now: Instant, after: ContactPlace? = nil, limit: Int = 100
  ) {
    (self.state, self.team, self.now, self.after, self.limit) = (state, team, now, after, limit)
  }
}

/// A contact's place in a list.
public struct ContactPlace: Hashable, Sendable {
  public let reviewDue: Instant
  public let id: ContactID

  public init(reviewDue: Instant, id: ContactID) { (self.reviewDue, self.id) = (reviewDue, id) }
}

/// How many contacts wait for an outcome or a review.
public struct FrontDoorCounts: Hashable, Sendable {
  /// Those that are past their time too.
  public var open: Int
  public var due: Int
  /// When the oldest of those that are due was to be looked at.
  public var oldestDue: Instant?

  public init(open: Int, due: Int, oldestDue: Instant?) {
    (self.open, self.due, self.oldestDue) = (open, due, oldestDue)
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

  /// In the order in which they are due for a review, then by id.
  func contacts(_ query: ContactQuery) async throws -> [ContactRow]

  /// Those that wait past their time, and those whose time passed since then, whatever came of them; as above.
  func contacts(pastSince since: Instant, at now: Instant) async throws -> [ContactRow]

  /// In the order in which they were received, then by id, of `from ..< to`.
  func contacts(receivedFrom from: Instant, to: Instant) async throws -> [ContactRow]

  /// Every discussion that was decided and not cancelled, in the order of the decisions.
  func decisions() async throws -> [DecidedDiscussion]

  /// At that moment.
  func frontDoor(at now: Instant) async throws -> FrontDoorCounts

  /// At that moment.
  func counts(at now: Instant) async throws -> DiscussionCounts

  /// Bytes on the disk.
  func size() async throws -> Int
}

extension Records {
  /// Every discussion that is still to be held, in order of meeting, then id.
  /// Throws: what `discussions` throws.
  public func scheduled() async throws -> [DiscussionRow] {
    var (rows, query) = ([DiscussionRow](), DiscussionQuery(phase: .scheduled, limit: 500))
    while true {
      let page = try await discussions(query).map(\.discussion)
      rows += page
      guard page.count == query.limit, let last = page.last else { return rows }
      query.after = (last.meetingAt, last.id)
    }
  }
}

extension Records {
  /// What whoever took a place over in a discussion was told of it, and what came of that: among the entries that follow each
  /// hand-over, so that nobody who reads a timeline reads years of the journal.
  /// Throws: what `lines` throws.
  public func letters(of id: DiscussionID, _ lines: [SealedLine]) async throws -> [SealedLine] {
    var letters = HandoverLetters(of: id, lines)
    // What follows several hand-overs is read once: up to here.
    var (read, more) = (0, HandoverLetters.more)
    for (index, seq) in letters.moments.enumerated() {
      read = max(read, seq)
      while !letters.isWhole(index) {
        // The first stretch after it is its own.
        if read >= seq + HandoverLetters.stretch {
          guard more > 0 else { break }
          more -= 1
        }
        let page = try await self.lines(after: read, limit: HandoverLetters.stretch)
        letters.take(page.filter { letters.streams.contains($0.stream) })
        read += HandoverLetters.stretch
        guard page.count == HandoverLetters.stretch else { break }
      }
    }
    return letters.found
  }
}
