// A policy explained: the ladder of a made-up discussion, by the rules and the docket that ship, in a world in which everybody
// accepts and nobody answers. Nothing is recorded and nobody is asked.
import Convening
import Wire

public struct Explanation {
  public let policy: PolicyRef
  public let meeting: MeetingTime
  public let sends: [PlannedSend]
  private let calendar: WorkingCalendar

  /// - Parameters:
  ///   - convene: as it would be convened.
  ///   - now: when it would be.
  ///   - policies: every edition from which the one in force is taken.
  ///
  /// Throws: what convening it would be refused for.
  public init(
    of convene: Convene, at now: Instant, _ policies: Policies, _ arrangements: Arrangements
  ) throws(Refusal) {
    let discussion = try Discussion(explaining: convene, at: now, policies, arrangements)
    policy = discussion.policy
    (meeting, calendar) = (discussion.meeting, arrangements.calendar)
    sends = Plan.future(of: discussion, policies: policies, arrangements: arrangements, stopped: [], from: now)
  }

  /// `convened.explanation/1`
  public func json(of convene: Convene, at now: Instant) -> JSON {
    PlanDocument.explanation(policy, convene.urgency, convenedAt: now, meeting, sends.map(\.document), in: calendar)
  }
}

extension Discussion {
  /// One that is made up, as it is after it was convened and all of its agencies told what `answer` says of them.
  ///
  /// Throws: what that would be refused for.
  init(
    explaining convene: Convene, at now: Instant, _ policies: Policies, _ arrangements: Arrangements,
    answer: (AgencyID) -> Command? = { _ in nil }
  ) throws(Refusal) {
    let offered = Set(policies.editions.keys.map(\.id))
    let circumstances = Circumstances(policies: policies, offered: offered, arrangements: arrangements)
    var discussion: Discussion?
    var revision = 0
    func fold(_ events: [Event]) {
      for event in events {
        revision += 1
        evolve(
          &discussion,
          Entry(
            stream: .discussion(DiscussionID(bits: 0)), revision: revision, at: now, actor: nil, mark: nil, event: event
          ))
      }
    }
    fold(try Convening.decide(convene: convene, firstBody: Fingerprint(high: 0, low: 0), now: now, circumstances))
    for agency in discussion?.positions.map(\.agency) ?? [] {
      guard let command = answer(agency), let known = discussion, let policy = policies[known.policy] else { continue }
      fold(try known.decide(command, now: now, policy: policy, circumstances))
    }
    guard let discussion else { throw .notFound }
    self = discussion
  }
}

extension PlannedSend {
  /// As the sockets and the command line show it.
  public var document: PlanDocument.Send {
    PlanDocument.Send(
      at: at, planned: planned, agency: agency, place: place, route: route, step: step, message: message, rule: rule,
      unless: unless)
  }
}
