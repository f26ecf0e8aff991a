// Why a command was not carried out. A refusal is a condition of the work or of the request, never a failure of a
// machine; each has a frozen code, an HTTP status and a sentence that says what to do.

public enum Refusal: Error, Hashable, Sendable {
  /// No discussion goes by that reference.
  case notFound
  /// Nobody has told of a contact under that reference.
  case contactNotFound
  /// No reminder goes by that id among the discussions that are open.
  case reminderNotFound
  /// The reference is taken by a discussion with another first body.
  case differentFirstBody
  /// The idempotency key was used with another body.
  case keyReused
  /// `If-Match` names another revision than this one.
  /// nil: there is no discussion, so no revision either.
  case revisionMismatch(current: Int?)
  /// `If-Match` names another version of the rota than the one that stands.
  case rotaMismatch
  case alreadyHeld
  case alreadyDecided
  case alreadyCancelled
  case alreadyClosed
  case notDecided
  /// An agency that has contributed cannot decline any more.
  case alreadyContributed
  /// The barrier code is not one that an agency gives for declining.
  case notTheAgencys
  /// `field` is where it stands in the body: `agency`, `to/1`.
  case unknownAgency(field: String)
  /// The settings name teams, and not this one.
  case unknownTeam(known: [TeamID])
  /// The agency has no such unit. `known`: those that the settings name.
  case unknownUnit(known: [UnitID])
  /// The agency is known, but has no part in this discussion.
  case agencyNotInvited
  /// No route of the agency's.
  case unknownRoute
  /// The route wants no more messages (410).
  case routeStopped(RouteName, of: AgencyID)
  /// The route bears no more attempts just now.
  case routeBusy
  case noPolicy
  /// The policy in force has no ladder for urgent discussions.
  case noUrgentLadder
  /// A meeting more than five minutes past needs `held_at`.
  case meetingPast
  /// Only an urgent discussion may be without a time.
  case timeRequired
  /// No time within the limit suits all who are required.
  case noSlot
  /// The field names a moment more than five minutes ahead.
  case inTheFuture(field: String)
  /// The field names a moment more than seven days before the discussion was convened and its need identified.
  case tooLongBefore(field: String)
  /// A contact received more than ten years ago.
  case receivedLongAgo
  /// The clock of that conference goes on in the discussion that followed.
  case conferenceElsewhere(in: DiscussionID?)
  /// It is recorded already, and once is enough.
  case alreadyRecorded
  /// The record has not been circulated.
  case notCirculated
  /// The agency was not missing when it was decided.
  case notAbsent
  /// It was decided with all.
  case nothingToFollowUp
  /// The clock has not started, or has stopped.
  case clockNotRunning
  /// The policy sets no limit for the clock.
  case noLimit
  /// The field names a moment before what it follows on.
  case beforeStart(field: String)
  /// A pause ends within the hour.
  case pauseOutOfRange
  /// The agency agrees to another reason than the one that stands, or disputes with that very one.
  case otherReason(standing: BarrierCode)
  /// No discussion goes by the reference that it is to follow.
  case followsUnknown
  /// The one that it is to follow was cancelled.
  case followsCancelled
  /// The discussion has no entry of that number, or the text of some is gone.
  case noSuchEntry
  /// The entry is none that people recorded, or follows from another.
  case notCorrectable
  /// It was corrected already, by that entry.
  case alreadyCorrected(by: Int)
  /// What was recorded later needs it.
  case othersStandOnIt
  /// The replacement is another thing than what it replaces, or says the same.
  case replacementUnfit
  /// The agency has reported nothing by link that waits to be confirmed.
  case nothingToConfirm
  /// A rota or a cover cannot be as it is.
  case badRota([RotaFault])
  /// A decision without all required agencies needs a reason.
  case reasonRequired(missing: [AgencyID])
  /// The contract knows it, this version does not yet.
  case notYet(Later)
  /// A report is kept under that name, and nothing says why there should be another version.
  case snapshotKept
  /// What a reminder was for is over: it is not sent again.
  case moot
  /// Too many commands wait.
  case busy
  /// The disk is full: nothing that could not be recorded is done.
  case storageFull
  case stopping

  /// What later versions bring, and this one refuses by name.
  public enum Later: String, CaseIterable, Hashable, Sendable {
    case exercise
  }

  /// The frozen code of `urn:convened:problem:<code>`.
  public var code: String {
    switch self {
    case .notFound: "not-found"
    case .contactNotFound: "contact-not-found"
    case .reminderNotFound: "reminder-not-found"
    case .differentFirstBody: "different-first-body"
    case .keyReused: "idempotency-key-reused"
    case .revisionMismatch, .rotaMismatch: "revision-mismatch"
    case .alreadyHeld: "already-held"
    case .alreadyDecided: "already-decided"
    case .alreadyCancelled: "already-cancelled"
    case .alreadyClosed: "already-closed"
    case .notDecided: "not-decided"
    case .alreadyContributed: "already-contributed"
    case .notTheAgencys: "not-the-agencys"
    case .unknownAgency: "unknown-agency"
    case .unknownTeam: "unknown-team"
    case .unknownUnit: "unknown-unit"
    case .agencyNotInvited: "agency-not-invited"
    case .unknownRoute: "unknown-route"
    case .routeStopped: "route-stopped"
    case .noPolicy: "no-policy"
    case .noUrgentLadder: "no-urgent-ladder"
    case .meetingPast: "meeting-past"
    case .timeRequired: "time-required"
    case .noSlot: "no-slot"
    case .inTheFuture: "in-the-future"
    case .tooLongBefore, .receivedLongAgo: "too-long-before"
    case .conferenceElsewhere: "conference-elsewhere"
    case .alreadyRecorded: "already-recorded"
    case .notCirculated: "not-circulated"
    case .notAbsent: "not-absent"
    case .nothingToFollowUp: "nothing-to-follow-up"
    case .clockNotRunning: "clock-not-running"
    case .noLimit: "no-limit"
    case .beforeStart: "before-start"
    case .pauseOutOfRange: "pause-out-of-range"
    case .otherReason: "other-reason"
    case .nothingToConfirm: "nothing-to-confirm"
    case .followsUnknown: "follows-unknown"
    case .followsCancelled: "follows-cancelled"
    case .noSuchEntry: "no-such-entry"
    case .notCorrectable: "not-correctable"
    case .alreadyCorrected: "already-corrected"
    case .othersStandOnIt: "others-stand-on-it"
    case .replacementUnfit: "replacement-unfit"
    case .badRota: "bad-rota"
    case .reasonRequired: "reason-required"
    case .notYet: "not-in-this-version"
    case .snapshotKept: "snapshot-kept"
    case .moot: "reminder-moot"
    case .busy, .routeBusy: "busy"
    case .storageFull: "storage-full"
    case .stopping: "stopping"
    }
  }

  /// The HTTP status (RFC 9110).
  public var status: Int {
    switch self {
    case .notFound, .contactNotFound, .reminderNotFound: 404
    case .differentFirstBody, .keyReused, .alreadyHeld, .alreadyDecided, .alreadyCancelled, .alreadyClosed, .notDecided,
      .alreadyContributed, .moot, .alreadyRecorded, .conferenceElsewhere, .notCirculated, .notAbsent,
      .nothingToFollowUp, .clockNotRunning,
      .nothingToConfirm, .noSlot, .snapshotKept, .routeStopped, .alreadyCorrected, .othersStandOnIt:
      409
    case .revisionMismatch, .rotaMismatch: 412
    case .unknownAgency, .unknownTeam, .unknownUnit, .agencyNotInvited, .unknownRoute, .noPolicy, .noUrgentLadder,
      .meetingPast,
      .timeRequired, .inTheFuture, .tooLongBefore, .badRota, .receivedLongAgo, .reasonRequired, .notTheAgencys,
      .noLimit, .beforeStart,
      .otherReason, .pauseOutOfRange, .notYet, .noSuchEntry, .notCorrectable, .replacementUnfit,
      .followsUnknown, .followsCancelled:
      422
    case .busy, .routeBusy, .storageFull, .stopping: 503
    }
  }

  /// Whether the same request may succeed later without anybody changing it.
  public var retryable: Bool { status == 503 }

  /// The body's field at fault, as an RFC 6901 pointer; nil where the whole is.
  public var pointer: String? {
    switch self {
    case .unknownAgency(let field): "/\(field)"
    case .unknownTeam: "/team"
    case .unknownUnit: "/unit"
    case .agencyNotInvited: "/agency"
    case .unknownRoute: "/route"
    case .meetingPast, .timeRequired, .noSlot: "/meeting_at"
    case .receivedLongAgo: "/received_at"
    case .noUrgentLadder: "/urgency"
    case .inTheFuture(let field), .tooLongBefore(let field), .beforeStart(let field): "/\(field)"
    case .pauseOutOfRange: "/until"
    case .otherReason: "/agreed"
    case .noSuchEntry, .notCorrectable, .alreadyCorrected: "/revision"
    case .followsUnknown, .followsCancelled: "/follows"
    case .replacementUnfit: "/replacement"
    case .reasonRequired, .snapshotKept: "/reason"
    case .notTheAgencys: "/code"
    case .notAbsent: "/agency"
    case .noLimit, .clockNotRunning: "/clock"
    case .badRota(let faults): faults.first?.pointer
    case .notYet(let later): later.pointer
    case .notFound, .contactNotFound, .reminderNotFound, .differentFirstBody, .keyReused, .revisionMismatch,
      .alreadyHeld, .alreadyDecided, .alreadyCancelled, .alreadyClosed, .notDecided, .alreadyContributed, .noPolicy,
      .moot, .busy, .routeBusy, .alreadyRecorded, .conferenceElsewhere, .notCirculated, .nothingToFollowUp,
      .nothingToConfirm, .storageFull,
      .stopping, .rotaMismatch, .routeStopped, .othersStandOnIt:
      nil
    }
  }

  /// One sentence or two for a person: what is the matter, and what to do.
  public var sentence: String {
    switch self {
    case .notFound: "No discussion has this reference. Check it with `convenectl list`."
    case .contactNotFound:
      "No front-door contact has this reference. Record first that it was received, or check it with "
        + "`convenectl front-door list`."
    case .reminderNotFound: "No open discussion has a reminder with this id. See `convenectl reminders`."
    case .differentFirstBody:
      "This reference is already used by a discussion that was convened with other details. Choose a new reference."
    case .keyReused: "This Idempotency-Key was used before with another body. Use a new key for a new request."
    case .revisionMismatch(nil):
      "There is nothing under this reference yet, so it has no revision. Leave If-Match out to begin it."
    case .revisionMismatch(let current?):
      "It has changed since you read it: it is at revision \(current). Read it again, then repeat."
    case .rotaMismatch:
      "The rota or a cover has changed since you read it. Read it again with `convenectl rota show`, then repeat."
    case .alreadyHeld: "The discussion has been held. Record its decision, or convene another discussion."
    case .alreadyDecided:
      "The decision is already recorded. What is wrong in it is put right with `convenectl correct`, why an agency was "
        + "absent is said with `convenectl barrier`; convene another discussion if one is needed."
    case .alreadyCancelled:
      "The discussion was cancelled. If a child may be at risk, convene a new discussion now."
    case .alreadyClosed: "The discussion is closed. Convene a new one if one is needed."
    case .notDecided: "The discussion has no decision yet. Record the decision first."
    case .alreadyContributed: "The agency has contributed to this discussion: there is nothing to decline any more."
    case .notTheAgencys:
      "This code is not one that an agency gives: \(BarrierCode.allCases.filter(\.isAgencys).map(\.rawValue).joined(separator: ", ")) are."
    case .unknownAgency: "The settings know no such agency. `convenectl agencies` lists those that they know."
    case .unknownTeam(let known):
      "The settings know no such team. They know: \(known.map(\.text).joined(separator: ", ")). Give one of these, or add "
        + "the team to the settings and reload."
    case .unknownUnit(let known):
      known.isEmpty
        ? "The settings name no units of this agency. Leave unit out."
        : "The settings name no such unit of this agency. Give one of: \(known.map(\.text).joined(separator: ", "))."
    case .agencyNotInvited:
      "This agency was not asked to take part in this discussion. Record its contribution, if it gave one; or convene "
        + "another discussion that names it."
    case .unknownRoute: "This agency has no such route now. `convenectl agencies` lists the routes of each."
    case .routeStopped(let route, let agency):
      "\(route) has stopped: its receiver said that it wants no more messages (410). Enable it first: "
        + "convenectl enable \(agency) --route \(route)"
    case .noPolicy: "No policy is in force on this day. Add one to the settings and reload."
    case .noUrgentLadder:
      "The policy in force has no ladder for urgent discussions. Telephone the agencies now, and convene it as standard; "
        + "or add `urgent` to the policy's `urgencies` and reload."
    case .meetingPast:
      "The meeting lies more than five minutes in the past. If it was held, convene it with held_at, or record this one as "
        + "held; if not, give a time that is still to come."
    case .timeRequired:
      "A standard discussion needs a time: give meeting_at, or \"earliest\" for the first that suits. Only an urgent one may "
        + "be without, and meets as soon as they answer."
    case .noSlot:
      "No time within the limit suits all who are required. `convenectl slots` shows what stands in the way and the least "
        + "bad times: choose one and give it as meeting_at."
    case .inTheFuture(let field):
      "\(field) lies in the future: it is when this happened. Check the time and its offset."
    case .tooLongBefore(let field):
      "\(field) lies long before the discussion was convened: it is when this happened. Check the date."
    case .receivedLongAgo:
      "received_at lies more than ten years back: it is when the contact was received. Check the date."
    case .conferenceElsewhere(let later):
      "The clock of this conference goes on in \(later?.description ?? "the discussion") that followed. Record the conference "
        + "with that one."
    case .alreadyRecorded: "This is recorded already. `convenectl timeline` shows when."
    case .notCirculated:
      "The record has not been circulated to that agency yet. Record that first, then that it was received."
    case .notAbsent: "This agency was not missing when it was decided, so there is no absence to explain."
    case .nothingToFollowUp: "It was decided with all who are required: there is nothing to follow up."
    case .clockNotRunning:
      "This clock does not run: it has not started, or it has stopped. `convenectl show` lists those that there are."
    case .noLimit:
      "The policy of this discussion sets no limit for this clock. convened.yaml(5) names its key; what is convened after it "
        + "was added has it."
    case .beforeStart("decided_at"):
      "decided_at lies before they met. Check the time; where held_at is wrong, correct that first."
    case .beforeStart(let field): "\(field) lies before what it follows on. Check the date and the time."
    case .pauseOutOfRange:
      "A pause ends at most 60 minutes from now, and not in the past. Give until within the hour; it can be given again "
        + "before it ends."
    case .otherReason(let standing):
      "The reason that stands is \(standing.rawValue). Agree with that one, or dispute it with another code."
    case .nothingToConfirm:
      "This agency has reported nothing by link that waits to be confirmed. `convenectl show` lists what each has given."
    case .followsUnknown:
      "No discussion has the reference that this one is to follow. Check it with `convenectl list`, or leave follows out."
    case .followsCancelled:
      "The discussion that this one is to follow was cancelled. Name the one that was held before it, or leave follows out."
    case .noSuchEntry:
      "This discussion has no entry of that number, or some of its entries were erased, so that none can be corrected. "
        + "`convenectl timeline` shows the number of each."
    case .notCorrectable:
      "This entry cannot be corrected. What can is an answer, a contribution, details, a call, that it was held, its decision, "
        + "circulation or a receipt, a reason for absence, a conference, a follow-up, a clock that was told. What follows from "
        + "one of these, or confirms it, follows its correction: name that one."
    case .alreadyCorrected(let later):
      "This entry was corrected by entry \(later). Where that one is wrong too, correct it; where it took the entry back, "
        + "record anew what happened."
    case .othersStandOnIt:
      "What was recorded later stands on this entry. Correct that first, or give a replacement; once it is closed, a "
        + "decision can be replaced and not withdrawn."
    case .replacementUnfit:
      "The replacement is not of the same kind as the entry, or says what the entry says already. Give the body of the same "
        + "request with what was wrong put right, or leave it out to withdraw the entry."
    case .badRota(let faults):
      faults.count == 1
        ? faults[0].sentence : "\(faults.count) things in it have to be mended. Nothing was changed."
    case .reasonRequired(let missing):
      "The decision is made without \(Refusal.listed(missing)): give a reason. "
        + "Nothing here stops you from acting to protect the child first."
    case .snapshotKept:
      "A report is kept under this name, and stays as it is. Give a reason to keep a corrected version beside it, or choose "
        + "another name."
    case .notYet(let later): later.sentence
    case .moot: "What this reminder was for is over, or an attempt is under way just now: it is not sent again."
    case .routeBusy: "As many messages are on their way to this route as it bears. Try again in a few seconds."
    case .busy: "Too many changes wait to be written. Try again in a few seconds."
    case .storageFull: "The disk is full: nothing new can be recorded. Free space on the journal's disk, then repeat."
    case .stopping: "The service is stopping. Try again when it is back."
    }
  }
}

extension Refusal.Later {
  var pointer: String? {
    switch self {
    case .exercise: "/exercise"
    }
  }

  var sentence: String {
    switch self {
    case .exercise: "Exercises are not in this version. Leave exercise out."
    }
  }
}

extension Refusal {
  /// "csc, police and health"
  private static func listed(_ agencies: [AgencyID]) -> String {
    let names = agencies.map(\.text)
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
