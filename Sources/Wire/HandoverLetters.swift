// The letters that told of a discussion whoever took a place over in it. They stand in the streams of those who were told, since
// one letter tells of all that is open there; which is about this discussion is read in the letters' own words.
import Convening

public struct HandoverLetters {
  /// Who took over, in whose stream what they are told stands.
  private struct Successor: Hashable {
    let stream: Stream
    let route: String
  }

  /// So many entries of the journal after a hand-over are looked through: its letter is among the first of them.
  public static let reach = 2000

  private let id: DiscussionID
  /// In the order of the hand-overs: who, after which entry.
  private let handovers: [(successor: Successor, seq: Int)]

  /// - Parameter lines: the discussion's own.
  public init(of id: DiscussionID, _ lines: [SealedLine]) {
    self.id = id
    var handovers: [(Successor, Int)] = []
    for line in lines where line.line?.contains("\"event\":\"handedOver\"") ?? false {
      guard let data = Self.read(line, of: "handedOver"), let route = data["route"]?.string,
        let agency = data["agency"]?.string.flatMap({ AgencyID($0) })
      else { continue }
      let isOurs = data["place"]?.string.flatMap(Place.init)?.isTold ?? false
      handovers.append((Successor(stream: .agency(isOurs ? .coordination : agency), route: route), line.seq))
    }
    self.handovers = handovers
  }

  /// The names of the streams in which the letters stand.
  public var streams: Set<String> { Set(handovers.map(\.successor.stream.description)) }

  /// After which entries they are.
  public var moments: [Int] { handovers.map(\.seq) }

  /// Of those streams' lines each letter's: after each hand-over the first to who took over that names the discussion, and what
  /// came of it.
  public func among(_ lines: [SealedLine]) -> [SealedLine] {
    var untold = handovers
    var letters: Set<String> = []
    return lines.sorted { $0.seq < $1.seq }.filter { line in
      // Few of the lines are letters, and few need be parsed.
      guard let text = line.line else { return false }
      if text.contains("\"message\":\"handover\""), text.contains(id.description),
        let data = Self.read(line, of: "attemptBegan"), let letter = data["reminder"]?.string,
        let stream = Stream(line.stream), let route = data["route"]?.string
      {
        let successor = Successor(stream: stream, route: route)
        let left = untold.filter { $0.successor != successor || $0.seq > line.seq }
        guard left.count < untold.count else { return false }
        untold = left
        letters.insert(letter)
        return true
      }
      return letters.contains { text.contains($0) }
    }
  }

  /// What an entry says; nil where it is another event's, or cannot be read: the chain's check reports that.
  private static func read(_ line: SealedLine, of event: String) -> JSON? {
    guard let json = TimelineDocument.parsed(line), json["event"]?.string == event else { return nil }
    return json["data"]
  }
}
