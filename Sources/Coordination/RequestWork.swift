// What a request comes to in a turn: admitted, matched against what its sender saw, decided by the rules and recorded, or
// refused with nothing added. What is answered stands in `Planning.Answering` until the turn is whole.
import Convening
import Wire

extension Planning {
  /// What the docket does not hold is seen by this turn.
  mutating func admit(_ admitted: Input.Admitted) {
    for discussion in admitted.earlier + (admitted.discussion.map { [$0] } ?? [])
    where self.discussion(discussion.id) == nil {
      turn.discussions[discussion.id] = discussion
    }
    if let known = admitted.contact, contact(known.id) == nil { turn.contacts[known.id] = known }
  }

  /// A step of a row of an import, as if it had been asked for by itself.
  mutating func carryOut(
    _ step: ImportRow.Step, of request: Request, _ admitted: Input.Admitted
  ) throws(Refusal) {
    let change: Request.Change =
      switch step {
      case .convene(let id, let convene, let firstBody): .convene(id, convene, firstBody: firstBody)
      case .change(let id, let command): .change(id, command)
      case .contact(let id, let command): .contact(id, command)
      }
    _ = try carryOut(Request(change, actor: request.actor), admitted)
  }

  mutating func carryOut(_ request: Request, _ admitted: Input.Admitted) throws(Refusal) -> Answering {
    guard !isStopping else { throw .stopping }
    admit(admitted)
    switch request.change {
    case .convene(let id, let convene, let firstBody):
      // A new reference is all that helps: that stream cannot begin again.
      if admitted.isBeheaded { throw .differentFirstBody }
      if let known = discussion(id) {
        guard known.firstBody == firstBody else { throw .differentFirstBody }
        try match(request, known.revision)
        return .document(id, created: false, replayed: true)
      }
      try match(request, nil)
      let events = try decide(
        convene: convene, firstBody: firstBody, now: now, circumstances(of: request),
        engagements: convene.meeting == .earliest ? engagements : [])
      recordAll(events, id, request)
      return .document(id, created: true, replayed: false)
    case .change(let id, let command):
      guard let known = discussion(id), let policy = policies[known.policy] else { throw .notFound }
      if try isReplay(request, known.marks) { return .document(id, created: false, replayed: true) }
      try match(request, known.revision)
      let entries =
        admitted.entries + (admitted.entries.isEmpty ? [] : turn.entries.filter { $0.stream == .discussion(id) })
      recordAll(
        try known.decide(command, now: now, policy: policy, circumstances(of: request), entries: entries), id, request)
      takeOverConference(by: id, request)
      giveBackConference(of: known, request)
      return .document(id, created: false, replayed: false)
    case .contact(let id, let command):
      let (created, replayed) = try carryOut(command, on: id, request, admitted)
      if command.isFeed { turn.feed = turn.feed ?? request.actor }
      return .contact(id, created: created, replayed: replayed)
    case .resend(let reminder): return try resend(reminder, request, admitted)
    case .ping(let agency, let route): return .reply(try ping(agency, route, request))
    case .enable(let agency, let route): return .reply(try enable(agency, route, request))
    case .pause(let until, let reason): return .reply(try setPause(until: until, reason, request))
    case .resume: return .reply(try resume(request))
    case .setRota(let agency, let entries): return .reply(try setRota(agency, entries, request))
    case .cover(let agency, let cover): return .reply(try self.cover(agency, cover, request))
    case .imports(let rows): return .reply(.imported(carryOut(rows, request, admitted)))
    case .feed:
      turn.feed = turn.feed ?? request.actor
      return .reply(.fed)
    case .keepReport(let wish): return .reply(try keep(wish, request))
    }
  }

  func match(_ request: Request, _ revision: Int?) throws(Refusal) {
    if let wanted = request.ifMatch, wanted != revision { throw .revisionMismatch(current: revision) }
  }

  private var circumstances: Circumstances {
    Circumstances(policies: policies, offered: turn.offered ?? docket.offered, arrangements: arrangements)
  }

  /// With the discussions before it, as this turn sees them.
  private func circumstances(of request: Request) -> Circumstances {
    var circumstances = circumstances
    circumstances.earlier = earlier(than: request.followed(discussion))
    return circumstances
  }

  private func earlier(than first: DiscussionID?) -> [Discussion] {
    var (earlier, next): ([Discussion], DiscussionID?) = ([], first)
    while let id = next, earlier.count < Request.longestSequence, let discussion = discussion(id) {
      earlier.append(discussion)
      next = discussion.convene.follows
    }
    return earlier
  }

  /// Where the conference counts here now, its clock goes on here: one enquiry is not late twice.
  private mutating func takeOverConference(by id: DiscussionID, _ request: Request) {
    guard let discussion = discussion(id), discussion.awaitsConference, let decidedAt = discussion.decision?.decidedAt
    else { return }
    for other in earlier(than: request.followed(self.discussion)) where other.awaitsConference {
      record(.discussion(other.id), .clockStopped(.c5, occurred: decidedAt, goesOnIn: id), actor: request.actor)
      touch(other.id)
    }
  }

  /// Where it counted here and does so no more, since the decision was put right, it counts where it did before; or in the one
  /// that had gone on with it from here.
  private mutating func giveBackConference(of known: Discussion, _ request: Request) {
    guard let after = discussion(known.id), after.decision?.conference == nil, after.conferenceHeldAt == nil else {
      return
    }
    for other in earlier(than: request.followed(discussion)) {
      guard let policy = policies[other.policy],
        let event = other.conferenceComesBack(from: known.id, under: policy, in: arrangements.calendar)
      else { continue }
      record(.discussion(other.id), event, actor: request.actor)
      if let further = known.conferenceGoesOnIn {
        record(.discussion(other.id), .clockStopped(.c5, occurred: now, goesOnIn: further), actor: request.actor)
      }
      touch(other.id)
    }
  }

  /// What keeps the agencies busy, what this turn has convened before included.
  private var engagements: [Engagement] {
    docket.discussions.values.filter { turn.discussions[$0.id] == nil }.compactMap(\.engagement)
      + turn.discussions.values.compactMap(\.engagement)
  }

  /// The first entry of a request carries its idempotency key, all of them its actor.
  private mutating func recordAll(_ events: [Event], _ id: DiscussionID, _ request: Request) {
    for (index, event) in events.enumerated() {
      record(.discussion(id), event, actor: request.actor, mark: index == 0 ? request.mark : nil)
      if let (agency, at) = event.answer { turn.lastAnswered[agency] = max(turn.lastAnswered[agency] ?? at, at) }
    }
    touch(id)
  }

  /// Whether an earlier request with the same key and body did the work.
  func isReplay(_ request: Request, _ marks: [IdempotencyMark]) throws(Refusal) -> Bool {
    guard let mark = request.mark, let earlier = marks.first(where: { $0.key == mark.key }) else { return false }
    guard earlier.body == mark.body else { throw .keyReused }
    return true
  }

  private mutating func resend(
    _ reminder: ReminderID, _ request: Request, _ admitted: Input.Admitted
  ) throws(Refusal) -> Answering {
    guard let id = docket.discussion(with: reminder), let discussion = discussion(id), !discussion.isFinished,
      let known = discussion.reminders.first(where: { $0.id == reminder }), let body = known.body ?? admitted.body
    else { throw .reminderNotFound }
    if try isReplay(request, discussion.marks) { return .document(id, created: false, replayed: true) }
    try match(request, discussion.revision)
    guard !known.isUnderWay, known.stopAfter > now, !discussion.isMoot(known) else { throw .moot }
    record(.discussion(id), .resendRequested(reminder, next: now, body: body), actor: request.actor, mark: request.mark)
    touch(id)
    return .document(id, created: false, replayed: false)
  }

  /// What an earlier request with the same key was answered, for those that belong to no discussion.
  func answered(_ request: Request) throws(Refusal) -> Reply? {
    guard let mark = request.mark,
      let earlier = turn.answered.last(where: { $0.key == mark.key })?.answer ?? docket.answered[mark.key]
    else { return nil }
    guard earlier.body == mark.body else { throw .keyReused }
    return earlier.replay(arrangements.rota)
  }

  mutating func remember(_ mark: IdempotencyMark?, _ done: Answered.Done) {
    if let mark { turn.answered.append((mark.key, Answered(body: mark.body, done: done))) }
  }
}
