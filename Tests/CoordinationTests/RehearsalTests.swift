// A year that was lived is rehearsed. Under the policies that were in force it comes to what was sent; under another one the
// differences are those that the policies differ by.
import Convening
import Coordination
import Testing
import Wire

@Suite struct RehearsalTests {
  private static let (first, last) = (SeededYear.start, SeededYear.start + .days(400))

  private static func rehearse(
    _ year: SeededYear, under policy: Policy? = nil, from: Instant = first, to: Instant = last
  ) throws -> Rehearse.Outcome {
    var script = RehearsalScript(from: from, to: to)
    for start in stride(from: 0, to: year.journal.count, by: 997) {
      try script.take(Array(year.journal[start..<min(start + 997, year.journal.count)]))
    }
    return try Rehearse.run(script, under: policy, SeededYear.arrangements)
  }

  /// The policy that was in force, with something else about it.
  private static func policy(
    _ base: Policy, standard: Ladder? = nil, required: [AgencyID]? = nil
  ) -> Policy {
    Policy(
      id: "another", from: base.from, required: required ?? base.required, counting: base.counting,
      decisionRecorded: base.decisionRecorded, closeAfter: base.closeAfter, reasonWithoutAll: base.reasonWithoutAll,
      standard: standard ?? base.standard, urgent: base.urgent, clocks: base.clocks)
  }

  @Test(arguments: [UInt64(1), 2]) func thePolicyThatWasInForceGivesWhatWasSent(seed: UInt64) throws {
    let year = SeededYear(seed: seed, days: 250, areReceiversPerfect: true)
    let outcome = try Self.rehearse(year)
    #expect(outcome.discussions.count > 400 && outcome.notConvened.isEmpty && outcome.refused.isEmpty)
    let differing = outcome.discussions.filter { $0.was != $0.would }
    #expect(differing.isEmpty, "\(differing.count) of \(outcome.discussions.count): \(difference(differing.first))")
    // Something of each kind is in it.
    let all = outcome.discussions.flatMap(\.was)
    #expect(Set(all.map(\.place)) == [.contact, .deputy, .coordinator, .convener])
    #expect(
      Set(all.map(\.message)).isSuperset(of: [
        .invitation, .reminder, .attention, .rescheduled, .cancelled, .concluded, .answered,
      ]))
    let rehearsal = Rehearsal(outcome.discussions, calendar: SeededYear.calendar)
    #expect(rehearsal.absences == [] && rehearsal.total.absences > 50 && rehearsal.total.absencesWithMore == 0)
    #expect(rehearsal.total.was == rehearsal.total.would && rehearsal.total.was.outOfHours > 100)
  }

  private static func goOn(_ day: inout Scenario, to end: String) {
    for sent in day.unseen { day.answerUnseen(sent, 204) }
    while let next = day.docket.attention, next <= Scenario.moment(end) {
      day.run(until: next)
      for sent in day.unseen { day.answerUnseen(sent, 204) }
    }
    day.pass(to: end)
  }

  /// Police's deputy is the contact by the rota, Health's lead by cover, and half an hour of the morning was a pause.
  @Test func rotaCoverAndPausesAreAsTheyWere() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["police", "health"])
    Self.goOn(&day, to: "08:30")
    let shift = RotaEntry(
      place: .deputy, route: "police", from: Scenario.moment("08:45"), until: Scenario.moment("12:00"))
    day.request(.setRota("police", [shift]))
    day.request(
      .cover("health", Cover(place: .lead, route: "health", until: Scenario.moment("13:00"), reason: "leave")))
    Self.goOn(&day, to: "09:40")
    day.request(.pause(until: Scenario.moment("10:15"), reason: "maintenance"))
    let second = DiscussionID(bits: 77)
    day.convene(second, "15:00", ["police", "health"])
    Self.goOn(&day, to: "+1 09:00")
    var script = RehearsalScript(from: Scenario.moment("00:00"), to: Scenario.moment("+1 00:00"))
    try script.take(day.journal.lines)
    let outcome = try Rehearse.run(script, under: nil, Scenario.town())
    #expect(outcome.discussions.count == 2 && outcome.refused.isEmpty)
    for discussion in outcome.discussions { #expect(discussion.was == discussion.would, "\(difference(discussion))") }
    func sent(_ id: DiscussionID, _ agency: AgencyID) -> [String] {
      (outcome.discussions.first { $0.id == id }?.would ?? []).filter { $0.agency == agency }
        .map { "\(String("\($0.at)".dropFirst(11).prefix(5))) \($0.place)" }
    }
    let police = sent(day.discussion, "police")
    #expect(police.prefix(3) == ["08:00 contact", "10:15 lead", "11:00 coordinator"])
    #expect(sent(day.discussion, "health").prefix(3) == ["08:00 contact", "09:00 deputy", "11:00 coordinator"])
    #expect(sent(second, "health").first == "10:15 contact")
  }

  /// Those of which a correction moved the ladder are left out; what follows another is lived by itself.
  @Test func correctedDiscussionsAreLeftOutAndCounted() throws {
    let year = SeededYear(seed: 8, days: 120, areReceiversPerfect: true, puttingRight: true)
    let outcome = try Self.rehearse(year)
    #expect(outcome.corrected > 20 && outcome.discussions.count > 40)
    let differing = outcome.discussions.filter { $0.was != $0.would }
    #expect(differing.isEmpty, "\(differing.count) of \(outcome.discussions.count): \(difference(differing.first))")
    let following = try year.journal.count { line in
      guard line.revision == 1, case .entry(let entry) = try line.reading(),
        case .convened(let convene, _, _, _, _, _) = entry.event, convene.follows != nil,
        case .discussion(let id) = entry.stream
      else { return false }
      return outcome.discussions.contains { $0.id == id }
    }
    #expect(following > 5)
  }

  /// Receivers that fail are what a rehearsal does not know: where none did, it agrees.
  @Test func whatDiffersWasNotDeliveredAtOnce() throws {
    let year = SeededYear(seed: 3, days: 120)
    let outcome = try Self.rehearse(year)
    let smooth = try outcome.discussions.filter { discussion in
      try !(year.lines[Stream.discussion(discussion.id).description] ?? []).contains { line in
        guard case .entry(let entry) = try line.reading() else { return false }
        if case .attemptEnded(_, _, let answer, _) = entry.event { return answer.verdict != .accepted }
        return false
      }
    }
    #expect(smooth.count > 20 && smooth.count < outcome.discussions.count)
    let differing = smooth.filter { $0.was != $0.would }
    #expect(differing.isEmpty, "\(differing.count) of \(smooth.count): \(difference(differing.first))")
  }

  @Test func aDeputyAnHourEarlierIsEarlierAndNobodyIsNew() throws {
    let year = SeededYear(seed: 4, days: 100, areReceiversPerfect: true)
    let base = SeededYear.policies[0]
    var steps = base.standard.steps
    steps[1] = Step(name: "chase", when: .unanswered(.hours(1)), to: [.contact, .deputy], tellsConvener: true)
    let ladder = Ladder(
      acknowledgementHolds: base.standard.acknowledgementHolds, lastAttemptMargin: base.standard.lastAttemptMargin,
      steps: steps, afterDecision: base.standard.afterDecision, heldWithin: base.standard.heldWithin,
      fairNotice: base.standard.fairNotice)
    let outcome = try Self.rehearse(year, under: Self.policy(base, standard: ladder))
    let rehearsal = Rehearsal(outcome.discussions, calendar: SeededYear.calendar)
    #expect(rehearsal.total.steps.earlier > 50)
    #expect(!rehearsal.absences.isEmpty && rehearsal.total.absencesWithMore == rehearsal.absences.count)
    for absence in rehearsal.absences {
      for pair in absence.steps {
        let would = try #require(pair.would)
        #expect(would.at < absence.decidedAt && pair.was.map { would.at < $0.at } ?? true)
      }
    }
  }

  @Test func anAgencyThatJoinsHearsOfWhatNobodyNamed() throws {
    let year = SeededYear(seed: 5, days: 60, areReceiversPerfect: true)
    let policy = Self.policy(SeededYear.policies[0], required: SeededYear.agencies)
    let outcome = try Self.rehearse(year, under: policy)
    let education = Rehearsal(outcome.discussions, calendar: SeededYear.calendar).agencies
      .first { $0.agency == "education" }?.figures
    #expect((education?.steps.new ?? 0) > 20 && education?.steps.gone == 0)
    // The others are asked as they were.
    let others = Rehearsal(outcome.discussions, calendar: SeededYear.calendar).agencies.filter {
      $0.agency != "education"
    }
    #expect(others.count == 3 && others.allSatisfy { $0.figures.steps.new == 0 && $0.figures.steps.gone == 0 })
  }

  @Test func aStretchIsWhatWasConvenedInIt() throws {
    let year = SeededYear(seed: 6, days: 60, areReceiversPerfect: true)
    let (from, to) = (SeededYear.start + .days(20), SeededYear.start + .days(30))
    let all = try Self.rehearse(year).discussions
    let part = try Self.rehearse(year, from: from, to: to).discussions
    let convened = Set(
      try year.journal.compactMap { line -> DiscussionID? in
        guard line.revision == 1, case .entry(let entry) = try line.reading(), from <= entry.at, entry.at < to,
          case .discussion(let id) = entry.stream
        else { return nil }
        return id
      })
    #expect(Set(part.map(\.id)) == convened && (5...40).contains(part.count))
    #expect(part == all.filter { convened.contains($0.id) })
  }

  /// A policy without the recorded agencies' ladder for urgent discussions convenes them as standard ones are.
  @Test func whatTheOtherPolicyDoesNotAllowIsCounted() throws {
    let year = SeededYear(seed: 7, days: 20, areReceiversPerfect: true)
    let base = SeededYear.policies[0]
    let policy = Policy(
      id: "plain", from: base.from, required: base.required, counting: base.counting,
      decisionRecorded: base.decisionRecorded, closeAfter: base.closeAfter, reasonWithoutAll: true,
      standard: base.standard, urgent: nil, clocks: [:])
    let outcome = try Self.rehearse(year, under: policy)
    #expect(outcome.notConvened.keys.sorted() == ["no-urgent-ladder"])
    #expect((outcome.notConvened["no-urgent-ladder"] ?? 0) + outcome.discussions.count > 30)
  }

  /// What stands on one side alone.
  private func difference(_ discussion: RehearsedDiscussion?) -> String {
    guard let discussion else { return "none" }
    func words(_ messages: [SentMessage]) -> String {
      messages.map { "\($0.at) \($0.agency) \($0.place) \($0.step) \($0.message)" }.joined(separator: ", ")
    }
    let (was, would) = (discussion.was, discussion.would)
    return "\(discussion.id) was: \(words(was.filter { !would.contains($0) })); would be: "
      + words(would.filter { !was.contains($0) })
  }
}
