// A policy is explained by what would happen: the made-up discussion is convened by the rules, and its future is the docket's.
import Convening
import Simulation
import Testing

@testable import Coordination

@Suite struct ExplanationTests {
  private func policies(_ day: Scenario) -> Policies {
    var policies = Policies()
    policies.adopt(day.policy, as: PolicyRef(id: day.policy.id, edition: 1))
    return policies
  }

  @Test func itSaysWhatWouldBeSentOfADiscussionLikeIt() throws {
    var day = Scenario(starts: "08:00", meeting: "14:00", agencies: ["csc", "police", "health"])
    let convene = Convene(
      explaining: .standard, meetingAt: Scenario.moment("14:00"), team: "duty", Scenario.town())
    let explained = try Explanation(of: convene, at: day.now, policies(day), Scenario.town())
    #expect(explained.policy.description == "p" && explained.meeting == .at(Scenario.moment("14:00")))
    let planned = explained.sends.filter { $0.step != "daily" }
    #expect(planned.count == 15)
    for send in planned {
      day.pass(to: "08:00")
      while day.unseen.isEmpty, let next = day.docket.attention, next <= send.at { day.run(until: next) }
      let sent = try #require(day.unseen.first { $0.send.delivery.route == send.route && $0.at == send.at })
      #expect(sent.opening.step == send.step && sent.opening.agency == send.agency)
      day.answerUnseen(sent, 204)
    }
    #expect(planned.first { $0.place == .deputy }?.rule == "1 hour without an answer")
    #expect(planned.first { $0.place == .deputy }?.unless == "csc answers")
  }

  /// Past the last year of the table a holiday may be missing: said of the whole, and not of what ends with that year.
  @Test(
    arguments: [
      (["2026-12-25"], "14:00", false), (["2025-12-25"], "14:00", true), ([], "14:00", true),
    ] as [(Set<String>, String, Bool)])
  func pastTheTableItIsProvisional(holidays: Set<String>, meeting: String, isProvisional: Bool) throws {
    let day = Scenario(starts: "08:00", meeting: meeting)
    let town = Scenario.town(holidays: Set(holidays.map { CivilDate($0)! }))
    let convene = Convene(explaining: .standard, meetingAt: Scenario.moment(meeting), team: "duty", town)
    let json = try Explanation(of: convene, at: day.now, policies(day), town).json(of: convene, at: day.now)
    #expect(json["provisional"]?.bool == isProvisional)
  }

  /// Its moment had passed as it was convened: whom it names is asked at once, and the rule says why.
  @Test func aStepWhoseMomentHasPassedSaysSo() throws {
    let day = Scenario(
      starts: "08:00", meeting: "09:00",
      steps: [
        Step(name: "ask", when: .once, to: [.contact]), Step(name: "before", when: .before(.hours(2)), to: [.contact]),
        Step(name: "soon", when: .before(.minutes(30)), to: [.lead]),
      ])
    let convene = Convene(explaining: .standard, meetingAt: Scenario.moment("09:00"), team: "duty", Scenario.town())
    let sends = try Explanation(of: convene, at: day.now, policies(day), Scenario.town()).sends
    #expect(sends.first?.at == day.now && sends.first?.rule == "at once: 2 hours before the meeting has passed")
    #expect(sends.first { $0.step == "soon" }?.rule == "30 minutes before the meeting")
  }

  @Test func itIsRefusedAsConveningWouldBe() throws {
    let day = Scenario(starts: "08:00", meeting: "14:00")
    let urgent = Convene(explaining: .urgent, meetingAt: nil, team: nil, Scenario.town())
    #expect(throws: Refusal.noUrgentLadder) {
      try Explanation(of: urgent, at: day.now, policies(day), Scenario.town())
    }
    let past = Convene(explaining: .standard, meetingAt: day.now - .days(1), team: nil, Scenario.town())
    #expect(throws: Refusal.meetingPast) { try Explanation(of: past, at: day.now, policies(day), Scenario.town()) }
  }

  @Test func withoutATimeAnUrgentOneMeetsAsSoonAsTheyAnswer() throws {
    let day = Scenario(starts: "08:00", meeting: "14:00", urgent: Scenario.ladder, within: .elapsed(.hours(4)))
    let convene = Convene(explaining: .urgent, meetingAt: nil, team: nil, Scenario.town())
    let explained = try Explanation(of: convene, at: day.now, policies(day), Scenario.town())
    #expect(explained.meeting == .asSoonAsTheyAnswer(until: Scenario.moment("12:00")))
    let json = explained.json(of: convene, at: day.now)
    #expect(json["schema"]?.string == "convened.explanation/1" && json["meeting_at"]?.isNull == true)
    #expect(json["entries"]?.array?.first?["place"]?.string == "contact")
  }
}
