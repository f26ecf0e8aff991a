// What a right file gives: the values, the secrets in their order and from their places, and the warnings that stop nothing.
import Convening
import Foundation
import Settings
import Testing
import Wire

@Suite struct SettingsTests {
  @Test func theGoodFileHasNeitherFaultNorWarning() throws {
    let town = try Town()
    #expect(try town.faults(Town.yaml) == [])
    #expect(try town.warnings() == [])
  }

  @Test func anAgencyMayJoinSoManyAtOnce() throws {
    let town = try Town()
    let yaml = Town.yaml.replacing("  csc: {name: Social Care,", with: "  csc: {name: Social Care, at_once: 3,")
    #expect(try town.load(Data(yaml.utf8)).get().arrangements.agencies.map(\.atOnce) == [3, nil])
  }

  @Test func anAgencyMayHaveUnits() throws {
    let town = try Town()
    let yaml = Town.yaml.replacing(
      "  health: {name: Health,",
      with: "  health: {name: Health, counts: all-asked, units: {community: Community trust, gp: GP safeguarding team},"
    )
    let agencies = try town.load(Data(yaml.utf8)).get().arrangements.agencies
    #expect(agencies.map(\.counts) == [.anyUnit, .allAsked])
    #expect(agencies.map { $0.units.map(\.id) } == [[], ["community", "gp"]])
    #expect(agencies[1].units.map(\.label) == ["Community trust", "GP safeguarding team"])
  }

  @Test func theValuesAreThoseOfTheFile() throws {
    let town = try Town()
    let settings = try town.load().get()
    #expect(settings.authority == "Leeds")
    #expect(settings.arrangements.source == "uk.gov.leeds.convened")
    #expect(settings.arrangements.calendar.zone.name == "Europe/London")
    #expect(settings.arrangements.calendar.holidays.lastYear == 2027)
    #expect(settings.arrangements.agencies.map(\.id) == ["csc", "health"])
    #expect(settings.arrangements.agencies.map(\.name) == ["Social Care", "Health"])
    #expect(settings.arrangements.routes["desk"] == RouteCard(name: "desk", label: "Duty desk", phone: "0113 496 0100"))
    #expect(settings.arrangements.routes["edt"] == RouteCard(name: "edt", label: "edt", phone: nil))
    #expect(settings.policies.count == 1)
    let policy = try #require(settings.policies.first)
    #expect(policy.id == "leeds-2026" && policy.from == CivilDate("2026-04-01"))
    #expect(policy.required == ["csc", "health"] && policy.counting == [.inPerson, .video])
    #expect(policy.decisionRecorded == .minutes(15) && policy.closeAfter == .workingDays(20))
    #expect(policy.reasonWithoutAll)
    #expect(policy.standard.acknowledgementHolds == .days(1) && policy.standard.lastAttemptMargin == .minutes(10))
    #expect(
      policy.standard.steps == [
        Step(name: "invite", when: .once, to: [.contact]),
        Step(name: "chase", when: .unanswered(.hours(2)), to: [.deputy]),
        Step(name: "before", when: .before(.minutes(45)), to: [.contact, .coordinator]),
      ])
    #expect(!policy.standard.squeezes && policy.urgent == nil)
  }

  @Test func aStepAfterTheDecisionIsNoRung() throws {
    let policy = try #require(try Town().load().get().policies.first)
    #expect(policy.standard.afterDecision == AfterDecision(name: "absent", to: [.contact, .deputy]))
    #expect(policy.standard.steps.map(\.name) == ["invite", "chase", "before"])
  }

  /// Waits shrink in an urgent ladder unless the file says otherwise, in a standard one only if it says so.
  @Test(arguments: [("", true), ("squeeze: true, ", true), ("squeeze: false, ", false)])
  func anUrgentLadderIsReadLikeTheOther(squeeze: String, squeezes: Bool) throws {
    let urgent =
      "      urgent: {acknowledgement_holds: 15 minutes, last_attempt_margin: 1 minute, \(squeeze)steps: ["
      + "{name: invite, at: once, to: [contact]}, {name: ring, unanswered: 90 seconds, to: [coordinator]}]}\n"
    let policy = try #require(
      try Town().load(Town.yaml.replacing("    urgencies:\n", with: "    urgencies:\n" + urgent)).get().policies.first)
    #expect(
      policy.urgent
        == Ladder(
          acknowledgementHolds: .minutes(15), lastAttemptMargin: .minutes(1), squeezes: squeezes,
          steps: [
            Step(name: "invite", when: .once, to: [.contact]),
            Step(name: "ring", when: .unanswered(.seconds(90)), to: [.coordinator]),
          ], undeliveredAfter: .minutes(2)))
    #expect(policy.standard.steps.count == 3)
  }

  /// Monday morning and evening.
  @Test(arguments: [
    ("2026-11-23T09:00:00Z", "desk", "0113 496 0100"), ("2026-11-23T18:00:00Z", "edt", "0113 496 0110"),
  ])
  func theFirstLineWhoseHoursFitHolds(moment: String, route: RouteName, number: String) throws {
    let arrangements = try Town().load().get().arrangements
    let now = Instant(moment)!
    #expect(arrangements.holder(.contact, of: "csc", at: now) == route)
    #expect(arrangements.ringNumbers(at: now) == [number])
  }

  @Test(arguments: [("{reason: required}", true), ("{reason: optional}", false), (nil, true)])
  func aDecisionWithoutAllNeedsAReasonUnlessTheFileSaysOtherwise(says: String?, isNeeded: Bool) throws {
    let line = "    without_all: {reason: required}\n"
    let yaml = Town.yaml.replacing(line, with: says.map { "    without_all: \($0)\n" } ?? "")
    #expect(try Town().load(yaml).get().policies.map(\.reasonWithoutAll) == [isNeeded])
  }

  @Test func theReportsPointsAreReadInTheirOrder() throws {
    let report = """
      report:
        goal: 0.90
        baselines: [{label: July 2021, value: 0.45}, {label: Scrutiny update, value: 0.71}]

      """
    let settings = try Town().load(Town.yaml + report).get()
    #expect(
      settings.arrangements.points
        == ReportPoints(
          goal: 0.9, baselines: [.init(label: "July 2021", value: 0.45), .init(label: "Scrutiny update", value: 0.71)]))
    #expect(try Town().load().get().arrangements.points == ReportPoints())
  }

  @Test func pathsStartAtTheFilesFolder() throws {
    let town = try Town()
    let settings = try town.load().get()
    #expect(settings.journal == town.folder.path + "/journal.sqlite")
    #expect(settings.statusSocket == town.folder.path + "/status.sock")
    #expect(settings.controlSocket == town.folder.path + "/control.sock")
    let far = try town.load(Town.yaml.replacing("journal: journal.sqlite", with: "journal: /var/lib/j.sqlite")).get()
    #expect(far.journal == "/var/lib/j.sqlite")
  }

  // MARK: - Secrets

  @Test func secretsKeepTheirOrderAndTheURLComesFromItsFile() throws {
    let routes = try Town().load().get().routes
    #expect(routes.map(\.name) == ["desk", "edt"])
    #expect(routes[0].secrets == [Town.secret(0), Town.secret(1)])
    #expect(routes[0].url == "https://hook.leeds.example/desk" && routes[0].caFile == nil)
    #expect(routes[1].secrets == [Town.secret(2)])
    #expect(routes[1].url == "https://edt.leeds.example/hook?sig=SESAME")
    #expect(routes[1].caFile?.hasSuffix("/ca.pem") ?? false)
  }

  @Test func whatTLSNeedsOfARoute() throws {
    let town = try Town()
    try town.write("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", to: "secrets/us.key", mode: 0o600)
    let (new, old) = (String(repeating: "A", count: 43) + "=", String(repeating: "B", count: 42) + "A=")
    let yaml = Town.yaml.replacing(
      "ca_file: ca.pem",
      with: "ca_file: ca.pem, certificate: ca.pem, key: us.key, pins: [sha256//\(new), sha256//\(old)]")
    let tls = try town.load(yaml).get().routes[1].tls
    #expect(tls.pins.map(\.description) == ["sha256//\(new)", "sha256//\(old)"])
    #expect(tls.identity?.certificate.contains("BEGIN CERTIFICATE") == true)
    #expect(tls.identity?.key.hasSuffix("-----END PRIVATE KEY-----\n") == true)
    #expect(!"\(tls)".contains("KEY") && !String(reflecting: tls).contains("KEY"))
    #expect(try town.load().get().routes[0].tls == RouteTLS())

    try town.write(
      "-----BEGIN PRIVATE KEY-----\nBBBB\n-----END PRIVATE KEY-----\n", to: "secrets/other.key", mode: 0o600)
    let shared = yaml.replacing(
      "secret: [desk-b, desk-a]", with: "secret: [desk-b], certificate: ca.pem, key: other.key")
    #expect(
      try town.faults(shared).contains { $0.contains("another route shows the same certificate with another key") })
  }

  /// One for all, another for a route, none for one; and never on the way to this machine.
  @Test func whichProxyARouteGoesThrough() throws {
    let common = Town.yaml.replacing("hours:\n", with: "proxy: http://proxy.example:3128\nhours:\n")
    #expect(try Town().load().get().routes.map(\.proxy) == [nil, nil])
    #expect(
      try Town().load(common).get().routes.map(\.proxy) == ["http://proxy.example:3128", "http://proxy.example:3128"])
    let own = common.replacing("ca_file: ca.pem", with: "proxy: none")
      .replacing("https://hook.leeds.example/desk", with: "http://127.0.0.1:8080/desk")
    #expect(try Town().load(own).get().routes.map(\.proxy) == [nil, nil])
  }

  @Test func systemdsCredentialsStandInForTheFolder() throws {
    let town = try Town()
    for (number, name) in ["desk-b", "desk-a", "edt"].enumerated() {
      try town.write(Town.secret(UInt8(10 + number)), to: "credentials/secret_\(name)", mode: 0o644)
    }
    #expect(
      try town.faults(Town.yaml, credentials: "credentials") == [
        "14:19: the file ~/credentials/secret_edt.url cannot be read. Put the file edt.url into the folder that the "
          + "unit's LoadCredential= names, and restart."
      ])
    try town.write("https://edt.leeds.example/unit", to: "credentials/secret_edt.url")
    let settings = try town.load(credentials: "credentials").get()
    #expect(settings.routes[0].secrets == [Town.secret(10), Town.secret(11)])
    #expect(settings.routes[1].url == "https://edt.leeds.example/unit")
    #expect(settings.warnings == [])
  }

  @Test func aSecretMayBePaddedOrNot() throws {
    let town = try Town()
    let padded = "whsec_" + Data(repeating: 9, count: 25).base64EncodedString()
    for text in [padded, String(padded.prefix { $0 != "=" })] {
      try town.write(text, to: "secrets/edt")
      #expect(try town.load().get().routes[1].secrets == [text])
    }
    for bytes in [23, 65] {
      try town.write("whsec_" + Data(repeating: 9, count: bytes).base64EncodedString(), to: "secrets/edt")
      #expect(try town.faults(Town.yaml).count == 1, "\(bytes) bytes")
    }
  }

  /// A secret or an address where only its name belongs, and addresses that are refused.
  @Test(arguments: [
    ("secret: [edt]", "secret: [whsec_SESAMESESAMESESAMESESAMESESAMESE]"), ("secret: [edt]", "secret: SESAME"),
    ("secret: [edt]", "secret: [\"SESAME/x\"]"), ("url_from: edt.url", "url_from: \"https://x.example/?sig=SESAME\""),
    ("https://hook.leeds.example/desk", "ftp://hook.leeds.example/SESAME"),
    ("https://hook.leeds.example/desk", "http://hook.leeds.example/SESAME"),
    ("https://hook.leeds.example/desk", "https://u:SESAME@hook.leeds.example/"),
    ("https://hook.leeds.example/desk", "https://SESAME%.example/"),
    ("https://hook.leeds.example/desk", "https://hook.leeds.example:SESAME/"),
    ("secret: [edt]", "secret: [edt.url]"),
  ])
  func nothingSecretIsRepeated(replace: String, with: String) throws {
    let faults = try Town().faults(Town.yaml.replacing(replace, with: with))
    #expect(!faults.isEmpty)
    #expect(!faults.joined().contains("SESAME"), "\(faults)")
  }

  @Test func aRouteDoesNotShowWhatIsSecret() throws {
    let settings = try Town().load().get()
    #expect(settings.routes.map { "\($0)" } == ["route desk", "route edt"])
    for word in ["whsec_", "SESAME", "https://"] { #expect(!String(describing: settings).contains(word)) }
  }

  // MARK: - Warnings

  @Test func aSecretThatOthersMayReadIsAWarning() throws {
    let town = try Town()
    try town.write(Town.secret(2), to: "secrets/edt", mode: 0o640)
    try town.write("https://edt.leeds.example/x", to: "secrets/edt.url", mode: 0o604)
    #expect(
      try town.warnings() == [
        "14:19: the secret's file ~/secrets/edt.url can be read by others than its owner. `chmod 600 ~/secrets/edt.url`",
        "14:37: the secret's file ~/secrets/edt can be read by others than its owner. `chmod 600 ~/secrets/edt`",
      ])
  }

  @Test func oddThingsThatStopNothingAreWarnings() throws {
    let town = try Town()
    let silent = Town.yaml.split(separator: "\n").filter { !$0.contains("ring:") }.joined(separator: "\n")
    #expect(
      try town.warnings(silent) == [
        "2:3: no number to ring stands on the messages. Add `ring: [{always: \"…\"}]`."
      ])
    let unused = "routes:\n  spare: {url: \"https://a.example/\", secret: [edt]}\n"
    #expect(
      try town.warnings(Town.yaml.replacing("routes:\n", with: unused)) == [
        "13:3: nobody is reached over this route. Name it in an agency, or remove it."
      ])
  }

  @Test(
    arguments: [
      ("2027-10-02T12:00:00Z", nil), ("2027-10-03T12:00:00Z", "ends with 2027, in 89 days"),
      ("2027-12-30T12:00:00Z", "ends with 2027, in 1 day"), ("2027-12-31T23:59:59Z", "ends with 2027, in 0 days"),
      ("2028-01-01T00:00:00Z", "ended with 2027: working days are counted without a table"),
    ] as [(String, String?)])
  func theHolidaysEndIsAWarning(now: String, says: String?) throws {
    let install = "Install https://www.gov.uk/bank-holidays.json there, and reload."
    let expected = says.map { ["6:18: the bank holidays' file ~/holidays.json \($0). \(install)"] } ?? []
    #expect(try Town().warnings(now: Instant(now)!) == expected)
  }

  @Test func withoutADayNeitherPolicyNorHolidaysAreLookedAt() throws {
    let town = try Town()
    let yaml = Town.yaml.replacing("from: 2026-04-01", with: "from: 2099-04-01")
    #expect(try town.faults(yaml, now: nil) == [])
    #expect(
      try town.faults(yaml) == ["20:3: no policy is in force on 2026-11-24. Let one begin on that day or earlier."])
  }

  @Test(arguments: [
    ("", ["is not JSON"]), ("[]", ["has no list of `events` under `england-and-wales`"]),
    (#"{"scotland":{"events":[]}}"#, ["has no list of `events` under `england-and-wales`"]),
    (#"{"england-and-wales":{"events":[]}}"#, ["has no bank holiday"]),
    (
      #"{"england-and-wales":{"events":[{"date":"2026-02-30"},{"date":"2026-12-25"},{"day":1},7]}}"#,
      [1, 3, 4].map { "has no day such as 2027-05-03 in `date` of its entry \($0)" }
    ),
    (
      #"{"england-and-wales":{"events":[{"date":"2026-12-25"},{"date":"2028-12-25"}]}}"#,
      ["has no bank holiday in 2027"]
    ),
  ])
  func bankHolidaysAreRefusedWithEveryFault(json: String, faults: [String]) throws {
    let town = try Town()
    try town.write(json, to: "holidays.json")
    #expect(
      try town.faults(Town.yaml)
        == faults.map {
          "6:18: the bank holidays' file ~/holidays.json \($0). Install https://www.gov.uk/bank-holidays.json there."
        })
  }

  // MARK: - The repository's own file

  @Test func theRepositorysOwnFileLoads() throws {
    let town = try Town()
    let config = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Config").standardized
    let file = config.appending(path: "convened.yaml")
    for match in try String(contentsOf: file, encoding: .utf8).matches(of: /secret: \[([^\]]*)\]/) {
      for name in match.1.split(separator: ",") {
        try town.write(Town.secret(7), to: "credentials/secret_" + name.trimmingCharacters(in: .whitespaces))
      }
    }
    let settings = try Settings.load(
      path: file.path, credentials: town.folder.appending(path: "credentials").path, now: Town.today
    ).get()
    #expect(settings.warnings == [])
    #expect(settings.arrangements.agencies.map(\.id) == ["childrens-social-care", "police", "health"])
    #expect(settings.policies.map(\.id) == ["leeds-2026-04"])
    #expect(settings.policies[0].standard.steps.map(\.name) == ["invite", "chase", "deputy", "before", "lead"])
    #expect(settings.journal == "/var/lib/convened/journal.sqlite")
    #expect(settings.routes.count == 11)
    let night = Instant("2026-11-23T22:00:00Z")!
    #expect(settings.arrangements.holder(.contact, of: "health", at: night) == "on-call-nurse")
    #expect(settings.arrangements.holder(.contact, of: "health", at: night - .hours(12)) == "health-hub")
  }
}
