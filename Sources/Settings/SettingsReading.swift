// The whole file, part by part: authority, hours, routes, agencies, coordination, policies. Each part is read even where an
// earlier one failed, so that all faults come at once.
import Convening
import Foundation
internal import Yams

struct SettingsReading {
  let report: FaultReport
  let folder: String
  var hours: [String: OpenHours] = [:]
  var routeNames: Set<RouteName> = []
  var usedRoutes: Set<RouteName> = []
  var agencyNames: Set<AgencyID> = []
  var filledPlaces: [AgencyID: Set<Place>] = [:]
  var hasCoordinator = false

  private static let keys: Set<String> = [
    "authority", "journal", "secrets", "sockets", "hours", "routes", "agencies", "coordination", "policies",
  ]
  private static let later: Set<String> = [
    "pages", "proxy", "notify", "teams", "front_door", "exercise", "report", "retention", "dead_man", "working",
  ]

  mutating func settings(_ root: Node, credentials: String?) -> Settings? {
    let file = report.object(root, "the file", Self.keys, later: Self.later)
    hours = readHours(file?["hours"])
    let authority = readAuthority(report.required(file, "authority", "the file"))
    let sockets = report.object(report.required(file, "sockets", "the file"), "sockets", ["status", "control"])
    let status = path(report.required(sockets, "status", "sockets"), "status")
    let control = path(report.required(sockets, "control", "sockets"), "control")
    let journal = path(report.required(file, "journal", "the file"), "journal")
    let secrets = SecretFolder(
      credentials: credentials, folder: path(file?["secrets"], "secrets") ?? "/etc/convened/secrets")
    let (routes, cards) = readRoutes(report.required(file, "routes", "the file"), secrets)
    let agencies = readAgencies(report.required(file, "agencies", "the file"))
    let coordinator = readCoordinator(report.required(file, "coordination", "the file"))
    let policies = readPolicies(report.required(file, "policies", "the file"))
    for (name, node) in file?["routes"]?.mapping.map({ $0.map { ($0.key, $0.key) } }) ?? [] {
      if let route = name.string.flatMap({ RouteName($0) }), !usedRoutes.contains(route) {
        report.warn(node, "nobody is reached over this route", "Name it in an agency, or remove it.")
      }
    }
    guard let authority, let status, let control, let journal else { return nil }
    return Settings(
      arrangements: Arrangements(
        agencies: agencies, coordinator: coordinator, routes: cards, ring: authority.ring, source: authority.source,
        calendar: authority.calendar),
      policies: policies, routes: routes, authority: authority.name, journal: journal, statusSocket: status,
      controlSocket: control, warnings: report.warnings)
  }

  // MARK: - Parts

  private struct Authority {
    let name: String
    let source: String
    let calendar: WorkingCalendar
    let ring: [(hours: OpenHours?, number: String)]
  }

  private func readAuthority(_ node: Node?) -> Authority? {
    let keys: Set = ["name", "source", "time_zone", "bank_holidays", "ring"]
    let part = report.object(node, "authority", keys)
    let name = report.text(report.required(part, "name", "authority"), "name")
    let source = report.text(report.required(part, "source", "authority"), "source")
    let zoneNode = report.required(part, "time_zone", "authority")
    let zoneName = report.text(zoneNode, "time_zone")
    let zone = zoneName.flatMap { CivilZone(name: $0) }
    if zoneName != nil, zone == nil {
      report.add(zoneNode, "this machine knows no such time zone", "Write `Europe/London`.")
    }
    let holidaysNode = report.required(part, "bank_holidays", "authority")
    var holidays: BankHolidays?
    if let file = path(holidaysNode, "bank_holidays") {
      holidays = BankHolidayFile.read(file)
      if holidays == nil {
        report.add(
          holidaysNode, "the file of bank holidays cannot be read",
          "Download https://www.gov.uk/bank-holidays.json to this path.")
      }
    }
    var ring: [(hours: OpenHours?, number: String)] = []
    for entry in report.list(part?["ring"], "ring") ?? [] {
      guard let (hours, value) = holding(entry, "ring"), let number = report.text(value, "a number to ring") else {
        continue
      }
      ring.append((hours, number))
    }
    guard let name, let source, let zone, let holidays else { return nil }
    return Authority(name: name, source: source, calendar: WorkingCalendar(zone: zone, holidays: holidays), ring: ring)
  }

  private func readHours(_ node: Node?) -> [String: OpenHours] {
    guard let node else { return [:] }
    guard let mapping = node.mapping else {
      report.add(
        node, "hours is not a list of names and times", "Write `office: {days: Mon-Fri, from: \"08:30\", until: …}`.")
      return [:]
    }
    var hours: [String: OpenHours] = [:]
    for (key, value) in mapping {
      guard let name = report.text(key, "a name of hours") else { continue }
      if ["always", "otherwise"].contains(name) {
        report.add(key, "`\(name)` is a word of its own", "Choose another name.")
      }
      let part = report.object(value, name, ["days", "from", "to", "bank_holidays"])
      let days = self.days(report.required(part, "days", name))
      let from = report.timeOfDay(report.required(part, "from", name), "from")
      let until = report.timeOfDay(report.required(part, "to", name), "to")
      if let from, let until, from >= until {
        report.add(part?["to"], "`to` is not later than `from`", "Hours end on the day on which they begin.")
      }
      var open = false
      if let holidays = part?["bank_holidays"] {
        let word = report.text(holidays, "bank_holidays")
        open = word == "open"
        if let word, !["open", "closed"].contains(word) {
          report.add(holidays, "bank_holidays is neither open nor closed", "Write `open` or `closed`.")
        }
      }
      if let days, let from, let until {
        hours[name] = OpenHours(days: days, from: from, until: until, openOnBankHolidays: open)
      }
    }
    return hours
  }

  /// `Mon-Fri`, `Sat`, or `Mon, Wed-Fri`.
  private func days(_ node: Node?) -> Set<Weekday>? {
    guard let node, let text = report.text(node, "days") else { return nil }
    var days: Set<Weekday> = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-").map { Weekday(rawValue: $0.trimmingCharacters(in: .whitespaces)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        let low = Weekday.allCases.firstIndex(of: first), let high = Weekday.allCases.firstIndex(of: last), low <= high
      else {
        report.add(node, "days are not days of the week", "Write `Mon-Fri`, `Sat`, or `Mon, Wed-Fri`.")
        return nil
      }
      days.formUnion(Weekday.allCases[low...high])
    }
    return days
  }

  /// One line of a table: `{office: x}`, `{otherwise: x}`, `{always: x}`.
  func holding(_ node: Node, _ name: String) -> (OpenHours?, Node)? {
    guard let mapping = node.mapping, mapping.count == 1, let (key, value) = mapping.first.map({ ($0.key, $0.value) }),
      let word = key.string
    else {
      report.add(node, "a line of \(name) is not one `hours: holder` pair", "Write `{office: …}` or `{always: …}`.")
      return nil
    }
    if ["always", "otherwise"].contains(word) { return (nil, value) }
    guard let hours = hours[word] else {
      report.add(key, "no hours go by this name", "Define them under `hours`, or write `always` or `otherwise`.")
      return nil
    }
    return (hours, value)
  }

  func path(_ node: Node?, _ name: String) -> String? {
    guard let text = report.text(node, name) else { return nil }
    if text.hasPrefix("/") { return text }
    return folder.isEmpty ? text : folder + "/" + text
  }
}
