// How many attempts an endpoint bears: CONTRACT.md 1, counted from outside and never asked of the docket.
import Convening

/// The slots of the endpoints by CONTRACT.md 1, counted from outside.
struct Slots {
  var most = 8
  private var underWay: [RouteName: Set<ReminderID>] = [:]
  private var bears: [RouteName: Int] = [:]
  private var timedOut: Set<RouteName> = []

  var inAll: Int { underWay.values.reduce(0) { $0 + $1.count } }

  func hasRoom(_ route: RouteName, inAll limit: Int) -> Bool {
    inAll < limit && underWay[route, default: []].count < (timedOut.contains(route) ? 1 : bears[route] ?? most)
  }

  mutating func begin(_ route: RouteName, _ id: ReminderID) { underWay[route, default: []].insert(id) }

  mutating func lose(_ route: RouteName, _ id: ReminderID) { underWay[route]?.remove(id) }

  mutating func end(_ route: RouteName, _ id: ReminderID, _ answer: Answer) {
    underWay[route]?.remove(id)
    switch answer.verdict {
    case .accepted:
      if timedOut.remove(route) == nil { bears[route] = min(most, (bears[route] ?? most) + 1) }
    case .retry:
      if [429, 502, 504].contains(answer.status) { bears[route] = max(1, (bears[route] ?? most) / 2) }
      if answer.fault == "timeout" { timedOut.insert(route) }
    case .misconfigured, .gone: break
    }
  }

  mutating func forget(_ route: RouteName) { (bears[route], timedOut) = (nil, timedOut.subtracting([route])) }
}
