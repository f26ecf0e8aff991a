// The documents and the reading of bodies, from values alone.
import Convening
import Testing

@testable import Wire

struct PositionCase: Sendable, CustomTestStringConvertible {
  let says: String
  let events: [Event]
  var invited = true
  var required = true
  let state: DiscussionDocument.PositionState

  var testDescription: String { says }
}

private let noon = Instant("2026-11-23T12:00:00Z")!
private let id = DiscussionID("7Q2F-M9KD")!
private let acknowledged = Event.acknowledged("health", byRole: "nurse", via: .phone, occurred: noon, by: nil)
private let contributed = Event.contributionRecorded("health", .mashCheckOnly, byRole: "x", via: .api, occurred: noon)
private let declined = Event.declined("health", .b13, byRole: "nurse", occurred: noon)
private let decided = Event.decided(Decision(outcome: .nfa, decidedAt: noon, byRole: "manager"), missing: ["health"])

private func policy(requiring: [AgencyID]) -> Policy {
  Policy(
    id: "leeds", from: CivilDate("2026-01-01")!, required: requiring, counting: [.inPerson],
    decisionRecorded: .minutes(15), closeAfter: .elapsed(.days(20)), reasonWithoutAll: true,
    standard: Ladder(acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1), steps: []))
}

private let planned = Event.ladderPlanned(
  "health", .convened,
  [
    Rung(
      step: "ask", message: .invitation, ifUnanswered: false, due: noon, places: [.contact],
      stopAfter: noon + .hours(1))
  ])
private let asked = Event.attemptBegan(
  ReminderID(high: 1, low: 2), attempt: 1, route: "hub",
  opening: Opening(
    agency: "health", place: .contact, step: "ask", message: .invitation, sequence: 1, due: noon,
    stopAfter: noon + .hours(1), margin: .zero, supersedes: [], escalates: nil, body: "{}"))

private func discussion(_ events: [Event], inviting agencies: [AgencyID]) -> Discussion {
  let convened = Event.convened(
    Convene(meeting: .at(noon), team: "duty", convenedBy: "manager"), .at(noon), agencies: agencies,
    policy: PolicyRef(id: "leeds", edition: 1), firstBody: Fingerprint(high: 1, low: 2))
  let entries = ([convened] + events).enumerated().map {
    Entry(stream: .discussion(id), revision: $0.offset + 1, at: noon, actor: nil, mark: nil, event: $0.element)
  }
  return entries.reduce(nil) { evolve($0, $1) }!
}

@Test(arguments: [
  PositionCase(says: "to be asked", events: [planned], state: .invited),
  PositionCase(says: "asked", events: [planned, asked], state: .invited),
  PositionCase(says: "asked and decided without", events: [asked, decided], state: .noResponse),
  PositionCase(says: "to be asked, and decided before it was", events: [planned, decided], state: .notInvited),
  PositionCase(says: "in hand", events: [acknowledged], state: .acknowledged),
  PositionCase(says: "in hand, then decided", events: [acknowledged, decided], state: .acknowledged),
  PositionCase(says: "declined", events: [acknowledged, declined], state: .declined),
  PositionCase(says: "took part after all", events: [declined, contributed], state: .contributed),
  PositionCase(says: "took part late", events: [decided, contributed], state: .contributed),
  PositionCase(says: "required, not asked", events: [], invited: false, state: .notInvited),
  PositionCase(says: "not asked, took part", events: [contributed], invited: false, state: .contributed),
  PositionCase(says: "asked, not required", events: [asked], required: false, state: .invited),
])
func aPositionHasOneState(one: PositionCase) throws {
  let policy = policy(requiring: one.required ? ["police", "health"] : ["police"])
  let discussion = discussion(one.events, inviting: one.invited ? ["police", "health"] : ["police"])
  let document = DiscussionDocument.json(discussion, policy: policy, for: .status)
  let position = document["positions"]?.array?.first { $0["agency"]?.string == "health" }
  #expect(position?["state"]?.string == one.state.rawValue)
  #expect(position?["required"]?.bool == one.required)
  expectItsSchema(document, .discussion)
}

@Test(arguments: [[], [contributed], [contributed, decided]] as [[Event]], [["police", "health"], ["health"]])
func aListSaysWhoIsMissingAsTheDiscussionItself(events: [Event], inviting agencies: [AgencyID]) throws {
  let policy = policy(requiring: ["csc", "health"])
  var policies = Policies()
  policies.adopt(policy, as: PolicyRef(id: "leeds", edition: 1))
  let discussion = discussion(events, inviting: agencies)
  let itself = DiscussionDocument.json(discussion, policy: policy, for: .status)
  let list = DiscussionsDocument.json([discussion.rows(under: policy)], under: policies, cursor: nil)
  let row = try #require(list["discussions"]?.array?.first)
  #expect(row["quorum"] == itself["quorum"] && row["quorum"]?["missing"] == ["csc", "health"])
  for name in ["agency", "required", "contribution", "counts", "reason"] {
    #expect(row["positions"]?.array?.map { $0[name] } == itself["positions"]?.array?.map { $0[name] }, "\(name)")
  }
  #expect(row["positions"]?.array?.last?["invited"] == false)
  expectItsSchema(list, .discussions)
}

@Test func onlyWhatIsNamedIsShown() {
  for name in ["body", "first_body", "key", "agencies_named", "a_field_of_tomorrow"] {
    #expect(!TimelineDocument.shows(name, of: "convened", to: .control(outcome: true)))
  }
  for name in ["outcome", "flags", "dissent", "reason", "s47_started_at"] {
    #expect(!TimelineDocument.shows(name, of: "decided", to: .control(outcome: false)))
    #expect(!TimelineDocument.shows(name, of: "decided", to: .status))
    #expect(TimelineDocument.shows(name, of: "decided", to: .control(outcome: true)))
  }
  #expect(!TimelineDocument.shows("reason", of: "cancelled", to: .status))
  #expect(TimelineDocument.shows("reason", of: "ladderPlanned", to: .status))
  // Of an accepted break everybody sees which; the reason is for who may change things, and hashes are for nobody.
  for name in ["seq", "kind", "up_to"] { #expect(TimelineDocument.shows(name, of: "breakAccepted", to: .status)) }
  #expect(!TimelineDocument.shows("reason", of: "breakAccepted", to: .status))
  #expect(TimelineDocument.shows("reason", of: "breakAccepted", to: .control(outcome: false)))
  for name in ["chain_before", "digest_after", "chain_after", "imprint"] {
    #expect(!TimelineDocument.shows(name, of: "breakAccepted", to: .control(outcome: true)))
  }
}

@Test func anErasedLineStaysInItsPlace() throws {
  let erased = SealedLine(
    seq: 7, stream: "discussion/7Q2F-M9KD", revision: 2, line: nil, salt: nil, digest: .zero, chain: .zero)
  let entry = TimelineDocument.json(id, [erased], for: .status)["entries"]?.array?.first
  #expect(entry?["event"]?.isNull == true && entry?["erased"]?.bool == true)
  let export = erased.exported
  #expect(export["line"]?.isNull == true && export["salt"]?.isNull == true)
  #expect(export.members?.map(\.name) == ["seq", "stream", "revision", "line", "salt", "digest", "chain"])
}

@Test func anEntryIsLiftedOutOfItsLine() throws {
  let line =
    #"{"v":1,"stream":"discussion/7Q2F-M9KD","revision":9,"event":"contributionRecorded","at":"2026-11-23T12:01:00Z","#
    + #""actor":{"uid":1001,"pid":42},"data":{"agency":"police","kind":"phone_live","by_role":"DS","#
    + #""occurred_at":"2026-11-23T12:00:00Z"}}"#
  let sealed = SealedLine(
    seq: 8801, stream: "discussion/7Q2F-M9KD", revision: 9, line: line, salt: Salt(high: 0, low: 0), digest: .zero,
    chain: .zero)
  let entry = TimelineDocument.json(id, [sealed], for: .status)["entries"]?.array?.first
  let expected: JSON = [
    "seq": 8801, "revision": 9, "event": "contributionRecorded", "occurred_at": "2026-11-23T12:00:00Z",
    "recorded_at": "2026-11-23T12:01:00Z", "actor": ["uid": 1001, "pid": 42, "role": "DS"], "agency": "police",
    "data": ["kind": "phone_live", "by_role": "DS"],
  ]
  #expect(entry == expected)
  #expect(sealed.exported["salt"]?.string == "AAAAAAAAAAAAAAAAAAAAAA==")
}

@Test(arguments: [
  (#"{"b":1,"a":[{"d":1,"c":2}]}"#, #"{"a":[{"c":2,"d":1}],"b":1}"#), ("[2,1]", "[2,1]"),
  (#"{"a":1,"Z":2,"é":3}"#, #"{"Z":2,"a":1,"é":3}"#),
])
func canonicalJSONHasItsMembersSorted(text: String, canonical: String) throws {
  #expect(try JSON(parsing: text).canonical.text == canonical)
}

@Test func aCursorLeadsBack() throws {
  let rows = discussion([], inviting: ["police"]).rows(under: policy(requiring: []))
  let place = DiscussionsDocument.place(of: DiscussionsDocument.cursor(after: rows))
  #expect(place?.meetingAt == noon && place?.id == id)
  for text in ["", "-", "zz", "zz-", "1-7Q2F", "é-7Q2F-M9KD"] { #expect(DiscussionsDocument.place(of: text) == nil) }
}

@Test func theFieldsThatAreReadAreTheFieldsThatAreDocumented() throws {
  let document = OpenAPI.json(version: "1")
  for operation in APIOperation.allCases {
    let described = document["paths"]?[operation.path]?[operation.method.lowercased()]
    let schema = described?["requestBody"]?["content"]?["application/json"]?["schema"]
    let names = schema?["properties"]?.members?.map(\.name)
    #expect(names == operation.body?.filter { $0.notYet == nil }.map(\.name), "\(operation)")
  }
  #expect(document["paths"]?.members?.count == Set(APIOperation.allCases.map(\.path)).count)
  let codes = document["components"]?["schemas"]?["ProblemCode"]?["enum"]?.array?.compactMap(\.string)
  #expect(codes == ProblemCode.allCases.map(\.rawValue))
}

@Test(arguments: [
  (
    #"{"agency":"police","john_smith_2011":1,"code":"B13","Kim":{},"by_role":"DS"}"#, Bodies.decline,
    "Members 2, 4 of the body are not known here. There are: agency, code, by_role, at, unit."
  ),
  (
    #"{"agency":"police","code":"B13","by_role":"DS","\u0061ge":9}"#, Bodies.decline,
    "Member 4 of the body is not known here. There are: agency, code, by_role, at, unit."
  ),
  (#"{"why":1}"#, Bodies.nothing, "Member 1 of the body is not known here. Send none."),
])
func whatIsNotKnownIsToldByItsPlaceAlone(body: String, fields: [BodyField], says: String) {
  #expect(throws: ProblemDocument.invalid([Fault("", says)])) { try BodyReader.read(Array(body.utf8), fields) }
}

/// A blank of a form is passed over, and counted.
@Test func whatIsNotKnownOfAQueryIsToldByItsPlaceAlone() {
  let (limit, outcome) = (APIOperation.discussions.query, APIOperation.timeline.query)
  #expect(
    throws: ProblemDocument.invalid([
      Fault("?", "Parts 2, 4 of the query are not known here. There are: state, agency, due_before, cursor, limit.")
    ])
  ) { try BodyReader.query([("state", ""), ("john", "1"), ("limit", "7"), ("smith", nil)], limit) }
  #expect(
    throws: ProblemDocument.invalid([Fault("?", "Part 1 of the query is not known here. There are: outcome.")])
  ) { try BodyReader.query([("Outcome", "1")], outcome) }
  #expect(
    throws: ProblemDocument.invalid([Fault("?", "Part 1 of the query is not known here. Send none.")])
  ) { try BodyReader.query([("limit", "1")], APIOperation.status.query) }
}

/// Where a long text of one's own choice is compared with words of ours.
@Test(arguments: [
  (#"{"agency":"police","by_role":"DS","code":"#, "}", Bodies.decline),
  (#"{"meeting_at":"2026-11-24T10:00:00Z","team":"duty","convened_by":"manager","urgency":"#, "}", Bodies.convene),
  (#"{"outcome":"nfa","by_role":"manager","flags":["#, ",\"medical\"]}", Bodies.decision),
  (#"{"outcome":"nfa","by_role":"manager","#, ":1}", Bodies.decision),
])
func combiningMarksCostWhatLettersCost(before: String, after: String, fields: [BodyField]) {
  func cost(of text: String) -> UInt64 {
    let body = Array("\(before)\"\(text)\"\(after)".utf8)
    return work { #expect(throws: ProblemDocument.self) { try BodyReader.read(body, fields) } }
  }
  // Two classes that change places when they are put in order.
  let (marks, letters) = (String(repeating: "\u{301}\u{323}", count: 8000), String(repeating: "x", count: 32_000))
  let (dear, cheap) = (cost(of: marks), cost(of: letters))
  #expect(dear < 25 * cheap, "\(dear) ns against \(cheap) ns")
}
