// A journal in memory that keeps what a disk would: the encoded lines and the rows. It can be full; a crash is the world's
// affair, before a write or after it.
import Convening
import Coordination
import Wire

public final class Disk: Journal {
  public private(set) var lines: [SealedLine] = []
  public private(set) var rows: [DiscussionID: DiscussionRow] = [:]
  public private(set) var positions: [DiscussionID: [AgencyID: PositionRow]] = [:]
  public private(set) var contacts: [ContactID: ContactRow] = [:]
  public private(set) var decided: [DiscussionID: Decided] = [:]
  private var streams: [String: [Int]] = [:]
  private var links: [Link] = []
  public var isFull = false

  public init() {}

  public func append(_ new: [SealedLine], _ changed: [Rows], _ contacts: [ContactRow]) -> Appended {
    if isFull { return .full }
    for line in new {
      links.append(Link(revision: line.revision, after: end(of: line.stream)))
      streams[line.stream, default: []].append(lines.count)
      lines.append(line)
    }
    for change in changed {
      rows[change.discussion.id] = change.discussion
      decided[change.discussion.id] = change.decided
      for position in change.positions { positions[change.discussion.id, default: [:]][position.agency] = position }
    }
    for row in contacts { self.contacts[row.id] = row }
    return .done
  }

  public func lines(of stream: Stream) -> [SealedLine] { (streams[stream.description] ?? []).map { lines[$0] } }

  public func forEachBatch(of size: Int, _ body: (LinkedLines) throws -> Void) throws {
    for start in stride(from: 0, to: lines.count, by: size) {
      let places = start..<min(lines.count, start + size)
      try body(LinkedLines(lines: Array(lines[places]), links: Array(links[places])))
    }
  }

  private func end(of stream: String) -> StreamEnd? {
    streams[stream]?.last.map { StreamEnd(stream: stream, seq: lines[$0].seq, revision: lines[$0].revision) }
  }

  public func streamEnds() -> [StreamEnd] { streams.keys.compactMap(end) }
  public func relink(appending new: [SealedLine], _ changed: [Rows], _ contacts: [ContactRow]) -> Appended {
    append(new, changed, contacts)
  }
  public var fault: String? { nil }
  public func releaseBallast() -> Bool { false }
  public func restoreBallast() -> Bool { false }
  public func hasRoom() -> Bool { true }
  public func close() {}
}
