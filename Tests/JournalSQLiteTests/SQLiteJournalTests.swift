// What only a journal on a disk can get wrong: settings that do not hold, a second process, a full disk, a damaged file,
// a newer version, bytes that stay behind.
import Convening
import Coordination
import Foundation
import GRDB
import GRDBSQLite
import JournalConformance
import Synchronization
import Testing
import Wire

@testable import JournalSQLite

@Suite struct SQLiteJournalTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func refusal(_ body: () throws -> Void) -> JournalFault? {
    do {
      try body()
      return nil
    } catch {
      return error as? JournalFault
    }
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  // MARK: Durable

  @Test func theWriterSyncsEachCommitAndCheckpointsItself() throws {
    let journal = try SQLiteJournal(path: folder.journal)
    journal.close()
    let writer = try Schema.writer(at: folder.journal)
    let settings = try writer.read { db in
      try ["journal_mode", "synchronous", "secure_delete", "wal_autocheckpoint", "foreign_keys"].map {
        try String.fetchOne(db, sql: "PRAGMA \($0)")
      }
    }
    #expect(settings == ["wal", "2", "1", "0", "1"])
  }

  @Test func anotherConnectionSeesACommittedTurnAtOnceAndAfterwards() throws {
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: folder.journal)
    #expect(journal.append([sealer.line("daemon"), sealer.line("policy")], [.sample(1)]) == .done)
    let other = try DatabaseQueue(path: folder.journal)
    let count = "SELECT (SELECT count(*) FROM entry) || ' ' || (SELECT count(*) FROM position_row)"
    #expect(try other.read { try String.fetchOne($0, sql: count) } == "2 3")
    try other.close()
    // As a crash leaves it: the log was never copied into the file.
    let copy = folder.path + "/copy.db"
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: folder.journal + suffix, toPath: copy + suffix)
    }
    journal.close()
    let again = try SQLiteJournal(path: copy)
    #expect(try again.allLines().map(\.stream) == ["daemon", "policy"])
    again.close()
  }

  @Test func filesAreForTheirOwnerAloneAndTheBallastIsReal() throws {
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: folder.journal)
    #expect(journal.append([sealer.line("daemon")], []) == .done)
    for suffix in ["", "-wal", "-shm", ".lock", ".ballast"] {
      #expect(try mode(folder.journal + suffix) == 0o600, "\(suffix)")
    }
    #expect(try mode(folder.path + "/store") == 0o700)
    var status = stat()
    #expect(stat(folder.journal + ".ballast", &status) == 0 && Int(status.st_blocks) * 512 >= 16 << 20)
    #expect(journal.releaseBallast())
    journal.close()
    #expect(!FileManager.default.fileExists(atPath: folder.journal + "-wal"), "closing empties the log")
    let again = try SQLiteJournal(path: folder.journal)
    #expect(again.releaseBallast(), "the next open sets it aside anew")
    again.close()
  }

  @Test func checkpointsKeepTheLogShort() throws {
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: folder.journal)
    for _ in 0..<100 {
      let lines = (0..<500).map { _ in sealer.line("discussion/A", data: "\"\(String(repeating: "x", count: 400))\"") }
      #expect(journal.append(lines, []) == .done)
    }
    var status = stat()
    #expect(
      stat(folder.journal + "-wal", &status) == 0 && status.st_size < 18 << 20, "the log is \(status.st_size) bytes")
    #expect(try journal.allLines(batch: 4000).count == 50_000)
    journal.close()
  }

  // MARK: Refused at the door

  @Test func aSecondProcessIsRefusedWhileTheFirstLives() throws {
    let journal = try SQLiteJournal(path: folder.journal)
    #expect(refusal { _ = try SQLiteJournal(path: folder.journal) } == .inUse)
    #expect(refusal { _ = try SQLiteRecords(offline: folder.journal) } == .inUse)
    #expect(JournalFault.inUse.description.hasPrefix("another convened is using this journal"))
    journal.close()
    let offline = try SQLiteRecords(offline: folder.journal)
    let second = try SQLiteRecords(offline: folder.journal)
    #expect(refusal { _ = try SQLiteJournal(path: folder.journal) } == .inUse, "no daemon starts under a reader")
    try offline.close()
    try second.close()
    withExtendedLifetime((offline, second)) {}
  }

  @Test func aJournalIsReadWhileItsDaemonIsDown() async throws {
    var sealer = Sealer()
    #expect(refusal { _ = try SQLiteRecords(offline: folder.journal) } == .missing(path: folder.journal))
    do {
      let killed = try SQLiteJournal(path: folder.journal)
      #expect(killed.append([sealer.line("daemon")], [.sample(1)]) == .done)
    }
    let records = try SQLiteRecords(offline: folder.journal)
    #expect(try await records.lines(after: 0, limit: 9).count == 1)
    #expect(try await records.discussions(DiscussionQuery()) == [.sample(1)])
  }

  /// What root makes beside the journal of the daemon's user, the daemon can open.
  @Test(.enabled(if: geteuid() == 0, "giving files away needs root")) func whatRootMakesBesideItIsItsOwners() throws {
    try SQLiteJournal(path: folder.journal).close()
    let beside = ["", ".lock", ".ballast"].map { folder.journal + $0 }
    for path in beside.dropFirst() { #expect(unlink(path) == 0) }
    #expect(chown(folder.journal, 54_321, 54_322) == 0)
    try SQLiteJournal(path: folder.journal).close()
    for path in beside {
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_uid == 54_321 && status.st_gid == 54_322, "\(path)")
    }
  }

  /// The folder is the daemon's user's: a link there may lead anywhere.
  @Test(arguments: [".lock", ".ballast"]) func noLinkBesideItIsFollowed(name: String) throws {
    try SQLiteJournal(path: folder.journal).close()
    #expect(unlink(folder.journal + name) == 0)
    let target = folder.journal + "-elsewhere"
    try Data("theirs".utf8).write(to: URL(fileURLWithPath: target))
    try FileManager.default.createSymbolicLink(atPath: folder.journal + name, withDestinationPath: target)
    #expect(throws: JournalFault.self) { try SQLiteJournal(path: folder.journal) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data("theirs".utf8))
  }

  @Test func whatIsNoJournalOrANewerOneIsLeftAlone() throws {
    let journal = try SQLiteJournal(path: folder.journal)
    journal.close()
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.journal))
    for (what, sql, fault) in [
      ("newer", "PRAGMA user_version = 7", JournalFault.newer(schema: 7)),
      ("another program's", "PRAGMA application_id = 5", .foreign),
      ("without a version", "PRAGMA user_version = 0", .foreign),
    ] {
      try whole.write(to: URL(fileURLWithPath: folder.journal))
      let editor = try DatabaseQueue(path: folder.journal)
      try editor.writeWithoutTransaction { try $0.execute(sql: sql) }
      try editor.close()
      #expect(refusal { _ = try SQLiteJournal(path: folder.journal) } == fault, "\(what)")
      #expect(refusal { _ = try SQLiteRecords(offline: folder.journal) } == fault, "\(what)")
    }
    try Data("a letter to the editor, long enough to be one, and not in any way a database\n".utf8)
      .write(to: URL(fileURLWithPath: folder.journal))
    #expect(refusal { _ = try SQLiteJournal(path: folder.journal) } == .foreign)
    #expect(JournalFault.newer(schema: 7).description.contains("install that version"))
  }

  @Test(arguments: [
    ("TABLE", "entry"), ("TABLE", "stream"), ("TABLE", "position_row"), ("INDEX", "contact_by_due"),
  ])
  func aFileThatHasLostATableNeedsAPerson(kind: String, name: String) throws {
    try SQLiteJournal(path: folder.journal).close()
    let editor = try DatabaseQueue(path: folder.journal)
    try editor.writeWithoutTransaction { try $0.execute(sql: "DROP \(kind) \(name)") }
    try editor.close()
    let fault = refusal { _ = try SQLiteJournal(path: folder.journal) }
    #expect(fault?.needsAPerson == true)
    #expect(
      fault?.description == "the journal's file has lost its \(kind.lowercased()) \(name); restore a backup of it")
  }

  @Test func aDamagedFileIsRefusedOrReadWithASentenceNeverShortened() throws {
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: folder.journal)
    for _ in 0..<10 {
      #expect(journal.append((0..<100).map { _ in sealer.line("daemon") }, []) == .done)
    }
    journal.close()
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.journal))
    var found = Set<String>()
    for page in 0..<(whole.count / 4096) {
      var damaged = whole
      damaged.replaceSubrange((page * 4096)..<((page + 1) * 4096), with: Data(repeating: 0x5A, count: 4096))
      try damaged.write(to: URL(fileURLWithPath: folder.journal))
      let fault = refusal {
        let journal = try SQLiteJournal(path: folder.journal)
        defer { journal.close() }
        var verifier = Verifier()
        try journal.forEachBatch(of: 64) { verifier.check($0) }
        _ = try journal.lines(of: .daemon)
        #expect(verifier.end().isEmpty && verifier.count == 1000, "page \(page): a shorter journal without a word")
      }
      if let fault { found.insert("\(fault)") }
    }
    #expect(found.contains("the journal's file is damaged (SQLite 11); restore a backup of it"), "\(found)")
    #expect(found.contains("the file is not a journal of convened; name another one, or move it away"))
  }

  @Test func anEntryUnderTheWrongStreamOrRevisionBreaksTheWalk() throws {
    for sql in [
      "UPDATE entry SET revision = 9 WHERE seq = 2", "UPDATE entry SET stream = 2 WHERE seq = 2",
      "DELETE FROM entry WHERE seq = 2", "UPDATE entry SET previous = 0 WHERE seq = 3",
      "UPDATE entry SET previous = 5 WHERE seq = 3", "UPDATE entry SET chain = x'00' WHERE seq = 2",
    ] {
      let folder = try Folder()
      var sealer = Sealer()
      let journal = try SQLiteJournal(path: folder.journal)
      #expect(journal.append([1, 2, 3, 4].map { _ in sealer.line("daemon") } + [sealer.line("policy")], []) == .done)
      journal.close()
      let editor = try DatabaseQueue(path: folder.journal)
      try editor.writeWithoutTransaction { try $0.execute(sql: sql) }
      try editor.close()
      let again = try SQLiteJournal(path: folder.journal)
      let fault = refusal { _ = try again.lines(of: .daemon) }
      #expect("\(fault ?? .full)".contains("journal verify"), "\(sql): \(String(describing: fault))")
      again.close()
    }
  }

  // MARK: While it runs

  @Test func aPageThatFailsMeanwhileBreaksTheJournalForGood() throws {
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: folder.journal)
    #expect(journal.append((0..<2000).map { sealer.line("discussion/\($0)") }, []) == .done)
    journal.close()
    let again = try SQLiteJournal(path: folder.journal)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.journal))
    let size = try file.seekToEnd()
    try file.seek(toOffset: 4096)
    try file.write(contentsOf: Data(repeating: 0x5A, count: Int(size) - 4096))
    try file.close()
    let before = sealer
    let damaged = Appended.broken("the journal's file is damaged (SQLite 11); restore a backup of it")
    #expect(again.append([sealer.line("discussion/7")], []) == damaged)
    sealer = before
    #expect(again.append([sealer.line("discussion/7")], []) == damaged, "it does not try again")
    #expect(again.append([], []) == damaged)
    again.close()
    #expect(FileManager.default.fileExists(atPath: folder.journal + "-wal"), "it touches nothing on the way out")
  }

  @Test func aTurnThatDoesNotFollowBreaksTheJournalForGood() throws {
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: folder.journal)
    #expect(journal.append([sealer.line("daemon")], []) == .done)
    // Not the right next line: what could not follow must not be followed by anything either.
    _ = sealer.line("daemon")
    let late = sealer.line("daemon")
    #expect(journal.append([late], []) == .broken("entry 3 does not follow on entry 1"))
    #expect(journal.append([], [.sample(1)]) == .broken("entry 3 does not follow on entry 1"))
    journal.close()
    #expect(journal.append([], [.sample(1)]) != .done)
  }

  @Test func sqlitesCodesAreToldApart() {
    for (code, errno, expected) in [
      (SQLITE_FULL, 0, JournalFault.full), (4874, ENOSPC, .full), (778, EDQUOT, .full), (SQLITE_NOTADB, 0, .foreign),
    ] {
      #expect(JournalFault(code: code, errno: errno) == expected)
    }
    // Reads, writes, syncs of the file and of its folder.
    for code: Int32 in [11, 267] {
      guard case .damaged(let why) = JournalFault(code: code) else {
        Issue.record("\(code) is not damage")
        continue
      }
      #expect(why.contains("SQLite \(code)") && JournalFault(code: code).needsAPerson)
    }
    for code: Int32 in [266, 778, 1034, 1290, 10, 5, 14, 7, 1] {
      guard case .broken(let why) = JournalFault(code: code) else {
        Issue.record("\(code) does not break the journal")
        continue
      }
      #expect(why.contains("SQLite \(code)"))
    }
    #expect(JournalFault(code: 1034, errno: ENOSPC) != .full, "a failed sync is never only a full disk")
  }

  @Test func anErasedLineLeavesNoBytesBehind() throws {
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: folder.journal)
    let marker = "MARKER-OF-WHAT-WAS-ERASED"
    let lines = (0..<300).map { sealer.line("daemon", data: $0 % 3 == 0 ? "\"\(marker)\"" : "\"kept\"") }
    #expect(journal.append(lines, []) == .done)
    journal.close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.journal)).contains(marker))
    let writer = try Schema.writer(at: folder.journal)
    try writer.writeWithoutTransaction { db in
      try db.execute(sql: "UPDATE entry SET line = NULL, salt = NULL WHERE seq % 3 = 1")
      try db.checkpoint(.truncate)
    }
    try writer.close()
    #expect(try !Data(contentsOf: URL(fileURLWithPath: folder.journal)).contains(marker))
    let again = try SQLiteJournal(path: folder.journal)
    #expect(try again.lines(of: .daemon).count { $0.line == nil } == 100)
    #expect(try again.allLines(batch: 64).count == 300)
    again.close()
  }

  @Test(arguments: [
    DiscussionQuery(), DiscussionQuery(phase: .held), DiscussionQuery(agency: "health"),
    DiscussionQuery(dueBefore: .sample(1)), DiscussionQuery(after: (.sample(1), DiscussionID(sample: 1))),
    DiscussionQuery(
      phase: .held, agency: "health", dueBefore: .sample(1), after: (.sample(1), DiscussionID(sample: 1))),
  ])
  func everySearchStaysInAnIndex(_ query: DiscussionQuery) throws {
    let journal = try SQLiteJournal(path: folder.journal)
    defer { journal.close() }
    let reader = try Schema.reader(at: folder.journal, label: "test")
    let plan = try reader.read { db in
      try Row.fetchAll(
        db, sql: "EXPLAIN QUERY PLAN " + DiscussionSearch(query).sql.replacing(/\?[0-9]/, with: "1")
      ).map { $0["detail"] as String }
    }
    #expect(plan.count == 1 && plan[0].contains("USING INDEX discussion_by_"), "\(plan)")
  }
}

extension Data {
  fileprivate func contains(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}
