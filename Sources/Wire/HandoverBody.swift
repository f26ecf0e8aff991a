// What whoever takes a place over is told: all that is open there, as far as it fits. Composed once, like any message; it
// names discussions by their references and says of none which child, why, or who.
import Convening

public enum HandoverBody {
  /// One discussion that is open for an agency, or for the team that convened it.
  public struct Open: Hashable, Sendable {
    public let discussion: DiscussionID
    /// nil where none is awaited, and it is to be held.
    public let agency: AgencyID?
    /// The place that was asked, and is theirs now; the convener's, of what their team has open.
    public let place: Place
    public let urgency: Urgency
    /// nil: there is no time yet.
    public let meetingAt: Instant?
    /// Somebody who keeps it in hand has acknowledged it.
    public let isAcknowledged: Bool
    /// When the agency was asked; nil where it told before it was.
    public let askedAt: Instant?
    /// When the details of the child went to them by secure e-mail; nil where that is not recorded.
    public let detailsSentAt: Instant?

    public init(
      discussion: DiscussionID, agency: AgencyID?, place: Place, urgency: Urgency, meetingAt: Instant?,
      isAcknowledged: Bool, askedAt: Instant?, detailsSentAt: Instant?
    ) {
      (self.discussion, self.agency, self.place, self.urgency) = (discussion, agency, place, urgency)
      (self.meetingAt, self.isAcknowledged) = (meetingAt, isAcknowledged)
      (self.askedAt, self.detailsSentAt) = (askedAt, detailsSentAt)
    }
  }

  public struct Facts: Sendable {
    public var source: String
    public var time: Instant
    /// `coordination` for the coordinator, and for a convener.
    public var agency: AgencyID
    /// Whose convener's place it is; nil for the others'.
    public var team: TeamID?
    /// The nearest of the places that they took over.
    public var place: Place
    /// When it changes hands again; nil where that is not known.
    public var until: Instant?
    public var stopAfter: Instant
    /// How late it is against the moment at which they took over; zero where it is on time.
    public var lateBy: Elapsed
    /// First what is first.
    public var open: [Open]
    public var ring: [String]

    public init(
      source: String, time: Instant, agency: AgencyID, team: TeamID? = nil, place: Place, until: Instant?,
      stopAfter: Instant, lateBy: Elapsed, open: [Open], ring: [String]
    ) {
      (self.source, self.time, self.agency, self.team) = (source, time, agency, team)
      (self.place, self.until) = (place, until)
      (self.stopAfter, self.lateBy, self.open, self.ring) = (stopAfter, lateBy, open, ring)
    }
  }

  /// A receiver takes so many bytes. CONTRACT.md 1.
  public static let limit = 8192

  /// As many of what is open as fit, and how many more there are; of no discussion a part, which would pass for all of it.
  public static func compose(_ facts: Facts, id: ReminderID) -> String {
    // No entry is shorter than 150 bytes.
    let most = limit / 150
    var count = facts.open.count <= most ? facts.open.count : facts.whole(below: most + 1)
    while true {
      let body = compose(facts, id, first: count)
      if body.utf8.count <= limit || count == 0 { return body }
      count = facts.whole(below: count)
    }
  }

  private static func compose(_ facts: Facts, _ id: ReminderID, first count: Int) -> String {
    let subject = facts.team.map { "teams/\($0)" } ?? "agencies/\(facts.agency)"
    return ReminderBody.envelope(
      id: id, source: facts.source, message: .handover, time: facts.time, subject: subject
    ) {
      $0.add("agency", facts.agency.text)
      if let team = facts.team { $0.add("team", team.text) } else { $0.null("team") }
      $0.add("recipient", facts.place)
      if let until = facts.until { $0.add("until", until) } else { $0.null("until") }
      $0.array("open", facts.open.prefix(count)) { out, open in out.object { write(open, to: &$0) } }
      $0.add("more", facts.open.count - count)
      $0.add("stop_after", facts.stopAfter)
      $0.add("late_by_s", facts.lateBy.wholeSeconds)
      $0.array("ring", facts.ring) { $0.quote($1) }
      $0.null("respond_url")
    }
  }

  private static func write(_ open: Open, to out: inout JSONWriter) {
    out.name("discussion")
    out.put(open.discussion)
    if let agency = open.agency { out.add("agency", agency.text) } else { out.null("agency") }
    out.add("place", open.place)
    out.add("urgency", open.urgency)
    if let meeting = open.meetingAt { out.add("meeting_at", meeting) } else { out.null("meeting_at") }
    out.add("acknowledged", open.isAcknowledged)
    if let asked = open.askedAt { out.add("asked_at", asked) } else { out.null("asked_at") }
    if let sent = open.detailsSentAt { out.add("details_sent_at", sent) } else { out.null("details_sent_at") }
  }
}

extension HandoverBody.Facts {
  /// The largest number below that which ends with a discussion; one less where there is none.
  fileprivate func whole(below count: Int) -> Int {
    let ends = (1..<max(count, 1)).reversed().first { open[$0].discussion != open[$0 - 1].discussion }
    return ends ?? count - 1
  }
}
