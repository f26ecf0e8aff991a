// From a file to settings: read, parsed, checked; all of its faults, or none and the values.
import Convening
import Foundation
internal import Yams

extension Settings {
  /// Reads and checks a file.
  ///
  /// - Parameters:
  ///   - path: the YAML file; relative paths in it start at its folder.
  ///   - credentials: systemd's folder of credentials, where secrets are called `secret_NAME`; nil: the file's own
  ///     `secrets` folder, where they are called `NAME`.
  public static func load(path: String, credentials: String?) -> Result<Settings, SettingsFaults> {
    let report = FaultReport(file: path)
    guard let bytes = FileManager.default.contents(atPath: path), let text = String(data: bytes, encoding: .utf8) else {
      report.add(nil, "cannot be read as a text file", "Check the path, and that this user may read it.")
      return .failure(report.outcome)
    }
    let root: Node
    do {
      guard let node = try Yams.compose(yaml: text) else {
        report.add(nil, "is empty", "Begin with Config/convened.yaml as a pattern.")
        return .failure(report.outcome)
      }
      root = node
    } catch {
      report.add(yaml: error)
      return .failure(report.outcome)
    }
    var reading = SettingsReading(report: report, folder: (path as NSString).deletingLastPathComponent)
    guard let settings = reading.settings(root, credentials: credentials), report.faults.isEmpty else {
      return .failure(report.outcome)
    }
    return .success(settings)
  }
}
