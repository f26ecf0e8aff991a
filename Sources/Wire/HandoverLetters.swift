// The letters that told of a discussion whoever took a place over in it. They stand in the streams of those who were told, since
// one letter tells of all that is open there; which is about this discussion is read in the letters' own words.
import Convening

public struct HandoverLetters {
  /// Who took over, in whose stream what they are told stands.
  private struct Successor: Hashable {
    let stream: Stream
    let route: String
  }

  private let id: DiscussionID
  /// Since when each has something of it.
  private let successors: [Successor: Int]

  /// - Parameter lines: the discussion's own.
  public init(of id: DiscussionID, _ lines: [SealedLine]) {
    self.id = id
    var successors: [Successor: Int] = [:]
    for line in lines where line.line?.contains("\"event\":\"handedOver\"") ?? false {
      guard let data = Self.read(line, of: "handedOver"), let route = data["route"]?.string,
        let agency = data["agency"]?.string.flatMap({ AgencyID($0) })
      else { continue }
      let isOurs = data["place"]?.string.map { [Place.coordinator.rawValue, Place.convener.rawValue].contains($0) }
      let successor = Successor(stream: .agency(isOurs ?? false ? .coordination : agency), route: route)
      successors[successor] = min(successors[successor] ?? line.seq, line.seq)
    }
    self.successors = successors
  }

  /// Which streams have to be looked at, and after which entry.
  public var streams: [Stream: Int] {
    Dictionary(successors.map { ($0.stream, $1) }, uniquingKeysWith: min)
  }

  /// Of those streams' lines each letter's: the first that names the discussion to each who took over, and what came of it.
  public func among(_ lines: [SealedLine]) -> [SealedLine] {
    var told: Set<Successor> = []
    var letters: Set<String> = []
    return lines.sorted { $0.seq < $1.seq }.filter { line in
      // Few lines are read: a stream holds every letter of years.
      guard let text = line.line else { return false }
      if text.contains("\"message\":\"handover\""), text.contains(id.description),
        let data = Self.read(line, of: "attemptBegan"), let letter = data["reminder"]?.string,
        let stream = Stream(line.stream), let route = data["route"]?.string
      {
        let successor = Successor(stream: stream, route: route)
        guard let since = successors[successor], line.seq > since, told.insert(successor).inserted else { return false }
        letters.insert(letter)
        return true
      }
      return letters.contains { text.contains($0) }
    }
  }

  /// What an entry says; nil where it is another event's, or cannot be read: the chain's check reports that.
  private static func read(_ line: SealedLine, of event: String) -> JSON? {
    guard let text = line.line else { return nil }
    do throws(JSONFault) {
      let json = try JSON(parsing: text)
      return json["event"]?.string == event ? json["data"] : nil
    } catch { return nil }
  }
}
