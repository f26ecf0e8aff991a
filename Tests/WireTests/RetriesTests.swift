// Which messages a timeline says are tried once more: as the rules have it of all its entries, so that no screen need apply them.
import Convening
import Testing

@testable import Wire

private let noon = Instant("2026-11-23T12:00:00Z")!
private let id = DiscussionID("7Q2F-M9KD")!
private let reminder = ReminderID(high: 1, low: 2)
private let next = noon + .minutes(5)

private func begins(_ reminder: ReminderID, _ agency: AgencyID, superseding: [ReminderID] = []) -> Event {
  .attemptBegan(
    reminder, attempt: 1, route: "hub",
    opening: Opening(
      agency: agency, place: .contact, step: "chase", message: .reminder, sequence: 1, due: noon,
      stopAfter: noon + .hours(1), margin: .zero, supersedes: superseding, escalates: nil, body: "{}"))
}

private func asks(_ unit: UnitID, waits: Bool = false) -> Event {
  .detailsSent("health", .contact, route: nil, occurred: noon, unit: unit, needed: waits)
}

private func gives(_ unit: UnitID? = nil, _ agency: AgencyID = "health", _ via: Via = .phone) -> Event {
  .contributionRecorded(agency, .video, byRole: "nurse", via: via, occurred: noon, unit: unit)
}

private func declines(_ unit: UnitID? = nil) -> Event {
  .declined("health", .b13, byRole: "nurse", occurred: noon, unit: unit)
}

/// It turns out that the GP alone was asked.
private let gpAlone: Event = {
  var part = Standing.Part(agency: "health")
  part.contributions = [
    Contribution(kind: .video, byRole: "nurse", via: .phone, occurred: noon, recorded: noon, unit: "gp")
  ]
  part.detailsSent = [DetailsSent(place: .contact, route: nil, at: noon, unit: "gp", isNeeded: true)]
  var standing = Standing()
  standing.parts = [part]
  return .corrected(
    Correction(
      revision: 5, corrects: .detailsSent, agency: "health", reason: "never sent", replacement: nil, standing: standing
    ))
}()

private func retries(_ later: [Event]) -> JSON? {
  let convened = Event.convened(
    Convene(meeting: .at(noon), team: "duty", convenedBy: "manager"), .at(noon), agencies: ["police", "health"],
    policy: PolicyRef(id: "leeds", edition: 1), firstBody: Fingerprint(high: 1, low: 2))
  let failed = Event.attemptEnded(
    reminder, attempt: 1, Answer(verdict: .retry, status: 503, tookMilliseconds: 9), next: next)
  let lines = ([convened, begins(reminder, "health"), failed] + later).enumerated().map { index, event in
    let entry = Entry(
      stream: .discussion(id), revision: index + 1, at: noon, actor: nil, mark: nil, event: event)
    return SealedLine(
      seq: index + 1, stream: entry.stream.description, revision: index + 1, line: JournalLine.encode(entry),
      salt: Salt(high: 0, low: 0), digest: .zero, chain: .zero)
  }
  let timeline = TimelineDocument.json(id, lines, for: .status)
  expectItsSchema(timeline, .timeline)
  return timeline["retries"]
}

@Test(
  arguments: [
    ("nothing more is said", [], true),
    ("it took part", [gives()], false), ("another agency did", [gives(nil, "police")], true),
    ("it says so by link", [gives(nil, "health", .link)], true),
    (
      "it says so by link, and that is confirmed",
      [gives(nil, "health", .link), .contributionConfirmed("health", byRole: nil)], false
    ),
    ("it declined", [declines()], false),
    ("it has it in hand", [.acknowledged("health", byRole: "nurse", via: .phone, occurred: noon, by: nil)], true),
    ("it was held", [.held(occurred: noon, form: .phone)], false),
    ("it was cancelled", [.cancelled(reason: "twice")], false),
    ("it has a new time", [.rescheduled(meetingAt: next, reason: "room")], false),
    ("a newer message stands for it", [begins(ReminderID(high: 1, low: 3), "health", superseding: [reminder])], false),
    ("a newer message stands beside it", [begins(ReminderID(high: 1, low: 3), "health")], true),
    ("the unit that is waited for took part", [asks("gp", waits: true), gives("gp")], false),
    ("one of two did", [asks("gp", waits: true), asks("ward", waits: true), gives("gp")], true),
    ("the other was never asked", [asks("gp", waits: true), asks("ward", waits: true), gives("gp"), gpAlone], false),
    ("any of two is enough", [asks("gp"), asks("ward"), gives("gp")], false),
    ("one of two declined", [asks("gp"), asks("ward"), declines("gp")], true),
    ("both declined", [asks("gp"), asks("ward"), declines("gp"), declines("ward")], false),
  ] as [(String, [Event], Bool)])
func aMessageIsTriedOnceMore(_ says: String, later: [Event], isTried: Bool) {
  let expected: JSON =
    isTried ? [["reminder": .string(reminder.description), "at": "2026-11-23T12:05:00Z"]] : []
  #expect(retries(later) == expected, "\(says)")
}
