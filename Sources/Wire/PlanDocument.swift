// What fires next in one discussion if nobody does anything: when, to whom, by which rule, unless what.
import Convening

public enum PlanDocument {
  public struct Send: Hashable, Sendable {
    public let at: Instant
    /// When its ladder has it due, where the hours of whom it asks have moved it; nil: then.
    public let planned: Instant?
    public let agency: AgencyID
    public let place: Place
    /// Who holds the place at that moment; nil where nobody does.
    public let route: RouteName?
    public let step: StepName
    public let message: Message
    /// "2 h after the first asking"
    public let rule: String
    /// "health has answered"
    public let unless: String

    public init(
      at: Instant, planned: Instant? = nil, agency: AgencyID, place: Place, route: RouteName?, step: StepName,
      message: Message, rule: String, unless: String
    ) {
      self.planned = planned
      (self.at, self.agency, self.place, self.route) = (at, agency, place, route)
      (self.step, self.message, self.rule, self.unless) = (step, message, rule, unless)
    }
  }

  /// `GET /v1/discussions/{id}/plan`, as it stands at a moment. `provisional` where it goes past the table of bank holidays.
  public static func json(_ id: DiscussionID, at now: Instant, _ sends: [Send], in calendar: WorkingCalendar) -> JSON {
    [
      "schema": "convened.plan/1", "id": .string(id.description), "from": JSON(now), "entries": entries(sends),
      "provisional": .bool(sends.contains { calendar.isProvisional($0.at) }),
    ]
  }

  /// `GET /v1/policies/explain`: a made-up discussion that is convened then.
  public static func explanation(
    _ policy: PolicyRef, _ urgency: Urgency, convenedAt: Instant, _ meeting: MeetingTime, _ sends: [Send],
    in calendar: WorkingCalendar
  ) -> JSON {
    [
      "schema": "convened.explanation/1", "policy": .string(policy.description), "urgency": JSON(word: urgency),
      "convened_at": JSON(convenedAt), "meeting_at": JSON(meeting.instant), "answer_by": JSON(meeting.deadline),
      "entries": entries(sends),
      "provisional": .bool((sends.map(\.at) + [meeting.deadline]).contains(where: calendar.isProvisional)),
    ]
  }

  private static func entries(_ sends: [Send]) -> JSON {
    .array(
      sends.map { send in
        [
          "at": JSON(send.at), "planned_at": JSON(send.planned), "agency": JSON(send.agency),
          "place": JSON(word: send.place),
          "route": JSON(send.route), "step": JSON(send.step), "message": JSON(word: send.message),
          "rule": .string(send.rule), "unless": .string(send.unless),
        ]
      })
  }
}
