// A Unix socket's file: taken over where it is a dead daemon's, left alone where anything else stands there. Two daemons on
// one path would each answer half of the requests.
import Glibc

/// Why the sockets could not be opened.
public enum SocketFault: Error, Hashable, Sendable, CustomStringConvertible {
  case pathTooLong(String)
  case notASocket(String)
  case noFolder(String)
  case inUse(String)
  case system(String, path: String, errno: Int32)

  /// A person has to do something before another start can go better.
  public var needsAPerson: Bool {
    switch self {
    case .pathTooLong, .notASocket, .noFolder: true
    // Once the other one is stopped, a start goes well.
    case .inUse, .system: false
    }
  }

  public var description: String {
    switch self {
    case .pathTooLong(let path): "\(path): the path of a socket has at most 107 bytes. Choose a shorter one."
    case .notASocket(let path): "\(path): something that is not a socket stands there. Move it away."
    case .noFolder(let path): "\(path): there is no such folder for a socket. Make it, or choose another path."
    case .inUse(let path): "\(path): another daemon answers there. Stop it first."
    case .system(let call, let path, let code): "\(path): \(call): \(String(cString: strerror(code)))."
    }
  }
}

struct SocketFile: Hashable, Sendable {
  let path: String
  private let device: UInt
  private let inode: UInt

  /// Clears the way for a bind: removes a socket that nobody listens on.
  ///
  /// Throws: `SocketFault`.
  static func clear(_ path: String) throws(SocketFault) {
    guard path.utf8.count <= 107 else { throw .pathTooLong(path) }
    var status = stat()
    if lstat(path, &status) != 0 {
      guard errno == ENOENT else { throw .system("stat", path: path, errno: errno) }
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
      guard access(folder, W_OK | X_OK) == 0 else {
        throw errno == ENOENT || errno == ENOTDIR ? .noFolder(folder) : .system("access", path: folder, errno: errno)
      }
      return
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
    switch connect(to: path) {
    case 0, EAGAIN: throw .inUse(path)
    case ECONNREFUSED: break
    case let code: throw .system("connect", path: path, errno: code)
    }
    guard unlink(path) == 0 || errno == ENOENT else { throw .system("unlink", path: path, errno: errno) }
  }

  /// Takes note of a socket that was just bound, and lets its folder's group use it: mode 0660.
  ///
  /// Throws: `SocketFault`.
  init(bound path: String) throws(SocketFault) {
    guard chmod(path, 0o660) == 0 else { throw .system("chmod", path: path, errno: errno) }
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .system("stat", path: path, errno: errno) }
    (self.path, device, inode) = (path, UInt(status.st_dev), UInt(status.st_ino))
  }

  /// Removes it, unless somebody has put another in its place.
  func remove() {
    var status = stat()
    guard lstat(path, &status) == 0, UInt(status.st_dev) == device, UInt(status.st_ino) == inode else { return }
    unlink(path)
  }

  /// 0, or the errno of trying; EAGAIN where somebody listens and is too busy to accept (unix(7)).
  private static func connect(to path: String) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result == 0 ? 0 : errno
  }
}
