// sd_notify(3): one datagram to the socket that systemd names. Where there is none, nothing is said.
import Dispatch
import Glibc

struct SystemdNotify: Sendable {
  private let address: [UInt8]?
  /// How often the service manager has to hear that the process lives: twice in its time, and each 10 s at least.
  let beatsEvery: DispatchTimeInterval

  /// The socket's path, or abstract name after `@`, as `NOTIFY_SOCKET` gives it.
  /// - Parameter watchdog: `WATCHDOG_USEC`, in microseconds; nil, 0 or no number: nobody waits for it.
  init(socket: String?, watchdog: String?) {
    let patience = watchdog.flatMap { Int($0) } ?? 0
    beatsEvery = .milliseconds(patience > 0 ? min(max(patience / 2000, 100), 10_000) : 10_000)
    guard let socket, let first = socket.utf8.first, [UInt8(ascii: "/"), UInt8(ascii: "@")].contains(first),
      socket.utf8.count < 108
    else {
      address = nil
      return
    }
    var bytes = Array(socket.utf8)
    if first == UInt8(ascii: "@") { bytes[0] = 0 }
    address = bytes
  }

  func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }
  func stopping() { send("STOPPING=1\nSTATUS=stopping: waiting for what is under way") }
  func status(_ text: String) { send("STATUS=\(text)") }
  func alive() { send("WATCHDOG=1") }

  /// systemd 252 knows no `notify-reload`: the time tells it which reload this answers.
  func reloading(monotonicMicroseconds: UInt64) { send("RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds)") }

  /// More time to start, while a long journal is replayed.
  func extendStart(seconds: Int) { send("EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000)") }

  private func send(_ message: String) {
    guard let address else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: address) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
    withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        _ = Array(message.utf8).withUnsafeBytes {
          sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), generic, length)
        }
      }
    }
  }
}
