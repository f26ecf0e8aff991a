// What a word about the front door says: to a team or its manager how many contacts are past their time and how long the oldest
// has waited, or that nobody can tell. Never which contact, nor what came of any.
import Convening

public enum ReviewDueBody {
  public struct Facts: Sendable {
    public var source: String
    /// nil where nobody can tell, for no team.
    public var team: TeamID?
    public var place: Place
    public var step: StepName
    public var time: Instant
    /// Past their time without outcome or review, as far as it is known.
    public var contacts: Int
    /// Since the oldest of them was received; nil where there is none.
    public var oldestAge: Elapsed?
    /// Since when nothing has come; nil where something does.
    public var silentSince: Instant?
    public var stopAfter: Instant
    public var lateBy: Elapsed
    public var ring: [String]

    public init(
      source: String, team: TeamID?, place: Place, step: StepName, time: Instant, contacts: Int, oldestAge: Elapsed?,
      silentSince: Instant?, stopAfter: Instant, lateBy: Elapsed, ring: [String]
    ) {
      (self.source, self.team, self.place, self.step, self.time) = (source, team, place, step, time)
      (self.contacts, self.oldestAge, self.silentSince) = (contacts, oldestAge, silentSince)
      (self.stopAfter, self.lateBy, self.ring) = (stopAfter, lateBy, ring)
    }
  }

  public static func compose(_ facts: Facts, id: ReminderID) -> String {
    let subject = facts.team.map { "teams/\($0)" } ?? "front-door"
    return ReminderBody.envelope(
      id: id, source: facts.source, message: .reviewDue, time: facts.time, subject: subject
    ) {
      if let team = facts.team { $0.add("team", team.text) } else { $0.null("team") }
      $0.add("recipient", facts.place)
      $0.add("step", facts.step.text)
      $0.add("contacts", facts.contacts)
      if let age = facts.oldestAge { $0.add("oldest_age_s", age.wholeSeconds) } else { $0.null("oldest_age_s") }
      if let since = facts.silentSince { $0.add("silent_since", since) } else { $0.null("silent_since") }
      $0.add("stop_after", facts.stopAfter)
      $0.add("late_by_s", facts.lateBy.wholeSeconds)
      $0.array("ring", facts.ring) { $0.quote($1) }
      $0.null("respond_url")
    }
  }
}
