// What the command line ends with when it cannot do what was asked: an exit status that scripts may rely on, and
// sentences that say what is the matter and what to do. It never repeats a request's text or a secret.

/// The exit statuses of convenectl (sysexits.h where it has a meaning). `check` has its own, `CheckLine.Level`.
public enum Exit: Int32, CaseIterable, Hashable, Sendable {
  case done = 0
  case failure = 1
  /// `status` alone: the daemon does not run.
  case notRunning = 3
  case usage = 64
  /// The daemon refused it as invalid, or as not possible any more.
  case invalid = 65
  case notFound = 66
  /// The daemon is out of reach.
  case outOfReach = 69
  case tryLater = 75
  case notPermitted = 77
}

public struct Complaint: Error, Hashable, Sendable {
  public let status: Exit
  /// One a line, for standard error.
  public let sentences: [String]
  /// Nobody listens at its socket.
  public let doesNotRun: Bool

  public init(_ status: Exit, doesNotRun: Bool = false, _ sentences: String...) {
    self.init(status, sentences: sentences, doesNotRun: doesNotRun)
  }

  public init(_ status: Exit, sentences: [String], doesNotRun: Bool = false) {
    (self.status, self.sentences, self.doesNotRun) = (status, sentences, doesNotRun)
  }
}
