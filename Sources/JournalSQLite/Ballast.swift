// Space that is set aside while there is some, and given back once when the disk is full, so that the outcomes of what
// is under way can still be recorded. Really allocated: a sparse file would hold nothing back.
import Glibc

struct Ballast {
  static let bytes = 16 << 20
  /// What many turns need.
  private static let room = 256 << 10

  let path: String
  private let journal: String

  init(beside path: String) { (self.path, journal) = (path + ".ballast", path) }

  /// Makes it where it is missing and there is room. A disk that is too full for it is no fault.
  /// Throws: `JournalFault` where the file cannot be made for another reason.
  func ensure() throws(JournalFault) {
    let descriptor = openBeside(journal, path)
    guard descriptor >= 0 else {
      if errno == ENOSPC || errno == EDQUOT { return }
      throw .system("the journal's ballast cannot be made")
    }
    defer { close(descriptor) }
    switch posix_fallocate(descriptor, 0, Ballast.bytes) {
    case 0: return
    case ENOSPC, EDQUOT, EFBIG: unlink(path)
    case let code: throw .system("the journal's ballast cannot be made", code)
    }
  }

  /// Whether it is there again.
  func restore() -> Bool {
    do { try ensure() } catch { return false }
    return access(path, F_OK) == 0
  }

  /// Whether there is as much room as many turns need; what tried it is gone afterwards.
  func hasRoom() -> Bool {
    let probe = path + ".probe"
    let descriptor = openBeside(journal, probe)
    guard descriptor >= 0 else { return false }
    defer {
      close(descriptor)
      unlink(probe)
    }
    return posix_fallocate(descriptor, 0, Ballast.room) == 0
  }

  /// True if there was any.
  func release() -> Bool { unlink(path) == 0 }
}
