// An agency's receiver as a test scripts it: plain sockets on 127.0.0.1 in one thread, so that a connection can be broken
// anywhere and kept hanging in thousands. It remembers every post that arrived whole, and the connection it came on.
import Dispatch
import Foundation
import Synchronization
import Testing

final class Receiver: Sendable {
  enum Reply: Sendable {
    case status(Int, headers: [String] = [], body: String = "")
    /// Bytes as they are; the connection stays open.
    case bytes(String)
    case bytesThenClose(String)
    /// Closes without a word.
    case close
    /// Never answers.
    case hang
    /// 200 and 64 MB in chunks.
    case flood
  }

  struct Post: Sendable {
    let path: String
    /// The request line and the header lines, as they came.
    let head: [String]
    let body: [UInt8]
    /// 0, 1, ... in the order in which connections were made.
    let connection: Int
    /// How many came before it, to all paths.
    let number: Int

    /// The value of a header; nil where there is none.
    func value(_ name: String) -> String? {
      head.dropFirst().first { $0.lowercased().hasPrefix(name + ":") }
        .map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
    }
  }

  struct Record: Sendable {
    var posts: [Post] = []
    var connections = 0
    /// Connections that the courier ended.
    var left: Set<Int> = []
    /// Connections that are closed, whoever ended them.
    var closed: Set<Int> = []
    var written = 0
  }

  let port: UInt16
  private let listener: Int32
  private let wake: (read: Int32, write: Int32)
  private let seen = Mutex(Record())
  private let changed = DispatchSemaphore(value: 0)
  private let script: @Sendable (Post) -> Reply

  init(_ script: @escaping @Sendable (Post) -> Reply) throws {
    self.script = script
    (listener, port) = try Receiver.listen()
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
    wake = (ends[0], ends[1])
    Thread.detachNewThread { [self] in run() }
  }

  /// A listening socket on a port that was free.
  static func listen() throws -> (Int32, UInt16) {
    let (listener, port) = try reserve()
    guard Glibc.listen(listener, 4096) == 0 else { throw POSIXError(.EADDRINUSE) }
    return (listener, port)
  }

  /// A port at which nobody listens and that nobody else is given, until its descriptor is closed.
  static func reserve() throws -> (Int32, UInt16) {
    signal(SIGPIPE, SIG_IGN)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRINUSE) }
    return (listener, UInt16(bigEndian: address.sin_port))
  }

  func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }
  var soFar: Record { seen.withLock { $0 } }
  var posts: [Post] { soFar.posts }

  /// What came, once it is so; after 30 s as it is, and the test has failed.
  @discardableResult
  func record(when what: String, _ isSo: (Record) -> Bool) -> Record {
    let deadline = DispatchTime.now() + .seconds(30)
    while !isSo(soFar) {
      guard changed.wait(timeout: deadline) == .success else {
        Issue.record("never came: \(what)")
        return soFar
      }
    }
    return soFar
  }

  func stop() { _ = write(wake.write, "x", 1) }

  // MARK: - The thread

  private struct Connection {
    let number: Int
    var input: [UInt8] = []
    var output: [UInt8] = []
    var written = 0
    var floods = 0
    var closes = false
    var wants: Int16 { Int16(POLLIN) | (written < output.count || floods > 0 ? Int16(POLLOUT) : 0) }
  }

  private func run() {
    var connections: [Int32: Connection] = [:]
    while true {
      var polled = [pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)]
      polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
      for (socket, connection) in connections {
        polled.append(pollfd(fd: socket, events: connection.wants, revents: 0))
      }
      poll(&polled, nfds_t(polled.count), -1)
      if polled[0].revents != 0 { break }
      if polled[1].revents != 0 { admit(&connections) }
      for entry in polled.dropFirst(2) where entry.revents != 0 {
        guard var connection = connections[entry.fd] else { continue }
        let stays = serve(entry.fd, &connection)
        connections[entry.fd] = stays ? connection : nil
        guard !stays else { continue }
        close(entry.fd)
        seen.withLock { _ = $0.closed.insert(connection.number) }
        changed.signal()
      }
    }
    for socket in Array(connections.keys) + [listener, wake.read, wake.write] { close(socket) }
  }

  private func admit(_ connections: inout [Int32: Connection]) {
    while true {
      let socket = accept(listener, nil, nil)
      guard socket >= 0 else { return }
      _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
      _ = fcntl(socket, F_SETFL, O_NONBLOCK)
      let number = seen.withLock { record in
        record.connections += 1
        return record.connections - 1
      }
      connections[socket] = Connection(number: number)
      changed.signal()
    }
  }

  /// False where the connection is over.
  private func serve(_ socket: Int32, _ connection: inout Connection) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count == 0 || (count < 0 && errno != EAGAIN) { return leave(connection) }
    connection.input += buffer[..<max(count, 0)]
    while let post = take(&connection) {
      seen.withLock { $0.posts.append(post) }
      let reply = script(post)
      changed.signal()
      guard answer(reply, &connection) else { return false }
    }
    return flush(socket, &connection)
  }

  private func leave(_ connection: Connection) -> Bool {
    seen.withLock { _ = $0.left.insert(connection.number) }
    changed.signal()
    return false
  }

  private func answer(_ reply: Reply, _ connection: inout Connection) -> Bool {
    switch reply {
    case .close: return false
    case .hang: return true
    case .bytes(let text): connection.output += Array(text.utf8)
    case .bytesThenClose(let text):
      connection.output += Array(text.utf8)
      connection.closes = true
    case .flood:
      connection.output += Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".utf8)
      connection.floods = 1024
    case .status(let status, let headers, let body):
      let length = status == 204 || status == 304 ? [] : ["content-length: \(body.utf8.count)"]
      let head = ["HTTP/1.1 \(status) Scripted"] + headers + length
      connection.output += Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }
    return true
  }

  private func flush(_ socket: Int32, _ connection: inout Connection) -> Bool {
    while true {
      if connection.written == connection.output.count {
        guard connection.floods > 0 else { return !connection.closes }
        connection.floods -= 1
        connection.output = Array("10000\r\n".utf8) + [UInt8](repeating: 120, count: 65_536) + [13, 10]
        connection.written = 0
      }
      let count = connection.output.withUnsafeBytes {
        send(socket, $0.baseAddress! + connection.written, $0.count - connection.written, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return errno == EAGAIN || leave(connection) }
      connection.written += count
      seen.withLock { $0.written += count }
      changed.signal()
    }
  }

  /// The next request that is there as a whole.
  private func take(_ connection: inout Connection) -> Post? {
    guard let end = connection.input.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: connection.input[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let length =
      head.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
    guard connection.input.count >= end.upperBound + length else { return nil }
    let body = Array(connection.input[end.upperBound..<(end.upperBound + length)])
    connection.input.removeFirst(end.upperBound + length)
    let path = head[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let before = soFar.posts.count
    return Post(path: path, head: head, body: body, connection: connection.number, number: before)
  }
}
