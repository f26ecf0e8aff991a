// The log's two ways out: when each is taken, and what becomes of a line that journald has no room for.
import Foundation
import Glibc
import Logging
import Testing

@testable import convened

/// A datagram socket in journald's place. Its queue is as long as the kernel makes it (unix(7)).
private final class Listener: Sendable {
  let path: String
  private let descriptor: Int32

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/journald-\(UInt32.random(in: .min ... .max))"
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
  }

  deinit {
    close(descriptor)
    unlink(path)
  }

  /// The next datagram; waits for it.
  func next() -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}

/// Where plain lines go.
private final class Plain: Sendable {
  let writing: Int32
  private let reading: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// What was written so far.
  var text: String {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    var waiting = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 0) == 1 else { return "" }
    let count = read(reading, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  /// Until another byte would have to wait.
  func fill() {
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    while write(writing, "x", 1) == 1 {}
    _ = fcntl(writing, F_SETFL, 0)
  }
}

private func logger(_ journald: Journald?, _ plain: Plain) -> Logger {
  Logger(label: "test") { _ in JournaldLog(level: .debug, journald: journald, plain: plain.writing) }
}

/// Until its queue is full.
private func fill(_ journald: Journald) { while journald.send([("MESSAGE", "x")], insisting: false) {} }

@Suite struct JournaldLogTests {
  @Test func aLineHasItsFieldsOrItsPrefix() throws {
    let (listener, plain) = (try Listener(), try Plain())
    let journald = try #require(Journald(path: listener.path))
    let fields: Logger.Metadata = ["CONVENED_JOURNAL_SEQ": "7", "MESSAGE_ID": "ab", "kind": "a library's own"]
    logger(journald, plain).notice("chain 7", metadata: fields)
    #expect(
      listener.next()
        == "MESSAGE=chain 7\nPRIORITY=5\nSYSLOG_IDENTIFIER=convened\nCONVENED_JOURNAL_SEQ=7\nMESSAGE_ID=ab\n")
    #expect(plain.text == "")
    logger(nil, plain).notice("chain 7", metadata: fields)
    #expect(plain.text == "<5>chain 7 journal_seq=7\n")
  }

  @Test func whereNobodyListensThereIsNoJournald() { #expect(Journald(path: "/nowhere/journald") == nil) }

  /// The reader begins with the first line that matters, and is overtaken by those that follow.
  @Test(.timeLimit(.minutes(4))) func linesThatMatterWaitForRoom() async throws {
    let (listener, plain) = (try Listener(), try Plain())
    let journald = try #require(Journald(path: listener.path, patience: .seconds(30), rest: 0))
    fill(journald)
    let (came, comes) = AsyncStream.makeStream(of: String.self)
    Thread.detachNewThread {
      while true {
        let line = listener.next()
        guard line != "MESSAGE=end\n" else { return comes.finish() }
        comes.yield(line)
      }
    }
    for number in 0..<300 { logger(journald, plain).warning("line \(number)") }
    while !journald.send([("MESSAGE", "end")], insisting: true) {}
    var lines: [Substring] = []
    for await line in came where line.hasPrefix("MESSAGE=line ") {
      lines.append(line.prefix { $0 != "\n" }.dropFirst("MESSAGE=".count))
    }
    #expect(lines == (0..<300).map { "line \($0)" })
    #expect(plain.text == "")
  }

  @Test func aLineThatMattersIsWrittenPlainlyWhereJournaldTakesNone() throws {
    let (listener, plain) = (try Listener(), try Plain())
    let journald = try #require(Journald(path: listener.path, patience: .milliseconds(10)))
    fill(journald)
    let log = logger(journald, plain)
    log.info("not this one")
    log.notice("chain 7", metadata: ["CONVENED_JOURNAL_SEQ": "7"])
    #expect(plain.text == "<5>chain 7 journal_seq=7\n")
    // Where standard error is as full, the line is lost: the loop goes on.
    plain.fill()
    log.notice("chain 8")
  }

  /// Each line's wait would be the loop's.
  @Test func oneLineWaitsAndThoseBehindItDoNot() throws {
    let (listener, plain) = (try Listener(), try Plain())
    let patience = Duration.milliseconds(200)
    let journald = try #require(Journald(path: listener.path, patience: patience, rest: 1000))
    fill(journald)
    let log = logger(journald, plain)
    let first = ContinuousClock().measure { log.warning("first") }
    let others = ContinuousClock().measure { for _ in 0..<50 { log.warning("another") } }
    #expect(first >= patience)
    #expect(others < patience * 25)
    #expect(plain.text.split(separator: "\n").count == 51)
  }

  @Test func theVariableHasToNameTheDescriptor() throws {
    let plain = try Plain()
    var status = stat()
    try #require(fstat(plain.writing, &status) == 0)
    let (device, inode) = (status.st_dev, status.st_ino)
    #expect(Journald.isBehind(plain.writing, stream: "\(device):\(inode)"))
    for other in [nil, "", "\(device)", "\(device):\(inode + 1)", "\(device + 1):\(inode)", "\(device):\(inode):"] {
      #expect(!Journald.isBehind(plain.writing, stream: other))
    }
    #expect(!Journald.isBehind(-1, stream: "\(device):\(inode)"))
  }
}
