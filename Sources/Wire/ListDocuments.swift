// The lists: discussions by page, and reminders.
import Convening

public enum DiscussionsDocument {
  /// `cursor` continues the list; nil where it ends here.
  public static func json(_ page: [Rows], under policies: Policies, cursor: String?) -> JSON {
    [
      "schema": "convened.discussions/1",
      "discussions": .array(
        page.map { rows in
          row(rows, policies[rows.discussion.policy]?.required ?? rows.positions.filter(\.required).map(\.agency))
        }),
      "cursor": JSON(cursor),
    ]
  }

  /// Those that are required and were not even asked stand in it too, last, as in the discussion's own document.
  private static func row(_ rows: Rows, _ required: [AgencyID]) -> JSON {
    let row = rows.discussion
    let hasTime = row.timing != .asSoonAsTheyAnswer
    let absent = required.filter { agency in !rows.positions.contains { $0.agency == agency } }
    let positions =
      rows.positions
      + absent.map {
        PositionRow(
          discussion: row.id, agency: $0, required: true, invited: false, askedAt: nil, acknowledgedAt: nil,
          contribution: nil, contributedAt: nil, counts: false, declined: nil)
      }
    let missing = required.filter { agency in !positions.contains { $0.agency == agency && $0.counts } }
    return [
      "id": .string(row.id.description), "state": JSON(word: row.phase),
      "meeting_at": JSON(hasTime ? row.meetingAt : nil),
      "answer_by": JSON(hasTime ? nil : row.meetingAt), "late_entry": .bool(row.timing == .lateEntry),
      "urgency": JSON(word: row.urgency), "form": JSON(word: row.form),
      "duration_min": .int(Int64(row.durationMinutes)), "team": JSON(row.team),
      "policy": .string(row.policy.description), "convened_at": JSON(row.convenedAt), "held_at": JSON(row.heldAt),
      "decided_at": JSON(row.decidedAt), "quorate": JSON(row.quorate),
      "quorum": ["quorate": .bool(missing.isEmpty), "missing": JSON(missing)],
      "positions": .array(
        positions.map {
          [
            "agency": JSON($0.agency), "required": .bool($0.required), "invited": .bool($0.invited),
            "contribution": JSON(word: $0.contribution), "counts": .bool($0.counts), "reason": JSON(word: $0.declined),
          ]
        }),
    ]
  }

  /// Where a page ends, as text that says nothing to its bearer: `<milliseconds in base 36>-<id>`.
  public static func cursor(after rows: Rows) -> String {
    "\(String(rows.discussion.meetingAt.milliseconds, radix: 36))-\(rows.discussion.id)"
  }

  /// nil for a text that no page gave out.
  public static func place(of cursor: String) -> (meetingAt: Instant, id: DiscussionID)? {
    let parts = cursor.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, let milliseconds = Int64(parts[0], radix: 36), let id = DiscussionID(parts[1]) else {
      return nil
    }
    return (Instant(milliseconds: milliseconds), id)
  }
}

public enum RemindersDocument {
  public struct Item: Hashable, Sendable {
    /// nil until its first attempt is begun.
    public let id: ReminderID?
    /// nil for a ping.
    public let discussion: DiscussionID?
    public let agency: AgencyID
    public let place: Place
    public let step: StepName
    public let message: Message
    public let route: RouteName?
    /// `scheduled`, `in_flight`, `retrying`, `undelivered`, `accepted`, `silenced`
    public let state: String
    public let due: Instant
    public let nextAttempt: Instant?
    public let attempts: Int
    public let lastStatus: Int?
    public let lastFault: String?

    public init(
      id: ReminderID?, discussion: DiscussionID?, agency: AgencyID, place: Place, step: StepName, message: Message,
      route: RouteName?, state: String, due: Instant, nextAttempt: Instant?, attempts: Int, lastStatus: Int?,
      lastFault: String?
    ) {
      (self.id, self.discussion, self.agency, self.place, self.step) = (id, discussion, agency, place, step)
      (self.message, self.route, self.state, self.due) = (message, route, state, due)
      (self.nextAttempt, self.attempts, self.lastStatus, self.lastFault) = (
        nextAttempt, attempts, lastStatus, lastFault
      )
    }
  }

  /// A reminder's place in the list: what is still to come or under way by when it is due, then what is done. As text, the
  /// cursor of a page that ends there.
  public struct Key: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let isSettled: Bool
    public let due: Instant
    public let discussion: DiscussionID
    /// Of the agency, the step and the place, or the reminder: what tells those of one moment apart.
    public let rest: String

    public init(isSettled: Bool, due: Instant, discussion: DiscussionID, rest: String) {
      (self.isSettled, self.due, self.discussion, self.rest) = (isSettled, due, discussion, rest)
    }

    /// nil for a text that no page gave out.
    public init?(_ cursor: String) {
      let parts = cursor.split(separator: ".", maxSplits: 3)
      guard parts.count == 4, ["0", "1"].contains(parts[0]), let milliseconds = Int64(parts[1], radix: 36),
        let discussion = DiscussionID(parts[2])
      else { return nil }
      self.init(
        isSettled: parts[0] == "1", due: Instant(milliseconds: milliseconds), discussion: discussion,
        rest: String(parts[3]))
    }

    public var description: String {
      "\(isSettled ? 1 : 0).\(String(due.milliseconds, radix: 36)).\(discussion).\(rest)"
    }

    public static func < (a: Key, b: Key) -> Bool {
      if a.isSettled != b.isSettled { return !a.isSettled }
      return (a.due, a.discussion, a.rest) < (b.due, b.discussion, b.rest)
    }
  }

  /// `cursor` continues the list; nil where it ends here.
  public static func json(_ items: [Item], cursor: Key?) -> JSON {
    [
      "schema": "convened.reminders/1",
      "reminders": .array(
        items.map { item in
          [
            "id": JSON(item.id?.description), "discussion": JSON(item.discussion?.description),
            "agency": JSON(item.agency), "place": JSON(word: item.place), "step": JSON(item.step),
            "message": JSON(word: item.message), "route": JSON(item.route), "state": .string(item.state),
            "due": JSON(item.due), "next": JSON(item.nextAttempt), "attempts": .int(Int64(item.attempts)),
            "last_status": JSON(item.lastStatus), "last_fault": JSON(item.lastFault),
          ]
        }), "cursor": JSON(cursor?.description),
    ]
  }
}
