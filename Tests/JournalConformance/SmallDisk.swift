// A disk that is really full: a small file system of memory, mounted for a test. Only root may mount one; whoever uses it skips
// the test otherwise, and says why.
import Glibc

public final class SmallDisk {
  public let path: String

  /// Whether this process may mount one.
  public static let mayMount: Bool = {
    guard geteuid() == 0 else { return false }
    var template = Array("/tmp/convened-disk-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return false }
    let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    defer { rmdir(path) }
    guard let disk = SmallDisk(at: path, kilobytes: 64) else { return false }
    disk.unmount()
    return true
  }()

  /// Mounts it on an empty folder, until `unmount`; nil where that may not be.
  public init?(at path: String, kilobytes: Int) {
    self.path = path
    guard mount("convened-test", path, "tmpfs", 0, "size=\(kilobytes)k,mode=0700") == 0 else { return nil }
  }

  /// Takes all the space there is, and gives it back with `empty`.
  public func fill() {
    let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    defer { close(descriptor) }
    let block = [UInt8](repeating: 0x58, count: 4096)
    while write(descriptor, block, block.count) == block.count {}
  }

  public func empty() { unlink(path + "/filler") }

  /// False where that may not be.
  public func grow(toKilobytes kilobytes: Int) -> Bool {
    mount("convened-test", path, "tmpfs", UInt(MS_REMOUNT), "size=\(kilobytes)k,mode=0700") == 0
  }

  public func unmount() { umount2(path, Int32(MNT_DETACH)) }
}
