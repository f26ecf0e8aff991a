// What comes next if nobody does anything, for those who look at the status: of each agency that needs a person the next
// message, as `/plan` says it, and how many messages are planned in all. Asked of a copy of the docket, off the loop. It is
// bounded: what a storm plans is counted by its steps, and who is far down a long list has the next step of the ladder.
import Convening

public struct Foresight: Hashable, Sendable {
  public struct Next: Hashable, Sendable {
    public let at: Instant
    public let place: Place
    public let route: RouteName

    public init(at: Instant, place: Place, route: RouteName) { (self.at, self.place, self.route) = (at, place, route) }
  }

  /// Of so many discussions the plan is looked at.
  public static let mostForeseen = 100
  /// Of so many open discussions each message is looked at.
  public static let mostCounted = 1000

  /// Of each discussion that was looked at, the next message about each agency that gets one.
  public var next: [DiscussionID: [AgencyID: Next]] = [:]
  /// Messages of steps that would be sent, each place by itself; nil where there are too many discussions to look at.
  public var scheduled: Int?

  public init() {}
}

extension Docket {
  /// - Parameter needs: who needs a person, the most urgent first.
  public func foresight(of needs: [Live.Attention], at now: Instant) -> Foresight {
    var foresight = Foresight()
    let ofAgencies = needs.filter { $0.why != .undecided }
    let agencies = Dictionary(grouping: ofAgencies, by: \.discussion).mapValues { Set($0.map(\.agency)) }
    for need in ofAgencies where foresight.next.count < Foresight.mostForeseen && foresight.next[need.discussion] == nil
    {
      guard let discussion = discussions[need.discussion], let wanted = agencies[need.discussion] else { continue }
      foresight.next[need.discussion] = Plan.next(
        of: discussion, for: wanted, policies: policies, arrangements: arrangements, stopped: stopped, pause: pause,
        from: now
      ).mapValues { Foresight.Next(at: $0.at, place: $0.place, route: $0.route) }
    }
    if discussions.count <= Foresight.mostCounted {
      foresight.scheduled = discussions.values.reduce(0) { sum, discussion in
        discussion.positions.reduce(sum) { $0 + discussion.foreseen($1, arrangements, stopped, at: now).count }
      }
    }
    return foresight
  }
}

/// One place of one step.
struct PlannedMessage: Hashable {
  let step: StepName
  let place: Place
}

extension Discussion {
  /// What each place that is still to be asked will be sent if nobody does anything: of its rungs in their order, without those
  /// that would be passed, by whom nobody holds, whoever wants no more or was asked under another name, or for a newer step, which
  /// asks those of the older that would not hear otherwise: they stand under their own step.
  func foreseen(
    _ position: Position, _ arrangements: Arrangements, _ stopped: Set<RouteName>, at now: Instant
  ) -> [PlannedMessage: Message] {
    var messages: [PlannedMessage: Message] = [:]
    var asked = position.asked
    var steps = Set(
      reminders.filter { $0.agency == position.agency && !$0.place.isTold && $0.message != .answered }.map(\.step))
    let rungs = position.rungs.filter { $0.stopAfter > now }
    /// Whether both ask at once, as one message of the later.
    func isOne(_ rung: Rung, with later: Rung) -> Bool {
      !rung.isNotice && !later.isNotice && later.step != rung.step && max(later.due, now) == max(rung.due, now)
    }
    for (index, rung) in rungs.enumerated() {
      if rungs.dropFirst(index + 1).contains(where: { isOne(rung, with: $0) }) { continue }
      let isUnasked = !asked.contains { Place.ofAgencies.contains($0.place) }
      let older = rungs.prefix(index).filter { isOne($0, with: rung) }
      // Whom a decision or a decline is told to is counted anew.
      let known = [.concluded, .answered].contains(rung.message) ? [] : asked
      for place in rung.isNotice ? Array(rung.places) : rung.places(standingFor: older, isFirst: isUnasked) {
        let route = holder(place, of: position, arrangements, at: rung.due)
        let isInHand = place == .convener && !rung.isNotice && !rung.ifUnanswered && position.acknowledged != nil
        guard !isInHand, Position.skips(place, route, known, stopped) == nil, let route else { continue }
        let isFirst = steps.subtracting([rung.step]).isEmpty
        let own = rung.places.contains(place) ? rung : older.last { $0.places.contains(place) } ?? rung
        messages[PlannedMessage(step: own.step, place: place)] = rung.message(to: place, isFirst: isFirst)
        asked.append(Position.Asked(place: place, route: route))
        if !place.isTold { steps.insert(rung.step) }
      }
    }
    return messages
  }
}
