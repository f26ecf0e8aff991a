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
  /// So many such stretches are looked through at most: many discussions may change hands before the letter goes, and it may
  /// be tried for a day.
  public static let most = 10

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

  /// Of those streams' lines each letter's: after each hand-over the first to who took over that is about the discussion, and
  /// what came of it.
  public func among(_ lines: [SealedLine]) -> [SealedLine] { among(lines, ofFirst: handovers.count).letters }

  /// Whether those lines have a letter for each of the first hand-overs, and nothing more comes of any.
  public func areWhole(_ lines: [SealedLine], forFirst count: Int) -> Bool { among(lines, ofFirst: count).areWhole }

  private func among(_ lines: [SealedLine], ofFirst count: Int) -> (letters: [SealedLine], areWhole: Bool) {
    var untold = handovers.prefix(count)
    var letters: Set<String> = []
    var settled: Set<String> = []
    let found = lines.sorted { $0.seq < $1.seq }.filter { line in
      // Few of the lines are letters, and few need be parsed.
      guard let text = line.line else { return false }
      if text.contains("\"message\":\"handover\""),
        let data = Self.read(line, of: "attemptBegan"), let letter = data["reminder"]?.string,
        let stream = Stream(line.stream), let route = data["route"]?.string, Self.mention(of: id, in: data) != .none
      {
        let successor = Successor(stream: stream, route: route)
        let before = untold.count
        untold.removeAll { $0.successor == successor && $0.seq <= line.seq }
        guard untold.count < before else { return false }
        letters.insert(letter)
        return true
      }
      guard let letter = letters.first(where: text.contains) else { return false }
      if Self.settles(line) { settled.insert(letter) }
      return true
    }
    return (found, untold.isEmpty && settled == letters)
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
