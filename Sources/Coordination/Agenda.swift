// When to look at which discussion: a heap with lazy deletion, never a scan. Of those due at the same instant the one that
// was convened first goes first: nobody is favoured, and what stands together in the journal is written together.
import Collections
import Convening

struct Agenda: Sendable {
  private var heap = Heap<Item>()
  private var moments: [DiscussionID: Instant] = [:]

  private struct Item: Comparable {
    let at: Instant
    let convenedAt: Instant
    let id: DiscussionID
    static func < (a: Item, b: Item) -> Bool { (a.at, a.convenedAt, a.id) < (b.at, b.convenedAt, b.id) }
  }

  /// The earliest moment.
  var next: Instant? { heap.min?.at }

  /// The discussion's one moment; nil: none.
  mutating func set(_ id: DiscussionID, convenedAt: Instant, at moment: Instant?) {
    guard moments[id] != moment else { return }
    moments[id] = moment
    if let moment { heap.insert(Item(at: moment, convenedAt: convenedAt, id: id)) }
    if heap.count > 2 * moments.count + 1000 { heap = Heap(heap.unordered.filter { moments[$0.id] == $0.at }) }
    dropStale()
  }

  mutating func forget(_ id: DiscussionID) {
    moments[id] = nil
    dropStale()
  }

  /// Takes out the first whose moment has come.
  mutating func takeDue(at now: Instant) -> DiscussionID? {
    guard let first = heap.min, first.at <= now else { return nil }
    heap.removeMin()
    moments[first.id] = nil
    dropStale()
    return first.id
  }

  /// What stands on top is true.
  private mutating func dropStale() {
    while let first = heap.min, moments[first.id] != first.at { heap.removeMin() }
  }
}
