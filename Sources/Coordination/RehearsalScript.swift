// What a rehearsal takes from a journal: of the discussions that were convened in a stretch of time their lines, and of all
// else what people and settings changed for everybody. Lines of other discussions are passed by unread, so that a quarter of a
// long journal costs little more than a short one.
import Convening
import Wire

public struct RehearsalScript: Sendable {
  /// One discussion's lines, as they came.
  struct Part: Sendable {
    let id: DiscussionID
    let convenedAt: Instant
    /// How many of `changes` came before it.
    let changesBefore: Int
    var lines: [SealedLine]
  }

  /// What holds for all discussions from then on.
  enum Change: Sendable {
    case request(Request.Change)
    case policies([Policy])
  }

  private let from: Instant
  private let to: Instant
  private(set) var parts: [Part] = []
  private(set) var changes: [(at: Instant, what: Change)] = []
  /// When the last line was written that was read: nothing is rehearsed beyond it.
  private(set) var end = Instant(milliseconds: 0)
  private var places: [String: Int] = [:]
  private var policies = Policies()

  /// Discussions convened in `from ..< to`.
  public init(from: Instant, to: Instant) { (self.from, self.to) = (from, to) }

  /// So many were convened in that time.
  public var count: Int { parts.count }

  /// The next lines, in their order.
  ///
  /// Throws: `LineFault` for a line that this version cannot read.
  public mutating func take(_ lines: [SealedLine]) throws(LineFault) {
    for line in lines {
      guard line.stream.hasPrefix(Stream.discussions) else {
        if !line.stream.hasPrefix("front-door/") { try note(line) }
        continue
      }
      if let place = places[line.stream] {
        parts[place].lines.append(line)
      } else if line.revision == 1, case .entry(let entry) = try line.reading() {
        end = max(end, entry.at)
        guard case .discussion(let id) = entry.stream, from <= entry.at, entry.at < to else { continue }
        places[line.stream] = parts.count
        parts.append(Part(id: id, convenedAt: entry.at, changesBefore: changes.count, lines: [line]))
      }
    }
    if let last = lines.last, case .entry(let entry) = try last.reading() { end = max(end, entry.at) }
  }

  private mutating func note(_ line: SealedLine) throws(LineFault) {
    guard case .entry(let entry) = try line.reading() else { return }
    func change(_ request: Request.Change) { changes.append((entry.at, .request(request))) }
    let agency: AgencyID? = if case .agency(let id) = entry.stream, id != .coordination { id } else { nil }
    switch entry.event {
    case .rotaSet(let entries): change(.setRota(agency, entries))
    case .coverSet(let cover): change(.cover(agency, cover))
    case .paused(let until, let reason): change(.pause(until: until, reason: reason))
    case .resumed(byItself: false): change(.resume)
    case .policyAdopted(let policy, let ref):
      policies.adopt(policy, as: ref)
      let latest = Set(policies.editions.keys.map(\.id)).compactMap { policies.latest($0).flatMap { policies[$0] } }
      changes.append((entry.at, .policies(latest.sorted { $0.from < $1.from })))
    default: break
    }
  }
}

extension Event {
  /// What somebody did, as the command that says it again; nil for what follows from others by the rules, for what sends
  /// nothing and silences nothing, and for a correction: where it moved a ladder its discussion is left out.
  var asked: Command? {
    switch self {
    case .rescheduled(let meetingAt, let reason): .reschedule(meetingAt: meetingAt, reason: reason)
    case .acknowledged(let agency, let byRole, let via, let occurred, let by, let unit):
      .acknowledge(agency, byRole: byRole, via: via, stays: by?.stays ?? false, unit: unit, at: occurred)
    case .contributionRecorded(let agency, let kind, let byRole, let via, let occurred, let unit):
      .contribute(agency, kind, byRole: byRole, via: via, unit: unit, at: occurred)
    case .contributionConfirmed(let agency, let byRole): .confirm(agency, byRole: byRole)
    case .declined(let agency, let code, let byRole, let occurred, let unit):
      .decline(agency, code, byRole: byRole, unit: unit, at: occurred)
    case .held(let occurred, let form): .hold(heldAt: occurred, form: form, decision: nil)
    case .decided(let decision, _): .decide(decision.asTaken)
    case .cancelled(let reason): .cancel(reason: reason)
    case .closed(byPolicy: false): .close
    case .detailsSent(let agency, let place, _, let occurred, let unit, _):
      .sendDetails(agency, place, unit: unit, at: occurred)
    case .convened, .circulated, .closingMoved, .closed, .telephoned, .barrierProposed, .barrierNamed, .absenceSettled,
      .receiptRecorded,
      .conferenceHeld, .followUpDone, .corrected, .clockStarted, .clockMoved, .clockStopped, .handedOver,
      .acknowledgementLapsed,
      .ladderPlanned, .policyPinned, .placeSkipped, .rungsPassed, .attemptBegan, .attemptEnded, .attemptLost,
      .reminderExpired, .resendRequested, .routeStopped, .routeEnabled, .rotaSet, .coverSet, .contactReceived,
      .contactAmended, .contactOutcome, .contactReviewed, .reviewMoved, .feedHeard, .snapshotTaken,
      .policyAdopted, .calendarAdopted, .started, .stopping, .paused, .resumed, .clockStepped, .breakAccepted, .erased:
      nil
    }
  }
}

extension Decision {
  /// Where the other policy asks for a reason that this one did not, it is given: the decision was taken.
  fileprivate var asTaken: Decision {
    var decision = self
    decision.conference = nil
    decision.reason = reason ?? "rehearsed"
    return decision
  }
}
