// A journal on a disk that is really full. Only root may mount one; without it the tests are skipped, and say why.
import Convening
import Coordination
import Foundation
import FullQuota
import JournalConformance
import JournalSQLite
import Testing
import Wire

/// A small disk on a folder of its own.
private final class Disk {
  private let folder: Folder
  private let small: SmallDisk

  init(kilobytes: Int) throws {
    folder = try Folder()
    small = try #require(SmallDisk(at: folder.path, kilobytes: kilobytes))
  }

  var journal: String { folder.path + "/journal.db" }
  func fill() { small.fill() }
  func empty() { small.empty() }

  // Before the folder goes.
  deinit { small.unmount() }
}

@Suite struct FullQuotaTests {
  /// A quota is no full disk to SQLite: it says that a write failed, and the system says why.
  @Test func aQuotaThatIsUsedUpIsAFullDisk() throws {
    let folder = try Folder()
    let journal = try SQLiteJournal(path: folder.path + "/journal.db")
    var sealer = Sealer()
    let before = sealer
    full_quota_begin(folder.path + "/journal.db")
    #expect(journal.append([sealer.line("discussion/1", data: "1")], []) == .full)
    full_quota_end()
    #expect(journal.fault == nil)
    sealer = before
    #expect(journal.append([sealer.line("discussion/1", data: "1")], []) == .done)
    journal.close()
  }
}

@Suite(.enabled(if: SmallDisk.mayMount, "mounting a small file system needs root"))
struct FullDiskTests {
  private func turn(_ sealer: inout Sealer) -> [SealedLine] {
    let data = "\"\(String(repeating: "x", count: 400))\""
    return (0..<40).map { sealer.line("discussion/\($0 % 9)", data: data) }
  }

  @Test func aFullDiskLeavesNothingOfTheTurnAndTheBallastMakesRoom() async throws {
    let disk = try Disk(kilobytes: 24 << 10)
    let journal = try SQLiteJournal(path: disk.journal)
    var sealer = Sealer()
    let first = turn(&sealer)
    #expect(journal.append(first, [.sample(1)]) == .done)
    disk.fill()
    var (written, refused, number) = (first, [SealedLine](), 1)
    // What the log has room for still fits.
    while refused.isEmpty {
      number += 1
      let (before, lines) = (sealer, turn(&sealer))
      switch journal.append(lines, [.sample(number)]) {
      case .done: written += lines
      case .full: (refused, sealer) = (lines, before)
      case .broken(let why):
        Issue.record("a full disk broke the journal: \(why)")
        return
      }
    }
    #expect(journal.append(refused, [.sample(number)]) == .full, "it stays full, and stays usable")
    #expect(try journal.allLines(batch: 100) == written)
    let records = try SQLiteRecords(path: disk.journal)
    #expect(try await records.discussions(DiscussionQuery(limit: 500)).count == number - 1)
    #expect(journal.releaseBallast())
    let again = turn(&sealer)
    #expect(again == refused)
    #expect(journal.append(again, [.sample(number)]) == .done)
    #expect(journal.append(turn(&sealer), []) == .done)
    try records.close()
    journal.close()
    disk.empty()
    let reopened = try SQLiteJournal(path: disk.journal)
    var verifier = Verifier()
    try reopened.forEachBatch(of: 100) { verifier.check($0) }
    #expect(verifier.end().isEmpty && verifier.count == written.count + 80)
    reopened.close()
  }

  @Test func aJournalOpensOnAFullDiskByGivingUpItsBallast() throws {
    let disk = try Disk(kilobytes: 24 << 10)
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: disk.journal)
    #expect(journal.append(turn(&sealer), []) == .done)
    journal.close()
    disk.fill()
    let again = try SQLiteJournal(path: disk.journal)
    #expect(try again.allLines(batch: 100).count == 40)
    #expect(again.append(turn(&sealer), []) == .done)
    again.close()
  }

  @Test func aDiskTooSmallForTheBallastHoldsAJournalAllTheSame() throws {
    let disk = try Disk(kilobytes: 4 << 10)
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: disk.journal)
    #expect(!FileManager.default.fileExists(atPath: disk.journal + ".ballast"))
    var turns = 0
    while case .done = journal.append(turn(&sealer), []) { turns += 1 }
    #expect(turns > 10)
    #expect(!journal.releaseBallast())
    #expect(try journal.allLines(batch: 100).count == 40 * turns)
    journal.close()
  }
}
