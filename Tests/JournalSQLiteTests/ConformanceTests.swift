// The suite that all journals pass, over each of the three.
import Convening
import Coordination
import Foundation
import JournalConformance
import JournalSQLite
import Testing
import Wire

@Suite struct ConformanceTests {
  @Test(arguments: JournalCheck.all) func sqlite(_ check: JournalCheck) async throws {
    let folder = try Folder()
    try await check.run(.sqlite(in: folder))
  }

  @Test(arguments: JournalCheck.all) func memory(_ check: JournalCheck) async throws {
    try await check.run(.memory())
  }

  @Test(arguments: JournalCheck.all) func faulty(_ check: JournalCheck) async throws {
    try await check.run(JournalFixture.memory().behindFaults())
  }

  @Test func theFaultyJournalPlaysItsScript() throws {
    var sealer = Sealer()
    let store = MemoryStore()
    let lines = (0..<5).map { _ in sealer.line("daemon") }
    let first = FaultyJournal(MemoryJournal(store)) { [2: .full, 4: .brokenAfterTheWrite][$0] }
    #expect(first.append([lines[0]], []) == .done)
    #expect(first.append([lines[1]], [.sample(1)]) == .full)
    #expect(store.snapshot.lines == [lines[0]] && store.snapshot.rows.isEmpty)
    #expect(first.append([lines[1]], []) == .done)
    #expect(first.append([lines[2]], []) == .broken("the disk failed after the write"))
    #expect(first.append([lines[3]], []) == .broken("the journal broke before"))
    #expect(store.snapshot.lines == Array(lines[...2]))
    let second = FaultyJournal(MemoryJournal(store)) { _ in .brokenBeforeTheWrite }
    #expect(second.append([lines[3]], []) == .broken("the disk failed before the write"))
    #expect(store.snapshot.lines == Array(lines[...2]))
    #expect(first.played == [.full, .brokenAfterTheWrite] && second.played == [.brokenBeforeTheWrite])
  }
}

extension JournalFixture {
  static func sqlite(in folder: Folder) -> JournalFixture {
    JournalFixture(
      open: { try SQLiteJournal(path: folder.journal) }, records: { try SQLiteRecords(path: folder.journal) },
      rebuild: { journal, rows in (journal as? SQLiteJournal)?.rebuild(rows) ?? .broken("another journal") })
  }
}

/// A folder that goes when the test is done.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  var journal: String { path + "/store/journal.db" }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      Issue.record(error)
    }
  }
}
