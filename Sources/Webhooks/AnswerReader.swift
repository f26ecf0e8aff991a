// What an answer means: what a transfer brought back, or how it failed, as the docket records and judges it.
internal import CCurl
import Convening
import Coordination
import Dispatch
import Wire

/// Reads the answers of one carrier, on its queue.
final class AnswerReader {
  private let now: () -> Instant
  /// The answers of one second bear the same date, and libcurl's reading of it is dear.
  private var lastDate: (text: String, moment: Instant?) = ("", nil)

  init(now: @escaping () -> Instant) { self.now = now }

  func answer(_ transfer: Transfer, _ result: CURLcode) -> Answer {
    let took = Int64((DispatchTime.now().uptimeNanoseconds - transfer.began) / 1_000_000)
    var status = 0
    ccurl_get_long(transfer.easy, CURLINFO_RESPONSE_CODE, &status)
    let isWhole =
      (result == CURLE_OK && transfer.hasWholeHead) || (result == CURLE_WRITE_ERROR && transfer.isCut && status > 0)
    let result = result == CURLE_SSL_CONNECT_ERROR && transfer.brokeInHandshake ? CURLE_RECV_ERROR : result
    if let blocked = transfer.blocked, !isWhole {
      return Answer(
        verdict: .misconfigured, status: nil, fault: "blocked", tookMilliseconds: took, peer: blocked)
    }
    let verdict = isWhole ? Verdict(status: status) : Verdict(result)
    return Answer(
      verdict: verdict, status: isWhole ? status : nil, fault: isWhole ? nil : Verdict.word(result),
      tookMilliseconds: took, retryAfter: isWhole ? transfer.retryAfter.flatMap(moment) : nil, peer: peer(transfer),
      responseDigest: transfer.response.isEmpty ? nil : Hash256(hashing: transfer.response).hex,
      requestID: transfer.requestID.flatMap { $0.isEmpty ? nil : $0 }, date: transfer.date.flatMap(httpDate))
  }

  private func peer(_ transfer: Transfer) -> String? {
    var ip: UnsafePointer<CChar>?
    var port = 0
    ccurl_get_string(transfer.easy, CURLINFO_PRIMARY_IP, &ip)
    ccurl_get_long(transfer.easy, CURLINFO_PRIMARY_PORT, &port)
    guard let ip, ip.pointee != 0 else { return nil }
    let address = String(cString: ip)
    return address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]:\(port)" : "\(address):\(port)"
  }

  /// `Retry-After`: seconds, or an HTTP date. Absurd ones are cut at ten years; the rules believe an hour.
  private func moment(_ text: String) -> Instant? {
    let digits = text.utf8.prefix(12)
    if !digits.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }),
      let seconds = Int64(String(decoding: digits, as: UTF8.self))
    {
      return now() + .seconds(min(seconds, 315_360_000))
    }
    return httpDate(text)
  }

  private func httpDate(_ text: String) -> Instant? {
    if lastDate.text == text { return lastDate.moment }
    let seconds = curl_getdate(text, nil)
    // What the journal can write and read again: any other date would stop the daemon, or every later start.
    lastDate = (text, Instant.readable.contains(seconds) ? Instant(milliseconds: Int64(seconds) * 1000) : nil)
    return lastDate.moment
  }
}

extension Verdict {
  /// CONTRACT.md 1, the table of results.
  init(status: Int) {
    switch status {
    case 200...299: self = .accepted
    case 410: self = .gone
    case 408, 425, 429: self = .retry
    case 300...499: self = .misconfigured
    default: self = .retry
    }
  }

  /// No status came.
  fileprivate init(_ result: CURLcode) {
    switch result {
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED:
      self = .misconfigured
    default: self = .retry
    }
  }

  fileprivate static func word(_ result: CURLcode) -> String {
    switch result {
    case CURLE_OPERATION_TIMEDOUT: "timeout"
    case CURLE_COULDNT_CONNECT: "refused"
    case CURLE_COULDNT_RESOLVE_HOST: "dns"
    // An address that is not allowed was answered before: the callback aborts a second post of one attempt here, after the
    // connection died under the first.
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_ABORTED_BY_CALLBACK, CURLE_PARTIAL_FILE: "reset"
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH: "pin"
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      "tls"
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: "proxy"
    case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED: "url"
    // Out of memory is what libcurl 7.88 says of a header line over 100 KB, OK of a head that broke off.
    case CURLE_OK, CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_WRITE_ERROR, CURLE_OUT_OF_MEMORY:
      "protocol"
    default: "failed"
    }
  }
}
