// What is recorded beside the reminders and after a decision, over the sockets, with the docket that ships behind them: one
// discussion from its convening to its follow-up. Everything happens at noon, on Monday 23 November 2026.
import Convening
import Coordination
import Synchronization
import Testing
import Wire

@testable import StatusAPI

/// Fair notice half an hour; C1 and C10 have no limit.
private let clockPolicy = Policy(
  id: "leeds", from: CivilDate("2026-01-01")!, required: ["social-care", "police", "health"],
  counting: [.inPerson, .video, .phoneLive], decisionRecorded: .minutes(15), closeAfter: .elapsed(.days(20)),
  reasonWithoutAll: true,
  standard: Ladder(
    acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1),
    steps: [Step(name: "invite", when: .once, to: [.contact])], heldWithin: .workingDays(1),
    fairNotice: .elapsed(.minutes(30))),
  clocks: [
    .c4: [.workingDays(1)], .c5: [.workingDays(15)], .c6: [.workingDays(45)], .c7: [.workingDays(10)],
    .followUp: [.workingDays(5)],
  ])

/// A turn for each request; every receiver accepts at once.
private final class SmallConvenor: Sendable {
  private struct State {
    var docket = Docket(arrangements: arrangements, lots: Lots(seed: 7))
    var lines: [SealedLine] = []

    mutating func take(_ inputs: [Input]) -> Turn {
      docket.gatherDue(at: noon)
      let turn = docket.plan(inputs, at: noon)
      docket.apply(turn, at: noon)
      lines += turn.lines
      return turn
    }
  }

  private let state = Mutex(State())

  init() {
    state.withLock { _ = $0.take([.started(version: "1"), .arranged(arrangements, [clockPolicy])]) }
  }

  var lines: [SealedLine] { state.withLock { $0.lines } }

  func answer(_ request: Coordination.Request) -> Coordination.Reply {
    let accepted = Answer(verdict: .accepted, status: 204, tookMilliseconds: 1)
    return state.withLock { state in
      // As the convenor reads them for a correction.
      let stream = if case .change(let id, _) = request.change { "discussion/\(id)" } else { "" }
      let entries = state.lines.compactMap { line -> Entry? in
        guard line.stream == stream, case .entry(let entry)? = try? line.reading() else { return nil }
        return entry
      }
      let turn = state.take([.request(request, ticket: 1, .init(entries: entries))])
      _ = state.take(
        turn.sends.map {
          .attemptEnded($0.matter, $0.delivery.reminder, attempt: $0.delivery.attempt, accepted)
        })
      return turn.replies[0].reply
    }
  }
}

/// One post, in the order of the afternoon.
private struct Post: Sendable {
  let path: String
  let body: String
  var status = 200
  /// How many entries it makes.
  var entries = 0
  /// Of a refusal.
  var code: String?
  var pointers: [String] = []
}

private let convene =
  #"{"meeting_at":"2026-11-23T13:00:00Z","need_identified_at":"2026-11-23T11:00:00Z","team":"duty","#
  + #""convened_by":"team manager"}"#
private let decision = #"{"outcome":"s47_joint","by_role":"team manager","reason":"B14"}"#

private let before: [Post] = [
  Post(path: "details-sent", body: #"{"agency":"health","place":"contact","at":"2026-11-23T11:58:00Z"}"#, entries: 1),
  Post(
    path: "details-sent", body: #"{"agency":"health","place":"coordinator"}"#, status: 400, code: "invalid",
    pointers: ["/place"]),
  Post(
    path: "calls",
    body: #"{"agency":"health","number":"0113 496 0180","result":"no-reply","by_role":"team manager"}"#, entries: 1),
  Post(
    path: "contributions", body: #"{"agency":"social-care","kind":"phone_live","by_role":"manager","via":"phone"}"#,
    entries: 1),
  Post(
    path: "contributions", body: #"{"agency":"police","kind":"phone_live","by_role":"DS","via":"phone"}"#, entries: 1),
  Post(path: "clocks", body: #"{"clock":"C6","started_at":"2026-11-02T09:00:00Z"}"#, entries: 1),
  Post(
    path: "clocks", body: #"{"clock":"C10","started_at":"2026-11-23T12:00:00Z"}"#, status: 422, code: "no-limit",
    pointers: ["/clock"]),
  Post(
    path: "clocks", body: #"{"clock":"C6","started_at":"2026-11-03T09:00:00Z"}"#, status: 409, code: "already-recorded"),
  Post(
    path: "clocks", body: #"{"clock":"C7","stopped_at":"2026-11-23T12:00:00Z"}"#, status: 409,
    code: "clock-not-running", pointers: ["/clock"]),
  // Nothing of what follows on a decision comes before it.
  Post(path: "barriers", body: #"{"agency":"health","code":"B14","by":"chair"}"#, status: 409, code: "not-decided"),
  Post(path: "receipts", body: #"{"agency":"police"}"#, status: 409, code: "not-decided"),
  Post(path: "conference", body: "{}", status: 409, code: "not-decided"),
  Post(path: "follow-up", body: #"{"by_role":"team manager"}"#, status: 409, code: "not-decided"),
  Post(
    path: "decision", body: #"{"outcome":"s47_joint","by_role":"team manager"}"#, status: 422, code: "reason-required",
    pointers: ["/reason"]),
]

/// The decision: itself with C5, C3, C4, the follow-up, and a reason for Health.
private let after: [Post] = [
  Post(path: "decision", body: decision, entries: 5),
  Post(
    path: "barriers", body: #"{"agency":"police","code":"B14","by":"chair"}"#, status: 409, code: "not-absent",
    pointers: ["/agency"]),
  Post(path: "barriers", body: #"{"agency":"health","code":"B12","by":"chair"}"#, entries: 1),
  Post(path: "barriers", body: #"{"agency":"health","code":"B11","by":"agency","agreed":false}"#, entries: 1),
  Post(path: "receipts", body: #"{"agency":"police"}"#, status: 409, code: "not-circulated"),
  Post(path: "circulate", body: #"{"to":["police","health"]}"#, entries: 1),
  Post(path: "receipts", body: #"{"agency":"police"}"#, entries: 1),
  Post(path: "receipts", body: #"{"agency":"police"}"#, status: 409, code: "already-recorded"),
  // The conference, and the core group's clock.
  Post(path: "conference", body: #"{"held_at":"2026-11-23T12:00:00Z"}"#, entries: 2),
  Post(path: "conference", body: "{}", status: 409, code: "already-recorded"),
  Post(path: "follow-up", body: #"{"by_role":"team manager"}"#, entries: 1),
  Post(path: "follow-up", body: #"{"by_role":"team manager"}"#, status: 409, code: "already-recorded"),
  Post(path: "clocks", body: #"{"clock":"C6","stopped_at":"2026-11-23T10:00:00Z"}"#, entries: 1),
  Post(
    path: "clocks", body: #"{"clock":"C6","stopped_at":"2026-11-23T10:00:00Z"}"#, status: 409,
    code: "clock-not-running", pointers: ["/clock"]),
]

/// id, due, stopped, margin_s, provisional: as they stand at the end.
private let clocks = [
  "C2 2026-11-25T00:00:00Z 2026-11-23T12:00:00Z 129600 false",
  "C6 2027-01-06T00:00:00Z 2026-11-23T10:00:00Z 3765600 true",
  "C5 2026-12-15T00:00:00Z 2026-11-23T12:00:00Z 1857600 false",
  "C3 2026-11-23T12:15:00Z 2026-11-23T12:00:00Z 900 false",
  "C4 2026-11-25T00:00:00Z 2026-11-23T12:00:00Z 129600 false",
  "follow-up 2026-12-01T00:00:00Z 2026-11-23T12:00:00Z 648000 false",
  "C7 2026-12-08T00:00:00Z - - false",
]

private func words(_ clock: JSON) -> String {
  let due = clock["due"]?.string ?? ""
  let stopped = clock["stopped"]?.string ?? "-"
  let margin = clock["margin_s"]?.int.map { "\($0)" } ?? "-"
  return "\(clock["id"]?.string ?? "") \(due) \(stopped) \(margin) \(clock["provisional"]?.bool ?? false)"
}

private func health(_ document: JSON) -> JSON? {
  document["positions"]?.array?.first { $0["agency"]?.string == "health" }
}

private let posts = "POST /v1/discussions/7Q2F-M9KD/"

@Test func whatFollowsADecisionIsRecordedOverTheSockets() async throws {
  let convenor = SmallConvenor()
  let snapshot = live { $0.policies.adopt(clockPolicy, as: policyRef) }
  try await withServer([], live: snapshot, reply: { convenor.answer($0) }) { running in
    let convened = try await running.change("PUT /v1/discussions/7Q2F-M9KD", convene)
    #expect(convened.status == 201)
    // Convened, C2, three ladders, three messages; and three answers to those, which no reply waits for.
    #expect(convened.headers["etag"] == "\"8\"")
    var revision = 11
    for post in before + after {
      let reply = try await running.change("\(posts)\(post.path)", post.body)
      let says = "\(post.path) \(post.body)"
      revision += post.entries
      #expect(reply.status == post.status, "\(says)")
      guard reply.status == 200 else {
        #expect(try reply.code == post.code, "\(says)")
        #expect(try reply.pointers == post.pointers, "\(says)")
        continue
      }
      #expect(reply.headers["etag"] == "\"\(revision)\"", "\(says)")
      #expect(try reply.json["revision"]?.int == revision, "\(says)")
      #expect(reply.headers["idempotent-replay"] == nil)
    }

    // A key: once, again, and with another body.
    let key = ["Idempotency-Key: r1"]
    let first = try await running.change("\(posts)receipts", #"{"agency":"health"}"#, key)
    revision += 1
    #expect(first.status == 200 && first.headers["etag"] == "\"\(revision)\"")
    let again = try await running.change("\(posts)receipts", #"{"agency":"health"}"#, key)
    #expect(again.status == 200 && again.headers["idempotent-replay"] == "true")
    #expect(again.headers["etag"] == "\"\(revision)\"" && again.body == first.body)
    let other = try await running.change("\(posts)receipts", #"{"agency":"social-care"}"#, key)
    #expect(other.status == 409)
    #expect(try other.code == "idempotency-key-reused")
    // A revision that has gone by.
    let stale = try await running.change(
      "\(posts)calls", #"{"agency":"health","number":"1","result":"answered","by_role":"x"}"#, ["If-Match: \"9\""])
    #expect(stale.status == 412)

    // What stands there in the end, on either socket.
    for line in convenor.lines where line.stream == "discussion/7Q2F-M9KD" {
      running.records.append(line.stream, line.revision, line.line ?? "")
    }
    let shown = try await running.get("/v1/discussions/7Q2F-M9KD")
    #expect(shown.headers["etag"] == "\"\(revision)\"")
    let (document, answered) = (try shown.json, try first.json)
    for name in ["positions", "receipts"] { #expect(document[name] == answered[name], "\(name)") }
    #expect(answered["clocks"]?.array?.map(words) == clocks)
    // C5 and C7 say what was decided.
    #expect(document["clocks"]?.array?.map(words) == clocks.filter { !$0.hasPrefix("C5") && !$0.hasPrefix("C7") })
    #expect(document["conference_held_at"] == nil)
    #expect(document["state"] == "circulated")
    #expect(document["receipts"]?.array?.compactMap { $0["agency"]?.string } == ["police", "health"])
    #expect(answered["conference_held_at"] == "2026-11-23T12:00:00Z")
    #expect(document["follow_up_done_at"] == "2026-11-23T12:00:00Z")
    #expect(health(document)?["details_sent_at"] == "2026-11-23T11:58:00Z")
    let barrier: JSON = [
      "code": "B12", "by": "chair", "proposed": "B02", "answer": "disputed", "answer_code": "B11",
      "answer_until": "2026-11-25T00:00:00Z", "answered_late": false,
    ]
    #expect(health(document)?["barrier"] == barrier)
    let told = try await running.get("/v1/discussions/7Q2F-M9KD/timeline").text
    #expect(told.contains("telephoned") && !told.contains("0113 496 0180"))
    let all = try await running.ask(running.control, request("GET /v1/discussions/7Q2F-M9KD/timeline")).text
    #expect(all.contains("0113 496 0180"))
  }
}

/// Decided the moment it was asked: the rules say whose doing that is before anybody else does.
@Test func aDecisionWithoutAllAnswersWithItsReasons() async throws {
  let convenor = SmallConvenor()
  try await withServer([], reply: { convenor.answer($0) }) { running in
    _ = try await running.change("PUT /v1/discussions/7Q2F-M9KD", convene)
    for post in before where post.status == 200 { _ = try await running.change("\(posts)\(post.path)", post.body) }
    let document = try await running.change("\(posts)decision", decision).json
    let barriers = document["positions"]?.array?.map { position in
      "\(position["agency"]?.string ?? "") \(position["barrier"]?["code"]?.string ?? "-")"
    }
    #expect(barriers == ["social-care -", "police -", "health B02"])
    #expect(health(document)?["barrier"]?["by"] == "rules" && health(document)?["reason"] == "B02")
    #expect(document["quorum"]?["missing"] == ["health"])
  }
}

/// Each body becomes its command, with what it says left as it is.
@Test func eachOfTheseBecomesItsCommand() async throws {
  let at = Instant("2026-11-23T11:00:00Z")!
  let table: [(String, String, Command)] = [
    (
      "details-sent", #"{"agency":"health","place":"deputy","at":"2026-11-23T12:00:00+01:00"}"#,
      .sendDetails("health", .deputy, at: at)
    ),
    (
      "calls", #"{"agency":"health","number":"0113","result":"message-left","by_role":"DS"}"#,
      .call("health", number: "0113", .messageLeft, byRole: "DS", at: nil)
    ),
    (
      "barriers", #"{"agency":"health","code":"B30","by":"chair"}"#,
      .nameBarrier("health", .b30, by: .chair, agreed: nil)
    ),
    (
      "barriers", #"{"agency":"health","code":"B12","by":"agency","agreed":true}"#,
      .nameBarrier("health", .b12, by: .agency, agreed: true)
    ),
    ("receipts", #"{"agency":"police","at":"2026-11-23T11:00:00Z"}"#, .receive("police", at: at)),
    ("conference", "", .conference(heldAt: nil)),
    ("conference", #"{"held_at":"2026-11-23T11:00:00Z"}"#, .conference(heldAt: at)),
    (
      "follow-up", #"{"done_at":"2026-11-23T11:00:00Z","by_role":"DS"}"#, .followUp(doneAt: at, byRole: "DS")
    ),
    ("clocks", #"{"clock":"C11","started_at":"2026-11-23T11:00:00Z"}"#, .startClock(.c11, at: at)),
    ("clocks", #"{"clock":"C1","stopped_at":"2026-11-23T11:00:00Z"}"#, .stopClock(.c1, at: at)),
  ]
  try await withServer { running in
    for (path, body, _) in table {
      let reply = try await running.change("\(posts)\(path)", body)
      #expect(reply.status == 200, "\(path)")
    }
    #expect(running.convenor.requests.map(\.change) == table.map { .change(someDiscussion, $0.2) })
  }
}

/// The replacement is the body of the same request: its faults are said where they stand, and the timeline shows both.
@Test func whatWasRecordedIsCorrectedOverTheSockets() async throws {
  let convenor = SmallConvenor()
  try await withServer([], reply: { convenor.answer($0) }) { running in
    _ = try await running.change("PUT /v1/discussions/7Q2F-M9KD", convene)
    _ = try await running.change(
      "\(posts)contributions", #"{"agency":"health","kind":"video","by_role":"nurse","via":"phone"}"#)
    for line in convenor.lines where line.stream == "discussion/7Q2F-M9KD" {
      running.records.append(line.stream, line.revision, line.line ?? "")
    }
    func correct(_ replacement: String, revision: Int = 12) async throws -> (Int, [String]) {
      let reply = try await running.change(
        "\(posts)corrections", #"{"revision":\#(revision),"reason":"wrong agency","replacement":\#(replacement)}"#)
      return (reply.status, reply.status == 200 ? [] : [try reply.code ?? ""] + (try reply.pointers))
    }
    let (status, faults) = try await correct(#"{"agency":"police","kind":"nod"}"#)
    #expect(status == 400)
    #expect(Set(faults) == ["invalid", "/replacement/by_role", "/replacement/via", "/replacement/kind"])
    #expect(
      try await correct(#"{"agency":"nobody","kind":"video","by_role":"DS","via":"phone"}"#) == (
        422, ["unknown-agency", "/replacement/agency"]
      ))
    #expect(try await correct(#"{"agency":"health"}"#, revision: 1) == (422, ["not-correctable", "/revision"]))
    #expect(try await correct(#"{"agency":"health"}"#, revision: 99) == (422, ["no-such-entry", "/revision"]))
    #expect(try await correct(#"{"agency":"police","kind":"video","by_role":"DS","via":"phone"}"#) == (200, []))
    let again = try await running.change("\(posts)corrections", #"{"revision":12,"reason":"once more"}"#)
    #expect(again.status == 409)
    #expect(try again.code == "already-corrected")
    for line in convenor.lines where line.stream == "discussion/7Q2F-M9KD" && line.revision > 12 {
      running.records.append(line.stream, line.revision, line.line ?? "")
    }
    let told = try await running.get("/v1/discussions/7Q2F-M9KD/timeline")
    let entries = try told.json["entries"]?.array ?? []
    #expect(entries.first { $0["revision"] == 12 }?["corrected_by"] == 13)
    let corrected = entries.first { $0["revision"] == 13 }
    #expect(corrected?["data"]?["replacement"]?["agency"] == "police" && corrected?["data"]?["strikes"] == 12)
    // Why is for those who may change it.
    #expect(corrected?["data"]?["reason"] == nil)
    #expect(
      try await running.ask(running.control, request("GET /v1/discussions/7Q2F-M9KD/timeline")).text.contains(
        "wrong agency"))
  }
}

/// What the replacement of a decision lacks is a reason of its own, whatever reason the correction has.
@Test func aReplacementWithoutItsReasonIsAtFaultThere() async throws {
  let convenor = SmallConvenor()
  try await withServer([], reply: { convenor.answer($0) }) { running in
    _ = try await running.change("PUT /v1/discussions/7Q2F-M9KD", convene)
    for post in before where post.status == 200 { _ = try await running.change("\(posts)\(post.path)", post.body) }
    _ = try await running.change("\(posts)decision", decision)
    var decided: Int?
    for line in convenor.lines where line.stream == "discussion/7Q2F-M9KD" {
      running.records.append(line.stream, line.revision, line.line ?? "")
      if case .entry(let entry) = try line.reading(), Correctable(entry.event) == .decided { decided = line.revision }
    }
    let revision = try #require(decided)
    let refused = try await running.change(
      "\(posts)corrections",
      #"{"revision":\#(revision),"reason":"slip","replacement":{"outcome":"nfa","by_role":"team manager"}}"#)
    #expect(refused.status == 422)
    #expect(try refused.code == "reason-required")
    #expect(try refused.pointers == ["/replacement/reason"])
  }
}
