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

  /// A turn that is durable.
  mutating func check(_ turn: Turn, _ inputs: [Input]) throws(Broken) {
    var made: Set<Int> = []
    for entry in turn.entries { if let actor = entry.actor { made.insert(Int(actor.pid)) } }
    let replies = Dictionary(turn.replies.map { ($0.ticket, $0.reply) }) { $1 }
    for case .request(let request, let ticket, _) in inputs {
      guard let reply = replies[ticket] else { throw Broken("\(ticket) is not answered") }
      // An answer that the process gives to everybody on its way out promises nothing.
      if case .refused(.stopping) = reply { continue }
      // A rota is what it is, whatever key comes with it.
      if case .setRota = request.change { continue }
      // Nor has a file: the same one again changes nothing.
      if case .imports(let rows) = request.change {
        try imported(rows, reply)
        continue
      }
      if case .convene(let id, _, let body) = request.change {
        try convened(id, body, reply, made.contains(ticket))
      } else if let mark = request.mark {
        try keyed(mark, request, reply, made.contains(ticket))
      }
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
