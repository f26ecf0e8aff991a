// The port to the agencies' receivers: each attempt's end is told once. The courier queues nothing and decides nothing; the
// docket gave it a slot.
import Convening

/// One attempt to deliver a reminder. The body is what is signed, together with the id and the timestamp.
public struct Delivery: Hashable, Sendable {
  public let reminder: ReminderID
  /// 1...
  public let attempt: Int
  public let route: RouteName
  public let body: String
  /// When the attempt was begun: the `webhook-timestamp`.
  public let at: Instant

  public init(reminder: ReminderID, attempt: Int, route: RouteName, body: String, at: Instant) {
    (self.reminder, self.attempt, self.route, self.body, self.at) = (reminder, attempt, route, body, at)
  }
}

public protocol Courier: AnyObject {
  /// Begins the attempts of one turn. `then` is called exactly once for each, with its place in the list, on the loop,
  /// never before this returns.
  func send(_ deliveries: [Delivery], then: @escaping (_ place: Int, Answer) -> Void)

  /// Calls back once it has come to it, whatever else it does, on any thread: whoever carries the posts moves. Never where
  /// something holds it up for good.
  func beat(_ then: @escaping @Sendable () -> Void)

  /// Ends what is under way, without calling anybody. Nothing may be called after it.
  func close()
}
