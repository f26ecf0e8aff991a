// The settings file as values: whom to ask, by which policy, over which routes, and where the journal and the sockets are.
// Loaded whole or not at all (`LoadSettings.swift`). It knows no database and no network; secrets come from files, never from the YAML itself.
import Convening

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
