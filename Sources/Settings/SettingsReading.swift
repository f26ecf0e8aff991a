// The whole file, part by part: authority, hours, routes, agencies, coordination, policies. Each part is read even where an
// earlier one failed, so that all faults come at once; a name whose definition is at fault is known all the same, so that
// one fault does not show as many.
import Convening
import Foundation
internal import Yams

struct SettingsReading {
  let report: FaultReport
  let folder: String
  let now: Instant?
  /// nil values: defined, but wrong.
  var hours: [String: OpenHours?] = [:]
  /// nil: the file defines none.
  var routeNames: Set<RouteName>?
  var usedRoutes: Set<RouteName> = []
  var agencyNames: Set<AgencyID>?
  var filledPlaces: Set<Place>?
  /// Whether the file names its working hours, well or not.
  var knowsWorkingHours = false

  init(report: FaultReport, folder: String, now: Instant?) {
    (self.report, self.folder, self.now) = (report, folder, now)
  }

  private static let keys: Set<String> = [
    "authority", "journal", "secrets", "sockets", "hours", "working", "routes", "agencies", "coordination", "teams",
    "policies", "front_door", "report", "proxy",
  ]
  private static let later: Set<String> = [
    "pages", "notify", "exercise", "retention", "dead_man",
  ]

  /// The same names, with another file's faults.
  func reporting(to report: FaultReport) -> SettingsReading {
    var reading = SettingsReading(report: report, folder: folder, now: now)
    (reading.hours, reading.routeNames, reading.usedRoutes) = (hours, routeNames, usedRoutes)
    (reading.agencyNames, reading.filledPlaces) = (agencyNames, filledPlaces)
    reading.knowsWorkingHours = knowsWorkingHours
    return reading
  }

  /// All but what delivering needs: what is wrong with that is left to who delivers.
  mutating func policySettings(_ root: Node) -> PolicySettings? {
    let file = report.object(root, "the file", Self.keys, later: Self.later)
    readHours(file?["hours"])
    let working = readWorking(file?["working"])
    let authority = readAuthority(report.required(file, "authority", "the file"), working)
    var aside = reporting(to: FaultReport(file: report.file))
    let (_, cards) = aside.readRoutes(
      report.required(file, "routes", "the file"), SecretFolder(credentials: nil, folder: folder))
    routeNames = aside.routeNames
    let agencies = readAgencies(report.required(file, "agencies", "the file"))
    let coordinator = readCoordinator(report.required(file, "coordination", "the file"))
    let teams = readTeams(file?["teams"])
    let policies = readPolicies(report.required(file, "policies", "the file"), today: nil)
    guard let authority else { return nil }
    return PolicySettings(
      arrangements: Arrangements(
        agencies: agencies, coordinator: coordinator, teams: teams, routes: cards, ring: authority.ring,
        source: authority.source, calendar: authority.calendar), policies: policies)
  }

  mutating func settings(_ root: Node, credentials: String?) -> Settings? {
    let file = report.object(root, "the file", Self.keys, later: Self.later)
    readHours(file?["hours"])
    let working = readWorking(file?["working"])
    let authority = readAuthority(report.required(file, "authority", "the file"), working)
    let sockets = readSockets(report.required(file, "sockets", "the file"))
    let journal = path(report.required(file, "journal", "the file"), "journal")
    let secrets = SecretFolder(
      credentials: credentials, folder: path(file?["secrets"], "secrets") ?? "/etc/convened/secrets")
    let (routes, cards) = readRoutes(report.required(file, "routes", "the file"), secrets, proxy: file?["proxy"])
    let agencies = readAgencies(report.required(file, "agencies", "the file"))
    let coordinator = readCoordinator(report.required(file, "coordination", "the file"))
    let teams = readTeams(file?["teams"])
    let frontDoor = readFrontDoor(file?["front_door"], working)
    let policies = readPolicies(
      report.required(file, "policies", "the file"), today: now.flatMap { authority?.calendar.date(of: $0) })
    let points = readPoints(file?["report"])
    warnOfUnusedRoutes(file?["routes"])
    guard let authority, let sockets, let journal else { return nil }
    return Settings(
      file: report.file,
      arrangements: Arrangements(
        agencies: agencies, coordinator: coordinator, teams: teams, routes: cards, ring: authority.ring,
        source: authority.source, calendar: authority.calendar, frontDoor: frontDoor, points: points),
      policies: policies, routes: routes, authority: authority.name, journal: journal, statusSocket: sockets.status,
      controlSocket: sockets.control, warnings: report.sortedWarnings,
      ladders: ladderPlaces(file?["policies"]))
  }

  // MARK: - Parts

  private struct Authority {
    let name: String
    let source: String
    let calendar: WorkingCalendar
    let ring: [(hours: OpenHours?, number: String)]
  }

  private func readAuthority(_ node: Node?, _ working: OpenHours?) -> Authority? {
    let keys: Set = ["name", "source", "time_zone", "bank_holidays", "ring"]
    let part = report.object(node, "authority", keys)
    let name = report.text(report.required(part, "name", "authority"), "name")
    let sourceNode = report.required(part, "source", "authority")
    let source = report.text(sourceNode, "source")
    if let source, !source.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
      report.add(
        sourceNode, "source has a space or a letter that addresses do not have", "Write `uk.gov.leeds.convened`.")
    }
    let zone = readZone(report.required(part, "time_zone", "authority"))
    let holidays = readBankHolidays(report.required(part, "bank_holidays", "authority"), zone)
    let ring = table(part?["ring"], "ring") { report.text($0, "a number to ring") }
    if let part, part["ring"] == nil {
      report.warn(node, "no number to ring stands on the messages", "Add `ring: [{always: \"…\"}]`.")
    }
    guard let name, let source, let zone, let holidays else { return nil }
    return Authority(
      name: name, source: source, calendar: WorkingCalendar(zone: zone, holidays: holidays, working: working),
      ring: ring.map { ($0.hours, $0.holder) })
  }

  private func readZone(_ node: Node?) -> CivilZone? {
    guard let name = report.text(node, "time_zone") else { return nil }
    guard let zone = CivilZone(name: name) else {
      report.add(node, "this machine knows no such time zone", "Write `Europe/London`.")
      return nil
    }
    guard zone.hasEveryMidnight else {
      report.add(
        node, "the clocks of this time zone change at midnight, and days could not be counted in it",
        "Write `Europe/London`.")
      return nil
    }
    return zone
  }

  private func readBankHolidays(_ node: Node?, _ zone: CivilZone?) -> BankHolidays? {
    guard let file = path(node, "bank_holidays") else { return nil }
    let mend = "Install https://www.gov.uk/bank-holidays.json there"
    switch BankHolidayFile.read(file) {
    case .faults(let faults):
      for fault in faults { report.add(node, "the bank holidays' file \(file) \(fault)", "\(mend).") }
      return nil
    case .holidays(let holidays):
      for oddity in zone.map({ holidays.oddities(now: now, in: $0) }) ?? [] {
        report.warn(node, "the bank holidays' file \(file) \(oddity)", "\(mend), and reload.")
      }
      return holidays
    }
  }

  private func readSockets(_ node: Node?) -> (status: String, control: String)? {
    let part = report.object(node, "sockets", ["status", "control"])
    let status = path(report.required(part, "status", "sockets"), "status")
    let control = path(report.required(part, "control", "sockets"), "control")
    for (key, path) in [("status", status), ("control", control)] where path.map({ $0.utf8.count > 107 }) ?? false {
      report.add(part?[key], "this path is too long for a socket", "Shorten it to 107 bytes, with the file's folder.")
    }
    guard let status, let control else { return nil }
    if status == control { report.add(part?["control"], "both sockets have one path", "Give each its own.") }
    return (status, control)
  }

  private mutating func readHours(_ node: Node?) {
    for (key, value) in report.pairs(node, "hours") {
      guard let name = report.text(key, "a name of hours") else { continue }
      if SettingsReading.always.contains(name) {
        report.add(key, "`\(name)` is a word of its own", "Choose another name.")
      }
      hours[name] = .some(readOpenHours(value, name))
    }
  }

  /// The hours that are the working ones, by their name.
  private mutating func readWorking(_ node: Node?) -> OpenHours? {
    guard let node, let name = report.text(node, "working") else { return nil }
    knowsWorkingHours = true
    guard let known = hours[name] else {
      report.add(node, "no hours go by this name", "Define them under `hours`.")
      return nil
    }
    return known
  }

  private func readOpenHours(_ node: Node, _ name: String) -> OpenHours? {
    let part = report.object(node, "hours", ["days", "from", "to", "bank_holidays"])
    let days = readDays(report.required(part, "days", "hours"))
    let from = report.timeOfDay(report.required(part, "from", "hours"), "from")
    let until = report.timeOfDay(report.required(part, "to", "hours"), "to")
    if let from, let until, from >= until {
      report.add(part?["to"], "`to` is not later than `from`", "Hours end on the day on which they begin.")
    }
    let holidays = report.word(part?["bank_holidays"], "bank_holidays", ["open", "closed"])
    guard let days, let from, let until, from < until else { return nil }
    return OpenHours(days: days, from: from, until: until, openOnBankHolidays: holidays == "open")
  }

  /// `Mon-Fri`, `Sat`, or `Mon, Wed-Fri`.
  private func readDays(_ node: Node?) -> Set<Weekday>? {
    guard let node, let text = report.text(node, "days") else { return nil }
    var days: Set<Weekday> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { Weekday(rawValue: $0.trimmingCharacters(in: .whitespaces)) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        let low = Weekday.allCases.firstIndex(of: first), let high = Weekday.allCases.firstIndex(of: last), low <= high
      else {
        report.add(node, "days are not days of the week", "Write `Mon-Fri`, `Sat`, or `Mon, Wed-Fri`.")
        return nil
      }
      days.formUnion(Weekday.allCases[low...high])
    }
    return days
  }

  private func warnOfUnusedRoutes(_ node: Node?) {
    for (key, _) in node?.mapping.map(Array.init) ?? [] {
      if let route = key.scalar.flatMap({ RouteName($0.string) }), !usedRoutes.contains(route) {
        report.warn(key, "nobody is reached over this route", "Name it in an agency, or remove it.")
      }
    }
  }

  func path(_ node: Node?, _ name: String) -> String? {
    guard let text = report.text(node, name) else { return nil }
    if text.hasPrefix("/") { return text }
    return folder.isEmpty ? text : folder + "/" + text
  }
}

extension SettingsReading {
  /// The two words for a line that holds at every hour.
  static let always: Set = ["always", "otherwise"]

  /// Lines such as `{office: desk}`: the first whose hours fit holds, and the last, `{otherwise: …}` or `{always: …}`,
  /// whenever no other does.
  func table<Holder>(
    _ node: Node?, _ name: String, holder: (Node) -> Holder?
  ) -> [(hours: OpenHours?, holder: Holder)] {
    let end = "End the list with `{otherwise: …}` or `{always: …}`."
    var lines: [(hours: OpenHours?, holder: Holder)] = []
    var words: [String] = []
    let nodes = report.list(node, name, empty: end) ?? []
    for line in nodes {
      guard let mapping = line.mapping, mapping.count == 1,
        let (key, value) = mapping.first.map({ ($0.key, $0.value) }),
        let word = key.scalar?.string
      else {
        report.add(line, "a line of \(name) is not one `hours: holder`", "Write `{office: …}` or `{always: …}`.")
        words.append("")
        continue
      }
      if words.contains(where: { Self.always.contains($0) || $0 == word }) {
        report.add(line, "this line of \(name) is never reached", "Remove it, or move it up.")
      }
      words.append(word)
      let known = Self.always.contains(word) ? .some(nil) : hours[word]
      if known == nil {
        report.add(key, "no hours go by this name", "Define them under `hours`, or write `always` or `otherwise`.")
      }
      if let holder = holder(value), let known { lines.append((known, holder)) }
    }
    if let last = words.last, !last.isEmpty, !words.contains(where: Self.always.contains) {
      report.add(nodes.last, "\(name) has hours that nobody holds", end)
    }
    return lines
  }
}

extension CivilZone {
  /// Whether each day of the years 2020 to 2049 begins at one midnight; days are counted by their midnights.
  fileprivate var hasEveryMidnight: Bool {
    let days = CivilDate("2020-01-01").map { first in (0..<10_957).map { first.adding(days: $0) } } ?? []
    return days.allSatisfy { moments($0, .zero).count == 1 }
  }
}
