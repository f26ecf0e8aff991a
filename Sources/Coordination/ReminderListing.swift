// Reminders of open discussions as a list: planned, on their way, done. Read from the docket itself, since only it knows what
// has found no slot.
import Convening
import Wire

public struct ReminderListing: Hashable, Sendable {
  public enum State: String, CaseIterable, Hashable, Sendable {
    case scheduled
    case inFlight = "in_flight"
    case retrying, undelivered, accepted, silenced
  }

  /// nil while it is only planned.
  public let id: ReminderID?
  public let discussion: DiscussionID
  public let agency: AgencyID
  public let place: Place
  public let step: StepName
  public let message: Message
  /// nil while it is only planned: the holder is looked up when it is sent.
  public let route: RouteName?
  public let state: State
  public let due: Instant
  public let nextAttempt: Instant?
  /// Those that have begun. 0 while it is only planned.
  public let attempts: Int
  /// HTTP's, 100...599, of the last attempt that was answered with one.
  public let lastStatus: Int?
  public let lastFault: String?
}

extension ReminderListing {
  public typealias Key = RemindersDocument.Key

  public var key: Key {
    Key(
      isSettled: state == .accepted || state == .silenced, due: due, discussion: discussion,
      rest: "\(agency).\(id?.description ?? "\(step).\(place.rawValue)")")
  }

  /// In the order of their keys, after one where it is given; nil for any state. `undelivered` is what the status counts so:
  /// given up, or waiting for another try. A place that would be passed as things stand is not scheduled.
  public static func list(
    _ discussions: [DiscussionID: Discussion], _ arrangements: Arrangements, _ stopped: Set<RouteName>,
    in state: State?, after key: Key? = nil, limit: Int, at now: Instant
  ) -> [ReminderListing] {
    var found: [ReminderListing] = []
    let wanted: Set<ReminderListing.State>? = state.map { $0 == .undelivered ? [.undelivered, .retrying] : [$0] }
    for discussion in discussions.values {
      if state == nil || state == .scheduled {
        for position in discussion.positions {
          for rung in position.rungs {
            found += rung.places.map { ReminderListing(rung, $0, position.agency, discussion.id) }
          }
        }
      }
      for reminder in discussion.reminders where wanted?.contains(reminder.listed) ?? true {
        found.append(ReminderListing(reminder, discussion.id))
      }
    }
    let keyed = found.map { ($0.key, $0) }.filter { item in key.map { $0 < item.0 } ?? true }
    // Who will be asked is looked up for those that are shown alone: a storm plans hundreds of thousands.
    var foreseen: [Position.ID: [PlannedMessage: Message]] = [:]
    var shown: [ReminderListing] = []
    for (_, item) in keyed.sorted(by: { $0.0 < $1.0 }) {
      guard shown.count < limit else { break }
      guard item.state == .scheduled, let discussion = discussions[item.discussion],
        let position = discussion.position(item.agency)
      else {
        shown.append(item)
        continue
      }
      let id = Position.ID(discussion: item.discussion, agency: item.agency)
      let messages = foreseen[id] ?? discussion.foreseen(position, arrangements, stopped, at: now)
      foreseen[id] = messages
      guard let message = messages[PlannedMessage(step: item.step, place: item.place)] else { continue }
      shown.append(ReminderListing(item, as: message))
    }
    return shown
  }
}

extension Position {
  fileprivate struct ID: Hashable {
    let discussion: DiscussionID
    let agency: AgencyID
  }
}

extension Reminder {
  fileprivate var listed: ReminderListing.State {
    switch state {
    case .inFlight: .inFlight
    case .waiting: .retrying
    case .accepted: .accepted
    case .undelivered: .undelivered
    case .silenced: .silenced
    }
  }
}

extension ReminderListing {
  fileprivate init(_ rung: Rung, _ place: Place, _ agency: AgencyID, _ discussion: DiscussionID) {
    self.init(
      id: nil, discussion: discussion, agency: agency, place: place, step: rung.step, message: rung.message,
      route: nil, state: .scheduled, due: rung.due, nextAttempt: nil, attempts: 0, lastStatus: nil, lastFault: nil)
  }

  fileprivate init(_ planned: ReminderListing, as message: Message) {
    self.init(
      id: nil, discussion: planned.discussion, agency: planned.agency, place: planned.place, step: planned.step,
      message: message, route: nil, state: planned.state, due: planned.due, nextAttempt: nil, attempts: 0,
      lastStatus: nil, lastFault: nil)
  }

  fileprivate init(_ reminder: Reminder, _ discussion: DiscussionID) {
    var next: Instant?
    if case .waiting(let until) = reminder.state { next = until }
    self.init(
      id: reminder.id, discussion: discussion, agency: reminder.agency, place: reminder.place, step: reminder.step,
      message: reminder.message, route: reminder.route, state: reminder.listed, due: reminder.due, nextAttempt: next,
      attempts: reminder.attempts, lastStatus: reminder.lastStatus, lastFault: reminder.lastFault)
  }
}
