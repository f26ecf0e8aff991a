// From a file to settings: read, parsed, checked; all of its faults, or none and the values. It reads files and nothing
// else: no clock, no environment.
import Convening
import Foundation

extension Settings {
  /// Reads and checks a file.
  ///
  /// - Parameters:
  ///   - path: the YAML file; relative paths in it start at its folder.
  ///   - credentials: systemd's folder of credentials, where secrets are called `secret_NAME`; nil: the file's own
  ///     `secrets` folder, where they are called `NAME`.
  ///   - now: the day on which a policy must be in force and the bank holidays must not be near their end; nil: neither
  ///     is looked at.
  /// - Returns: the settings with their warnings, or every fault, in the order of their places.
  public static func load(
    path: String, credentials: String?, now: Instant? = nil
  ) -> Result<Settings, SettingsFaults> {
    let report = FaultReport(file: path)
    guard let text = text(of: path, report), let root = report.compose(text) else { return .failure(report.outcome) }
    var reading = SettingsReading(
      report: report, folder: (path as NSString).deletingLastPathComponent, now: now)
    guard let settings = reading.settings(root, credentials: credentials), report.faults.isEmpty else {
      return .failure(report.outcome)
    }
    return .success(settings)
  }

  private static let largest = 1 << 20

  static func text(of path: String, _ report: FaultReport) -> String? {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      report.add(nil, "cannot be read", "Check the path, and that this user may read it.")
      return nil
    }
    guard bytes.count <= largest else {
      report.add(nil, "is larger than 1 MiB", "Check the path: settings are a page or two of text.")
      return nil
    }
    if let text = String(data: bytes, encoding: .utf8) { return text }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = lines.firstIndex { String(data: $0, encoding: .utf8) == nil } ?? 0
    report.add(line + 1, 1, "this line is not UTF-8", "Save the file as UTF-8.")
    return nil
  }
}
