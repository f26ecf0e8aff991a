// A disk made of memory: what a journal wrote, as it was written. It outlives the journals and records that are opened
// on it, as a disk does, and it is deterministic.
import Convening
import Coordination
import Synchronization
import Wire

public final class MemoryStore: Sendable {
  public struct State: Sendable {
    public internal(set) var lines: [SealedLine] = []
    public internal(set) var rows: [DiscussionID: Rows] = [:]
    public internal(set) var contacts: [ContactID: ContactRow] = [:]
    public internal(set) var hasBallast = true
    /// Places in `lines`.
    var streams: [String: [Int]] = [:]
    var links: [Link] = []
    var bytes = 0

    mutating func add(_ line: SealedLine) {
      links.append(Link(revision: line.revision, after: end(of: line.stream)))
      streams[line.stream, default: []].append(lines.count)
      lines.append(line)
      bytes += (line.line?.utf8.count ?? 0) + 80
    }

    func lines(of stream: Stream) -> [SealedLine] { (streams[stream.description] ?? []).map { lines[$0] } }

    func end(of stream: String) -> StreamEnd? {
      streams[stream]?.last.map { StreamEnd(stream: stream, seq: lines[$0].seq, revision: lines[$0].revision) }
    }
  }

  private let state = Mutex(State())

  public init() {}

  /// All of it, at this moment.
  public var snapshot: State { state.withLock { $0 } }

  func with<T: Sendable>(_ body: (inout State) -> T) -> T { state.withLock { body(&$0) } }
}
