// Messages that belong to no discussion: a test message, a hand-over, a word about the front door. Each stands here from its
// first attempt until it is accepted or given up, and is tried again like any reminder; a test message is tried once. A fold
// of the streams of agencies; it judges nothing and computes no time.

public struct Letters: Hashable, Sendable {
  private var underWay: [ReminderID: Reminder] = [:]

  public init() {}

  public subscript(id: ReminderID) -> Reminder? { underWay[id] }

  public var isEmpty: Bool { underWay.isEmpty }

  /// In the order in which they were begun.
  public var inOrder: [Reminder] { underWay.values.sorted { $0.id < $1.id } }

  /// Entries of discussions change nothing.
  public mutating func take(_ entry: Entry) {
    guard case .agency = entry.stream else { return }
    switch entry.event {
    case .attemptBegan(let id, let attempt, let route, let opening):
      if let opening { underWay[id] = Reminder(id, by: route, opening, at: entry.at) }
      underWay[id]?.attempts = attempt
      underWay[id]?.state = .inFlight(since: entry.at)
    case .attemptEnded(let id, _, let answer, let next):
      underWay[id]?.take(answer, next: next, at: entry.at)
      forget(id)
    case .attemptLost(let id, _, let next):
      underWay[id]?.loseAttempt(next: next, at: entry.at)
      forget(id)
    case .reminderExpired(let id):
      underWay[id] = nil
    case .convened, .rescheduled, .acknowledged, .contributionRecorded, .contributionConfirmed, .declined, .held,
      .decided, .circulated, .closingMoved, .cancelled, .closed, .detailsSent, .telephoned, .barrierProposed,
      .barrierNamed, .absenceSettled, .receiptRecorded, .conferenceHeld, .followUpDone, .clockStarted, .clockMoved,
      .clockStopped,
      .ladderPlanned, .policyPinned, .placeSkipped, .rungsPassed, .resendRequested, .routeStopped, .routeEnabled,
      .policyAdopted, .calendarAdopted, .handedOver, .acknowledgementLapsed, .rotaSet, .snapshotTaken, .coverSet,
      .started, .stopping,
      .paused, .resumed, .clockStepped, .breakAccepted, .erased, .contactReceived, .contactAmended, .contactOutcome,
      .contactReviewed, .reviewMoved, .feedHeard, .corrected:
      break
    }
  }

  /// What is settled is history: the journal tells it.
  private mutating func forget(_ id: ReminderID) {
    if underWay[id]?.isSettled ?? false { underWay[id] = nil }
  }
}

extension Reminder {
  /// Whether it is tried again where it was not accepted.
  public var isRetried: Bool { message != .ping }
}
