// A message that belongs to no discussion as whoever wants it sent describes it. What becomes of it is `LetterPost`'s.
import Convening

/// A message that belongs to no discussion, before it is begun.
struct Letter {
  /// Whose stream it stands in: `coordination` where it is about no agency.
  let agency: AgencyID
  var team: TeamID?
  let place: Place
  /// Who holds the place now.
  let route: RouteName
  let step: StepName
  let message: Message
  /// When it should have gone.
  let due: Instant
  /// What it says, under its id.
  let compose: (ReminderID) -> String

  /// How long it is worth sending. 24 h; CONTRACT.md 1.
  static let life = Elapsed.days(1)
  /// Kept before that for the last attempt. 10 min
  static let margin = Elapsed.minutes(10)
}
