// What the daemon knows of itself at this moment: a value that is published after each turn, so that a status request
// never waits for the loop and never delays it.
import Convening
import Wire

public struct Live: Hashable, Sendable {
  public enum State: String, CaseIterable, Sendable, Hashable {
    case starting, ready, degraded, paused, stopping
  }

  /// A discussion that needs a person now.
  public struct Attention: Hashable, Sendable {
    public enum Why: String, CaseIterable, Sendable, Hashable {
      case unanswered, undelivered, declined
      case noHolder = "no_holder"
      /// Whoever holds the place cannot be asked: its route wants no more messages (410).
      case stopped
      /// A required agency's contribution is of a kind that does not count.
      case notCounting = "not_counting"
      /// Held, or over with every answer, for a day, and no decision is recorded. It is no agency's: one of them stands for all.
      case undecided
      /// It says by link that it took part, and nobody has confirmed it.
      case toConfirm = "to_confirm"
    }

    public let discussion: DiscussionID
    public let urgency: Urgency
    public let meeting: MeetingTime
    public let agency: AgencyID
    public let why: Why
    public let since: Instant
    /// The next rung, if there is one; `Foresight` knows what else may come before it.
    public let next: (at: Instant, place: Place)?

    public init(
      discussion: DiscussionID, urgency: Urgency, meeting: MeetingTime, agency: AgencyID, why: Why, since: Instant,
      next: (at: Instant, place: Place)?
    ) {
      (self.discussion, self.urgency, self.meeting, self.agency) = (discussion, urgency, meeting, agency)
      (self.why, self.since, self.next) = (why, since, next)
    }

    public static func == (a: Self, b: Self) -> Bool {
      a.discussion == b.discussion && a.agency == b.agency && a.why == b.why && a.since == b.since
        && a.urgency == b.urgency && a.meeting == b.meeting && a.next?.at == b.next?.at
        && a.next?.place == b.next?.place
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(discussion)
      hasher.combine(agency)
    }
  }

  public enum Health: String, CaseIterable, Sendable, Hashable {
    /// Nothing was tried yet.
    case unknown
    case ok
    /// The last attempt failed.
    case failing
    /// Wrong until somebody mends it: two misconfigured answers in a row.
    case misconfigured
    /// 410: it wants no more.
    case stopped
  }

  public struct ReceiverClock: Hashable, Sendable {
    /// It less ours.
    public let ahead: Elapsed
    /// When that was.
    public let at: Instant

    public init(ahead: Elapsed, at: Instant) { (self.ahead, self.at) = (ahead, at) }
  }

  public struct Endpoint: Hashable, Sendable {
    public var health: Health = .unknown
    public var inFlight = 0
    public var lastAccepted: Instant?
    /// By the `Date` of its last answer; nil where it gave none.
    public var clock: ReceiverClock?

    public init() {}
  }

  /// One agency over all open discussions.
  public struct AgencyPulse: Hashable, Sendable {
    /// The last acknowledgement, contribution or decline.
    public var lastAnswered: Instant?
    /// Open discussions in which it was asked and has not contributed or declined.
    public var awaiting = 0

    public init() {}
  }

  public var state: State = .starting
  public var since: Instant
  /// Why it is degraded; nil where it is not.
  public var trouble: String?
  /// Space is set aside on the journal's disk, so that outcomes still fit once it is full.
  public var hasReserve = true
  /// Until when reminders of standard discussions are held back; nil where they are not.
  public var pause: Pause?
  public var openDiscussions = 0
  /// Steps, whoever they would ask; `Foresight` looks at whom.
  public var remindersScheduled = 0
  public var inFlight = 0
  /// Waiting for a retry, or given up, in open discussions.
  public var undelivered = 0
  /// When the next message falls due: a step of a ladder, or a retry.
  public var nextDue: Instant?
  /// The oldest due thing that has found no slot yet.
  public var oldestDue: Instant?
  /// When a front-door contact or an outcome was recorded last.
  public var frontDoorHeard: Instant?
  /// Who needs a person, in no order: that is for those who read it, and not for the loop.
  public var needs: [Attention] = []
  /// When that list was last what it should be.
  public var attentionAt = Instant(milliseconds: 0)
  /// Which of the docket's it is; 0 where it is none yet.
  var attentionEdition = 0
  public var endpoints: [RouteName: Endpoint] = [:]
  public var agencies: [AgencyID: AgencyPulse] = [:]
  public var arrangements: Arrangements?
  public var policies = Policies()
  /// The reports that are kept.
  public var snapshots = Snapshots()
  public var seq = 0
  public var head = Hash256.zero
  /// The wall clock's last step against the monotonic one; `zero` where there was none.
  public var lastClockStep: Elapsed = .zero
  public var counters = Counters()

  public init(since: Instant) { self.since = since }

  /// Who needs a person, by meeting; where there is none yet, by when its time is up.
  public var attention: [Attention] {
    needs.sorted {
      ($0.meeting.deadline, $0.discussion, $0.agency) < ($1.meeting.deadline, $1.discussion, $1.agency)
    }
  }
}

/// What has happened since the start, for `/metrics`.
public struct Counters: Hashable, Sendable {
  public struct Pair: Hashable, Sendable {
    public let a: String
    public let b: String

    public init(_ a: String, _ b: String) { (self.a, self.b) = (a, b) }
  }

  /// By `quorate` "true" or "false".
  public var decided: [Bool: Int] = [:]
  /// By agency and kind.
  public var contributions: [Pair: Int] = [:]
  /// By agency and step: reminders begun.
  public var remindersSent: [Pair: Int] = [:]
  /// By agency and outcome (a verdict, or `lost`).
  public var attempts: [Pair: Int] = [:]
  public var acknowledgements: [AgencyID: Int] = [:]
  /// By agency and reason.
  public var escalations: [Pair: Int] = [:]
  public var uncertain = 0
  /// By `forward` and `backward`.
  public var clockSteps: [String: Int] = [:]
  public var lateness = Histogram(bounds: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 300, 3600])
  public var commit = Histogram(bounds: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5])
  public var webhookDuration: [AgencyID: Histogram] = [:]

  public init() {}
}

/// A cumulative histogram, in seconds, as Prometheus counts.
public struct Histogram: Hashable, Sendable {
  public let bounds: [Double]
  /// One more than there are bounds; not cumulative.
  public private(set) var counts: [Int]
  public private(set) var sum = 0.0

  public init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  public static let durations = Histogram(bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15])

  /// - Parameter seconds: 0...; the bounds are seconds too.
  public mutating func observe(_ seconds: Double) {
    counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
    sum += seconds
  }
}
