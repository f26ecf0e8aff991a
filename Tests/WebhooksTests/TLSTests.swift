// TLS against openssl's own server with authorities that are made for the test: what is trusted, and that everything else
// is somebody's to mend. A connection that merely breaks in the handshake is not.
import Convening
import Foundation
import Synchronization
import Testing
import Webhooks
import Wire

/// A folder with an authority, another one, and certificates that the first has signed.
struct Authority {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UInt32.random(in: .min ... .max))")
  var ca: String { path("ca.pem") }
  var otherCA: String { path("other.pem") }

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ["ca", "other"] {
      try openssl(
        [
          "req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out",
          path("\(name).pem"),
        ]
          + newKey)
    }
    for (name, host, days) in [
      ("good", "IP:127.0.0.1", "2"), ("elsewhere", "DNS:example.org", "2"), ("expired", "IP:127.0.0.1", "-1"),
    ] {
      try Data("subjectAltName=\(host)\n".utf8).write(to: folder.appending(path: "\(name).ext"))
      try openssl(
        ["req", "-new", "-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).csr")] + newKey)
      try openssl([
        "x509", "-req", "-in", path("\(name).csr"), "-CA", ca, "-CAkey", path("ca.key"), "-set_serial", "7", "-days",
        days,
        "-extfile", path("\(name).ext"), "-out", path("\(name).pem"),
      ])
    }
  }

  func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }
  func remove() { do { try FileManager.default.removeItem(at: folder) } catch {} }

  private func openssl(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments[0])")
  }

  /// As convened.yaml(5) says how to get it.
  func pin(_ name: String) throws -> PublicKeyPin {
    try openssl(["x509", "-in", path("\(name).pem"), "-pubkey", "-noout", "-out", path("\(name).pub")])
    try openssl(["pkey", "-pubin", "-in", path("\(name).pub"), "-outform", "der", "-out", path("\(name).der")])
    try openssl(["dgst", "-sha256", "-binary", "-out", path("\(name).hash"), path("\(name).der")])
    let hash = try Data(contentsOf: URL(filePath: path("\(name).hash")))
    return try #require(PublicKeyPin("sha256//\(hash.base64EncodedString())"))
  }

  func identity(_ name: String, key: String? = nil) throws -> RouteTLS.Identity {
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
    }
    return RouteTLS.Identity(certificate: try text("\(name).pem"), key: try text("\(key ?? name).key"))
  }
}

/// `openssl s_server` with one certificate: answers 204 to each request that it read.
final class TLSReceiver {
  private let process = Process()
  private(set) var port: UInt16 = 0

  init(_ authority: Authority, _ name: String, _ options: [String] = []) throws {
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", authority.path("\(name).pem")]
      + ["-key", authority.path("\(name).key")] + options
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    let answer = input.fileHandleForWriting
    let said = Said()
    Thread.detachNewThread {
      while true {
        let data = output.fileHandleForReading.availableData
        if data.isEmpty { return said.end() }
        if said.hear(data) {
          do { try answer.write(contentsOf: Data("HTTP/1.1 204 No Content\r\n\r\n".utf8)) } catch {}
        }
      }
    }
    port = try #require(said.port(), "openssl s_server did not say where it listens")
  }

  var url: String { "https://127.0.0.1:\(port)/" }
  func stop() {
    // A child of a Dispatch thread may have SIGTERM blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// What the server printed: its port first, then what it received.
  final class Said: Sendable {
    private let text = Mutex("")
    private let changed = DispatchSemaphore(value: 0)

    /// True where a whole request has come.
    func hear(_ data: Data) -> Bool {
      defer { changed.signal() }
      return text.withLock { text in
        text += String(decoding: data, as: UTF8.self)
        guard text.hasSuffix(Sender.body) else { return false }
        text = ""
        return true
      }
    }

    func end() { changed.signal() }

    func port() -> UInt16? {
      let deadline = DispatchTime.now() + .seconds(30)
      while changed.wait(timeout: deadline) == .success {
        let port = text.withLock { text -> UInt16? in
          guard let match = text.firstMatch(of: /ACCEPT 127\.0\.0\.1:([0-9]+)\n/) else { return nil }
          return UInt16(match.1)
        }
        if let port { return port }
      }
      return nil
    }
  }
}

extension CourierTests {
  struct OverTLS {
    struct Case: Sendable, CustomTestStringConvertible {
      let testDescription: String
      var certificate = "good"
      var host = "127.0.0.1"
      var options: [String] = []
      var authority: @Sendable (Authority) -> String? = { $0.ca }
      let fault: String?
    }

    static let cases = [
      Case(testDescription: "signed by the route's authority", fault: nil),
      Case(testDescription: "TLS 1.2", options: ["-tls1_2"], fault: nil),
      Case(testDescription: "the system's authorities do not know it", authority: { _ in nil }, fault: "tls"),
      Case(testDescription: "another authority", authority: { $0.otherCA }, fault: "tls"),
      Case(testDescription: "no such file", authority: { $0.path("none.pem") }, fault: "tls"),
      Case(testDescription: "another name in the certificate", certificate: "elsewhere", fault: "tls"),
      Case(testDescription: "another name in the URL", host: "localhost", fault: "tls"),
      Case(testDescription: "expired", certificate: "expired", fault: "tls"),
      Case(testDescription: "TLS 1.1", options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], fault: "tls"),
      Case(
        testDescription: "wants a certificate of ours", options: ["-Verify", "1", "-verify_return_error", "-tls1_2"],
        fault: "tls"),
    ]

    @Test func whatIsTrusted() throws {
      let authority = try Authority()
      defer { authority.remove() }
      for each in Self.cases {
        let receiver = try TLSReceiver(authority, each.certificate, each.options)
        defer { receiver.stop() }
        let sender = try Sender(
          "https://\(each.host):\(receiver.port)/", caFile: each.authority(authority), limits: .whole(10_000))
        let answers = [sender.post(), sender.post()]
        sender.closeAndCheck(2)
        let name = Comment(rawValue: each.testDescription)
        #expect(answers.map(\.fault) == [each.fault, each.fault], name)
        let verdict = each.fault == nil ? Verdict.accepted : .misconfigured
        #expect(answers.map(\.verdict) == [verdict, verdict], name)
      }
    }

    /// The authorities may vouch for it: another key than the pinned one is somebody's to mend. A new one overlaps with the old.
    @Test func aPinnedKeyAndNoOther() throws {
      let authority = try Authority()
      defer { authority.remove() }
      let (pin, other) = (try authority.pin("good"), try authority.pin("elsewhere"))
      for (pins, fault) in [([pin], nil), ([other], "pin"), ([other, pin], nil)] as [([PublicKeyPin], String?)] {
        let receiver = try TLSReceiver(authority, "good")
        defer { receiver.stop() }
        let route = try Sender.route(
          "agency", receiver.url, caFile: authority.ca, tls: RouteTLS(pins: pins))
        let sender = Sender([route], limits: .whole(10_000))
        let answer = sender.post()
        sender.closeAndCheck(1)
        #expect(answer.fault == fault && answer.verdict == (fault == nil ? .accepted : .misconfigured), "\(pins)")
      }
    }

    private static func asking(_ authority: Authority) throws -> TLSReceiver {
      try TLSReceiver(authority, "good", ["-Verify", "1", "-verify_return_error", "-tls1_2", "-CAfile", authority.ca])
    }

    private static func route(
      _ name: RouteName, _ receiver: TLSReceiver, _ authority: Authority, _ identity: RouteTLS.Identity?
    ) throws -> Route {
      try Sender.route(name, receiver.url, caFile: authority.ca, tls: RouteTLS(identity: identity))
    }

    /// The receiver asks who we are.
    @Test func whoWeAre() throws {
      let authority = try Authority()
      defer { authority.remove() }
      let cases: [(String, RouteTLS.Identity?, Verdict)] = [
        ("signed by the authority that it trusts", try authority.identity("elsewhere"), .accepted),
        ("nobody", nil, .misconfigured), ("signed by another", try authority.identity("other"), .misconfigured),
        ("another's key", try authority.identity("elsewhere", key: "good"), .misconfigured),
      ]
      for (name, identity, verdict) in cases {
        let receiver = try Self.asking(authority)
        defer { receiver.stop() }
        let sender = Sender([try Self.route("agency", receiver, authority, identity)], limits: .whole(10_000))
        let answer = sender.post()
        sender.closeAndCheck(1)
        #expect(answer.verdict == verdict && answer.fault == (verdict == .accepted ? nil : "tls"), "\(name): \(answer)")
      }
    }

    /// What one route has shown of itself opens nothing to another: it does not go over that one's connection.
    @Test func whatOneRouteHasShownIsNoOthers() throws {
      let authority = try Authority()
      defer { authority.remove() }
      let receiver = try Self.asking(authority)
      defer { receiver.stop() }
      let sender = Sender(
        [
          try Self.route("agency", receiver, authority, authority.identity("elsewhere")),
          try Self.route("nobody", receiver, authority, nil),
        ], limits: .whole(2000))
      #expect(sender.post().verdict == .accepted)
      // The receiver has time for one connection at once, and the first stands.
      #expect(sender.post("nobody").fault == "timeout")
      #expect(sender.post().verdict == .accepted)
      sender.closeAndCheck(3)
    }

    /// An agency's own authority is renewed: the file is another under the same name.
    @Test func aFileOfAuthoritiesThatWasChangedHoldsWithoutAStart() throws {
      let authority = try Authority()
      defer { authority.remove() }
      let receiver = try TLSReceiver(authority, "good")
      defer { receiver.stop() }
      let file = authority.folder.appending(path: "agency.pem")
      try Data(contentsOf: URL(filePath: authority.otherCA)).write(to: file)
      var limits = CourierLimits.whole(10_000)
      // Read for every connection, where a daemon waits a minute.
      limits.authorities = 0
      let sender = try Sender(receiver.url, caFile: authority.path("agency.pem"), limits: limits)
      #expect(sender.post().fault == "tls")
      try Data(contentsOf: URL(filePath: authority.ca)).write(to: file)
      #expect(sender.post().verdict == .accepted)
      sender.closeAndCheck(2)
    }

    /// A receiver that restarts, or a balancer without one behind it: to be tried again soon.
    @Test(arguments: [false, true]) func aConnectionThatBreaksInTheHandshakeIsAReset(isReset: Bool) throws {
      let (listener, port) = try Receiver.listen()
      _ = fcntl(listener, F_SETFL, 0)
      Thread.detachNewThread {
        let connection = accept(listener, nil, nil)
        var buffer = [UInt8](repeating: 0, count: 8192)
        _ = recv(connection, &buffer, buffer.count, 0)
        var option = linger(l_onoff: isReset ? 1 : 0, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(connection)
        close(listener)
      }
      let sender = try Sender("https://127.0.0.1:\(port)/")
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.fault == "reset" && answer.status == nil)
    }

    /// Not TLS at all.
    @Test func plainHTTPWhereTLSShouldBeIsMisconfigured() throws {
      let (listener, port) = try Receiver.listen()
      _ = fcntl(listener, F_SETFL, 0)
      Thread.detachNewThread {
        let connection = accept(listener, nil, nil)
        let text = "HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n"
        send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        var buffer = [UInt8](repeating: 0, count: 8192)
        while recv(connection, &buffer, buffer.count, 0) > 0 {}
        close(connection)
        close(listener)
      }
      let sender = try Sender("https://127.0.0.1:\(port)/")
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .misconfigured && answer.fault == "tls")
    }
  }
}

/// A disk that hangs under a file of authorities, here a pipe that nobody writes into, holds the carrier's queue up.
@Suite(.timeLimit(.minutes(1))) struct HeldUpTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "held-\(UInt32.random(in: .min ... .max))")
  private var pipe: String { folder.appending(path: "ca.pem").path(percentEncoded: false) }

  /// A courier whose first attempt waits for the pipe, and the pipe's end to let it go with.
  private func held(
    _ receiver: Receiver, uptime: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }
  ) throws -> (Sender, FileHandle) {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try #require(mkfifo(pipe, 0o600) == 0)
    let sender = Sender(
      [
        try Sender.route("held", "https://127.0.0.1:\(receiver.port)/e", caFile: pipe),
        try Sender.route("agency", "http://127.0.0.1:\(receiver.port)/e"),
      ], uptime: uptime)
    sender.queue.sync { _ = sender.begin("held") }
    // Returns once the other end is open for reading: the carrier waits for what is written.
    return (sender, try #require(FileHandle(forWritingAtPath: pipe)))
  }

  /// Whoever reads the file a second time finds one that ends.
  private func letGo(_ end: FileHandle) throws {
    try FileManager.default.removeItem(atPath: pipe)
    try Data().write(to: URL(filePath: pipe))
    try end.close()
  }

  @Test func itShowsNoSignOfLifeUntilItMoves() async throws {
    defer { do { try FileManager.default.removeItem(at: folder) } catch {} }
    let receiver = try Receiver { _ in .status(204) }
    let (sender, end) = try held(receiver)
    let (events, event) = AsyncStream<String>.makeStream()
    sender.queue.sync { sender.courier.beat { event.yield("moves") } }
    event.yield("let go")
    try letGo(end)
    var seen = events.makeAsyncIterator()
    #expect(await seen.next() == "let go")
    #expect(await seen.next() == "moves")
    sender.queue.sync { sender.courier.close() }
  }

  /// The loop has taken it for lost, and what it was about may have been cancelled: it is not posted after its time.
  @Test func whatWasHandedOverBeforeItsTimeRanOutIsNotPostedAfterIt() throws {
    defer { do { try FileManager.default.removeItem(at: folder) } catch {} }
    let receiver = try Receiver { _ in .status(204) }
    let start = DispatchTime.now().uptimeNanoseconds
    let clock = Mutex(start)
    let (sender, end) = try held(receiver) { clock.withLock { $0 } }
    sender.queue.sync { _ = sender.begin("agency") }
    clock.withLock { $0 = start + 15_000_000_000 }
    try letGo(end)
    let answers = sender.answers.all(of: 2)
    #expect(answers[2]?.map(\.fault) == ["timeout"] && answers[2]?.map(\.verdict) == [.retry])
    #expect(receiver.posts.isEmpty)
    sender.queue.sync { sender.courier.close() }
  }

  @Test func whoClosesItDoesNotWaitForEver() async throws {
    defer { do { try FileManager.default.removeItem(at: folder) } catch {} }
    let (sender, end) = try held(try Receiver { _ in .status(204) })
    let (events, event) = AsyncStream<String>.makeStream()
    sender.queue.sync { sender.courier.beat { event.yield("moves") } }
    sender.queue.sync { sender.courier.close() }
    event.yield("closed")
    try letGo(end)
    var seen = events.makeAsyncIterator()
    #expect(await seen.next() == "closed", "it waited until it moved")
  }
}
