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
    /// The how many-th message about the agency in the discussion. 1...
    public var sequence: Int
    public var urgency: Urgency
    public var meeting: MeetingTime
    public var stopAfter: Instant
    /// How late it is against its planned instant; zero where it is on time.
    public var lateBy: Elapsed
    public var supersedes: [ReminderID]
    public var escalates: ReminderID?
    public var ring: [String]
    /// When the details of the child went to this place by secure e-mail; nil where that is not recorded.
    public var detailsSentAt: Instant?

    public init(
      id: ReminderID, source: String, message: Message, time: Instant, discussion: DiscussionID, agency: AgencyID,
      place: Place, step: StepName, sequence: Int, urgency: Urgency, meeting: MeetingTime, stopAfter: Instant,
      lateBy: Elapsed, supersedes: [ReminderID], escalates: ReminderID?, ring: [String],
      detailsSentAt: Instant? = nil
    ) {
      (self.id, self.source, self.message, self.time, self.discussion) = (id, source, message, time, discussion)
      (self.agency, self.place, self.step, self.sequence) = (agency, place, step, sequence)
      (self.urgency, self.meeting, self.stopAfter) = (urgency, meeting, stopAfter)
      (self.lateBy, self.supersedes, self.escalates, self.ring) = (lateBy, supersedes, escalates, ring)
      self.detailsSentAt = detailsSentAt
    }
  }

  public static func compose(_ facts: Facts) -> String {
    let subject = "discussions/" + facts.discussion.description
    return envelope(id: facts.id, source: facts.source, message: facts.message, time: facts.time, subject: subject) {
      $0.name("discussion")
      $0.put(facts.discussion)
      $0.add("agency", facts.agency.text)
      $0.add("recipient", facts.place)
      $0.add("step", facts.step.text)
      $0.add("sequence", facts.sequence)
      $0.add("urgency", facts.urgency)
      if let at = facts.meeting.instant { $0.add("meeting_at", at) } else { $0.null("meeting_at") }
      $0.add("contribution_due_at", facts.meeting.deadline)
      $0.add("stop_after", facts.stopAfter)
      $0.add("late_by_s", facts.lateBy.wholeSeconds)
      $0.array("supersedes", facts.supersedes.prefix(16)) { $0.put($1) }
      if let escalates = facts.escalates { $0.add("escalates", escalates) } else { $0.null("escalates") }
      $0.array("ring", facts.ring) { $0.quote($1) }
      if let sent = facts.detailsSentAt { $0.add("details_sent_at", sent) } else { $0.null("details_sent_at") }
      $0.null("respond_url")
    }
  }

  /// A test message to a route: it names no discussion.
  public static func ping(id: ReminderID, source: String, agency: String, route: RouteName, time: Instant) -> String {
    envelope(id: id, source: source, message: .ping, time: time, subject: "agencies/" + agency) {
      $0.add("agency", agency)
      $0.add("route", route.text)
    }
  }

  /// What is the same in every message, around its own data.
  static func envelope(
    id: ReminderID, source: String, message: Message, time: Instant, subject: String,
    _ data: (inout JSONWriter) -> Void
  ) -> String {
    JSONWriter.object {
      $0.add("specversion", "1.0")
      $0.add("id", id)
      $0.add("source", source)
      $0.add("type", message.type)
      $0.add("time", time)
      $0.add("subject", subject)
      $0.add("datacontenttype", "application/json")
      $0.object("data", data)
    }
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
    case .concluded: "convened.discussion.concluded.v1"
    case .answered: "convened.discussion.answered.v1"
    case .handover: "convened.agency.handover.v1"
    case .reviewDue: "convened.front-door.review-due.v1"
    case .ping: "convened.endpoint.ping.v1"
    }
  }
}
