// What a whole journal comes to: the rows that lists and reports should be reading. The chain covers the entries alone; this
// is how somebody who doubts the rows holds them against it, or makes them anew.
import Convening

public struct JournalFold: Sendable {
  private var discussions: [DiscussionID: Discussion] = [:]
  private var policies = Policies()
  /// As they were convened.
  private var order: [DiscussionID] = []
  /// Discussions with entries that were erased: what is left of those stands in their rows alone.
  public private(set) var erased: Set<DiscussionID> = []

  public init() {}

  /// The next entries, in their order.
  ///
  /// Throws: `LineFault`, for a line that is whole and that this version cannot read.
  public mutating func take(_ lines: [SealedLine]) throws(LineFault) {
    for line in lines {
      if line.line == nil, case .discussion(let id) = Stream(line.stream) { erased.insert(id) }
      guard case .entry(let entry) = try line.reading() else { continue }
      if case .policyAdopted(let policy, let ref) = entry.event { policies.adopt(policy, as: ref) }
      guard case .discussion(let id) = entry.stream else { continue }
      if discussions[id] == nil { order.append(id) }
      discussions[id] = evolve(discussions[id], entry)
    }
  }

  /// All rows as they should be: of those that are stored, what belongs to erased entries; then, in the order of convening,
  /// what the entries come to.
  public func rows(keeping stored: [Rows]) -> [Rows] { stored.filter { erased.contains($0.discussion.id) } + folded }

  private var folded: [Rows] {
    order.compactMap { id in
      guard !erased.contains(id), let discussion = discussions[id], let policy = policies[discussion.policy] else {
        return nil
      }
      return discussion.rows(under: policy)
    }
  }

  /// The discussions whose rows are not what the entries come to, are missing, or belong to nothing.
  public func differing(from stored: [Rows]) -> [DiscussionID] {
    let right = Dictionary(uniqueKeysWithValues: folded.map { ($0.discussion.id, $0) })
    let there = Dictionary(stored.map { ($0.discussion.id, $0) }) { first, _ in first }
    return Set(right.keys).union(there.keys).filter { right[$0] != there[$0] && !erased.contains($0) }.sorted()
  }
}
