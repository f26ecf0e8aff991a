// The half of the suite that looks at rows: that they come and go with their lines, and that each search finds the same
// ones in the same order over every store.
import Convening
import Coordination
import Testing
import Wire

extension JournalCheck {
  static let records = [
    JournalCheck("rows are replaced whole, whatever changes in them") { fixture in
      let journal = try fixture.open()
      let records = try fixture.records()
      var rows = Rows.sample(1)
      func replacedBy(_ what: String, _ change: (inout Rows) -> Void) async throws {
        change(&rows)
        #expect(journal.append([], [rows]) == .done)
        #expect(try await records.discussions(DiscussionQuery()) == [rows], "\(what)")
        for agency: AgencyID in ["health", "school"] {
          let expected = rows.positions.contains { $0.agency == agency } ? [rows] : []
          #expect(try await records.discussions(DiscussionQuery(agency: agency)) == expected, "\(what): \(agency)")
        }
      }
      try await replacedBy("the first") { _ in }
      try await replacedBy("nothing") { _ in }
      try await replacedBy("a meeting") { $0.discussion.meetingAt = .sample(9000) }
      try await replacedBy("a timing") { $0.discussion.timing = .asSoonAsTheyAnswer }
      try await replacedBy("a phase") { $0.discussion.phase = .held }
      try await replacedBy("plain columns") {
        ($0.discussion.urgency, $0.discussion.form, $0.discussion.team) = (.standard, .phone, "night-team")
        ($0.discussion.policy, $0.discussion.durationMinutes) = (PolicyRef(id: "leeds-2027-04", edition: 1), 90)
        ($0.discussion.needIdentifiedAt, $0.discussion.convenedAt) = (.sample(3), .sample(2))
        $0.discussion.heldAt = .sample(8000)
      }
      try await replacedBy("a decision") {
        ($0.discussion.phase, $0.discussion.decidedAt, $0.discussion.quorate) = (.decided, .sample(8100), false)
        ($0.discussion.decisionRecorded, $0.discussion.outcome) = (.sample(8200), .nfa)
      }
      try await replacedBy("a quorum") { $0.discussion.quorate = true }
      try await replacedBy("one position") {
        ($0.positions[0].contribution, $0.positions[0].contributedAt) = (.writtenBefore, .sample(40))
        ($0.positions[0].counts, $0.positions[0].declined) = (true, nil)
      }
      try await replacedBy("a position less") { $0.positions.removeLast() }
      try await replacedBy("another order") { $0.positions.reverse() }
      try await replacedBy("two positions more") {
        $0.positions += Rows.sample(1, agencies: ["school", "housing"]).positions
      }
      try await replacedBy("no position") { $0.positions = [] }
      try await replacedBy("what is not known") {
        ($0.discussion.needIdentifiedAt, $0.discussion.heldAt, $0.discussion.outcome) = (nil, nil, nil)
        ($0.discussion.decidedAt, $0.discussion.quorate, $0.discussion.decisionRecorded) = (nil, nil, nil)
      }
      journal.close()
    },
    JournalCheck("every word of every enum is read back") { fixture in
      let journal = try fixture.open()
      var written: [Rows] = []
      for (number, barrier) in BarrierCode.allCases.enumerated() {
        var rows = Rows.sample(number, meetingAt: .sample(number))
        rows.discussion.phase = Phase.allCases[number % Phase.allCases.count]
        rows.discussion.form = Form.allCases[number % Form.allCases.count]
        rows.discussion.urgency = Urgency.allCases[number % Urgency.allCases.count]
        rows.discussion.outcome = Outcome.allCases[number % Outcome.allCases.count]
        rows.positions[0].contribution = ContributionKind.allCases[number % ContributionKind.allCases.count]
        rows.positions[1].declined = barrier
        written.append(rows)
      }
      #expect(journal.append([], written) == .done)
      #expect(try await fixture.records().discussions(DiscussionQuery(limit: 500)) == written)
      journal.close()
    },
    JournalCheck("discussions are found by phase, agency and meeting, page by page") { fixture in
      let journal = try fixture.open()
      let written = (0..<60).map { number in
        Rows.sample(
          number, phase: Phase.allCases[number % 3], meetingAt: .sample(number / 4),
          agencies: number % 5 == 0 ? ["police", "school"] : ["social-care", "police", "health"])
      }
      #expect(journal.append([], written) == .done)
      let order = written.sorted {
        ($0.discussion.meetingAt, $0.discussion.id) < ($1.discussion.meetingAt, $1.discussion.id)
      }
      let records = try fixture.records()
      let filters: [(String, DiscussionQuery, (Rows) -> Bool)] = [
        ("all", DiscussionQuery(), { _ in true }),
        ("held", DiscussionQuery(phase: .held), { $0.discussion.phase == .held }),
        ("the school's", DiscussionQuery(agency: "school"), { $0.positions.count == 2 }),
        ("nobody's", DiscussionQuery(agency: "care"), { _ in false }),
        ("early ones", DiscussionQuery(dueBefore: .sample(7)), { $0.discussion.meetingAt < .sample(7) }),
        (
          "all at once", DiscussionQuery(phase: .scheduled, agency: "health", dueBefore: .sample(9)),
          { $0.discussion.phase == .scheduled && $0.positions.count == 3 && $0.discussion.meetingAt < .sample(9) }
        ),
      ]
      for (what, query, belongs) in filters {
        let expected = order.filter(belongs)
        #expect(try await records.discussions(query) == expected, "\(what)")
        for limit in [1, 7] {
          var (page, found) = (query, [Rows]())
          page.limit = limit
          while let last = try await records.discussions(page).last {
            found += try await records.discussions(page)
            page.after = (last.discussion.meetingAt, last.discussion.id)
          }
          #expect(found == expected, "\(what), \(limit) a page")
        }
      }
      journal.close()
    },
    JournalCheck("decided discussions come in the order of their decisions") { fixture in
      let journal = try fixture.open()
      let written = (0..<20).map { number in
        Rows.sample(
          number, phase: number % 4 == 0 ? .scheduled : .closed,
          decidedAt: number % 4 == 0 ? nil : .sample(100 - number), quorate: number % 4 == 0 ? nil : true)
      }
      #expect(journal.append([], written) == .done)
      let records = try fixture.records()
      let decided = written.compactMap(\.decided).sorted { $0.decidedAt < $1.decidedAt }
      #expect(decided.count == 15)
      #expect(try await records.decided(from: .sample(0), to: .sample(101)) == decided)
      #expect(
        try await records.decided(from: .sample(93), to: .sample(97))
          == decided.filter { (.sample(93)..<(.sample(97))).contains($0.decidedAt) })
      #expect(try await records.decided(from: .sample(101), to: .sample(200)).isEmpty)
      journal.close()
    },
    JournalCheck("what the report reads comes and goes with its discussion, whatever it says") { fixture in
      let journal = try fixture.open()
      let records = try fixture.records()
      var rows = Rows.sample(1, phase: .decided, decidedAt: .sample(90), quorate: false)
      func replaced(_ change: (inout Rows) -> Void) async throws {
        change(&rows)
        #expect(journal.append([], [rows]) == .done)
        #expect(try await records.decided(from: .sample(0), to: .sample(9000)) == [rows.decided].compactMap(\.self))
        #expect(try await records.discussions(DiscussionQuery()) == [rows])
      }
      try await replaced { _ in }
      try await replaced { $0.decided?.decidedAt = .sample(91) }
      for kind in ContributionKind.allCases { try await replaced { $0.decided?.agencies[0].kind = kind } }
      for code in BarrierCode.allCases { try await replaced { $0.decided?.agencies[1].barrier = code } }
      for part in Decided.Part.allCases { try await replaced { $0.decided?.agencies[2].part = part } }
      for agrees in [true, false, nil] { try await replaced { $0.decided?.agencies[1].agrees = agrees } }
      let moments: [WritableKeyPath<Decided, Instant?>] = [
        \.needIdentifiedAt, \.heldAt, \.holdBy, \.circulatedAt, \.circulateBy, \.followUpBy, \.followUpDoneAt,
        \.conferenceFrom, \.conferenceBy, \.conferenceHeldAt, \.s47StartedAt, \.disagreementBy, \.disagreementEndedAt,
      ]
      for (number, moment) in moments.enumerated() {
        try await replaced { $0.decided?[keyPath: moment] = .sample(200 + number) }
      }
      try await replaced { $0.decided?.urgency = .standard }
      try await replaced { $0.decided?.hasReason = false }
      try await replaced { $0.decided?.isDissented = true }
      try await replaced { $0.decided?.agencies[0].wasSentRecord = true }
      try await replaced { $0.decided?.agencies[0].hasRecord = true }
      try await replaced { $0.decided?.agencies.removeAll() }
      try await replaced { $0.decided = nil }
      journal.close()
    },
    JournalCheck("discussions are counted by where they stand") { fixture in
      let journal = try fixture.open()
      let written: [Rows] = [
        .sample(1, meetingAt: .sample(0)), .sample(2, meetingAt: .sample(40)), .sample(3, meetingAt: .sample(41)),
        .sample(4, phase: .held, meetingAt: .sample(0)),
        .sample(5, phase: .decided, decidedAt: .sample(9), quorate: false),
        .sample(6, phase: .circulated, decidedAt: .sample(9), quorate: false),
        .sample(7, phase: .decided, decidedAt: .sample(9), quorate: true),
        .sample(8, phase: .closed, decidedAt: .sample(9), quorate: false),
      ]
      #expect(journal.append([], written) == .done)
      let counts = try await fixture.records().counts(at: .sample(101))
      #expect(
        counts
          == DiscussionCounts(
            byPhase: [.scheduled: 3, .held: 1, .decided: 2, .circulated: 1, .closed: 1], overdue: 2,
            decidedWithoutAll: 2))
      journal.close()
    },
    JournalCheck("contacts come in the order in which they are due, by state and team, page by page") { fixture in
      let journal = try fixture.open()
      let now = Instant.sample(30)
      let written = (0..<60).map { number in
        ContactRow(
          id: ContactID(bits: DiscussionID(sample: number).bits), team: number % 3 == 0 ? "night" : "duty",
          receivedAt: .sample(number), recordedAt: .sample(number), reviewDue: .sample(number / 2 * 3),
          provisional: number % 2 == 0, outcome: number % 5 == 0 ? .nfa : nil,
          outcomeAt: number % 5 == 0 ? .sample(number) : nil,
          discussion: number % 10 == 0 ? DiscussionID(sample: 7) : nil,
          reviewedAt: number % 7 == 0 ? .sample(number + 1) : nil)
      }
      #expect(journal.append([], [], written) == .done)
      #expect(journal.append([], [], written) == .done)
      let order = written.sorted { ($0.reviewDue, $0.id) < ($1.reviewDue, $1.id) }
      let records = try fixture.records()
      let filters: [(String, ContactQuery, (ContactRow) -> Bool)] = [
        ("all", ContactQuery(now: now), { _ in true }),
        ("open", ContactQuery(state: .open, now: now), { [.open, .due].contains($0.state(at: now)) }),
        ("due", ContactQuery(state: .due, now: now), { $0.state(at: now) == .due }),
        ("reviewed", ContactQuery(state: .reviewed, now: now), { $0.state(at: now) == .reviewed }),
        (
          "the night's", ContactQuery(state: .outcome, team: "night", now: now),
          {
            $0.state(at: now) == .outcome && $0.team == "night"
          }
        ),
      ]
      for (what, query, belongs) in filters {
        let expected = order.filter(belongs)
        #expect(try await records.contacts(query) == expected, "\(what)")
        var (page, found) = (query, [ContactRow]())
        page.limit = 7
        while let last = try await records.contacts(page).last {
          found += try await records.contacts(page)
          page.after = ContactPlace(reviewDue: last.reviewDue, id: last.id)
        }
        #expect(found == expected, "\(what), 7 a page")
      }
      let due = order.filter { $0.state(at: now) == .due }
      #expect(
        try await records.frontDoor(at: now)
          == FrontDoorCounts(
            open: order.filter { [.open, .due].contains($0.state(at: now)) }.count, due: due.count,
            oldestDue: due.first?.reviewDue))
      journal.close()
    },
    JournalCheck("contacts past their time, and contacts by receipt") { fixture in
      let journal = try fixture.open()
      let written = (0..<30).map { number -> ContactRow in
        var row = ContactRow(
          id: ContactID(bits: UInt64(number * 7 % 30)), team: "duty", receivedAt: .sample(number % 10),
          recordedAt: .sample(number), reviewDue: .sample(number % 12 + 20), provisional: false)
        if number % 3 == 0 { (row.outcome, row.outcomeAt) = (.nfa, .sample(50)) }
        if number % 3 == 1 { row.reviewedAt = .sample(51) }
        return row
      }
      #expect(journal.append([], [], written) == .done)
      let records = try fixture.records()
      let past = written.filter { row -> Bool in
        let waits = row.outcomeAt == nil && row.reviewedAt == nil
        return row.reviewDue <= .sample(28) && (row.reviewDue >= .sample(25) || waits)
      }.sorted { ($0.reviewDue, $0.id) < ($1.reviewDue, $1.id) }
      #expect(past.count > 5)
      #expect(try await records.contacts(pastSince: .sample(25), at: .sample(28)) == past)
      let received = written.filter { (.sample(3)..<(.sample(6))).contains($0.receivedAt) }
        .sorted { ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id) }
      #expect(try await records.contacts(receivedFrom: .sample(3), to: .sample(6)) == received)
      journal.close()
    },
    JournalCheck("decisions come with whose they are, in their order") { fixture in
      let journal = try fixture.open()
      var written = (0..<12).map { number in
        Rows.sample(
          number, phase: number % 4 == 0 ? .scheduled : .closed,
          decidedAt: number % 4 == 0 ? nil : .sample(100 - number), quorate: number % 4 == 0 ? nil : true)
      }
      for number in written.indices where number % 3 == 0 { written[number].discussion.timing = .lateEntry }
      #expect(journal.append([], written) == .done)
      let wanted = written.compactMap { rows in
        rows.decided.map { decided in
          DecidedDiscussion(
            id: rows.discussion.id, team: rows.discussion.team, isLateEntry: rows.discussion.timing == .lateEntry,
            decided: decided)
        }
      }.sorted { $0.decided.decidedAt < $1.decided.decidedAt }
      #expect(wanted.count == 9)
      #expect(try await fixture.records().decisions() == wanted)
      journal.close()
    },
    JournalCheck("the row of a contact is replaced whole") { fixture in
      let journal = try fixture.open()
      let records = try fixture.records()
      var row = ContactRow(
        id: ContactID(bits: 5), team: "duty", receivedAt: .sample(0), recordedAt: .sample(1), reviewDue: .sample(2),
        provisional: false)
      func replacedBy(_ change: (inout ContactRow) -> Void) async throws {
        change(&row)
        #expect(journal.append([], [], [row]) == .done)
        #expect(try await records.contacts(ContactQuery(now: .sample(9))) == [row])
      }
      try await replacedBy { _ in }
      try await replacedBy {
        ($0.team, $0.receivedAt, $0.reviewDue, $0.provisional) = ("x", .sample(3), .sample(4), true)
      }
      try await replacedBy {
        ($0.outcome, $0.outcomeAt, $0.discussion) = (.referral, .sample(5), DiscussionID(sample: 1))
      }
      try await replacedBy { ($0.outcome, $0.discussion) = (.nfa, nil) }
      try await replacedBy { $0.reviewedAt = .sample(6) }
      journal.close()
    },
    JournalCheck("a rebuild leaves the rows it was given and no others") { fixture in
      let journal = try fixture.open()
      let written = (0..<9).map { Rows.sample($0, meetingAt: .sample($0)) }
      #expect(journal.append([], written) == .done)
      let kept = written.enumerated().filter { $0.offset % 2 == 0 }.map { offset, rows in
        Rows.sample(offset, duration: 9, meetingAt: rows.discussion.meetingAt, agencies: ["health"])
      }
      #expect(fixture.rebuild(journal, kept) == .done)
      journal.close()
      let again = try fixture.open()
      #expect(try await fixture.records().discussions(DiscussionQuery()) == kept)
      again.close()
    },
  ]
}
