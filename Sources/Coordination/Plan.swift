// What fires next, when, by which rule, unless what: the docket's own future in a world in which every receiver accepts and
// nobody answers. It is computed by running the docket that ships, so it cannot say anything else than what will happen.
import Convening
import Wire

/// A message that will be sent if nobody does anything.
public struct PlannedSend: Hashable, Sendable {
  public let at: Instant
  /// When its ladder has it due, where hours have moved it; nil: then.
  public let planned: Instant?
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

  /// When their ladders have those steps due that hours have moved.
  private struct Moved: Hashable {
    let agency: AgencyID
    let step: StepName
    let due: Instant
  }

  /// In order of time. Looks 60 days past the meeting at most. Of the coordinator's daily words only the first of each agency.
  public static func future(
    of discussion: Discussion, policies: Policies, arrangements: Arrangements, stopped: Set<RouteName>,
    pause: Pause? = nil, from now: Instant
  ) -> [PlannedSend] {
    future(
      of: discussion, policies, arrangements, stopped, pause, from: now, until: { _ in false })
  }

  /// The same in a world in which every route stands, no further than is needed.
  ///
  /// - Parameter isEnough: looked at after each turn.
  static func future(
    of discussion: Discussion, policies: Policies, arrangements: Arrangements, from now: Instant,
    until isEnough: ([PlannedSend]) -> Bool
  ) -> [PlannedSend] {
    future(of: discussion, policies, arrangements, [], nil, from: now, until: isEnough)
  }

  /// Of each of the agencies the first of these; of one that is sent nothing more, none.
  public static func next(
    of discussion: Discussion, for agencies: Set<AgencyID>, policies: Policies, arrangements: Arrangements,
    stopped: Set<RouteName>, pause: Pause?, from now: Instant
  ) -> [AgencyID: PlannedSend] {
    // Whoever has answered is sent nothing more: waiting for that would look through all days of the others.
    let waited = agencies.filter { discussion.position($0)?.isPursued ?? false }
    guard !waited.isEmpty else { return [:] }
    let sends = future(of: discussion, policies, arrangements, stopped, pause, from: now) { sends in
      waited.isSubset(of: sends.map(\.agency))
    }
    return Dictionary(sends.filter { agencies.contains($0.agency) }.map { ($0.agency, $0) }) { first, _ in first }
  }

  /// - Parameter isEnough: looked at after each turn.
  private static func future(
    of discussion: Discussion, _ policies: Policies, _ arrangements: Arrangements, _ stopped: Set<RouteName>,
    _ pause: Pause?, from now: Instant, until isEnough: ([PlannedSend]) -> Bool
  ) -> [PlannedSend] {
    var docket = Docket(
      holding: discussion, policies: policies, arrangements: arrangements, stopped: stopped, pause: pause, at: now)
    let horizon = max(now, discussion.deadline) + .days(60)
    var sends: [PlannedSend] = []
    var moved: [Moved: Instant] = [:]
    for position in discussion.positions { note(position.rungs, position.agency, &moved) }
    // What is under way will be accepted, too.
    var inputs: [Input] = discussion.reminders.compactMap { reminder in
      guard case .inFlight = reminder.state else { return nil }
      return .attemptEnded(.discussion(discussion.id), reminder.id, attempt: reminder.attempts, accepted)
    }
    var at = now
    while true {
      let turn = docket.take(inputs, at: at)
      for entry in turn.entries {
        if case .ladderPlanned(let agency, _, let rungs) = entry.event { note(rungs, agency, &moved) }
        guard let send = planned(entry, at, docket, discussion.id, moved) else { continue }
        guard !isRepeated(send, after: sends) else { continue }
        sends.append(send)
      }
      if isEnough(sends) { return sends }
      inputs = turn.sends.map { send in
        .attemptEnded(send.matter, send.delivery.reminder, attempt: send.delivery.attempt, accepted)
      }
      if inputs.isEmpty {
        guard let next = docket.attention, next <= horizon else { return sends }
        at = max(at, next)
      }
    }
  }

  /// What is said each day stands there once, and so does the hand-over to each holder of a place: evenings and mornings go on
  /// for weeks.
  private static func isRepeated(_ send: PlannedSend, after sends: [PlannedSend]) -> Bool {
    let isDaily = [Rung.daily, Rung.undecided].contains(send.step)
    guard isDaily || send.message == .handover else { return false }
    return sends.contains {
      $0.step == send.step && $0.agency == send.agency && $0.message == send.message
        && (isDaily || ($0.place == send.place && $0.route == send.route))
    }
  }

  private static func note(_ rungs: [Rung], _ agency: AgencyID, _ moved: inout [Moved: Instant]) {
    for rung in rungs { moved[Moved(agency: agency, step: rung.step, due: rung.due)] = rung.planned }
  }

  private static func planned(
    _ entry: Entry, _ at: Instant, _ docket: Docket, _ id: DiscussionID, _ moved: [Moved: Instant]
  ) -> PlannedSend? {
    if case .attemptBegan(_, let attempt, let route, let opening?) = entry.event, opening.message == .handover {
      return PlannedSend(
        at: at, planned: nil, agency: opening.agency, place: opening.place, route: route, step: opening.step,
        message: opening.message, attempt: attempt, rule: "hand-over: they hold the place from then on",
        unless: "nothing is open there any more")
    }
    guard case .attemptBegan(let reminder, let attempt, let route, _) = entry.event,
      let discussion = docket.discussions[id],
      let known = discussion.reminders.last(where: { $0.id == reminder })
    else { return nil }
    let step = docket.policies[discussion.policy].map(discussion.ladder)?.steps.first { $0.name == known.step }
    let own = moved[Moved(agency: known.agency, step: known.step, due: known.due)]
    let why = rule(known, own ?? known.due, step, discussion) + (own.map { hours($0, known.due) } ?? "")
    return PlannedSend(
      at: at, planned: attempt > 1 ? nil : own, agency: known.agency, place: known.place, route: route,
      step: known.step, message: known.message, attempt: attempt,
      rule: attempt > 1 ? "another attempt, not accepted before" : why,
      unless: known.pursuesAnswer || known.step == Rung.undecided
        ? unless(known, step, discussion) : "nothing: it tells what has changed")
  }

  private static func hours(_ own: Instant, _ due: Instant) -> String {
    due < own ? ", earlier: within their hours" : ", deferred to their hours"
  }

  private static func rule(_ reminder: Reminder, _ due: Instant, _ step: Step?, _ discussion: Discussion) -> String {
    switch step?.when {
    case .once: return "at once"
    case .unanswered(let wait, let inWorkingHours):
      if inWorkingHours { return "\(Limit.workingHours(wait).words) without an answer" }
      // On a short notice, or because the place below cannot be reached.
      let asked = discussion.position(reminder.agency)?.askedSince
      // The waits were counted from the planning, a little before the first message left.
      let isEarlier = asked.map { due + .minutes(1) < $0 + wait } ?? false
      return "\(wait.words) without an answer" + (isEarlier ? ", brought forward" : "")
    case .before(let lead):
      let own = discussion.meetingAt.map { $0 - lead }
      // On a short notice: whom it names is asked all the same.
      if let own, own + .minutes(1) < due { return "at once: \(lead.words) before the meeting has passed" }
      return "\(lead.words) before the meeting" + (own.map { due < $0 } ?? false ? ", brought forward" : "")
    case nil:
      switch reminder.message {
      case .concluded: return "decided without it"
      case .answered: return "declined"
      case .attention where reminder.step == Rung.noTime: return "its time is up"
      case .attention where reminder.step == Rung.daily: return "daily: every step is climbed, and it is still open"
      case .attention where reminder.step == Rung.undecided:
        return "daily: all have answered, and no decision is recorded"
      case .attention where reminder.step == Rung.untold: return "nobody there can be told that it is decided"
      case .invitation, .reminder, .rescheduled, .cancelled, .attention, .handover, .reviewDue, .ping:
        return reminder.message.rawValue
      }
    }
  }

  /// An acknowledgement only puts off what comes next.
  private static func unless(_ reminder: Reminder, _ step: Step?, _ discussion: Discussion) -> String {
    if reminder.message == .concluded || reminder.step == Rung.untold { return "\(reminder.agency) contributes" }
    if reminder.step == Rung.undecided { return "it is decided or cancelled" }
    if reminder.step == Rung.daily {
      return "\(reminder.agency) contributes or declines, or it is decided or cancelled"
    }
    switch step?.when {
    case .unanswered where discussion.position(reminder.agency)?.acknowledged == nil:
      return "\(reminder.agency) answers"
    case .unanswered, .once, .before, nil: return "\(reminder.agency) contributes or declines"
    }
  }
}
