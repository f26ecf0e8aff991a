// The changes: what a request asks for becomes one `Request` to the convenor, with the peer as its actor. The answer is
// written once the change is durable.
import Convening
import Coordination
import HTTPTypes
import Hummingbird
import Wire

extension Routes {
  /// `PUT /v1/discussions/{id}`. Idempotent by its first body, so an `Idempotency-Key` says nothing more.
  func convene(_ call: Call, _ desk: Desk) async throws -> Response {
    guard let convene = try Bodies.convene(call.body) else { throw ProblemDocument.failed }
    let firstBody = Chain.fingerprint(call.body.json.canonical.bytes)
    var request = Coordination.Request(
      .convene(try call.discussion(), convene, firstBody: firstBody),
      actor: try await PeerCredentials.actor(of: call.channel))
    request.ifMatch = try call.ifMatch()
    return try answer(await desk.submit(request), to: call)
  }

  /// A change to one discussion. `command` is what its body became; the table has read it, so it is there.
  func change(_ call: Call, _ desk: Desk, _ command: Command?) async throws -> Response {
    guard let command else { throw ProblemDocument.failed }
    let id = try call.discussion()
    let actor = try await PeerCredentials.actor(of: call.channel)
    let request = Coordination.Request(
      .change(id, command), actor: actor, mark: try mark(of: call, by: actor, on: id.description),
      ifMatch: try call.ifMatch())
    return try answer(await desk.submit(request), to: call)
  }

  /// `POST /v1/discussions/{id}/corrections`. An entry never changes, so which kind it is can be read before: its own reader
  /// reads the replacement.
  func correct(_ call: Call, _ desk: Desk) async throws -> Response {
    guard let revision = call.body.whole("revision"), let reason = call.body.text("reason") else {
      throw ProblemDocument.failed
    }
    let id = try call.discussion()
    var replacement: Command?
    if let json = call.body.replacement {
      let lines = try await desk.records.lines(of: .discussion(id))
      guard !lines.isEmpty else { throw ProblemDocument(Refusal.notFound) }
      guard let line = lines.first(where: { $0.revision == revision }), case .entry(let entry) = try line.reading()
      else {
        throw ProblemDocument(Refusal.noSuchEntry)
      }
      guard let kind = Correctable(entry.event) else { throw ProblemDocument(Refusal.notCorrectable) }
      guard let command = try Bodies.replacement(json, of: kind) else { throw ProblemDocument.failed }
      replacement = command
    }
    let actor = try await PeerCredentials.actor(of: call.channel)
    let request = Coordination.Request(
      .change(id, .correct(revision: revision, reason: reason, replacement: replacement)), actor: actor,
      mark: try mark(of: call, by: actor, on: id.description), ifMatch: try call.ifMatch())
    let reply = await desk.submit(request)
    // What the replacement is refused for stands in the replacement: a reason that it lacks is not the correction's.
    if replacement != nil, case .refused(let refusal) = reply, let pointer = refusal.pointer,
      pointer != "/revision", pointer != "/replacement"
    {
      let problem = ProblemDocument(refusal)
      throw ProblemDocument(
        problem.code, status: problem.status, problem.detail, retryable: problem.retryable,
        errors: problem.errors.map { Fault("/replacement\($0.pointer)", $0.detail) })
    }
    return try answer(reply, to: call)
  }

  func resend(_ call: Call, _ desk: Desk) async throws -> Response {
    let id = try call.reminder()
    let actor = try await PeerCredentials.actor(of: call.channel)
    let request = Coordination.Request(
      .resend(id), actor: actor, mark: try mark(of: call, by: actor, on: id.description), ifMatch: try call.ifMatch())
    return try answer(await desk.submit(request), to: call)
  }

  func ping(_ call: Call, _ desk: Desk) async throws -> Response {
    let agency = try call.agency()
    let actor = try await PeerCredentials.actor(of: call.channel)
    let request = Coordination.Request(
      .ping(agency, route: call.body.slug("route")), actor: actor,
      mark: try mark(of: call, by: actor, on: agency?.text ?? "coordination"))
    return try answer(await desk.submit(request), to: call)
  }

  /// `PUT /v1/agencies/{agency}/rota`. The same again changes nothing, so an `Idempotency-Key` says nothing more.
  func setRota(_ call: Call, _ desk: Desk) async throws -> Response {
    guard let entries = Bodies.rota(call.body) else { throw ProblemDocument.failed }
    var request = Coordination.Request(
      .setRota(try call.agency(), entries), actor: try await PeerCredentials.actor(of: call.channel))
    request.ifRota = try call.ifRota()
    return try answer(await desk.submit(request), to: call)
  }

  func cover(_ call: Call, _ desk: Desk) async throws -> Response {
    let agency = try call.agency()
    guard let cover = Bodies.cover(call.body) else { throw ProblemDocument.failed }
    let actor = try await PeerCredentials.actor(of: call.channel)
    var request = Coordination.Request(
      .cover(agency, cover), actor: actor, mark: try mark(of: call, by: actor, on: agency?.text ?? "coordination"))
    request.ifRota = try call.ifRota()
    return try answer(await desk.submit(request), to: call)
  }

  func enable(_ call: Call, _ desk: Desk) async throws -> Response {
    let agency = try call.agency()
    guard let route = call.body.slug("route", of: RouteKind.self) else { throw ProblemDocument.failed }
    let actor = try await PeerCredentials.actor(of: call.channel)
    let request = Coordination.Request(
      .enable(agency, route), actor: actor,
      mark: try mark(of: call, by: actor, on: agency?.text ?? "coordination"))
    return try answer(await desk.submit(request), to: call)
  }

  func pause(_ call: Call, _ desk: Desk) async throws -> Response {
    guard let (until, reason) = Bodies.pause(call.body) else { throw ProblemDocument.failed }
    return try await ofTheDaemon(call, desk, .pause(until: until, reason: reason))
  }

  func resume(_ call: Call, _ desk: Desk) async throws -> Response { try await ofTheDaemon(call, desk, .resume) }

  private func ofTheDaemon(_ call: Call, _ desk: Desk, _ change: Coordination.Request.Change) async throws -> Response {
    let actor = try await PeerCredentials.actor(of: call.channel)
    let request = Coordination.Request(change, actor: actor, mark: try mark(of: call, by: actor, on: "daemon"))
    return try answer(await desk.submit(request), to: call)
  }

  /// The `Idempotency-Key` within its scope (actor, route and what it is about), and the body that came with it.
  func mark(of call: Call, by actor: Actor, on subject: String) throws(ProblemDocument) -> IdempotencyMark? {
    guard let key = try call.idempotencyKey() else { return nil }
    let scope: JSON = [
      .int(Int64(actor.uid)), .string(call.operation.method), .string(call.operation.path), .string(subject),
      .string(key),
    ]
    return IdempotencyMark(
      key: Chain.fingerprint(scope.bytes), body: Chain.fingerprint(call.body.json.canonical.bytes))
  }

  func pause(until: Instant?, _ replayed: Bool) -> Response {
    var headers = HTTPFields()
    headers.mark(replayed: replayed)
    return Response(
      ["schema": "convened.pause/1", "paused": .bool(until != nil), "until": JSON(until)],
      headers: headers)
  }

  func answer(_ agency: AgencyID, _ rota: Rota, to call: Call, replayed: Bool = false) -> Response {
    let moment = now()
    var headers: HTTPFields = [.eTag: "\"\(RotaDocument.version(of: agency, rota, at: moment))\""]
    headers.mark(replayed: replayed)
    return Response(RotaDocument.json(agency, rota, at: moment, for: call.socket.audience), headers: headers)
  }

  /// An agency that is a part of the path is not found where it is not known, and no field of the body is at fault.
  private func problem(_ refusal: Refusal, _ call: Call) -> ProblemDocument {
    guard call.operation.namesAgencyInPath, refusal.pointer == "/agency" else { return ProblemDocument(refusal) }
    if case .unknownAgency = refusal { return .agencyNotFound }
    return ProblemDocument(ProblemCode(refusal), status: refusal.status, refusal.sentence)
  }

  func answer(_ reply: Reply, to call: Call) throws(ProblemDocument) -> Response {
    switch reply {
    case .discussion(let discussion, let policy, let created, let replayed):
      var headers: HTTPFields = [.eTag: DiscussionDocument.tag(discussion.revision)]
      if created { headers[.location] = "/v1/discussions/\(discussion.id)" }
      headers.mark(replayed: replayed)
      return Response(
        DiscussionDocument.json(discussion, policy: policy, for: call.socket.audience),
        status: created ? .created : .ok, headers: headers)
    case .contact(let contact, let created, let replayed):
      var headers: HTTPFields = [.eTag: DiscussionDocument.tag(contact.revision)]
      if created { headers[.location] = "/v1/front-door/\(contact.id)" }
      headers.mark(replayed: replayed)
      return Response(
        ContactDocument.json(contact, for: call.socket.audience), status: created ? .created : .ok, headers: headers)
    case .pinged(let reminder, let route, let replayed):
      var headers = HTTPFields()
      headers.mark(replayed: replayed)
      return Response(
        ["schema": "convened.ping/1", "reminder": .string(reminder.description), "route": JSON(route)],
        status: .accepted, headers: headers)
    case .enabled(let route, let replayed):
      var headers = HTTPFields()
      headers.mark(replayed: replayed)
      return Response(["schema": "convened.route/1", "route": JSON(route), "enabled": true], headers: headers)
    case .paused(let until, let replayed):
      return pause(until: until, replayed)
    case .resumed(let replayed):
      return pause(until: nil, replayed)
    case .onDuty(let agency, let rota, let replayed):
      return answer(agency, rota, to: call, replayed: replayed)
    // Answered with its file, by `importRows`.
    case .imported, .fed: throw ProblemDocument.failed
    case .arranged: throw ProblemDocument.failed
    case .kept: throw ProblemDocument.failed
    case .refused(let refusal): throw problem(refusal, call)
    }
  }
}

extension ProblemDocument {
  /// The agency of the path.
  static let agencyNotFound = ProblemDocument(
    .unknownAgency, status: 404, Refusal.unknownAgency(field: "agency").sentence)
}

extension HTTPFields {
  /// An earlier request with the same key did the work.
  fileprivate mutating func mark(replayed: Bool) { if replayed { self[.idempotentReplay] = "true" } }
}
