// What happened, in the past tense: the only durable truth. Each case is a line shape of the journal and stays readable
// for ever. Planned instants, waits and deadlines stand in the events, so that a replay computes no time.

/// How an attempt to deliver ended, by CONTRACT.md 1.
public enum Verdict: String, CaseIterable, Hashable, Sendable {
  /// 2xx.
  case accepted
  /// Worth trying again soon: 408, 425, 429, other 1xx and 5xx, timeout, reset, DNS.
  case retry
  /// Wrong until somebody mends it: 3xx, other 4xx, TLS, a blocked address.
  case misconfigured
  /// 410: this route wants no more.
  case gone
}

/// What came back from an attempt, as far as it is kept.
public struct Answer: Hashable, Sendable {
  public let verdict: Verdict
  /// The HTTP status; nil where none came.
  public let status: Int?
  /// A short word where no status came: `timeout`, `refused`, `reset`, `dns`, `tls`, `blocked` (an address that the route does
  /// not allow), `url`, `protocol`, `unknown-route`, `failed`.
  public let fault: String?
  /// The whole attempt, in milliseconds.
  public let tookMilliseconds: Int64
  /// `Retry-After` as the receiver meant it, as a moment.
  public let retryAfter: Instant?
  /// Of the address that answered, `ip:port`.
  public let peer: String?
  /// SHA-256 of the first 4 KB of the response, in hexadecimal; nil for an empty one.
  public let responseDigest: String?
  /// The response's `x-request-id`, at most 128 characters.
  public let requestID: String?
  /// The response's `date`, as a moment.
  public let date: Instant?

  public init(
    verdict: Verdict, status: Int?, fault: String? = nil, tookMilliseconds: Int64, retryAfter: Instant? = nil,
    peer: String? = nil, responseDigest: String? = nil, requestID: String? = nil, date: Instant? = nil
  ) {
    (self.verdict, self.status, self.fault, self.tookMilliseconds) = (verdict, status, fault, tookMilliseconds)
    (self.retryAfter, self.peer, self.responseDigest) = (retryAfter, peer, responseDigest)
    (self.requestID, self.date) = (requestID, date)
  }
}

/// A new reminder: what its first attempt's entry says beside the attempt itself.
public struct Opening: Hashable, Sendable {
  public let agency: AgencyID
  /// The team that is told, where the message is about no agency.
  public let team: TeamID?
  public let place: Place
  public let step: StepName
  public let message: Message
  /// The how many-th message to this agency in this discussion, from 1.
  public let sequence: Int
  public let due: Instant
  public let stopAfter: Instant
  /// Kept before `stopAfter` for the last attempt.
  public let margin: Elapsed
  /// Earlier reminders to this place that are not tried again; at most 16.
  public let supersedes: [ReminderID]
  public let escalates: ReminderID?
  /// From when the next place is asked where this one has not taken it in; nil: never because of that.
  public let undeliveredFrom: Instant?
  /// The exact bytes, sent on every attempt.
  public let body: String

  public init(
    agency: AgencyID, team: TeamID? = nil, place: Place, step: StepName, message: Message, sequence: Int, due: Instant,
    stopAfter: Instant, margin: Elapsed, supersedes: [ReminderID], escalates: ReminderID?,
    undeliveredFrom: Instant? = nil, body: String
  ) {
    (self.agency, self.team, self.place, self.step, self.message) = (agency, team, place, step, message)
    (self.sequence, self.due, self.stopAfter, self.margin) = (sequence, due, stopAfter, margin)
    (self.supersedes, self.escalates, self.body) = (supersedes, escalates, body)
    self.undeliveredFrom = undeliveredFrom
  }
}

/// Who asked: the peer of the control socket, by SO_PEERCRED.
public struct Actor: Hashable, Sendable {
  public let uid: UInt32
  public let pid: Int32

  public init(uid: UInt32, pid: Int32) { (self.uid, self.pid) = (uid, pid) }
}

/// 128 bits of a SHA-256, computed where bytes are at home (`Wire`); the rules only compare.
public struct Fingerprint: Hashable, Sendable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

/// An `Idempotency-Key` with its scope, and the body that it came with.
public struct IdempotencyMark: Hashable, Sendable {
  public let key: Fingerprint
  public let body: Fingerprint

  public init(key: Fingerprint, body: Fingerprint) { (self.key, self.body) = (key, body) }
}

/// Something that somebody recorded is put right: it is struck, and stays where it stands. All that follows from it is written
/// here, so that a replay knows it without the entries.
public struct Correction: Hashable, Sendable {
  /// The entry that is struck.
  public let revision: Int
  /// What kind of entry it is.
  public let corrects: Correctable
  /// Whom that entry is about, where it is about one agency.
  public let agency: AgencyID?
  /// Which clock it is about.
  public let clock: ClockID?
  public let reason: String
  /// What it should have said; nil: it counts for nothing.
  public let replacement: Event?
  public let standing: Standing

  public init(
    revision: Int, corrects: Correctable, agency: AgencyID? = nil, clock: ClockID? = nil, reason: String,
    replacement: Event?, standing: Standing
  ) {
    (self.revision, self.corrects, self.agency, self.clock) = (revision, corrects, agency, clock)
    (self.reason, self.replacement, self.standing) = (reason, replacement, standing)
  }

  /// That it happened says what was decided, or who did not agree.
  public var tellsOfOutcome: Bool {
    switch corrects {
    case .conferenceHeld: true
    case .clockStarted, .clockStopped: clock?.tellsOfOutcome ?? false
    case .acknowledged, .contributionRecorded, .declined, .held, .decided, .circulated, .detailsSent, .telephoned,
      .barrierNamed, .receiptRecorded, .followUpDone:
      false
    }
  }
}

public enum Event: Hashable, Sendable {
  // A discussion's life
  /// `convener` held the place for the team then; nil where nobody did, in late entries, and in lines of older versions.
  case convened(
    Convene, MeetingTime, agencies: [AgencyID], policy: PolicyRef, firstBody: Fingerprint, convener: RouteName? = nil)
  case rescheduled(meetingAt: Instant, reason: String)
  /// Lines of older versions do not say who held the place: such an acknowledgement lapses at no hand-over.
  case acknowledged(AgencyID, byRole: String, via: Via, occurred: Instant, by: Acknowledger?, unit: UnitID? = nil)
  case contributionRecorded(
    AgencyID, ContributionKind, byRole: String, via: Via, occurred: Instant, unit: UnitID? = nil)
  /// All that the agency had reported of itself by link counts from now on as what it did then.
  case contributionConfirmed(AgencyID, byRole: String?)
  /// Of a unit, it is the agency's where nobody is left who may still contribute (`Position.settleUnits`).
  case declined(AgencyID, BarrierCode, byRole: String, occurred: Instant, unit: UnitID? = nil)
  case held(occurred: Instant, form: Form)
  /// `decision.decidedAt` is set.
  case decided(Decision, missing: [AgencyID])
  case circulated(to: [AgencyID], occurred: Instant, closes: Instant)
  /// Other bank holidays were adopted: it closes by itself at another time.
  case closingMoved(to: Instant)
  case cancelled(reason: String)
  case closed(byPolicy: Bool)

  // Beside the ladder, and after the decision
  /// `route` is who held the place then. `needed`: the agency has not contributed without that unit.
  case detailsSent(
    AgencyID, Place, route: RouteName?, occurred: Instant, unit: UnitID? = nil, needed: Bool = false)
  case telephoned(AgencyID, number: String, CallResult, byRole: String, occurred: Instant)
  /// By the rules, with the decision.
  case barrierProposed(AgencyID, BarrierCode, answerUntil: Instant)
  /// `agreed` where the agency speaks; `answerUntil` where the chair does, or nobody had spoken before.
  case barrierNamed(AgencyID, BarrierCode, by: Party, agreed: Bool?, answerUntil: Instant?)
  /// Who was missing at the decision, by what was recorded since: a contribution that was made before it.
  case absenceSettled(missing: [AgencyID])
  case receiptRecorded(AgencyID, occurred: Instant)
  case conferenceHeld(occurred: Instant)
  case followUpDone(byRole: String, occurred: Instant)
  case clockStarted(ClockID, occurred: Instant, due: Instant, provisional: Bool, level: Int)
  /// Another table of bank holidays, or another edition of the policy.
  case clockMoved(ClockID, due: Instant, provisional: Bool)
  case clockStopped(ClockID, occurred: Instant, goesOnIn: DiscussionID? = nil)
  indirect case corrected(Correction)

  // Who holds a place
  /// Whoever was asked at the place, or has taken it over since, holds it no more. `until`: when that changes again, where
  /// it is known. The convener's place, of the discussion's team, is one of `coordination`.
  case handedOver(AgencyID, Place, from: RouteName?, to: RouteName?, until: Instant?)
  /// They hold the place no more, and did not say that they keep it in hand.
  case acknowledgementLapsed(AgencyID, Place, route: RouteName)

  // Its reminders
  case ladderPlanned(AgencyID, PlanReason, [Rung])
  case policyPinned(PolicyRef)
  case placeSkipped(AgencyID, Place, step: StepName, SkipReason, route: RouteName?)
  case rungsPassed(AgencyID, [StepName], PassReason)
  case attemptBegan(ReminderID, attempt: Int, route: RouteName, opening: Opening?)
  /// `next` is the retry's instant; nil where there is none.
  case attemptEnded(ReminderID, attempt: Int, Answer, next: Instant?)
  /// Replay or a minute's silence found an attempt without an end: it may have arrived.
  case attemptLost(ReminderID, attempt: Int, next: Instant?)
  /// Time ran out while it waited.
  case reminderExpired(ReminderID)
  /// Somebody wants it sent once more; with the bytes of its first attempt.
  case resendRequested(ReminderID, next: Instant, body: String)

  // An agency's routes
  /// 410, or switched off: nothing more goes there until `routeEnabled`.
  case routeStopped(RouteName)
  case routeEnabled(RouteName)
  /// From then on this is its rota, whole.
  case rotaSet([RotaEntry])
  /// From then on somebody stands in.
  case coverSet(Cover)

  // The front door
  case contactReceived(ContactFacts, ReviewDue)
  /// Told again with other facts.
  case contactAmended(ContactFacts, ReviewDue)
  case contactOutcome(ContactOutcome, byRole: String, discussion: DiscussionID?, occurred: Instant)
  case contactReviewed(byRole: String, occurred: Instant)
  /// Another table of bank holidays, or another limit in the settings.
  case reviewMoved(ReviewDue)
  /// What tells of contacts told of none that was new: it is there, and nothing else would show it.
  case feedHeard

  // The report
  /// `document` is what it said, byte for byte; `digest` its SHA-256, in hexadecimal.
  case snapshotTaken(from: Instant, to: Instant, reason: String?, digest: String, document: String)

  // What is in force
  case policyAdopted(Policy, PolicyRef)
  case calendarAdopted(zone: String, holidays: BankHolidays, working: OpenHours?)

  // The daemon itself
  case started(version: String)
  /// Nothing new is begun; what is under way may still end.
  case stopping
  /// Reminders of standard discussions are held back until then.
  case paused(until: Instant, reason: String)
  /// By somebody, or by itself.
  case resumed(byItself: Bool)
  /// The wall clock moved by so much against the monotonic one: it was set, or the machine slept. Steps for those who have
  /// not answered wait until `escalationsFrom`, where there is one.
  case clockStepped(by: Elapsed, escalationsFrom: Instant?)
  /// The journal broke at an entry; somebody judged it and gave a reason.
  case breakAccepted(AcceptedBreak)
  /// Line and salt of these entries of one stream were erased.
  case erased(stream: String, seqs: [Int])
}

extension Event {
  /// The agency for which somebody spoke, and when: it acknowledged, contributed or declined. nil for everything else.
  public var answer: (agency: AgencyID, occurred: Instant)? {
    switch self {
    case .acknowledged(let agency, _, _, let occurred, _, _),
      .contributionRecorded(let agency, _, _, _, let occurred, _),
      .declined(let agency, _, _, let occurred, _):
      (agency, occurred)
    case .convened, .rescheduled, .contributionConfirmed, .held, .decided, .circulated, .closingMoved, .cancelled,
      .closed, .detailsSent, .telephoned, .barrierProposed, .barrierNamed, .absenceSettled, .receiptRecorded,
      .conferenceHeld, .followUpDone, .clockStarted, .clockMoved, .clockStopped, .handedOver, .acknowledgementLapsed,
      .rotaSet,
      .coverSet, .ladderPlanned, .policyPinned, .placeSkipped, .rungsPassed, .attemptBegan, .attemptEnded, .attemptLost,
      .reminderExpired, .resendRequested, .routeStopped, .routeEnabled, .policyAdopted, .calendarAdopted, .started,
      .stopping, .paused, .resumed, .clockStepped, .breakAccepted, .erased, .contactReceived, .contactAmended,
      .contactOutcome, .contactReviewed, .reviewMoved, .feedHeard, .snapshotTaken, .corrected:
      nil
    }
  }
}

/// A line's place: each stream has its own revisions from 1.
public enum Stream: Hashable, Sendable {
  case discussion(DiscussionID)
  case agency(AgencyID)
  case policy, calendar, daemon
  /// `audit/…`: named now, so that the shape need not bend.
  case audit(String)
  case frontDoor(ContactID)
  /// One kept report: its versions are its revisions.
  case report(SnapshotName)
}

extension Stream: CustomStringConvertible {
  /// What a discussion's stream begins with.
  public static let discussions = "discussion/"

  public var description: String {
    switch self {
    case .discussion(let id): Stream.discussions + id.description
    case .agency(let id): "agency/\(id)"
    case .policy: "policy"
    case .calendar: "calendar"
    case .daemon: "daemon"
    case .audit(let name): "audit/\(name)"
    case .frontDoor(let id): "front-door/\(id)"
    case .report(let name): "report/\(name)"
    }
  }

  public init?(_ text: some StringProtocol) {
    // A million times at a start: no list of parts is made.
    let kinds = text.utf8
    guard let slash = kinds.firstIndex(of: UInt8(ascii: "/")) else {
      switch text {
      case "policy": self = .policy
      case "calendar": self = .calendar
      case "daemon": self = .daemon
      default: return nil
      }
      return
    }
    let name = text[kinds.index(after: slash)...]
    switch text[..<slash] {
    case "discussion": if let id = DiscussionID(name) { self = .discussion(id) } else { return nil }
    case "agency": if let id = AgencyID(name) { self = .agency(id) } else { return nil }
    case "report": if let name = SnapshotName(name) { self = .report(name) } else { return nil }
    case "audit": self = .audit(String(name))
    case "front-door": if let id = ContactID(name) { self = .frontDoor(id) } else { return nil }
    default: return nil
    }
  }
}

/// An event with its circumstances: what a journal line says.
public struct Entry: Hashable, Sendable {
  public let stream: Stream
  /// 1... within the stream.
  public let revision: Int
  /// When it was recorded.
  public let at: Instant
  /// nil: the daemon itself.
  public let actor: Actor?
  public let mark: IdempotencyMark?
  public let event: Event

  public init(stream: Stream, revision: Int, at: Instant, actor: Actor?, mark: IdempotencyMark?, event: Event) {
    (self.stream, self.revision, self.at) = (stream, revision, at)
    (self.actor, self.mark, self.event) = (actor, mark, event)
  }
}
