// Files that a command line names: what is not there is not found, what may not be read is not permitted, in the same words for
// every command.
import Foundation

public enum FileReading {
  /// Throws: `Complaint`, 66 where there is no such file, 77 where it may not be read.
  public static func bytes(of path: String) throws(Complaint) -> [UInt8] {
    let file = try open(path)
    defer { close(file) }
    var bytes: [UInt8] = []
    try read(file, path) { chunk in
      bytes += chunk
      return true
    }
    return bytes
  }

  /// A descriptor to close.
  ///
  /// Throws: `Complaint`, as above.
  static func open(_ path: String) throws(Complaint) -> Int32 {
    let file = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard file < 0 else { return file }
    switch errno {
    case ENOENT, ENOTDIR: throw Complaint(.notFound, "There is no file \(path).")
    case EACCES, EPERM: throw Complaint(.notPermitted, "You may not read \(path).")
    case let why: throw Complaint(.failure, "\(path) cannot be opened: \(String(cString: strerror(why))).")
    }
  }

  /// To its end; `onChunk` answers false to end it.
  ///
  /// Throws: `Complaint` where it cannot be read.
  static func read(_ file: Int32, _ path: String, _ onChunk: ([UInt8]) -> Bool) throws(Complaint) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Foundation.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Complaint(.failure, "\(path) cannot be read to its end.") }
      guard count > 0, onChunk(Array(buffer[..<count])) else { return }
    }
  }
}
