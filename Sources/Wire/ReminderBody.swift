// What a webhook says: a thin CloudEvents 1.0 document, composed once while planning and sent as these bytes on every
// attempt. Nothing in it says which child, why, or who.
import Convening

public enum ReminderBody {
  /// The facts that a message carries. CONTRACT.md 1.
  public struct Facts: Sendable {
    public var id: ReminderID
    public var source: String
    public var message: Message
    public var time: Instant
    public var discussion: DiscussionID
    public var agency: AgencyID
    public var place: Place
    public var step: StepName
    public var sequence: Int
    public var urgency: Urgency
    public var meetingAt: Instant
    public var stopAfter: Instant
    /// How late it is against its planned instant; zero where it is on time.
    public var lateBy: Elapsed
    public var supersedes: [ReminderID]
    public var escalates: ReminderID?
    public var ring: [String]

    public init(
      id: ReminderID, source: String, message: Message, time: Instant, discussion: DiscussionID, agency: AgencyID,
      place: Place, step: StepName, sequence: Int, urgency: Urgency, meetingAt: Instant, stopAfter: Instant,
      lateBy: Elapsed, supersedes: [ReminderID], escalates: ReminderID?, ring: [String]
    ) {
      (self.id, self.source, self.message, self.time, self.discussion) = (id, source, message, time, discussion)
      (self.agency, self.place, self.step, self.sequence) = (agency, place, step, sequence)
      (self.urgency, self.meetingAt, self.stopAfter) = (urgency, meetingAt, stopAfter)
      (self.lateBy, self.supersedes, self.escalates, self.ring) = (lateBy, supersedes, escalates, ring)
    }
  }

  public static func compose(_ facts: Facts) -> String {
    let discussion = facts.discussion.description
    let data: JSON = [
      "discussion": .string(discussion), "agency": .string(facts.agency.text),
      "recipient": .string(facts.place.rawValue), "step": .string(facts.step.text),
      "sequence": .int(Int64(facts.sequence)), "urgency": .string(facts.urgency.rawValue),
      "meeting_at": .string(facts.meetingAt.description), "contribution_due_at": .string(facts.meetingAt.description),
      "stop_after": .string(facts.stopAfter.description), "late_by_s": .int(facts.lateBy.wholeSeconds),
      "supersedes": .array(facts.supersedes.prefix(16).map { .string($0.description) }),
      "escalates": JSON(facts.escalates?.description), "ring": .array(facts.ring.map { .string($0) }),
      "details_sent_at": nil, "respond_url": nil,
    ]
    return envelope(
      id: facts.id, source: facts.source, message: facts.message, time: facts.time,
      subject: "discussions/" + discussion, data: data)
  }

  /// A test message to a route: it names no discussion.
  public static func ping(id: ReminderID, source: String, agency: String, route: RouteName, time: Instant) -> String {
    envelope(
      id: id, source: source, message: .ping, time: time, subject: "agencies/" + agency,
      data: ["agency": .string(agency), "route": .string(route.text)])
  }

  private static func envelope(
    id: ReminderID, source: String, message: Message, time: Instant, subject: String, data: JSON
  ) -> String {
    let document: JSON = [
      "specversion": "1.0", "id": .string(id.description), "source": .string(source), "type": .string(message.type),
      "time": .string(time.description), "subject": .string(subject), "datacontenttype": "application/json",
      "data": data,
    ]
    return document.text
  }
}

extension Message {
  /// The CloudEvents type; frozen.
  public var type: String {
    switch self {
    case .invitation: "convened.discussion.invitation.v1"
    case .reminder: "convened.discussion.reminder.v1"
    case .rescheduled: "convened.discussion.rescheduled.v1"
    case .cancelled: "convened.discussion.cancelled.v1"
    case .attention: "convened.discussion.attention.v1"
    case .ping: "convened.endpoint.ping.v1"
    }
  }
}
