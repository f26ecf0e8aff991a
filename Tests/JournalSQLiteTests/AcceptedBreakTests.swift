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
    let editor = try DatabaseQueue(path: folder.journal)
    try editor.writeWithoutTransaction { try $0.execute(sql: sql) }
    try editor.close()
  }

  private let streams = ["agency/police", "agency/health", "agency/csc"]

  /// What a start says: nil where it goes on.
  private func start(_ journal: SQLiteJournal, accepting: [Int] = []) -> ReplayFault? {
    var docket = Docket(arrangements: AcceptedBreakTests.nobody)
    do {
      try docket.replay(journal, at: Instant(milliseconds: 0), accepting: accepting)
      return nil
    } catch {
      return error as? ReplayFault
    }
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
  func whatIsMissingIsNamedAcceptedAndGoneOnFrom(what: String, sql: String, findings: [Finding]) throws {
    try write(andThen: sql)
    let journal = try SQLiteJournal(path: folder.journal)
    let breaks = findings.map(\.seq)
    #expect(start(journal) == .broken(findings[0]), "\(what)")
    for (index, _) in breaks.enumerated() where breaks.count > 1 {
      let next = findings[index == 0 ? 1 : 0]
      #expect(start(journal, accepting: [breaks[index]]) == .broken(next), "\(what): one is not all")
    }
    #expect(start(journal, accepting: breaks) == nil, "\(what)")
    #expect(journal.relink() == .done)

    // What is left is read as it stands, and each stream goes on after its last entry.
    let left = try journal.allLines()
    for stream in streams {
      let rest = left.filter { $0.stream == stream }
      #expect(try journal.lines(of: try #require(Stream(stream))) == rest, "\(what): \(stream)")
    }
    #expect(try journal.lastKnown() == left.last?.seq)
    var (seq, head) = (left.last?.seq ?? 0, left.last?.chain ?? .zero)
    func next(_ stream: String, _ revision: Int, _ text: String) -> SealedLine {
      let (salt, previous) = (Salt(high: 1, low: 2), head)
      seq += 1
      head = Chain.link(previous, Chain.digest(salt, text))
      return SealedLine(
        seq: seq, stream: stream, revision: revision, line: text, salt: salt, digest: Chain.digest(salt, text),
        chain: head)
    }
    for seq in breaks {
      let text =
        #"{"v":1,"stream":"daemon","revision":\#(breaks.firstIndex(of: seq)! + 1),"event":"breakAccepted","#
        + #""at":"2026-11-23T09:00:00Z","data":{"seq":\#(seq),"reason":"judged"}}"#
      #expect(journal.append([next("daemon", breaks.firstIndex(of: seq)! + 1, text)], []) == .done)
    }
    for stream in streams {
      let revision = (left.last { $0.stream == stream }?.revision ?? 0) + 1
      let text =
        #"{"v":1,"stream":"\#(stream)","revision":\#(revision),"event":"routeEnabled","#
        + #""at":"2026-11-23T09:00:00Z","data":{"route":"a"}}"#
      #expect(journal.append([next(stream, revision, text)], []) == .done, "\(what): \(stream)")
    }
    journal.close()

    // The next start needs no word.
    let again = try SQLiteJournal(path: folder.journal)
    #expect(start(again) == nil, "\(what)")
    for stream in streams { #expect(try again.lines(of: try #require(Stream(stream))).last?.seq ?? 0 > 5) }
    again.close()
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

  @Test func aWholeJournalIsNotChangedByRelinking() throws {
    try write(andThen: "SELECT 1")
    let journal = try SQLiteJournal(path: folder.journal)
    let before = try streams.map { try journal.lines(of: try #require(Stream($0))) }
    #expect(journal.relink() == .done)
    #expect(try streams.map { try journal.lines(of: try #require(Stream($0))) } == before)
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
    var docket = Docket(arrangements: AcceptedBreakTests.nobody)
    try docket.replay(journal, at: Instant(milliseconds: 0), accepting: [9])
    #expect(journal.relink() == .done)
    // 9 was the third of csc's: the next is its fourth.
    let turn = docket.plan(
      [.started(version: "1"), .breakAccepted(AcceptedBreak(seq: 9, reason: "judged"))], at: Instant.sample(1))
    #expect(journal.append(turn.lines, turn.rows) == .done, "\(what)")
    journal.close()
    let again = try SQLiteJournal(path: folder.journal)
    #expect(start(again) == nil, "\(what): the next start needs no word")
    again.close()
  }
}
