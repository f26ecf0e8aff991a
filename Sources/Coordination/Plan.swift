// What fires next, when, by which rule, unless what: the docket's own future in a world in which every receiver accepts and
// nobody answers. It is computed by running the docket that ships, so it cannot say anything else than what will happen.
import Convening
import Wire

/// A message that will be sent if nobody does anything.
public struct PlannedSend: Hashable, Sendable {
  public let at: Instant
  public let agency: AgencyID
  public let place: Place
  public let route: RouteName
  public let step: StepName
  public let message: Message
  /// 1 for a new message, more for a retry of one that is on its way.
  public let attempt: Int
  /// "2 hours without an answer", for people.
  public let rule: String
  /// "unless health answers", for people.
  public let unless: String
}

public enum Plan {
  private static let accepted = Answer(verdict: .accepted, status: 204, tookMilliseconds: 0)

  /// In order of time. Looks 60 days past the meeting at most.
  public static func future(
    of discussion: Discussion, policies: Policies, arrangements: Arrangements, stopped: Set<RouteName>,
    from now: Instant
  ) -> [PlannedSend] {
    var docket = Docket(holding: discussion, policies: policies, arrangements: arrangements, stopped: stopped)
    let horizon = max(now, discussion.meetingAt) + .days(60)
    var sends: [PlannedSend] = []
    // What is under way will be accepted, too.
    var inputs: [Input] = discussion.reminders.compactMap { reminder in
      guard case .inFlight = reminder.state else { return nil }
      return .attemptEnded(.discussion(discussion.id), reminder.id, attempt: reminder.attempts, accepted)
    }
    var at = now
    while true {
      docket.gatherDue(at: at)
      let turn = docket.plan(inputs, at: at)
      docket.apply(turn, at: at)
      sends += turn.entries.compactMap { planned($0, at, docket, discussion.id) }
      inputs = turn.sends.map { send in
        .attemptEnded(send.matter, send.delivery.reminder, attempt: send.delivery.attempt, accepted)
      }
      if inputs.isEmpty {
        guard let next = docket.attention, next <= horizon else { return sends }
        at = max(at, next)
      }
    }
  }

  private static func planned(_ entry: Entry, _ at: Instant, _ docket: Docket, _ id: DiscussionID) -> PlannedSend? {
    guard case .attemptBegan(let reminder, let attempt, let route, _) = entry.event,
      let discussion = docket.discussions[id],
      let known = discussion.reminders.last(where: { $0.id == reminder })
    else { return nil }
    let step = docket.policies[discussion.policy].map(discussion.ladder)?.steps.first { $0.name == known.step }
    return PlannedSend(
      at: at, agency: known.agency, place: known.place, route: route, step: known.step, message: known.message,
      attempt: attempt, rule: attempt > 1 ? "another attempt, not accepted before" : rule(known, step, discussion),
      unless: known.pursuesAnswer ? unless(known, step, discussion) : "nothing: it tells what has changed")
  }

  private static func rule(_ reminder: Reminder, _ step: Step?, _ discussion: Discussion) -> String {
    switch step?.when {
    case .once: return "at once"
    case .unanswered(let wait):
      // On a short notice, or because the place below cannot be reached.
      let asked = discussion.position(reminder.agency)?.askedSince
      // The waits were counted from the planning, a little before the first message left.
      let isEarlier = asked.map { reminder.due + .minutes(1) < $0 + wait } ?? false
      return "\(wait.words) without an answer" + (isEarlier ? ", brought forward" : "")
    case .before(let lead): return "\(lead.words) before the meeting"
    case nil:
      switch reminder.message {
      case .concluded: return "decided without it"
      case .answered: return "declined"
      case .invitation, .reminder, .rescheduled, .cancelled, .attention, .handover, .reviewDue, .ping:
        return reminder.message.rawValue
      }
    }
  }

  /// An acknowledgement only puts off what comes next.
  private static func unless(_ reminder: Reminder, _ step: Step?, _ discussion: Discussion) -> String {
    if reminder.message == .concluded { return "\(reminder.agency) contributes" }
    switch step?.when {
    case .unanswered where discussion.position(reminder.agency)?.acknowledged == nil:
      return "\(reminder.agency) answers"
    case .unanswered, .once, .before, nil: return "\(reminder.agency) contributes or declines"
    }
  }
}
