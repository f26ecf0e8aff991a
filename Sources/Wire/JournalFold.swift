// What a whole journal comes to: the rows that lists and reports should be reading. The chain covers the entries alone; this
// is how somebody who doubts the rows holds them against it, or makes them anew.
import Convening

public struct JournalFold: Sendable {
  private var discussions: [DiscussionID: Discussion] = [:]
  private var policies = Policies()
  /// As they were convened.
  private var order: [DiscussionID] = []
  private var erased: Set<DiscussionID> = []

  public init() {}

  /// The next entries, in their order.
  ///
  /// Throws: `LineFault`, for a line that is whole and that this version cannot read.
  public mutating func take(_ lines: [SealedLine]) throws(LineFault) {
    for line in lines {
      guard let entry = try line.entry() else {
        if case .discussion(let id) = Stream(line.stream) { erased.insert(id) }
        continue
      }
      if case .policyAdopted(let policy, let ref) = entry.event { policies.adopt(policy, as: ref) }
      guard case .discussion(let id) = entry.stream else { continue }
      if discussions[id] == nil { order.append(id) }
      discussions[id] = evolve(discussions[id], entry)
    }
  }

  /// In the order of convening. Not of discussions of which entries were erased: their rows stand in what erased them.
  public var rows: [Rows] {
    order.compactMap { id in
      guard !erased.contains(id), let discussion = discussions[id], let policy = policies[discussion.policy] else {
        return nil
      }
      return discussion.rows(under: policy)
    }
  }

  /// The discussions whose rows are not what the entries come to, are missing, or belong to nothing.
  public func differing(from stored: [Rows]) -> [DiscussionID] {
    let right = Dictionary(uniqueKeysWithValues: rows.map { ($0.discussion.id, $0) })
    let there = Dictionary(stored.map { ($0.discussion.id, $0) }) { first, _ in first }
    return Set(right.keys).union(there.keys).filter { right[$0] != there[$0] && !erased.contains($0) }.sorted()
  }
}
