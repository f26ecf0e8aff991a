// One process at a time. SQLite before 3.51.3 can corrupt a write-ahead log when two connections write or checkpoint at
// the same moment, so a second daemon is refused before it opens the file. The kernel drops the lock with the process:
// nothing stale is ever left, and the lock's file is never deleted.
import Glibc

/// What root makes beside a journal is its owner's: the daemon could not open it otherwise. Nothing where nobody but root could, or
/// there is no journal yet.
func giveToOwner(of path: String, _ descriptor: Int32) {
  var status = stat()
  guard geteuid() == 0, stat(path, &status) == 0, status.st_uid != 0 else { return }
  _ = fchown(descriptor, status.st_uid, status.st_gid)
}

final class JournalLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// For the one that writes.
  /// Throws: `JournalFault.inUse` while anybody holds it.
  static func exclusive(beside path: String) throws(JournalFault) -> JournalLock {
    let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system("the journal's lock cannot be made") }
    giveToOwner(of: path, descriptor)
    return try JournalLock(descriptor: descriptor).take(LOCK_EX)
  }

  /// For those that read while no daemon runs. It makes no file, which would then belong to the wrong user; nil where
  /// no daemon ever was.
  /// Throws: `JournalFault.inUse` while a daemon runs.
  static func shared(beside path: String) throws(JournalFault) -> JournalLock? {
    let descriptor = open(path + ".lock", O_RDONLY | O_CLOEXEC)
    if descriptor < 0 && errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw .system("the journal's lock cannot be opened") }
    return try JournalLock(descriptor: descriptor).take(LOCK_SH)
  }

  deinit {
    // A child that was forked and has not yet called exec holds the same lock: closing alone would leave it held.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private func take(_ kind: Int32) throws(JournalFault) -> JournalLock {
    guard flock(descriptor, kind | LOCK_NB) == 0 else {
      throw errno == EWOULDBLOCK ? .inUse : .system("the journal cannot be locked")
    }
    return self
  }
}
