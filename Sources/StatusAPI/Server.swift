// The two sockets. They are opened before the journal is read, so that somebody who asks is told `starting`; `open` gives
// them the desk. One NIO thread serves both, away from the loop.
import Convening
import Coordination
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Wire

public final class Server: Service {
  public struct Paths: Hashable, Sendable {
    /// At most 107 bytes each (unix(7)).
    public let status: String
    public let control: String

    public init(status: String, control: String) { (self.status, self.control) = (status, control) }
  }

  private let paths: Paths
  private let limits: SocketLimits
  private let logger: Logger
  private let listening: @Sendable () -> Void
  private let reception = Reception()
  private let routes: Routes
  private let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let bound = Mutex<[SocketFile]>([])
  private let isOver = Mutex(false)

  /// - Parameters:
  ///   - version: of convened, as status and metrics say it.
  ///   - now: the wall clock.
  ///   - listening: called once, when both sockets answer.
  public init(
    paths: Paths, version: String, limits: SocketLimits = SocketLimits(), logger: Logger,
    now: @escaping @Sendable () -> Instant,
    listening: @escaping @Sendable () -> Void = {}
  ) {
    (self.paths, self.limits, self.logger, self.listening) = (paths, limits, logger, listening)
    routes = Routes(
      reception: reception, version: version, since: now(), limits: limits, now: now, tally: Tally(),
      seats: Seats(limits.streams), logger: logger)
  }

  /// From now on everything is answered. Call it once, when the journal is read.
  public func open(_ desk: Desk) { reception.open(desk) }

  /// Returns once the sockets' thread has run something: proof that it makes progress.
  ///
  /// Throws: `EventLoopError.shutdown` after the end.
  public func beat() async throws {
    try await isOver.withLock { isOver throws in
      guard !isOver else { throw EventLoopError.shutdown }
      return loops.next().submit {}
    }.get()
  }

  /// Serves until a graceful shutdown or cancellation, then ends what is under way within `limits.grace`. Once only.
  ///
  /// Throws: `SocketFault` where a socket could not be opened.
  public func run() async throws {
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await serve())
    } catch {
      outcome = .failure(error)
    }
    for file in bound.withLock({ $0 }) { file.remove() }
    // A beat that came later would be a task of a loop that has ended.
    isOver.withLock { $0 = true }
    try await loops.shutdownGracefully()
    try outcome.get()
  }

  private func serve() async throws {
    for path in [paths.status, paths.control] { try SocketFile.clear(path) }
    let (running, isRunning) = AsyncStream.makeStream(of: String.self)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          application(.status, at: paths.status) { isRunning.yield($0) },
          application(.control, at: paths.control) { isRunning.yield($0) },
        ], logger: quiet))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        try await group.run()
        isRunning.finish()
      }
      tasks.addTask { try await self.take(running) }
      // The first failure ends the other.
      for try await _ in tasks {}
    }
  }

  /// Lets others use each socket as soon as it is bound; until then the umask keeps it the daemon's own.
  private func take(_ running: AsyncStream<String>) async throws {
    for await path in running {
      let file = try SocketFile(bound: path)
      let count = bound.withLock { files in
        files.append(file)
        return files.count
      }
      if count == 2 { listening() }
    }
  }

  /// For the frameworks beneath: at every end they log errors that are none, such as their own cancellation. What ends the
  /// server is thrown; what fails a request or a stream, `Routes` logs.
  private var quiet: Logger {
    var quiet = logger
    quiet.logLevel = .critical
    return quiet
  }

  private func application(
    _ socket: Socket, at path: String, isRunning: @escaping @Sendable (String) -> Void
  ) -> some Service {
    let (limits, tally) = (limits, routes.tally)
    return Application(
      responder: FrontDesk(socket: socket, limits: limits, routes: routes, tally: tally),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [
            GateFitter(limits: limits) { tally.count(route: Tally.unmatched, code: $0.status) }
          ],
          httpDecoderConfiguration: .init(maxHeaderFieldSize: limits.headers, maxHeaderListSize: limits.headers))),
      configuration: ApplicationConfiguration(
        address: .unixDomainSocket(path: path),
        availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
      onServerRunning: { _ in isRunning(path) }, eventLoopGroupProvider: .shared(loops), logger: quiet)
  }
}
