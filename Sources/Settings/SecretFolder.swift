// Secrets are files: systemd's credentials (`secret_NAME`) where the unit gives them, else files in a folder of their own.
// Never the YAML itself, never the environment.
import Foundation

struct SecretFolder {
  let credentials: String?
  let folder: String

  /// The file's text without surrounding white space; nil where there is none.
  func read(_ name: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path(name)),
      let text = String(data: data, encoding: .utf8)?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty
    else { return nil }
    return text
  }

  /// What to do about a file that is not there.
  func mend(_ name: String, make: String) -> String {
    credentials == nil
      ? make : "Put the file \(name) into the folder that the unit's LoadCredential= names, and restart."
  }

  /// Whether others than its owner may read it; systemd guards its own.
  func isExposed(_ name: String) -> Bool {
    var facts = stat()
    return credentials == nil && stat(path(name), &facts) == 0 && facts.st_mode & 0o077 != 0
  }

  func path(_ name: String) -> String { credentials.map { "\($0)/secret_\(name)" } ?? "\(folder)/\(name)" }
}
