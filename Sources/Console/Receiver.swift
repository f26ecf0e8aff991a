// `convenectl listen`: a receiver for an agency's developers, on the loopback address alone. It verifies, prints one line
// for each webhook and answers what it was told to answer; it stores nothing.
import Convening
import Wire
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

public struct ReceiverPlan: Sendable {
  /// 0: any that is free.
  public var port: Int
  public var secrets: [WebhookSecret]
  /// In turn, the last one for ever. 200...599; nil: 204, and 401 to what does not verify.
  public var answers: [Int]?
  /// For so long after the start, 503 whatever the answers are.
  public var downFor: Elapsed
  /// Ends after so many webhooks; nil: when it is told to.
  public var count: Int?

  public init(port: Int, secrets: [WebhookSecret], answers: [Int]?, downFor: Elapsed, count: Int?) {
    (self.port, self.secrets, self.answers, self.downFor, self.count) = (port, secrets, answers, downFor, count)
  }
}

public struct Receiver: Sendable {
  private let plan: ReceiverPlan
  private let now: @Sendable () -> Instant
  private let started: @Sendable (String) -> Void
  private let received: @Sendable (Receipt) -> Void

  /// `started` is told the URL once it can be posted to, `received` each webhook in the order of the answers.
  public init(
    _ plan: ReceiverPlan, now: @escaping @Sendable () -> Instant, started: @escaping @Sendable (String) -> Void,
    received: @escaping @Sendable (Receipt) -> Void
  ) {
    (self.plan, self.now, self.started, self.received) = (plan, now, started, received)
  }

  /// Serves until a signal, or until the count is reached.
  ///
  /// Throws: what binding the port throws.
  public func run() async throws {
    var logger = Logger(label: "convenectl.listen")
    logger.logLevel = .critical
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let desk = Desk(plan, start: now(), received: received)
    let responder = CallbackResponder<BasicRequestContext> { request, _ in
      await respond(to: request, desk, end)
    }
    let application = Application(
      responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: plan.port)),
      onServerRunning: { channel in started("http://127.0.0.1:\(channel.localAddress?.port ?? plan.port)/") },
      logger: logger)
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(service: application),
          .init(service: Ending(ends), successTerminationBehavior: .gracefullyShutdownGroup),
        ],
        gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
    try await group.run()
  }

  private func respond(
    to request: Request, _ desk: Desk, _ end: AsyncStream<Void>.Continuation
  ) async -> Response {
    guard request.method == .post else {
      return Response(status: .methodNotAllowed, headers: [.allow: "POST"])
    }
    var request = request
    let body: [UInt8]
    do { body = Array(buffer: try await request.collectBody(upTo: 65_536)) } catch {
      return Response(status: .contentTooLarge)
    }
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
    let at = now()
    let finding: SignatureFinding =
      plan.secrets.isEmpty
      ? .unchecked
      : SignatureFinding(
        Signature.verify(
          header: header("webhook-signature"), id: header("webhook-id"), timestamp: header("webhook-timestamp"),
          body: body, secrets: plan.secrets, now: at))
    let (answer, isLast) = await desk.take(
      at: at, id: header("webhook-id"), attempt: header("convened-attempt"), finding: finding, body: body)
    if isLast { end.finish() }
    return Response(status: .init(code: answer))
  }
}

/// Numbers the webhooks, so that each gets its answer and lines come in that order.
private actor Desk {
  private let plan: ReceiverPlan
  private let start: Instant
  private let received: @Sendable (Receipt) -> Void
  private var taken = 0
  private var turn = 0
  private var seen: Set<String> = []

  init(_ plan: ReceiverPlan, start: Instant, received: @escaping @Sendable (Receipt) -> Void) {
    (self.plan, self.start, self.received) = (plan, start, received)
  }

  func take(
    at moment: Instant, id: String?, attempt: String?, finding: SignatureFinding, body: [UInt8]
  ) -> (answer: Int, isLast: Bool) {
    let isDown = moment - start < plan.downFor
    let answer = isDown ? 503 : plan.answers.map { $0[min(turn, $0.count - 1)] } ?? (finding.isRefused ? 401 : 204)
    if !isDown { turn += 1 }
    taken += 1
    let again = id.map { !seen.insert($0).inserted } ?? false
    received(
      Receipt(at: moment, finding: finding, id: id, attempt: attempt, answered: answer, again: again, body: body))
    return (answer, taken == plan.count)
  }
}

/// Ends when the stream does, and the group with it.
private struct Ending: Service {
  private let ends: AsyncStream<Void>

  init(_ ends: AsyncStream<Void>) { self.ends = ends }

  func run() async throws { for await _ in ends.cancelOnGracefulShutdown() {} }
}
