// `convenectl config check`: the one place where the command line asks for the settings' own reader.
import Console

enum ConfigCheck {
  /// Where the unit looks for it.
  static let usualPath = "/etc/convened/convened.yaml"

  /// Every fault of the file as one line, `path:line:column: what; what to do`; empty where it is right.
  ///
  /// Throws: `Complaint` where the file cannot be read.
  static func faults(path: String, credentials: String?) throws(Complaint) -> [String] {
    throw Complaint(.failure, "This build cannot read settings. Ask the daemon with `convenectl reload`.")
  }
}
