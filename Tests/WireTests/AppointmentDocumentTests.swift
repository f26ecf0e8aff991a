// A discussion that was entered late, one without a time and one at the earliest: what is asked, what is answered, what a
// receiver is sent, and what a timeline shows.
import Convening
import Testing

@testable import Wire

private let noon = Instant("2026-11-23T12:00:00Z")!
private let id = DiscussionID("7Q2F-M9KD")!
private let ref = PolicyRef(id: "leeds", edition: 1)
private let policy = Policy(
  id: "leeds", from: CivilDate("2026-01-01")!, required: ["police"], counting: [.video], decisionRecorded: .minutes(15),
  closeAfter: .workingDays(20), reasonWithoutAll: true,
  standard: Ladder(
    acknowledgementHolds: .days(1), lastAttemptMargin: .minutes(10),
    steps: [Step(name: "ask", when: .once, to: [.contact])]))

private func discussion(_ convene: Convene, _ meeting: MeetingTime, then events: [Event] = []) -> Discussion {
  let convened = Event.convened(
    convene, meeting, agencies: ["police"], policy: ref, firstBody: Fingerprint(high: 1, low: 2))
  return ([convened] + events).enumerated().reduce(Discussion?.none) { discussion, next in
    evolve(
      discussion,
      Entry(
        stream: .discussion(id), revision: next.offset + 1, at: noon, actor: nil, mark: nil, event: next.element))
  }!
}

private func asked(_ wish: MeetingWish, _ urgency: Urgency = .standard, held: Instant? = nil) -> Convene {
  Convene(meeting: wish, urgency: urgency, team: "duty", convenedBy: "manager", heldAt: held)
}

@Test func aDiscussionWithoutATimeSaysSo() {
  let until = noon + .hours(4)
  let urgent = discussion(asked(.asSoonAsTheyAnswer, .urgent), .asSoonAsTheyAnswer(until: until))
  let document = DiscussionDocument.json(urgent, policy: policy, for: .status)
  #expect(document["meeting_at"]?.isNull == true && document["answer_by"] == "2026-11-23T16:00:00Z")
  #expect(document["late_entry"] == false)
  let list = DiscussionsDocument.json([urgent.rows(under: policy)], under: Policies(), cursor: nil)
  let row = list["discussions"]?.array?.first
  #expect(row?["meeting_at"]?.isNull == true && row?["answer_by"] == "2026-11-23T16:00:00Z")
  let set = discussion(
    asked(.asSoonAsTheyAnswer, .urgent), .asSoonAsTheyAnswer(until: until),
    then: [.rescheduled(meetingAt: noon + .hours(1), reason: "all can")])
  let now = DiscussionDocument.json(set, policy: policy, for: .status)
  #expect(now["meeting_at"] == "2026-11-23T13:00:00Z" && now["answer_by"]?.isNull == true)
  for document in [document, now] { expectItsSchema(document, .discussion) }
  expectItsSchema(list, .discussions)
}

@Test func aLateEntrySaysSo() {
  let late = discussion(
    asked(.at(noon - .hours(5)), held: noon - .hours(4)), .at(noon - .hours(5)),
    then: [.held(occurred: noon - .hours(4), form: .phone)])
  let document = DiscussionDocument.json(late, policy: policy, for: .status)
  #expect(document["late_entry"] == true && document["held_at"] == "2026-11-23T08:00:00Z")
  // Nobody told whether it answered.
  #expect(document["positions"]?.array?.first?["state"] == "invited")
  let row = DiscussionsDocument.json([late.rows(under: policy)], under: Policies(), cursor: nil)["discussions"]?.array?[
    0]
  #expect(
    row?["late_entry"] == true && row?["meeting_at"] == "2026-11-23T07:00:00Z" && row?["answer_by"]?.isNull == true)
}

@Test func aMessageWithoutATimeHasNullForIt() throws {
  let facts = ReminderBody.Facts(
    id: ReminderID(high: 1, low: 2), source: "uk.gov.leeds.convened", message: .invitation, time: noon, discussion: id,
    agency: "police", place: .contact, step: "ask", sequence: 1, urgency: .urgent,
    meeting: .asSoonAsTheyAnswer(until: noon + .hours(4)), stopAfter: noon + .hours(4), lateBy: .zero, supersedes: [],
    escalates: nil, ring: [])
  let data = try JSON(parsing: ReminderBody.compose(facts))["data"]
  #expect(data?["meeting_at"]?.isNull == true && data?["contribution_due_at"] == "2026-11-23T16:00:00Z")
}

@Test func aTimelineShowsHowItWasConvened() {
  let lines = [
    #""answer_by":"2026-11-23T16:00:00Z","urgency":"urgent""#, #""meeting_at":"2026-11-23T16:00:00Z","earliest":true"#,
    #""meeting_at":"2026-11-23T10:00:00Z","held_at":"2026-11-23T10:05:00Z""#,
  ].enumerated().map { index, data in
    SealedLine(
      seq: index + 1, stream: "discussion/7Q2F-M9KD", revision: index + 1,
      line:
        #"{"v":1,"stream":"discussion/7Q2F-M9KD","revision":1,"event":"convened","at":"2026-11-23T12:00:00Z","data":{"#
        + data + "}}", salt: Salt(high: 0, low: 0), digest: .zero, chain: .zero)
  }
  let shown = TimelineDocument.json(id, lines, for: .status)["entries"]?.array?.compactMap {
    $0["data"]?.members?.map(\.name)
  }
  #expect(shown == [["answer_by", "urgency"], ["meeting_at", "earliest"], ["meeting_at", "held_at"]])
}

@Test(arguments: [
  (#""meeting_at":"2026-11-24T10:00:00Z""#, MeetingWish.at(Instant("2026-11-24T10:00:00Z")!), false),
  (#""meeting_at":"earliest""#, .earliest, false), (#""meeting_at":null"#, .asSoonAsTheyAnswer, false),
  (#""meeting_at":null,"held_at":"2026-11-22T10:00:00Z""#, .asSoonAsTheyAnswer, true),
])
func whatIsAskedForIsRead(members: String, wish: MeetingWish, isLate: Bool) throws {
  let body = try BodyReader.read(Array("{\(members),\"team\":\"duty\",\"convened_by\":\"x\"}".utf8), Bodies.convene)
  let convene = try #require(try Bodies.convene(body))
  #expect(convene.meeting == wish && (convene.heldAt != nil) == isLate)
}

/// A body of PUT serves as it stands, and so does nothing at all.
@Test func aLookForATimeTakesTheBodyOfAPut() throws {
  let whole =
    #"{"meeting_at":"earliest","duration_min":30,"urgency":"urgent","team":"duty","convened_by":"x","#
    + #""agencies":["police"],"need_identified_at":"2026-11-23T12:00:00Z","case_reference":"C/1"}"#
  let query = Bodies.slots(try BodyReader.read(Array(whole.utf8), Bodies.slots))
  #expect(
    query == SlotQuery(durationMinutes: 30, urgency: .urgent, needIdentifiedAt: noon, agencies: ["police"]))
  let least = Bodies.slots(try BodyReader.read([], Bodies.slots))
  #expect(least == SlotQuery(durationMinutes: 60, urgency: .standard, needIdentifiedAt: nil, agencies: nil))
}
