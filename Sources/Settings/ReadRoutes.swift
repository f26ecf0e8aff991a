// Routes, agencies and the coordinator: who can be reached how, and who holds which place when.
import Convening
import Foundation
internal import Yams

extension SettingsReading {
  private static let routeKeys: Set = ["name", "phone", "url", "url_from", "secret", "ca_file", "insecure"]
  private static let laterRouteKeys: Set = [
    "format", "text_from", "proxy", "allow_addresses", "pins", "certificate", "key",
  ]

  mutating func readRoutes(_ node: Node?, _ secrets: SecretFolder) -> ([RouteSettings], [RouteName: RouteCard]) {
    var routes: [RouteSettings] = []
    var cards: [RouteName: RouteCard] = [:]
    for (key, value) in pairs(node, "routes") {
      guard let name: RouteName = report.slug(key, "a route's name") else { continue }
      routeNames.insert(name)
      let part = report.object(value, "route \(name)", Self.routeKeys, later: Self.laterRouteKeys)
      let label = report.text(part?["name"], "name") ?? name.text
      cards[name] = RouteCard(name: name, label: label, phone: report.text(part?["phone"], "phone"))
      let insecure = report.flag(part?["insecure"], "insecure") ?? false
      let texts = readSecrets(part, name, secrets)
      if let url = readURL(part, name, secrets, insecure), let texts {
        routes.append(
          RouteSettings(
            name: name, url: url, secrets: texts, caFile: path(part?["ca_file"], "ca_file"), insecure: insecure))
      }
    }
    return (routes, cards)
  }

  private func readSecrets(_ part: Members?, _ name: RouteName, _ secrets: SecretFolder) -> [String]? {
    guard let part, let node = report.required(part, "secret", "route \(name)"), let names = report.list(node, "secret")
    else {
      return nil
    }
    if names.isEmpty { report.add(node, "the list of secrets is empty", "Name one; `convenectl secret new` makes it.") }
    return names.compactMap { node in
      guard let name = fileName(node) else { return nil }
      guard let text = secrets.read(name) else {
        report.add(
          node, "the secret's file \(secrets.path(name)) cannot be read",
          "Make it: `convenectl secret new --out \(secrets.path(name))`.")
        return nil
      }
      let key = text.hasPrefix("whsec_") ? Data(base64Encoded: String(text.dropFirst(6))) : nil
      guard let key, (24...64).contains(key.count) else {
        report.add(
          node, "the file \(secrets.path(name)) holds no signing secret",
          "It is `whsec_` and the base64 of 24 to 64 bytes; `convenectl secret new` makes one.")
        return nil
      }
      if secrets.isExposed(name) {
        report.warn(node, "the secret's file \(secrets.path(name)) can be read by others", "chmod 600 it.")
      }
      return text
    }
  }

  /// A plain file name: a secret lies in its folder and nowhere else.
  private func fileName(_ node: Node) -> String? {
    guard let name = report.text(node, "a secret's name") else { return nil }
    guard !name.contains("/"), !name.hasPrefix(".") else {
      report.add(node, "a secret's name is not a plain file name", "Name a file in the folder of secrets.")
      return nil
    }
    return name
  }

  private func readURL(_ part: Members?, _ name: RouteName, _ secrets: SecretFolder, _ insecure: Bool) -> String? {
    guard let part else { return nil }
    let node: Node
    let url: String
    switch (part["url"], part["url_from"]) {
    case (let given?, nil):
      guard let text = report.text(given, "url") else { return nil }
      (node, url) = (given, text)
    case (nil, let from?):
      guard let file = fileName(from) else { return nil }
      guard let text = secrets.read(file) else {
        report.add(from, "the file \(secrets.path(file)) cannot be read", "Put the URL into it, on one line.")
        return nil
      }
      (node, url) = (from, text)
    case (nil, nil):
      report.add(
        part.node, "route \(name) has no `url`", "Add `url`, or `url_from` with a file of the secrets' folder.")
      return nil
    case (_?, let from?):
      report.add(from, "route \(name) has both `url` and `url_from`", "Keep one.")
      return nil
    }
    guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), let host = parts.host,
      !host.isEmpty, ["http", "https"].contains(scheme), parts.user == nil, parts.password == nil
    else {
      report.add(
        node, "the URL of route \(name) is not a plain https address", "Write `https://host/path`, without a user.")
      return nil
    }
    let loopback = ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host) || host.hasPrefix("127.")
    guard scheme == "https" || loopback || insecure else {
      report.add(
        node, "the URL of route \(name) is not https",
        "Use https; plain http is for this machine alone, or with `insecure: true`.")
      return nil
    }
    return url
  }

  mutating func readAgencies(_ node: Node?) -> [Agency] {
    var agencies: [Agency] = []
    for (key, value) in pairs(node, "agencies") {
      guard let id: AgencyID = report.slug(key, "an agency's name") else { continue }
      if id == "coordination" { report.add(key, "`coordination` stands for the coordinator", "Choose another name.") }
      agencyNames.insert(id)
      let part = report.object(
        value, "agency \(id)", ["name", "contact", "deputy", "lead"], later: ["units", "counts", "at_once"])
      var places: [Place: [Holding]] = [:]
      for place in [Place.contact, .deputy, .lead] {
        guard let table = part?[place.rawValue] else { continue }
        places[place] = readTable(table, "\(place.rawValue) of \(id)")
      }
      if part != nil, part?["contact"] == nil {
        report.add(
          value, "agency \(id) has no `contact`", "Name its single point of contact: `contact: [{always: …}]`.")
      }
      filledPlaces[id] = Set(places.keys)
      agencies.append(Agency(id: id, name: report.text(part?["name"], "name") ?? id.text, places: places))
    }
    return agencies
  }

  mutating func readCoordinator(_ node: Node?) -> [Holding] {
    let part = report.object(node, "coordination", ["coordinator"])
    hasCoordinator = part?["coordinator"] != nil
    return readTable(report.required(part, "coordinator", "coordination"), "coordinator")
  }

  /// Who holds a place at which hours; the last line holds it whenever no other does.
  private mutating func readTable(_ node: Node?, _ name: String) -> [Holding] {
    guard let node, let lines = report.list(node, name) else { return [] }
    var holdings: [Holding] = []
    for line in lines {
      guard let (hours, value) = holding(line, name), let route: RouteName = report.slug(value, "a route") else {
        continue
      }
      usedRoutes.insert(route)
      if !routeNames.contains(route) { report.add(value, "no route goes by this name", "Define it under `routes`.") }
      holdings.append(Holding(hours: hours, route: route))
    }
    if lines.isEmpty || (holdings.count == lines.count && holdings.last?.hours != nil) {
      report.add(node, "\(name) has hours that nobody holds", "End the list with `{otherwise: …}` or `{always: …}`.")
    }
    return holdings
  }

  func pairs(_ node: Node?, _ name: String) -> [(Node, Node)] {
    guard let node else { return [] }
    guard let mapping = node.mapping, !mapping.isEmpty else {
      report.add(node, "\(name) is empty or not a list of names", "Write `name: {…}` lines below it.")
      return []
    }
    return mapping.map { ($0.key, $0.value) }
  }
}
