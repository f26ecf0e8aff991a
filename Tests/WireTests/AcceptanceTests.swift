// What an accepted break covers: what was judged, and nothing that is done to the journal later. Lines of the first
// versions say less, and cover as little as can be told.
import Convening
import JournalConformance
import Testing
import Wire

/// Twelve entries: 1, 4, 7, 10 of `agency/police`, 2, 5, 8, 11 of `agency/health`, 3, 6, 9, 12 of `agency/csc`.
private struct Judged {
  private static let streams = ["agency/police", "agency/health", "agency/csc"]

  var lines: [SealedLine] = []
  private var sealer = Sealer()
  private var acceptances = 0

  init() { for number in 0..<12 { lines.append(sealer.line(Judged.streams[number % 3])) } }

  var verifier: Verifier {
    var verifier = Verifier()
    verifier.check(lines)
    return verifier
  }

  var findings: [Finding] { verifier.end() }

  mutating func remove(_ seqs: ClosedRange<Int>) { lines.removeAll { seqs.contains($0.seq) } }

  mutating func change(
    _ seq: Int, stream: String? = nil, line: String?? = nil, salt: Salt?? = nil, chain: Hash256? = nil
  ) {
    guard let place = lines.firstIndex(where: { $0.seq == seq }) else { return }
    let old = lines[place]
    lines[place] = SealedLine(
      seq: seq, stream: stream ?? old.stream, revision: old.revision, line: line ?? old.line, salt: salt ?? old.salt,
      digest: old.digest, chain: chain ?? old.chain)
  }

  /// Seals these anew, with another text in the first, as one would who knows how.
  mutating func rewrite(_ seqs: ClosedRange<Int>) {
    for place in lines.indices where seqs.contains(lines[place].seq) {
      let old = lines[place]
      guard let salt = old.salt, let text = old.line else { continue }
      let line = old.seq == seqs.lowerBound ? text.replacing("sergeant", with: "constable") : text
      let digest = Chain.digest(salt, line)
      let before = place == 0 ? Hash256.zero : lines[place - 1].chain
      lines[place] = SealedLine(
        seq: old.seq, stream: old.stream, revision: old.revision, line: line, salt: salt, digest: digest,
        chain: Chain.link(before, digest))
    }
  }

  mutating func goOn(_ stream: Int, _ count: Int = 1) {
    for _ in 0..<count { lines.append(sealer.line(Judged.streams[stream])) }
  }

  /// What is found there is recorded, as a start does it.
  mutating func accept(_ seq: Int) {
    for found in verifier.breaks() where found.finding.seq == seq {
      record(AcceptedBreak(seq: seq, reason: "judged", evidence: found.evidence))
    }
  }

  /// As the first versions did.
  mutating func acceptByNumber(_ seq: Int) { record(AcceptedBreak(seq: seq, reason: "judged")) }

  private mutating func record(_ accepted: AcceptedBreak) {
    acceptances += 1
    let entry = Entry(
      stream: .daemon, revision: acceptances, at: .sample(0), actor: nil, mark: nil, event: .breakAccepted(accepted))
    lines.append(sealer.seal("daemon", acceptances, JournalLine.encode(entry)))
  }
}

private struct Deed: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let left: [Finding]
  let run: @Sendable (inout Judged) -> Void

  init(_ what: String, _ left: [Finding], _ run: @escaping @Sendable (inout Judged) -> Void) {
    (testDescription, self.left, self.run) = (what, left, run)
  }

  /// After 4 to 6 were missing and somebody accepted that.
  static let toAGap: [Deed] = [
    Deed("nothing", []) { _ in },
    Deed("one more is dropped behind it", [Finding(seq: 4, fault: .missing(upTo: 7))]) { $0.remove(7...7) },
    Deed("all behind it are dropped", [Finding(seq: 4, fault: .missing(upTo: 12))]) { $0.remove(7...12) },
    Deed("one more is dropped before it", [Finding(seq: 3, fault: .missing(upTo: 6))]) { $0.remove(3...3) },
    Deed("what comes before it is rewritten", [Finding(seq: 4, fault: .missing(upTo: 6))]) { $0.rewrite(1...3) },
    Deed("what comes after it is rewritten", [Finding(seq: 4, fault: .missing(upTo: 6))]) { $0.rewrite(7...13) },
    Deed(
      "an entry is put into it",
      [Finding(seq: 4, fault: .missing(upTo: 4)), Finding(seq: 6, fault: .missing(upTo: 6))]
    ) { journal in
      journal.lines.insert(Judged().lines[4], at: 3)
    },
    Deed("another entry is altered", [Finding(seq: 9, fault: .altered)]) { $0.change(9, line: "{}") },
    Deed(
      "the entry that accepts it is altered",
      [Finding(seq: 4, fault: .missing(upTo: 6)), Finding(seq: 13, fault: .altered)]
    ) { journal in
      journal.change(13, line: journal.lines.last?.line?.replacing("judged", with: "forged"))
    },
  ]

  /// After entry 5 was altered and somebody accepted that.
  static let toAnAlteredEntry: [Deed] = [
    Deed("nothing", []) { _ in },
    Deed("it is altered again", [Finding(seq: 5, fault: .altered)]) { $0.change(5, line: "{\"again\":true}") },
    Deed("its text is taken out", [Finding(seq: 5, fault: .removed)]) {
      $0.change(5, line: .some(nil), salt: .some(nil))
    },
    Deed("it is put under another stream", [Finding(seq: 5, fault: .altered)]) { $0.change(5, stream: "agency/x") },
    Deed("it is dropped", [Finding(seq: 5, fault: .missing(upTo: 5))]) { $0.remove(5...5) },
    Deed("its chain is altered", [Finding(seq: 5, fault: .altered), Finding(seq: 6, fault: .unchained)]) {
      $0.change(5, chain: .zero)
    },
    Deed("it is as it was", []) { $0.change(5, line: Judged().lines[4].line) },
  ]
}

@Suite struct AcceptanceTests {
  @Test(arguments: Deed.toAGap) private func aGapIsAcceptedAsItWas(deed: Deed) {
    var journal = Judged()
    journal.remove(4...6)
    journal.accept(4)
    deed.run(&journal)
    #expect(journal.findings.filter { $0.fault.isNoSkip } == deed.left)
  }

  @Test(arguments: Deed.toAnAlteredEntry) private func anAlteredEntryIsAcceptedAsItWas(deed: Deed) {
    var journal = Judged()
    journal.change(5, line: "{}")
    journal.accept(5)
    deed.run(&journal)
    #expect(journal.findings.filter { $0.fault.isNoSkip } == deed.left)
  }

  @Test func everyKindIsAcceptedAndThenNoOther() {
    let breaks: [(BreakKind, (inout Judged) -> Void)] = [
      (.altered, { $0.change(5, line: "{}") }), (.unchained, { $0.change(5, chain: .zero) }),
      (.missing, { $0.remove(5...5) }), (.mislabelled, { $0.change(5, stream: "agency/x") }),
      (.removed, { $0.change(5, line: .some(nil), salt: .some(nil)) }),
    ]
    for (kind, deed) in breaks {
      var journal = Judged()
      deed(&journal)
      for found in journal.findings { journal.accept(found.seq) }
      #expect(journal.findings == [], "\(kind)")
      #expect(journal.verifier.acceptances.first?.accepted.evidence?.kind == kind)
      for (other, deed) in breaks where other != kind && kind != .missing {
        var journal = journal
        deed(&journal)
        #expect(journal.findings.contains { $0.seq == 5 }, "\(other) where \(kind) was accepted")
      }
    }
  }

  // MARK: - Lines of the first versions

  @Test func byNumberAloneAnyFaultThereIsAcceptedThatAJournalCanShow() {
    for deed: (inout Judged) -> Void in [
      { $0.change(5, line: "{}") }, { $0.remove(5...5) }, { $0.remove(5...9) },
      { $0.change(5, line: .some(nil), salt: .some(nil)) },
    ] {
      var journal = Judged()
      deed(&journal)
      journal.acceptByNumber(5)
      #expect(journal.findings == [])
    }
    var other = Judged()
    other.change(6, line: "{}")
    other.acceptByNumber(5)
    #expect(other.findings == [Finding(seq: 6, fault: .altered)])
  }

  /// Who wrote after the acceptance knew what was left: what they skip was there then.
  @Test func byNumberAloneWhatWasWrittenLaterTellsWhatWasThere() {
    var journal = Judged()
    journal.remove(4...6)
    journal.acceptByNumber(4)
    journal.goOn(0)
    journal.goOn(1)
    #expect(journal.findings == [])
    // 13 accepts; 14 is the police's fifth, 15 health's fifth: 11 was its fourth.
    var shorter = journal
    shorter.remove(7...11)
    #expect(
      shorter.findings == [
        Finding(seq: 14, fault: .revision(expected: 2, found: 5)),
        Finding(seq: 15, fault: .revision(expected: 2, found: 5)),
      ])
    // The gap reaches the entry that accepts it and those after it: they were not missing then.
    journal.remove(7...13)
    #expect(journal.findings.first == Finding(seq: 4, fault: .missing(upTo: 13)))
  }

  /// Who accepted a break at a higher number saw something stand before it.
  @Test func byNumberAloneALaterBreakTellsWhatWasThere() {
    var journal = Judged()
    journal.remove(4...5)
    journal.remove(8...8)
    journal.acceptByNumber(4)
    journal.acceptByNumber(8)
    #expect(journal.findings == [])
    journal.remove(6...7)
    #expect(journal.findings == [Finding(seq: 4, fault: .missing(upTo: 8))])
  }

  @Test func anEndThatWasCutOffAcceptsNothing() {
    var journal = Judged()
    journal.acceptByNumber(13)
    journal.lines.removeLast()
    #expect(journal.findings == [])
    let head = Judged().lines[11].chain
    var verifier = Verifier(heads: [12: head])
    journal.lines.removeAll { $0.seq > 10 }
    verifier.check(journal.lines)
    let found = verifier.breaks()
    #expect(found.map(\.finding) == [Finding(seq: 11, fault: .cutOff(head: 12))])
    let evidence = found.first?.evidence
    #expect(evidence?.kind == .cutOff && evidence?.upTo == 12 && evidence?.digestAfter == nil)
    #expect(evidence?.chainBefore == Judged().lines[9].chain.hex)
  }

  // MARK: - What is told

  @Test func whatWasAcceptedIsListedWithWhatShowsOfIt() {
    var journal = Judged()
    journal.remove(4...6)
    journal.change(9, line: "{\"secret\":1}")
    journal.accept(4)
    journal.accept(9)
    journal.acceptByNumber(2)
    let told = journal.verifier.acceptances
    #expect(told.map(\.by) == [13, 14, 15] && told.allSatisfy { $0.accepted.reason == "judged" })
    #expect(
      told.map(\.description) == [
        "entries 4 to 6 are missing", "entry 9 was altered: its text and salt do not give its digest",
        "a break at entry 2, which does not show like that any more",
      ])
    #expect(journal.verifier.missing == [4...6])
  }

  @Test func everyKindGoesThereAndBack() throws {
    for kind in BreakKind.allCases {
      let evidence = BreakEvidence(
        kind: kind, upTo: 7, chainBefore: Hash256.zero.hex, digestAfter: nil, chainAfter: nil, imprint: nil)
      let entry = Entry(
        stream: .daemon, revision: 1, at: .sample(0), actor: nil, mark: nil,
        event: .breakAccepted(AcceptedBreak(seq: 3, reason: "judged", evidence: evidence)))
      #expect(try JournalLine.decode(JournalLine.encode(entry)) == entry)
    }
  }
}

extension Finding.Fault {
  /// A stream that skips revisions behind a gap is another's affair.
  fileprivate var isNoSkip: Bool { if case .revision = self { false } else { true } }
}
