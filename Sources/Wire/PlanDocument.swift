// What fires next in one discussion if nobody does anything: when, to whom, by which rule, unless what.
import Convening

public enum PlanDocument {
  public struct Send: Hashable, Sendable {
    public let at: Instant
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
      at: Instant, agency: AgencyID, place: Place, route: RouteName?, step: StepName, message: Message, rule: String,
      unless: String
    ) {
      (self.at, self.agency, self.place, self.route) = (at, agency, place, route)
      (self.step, self.message, self.rule, self.unless) = (step, message, rule, unless)
    }
  }

  /// `GET /v1/discussions/{id}/plan`, as it stands at a moment.
  public static func json(_ id: DiscussionID, at now: Instant, _ sends: [Send]) -> JSON {
    [
      "schema": "convened.plan/1", "id": .string(id.description), "from": JSON(now),
      "entries": .array(
        sends.map { send in
          [
            "at": JSON(send.at), "agency": JSON(send.agency), "place": JSON(word: send.place),
            "route": JSON(send.route), "step": JSON(send.step), "message": JSON(word: send.message),
            "rule": .string(send.rule), "unless": .string(send.unless),
          ]
        }),
    ]
  }
}
