// What is too much, too large or too slow is cut off, answered where that is possible, and never taken for a whole request.
import Coordination
import Testing
import Wire

@testable import StatusAPI

private func limits(_ change: (inout SocketLimits) -> Void) -> SocketLimits {
  var limits = SocketLimits()
  change(&limits)
  return limits
}

@Test func aBodyOver64KiBIsRefusedBeforeItIsSent() async throws {
  try await withServer { running in
    let client = try RawClient(running.control)
    try await client.send(request("PUT /v1/discussions/7Q2F-M9KD", ["Content-Length: 65537"]))
    let reply = try await client.reply()
    #expect(reply.status == 413)
    #expect(try reply.code == "body-too-large")
  }
}

/// Whoever sent too much reads what to do.
@Test(arguments: [
  (64 << 10, false, "A body has at most 64 KiB. Shorten its texts and lists, or send it as several requests."),
  (4 << 20, true, "A file has at most 4 MiB. Split it; every part needs the first line."),
  (1000, false, "A body has at most 1000 bytes. Shorten its texts and lists, or send it as several requests."),
])
func tooMuchSaysWhatToDo(limit: Int, isFile: Bool, words: String) {
  #expect(ProblemDocument.tooLarge(limit, isFile: isFile).detail == words)
}

@Test func aChunkedBodyOver64KiBIsRefused() async throws {
  try await withServer { running in
    let client = try RawClient(running.control)
    try await client.send(request("PUT /v1/discussions/7Q2F-M9KD", ["Transfer-Encoding: chunked"]))
    for _ in 0..<5 { try await client.send("4000\r\n" + String(repeating: " ", count: 0x4000) + "\r\n") }
    #expect(try await client.reply().status == 413)
    #expect(running.convenor.requests.isEmpty)
  }
}

@Test func aBodyOf64KiBPasses() async throws {
  try await withServer { running in
    let padding = String(repeating: " ", count: (64 << 10) - 2)
    let reply = try await running.change("POST /v1/discussions/7Q2F-M9KD/close", "{\(padding)}")
    #expect(reply.status == 200)
  }
}

@Test(arguments: [
  request("GET /v1/status", ["X: \(String(repeating: "x", count: 8200))"]),
  request("GET /v1/status", (0..<400).map { "X-\($0): aaaaaaaaaaaaaaaaaaaa" }),
  request("GET /v1/status?\(String(repeating: "x", count: 8300))"),
  request("GET /v1/status?\(String(repeating: "x", count: 5000))", ["X: \(String(repeating: "x", count: 5000))"]),
  request("GET /v1/status?\(String(repeating: "x", count: 70_000))"),
  "GET /" + String(repeating: "x", count: 9000),
  "GET / HTTP/1.1\r\n" + String(repeating: "x", count: 9000),
])
func headersOver8KiBAreRefused(text: String) async throws {
  try await withServer { running in
    let client = try RawClient(running.status)
    try await client.send(text)
    let reply = try await client.reply()
    #expect(reply.status == 431)
    #expect(try reply.code == "headers-too-large")
    let rest = try await client.rest()
    #expect(rest == "")
  }
}

@Test(arguments: ["garbage\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /v1/status HTTP/1.1\r\nContent-Length: x\r\n\r\n"])
func whatIsNotHTTPIsRefused(text: String) async throws {
  try await withServer { running in
    let client = try RawClient(running.status)
    try await client.send(text)
    let reply = try await client.reply()
    #expect(reply.status == 400)
    #expect(try reply.code == "malformed")
  }
}

@Test(arguments: [
  "GET /v1/sta", request("GET /v1/status").dropLast(2).description,
  request("POST /v1/discussions/7Q2F-M9KD/close", ["Content-Length: 2"]),
  request("POST /v1/discussions/7Q2F-M9KD/close", ["Content-Length: 9"]) + "{}",
  request("POST /v1/discussions/7Q2F-M9KD/close", ["Transfer-Encoding: chunked"]) + "2\r\n{}\r\n",
])
func aRequestThatIsNotWholeInTimeIsRefused(text: String) async throws {
  let convenor = try await withServer(limits: limits { $0.requestDeadline = .milliseconds(200) }) { running in
    let client = try RawClient(running.control)
    try await client.send(text)
    let reply = try await client.reply()
    #expect(reply.status == 408)
    #expect(try reply.code == "too-slow")
    let rest = try await client.rest()
    #expect(rest == "")
    return running.convenor
  }
  // Looked at when the server has ended: half a body that was taken for all of it would have come by now.
  #expect(convenor.requests.isEmpty)
}

@Test(arguments: ["", request("POST /v1/discussions/7Q2F-M9KD/close", ["Content-Length: 1000"])])
func aDripDoesNotBuyTime(before: String) async throws {
  try await withServer(limits: limits { $0.requestDeadline = .milliseconds(200) }) { running in
    let client = try RawClient(running.control)
    try await client.send(before)
    let drops = "GET /v1/status HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 100)
    let (reply, sent) = try await client.drip(drops)
    #expect(reply.status == 408)
    #expect(sent < drops.utf8.count / 2)
  }
}

@Test func anIdleConnectionIsClosedWithoutAWord() async throws {
  try await withServer(limits: limits { $0.idle = .milliseconds(100) }) { running in
    let client = try RawClient(running.status)
    try await client.send(request("GET /v1/health/live"))
    #expect(try await client.reply().status == 200)
    let rest = try await client.rest()
    #expect(rest == "")
  }
}

@Test func aConnectionServesOneRequestAfterAnother() async throws {
  try await withServer { running in
    let client = try RawClient(running.control)
    for _ in 0..<3 {
      try await client.send(request("POST /v1/discussions/7Q2F-M9KD/close", body: "{}"))
      #expect(try await client.reply().status == 200)
    }
    try await client.send(request("GET /v2"))
    #expect(try await client.reply().status == 404)
  }
}

@Test func pipelinedRequestsAreAnsweredInTurn() async throws {
  try await withServer { running in
    let client = try RawClient(running.status)
    try await client.send(
      request("GET /v1/health/live") + request("GET /v2") + request("GET /v1/health/ready", ["Connection: close"]))
    let all = try await client.rest()
    #expect(statuses(all) == ["200", "404", "200"])
  }
}

private let closing = request("POST /v1/discussions/7Q2F-M9KD/close")

/// How the answers that came one after another began.
private func statuses(_ text: String) -> [String] {
  text.ranges(of: "HTTP/1.1 ").map { String(text[$0.upperBound...].prefix(3)) }
}

/// In the same breath as the request, or while its answer is waited for.
@Test(arguments: [true, false])
func halfAHeadBehindARequestHasItsTimeFromTheAnswer(together: Bool) async throws {
  let door = Door()
  try await withServer(limits: limits { $0.requestDeadline = .milliseconds(200) }, door: door) { running in
    let client = try RawClient(running.control)
    try await client.send(together ? closing + "G" : closing)
    await door.isReached()
    if !together {
      try await client.send("G")
      // The sockets' thread has looked at its connections since.
      for _ in 0..<3 { try await running.server.beat() }
    }
    door.open()
    let all = try await client.rest()
    #expect(statuses(all) == ["200", "408"])
  }
}

/// What is whole and taken has no time left to run out.
@Test func anAnswerThatWasReadDoesNotCutTheNext() async throws {
  let door = Door()
  let limits = limits { ($0.unread, $0.idle) = (.milliseconds(100), .milliseconds(400)) }
  try await withServer(limits: limits, door: door) { running in
    let client = try RawClient(running.control)
    try await client.send(request("GET /v1/health/live") + closing)
    #expect(try await client.reply().status == 200)
    await door.isReached()
    // Another connection, idle for longer than a reader may take.
    let other = try await RawClient(running.control).rest()
    #expect(other == "")
    door.open()
    #expect(try await client.reply().status == 200)
  }
}

@Test func anAnswerThatNobodyReadsIsNotKept() async throws {
  try await withServer(limits: limits { $0.unread = .milliseconds(200) }) { running in
    let client = try RawClient(running.status)
    // More than the kernel keeps for a reader, so that answers wait behind the one that is stuck.
    try await client.send(String(repeating: request("GET /v1/openapi.json"), count: 50))
    try await client.closed()
  }
}

@Test func nothingIsReadBehindAnAnswerThatCloses() async throws {
  try await withServer { running in
    let client = try RawClient(running.status)
    try await client.send(request("GET /v1/status", ["Origin: null"]) + "GET /v1/sta")
    let all = try await client.rest()
    #expect(statuses(all) == ["403"])
  }
}

@Test(.timeLimit(.minutes(4))) func streamsHaveSeats() async throws {
  try await withServer(limits: limits { $0.streams = 2 }) { running in
    let first = try RawClient(running.status)
    var second: RawClient? = try RawClient(running.control)
    for client in [first, second!] {
      try await client.send(request("GET /v1/events"))
      _ = try await client.read(until: "contributionRecorded")
    }
    let third = try await running.get("/v1/events")
    #expect(third.status == 503)
    #expect(try third.code == "too-many-streams")
    #expect(third.headers["retry-after"] != nil)
    // A reader that goes gives its seat back; its end is noticed without any event.
    second = nil
    var status = 503
    while status == 503 {
      let client = try RawClient(running.status)
      try await client.send(request("GET /v1/events"))
      status = try await client.read(until: "\r\n\r\n").contains("200 OK") ? 200 : 503
    }
    #expect(status == 200)
  }
}
