// Where log lines go: to journald with structured fields where standard error leads there, else as plain lines to standard
// error. A line that matters and that journald has no room for goes there too. Opaque ids only: nothing in a log says which
// child, why, or who.
import Glibc
import Logging
import Synchronization

/// A field is a log line's metadata under an upper-case name, `CONVENED_DISCUSSION`.
struct JournaldLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  private let journald: Journald?
  /// Where plain lines go.
  private let plain: Int32

  /// `journald` nil: plain lines alone.
  init(level: Logger.Level, journald: Journald?, plain: Int32 = STDERR_FILENO) {
    (logLevel, self.journald, self.plain) = (level, journald, plain)
  }

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
      let matters = event.level >= .notice
      // journald is at the other end of standard error too: a line that would have to wait there is lost.
      guard !journald.send(lines, insisting: matters), matters, hasRoom else { return }
    }
    let told = fields.filter { $0.key != "MESSAGE_ID" }
      .map { " \($0.key.dropFirst("CONVENED_".count).lowercased())=\($0.value)" }.joined()
    let line = "<\(event.level.priority)>\(event.message)\(told)\n"
    _ = Array(line.utf8).withUnsafeBytes { write(plain, $0.baseAddress, $0.count) }
  }

  /// Whether a plain line can be written without waiting.
  private var hasRoom: Bool {
    var waiting = pollfd(fd: plain, events: Int16(POLLOUT), revents: 0)
    return poll(&waiting, 1, 0) == 1 && waiting.revents & Int16(POLLOUT) != 0
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
  private let patience: Duration
  private let rest: Int
  /// No line waits before this.
  private let nextWait = Mutex(ContinuousClock.now)

  /// The loop's thread logs what it has made durable, and a line that waits keeps reminders waiting: a tenth of its time at
  /// most.
  ///
  /// - Parameters:
  ///   - patience: how long a line that matters waits for room.
  ///   - rest: for how many times as long no line waits after one that has waited.
  ///
  /// nil where journald does not listen.
  init?(path: String = "/run/systemd/journal/socket", patience: Duration = .milliseconds(100), rest: Int = 9) {
    (self.patience, self.rest) = (patience, rest)
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
    // What was opened, `deinit` closes: it runs for an object that was whole.
    guard connected == 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// Whether that descriptor is the connection to journald that `JOURNAL_STREAM` names, by its device and inode. The variable
  /// alone says nothing: who redirects standard error leaves it as it was (systemd.exec(5)).
  static func isBehind(_ descriptor: Int32, stream: String?) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && stream == "\(status.st_dev):\(status.st_ino)"
  }

  /// Whether journald took it. `insisting` waits for room where its queue is full.
  func send(_ fields: [(name: String, value: String)], insisting: Bool) -> Bool {
    var message: [UInt8] = []
    for (name, value) in fields {
      message.append(contentsOf: name.utf8)
      message.append(UInt8(ascii: "="))
      message.append(contentsOf: value.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 })
      message.append(UInt8(ascii: "\n"))
    }
    let code = attempt(message)
    return code == 0 || (code == EAGAIN && insisting && isTakenAfterAWait(message))
  }

  private func isTakenAfterAWait(_ message: [UInt8]) -> Bool {
    let start = ContinuousClock.now
    guard nextWait.withLock({ $0 <= start }) else { return false }
    var (now, code) = (start, EAGAIN)
    while code == EAGAIN, now < start + patience {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&waiting, 1, Int32((start + patience - now) / .milliseconds(1)) + 1)
      (code, now) = (attempt(message), .now)
    }
    nextWait.withLock { $0 = now + (now - start) * rest }
    return code == 0
  }

  /// 0, or the errno of trying.
  private func attempt(_ message: [UInt8]) -> Int32 {
    message.withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) < 0 ? errno : 0
    }
  }
}
