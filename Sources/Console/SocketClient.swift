// HTTP/1.1 over a Unix socket, through libcurl. One request, one connection, one answer; a body can be taken chunk by
// chunk, so that a journal of any length passes through. It never retries, never reads the environment's proxy and
// never leaves the machine.
import CCurl
import Convening

/// A request as it goes over the socket.
public struct HTTPAsk: Sendable {
  public let method: String
  /// Path and query: `/v1/status`.
  public let target: String
  public let headers: [(name: String, value: String)]
  public let body: [UInt8]?

  public init(_ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
    (self.method, self.target, self.headers, self.body) = (method, target, headers, body)
  }
}

public struct HTTPAnswer: Sendable {
  public let status: Int
  /// Names in lower case; of a name that came twice, the last.
  public let headers: [String: String]
  /// Empty where the body was handed on chunk by chunk.
  public let body: [UInt8]

  public init(status: Int, headers: [String: String], body: [UInt8]) {
    (self.status, self.headers, self.body) = (status, headers, body)
  }
}

/// Why no whole answer came.
public enum Unreachable: Error, Hashable, Sendable {
  /// No socket, or nobody listens on it.
  case absent
  /// The socket or its folder is closed to this user.
  case forbidden
  /// The connection broke before the answer was whole.
  case reset
  case timedOut
  /// Whoever takes the body wanted no more.
  case stopped
  /// libcurl's own words.
  case other(String)
}

public struct SocketClient: Sendable {
  /// Of the Unix socket; at most 107 bytes (unix(7)).
  public let path: String

  public init(path: String) { self.path = path }

  /// Sends a request and waits for its answer. `within` bounds the whole exchange; nil: as long as it takes, which is
  /// for streams. With `onChunk`, the body of a 2xx is handed over as it comes; false ends it.
  ///
  /// Throws: `Unreachable`.
  public func perform(
    _ ask: HTTPAsk, within: Elapsed?, onChunk: (([UInt8]) -> Bool)? = nil
  ) throws(Unreachable) -> HTTPAnswer {
    guard path.utf8.count <= 107 else { throw .absent }
    _ = SocketClient.started
    guard let easy = curl_easy_init() else { throw .other("libcurl has no memory") }
    defer { curl_easy_cleanup(easy) }
    let transfer = Transfer(onChunk: onChunk)
    var list: UnsafeMutablePointer<curl_slist>?
    defer { curl_slist_free_all(list) }
    for (name, value) in ask.headers + [("Expect", "")] {
      list = curl_slist_append(list, value.isEmpty ? "\(name):" : "\(name): \(value)")
    }
    let code = withExtendedLifetime(transfer) { () -> CURLcode in
      set(easy, ask, list, within)
      receive(easy, into: transfer)
      return curl_easy_perform(easy)
    }
    guard code == CURLE_OK else { throw reason(code, easy, transfer) }
    return HTTPAnswer(status: transfer.status, headers: transfer.headers, body: transfer.body)
  }

  /// libcurl's version, `7.88.1`.
  public static var libraryVersion: String {
    // "libcurl/7.88.1 OpenSSL/3.0.17 …"
    let all = String(cString: curl_version())
    return String(all.prefix { $0 != " " }.drop { $0 != "/" }.dropFirst())
  }

  // CURL_GLOBAL_ALL, whose macro Swift does not see.
  private static let started = curl_global_init(3)

  private func set(
    _ easy: UnsafeMutableRawPointer, _ ask: HTTPAsk, _ list: UnsafeMutablePointer<curl_slist>?, _ within: Elapsed?
  ) {
    _ = ccurl_set_string(easy, CURLOPT_URL, "http://localhost\(ask.target)")
    _ = ccurl_set_string(easy, CURLOPT_UNIX_SOCKET_PATH, path)
    _ = ccurl_set_string(easy, CURLOPT_PROXY, "")
    _ = ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    _ = ccurl_set_long(easy, CURLOPT_HTTP_VERSION, 2)  // CURL_HTTP_VERSION_1_1
    _ = ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, 5000)
    if let within { _ = ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, Int(within.milliseconds)) }
    if let body = ask.body {
      _ = ccurl_set_large(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      body.withUnsafeBytes { raw in
        var empty: UInt8 = 0
        withUnsafeMutablePointer(to: &empty) { spare in
          let start = raw.baseAddress.map(UnsafeMutableRawPointer.init(mutating:)) ?? UnsafeMutableRawPointer(spare)
          _ = ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, start)
        }
      }
    }
    _ = ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, ask.method)
    _ = ccurl_set_list(easy, CURLOPT_HTTPHEADER, list)
  }

  private func receive(_ easy: UnsafeMutableRawPointer, into transfer: Transfer) {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    _ = ccurl_set_bytes_function(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
        .header(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return size * count
    }
    _ = ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    _ = ccurl_set_bytes_function(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      let goesOn = Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
        .chunk(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return goesOn ? size * count : 0
    }
    _ = ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
  }

  private func reason(_ code: CURLcode, _ easy: UnsafeMutableRawPointer, _ transfer: Transfer) -> Unreachable {
    switch code {
    case CURLE_COULDNT_CONNECT:
      var errno = 0
      _ = ccurl_get_long(easy, CURLINFO_OS_ERRNO, &errno)
      return errno == 13 ? .forbidden : .absent  // EACCES
    case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE: return .reset
    case CURLE_OPERATION_TIMEDOUT: return .timedOut
    case CURLE_WRITE_ERROR where transfer.stopped: return .stopped
    default: return .other(String(cString: curl_easy_strerror(code)))
    }
  }
}

/// What has come so far. libcurl holds its address during the exchange.
private final class Transfer {
  var status = 0
  var headers: [String: String] = [:]
  var body: [UInt8] = []
  var stopped = false
  private let onChunk: (([UInt8]) -> Bool)?

  init(onChunk: (([UInt8]) -> Bool)?) { self.onChunk = onChunk }

  func header(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // A new head: of an interim answer (1xx) nothing is kept.
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      headers = [:]
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      headers[line[..<colon].lowercased()] = String(value.prefix { !$0.isNewline })
    }
  }

  func chunk(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let onChunk, (200..<300).contains(status) else {
      body.append(contentsOf: bytes)
      return true
    }
    stopped = !onChunk(Array(bytes))
    return !stopped
  }
}
