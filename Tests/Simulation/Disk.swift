// A journal in memory that keeps what a disk would: the encoded lines and the rows. It can be full; a crash is the world's
// affair, before a write or after it.
import Convening
import Coordination
import Wire

public final class Disk: Journal {
  public private(set) var lines: [SealedLine] = []
  public private(set) var rows: [DiscussionID: DiscussionRow] = [:]
  public private(set) var positions: [DiscussionID: [AgencyID: PositionRow]] = [:]
  private var streams: [String: [Int]] = [:]
  public var isFull = false

  public init() {}

  public func append(_ new: [SealedLine], _ changed: [Rows]) -> Appended {
    if isFull { return .full }
    for line in new {
      streams[line.stream, default: []].append(lines.count)
      lines.append(line)
    }
    for change in changed {
      rows[change.discussion.id] = change.discussion
      for position in change.positions { positions[change.discussion.id, default: [:]][position.agency] = position }
    }
    return .done
  }

  public func lines(of stream: Stream) -> [SealedLine] { (streams[stream.description] ?? []).map { lines[$0] } }

  public func forEachBatch(of size: Int, _ body: ([SealedLine]) throws -> Void) throws {
    for start in stride(from: 0, to: lines.count, by: size) {
      try body(Array(lines[start..<min(lines.count, start + size)]))
    }
  }

  public func lastKnown() -> Int { lines.count }
  public func relink() -> Appended { .done }
  public var fault: String? { nil }
  public func releaseBallast() -> Bool { false }
  public func restoreBallast() -> Bool { false }
  public func close() {}
}
