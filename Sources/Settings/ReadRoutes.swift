// Routes, agencies and the coordinator: who can be reached how, and who holds which place when.
import Convening
import Foundation
import Wire
internal import Yams

extension SettingsReading {
  private static let routeKeys: Set = [
    "name", "phone", "url", "url_from", "secret", "ca_file", "insecure", "allow_addresses", "pins", "certificate",
    "key",
    "proxy",
  ]
  private static let laterRouteKeys: Set = [
    "format", "text_from",
  ]

  mutating func readRoutes(
    _ node: Node?, _ secrets: SecretFolder, proxy all: Node? = nil
  ) -> ([RouteSettings], [RouteName: RouteCard]) {
    let common = all.flatMap(readProxy)
    guard let node else { return ([], [:]) }
    var (routes, cards): ([RouteSettings], [RouteName: RouteCard]) = ([], [:])
    routeNames = []
    var keys: [String: String] = [:]
    for (key, value) in report.pairs(node, "routes") {
      guard let name: RouteName = report.slug(key, "a route's name") else { continue }
      routeNames?.insert(name)
      let part = report.object(value, "route \(name)", Self.routeKeys, later: Self.laterRouteKeys)
      let label = report.text(part?["name"], "name") ?? name.text
      cards[name] = RouteCard(name: name, label: label, phone: report.text(part?["phone"], "phone"))
      let insecure = report.flag(part?["insecure"], "insecure") ?? false
      let texts = readSecrets(report.required(part, "secret", "route \(name)"), secrets)
      let authorities = readAuthorities(part?["ca_file"])
      let addresses = readAddresses(part?["allow_addresses"])
      let tls = RouteTLS(pins: readPins(part?["pins"]), identity: readIdentity(part, secrets))
      // libcurl tells kept connections apart by the certificate alone.
      if let identity = tls.identity,
        keys.updateValue(identity.key, forKey: identity.certificate) ?? identity.key != identity.key
      {
        report.add(
          part?["key"], "another route shows the same certificate with another key", "Give each its own certificate.")
      }
      let own = part?["proxy"].map(readProxy)
      if let url = readURL(part, name, secrets, insecure, addresses) {
        routes.append(
          RouteSettings(
            name: name, url: url, secrets: texts, caFile: authorities, insecure: insecure, addresses: addresses,
            // To this machine nothing goes by way of another, unless the route says so.
            tls: tls, proxy: own ?? (address(url)?.isThisMachine ?? false ? nil : common)))
      }
    }
    return (routes, cards)
  }

  private func address(_ text: String) -> WebAddress? {
    do throws(WebAddress.Fault) { return try WebAddress(text) } catch { return nil }
  }

  /// nil for `none`, and for what is none.
  private func readProxy(_ node: Node) -> String? {
    guard let text = report.text(node, "proxy"), text != "none" else { return nil }
    if address(text)?.isRoot ?? false { return text }
    report.add(node, "the proxy is no plain address", "Write `http://proxy.example:3128`, without a user; or `none`.")
    return nil
  }

  private func readPins(_ node: Node?) -> [PublicKeyPin] {
    let nodes =
      report.list(node, "pins", empty: "Leave it out: then any key counts that the authorities vouch for.") ?? []
    return nodes.compactMap { node in
      guard let text = report.text(node, "a pin") else { return nil }
      if let pin = PublicKeyPin(text) { return pin }
      report.add(
        node, "a pin is not the hash of a public key",
        "Write `sha256//` and the base64 of its SHA-256; convened.yaml(5) says how to get it.")
      return nil
    }
  }

  /// Both or neither: a certificate is no proof without its key.
  private func readIdentity(_ part: Members?, _ secrets: SecretFolder) -> RouteTLS.Identity? {
    guard let part else { return nil }
    switch (part["certificate"], part["key"]) {
    case (nil, nil): return nil
    case (let certificate?, let key?):
      guard let name = fileName(key, "key"),
        let chain = readCertificates(
          certificate, "certificate",
          "Put the certificate there that this end shows of itself, as PEM, and those of the authorities between.")?
          .text
      else { return nil }
      guard let text = secrets.read(name) else {
        report.add(
          key, "the file \(secrets.path(name)) cannot be read",
          secrets.mend(name, make: "Put the certificate's private key into it, as PEM, and `chmod 600` it."))
        return nil
      }
      guard text.contains("PRIVATE KEY-----"), !text.contains("ENCRYPTED") else {
        report.add(
          key, "the file \(secrets.path(name)) holds no private key that can be read without a word",
          "Put the certificate's private key into it, as PEM, not encrypted.")
        return nil
      }
      warnIfExposed(key, name, secrets)
      return RouteTLS.Identity(certificate: chain, key: text + "\n")
    case (let node?, nil), (nil, let node?):
      report.add(node, "`certificate` and `key` go together", "Give both, or neither.")
      return nil
    }
  }

  private func readSecrets(_ node: Node?, _ secrets: SecretFolder) -> [String] {
    let nodes = report.list(node, "secret", empty: "Name one; `convenectl secret new` makes it.") ?? []
    var names: Set<String> = []
    return nodes.compactMap { node in
      if node.mapping != nil {
        report.add(node, "a secret with `until` is not in this version yet", "Write the name alone; newest first.")
        return nil
      }
      guard let name = fileName(node, "a secret's name") else { return nil }
      if !names.insert(name).inserted { report.add(node, "the secret stands here twice", "Name it once.") }
      guard let text = secrets.read(name) else {
        let make = "Make it: `convenectl secret new --out \(secrets.path(name))`."
        report.add(node, "the secret's file \(secrets.path(name)) cannot be read", secrets.mend(name, make: make))
        return nil
      }
      // As the one who signs reads it: what the check accepts, the start must.
      guard WebhookSecret(text) != nil else {
        report.add(
          node, "the file \(secrets.path(name)) holds no signing secret",
          "It is `whsec_` and the base64 of 24 to 64 bytes; `convenectl secret new` makes one.")
        return nil
      }
      warnIfExposed(node, name, secrets)
      return text
    }
  }

  private func warnIfExposed(_ node: Node, _ name: String, _ secrets: SecretFolder) {
    guard secrets.isExposed(name) else { return }
    let path = secrets.path(name)
    report.warn(node, "the secret's file \(path) can be read by others than its owner", "`chmod 600 \(path)`")
  }

  /// A plain file name: a secret lies in its folder and nowhere else. What stands here may be the secret itself, by
  /// mistake: it is not repeated unless it looks like a name.
  private func fileName(_ node: Node, _ what: String) -> String? {
    guard let name = report.text(node, what) else { return nil }
    let legal = name.utf8.allSatisfy {
      (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || "._-".utf8.contains($0)
    }
    guard legal, !name.hasPrefix("."), !name.hasPrefix("whsec_"), name.utf8.count <= 63 else {
      report.add(
        node, "\(what) is not a plain file name",
        "Put what is secret into a file among the secrets, and write the file's name here: letters, digits, . _ -")
      return nil
    }
    return name
  }

  private func readAddresses(_ node: Node?) -> AddressRule {
    let nodes = report.list(node, "allow_addresses", empty: "Leave it out: public addresses need no word.") ?? []
    return AddressRule(
      allowing: nodes.compactMap { node in
        guard let text = report.text(node, "an address") else { return nil }
        if let range = AddressRange(text) { return range }
        report.add(
          node, "`\(text)` is neither an address nor a range of addresses",
          "Write `10.44.0.0/16`, `10.44.3.7` or `fd12:3456::/32`, with no bit set beyond its length.")
        return nil
      })
  }

  private func readURL(
    _ part: Members?, _ name: RouteName, _ secrets: SecretFolder, _ insecure: Bool, _ addresses: AddressRule
  ) -> String? {
    guard let part else { return nil }
    switch (part["url"], part["url_from"]) {
    case (let node?, nil):
      return report.text(node, "url").flatMap { checked($0, node, name, insecure, addresses) }
    case (nil, let node?):
      guard let file = fileName(node, "url_from") else { return nil }
      guard let text = secrets.read(file) else {
        let make = "Put the URL into it, on one line, and `chmod 600` it."
        report.add(node, "the file \(secrets.path(file)) cannot be read", secrets.mend(file, make: make))
        return nil
      }
      warnIfExposed(node, file, secrets)
      return checked(text, node, name, insecure, addresses)
    case (nil, nil):
      report.add(
        part.node, "route \(name) has no `url`", "Add `url`, or `url_from` with a file of the secrets' folder.")
      return nil
    case (_?, let node?):
      report.add(node, "route \(name) has both `url` and `url_from`", "Keep one.")
      return nil
    }
  }

  private func checked(
    _ url: String, _ node: Node, _ name: RouteName, _ insecure: Bool, _ addresses: AddressRule
  ) -> String? {
    let address: WebAddress
    do throws(WebAddress.Fault) { address = try WebAddress(url) } catch {
      switch error {
      case .shape:
        report.add(
          node, "the URL of route \(name) is not a plain https address", "Write `https://host/path`, without a user.")
      case .host:
        report.add(
          node, "the host in the URL of route \(name) is neither a name nor an address",
          "Write it in letters, digits, `.`, `-` and `_`, or as `[2001:db8::1]`.")
      case .port:
        report.add(
          node, "the port in the URL of route \(name) is not from 1 to 65535",
          "Write `https://host:8443/path`, or leave the port out.")
      }
      return nil
    }
    guard address.scheme == "https" || insecure || address.isThisMachine else {
      report.add(
        node, "the URL of route \(name) is not https",
        "Use https; plain http is for this machine alone, or with `insecure: true`.")
      return nil
    }
    // What a name resolves to is seen when it is dialled; an address is what it is.
    if !address.isThisMachine, let literal = address.literal, let special = addresses.refusal(of: literal) {
      report.add(
        node, "the URL of route \(name) leads to \(literal), which is \(special.rawValue)",
        "If it is meant: `allow_addresses: [\(literal)]` at the route, or the whole network that the receiver is in.")
      return nil
    }
    return url
  }

  private func readAuthorities(_ node: Node?) -> String? {
    readCertificates(node, "ca_file", "Put the agency's certificate authority there, as PEM.")?.path
  }

  /// A PEM file with one or more.
  private func readCertificates(_ node: Node?, _ name: String, _ mend: String) -> (path: String, text: String)? {
    guard let path = path(node, name) else { return nil }
    let pem = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    guard let pem, pem.contains("-----BEGIN CERTIFICATE-----") else {
      report.add(node, "the file \(path) \(pem == nil ? "cannot be read" : "holds no certificate")", mend)
      return nil
    }
    return (path, pem)
  }
}

// MARK: - Agencies

extension SettingsReading {
  mutating func readAgencies(_ node: Node?) -> [Agency] {
    guard let node else { return [] }
    var agencies: [Agency] = []
    (agencyNames, filledPlaces) = ([], filledPlaces ?? [])
    for (key, value) in report.pairs(node, "agencies") {
      guard let id: AgencyID = report.slug(key, "an agency's name") else { continue }
      if id == "coordination" { report.add(key, "`coordination` stands for the coordinator", "Choose another name.") }
      agencyNames?.insert(id)
      let part = report.object(
        value, "agency \(id)", ["name", "contact", "deputy", "lead", "at_once", "units", "counts"])
      var places: [Place: [Holding]] = [:]
      for place in Place.ofAgencies {
        guard let table = part?[place.rawValue] else { continue }
        places[place] = holdings(table, "\(place.rawValue) of \(id)")
      }
      if let part, part["contact"] == nil {
        report.add(key, "agency \(id) has no `contact`", "Name its single point of contact: `contact: [{always: …}]`.")
      }
      filledPlaces?.formUnion(places.keys)
      agencies.append(
        Agency(
          id: id, name: report.text(part?["name"], "name") ?? id.text, places: places,
          atOnce: part?["at_once"].flatMap { report.count($0, "at_once", 1...99) },
          units: readUnits(part?["units"], of: id), counts: readCounts(part, of: id)))
    }
    return agencies
  }

  /// What each is called, by its short name.
  private func readUnits(_ node: Node?, of agency: AgencyID) -> [Agency.Unit] {
    let name = "units of \(agency)"
    let pairs = report.pairs(node, name)
    if pairs.count > 20 { report.add(node, "\(name) are more than 20", "Name at most 20.") }
    return pairs.compactMap { key, value in
      guard let id: UnitID = report.slug(key, "a unit's name") else { return nil }
      return Agency.Unit(id: id, label: report.text(value, "unit \(id)") ?? id.text)
    }
  }

  private func readCounts(_ part: Members?, of agency: AgencyID) -> UnitRule {
    guard let node = part?["counts"] else { return .anyUnit }
    if part?["units"] == nil {
      report.add(
        node, "`counts` says nothing where agency \(agency) has no `units`", "Name its units, or leave it out.")
    }
    return report.word(node, "counts", UnitRule.allCases.map(\.rawValue)).flatMap(UnitRule.init) ?? .anyUnit
  }

  mutating func readCoordinator(_ node: Node?) -> [Holding] {
    let part = report.object(node, "coordination", ["coordinator"])
    let table = report.required(part, "coordinator", "coordination")
    // Where it is missing that is the fault, not the steps that name it.
    filledPlaces?.insert(.coordinator)
    return holdings(table, "coordinator")
  }

  /// The teams that convene; the file need not name any.
  mutating func readTeams(_ node: Node?) -> [Team] {
    var teams: [Team] = []
    for (key, value) in report.pairs(node, "teams") {
      guard let id: TeamID = report.slug(key, "a team's name") else { continue }
      let part = report.object(value, "team \(id)", ["convener", "manager"])
      let convener = holdings(report.required(part, "convener", "team \(id)"), "convener of \(id)")
      let manager = part?["manager"].map { holdings($0, "manager of \(id)") } ?? []
      teams.append(Team(id: id, convener: convener, manager: manager))
      filledPlaces?.insert(.convener)
    }
    return teams
  }

  private mutating func holdings(_ node: Node?, _ name: String) -> [Holding] {
    let lines = table(node, name, holder: route)
    usedRoutes.formUnion(lines.map(\.holder))
    return lines.map { Holding(hours: $0.hours, route: $0.holder) }
  }

  /// The name of one that is defined.
  func route(_ node: Node) -> RouteName? {
    guard let route: RouteName = report.slug(node, "a route") else { return nil }
    if let routeNames, !routeNames.contains(route) {
      report.add(node, "no route goes by this name", "Define it under `routes`.")
    }
    return route
  }
}
