// Whether the journal's disk has room, as far as the convenor knows: by what it wrote last, and by the space that is set aside for
// outcomes. A value: who asks the disk tells it.

struct DiskRoom: Hashable, Sendable {
  /// The last append found the disk full, and nothing has shown since that there is room.
  private(set) var isFull = false
  /// The ballast was given up: what room there is belongs to the outcomes of what is under way.
  private(set) var livesOnBallast = false
  /// Space is set aside for outcomes. Where it is not, each heartbeat tries again.
  private(set) var hasBallast = false

  /// Nothing new is taken on, or may be written.
  var isShort: Bool { isFull || livesOnBallast }

  mutating func fill() { isFull = true }

  /// - Parameter was: there was any. Where somebody took it away there is none either.
  mutating func giveUpBallast(was: Bool) {
    hasBallast = false
    if was { livesOnBallast = true }
  }

  /// Room for the ballast is room for what comes.
  mutating func setBallastAside() { (hasBallast, livesOnBallast, isFull) = (true, false, false) }

  mutating func empty() { isFull = false }
}
