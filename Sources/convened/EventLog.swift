// Each durable entry as a log line: what happened, to which discussion, by whom. Deliveries that went well are told at debug
// level alone; a storm of reminders must not become a storm of lines.
import Convening
import Logging
import Wire

struct EventLog: Sendable {
  let logger: Logger

  /// `about` names agencies that entries do not name themselves; `last` is the number of the last entry.
  func tell(_ entries: [Entry], _ about: [Int: AgencyID], last: Int) {
    for (index, entry) in entries.enumerated() {
      let level = entry.event.level
      guard level >= logger.logLevel else { continue }
      var fields = fields(entry, seq: last - entries.count + index + 1)
      if let agency = about[index] { fields["CONVENED_AGENCY"] = "\(agency)" }
      logger.log(level: level, "\(entry.event.name)", metadata: fields)
    }
  }

  private func fields(_ entry: Entry, seq: Int) -> Logger.Metadata {
    let name = entry.event.name
    var fields: Logger.Metadata = ["CONVENED_JOURNAL_SEQ": "\(seq)", "MESSAGE_ID": "\(Self.messageID(name))"]
    switch entry.stream {
    case .discussion(let id): fields["CONVENED_DISCUSSION"] = "\(id)"
    case .agency(let id): fields["CONVENED_AGENCY"] = "\(id)"
    case .policy, .calendar, .daemon, .audit, .frontDoor, .report: break
    }
    if let actor = entry.actor { fields["CONVENED_ACTOR_UID"] = "\(actor.uid)" }
    switch entry.event {
    case .acknowledged(let agency, _, _, _, _, _), .contributionRecorded(let agency, _, _, _, _, _),
      .contributionConfirmed(let agency, _), .declined(let agency, _, _, _, _),
      .placeSkipped(let agency, _, _, _, _), .rungsPassed(let agency, _, _), .ladderPlanned(let agency, _, _),
      .detailsSent(let agency, _, _, _, _, _), .telephoned(let agency, _, _, _, _), .barrierProposed(let agency, _, _),
      .barrierNamed(let agency, _, _, _, _), .receiptRecorded(let agency, _), .handedOver(let agency, _, _, _, _),
      .acknowledgementLapsed(let agency, _, _):
      fields["CONVENED_AGENCY"] = "\(agency)"
    case .corrected(let correction): fields["CONVENED_AGENCY"] = correction.agency.map { "\($0)" }
    case .attemptBegan(let id, let attempt, _, let opening):
      (fields["CONVENED_REMINDER"], fields["CONVENED_ATTEMPT"]) = ("\(id)", "\(attempt)")
      if let opening {
        fields["CONVENED_AGENCY"] = "\(opening.agency)"
        fields["CONVENED_LATENESS_MS"] = "\((entry.at - opening.due).milliseconds)"
      }
    case .attemptEnded(let id, let attempt, let answer, _):
      (fields["CONVENED_REMINDER"], fields["CONVENED_ATTEMPT"]) = ("\(id)", "\(attempt)")
      fields["CONVENED_OUTCOME"] = "\(answer.fault ?? answer.verdict.rawValue)"
      if let status = answer.status { fields["CONVENED_HTTP_STATUS"] = "\(status)" }
    case .attemptLost(let id, let attempt, _):
      (fields["CONVENED_REMINDER"], fields["CONVENED_ATTEMPT"]) = ("\(id)", "\(attempt)")
      fields["CONVENED_OUTCOME"] = "lost"
    case .reminderExpired(let id), .resendRequested(let id, _, _): fields["CONVENED_REMINDER"] = "\(id)"
    case .convened, .rescheduled, .held, .decided, .circulated, .closingMoved, .cancelled, .closed, .policyPinned,
      .absenceSettled, .conferenceHeld, .followUpDone, .clockStarted, .clockMoved, .clockStopped, .routeStopped,
      .routeEnabled, .rotaSet,
      .coverSet, .policyAdopted, .calendarAdopted, .started, .stopping, .paused, .resumed, .clockStepped,
      .breakAccepted, .erased, .contactReceived, .contactAmended, .contactOutcome, .contactReviewed, .reviewMoved,
      .feedHeard, .snapshotTaken:
      break
    }
    return fields
  }

  /// The first 128 bits of SHA-256 of `convened.` and the event's name, in hexadecimal: stable, and nobody else's.
  static func messageID(_ event: String) -> String {
    let print = Chain.fingerprint("convened.\(event)".utf8)
    return [print.high, print.low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension Event {
  fileprivate var level: Logger.Level {
    switch self {
    case .attemptBegan, .ladderPlanned, .policyPinned, .reviewMoved, .feedHeard: .debug
    // That they happened may say what was decided.
    case .clockStarted, .clockMoved, .clockStopped, .conferenceHeld: .trace
    case .corrected(let correction): correction.tellsOfOutcome ? .trace : .info
    case .attemptEnded(_, _, let answer, _): answer.verdict == .accepted ? .debug : .warning
    case .attemptLost, .placeSkipped, .reminderExpired, .routeStopped, .clockStepped, .paused, .resumed, .breakAccepted:
      .warning
    case .rungsPassed: .info
    case .convened, .rescheduled, .acknowledged, .contributionRecorded, .contributionConfirmed, .declined, .held,
      .decided, .circulated, .closingMoved, .cancelled, .closed, .resendRequested, .routeEnabled, .policyAdopted,
      .calendarAdopted, .started, .stopping, .erased, .handedOver, .acknowledgementLapsed, .rotaSet, .coverSet,
      .detailsSent, .telephoned, .barrierProposed, .barrierNamed, .absenceSettled, .receiptRecorded, .followUpDone,
      .contactReceived,
      .contactAmended, .contactOutcome, .contactReviewed, .snapshotTaken:
      .info
    }
  }
}
