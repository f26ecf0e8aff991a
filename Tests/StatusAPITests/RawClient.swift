// A client that sends whatever it is given, byte for byte, over a Unix socket, and reads what comes back. It knows just
// enough HTTP to find the end of an answer.
import Dispatch
import Glibc
import Wire

struct HTTPReply: Sendable {
  let status: Int
  /// Names in lower case.
  let headers: [String: String]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  var json: JSON { get throws { try JSON(parsing: body) } }
  var code: String? { get throws { try json["code"]?.string } }
  var pointers: [String] { get throws { try (json["errors"]?.array ?? []).compactMap { $0["pointer"]?.string } } }
}

struct ClientFault: Error, CustomStringConvertible {
  let description: String
}

/// One connection. Each call blocks a thread of its own, never one of the cooperative pool.
final class RawClient: Sendable {
  private let descriptor: Int32
  private let queue = DispatchQueue(label: "client")

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw ClientFault(description: "connect: errno \(errno)") }
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) async throws {
    try await blocking { descriptor in
      var rest = bytes[...]
      while !rest.isEmpty {
        let sent = rest.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard sent > 0 else { throw ClientFault(description: "send: errno \(errno)") }
        rest = rest.dropFirst(sent)
      }
    }
  }

  func send(_ text: String) async throws { try await send(Array(text.utf8)) }

  /// Sends these bytes one at a time, each after a moment's wait for an answer, until one comes; then reads it. Says how
  /// many it sent.
  func drip(_ text: String) async throws -> (reply: HTTPReply, sent: Int) {
    let sent = try await blocking { descriptor in
      var sent = 0
      for byte in text.utf8 {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&waiting, 1, 20) > 0 { break }
        guard Glibc.send(descriptor, [byte], 1, Int32(MSG_NOSIGNAL)) == 1 else { break }
        sent += 1
      }
      return sent
    }
    return (try await reply(), sent)
  }

  /// The next answer, by its content-length.
  func reply() async throws -> HTTPReply {
    try await blocking { descriptor in
      var bytes: [UInt8] = []
      while true {
        if let reply = RawClient.parse(bytes) { return reply }
        guard try RawClient.read(descriptor, into: &bytes) else {
          throw ClientFault(description: "closed after \(bytes.count) bytes")
        }
      }
    }
  }

  /// Everything until it is closed by the other side.
  func rest() async throws -> String {
    try await blocking { descriptor in
      var bytes: [UInt8] = []
      while try RawClient.read(descriptor, into: &bytes) {}
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Returns once the other side has closed; reads nothing.
  func closed() async throws {
    try await blocking { descriptor in
      var ending = pollfd(fd: descriptor, events: 0, revents: 0)
      guard poll(&ending, 1, 15_000) > 0 else { throw ClientFault(description: "still open after 15 s") }
    }
  }

  /// Until what came ends in, or holds, that text.
  func read(until text: String) async throws -> String {
    try await blocking { descriptor in
      var bytes: [UInt8] = []
      while !String(decoding: bytes, as: UTF8.self).contains(text) {
        guard try RawClient.read(descriptor, into: &bytes) else {
          throw ClientFault(description: "closed before \(text): \(String(decoding: bytes, as: UTF8.self))")
        }
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  private static func read(_ descriptor: Int32, into bytes: inout [UInt8]) throws -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 15_000) > 0 else { throw ClientFault(description: "nothing came for 15 s") }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    bytes += chunk[..<count]
    return true
  }

  private static func parse(_ bytes: [UInt8]) -> HTTPReply? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
    }
    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
    let length = status == 304 ? 0 : Int(headers["content-length"] ?? "") ?? 0
    let head = text[..<end.upperBound].utf8.count
    guard bytes.count >= head + length else { return nil }
    return HTTPReply(status: status, headers: headers, body: Array(bytes[head..<(head + length)]))
  }

  private func blocking<T: Sendable>(_ body: @escaping @Sendable (Int32) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { [self] in continuation.resume(with: Result { try body(descriptor) }) }
    }
  }
}

/// A request as text, with a Host and, where there is a body, its length.
func request(_ line: String, _ headers: [String] = [], body: String? = nil) -> String {
  var lines = ["\(line) HTTP/1.1", "Host: localhost"] + headers
  if let body { lines.append("Content-Length: \(body.utf8.count)") }
  return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
}
