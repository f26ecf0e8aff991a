// Which streams a request needs of the journal, and what it takes from them: those of what is closed, and of the sequence before.
import Convening
import Simulation
import Testing

@testable import Coordination

@Suite struct AdmissionTests {
  private static let (first, second, third) = (DiscussionID(bits: 1), DiscussionID(bits: 2), DiscussionID(bits: 3))

  /// The first is closed; the second follows it and is closed where that is asked, else open.
  private func day(secondIsClosed: Bool) throws -> Scenario {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: [], in: Scenario.town())
    day.convene(Self.first, "14:00", [])
    close(Self.first, &day)
    let closed = try #require(try Discussion.folding(day.journal.lines(of: .discussion(Self.first))))
    day.request(
      .convene(Self.second, Self.following(Self.first, day), firstBody: Fingerprint(high: 2, low: 0)),
      admitted: .init(earlier: [closed]))
    if secondIsClosed { close(Self.second, &day) }
    return day
  }

  private func close(_ id: DiscussionID, _ day: inout Scenario) {
    day.request(.change(id, .decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1"))))
    day.request(.change(id, .close))
  }

  private static func following(_ id: DiscussionID, _ day: Scenario) -> Convene {
    Convene(meeting: .at(day.now + .hours(1)), agencies: [], team: "duty", convenedBy: "manager", follows: id)
  }

  /// What is read, in its order, and what comes of it.
  private func admit(_ change: Request.Change, _ day: Scenario) throws -> (read: [DiscussionID], Input.Admitted) {
    var admission = Admission(of: Request(change, actor: Actor(uid: 1, pid: 1)), to: day.docket)
    var read: [DiscussionID] = []
    while let stream = admission.next() {
      if case .discussion(let id) = stream { read.append(id) }
      try admission.take(day.journal.lines(of: stream), of: stream)
    }
    return (read, try admission.admitted())
  }

  @Test func aSequenceIsReadAsFarAsItIsClosed() throws {
    for (isClosed, read, earlier) in [
      (true, [Self.third, Self.second, Self.first], [Self.second, Self.first]),
      (false, [Self.third, Self.first], [Self.first]),
    ] {
      let day = try day(secondIsClosed: isClosed)
      let convene = Request.Change.convene(
        Self.third, Self.following(Self.second, day), firstBody: Fingerprint(high: 3, low: 0))
      let (streams, admitted) = try admit(convene, day)
      #expect(streams == read && admitted.earlier.map(\.id) == earlier)
      // It is new: there is nothing of its own.
      #expect(admitted.discussion == nil && !admitted.isBeheaded)
    }
  }

  @Test func aCorrectionNeedsItsEntriesWhereverItStands() throws {
    let correction = Command.correct(revision: 2, reason: "a slip of the pen", replacement: nil)
    for (isClosed, read) in [(true, [Self.second, Self.first]), (false, [Self.second, Self.first])] {
      let day = try day(secondIsClosed: isClosed)
      let (streams, admitted) = try admit(.change(Self.second, correction), day)
      #expect(streams == read && admitted.earlier.map(\.id) == [Self.first])
      let written = day.journal.lines(of: .discussion(Self.second)).map(\.revision)
      #expect(!written.isEmpty && admitted.entries.map(\.revision) == written)
      #expect((admitted.discussion == nil) == !isClosed)
    }
  }

  @Test func whatIsInMemoryIsNotRead() throws {
    let day = try day(secondIsClosed: false)
    // A decision looks at the sequence, an acknowledgement does not.
    let decision = Command.decide(Decision(outcome: .nfa, byRole: "chair", reason: "R1"))
    #expect(try admit(.change(Self.second, decision), day).read == [Self.first])
    #expect(try admit(.change(Self.second, .cancel(reason: "twice")), day).read == [])
    #expect(try admit(.change(Self.first, .cancel(reason: "twice")), day).read == [Self.first])
  }

  /// Thousands of rows come in one file: eight times as many take eight times as long, not sixty-four.
  @Test func theWorkGrowsWithTheRowsAlone() throws {
    let day = try day(secondIsClosed: false)
    func time(_ rows: UInt64) throws -> Duration {
      let imports = Request.Change.imports(
        (1...rows).map { number in
          let facts = ContactFacts(receivedAt: day.now, team: "duty")
          return ImportRow(
            line: Int(number) + 1, first: .contact(ContactID(bits: 6000 + number), .receive(facts)), then: [])
        })
      return try ContinuousClock().measure {
        var admission = Admission(of: Request(imports, actor: Actor(uid: 1, pid: 1)), to: day.docket)
        var read = 0
        while let stream = admission.next() {
          read += 1
          try admission.take([], of: stream)
        }
        #expect(read == Int(rows))
      }
    }
    // The quickest of three of each: others may use the machine.
    let few = try (0..<3).map { _ in try time(500) }.min()!
    let many = try (0..<3).map { _ in try time(4000) }.min()!
    #expect(many < few * 24, "\(many), \(few)")
  }
}
