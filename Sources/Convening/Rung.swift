// A step of one agency's ladder as it is planned: what it says, whom it asks and when; and why it was planned, passed over or
// skipped.

/// Which kind of message a reminder is; the webhook's `type` says the same.
public enum Message: String, CaseIterable, Hashable, Sendable {
  case invitation, reminder, rescheduled, cancelled, ping
  /// To a coordinator: what is still open, whom to ring.
  case attention
  /// To an agency that was absent: it is decided, and what the agency knows still matters.
  case concluded
  /// To the agency's lead and the convener: somebody there has declined for it.
  case answered
  /// To who holds a place from now on: what is open there. Belongs to no discussion.
  case handover
  /// To a team: contacts at the front door without an outcome. Belongs to no discussion.
  case reviewDue = "review_due"
}

/// Why a place got no message at a step.
public enum SkipReason: String, CaseIterable, Hashable, Sendable {
  /// Nobody holds the place at this hour.
  case noHolder = "no_holder"
  /// Its route has stopped (410).
  case stopped
  /// Its holder was asked for this agency under another place.
  case alreadyAsked = "already_asked"
  /// A word to the convener of an agency that has it in hand.
  case acknowledged
  /// A step to whoever has acknowledged, and nobody has.
  case notAcknowledged = "not_acknowledged"
}

/// Why rungs went by without a message.
public enum PassReason: String, CaseIterable, Hashable, Sendable {
  /// A newer rung of the same agency was due as well: one message, the newest.
  case newer
  /// What they were for was over.
  case tooLate = "too_late"
}

/// One planned step of one agency's ladder, with its instant.
public struct Rung: Hashable, Sendable {
  public let step: StepName
  public let message: Message
  /// Stays silent once somebody has answered (a contribution silences every rung).
  public let ifUnanswered: Bool
  public internal(set) var places: Places
  public var due: Instant
  public let stopAfter: Instant
  /// When its ladder has it due, where the hours of those places have moved it; nil: at `due`.
  @Compact public internal(set) var planned: Instant?

  public init(
    step: StepName, message: Message, ifUnanswered: Bool, due: Instant, places: [Place], stopAfter: Instant,
    planned: Instant? = nil
  ) {
    (self.step, self.message, self.ifUnanswered, self.due) = (step, message, ifUnanswered, due)
    (self.places, self.stopAfter) = (Places(places), stopAfter)
    self.planned = planned
  }
}

/// Why the rungs of an agency were planned, or planned anew.
public enum PlanReason: String, CaseIterable, Hashable, Sendable {
  case convened, rescheduled, acknowledged, cancelled, decided, declined
  /// Who had acknowledged holds the place no more: as if nobody had.
  case lapsed
  /// Several steps fell due while nothing could be sent: the newest asks those too whom nobody would have asked.
  case late
  /// The place below has not taken its message in for too long.
  case undelivered
  case policyAdopted = "policy_adopted"
  /// The place below could not be reached: nobody holds it, or its route has stopped (410).
  case raised
  /// Steps were moved into the hours of whoever they ask, or back.
  case outsideHours = "outside_hours"
  /// All steps are climbed, and nobody has contributed: the coordinator's word of the day.
  case daily
  /// What was recorded for the agency, and ended its ladder, was not so.
  case corrected
  /// One more unit of it was asked, after all before had contributed.
  case unitAsked = "unit_asked"
}
