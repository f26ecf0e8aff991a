// Watches every durable turn and says what is wrong with it. It keeps its own account of discussions, attempts and slots,
// from the entries alone, and computes what the contract says by itself: never by asking the docket.
import Convening
import Coordination
import Wire

/// Something that must never happen has happened.
public struct Broken: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

func expect(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(Broken) {
  if !holds { throw Broken(otherwise()) }
}

struct Auditor {
  let limits: Limits
  /// Every discussion there ever was, as the fold of its entries.
  private(set) var folded: [DiscussionID: Discussion] = [:]
  /// Its entries.
  private(set) var told: [DiscussionID: [Entry]] = [:]
  private(set) var policies = Policies()
  private(set) var stopped: Set<RouteName> = []
  private(set) var seq = 0
  private(set) var head = Hash256.zero
  private(set) var eventNames: Set<String> = []
  var attempts: [ReminderID: Track] = [:]
  var frontDoor = FrontDoorCheck()
  var contacts: [ContactID: FrontDoorContact] { frontDoor.contacts }
  var slots = Slots()
  var isStopping = false
  private var pausedUntil: Instant?
  /// This process has said so.
  private var hasStarted = false
  /// Nobody who has not answered is pressed before then.
  private var escalationsFrom: Instant?
  private var recordedFrom: Instant?
  var rescheduled: [DiscussionID: Int] = [:]
  var pauses: [Seat: Instant] = [:]
  var openings: Set<Planned> = []
  /// Reminders that were not taken in when another place was asked because of that.
  private(set) var risen: Set<ReminderID> = []
  private(set) var duties = DutyCheck()
  /// What the rules make of rotas and covers, for what they propose; who holds a place `duties` says.
  private var rota = Rota()

  /// One planned instance of one step for one place: it may be asked once.
  struct Planned: Hashable {
    let id: DiscussionID
    let agency: AgencyID
    let place: Place
    let step: StepName
    let due: Instant
    let round: Int
  }

  /// One reminder's attempts.
  struct Track {
    let opening: Opening
    let route: RouteName
    let firstAt: Instant
    var begun = 0
    var isUnderWay = false
    var misconfigured = 0
    /// When the next attempt is due by the last end; nil where there is none.
    var next: Instant?
    var isPing = false
  }

  init(limits: Limits) {
    self.limits = limits
    slots.most = limits.perEndpoint
  }

  /// A new process: what was under way is nobody's now.
  mutating func restarted() {
    slots = Slots()
    slots.most = limits.perEndpoint
    (isStopping, hasStarted) = (false, false)
    // What was not recorded, the next process does not know.
    escalationsFrom = recordedFrom
  }

  /// The clock moved before a turn of this moment.
  mutating func clockStepped(_ step: Elapsed, at now: Instant) {
    if step > .minutes(2) { escalationsFrom = now + .minutes(2) }
  }

  /// Whether reminders of standard discussions are held back: an hour at most, by whatever the clock says.
  func isPaused(at now: Instant) -> Bool { pausedUntil.map { now < $0 && $0 - now <= .hours(1) } ?? false }

  /// Whether a rung may wait because the clock was set: for two minutes, and never until it is too late.
  func waitsForClock(_ rung: Rung, at now: Instant) -> Bool {
    guard let from = escalationsFrom, now < from, from - now <= .minutes(2) else { return false }
    return rung.ifUnanswered && rung.stopAfter > from
  }

  /// From there back to the first.
  func sequence(from id: DiscussionID) -> [Discussion] {
    guard let discussion = folded[id] else { return [] }
    return [discussion] + (discussion.convene.follows.map(sequence) ?? [])
  }

  // MARK: - One turn

  mutating func audit(
    _ turn: Turn, tickets: Set<Int>, _ arrangements: Arrangements, _ towns: [Arrangements]
  ) throws(Broken) {
    try expect(turn.entries.count == turn.lines.count, "entries and lines differ in number")
    duties.beginTurn()
    var accepted: Set<Int> = []
    for (ticket, reply) in turn.replies {
      switch reply {
      case .discussion(_, _, _, let replayed), .contact(_, _, let replayed):
        if !replayed { accepted.insert(ticket) }
      case .onDuty(_, _, let replayed): if !replayed { accepted.insert(ticket) }
      case .kept(_, let created): if created { accepted.insert(ticket) }
      case .pinged, .enabled, .paused, .resumed, .arranged, .fed: accepted.insert(ticket)
      case .imported(let outcome): if outcome.faults.isEmpty { accepted.insert(ticket) }
      case .refused: break
      }
    }
    let towns = variants(of: towns, turn)
    var touched: Set<DiscussionID> = []
    var owed = Owed()
    var corrected: Set<DiscussionID> = []
    var begun: [ReminderID: (attempt: Int, body: String, route: RouteName)] = [:]
    for (entry, line) in zip(turn.entries, turn.lines) {
      eventNames.insert(entry.event.name)
      try check(line, of: entry)
      if let actor = entry.actor {
        try expect(
          (accepted.contains(Int(actor.pid)) || entry.event == .feedHeard) && tickets.contains(Int(actor.pid)),
          "an entry of a refused request")
      }
      if case .discussion(let id) = entry.stream { touched.insert(id) }
      if let (id, attempt) = try account(for: entry, arrangements) {
        let track = attempts[id]!
        begun[id] = (attempt, track.opening.body, track.route)
      }
      let before = if case .discussion(let id) = entry.stream { folded[id] } else { nil as Discussion? }
      try fold(entry, towns)
      if case .discussion(let id) = entry.stream {
        try duties.check(entry, folded[id], arrangements, towns)
      } else {
        try duties.check(entry, nil, arrangements, towns)
        // As it was when it was told: what is asked later in the turn is told by itself.
        try duties.checkTold(folded, arrangements, at: entry.at)
      }
      try frontDoor.take(entry, towns) { [duties] town in
        duties.holder(.coordinator, of: "coordination", team: nil, at: entry.at, in: town)
      }
      if case .discussion(let id) = entry.stream, entry.event.asksAgain { corrected.insert(id) }
      if case .discussion(let id) = entry.stream, let discussion = folded[id] {
        owed.note(entry, before, discussion, policies, towns)
      }
    }
    try owed.check()
    for id in corrected { try CorrectionCheck.checkAsked(folded[id]!, policies, at: turn.entries[0].at) }
    for id in touched { try checkEnd(of: id, turn, begun) }
    if turn.entries.contains(where: { $0.event.name == "started" }) {
      for (id, track) in attempts where track.isUnderWay {
        try expect(begun[id] != nil, "an attempt of the last process is still under way")
      }
    }
    try expect(turn.sends.count == begun.count, "\(turn.sends.count) sends for \(begun.count) attempts begun")
    for send in turn.sends {
      let delivery = send.delivery
      guard let intent = begun[delivery.reminder] else { throw Broken("a send without an intent in its turn") }
      try expect(
        intent.attempt == delivery.attempt && intent.body == delivery.body && intent.route == delivery.route,
        "a send differs from its intent")
    }
  }

  /// What may have been in force for any of its entries: each of these, under each rota that there was.
  private mutating func variants(of towns: [Arrangements], _ turn: Turn) -> [Arrangements] {
    var rotas = [rota]
    for entry in turn.entries {
      guard case .agency(let agency) = entry.stream else { continue }
      switch entry.event {
      case .rotaSet(let entries): rota.set(entries, of: agency, at: entry.at)
      case .coverSet(let cover): rota.take(cover, of: agency, at: entry.at)
      default: continue
      }
      rotas.append(rota)
    }
    return rotas.flatMap { rota in
      towns.map { town in
        var town = town
        town.rota = rota
        return town
      }
    }
  }

  private mutating func check(_ line: SealedLine, of entry: Entry) throws(Broken) {
    try expect(line.seq == seq + 1, "seq \(line.seq) after \(seq)")
    if case .started = entry.event { hasStarted = true }
    try expect(hasStarted, "a process begins with \(entry.event.name)")
    guard let text = line.line, let salt = line.salt else { throw Broken("a new line without text or salt") }
    try expect(Chain.digest(salt, text) == line.digest, "digest of \(line.seq)")
    try expect(Chain.link(head, line.digest) == line.chain, "chain at \(line.seq)")
    try expect(line.stream == entry.stream.description && line.revision == entry.revision, "columns of \(line.seq)")
    if case .discussion(let id) = entry.stream {
      try expect(entry.revision == (folded[id]?.revision ?? 0) + 1, "revision \(entry.revision) of \(entry.stream)")
    }
    (seq, head) = (line.seq, line.chain)
  }

  private mutating func fold(_ entry: Entry, _ towns: [Arrangements]) throws(Broken) {
    switch entry.event {
    case .policyAdopted(let policy, let ref):
      try expect(ref.edition == (policies.latest(policy.id)?.edition ?? 0) + 1, "edition \(ref)")
      policies.adopt(policy, as: ref)
    case .routeStopped(let route): stopped.insert(route)
    case .routeEnabled(let route):
      if stopped.remove(route) != nil { slots.forget(route) }
    case .stopping: isStopping = true
    case .paused(let until, _):
      try expect(until > entry.at && until - entry.at <= .hours(1), "a pause until \(until)")
      pausedUntil = until
    case .resumed(let byItself):
      if byItself { try expect(!isPaused(at: entry.at), "a pause ends by itself too early") }
      pausedUntil = nil
    case .clockStepped(let step, let from):
      try expect(from == (step > .minutes(2) ? entry.at + .minutes(2) : nil), "a step of the clock, and \(from as Any)")
      recordedFrom = from ?? recordedFrom
      escalationsFrom = recordedFrom
    default: break
    }
    guard case .discussion(let id) = entry.stream else { return }
    let before = folded[id]
    guard let after = evolve(before, entry) else { throw Broken("an entry of a discussion that was not convened") }
    try Planning.check(entry, before, after, policies, towns)
    try AppointmentCheck.check(entry, after, folded, policies, towns)
    if let before {
      try ClockCheck.check(
        entry, before, after, policies, towns, earlier: before.convene.follows.map(sequence) ?? [])
    }
    told[id, default: []].append(entry)
    try UnitCheck.check(entry, before, after, CorrectionCheck.events(standingIn: told[id]!), policies, towns)
    if case .corrected(let correction) = entry.event {
      try CorrectionCheck.check(correction, told[id]!, before!, after, policies, towns)
    }
    switch entry.event {
    case .ladderPlanned(let agency, .undelivered, _):
      let late = after.reminders.filter { reminder in
        reminder.agency == agency && !reminder.isSettled && reminder.undeliveredFrom.map { $0 <= entry.at } ?? false
      }
      if late.isEmpty {
        try expect(
          before.map { findsNoSlot(agency, of: $0, towns, at: entry.at) } ?? false,
          "somebody else is asked, and nothing was undelivered")
      } else {
        try expect(
          late.contains { !risen.contains($0.id) }
            || before.map { findsNoSlot(agency, of: $0, towns, at: entry.at) } ?? false,
          "somebody else is asked again for the same reason")
      }
      risen.formUnion(late.map(\.id))
    case .rescheduled:
      rescheduled[id, default: 0] += 1
      for position in after.positions { pauses[Seat(id: id, agency: position.agency)] = nil }
    case .acknowledgementLapsed(let agency, _, _): pauses[Seat(id: id, agency: agency)] = nil
    case .corrected(let correction):
      let holds = policies[after.policy]!.ladder(for: after.convene.urgency).acknowledgementHolds
      for part in correction.standing.parts {
        pauses[Seat(id: id, agency: part.agency)] = part.acknowledged.map { occurred in
          occurred + min(holds, max(after.deadline - occurred, .zero) / 3)
        }
      }
    case .acknowledged(let agency, _, _, let occurred, _, _),
      .contributionRecorded(let agency, _, _, .link, let occurred, _):
      let holds = policies[after.policy]!.ladder(for: after.convene.urgency).acknowledgementHolds
      let left = max(after.deadline - occurred, .zero)
      let key = Seat(id: id, agency: agency)
      pauses[key] = max(pauses[key] ?? occurred, occurred + min(holds, left / 3))
    case .policyPinned:
      // The pause is as long as the new edition says.
      let holds = policies[after.policy]!.ladder(for: after.convene.urgency).acknowledgementHolds
      for position in after.positions {
        guard let occurred = position.acknowledged else { continue }
        let key = Seat(id: id, agency: position.agency)
        let until = occurred + min(holds, max(after.deadline - occurred, .zero) / 3)
        pauses[key] = min(pauses[key] ?? until, until)
      }
    default: break
    }
    folded[id] = after
  }

  /// A step has been due for as long as an undelivered message may take, and nobody whom it asks has a slot.
  func findsNoSlot(
    _ agency: AgencyID, of discussion: Discussion, _ towns: [Arrangements], at now: Instant
  ) -> Bool {
    guard let position = discussion.position(agency), let policy = policies[discussion.policy] else { return false }
    let ladder = discussion.convene.urgency == .urgent ? policy.urgent ?? policy.standard : policy.standard
    guard let patience = ladder.undeliveredAfter else { return false }
    return position.rungs.contains { rung in
      let left = (min(rung.stopAfter, discussion.deadline) - rung.due).milliseconds / 4
      let own = rung.places.filter { [.contact, .deputy, .lead].contains($0) }
      guard !own.isEmpty, rung.due + max(.minutes(1), min(patience, Elapsed(milliseconds: left))) <= now else {
        return false
      }
      return own.allSatisfy { place in
        towns.contains { town in
          duties.holder(place, of: position, in: discussion, at: now, town).map {
            !slots.hasRoom($0, inAll: limits.inFlight)
          } ?? false
        }
      }
    }
  }

  /// What must hold of a discussion once the whole turn is in.
  private func checkEnd(
    of id: DiscussionID, _ turn: Turn, _ begun: [ReminderID: (attempt: Int, body: String, route: RouteName)]
  ) throws(Broken) {
    guard let discussion = folded[id] else { return }
    for reminder in discussion.reminders where begun[reminder.id] != nil {
      switch reminder.message {
      case .attention where reminder.step == "untold":
        try expect(
          [.decided, .circulated].contains(discussion.phase)
            && !discussion.position(reminder.agency)!.tookPart,
          "told that an agency cannot be told, and it need not be")
      case .attention where reminder.step == "daily":
        try expect([.scheduled, .held].contains(discussion.phase), "told daily of what is \(discussion.phase)")
      case .attention where reminder.step == "undecided":
        try expect([.scheduled, .held].contains(discussion.phase), "told to decide what is \(discussion.phase)")
        try expect(
          discussion.positions.allSatisfy { !$0.invited || !$0.isSilent },
          "told that all have answered, and one is silent")
        try expect((discussion.heldAt ?? discussion.deadline) < reminder.firstAt, "told to decide what is to come")
      case .invitation, .reminder, .attention:
        try expect(discussion.phase == .scheduled, "asked although the discussion is \(discussion.phase)")
        let position = discussion.position(reminder.agency)!
        try expect(
          position.isSilent, "asked an agency that has answered")
      case .rescheduled:
        try expect(discussion.phase == .scheduled, "a rescheduled notice for what is \(discussion.phase)")
      case .cancelled: try expect(discussion.phase == .cancelled, "a cancelled notice for what is not cancelled")
      case .concluded:
        try expect(
          [.decided, .circulated].contains(discussion.phase), "told of a decision, and it is \(discussion.phase)")
        try expect(!discussion.position(reminder.agency)!.tookPart, "told who took part that it was absent")
      case .answered:
        try expect(discussion.position(reminder.agency)!.declined != nil, "told that it declined, and it did not")
      case .handover, .reviewDue, .ping: throw Broken("a \(reminder.message) in a discussion")
      }
    }
  }
}

extension Event {
  /// Somebody may have to be asked again: less was said than was recorded, or one more unit is waited for.
  fileprivate var asksAgain: Bool {
    switch self {
    case .corrected, .detailsSent(_, _, _, _, _, needed: true): true
    default: false
    }
  }
}
