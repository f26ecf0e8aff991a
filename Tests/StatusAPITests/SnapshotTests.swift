// Reports that are kept: what is asked of the convenor, what is read of the journal, what each reader is shown of it.
import Convening
import Coordination
import Testing
import Wire

private let kept =
  #"{"schema":"convened.report/1","suppressed":false,"months":[],"total":{"n":40,"dissent":{"k":2},"#
  + #""three_partner":{"k":30},"agencies":[{"agency":"health","k":30,"required":40}],"#
  + #""front_door":{"n":60,"judged":50,"outcome_in_time_k":30,"past":20}},"open_breaches":{"n":3},"#
  + #""definitions":{"n":"N","dissent":"D"}}"#

private func entry(_ revision: Int, _ reason: String?) -> Entry {
  Entry(
    stream: .report("2026-27-q1"), revision: revision, at: noon, actor: Actor(uid: 1, pid: 1), mark: nil,
    event: .snapshotTaken(
      from: noon - .days(30), to: noon, reason: reason, digest: "d\(revision)", document: revision == 1 ? kept : "{}"))
}

private let both = [entry(1, nil), entry(2, "late entries")]

private let town = live { live in
  for entry in both { live.snapshots.take(entry) }
}

private func withKept(
  reply: @escaping @Sendable (Coordination.Request) -> Coordination.Reply = { _ in .refused(.snapshotKept) },
  _ body: @escaping @Sendable (Running) async throws -> Void
) async throws {
  try await withServer(live: town, reply: reply) { running in
    for entry in both { running.records.append(entry.stream.description, entry.revision, JournalLine.encode(entry)) }
    try await body(running)
  }
}

@Test func aReportIsKeptAsTheControlSocketShowsIt() async throws {
  try await withKept(reply: { request in
    guard case .keepReport(let wish) = request.change else { return .refused(.notFound) }
    return .kept(
      ReportSnapshot(
        name: wish.name, version: 3, from: wish.from, to: wish.to, reason: wish.reason, keptAt: noon, digest: "d3"),
      created: true)
  }) { running in
    let made = try await running.change(
      "PUT /v1/report/snapshots/2026-27-q1", #"{"from":"2026-10-01","to":"2026-11-01","reason":"wrong days"}"#)
    #expect(made.status == 201 && made.headers["location"] == "/v1/report/snapshots/2026-27-q1?version=3")
    #expect(try made.json["report"]?["reader"] == "control" && made.json["reason"] == "wrong days")
    guard case .keepReport(let wish)? = running.convenor.requests.first?.change else {
      Issue.record("nothing was asked")
      return
    }
    #expect(wish.from == Instant("2026-09-30T23:00:00Z") && wish.to == Instant("2026-11-01T00:00:00Z"))
    #expect(try made.json["report"]?.text == wish.document)
  }
}

@Test func theSameAgainIsAnsweredFromTheJournal() async throws {
  try await withKept(reply: { _ in
    .kept(
      ReportSnapshot(
        name: "2026-27-q1", version: 1, from: noon - .days(30), to: noon, reason: nil, keptAt: noon, digest: "d1"),
      created: false)
  }) { running in
    let again = try await running.change(
      "PUT /v1/report/snapshots/2026-27-q1", #"{"from":"2026-10-24T12:00:00Z","to":"2026-11-23T12:00:00Z"}"#)
    #expect(again.status == 200 && again.headers["idempotent-replay"] == "true")
    #expect(try again.json["report"] == JSON(parsing: kept) && again.json["version"] == 1)
  }
}

@Test func anotherWithoutAReasonIsRefused() async throws {
  try await withKept { running in
    let other = try await running.change(
      "PUT /v1/report/snapshots/2026-27-q1", #"{"from":"2026-10-01","to":"2026-11-01"}"#)
    #expect(try other.status == 409 && other.json["code"] == "snapshot-kept")
    let long = try await running.change(
      "PUT /v1/report/snapshots/q", #"{"from":"2020-01-01","to":"2026-11-01"}"#)
    #expect(long.status == 400 && long.text.contains("two years at most"))
    let name = try await running.change("PUT /v1/report/snapshots/Q_1", #"{"from":"2026-10-01","to":"2026-11-01"}"#)
    #expect(name.status == 400)
    let read = try await running.ask(running.status, request("PUT /v1/report/snapshots/q", [], body: "{}"))
    #expect(read.status == 405)
  }
}

@Test func eachReaderSeesItsPartOfWhatWasKept() async throws {
  try await withKept { running in
    let list = try await running.get("/v1/report/snapshots")
    #expect(try list.json["snapshots"]?.array?.map { $0["version"] } == [1, 2] && !list.text.contains("late entries"))
    #expect(try await running.change("GET /v1/report/snapshots").text.contains("late entries"))
    let latest = try await running.change("GET /v1/report/snapshots/2026-27-q1")
    #expect(try latest.json["version"] == 2 && latest.json["report"] == [:])
    let first = try await running.get("/v1/report/snapshots/2026-27-q1?version=1")
    let shown = try first.json["report"]
    #expect(shown?["total"]?["dissent"] == nil && shown?["definitions"] == ["n": "N"])
    #expect(shown?["open_breaches"]?["n"] == 3 && shown?["total"]?["n"] == 40)
    let all = try await running.change("GET /v1/report/snapshots/2026-27-q1?version=1")
    #expect(try all.json["report"] == JSON(parsing: kept))
    let missing = try await running.get("/v1/report/snapshots/2026-27-q1?version=9")
    #expect(try missing.status == 404 && missing.json["code"] == "no-such-snapshot")
    // Of 40 all but 10 took part, by what was kept: nothing of it is small, and no other figure is published.
    let published = try await running.get("/v1/report/snapshots/2026-27-q1?version=1&public=1")
    let total = try published.json["report"]?["total"]
    #expect(total?["three_partner"]?["k"] == 30 && total?["dissent"] == nil)
    #expect(total?["front_door"]?["outcome_in_time_k"] == 30 && total?["front_door"]?["past"] == nil)
    #expect(try published.json["report"]?["open_breaches"] == nil && published.json["report"]?["suppressed"] == true)
  }
}
