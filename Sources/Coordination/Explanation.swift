// A policy explained: the ladder of a made-up discussion, by the rules and the docket that ship, in a world in which everybody
// accepts and nobody answers. Nothing is recorded and nobody is asked.
import Convening
import Wire

public struct Explanation {
  public let policy: PolicyRef
  public let meeting: MeetingTime
  public let sends: [PlannedSend]

  /// - Parameters:
  ///   - convene: as it would be convened.
  ///   - now: when it would be.
  ///   - policies: every edition from which the one in force is taken.
  ///
  /// Throws: what convening it would be refused for.
  public init(
    of convene: Convene, at now: Instant, _ policies: Policies, _ arrangements: Arrangements
  ) throws(Refusal) {
    let offered = Set(policies.editions.keys.map(\.id))
    let circumstances = Circumstances(policies: policies, offered: offered, arrangements: arrangements)
    let id = DiscussionID(bits: 0)
    let events = try decide(convene: convene, firstBody: Fingerprint(high: 0, low: 0), now: now, circumstances)
    var discussion: Discussion?
    for (index, event) in events.enumerated() {
      let entry = Entry(
        stream: .discussion(id), revision: index + 1, at: now, actor: nil, mark: nil, event: event)
      evolve(&discussion, entry)
    }
    guard let discussion else { throw .notFound }
    policy = discussion.policy
    meeting = discussion.meeting
    sends = Plan.future(of: discussion, policies: policies, arrangements: arrangements, stopped: [], from: now)
  }

  /// `convened.explanation/1`
  public func json(of convene: Convene, at now: Instant) -> JSON {
    PlanDocument.explanation(policy, convene.urgency, convenedAt: now, meeting, sends.map(\.document))
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
