// The sockets' own counts, for `/metrics`.
import Synchronization

/// Requests by route and code, since the start. The route is the pattern, so that no id becomes a label.
final class Tally: Sendable {
  struct Key: Hashable, Sendable {
    let route: String
    let code: Int
  }

  static let unmatched = "unmatched"

  private let counts = Mutex<[Key: Int]>([:])

  func count(route: String, code: Int) { counts.withLock { $0[Key(route: route, code: code), default: 0] += 1 } }

  var all: [Key: Int] { counts.withLock { $0 } }
}
