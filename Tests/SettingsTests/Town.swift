// A folder with all that a settings file names: secrets, bank holidays, an authority's certificate. It is gone with the test.
import Convening
import Foundation
import Settings

/// A reference type, so that the folder ends with the last one that uses it.
final class Town {
  let folder: URL

  /// Loads without a fault or a warning on the day `today`.
  static let yaml = """
    authority:
      name: Leeds
      source: uk.gov.leeds.convened
      time_zone: Europe/London
      ring: [{office: "0113 496 0100"}, {otherwise: "0113 496 0110"}]
      bank_holidays: holidays.json
    journal: journal.sqlite
    secrets: secrets
    sockets: {status: status.sock, control: control.sock}
    hours:
      office: {days: Mon-Fri, from: "08:30", to: "17:00"}
    routes:
      desk: {name: Duty desk, phone: "0113 496 0100", url: "https://hook.leeds.example/desk", secret: [desk-b, desk-a]}
      edt: {url_from: edt.url, secret: [edt], ca_file: ca.pem}
    agencies:
      csc: {name: Social Care, contact: [{office: desk}, {otherwise: edt}]}
      health: {name: Health, contact: [{always: edt}], deputy: [{always: desk}]}
    coordination: {coordinator: [{always: edt}]}
    policies:
      - id: leeds-2026
        from: 2026-04-01
        required: [csc, health]
        counting: [in_person, video]
        decision_recorded: 15 minutes
        close_after: 20 working days from circulation
        without_all: {reason: required}
        urgencies:
          standard:
            acknowledgement_holds: 1 day
            last_attempt_margin: 10 minutes
            steps:
              - {name: invite, at: once, to: [contact]}
              - {name: chase, unanswered: 2 hours, to: [deputy]}
              - {name: before, before: 45 minutes, unless: contributed, to: [contact, coordinator]}
              - {name: absent, after: decision, to: [contact, deputy]}

    """

  static let today = Instant("2026-11-24T09:00:00Z")!

  /// Eight days a year, 2026 and 2027, whichever they are.
  static let holidays: String = {
    let days = [2026, 2027].flatMap { year in (1...8).map { "{\"title\":\"x\",\"date\":\"\(year)-0\($0)-01\"}" } }
    return "{\"england-and-wales\":{\"division\":\"england-and-wales\",\"events\":[\(days.joined(separator: ","))]}}"
  }()

  /// 24 bytes and their number; the signing secret of each name is its own.
  static func secret(_ number: UInt8) -> String {
    "whsec_" + Data(repeating: number, count: 24).base64EncodedString()
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "convened-settings-\(UUID().uuidString)")
    for part in ["secrets", "credentials"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: part), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
    try write(Town.holidays, to: "holidays.json")
    try write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "ca.pem")
    for (number, name) in ["desk-b", "desk-a", "edt"].enumerated() {
      try write(Town.secret(UInt8(number)) + "\n", to: "secrets/\(name)")
    }
    try write("https://edt.leeds.example/hook?sig=SESAME\n", to: "secrets/edt.url")
  }

  deinit {
    do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder)") }
  }

  func write(_ text: String, to name: String, mode: Int = 0o600) throws {
    try write(Data(text.utf8), to: name, mode: mode)
  }

  func write(_ bytes: Data, to name: String, mode: Int = 0o600) throws {
    let file = folder.appending(path: name)
    try bytes.write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(at: folder.appending(path: name)) }

  func load(
    _ yaml: String = Town.yaml, credentials: String? = nil, now: Instant? = Town.today
  ) throws -> Result<Settings, SettingsFaults> {
    try load(Data(yaml.utf8), credentials: credentials, now: now)
  }

  func load(_ yaml: Data, credentials: String? = nil, now: Instant? = Town.today) throws -> Result<
    Settings, SettingsFaults
  > {
    try write(yaml, to: "convened.yaml")
    return Settings.load(
      path: folder.appending(path: "convened.yaml").path,
      credentials: credentials.map { folder.appending(path: $0).path }, now: now)
  }

  /// What is said of a file of these bytes; nil: of a file that is not there.
  func faults(_ bytes: Data?) throws -> [String] {
    let result = try load(bytes ?? Data())
    if bytes != nil { return shown(result.failures) }
    try remove("convened.yaml")
    return shown(Settings.load(path: folder.appending(path: "convened.yaml").path, credentials: nil).failures)
  }

  /// Each fault as `line:column: what. mend`; empty where the file is right. The folder's own path is shown as `~`.
  func faults(_ yaml: String, credentials: String? = nil, now: Instant? = Town.today) throws -> [String] {
    shown(try load(yaml, credentials: credentials, now: now).failures)
  }

  func warnings(_ yaml: String = Town.yaml, credentials: String? = nil, now: Instant? = Town.today) throws -> [String] {
    shown(try load(yaml, credentials: credentials, now: now).get().warnings)
  }

  private func shown(_ faults: [SettingsFault]) -> [String] {
    let file = folder.appending(path: "convened.yaml").path
    return faults.map { fault in
      let text = fault.description.hasPrefix(file) ? String(fault.description.dropFirst(file.count + 1)) : "?"
      return text.trimmingCharacters(in: .whitespaces).replacing(folder.path, with: "~")
    }
  }
}

extension Result<Settings, SettingsFaults> {
  var failures: [SettingsFault] {
    switch self {
    case .success: []
    case .failure(let faults): faults.faults
    }
  }
}
