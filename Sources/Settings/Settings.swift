// The settings file as values: whom to ask, by which policy, over which routes, and where the journal and the sockets are.
// Loaded whole or not at all (`LoadSettings.swift`). It knows no database and no network; secrets come from files, never
// from the YAML itself.
import Convening
import Wire

public struct Settings: Sendable {
  /// The file that they were read from, as it was named.
  let file: String
  public let arrangements: Arrangements
  /// In the order of the file; ids and first days are each given once.
  public let policies: [Policy]
  /// One for each route of the arrangements.
  public let routes: [RouteSettings]
  /// The authority's name, for people.
  public let authority: String
  /// The journal's file.
  public let journal: String
  /// Two different paths of at most 107 bytes, the room that a Unix socket's address has.
  public let statusSocket: String
  public let controlSocket: String
  /// Odd, but no reason not to start; in the order of their places.
  public let warnings: [SettingsFault]
  /// Where each ladder stands.
  let ladders: [LadderPlace]

  /// A fault of a ladder that only shows when it is tried.
  public func fault(of policy: PolicyID, _ urgency: Urgency, _ what: String, mend: String) -> SettingsFault {
    let place = ladders.first { $0.policy == policy && $0.urgency == urgency }
    return SettingsFault(file: file, line: place?.line, column: place?.column, what: what, mend: mend)
  }
}

/// Where the ladder of a policy begins in the file, in lines and columns from 1.
struct LadderPlace: Hashable, Sendable {
  let policy: PolicyID
  let urgency: Urgency
  let line: Int
  let column: Int
}

/// A route as the courier needs it. Its URL and its secrets are secrets: they are never shown.
public struct RouteSettings: Hashable, Sendable, CustomStringConvertible {
  public let name: RouteName
  /// https; http to this machine, or where `insecure` is set.
  public let url: String
  /// `whsec_…`, newest first; at least one.
  public let secrets: [String]
  /// A PEM file with the authorities that this route's certificate may come from; nil: the system's.
  public let caFile: String?
  /// Plain HTTP to another host than this one is allowed.
  public let insecure: Bool
  /// What may be dialled: public addresses, and those that the route names.
  public let addresses: AddressRule
  public let tls: RouteTLS
  /// `http://host:port`; nil: none.
  public let proxy: String?

  public var description: String { "route \(name)" }
}

/// Policies, and the arrangements that they are read with.
public struct PolicySettings: Sendable {
  public let arrangements: Arrangements
  /// In the order of the file.
  public let policies: [Policy]
}
