// The settings file: the one in the repository loads, and each fault is found at its line and column, all of them at once.
import Convening
import Foundation
import Settings
import Testing

@Suite struct SettingsTests {
  /// A folder with secrets, bank holidays and a file of settings.
  private struct Try {
    let folder: URL

    init() throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "settings-\(UInt64.random(in: 0...UInt64.max))")
      try FileManager.default.createDirectory(at: folder.appending(path: "secrets"), withIntermediateDirectories: true)
      try #"{"england-and-wales":{"division":"england-and-wales","events":[{"date":"2026-12-25"}]}}"#
        .write(to: folder.appending(path: "bank-holidays.json"), atomically: true, encoding: .utf8)
      try secret("one")
    }

    func secret(_ name: String) throws {
      let text = "whsec_" + Data(repeating: 7, count: 48).base64EncodedString()
      try text.write(to: folder.appending(path: "secrets/\(name)"), atomically: true, encoding: .utf8)
    }

    func load(_ yaml: String) throws -> Result<Settings, SettingsFaults> {
      let file = folder.appending(path: "convened.yaml")
      try yaml.write(to: file, atomically: true, encoding: .utf8)
      return Settings.load(path: file.path(percentEncoded: false), credentials: nil)
    }

    /// Each fault as `line:column: what. mend`.
    func faults(_ yaml: String) throws -> [String] {
      switch try load(yaml) {
      case .success: []
      case .failure(let faults):
        faults.faults.map { "\($0.line.map(String.init) ?? "-"):\($0.column.map(String.init) ?? "-"): \($0.what)" }
      }
    }

    func end() { do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) } }
  }

  static let good = """
    authority: {name: Leeds, source: uk.gov.leeds, time_zone: Europe/London, bank_holidays: bank-holidays.json}
    journal: journal.sqlite
    secrets: secrets
    sockets: {status: s.sock, control: c.sock}
    hours: {office: {days: Mon-Fri, from: "08:30", to: "17:00"}}
    routes: {hub: {url: "https://hub.example/x", secret: [one]}}
    agencies:
      health: {name: Health, contact: [{office: hub}, {otherwise: hub}]}
    coordination: {coordinator: [{always: hub}]}
    policies:
      - id: p
        from: 2026-04-01
        required: [health]
        counting: [video]
        decision_recorded: 15 minutes
        close_after: 20 working days from circulation
        urgencies:
          standard:
            acknowledgement_holds: 1 day
            last_attempt_margin: 10 minutes
            steps:
              - {name: invite, at: once, to: [contact]}
              - {name: before, before: 2 hours, unless: contributed, to: [contact, coordinator]}

    """

  @Test func theRepositorysOwnFileLoads() throws {
    let work = try Try()
    defer { work.end() }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let config = root.appending(path: "Config")
    let yaml = try String(contentsOf: config.appending(path: "convened.yaml"), encoding: .utf8)
    for match in yaml.matches(of: /secret: \[([^\]]*)\]/) {
      for name in match.1.split(separator: ",") {
        try work.secret("secret_" + name.trimmingCharacters(in: .whitespaces))
      }
    }
    let loaded = Settings.load(
      path: config.appending(path: "convened.yaml").path(percentEncoded: false),
      credentials: work.folder.appending(path: "secrets").path(percentEncoded: false))
    let settings = try loaded.get()
    #expect(settings.warnings == [])
    #expect(settings.arrangements.agencies.map(\.id) == ["childrens-social-care", "police", "health"])
    #expect(settings.policies.map(\.id) == ["leeds-2026-04"])
    #expect(settings.policies[0].standard.steps.map(\.name) == ["invite", "chase", "deputy", "before", "lead"])
    #expect(settings.policies[0].closeAfter == .workingDays(20))
    #expect(settings.journal == "/var/lib/convened/journal.sqlite")
    #expect(settings.routes.count == 11)
    let night = Instant("2026-11-23T22:00:00Z")!
    #expect(settings.arrangements.holder(.contact, of: "health", at: night) == "on-call-nurse")
    #expect(settings.arrangements.holder(.contact, of: "health", at: night - .hours(12)) == "health-hub")
  }

  @Test func aGoodFileHasNoFaults() throws {
    let work = try Try()
    defer { work.end() }
    #expect(try work.faults(Self.good) == [])
  }

  /// What is replaced, by what, and what is said of it.
  @Test(arguments: [
    ("journal: journal.sqlite", "jurnal: x", ["1:1: the file has no `journal`", "2:1: the file knows no such key"]),
    ("hours:", "rota: {}\nhours:", ["5:1: the file knows no such key"]),
    ("secrets: secrets", "secrets: secrets\nfront_door: {}", ["4:1: `front_door` is not in this version"]),
    ("Europe/London", "Europe/Leeds", ["1:59: this machine knows no such time zone"]),
    (
      "bank_holidays: bank-holidays.json", "bank_holidays: none.json",
      ["1:89: the file of bank holidays cannot be read"]
    ),
    ("Mon-Fri", "Mon-Frei", ["5:24: days are not days of the week"]),
    ("\"17:00\"", "\"08:00\"", ["5:52: `to` is not later than `from`"]),
    ("\"08:30\"", "\"8:30\"", ["5:39: from is not a time of day"]),
    ("https://hub.example/x", "http://hub.example/x", ["6:21: the URL of route hub is not https"]),
    ("https://hub.example/x", "https://u:p@hub.example/x", ["6:21: the URL of route hub is not a plain https address"]),
    ("url: \"https://hub.example/x\", ", "", ["6:15: route hub has no `url`"]),
    ("{otherwise: hub}", "{otherwise: hob}", ["8:63: no route goes by this name"]),
    (", {otherwise: hub}", "", ["8:35: contact of health has hours that nobody holds"]),
    ("{office: hub}", "{offices: hub}", ["8:37: no hours go by this name"]),
    ("required: [health]", "required: [police]", ["13:16: no agency goes by this name"]),
    ("counting: [video]", "counting: [telepathy]", ["14:16: a kind of contribution is none of the words allowed"]),
    ("15 minutes", "soon", ["15:24: decision_recorded is not a length of time"]),
    ("15 minutes", "2 working hours", ["15:24: decision_recorded in working time is not in this version"]),
    ("at: once", "unanswered: 1 hour", ["22:13: the first step does not ask at once"]),
    ("to: [contact, coordinator]", "to: [contact, lead]", ["23:80: nobody holds this place in any agency"]),
    ("before: 2 hours,", "before: 2 hours, tell: convener,", ["23:45: `tell` is not in this version"]),
    ("name: before", "name: invite", ["23:13: two steps are called invite"]),
    ("      standard:", "      urgent: {}\n      standard:", ["18:7: `urgent` is not in this version"]),
    ("from: 2026-04-01", "from: April", ["12:11: `from` is not a day"]),
  ])
  func faultsAreAtTheirPlace(old: String, new: String, faults: [String]) throws {
    let work = try Try()
    defer { work.end() }
    #expect(Self.good.contains(old))
    let found = try work.faults(Self.good.replacing(old, with: new, maxReplacements: 1))
    for fault in faults { #expect(found.contains(fault), "\(found)") }
  }

  @Test func allFaultsComeAtOnceInTheirOrder() throws {
    let work = try Try()
    defer { work.end() }
    let yaml = Self.good.replacing("Mon-Fri", with: "x").replacing("15 minutes", with: "y").replacing(
      "[one]", with: "[two]")
    let lines = try work.faults(yaml).map { $0.prefix { $0 != ":" } }
    #expect(Set(lines).isSuperset(of: ["5", "6", "15"]))
    #expect(lines == lines.sorted { Int($0) ?? 0 < Int($1) ?? 0 })
  }

  @Test func nothingSecretIsRepeated() throws {
    let work = try Try()
    defer { work.end() }
    let yaml = Self.good.replacing("https://hub.example/x", with: "ftp://very.private/token")
    guard case .failure(let faults) = try work.load(yaml) else {
      Issue.record("an ftp address was taken")
      return
    }
    #expect(!faults.description.contains("private"))
    #expect(!faults.description.contains("token"))
  }

  /// Bytes changed at random: a fault or a good file, never an end of the process.
  @Test func noFileEndsTheProcess() throws {
    let work = try Try()
    defer { work.end() }
    var seed: UInt64 = 11
    for _ in 0..<1500 {
      var bytes = Array(Self.good.utf8)
      for _ in 0..<3 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(seed >> 33) % bytes.count] = UInt8(truncatingIfNeeded: seed >> 17) & 0x7F
      }
      _ = try work.load(String(decoding: bytes, as: UTF8.self))
    }
  }
}
