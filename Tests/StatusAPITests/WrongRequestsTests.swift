// Every wrong request gets one status, one code and a pointer to each fault, and never hears its own text again.
import Convening
import Testing
import Wire

@testable import StatusAPI

struct Wrong: CustomTestStringConvertible, Sendable {
  let name: String
  var line = "PUT /v1/discussions/7Q2F-M9KD"
  var headers: [String] = []
  var body: String?
  let status: Int
  let code: String
  var pointers: [String] = []
  /// Stands in the answer.
  var says = ""

  var testDescription: String { name }
}

private let whole = #""meeting_at":"2026-11-24T10:00:00Z","team":"duty","convened_by":"team manager""#

private let table: [Wrong] = [
  // Bodies
  Wrong(name: "no body", status: 400, code: "invalid", pointers: ["/meeting_at", "/team", "/convened_by"]),
  Wrong(name: "not JSON", body: "{meeting", status: 400, code: "invalid", pointers: [""]),
  Wrong(name: "a list", body: "[]", status: 400, code: "invalid", pointers: [""]),
  Wrong(name: "a name twice", body: #"{"team":"a","team":"b"}"#, status: 400, code: "invalid", pointers: [""]),
  Wrong(
    name: "every fault at once",
    body:
      #"{"meeting_at":"tomorrow","team":7,"convened_by":"a\u0007b","duration_min":0,"form":"letter","colour":1,"agencies":["police","police","Über"]}"#,
    status: 400, code: "invalid",
    pointers: ["", "/meeting_at", "/duration_min", "/form", "/agencies/1", "/agencies/2", "/team", "/convened_by"],
    says: "Member 6 of the body is not known here. There are: meeting_at, duration_min,"),
  Wrong(
    name: "a role of 61 characters",
    body: #"{"meeting_at":"2026-11-24T10:00:00Z","team":"duty","convened_by":"\#(String(repeating: "x", count: 61))"}"#,
    status: 400, code: "invalid", pointers: ["/convened_by"]),
  Wrong(
    name: "unknown fields that may be names", body: "{\(whole),\"Kim Example\":1,\"john_smith_2011\":1}", status: 400,
    code: "invalid", pointers: [""], says: "Members 4, 5 of the body are not known here."),
  Wrong(
    name: "a reason of 201 characters", line: "POST /v1/discussions/7Q2F-M9KD/cancel",
    body: #"{"reason":"\#(String(repeating: "é", count: 201))"}"#, status: 400, code: "invalid", pointers: ["/reason"]),
  Wrong(
    name: "an empty list", line: "POST /v1/discussions/7Q2F-M9KD/circulate", body: #"{"to":[]}"#, status: 400,
    code: "invalid", pointers: ["/to"]),
  Wrong(
    name: "half a decision", line: "POST /v1/discussions/7Q2F-M9KD/held",
    body: #"{"form":"phone","flags":["medical"]}"#, status: 400, code: "invalid", pointers: ["/outcome", "/by_role"]),
  Wrong(
    name: "no such outcome", line: "POST /v1/discussions/7Q2F-M9KD/decision",
    body: #"{"outcome":"maybe","by_role":"manager","dissent":[7]}"#, status: 400, code: "invalid",
    pointers: ["/outcome", "/dissent/0"]),
  Wrong(
    name: "a body where there is none", line: "POST /v1/discussions/7Q2F-M9KD/close", body: #"{"why":1}"#, status: 400,
    code: "invalid", pointers: [""], says: "Member 1 of the body is not known here. Send none."),
  // Later versions
  Wrong(
    name: "an exercise", body: "{\(whole),\"exercise\":true}", status: 422, code: "not-in-this-version",
    pointers: ["/exercise"]),
  Wrong(
    name: "no reference", body: "{\(whole),\"follows\":\"xxx\"}", status: 400, code: "invalid", pointers: ["/follows"]),
  Wrong(
    name: "a unit that is no name", line: "POST /v1/discussions/7Q2F-M9KD/acknowledgements",
    body: #"{"agency":"police","by_role":"DS","via":"phone","unit":"North trust"}"#, status: 400, code: "invalid",
    pointers: ["/unit"]),
  // Paths, methods, queries, headers
  Wrong(
    name: "a reference of seven", line: "PUT /v1/discussions/7Q2F-M9K", body: "{\(whole)}", status: 400, code: "invalid"
  ),
  Wrong(
    name: "a letter that no reference has", line: "POST /v1/discussions/UUUU-UUUU/close", status: 400, code: "invalid"),
  Wrong(name: "a reminder's id", line: "POST /v1/reminders/msg_1/resend", status: 400, code: "invalid"),
  Wrong(name: "an agency in capitals", line: "POST /v1/agencies/POLICE/ping", status: 400, code: "invalid"),
  Wrong(name: "no such path", line: "GET /v2/status", status: 404, code: "no-such-route"),
  Wrong(name: "no such method", line: "DELETE /v1/discussions/7Q2F-M9KD", status: 405, code: "method-not-allowed"),
  Wrong(name: "a post to a list", line: "POST /v1/discussions", status: 405, code: "method-not-allowed"),
  Wrong(
    name: "slots of an agency that nobody knows", line: "POST /v1/slots", body: #"{"agencies":["nobody"]}"#,
    status: 422,
    code: "unknown-agency", pointers: ["/agencies/0"]),
  Wrong(
    name: "slots of no length", line: "POST /v1/slots", body: #"{"duration_min":0}"#, status: 400, code: "invalid",
    pointers: ["/duration_min"]),
  Wrong(
    name: "neither a time nor a word for one", body: #"{"meeting_at":"soon","team":"duty","convened_by":"x"}"#,
    status: 400, code: "invalid", pointers: ["/meeting_at"]),
  Wrong(
    name: "the earliest time of what was held",
    body: #"{"meeting_at":"earliest","held_at":"2026-11-22T10:00:00Z","team":"duty","convened_by":"x"}"#, status: 400,
    code: "invalid", pointers: ["/meeting_at"]),
  Wrong(
    name: "a new time that is none", line: "POST /v1/discussions/7Q2F-M9KD/reschedule",
    body: #"{"meeting_at":null,"reason":"x"}"#, status: 400, code: "invalid", pointers: ["/meeting_at"]),
  Wrong(
    name: "a correction of nothing", line: "POST /v1/discussions/7Q2F-M9KD/corrections", body: "{}", status: 400,
    code: "invalid", pointers: ["/revision", "/reason"]),
  Wrong(
    name: "a chair who agrees", line: "POST /v1/discussions/7Q2F-M9KD/barriers",
    body: #"{"agency":"health","code":"B14","by":"chair","agreed":true}"#, status: 400, code: "invalid",
    pointers: ["/agreed"]),
  Wrong(
    name: "a clock that neither starts nor stops", line: "POST /v1/discussions/7Q2F-M9KD/clocks",
    body: #"{"clock":"C6"}"#, status: 400, code: "invalid", pointers: ["/started_at"]),
  Wrong(
    name: "a clock that nobody tells of", line: "POST /v1/discussions/7Q2F-M9KD/clocks",
    body: #"{"clock":"C5","started_at":"2026-11-24T09:00:00Z"}"#, status: 400, code: "invalid", pointers: ["/clock"]),
  Wrong(
    name: "wrong parts of a query", line: "GET /v1/discussions?limit=501&cursor=&john_smith_2011=1&state=asleep",
    status: 400, code: "invalid", pointers: ["?limit", "?state", "?"],
    says: "Part 3 of the query is not known here. There are: state, agency,"),
  Wrong(
    name: "a part twice", line: "GET /v1/discussions?limit=1&limit=2", status: 400, code: "invalid",
    pointers: ["?limit"]),
  Wrong(name: "half a byte", line: "GET /v1/discussions?cursor=%F", status: 400, code: "invalid", pointers: ["?"]),
  Wrong(
    name: "an agency that nobody knows", line: "GET /v1/discussions?agency=helth&state=scheduled", status: 422,
    code: "unknown-agency", pointers: ["?agency"], says: "They know: social-care, police, health."),
  Wrong(
    name: "a cursor of one's own", line: "GET /v1/discussions?cursor=abc", status: 400, code: "invalid",
    pointers: ["?cursor"]),
  Wrong(
    name: "a cursor of another list", line: "GET /v1/reminders?cursor=abc", status: 400, code: "invalid",
    pointers: ["?cursor"]),
  Wrong(
    name: "a report of all time", line: "GET /v1/report?from=1971-01-01&to=2999-12-31", status: 400, code: "invalid",
    pointers: ["?to"]),
  Wrong(
    name: "a report without its end", line: "GET /v1/report?from=2026-10-01", status: 400, code: "invalid",
    pointers: ["?to"]),
  Wrong(
    name: "a report backwards", line: "GET /v1/report?from=2026-10-01&to=2026-09-01", status: 400, code: "invalid",
    pointers: ["?to"]),
  Wrong(
    name: "a tag without quotes", line: "POST /v1/discussions/7Q2F-M9KD/close", headers: ["If-Match: 3"], status: 400,
    code: "invalid", pointers: ["If-Match"]),
  Wrong(
    name: "a long key", line: "POST /v1/discussions/7Q2F-M9KD/close",
    headers: ["Idempotency-Key: \(String(repeating: "k", count: 65))"], status: 400, code: "invalid",
    pointers: ["Idempotency-Key"]),
  Wrong(name: "an Origin", line: "GET /v1/status", headers: ["Origin: null"], status: 403, code: "cross-site"),
  Wrong(name: "a Referer", line: "GET /v1/status", headers: ["Referer: http://x"], status: 403, code: "cross-site"),
]

@Test(arguments: table)
func aWrongRequestIsRefused(wrong: Wrong) async throws {
  try await withServer { running in
    let reply = try await running.change(wrong.line, wrong.body, wrong.headers)
    #expect(reply.status == wrong.status)
    #expect(reply.headers["content-type"] == "application/problem+json")
    #expect(try reply.code == wrong.code)
    #expect(try reply.pointers == wrong.pointers)
    #expect(try reply.json["type"]?.string == "urn:convened:problem:\(wrong.code)")
    #expect(try reply.json["status"]?.int == wrong.status)
    #expect(wrong.says.isEmpty || reply.text.contains(wrong.says))
    for echo in ["tomorrow", "Kim", "john", "colour", "Über", "maybe", "asleep", "helth", "xxx", "kkk"] {
      #expect(!reply.text.contains(echo))
    }
    #expect(running.convenor.requests.isEmpty)
  }
}

@Test func bytesThatAreNotUTF8AreRefused() async throws {
  try await withServer { running in
    let client = try RawClient(running.control)
    try await client.send(request("POST /v1/discussions/7Q2F-M9KD/cancel", ["Content-Length: 15"]))
    try await client.send(Array(#"{"reason":""#.utf8) + [0xFF, 0xFE] + Array("\"}".utf8))
    let reply = try await client.reply()
    #expect(reply.status == 400)
    #expect(try reply.code == "invalid")
  }
}

@Test(arguments: [
  ("control", "DELETE /v1/discussions/7Q2F-M9KD", "GET, PUT"), ("status", "PUT /v1/discussions/7Q2F-M9KD", "GET"),
  ("status", "POST /v1/reload", ""),
])
func allowNamesTheMethods(socket: String, line: String, allow: String) async throws {
  try await withServer { running in
    let reply = try await running.ask(socket == "status" ? running.status : running.control, request(line))
    #expect(reply.status == 405)
    #expect(reply.headers["allow"] == allow)
  }
}

@Test func theCodesOfTheRulesAreTheCodesOfTheSockets() {
  let refusals: [Refusal] = [
    .notFound, .reminderNotFound, .differentFirstBody, .keyReused, .revisionMismatch(current: 1), .alreadyHeld,
    .alreadyDecided, .alreadyCancelled, .alreadyClosed, .notDecided, .alreadyContributed,
    .notTheAgencys, .unknownAgency(field: "agency"), .unknownTeam(known: ["duty"]), .unknownUnit(known: ["a"]),
    .agencyNotInvited,
    .unknownRoute, .routeStopped("r", of: "a"), .rotaMismatch, .noPolicy, .meetingPast, .timeRequired, .noSlot,
    .inTheFuture(field: "at"),
    .tooLongBefore(field: "at"),
    .reasonRequired(missing: ["a"]),
    .noUrgentLadder, .notYet(.exercise), .moot, .nothingToConfirm, .busy, .storageFull, .stopping, .alreadyRecorded,
    .conferenceElsewhere(in: DiscussionID("7Q2F-M9KD")!),
    .notCirculated,
    .notAbsent, .nothingToFollowUp, .clockNotRunning, .noLimit, .beforeStart(field: "at"),
    .otherReason(standing: .b14), .pauseOutOfRange, .badRota([]), .contactNotFound, .receivedLongAgo, .snapshotKept,
    .followsUnknown, .followsCancelled, .noSuchEntry, .notCorrectable, .alreadyCorrected(by: 1), .othersStandOnIt,
    .replacementUnfit,
  ]
  for refusal in refusals { #expect(ProblemCode(refusal).rawValue == refusal.code) }
  let own = ProblemCode.allCases.filter { code in !refusals.contains { ProblemCode($0) == code } }
  #expect(own.first == .invalid)
}
