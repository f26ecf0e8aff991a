// One attempt on the wire: an easy handle, what it sends, and the little of the answer that is kept. Reused for the next
// attempt to the same route, so that options and connections are.
internal import CCurl
import Convening
import Coordination
import Glibc
import Wire

final class Transfer {
  let easy: UnsafeMutableRawPointer
  let route: Route
  private let limits: CourierLimits
  private var headers = HeaderLines(most: 5)
  /// What is sent, where libcurl reads it.
  private var body = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1024)
  /// libcurl's own words on a fault, at most 256 bytes. They name the address, so nobody is shown them.
  private let words: UnsafeMutablePointer<CChar>
  private var isSent = false
  private(set) var response: [UInt8] = []
  private(set) var retryAfter: String?
  private(set) var date: String?
  private(set) var requestID: String?
  private var headerBytes = 0
  /// The empty line after a head came. libcurl is content with a head that broke off; we are not: it is no answer.
  private(set) var hasWholeHead = false
  /// We stopped reading: the answer's status stands all the same.
  private(set) var isCut = false
  /// An address that the route does not allow, in the words of `NetworkAddress`.
  private var refused: String?
  /// A socket was opened to one that it allows.
  private var hasDialled = false
  /// Nothing was sent, since none of the addresses is allowed; the last of them.
  var blocked: String? { hasDialled ? nil : refused }
  var deadline: UInt64 = 0
  var began: UInt64 = 0
  /// Where it stands among what the loop handed over.
  var batch = 0
  var place = 0

  init(route: Route, userAgent: String, limits: CourierLimits) {
    guard let easy = curl_easy_init() else { preconditionFailure("libcurl has no memory for a transfer") }
    (self.easy, self.route, self.limits) = (easy, route, limits)
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    let me = Unmanaged.passUnretained(self).toOpaque()
    ccurl_set_string(easy, CURLOPT_URL, route.url)
    ccurl_set_string(easy, CURLOPT_USERAGENT, userAgent)
    ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "https,http")
    // Neither the environment's proxy nor its exceptions.
    ccurl_set_string(easy, CURLOPT_PROXY, route.proxy ?? "")
    ccurl_set_string(easy, CURLOPT_NOPROXY, "")
    ccurl_only_http11(easy)
    let off = 0
    let on = 1
    for (option, value) in [
      (CURLOPT_POST, on), (CURLOPT_FOLLOWLOCATION, off), (CURLOPT_NETRC, off), (CURLOPT_NOSIGNAL, on),
      (CURLOPT_DISALLOW_USERNAME_IN_URL, on), (CURLOPT_QUICK_EXIT, on), (CURLOPT_SSL_VERIFYPEER, on),
      (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_TCP_NODELAY, on),
      (CURLOPT_BUFFERSIZE, 4096), (CURLOPT_CONNECTTIMEOUT_MS, limits.connect),
      // The whole attempt is timed by the courier, which drains its sockets first. libcurl looks at its clock before it
      // looks at the socket: an answer that waited while the queue was held up would be lost to a limit near ours.
      (CURLOPT_TIMEOUT_MS, limits.whole + 60_000), (CURLOPT_CA_CACHE_TIMEOUT, limits.authorities),
      // What a proxy answers of itself is no part of the answer.
      (CURLOPT_SUPPRESS_CONNECT_HEADERS, on),
    ] { ccurl_set_long(easy, option, value) }
    // One file of authorities and no folder: only so does libcurl keep what it read of it for the next connection.
    ccurl_set_pointer(easy, CURLOPT_CAPATH, nil)
    if let caFile = route.caFile { ccurl_set_string(easy, CURLOPT_CAINFO, caFile) }
    if !route.tls.pins.isEmpty {
      ccurl_set_string(easy, CURLOPT_PINNEDPUBLICKEY, route.tls.pins.map(\.description).joined(separator: ";"))
    }
    if let identity = route.tls.identity {
      // From memory: no attempt waits for a disk, and two routes never share a connection that one of them opened as itself.
      ccurl_set_blob(easy, CURLOPT_SSLCERT_BLOB, identity.certificate, identity.certificate.utf8.count)
      ccurl_set_blob(easy, CURLOPT_SSLKEY_BLOB, identity.key, identity.key.utf8.count)
    }
    ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, words)
    for option in [CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA] {
      ccurl_set_pointer(easy, option, me)
    }
    ccurl_set_bytes_function(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
      Transfer.of(me).take(bytes, size * count)
    }
    ccurl_set_bytes_function(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
      Transfer.of(me).takeHeader(bytes, size * count)
    }
    ccurl_set_open_function(easy) { me, _, address in
      address.map { Transfer.of(me).open($0) } ?? CURL_SOCKET_BAD
    }
    // A refusal: without it libcurl sends a post again by itself when a kept connection dies, and nobody records it.
    ccurl_set_before_function(easy) { me, peer, _, _, _ in
      Transfer.of(me).mayLeave(to: peer) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
  }

  deinit {
    curl_easy_cleanup(easy)
    body.deallocate()
    words.deallocate()
  }

  private static func of(_ me: UnsafeMutableRawPointer?) -> Transfer {
    guard let me else { preconditionFailure("libcurl lost the transfer that it was given") }
    return Unmanaged<Transfer>.fromOpaque(me).takeUnretainedValue()
  }

  /// Makes it ready for an attempt.
  func load(_ delivery: Delivery) {
    (isSent, headerBytes, isCut, hasWholeHead) = (false, 0, false, false)
    (refused, hasDialled) = (nil, false)
    words.pointee = 0
    response.removeAll(keepingCapacity: true)
    (retryAfter, date, requestID) = (nil, nil, nil)
    let id = delivery.reminder.description
    let timestamp = delivery.at.unixSeconds
    let content = take(delivery.body)
    let signature = Signature.header(id: id, timestamp: timestamp, body: content, secrets: route.secrets)
    headers.write([
      ("content-type: ", "application/cloudevents+json; charset=utf-8"), ("webhook-id: ", id),
      ("webhook-timestamp: ", String(timestamp)), ("webhook-signature: ", signature),
      ("convened-attempt: ", String(delivery.attempt)),
    ])
    ccurl_set_list(easy, CURLOPT_HTTPHEADER, headers.list)
    // Not copied by libcurl: it stays as it is until the next attempt. Up to 64 KB are sent together with the headers: one
    // call to the system, one packet.
    ccurl_set_large(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(content.count))
    ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress)
  }

  private func take(_ text: String) -> UnsafeBufferPointer<UInt8> {
    var text = text
    return text.withUTF8 { bytes in
      if bytes.count > body.count {
        body.deallocate()
        body = .allocate(capacity: bytes.count)
      }
      _ = body.update(fromContentsOf: bytes)
      return UnsafeBufferPointer(rebasing: body[..<bytes.count])
    }
  }

  /// The handshake ended because the connection did, not because of what a certificate says.
  var brokeInHandshake: Bool {
    let text = String(cString: words)
    return ["Recv failure", "Send failure", "SSL_connect: ", "unexpected eof"].contains(where: text.contains)
  }

  // MARK: - libcurl calls

  /// On the address itself: a name may resolve to another one each time.
  private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let peer = UnsafeRawPointer(address) + MemoryLayout<curl_sockaddr>.offset(of: \.addr)!
    guard isAllowed(NetworkAddress(peer.assumingMemoryBound(to: sockaddr.self))) else { return CURL_SOCKET_BAD }
    hasDialled = true
    let (family, kind) = (address.pointee.family, address.pointee.socktype)
    // libcurl 7.88 keeps no socket from a program that is started by this one.
    return socket(family, kind | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
  }

  /// Once for each attempt; and a connection that another route opened leads where this one may not.
  private func mayLeave(to peer: UnsafePointer<CChar>?) -> Bool {
    defer { isSent = true }
    return !isSent && isAllowed(peer.flatMap { NetworkAddress(String(cString: $0)) })
  }

  private func isAllowed(_ peer: NetworkAddress?) -> Bool {
    if route.proxy != nil { return true }
    guard let peer, route.addresses.refusal(of: peer) == nil else {
      refused = peer.map(\.description) ?? "unknown"
      return false
    }
    return true
  }

  private func take(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let kept = min(count, limits.responseBytes - response.count)
    response.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: kept))
    guard kept < count else { return count }
    isCut = true
    return 0
  }

  private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    headerBytes += count
    guard headerBytes <= limits.headerBytes else {
      isCut = true
      return 0
    }
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") { hasWholeHead = true }
    switch line.first.map({ $0 | 0x20 }) {
    // A status line: what came before it was no answer yet.
    case UInt8(ascii: "h") where line.starts(with: "HTTP/".utf8):
      (retryAfter, date, requestID, hasWholeHead) = (nil, nil, nil, false)
    case UInt8(ascii: "d"), UInt8(ascii: "r"), UInt8(ascii: "x"): keep(line)
    default: break
    }
    return count
  }

  private func keep(_ line: UnsafeRawBufferPointer) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
    var value = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }
    while let last = value.last, last <= 32 { value.removeLast() }
    switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
    case "retry-after": retryAfter = String(decoding: value, as: UTF8.self)
    case "date": date = String(decoding: value, as: UTF8.self)
    case "x-request-id":
      requestID = String(decoding: value.filter { (0x21...0x7E).contains($0) }.prefix(128), as: UTF8.self)
    default: break
    }
  }
}
