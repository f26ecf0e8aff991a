// The made-up authority of the measurements: so many agencies, one endpoint each, and a ladder of three steps.
import Convening
import Foundation
import Wire

struct SeedPlan {
  /// The second step's lead before the meeting.
  static let lead = Elapsed.hours(2)

  let endpoints: Int
  let agenciesEach: Int
  let arrangements: Arrangements
  let policy: Policy

  init(endpoints: Int, agenciesEach: Int) {
    (self.endpoints, self.agenciesEach) = (endpoints, agenciesEach)
    guard let zone = CivilZone(name: "Europe/London"), let from = CivilDate(year: 2020, month: 1, day: 1) else {
      preconditionFailure("this machine does not know Europe/London")
    }
    let agencies = (0..<endpoints).map { number in
      Agency(
        id: Self.agency(number), name: "Agency \(number)",
        places: [.contact: [Holding(hours: nil, route: Self.route(number))]])
    }
    let routes = (0..<endpoints).map { RouteCard(name: Self.route($0), label: "route \($0)", phone: nil) }
    arrangements = Arrangements(
      agencies: agencies, coordinator: [Holding(hours: nil, route: Self.route(0))],
      routes: Dictionary(uniqueKeysWithValues: routes.map { ($0.name, $0) }), ring: [], source: "bench.convened",
      calendar: WorkingCalendar(zone: zone, holidays: BankHolidays(days: [])))
    policy = Policy(
      id: "bench", from: from, required: [Self.agency(0)], counting: [.inPerson], decisionRecorded: .minutes(15),
      closeAfter: .elapsed(.days(30)), reasonWithoutAll: true,
      standard: Ladder(
        acknowledgementHolds: .seconds(1), lastAttemptMargin: .minutes(10),
        steps: [
          Step(name: "invite", when: .once, to: [.contact]),
          Step(name: "before", when: .before(Self.lead), to: [.contact]),
          // No ladder may end in silence. Nothing that is measured lasts until then.
          Step(name: "ring", when: .before(.minutes(1)), to: [.coordinator]),
        ], undeliveredAfter: .minutes(15)))
  }

  func convene(_ number: Int, _ meetingAt: Instant) -> Convene {
    let first = number * agenciesEach
    return Convene(
      meeting: .at(meetingAt), agencies: (0..<agenciesEach).map { Self.agency((first + $0) % endpoints) },
      team: "bench", convenedBy: "team manager")
  }

  func acknowledgement(in discussion: Discussion?) -> Command {
    let agency = discussion?.positions.first?.agency ?? Self.agency(0)
    return .acknowledge(agency, byRole: "duty officer", via: .phone, at: nil)
  }

  private static func agency(_ number: Int) -> AgencyID { AgencyID("agency-\(number)") ?? "agency" }
  private static func route(_ number: Int) -> RouteName { RouteName("route-\(number)") ?? "route" }

  // MARK: - The settings that say the same

  func writeSettings(to folder: URL, baseURL: String) throws {
    let secrets = folder.appendingPathComponent("secrets", isDirectory: true)
    try FileManager.default.createDirectory(at: secrets, withIntermediateDirectories: true)
    let key = Data((0..<48).map { UInt8($0) }).base64EncodedString()
    try "whsec_\(key)\n".write(to: secrets.appendingPathComponent("bench"), atomically: true, encoding: .utf8)
    try #"{"england-and-wales":{"division":"england-and-wales","events":[{"date":"2099-12-25"}]}}"#
      .write(to: folder.appendingPathComponent("bank-holidays.json"), atomically: true, encoding: .utf8)
    try yaml(baseURL: baseURL)
      .write(to: folder.appendingPathComponent("convened.yaml"), atomically: true, encoding: .utf8)
  }

  private func yaml(baseURL: String) -> String {
    let routes = (0..<endpoints).map { "  route-\($0): {url: \"\(baseURL)\($0)\", secret: [bench]}" }
    let agencies = (0..<endpoints).map { "  agency-\($0): {name: Agency \($0), contact: [{always: route-\($0)}]}" }
    return """
      authority:
        name: Bench
        source: bench.convened
        time_zone: Europe/London
        bank_holidays: bank-holidays.json
      journal: journal.sqlite
      secrets: secrets
      sockets: {status: status.sock, control: control.sock}
      routes:
      \(routes.joined(separator: "\n"))
      agencies:
      \(agencies.joined(separator: "\n"))
      coordination: {coordinator: [{always: route-0}]}
      policies:
        - id: bench
          from: 2020-01-01
          required: [agency-0]
          counting: [in_person]
          decision_recorded: 15 minutes
          close_after: 30 days
          urgencies:
            standard:
              acknowledgement_holds: 1 second
              last_attempt_margin: 10 minutes
              undelivered_after: 15 minutes
              steps:
                - {name: invite, at: once, to: [contact]}
                - {name: before, before: 2 hours, unless: contributed, to: [contact]}
                - {name: ring, before: 1 minute, to: [coordinator]}

      """
  }
}
