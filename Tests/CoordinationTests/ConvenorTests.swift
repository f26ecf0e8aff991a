// The actor on its queue, with a journal that can be full, slow or broken and a courier that remembers. Nothing here waits
// for time: each test waits for a reply, a head or a send.
import Convening
import Dispatch
import Simulation
import Synchronization
import Testing
import Wire

@testable import Coordination

@Suite struct ConvenorTests {
  private struct Desk {
    let notes = Notes()
    let loop = Loop(label: "test")
    let convenor: Convenor

    init(
      limits: Limits = Limits(), uptime: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds },
      abandon: @escaping @Sendable (String) -> Never = { preconditionFailure($0) },
      beatsEvery: DispatchTimeInterval = .seconds(10), beats: @escaping @Sendable (Bool) -> Void = { _ in }
    ) {
      let (notes, loop) = (notes, loop)
      let world = Convenor.World(
        now: { Town.start }, uptime: uptime, committed: { _, _, _ in },
        beat: { _, _ in beats(true) }, beatsEvery: beatsEvery, courierStands: { beats(false) },
        isFull: { isFull in notes.with { $0.toldFull.append(isFull) } }, abandon: abandon)
      convenor = Convenor(
        loop: loop, docket: Docket(arrangements: Scenario.town(), limits: limits), journal: TestJournal(notes),
        courier: TestCourier(notes), world: world)
    }

    func begin(accepting breaks: [AcceptedBreak] = []) async {
      await convenor.begin(version: "1", Scenario.town(), [Desk.policy], acceptedBreaks: breaks)
    }

    static let policy = Policy(
      id: "p", from: CivilDate("2026-01-01")!, required: ["police"], counting: [.phoneLive],
      decisionRecorded: .minutes(15), closeAfter: .workingDays(3), reasonWithoutAll: true,
      standard: Ladder(acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(10), steps: Scenario.atOnce))

    func convene(_ number: Int, agencies: [AgencyID] = []) async -> Reply {
      let convene = Convene(
        meeting: .at(Town.start + .hours(5)), agencies: agencies, team: "duty", convenedBy: "team manager")
      return await convenor.submit(
        Request(
          .convene(DiscussionID(bits: UInt64(number)), convene, firstBody: Fingerprint(high: 0, low: 0)),
          actor: Actor(uid: 1, pid: 1)))
    }

    /// The outcomes of the oldest attempts, told together on the loop as the courier does.
    func answer(_ status: Int, times: Int = 1) async {
      let answer = Answer(verdict: status < 300 ? .accepted : .retry, status: status, tookMilliseconds: 1)
      await withCheckedContinuation { continuation in
        loop.queue.async { [notes] in
          for _ in 0..<times { notes.takeAnswer()?(answer) }
          continuation.resume()
        }
      }
    }
  }

  /// Whoever carries the posts may be held up by a disk while the loop goes on: nobody is sent anything, and nothing may call
  /// that alive.
  @Test(.timeLimit(.minutes(1))) func aCourierThatStandsIsNoProofOfLife() async {
    let (beats, beat) = AsyncStream<Bool>.makeStream()
    let desk = Desk(beatsEvery: .milliseconds(2)) { beat.yield($0) }
    await desk.begin()
    var all = beats.makeAsyncIterator()
    #expect(await all.next() == true)
    desk.notes.with { $0.courierStands = true }
    // Those that were on their way.
    var last: Bool?
    repeat { last = await all.next() } while last == true && !Task.isCancelled
    #expect(last == false)
    for _ in 0..<5 { #expect(await all.next() == false) }
  }

  /// A start without room for it is not the end of it.
  @Test(.timeLimit(.minutes(1))) func theReserveComesBackOnceThereIsRoom() async {
    let (beats, beat) = AsyncStream<Bool>.makeStream()
    let desk = Desk(beatsEvery: .milliseconds(2)) { beat.yield($0) }
    await desk.begin()
    #expect(desk.convenor.live.hasReserve == false && desk.convenor.live.state == .ready)
    desk.notes.with { $0.hasRoom = true }
    for await _ in beats where desk.convenor.live.hasReserve { break }
    #expect(desk.convenor.live.hasReserve)
  }

  /// As things stand after the last turn.
  @Test func aTimeIsLookedForBesideTheLoop() async {
    let desk = Desk()
    let query = SlotQuery(durationMinutes: 60, urgency: .standard, needIdentifiedAt: nil, agencies: ["police"])
    #expect(await desk.convenor.slots(query, at: Town.start) == .failure(.noPolicy))
    await desk.begin()
    guard case .success(let slots) = await desk.convenor.slots(query, at: Town.start) else {
      Issue.record("no times")
      return
    }
    #expect(slots.slots.first == Town.start)
  }

  /// Tried beside the loop first: what has faults, is dry or changes nothing never gets to the journal.
  @Test func anImportIsOneAppendOrNone() async throws {
    let desk = Desk()
    await desk.begin()
    func row(_ number: Int, _ received: Instant) -> ImportRow {
      ImportRow(
        line: number + 1,
        first: .contact(ContactID(bits: UInt64(number)), .receive(ContactFacts(receivedAt: received, team: "duty"))))
    }
    func imports(_ rows: [ImportRow], dry: Bool = false) async throws -> ImportOutcome? {
      let reply = try await desk.convenor.importing(
        rows, isFeed: true, by: Actor(uid: 1, pid: 1), dry: dry, at: Town.start, reading: { _ in [] })
      return if case .imported(let outcome) = reply { outcome } else { nil }
    }
    let rows = (1...600).map { row($0, Town.start) }
    #expect(try await imports(rows, dry: true)?.tally.new == 600)
    let faulty = try await imports(rows + [row(601, Town.start + .hours(1))])
    #expect(faulty?.faults.map(\.line) == [602] && faulty?.tally.new == 600)
    #expect(desk.notes.with(\.ofContacts) == [])
    #expect(try await imports(rows)?.tally.new == 600)
    #expect(desk.notes.with(\.ofContacts) == [600])
    #expect(try await imports(rows)?.tally.unchanged == 600)
    #expect(desk.notes.with(\.ofContacts) == [600])
    // The loop gets what changes something alone; all are counted.
    let more = try await imports([row(1, Town.start)] + [row(601, Town.start)])
    #expect(more?.tally.unchanged == 1 && more?.tally.new == 1)
    #expect(desk.notes.with(\.ofContacts) == [600, 1])
  }

  @Test func whatComesInTogetherIsWrittenTogether() async {
    let desk = Desk()
    await desk.begin()
    let before = desk.notes.with(\.appends)
    // The queue is held until all of them are at its door: only the few that each thread has in hand may come later.
    desk.loop.queue.suspend()
    let (arrivals, arrival) = AsyncStream<Void>.makeStream()
    async let all = withTaskGroup(of: Bool.self) { group in
      for number in 1...300 {
        group.addTask {
          arrival.yield()
          return await desk.convene(number).isCreated
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    var arrived = arrivals.makeAsyncIterator()
    for _ in 1...300 { await arrived.next() }
    desk.loop.queue.resume()
    #expect(await all == 300)
    #expect(desk.notes.with(\.appends) - before <= 20)
  }

  /// Twelve to ask at one endpoint, which bears eight: all eight are answered at once.
  @Test func halfOfWhatIsUnderWayIsTakenInATurn() async {
    let desk = Desk(uptime: { 0 })
    await desk.begin()
    for number in 1...12 { #expect(await desk.convene(number, agencies: ["police"]).isCreated) }
    #expect(desk.notes.with(\.sends.count) == 8)
    await desk.answer(204, times: 8)
    #expect(await desk.convene(13).isCreated)
    #expect(desk.notes.with(\.ended) == [4, 4])
    #expect(desk.notes.with(\.sends.count) == 12)
    await desk.answer(204, times: 2)
    #expect(await desk.convene(14).isCreated)
    #expect(desk.notes.with(\.ended) == [4, 4, 2], "a few are one turn")
  }

  /// Each commit takes five milliseconds.
  @Test func onASlowDiskAllIsTakenInATurn() async {
    let reads = Mutex<UInt64>(0)
    let desk = Desk(uptime: {
      reads.withLock { reads in
        reads += 5_000_000
        return reads
      }
    })
    await desk.begin()
    for number in 1...12 { #expect(await desk.convene(number, agencies: ["police"]).isCreated) }
    await desk.answer(204, times: 8)
    #expect(await desk.convene(13).isCreated)
    #expect(desk.notes.with(\.ended) == [8])
  }

  @Test func nothingIsSentThatIsNotDurable() async {
    let desk = Desk()
    await desk.begin()
    for number in 1...20 { #expect(await desk.convene(number, agencies: ["police"]).isCreated) }
    var sent = desk.notes.sent.makeAsyncIterator()
    for _ in 1...8 { await sent.next() }
    #expect(desk.notes.with(\.undurable) == 0)
    #expect(desk.notes.with(\.sends.count) == 8)
    await desk.answer(204)
    await sent.next()
    #expect(desk.notes.with(\.sends.count) == 9)
  }

  @Test func aRequestBeforeTheFirstTurnWaitsForIt() async {
    let desk = Desk()
    async let early = desk.convene(1, agencies: ["police"])
    await desk.begin()
    // It may come after `begin` as well: either way it is carried out, and no attempt is taken for a predecessor's.
    #expect(await early.isCreated)
    #expect(desk.convenor.live.counters.uncertain == 0)
  }

  /// Were the links right before that is recorded, a crash between the two would leave nothing to be seen of it.
  @Test func anAcceptedBreakIsRecordedWithWhatPutsTheLinksRight() async {
    let desk = Desk()
    async let early = desk.convene(1)
    await desk.begin(accepting: [AcceptedBreak(seq: 4, reason: "judged"), AcceptedBreak(seq: 9, reason: "judged")])
    #expect(await early.isCreated)
    #expect(desk.notes.with(\.relinkedAt) == [1])
    #expect(desk.notes.with(\.accepted).map(\.seq) == [4, 9])
    #expect(await desk.convene(2).isCreated)
    #expect(desk.notes.with(\.relinkedAt) == [1])
  }

  @Test func aFullDiskPutsNoLinksRightUntilItCanSaySo() async {
    let desk = Desk()
    desk.notes.with { $0.mode = .full }
    await desk.begin(accepting: [AcceptedBreak(seq: 4, reason: "judged")])
    #expect(await desk.convene(1) == .refused(.storageFull))
    #expect(desk.notes.with(\.relinkedAt) == [] && desk.notes.with(\.accepted) == [])
    var heads = desk.convenor.heads().makeAsyncIterator()
    desk.notes.with { $0.mode = .fine }
    #expect(await desk.convene(1) == .refused(.storageFull), "no stream is read before that")
    _ = await heads.next()
    #expect(desk.notes.with(\.relinkedAt) == [1] && desk.notes.with(\.accepted).map(\.seq) == [4])
    #expect(await desk.convene(1).isCreated)
  }

  /// What was read at the start can be looked at, though the first turn finds no room.
  @Test func aStartOnAFullDiskShowsWhatIsOpen() async {
    let desk = Desk()
    desk.notes.with { $0.mode = .full }
    await desk.begin()
    let live = desk.convenor.live
    #expect(live.state == .degraded && live.trouble != nil)
    #expect(live.arrangements == Scenario.town())
  }

  @Test func withoutAnAcceptedBreakNoLinkIsTouched() async {
    let desk = Desk()
    await desk.begin()
    #expect(await desk.convene(1).isCreated)
    #expect(desk.notes.with(\.relinkedAt) == [] && desk.notes.with(\.accepted) == [])
  }

  @Test func tooManyThatWaitAreRefused() async {
    var limits = Limits()
    limits.waitingCommands = 3
    let desk = Desk(limits: limits)
    // Nothing is answered before `begin`, so whoever comes waits.
    let replies = await withTaskGroup(of: Reply.self) { group in
      for number in 1...10 { group.addTask { await desk.convene(number) } }
      var replies: [Reply] = []
      while replies.count < 7, let reply = await group.next() { replies.append(reply) }
      await desk.begin()
      while let reply = await group.next() { replies.append(reply) }
      return replies
    }
    #expect(replies.count { $0 == .refused(.busy) } == 7)
    #expect(replies.count { $0.isCreated } == 3)
  }

  @Test func aFullDiskRefusesAndKeepsOutcomes() async {
    let desk = Desk()
    await desk.begin()
    #expect(await desk.convene(1, agencies: ["police"]).isCreated)
    var sent = desk.notes.sent.makeAsyncIterator()
    await sent.next()
    desk.notes.with { $0.mode = .full }
    #expect(await desk.convene(2) == .refused(.storageFull))
    #expect(desk.convenor.live.state == .degraded)
    #expect(desk.convenor.live.trouble != nil)
    #expect(desk.notes.with(\.toldFull) == [true])
    let lines = desk.notes.with(\.lines)
    // The ballast makes room for the outcome.
    desk.notes.with { $0.ballast = true }
    var heads = desk.convenor.heads().makeAsyncIterator()
    await desk.answer(204)
    #expect(await heads.next() == lines + 1)
    #expect(desk.notes.with(\.ballast) == false)
    // What is left of it is for outcomes: nothing new is taken on, and everybody can see that.
    #expect(await desk.convene(3) == .refused(.storageFull))
    #expect(desk.convenor.live.state == .degraded)
    // Somebody made room: the next that is written sets it aside again.
    desk.notes.with { $0.hasRoom = true }
    #expect(await desk.convenor.arrange(Scenario.town(holidays: [CivilDate("2026-12-25")!]), []) == .arranged)
    _ = await heads.next()
    #expect(desk.convenor.live.state == .ready)
    #expect(await desk.convene(3) == .refused(.noPolicy))
    #expect(desk.notes.with(\.toldFull) == [true, false])
  }

  @Test func anOutcomeThatBroughtTheBallastBackHasItsRetry() async {
    let desk = Desk()
    await desk.begin()
    #expect(await desk.convene(1, agencies: ["police"]).isCreated)
    var sent = desk.notes.sent.makeAsyncIterator()
    await sent.next()
    // Full for this turn alone: the ballast makes room, and there is room for it again at once.
    desk.notes.with { ($0.mode, $0.ballast, $0.hasRoom) = (.full, true, true) }
    var heads = desk.convenor.heads().makeAsyncIterator()
    await desk.answer(503)
    _ = await heads.next()
    #expect(desk.convenor.live.state == .ready)
    let next = desk.convenor.live.nextDue
    #expect(next.map { $0 <= Town.start + .seconds(6) } ?? false, "the retry is due at \(String(describing: next))")
  }

  @Test func aFullDiskStaysDegradedUntilSomethingIsWritten() async {
    let desk = Desk()
    await desk.begin()
    desk.notes.with { $0.mode = .full }
    #expect(await desk.convene(1) == .refused(.storageFull))
    // Other settings are in force as a whole, or not at all.
    #expect(
      await desk.convenor.arrange(Scenario.town(holidays: [CivilDate("2026-12-25")!]), []) == .refused(.storageFull))
    _ = await desk.convenor.reminders(in: nil, limit: 1)
    #expect(desk.convenor.live.state == .degraded)
    desk.notes.with { $0.mode = .fine }
    // Those that were refused offered no policy.
    #expect(await desk.convene(1).isCreated)
    #expect(await desk.convenor.arrange(Scenario.town(), []) == .arranged)
    #expect(await desk.convene(2) == .refused(.noPolicy))
    #expect(desk.convenor.live.state == .ready)
  }

  @Test func aBrokenJournalEndsTheProcess() async {
    await #expect(processExitsWith: .failure) {
      let desk = Desk(abandon: { _ in preconditionFailure("abandoned") })
      await desk.begin()
      desk.notes.with { $0.mode = .broken }
      _ = await desk.convene(1)
    }
  }

  @Test func aDiskThatFailedBetweenTurnsEndsTheProcessThoughNobodyWrites() async {
    await #expect(processExitsWith: .failure) {
      let desk = Desk(abandon: { _ in preconditionFailure("abandoned") })
      await desk.begin()
      desk.notes.with { $0.mode = .brokenBehindTheTurns }
      // Refused: nothing is appended.
      _ = await desk.convenor.submit(Request(.enable(nil, "nowhere"), actor: Actor(uid: 1, pid: 1)))
    }
  }

  @Test func stoppingWaitsForWhatIsUnderWay() async {
    let desk = Desk()
    await desk.begin()
    #expect(await desk.convene(1, agencies: ["police"]).isCreated)
    var sent = desk.notes.sent.makeAsyncIterator()
    await sent.next()
    var heads = desk.convenor.heads().makeAsyncIterator()
    async let stopped: Void = desk.convenor.shutDown(within: .seconds(600))
    // `stopping` is written; the attempt is still under way.
    _ = await heads.next()
    #expect(desk.notes.with(\.closed) == false)
    #expect(await desk.convene(2) == .refused(.stopping))
    await desk.answer(204)
    await stopped
    #expect(desk.notes.with(\.closed))
    while await heads.next() != nil {}
    #expect(await desk.convene(3) == .refused(.stopping))
  }
}

extension Reply {
  fileprivate var isCreated: Bool { if case .discussion(_, _, created: true, _) = self { true } else { false } }
}
