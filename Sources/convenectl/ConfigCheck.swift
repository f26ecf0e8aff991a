// `convenectl config check`: every fault of a settings file, by the settings' own reader; and where it has none, whether a ladder
// of it ends in silence.
import Convening
import Coordination
import Settings

enum ConfigCheck {
  /// Where the unit looks for it.
  static let usualPath = "/etc/convened/convened.yaml"

  /// Each as one line, `path:line:column: what. What to do`; of a ladder where it begins. No faults where the file is right;
  /// warnings only then.
  static func check(path: String, credentials: String?, now: Instant) -> (faults: [String], warnings: [String]) {
    switch Settings.load(path: path, credentials: credentials, now: now) {
    case .success(let settings):
      (silences(of: settings, now: now), settings.warnings.map(\.description))
    case .failure(let faults): (faults.faults.map(\.description), [])
    }
  }

  private static func silences(of settings: Settings, now: Instant) -> [String] {
    Silence.found(in: settings.policies, settings.arrangements, from: now).map {
      settings.fault(
        of: $0.policy, $0.urgency, $0.what(in: settings.arrangements.calendar.zone), mend: Silence.mend
      ).description
    }
  }
}
