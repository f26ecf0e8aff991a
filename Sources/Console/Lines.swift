// Cuts a stream of bytes into lines as it comes, whatever the chunks. Holds one unfinished line at most.

public struct Lines: Sendable {
  private var rest: [UInt8] = []

  public init() {}

  /// The lines that this chunk completes, without their ends.
  public mutating func take(_ chunk: [UInt8]) -> [[UInt8]] {
    var done: [[UInt8]] = []
    var from = chunk.startIndex
    while let end = chunk[from...].firstIndex(of: UInt8(ascii: "\n")) {
      done.append(rest + chunk[from..<end])
      rest = []
      from = end + 1
    }
    rest += chunk[from...]
    return done
  }

  /// What stands after the last end of line; empty where nothing does.
  public var unfinished: [UInt8] { rest }
}
