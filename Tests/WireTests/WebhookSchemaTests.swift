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
      urgency: .standard, meeting: .at(meeting), stopAfter: meeting, lateBy: .zero, supersedes: [], escalates: nil,
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
    #expect(Self.names(data?[3]["properties"]) == Self.names(word["data"]))
  }

  private static let handover: JSON? = {
    let at = Instant("2026-11-23T17:00:00Z")!
    let open = HandoverBody.Open(
      discussion: DiscussionID("7Q2F-M9KD")!, agency: "health", place: .contact, urgency: .standard,
      meetingAt: Instant("2026-11-24T10:00:00Z")!, isAcknowledged: false, askedAt: Instant("2026-11-23T16:30:00Z")!,
      detailsSentAt: nil)
    return try? JSON(
      parsing: HandoverBody.compose(facts([open], at), id: ReminderID("msg_01JD9Q2F0000000000000000AB")!))
  }()

  private static func facts(_ open: [HandoverBody.Open], _ at: Instant) -> HandoverBody.Facts {
    HandoverBody.Facts(
      source: "uk.gov.leeds.convened", time: at, agency: "health", place: .contact,
      until: Instant("2026-11-24T08:30:00Z")!, stopAfter: at + .days(1), lateBy: .zero, open: open,
      ring: ["0113 496 0100"])
  }

  @Test func aHandOverIsInTheSchemaAndOnThePage() throws {
    let schema = OpenAPI.json(version: "1")["components"]?["schemas"]?["WebhookMessage"]
    let data = schema?["properties"]?["data"]?["anyOf"]?.array?[2]
    let sent = try #require(Self.handover?["data"])
    #expect(Self.names(data?["properties"]) == Self.names(sent))
    #expect(
      Self.names(data?["properties"]?["open"]?["items"]?["properties"]) == Self.names(sent["open"]?.array?.first))
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/contract.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let example = try #require(
      page.components(separatedBy: "```json\n").dropFirst(2).first?.components(separatedBy: "```").first)
    #expect(try JSON(parsing: example.trimmingCharacters(in: .whitespacesAndNewlines)) == Self.handover)
  }

  /// What a team has to hold names an agency where one is awaited.
  @Test func aConvenersHandOverIsOfTheirTeam() throws {
    let at = Instant("2026-11-23T17:00:00Z")!
    let open = HandoverBody.Open(
      discussion: DiscussionID("7Q2F-M9KD")!, agency: nil, place: .convener, urgency: .urgent, meetingAt: nil,
      isAcknowledged: false, askedAt: nil, detailsSentAt: nil)
    var facts = Self.facts([open], at)
    (facts.agency, facts.team, facts.place) = (.coordination, "duty", .convener)
    let json = try JSON(parsing: HandoverBody.compose(facts, id: ReminderID(high: 1, low: 2)))
    #expect(json["subject"] == "teams/duty" && json["data"]?["team"] == "duty")
    #expect(json["data"]?["open"]?.array?.first?["agency"] == .null)
    #expect(Self.names(json["data"]) == Self.names(Self.handover?["data"]))
  }

  /// Three lines of a discussion: all of them, or none, since a part would pass for who is awaited.
  @Test func ofADiscussionAllIsNamedOrNothing() throws {
    let at = Instant("2026-11-23T17:00:00Z")!
    let agencies: [AgencyID] = ["csc", "health", "police"]
    let open = (0..<100).map { number in
      HandoverBody.Open(
        discussion: DiscussionID(bits: UInt64(number / 3)), agency: agencies[number % 3], place: .convener,
        urgency: .standard, meetingAt: at + .minutes(Int64(number / 3)), isAcknowledged: false, askedAt: at,
        detailsSentAt: nil)
    }
    let body = HandoverBody.compose(Self.facts(open, at), id: ReminderID(high: 1, low: 2))
    let data = try JSON(parsing: body)["data"]
    let shown = data?["open"]?.array ?? []
    #expect(body.utf8.count <= HandoverBody.limit && shown.count > 24 && shown.count < 100)
    #expect(shown.count % 3 == 0 && shown.count + (data?["more"]?.int ?? 0) == 100)
  }

  /// As many as fit 8 KB, and how many more there are.
  @Test func aLongHandOverSaysHowManyMore() throws {
    let at = Instant("2026-11-23T17:00:00Z")!
    let open = (0..<500).map { number in
      HandoverBody.Open(
        discussion: DiscussionID(bits: UInt64(number)), agency: "childrens-social-care", place: .coordinator,
        urgency: .standard, meetingAt: at + .minutes(Int64(number)), isAcknowledged: false, askedAt: at,
        detailsSentAt: at)
    }
    let body = HandoverBody.compose(Self.facts(open, at), id: ReminderID(high: 1, low: 2))
    let data = try JSON(parsing: body)["data"]
    let shown = data?["open"]?.array ?? []
    #expect(body.utf8.count <= HandoverBody.limit && body.utf8.count > HandoverBody.limit - 300)
    #expect(shown.count + (data?["more"]?.int ?? 0) == 500)
    #expect(shown.first?["discussion"]?.string == DiscussionID(bits: 0).description)
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
