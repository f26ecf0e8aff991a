// Where log lines go: to journald with structured fields where its socket is there, else as plain lines to standard error.
// Opaque ids only: nothing in a log says which child, why, or who.
import Glibc
import Logging

/// A field is a log line's metadata under an upper-case name, `CONVENED_DISCUSSION`.
struct JournaldLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  private let journald: Journald?

  /// `journald` nil: standard error.
  init(level: Logger.Level, journald: Journald?) { (logLevel, self.journald) = (level, journald) }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }
      .filter { Self.isField($0.key) }.sorted { $0.key < $1.key }
    if let journald {
      var lines = [
        ("MESSAGE", "\(event.message)"), ("PRIORITY", "\(event.level.priority)"), ("SYSLOG_IDENTIFIER", "convened"),
      ]
      lines += fields.map { ($0.key, "\($0.value)") }
      journald.send(lines)
    } else {
      let told = fields.filter { $0.key != "MESSAGE_ID" }
        .map { " \($0.key.dropFirst("CONVENED_".count).lowercased())=\($0.value)" }.joined()
      let line = "<\(event.level.priority)>\(event.message)\(told)\n"
      _ = Array(line.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
  }

  /// Ours alone; a library's own metadata is not meant for this journal.
  private static func isField(_ key: String) -> Bool { key.hasPrefix("CONVENED_") || key == "MESSAGE_ID" }
}

extension Logger.Level {
  /// syslog's numbers, which journald and the `<n>` prefix use (sd-daemon(3)).
  fileprivate var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}

/// journald's native protocol: a datagram of `FIELD=value` lines. Values with a newline are flattened: ours have none.
/// https://systemd.io/JOURNAL_NATIVE_PROTOCOL/
final class Journald: Sendable {
  private let descriptor: Int32

  /// nil where journald does not listen.
  init?(path: String = "/run/systemd/journal/socket") {
    descriptor = socket(
      AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let connected = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }

  func send(_ fields: [(name: String, value: String)]) {
    var message: [UInt8] = []
    for (name, value) in fields {
      message.append(contentsOf: name.utf8)
      message.append(UInt8(ascii: "="))
      message.append(contentsOf: value.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 })
      message.append(UInt8(ascii: "\n"))
    }
    _ = message.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }
}
