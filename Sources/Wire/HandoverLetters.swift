// The letters that told of a discussion whoever took a place over in it. They stand in the streams of those who were told, since
// one letter tells of all that is open there; which is about this discussion is read in the letters' own words. One that had
// no room for all of it is about each.
import Convening

public struct HandoverLetters {
  /// Who took over, in whose stream what they are told stands.
  private struct Successor: Hashable {
    let stream: Stream
    let route: String
  }

  /// So many entries of the journal after a hand-over are read at once: its letter is nearly always among the first of them.
  public static let stretch = 2000
  /// So many more are looked through at most, for all hand-overs together: many discussions may change hands before a letter
  /// goes, and it may be tried for a day.
  public static let more = 10

  private let id: DiscussionID
  /// In the order of the hand-overs: who, after which entry.
  private let handovers: [(successor: Successor, seq: Int)]
  /// Those whose letter was not found yet, by their places.
  private var untold: Set<Int>
  /// Letters of which more may come.
  private var underWay: Set<String> = []
  /// Each letter's lines: after each hand-over the first to who took over that is about the discussion, and what came of it.
  public private(set) var found: [SealedLine] = []

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
    untold = Set(handovers.indices)
  }

  /// The names of the streams in which the letters stand.
  public var streams: Set<String> { Set(handovers.map(\.successor.stream.description)) }

  /// After which entries they are.
  public var moments: [Int] { handovers.map(\.seq) }

  /// Reads those streams' lines in their order, as many at a time as there are.
  public mutating func take(_ lines: [SealedLine]) {
    for line in lines {
      // Few of the lines are letters, and few need be parsed.
      guard let text = line.line else { continue }
      if text.contains("\"message\":\"handover\""), begins(line) {
        found.append(line)
      } else if let letter = underWay.first(where: text.contains) {
        found.append(line)
        if Self.settles(line) { underWay.remove(letter) }
      }
    }
  }

  /// Whether that hand-over has its letter, and nothing more comes of any that was found.
  ///
  /// - Parameter index: its place among `moments`.
  public func isWhole(_ index: Int) -> Bool { underWay.isEmpty && !untold.contains(index) }

  /// The first letter after a hand-over to who took over that is about the discussion. It tells of all hand-overs before it.
  private mutating func begins(_ line: SealedLine) -> Bool {
    guard let data = Self.read(line, of: "attemptBegan"), let letter = data["reminder"]?.string,
      let stream = Stream(line.stream), let route = data["route"]?.string, Self.mention(of: id, in: data) != .none
    else { return false }
    let successor = Successor(stream: stream, route: route)
    let told = untold.filter { handovers[$0].successor == successor && handovers[$0].seq <= line.seq }
    guard !told.isEmpty else { return false }
    untold.subtract(told)
    underWay.insert(letter)
    return true
  }

  /// Whether a letter is about a discussion.
  enum Mention {
    case named
    /// It says that more is open than it had room for.
    case amongMore
    case none
  }

  /// - Parameter data: of the entry that begins its first attempt; of another's nothing can be said.
  static func mention(of id: DiscussionID, in data: JSON) -> Mention {
    guard let body = data["body"]?.string else { return .none }
    let told: JSON?
    do throws(JSONFault) { told = try JSON(parsing: body)["data"] } catch { return .none }
    if told?["open"]?.array?.contains(where: { $0["discussion"]?.string == id.description }) ?? false { return .named }
    return told?["more"]?.int ?? 0 > 0 ? .amongMore : .none
  }

  /// Whether nothing more comes of the letter of this entry.
  private static func settles(_ line: SealedLine) -> Bool {
    if read(line, of: "reminderExpired") != nil { return true }
    let end = read(line, of: "attemptEnded") ?? read(line, of: "attemptLost")
    return end.map { $0["next"]?.string == nil } ?? false
  }

  /// What an entry says; nil where it is another event's, or cannot be read: the chain's check reports that.
  private static func read(_ line: SealedLine, of event: String) -> JSON? {
    guard let json = line.json, json["event"]?.string == event else { return nil }
    return json["data"]
  }
}
