// `convenectl config check`: the one place where the command line asks for the settings' own reader.
import Console
import Settings

enum ConfigCheck {
  /// Where the unit looks for it.
  static let usualPath = "/etc/convened/convened.yaml"

  /// Every fault of the file as one line, `path:line:column: what. What to do`; empty where it is right.
  static func faults(path: String, credentials: String?) -> [String] {
    switch Settings.load(path: path, credentials: credentials) {
    case .success: []
    case .failure(let faults): faults.faults.map(\.description)
    }
  }
}
