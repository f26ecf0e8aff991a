// A journal that can be full or broken and a courier that remembers, for a convenor on its queue.
import Convening
import Dispatch
import Simulation
import Synchronization
import Wire

@testable import Coordination

/// What the test may look at while the convenor runs on its queue.
final class Notes: Sendable {
  struct State {
    var appends = 0
    /// What the log was told of the disk.
    var toldFull: [Bool] = []
    /// Which of the appends put the links right.
    var relinkedAt: [Int] = []
    var accepted: [AcceptedBreak] = []
    var lines = 0
    /// Of each append that tells of contacts, how many entries do.
    var ofContacts: [Int] = []
    /// Of each append that tells how attempts ended, of how many.
    var ended: [Int] = []
    var begun: Set<ReminderID> = []
    var closed = false
    var mode = Mode.fine
    var ballast = false
    var hasRoom = false
    /// The courier does not come to what it is asked.
    var courierStands = false
    var releases = 0
    var sends: [Delivery] = []
    var undurable = 0
    var answers: [(Answer) -> Void] = []
  }

  enum Mode {
    case fine, full, broken
    /// The disk failed between two turns.
    case brokenBehindTheTurns
  }

  private let state = Mutex(Held(state: State()))
  /// The callbacks are the loop's own: they are kept here, and called there alone.
  private struct Held: @unchecked Sendable { var state: State }
  let sent: AsyncStream<Void>
  private let sending: AsyncStream<Void>.Continuation

  init() { (sent, sending) = AsyncStream<Void>.makeStream() }

  func with<T: Sendable>(_ body: (inout State) -> T) -> T { state.withLock { body(&$0.state) } }
  func tellSent() { sending.yield() }
  func takeAnswer() -> ((Answer) -> Void)? {
    state.withLock { held in
      let answer = held.state.answers.isEmpty ? nil : held.state.answers.removeFirst()
      return Held2(answer: answer)
    }.answer
  }
  private struct Held2: @unchecked Sendable { let answer: ((Answer) -> Void)? }
}

final class TestJournal: Journal {
  let notes: Notes
  private let disk = Disk()

  init(_ notes: Notes) { self.notes = notes }

  func append(_ lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended {
    switch notes.with(\.mode) {
    case .full: return .full
    case .broken: return .broken("fsync: EIO")
    case .fine, .brokenBehindTheTurns: break
    }
    notes.with { state in
      state.appends += 1
      state.lines += lines.count
    }
    let ofContacts = lines.count { $0.stream.hasPrefix("front-door/") }
    if ofContacts > 0 { notes.with { $0.ofContacts.append(ofContacts) } }
    var ended = 0
    for line in lines {
      guard let text = line.line, let entry = try? JournalLine.decode(text) else { continue }
      if case .attemptBegan(let id, _, _, _) = entry.event { notes.with { _ = $0.begun.insert(id) } }
      if case .breakAccepted(let accepted) = entry.event { notes.with { $0.accepted.append(accepted) } }
      if case .attemptEnded = entry.event { ended += 1 }
    }
    if ended > 0 { notes.with { [ended] in $0.ended.append(ended) } }
    return disk.append(lines, rows, contacts)
  }

  func lines(of stream: Stream) -> [SealedLine] { disk.lines(of: stream) }
  func forEachBatch(of size: Int, _ body: (LinkedLines) throws -> Void) throws {
    try disk.forEachBatch(of: size, body)
  }

  func streamEnds() -> [StreamEnd] { disk.streamEnds() }

  func relink(appending lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended {
    let appended = append(lines, rows, contacts)
    if appended == .done { notes.with { $0.relinkedAt.append($0.appends) } }
    return appended
  }
  var fault: String? { notes.with { $0.mode == .brokenBehindTheTurns ? "fsync: EIO" : nil } }

  func restoreBallast() -> Bool { notes.with(\.hasRoom) }
  func hasRoom() -> Bool { notes.with { $0.mode != .full } }

  func releaseBallast() -> Bool {
    notes.with { state in
      state.releases += 1
      if state.ballast {
        state.ballast = false
        state.mode = .fine
        return true
      }
      return false
    }
  }

  func close() { notes.with { $0.closed = true } }
}

final class TestCourier: Courier {
  let notes: Notes
  init(_ notes: Notes) { self.notes = notes }

  func send(_ deliveries: [Delivery], then: @escaping (Int, Answer) -> Void) {
    for (place, delivery) in deliveries.enumerated() {
      notes.with { state in
        state.sends.append(delivery)
        if !state.begun.contains(delivery.reminder) { state.undurable += 1 }
      }
      notes.keep { then(place, $0) }
      notes.tellSent()
    }
  }

  func beat(_ then: @escaping @Sendable () -> Void) {
    if !notes.with(\.courierStands) { then() }
  }

  func close() {}
}

extension Notes {
  func keep(_ answer: @escaping (Answer) -> Void) {
    let held = Held2(answer: answer)
    state.withLock { $0.state.answers.append(held.answer!) }
  }
}
