// The two sockets: what each shows and takes, who the actor is, how they begin and how they end.
import Convening
import Coordination
import Glibc
import ServiceLifecycle
import Synchronization
import Testing
import Wire

@testable import StatusAPI

private let convene = #"{"meeting_at":"2026-11-24T10:00:00Z","team":"duty","convened_by":"team manager"}"#

@Test func theStatusSocketTakesNoChange() async throws {
  try await withServer { running in
    for operation in APIOperation.allCases where operation.isControlOnly {
      let path = operation.path.replacing("{id}", with: "7Q2F-M9KD").replacing("{agency}", with: "police")
      let reply = try await running.ask(running.status, request("\(operation.method) \(path)", body: "{}"))
      #expect(reply.status == 405, "\(operation)")
    }
    #expect(running.convenor.requests.isEmpty)
  }
}

@Test func nothingSecretLeavesByTheStatusSocket() async throws {
  let events =
    story + [
      .decided(
        Decision(
          outcome: .s47Joint, decidedAt: noon + .minutes(9), byRole: "team manager", flags: [.medical],
          dissent: ["police"], reason: "REASON-SECRET"), missing: ["health"]),
      .rescheduled(meetingAt: noon, reason: "REASON-SECRET"),
    ]
  try await withServer(events) { running in
    running.records.append(
      "discussion/7Q2F-M9KD", 9,
      #"{"v":1,"stream":"discussion/7Q2F-M9KD","revision":9,"event":"attemptBegan","at":"2026-11-23T12:00:00Z","#
        + #""key":{"key":"KEY-SECRET","body":"KEY-SECRET"},"data":{"reminder":"msg_1","body":"\#(reminderBody)","#
        + #""a_field_of_tomorrow":"TOMORROW-SECRET"}}"#)
    for target in ["/v1/discussions/7Q2F-M9KD/timeline", "/v1/discussions", "/v1/status", "/v1/agencies", "/metrics"] {
      let text = try await running.get(target).text
      for secret in ["SECRET", "s47_joint", "medical"] { #expect(!text.contains(secret), "\(target) shows \(secret)") }
    }
    for socket in [running.status, running.control] {
      let client = try RawClient(socket)
      try await client.send(request("GET /v1/events"))
      let text = try await client.read(until: "attemptBegan")
      for secret in ["SECRET", "s47_joint", "medical"] { #expect(!text.contains(secret)) }
    }
    let hidden = try await running.ask(running.control, request("GET /v1/discussions/7Q2F-M9KD/timeline")).text
    #expect(hidden.contains(caseReference) && !hidden.contains("s47_joint") && !hidden.contains(reminderBody))
    let shown = try await running.ask(running.control, request("GET /v1/discussions/7Q2F-M9KD/timeline?outcome=1")).text
    #expect(shown.contains("s47_joint") && shown.contains("medical") && !shown.contains("KEY-SECRET"))
    #expect(try await running.get("/v1/discussions/7Q2F-M9KD/timeline?outcome=1").status == 403)
  }
}

@Test func theCaseReferenceIsForTheControlSocket() async throws {
  try await withServer { running in
    let (open, closed) = (
      try await running.ask(running.control, request("GET /v1/discussions/7Q2F-M9KD")),
      try await running.get("/v1/discussions/7q2fm9kd")
    )
    #expect(try open.json["case_reference"]?.string == caseReference)
    #expect(closed.status == 200)
    #expect(!closed.text.contains("SECRET"))
    #expect(open.headers["etag"] == "\"3\"" && closed.headers["etag"] == "\"3\"")
    #expect(try closed.json["next"]?["place"]?.string == "contact")
    let states = try closed.json["positions"]?.array?.map { $0["state"]?.string }
    #expect(states == ["not_invited", "contributed", "invited"])
  }
}

@Test func anUnchangedDiscussionIsNotSentAgain() async throws {
  try await withServer { running in
    for (tag, status) in [("\"3\"", 304), ("W/\"3\"", 304), ("\"2\", \"3\"", 304), ("*", 304), ("\"2\"", 200)] {
      let reply = try await running.get("/v1/discussions/7Q2F-M9KD", ["If-None-Match: \(tag)"])
      #expect(reply.status == status)
      #expect(reply.headers["etag"] == "\"3\"")
    }
    #expect(try await running.get("/v1/discussions/0000-0000").status == 404)
  }
}

@Test func theActorIsThePeer() async throws {
  try await withServer { running in
    let reply = try await running.change("PUT /v1/discussions/7Q2F-M9KD", convene)
    #expect(reply.status == 200)
    let request = try #require(running.convenor.requests.first)
    #expect(request.actor == Actor(uid: getuid(), pid: getpid()))
    #expect(request.mark == nil)
  }
}

@Test func aFirstBodyIsTheSameInAnyOrder() async throws {
  try await withServer { running in
    let other = #"{ "convened_by":"team manager", "team":"duty",  "meeting_at":"2026-11-24T10:00:00Z"}"#
    _ = try await running.change("PUT /v1/discussions/7Q2F-M9KD", convene)
    _ = try await running.change("PUT /v1/discussions/7Q2F-M9KD", other, ["Idempotency-Key: ignored"])
    _ = try await running.change("PUT /v1/discussions/7Q2F-M9KD", convene.replacing("duty", with: "night"))
    let prints = running.convenor.requests.map { request -> Fingerprint? in
      if case .convene(someDiscussion, _, let firstBody) = request.change { firstBody } else { nil }
    }
    #expect(prints[0] != nil && prints[0] == prints[1] && prints[0] != prints[2])
    #expect(running.convenor.requests.allSatisfy { $0.mark == nil })
  }
}

@Test func aCreatedDiscussionHasALocation() async throws {
  try await withServer(reply: { _ in .discussion(folded(story), policy, created: true, replayed: false) }) { running in
    let reply = try await running.change("PUT /v1/discussions/7q2fm9kd", convene)
    #expect(reply.status == 201)
    #expect(reply.headers["location"] == "/v1/discussions/7Q2F-M9KD")
    #expect(reply.headers["etag"] == "\"3\"")
    #expect(try reply.json["schema"]?.string == "convened.discussion/1")
  }
}

@Test func keysAndTagsReachTheConvenor() async throws {
  try await withServer(reply: { _ in .discussion(folded(story), policy, created: false, replayed: true) }) { running in
    let close = "POST /v1/discussions/7Q2F-M9KD/close"
    let cancel = "POST /v1/discussions/7Q2F-M9KD/cancel"
    let reply = try await running.change(close, nil, ["Idempotency-Key: a", "If-Match: \"3\""])
    #expect(reply.headers["idempotent-replay"] == "true")
    _ = try await running.change(close, "{}", ["Idempotency-Key: a", "If-Match: *"])
    _ = try await running.change(close, "{}", ["Idempotency-Key: b"])
    _ = try await running.change("POST /v1/discussions/7Q2F-M9K0/close", "{}", ["Idempotency-Key: a"])
    _ = try await running.change(cancel, #"{"reason":"x"}"#, ["Idempotency-Key: a"])
    _ = try await running.change(cancel, #"{"reason":"y"}"#, ["Idempotency-Key: a"])
    let requests = running.convenor.requests
    #expect(requests.map(\.ifMatch) == [3, nil, nil, nil, nil, nil])
    let marks = requests.compactMap(\.mark)
    #expect(marks[0] == marks[1], "no body and an empty one are the same")
    #expect(Set(marks.map(\.key)).count == 4, "another key, discussion or route is another mark")
    #expect(marks[4].key == marks[5].key && marks[4].body != marks[5].body)
  }
}

@Test(arguments: [
  (Refusal.revisionMismatch(current: 4), 412, false), (.busy, 503, true), (.storageFull, 503, true),
  (.keyReused, 409, false), (.unknownAgency(field: "agency"), 422, false),
])
func aRefusalIsAProblem(refusal: Refusal, status: Int, again: Bool) async throws {
  try await withServer(reply: { _ in .refused(refusal) }) { running in
    let reply = try await running.change("POST /v1/discussions/7Q2F-M9KD/close")
    #expect(reply.status == status)
    #expect(try reply.code == refusal.code)
    #expect(try reply.json["retryable"]?.bool == again)
    #expect((reply.headers["retry-after"] != nil) == again)
  }
}

@Test func eachChangeBecomesItsCommand() async throws {
  let at = Instant("2026-11-23T11:00:00Z")!
  let decision = #"{"outcome":"nfa","by_role":"manager","flags":["abe"],"dissent":["police"],"reason":"B14"}"#
  let decided = Decision(outcome: .nfa, byRole: "manager", flags: [.abe], dissent: ["police"], reason: "B14")
  let table: [(String, String, Command)] = [
    (
      "reschedule", #"{"meeting_at":"2026-11-23T11:00:00Z","reason":"moved"}"#,
      .reschedule(meetingAt: at, reason: "moved")
    ),
    (
      "acknowledgements", #"{"agency":"police","by_role":"DS","via":"phone","at":"2026-11-23T12:00:00+01:00"}"#,
      .acknowledge("police", byRole: "DS", via: .phone, at: at)
    ),
    (
      "contributions", #"{"agency":"police","kind":"video","by_role":"DS","via":"api"}"#,
      .contribute("police", .video, byRole: "DS", via: .api, at: nil)
    ),
    ("declines", #"{"agency":"police","code":"B13","by_role":"DS"}"#, .decline("police", .b13, byRole: "DS", at: nil)),
    (
      "held", #"{"held_at":"2026-11-23T11:00:00Z","form":"phone"}"#, .hold(heldAt: at, form: .phone, decision: nil)
    ),
    ("held", decision, .hold(heldAt: nil, form: nil, decision: decided)),
    ("decision", decision, .decide(decided)),
    ("circulate", #"{"to":["police","health"]}"#, .circulate(to: ["police", "health"], at: nil)),
    ("cancel", #"{"reason":"convened twice"}"#, .cancel(reason: "convened twice")),
    ("close", "", .close),
  ]
  try await withServer { running in
    for (path, body, _) in table {
      let reply = try await running.change("POST /v1/discussions/7Q2F-M9KD/\(path)", body)
      #expect(reply.status == 200)
    }
    #expect(running.convenor.requests.map(\.change) == table.map { .change(someDiscussion, $0.2) })
  }
}

@Test func agenciesAreReachedByName() async throws {
  let reminder = ReminderID(high: 1, low: 2)
  try await withServer(reply: { request in
    switch request.change {
    case .ping(_, let route): .pinged(reminder, route ?? "desk", replayed: request.mark != nil)
    case .enable(_, let route): .enabled(route, replayed: request.mark != nil)
    case .pause(let until, _): .paused(until: until, replayed: request.mark != nil)
    case .resume: .resumed(replayed: request.mark != nil)
    case .setRota(let agency, _), .cover(let agency, _): .onDuty(agency ?? .coordination, Rota(), replayed: false)
    case .convene, .change, .resend, .contact, .imports, .feed, .keepReport:
      .discussion(folded(story), policy, created: false, replayed: false)
    }
  }) { running in
    let pinged = try await running.change("POST /v1/agencies/police/ping")
    let enabled = try await running.change("POST /v1/agencies/coordination/enable", #"{"route":"desk"}"#)
    let resent = try await running.change("POST /v1/reminders/\(reminder)/resend")
    #expect([pinged.status, enabled.status, resent.status] == [202, 200, 200])
    #expect([pinged, enabled].map { $0.headers["idempotent-replay"] } == [nil, nil])
    for line in ["POST /v1/agencies/police/ping", "POST /v1/agencies/coordination/enable"] {
      let again = try await running.change(
        line, line.hasSuffix("enable") ? #"{"route":"desk"}"# : nil, ["idempotency-key: k"])
      #expect(again.headers["idempotent-replay"] == "true", "\(line)")
    }
    #expect(
      running.convenor.requests.prefix(3).map(\.change) == [
        .ping("police", route: nil), .enable(nil, "desk"), .resend(reminder),
      ])
  }
}

@Test func aPauseHasAnEndAndAReason() async throws {
  let until = Instant("2026-11-24T10:00:00Z")!
  try await withServer(reply: { request in
    switch request.change {
    case .pause(let until, _): .paused(until: until, replayed: request.mark != nil)
    case .resume: .resumed(replayed: false)
    default: .refused(.notFound)
    }
  }) { running in
    let body = #"{"until":"2026-11-24T10:00:00Z","reason":"the receiver is moved"}"#
    let paused = try await running.change("POST /v1/pause", body)
    #expect(paused.status == 200)
    #expect(
      try paused.json == ["schema": "convened.pause/1", "paused": true, "until": "2026-11-24T10:00:00Z"])
    let again = try await running.change("POST /v1/pause", body, ["idempotency-key: k"])
    #expect(again.headers["idempotent-replay"] == "true")
    let resumed = try await running.change("POST /v1/resume")
    #expect(try resumed.json == ["schema": "convened.pause/1", "paused": false, "until": nil])
    #expect(
      running.convenor.requests.map(\.change) == [
        .pause(until: until, reason: "the receiver is moved"), .pause(until: until, reason: "the receiver is moved"),
        .resume,
      ])
    for wrong in [#"{"until":"2026-11-24T10:00:00Z"}"#, #"{"reason":"x"}"#, #"{"until":"soon","reason":"x"}"#] {
      #expect(try await running.change("POST /v1/pause", wrong).status == 400, "\(wrong)")
    }
  }
}

@Test func aReloadSaysWhatIsWrong() async throws {
  try await withServer(reload: .done(warnings: ["New credentials need a restart."])) { running in
    let reply = try await running.change("POST /v1/reload")
    #expect(reply.status == 200)
    #expect(try reply.json["warnings"]?.array == ["New credentials need a restart."])
  }
  try await withServer(reload: .refused(faults: ["one", "two"])) { running in
    let reply = try await running.change("POST /v1/reload")
    #expect(reply.status == 422)
    #expect(try reply.json["errors"]?.array?.compactMap { $0["detail"]?.string } == ["one", "two"])
  }
}

@Test func aListGoesOnWhereItsPageEnded() async throws {
  try await withServer { running in
    var (ids, target, pages) = ([String](), "/v1/discussions?limit=5", 0)
    while true {
      let page = try await running.get(target).json
      ids += page["discussions"]?.array?.compactMap { $0["id"]?.string } ?? []
      pages += 1
      guard let cursor = page["cursor"]?.string else { break }
      target = "/v1/discussions?limit=5&cursor=\(cursor)"
    }
    #expect(pages == 3)
    #expect(ids == (0..<12).map { DiscussionID(bits: UInt64($0)).description })
    let held = try await running.get("/v1/discussions?state=held").json
    #expect(held["discussions"]?.array == [])
  }
}

@Test func whoHasLeftTheSettingsIsListedStill() async throws {
  let fewer = Arrangements(
    agencies: arrangements.agencies.filter { $0.id != "health" }, coordinator: arrangements.coordinator,
    routes: arrangements.routes, ring: arrangements.ring, source: arrangements.source, calendar: arrangements.calendar)
  try await withServer(live: live { $0.arrangements = fewer }) { running in
    let table = [
      ("agency=health", 200), ("agency=health&state=held", 200), ("agency=helth", 422),
      ("agency=police&state=held", 200),
    ]
    for (query, status) in table {
      let reply = try await running.get("/v1/discussions?\(query)")
      #expect(reply.status == status, "\(query)")
    }
  }
}

@Test func aFormThatWasSentWithBlanksIsTheListWithoutThem() async throws {
  try await withServer { running in
    let blank = try await running.get("/v1/discussions?state=&agency=&due_before=&cursor=&limit=")
    #expect(blank.status == 200)
    let whole = try await running.get("/v1/discussions")
    #expect(try blank.json == whole.json)
  }
}

@Test func theStatusSocketSaysWhereTheJournalIsRead() async throws {
  try await withServer { running in
    let reply = try await running.get("/v1/journal?after=0")
    #expect(reply.status == 405)
    #expect(reply.text.contains("This is read on the control socket alone."))
  }
}

@Test func theReportIsAskedInTheAuthoritysDays() async throws {
  try await withServer { running in
    let report = try await running.get("/v1/report?from=2026-10-01&to=2026-11-01&by=month").json
    #expect(report["from"]?.string == "2026-09-30T23:00:00Z", "summer time")
    #expect(report["to"]?.string == "2026-11-01T00:00:00Z")
    #expect(report["reader"]?.string == "status")
    let published = try await running.get("/v1/report?from=2026-10-01&to=2026-11-01&public=1").json
    #expect(published["reader"]?.string == "everybody")
  }
}

@Test func aHeadHasNoBody() async throws {
  try await withServer { running in
    let client = try RawClient(running.status)
    try await client.send(request("HEAD /v1/status", ["Connection: close"]))
    let text = try await client.rest()
    #expect(text.hasPrefix("HTTP/1.1 405") && text.hasSuffix("\r\n\r\n"))
  }
}

/// A store's fault may be told; of any other error only the kind, whatever it says.
struct Failure: Sendable, CustomTestStringConvertible {
  struct Told: StorageFault {
    let description = "the disk failed (SQLite 10)"
  }

  struct Careless: Error, CustomStringConvertible {
    let description = "row \(caseReference) could not be read"
  }

  let error: any Error
  let says: String
  var testDescription: String { says }

  static let all = [
    Failure(error: Told(), says: "the disk failed (SQLite 10)"), Failure(error: Careless(), says: "Careless"),
  ]
}

@Test(arguments: Failure.all) func aBrokenJournalIsAProblemAndTheLogSaysWhy(failure: Failure) async throws {
  let book = LogBook()
  try await withServer(failure: failure.error, book: book) { running in
    let reply = try await running.get("/v1/discussions/7Q2F-M9KD")
    #expect(reply.status == 500)
    #expect(try reply.code == "internal-error")
    #expect(!reply.text.contains("SQLite") && !reply.text.contains(caseReference))
  }
  #expect(book.all == ["error: a request failed: \(failure.says)"])
}

@Test(arguments: Failure.all, ["/v1/events", "/v1/journal"])
func aStreamThatBreaksOffIsLogged(failure: Failure, target: String) async throws {
  let book = LogBook()
  try await withServer(failure: failure.error, book: book) { running in
    let client = try RawClient(running.control)
    try await client.send(request("GET \(target)"))
    let text = try await client.rest()
    #expect(!text.hasSuffix("0\r\n\r\n"), "not ended as a whole")
  }
  #expect(book.all == ["error: a stream broke off: \(failure.says)"])
}

@Test func aReaderThatGoesIsNotLogged() async throws {
  let book = LogBook()
  try await withServer(book: book) { running in
    var client: RawClient? = try RawClient(running.status)
    try await client?.send(request("GET /v1/events"))
    _ = try await client?.read(until: "contributionRecorded")
    client = nil
    running.convenor.beat(3)
  }
  #expect(book.all == [])
}
