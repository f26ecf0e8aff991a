// The front door over the sockets: who may read what, what becomes of each body, and how a list goes on.
import Convening
import Coordination
import Foundation
import Testing
import Wire

@testable import StatusAPI

private let someContact = ContactID("8R3G-N0ME")!

private let contact: FrontDoorContact = {
  let due = ReviewDue(at: noon + .hours(24), provisional: false, limit: .elapsed(.hours(24)))
  let facts = ContactFacts(receivedAt: noon, team: "duty", caseReference: caseReference)
  let entry = Entry(
    stream: .frontDoor(someContact), revision: 1, at: noon, actor: nil, mark: nil, event: .contactReceived(facts, due))
  return FrontDoorContact.evolved(nil, entry)!
}()

@Test func whatIsToldOfAContactReachesTheConvenor() async throws {
  try await withServer(reply: { request in .contact(contact, created: request.mark == nil, replayed: false) }) {
    running in
    let put = try await running.change(
      "PUT /v1/front-door/8r3gn0me", #"{"received_at":"2026-11-23T12:00:00Z","team":"duty","case_reference":"X"}"#)
    #expect(put.status == 201 && put.headers["etag"] == "\"1\"")
    #expect(put.headers["location"] == "/v1/front-door/8R3G-N0ME")
    #expect(try put.json["case_reference"]?.string == caseReference && put.json["outcome"] == nil)
    let outcome = try await running.change(
      "POST /v1/front-door/8R3G-N0ME/outcome", #"{"outcome":"nfa","by_role":"manager"}"#, ["idempotency-key: k"])
    #expect(outcome.status == 200)
    let review = try await running.change("POST /v1/front-door/8R3G-N0ME/review", #"{"by_role":"manager"}"#)
    #expect(review.status == 201)
    let wanted: [Coordination.Request.Change] = [
      .contact(someContact, .receive(ContactFacts(receivedAt: noon, team: "duty", caseReference: "X"))),
      .contact(someContact, .outcome(.nfa, byRole: "manager", at: nil, discussion: nil)),
      .contact(someContact, .review(byRole: "manager", at: nil)),
    ]
    #expect(running.convenor.requests.map(\.change) == wanted)
    #expect(running.convenor.requests.map { $0.mark != nil } == [false, true, false])
    let malformed = try await running.change("POST /v1/front-door/8R3G/review", #"{"by_role":"manager"}"#)
    #expect(malformed.status == 400)
    let elsewhere = try await running.ask(
      running.status, request("PUT /v1/front-door/8R3G-N0ME", [], body: #"{"team":"duty"}"#))
    #expect(elsewhere.status == 405)
  }
}

@Test func theReviewQueueIsReadFromTheRows() async throws {
  try await withServer { running in
    let due = try await running.get("/v1/front-door?state=due").json
    #expect(due["contacts"]?.array?.map { $0["state"]?.string } == ["due"])
    let first = try await running.get("/v1/front-door?limit=2").json
    #expect(first["contacts"]?.array?.count == 2)
    let cursor = try #require(first["cursor"]?.string)
    let rest = try await running.get("/v1/front-door?limit=2&cursor=\(cursor)").json
    #expect(rest["contacts"]?.array?.map { $0["state"]?.string } == ["outcome"] && rest["cursor"]?.isNull == true)
    // What came of it: nowhere on the status socket, on the other where it is asked for.
    #expect(rest["contacts"]?.array?.first?["outcome"] == nil)
    #expect(try await running.get("/v1/front-door?outcome=1").status == 403)
    let shown = try await running.ask(running.control, request("GET /v1/front-door?outcome=1&state=outcome", []))
    #expect(try shown.json["contacts"]?.array?.first?["outcome"] == "nfa")
    #expect(try await running.get("/v1/front-door?cursor=x").status == 400)
    #expect(try await running.get("/v1/front-door?state=late").status == 400)
  }
}

@Test func oneContactIsReadFromItsLines() async throws {
  try await withServer { running in
    let missing = try await running.get("/v1/front-door/8R3G-N0ME")
    #expect(missing.status == 404)
    #expect(try missing.json["code"] == "contact-not-found")
    let facts = ContactFacts(receivedAt: noon, team: "duty", caseReference: caseReference)
    let due = ReviewDue(at: noon, provisional: false, limit: .elapsed(.hours(24)))
    let events: [Event] = [
      .contactReceived(facts, due),
      .contactOutcome(.nfa, byRole: "manager", discussion: someDiscussion, occurred: noon),
    ]
    for (index, event) in events.enumerated() {
      let entry = Entry(
        stream: .frontDoor(someContact), revision: index + 1, at: noon, actor: nil, mark: nil, event: event)
      running.records.append(entry.stream.description, index + 1, JournalLine.encode(entry))
    }
    let read = try await running.get("/v1/front-door/8R3G-N0ME")
    #expect(read.headers["etag"] == "\"2\"" && !read.text.contains(caseReference) && !read.text.contains("nfa"))
    #expect(!read.text.contains(someDiscussion.description))
    let asked = try await running.ask(running.control, request("GET /v1/front-door/8R3G-N0ME?outcome=1", []))
    #expect(try asked.json["outcome"] == "nfa" && asked.json["discussion"]?.string == someDiscussion.description)
  }
}

@Test(
  arguments: [
    // Heard so many minutes ago (nil: never), something expected each hour, how many are past their time, and the check.
    (nil, false, 0, nil), (nil, true, 0, "warn"), (10, true, 0, "ok"), (10, false, 2, "warn"), (61, true, 0, "fail"),
    (61, false, 0, "ok"),
  ] as [(Int64?, Bool, Int, String?)])
func theCheckSaysWhenNobodyCanTell(heard: Int64?, isExpected: Bool, due: Int, state: String?) async {
  let live = live { live in
    live.frontDoorHeard = heard.map { noon - .minutes($0) }
    live.arrangements = Arrangements(
      agencies: arrangements.agencies, coordinator: arrangements.coordinator, routes: arrangements.routes, ring: [],
      source: arrangements.source, calendar: arrangements.calendar,
      frontDoor: FrontDoor(feedEvery: isExpected ? .hours(1) : nil))
  }
  let waiting = FrontDoorCounts(open: due, due: due, oldestDue: nil)
  let checks = await Checks(live: live, now: noon, waiting: waiting).all(records: MemoryRecords([]))
  #expect(checks.first { $0.name == "front-door" }?.state.rawValue == state)
}

@Test func theStatusCountsWhoWaits() async throws {
  try await withServer { running in
    let waiting = try await running.get("/v1/status").json["front_door"]
    #expect(waiting?["open"] == 2 && waiting?["due"] == 1 && waiting?["oldest_due"] == "2026-11-23T11:00:00Z")
  }
}
