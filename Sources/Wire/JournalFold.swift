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
  private var contacts: [ContactID: FrontDoorContact] = [:]
  private var contactOrder: [ContactID] = []
  /// Front-door contacts, as above.
  public private(set) var erasedContacts: Set<ContactID> = []

  public init() {}

  /// The next entries, in their order.
  ///
  /// Throws: `LineFault`, for a line that is whole and that this version cannot read.
  public mutating func take(_ lines: [SealedLine]) throws(LineFault) {
    for line in lines {
      if line.line == nil { note(erased: Stream(line.stream)) }
      guard case .entry(let entry) = try line.reading() else { continue }
      if case .policyAdopted(let policy, let ref) = entry.event { policies.adopt(policy, as: ref) }
      if case .frontDoor(let id) = entry.stream {
        if contacts[id] == nil { contactOrder.append(id) }
        contacts[id] = FrontDoorContact.evolved(contacts[id], entry)
      }
      guard case .discussion(let id) = entry.stream else { continue }
      if discussions[id] == nil { order.append(id) }
      discussions[id] = evolve(discussions[id], entry)
    }
  }

  private mutating func note(erased stream: Stream?) {
    switch stream {
    case .discussion(let id): erased.insert(id)
    case .frontDoor(let id): erasedContacts.insert(id)
    case .agency, .policy, .calendar, .daemon, .audit, .report, nil: break
    }
  }

  /// The same of the front-door contacts.
  public func contactRows(keeping stored: [ContactRow]) -> [ContactRow] {
    stored.filter { erasedContacts.contains($0.id) } + foldedContacts
  }

  private var foldedContacts: [ContactRow] {
    contactOrder.compactMap { id in erasedContacts.contains(id) ? nil : contacts[id]?.row }
  }

  /// The front-door contacts whose row is not what the entries come to, is missing, or belongs to nothing.
  public func differing(from stored: [ContactRow]) -> [ContactID] {
    let right = Dictionary(uniqueKeysWithValues: foldedContacts.map { ($0.id, $0) })
    let there = Dictionary(stored.map { ($0.id, $0) }) { first, _ in first }
    return Set(right.keys).union(there.keys).filter { right[$0] != there[$0] && !erasedContacts.contains($0) }.sorted()
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
