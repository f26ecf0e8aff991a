// What a store keeps beside the entries, held against them: a journal of three streams, and in each test one place
// where the two do not agree. What is left behind where an entry is missing is not said twice.
import JournalConformance
import Testing
import Wire

/// Nine entries: 1, 4, 7 of `agency/police`, 2, 5, 8 of `agency/health`, 3, 6, 9 of `agency/csc`; and what is kept of
/// them.
private struct Kept {
  static let streams = ["agency/police", "agency/health", "agency/csc"]

  var lines: [SealedLine] = []
  var links: [Link] = []
  var ends: [StreamEnd] = []
  var sealer = Sealer()

  init() {
    for number in 0..<9 {
      lines.append(sealer.line(Kept.streams[number % 3]))
      links.append(Link(previous: max(0, number - 2)))
    }
    ends = Kept.streams.enumerated().map { StreamEnd(stream: $1, seq: 7 + $0, revision: 3) }
  }

  func findings(batch size: Int = 4) -> [Finding] {
    var verifier = Verifier()
    for start in stride(from: 0, to: lines.count, by: size) {
      let places = start..<min(start + size, lines.count)
      verifier.check(LinkedLines(lines: Array(lines[places]), links: Array(links[places])))
    }
    return verifier.end(ends: ends)
  }

  mutating func remove(_ seqs: [Int]) {
    let places = lines.indices.filter { !seqs.contains(lines[$0].seq) }
    (lines, links) = (places.map { lines[$0] }, places.map { links[$0] })
  }

  mutating func link(_ seq: Int, _ link: Link) {
    if let place = lines.firstIndex(where: { $0.seq == seq }) { links[place] = link }
  }

  /// As a store does once the breaks were accepted.
  mutating func relink() {
    var last: [String: StreamEnd] = [:]
    for (place, line) in lines.enumerated() {
      links[place] = Link(revision: line.revision, after: last[line.stream])
      last[line.stream] = StreamEnd(stream: line.stream, seq: line.seq, revision: line.revision)
    }
    ends = last.values.sorted { $0.seq < $1.seq }
  }
}

@Suite struct LinkTests {
  @Test func whatFollowsFromTheEntriesIsNoFinding() {
    #expect(Kept().findings() == [])
    var relinked = Kept()
    relinked.relink()
    #expect(relinked.links == Kept().links && relinked.ends == Kept().ends)
  }

  @Test(arguments: [
    ("the one before is left out", 7, Link(previous: 1), "follows entry 1"),
    (
      "the one before is left out, as if it were missing", 7, Link(previous: 1, isGap: true),
      "follows entry 1, with others missing between them"
    ),
    ("all before are left out", 7, Link(previous: 0), "is the first of its stream"),
    ("all before are missing", 7, Link(previous: 0, isGap: true), "is the first of its stream that is left"),
    (
      "a gap where there is none", 7, Link(previous: 4, isGap: true),
      "follows entry 4, with others missing between them"
    ),
    ("another stream's", 7, Link(previous: 5), "follows entry 5"),
    ("one that was never there", 7, Link(previous: 99), "follows entry 99"),
  ]) func aLinkThatDoesNotFollowIsNamed(what: String, seq: Int, kept: Link, words: String) {
    var journal = Kept()
    journal.link(seq, kept)
    let finding = Finding(seq: seq, fault: .mislinked(kept: kept, right: Link(previous: 4)))
    #expect(journal.findings() == [finding] && journal.findings(batch: 1) == [finding], "\(what)")
    #expect("\(finding)" == "it is kept beside entry 7 that it \(words), and in its stream it follows entry 4")
    #expect(finding.isBesideTheEntries)
  }

  @Test func anEndThatDoesNotFollowIsNamed() {
    let right = StreamEnd(stream: "agency/police", seq: 7, revision: 3)
    for (what, seq, revision) in [("an earlier end", 4, 2), ("its revision alone", 7, 2), ("its entry alone", 4, 3)] {
      var journal = Kept()
      let kept = StreamEnd(stream: right.stream, seq: seq, revision: revision)
      journal.ends[0] = kept
      let finding = Finding(seq: 7, fault: .endMoved(kept: kept, right: right))
      #expect(journal.findings() == [finding], "\(what)")
      #expect(
        "\(finding)"
          == "entry 7 is the last of its stream, at revision 3, and it is kept of the stream that it ends with "
          + "entry \(seq), at revision \(revision)")
    }
  }

  @Test func aStreamWithoutEntriesIsNamedByTheOneThatItClaims() {
    for (claimed, named) in [(5, 5), (0, 1), (-7, 1)] {
      var journal = Kept()
      let kept = StreamEnd(stream: "discussion/7Q2F-M9KD", seq: claimed, revision: 3)
      journal.ends.append(kept)
      let finding = Finding(seq: named, fault: .endMoved(kept: kept, right: nil))
      #expect(journal.findings() == [finding])
      #expect(!"\(finding)".contains("7Q2F"))
    }
  }

  /// Links and ends that still name what is missing are what it leaves behind: it is named once.
  @Test(
    arguments: [
      ([4], [Finding(seq: 4, fault: .missing(upTo: 4))]), ([1], [Finding(seq: 1, fault: .missing(upTo: 1))]),
      ([7], [Finding(seq: 7, fault: .missing(upTo: 7))]), ([7, 8, 9], [Finding(seq: 7, fault: .cutOff(head: 9))]),
      ([2, 5, 8], [2, 5, 8].map { Finding(seq: $0, fault: .missing(upTo: $0)) }),
      ([3, 4, 8], [Finding(seq: 3, fault: .missing(upTo: 4)), Finding(seq: 8, fault: .missing(upTo: 8))]),
    ] as [([Int], [Finding])]) func whatIsMissingIsNamedOnce(seqs: [Int], findings: [Finding])
  {
    var journal = Kept()
    journal.remove(seqs)
    #expect(journal.findings() == findings)
  }

  @Test func anEntryUnderAnotherStreamIsNamedOnce() {
    var journal = Kept()
    let old = journal.lines[6]
    journal.lines[6] = SealedLine(
      seq: 7, stream: "agency/csc", revision: 3, line: old.line, salt: old.salt, digest: old.digest, chain: old.chain)
    #expect(
      journal.findings() == [
        Finding(seq: 7, fault: .mislabelled), Finding(seq: 9, fault: .revision(expected: 4, found: 3)),
      ])
  }

  @Test func whatIsWrongBesideABreakIsNamedToo() {
    var journal = Kept()
    journal.remove([3])
    journal.link(7, Link(previous: 1, isGap: true))
    #expect(
      journal.findings() == [
        Finding(seq: 3, fault: .missing(upTo: 3)),
        Finding(seq: 7, fault: .mislinked(kept: Link(previous: 1, isGap: true), right: Link(previous: 4))),
      ])
  }

  /// An accepted gap is marked as one; no other mark passes for it, and no entry accepts one.
  @Test func anAcceptedGapIsKeptAsOneAndNothingElseIs() {
    for data in [#"{"seq":4,"reason":"judged"}"#, #"{"seq":7,"reason":"judged"}"#] {
      var journal = Kept()
      journal.remove([4])
      journal.lines.append(
        journal.sealer.line("daemon", event: "breakAccepted", data: #"{"seq":4,"reason":"judged"}"#))
      journal.lines.append(journal.sealer.line("daemon", event: "breakAccepted", data: data))
      journal.links += [Link(previous: 0), Link(previous: 10)]
      journal.ends.append(StreamEnd(stream: "daemon", seq: 11, revision: 2))
      #expect(journal.findings().map(\.seq) == [7], "who accepts has the links derived anew")
      journal.relink()
      #expect(journal.findings() == [])
      for kept in [
        Link(previous: 4), Link(previous: 1), Link(previous: 0, isGap: true), Link(previous: 2, isGap: true),
      ] {
        journal.link(7, kept)
        let fault = Finding.Fault.mislinked(kept: kept, right: Link(previous: 1, isGap: true))
        #expect(journal.findings() == [Finding(seq: 7, fault: fault)])
      }
    }
  }
}
