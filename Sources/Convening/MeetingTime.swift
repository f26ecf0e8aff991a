// When a discussion meets: what those who convene ask for, and what became of it. An urgent discussion may have no time yet:
// then those who are asked answer as soon as they can, until its time is up.

/// What is asked for.
public enum MeetingWish: Hashable, Sendable {
  case at(Instant)
  /// The first time that suits all who are required: `Slots`.
  case earliest
  /// Without a time; for urgent discussions.
  case asSoonAsTheyAnswer
}

public enum MeetingTime: Hashable, Sendable {
  case at(Instant)
  /// `until`: by when the policy wants it held, or a day after it was convened.
  case asSoonAsTheyAnswer(until: Instant)

  /// nil: there is no time yet.
  public var instant: Instant? {
    switch self {
    case .at(let instant): instant
    case .asSoonAsTheyAnswer: nil
    }
  }

  /// Until when an answer helps: what ladders are fitted before, and pauses and messages end at.
  public var deadline: Instant {
    switch self {
    case .at(let instant): instant
    case .asSoonAsTheyAnswer(let until): until
    }
  }
}
