// One process at a time. SQLite before 3.51.3 can corrupt a write-ahead log when two connections write or checkpoint at
// the same moment, so a second daemon is refused before it opens the file. The kernel drops the lock with the process:
// nothing stale is ever left, and the lock's file is never deleted.
import Glibc

/// Opens a file beside a journal to be written, and makes it where there is none; below zero where it cannot be. What root makes
/// there is the journal's owner's: the daemon could not open it otherwise. Never through a link, and nothing that was there before
/// is given away: that folder is the daemon's user's, who could name any file so.
func openBeside(_ journal: String, _ path: String) -> Int32 {
  let made = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
  guard made >= 0 else { return errno == EEXIST ? open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC) : made }
  var owner = stat()
  if geteuid() == 0, lstat(journal, &owner) == 0, owner.st_uid != 0 { _ = fchown(made, owner.st_uid, owner.st_gid) }
  return made
}

final class JournalLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// For the one that writes.
  /// Throws: `JournalFault.inUse` while anybody holds it.
  static func exclusive(beside path: String) throws(JournalFault) -> JournalLock {
    let descriptor = openBeside(path, path + ".lock")
    guard descriptor >= 0 else { throw .system("the journal's lock cannot be made") }
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
