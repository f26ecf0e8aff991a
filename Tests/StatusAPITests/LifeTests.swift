// How the sockets begin, stream and end.
import Convening
import Coordination
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Testing
import Wire

@testable import StatusAPI

@Test func whileTheJournalIsReadStatusSaysStarting() async throws {
  try await withServer(opened: false) { running in
    let status = try await running.get("/v1/status")
    #expect(status.status == 200)
    #expect(try status.json["state"]?.string == "starting")
    #expect(try status.json["journal"]?.isNull == true)
    #expect(try await running.get("/v1/health/live").status == 200)
    for line in ["GET /v1/health/ready", "GET /v1/discussions", "GET /metrics", "POST /v1/discussions/7Q2F-M9KD/close"]
    {
      let reply = try await running.change(line)
      #expect(reply.status == 503)
      #expect(try reply.code == "starting")
      #expect(reply.headers["retry-after"] == "2")
    }
    #expect(running.convenor.requests.isEmpty)
    running.server.open(desk(running.convenor, running.records, live(), .done(warnings: [])))
    #expect(try await running.get("/v1/health/ready").status == 200)
    #expect(try await running.get("/v1/status").json["state"]?.string == "ready")
  }
}

@Test(arguments: [(Live.State.ready, 200), (.paused, 200), (.degraded, 503), (.stopping, 503), (.starting, 503)])
func readinessFollowsTheState(state: Live.State, status: Int) async throws {
  try await withServer(live: live { $0.state = state }) { running in
    let (ready, living) = (try await running.get("/v1/health/ready"), try await running.get("/v1/health/live"))
    #expect(ready.status == status && living.status == 200)
  }
}

@Test func eventsComeAsTheyAreRecorded() async throws {
  try await withServer { running in
    let client = try RawClient(running.status)
    try await client.send(request("GET /v1/events?after=2"))
    let first = try await client.read(until: "contributionRecorded")
    #expect(first.lowercased().contains("content-type: application/jsonl"))
    #expect(!first.contains("\"convened\""))
    let seq = running.records.append(
      "daemon", 1,
      #"{"v":1,"stream":"daemon","revision":1,"event":"started","at":"2026-11-23T12:00:00Z","data":{"version":"1"}}"#)
    running.convenor.beat(seq)
    let second = try await client.read(until: "\n\r\n")
    let line = try JSON(parsing: String(second.split(separator: "\r\n")[1]))
    #expect(line["seq"]?.int == 4 && line["stream"]?.string == "daemon" && line["event"]?.string == "started")
  }
}

@Test func theJournalIsExportedToItsEnd() async throws {
  try await withServer(
    limits: {
      var l = SocketLimits(); l.batch = 2; return l
    }()
  ) { running in
    let client = try RawClient(running.control)
    try await client.send(request("GET /v1/journal", ["Connection: close"]))
    let text = try await client.rest()
    #expect(text.hasSuffix("0\r\n\r\n"), "ended as a whole")
    let lines = try text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("{") }.map {
      try JSON(parsing: String($0))
    }
    #expect(lines.map { $0["seq"]?.int } == [1, 2, 3])
    let exported = try #require(lines.first)
    #expect(exported.members?.map(\.name) == ["seq", "stream", "revision", "line", "salt", "digest", "chain"])
    let salt = Salt(high: 1, low: 2)
    #expect(Chain.digest(salt, exported["line"]?.string ?? "").hex == exported["digest"]?.string)
  }
}

@Test(arguments: [false, true])
func shutdownEndsWhatIsOpen(cancelling: Bool) async throws {
  let clock = ContinuousClock()
  let (began, clients) = try await withServer(cancelling: cancelling) { running in
    var kept: [RawClient] = []
    // Two streams, an idle connection, half a head and half a body.
    for (path, text) in [
      (running.status, request("GET /v1/events")), (running.control, request("GET /v1/events")), (running.status, ""),
      (running.status, "GET /v1/sta"),
      (running.control, request("POST /v1/discussions/7Q2F-M9KD/close", ["Content-Length: 9"]) + "{}"),
    ] {
      let client = try RawClient(path)
      try await client.send(text)
      if text.contains("events") { _ = try await client.read(until: "contributionRecorded") }
      kept.append(client)
    }
    try await running.server.beat()
    return (clock.now, kept)
  }
  // Half a second is what they get. Without that they would have the ten of a request; a busy machine is between.
  #expect(clock.now - began < .seconds(8))
  for client in clients {
    let rest = try await client.rest()
    #expect(!rest.contains("200 OK"))
  }
}

// MARK: - The socket's file

/// A folder that is gone when the test is.
private func inFolder(_ body: (String) async throws -> Void) async throws {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("sock-\(UUID().uuidString.prefix(8))")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  do {
    try await body(url.path)
  } catch {
    try FileManager.default.removeItem(at: url)
    throw error
  }
  try FileManager.default.removeItem(at: url)
}

private func run(
  _ status: String, _ control: String, whileListening body: @escaping @Sendable () async throws -> Void = {}
)
  async throws
{
  let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let server = Server(
    paths: .init(status: status, control: control), version: "1", logger: logger, now: { noon },
    listening: { isReady.yield() })
  let group = ServiceGroup(services: [server], logger: logger)
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask {
      for await _ in ready {
        try await body()
        await group.triggerGracefulShutdown()
        return
      }
    }
    do {
      try await group.run()
    } catch {
      isReady.finish()
      throw error
    }
    isReady.finish()
    try await tasks.waitForAll()
  }
}

@Test func theFilesAreForTheirGroupAndGoAtTheEnd() async throws {
  try await inFolder { folder in
    let (status, control) = (folder + "/s", folder + "/c")
    // What a daemon that was killed leaves behind.
    try await leaveBehind(status)
    try await run(status, control) {
      for path in [status, control] {
        var info = stat()
        #expect(lstat(path, &info) == 0)
        #expect(info.st_mode & S_IFMT == S_IFSOCK && info.st_mode & 0o777 == 0o660)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }
}

@Test(.timeLimit(.minutes(4))) func aLivingDaemonsSocketIsLeftAlone() async throws {
  try await inFolder { folder in
    let (status, control, other) = (folder + "/s", folder + "/c", folder + "/o")
    try await run(status, control) {
      await #expect(throws: SocketFault.inUse(control)) { try await run(other, control) }
      let client = try RawClient(control)
      try await client.send(request("GET /v1/health/live"))
      #expect(try await client.reply().status == 200)
    }
  }
}

@Test func whatIsNoSocketIsLeftAlone() async throws {
  try await inFolder { folder in
    let file = folder + "/file"
    #expect(FileManager.default.createFile(atPath: file, contents: Data("kept".utf8)))
    await #expect(throws: SocketFault.notASocket(file)) { try await run(folder + "/s", file) }
    #expect(FileManager.default.contents(atPath: file) == Data("kept".utf8))
    let long = folder + "/" + String(repeating: "x", count: 108)
    await #expect(throws: SocketFault.pathTooLong(long)) { try await run(folder + "/s", long) }
    await #expect(throws: SocketFault.noFolder(folder + "/no/")) {
      try await run(folder + "/s", folder + "/no/c")
    }
  }
}

/// Binds a socket and closes it without removing its file.
private func leaveBehind(_ path: String) async throws {
  let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let result = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  #expect(result == 0)
  close(descriptor)
}
