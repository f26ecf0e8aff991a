// Why a request was not carried out, as its sender reads it: a problem document (RFC 9457) with a frozen code. It says
// what to do, and never repeats what was sent.
import Convening

/// The frozen list of `urn:convened:problem:<code>`.
public enum ProblemCode: String, CaseIterable, Hashable, Sendable {
  // What the rules refuse: `Refusal`.
  case notFound = "not-found"
  case contactNotFound = "contact-not-found"
  case reminderNotFound = "reminder-not-found"
  case differentFirstBody = "different-first-body"
  case keyReused = "idempotency-key-reused"
  case revisionMismatch = "revision-mismatch"
  case alreadyHeld = "already-held"
  case alreadyDecided = "already-decided"
  case alreadyCancelled = "already-cancelled"
  case alreadyClosed = "already-closed"
  case notDecided = "not-decided"
  case alreadyContributed = "already-contributed"
  case notTheAgencys = "not-the-agencys"
  case unknownAgency = "unknown-agency"
  case unknownTeam = "unknown-team"
  case unknownUnit = "unknown-unit"
  case agencyNotInvited = "agency-not-invited"
  case unknownRoute = "unknown-route"
  case routeStopped = "route-stopped"
  case noPolicy = "no-policy"
  case noUrgentLadder = "no-urgent-ladder"
  case meetingPast = "meeting-past"
  case timeRequired = "time-required"
  case noSlot = "no-slot"
  case inTheFuture = "in-the-future"
  case tooLongBefore = "too-long-before"
  case conferenceElsewhere = "conference-elsewhere"
  case alreadyRecorded = "already-recorded"
  case notCirculated = "not-circulated"
  case notAbsent = "not-absent"
  case nothingToFollowUp = "nothing-to-follow-up"
  case clockNotRunning = "clock-not-running"
  case noLimit = "no-limit"
  case beforeStart = "before-start"
  case pauseOutOfRange = "pause-out-of-range"
  case otherReason = "other-reason"
  case nothingToConfirm = "nothing-to-confirm"
  case followsUnknown = "follows-unknown"
  case followsCancelled = "follows-cancelled"
  case noSuchEntry = "no-such-entry"
  case notCorrectable = "not-correctable"
  case alreadyCorrected = "already-corrected"
  case othersStandOnIt = "others-stand-on-it"
  case replacementUnfit = "replacement-unfit"
  case badRota = "bad-rota"
  case reasonRequired = "reason-required"
  case notYet = "not-in-this-version"
  case snapshotKept = "snapshot-kept"
  case moot = "reminder-moot"
  case busy = "busy"
  case storageFull = "storage-full"
  case stopping = "stopping"

  // What the sockets refuse.
  case invalid = "invalid"
  case noSuchRoute = "no-such-route"
  case noSuchSnapshot = "no-such-snapshot"
  case methodNotAllowed = "method-not-allowed"
  case crossSite = "cross-site"
  case controlOnly = "control-only"
  case malformed = "malformed"
  case tooLarge = "body-too-large"
  case headersTooLarge = "headers-too-large"
  case tooSlow = "too-slow"
  case tooManyStreams = "too-many-streams"
  case settingsInvalid = "settings-invalid"
  case starting = "starting"
  case internalError = "internal-error"
  case badImport = "bad-import"
  case notCSV = "not-csv"

  public init(_ refusal: Refusal) {
    self =
      switch refusal {
      case .notFound: .notFound
      case .contactNotFound: .contactNotFound
      case .reminderNotFound: .reminderNotFound
      case .differentFirstBody: .differentFirstBody
      case .keyReused: .keyReused
      case .revisionMismatch, .rotaMismatch: .revisionMismatch
      case .alreadyHeld: .alreadyHeld
      case .alreadyDecided: .alreadyDecided
      case .alreadyCancelled: .alreadyCancelled
      case .alreadyClosed: .alreadyClosed
      case .notDecided: .notDecided
      case .alreadyContributed: .alreadyContributed
      case .notTheAgencys: .notTheAgencys
      case .unknownAgency: .unknownAgency
      case .unknownTeam: .unknownTeam
      case .unknownUnit: .unknownUnit
      case .agencyNotInvited: .agencyNotInvited
      case .unknownRoute: .unknownRoute
      case .routeStopped: .routeStopped
      case .noPolicy: .noPolicy
      case .noUrgentLadder: .noUrgentLadder
      case .meetingPast: .meetingPast
      case .timeRequired: .timeRequired
      case .noSlot: .noSlot
      case .inTheFuture: .inTheFuture
      case .tooLongBefore, .receivedLongAgo: .tooLongBefore
      case .conferenceElsewhere: .conferenceElsewhere
      case .alreadyRecorded: .alreadyRecorded
      case .notCirculated: .notCirculated
      case .notAbsent: .notAbsent
      case .nothingToFollowUp: .nothingToFollowUp
      case .clockNotRunning: .clockNotRunning
      case .noLimit: .noLimit
      case .beforeStart: .beforeStart
      case .pauseOutOfRange: .pauseOutOfRange
      case .otherReason: .otherReason
      case .nothingToConfirm: .nothingToConfirm
      case .followsUnknown: .followsUnknown
      case .followsCancelled: .followsCancelled
      case .noSuchEntry: .noSuchEntry
      case .notCorrectable: .notCorrectable
      case .alreadyCorrected: .alreadyCorrected
      case .othersStandOnIt: .othersStandOnIt
      case .replacementUnfit: .replacementUnfit
      case .badRota: .badRota
      case .reasonRequired: .reasonRequired
      case .notYet: .notYet
      case .snapshotKept: .snapshotKept
      case .moot: .moot
      case .busy, .routeBusy: .busy
      case .storageFull: .storageFull
      case .stopping: .stopping
      }
  }

  /// A few words that are the same for every problem of this code.
  public var title: String {
    switch self {
    case .notFound: "No such discussion"
    case .contactNotFound: "No such contact"
    case .reminderNotFound: "No such reminder"
    case .differentFirstBody: "The reference is taken"
    case .keyReused: "The Idempotency-Key was used before"
    case .revisionMismatch: "It has changed"
    case .alreadyHeld: "Already held"
    case .alreadyDecided: "Already decided"
    case .alreadyCancelled: "Cancelled"
    case .alreadyClosed: "Closed"
    case .alreadyContributed: "Already contributed"
    case .notTheAgencys: "Not a code of an agency's"
    case .notDecided: "No decision yet"
    case .unknownAgency: "Unknown agency"
    case .unknownTeam: "Unknown team"
    case .unknownUnit: "Unknown unit"
    case .agencyNotInvited: "The agency has no part in it"
    case .unknownRoute: "Unknown route"
    case .routeStopped: "The route has stopped"
    case .noPolicy: "No policy in force"
    case .noUrgentLadder: "No ladder for urgent discussions"
    case .meetingPast: "The meeting is past"
    case .timeRequired: "A time is needed"
    case .noSlot: "No time suits all"
    case .inTheFuture: "A moment in the future"
    case .tooLongBefore: "A moment long before the discussion"
    case .conferenceElsewhere: "The conference belongs to a later discussion"
    case .alreadyRecorded: "Recorded already"
    case .notCirculated: "Not circulated yet"
    case .notAbsent: "The agency was not missing"
    case .nothingToFollowUp: "Nothing to follow up"
    case .clockNotRunning: "The clock does not run"
    case .noLimit: "No limit for this clock"
    case .beforeStart: "A moment before its beginning"
    case .pauseOutOfRange: "A pause ends within the hour"
    case .otherReason: "Another reason stands"
    case .nothingToConfirm: "Nothing to confirm"
    case .followsUnknown: "No such earlier discussion"
    case .followsCancelled: "The earlier discussion was cancelled"
    case .noSuchEntry: "No such entry"
    case .notCorrectable: "Not an entry that can be corrected"
    case .alreadyCorrected: "Already corrected"
    case .othersStandOnIt: "Later entries stand on it"
    case .replacementUnfit: "The replacement does not fit"
    case .badRota: "The rota cannot be as it is"
    case .reasonRequired: "A reason is needed"
    case .notYet: "Not in this version"
    case .snapshotKept: "A report is kept under this name"
    case .moot: "The reminder is moot"
    case .busy: "Too busy"
    case .storageFull: "The disk is full"
    case .stopping: "Stopping"
    case .invalid: "The request is not valid"
    case .noSuchRoute: "No such path"
    case .noSuchSnapshot: "No such report is kept"
    case .methodNotAllowed: "Not a method of this path"
    case .crossSite: "Sent by a web page"
    case .controlOnly: "On the control socket alone"
    case .malformed: "Not a whole HTTP request"
    case .tooLarge: "The body is too large"
    case .headersTooLarge: "The headers are too large"
    case .tooSlow: "The request came too slowly"
    case .tooManyStreams: "Too many streams"
    case .settingsInvalid: "The settings have faults"
    case .starting: "Starting"
    case .internalError: "The request failed"
    case .badImport: "The file has faults"
    case .notCSV: "Not a CSV file"
    }
  }
}

public struct Fault: Hashable, Sendable {
  /// Into the body, by RFC 6901; `?name` is a part of the query and `Name` a header, which RFC 6901 cannot point at. Empty for
  /// the body as a whole, `?` for the query: then `detail` says which part, by its place.
  public let pointer: String
  public let detail: String

  public init(_ pointer: String, _ detail: String) { (self.pointer, self.detail) = (pointer, detail) }
}

/// A problem, ready to be answered.
public struct ProblemDocument: Error, Hashable, Sendable {
  public let code: ProblemCode
  /// 400...599
  public let status: Int
  public let detail: String
  /// Whether the same request may succeed later without anybody changing it.
  public let retryable: Bool
  public let errors: [Fault]
  /// The methods that the path has; set with 405 alone.
  public let allow: [String]

  public init(
    _ code: ProblemCode, status: Int, _ detail: String, retryable: Bool? = nil, errors: [Fault] = [],
    allow: [String] = []
  ) {
    (self.code, self.status, self.detail) = (code, status, detail)
    self.retryable = retryable ?? (status == 503)
    (self.errors, self.allow) = (errors, allow)
  }

  public init(_ refusal: Refusal) {
    let errors =
      if case .badRota(let faults) = refusal { faults.map { Fault($0.pointer, $0.sentence) } } else {
        refusal.pointer.map { [Fault($0, refusal.sentence)] } ?? []
      }
    self.init(
      ProblemCode(refusal), status: refusal.status, refusal.sentence, retryable: refusal.retryable, errors: errors)
  }

  /// 400 with every fault that was found.
  public static func invalid(_ errors: [Fault]) -> ProblemDocument {
    let detail =
      errors.count == 1
      ? "One thing in the request has to be mended." : "\(errors.count) things in the request have to be mended."
    return ProblemDocument(.invalid, status: 400, detail, errors: errors)
  }

  /// How many seconds to wait before trying again; nil where that would not help.
  public var retryAfter: Int? {
    guard retryable else { return nil }
    return code == .busy || code == .starting ? 2 : 10
  }

  public static let mediaType = "application/problem+json"

  public var json: JSON {
    [
      "type": .string("urn:convened:problem:\(code.rawValue)"), "title": .string(code.title),
      "status": .int(Int64(status)), "detail": .string(detail), "code": .string(code.rawValue),
      "retryable": .bool(retryable),
      "errors": .array(errors.map { ["pointer": .string($0.pointer), "detail": .string($0.detail)] }),
    ]
  }
}
