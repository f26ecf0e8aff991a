// Compliance over the sockets: what is asked, who holds it, and what the status socket never shows.
import Convening
import Testing
import Wire

@testable import StatusAPI

@Test func eachCheckHasItsCountItsOldestAndItsHolder() async throws {
  try await withServer { running in
    let document = try await running.get("/v1/compliance?since=2026-11-20T17:00:00Z").json
    #expect(document["schema"] == "convened.compliance/1" && document["since"] == "2026-11-20T17:00:00Z")
    let checks = document["checks"]?.array ?? []
    #expect(checks.map { $0["check"]?.string } == Compliance.Check.allCases.map(\.rawValue))
    let contacts = checks[0]
    #expect(contacts["count"] == 1 && contacts["open"] == 1 && contacts["oldest"] == "2026-11-22T06:00:00Z")
    #expect(contacts["holder"]?["label"] == "Advice desk")
    #expect(contacts["findings"]?.array?.first?["late_s"] == 3600)
    let text = document.text
    #expect(!text.contains(caseReference) && !text.contains(joinLink))
  }
}

@Test func itIsADayWhereNothingIsAsked() async throws {
  try await withServer { running in
    #expect(try await running.get("/v1/compliance").json["since"] == "2026-11-22T12:00:00Z")
    let ahead = try await running.get("/v1/compliance?since=2026-11-24T12:00:00Z")
    #expect(try ahead.status == 400 && ahead.json["errors"]?.array?.first?["pointer"] == "?since")
    #expect(try await running.get("/v1/compliance?since=Friday").status == 400)
  }
}
