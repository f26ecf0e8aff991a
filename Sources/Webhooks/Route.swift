// A way to reach somebody, as the courier needs it. Its URL and its secrets are secrets: nothing here shows them.
internal import CCurl
import Convening
import Synchronization
import Wire

public struct Route: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  public let name: RouteName
  let url: String
  /// Newest first.
  let secrets: [WebhookSecret]
  /// A PEM file; nil: the system's authorities.
  let caFile: String?
  let addresses: AddressRule
  let tls: RouteTLS
  /// `http://host:port`; nil: it is dialled itself. Behind a proxy that one decides which addresses are reached.
  let proxy: String?

  public var description: String { "route \(name)" }
  public var customMirror: Mirror { Mirror(self, children: ["name": name]) }

  /// Why a route cannot be used; the sentence shows no URL.
  public enum Fault: Error, Hashable, Sendable {
    case notURL(RouteName)
    case hasUser(RouteName)
    case notHTTPS(RouteName)
    case noSecret(RouteName)

    public var sentence: String {
      switch self {
      case .notURL(let name): "The URL of route \(name) cannot be read. Write https://host/path."
      case .hasUser(let name): "The URL of route \(name) names a user or a password. Leave them out."
      case .notHTTPS(let name):
        "Route \(name) is not https. Plain http is for this machine alone, or with insecure: true."
      case .noSecret(let name): "Route \(name) has no secret to sign with."
      }
    }
  }

  /// - Parameters:
  ///   - insecure: plain HTTP to another host than this one is allowed.
  ///   - proxy: `http://host:port`, through which everything goes.
  ///   - addresses: what may be dialled, whatever the URL's name resolves to; this machine too where the URL is of it.
  ///
  /// Throws: `Fault`.
  public init(
    name: RouteName, url: String, secrets: [WebhookSecret], caFile: String?, insecure: Bool,
    addresses: AddressRule = AddressRule(), tls: RouteTLS = RouteTLS(), proxy: String? = nil
  ) throws(Fault) {
    guard !secrets.isEmpty else { throw .noSecret(name) }
    guard let parts = URLParts(url) else { throw .notURL(name) }
    guard !parts.hasUser else { throw .hasUser(name) }
    guard parts.scheme == "https" || (parts.scheme == "http" && (insecure || parts.isLoopback)) else {
      throw .notHTTPS(name)
    }
    (self.name, self.url, self.secrets, self.caFile) = (name, url, secrets, caFile)
    (self.tls, self.proxy) = (tls, proxy)
    self.addresses = parts.isLoopback ? addresses.withThisMachine : addresses
  }
}

/// A URL as libcurl reads it, so that what was checked is what will be dialled: 127.1 and 0x7f000001 are 127.0.0.1 to it.
private struct URLParts {
  let scheme: String
  let host: String
  let hasUser: Bool

  /// nil where libcurl would not dial it, or where it holds what no URL holds: white space, controls, other than ASCII.
  init?(_ text: String) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let url = curl_url() else { return nil }
    defer { curl_url_cleanup(url) }
    guard curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK else { return nil }
    func part(_ what: CURLUPart) -> String? {
      var value: UnsafeMutablePointer<CChar>?
      guard curl_url_get(url, what, &value, 0) == CURLUE_OK, let value else { return nil }
      defer { curl_free(value) }
      return String(cString: value)
    }
    guard let scheme = part(CURLUPART_SCHEME), let host = part(CURLUPART_HOST), !host.isEmpty else { return nil }
    (self.scheme, self.host) = (scheme.lowercased(), host.lowercased())
    hasUser = part(CURLUPART_USER) != nil || part(CURLUPART_PASSWORD) != nil
  }

  /// libcurl itself takes `localhost` to the loopback address, whatever the resolver says.
  var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" { return true }
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

  /// In no order.
  public var all: [Route] { routes.withLock { Array($0.values) } }

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
  /// Seconds for which a file of authorities is not read again: one that was changed holds from then on.
  public var authorities = 60
  /// Connections that are kept open.
  public var connections = 6000

  public init() {}
}
