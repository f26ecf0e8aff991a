// `convenectl config check`: every fault of a settings file, by the settings' own reader; and where it has none, whether a ladder
// of it ends in silence.
import Convening
import Coordination
import Settings

enum ConfigCheck {
  /// Where the unit looks for it.
  static let usualPath = "/etc/convened/convened.yaml"

  /// Each as one line, `path:line:column: what. What to do`; of a ladder without its place, since no single line of it is at fault. No faults where the file is right; warnings only then.
  static func check(path: String, credentials: String?, now: Instant) -> (faults: [String], warnings: [String]) {
    switch Settings.load(path: path, credentials: credentials, now: now) {
    case .success(let settings):
      (
        Silence.found(in: settings.policies, settings.arrangements, from: now).map {
          "\(path): \($0.sentence(in: settings.arrangements.calendar.zone))"
        }, settings.warnings.map(\.description)
      )
    case .failure(let faults): (faults.faults.map(\.description), [])
    }
  }
}
