// The client against a server that answers by a script: which socket is asked, what is sent, what is tried again, and
// what a script may conclude from the exit status.
import Console
import Convening
import Foundation
import Testing
import Wire

private func daemon(_ path: String, control: String? = nil) -> Daemon {
  Daemon(sockets: Sockets(status: path, control: control ?? path), newKey: { "key-1" })
}

private func complaint(_ body: () throws(Complaint) -> Void) -> Complaint? {
  do throws(Complaint) {
    try body()
    return nil
  } catch {
    return error
  }
}

private let nowhere = "/tmp/ctl-there-is-no-such-socket"

struct DaemonTests {
  @Test func aReadAsksTheStatusSocket() throws {
    let server = try ScriptedServer([.answer(200, body: #"{"state":"ready"}"#)])
    defer { server.stop() }
    #expect(try daemon(server.path).document("/v1/status")["state"] == "ready")
    #expect(server.requests.first?.hasPrefix("GET /v1/status HTTP/1.1\r\n") == true)
    #expect(server.requests.first?.contains("Idempotency-Key") == false)
  }

  @Test func aReadFallsBackToTheControlSocket() throws {
    let server = try ScriptedServer([.answer(200, body: "{}")])
    defer { server.stop() }
    #expect(try daemon(nowhere, control: server.path).read("/v1/status").status == 200)
  }

  @Test func aChangeCarriesItsBodyAndAKey() throws {
    let server = try ScriptedServer([.answer(201, headers: ["ETag": "\"1\""], body: "{}")])
    defer { server.stop() }
    let answer = try daemon(nowhere, control: server.path)
      .change("POST", "/v1/discussions/7Q2F-M9KD/cancel", ["reason": "twice"], ifRevision: 3)
    #expect(answer.status == 201)
    #expect(answer.headers["etag"] == "\"1\"")
    let request = try #require(server.requests.first)
    #expect(request.hasPrefix("POST /v1/discussions/7Q2F-M9KD/cancel HTTP/1.1\r\n"))
    #expect(request.contains("\r\nIdempotency-Key: key-1\r\n"))
    #expect(request.contains("\r\nIf-Match: \"3\"\r\n"))
    #expect(request.contains("\r\nContent-Type: application/json\r\n"))
    #expect(!request.contains("Expect:"))
    #expect(request.hasSuffix("\r\n\r\n{\"reason\":\"twice\"}"))
  }

  @Test func aPutHasNoKeyAndAnEmptyPostNoType() throws {
    let server = try ScriptedServer([.answer(200, body: "{}"), .answer(200, body: "{}")])
    defer { server.stop() }
    _ = try daemon(server.path).change("PUT", "/v1/discussions/7Q2F-M9KD", ["team": "a"])
    _ = try daemon(server.path).change("POST", "/v1/reload", nil)
    #expect(server.requests[0].hasPrefix("PUT "))
    #expect(!server.requests[0].contains("Idempotency-Key"))
    #expect(!server.requests[1].contains("Content-Type"))
    #expect(server.requests[1].lowercased().contains("content-length: 0"))
  }

  @Test func aBrokenConnectionIsTriedOnceMoreWithTheSameKey() throws {
    let server = try ScriptedServer([.close, .answer(200, body: "{}")])
    defer { server.stop() }
    _ = try daemon(server.path).change("POST", "/v1/discussions/7Q2F-M9KD/close", [:])
    #expect(server.requests.count == 2)
    #expect(server.requests[0] == server.requests[1])
  }

  @Test func brokenTwiceIsOutOfReachAndSaysThatItMayBeDone() throws {
    let server = try ScriptedServer([.close, .raw(["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"])])
    defer { server.stop() }
    let end = complaint { () throws(Complaint) in _ = try daemon(server.path).change("POST", "/v1/reload", nil) }
    #expect(end?.status == .outOfReach)
    #expect(end?.sentences.last?.hasPrefix("Whether it was done is not known") == true)
  }

  @Test func aStreamComesChunkByChunkAndCanBeEnded() throws {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    let server = try ScriptedServer([
      .raw([head, "4\r\none\n\r\n", "4\r\ntwo\n\r\n", "0\r\n\r\n"]), .raw([head, "4\r\none\n\r\n", "4\r\ntwo\n\r\n"]),
    ])
    defer { server.stop() }
    var got = ""
    try daemon(server.path).stream("/v1/journal?after=0", control: true) {
      got += String(decoding: $0, as: UTF8.self); return true
    }
    #expect(got == "one\ntwo\n")
    var chunks = 0
    try daemon(server.path).stream("/v1/events") { _ in
      chunks += 1
      return false
    }
    #expect(chunks == 1)
  }

  @Test func aRefusedStreamIsAProblem() throws {
    let server = try ScriptedServer([.answer(503, headers: ["Retry-After": "2"], body: #"{"detail":"Starting."}"#)])
    defer { server.stop() }
    let end = complaint { () throws(Complaint) in
      try daemon(server.path).stream("/v1/journal", control: true) { _ in true }
    }
    #expect(end == Complaint(.tryLater, "Starting.", "Try again in 2 s."))
  }

  @Test func nobodyThereIsOutOfReach() {
    let read = complaint { () throws(Complaint) in _ = try daemon(nowhere).read("/v1/status") }
    #expect(read?.status == .outOfReach)
    #expect(read?.sentences.first == "The daemon does not run, or not here: nobody answers on \(nowhere).")
    let long = complaint { () throws(Complaint) in
      _ = try daemon(String(repeating: "x", count: 200)).read("/v1/status")
    }
    #expect(long?.status == .outOfReach)
  }

  @Test(.enabled(if: getuid() != 0, "root may open every socket"))
  func aClosedSocketNamesTheGroup() throws {
    let server = try ScriptedServer([])
    defer { server.stop() }
    chmod(server.path, 0)
    let end = complaint { () throws(Complaint) in _ = try daemon(server.path).change("POST", "/v1/reload", nil) }
    #expect(end?.status == .notPermitted)
    #expect(end?.sentences.last == "You must be in group convened-control.")
  }

  @Test func aProblemIsSaidInPlainWordsWithTheOption() throws {
    let body = """
      {"type":"urn:convened:problem:invalid","title":"The request is not valid","status":400,"code":"invalid",
       "detail":"2 things in the request have to be mended.","retryable":false,
       "errors":[{"pointer":"","detail":"Member 3 of the body is not known here."},
                 {"pointer":"/meeting_at","detail":"Give an instant."}]}
      """
    let server = try ScriptedServer([.answer(400, body: body)])
    defer { server.stop() }
    let end = complaint { () throws(Complaint) in _ = try daemon(server.path).change("PUT", "/v1/discussions/x", [:]) }
    #expect(
      end
        == Complaint(
          .invalid, "2 things in the request have to be mended.", "  Member 3 of the body is not known here.",
          "  meeting_at (--at): Give an instant."))
  }

  @Test func whatIsSaidTwiceIsPrintedOnce() {
    let body = #"{"detail":"Give a reason.","errors":[{"pointer":"/reason","detail":"Give a reason."}]}"#
    let problem = Problem(HTTPAnswer(status: 422, headers: [:], body: Array(body.utf8)))
    #expect(problem.complaint == Complaint(.invalid, "Give a reason.", "  It is about reason (--reason)."))
  }

  /// A reason that a replacement lacks is none of `correct --reason`.
  @Test func whatAReplacementLacksIsSaidOfIt() {
    let body = #"{"detail":"Give a reason.","errors":[{"pointer":"/replacement/reason","detail":"Give a reason."}]}"#
    let problem = Problem(HTTPAnswer(status: 422, headers: [:], body: Array(body.utf8)))
    #expect(
      problem.complaint == Complaint(.invalid, "Give a reason.", "  It is about replacement, reason (--replacement)."))
  }

  /// People count from one.
  @Test func aPlaceInAListIsNamedAsPeopleCount() {
    let body = #"{"detail":"No such agency.","errors":[{"pointer":"/to/1","detail":"No such agency."}]}"#
    let problem = Problem(HTTPAnswer(status: 422, headers: [:], body: Array(body.utf8)))
    #expect(problem.complaint == Complaint(.invalid, "No such agency.", "  It is about to, number 2 (--to)."))
  }

  @Test(arguments: [
    (400, Exit.invalid), (401, .notPermitted), (403, .notPermitted), (404, .notFound), (405, .notPermitted),
    (408, .tryLater), (409, .invalid), (412, .invalid), (413, .invalid), (422, .invalid), (429, .tryLater),
    (500, .failure), (501, .failure), (503, .tryLater), (301, .failure),
  ])
  func everyStatusHasItsExit(status: Int, exit: Exit) {
    #expect(Problem(HTTPAnswer(status: status, headers: [:], body: [])).exit == exit)
  }

  @Test func aNumberForEveryExit() {
    #expect(Exit.allCases.map(\.rawValue) == [0, 1, 3, 64, 65, 66, 69, 75, 77])
  }

  @Test func whatIsNoJSONIsAFailure() throws {
    let server = try ScriptedServer([.answer(200, body: "<html>")])
    defer { server.stop() }
    let end = complaint { () throws(Complaint) in _ = try daemon(server.path).document("/v1/status") }
    #expect(end?.status == .failure)
    #expect(end?.sentences == ["The answer is no JSON (expected a value at byte 0). Is this convened's socket?"])
  }

  @Test func socketsComeFromTheOptionThenTheEnvironmentThenTheUnit() {
    let environment = ["CONVENED_STATUS_SOCKET": "/s", "CONVENED_CONTROL_SOCKET": ""]
    #expect(Sockets(chosen: "/x", environment: environment) == Sockets(status: "/x", control: "/x"))
    #expect(
      Sockets(chosen: nil, environment: environment)
        == Sockets(status: "/s", control: "/run/convened/control/control.sock"))
    #expect(Sockets(chosen: nil, environment: [:]).status == "/run/convened/status/status.sock")
  }
}

struct WaitReadyTests {
  /// Runs with a clock that moves by what is waited alone.
  private func run(_ answers: [Int?], within seconds: Int64) -> (exit: Exit, waits: [Int64]) {
    var (at, waits, left) = (Elapsed.zero, [Int64](), answers[...])
    let ready = WaitReady(
      ask: { () throws(Complaint) in
        switch left.popFirst() ?? answers.last! {
        case 77: throw Complaint(.notPermitted, "no")
        case let status?: return HTTPAnswer(status: status, headers: [:], body: [])
        case nil: throw Complaint(.outOfReach, "nobody")
        }
      },
      elapsed: { at },
      wait: {
        waits.append($0.milliseconds)
        at = at + $0
      })
    let end = complaint { () throws(Complaint) in try ready.run(within: .seconds(seconds)) }
    return (end?.status ?? .done, waits)
  }

  @Test func itWaitsALittleLongerEachTimeUntilItIsReady() {
    let (exit, waits) = run([nil, nil, 503, 503, 200], within: 60)
    #expect(exit == .done)
    #expect(waits == [25, 50, 100, 200])
  }

  @Test func aWaitIsAtMostASecondAndEndsWithTheTime() {
    let (exit, waits) = run([nil], within: 4)
    #expect(exit == .outOfReach)
    #expect(waits == [25, 50, 100, 200, 400, 800, 1000, 1000, 425])
  }

  @Test func notReadyInTimeIsTryLaterAndNotPermittedIsSaidAtOnce() {
    #expect(run([503], within: 0).exit == .tryLater)
    #expect(run([77], within: 60) == (.notPermitted, []))
  }
}
