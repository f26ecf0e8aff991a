// 16 MiB set aside beside the journal, really allocated, so that outcomes still fit when the disk is full. Released once;
// set aside again at the next start, if there is room then.
import Glibc

struct Ballast {
  static let bytes = 16 << 20
  let path: String

  /// Without room there is no ballast, and that is no reason not to start.
  init(path: String) {
    self.path = path
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if posix_fallocate(descriptor, 0, Ballast.bytes) != 0 { unlink(path) }
  }

  /// True if there was any.
  func release() -> Bool { unlink(path) == 0 }
}
