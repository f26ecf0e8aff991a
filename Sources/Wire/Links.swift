// What a store keeps beside the entries so that one stream's are found among all: which one comes before each, and
// where each stream ends. The chain does not cover it: it follows from the entries, and who doubts it derives it anew.

/// What an entry says of the one before it in its stream.
public struct Link: Hashable, Sendable, CustomStringConvertible {
  /// Its `seq`; 0 where there is none.
  public let previous: Int
  /// Entries are missing between the two, and somebody accepted that.
  public let isGap: Bool

  public init(previous: Int, isGap: Bool = false) { (self.previous, self.isGap) = (previous, isGap) }

  /// What an entry of this revision should say after the last one before it in its stream.
  public init(revision: Int, after last: StreamEnd?) {
    self.init(previous: last?.seq ?? 0, isGap: revision != (last?.revision ?? 0) + 1)
  }

  public var description: String {
    switch (previous, isGap) {
    case (0, false): "is the first of its stream"
    case (0, true): "is the first of its stream that is left"
    case (_, false): "follows entry \(previous)"
    case (_, true): "follows entry \(previous), with others missing between them"
    }
  }
}

/// Where a stream ends.
public struct StreamEnd: Hashable, Sendable {
  /// `discussion/7Q2F-M9KD`
  public let stream: String
  /// Of its last entry.
  public let seq: Int
  public let revision: Int

  public init(stream: String, seq: Int, revision: Int) {
    (self.stream, self.seq, self.revision) = (stream, seq, revision)
  }
}

/// Entries in the order of the journal, and the link of each.
public struct LinkedLines: Hashable, Sendable {
  public let lines: [SealedLine]
  public let links: [Link]

  public init(lines: [SealedLine], links: [Link]) { (self.lines, self.links) = (lines, links) }
}
