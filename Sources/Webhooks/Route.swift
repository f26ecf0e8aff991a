// A way to reach somebody, as the courier needs it. Its URL and its secrets are secrets: nothing here shows them.
import Convening
import Synchronization
import Wire

public struct Route: Hashable, Sendable, CustomStringConvertible {
  public let name: RouteName
  let url: String
  /// Newest first.
  let secrets: [WebhookSecret]
  /// A PEM file; nil: the system's authorities.
  let caFile: String?

  public var description: String { "route \(name)" }

  /// Why a route cannot be used; the sentence shows no URL.
  public enum Fault: Error, Hashable, Sendable {
    case notHTTPS(RouteName)
    case noSecret(RouteName)

    public var sentence: String {
      switch self {
      case .notHTTPS(let name):
        "Route \(name) is not https. Plain http is for this machine alone, or with insecure: true."
      case .noSecret(let name): "Route \(name) has no secret to sign with."
      }
    }
  }

  /// - Parameter insecure: plain HTTP to another host than this one is allowed.
  ///
  /// Throws: `Fault`.
  public init(name: RouteName, url: String, secrets: [WebhookSecret], caFile: String?, insecure: Bool) throws(Fault) {
    guard !secrets.isEmpty else { throw .noSecret(name) }
    guard Route.isSafe(url) || (insecure && url.lowercased().hasPrefix("http://")) else { throw .notHTTPS(name) }
    (self.name, self.url, self.secrets, self.caFile) = (name, url, secrets, caFile)
  }

  private static func isSafe(_ url: String) -> Bool {
    let url = url.lowercased()
    if url.hasPrefix("https://") { return true }
    guard url.hasPrefix("http://") else { return false }
    let authority = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { return false }
    if authority == "[::1]" || authority.hasPrefix("[::1]:") { return true }
    let host = authority.prefix { $0 != ":" }
    if host == "localhost" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { UInt8($0) != nil && $0.utf8.allSatisfy { (48...57).contains($0) } }
  }
}

/// The routes in force. A reload replaces them; what is under way ends as it began.
public final class RouteBook: Sendable {
  private let routes: Mutex<[RouteName: Route]>

  public init(_ routes: [Route]) { self.routes = Mutex(RouteBook.byName(routes)) }

  public func replace(_ routes: [Route]) { self.routes.withLock { $0 = RouteBook.byName(routes) } }

  subscript(name: RouteName) -> Route? { routes.withLock { $0[name] } }

  private static func byName(_ routes: [Route]) -> [RouteName: Route] {
    Dictionary(routes.map { ($0.name, $0) }) { $1 }
  }
}

/// What one attempt may use; CONTRACT.md 1.
public struct CourierLimits: Hashable, Sendable {
  /// Milliseconds to connect, TLS included.
  public var connect = 5000
  /// Milliseconds for the whole attempt.
  public var whole = 15_000
  /// Bytes of a response that are read; the rest is left.
  public var responseBytes = 4096
  /// Bytes of response headers that are read.
  public var headerBytes = 32_768
  /// Connections that are kept open.
  public var connections = 6000

  public init() {}
}
