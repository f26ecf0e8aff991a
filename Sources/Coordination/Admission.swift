// What a request needs of the journal, since the docket does not hold it: streams of what is closed, read before planning and
// forgotten after the turn. It names them one after another and reads nothing itself, so that the loop and an import away from
// it go the same way.
import Convening
import Wire

struct Admission {
  private let docket: Docket
  private let request: Request
  /// Those that it names itself.
  private let own: [Stream]
  /// So many of them are read.
  private var ownRead = 0
  /// Where the sequences begin that it has to look through: known once its own are read.
  private var sequences: [DiscussionID]?
  /// So many of them are whole.
  private var sequencesRead = 0
  private var lines: [Stream: [SealedLine]] = [:]
  private var folded: [DiscussionID: Discussion] = [:]

  init(of request: Request, to docket: Docket) {
    (self.request, self.docket) = (request, docket)
    own = Self.own(request, docket)
  }

  /// The next stream that has to be read; nil once all is there. Thousands of rows are imported at once: nothing is looked
  /// through again for each.
  mutating func next() -> Stream? {
    while ownRead < own.count {
      if lines[own[ownRead]] == nil { return own[ownRead] }
      ownRead += 1
    }
    let sequences = sequences ?? followed
    self.sequences = sequences
    while sequencesRead < sequences.count {
      if let unread = sequence(from: sequences[sequencesRead]).unread { return unread }
      sequencesRead += 1
    }
    return nil
  }

  /// - Throws: `LineFault`.
  mutating func take(_ lines: [SealedLine], of stream: Stream) throws {
    self.lines[stream] = lines
    guard case .discussion(let id) = stream, docket.discussions[id] == nil else { return }
    folded[id] = try Discussion.folding(lines)
  }

  /// All that was read, as the turn takes it.
  ///
  /// - Throws: `LineFault`.
  func admitted() throws -> Input.Admitted {
    switch request.change {
    case .change(let id, .correct):
      let entries = try (lines[.discussion(id)] ?? []).compactMap { line in
        if case .entry(let entry) = try line.reading() { entry } else { nil }
      }
      return Input.Admitted(discussion: folded[id], entries: entries, earlier: earlier(in: .discussion(id)))
    case .convene(let id, _, _), .change(let id, _): return try one(.discussion(id)) ?? .init()
    case .contact(let id, _): return try one(.frontDoor(id)) ?? .init()
    case .imports(let rows):
      var admitted = Input.Admitted()
      for stream in Set(rows.map(\.stream)) { admitted.rows[stream] = try one(stream) }
      return admitted
    case .resend(let reminder): return Input.Admitted(body: try body(of: reminder))
    case .ping, .enable, .pause, .resume, .setRota, .cover, .feed, .keepReport: return Input.Admitted()
    }
  }

  /// nil where the docket holds all of it.
  private func one(_ stream: Stream) throws -> Input.Admitted? {
    let earlier = earlier(in: stream)
    guard let lines = lines[stream] else { return earlier.isEmpty ? nil : Input.Admitted(earlier: earlier) }
    switch stream {
    case .discussion(let id):
      return Input.Admitted(
        discussion: folded[id], isBeheaded: !lines.isEmpty && folded[id] == nil, earlier: earlier)
    case .frontDoor:
      let contact = try FrontDoorContact.folding(lines)
      return Input.Admitted(contact: contact, isBeheaded: !lines.isEmpty && contact == nil)
    case .agency, .policy, .calendar, .daemon, .audit, .report: return nil
    }
  }

  private func body(of reminder: ReminderID) throws -> String? {
    try own.first.flatMap { lines[$0] }?.compactMap { line -> String? in
      guard case .entry(let entry) = try line.reading(),
        case .attemptBegan(reminder, _, _, let opening?) = entry.event
      else { return nil }
      return opening.body
    }.first
  }

  // MARK: - Which streams

  private static func own(_ request: Request, _ docket: Docket) -> [Stream] {
    switch request.change {
    // Its entries are needed, whoever holds what they come to.
    case .change(let id, .correct): [.discussion(id)]
    case .convene(let id, _, _), .change(let id, _): docket.holds(.discussion(id)) ? [] : [.discussion(id)]
    case .contact(let id, _): docket.holds(.frontDoor(id)) ? [] : [.frontDoor(id)]
    case .imports(let rows): Set(rows.map(\.stream)).filter { !docket.holds($0) }
    case .resend(let reminder): docket.discussion(with: reminder).map { [.discussion($0)] } ?? []
    case .ping, .enable, .pause, .resume, .setRota, .cover, .feed, .keepReport: []
    }
  }

  private func known(_ id: DiscussionID) -> Discussion? { docket.discussions[id] ?? folded[id] }

  /// Where the sequences begin that it has to look through.
  private var followed: [DiscussionID] {
    guard case .imports(let rows) = request.change else { return request.followed(known).map { [$0] } ?? [] }
    return Set(rows.map(\.stream)).compactMap { stream in
      if case .discussion(let id) = stream { known(id)?.convene.follows } else { nil }
    }
  }

  /// Those before it in its sequence that the docket does not hold.
  private func earlier(in stream: Stream) -> [Discussion] {
    guard case .discussion(let id) = stream else { return [] }
    let isImport = if case .imports = request.change { true } else { false }
    return (isImport ? known(id)?.convene.follows : request.followed(known)).map { sequence(from: $0).closed } ?? []
  }

  /// - Returns: what is closed of it, nearest first; and the first of which the stream is still to be read.
  private func sequence(from first: DiscussionID) -> (closed: [Discussion], unread: Stream?) {
    var (closed, next): ([Discussion], DiscussionID?) = ([], first)
    for _ in 0..<Request.longestSequence {
      guard let id = next else { break }
      if docket.discussions[id] == nil, lines[.discussion(id)] == nil { return (closed, .discussion(id)) }
      guard let discussion = known(id) else { break }
      if docket.discussions[id] == nil { closed.append(discussion) }
      next = discussion.convene.follows
    }
    return (closed, nil)
  }
}

extension Docket {
  /// Whether the stream's state is in memory; that of what is closed is read from the journal.
  func holds(_ stream: Stream) -> Bool {
    switch stream {
    case .discussion(let id): discussions[id] != nil
    case .frontDoor(let id): reviewQueue[id] != nil
    case .agency, .policy, .calendar, .daemon, .audit, .report: true
    }
  }
}
