// Carries signed posts. One attempt is one POST on the wire and one answer, told once, on the queue. It queues nothing and
// retries nothing: the docket gave it a slot, and decides what the answer means.
internal import CCurl
import Convening
import Coordination
import Dispatch
import Wire

public final class CurlCourier: Courier {
  private let userAgent: String
  private let limits: CourierLimits
  private let now: () -> Instant
  private let routes: RouteBook
  private var active: [UnsafeMutableRawPointer: Transfer] = [:]
  private var idle: [RouteName: [Transfer]] = [:]
  /// All attempts may take equally long, so the oldest is the first to be late.
  private var deadlines: [(at: UInt64, easy: UnsafeMutableRawPointer)] = []
  private var firstDeadline = 0
  /// How long, in nanoseconds, nothing is under way before handles are given back.
  private static let keepsHandles: UInt64 = 10_000_000_000
  private var restingSince: UInt64 = 0
  private let clock: any DispatchSourceTimer
  private var clockAt = UInt64.max
  private let nudge: any DispatchSourceUserDataAdd
  /// Answers to what could not even be begun: told later, as every answer is.
  private var unrouted: [() -> Void] = []
  private var multi: CurlMulti?
  /// The answers of one second bear the same date, and libcurl's reading of it is dear.
  private var lastDate: (text: String, moment: Instant?) = ("", nil)

  /// - Parameters:
  ///   - queue: the loop's; everything is called on it.
  ///   - now: the wall clock, for a `Retry-After` in seconds.
  public init(
    queue: DispatchQueue, routes: RouteBook, userAgent: String, limits: CourierLimits = CourierLimits(),
    now: @escaping () -> Instant
  ) {
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    (self.routes, self.userAgent, self.limits, self.now) = (routes, userAgent, limits, now)
    clock = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
    nudge = DispatchSource.makeUserDataAddSource(queue: queue)
    multi = CurlMulti(queue: queue, connections: limits.connections) { [weak self] easy, result in
      self?.ended(easy, result)
    }
    clock.setEventHandler { [weak self] in self?.endLateOnes() }
    nudge.setEventHandler { [weak self] in self?.answerUnrouted() }
    clock.activate()
    nudge.activate()
  }

  public func send(_ deliveries: [Delivery], then: @escaping (Int, Answer) -> Void) {
    for (place, delivery) in deliveries.enumerated() {
      begin(delivery) { then(place, $0) }
      // Many leave together: the receiver is woken once for them. Not so many that the first waits for the last.
      if place % 64 == 63 { multi?.go() }
    }
    multi?.go()
  }

  private func begin(_ delivery: Delivery, then: @escaping (Answer) -> Void) {
    guard let route = routes[delivery.route] else {
      let answer = Answer(verdict: .misconfigured, status: nil, fault: "unknown-route", tookMilliseconds: 0)
      unrouted.append { then(answer) }
      return nudge.add(data: 1)
    }
    let transfer = reuse(route) ?? Transfer(route: route, userAgent: userAgent, limits: limits)
    transfer.load(delivery)
    transfer.then = then
    transfer.began = DispatchTime.now().uptimeNanoseconds
    transfer.deadline = transfer.began + UInt64(limits.whole) * 1_000_000
    active[transfer.easy] = transfer
    deadlines.append((transfer.deadline, transfer.easy))
    if active.count == 1 { setClock() }
    multi?.add(transfer.easy)
  }

  public func close() {
    for easy in active.keys { multi?.remove(easy) }
    (active, idle, deadlines, firstDeadline) = ([:], [:], [], 0)
    clock.cancel()
    nudge.cancel()
    multi?.close()
    multi = nil
  }

  /// A transfer that is idle and was made for the route as it is now.
  private func reuse(_ route: Route) -> Transfer? {
    guard let transfer = idle[route.name]?.popLast() else { return nil }
    if transfer.route == route { return transfer }
    idle[route.name] = nil
    return nil
  }

  private func answerUnrouted() {
    let answers = unrouted
    unrouted = []
    for answer in answers { answer() }
  }

  // MARK: - Ends

  private func ended(_ easy: UnsafeMutableRawPointer, _ result: CURLcode) {
    guard let transfer = active.removeValue(forKey: easy) else { return }
    finish(transfer, answer(transfer, result))
  }

  private func finish(_ transfer: Transfer, _ answer: Answer) {
    let then = transfer.then
    transfer.then = nil
    idle[transfer.route.name, default: []].append(transfer)
    if active.isEmpty { rest() }
    then?(answer)
  }

  /// Nothing is under way. The handles of a storm are given back once that has lasted: between two turns it is so too.
  private func rest() {
    deadlines.removeAll(keepingCapacity: true)
    firstDeadline = 0
    restingSince = DispatchTime.now().uptimeNanoseconds
    wake(at: restingSince + Self.keepsHandles)
  }

  private func giveBack() {
    deadlines = []
    idle = idle.mapValues { Array($0.suffix(1)) }
  }

  /// A clock that rings too early does so once: setting it whenever the first deadline is another would be dearer.
  private func wake(at deadline: UInt64) {
    guard deadline < clockAt else { return }
    clockAt = deadline
    clock.schedule(deadline: DispatchTime(uptimeNanoseconds: deadline), leeway: .milliseconds(1))
  }

  /// What has arrived is taken first; what is late then has not been answered.
  private func endLateOnes() {
    clockAt = .max
    if active.isEmpty {
      let restsTill = restingSince + Self.keepsHandles
      return restsTill <= DispatchTime.now().uptimeNanoseconds ? giveBack() : wake(at: restsTill)
    }
    multi?.drain()
    let now = DispatchTime.now().uptimeNanoseconds
    while firstDeadline < deadlines.count, deadlines[firstDeadline].at <= now {
      let (at, easy) = deadlines[firstDeadline]
      firstDeadline += 1
      guard let transfer = active[easy], transfer.deadline == at else { continue }
      active[easy] = nil
      multi?.remove(easy)
      finish(transfer, answer(transfer, CURLE_OPERATION_TIMEDOUT))
    }
    setClock()
  }

  private func setClock() {
    while firstDeadline < deadlines.count,
      active[deadlines[firstDeadline].easy]?.deadline != deadlines[firstDeadline].at
    {
      firstDeadline += 1
    }
    if firstDeadline > 4096, firstDeadline > deadlines.count / 2 {
      deadlines.removeFirst(firstDeadline)
      firstDeadline = 0
    }
    if firstDeadline < deadlines.count { wake(at: deadlines[firstDeadline].at) }
  }

  private func answer(_ transfer: Transfer, _ result: CURLcode) -> Answer {
    let took = Int64((DispatchTime.now().uptimeNanoseconds - transfer.began) / 1_000_000)
    var status = 0
    ccurl_get_long(transfer.easy, CURLINFO_RESPONSE_CODE, &status)
    let isWhole =
      (result == CURLE_OK && transfer.hasWholeHead) || (result == CURLE_WRITE_ERROR && transfer.isCut && status > 0)
    let result = result == CURLE_SSL_CONNECT_ERROR && transfer.brokeInHandshake ? CURLE_RECV_ERROR : result
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
    // The callback aborts one thing: a second post of one attempt, after the connection died under the first.
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_ABORTED_BY_CALLBACK, CURLE_PARTIAL_FILE: "reset"
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS:
      "tls"
    case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED: "url"
    // Out of memory is what libcurl 7.88 says of a header line over 100 KB, OK of a head that broke off.
    case CURLE_OK, CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_WRITE_ERROR, CURLE_OUT_OF_MEMORY:
      "protocol"
    default: "failed"
    }
  }
}
