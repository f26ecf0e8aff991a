// What the settings call agencies and routes, so that every screen names them alike. Read from whatever document says it:
// `GET /v1/agencies` of all, the status document of the agencies.
import Wire

public struct Names: Hashable, Sendable {
  private var agencies: [String: String] = [:]
  private var routes: [String: String] = [:]
  /// By their agencies.
  private var units: [String: [String: String]] = [:]

  public init() {}

  /// Those that the document names; none of one that names nobody.
  public init(_ document: JSON) {
    for agency in document.items("agencies") {
      if let id = agency.text("agency"), let name = agency.text("name"), !name.isEmpty { agencies[id] = name }
      for unit in agency.items("units") {
        guard let id = agency.text("agency"), let name = unit.text("unit"), let label = unit.text("label") else {
          continue
        }
        units[id, default: [:]][name] = label
      }
    }
    for route in document.items("routes") {
      if let name = route.text("route"), let label = route.text("label"), !label.isEmpty { routes[name] = label }
    }
  }

  /// "Children's Social Care"; where no document says it, what `Words` makes of the id.
  func agency(_ id: String) -> String { agencies[id] ?? Words.agency(id) }

  /// "On-call nurse"; the route's own name where it has no other.
  public func route(_ name: String) -> String { routes[name] ?? name }

  /// "Community trust"; the unit's own name where no document says another.
  func unit(_ name: String, of agency: String) -> String { units[agency]?[name] ?? Words.plain(name) }

  /// These, and what others know beside.
  func and(_ others: Names) -> Names {
    var all = self
    all.agencies.merge(others.agencies) { mine, _ in mine }
    all.routes.merge(others.routes) { mine, _ in mine }
    all.units.merge(others.units) { mine, theirs in mine.merging(theirs) { mine, _ in mine } }
    return all
  }
}
