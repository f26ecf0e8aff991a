// The settings file as values: whom to ask, by which policy, over which routes, and where the journal and the sockets are.
// Loaded whole or not at all. It knows no database and no network; secrets come from files, never from the YAML itself.
import Convening
import Foundation
internal import Yams

public struct Settings: Sendable {
  public let arrangements: Arrangements
  public let policies: [Policy]
  public let routes: [RouteSettings]
  public let authority: String
  public let journal: String
  public let statusSocket: String
  public let controlSocket: String
  /// Odd, but no reason not to start.
  public let warnings: [SettingsFault]

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

/// A route as the courier needs it. Its URL and its secrets are secrets: they are never shown.
public struct RouteSettings: Hashable, Sendable {
  public let name: RouteName
  public let url: String
  /// `whsec_…`, newest first.
  public let secrets: [String]
  /// A PEM file with the authorities that this route's certificate may come from; nil: the system's.
  public let caFile: String?
  /// Plain HTTP to another host than this one is allowed.
  public let insecure: Bool
}
