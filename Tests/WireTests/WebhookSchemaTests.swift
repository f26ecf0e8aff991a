// What the schema and the page for an agency's developers say of a message is what is sent.
import Convening
import Foundation
import Testing
import Wire

@Suite struct WebhookSchemaTests {
  private static func names(_ json: JSON?) -> [String] { (json?.members ?? []).map(\.name) }

  private static let reminder: JSON? = {
    let at = Instant("2026-11-23T09:00:00Z")!
    let meeting = Instant("2026-11-24T10:00:00Z")!
    let facts = ReminderBody.Facts(
      id: ReminderID("msg_01JD9Q2F0000000000000000AB")!, source: "uk.gov.leeds.convened", message: .reminder, time: at,
      discussion: DiscussionID("7Q2F-M9KD")!, agency: "health", place: .contact, step: "before", sequence: 2,
      urgency: .standard, meetingAt: meeting, stopAfter: meeting, lateBy: .zero, supersedes: [], escalates: nil,
      ring: ["0113 496 0100"])
    return try? JSON(parsing: ReminderBody.compose(facts))
  }()

  @Test func theSchemaNamesEveryMember() throws {
    let schema = OpenAPI.json(version: "1")["components"]?["schemas"]?["WebhookMessage"]
    let sent = try #require(Self.reminder)
    #expect(Self.names(schema?["properties"]) == Self.names(sent))
    #expect(schema?["required"]?.array?.compactMap(\.string) == Self.names(sent))
    let data = schema?["properties"]?["data"]?["anyOf"]?.array
    #expect(Self.names(data?[0]["properties"]) == Self.names(sent["data"]))
    #expect(data?[0]["required"]?.array?.compactMap(\.string) == Self.names(sent["data"]))
    let ping = try JSON(
      parsing: ReminderBody.ping(
        id: ReminderID("msg_01JD9Q2F0000000000000000AB")!, source: "s", agency: "health", route: "hub",
        time: Instant("2026-11-23T09:00:00Z")!))
    #expect(Self.names(ping) == Self.names(sent))
    #expect(Self.names(data?[1]["properties"]) == Self.names(ping["data"]))
    let word = try JSON(
      parsing: ReviewDueBody.compose(
        .init(
          source: "s", team: "duty", place: .manager, step: "manager", time: Instant("2026-11-23T09:00:00Z")!,
          contacts: 2, oldestAge: .hours(25), silentSince: nil, stopAfter: Instant("2026-11-24T09:00:00Z")!,
          lateBy: .zero, ring: []), id: ReminderID("msg_01JD9Q2F0000000000000000AB")!))
    #expect(Self.names(word) == Self.names(sent))
    #expect(Self.names(data?[2]["properties"]) == Self.names(word["data"]))
  }

  @Test func thePageShowsTheVeryBody() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/contract.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let parts = page.components(separatedBy: "```json\n")
    let example = try #require(parts.dropFirst().first?.components(separatedBy: "```").first)
    #expect(try JSON(parsing: example.trimmingCharacters(in: .whitespacesAndNewlines)) == Self.reminder)
    for name in Self.names(Self.reminder?["data"]) { #expect(page.contains("`\(name)`"), "\(name)") }
  }
}
