// What is shown of a contact, and to whom: that there is an outcome to everybody, which one where it is asked for.
import Convening
import Testing

@testable import Wire

@Suite struct FrontDoorDocumentTests {
  private static let at = Instant("2026-11-24T09:00:00Z")!
  private static let id = ContactID("8R3G-N0ME")!

  private static let contact: FrontDoorContact = {
    let due = ReviewDue(at: at + .hours(24), provisional: false, limit: .elapsed(.hours(24)))
    let events: [Event] = [
      .contactReceived(ContactFacts(receivedAt: at, team: "duty", caseReference: "CASE-9"), due),
      .contactOutcome(
        .strategyDiscussion, byRole: "team manager", discussion: DiscussionID("7Q2F-M9KD"), occurred: at + .hours(2)),
    ]
    var contact: FrontDoorContact?
    for (index, event) in events.enumerated() {
      let entry = Entry(
        stream: .frontDoor(id), revision: index + 1, at: at + .hours(Int64(index)), actor: nil, mark: nil, event: event)
      contact = FrontDoorContact.evolved(contact, entry)
    }
    return contact!
  }()

  @Test(
    arguments: [
      (.status, []), (.control(outcome: false), ["case_reference"]),
      (.control(outcome: true), ["case_reference", "outcome", "discussion"]),
    ] as [(Audience, [String])])
  func whatCameOfItIsShownWhereItIsAskedFor(audience: Audience, hidden: [String]) {
    let document = ContactDocument.json(Self.contact, for: audience)
    expectItsSchema(document, .contact)
    let shown = ["case_reference", "outcome", "discussion"].filter { document[$0] != nil }
    #expect(shown == hidden)
    #expect(document["state"] == "outcome" && document["outcome_at"] == "2026-11-24T11:00:00Z")
    #expect(document["clock"]?["margin_s"] == 79_200 && document["clock"]?["rule"] == "24 hours from the receipt")
    let text = String(decoding: document.bytes, as: UTF8.self)
    #expect(text.contains("strategy_discussion") == hidden.contains("outcome"))
    #expect(text.contains("7Q2F-M9KD") == hidden.contains("discussion"))
  }

  @Test func aListSaysWhatIsDueAtItsMoment() {
    let row = ContactRow(
      id: Self.id, team: "duty", receivedAt: Self.at, recordedAt: Self.at, reviewDue: Self.at + .hours(24),
      provisional: false)
    for (hours, state) in [(23, "open"), (24, "due")] {
      let list = FrontDoorDocument.json([row], at: Self.at + .hours(Int64(hours)), cursor: nil, for: .status)
      #expect(list["contacts"]?.array?.first?["state"]?.string == state)
      #expect(list["contacts"]?.array?.first?["outcome"] == nil)
      expectItsSchema(list, .frontDoor)
    }
    let place = FrontDoorDocument.place(of: FrontDoorDocument.cursor(after: row))
    #expect(place?.reviewDue == row.reviewDue && place?.id == row.id)
  }

  @Test func theTimelineHidesWhatCameOfIt() throws {
    let entry = Entry(
      stream: .frontDoor(Self.id), revision: 2, at: Self.at, actor: nil, mark: nil,
      event: .contactOutcome(.nfa, byRole: "manager", discussion: DiscussionID("7Q2F-M9KD"), occurred: Self.at))
    let line = SealedLine(
      seq: 1, stream: entry.stream.description, revision: 2, line: JournalLine.encode(entry), salt: nil,
      digest: .zero, chain: .zero)
    let shown = TimelineDocument.event(line)
    #expect(shown["event"] == "contactOutcome" && shown["data"]?["by_role"] == "manager")
    #expect(shown["data"]?["outcome"] == nil && shown["data"]?["discussion"] == nil)
    #expect(shown["stream"] == "front-door/8R3G-N0ME")
  }

  @Test func bodiesBecomeWordsAboutAContact() throws {
    func read(_ text: String, _ fields: [BodyField]) throws -> BodyFields {
      try BodyReader.read(Array(text.utf8), fields)
    }
    #expect(
      Bodies.contact(try read(#"{"received_at":"2026-11-24T09:00:00Z","team":"duty"}"#, Bodies.contact))
        == .receive(ContactFacts(receivedAt: Self.at, team: "duty")))
    #expect(
      Bodies.contactOutcome(
        try read(#"{"outcome":"nfa","by_role":"m","discussion":"7q2fm9kd"}"#, Bodies.contactOutcome))
        == .outcome(.nfa, byRole: "m", at: nil, discussion: DiscussionID("7Q2F-M9KD")))
    #expect(Bodies.contactReview(try read(#"{"by_role":"m"}"#, Bodies.contactReview)) == .review(byRole: "m", at: nil))
    #expect(
      Bodies.contact(try read(#"{"received_at":"2026-11-24T09:00:00Z","team":"Duty And Advice"}"#, Bodies.contact))
        == .receive(ContactFacts(receivedAt: Self.at, team: "duty-and-advice")))
    for (text, fields) in [
      (#"{"received_at":"2026-11-24T09:00:00Z","team":"..."}"#, Bodies.contact),
      (#"{"outcome":"nfa","by_role":"m","discussion":"7Q2F"}"#, Bodies.contactOutcome),
      (#"{"outcome":"else","by_role":"m"}"#, Bodies.contactOutcome), (#"{"team":"duty"}"#, Bodies.contact),
    ] {
      #expect(throws: ProblemDocument.self) { try read(text, fields) }
    }
  }

  @Test(
    arguments: [
      ("mosaic team 7", "mosaic-team-7"), ("Duty And Advice", "duty-and-advice"), ("duty", "duty"),
      ("  MASH / (West) ", "mash-west"), ("R&A – 2", "r-a-2"), ("Équipe 9", "quipe-9"), ("7", "7"),
      // A name of the settings, however it is spelt.
      ("duty--west", "duty--west"), ("Duty--West-", "duty-west"),
      (String(repeating: "A", count: 63), String(repeating: "a", count: 63)),
      ("", nil), (" - ", nil), ("Ü", nil), (String(repeating: "a", count: 64), nil),
    ] as [(String, String?)])
  func whatAnotherSystemCallsATeamIsReadAsAName(text: String, name: String?) {
    #expect(TeamName.read(text)?.text == name)
  }

  @Test func aWordSaysHowManyAndNeverWhich() throws {
    let facts = ReviewDueBody.Facts(
      source: "uk.gov.leeds.convened", team: "duty", place: .convener, step: "review-due", time: Self.at, contacts: 3,
      oldestAge: .hours(26), silentSince: nil, stopAfter: Self.at + .days(1), lateBy: .zero, ring: ["0113 496 0100"])
    let body = ReviewDueBody.compose(facts, id: ReminderID("msg_01M841YWAWN6CNCHVPJ07F3MHC")!)
    let json = try JSON(parsing: body)
    #expect(json["type"] == "convened.front-door.review-due.v1" && json["subject"] == "teams/duty")
    #expect(json["data"]?["contacts"] == 3 && json["data"]?["oldest_age_s"] == 93_600)
  }
}
