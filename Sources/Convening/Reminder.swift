// One message to one place, from its first attempt until it is accepted, given up or moot.

/// A reminder from its first attempt on.
public struct Reminder: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    /// An attempt is under way since then.
    case inFlight(since: Instant)
    /// The next attempt is due then.
    case waiting(until: Instant)
    case accepted(Instant)
    /// No more attempts: time ran out, or the route has gone.
    case undelivered(Instant)
    /// Not tried again: an answer, a decision or a newer message made it moot.
    case silenced(Instant)
  }

  public let id: ReminderID
  public let agency: AgencyID
  public let place: Place
  public let route: RouteName
  public let step: StepName
  public let message: Message
  /// The how many-th message about its agency in its discussion. 1...
  public let sequence: Int
  public let due: Instant
  public let stopAfter: Instant
  /// Kept before `stopAfter` for the last attempt.
  public let margin: Elapsed
  /// When the first attempt was begun.
  public let firstAt: Instant
  /// See `Opening.undeliveredFrom`.
  public internal(set) var undeliveredFrom: Instant?
  /// Another place was asked because of that.
  public internal(set) var hasRisen = false
  /// How many attempts were begun.
  public internal(set) var attempts: Int
  /// How many of them ended as misconfigured.
  public internal(set) var misconfigured: Int
  public internal(set) var lastStatus: Int?
  public internal(set) var lastFault: String?
  public internal(set) var state: State
  /// It is not to be tried again, whatever becomes of the attempt that is under way.
  public internal(set) var isOvertaken = false
  /// What it carries; dropped once it is accepted.
  public internal(set) var body: String?

  public var isUnderWay: Bool { if case .inFlight = state { true } else { false } }

  public var isSettled: Bool {
    switch state {
    case .inFlight, .waiting: false
    case .accepted, .undelivered, .silenced: true
    }
  }
}
