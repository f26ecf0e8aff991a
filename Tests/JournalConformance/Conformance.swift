// What every journal owes, and the records that read beside it. Each check opens its own store through the fixture, so
// that one suite runs over SQLite, over memory and behind a faulty journal. It waits for nothing and reads no clock.
import Convening
import Coordination
import Testing
import Wire

/// One store, opened as often as a check likes. Only one journal is open at a time.
public struct JournalFixture {
  public let open: () throws -> any Journal
  /// While a journal is open.
  public let records: () throws -> any Records
  /// Puts these rows in the place of all that there are.
  public let rebuild: (any Journal, [Rows]) -> Appended

  public init(
    open: @escaping () throws -> any Journal, records: @escaping () throws -> any Records,
    rebuild: @escaping (any Journal, [Rows]) -> Appended
  ) {
    (self.open, self.records, self.rebuild) = (open, records, rebuild)
  }

  /// Over memory.
  public static func memory() -> JournalFixture {
    let store = MemoryStore()
    return JournalFixture(
      open: { MemoryJournal(store) }, records: { MemoryRecords(store) },
      rebuild: { journal, rows in (journal as? MemoryJournal)?.rebuild(rows) ?? .broken("another journal") })
  }

  /// The same store behind a faulty journal whose script never fails.
  public func behindFaults() -> JournalFixture {
    JournalFixture(
      open: { [open] in FaultyJournal(try open()) { _ in nil } }, records: records,
      rebuild: { [open] journal, rows in
        // The faulty journal shows no way in: close it and rebuild beside it.
        journal.close()
        do {
          let inner = try open()
          defer { inner.close() }
          return rebuild(inner, rows)
        } catch {
          return .broken("\(error)")
        }
      })
  }
}

/// A check of the suite, by its name.
public struct JournalCheck: Sendable, CustomTestStringConvertible {
  public let name: String
  public let run: @Sendable (JournalFixture) async throws -> Void

  public var testDescription: String { name }

  init(_ name: String, _ run: @escaping @Sendable (JournalFixture) async throws -> Void) {
    (self.name, self.run) = (name, run)
  }

  public static let all: [JournalCheck] = appending + reading + records
}

extension Journal {
  /// Every line, in batches of so many.
  public func allLines(batch: Int = 3) throws -> [SealedLine] {
    var all: [SealedLine] = []
    try forEachBatch(of: batch) { one in
      #expect((1...batch).contains(one.lines.count), "a batch holds 1 to \(batch) lines")
      #expect(one.links.count == one.lines.count, "each line has a link")
      all += one.lines
    }
    return all
  }

  /// What one finds who trusts nobody.
  public func findings(batch: Int = 3) throws -> [Finding] {
    var verifier = Verifier()
    try forEachBatch(of: batch) { verifier.check($0) }
    return verifier.end(ends: try streamEnds())
  }
}

extension JournalCheck {
  static let first: Stream = .discussion(DiscussionID(sample: 1))
  static let second: Stream = .discussion(DiscussionID(sample: 2))

  private static let appending = [
    JournalCheck("an empty journal has no lines, no rows and takes nothing") { fixture in
      let journal = try fixture.open()
      #expect(try journal.allLines().isEmpty)
      #expect(try journal.lines(of: first).isEmpty)
      #expect(journal.append([], []) == .done)
      let records = try fixture.records()
      #expect(try await records.discussions(DiscussionQuery()).isEmpty)
      #expect(try await records.lines(after: 0, limit: 10).isEmpty)
      #expect(
        try await records.counts(at: .sample(0)) == DiscussionCounts(byPhase: [:], overdue: 0, decidedWithoutAll: 0))
      journal.close()
    },
    JournalCheck("what was appended is read back as it was, in order") { fixture in
      var sealer = Sealer()
      let journal = try fixture.open()
      var written: [SealedLine] = []
      for turn in 1...5 {
        let lines = (0..<turn).map { sealer.line(($0 % 2 == 0 ? first : second).description) }
        #expect(journal.append(lines, []) == .done)
        written += lines
      }
      #expect(try journal.allLines() == written)
      #expect(try journal.lines(of: first) == written.filter { $0.stream == first.description })
      #expect(try journal.lines(of: second).map(\.revision) == Array(1...6))
      #expect(try journal.lines(of: .policy).isEmpty)
      journal.close()
    },
    JournalCheck("a line may hold any text, and an erased one none") { fixture in
      var sealer = Sealer()
      let texts = ["", "{}", "\u{0}", "é\u{1F600}\"\\\n", String(repeating: "x", count: 70_000)]
      var lines = texts.enumerated().map { sealer.seal("policy", $0.offset + 1, $0.element) }
      let last = sealer.line("policy")
      lines.append(
        SealedLine(
          seq: last.seq, stream: last.stream, revision: last.revision, line: nil, salt: nil, digest: last.digest,
          chain: last.chain))
      let journal = try fixture.open()
      #expect(journal.append(lines, []) == .done)
      #expect(try journal.allLines() == lines)
      #expect(try journal.lines(of: .policy) == lines)
      #expect(try await fixture.records().lines(after: 0, limit: 10) == lines)
      journal.close()
    },
    JournalCheck("lines that do not follow are refused, and nothing of their turn stays") { fixture in
      var sealer = Sealer()
      let lines = (0..<4).map { _ in sealer.line(first.description) }
      var other = Sealer()
      let strangers = [other.line(second.description), other.line(second.description)]
      let turns: [(String, [SealedLine])] = [
        ("a number left out", [lines[0], lines[2]]), ("a number twice", [lines[0], lines[0]]),
        ("a start in mid-journal", [lines[1]]), ("a stream that starts at 2", [sealer.seal("policy", 2, "{}")]),
        ("a revision left out", [lines[0], strangers[1]]),
      ]
      for (what, turn) in turns {
        let journal = try fixture.open()
        guard case .broken = journal.append(turn, [.sample(1)]) else {
          Issue.record("\(what) was taken")
          continue
        }
        #expect(try journal.allLines().isEmpty, "\(what) left lines")
        #expect(try await fixture.records().discussions(DiscussionQuery()).isEmpty, "\(what) left rows")
        journal.close()
      }
      let journal = try fixture.open()
      #expect(journal.append(lines, []) == .done, "after a new start the right lines are taken")
      journal.close()
    },
    JournalCheck("what is durable outlives a journal that was closed, and one that was not") { fixture in
      var sealer = Sealer()
      var written: [SealedLine] = []
      for isClosed in [true, false, true] {
        do {
          let journal = try fixture.open()
          #expect(try journal.allLines() == written)
          let lines = [sealer.line(first.description), sealer.line("daemon")]
          #expect(journal.append(lines, [.sample(1, duration: lines[0].revision)]) == .done)
          written += lines
          if isClosed { journal.close() }
        }
      }
      let journal = try fixture.open()
      #expect(try journal.allLines() == written)
      #expect(try await fixture.records().discussions(DiscussionQuery()).map(\.discussion.durationMinutes) == [3])
      journal.close()
    },
    JournalCheck("the ballast is released once") { fixture in
      let journal = try fixture.open()
      #expect(journal.releaseBallast())
      #expect(!journal.releaseBallast())
      #expect(journal.restoreBallast())
      #expect(journal.releaseBallast(), "what was set aside again is there again")
      journal.close()
    },
  ]

  private static let reading = [
    JournalCheck("batches are as large as asked, the last one smaller, and may append") { fixture in
      var sealer = Sealer()
      let journal = try fixture.open()
      let lines = (0..<10).map { sealer.line("agency/a\($0 % 3)") }
      #expect(journal.append(lines, []) == .done)
      var sizes: [Int] = []
      try journal.forEachBatch(of: 4) { batch in
        sizes.append(batch.lines.count)
        #expect(journal.append([sealer.line("daemon")], []) == .done)
        let own = try journal.lines(of: .agency("a0"))
        #expect(own.count == 4)
      }
      #expect(sizes == [4, 4, 2])
      #expect(try journal.allLines().count == 13)
      struct Enough: Error {}
      #expect(throws: Enough.self) { try journal.forEachBatch(of: 4) { _ in throw Enough() } }
      journal.close()
    },
    JournalCheck("each line comes with the one before it in its stream, and each stream with its end") { fixture in
      var sealer = Sealer()
      let journal = try fixture.open()
      #expect(try journal.streamEnds().isEmpty)
      for _ in 1...3 {
        #expect(journal.append([first.description, second.description, "daemon"].map { sealer.line($0) }, []) == .done)
      }
      var links: [Link] = []
      try journal.forEachBatch(of: 4) { links += $0.links }
      #expect(links == [0, 0, 0, 1, 2, 3, 4, 5, 6].map { Link(previous: $0) })
      let ends = [first.description, second.description, "daemon"].enumerated().map { place, stream in
        StreamEnd(stream: stream, seq: 7 + place, revision: 3)
      }
      #expect(try Set(journal.streamEnds()) == Set(ends))
      #expect(try journal.findings() == [])
      journal.close()
    },
    JournalCheck("relinking changes nothing where nothing is wrong, and what it appends follows") { fixture in
      var sealer = Sealer()
      let journal = try fixture.open()
      let before = (0..<9).map { sealer.line(($0 % 2 == 0 ? first : second).description) }
      #expect(journal.append(before, []) == .done)
      let after = [sealer.line(first.description), sealer.line("daemon")]
      #expect(journal.relink(appending: after, [.sample(1)]) == .done)
      #expect(try journal.allLines() == before + after)
      #expect(try journal.lines(of: first).map(\.revision) == Array(1...6))
      #expect(try await fixture.records().discussions(DiscussionQuery()) == [.sample(1)])
      #expect(try journal.findings() == [])
      journal.close()
    },
    JournalCheck("records read a stream, and the lines after a number") { fixture in
      var sealer = Sealer()
      let journal = try fixture.open()
      let lines = (0..<9).map { sealer.line(($0 % 2 == 0 ? first : second).description) }
      #expect(journal.append(lines, []) == .done)
      let records = try fixture.records()
      #expect(try await records.lines(of: second) == lines.filter { $0.stream == second.description })
      #expect(try await records.lines(after: 0, limit: 4).map(\.seq) == [1, 2, 3, 4])
      #expect(try await records.lines(after: 4, limit: 500) == Array(lines[4...]))
      #expect(try await records.lines(after: 9, limit: 5).isEmpty)
      #expect(try await records.size() > 0)
      journal.close()
    },
  ]
}
