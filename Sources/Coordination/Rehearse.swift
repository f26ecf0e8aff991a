// A stretch of a journal lived again under another policy: the docket that ships, one discussion at a time, in a world in which
// every receiver accepts at once. What people did comes in when it was recorded; what that leads to is the rules' own. Nothing
// is written and nothing is sent. Rota, cover and pauses are as they were; the hours of the settings are as they are now.
import Convening
import Dispatch
import Synchronization
import Wire

public enum Rehearse {
  public struct Outcome: Sendable {
    public var discussions: [RehearsedDiscussion] = []
    /// Those that could not be convened under it, by the refusal's code.
    public var notConvened: [String: Int] = [:]
    /// What people did and the other policy does not allow, or rotas that the settings do not fit, by the refusal's code.
    public var refused: [String: Int] = [:]
    /// Discussions in which something was corrected that had silenced somebody, or asked: they are left out.
    public var corrected = 0
    /// Discussions that were entered after they were held: no policy would have sent anything, and they are left out.
    public var lateEntries = 0

    mutating func add(_ other: Outcome) {
      discussions += other.discussions
      notConvened.merge(other.notConvened, uniquingKeysWith: +)
      refused.merge(other.refused, uniquingKeysWith: +)
      corrected += other.corrected
      lateEntries += other.lateEntries
    }
  }

  /// On all cores.
  ///
  /// - Parameters:
  ///   - policy: whatever the day, it is in force; nil: those that the journal says were.
  ///   - arrangements: who holds which place by the hours; rota and cover are the journal's.
  ///   - progress: how many are done, now and then, on whichever thread.
  ///
  /// Throws: `LineFault` for a line that this version cannot read.
  public static func run(
    _ script: RehearsalScript, under policy: Policy?, _ arrangements: Arrangements,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(LineFault) -> Outcome {
    let (dockets, refusedChanges) = dockets(for: script, policy, arrangements)
    let size = 25
    let lots = (script.parts.count + size - 1) / size
    let results = Mutex<(outcomes: [Int: Result<Outcome, LineFault>], done: Int)>(([:], 0))
    DispatchQueue.concurrentPerform(iterations: lots) { lot in
      let range = lot * size..<min((lot + 1) * size, script.parts.count)
      let result = Result { () throws(LineFault) in
        var outcome = Outcome()
        for place in range {
          var run = try RehearsalRun(script.parts[place], dockets[place], script, policy, arrangements)
          outcome.add(run.outcome())
        }
        return outcome
      }
      let done = results.withLock { results in
        results.outcomes[lot] = result
        results.done += range.count
        return results.done
      }
      progress(done)
    }
    let outcomes = results.withLock { $0.outcomes }
    var all = Outcome()
    all.refused = refusedChanges
    for lot in 0..<lots { if let outcome = outcomes[lot] { all.add(try outcome.get()) } }
    return all
  }

  /// For each discussion the docket as it was when it was convened, with no other in it.
  private static func dockets(
    for script: RehearsalScript, _ policy: Policy?, _ arrangements: Arrangements
  ) -> ([Docket], [String: Int]) {
    var docket = Docket(foreseeing: arrangements)
    let start = min(script.parts.first?.convenedAt ?? script.end, script.changes.first?.at ?? script.end)
    docket.take([.started(version: "rehearsal"), .arranged(arrangements, policy.map { [$0.always] } ?? [])], at: start)
    var (dockets, refused): ([Docket], [String: Int]) = ([], [:])
    var next = 0
    for part in script.parts {
      while next < part.changesBefore {
        let change = script.changes[next]
        next += 1
        guard let input = change.what.input(under: policy, arrangements) else { continue }
        let turn = docket.take([input], at: change.at)
        for case .refused(let refusal) in turn.replies.map(\.reply) { refused[refusal.code, default: 0] += 1 }
      }
      dockets.append(docket)
    }
    return (dockets, refused)
  }
}

extension RehearsalScript.Change {
  /// nil: it makes no difference.
  func input(under policy: Policy?, _ arrangements: Arrangements) -> Input? {
    switch self {
    case .request(let change): .request(Request(change, actor: .rehearsal), ticket: 0, .init())
    case .policies(let policies): policy == nil ? .arranged(arrangements, policies) : nil
    }
  }
}

extension Actor {
  static let rehearsal = Actor(uid: 0, pid: 0)
}

extension Policy {
  /// The same, in force whatever the day.
  fileprivate var always: Policy {
    Policy(
      id: id, from: CivilDate(year: 1900, month: 1, day: 1) ?? from, required: required, counting: counting,
      decisionRecorded: decisionRecorded, closeAfter: closeAfter, reasonWithoutAll: reasonWithoutAll,
      standard: standard, urgent: urgent, clocks: clocks, conferenceFrom: conferenceFrom)
  }
}

extension Docket {
  /// One turn, and its outcome.
  @discardableResult
  mutating func take(_ inputs: [Input], at now: Instant) -> Turn {
    gatherDue(at: now)
    let turn = plan(inputs, at: now)
    apply(turn, at: now)
    return turn
  }
}

/// One discussion's life.
private struct RehearsalRun {
  private let id: DiscussionID
  private let end: Instant
  private var docket: Docket
  private var at: Instant
  /// What comes in, in order.
  private var happenings: [(at: Instant, turn: Int, isFirst: Bool, what: Happening)] = []
  private var was: [SentMessage] = []
  private var would: [SentMessage] = []
  private var decided: (at: Instant?, missing: [AgencyID]) = (nil, [])
  private var refused: [String: Int] = [:]
  private var isLateEntry = false
  private var hasBegun = false
  private var isCorrected = false

  private enum Happening {
    case input(Input)
    case event(Event)
  }

  init(
    _ part: RehearsalScript.Part, _ docket: Docket, _ script: RehearsalScript, _ policy: Policy?,
    _ arrangements: Arrangements
  ) throws(LineFault) {
    (id, end, self.docket, at) = (part.id, script.end, docket, part.convenedAt)
    // Whatever the daemon itself did in between, another turn began after it.
    var turn = 0
    // When the daemon last did something itself: what people did at that moment came after it.
    var worked: Instant?
    for line in part.lines {
      guard case .entry(let entry) = try line.reading() else { continue }
      if let message = SentMessage(entry) { was.append(message) }
      if case .decided(let decision, let missing) = entry.event { decided = (decision.decidedAt ?? entry.at, missing) }
      switch entry.event {
      case .convened(let convene, _, _, _, _, _):
        isLateEntry = convene.heldAt != nil
        happenings.append((entry.at, turn, worked != entry.at, .event(entry.event)))
      // What is entered late is held in the same breath.
      case .held where isLateEntry: break
      case .corrected(let correction) where correction.corrects.movesLadders: isCorrected = true
      default:
        if entry.actor == nil {
          turn += 1
          worked = entry.at
        } else if entry.event.asked != nil {
          happenings.append((entry.at, turn, worked != entry.at, .event(entry.event)))
        }
      }
    }
    // Rare beside what is done to discussions: each by itself, after what was done at the same moment.
    for change in script.changes.dropFirst(part.changesBefore) {
      guard let input = change.what.input(under: policy, arrangements) else { continue }
      let place = happenings.firstIndex { $0.at > change.at } ?? happenings.count
      turn += 1
      happenings.insert((change.at, turn, true, .input(input)), at: place)
    }
  }

  /// Lives it to the end of the journal, or until nothing more can come of it.
  mutating func outcome() -> Rehearse.Outcome {
    var outcome = Rehearse.Outcome()
    if isLateEntry { outcome.lateEntries = 1 } else if isCorrected { outcome.corrected = 1 }
    guard !isLateEntry, !isCorrected else { return outcome }
    live()
    guard hasBegun else {
      outcome.notConvened = refused
      return outcome
    }
    outcome.refused = refused
    outcome.discussions = [
      RehearsedDiscussion(id: id, was: was, would: would, decidedAt: decided.at, missing: decided.missing)
    ]
    return outcome
  }

  private mutating func live() {
    var (next, ended, looked): (Int, [Input], Instant?) = (0, [], nil)
    while true {
      var inputs = ended
      if ended.isEmpty, next < happenings.count, happenings[next].at <= at, happenings[next].isFirst || looked == at {
        let (moment, turn) = (happenings[next].at, happenings[next].turn)
        while next < happenings.count, happenings[next].at == moment, happenings[next].turn == turn {
          if let input = input(happenings[next].what) { inputs.append(input) }
          next += 1
        }
      }
      let turn = docket.take(inputs, at: at)
      looked = at
      would += turn.entries.compactMap(SentMessage.init)
      for case .refused(let refusal) in turn.replies.map(\.reply) { refused[refusal.code, default: 0] += 1 }
      if !hasBegun {
        hasBegun = turn.entries.contains(where: \.event.isConvened)
        // All that came with it was refused because of it.
        if !hasBegun, case .refused(let refusal)? = turn.replies.first?.reply { refused = [refusal.code: 1] }
        guard hasBegun else { return }
      }
      ended = turn.sends.map { send in
        .attemptEnded(
          send.matter, send.delivery.reminder, attempt: send.delivery.attempt,
          Answer(verdict: .accepted, status: 204, tookMilliseconds: 0))
      }
      if !ended.isEmpty || (next < happenings.count && happenings[next].at <= at) { continue }
      if hasBegun, docket.discussions[id] == nil { return }
      let moments = [docket.attention, next < happenings.count ? happenings[next].at : nil]
      guard let moment = moments.compactMap(\.self).min(), moment <= end else { return }
      at = max(at, moment)
    }
  }

  private func input(_ happening: Happening) -> Input? {
    switch happening {
    case .input(let input): return input
    case .event(.convened(var convene, let meeting, _, _, let firstBody, _)):
      // No other discussion is there to be followed; nobody is asked another way because of it.
      convene.follows = nil
      // The first time that suited was found by what else was open then.
      if convene.meeting == .earliest, let instant = meeting.instant { convene.meeting = .at(instant) }
      return request(.convene(id, convene, firstBody: firstBody))
    case .event(let event):
      // Cancelled here, or never convened: what was done to it later has nothing to be done to.
      guard !hasBegun || docket.discussions[id] != nil else { return nil }
      return event.asked.map { request(.change(id, $0)) }
    }
  }

  private func request(_ change: Request.Change) -> Input {
    .request(Request(change, actor: .rehearsal), ticket: 0, .init())
  }
}

extension Event {
  fileprivate var isConvened: Bool { if case .convened = self { true } else { false } }
}

extension Correctable {
  /// Whether somebody is asked, or asked no more, because of it.
  fileprivate var movesLadders: Bool {
    switch self {
    case .acknowledged, .contributionRecorded, .declined, .held, .decided, .detailsSent: true
    case .circulated, .telephoned, .barrierNamed, .receiptRecorded, .conferenceHeld, .followUpDone,
      .clockStarted, .clockStopped:
      false
    }
  }
}

extension SentMessage {
  /// nil for all but a discussion's new message, and for the word that a decision is missing: no ladder says it, and it is no
  /// agency's.
  fileprivate init?(_ entry: Entry) {
    guard case .discussion = entry.stream, case .attemptBegan(_, 1, _, let opening?) = entry.event,
      opening.step != Rung.undecided
    else { return nil }
    self.init(
      agency: opening.agency, place: opening.place, step: opening.step, message: opening.message, at: entry.at)
  }
}
