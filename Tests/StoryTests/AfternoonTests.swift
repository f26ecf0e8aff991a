// One afternoon as SCREENS.md tells it, minute by minute: Friday 30 April 2027, the eve of a bank holiday. An urgent
// discussion is convened, Health does not answer, the offices close, and it is held without Health. What people see of it
// stands in docs/afternoon.md, line by line; where that differs from SCREENS.md, docs/decisions.md says why.
import Convening
import Foundation
import Testing
import Wire

@Suite struct AfternoonTests {
  private let other = DiscussionID("4K8T-W2ZB")!

  @Test func anUrgentDiscussionAndHealthDoesNotAnswer() async throws {
    let day = try Afternoon(
      on: "2027-04-30", daemonStarts: "Mon 07:02", settings: "leeds.yaml", following: "health")

    // Another one is open: on Tuesday after the bank holiday, with Social Care and the Police.
    try day.convenes(
      other, at: "15:00",
      Convene(
        meeting: .at(day.moment("15:00") + .hours(91)), agencies: ["childrens-social-care", "police"],
        team: "duty-and-advice-2", convenedBy: "team manager"))

    // 16:25 the need is identified; 16:40 it is convened for 17:30.
    try day.convenes(
      day.discussion, at: "16:40:02",
      Convene(
        meeting: .at(day.moment("17:30")), form: .phone, urgency: .urgent, needIdentifiedAt: day.moment("16:25"),
        team: "duty-and-advice-2", convenedBy: "team manager"))
    try day.sends("16:40:02", "health-hub", .invitation, answered: 202, request: "7f3c9a10-55d2-4c1e")
    try day.does(.sendDetails("police", .contact, at: nil), at: "16:41")
    try day.does(.sendDetails("health", .contact, at: nil), at: "16:41")

    // Social Care and the Police have it in hand by 16:44; nobody at Health answers.
    try day.does(.acknowledge("childrens-social-care", byRole: "team manager", via: .phone, at: nil), at: "16:42")
    try day.does(.acknowledge("police", byRole: "duty DS", via: .link, at: nil), at: "16:44:10")
    try day.sends("16:50:02", "health-hub", .reminder)
    let card = try day.sends("16:50:02", "named-nurse", .reminder, answered: 503)
    #expect(card["data"]?["recipient"] == "deputy" && card["data"]?["escalates"] != .null)
    // The details went to the contact and not to the deputy.
    #expect(card["data"]?["details_sent_at"] == .null && card["data"]?["ring"] == ["0113 496 0100"])
    let convener = try day.sends("16:50:02", "advice-desk", .attention)
    #expect(convener["data"]?["ring"]?.array?.first == "0113 496 0180")
    #expect(try day.sends("16:50:07", "named-nurse", .reminder) == card)
    try day.does(.call("health", number: "0113 496 0180", .noReply, byRole: "team manager", at: nil), at: "16:54")
    day.isQuiet(until: "17:00")

    // The offices close until Tuesday; the ladder goes on at its own pace.
    let handover = try day.sends("17:00", "on-call-nurse", .handover)
    #expect(handover["data"]?["until"] == "2027-05-04T07:30:00Z")
    #expect(handover["data"]?["open"]?.array?.first?["details_sent_at"] == .null)
    try day.sends("17:00", "on-call-director", .handover)
    // Whoever convenes until Tuesday hears of both discussions, agency by agency.
    let convening = try day.sends("17:00", "edt", .handover)
    #expect(convening["data"]?["team"] == "duty-and-advice-2" && convening["data"]?["recipient"] == "convener")
    #expect(Set(convening["data"]?["open"]?.array?.compactMap { $0["discussion"]?.string } ?? []).count == 2)
    try day.sends("17:00:02", "on-call-director", .reminder)
    try day.sends("17:00:02", "edt", .attention)
    try day.does(
      .acknowledge("childrens-social-care", byRole: "duty social worker", via: .phone, at: nil), at: "17:02")
    try day.does(.sendDetails("health", .contact, at: nil), at: "17:03")
    try expect(await day.status(at: "17:05"), "convenectl status")
    try expect(await day.show(at: "17:05"), "convenectl show 7Q2F-M9KD")
    try expect(await day.plan(at: "17:05"), "convenectl plan 7Q2F-M9KD")

    // The last step: coordinator and convener, who are both the emergency duty team by now.
    try day.sends("17:10:02", "edt", .attention)
    try day.sends("17:10:02", "edt", .attention)
    day.isQuiet(until: "17:31")

    // Held without Health, and Health is told; what it knows still matters.
    try day.does(
      .contribute("childrens-social-care", .phoneLive, byRole: "duty social worker", via: .phone, at: nil), at: "17:31")
    try day.does(.contribute("police", .phoneLive, byRole: "duty DS", via: .phone, at: nil), at: "17:31")
    try day.does(.hold(heldAt: nil, form: .phone, decision: nil), at: "17:31")
    try day.does(
      .decide(
        Decision(outcome: .s47Joint, decidedAt: day.moment("17:48"), byRole: "team manager", reason: "B14")),
      at: "17:49:01")
    try day.sends("17:49:01", "on-call-nurse", .concluded)
    try day.sends("17:49:01", "on-call-director", .concluded)
    try day.does(.contribute("health", .afterDecision, byRole: "on-call nurse", via: .phone, at: nil), at: "18:12")
    try expect(await day.timeline(at: "18:30"), "convenectl timeline 7Q2F-M9KD")
    day.isQuiet(until: "23:00")
  }

  /// Line by line as docs/afternoon.md has it below that command.
  private func expect(
    _ lines: [String], _ command: String, from location: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/afternoon.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let screen = page.split(separator: "$ ").first { $0.hasPrefix("\(command)\n") }?.dropFirst(command.count + 1).prefix
    { $0 != "`" }
    let expected = (screen ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let wanted = Array(expected.prefix((expected.lastIndex { !$0.isEmpty } ?? -1) + 1))
    for (index, line) in lines.enumerated() where index >= wanted.count || wanted[index] != line {
      Issue.record("\(command), line \(index + 1): \(line)", sourceLocation: location)
    }
    #expect(lines.count == wanted.count, "\(command)", sourceLocation: location)
  }
}
