// A clock of the work as a value: which one, since when, until when.

/// DOMAIN.md 1.3. C8 is kept in the case system; C9 is the front door's.
public enum ClockID: String, CaseIterable, Hashable, Sendable {
  case c1 = "C1"
  case c2 = "C2"
  case c3 = "C3"
  case c4 = "C4"
  case c5 = "C5"
  case c6 = "C6"
  case c7 = "C7"
  case c10 = "C10"
  case c11 = "C11"
  /// What has to follow a decision without all.
  case followUp = "follow-up"

  /// Whether somebody has to tell when it starts or stops: that happens outside of convened.
  public var isTold: Bool {
    switch self {
    case .c1, .c6, .c7, .c10, .c11: true
    case .c2, .c3, .c4, .c5, .followUp: false
    }
  }

  /// Whether it runs says what was decided, or who did not agree: it is shown where outcomes are.
  public var tellsOfOutcome: Bool {
    switch self {
    case .c5, .c7, .c11: true
    case .c1, .c2, .c3, .c4, .c6, .c10, .followUp: false
    }
  }

  /// What it counts from, as a rule says it.
  public var start: String {
    switch self {
    case .c1, .c6: "the referral"
    case .c2: "the need being identified"
    case .c3, .c4: "the decision"
    case .c5: "the initiating discussion"
    case .c7: "the conference"
    case .c10: "the urgent discussion"
    case .c11: "the disagreement"
    case .followUp: "the decision without all"
    }
  }
}

/// One clock of one discussion.
public struct WorkClock: Hashable, Sendable {
  public let id: ClockID
  public let started: Instant
  public internal(set) var due: Instant
  /// The table of bank holidays does not reach as far: a holiday may be missing.
  public internal(set) var provisional: Bool
  /// Which limit of the policy's it is, from 1; above that for a disagreement alone, which rises from level to level.
  public let level: Int
  /// nil while it runs.
  public internal(set) var stopped: Instant?
  /// That of the conference, where a later discussion of the sequence goes on with it: it was neither met nor missed here.
  public internal(set) var goesOn = false
  /// Which one; nil in lines of older versions, which do not say so.
  public internal(set) var goesOnIn: DiscussionID?

  /// What was left when it stopped; less than nothing where it was missed. nil while it runs, here or in a later discussion.
  public var margin: Elapsed? { goesOn ? nil : stopped.map { due - $0 } }

  public var isMissed: Bool { margin.map { $0 < .zero } ?? false }

  public init(
    id: ClockID, started: Instant, due: Instant, provisional: Bool, level: Int, stopped: Instant? = nil
  ) {
    (self.id, self.started, self.due, self.provisional, self.level) = (id, started, due, provisional, level)
    self.stopped = stopped
  }

  /// As an entry of its own stopped it. That of a conference stops so where it goes on elsewhere, and nowhere else.
  public func stopped(at moment: Instant, goesOnIn later: DiscussionID?) -> WorkClock {
    var clock = self
    (clock.stopped, clock.goesOn, clock.goesOnIn) = (moment, id == .c5, later)
    return clock
  }

  /// The same, due at another instant.
  public func dueAnew(_ due: Instant, provisional: Bool) -> WorkClock {
    var clock = self
    (clock.due, clock.provisional) = (due, provisional)
    return clock
  }

  func startedAnew(_ started: Instant) -> WorkClock {
    var clock = WorkClock(
      id: id, started: started, due: due, provisional: provisional, level: level, stopped: stopped)
    (clock.goesOn, clock.goesOnIn) = (goesOn, goesOnIn)
    return clock
  }
}
