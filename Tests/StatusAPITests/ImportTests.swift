// A file over the control socket: what reaches the convenor, what is too much, and what its sender reads of faults.
import Convening
import Coordination
import Testing
import Wire

@testable import StatusAPI

private let csv = ["Content-Type: text/csv"]
private let contacts = "reference,received_at,team\n8R3G-N0ME,2026-11-23 11:00,duty\n9S4H-P1NF,23/11/2026 11:30,duty\n"

private func imported(_ request: Coordination.Request) -> Coordination.Reply {
  var outcome = ImportOutcome()
  if case .imports(let rows) = request.change { outcome.tally.new = rows.count }
  return .imported(outcome)
}

@Test func aFileReachesTheConvenorAsRows() async throws {
  try await withServer(reply: imported) { running in
    let done = try await running.change("POST /v1/import", contacts, csv)
    #expect(done.status == 200)
    #expect(
      try done.json == [
        "schema": "convened.import/1", "kind": "contacts", "dry_run": false, "rows": 2, "new": 2, "updated": 0,
        "unchanged": 0, "late_entries": 0,
      ])
    let wanted = ImportFile(contacts.utf8, zone: arrangements.calendar.zone).rows
    #expect(running.convenor.requests.map(\.change) == [.imports(wanted)])
    let dry = try await running.change("POST /v1/import?dry_run=1", contacts, csv)
    #expect(try dry.status == 200 && dry.json["dry_run"] == true && dry.json["new"] == 2)
    #expect(running.convenor.requests.count == 1)
  }
}

@Test func aFileWithFaultsGoesNowhere() async throws {
  try await withServer(reply: imported) { running in
    let told = try await running.change("POST /v1/import", contacts + "SECRET,SECRET,duty\n", csv)
    #expect(try told.status == 422 && told.code == "bad-import" && !told.text.contains("SECRET"))
    #expect(try told.json["detail"] == "2 faults on 1 line. Nothing was recorded.")
    #expect(
      try told.json["errors"]?.array?.map { $0["pointer"]?.string } == ["/4/received_at", "/4/reference"])
    #expect(running.convenor.requests.isEmpty)
  }
}

@Test func whatTheRulesRefuseIsToldByLine() async throws {
  let refusing: @Sendable (Coordination.Request) -> Coordination.Reply = { request in
    guard case .imports(let rows) = request.change else { return .refused(.busy) }
    var outcome = ImportOutcome()
    outcome.faults = [ImportFault(line: rows[1].line, step: rows[1].first, refusal: .inTheFuture(field: "received_at"))]
    return .imported(outcome)
  }
  try await withServer(reply: refusing) { running in
    let told = try await running.change("POST /v1/import", contacts, csv)
    #expect(try told.status == 422 && told.json["errors"]?.array?.first?["pointer"] == "/3/received_at")
  }
  try await withServer(reply: { _ in .refused(.storageFull) }) { running in
    let full = try await running.change("POST /v1/import", contacts, csv)
    #expect(try full.code == "storage-full")
  }
}

@Test(arguments: [nil, "application/json", "text/plain", "text/csv; charset=iso-8859-1"])
func anotherTypeIsRefused(type: String?) async throws {
  try await withServer(reply: imported) { running in
    let told = try await running.change("POST /v1/import", contacts, type.map { ["Content-Type: \($0)"] } ?? [])
    #expect(try told.status == 415 && told.code == "not-csv")
    #expect(running.convenor.requests.isEmpty)
  }
}

@Test func aFileMayHaveFourMiBAndNothingElseMay() async throws {
  let type = ["Content-Type: Text/CSV; charset=\"UTF-8\""]
  try await withServer(reply: imported) { running in
    let blank = String(repeating: ",,\n", count: 1_300_000)
    #expect(try await running.change("POST /v1/import", contacts + blank, type).status == 200)
    let client = try RawClient(running.control)
    try await client.send(request("POST /v1/import", csv + ["Content-Length: \((4 << 20) + 1)"]))
    #expect(try await client.reply().status == 413)
    for (socket, line) in [(running.control, "POST /v1/slots"), (running.status, "POST /v1/import")] {
      let client = try RawClient(socket)
      try await client.send(request(line, csv + ["Content-Length: 65537"]))
      #expect(try await client.reply().status == 413, "\(line)")
    }
  }
  try await withServer { running in
    let elsewhere = try await running.ask(running.status, request("POST /v1/import", csv, body: contacts))
    #expect(elsewhere.status == 405)
  }
}
