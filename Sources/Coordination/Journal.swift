// The port to what is durable. Used on the loop alone, synchronously: a turn is appended whole, in one transaction with
// one fsync, or not at all. A conformance suite (Tests/JournalConformance) says what every implementation owes.
import Convening
import Wire

/// How an append ended.
public enum Appended: Hashable, Sendable {
  /// Durable.
  case done
  /// The disk is full; rolled back, nothing was written.
  case full
  /// A failed fsync, an I/O error, corruption: nobody knows what is on the disk. The process must end.
  case broken(String)
}

public protocol Journal: AnyObject {
  /// Appends the lines, which follow on the last one, and replaces the rows, in one transaction that is on the disk when
  /// this returns `.done`.
  func append(_ lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended

  /// One stream's lines in order of revision; empty where there are none.
  func lines(of stream: Stream) throws -> [SealedLine]

  /// All lines in order of `seq`, each with its link, in batches of at most `size`.
  func forEachBatch(of size: Int, _ body: (LinkedLines) throws -> Void) throws

  /// Where each stream is kept as ending: where somebody altered that, or cut off the journal's end, the entries say
  /// something else.
  func streamEnds() throws -> [StreamEnd]

  /// Makes what is kept beside the entries follow from them again, and appends, in one transaction: somebody accepted a
  /// break, and the journal goes on.
  func relink(appending lines: [SealedLine], _ rows: [Rows], _ contacts: [ContactRow]) -> Appended

  /// What failed behind the turns, such as the sync of a checkpoint; nil where nothing did. The process must end.
  var fault: String? { get }

  /// Frees the space that was set aside so that outcomes still fit on a full disk. True if there was any.
  func releaseBallast() -> Bool

  /// Sets the space aside again. False while the disk has no room for it.
  func restoreBallast() -> Bool

  /// Whether as much fits as many turns need: asked where a disk that was full has taken something again.
  func hasRoom() -> Bool

  /// Checkpoints and closes. Nothing may be called after it.
  func close()
}

extension Journal {
  /// Where the front door has no part in it.
  public func append(_ lines: [SealedLine], _ rows: [Rows]) -> Appended { append(lines, rows, []) }

  public func relink(appending lines: [SealedLine], _ rows: [Rows]) -> Appended {
    relink(appending: lines, rows, [])
  }
}
