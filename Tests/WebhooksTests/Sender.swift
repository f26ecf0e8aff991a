// A courier on a queue of its own, and what it answered: a test sends from its own thread and waits with a deadline.
import Convening
import Coordination
import Dispatch
import Synchronization
import Testing
import Webhooks
import Wire

/// Who was answered what, each time that somebody was.
final class Answers: Sendable {
  private let told = Mutex<[Int: [Answer]]>([:])
  private let changed = DispatchSemaphore(value: 0)

  func tell(_ ticket: Int, _ answer: Answer) {
    told.withLock { $0[ticket, default: []].append(answer) }
    changed.signal()
  }

  var all: [Int: [Answer]] { told.withLock { $0 } }

  /// Answers, once so many tickets have one; after 30 s as they are, and the test has failed.
  func all(of count: Int) -> [Int: [Answer]] {
    let deadline = DispatchTime.now() + .seconds(30)
    while all.count < count {
      guard changed.wait(timeout: deadline) == .success else {
        Issue.record("\(all.count) of \(count) were answered")
        return all
      }
    }
    return all
  }
}

final class Sender {
  static let now = Instant(milliseconds: 1_795_424_400_000)
  static let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!
  static let body = #"{"specversion":"1.0","data":{"ring":["0113 496 0100"],"größe":"✓"}}"#

  let queue = DispatchQueue(label: "test.loop")
  let book: RouteBook
  let courier: CurlCourier
  let answers = Answers()
  private var tickets = 0

  init(
    _ routes: [Route], limits: CourierLimits = .init(), now: @escaping @Sendable () -> Instant = { Sender.now },
    uptime: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }
  ) {
    book = RouteBook(routes)
    courier = CurlCourier(
      queue: queue, routes: book, userAgent: "convened/1.2.3", limits: limits, now: now, uptime: uptime)
  }

  /// One route, named `agency`.
  convenience init(_ url: String, caFile: String? = nil, limits: CourierLimits = .init()) throws {
    self.init([try Sender.route("agency", url, caFile: caFile)], limits: limits)
  }

  static func route(
    _ name: RouteName, _ url: String, secrets: [WebhookSecret] = [secret], caFile: String? = nil,
    tls: RouteTLS = RouteTLS(), insecure: Bool = false, proxy: String? = nil
  ) throws -> Route {
    try Route(
      name: name, url: url, secrets: secrets, caFile: caFile, insecure: insecure, tls: tls, proxy: proxy)
  }

  /// On the queue. `then` follows the answer's record.
  func begin(
    _ route: RouteName = "agency", id: ReminderID = .init(high: 7, low: 7), attempt: Int = 1,
    body: String = Sender.body,
    at: Instant = Sender.now, then: @escaping () -> Void = {}
  ) -> Int {
    tickets += 1
    let delivery = Delivery(reminder: id, attempt: attempt, route: route, body: body, at: at)
    courier.send([delivery]) { [answers, ticket = tickets] _, answer in
      answers.tell(ticket, answer)
      then()
    }
    return tickets
  }

  /// One attempt and its answer; an answer that means nothing where none came in 30 s, and the test has failed.
  func post(_ route: RouteName = "agency", attempt: Int = 1, body: String = Sender.body) -> Answer {
    let ticket = queue.sync { begin(route, attempt: attempt, body: body) }
    let all = answers.all(of: ticket)
    return all[ticket]?.first ?? Answer(verdict: .gone, status: nil, fault: "none came", tookMilliseconds: -1)
  }

  func close() { queue.sync { courier.close() } }

  /// Closes, and sees to it that nobody was told twice.
  func closeAndCheck(_ count: Int, _ location: SourceLocation = #_sourceLocation) {
    close()
    let all = answers.all
    #expect(all.count == count, sourceLocation: location)
    #expect(all.filter { $0.value.count != 1 }.isEmpty, "told more than once", sourceLocation: location)
  }
}

extension CourierLimits {
  static func whole(_ milliseconds: Int) -> CourierLimits {
    var limits = CourierLimits()
    limits.whole = milliseconds
    return limits
  }
}
