// Rota and cover on the sockets: what is asked of the convenor, what is shown to whom, and what the checks say of gaps.
import Convening
import Coordination
import Testing
import Wire

private let onDuty: Rota = {
  var rota = Rota()
  rota.set(
    [RotaEntry(place: .contact, route: "nurse", from: noon - .hours(1), until: noon + .hours(3))], of: "health",
    at: noon - .hours(2))
  rota.take(
    Cover(place: .deputy, route: "hub", until: noon + .hours(2), reason: "leave"), of: "health", at: noon - .hours(1))
  return rota
}()

private let town = live { $0.arrangements?.rota = onDuty }

@Test func rotaAndCoverReachTheConvenor() async throws {
  try await withServer(reply: { request in
    if case .setRota(let agency, _) = request.change { return .onDuty(agency ?? .coordination, onDuty, replayed: true) }
    return .onDuty("health", onDuty, replayed: false)
  }) { running in
    let rota = try await running.change(
      "PUT /v1/agencies/health/rota",
      #"{"entries":[{"place":"contact","route":"nurse","from":"2026-11-23T13:00:00Z","until":"2026-11-24T13:00:00Z"}]}"#
    )
    #expect(rota.status == 200 && rota.headers["idempotent-replay"] == "true")
    let version = RotaDocument.version(of: "health", onDuty, at: noon)
    #expect(rota.headers["etag"] == "\"\(version)\"")
    let expected: JSON = [
      "schema": "convened.rota/1", "agency": "health", "version": .string(version),
      "entries": [
        ["place": "contact", "route": "nurse", "from": "2026-11-23T11:00:00Z", "until": "2026-11-23T15:00:00Z"]
      ],
      "covers": [
        [
          "place": "deputy", "route": "hub", "from": "2026-11-23T11:00:00Z", "until": "2026-11-23T14:00:00Z",
          "reason": "leave",
        ]
      ],
    ]
    #expect(try rota.json == expected)
    let cover = try await running.change(
      "POST /v1/agencies/coordination/cover",
      #"{"place":"coordinator","route":"desk","until":"2026-11-23T13:00:00Z","reason":"leave"}"#,
      ["idempotency-key: k"])
    #expect(cover.status == 200 && cover.headers["idempotent-replay"] == nil)
    #expect(
      running.convenor.requests.map(\.change) == [
        .setRota(
          "health",
          [RotaEntry(place: .contact, route: "nurse", from: noon + .hours(1), until: noon + .hours(25))]),
        .cover(nil, Cover(place: .coordinator, route: "desk", until: noon + .hours(1), reason: "leave")),
      ])
    #expect(running.convenor.requests[1].mark != nil)
    #expect(running.convenor.requests.map(\.ifRota) == [nil, nil])
  }
}

@Test func whyIsForTheControlSocket() async throws {
  try await withServer(live: town) { running in
    let shown = try await running.get("/v1/agencies/health/rota")
    #expect(shown.status == 200 && !shown.text.contains("leave"))
    let control = try await running.change("GET /v1/agencies/health/rota")
    #expect(try control.json["covers"]?.array?.first?["reason"] == "leave")
    let unknown = try await running.get("/v1/agencies/nobody/rota")
    #expect(unknown.status == 404)
    #expect(try unknown.json["code"] == "unknown-agency" && unknown.json["errors"] == [])
    func places(_ reply: HTTPReply) throws -> [JSON] { try reply.json["agencies"]?.array?.last?["places"]?.array ?? [] }
    let agencies = try places(await running.get("/v1/agencies"))
    #expect(agencies.map { $0["because"] } == ["rota", "cover", "nobody"])
    #expect(agencies[0]["route"] == "nurse" && agencies[0]["until"] == "2026-11-23T15:00:00Z")
    #expect(agencies[0]["next"]?["because"] == "hours" && agencies[0]["next"]?["route"] == "hub")
    #expect(agencies.allSatisfy { $0["reason"] == nil })
    let all = try places(await running.change("GET /v1/agencies"))
    #expect(all.map { $0["reason"] } == [nil, "leave", nil])
  }
}

/// A reader of either socket has the same tag, and it is the one that a change is held against.
@Test func aRotaIsChangedAsItWasRead() async throws {
  try await withServer(
    live: town,
    reply: { request in
      request.ifRota == "stale" ? .refused(.rotaMismatch) : .onDuty("health", onDuty, replayed: false)
    }
  ) { running in
    let read = try await running.get("/v1/agencies/health/rota")
    let tag = try #require(read.headers["etag"])
    #expect(try await running.change("GET /v1/agencies/health/rota").headers["etag"] == tag)
    let cover = (
      "POST /v1/agencies/health/cover",
      #"{"place":"contact","route":"hub","until":"2026-11-23T13:00:00Z","reason":"x"}"#
    )
    for (line, body) in [("PUT /v1/agencies/health/rota", #"{"entries":[]}"#), cover] {
      let done = try await running.change(line, body, ["If-Match: \(tag)"])
      #expect(done.status == 200 && done.headers["etag"] == tag)
      let late = try await running.change(line, body, ["If-Match: \"stale\""])
      #expect(late.status == 412)
      #expect(try late.json["code"] == "revision-mismatch")
      #expect(try await running.change(line, body, ["If-Match: *"]).status == 200)
      #expect(try await running.change(line, body, ["If-Match: 7"]).status == 400)
    }
    let version = String(tag.dropFirst().dropLast())
    #expect(running.convenor.requests.map(\.ifRota) == [version, "stale", nil, version, "stale", nil])
  }
}

/// Nobody relies on a condition that would not be kept.
@Test func aConditionThatNothingReadsIsRefused() async throws {
  try await withServer { running in
    let (ping, pause) = ("POST /v1/agencies/health/ping", #"{"until":"2026-11-23T12:10:00Z","reason":"x"}"#)
    for (line, body, header) in [
      (ping, nil, "If-Match"), ("POST /v1/agencies/health/enable", #"{"route":"hub"}"#, "If-Match"),
      ("POST /v1/pause", pause, "If-Match"), ("POST /v1/resume", nil, "If-Match"), ("POST /v1/reload", nil, "If-Match"),
      ("POST /v1/slots", nil, "If-Match"), ("GET /v1/discussions/7Q2F-M9KD", nil, "If-Match"),
      ("POST /v1/discussions/7Q2F-M9KD/close", nil, "If-None-Match"),
    ] as [(String, String?, String)] {
      let refused = try await running.change(line, body, ["\(header): *"])
      #expect(refused.status == 400, "\(line)")
      #expect(try refused.json["errors"]?.array?.map { $0["pointer"] } == [.string(header)], "\(line)")
    }
    #expect(running.convenor.requests.isEmpty)
  }
}

/// An agency of the path is not found; one of the body is a field at fault.
@Test func anUnknownAgencyOfThePathIsNotFound() async throws {
  try await withServer(reply: { _ in .refused(.unknownAgency(field: "agency")) }) { running in
    for (line, body, status) in [
      ("POST /v1/agencies/nobody/ping", nil, 404), ("POST /v1/agencies/nobody/enable", #"{"route":"hub"}"#, 404),
      ("PUT /v1/agencies/nobody/rota", #"{"entries":[]}"#, 404),
      ("POST /v1/discussions/7Q2F-M9KD/contributions/nobody/confirm", nil, 404),
      ("POST /v1/discussions/7Q2F-M9KD/receipts", #"{"agency":"nobody"}"#, 422),
    ] as [(String, String?, Int)] {
      let refused = try await running.change(line, body)
      #expect(refused.status == status, "\(line)")
      #expect(try refused.json["code"] == "unknown-agency")
      #expect(try refused.json["errors"]?.array?.count == (status == 404 ? 0 : 1), "\(line)")
    }
  }
}

@Test func everyFaultOfARotaIsAnswered() async throws {
  try await withServer(reply: { _ in
    .refused(.badRota([RotaFault("/entries/0/route", "No."), RotaFault("/entries/1/until", "Nor that.")]))
  }) { running in
    let refused = try await running.change("PUT /v1/agencies/health/rota", #"{"entries":[]}"#)
    let problem = try refused.json
    #expect(refused.status == 422 && problem["code"] == "bad-rota")
    #expect(problem["errors"]?.array?.map { $0["pointer"] } == ["/entries/0/route", "/entries/1/until"])
    let wrong = try await running.change(
      "PUT /v1/agencies/health/rota", #"{"entries":[{"place":"boss","route":"nurse","until":"noon","who":"x"}]}"#)
    let faults = try wrong.json
    #expect(wrong.status == 400)
    #expect(
      Set(faults["errors"]?.array?.compactMap { $0["pointer"]?.string } ?? [])
        == ["/entries/0", "/entries/0/place", "/entries/0/from", "/entries/0/until"])
    #expect(running.convenor.requests.count == 1)
  }
}

/// The pointer counts from nought, as RFC 6901 has it; the sentence as people do.
@Test func twoThatOverlapAreNumberedFromOne() {
  func entry(_ from: Int64, _ until: Int64) -> RotaEntry {
    RotaEntry(place: .contact, route: "nurse", from: noon + .hours(from), until: noon + .hours(until))
  }
  let faults = arrangements.faults(of: [entry(0, 5), entry(4, 8)], for: "health")
  #expect(
    faults == [
      RotaFault(
        "/entries/1/from", "It overlaps entry number 1, of the same place. Let one end where the other begins.")
    ])
}

@Test func gapsWarnAndAlarm() async throws {
  func check(_ holdings: [Holding], _ rota: Rota = Rota()) async throws -> JSON? {
    let town = live {
      let known = arrangements
      $0.arrangements = Arrangements(
        agencies: [Agency(id: "health", name: "Health", places: [.contact: holdings])], coordinator: known.coordinator,
        routes: known.routes, ring: [], source: known.source, calendar: known.calendar, rota: rota)
    }
    return try await withServer(live: town) { running in
      try await running.get("/v1/status").json["checks"]?.array?.first { $0["name"] == "places" }
    }
  }
  let office = OpenHours(days: [.monday], from: .hours(8), until: .hours(17), openOnBankHolidays: false)
  let always = Holding(hours: nil, route: "hub")
  #expect(try await check([Holding(hours: office, route: "hub"), always])?["state"] == "ok")
  let alarm = try await check([Holding(hours: office, route: "hub")])
  #expect(alarm?["state"] == "fail")
  #expect(
    alarm?["detail"] == "Nobody holds the contact of Health from 2026-11-23 17:00 until 2026-11-30 08:00.")
  #expect(alarm?["gaps"]?.array?.first?["until"] == "2026-11-30T08:00:00Z")
  var rota = Rota()
  rota.set(
    [RotaEntry(place: .contact, route: "nurse", from: noon, until: noon + .days(5))], of: "health", at: noon)
  #expect(try await check([Holding(hours: office, route: "hub")], rota)?["state"] == "warn")
  rota.set([RotaEntry(place: .contact, route: "gone", from: noon, until: noon + .days(5))], of: "health", at: noon)
  let lost = try await check([always], rota)
  #expect(lost?["state"] == "warn")
  rota.set([RotaEntry(place: .contact, route: "nurse", from: noon, until: noon + .days(5))], of: "health", at: noon)
  let leftOut = try await check([always], rota)
  #expect(leftOut?["state"] == "warn")
  #expect(leftOut?["detail"] == "The rota leaves out the contact of Health from 2026-11-28 12:00: it falls to hub.")
  #expect(leftOut?["gaps"]?.array?.first?["falls_to"] == "hub")
  let gone = "The settings no longer have these routes of a rota: gone of health."
  #expect(lost?["detail"] == .string("The rota leaves out the contact of Health now: it falls to hub. \(gone)"))
}
