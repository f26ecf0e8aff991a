// The reads: each from the records or from the live snapshot, never from the loop, so that no list delays a reminder.
import Convening
import Coordination
import HTTPTypes
import Hummingbird
import Wire

extension Routes {
  func discussion(_ call: Call, _ desk: Desk) async throws -> Response {
    let (discussion, policy, _) = try await fold(try call.discussion(), desk)
    let tag = DiscussionDocument.tag(discussion.revision)
    if Routes.matches(call.headers[.ifNoneMatch], tag) {
      return Response(status: .notModified, headers: [.eTag: tag])
    }
    return Response(
      DiscussionDocument.json(discussion, policy: policy, for: call.socket.audience), headers: [.eTag: tag])
  }

  /// Weak comparison with each tag of the list (RFC 9110, 13.1.2).
  private static func matches(_ header: String?, _ tag: String) -> Bool {
    (header ?? "").split(separator: ",").contains { part in
      let part = part.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
      return part == "*" || part == tag || part == "W/\(tag)"
    }
  }

  func timeline(_ call: Call, _ desk: Desk) async throws -> Response {
    let id = try call.discussion()
    let audience = try call.outcomeAudience()
    let lines = try await desk.records.lines(of: .discussion(id))
    guard !lines.isEmpty else { throw ProblemDocument(Refusal.notFound) }
    let letters = try await desk.records.letters(of: id, lines)
    return Response(TimelineDocument.json(id, lines, letters: letters, for: audience))
  }

  func plan(_ call: Call, _ desk: Desk) async throws -> Response {
    let (discussion, _, live) = try await fold(try call.discussion(), desk)
    guard let arrangements = live.arrangements else { throw ProblemDocument.failed }
    let now = now()
    let stopped = Set(live.endpoints.filter { $0.value.health == .stopped }.keys)
    let sends = Plan.future(
      of: discussion, policies: live.policies, arrangements: arrangements, stopped: stopped,
      pause: live.pause, from: now)
    return Response(
      PlanDocument.json(discussion.id, at: now, sends.map(\.document), in: arrangements.calendar))
  }

  /// The ladder of a made-up discussion: of the settings, rota and cover in force, where every route stands.
  func explainPolicy(_ call: Call, _ desk: Desk) throws -> Response {
    let live = desk.live()
    guard let arrangements = live.arrangements else { throw ProblemDocument.failed }
    let at = call.query.instant("convened_at") ?? now()
    guard (at - now()).magnitude <= .days(730) else {
      throw ProblemDocument.invalid([Fault("?convened_at", "Give a moment within two years of now.")])
    }
    let convene = Convene(
      explaining: call.query.text("urgency").flatMap(Urgency.init) ?? .standard,
      meetingAt: call.query.instant("meeting_at"), team: call.query.text("team").flatMap { TeamID($0) },
      arrangements)
    do throws(Refusal) {
      return Response(try Explanation(of: convene, at: at, live.policies, arrangements).json(of: convene, at: at))
    } catch { throw ProblemDocument(error) }
  }

  /// A look for a time: the one POST that changes nothing.
  func slots(_ call: Call, _ desk: Desk) async throws -> Response {
    let query = Bodies.slots(call.body)
    switch await desk.slots(query, now()) {
    case .success(let slots):
      guard let calendar = desk.live().arrangements?.calendar else { throw ProblemDocument.failed }
      return Response(SlotsDocument.json(slots, for: query, in: calendar))
    case .failure(let refusal): throw ProblemDocument(refusal)
    }
  }

  /// The discussion as its lines tell it, and its policy.
  ///
  /// Throws: `ProblemDocument` where there is none; what the records and unreadable lines throw.
  private func fold(_ id: DiscussionID, _ desk: Desk) async throws -> (Discussion, Policy, Live) {
    guard let discussion = try Discussion.folding(await desk.records.lines(of: .discussion(id))) else {
      throw ProblemDocument(Refusal.notFound)
    }
    let live = desk.live()
    guard let policy = live.policies[discussion.policy] else { throw ProblemDocument.failed }
    return (discussion, policy, live)
  }

  static let foreignCursor = ProblemDocument.invalid([
    Fault("?cursor", "Give the cursor of the page before, as it came.")
  ])

  func discussions(_ call: Call, _ desk: Desk) async throws -> Response {
    let limit = call.query.whole("limit") ?? 100
    var query = DiscussionQuery(
      phase: call.query.word("state"), agency: call.query.slug("agency"), dueBefore: call.query.instant("due_before"),
      limit: limit)
    if let cursor = call.query.text("cursor") {
      query.after = DiscussionsDocument.place(of: cursor)
      if query.after == nil { throw Self.foreignCursor }
    }
    let page = try await desk.records.discussions(query)
    if let agency = query.agency, query.after == nil, page.isEmpty, let arrangements = desk.live().arrangements,
      arrangements.agency(agency) == nil,
      try await desk.records.discussions(DiscussionQuery(agency: agency, limit: 1)).isEmpty
    {
      throw Self.unknownAgency(besides: arrangements.agencies)
    }
    let cursor = page.count < limit ? nil : page.last.map(DiscussionsDocument.cursor)
    return Response(DiscussionsDocument.json(page, under: desk.live().policies, cursor: cursor))
  }

  /// A slip of the hand must not read as if there were none. Who has left the settings is found by what it had a part in.
  private static func unknownAgency(besides known: [Agency]) -> ProblemDocument {
    let sentence = "The settings know no such agency. They know: \(known.map(\.id.text).joined(separator: ", "))."
    return ProblemDocument(.unknownAgency, status: 422, sentence, errors: [Fault("?agency", sentence)])
  }

  func reminders(_ call: Call, _ desk: Desk) async throws -> Response {
    let limit = call.query.whole("limit") ?? 100
    var after: ReminderListing.Key?
    if let cursor = call.query.text("cursor") {
      after = .init(cursor)
      if after == nil { throw Self.foreignCursor }
    }
    let items = await desk.reminders(call.query.word("state"), after, limit)
    return Response(
      RemindersDocument.json(
        items.map {
          RemindersDocument.Item(
            id: $0.id, discussion: $0.discussion, agency: $0.agency, place: $0.place, step: $0.step,
            message: $0.message, route: $0.route, state: $0.state.rawValue, due: $0.due, nextAttempt: $0.nextAttempt,
            attempts: $0.attempts, lastStatus: $0.lastStatus, lastFault: $0.lastFault)
        },
        cursor: items.count < limit ? nil : items.last?.key))
  }

  func agencies(_ call: Call, _ desk: Desk) throws -> Response {
    let live = desk.live()
    guard let arrangements = live.arrangements else { throw ProblemDocument.failed }
    let routes = live.endpoints.mapValues {
      AgenciesDocument.Route(health: $0.health.rawValue, inFlight: $0.inFlight, lastAccepted: $0.lastAccepted)
    }
    let pulses = live.agencies.mapValues {
      AgenciesDocument.Pulse(lastAnswered: $0.lastAnswered, awaiting: $0.awaiting)
    }
    return Response(
      AgenciesDocument.json(
        arrangements, at: now(), routes: routes, pulses: pulses, for: call.socket.audience))
  }

  func rota(_ call: Call, _ desk: Desk) throws -> Response {
    guard let arrangements = desk.live().arrangements else { throw ProblemDocument.failed }
    let agency = try call.agency()
    if let agency, arrangements.agency(agency) == nil {
      throw ProblemDocument.agencyNotFound
    }
    return answer(agency ?? .coordination, arrangements.rota, to: call)
  }
}
