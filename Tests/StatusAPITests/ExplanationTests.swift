// A ladder explained over the status socket: of a discussion that nobody convened.
import Convening
import Testing
import Wire

@testable import StatusAPI

@Test func aMadeUpDiscussionIsExplained() async throws {
  try await withServer { running in
    let document = try await running.get("/v1/policies/explain?meeting_at=2026-11-23T14:00:00Z").json
    #expect(document["schema"] == "convened.explanation/1")
    #expect(document["urgency"] == "standard" && document["policy"] == .string(policyRef.description))
    #expect(document["convened_at"] == "2026-11-23T12:00:00Z" && document["meeting_at"] == "2026-11-23T14:00:00Z")
    let sends = document["entries"]?.array ?? []
    let told = sends.map { "\($0["at"]?.string ?? "") \($0["step"]?.string ?? "") \($0["agency"]?.string ?? "")" }
    let agencies = ["social-care", "police", "health"]
    #expect(
      told == agencies.map { "2026-11-23T12:00:00Z invite \($0)" } + agencies.map { "2026-11-24T12:00:00Z daily \($0)" }
    )
    // It was told to nobody.
    #expect(try await running.get("/v1/discussions/7Q2F-M9KD/timeline").json["entries"]?.array?.count == story.count)
  }
}

@Test(arguments: [
  ("urgency=urgent", 422, "no-urgent-ladder"), ("meeting_at=2026-11-23T11:00:00Z", 422, "meeting-past"),
  ("urgency=soon", 400, "invalid"), ("convened_at=2019-01-01T00:00:00Z", 400, "invalid"),
])
func whatCannotBeExplained(query: String, status: Int, code: String) async throws {
  try await withServer { running in
    let answer = try await running.get("/v1/policies/explain?\(query)")
    #expect(answer.status == status)
    #expect(try answer.json["code"]?.string == code)
  }
}
