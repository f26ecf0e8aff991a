// A Unix socket that answers what a test told it to, one step a connection, and remembers what was asked. No HTTP
// library: a test must be able to break a connection anywhere.
import Foundation
import Synchronization

final class ScriptedServer: Sendable {
  enum Step: Sendable {
    case answer(Int, headers: [String: String] = [:], body: String)
    /// Bytes as they are, in pieces, each written on its own.
    case raw([String])
    /// Reads the request and closes.
    case close
  }

  let path: String
  private let folder: URL
  private let listener: Int32
  private let seen = Mutex<[String]>([])

  /// What was asked so far: head and body as they came.
  var requests: [String] { seen.withLock { $0 } }

  init(_ steps: [Step]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ctl-\(UInt32.random(in: .min ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "s").path(percentEncoded: false)
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8) + [0]) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, listen(listener, 8) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    // Its own thread: a test blocks in libcurl while this answers.
    Thread.detachNewThread { [self, listener] in
      var steps = steps[...]
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else {
          close(listener)
          return
        }
        let request = readRequest(connection)
        if request.hasPrefix("GET /v1/agencies ") {
          // What screens ask beside what they show: no test counts it.
          serve(connection, .answer(200, body: ScriptedServer.names))
        } else if let step = steps.popFirst() {
          seen.withLock { $0.append(request) }
          serve(connection, step)
        }
        close(connection)
      }
    }
  }

  /// Who holds what, as far as a screen needs it for names.
  private static let names =
    #"{"agencies":[{"agency":"csc","name":"Children's Services"}],"routes":[{"route":"hub","label":"Health hub"}]}"#

  /// The thread closes the socket: were it closed here, its number could be another test's before the next `accept`.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    do { try FileManager.default.removeItem(at: folder) } catch {}
  }

  private func serve(_ connection: Int32, _ step: Step) {
    switch step {
    case .close: return
    case .raw(let pieces): for piece in pieces { write(piece, to: connection) }
    case .answer(let status, let headers, let body):
      let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
      write("HTTP/1.1 \(status) X\r\ncontent-length: \(body.utf8.count)\r\n\(lines)\r\n\(body)", to: connection)
    }
  }

  private func write(_ text: String, to connection: Int32) {
    let bytes = Array(text.utf8)
    _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  private func readRequest(_ connection: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let length = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
          .first { $0.hasPrefix("content-length:") }.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
        if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return text }
      bytes += buffer[..<count]
    }
  }
}
