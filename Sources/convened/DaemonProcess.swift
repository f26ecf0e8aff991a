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
import Webhooks
import Wire

/// Exit statuses of sysexits.h; the unit does not restart after 65 and 78.
enum Exit {
  static let brokenJournal: Int32 = 65
  static let ioError: Int32 = 74
  static let badSettings: Int32 = 78
}

struct DaemonProcess: Sendable {
  let config: String
  let credentials: String?
  let notify: SystemdNotify
  let logger: Logger

  static let now: @Sendable () -> Instant = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Runs until told to stop. Returns the exit status.
  func run(acceptedBreak: AcceptedBreak?) async -> Int32 {
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
    let server = Server(
      paths: .init(status: settings.statusSocket, control: settings.controlSocket), version: convenedVersion,
      logger: logger, now: Self.now)
    let serving = Task { try await server.run() }
    let status = await serve(settings, server, signals, acceptedBreak)
    serving.cancel()
    do { try await serving.value } catch is CancellationError {} catch {
      logger.error("\(error)")
      return status == 0 ? 1 : status
    }
    return status
  }

  private func serve(
    _ settings: Settings, _ server: Server, _ signals: Signals, _ acceptedBreak: AcceptedBreak?
  ) async -> Int32 {
    notify.status("reading the journal")
    let engine: Engine
    do {
      engine = try await Engine.start(settings, logger: logger, beat: watchdog(server), acceptedBreak: acceptedBreak)
    } catch let refusal as StartRefusal {
      logger.critical("\(refusal.sentence)")
      return refusal.status
    } catch {
      logger.critical("the daemon cannot start: \(error)")
      return 1
    }
    let live = engine.convenor
    server.open(
      Desk(
        convenor: live, records: engine.records,
        report: { from, to in try await engine.report(from: from, to: to) },
        reload: { await reload(engine) }))
    notify.ready("ready")
    logger.info("ready", metadata: ["CONVENED_JOURNAL_SEQ": "\(live.live.seq)"])
    for await number in signals.numbers {
      guard number == SIGHUP else { break }
      notify.reloading(monotonicMicroseconds: DispatchTime.now().uptimeNanoseconds / 1000)
      if case .refused(let faults) = await reload(engine) {
        for fault in faults { logger.error("\(fault)") }
        logger.error("the settings were not reloaded: the old ones are in force")
      }
      notify.ready("ready")
    }
    notify.stopping()
    await live.shutDown()
    logger.info("stopped")
    return 0
  }

  /// All of a valid file, or none of it.
  private func reload(_ engine: Engine) async -> ReloadAnswer {
    switch Settings.load(path: config, credentials: credentials) {
    case .failure(let faults): return .refused(faults: faults.faults.map(\.description))
    case .success(let settings): return await engine.adopt(settings)
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
