// One whole journal, and what the verifier says when somebody has been at it: each test plants one fault and names the
// entry that must be found. Then the export, there and back.
import JournalConformance
import Testing
import Wire

/// Ten lines over three streams, the last of the daemon's.
private struct Planted {
  var lines: [SealedLine] = []
  var sealer = Sealer()

  init() {
    for number in 1...9 { lines.append(sealer.line(["discussion/A", "discussion/B", "policy"][number % 3])) }
    lines.append(sealer.line("daemon"))
  }

  func findings(heads: [Int: Hash256] = [:]) -> [Finding] {
    var verifier = Verifier(heads: heads)
    for line in lines { verifier.check(line) }
    return verifier.end()
  }

  mutating func change(
    _ seq: Int, stream: String? = nil, revision: Int? = nil, line: String?? = nil, salt: Salt?? = nil,
    digest: Hash256? = nil, chain: Hash256? = nil
  ) {
    let old = lines[seq - 1]
    lines[seq - 1] = SealedLine(
      seq: seq, stream: stream ?? old.stream, revision: revision ?? old.revision, line: line ?? old.line,
      salt: salt ?? old.salt, digest: digest ?? old.digest, chain: chain ?? old.chain)
  }

  /// As if what stands at each place had been written there: only the numbers are put right.
  mutating func renumber() {
    for (index, old) in lines.enumerated() {
      lines[index] = SealedLine(
        seq: index + 1, stream: old.stream, revision: old.revision, line: old.line, salt: old.salt, digest: old.digest,
        chain: old.chain)
    }
  }

  /// Seals everything from here on anew, as one would who knows how.
  mutating func reseal(from seq: Int) {
    for index in (seq - 1)..<lines.count {
      let old = lines[index]
      guard let line = old.line, let salt = old.salt else { continue }
      let digest = Chain.digest(salt, line)
      let chain = Chain.link(index == 0 ? .zero : lines[index - 1].chain, digest)
      change(seq: old.seq, digest, chain)
    }
  }

  private mutating func change(seq: Int, _ digest: Hash256, _ chain: Hash256) {
    change(seq, digest: digest, chain: chain)
  }
}

private let other = Hash256(1, 2, 3, 4)

/// A fault at entry 4, and what must be said of it.
private struct Plant: Sendable, CustomTestStringConvertible {
  let what: String
  let fault: Finding.Fault
  let run: @Sendable (inout Planted) -> Void

  var testDescription: String { what }

  init(_ what: String, _ fault: Finding.Fault, _ run: @escaping @Sendable (inout Planted) -> Void) {
    (self.what, self.fault, self.run) = (what, fault, run)
  }

  static let all: [Plant] = [
    Plant("a line", .altered) { $0.change(4, line: $0.lines[3].line! + " ") },
    Plant("a salt", .altered) { $0.change(4, salt: Salt(high: 1, low: 2)) },
    Plant("a salt that is gone", .altered) { $0.change(4, salt: .some(nil)) },
    Plant("a digest", .altered) { $0.change(4, digest: other) },
    Plant("a chain", .unchained) { $0.change(4, chain: other) },
    Plant("a stream's column", .mislabelled) { $0.change(4, stream: "discussion/C", revision: 1) },
    Plant("a revision's column", .mislabelled) { $0.change(4, revision: 7) },
    Plant("a removed text", .removed) { $0.change(4, line: .some(nil), salt: .some(nil)) },
    Plant("a dropped entry", .missing(upTo: 4)) { $0.lines.remove(at: 3) },
    Plant("three dropped entries", .missing(upTo: 6)) { $0.lines.removeSubrange(3..<6) },
    Plant("a dropped entry, the others renumbered", .unchained) {
      $0.lines.remove(at: 3)
      $0.renumber()
    },
    Plant("two entries that changed places", .missing(upTo: 4)) { $0.lines.swapAt(3, 4) },
    Plant("two entries that changed places and numbers", .unchained) {
      $0.lines.swapAt(3, 4)
      $0.renumber()
    },
    Plant("two of one stream that changed places and numbers", .revision(expected: 2, found: 3)) {
      $0.lines.swapAt(3, 6)
      $0.renumber()
    },
  ]
}

@Suite struct VerificationTests {
  @Test func aWholeJournalHasNoFindings() {
    let planted = Planted()
    #expect(planted.findings(heads: [4: planted.lines[3].chain, 10: planted.lines[9].chain]).isEmpty)
    #expect(Verifier().end().isEmpty, "an empty journal is whole")
  }

  @Test(arguments: Plant.all) private func theFirstFaultIsNamed(plant: Plant) {
    let (what, fault) = (plant.what, plant.fault)
    var planted = Planted()
    plant.run(&planted)
    #expect(planted.findings().first == Finding(seq: 4, fault: fault), "\(what)")
    var verifier = Verifier()
    verifier.check(planted.lines)
    #expect(verifier.end() == planted.findings(), "\(what): a batch finds what single lines do")
  }

  @Test func oneAlteredEntryIsOneFinding() {
    for plant: (inout Planted) -> Void in [
      { $0.change(4, line: "{}") }, { $0.lines.remove(at: 3) }, { $0.change(4, line: .some(nil), salt: .some(nil)) },
    ] {
      var planted = Planted()
      plant(&planted)
      #expect(planted.findings().count == 1)
    }
  }

  @Test func aRewrittenEntryBreaksTheChainBehindIt() {
    var planted = Planted()
    planted.change(4, line: planted.lines[3].line!.replacing("sergeant", with: "constable"))
    let (text, salt) = (planted.lines[3].line!, planted.lines[3].salt!)
    let digest = Chain.digest(salt, text)
    planted.change(4, digest: digest, chain: Chain.link(planted.lines[2].chain, digest))
    #expect(planted.findings() == [Finding(seq: 5, fault: .unchained)])
    planted.reseal(from: 5)
    #expect(planted.findings().isEmpty, "nothing in the journal itself can show this")
    let noted = Planted().lines
    #expect(planted.findings(heads: [3: noted[2].chain, 7: noted[6].chain]) == [Finding(seq: 7, fault: .rewritten)])
  }

  @Test func aCutEndShowsAgainstANotedHead() {
    var planted = Planted()
    let head = planted.lines[9].chain
    planted.lines.removeLast(3)
    #expect(planted.findings().isEmpty)
    #expect(planted.findings(heads: [10: head]) == [Finding(seq: 8, fault: .cutOff(head: 10))])
  }

  @Test func anErasedTextIsAcceptedWhereItIsNamed() {
    for (data, isExplained) in [
      (#"{"stream":"discussion/B","seqs":[4,7]}"#, true), (#"{"stream":"discussion/B","seqs":[7]}"#, false),
      (#"{"stream":"discussion/A","seqs":[4]}"#, false), (#"{"seqs":[4]}"#, false), (#""erased""#, false),
    ] {
      var planted = Planted()
      planted.change(4, line: .some(nil), salt: .some(nil))
      planted.lines.append(planted.sealer.line("daemon", event: "erased", data: data))
      #expect(planted.findings() == (isExplained ? [] : [Finding(seq: 4, fault: .removed)]), "\(data)")
    }
  }

  @Test func aBreakIsAcceptedByTheDaemonAloneAndOnlyThatOne() {
    for (stream, seq, left) in [
      ("daemon", 4, [6]), ("daemon", 6, [4]), ("policy", 4, [4, 6]), ("daemon", 99, [4, 6]),
    ] {
      var planted = Planted()
      planted.change(4, line: "{}")
      planted.change(6, line: "{}")
      planted.lines.append(
        planted.sealer.line(stream, event: "breakAccepted", data: #"{"seq":\#(seq),"reason":"judged"}"#))
      #expect(planted.findings().map(\.seq) == left, "\(stream) accepted \(seq)")
    }
  }

  @Test func aLineSpeltInAnotherWayIsReadByItsMembers() {
    var sealer = Sealer()
    var verifier = Verifier()
    verifier.check(sealer.seal("daemon", 1, #"{ "revision": 1, "stream": "daemon", "event": "x" }"#))
    verifier.check(sealer.seal("daemon", 2, #"{"v":1,"stream":"d\u0061emon","revision":2,"event":"x"}"#))
    verifier.check(sealer.seal("audit/a\"b", 1, #"{"v":1,"stream":"audit/a\"b","revision":1,"event":"x"}"#))
    #expect(verifier.end().isEmpty)
    for text in [
      "", "{}", "[", #"{"v":1,"stream":"daemon","revision":33,"event":"x"}"#, #"{"v":1,"stream":"daemon2","#,
    ] {
      var (verifier, sealer) = (verifier, sealer)
      verifier.check(sealer.seal("daemon", 3, text))
      #expect(verifier.end() == [Finding(seq: 4, fault: .mislabelled)], "\(text)")
    }
  }

  @Test func aLongBatchIsProvedOnAllCoresAndSaysTheSame() {
    var sealer = Sealer()
    var lines = (0..<3000).map { sealer.line("discussion/\($0 % 7)") }
    var whole = Verifier()
    for start in stride(from: 0, to: 3000, by: 1000) { whole.check(Array(lines[start..<(start + 1000)])) }
    #expect(whole.end().isEmpty && whole.count == 3000 && whole.seq == 3000 && whole.head == sealer.head)
    lines.remove(at: 2100)
    lines.swapAt(511, 512)
    var (batch, single) = (Verifier(), Verifier())
    batch.check(lines)
    for line in lines { single.check(line) }
    #expect(batch.end() == single.end() && batch.end().first == Finding(seq: 512, fault: .missing(upTo: 512)))
  }

  @Test func findingsReadAsSentences() {
    let findings: [(Finding.Fault, String)] = [
      (.altered, "entry 4 was altered: its text and salt do not give its digest"),
      (.missing(upTo: 4), "entry 4 is missing"), (.missing(upTo: 6), "entries 4 to 6 are missing"),
      (.cutOff(head: 9), "the journal ends before entry 4, and entry 9 is known to have existed"),
    ]
    for (fault, sentence) in findings { #expect(Finding(seq: 4, fault: fault).description == sentence) }
  }
}

@Suite struct JournalExportTests {
  @Test func aLineGoesOutAndComesBack() throws {
    var sealer = Sealer()
    for line in [sealer.line("daemon"), sealer.seal("policy", 1, "\"\\\u{1F600}\n\u{0}")] {
      #expect(try SealedLine(exported: line.exported.bytes) == line)
    }
    let erased = SealedLine(seq: 3, stream: "daemon", revision: 2, line: nil, salt: nil, digest: other, chain: .zero)
    #expect(try SealedLine(exported: erased.exported.bytes) == erased)
  }

  @Test func itsShapeIsTheContracts() {
    let line = SealedLine(
      seq: 8790, stream: "discussion/7Q2F-M9KD", revision: 1, line: "{}", salt: Salt(high: 0, low: 1), digest: other,
      chain: .zero)
    #expect(
      line.exported.text
        == #"{"seq":8790,"stream":"discussion/7Q2F-M9KD","revision":1,"line":"{}","salt":"AAAAAAAAAAAAAAAAAAAAAQ==","#
        + #""digest":"0000000000000001000000000000000200000000000000030000000000000004","#
        + #""chain":"0000000000000000000000000000000000000000000000000000000000000000"}"#)
  }

  @Test func whatIsNotAnExportIsRefusedWithASentence() {
    var sealer = Sealer()
    let good = sealer.line("daemon").exported.text
    for (from, to, sentence) in [
      ("{", "", "not JSON at byte 5: expected the end of the text"),
      (#""seq":1"#, #""seq":0"#, "`seq` is not a number from 1"),
      (#""revision":1,"line"#, #""revision":"1","line"#, "`revision` is not a number from 1"),
      (#""digest":""#, #""digest":"g"#, "`digest` is not 64 hexadecimal digits"),
      (#""chain":""#, #""chain":"0"#, "`chain` is not 64 hexadecimal digits"),
      (#""salt":""#, #""salt":"A"#, "`line` is not a text, or `salt` not 16 bytes in base64"),
      (#""seq":1,"#, "", "not exactly the members seq, stream, revision, line, salt, digest and chain"),
    ] {
      let bad = good.replacing(from, with: to, maxReplacements: 1)
      #expect { try SealedLine(exported: Array(bad.utf8)) } throws: { "\($0)" == sentence }
    }
  }
}
