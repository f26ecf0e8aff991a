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
