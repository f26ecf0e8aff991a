// A journal that somebody meddled with, or that a disk lost a part of: a start names the break, a person accepts it, and the
// daemon goes on as if nothing were there that is not. Every break that one can make with an editor is made here.
import Convening
import Coordination
import GRDB
import JournalConformance
import Testing
import Wire

@testable import JournalSQLite

@Suite struct AcceptedBreakTests {
  private let folder: Folder

  private static let nobody = Arrangements(
    agencies: [], coordinator: [], routes: [:], ring: [], source: "none",
    calendar: WorkingCalendar(zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: [])))

  init() throws { folder = try Folder() }

  /// Nine entries: 1, 4, 7 of `agency/police`, 2, 5, 8 of `agency/health`, 3, 6, 9 of `agency/csc`; then it is edited.
  private func write(andThen sql: String) throws {
    var sealer = Sealer()
    let journal = try SQLiteJournal(path: folder.journal)
    let lines = (0..<9).map { sealer.line(streams[$0 % 3], event: "routeEnabled", data: #"{"route":"a"}"#) }
    #expect(journal.append(lines, []) == .done)
    journal.close()
    try edit(sql)
  }

  private let streams = ["agency/police", "agency/health", "agency/csc"]

  private func words(_ seqs: [Int], _ reason: String) -> [AcceptedBreak] {
    seqs.map { AcceptedBreak(seq: $0, reason: reason) }
  }

  /// What a start says: nil where it goes on.
  private func start(_ journal: SQLiteJournal, accepting seqs: [Int] = [], reason: String = "judged") -> ReplayFault? {
    var docket = Docket(arrangements: AcceptedBreakTests.nobody)
    do {
      try docket.replay(journal, at: Instant(milliseconds: 0), accepting: words(seqs, reason))
      return nil
    } catch {
      return error as? ReplayFault
    }
  }

  /// A start that goes on, and its first turn.
  @discardableResult private func begin(
    _ journal: SQLiteJournal, accepting seqs: [Int], reason: String = "judged"
  ) throws -> Docket {
    var docket = Docket(arrangements: AcceptedBreakTests.nobody)
    let breaks = try docket.replay(journal, at: Instant(milliseconds: 0), accepting: words(seqs, reason))
    let turn = docket.plan([.started(version: "1")] + breaks.map(Input.breakAccepted), at: .sample(1))
    #expect(turn.lines.count == 1 + breaks.count)
    #expect((breaks.isEmpty ? journal.append(turn.lines, []) : journal.relink(appending: turn.lines, [])) == .done)
    docket.apply(turn, at: .sample(1))
    return docket
  }

  /// What somebody finds while the daemon is down, as `convenectl journal verify --file` does.
  private func findings() throws -> [Finding] {
    let records = try SQLiteRecords(offline: folder.journal)
    var verifier = Verifier()
    try records.forEachBatch(of: 4) { verifier.check($0) }
    let findings = verifier.end(ends: try records.streamEnds())
    try records.close()
    withExtendedLifetime(records) {}
    return findings
  }

  private func edit(_ sql: String) throws {
    let editor = try DatabaseQueue(path: folder.journal)
    try editor.writeWithoutTransaction { try $0.execute(sql: sql) }
    try editor.close()
  }

  @Test(arguments: [
    ("an entry in the middle", "DELETE FROM entry WHERE seq = 4", [Finding(seq: 4, fault: .missing(upTo: 4))]),
    ("the first", "DELETE FROM entry WHERE seq = 1", [Finding(seq: 1, fault: .missing(upTo: 1))]),
    (
      "a whole stream", "DELETE FROM entry WHERE stream = 2",
      [2, 5, 8].map { Finding(seq: $0, fault: .missing(upTo: $0)) }
    ),
    ("the last of a stream", "DELETE FROM entry WHERE seq = 7", [Finding(seq: 7, fault: .missing(upTo: 7))]),
    ("the end", "DELETE FROM entry WHERE seq > 5", [Finding(seq: 6, fault: .cutOff(head: 9))]),
    (
      "two places", "DELETE FROM entry WHERE seq IN (3, 4, 8)",
      [Finding(seq: 3, fault: .missing(upTo: 4)), Finding(seq: 8, fault: .missing(upTo: 8))]
    ),
  ])
  func whatIsMissingIsNamedAcceptedAndGoneOnFrom(what: String, sql: String, found: [Finding]) throws {
    try write(andThen: sql)
    let journal = try SQLiteJournal(path: folder.journal)
    let breaks = found.map(\.seq)
    #expect(start(journal) == .broken(found[0]), "\(what)")
    for (index, _) in breaks.enumerated() where breaks.count > 1 {
      let next = found[index == 0 ? 1 : 0]
      #expect(start(journal, accepting: [breaks[index]]) == .broken(next), "\(what): one is not all")
    }
    let left = try journal.allLines()
    let docket = try begin(journal, accepting: breaks)

    // What is left is read as it stands, and each stream goes on after its last entry.
    for stream in streams {
      let rest = left.filter { $0.stream == stream }
      #expect(try journal.lines(of: try #require(Stream(stream))) == rest, "\(what): \(stream)")
    }
    #expect(try journal.streamEnds().map(\.seq).max() == docket.seq)
    var (seq, head) = (docket.seq, docket.head)
    for stream in streams {
      let revision = (left.last { $0.stream == stream }?.revision ?? 0) + 1
      let text =
        #"{"v":1,"stream":"\#(stream)","revision":\#(revision),"event":"routeEnabled","#
        + #""at":"2026-11-23T09:00:00Z","data":{"route":"a"}}"#
      let (salt, previous) = (Salt(high: 1, low: 2), head)
      let digest = Chain.digest(salt, text)
      (seq, head) = (seq + 1, Chain.link(previous, digest))
      let line = SealedLine(
        seq: seq, stream: stream, revision: revision, line: text, salt: salt, digest: digest, chain: head)
      #expect(journal.append([line], []) == .done, "\(what): \(stream)")
    }
    journal.close()
    #expect(try findings() == [], "\(what)")

    // The next start needs no word, and is not troubled by one that was left where it was.
    let again = try SQLiteJournal(path: folder.journal)
    #expect(start(again) == nil, "\(what)")
    #expect(start(again, accepting: breaks) == nil, "\(what): the same word again")
    #expect(start(again, accepting: breaks, reason: "as before") == nil, "\(what): in other words")
    #expect(start(again, accepting: breaks + [seq]) == .nothingToAccept(seq: seq), "\(what)")
    for stream in streams { #expect(try again.lines(of: try #require(Stream(stream))).last?.seq ?? 0 > 5) }
    let before = try again.allLines()
    try begin(again, accepting: breaks)
    #expect(try again.allLines().dropLast() == before[...], "\(what): nothing is recorded twice")
    again.close()
  }

  /// A discussion whose entries are gone is gone from lists and reports as well.
  @Test func theRowsFollowFromWhatIsLeft() throws {
    try write(andThen: "DELETE FROM entry WHERE seq = 4")
    let journal = try SQLiteJournal(path: folder.journal)
    #expect(journal.rebuild([.sample(1)]) == .done)
    try begin(journal, accepting: [4])
    journal.close()
    let records = try SQLiteRecords(offline: folder.journal)
    #expect(try records.allRows() == [])
    try records.close()
  }

  @Test func nothingIsAcceptedInAdvance() throws {
    try write(andThen: "UPDATE entry SET line = line || ' ' WHERE seq = 5")
    let journal = try SQLiteJournal(path: folder.journal)
    #expect(start(journal) == .broken(Finding(seq: 5, fault: .altered)))
    #expect(start(journal, accepting: [4]) == .broken(Finding(seq: 5, fault: .altered)))
    #expect(start(journal, accepting: [5, 4]) == .nothingToAccept(seq: 4))
    #expect(start(journal, accepting: [5]) == nil)
    journal.close()
  }

  /// What cannot even be parsed, and what says nothing any more, is accepted like any other break; its stream goes on.
  @Test(arguments: [
    ("no JSON", "UPDATE entry SET line = 'x' WHERE seq = 9", Finding.Fault.altered),
    ("no text", "UPDATE entry SET line = NULL, salt = NULL WHERE seq = 9", .removed),
  ])
  func aLineThatCannotBeReadIsPassed(what: String, sql: String, fault: Finding.Fault) throws {
    try write(andThen: sql)
    let journal = try SQLiteJournal(path: folder.journal)
    #expect(start(journal) == .broken(Finding(seq: 9, fault: fault)), "\(what)")
    // 9 was the third of csc's: the next is its fourth.
    try begin(journal, accepting: [9])
    journal.close()
    let again = try SQLiteJournal(path: folder.journal)
    #expect(start(again) == nil, "\(what): the next start needs no word")
    again.close()
  }

  /// A flag that was forgotten stands for what it was said of, and for nothing that is done there later.
  @Test func aWordIsNotSaidForWhateverIsDoneLater() throws {
    try write(andThen: "DELETE FROM entry WHERE seq = 4")
    var journal = try SQLiteJournal(path: folder.journal)
    try begin(journal, accepting: [4])
    journal.close()
    try edit("DELETE FROM entry WHERE seq = 5")
    let wider = Finding(seq: 4, fault: .missing(upTo: 5))
    #expect(try findings() == [wider])
    journal = try SQLiteJournal(path: folder.journal)
    #expect(start(journal) == .broken(wider))
    #expect(start(journal, accepting: [4]) == .judgedBefore(wider))
    try begin(journal, accepting: [4], reason: "judged again")
    journal.close()
    #expect(try findings() == [])
  }

  /// The entries are whole, and what is kept to find them by is not: one that is left out is seen by nobody who reads
  /// its stream, and a stream that ends too early is gone on with in the middle.
  @Test(arguments: [
    ("an entry is left out", "UPDATE entry SET previous = 1 WHERE seq = 7", 7),
    ("an entry is left out as if it were missing", "UPDATE entry SET previous = -2 WHERE seq = 7", 7),
    ("all before it are left out", "UPDATE entry SET previous = -1 WHERE seq = 7", 7),
    ("a stream ends too early", "UPDATE stream SET last = 4, revision = 2 WHERE name = 'agency/police'", 7),
    ("a stream has another revision", "UPDATE stream SET revision = 2 WHERE name = 'agency/police'", 7),
    ("a stream that nothing stands in", "INSERT INTO stream(name, last, revision) VALUES ('policy', 5, 1)", 5),
  ])
  func whatIsKeptBesideTheEntriesIsHeldAgainstThem(what: String, sql: String, seq: Int) throws {
    try write(andThen: "SELECT 1")
    #expect(try findings() == [])
    try edit(sql)
    let found = try findings()
    #expect(found.map(\.seq) == [seq] && found.allSatisfy(\.isBesideTheEntries), "\(what)")
    let journal = try SQLiteJournal(path: folder.journal)
    let before = try journal.allLines()
    #expect(start(journal) == .mislinked(found[0], others: 0), "\(what)")
    #expect(start(journal, accepting: [8]) == .mislinked(found[0], others: 0), "\(what)")
    try begin(journal, accepting: [seq])
    for stream in streams {
      #expect(try journal.lines(of: try #require(Stream(stream))) == before.filter { $0.stream == stream }, "\(what)")
    }
    #expect(try journal.lines(of: .policy).isEmpty)
    journal.close()
    #expect(try findings() == [], "\(what)")

    // It was derived anew, so nothing of it was accepted: the same deed is found again.
    try edit(sql)
    #expect(try findings() == found, "\(what)")
    let again = try SQLiteJournal(path: folder.journal)
    #expect(start(again, accepting: [seq]) == .judgedBefore(found[0]), "\(what)")
    #expect(start(again, accepting: [seq], reason: "once more") == nil, "\(what)")
    again.close()
  }

  @Test func oneWordIsEnoughForAllThatIsDerivedAnew() throws {
    try write(andThen: "UPDATE entry SET previous = 0 WHERE seq > 3; UPDATE stream SET last = 1, revision = 1")
    let journal = try SQLiteJournal(path: folder.journal)
    guard case .mislinked(let first, others: 8)? = start(journal) else {
      Issue.record("\(String(describing: start(journal)))")
      return
    }
    #expect(first.seq == 4)
    try begin(journal, accepting: [4])
    journal.close()
    #expect(try findings() == [])
  }

  /// Somebody moved a stream's end back while a daemon ran, and it wrote on from there: two entries bear one revision.
  @Test func aStreamThatWasGoneOnWithInTheMiddleIsReadAgain() throws {
    try write(andThen: "UPDATE stream SET last = 4, revision = 2 WHERE name = 'agency/police'")
    var journal = try SQLiteJournal(path: folder.journal)
    var sealer = Sealer()
    let before = (0..<9).map { sealer.line(streams[$0 % 3], event: "routeEnabled", data: #"{"route":"a"}"#) }
    #expect(try journal.allLines() == before)
    let text =
      #"{"v":1,"stream":"agency/police","revision":3,"event":"routeEnabled","at":"2026-11-23T09:00:00Z","#
      + #""data":{"route":"a"}}"#
    let line = sealer.seal("agency/police", 3, text)
    #expect(journal.append([line], []) == .done)
    journal.close()
    let finding = Finding(seq: 10, fault: .revision(expected: 4, found: 3))
    #expect(try findings() == [finding])
    journal = try SQLiteJournal(path: folder.journal)
    #expect(start(journal) == .broken(finding))
    try begin(journal, accepting: [10])
    #expect(try journal.lines(of: .agency("police")).map(\.seq) == [1, 4, 7, 10])
    journal.close()
    #expect(try findings() == [])
  }
}
