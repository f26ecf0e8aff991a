// A new signing secret: 48 random bytes as `whsec_` and base64, in a file that only its owner reads. It never replaces
// a file and never shows the secret unless standard output was asked for.
import Foundation

public enum SecretFile {
  /// 48 bytes, which base64 writes without padding: some libraries refuse padding.
  public static func secret(using lots: inout some RandomNumberGenerator) -> String {
    let bytes = (0..<48).map { _ in UInt8.random(in: .min ... .max, using: &lots) }
    return "whsec_" + Data(bytes).base64EncodedString()
  }

  /// Creates the file with mode 0600 and writes the secret and a newline, on the disk when this returns.
  ///
  /// Throws: `Complaint` where the file exists, or cannot be written.
  public static func write(_ secret: String, to path: String) throws(Complaint) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw refused(errno, path) }
    defer { close(file) }
    let bytes = Array((secret + "\n").utf8)
    guard fchmod(file, 0o600) == 0, Foundation.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
      let why = errno
      unlink(path)
      throw refused(why, path)
    }
  }

  private static func refused(_ why: Int32, _ path: String) -> Complaint {
    switch why {
    case EEXIST:
      Complaint(.invalid, "\(path) exists and is left as it is. Choose another name; a secret in use is not replaced.")
    case ENOENT, ENOTDIR: Complaint(.notFound, "The folder of \(path) does not exist. Make it first.")
    case EACCES, EPERM, EROFS: Complaint(.notPermitted, "You may not write \(path).")
    default: Complaint(.failure, "\(path) could not be written: \(String(cString: strerror(why))).")
    }
  }
}
