// Which operation is answered by what. While the journal is read there is no desk yet: status and liveness answer, all
// else is asked to come again.
import Convening
import Coordination
import HTTPTypes
import Hummingbird
import Logging
import Synchronization
import Wire

/// Where the daemon is: without a desk it is still reading its journal.
final class Reception: Sendable {
  private let desk = Mutex<Desk?>(nil)

  var current: Desk? { desk.withLock { $0 } }

  /// Once; a second desk would leave requests of the first unanswered.
  func open(_ new: Desk) {
    desk.withLock { desk in
      precondition(desk == nil, "the sockets were opened twice")
      desk = new
    }
  }
}

struct Routes: Sendable {
  let reception: Reception
  let version: String
  /// When the daemon was started.
  let since: Instant
  let limits: SocketLimits
  let now: @Sendable () -> Instant
  let tally: Tally
  let seats: Seats
  let logger: Logger

  /// Throws: `ProblemDocument`, and what the records throw.
  func answer(_ call: Call) async throws -> Response {
    guard let desk = reception.current else { return try answerWhileStarting(call.operation) }
    switch call.operation {
    case .index: return Response(index(on: call.socket))
    case .status: return Response(try await status(desk, on: call.socket).json)
    case .live: return Response(Routes.live)
    case .ready: return try ready(desk)
    case .metrics: return try await metrics(desk)
    case .discussions: return try await discussions(call, desk)
    case .discussion: return try await discussion(call, desk)
    case .timeline: return try await timeline(call, desk)
    case .plan: return try await plan(call, desk)
    case .explainPolicy: return try explainPolicy(call, desk)
    case .reminders: return try await reminders(call, desk)
    case .agencies: return try agencies(call, desk)
    case .rota: return try rota(call, desk)
    case .report: return try await report(call, desk)
    case .events: return try events(call, desk)
    case .openapi: return Response(OpenAPI.json(version: version))
    case .journal: return try journal(call, desk)
    case .convene: return try await convene(call, desk)
    case .reschedule: return try await change(call, desk, Bodies.reschedule(call.body))
    case .acknowledge: return try await change(call, desk, Bodies.acknowledgement(call.body))
    case .contribute: return try await change(call, desk, Bodies.contribution(call.body))
    case .confirm:
      guard let agency = try call.agency() else { throw ProblemDocument.agencyNotFound }
      return try await change(call, desk, Bodies.confirmation(call.body, of: agency))
    case .decline: return try await change(call, desk, Bodies.decline(call.body))
    case .hold: return try await change(call, desk, try Bodies.held(call.body))
    case .decide: return try await change(call, desk, Bodies.decision(call.body))
    case .circulate: return try await change(call, desk, Bodies.circulate(call.body))
    case .sendDetails: return try await change(call, desk, Bodies.details(call.body))
    case .call: return try await change(call, desk, Bodies.call(call.body))
    case .nameBarrier: return try await change(call, desk, try Bodies.barrier(call.body))
    case .receive: return try await change(call, desk, Bodies.receipt(call.body))
    case .conference: return try await change(call, desk, Bodies.conference(call.body))
    case .followUp: return try await change(call, desk, Bodies.followUp(call.body))
    case .tellClock: return try await change(call, desk, try Bodies.clock(call.body))
    case .correct: return try await correct(call, desk)
    case .cancel: return try await change(call, desk, Bodies.cancel(call.body))
    case .close: return try await change(call, desk, .close)
    case .setRota: return try await setRota(call, desk)
    case .cover: return try await cover(call, desk)
    case .slots: return try await slots(call, desk)
    case .frontDoor: return try await frontDoor(call, desk)
    case .contact: return try await contact(call, desk)
    case .receiveContact: return try await tell(call, desk, Bodies.contact(call.body))
    case .contactOutcome: return try await tell(call, desk, Bodies.contactOutcome(call.body))
    case .contactReview: return try await tell(call, desk, Bodies.contactReview(call.body))
    case .ping: return try await ping(call, desk)
    case .enable: return try await enable(call, desk)
    case .resend: return try await resend(call, desk)
    case .pause: return try await pause(call, desk)
    case .resume: return try await resume(call, desk)
    case .reload: return try await reload(call, desk)
    case .importRows: return try await importRows(call, desk)
    case .compliance: return try await compliance(call, desk)
    case .snapshots: return snapshots(call, desk)
    case .snapshot: return try await snapshot(call, desk)
    case .keepReport: return try await keepReport(call, desk)
    }
  }

  /// Logs what failed inside the daemon: what a store says of it, else the kind alone.
  func tell(_ what: String, of failure: any Error) {
    let why = (failure as? any StorageFault).map { "\($0)" } ?? "\(type(of: failure))"
    logger.error("\(what): \(why)")
  }

  private func answerWhileStarting(_ operation: APIOperation) throws(ProblemDocument) -> Response {
    switch operation {
    case .status:
      return Response(StatusDocument(state: Live.State.starting.rawValue, since: since, version: version).json)
    case .live: return Response(Routes.live)
    default:
      throw ProblemDocument(.starting, status: 503, "The journal is being read. Try again in a few seconds.")
    }
  }

  private static let live: JSON = ["schema": "convened.health/1", "state": "live"]

  private func ready(_ desk: Desk) throws(ProblemDocument) -> Response {
    let live = desk.live()
    switch live.state {
    case .ready, .paused:
      return Response(["schema": "convened.health/1", "state": .string(live.state.rawValue)])
    case .starting:
      throw ProblemDocument(.starting, status: 503, "The journal is being read. Try again in a few seconds.")
    case .degraded: throw ProblemDocument(Refusal.storageFull)
    case .stopping: throw ProblemDocument(Refusal.stopping)
    }
  }

  private func index(on socket: Socket) -> JSON {
    let paths = APIOperation.allCases.filter(socket.has).map { operation -> JSON in
      [
        "method": .string(operation.method), "path": .string(operation.path), "summary": .string(operation.says),
      ]
    }
    return [
      "schema": "convened.index/1", "version": .string(version), "openapi": "/v1/openapi.json", "paths": .array(paths),
    ]
  }

  private func reload(_ call: Call, _ desk: Desk) async throws -> Response {
    switch await desk.reload(try await PeerCredentials.actor(of: call.channel)) {
    case .done(let warnings):
      return Response(["schema": "convened.reload/1", "warnings": JSON(texts: warnings)])
    case .refused(let faults):
      throw ProblemDocument(
        .settingsInvalid, status: 422, "The settings have faults, so nothing was changed. Mend them and reload.",
        errors: faults.map { Fault("", $0) })
    case .notNow(let refusal): throw ProblemDocument(refusal)
    }
  }
}
