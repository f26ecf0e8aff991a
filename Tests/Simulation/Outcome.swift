// What a run of a world came to, and several of them together.
import Wire

extension World {
  /// What a run came to.
  public struct Outcome: Sendable {
    public var events: Set<String> = []
    public var refusals: Set<String> = []
    public var lines = 0
    public var turns = 0
    public var attempts = 0
    public var head = Hash256.zero

    public init() {}

    public mutating func add(_ other: Outcome) {
      events.formUnion(other.events)
      refusals.formUnion(other.refusals)
      lines += other.lines
      turns += other.turns
      attempts += other.attempts
    }
  }
}
