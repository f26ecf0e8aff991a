// The life of the process: settings, sockets, journal, convenor; signals; the end. Each step either works or says why not,
// with the exit status that tells systemd whether to try again.
import Convening
import Coordination
import Dispatch
import Foundation
import JournalSQLite
import Logging
import Settings
import StatusAPI
import Synchronization
import Webhooks
import Wire

struct DaemonProcess: Sendable {
  let config: String
  let credentials: String?
  let notify: SystemdNotify
  let logger: Logger
  private let reloads = OneAtATime()

  init(config: String, credentials: String?, notify: SystemdNotify, logger: Logger) {
    (self.config, self.credentials, self.notify, self.logger) = (config, credentials, notify, logger)
  }

  /// Runs until told to stop. Returns the exit status.
  func run(acceptedBreaks: [AcceptedBreak]) async -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    let signals = Signals([SIGTERM, SIGINT, SIGHUP])
    let settings: Settings
    switch Settings.load(path: config, credentials: credentials) {
    case .success(let loaded): settings = loaded
    case .failure(let faults):
      for fault in faults.faults { logger.error("\(fault)") }
      return Exit.badSettings
    }
    for warning in settings.warnings { logger.warning("\(warning)") }
    let (bound, isBound) = AsyncStream.makeStream(of: Void.self)
    let server = Server(
      paths: .init(status: settings.statusSocket, control: settings.controlSocket), version: convenedVersion,
      logger: logger, now: WallClock.now,
      listening: {
        isBound.yield(())
        isBound.finish()
      })
    let numbers = signals.numbers
    let status = await withTaskGroup(of: Int32.self) { group in
      group.addTask {
        do { try await server.run() } catch is CancellationError {} catch {
          logger.critical("the sockets cannot be served: \(error)")
          isBound.finish()
          return (error as? SocketFault)?.needsAPerson ?? false ? Exit.badSettings : Exit.failure
        }
        return 0
      }
      group.addTask { await serve(settings, server, bound, numbers, acceptedBreaks) }
      // Whichever ends first takes the other with it.
      let first = await group.next() ?? 0
      group.cancelAll()
      return max(first, await group.next() ?? 0)
    }
    withExtendedLifetime(signals) {}
    return status
  }

  private func serve(
    _ settings: Settings, _ server: Server, _ bound: AsyncStream<Void>, _ signals: AsyncStream<Int32>,
    _ acceptedBreaks: [AcceptedBreak]
  ) async -> Int32 {
    notify.status("reading the journal")
    let engine: Engine
    do {
      let started = try await Engine.start(
        settings, readsCredentials: credentials != nil, logger: logger, beat: watchdog(server),
        beatsEvery: notify.beatsEvery, acceptedBreaks: acceptedBreaks, progress: patience(),
        // Nobody could see or stop what a daemon without sockets does.
        mayBegin: { await bound.contains { true } && !Task.isCancelled })
      guard let started else { return 0 }
      engine = started
    } catch let refusal as StartRefusal {
      logger.critical("\(refusal.sentence)")
      return refusal.status
    } catch {
      logger.critical("the daemon cannot start: \(error)")
      return Exit.failure
    }
    let convenor = engine.convenor
    server.open(
      Desk(
        convenor: convenor, records: engine.records,
        report: { from, to, reader in try await engine.report(from: from, to: to, for: reader) },
        reload: { await reload(engine, by: $0) }))
    notify.ready("ready")
    logger.info("ready", metadata: ["CONVENED_JOURNAL_SEQ": "\(convenor.live.seq)"])
    // No reason not to start: who is asked is asked. It takes seconds, and nobody waits for it.
    Task.detached(priority: .background) { [logger] in
      for silence in Engine.silences(of: settings) { logger.error("\(silence)") }
    }
    for await number in signals {
      guard number == SIGHUP else { break }
      notify.reloading(monotonicMicroseconds: DispatchTime.now().uptimeNanoseconds / 1000)
      _ = await reload(engine, by: nil)
      notify.ready("ready")
    }
    notify.stopping()
    await convenor.shutDown()
    logger.info("stopped")
    return 0
  }

  /// All of a valid file, or none of it. Whether a policy is in force today is asked here and by `config check`, never at
  /// a start: a daemon whose journal holds one must come up, whatever became of the file.
  private func reload(_ engine: Engine, by actor: Actor?) async -> ReloadAnswer {
    let answer: ReloadAnswer = await reloads.run { [config, credentials] in
      switch Settings.load(path: config, credentials: credentials, now: WallClock.now()) {
      case .failure(let faults): return .refused(faults: faults.faults.map(\.description))
      case .success(let settings): return await engine.adopt(settings, by: actor)
      }
    }
    log(answer, by: actor)
    return answer
  }

  /// Whoever asked has the answer; what was in force when stands here too.
  private func log(_ answer: ReloadAnswer, by actor: Actor?) {
    let who: Logger.Metadata = actor.map { ["CONVENED_ACTOR_UID": "\($0.uid)"] } ?? [:]
    switch answer {
    case .done(let warnings):
      for warning in warnings { logger.warning("\(warning)") }
      logger.info("the settings are read again", metadata: who)
    case .refused(let faults):
      for fault in faults { logger.error("\(fault)") }
      logger.error("the settings were not reloaded: the old ones are in force", metadata: who)
    case .notNow(let refusal):
      logger.error("the settings were not reloaded: the old ones are in force. \(refusal.sentence)", metadata: who)
    }
  }

  /// Asks systemd for another minute each 10 s in which the journal is still being read, and says how far that is.
  private func patience() -> @Sendable (Int) -> Void {
    let next = Mutex(ContinuousClock.now + .seconds(10))
    return { [notify] seq in
      let isTime = next.withLock { next in
        guard ContinuousClock.now >= next else { return false }
        next = ContinuousClock.now + .seconds(10)
        return true
      }
      guard isTime else { return }
      notify.extendStart(seconds: 60)
      notify.status("reading the journal: \(counted(seq, "entry", "entries")) so far")
    }
  }

  /// The loop has just shown that it moves, and with it the journal; the sockets' thread has to show the same.
  private func watchdog(_ server: Server) -> @Sendable () -> Void {
    { [notify, logger] in
      Task {
        do {
          try await server.beat()
          notify.alive()
        } catch {
          logger.error("the sockets' thread does not answer")
        }
      }
    }
  }
}

/// Signals as a stream; their default effect is switched off.
final class Signals {
  let numbers: AsyncStream<Int32>
  private let sources: [any DispatchSourceSignal]

  init(_ wanted: [Int32]) {
    let (stream, continuation) = AsyncStream<Int32>.makeStream()
    numbers = stream
    sources = wanted.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(number) }
      source.activate()
      return source
    }
  }
}
