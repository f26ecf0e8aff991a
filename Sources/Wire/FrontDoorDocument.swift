// The documents of the front door: one contact as each change answers it, and the list that is the review queue. That there is
// an outcome is for every reader; which one, and the discussion that it led to, only where outcomes are asked for.
import Convening

public enum ContactDocument {
  /// Where a contact stands by itself; whether its time is over is for the list, which has a moment.
  public enum State: String, CaseIterable, Hashable, Sendable { case open, reviewed, outcome }

  public static func json(_ contact: FrontDoorContact, for audience: Audience) -> JSON {
    let state: State = contact.outcome != nil ? .outcome : contact.review != nil ? .reviewed : .open
    var members: [JSON.Member] = [
      .init("schema", "convened.contact/1"), .init("id", .string(contact.id.description)),
      .init("revision", .int(Int64(contact.revision))), .init("state", JSON(word: state)),
      .init("received_at", JSON(contact.facts.receivedAt)), .init("recorded_at", JSON(contact.recordedAt)),
      .init("team", JSON(contact.facts.team)), .init("clock", clock(of: contact)),
      .init("outcome_at", JSON(contact.outcome?.occurred)),
      .init("outcome_by", JSON(contact.outcome?.byRole)),
      .init("reviewed_at", JSON(contact.review?.occurred)), .init("reviewed_by", JSON(contact.review?.byRole)),
    ]
    if audience.isControl { members.append(.init("case_reference", JSON(contact.facts.caseReference))) }
    if audience.seesOutcome {
      members.append(.init("outcome", JSON(word: contact.outcome?.outcome)))
      members.append(.init("discussion", JSON(contact.outcome?.discussion?.description)))
    }
    return .object(members)
  }

  /// C9. `margin_s` is null while it runs, as in a discussion's clocks.
  private static func clock(of contact: FrontDoorContact) -> JSON {
    let stopped = contact.stoppedAt
    return [
      "id": "C9", "started": JSON(contact.facts.receivedAt), "due": JSON(contact.due.at), "stopped": JSON(stopped),
      "margin_s": JSON(stopped.map { Int((contact.due.at - $0).wholeSeconds) }),
      "rule": .string("\(contact.due.limit.words) from the receipt"), "provisional": .bool(contact.due.provisional),
    ]
  }
}

public enum FrontDoorDocument {
  /// What `state` may ask for. Of these, `open` holds what is `due` as well.
  public static let states = ContactRow.State.allCases.map(\.rawValue)

  /// `cursor` continues the list; nil where it ends here.
  public static func json(_ page: [ContactRow], at now: Instant, cursor: String?, for audience: Audience) -> JSON {
    [
      "schema": "convened.front-door/1", "at": JSON(now),
      "contacts": .array(page.map { item($0, at: now, for: audience) }), "cursor": JSON(cursor),
    ]
  }

  private static func item(_ row: ContactRow, at now: Instant, for audience: Audience) -> JSON {
    var members: [JSON.Member] = [
      .init("id", .string(row.id.description)), .init("state", JSON(word: row.state(at: now))),
      .init("team", JSON(row.team)), .init("received_at", JSON(row.receivedAt)),
      .init("recorded_at", JSON(row.recordedAt)), .init("review_due", JSON(row.reviewDue)),
      .init("provisional", .bool(row.provisional)), .init("outcome_at", JSON(row.outcomeAt)),
      .init("reviewed_at", JSON(row.reviewedAt)),
    ]
    if audience.seesOutcome {
      members.append(.init("outcome", JSON(word: row.outcome)))
      members.append(.init("discussion", JSON(row.discussion?.description)))
    }
    return .object(members)
  }

  /// Where a page ends: `<milliseconds of its review's due instant in base 36>-<id>`.
  public static func cursor(after row: ContactRow) -> String {
    "\(String(row.reviewDue.milliseconds, radix: 36))-\(row.id)"
  }

  /// nil for a text that no page gave out.
  public static func place(of cursor: String) -> (reviewDue: Instant, id: ContactID)? {
    DiscussionsDocument.place(of: cursor).map { ($0.meetingAt, ContactID(bits: $0.id.bits)) }
  }
}
