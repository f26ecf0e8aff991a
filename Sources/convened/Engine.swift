// The convenor with what it is made of: the journal and the courier on the loop, the records and the routes beside it.
internal import CHost
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

/// Why the daemon will not start, and the exit status that says so.
struct StartRefusal: Error {
  let sentence: String
  let status: Int32
}

struct Engine: Sendable {
  let convenor: Convenor
  let records: SQLiteRecords
  private let routes: RouteBook
  /// What a reload cannot change: it needs a restart.
  private let fixed: Fixed
  /// systemd handed the secrets over, once.
  private let readsCredentials: Bool

  private struct Fixed: Hashable {
    let journal: String
    let statusSocket: String
    let controlSocket: String

    init(_ settings: Settings) {
      (journal, statusSocket, controlSocket) = (settings.journal, settings.statusSocket, settings.controlSocket)
    }
  }

  /// Opens and replays the journal on the loop, then lets the convenor begin; nil where `mayBegin` says that it may not:
  /// then nothing was written.
  ///
  /// - Parameter progress: the last entry that was read, now and then.
  ///
  /// Throws: `StartRefusal`.
  static func start(
    _ settings: Settings, readsCredentials: Bool, logger: Logger, beat: @escaping @Sendable () -> Void,
    beatsEvery: DispatchTimeInterval, acceptedBreaks: [AcceptedBreak],
    progress: @escaping @Sendable (Int) -> Void, mayBegin: () async -> Bool
  ) async throws -> Engine? {
    let loop = Loop()
    let routes = RouteBook(try Route.all(of: settings))
    let world = world(logger, beat, every: beatsEvery)
    let (convenor, breaks): (Convenor, [AcceptedBreak]) = try await withCheckedThrowingContinuation { continuation in
      loop.queue.async {
        continuation.resume(
          with: Result { try make(settings, routes, loop, world, logger, accepting: acceptedBreaks, progress) })
      }
    }
    guard await mayBegin() else { return nil }
    let records: SQLiteRecords
    do { records = try SQLiteRecords(path: settings.journal) } catch {
      throw StartRefusal(sentence: "\(error)", status: Exit.ioError)
    }
    await convenor.begin(
      version: convenedVersion, settings.arrangements, settings.policies, acceptedBreaks: breaks)
    return Engine(
      convenor: convenor, records: records, routes: routes, fixed: Fixed(settings), readsCredentials: readsCredentials)
  }

  private static func world(
    _ logger: Logger, _ beat: @escaping @Sendable () -> Void, every interval: DispatchTimeInterval
  ) -> Convenor.World {
    let events = EventLog(logger: logger)
    let head = HourlyHead(logger: logger)
    return Convenor.World(
      now: WallClock.now, uptime: { DispatchTime.now().uptimeNanoseconds },
      committed: { entries, about, last in events.tell(entries, about, last: last) },
      beat: { seq, chain in
        head.tell(seq, chain)
        beat()
      }, beatsEvery: interval,
      courierStands: {
        logger.error(
          "nothing is sent: the thread that carries messages does not answer; is a disk or file that it reads gone?")
      },
      isFull: { isFull in
        if isFull {
          logger.error("the disk is full: nothing new can be recorded or sent; make room on the journal's disk")
        } else {
          logger.notice("the disk has room again")
        }
      },
      abandon: { why in
        logger.critical("\(why); the process ends, and a new one reads what is on the disk")
        exit(Exit.ioError)
      })
  }

  /// On the loop; with the breaks that the convenor has to record. Throws: `StartRefusal`.
  private static func make(
    _ settings: Settings, _ routes: RouteBook, _ loop: Loop, _ world: Convenor.World, _ logger: Logger,
    accepting: [AcceptedBreak], _ progress: @escaping @Sendable (Int) -> Void
  ) throws -> (Convenor, [AcceptedBreak]) {
    var docket = Docket(arrangements: settings.arrangements)
    let journal: SQLiteJournal
    let breaks: [AcceptedBreak]
    do {
      journal = try SQLiteJournal(path: settings.journal, progress: progress)
      breaks = try docket.replay(journal, at: WallClock.now(), accepting: accepting, progress: progress)
      // After a restore it may have been looked for in the wrong place.
      if docket.seq == 0 { logger.notice("a new journal begins, since there is none at \(settings.journal)") }
      // What reading the journal took is many times what is kept of it.
      chost_give_memory_back()
    } catch let fault as ReplayFault {
      throw StartRefusal(sentence: fault.sentence, status: Exit.brokenJournal)
    } catch let fault as JournalFault {
      throw StartRefusal(
        sentence: "\(settings.journal): \(fault)", status: fault.needsAPerson ? Exit.brokenJournal : Exit.ioError)
    } catch {
      throw StartRefusal(sentence: "\(error)", status: Exit.ioError)
    }
    let courier = CurlCourier(
      queue: loop.queue, routes: routes, userAgent: "convened/\(convenedVersion)", now: WallClock.now)
    return (Convenor(loop: loop, docket: docket, journal: journal, courier: courier, world: world), breaks)
  }

  /// New settings, all of them or none. What is sent meanwhile finds its route, whichever settings name it.
  func adopt(_ settings: Settings, by actor: Actor?) async -> ReloadAnswer {
    var warnings = settings.warnings.map(\.description)
    if readsCredentials {
      warnings.append("secrets are those of the start: a new one, or another under the same name, needs a restart")
    }
    if Fixed(settings) != fixed { warnings.append("journal and sockets stay where they are until a restart") }
    let silent = Engine.silences(of: settings)
    guard silent.isEmpty else { return .refused(faults: silent) }
    let (old, new): ([Route], [Route])
    do { (old, new) = (routes.all, try Route.all(of: settings)) } catch { return .refused(faults: [error.sentence]) }
    routes.replace(old + new)
    if case .refused(let refusal) = await convenor.arrange(settings.arrangements, settings.policies, by: actor) {
      routes.replace(old)
      return .notNow(refusal)
    }
    routes.replace(new)
    return .done(warnings: warnings)
  }

  /// Each with its place in the file: what of these settings leaves the coordinator untold.
  static func silences(of settings: Settings) -> [String] {
    let zone = settings.arrangements.calendar.zone
    return Silence.found(in: settings.policies, settings.arrangements, from: WallClock.now()).map {
      settings.fault(of: $0.policy, $0.urgency, $0.what(in: zone), mend: Silence.mend).description
    }
  }

  /// One half of the rows is counted beside the other.
  private static func report(_ counting: ReportCount, of rows: [Decided]) async -> Report {
    let middle = rows.count / 2
    async let later = counting.counted(rows[middle...])
    var all = counting.counted(rows[..<middle])
    all += await later
    return Report(all)
  }

  /// The report's document over discussions decided in `from ..< to`.
  func report(from: Instant, to: Instant, for reader: ReportDocument.Reader) async throws -> JSON {
    let live = convenor.live
    guard let arrangements = live.arrangements else { return nil }
    let calendar = arrangements.calendar
    let rows = try await records.decided(from: Report.reading(from: from, to: to, calendar.zone), to: to)
    let now = WallClock.now()
    let report = await Engine.report(
      ReportCount(rows, from: from, to: to, now: now, calendar: calendar, policies: live.policies), of: rows)
    // Nothing of it is published.
    let open =
      reader == .everybody ? nil : OpenBreaches(try await records.scheduled(), at: now, calendar, live.policies)
    let contacts = try await records.contacts(
      receivedFrom: Report.reading(from: from, to: to, calendar.zone), to: to)
    return ContactFigures.add(
      ContactReport(contacts, from: from, to: to, now: now, zone: calendar.zone),
      to: ReportDocument.document(
        report, policies: live.policies, points: arrangements.points, open: open, for: reader),
      for: reader)
  }
}

extension Route {
  /// Throws: `StartRefusal`.
  static func all(of settings: Settings) throws(StartRefusal) -> [Route] {
    var routes: [Route] = []
    for route in settings.routes {
      let secrets = route.secrets.compactMap { WebhookSecret($0) }
      guard secrets.count == route.secrets.count else {
        throw StartRefusal(sentence: "A secret of route \(route.name) cannot be read.", status: Exit.badSettings)
      }
      do throws(Fault) {
        routes.append(
          try Route(
            name: route.name, url: route.url, secrets: secrets, caFile: route.caFile, insecure: route.insecure,
            addresses: route.addresses, tls: route.tls, proxy: route.proxy))
      } catch {
        throw StartRefusal(sentence: error.sentence, status: Exit.badSettings)
      }
    }
    return routes
  }
}

extension ReplayFault {
  var sentence: String {
    switch self {
    case .broken(let finding):
      "The journal is not what was written: \(finding). Nothing was started. Restore the journal from a backup; or, once somebody has judged the "
        + "break: convened --accept-break \(finding.seq) --reason TEXT (with one --accept-break for each break)."
    case .mislinked(let finding, let others):
      "What is kept beside the journal's entries, to find those of one discussion by, does not follow from them: "
        + "\(finding)\(others == 0 ? "" : " (and \(others) more like it)"). Nothing was started. No entry is lost by "
        + "it: once somebody has judged it, convened --accept-break \(finding.seq) --reason TEXT derives it all anew."
    case .judgedBefore(let finding):
      "The journal is not what was written: \(finding). Another break there was accepted with this very reason, which "
        + "does not stand for this one. Nothing was started. Restore the journal from a backup; or, once somebody has "
        + "judged this break as well: convened --accept-break \(finding.seq), with a reason of its own."
    case .nothingToAccept(let seq):
      "There is no break at entry \(seq): nothing was accepted, nothing was started. `convenectl journal verify --file` names "
        + "the entry."
    case .unreadable(let seq, let why):
      "Entry \(seq) of the journal cannot be read by this version (\(why)). Install the version that wrote it."
    }
  }
}
