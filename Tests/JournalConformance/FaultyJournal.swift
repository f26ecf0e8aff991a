// A journal that fails when its script says so: before anything was written, or after all of it was, so that nobody can
// tell from the answer what is on the disk. A broken one stays broken until it is opened anew, as a real one does.
import Convening
import Coordination
import Wire

public final class FaultyJournal: Journal {
  public enum Fault: Hashable, Sendable {
    /// Rolled back; the next append may work.
    case full
    /// Nothing is stored, and the journal is broken.
    case brokenBeforeTheWrite
    /// Everything is stored, and the journal is broken.
    case brokenAfterTheWrite
  }

  private let journal: any Journal
  private let script: (_ append: Int) -> Fault?
  private var isBroken = false

  /// How many appends were asked for, since it was opened.
  public private(set) var appends = 0
  /// Each fault that was played, in order.
  public private(set) var played: [Fault] = []

  /// - Parameter script: asked once for each append, which is counted from 1; nil lets it pass.
  public init(_ journal: any Journal, script: @escaping (_ append: Int) -> Fault?) {
    (self.journal, self.script) = (journal, script)
  }

  public func append(_ lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended {
    play { journal.append(lines, rows, contacts) }
  }

  public func relink(appending lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended {
    play { journal.relink(appending: lines, rows, contacts) }
  }

  private func play(_ write: () -> Appended) -> Appended {
    if isBroken { return .broken("the journal broke before") }
    appends += 1
    guard let fault = script(appends) else { return write() }
    played.append(fault)
    switch fault {
    case .full: return .full
    case .brokenBeforeTheWrite:
      isBroken = true
      return .broken("the disk failed before the write")
    case .brokenAfterTheWrite:
      isBroken = true
      guard case .done = write() else { return .broken("the disk failed before the write") }
      return .broken("the disk failed after the write")
    }
  }

  public func lines(of stream: Stream) throws -> [SealedLine] { try journal.lines(of: stream) }

  public func forEachBatch(of size: Int, _ body: (LinkedLines) throws -> Void) throws {
    try journal.forEachBatch(of: size, body)
  }

  public func streamEnds() throws -> [StreamEnd] { try journal.streamEnds() }

  public var fault: String? { isBroken ? "the journal broke before" : journal.fault }

  public func releaseBallast() -> Bool { journal.releaseBallast() }

  public func restoreBallast() -> Bool { journal.restoreBallast() }

  public func hasRoom() -> Bool { journal.hasRoom() }

  public func close() { journal.close() }
}
