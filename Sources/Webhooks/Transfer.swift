// One attempt on the wire: an easy handle, what it sends, and the little of the answer that is kept. Reused for the next
// attempt to the same route, so that options and connections are.
internal import CCurl
import Convening
import Coordination
import Wire

final class Transfer {
  let easy: UnsafeMutableRawPointer
  let route: Route
  private let limits: CourierLimits
  private var headers: UnsafeMutablePointer<curl_slist>?
  private var body: [UInt8] = []
  private var sent = 0
  private(set) var response: [UInt8] = []
  private(set) var retryAfter: String?
  private(set) var date: String?
  private(set) var requestID: String?
  private var headerBytes = 0
  /// We stopped reading: the answer's status stands all the same.
  private(set) var isCut = false
  var deadline: UInt64 = 0
  var began: UInt64 = 0
  var then: ((Answer) -> Void)?

  init(route: Route, userAgent: String, limits: CourierLimits) {
    guard let easy = curl_easy_init() else { preconditionFailure("libcurl has no memory for a transfer") }
    (self.easy, self.route, self.limits) = (easy, route, limits)
    let me = Unmanaged.passUnretained(self).toOpaque()
    ccurl_set_string(easy, CURLOPT_URL, route.url)
    ccurl_set_string(easy, CURLOPT_USERAGENT, userAgent)
    ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "https,http")
    ccurl_set_string(easy, CURLOPT_PROXY, "")
    ccurl_only_http11(easy)
    let off = 0
    let on = 1
    for (option, value) in [
      (CURLOPT_POST, on), (CURLOPT_FOLLOWLOCATION, off), (CURLOPT_NETRC, off), (CURLOPT_NOSIGNAL, on),
      (CURLOPT_DISALLOW_USERNAME_IN_URL, on), (CURLOPT_QUICK_EXIT, on), (CURLOPT_SSL_VERIFYPEER, on),
      (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_TCP_NODELAY, on),
      (CURLOPT_BUFFERSIZE, 4096), (CURLOPT_UPLOAD_BUFFERSIZE, 16_384), (CURLOPT_CONNECTTIMEOUT_MS, limits.connect),
      // The whole attempt is timed by the courier, which drains its sockets first; this only catches what it misses.
      (CURLOPT_TIMEOUT_MS, 2 * limits.whole),
    ] { ccurl_set_long(easy, option, value) }
    if let caFile = route.caFile {
      ccurl_set_string(easy, CURLOPT_CAINFO, caFile)
      ccurl_set_pointer(easy, CURLOPT_CAPATH, nil)
    }
    for option in [CURLOPT_READDATA, CURLOPT_SEEKDATA, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA] {
      ccurl_set_pointer(easy, option, me)
    }
    ccurl_set_bytes_function(easy, CURLOPT_READFUNCTION) { into, size, count, me in
      Transfer.of(me).read(into, size * count)
    }
    ccurl_set_bytes_function(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
      Transfer.of(me).take(bytes, size * count)
    }
    ccurl_set_bytes_function(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
      Transfer.of(me).takeHeader(bytes, size * count)
    }
    // A refusal: without it libcurl sends a body again by itself when a kept connection dies, and nobody records it.
    ccurl_set_seek_function(easy) { _, _, _ in Int32(CURL_SEEKFUNC_FAIL) }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headers)
  }

  private static func of(_ me: UnsafeMutableRawPointer?) -> Transfer {
    guard let me else { preconditionFailure("libcurl lost the transfer that it was given") }
    return Unmanaged<Transfer>.fromOpaque(me).takeUnretainedValue()
  }

  /// Makes it ready for an attempt.
  func load(_ delivery: Delivery, _ body: [UInt8]) {
    self.body = body
    (sent, headerBytes, isCut) = (0, 0, false)
    response.removeAll(keepingCapacity: true)
    (retryAfter, date, requestID) = (nil, nil, nil)
    let id = delivery.reminder.description
    let timestamp = delivery.at.unixSeconds
    let signature = Signature.header(id: id, timestamp: timestamp, body: body, secrets: route.secrets)
    curl_slist_free_all(headers)
    headers = nil
    for line in [
      "content-type: application/cloudevents+json; charset=utf-8", "webhook-id: \(id)",
      "webhook-timestamp: \(timestamp)", "webhook-signature: \(signature)", "convened-attempt: \(delivery.attempt)",
      "Expect:",
    ] { headers = curl_slist_append(headers, line) }
    ccurl_set_list(easy, CURLOPT_HTTPHEADER, headers)
    ccurl_set_large(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
  }

  // MARK: - libcurl calls

  private func read(_ into: UnsafeMutablePointer<CChar>?, _ most: Int) -> Int {
    let count = min(most, body.count - sent)
    guard let into, count > 0 else { return 0 }
    body.withUnsafeBytes { bytes in
      UnsafeMutableRawPointer(into).copyMemory(from: bytes.baseAddress! + sent, byteCount: count)
    }
    sent += count
    return count
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
    let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let colon = line.firstIndex(of: ":") else { return count }
    let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }.prefix { $0 >= " " })
    switch line[..<colon].lowercased() {
    case "retry-after": retryAfter = value
    case "date": date = value
    case "x-request-id":
      requestID = String(
        value.unicodeScalars.filter { (0x21...0x7E).contains($0.value) }.prefix(128).map(Character.init))
    default: break
    }
    return count
  }
}
