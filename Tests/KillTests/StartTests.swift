// A start that is refused: the exit status tells systemd whether another try can go better (65 and 78: a person has to do
// something), and nothing was written or begun.
import Convening
import Foundation
import Testing

@Suite struct StartTests {
  /// A daemon that ran once and was stopped.
  private func town() throws -> KilledTown {
    let town = try KilledTown()
    try town.start()
    town.wait(until: "it is ready") { town.ask("/v1/health/ready") != nil }
    #expect(try town.status(of: "a stop", endingBy: SIGTERM) == 0)
    return town
  }

  private func journal(_ town: KilledTown) -> URL { town.folder.appending(path: "journal.sqlite") }

  @Test(arguments: [
    // PRAGMA user_version, big-endian, and the magic string: https://www.sqlite.org/fileformat.html
    ("a newer version", 60, Data([0, 0, 0, 99])), ("another program's file", 0, Data("no database at all\n".utf8)),
  ])
  func aJournalThatIsNotOursIs65AndStaysAsItIs(what: String, offset: Int, bytes: Data) throws {
    let town = try town()
    defer { town.end() }
    var file = try Data(contentsOf: journal(town))
    file.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    try file.write(to: journal(town))
    try town.start()
    #expect(try town.status(of: what) == 65)
    #expect(try Data(contentsOf: journal(town)) == file, "\(what)")
  }

  /// systemd starts it again with the flag that it was started with: that must not stop it.
  @Test func aBreakThatIsAcceptedAlreadyIsNoReasonNotToStart() throws {
    let town = try town()
    defer { town.end() }
    var file = try Data(contentsOf: journal(town))
    // The text of entry 1; its digest stays.
    let text = try #require(file.range(of: Data(#""event":"started""#.utf8)))
    file.replaceSubrange(text, with: Data(#""event":"altered""#.utf8))
    try file.write(to: journal(town))
    try town.start()
    #expect(try town.status(of: "a break") == 65)
    for start in ["the first", "the next"] {
      try town.start(accepting: 1)
      town.wait(until: "\(start) start is ready") { town.ask("/v1/health/ready") != nil }
      #expect(try town.status(of: "a stop", endingBy: SIGTERM) == 0)
    }
    try town.start(accepting: 2)
    #expect(try town.status(of: "a break that is not there") == 65)
    try town.start()
    town.wait(until: "it is ready without a word") { town.ask("/v1/health/ready") != nil }
    let accepted = try town.acceptances()
    #expect(accepted.map(\.accepted.seq) == [1] && accepted.first?.accepted.evidence?.kind == .altered)
  }

  @Test func aSocketPathThatIsTakenIs78AndNothingIsWritten() throws {
    let town = try town()
    defer { town.end() }
    let before = try Data(contentsOf: journal(town))
    let socket = town.folder.appending(path: "s.sock")
    try Data("somebody's file".utf8).write(to: socket)
    try town.start()
    #expect(try town.status(of: "a taken socket") == 78)
    #expect(try Data(contentsOf: socket) == Data("somebody's file".utf8))
    #expect(try Data(contentsOf: journal(town)) == before)
    // Out of the way, it starts.
    try FileManager.default.removeItem(at: socket)
    try town.start()
    town.wait(until: "it is ready") { town.ask("/v1/health/ready") != nil }
  }

  /// It may be there in a minute: systemd tries again.
  @Test func aJournalThatAnotherDaemonHoldsIs74() throws {
    let first = try KilledTown()
    defer { first.end() }
    try first.start()
    first.wait(until: "it is ready") { first.ask("/v1/health/ready") != nil }
    let second = try KilledTown(journalIn: first.folder.path)
    defer { second.end() }
    try second.start()
    #expect(try second.status(of: "a second daemon") == 74)
    #expect(first.ask("/v1/health/ready") != nil && second.ask("/v1/health/ready") == nil)
    #expect(try first.status(of: "a stop", endingBy: SIGTERM) == 0)
    try second.start()
    second.wait(until: "the other one is ready") { second.ask("/v1/health/ready") != nil }
  }

  @Test func settingsThatAreWrongAre78() throws {
    let town = try town()
    defer { town.end() }
    try "authority: 7\n".write(to: town.folder.appending(path: "convened.yaml"), atomically: true, encoding: .utf8)
    try town.start()
    #expect(try town.status(of: "wrong settings") == 78)
  }
}
