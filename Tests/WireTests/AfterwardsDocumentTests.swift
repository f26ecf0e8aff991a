// The discussion's document with its clocks, what was sent and why an agency was absent, member for member; and what the
// timeline shows of each of these entries, to whom. From values alone.
import Convening
import Testing

@testable import Wire

private let noon = Instant("2026-11-23T12:00:00Z")!
private let id = DiscussionID("7Q2F-M9KD")!
/// The end of the next day.
private let tomorrow = Instant("2026-11-25T00:00:00Z")!

/// Fifteen minutes for a decision, a working day for its record; C6 has lost its limit since it started.
private let policy = Policy(
  id: "leeds", from: CivilDate("2026-01-01")!, required: ["police", "health"], counting: [.phoneLive],
  decisionRecorded: .minutes(15), closeAfter: .elapsed(.days(20)), reasonWithoutAll: true,
  standard: Ladder(
    acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1), steps: [], heldWithin: .workingDays(1)),
  clocks: [.c4: [.workingDays(1)], .followUp: [.workingDays(5)]])

/// Each event at its moment, in minutes after noon.
private func document(_ events: [(Int64, Event)], for audience: Audience = .control(outcome: false)) -> JSON {
  let convened = Event.convened(
    Convene(meeting: .at(noon), team: "duty", convenedBy: "manager"), .at(noon), agencies: ["police", "health"],
    policy: PolicyRef(id: "leeds", edition: 1), firstBody: Fingerprint(high: 1, low: 2))
  var all: [(Int64, Event)] = [(0, convened)]
  all += events
  var discussion: Discussion?
  for (index, (minutes, event)) in all.enumerated() {
    evolve(
      &discussion,
      Entry(
        stream: .discussion(id), revision: index + 1, at: noon + .minutes(minutes), actor: nil, mark: nil,
        event: event))
  }
  let document = DiscussionDocument.json(discussion!, policy: policy, for: audience)
  expectItsSchema(document, .discussion)
  return document
}

private func decided(at moment: Instant) -> Event {
  .decided(Decision(outcome: .nfa, decidedAt: moment, byRole: "manager"), missing: ["health"])
}

private let proposed = Event.barrierProposed("health", .b14, answerUntil: tomorrow)
private let named = Event.barrierNamed("health", .b30, by: .chair, agreed: nil, answerUntil: tomorrow)
private let agrees = Event.barrierNamed("health", .b14, by: .agency, agreed: true, answerUntil: nil)
private let disputes = Event.barrierNamed("health", .b12, by: .agency, agreed: false, answerUntil: nil)
private let called = Event.telephoned(
  "health", number: "0113 496 0180", .noReply, byRole: "manager", occurred: noon - .minutes(3))

private func barrier(_ code: JSON, by: JSON, _ answer: JSON, _ answerCode: JSON, isLate: Bool = false) -> JSON {
  [
    "code": code, "by": by, "proposed": "B14", "answer": answer, "answer_code": answerCode,
    "answer_until": "2026-11-25T00:00:00Z",
    "answered_late": .bool(isLate),
  ]
}

/// What everybody sees of each, beside its agency and its moment.
private let plain: [(Event, JSON)] = [
  (Event.detailsSent("health", .deputy, route: "nurse", occurred: noon), ["place": "deputy", "route": "nurse"]),
  (
    Event.detailsSent("health", .deputy, route: nil, occurred: noon, unit: "gp", needed: true),
    ["place": "deputy", "unit": "gp", "needed": true]
  ),
  (proposed, ["code": "B14", "until": "2026-11-25T00:00:00Z"]),
  (named, ["code": "B30", "by": "chair", "until": "2026-11-25T00:00:00Z"]),
  (disputes, ["code": "B12", "by": "agency", "agreed": false]), (Event.receiptRecorded("health", occurred: noon), [:]),
  (Event.followUpDone(byRole: "manager", occurred: noon), ["by_role": "manager"]),
  (
    Event.clockStarted(.c10, occurred: noon, due: tomorrow, provisional: true, level: 1),
    ["clock": "C10", "due": "2026-11-25T00:00:00Z", "provisional": true]
  ),
  (
    Event.clockMoved(.followUp, due: tomorrow, provisional: false),
    ["clock": "follow-up", "due": "2026-11-25T00:00:00Z", "provisional": false]
  ),
  (Event.clockStopped(.c6, occurred: noon), ["clock": "C6"]),
  (Event.absenceSettled(missing: ["health"]), ["missing": ["health"]]),
]

@Suite struct AfterwardsDocumentTests {
  private func health(_ document: JSON) -> JSON? {
    document["positions"]?.array?.first { $0["agency"]?.string == "health" }
  }

  /// One that was met, one that was missed by a minute and a half, one that runs, one without a rule whose table ends, and
  /// one that somebody stopped.
  @Test func aClockSaysWhenByWhichRuleAndWithHowMuchLeft() throws {
    let shown = document([
      (0, .clockStarted(.c2, occurred: noon - .hours(1), due: tomorrow, provisional: false, level: 1)),
      (1, .clockStarted(.c6, occurred: noon - .days(9), due: noon + .days(60), provisional: true, level: 1)),
      (2, .clockStarted(.c11, occurred: noon, due: noon + .hours(2), provisional: false, level: 1)),
      (20, .held(occurred: noon + .minutes(5), form: .phone)),
      (22, .decided(Decision(outcome: .nfa, decidedAt: noon + .minutes(7), byRole: "manager"), missing: [])),
      (
        22,
        .clockStarted(.c3, occurred: noon + .minutes(7), due: noon + .seconds(1230), provisional: false, level: 1)
      ),
      (22, .clockStarted(.c4, occurred: noon + .minutes(7), due: tomorrow, provisional: false, level: 1)),
      (30, .clockMoved(.c4, due: tomorrow + .days(1), provisional: false)),
      (40, .clockStopped(.c11, occurred: noon + .minutes(30))),
    ])
    let expected: JSON = [
      [
        "id": "C2", "level": 1, "started": "2026-11-23T11:00:00Z", "due": "2026-11-25T00:00:00Z",
        "stopped": "2026-11-23T12:05:00Z", "margin_s": 129_300, "rule": "1 working day from the need being identified",
        "provisional": false, "goes_on_in": nil,
      ],
      [
        "id": "C6", "level": 1, "started": "2026-11-14T12:00:00Z", "due": "2027-01-22T12:00:00Z", "stopped": nil,
        "margin_s": nil,
        "rule": nil, "provisional": true, "goes_on_in": nil,
      ],
      [
        "id": "C11", "level": 1, "started": "2026-11-23T12:00:00Z", "due": "2026-11-23T14:00:00Z",
        "stopped": "2026-11-23T12:30:00Z", "margin_s": 5400, "rule": nil, "provisional": false, "goes_on_in": nil,
      ],
      [
        "id": "C3", "level": 1, "started": "2026-11-23T12:07:00Z", "due": "2026-11-23T12:20:30Z",
        "stopped": "2026-11-23T12:22:00Z", "margin_s": -90, "rule": "15 minutes from the decision",
        "provisional": false, "goes_on_in": nil,
      ],
      [
        "id": "C4", "level": 1, "started": "2026-11-23T12:07:00Z", "due": "2026-11-26T00:00:00Z", "stopped": nil,
        "margin_s": nil,
        "rule": "1 working day from the decision", "provisional": false, "goes_on_in": nil,
      ],
    ]
    #expect(shown["clocks"] == expected)
    let schema = try #require(OpenAPI.json(version: "1")["components"]?["schemas"]?["Clock"]?["properties"])
    #expect(schema.members?.map(\.name) == expected.array?.first?.members?.map(\.name))
  }

  /// Half a second late is late: seconds are rounded down.
  @Test func aMarginIsRoundedDown() throws {
    let shown = document([
      (0, .clockStarted(.c11, occurred: noon, due: noon + .hours(1), provisional: false, level: 1)),
      (90, .clockStopped(.c11, occurred: noon + Elapsed(milliseconds: 3_600_500))),
    ])
    #expect(shown["clocks"]?.array?.first?["margin_s"] == -1)
  }

  @Test func whatWasSentReceivedAndHeldStandsThere() throws {
    let bare = document([(20, decided(at: noon))])
    for name in ["conference_held_at", "follow_up_done_at"] { #expect(bare[name] == JSON.null, "\(name)") }
    #expect(bare["receipts"] == [])
    let absent = try #require(health(bare))
    for name in ["details_sent_at", "barrier"] { #expect(absent[name] == JSON.null, "\(name)") }
    let events: [(Int64, Event)] = [
      // The last of them, in whatever order they were recorded.
      (1, .detailsSent("health", .contact, route: nil, occurred: noon + .minutes(1))),
      (2, .detailsSent("health", .lead, route: nil, occurred: noon - .minutes(5))),
      (20, decided(at: noon)), (25, .circulated(to: ["police"], occurred: noon, closes: tomorrow)),
      (30, .receiptRecorded("police", occurred: noon + .minutes(26))),
      (31, .receiptRecorded("health", occurred: noon + .minutes(31))),
      (40, .conferenceHeld(occurred: noon + .minutes(35))),
      (50, .followUpDone(byRole: "manager", occurred: noon + .minutes(45))),
    ]
    let whole = document(events)
    #expect(health(whole)?["details_sent_at"] == "2026-11-23T12:01:00Z")
    let receipts: JSON = [
      ["agency": "police", "at": "2026-11-23T12:26:00Z"], ["agency": "health", "at": "2026-11-23T12:31:00Z"],
    ]
    #expect(whole["receipts"] == receipts)
    #expect(whole["conference_held_at"] == "2026-11-23T12:35:00Z")
    #expect(whole["follow_up_done_at"] == "2026-11-23T12:45:00Z")
  }

  @Test func whichUnitsWereAskedAndWhatTheyAnswered() throws {
    let position = health(
      document([
        (1, .detailsSent("health", .contact, route: nil, occurred: noon, unit: "gp", needed: true)),
        (2, .detailsSent("health", .contact, route: nil, occurred: noon + .minutes(1), unit: "ward")),
        (
          3,
          .contributionRecorded(
            "health", .phoneLive, byRole: "x", via: .api, occurred: noon + .minutes(2), unit: "gp")
        ),
        (4, .declined("health", .b10, byRole: "x", occurred: noon + .minutes(3), unit: "midwifery")),
      ]))
    let wanted: JSON = [
      [
        "unit": "gp", "state": "contributed", "asked_at": "2026-11-23T12:00:00Z", "needed": true,
        "acknowledged_at": nil,
        "contributed_at": "2026-11-23T12:02:00Z", "contribution": "phone_live", "counts": true, "declined": nil,
      ],
      [
        "unit": "ward", "state": "invited", "asked_at": "2026-11-23T12:01:00Z", "needed": false,
        "acknowledged_at": nil,
        "contributed_at": nil, "contribution": nil, "counts": false, "declined": nil,
      ],
      [
        "unit": "midwifery", "state": "declined", "asked_at": nil, "needed": false,
        "acknowledged_at": nil, "contributed_at": nil, "contribution": nil, "counts": false,
        "declined": "B10",
      ],
    ]
    #expect(position?["units"] == wanted)
  }

  private static let asks = Event.detailsSent(
    "health", .contact, route: nil, occurred: noon, unit: "gp", needed: true)
  private static let gives = Event.contributionRecorded(
    "health", .video, byRole: "x", via: .api, occurred: noon + .minutes(9), unit: "gp")

  /// What the rules make of a unit's words is told with them: where it stands, and whether the agency lacks it.
  @Test(
    arguments: [
      ("asked", [(1, asks)], "invited", true),
      ("heard", [(1, asks), (9, gives)], "contributed", false),
      ("decided without it", [(1, asks), (5, decided(at: noon + .minutes(5)))], "no_response", true),
      ("heard too late", [(1, asks), (5, decided(at: noon + .minutes(5))), (9, gives)], "contributed", true),
      (
        "asked too late",
        [
          (5, decided(at: noon + .minutes(5))),
          (8, .detailsSent("health", .contact, route: nil, occurred: noon + .minutes(8), unit: "gp")),
        ], "invited", false
      ),
      (
        "acknowledged an older time",
        [
          (1, .acknowledged("health", byRole: "x", via: .phone, occurred: noon, by: nil, unit: "gp")),
          (2, .rescheduled(meetingAt: tomorrow, reason: "room")),
        ], "not_invited", false
      ),
    ] as [(String, [(Int64, Event)], String, Bool)])
  func whereAUnitStands(_ says: String, _ events: [(Int64, Event)], _ state: String, isMissing: Bool) {
    let position = health(document(events))
    #expect(position?["units"]?.array?.first?["state"]?.string == state, "\(says)")
    #expect(position?["missing_units"] == (isMissing ? ["gp"] : []), "\(says)")
  }

  // MARK: - Why it was absent

  /// It is 2160 minutes from noon to the end of the next day.
  @Test(
    arguments: [
      ([(30, proposed)], barrier("B14", by: "rules", nil, nil)),
      ([(30, proposed), (40, agrees)], barrier("B14", by: "rules", "agreed", "B14")),
      ([(30, proposed), (2160, disputes)], barrier("B14", by: "rules", "disputed", "B12")),
      ([(30, proposed), (2161, disputes)], barrier("B14", by: "rules", "disputed", "B12", isLate: true)),
      ([(30, proposed), (40, named)], barrier("B30", by: "chair", nil, nil)),
      ([(30, proposed), (40, named), (50, disputes)], barrier("B30", by: "chair", "disputed", "B12")),
    ] as [([(Int64, Event)], JSON)])
  func theReasonAndTheAnswerStandBesideEachOther(events: [(Int64, Event)], expected: JSON) throws {
    var all: [(Int64, Event)] = [(20, decided(at: noon))]
    all += events
    let position = try #require(health(document(all)))
    #expect(position["barrier"] == expected)
    #expect(position["reason"] == expected["code"])
  }

  @Test func theSchemaNamesEveryMemberOfIt() throws {
    let position = try #require(health(document([(20, decided(at: noon)), (30, proposed)])))
    let schema = try #require(OpenAPI.json(version: "1")["components"]?["schemas"]?["Position"]?["properties"])
    #expect(schema.members?.map(\.name) == position.members?.map(\.name))
    let shape = try #require(schema["barrier"]?["anyOf"]?.array?.first?["properties"])
    #expect(shape.members?.map(\.name) == position["barrier"]?.members?.map(\.name))
  }

  // MARK: - The timeline

  private func entry(_ event: Event, for audience: Audience) throws -> JSON {
    let entry = Entry(
      stream: .discussion(id), revision: 9, at: noon, actor: Actor(uid: 1001, pid: 42), mark: nil, event: event)
    let sealed = SealedLine(
      seq: 8801, stream: entry.stream.description, revision: 9, line: JournalLine.encode(entry),
      salt: Salt(high: 0, low: 0), digest: .zero, chain: .zero)
    let timeline = TimelineDocument.json(id, [sealed], for: audience)
    expectItsSchema(timeline, .timeline)
    expectItsSchema(TimelineDocument.event(sealed), .events)
    return try #require(timeline["entries"]?.array?.first)
  }

  @Test func aNumberIsForTheControlSocketAlone() throws {
    let hidden: JSON = ["result": "no-reply", "by_role": "manager"]
    let shown: JSON = ["number": "0113 496 0180", "result": "no-reply", "by_role": "manager"]
    for (audience, data) in [(.status, hidden), (.control(outcome: false), shown), (.control(outcome: true), shown)]
      as [(Audience, JSON)]
    {
      let expected: JSON = [
        "seq": 8801, "revision": 9, "event": "telephoned", "occurred_at": "2026-11-23T11:57:00Z",
        "recorded_at": "2026-11-23T12:00:00Z", "actor": ["uid": 1001, "pid": 42, "role": "manager"],
        "agency": "health", "data": data,
      ]
      #expect(try entry(called, for: audience) == expected, "\(audience)")
    }
    // Nor by the stream of events, nor in any other entry.
    let line = SealedLine(
      seq: 1, stream: "discussion/7Q2F-M9KD", revision: 1,
      line: JournalLine.encode(
        Entry(stream: .discussion(id), revision: 1, at: noon, actor: nil, mark: nil, event: called)),
      salt: Salt(high: 0, low: 0), digest: .zero, chain: .zero)
    #expect(TimelineDocument.event(line)["data"] == hidden)
    #expect(!TimelineDocument.shows("number", of: "convened", to: .control(outcome: true)))
  }

  /// `agency` and the moment stand beside it: docs/contract.md.
  @Test(arguments: plain)
  func everybodySeesTheRest(event: Event, data: JSON) throws {
    for audience in [Audience.status, .control(outcome: false)] {
      #expect(try entry(event, for: audience)["data"] == data, "\(audience)")
    }
  }

  /// That it happened at all says what was decided, or who did not agree.
  @Test(
    arguments: [
      .conferenceHeld(occurred: noon), .clockStarted(.c7, occurred: noon, due: tomorrow, provisional: false, level: 1),
      .clockStarted(.c11, occurred: noon, due: tomorrow, provisional: false, level: 2),
      .clockMoved(.c5, due: tomorrow, provisional: false), .clockStopped(.c11, occurred: noon),
    ] as [Event])
  func whatTellsTheOutcomeIsHidden(event: Event) throws {
    let hidden: JSON = ["seq": 8801, "revision": 9, "event": nil, "hidden": true]
    for audience in [Audience.status, .control(outcome: false)] {
      #expect(try entry(event, for: audience) == hidden, "\(audience)")
    }
    #expect(try entry(event, for: .control(outcome: true))["event"]?.string == event.name)
  }

  @Test func whereAConferenceGoesOnIsAPartOfTheOutcome() throws {
    let event = Event.clockStopped(.c5, occurred: noon, goesOnIn: DiscussionID("8R3G-N0ME")!)
    #expect(
      try entry(event, for: .control(outcome: true))["data"] == ["clock": "C5", "goes_on_in": "8R3G-N0ME"])
    #expect(try entry(event, for: .status)["hidden"]?.bool == true)
  }

  @Test func theConferenceOfADecisionIsAPartOfItsOutcome() throws {
    let conference = ConferenceDue(from: noon, due: tomorrow, provisional: false)
    let event = Event.decided(
      Decision(outcome: .s47Joint, decidedAt: noon, byRole: "manager", conference: conference), missing: [])
    for audience in [Audience.status, .control(outcome: false)] {
      #expect(try entry(event, for: audience)["data"] == ["by_role": "manager", "missing": []], "\(audience)")
    }
    let shown: JSON = ["from": "2026-11-23T12:00:00Z", "due": "2026-11-25T00:00:00Z", "provisional": false]
    #expect(try entry(event, for: .control(outcome: true))["data"]?["conference"] == shown)
    let clocks = document([(20, event)])["clocks"]?.array ?? []
    #expect(clocks.map { $0["id"]?.string } == ["C5"] && clocks[0]["due"] == "2026-11-25T00:00:00Z")
  }

  @Test func theStatusSocketSeesNoClockOfTheOutcome() throws {
    let told = Event.clockStarted(.c11, occurred: noon, due: tomorrow, provisional: false, level: 1)
    let plain = Event.clockStarted(.c6, occurred: noon, due: tomorrow, provisional: false, level: 1)
    let shown = document([(1, told), (2, plain), (20, decided(at: noon))], for: .status)
    #expect(shown["clocks"]?.array?.map { $0["id"]?.string } == ["C6"])
    #expect(shown["conference_held_at"] == nil)
  }
}
