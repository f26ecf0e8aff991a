// Stands in each connection behind the HTTP decoder and keeps the limits that the server above does not: a request has to be
// whole in time, its head small, and what is refused here is still answered with a problem document. It closes what
// outstays shutdown.
import NIOCore
import NIOHTTP1
import Wire

/// Why a connection ended before its request was whole. Thrown into the reading of the body, so that half of a body is
/// never taken for all of it.
struct RequestCutShort: Error {}

/// Puts the gate into a connection's pipeline, then leaves it.
final class GateFitter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let limits: SocketLimits
  private let refused: @Sendable (ProblemDocument) -> Void

  init(limits: SocketLimits, refused: @escaping @Sendable (ProblemDocument) -> Void) {
    (self.limits, self.refused) = (limits, refused)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    do {
      let gate = Gate(limits: limits, refused: refused)
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(gate, position: .after(decoder))
      try pipeline.addHandler(ByteWatch(gate: gate), position: .first)
      pipeline.removeHandler(self, promise: nil)
    } catch {
      context.close(promise: nil)
    }
  }
}

/// Tells the gate of bytes before the decoder has made a request of them.
private final class ByteWatch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let gate: Gate

  init(gate: Gate) { self.gate = gate }

  /// The last byte goes by itself: where a request has ended and not with that byte, the decoder holds the beginning of
  /// another, and does not say so.
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !gate.isShut else { return }
    var bytes = unwrapInboundIn(data)
    let count = bytes.readableBytes
    gate.bytesCome(count)
    if count > 1, let most = bytes.readSlice(length: count - 1) { context.fireChannelRead(wrapInboundOut(most)) }
    guard !gate.isShut else { return }
    gate.lastByteComes()
    context.fireChannelRead(wrapInboundOut(bytes))
    gate.bytesRead()
  }
}

final class Gate: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// How far the request that is being read has come.
  private enum Reading { case nothing, head, body }

  /// What the connection waits for, and so which limit holds.
  private enum Wait {
    /// The rest of a request.
    case request
    /// A reader, for an answer that is whole.
    case reader
    /// An answer: as long as it takes.
    case answer
    case nothing
  }

  private let limits: SocketLimits
  private let refused: @Sendable (ProblemDocument) -> Void
  private var context: ChannelHandlerContext?
  private var timer: Scheduled<Void>?
  /// Runs out at shutdown, whatever else happens.
  private var grace: Scheduled<Void>?
  /// What the timer is set for.
  private var wait: Wait?
  private var reading = Reading.nothing
  /// A request ended with the last of the bytes that came.
  private var endsHere = false
  /// Bytes of the head so far, or of the body.
  private var count = 0
  /// Bytes that the body may have.
  private var mostBody = 0
  /// Requests whose answer is not whole.
  private var unanswered = 0
  /// Requests whose answer has not left; those that are not answered among them.
  private var pending = 0
  private var answerBegan = false
  private var closesAfterAnswer = false
  /// The gate has answered, or closed: nothing passes any more.
  fileprivate private(set) var isShut = false

  init(limits: SocketLimits, refused: @escaping @Sendable (ProblemDocument) -> Void) {
    (self.limits, self.refused) = (limits, refused)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    look()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    grace?.cancel()
    self.context = nil
  }

  // MARK: - Requests

  fileprivate func bytesCome(_ count: Int) {
    if reading == .nothing { begin() }
    if reading == .head { self.count += count }
  }

  fileprivate func lastByteComes() { endsHere = false }

  fileprivate func bytesRead() {
    guard !isShut else { return }
    if reading == .nothing, !endsHere { begin() }
    if reading == .head, count > limits.headers { refuse(.headersTooLarge(limits.headers)) }
  }

  /// The first byte of a request has come.
  private func begin() {
    (reading, count) = (.head, 0)
    look()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isShut else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      (unanswered, pending) = (unanswered + 1, pending + 1)
      (reading, count) = (.body, 0)
      mostBody = APIOperation.takesFile(method: head.method.rawValue, target: head.uri) ? limits.file : limits.body
      guard size(of: head) <= limits.headers else { return refuse(.headersTooLarge(limits.headers)) }
      look()
    case .body(let bytes):
      count += bytes.readableBytes
      guard count <= mostBody + limits.dropped else { return shut() }
    case .end:
      (reading, endsHere) = (.nothing, true)
      look()
    }
    context.fireChannelRead(data)
  }

  private func size(of head: HTTPRequestHead) -> Int {
    head.headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.fireErrorCaught(error) }
    switch error as? HTTPParserError {
    case .headerOverflow: refuse(.headersTooLarge(limits.headers))
    default: refuse(.malformed)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent {
      grace = context.eventLoop.assumeIsolated().scheduleTask(in: limits.grace) { self.shut() }
    }
    context.fireUserInboundEventTriggered(event)
  }

  // MARK: - Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isShut else {
      promise?.fail(RequestCutShort())
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(let head):
      answerBegan = true
      closesAfterAnswer = head.headers[canonicalForm: "connection"].contains("close")
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      answerBegan = false
      unanswered -= 1
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.assumeIsolated().whenComplete { _ in self.taken() }
      look()
      context.writeAndFlush(data, promise: written)
    }
  }

  /// An answer has left; the next has its time from now.
  private func taken() {
    pending -= 1
    if wait == .reader { wait = nil }
    look()
  }

  // MARK: - Refusing

  /// Answers with a problem and closes; closes only, where another answer has the word.
  private func refuse(_ problem: ProblemDocument) {
    guard !isShut, let context else { return }
    guard !answerBegan, unanswered == (reading == .body ? 1 : 0) else { return shut() }
    refused(problem)
    isShut = true
    timer?.cancel()
    let body = problem.json.bytes
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: problem.status),
      headers: [
        "content-type": ProblemDocument.mediaType, "content-length": String(body.count), "connection": "close",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in self.cut() }
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.unread) { self.cut() }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
  }

  private func shut() {
    guard !isShut else { return }
    isShut = true
    cut()
  }

  private func cut() {
    timer?.cancel()
    guard let context else { return }
    if reading != .nothing { context.fireErrorCaught(RequestCutShort()) }
    context.close(promise: nil)
  }

  // MARK: - Timers

  /// Sets the timer by where the connection stands; called whenever that changes. Half a head that came before its turn has
  /// its time from the moment when nothing else is waited for.
  private func look() {
    guard !isShut else { return }
    if closesAfterAnswer, pending == 0, reading != .body { return shut() }
    let next: Wait =
      if reading == .body || (reading == .head && pending == 0) {
        .request
      } else if pending > unanswered {
        .reader
      } else {
        pending > 0 ? .answer : .nothing
      }
    guard next != wait else { return }
    wait = next
    timer?.cancel()
    switch next {
    case .request: within(limits.requestDeadline) { $0.refuse(.tooSlow) }
    case .answer: break
    case .reader: within(limits.unread) { $0.shut() }
    case .nothing: within(limits.idle) { $0.shut() }
    }
  }

  private func within(_ time: TimeAmount, _ then: @escaping (Gate) -> Void) {
    guard let context else { return }
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { then(self) }
  }
}

extension ProblemDocument {
  static func headersTooLarge(_ limit: Int) -> ProblemDocument {
    ProblemDocument(
      .headersTooLarge, status: 431, "The first line and the headers have at most \(limit) bytes together.")
  }

  static let malformed = ProblemDocument(.malformed, status: 400, "This is not a whole HTTP/1.1 request.")

  static let tooSlow = ProblemDocument(
    .tooSlow, status: 408, "The request was not whole in time. Send it at once.", retryable: true)

  /// - Parameter isFile: a table, which can be split.
  static func tooLarge(_ limit: Int, isFile: Bool) -> ProblemDocument {
    let most =
      switch limit {
      case (1 << 20)... where limit % (1 << 20) == 0: "\(limit >> 20) MiB"
      case _ where limit % (1 << 10) == 0: "\(limit >> 10) KiB"
      default: "\(limit) bytes"
      }
    return ProblemDocument(
      .tooLarge, status: 413,
      isFile
        ? "A file has at most \(most). Split it; every part needs the first line."
        : "A body has at most \(most). Shorten its texts and lists, or send it as several requests.")
  }
}
