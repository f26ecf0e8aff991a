// What was answered stays answered: a request that comes again changes nothing and gets the same answer, and the same key or
// discussion with another body is refused. Kept from requests, replies and entries alone, over all restarts.
import Convening
import Coordination
import Wire

struct Promises {
  private struct Kept {
    let body: Fingerprint
    let reply: Reply
  }

  /// By idempotency key: what was durable.
  private var keys: [Fingerprint: Kept] = [:]
  private var firstBodies: [DiscussionID: Fingerprint] = [:]
  /// Oldest first.
  private(set) var snapshots: [SnapshotName: [ReportSnapshot]] = [:]

  /// A turn that is durable.
  mutating func check(_ turn: Turn, _ inputs: [Input]) throws(Broken) {
    var made: Set<Int> = []
    // That somebody told of contacts is recorded of a request that makes nothing, too.
    for entry in turn.entries where entry.event != .feedHeard {
      if let actor = entry.actor { made.insert(Int(actor.pid)) }
    }
    let replies = Dictionary(turn.replies.map { ($0.ticket, $0.reply) }) { $1 }
    for case .request(let request, let ticket, _) in inputs {
      guard let reply = replies[ticket] else { throw Broken("\(ticket) is not answered") }
      // An answer that the process gives to everybody on its way out promises nothing.
      if case .refused(.stopping) = reply { continue }
      // A rota is what it is, whatever key comes with it.
      if request.ifRota == Users.staleVersion, case .onDuty(_, _, replayed: false) = reply {
        throw Broken("a rota is changed that its reader does not know")
      }
      if case .setRota = request.change { continue }
      // Nor has a file: the same one again changes nothing.
      if case .imports(let rows) = request.change {
        try imported(rows, reply)
        continue
      }
      if case .keepReport(let wish) = request.change {
        try kept(wish, reply, turn, ticket)
        continue
      }
      if case .convene(let id, _, let body) = request.change {
        try convened(id, body, reply, made.contains(ticket))
      } else if let mark = request.mark {
        try keyed(mark, request, reply, made.contains(ticket))
      }
    }
  }

  /// What was kept stays as it was: each version once, with what it said, and the same wish is answered with it for ever.
  private mutating func kept(_ wish: SnapshotWish, _ reply: Reply, _ turn: Turn, _ ticket: Int) throws(Broken) {
    let known = snapshots[wish.name] ?? []
    let own = turn.entries.filter { $0.actor?.pid == Int32(ticket) }
    let same = known.first { $0.from == wish.from && $0.to == wish.to && $0.reason == wish.reason }
    switch reply {
    case .refused(let refusal):
      try expect(own.isEmpty, "a report is refused and kept")
      try expect(
        refusal.code == Refusal.snapshotKept.code && same == nil && !known.isEmpty && wish.reason == nil,
        "a report is not kept: \(refusal.code)")
    case .kept(let snapshot, created: false):
      try expect(own.isEmpty && snapshot == same, "a report that was kept is answered as \(snapshot)")
    case .kept(let snapshot, created: true):
      try expect(same == nil, "a report is kept twice")
      try expect(known.isEmpty || wish.reason != nil, "a correction without a reason")
      guard own.count == 1, own[0].stream == .report(wish.name),
        case .snapshotTaken(wish.from, wish.to, wish.reason, let digest, let document) = own[0].event
      else { throw Broken("a report is kept otherwise than it was asked for") }
      try expect(document == wish.document, "a report is kept with other words")
      try expect(digest == Hash256(hashing: Array(wish.document.utf8)).hex, "the digest of a kept report is another's")
      try expect(
        snapshot.version == known.count + 1 && snapshot.digest == digest && snapshot.keptAt == own[0].at
          && snapshot.from == wish.from && snapshot.to == wish.to && snapshot.reason == wish.reason,
        "a kept report is shown as \(snapshot)")
      snapshots[wish.name, default: []].append(snapshot)
    default: throw Broken("a report is asked to be kept: \(reply)")
    }
  }

  private mutating func convened(
    _ id: DiscussionID, _ body: Fingerprint, _ reply: Reply, _ hasMade: Bool
  ) throws(Broken) {
    guard let first = firstBodies[id] else {
      if hasMade { firstBodies[id] = body }
      return
    }
    try expect(!hasMade, "\(id) is convened twice")
    guard first == body else { return try refused(reply, .differentFirstBody, "another first body of \(id)") }
    guard case .discussion(let discussion, _, created: false, replayed: true) = reply, discussion.id == id else {
      throw Broken("\(id) is asked for again: \(reply)")
    }
  }

  private mutating func imported(_ rows: [ImportRow], _ reply: Reply) throws(Broken) {
    guard case .imported(let outcome) = reply, outcome.faults.isEmpty else { return }
    for row in rows {
      guard case .convene(let id, _, let body) = row.first else { continue }
      try expect(firstBodies[id].map { $0 == body } ?? true, "an import takes another first body of \(id)")
      firstBodies[id] = body
    }
  }

  private mutating func keyed(
    _ mark: IdempotencyMark, _ request: Request, _ reply: Reply, _ hasMade: Bool
  ) throws(Broken) {
    guard let kept = keys[mark.key] else {
      if hasMade { keys[mark.key] = Kept(body: mark.body, reply: reply) }
      return
    }
    try expect(!hasMade, "a key that was used before makes an entry")
    // What the reminder belonged to is closed: there is nothing to be sent again, and nothing to show.
    if case .resend = request.change, case .refused(.reminderNotFound) = reply { return }
    guard kept.body == mark.body else { return try refused(reply, .keyReused, "a key with another body") }
    switch (kept.reply, reply) {
    case (.discussion(let first, _, _, _), .discussion(let again, _, _, replayed: true)):
      try expect(first.id == again.id, "a replay of another discussion")
    case (.contact(let first, _, _), .contact(let again, _, replayed: true)):
      try expect(first.id == again.id, "a replay of another contact")
    case (.pinged(let first, _, _), .pinged(let again, _, replayed: true)):
      try expect(first == again, "a replay of another test message")
    case (.onDuty(let first, _, _), .onDuty(let again, _, replayed: true)):
      try expect(first == again, "a replay of another cover")
    case (.enabled(let first, _), .enabled(let again, replayed: true)):
      try expect(first == again, "a replay of another route")
    case (.paused(let first, _), .paused(let again, replayed: true)):
      try expect(first == again, "a replay of another pause")
    case (.resumed, .resumed(replayed: true)): break
    default: throw Broken("\(kept.reply) is answered again as \(reply)")
    }
  }

  private func refused(_ reply: Reply, _ wanted: Refusal, _ what: String) throws(Broken) {
    guard case .refused(let refusal) = reply, refusal.code == wanted.code else {
      throw Broken("\(what) is answered \(reply)")
    }
  }
}
