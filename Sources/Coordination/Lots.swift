// Where ids and salts come from. In the daemon the kernel's random numbers, so that a salt cannot be guessed; under
// simulation a seed, so that a run repeats to the bit.

import Glibc

public struct Lots: RandomNumberGenerator, Sendable {
  private var seed: UInt64?
  /// Words from the kernel, fetched many at once: a call for each would cost more than what it is for.
  private var drawn: [UInt64] = []
  private var used = 0

  /// The system's generator.
  public init() {}

  /// Repeatable (SplitMix64; Steele, Lea, Flood 2014). Never for a real journal.
  public init(seed: UInt64) { self.seed = seed }

  public mutating func next() -> UInt64 {
    guard let seed else {
      if used == drawn.count { draw() }
      used += 1
      return drawn[used - 1]
    }
    let state = seed &+ 0x9E37_79B9_7F4A_7C15
    self.seed = state
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private mutating func draw() {
    // At most 256 bytes a call: getentropy(3).
    drawn = Array(unsafeUninitializedCapacity: 32) { words, count in
      guard getentropy(words.baseAddress, 256) == 0 else { preconditionFailure("the kernel gave no random bytes") }
      count = 32
    }
    used = 0
  }
}
