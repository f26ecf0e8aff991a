// The chain's check from the outside: an export that is whole, and one that was tampered with in each way.
import Console
import Convening
import Foundation
import Testing
import Wire

struct JournalCheckTests {
  /// An export of so many entries.
  private func export(_ count: Int) -> [String] {
    var (chain, lines) = (Hash256.zero, [String]())
    for seq in 1...count {
      let (line, salt) = (
        #"{"v":1,"stream":"daemon","revision":\#(seq),"event":"started"}"#, Salt(high: UInt64(seq), low: 7)
      )
      let digest = Chain.digest(salt, line)
      chain = Chain.link(chain, digest)
      let object: JSON = [
        "seq": .int(Int64(seq)), "stream": "daemon", "revision": .int(Int64(seq)), "line": .string(line),
        "salt": .string(Data(salt.bytes).base64EncodedString()), "digest": .string(digest.hex),
        "chain": .string(chain.hex),
      ]
      lines.append(object.text)
    }
    return lines
  }

  private func check(_ lines: [String], heads: [String] = []) -> String {
    var check = JournalCheck(heads: heads.compactMap(JournalCheck.Head.init))
    for line in lines where !check.take(Array(line.utf8)) { break }
    return check.end() ?? check.summary
  }

  private func head(_ line: String) throws -> String {
    "\(try JSON(parsing: line)["seq"]!.int!)=sha256:\(try JSON(parsing: line)["chain"]!.string!)"
  }

  @Test func aWholeChainSaysHowFarAndItsHead() throws {
    let lines = export(3)
    let chain = try #require(try JSON(parsing: lines[2])["chain"]?.string)
    #expect(check(lines) == "Chain whole, entries 1 to 3, head sha256:\(chain)")
    #expect(check(lines, heads: [try head(lines[1]), try head(lines[2])]).hasPrefix("Chain whole"))
    #expect(check([]) == "The journal is empty.")
    #expect(check(export(1)).hasPrefix("Chain whole, entry 1, head sha256:"))
  }

  @Test func everyTamperingIsFoundWhereItIs() throws {
    let lines = export(4)
    #expect(check([lines[0], lines[2]]) == "Not whole: entry 2 is missing.")
    let changed = lines[1].replacing("started", with: "stopped")
    #expect(
      check([lines[0], changed, lines[2]])
        == "Not whole: entry 2 was altered: its text and salt do not give its digest.")
    let elsewhere = lines[1].replacing(#""stream":"daemon""#, with: #""stream":"policy""#)
    #expect(
      check([lines[0], elsewhere])
        == "Not whole: entry 2 was altered: its text does not name the stream and revision that it stands under.")
    #expect(check(["{}"]) == "Line 1 is no journal entry.")
    let erased = lines[1].replacing(/"line":.*"digest"/, with: #""line":null,"salt":null,"digest""#)
    #expect(
      check([lines[0], erased, lines[2]])
        == "Not whole: the text of entry 2 was removed, and no entry says that it was erased.")
  }

  /// An export from which these were taken, and the line of a start that accepted it.
  private func accepted(without seqs: ClosedRange<Int>, of count: Int) throws -> [SealedLine] {
    var lines = try export(count).map { try SealedLine(exported: Array($0.utf8)) }
    let last = try #require(lines.last)
    lines.removeAll { seqs.contains($0.seq) }
    var verifier = Verifier()
    verifier.check(lines)
    let accepted = AcceptedBreak(
      seq: seqs.lowerBound, reason: "disk failure of 3 May", evidence: verifier.breaks().first?.evidence)
    let entry = Entry(
      stream: .daemon, revision: count + 1, at: Instant(milliseconds: 0), actor: nil, mark: nil,
      event: .breakAccepted(accepted))
    let (line, salt) = (JournalLine.encode(entry), Salt(high: 1, low: 7))
    let digest = Chain.digest(salt, line)
    return lines + [
      SealedLine(
        seq: count + 1, stream: "daemon", revision: count + 1, line: line, salt: salt, digest: digest,
        chain: Chain.link(last.chain, digest))
    ]
  }

  /// Nobody who reads the sentence takes a journal with a gap for a whole one, accepted or not.
  @Test(arguments: [
    (2...2, "Of entries 1 to 7, 2 is missing, as was accepted; the others fit, head ", "entry 2 is missing"),
    (
      3...5, "Of entries 1 to 7, 3 to 5 are missing, as was accepted; the others fit, head ",
      "entries 3 to 5 are missing"
    ),
  ]) func whatIsMissingAndAcceptedIsSaid(seqs: ClosedRange<Int>, summary: String, shown: String) throws {
    let lines = try accepted(without: seqs, of: 6)
    var check = JournalCheck(heads: [])
    for line in lines { _ = check.take(line.exported.bytes) }
    let finding = check.end()
    #expect(finding == nil)
    #expect(check.summary == "\(summary)sha256:\(lines[lines.count - 1].chain.hex)")
    #expect(check.accepted == ["Accepted by entry 7: \(shown). Reason: disk failure of 3 May"])
    #expect(!check.isComplete)
    #expect(
      check.acceptedDocument == [
        [
          "by": 7, "seq": JSON(seqs.lowerBound), "kind": "missing", "shows": .string(shown),
          "reason": "disk failure of 3 May",
        ]
      ])
  }

  @Test func whatWasNotLookedAtIsSaid() throws {
    let lines = try export(3).map { try SealedLine(exported: Array($0.utf8)) }
    var export = JournalCheck(heads: [])
    #expect(export.unseen(ofDaemon: true) == nil, "there is nothing")
    for line in lines { _ = export.take(line.exported.bytes) }
    let ofExport = export.end()
    #expect(ofExport == nil)
    let words = "These are the entries. What the journal keeps beside them, to find those of one discussion by, is "
    #expect(
      export.unseen(ofDaemon: true) == words + "looked at when the daemon starts, and by --file while it is stopped.")
    #expect(
      export.unseen(ofDaemon: false)
        == words + "in the journal alone: --file looks at it there while the daemon is stopped.")
  }

  @Test func whatAJournalKeepsBesideItsEntriesIsLookedAt() throws {
    let lines = try export(3).map { try SealedLine(exported: Array($0.utf8)) }
    func check(_ links: [Int], endsAt end: Int) -> String? {
      var check = JournalCheck(heads: [])
      check.take(LinkedLines(lines: lines, links: links.map { Link(previous: $0) }))
      check.expect(ends: [StreamEnd(stream: "daemon", seq: end, revision: end)])
      return check.end() ?? check.unseen(ofDaemon: false)
    }
    #expect(check([0, 1, 2], endsAt: 3) == nil)
    #expect(
      check([0, 1, 1], endsAt: 3)
        == "Not whole: it is kept beside entry 3 that it follows entry 1, and in its stream it follows entry 2.")
    #expect(
      check([0, 1, 2], endsAt: 2)
        == "Not whole: entry 3 is the last of its stream, at revision 3, and it is kept of the stream that it ends "
        + "with entry 2, at revision 2.")
  }

  @Test func aKeptHeadShowsACutEndAndAnotherJournal() throws {
    let lines = export(4)
    #expect(
      check(Array(lines[..<2]), heads: [try head(lines[3])])
        == "Not whole: the journal ends before entry 3, and entry 4 is known to have existed.")
    let wrong = "2=" + String(repeating: "0", count: 64)
    #expect(
      check(lines, heads: [wrong])
        == "Not whole: entry 2 has another hash than the one given: it, or one before it, was rewritten.")
  }

  @Test(arguments: [
    "", "8", "8=", "0=\(String(repeating: "0", count: 64))", "x=\(String(repeating: "0", count: 64))", "8=0",
  ])
  func aHeadIsANumberAndAHash(text: String) { #expect(JournalCheck.Head(text) == nil) }

  @Test func linesAreCutWhateverTheChunks() {
    for size in 1...12 {
      var (lines, got) = (Lines(), [String]())
      let bytes = Array("one\n\ntwo\nrest".utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        got += lines.take(Array(bytes[start..<min(start + size, bytes.count)])).map {
          String(decoding: $0, as: UTF8.self)
        }
      }
      #expect(got == ["one", "", "two"])
      #expect(String(decoding: lines.unfinished, as: UTF8.self) == "rest")
    }
  }
}

struct SecretFileTests {
  @Test func aSecretIsForItsOwnerAndIsNeverReplaced() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "secrets-\(UInt32.random(in: .min ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { do { try FileManager.default.removeItem(at: folder) } catch {} }
    let path = folder.appending(path: "new").path(percentEncoded: false)
    var lots = SystemRandomNumberGenerator()
    let secret = SecretFile.secret(using: &lots)
    #expect(secret.count == 70)
    #expect(!secret.contains("="))
    #expect(WebhookSecret(secret) != nil)
    umask(0)
    try SecretFile.write(secret, to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == secret + "\n")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    #expect(throws: Complaint.self) { try SecretFile.write("whsec_other", to: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == secret + "\n")
    #expect(throws: Complaint(.notFound, "The folder of \(path)/x/y does not exist. Make it first.")) {
      try SecretFile.write(secret, to: "\(path)/x/y")
    }
  }
}
