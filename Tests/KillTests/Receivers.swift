// Agencies' receivers for a daemon that is killed: plain HTTP on a loopback port, one thread a connection. It writes down
// what came, and answers as a poor network would: mostly 204, now and then a failure, or nothing.
import Foundation
import Synchronization

final class Receivers: Sendable {
  struct Post: Hashable, Sendable {
    let id: String
    let path: String
    let body: [UInt8]
    /// 0 where the connection was closed without an answer.
    let answered: Int
  }

  let port: UInt16
  private let listener: Int32
  private let state = Mutex<[Post]>([])
  private let isWell = Mutex(false)
  /// Paths at which nothing is ever answered, and the connection stays.
  private let hanging: Set<String>
  /// Told of each post's number.
  private let came: @Sendable (Int) -> Void

  init(hanging: Set<String> = [], came: @escaping @Sendable (Int) -> Void) throws {
    (self.hanging, self.came) = (hanging, came)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard let port = Receivers.listen(on: listener) else { throw POSIXError(.EADDRNOTAVAIL) }
    self.port = port
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        Thread.detachNewThread { [self] in serve(connection) }
      }
    }
  }

  private static func listen(on listener: Int32) -> UInt16? {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(listener, generic, length) == 0 && Foundation.listen(listener, 128) == 0
          && getsockname(listener, generic, &length) == 0
      }
    }
    return isBound ? UInt16(bigEndian: address.sin_port) : nil
  }

  var posts: [Post] { state.withLock { $0 } }

  /// From now on everything is accepted.
  func heal() { isWell.withLock { $0 = true } }

  func close() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ connection: Int32) {
    defer { Foundation.close(connection) }
    var bytes: [UInt8] = []
    while let (head, body) = next(connection, &bytes) {
      let lines = head.split(separator: "\r\n")
      let path = lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
      let id = lines.first { $0.lowercased().hasPrefix("webhook-id:") }?.dropFirst(11).trimmingCharacters(
        in: .whitespaces)
      let number = state.withLock { posts in
        let usual = isWell.withLock { $0 } ? 204 : [7: 503, 11: 0, 13: 429][posts.count % 17] ?? 204
        let answered = hanging.contains(path) ? 0 : usual
        posts.append(Post(id: id ?? "", path: path, body: body, answered: answered))
        return posts.count
      }
      defer { came(number) }
      let status = state.withLock { $0[number - 1].answered }
      // Until the sender has had enough.
      if hanging.contains(path) { continue }
      guard status > 0 else { return }
      let answer = Array("HTTP/1.1 \(status) x\r\ncontent-length: 0\r\n\r\n".utf8)
      guard send(connection, answer, answer.count, Int32(MSG_NOSIGNAL)) == answer.count else { return }
    }
  }

  /// The next request's head and body; nil at the end.
  private func next(_ connection: Int32, _ bytes: inout [UInt8]) -> (String, [UInt8])? {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let length =
          head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        if bytes.count >= end.upperBound + length {
          let body = Array(bytes[end.upperBound..<(end.upperBound + length)])
          bytes.removeFirst(end.upperBound + length)
          return (head, body)
        }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
  }
}
