// What each event says in its line's `data`. `EventReading` is the way back, case by case in the same order; a golden file
// holds one line of every case.
import Convening

extension Event {
  /// The name on the wire; frozen.
  public var name: String {
    switch self {
    case .convened: "convened"
    case .rescheduled: "rescheduled"
    case .acknowledged: "acknowledged"
    case .contributionRecorded: "contributionRecorded"
    case .contributionConfirmed: "contributionConfirmed"
    case .declined: "declined"
    case .held: "held"
    case .decided: "decided"
    case .circulated: "circulated"
    case .closingMoved: "closingMoved"
    case .detailsSent: "detailsSent"
    case .telephoned: "telephoned"
    case .barrierProposed: "barrierProposed"
    case .barrierNamed: "barrierNamed"
    case .absenceSettled: "absenceSettled"
    case .receiptRecorded: "receiptRecorded"
    case .conferenceHeld: "conferenceHeld"
    case .followUpDone: "followUpDone"
    case .clockStarted: "clockStarted"
    case .clockMoved: "clockMoved"
    case .clockStopped: "clockStopped"
    case .corrected: "corrected"
    case .handedOver: "handedOver"
    case .acknowledgementLapsed: "acknowledgementLapsed"
    case .cancelled: "cancelled"
    case .closed: "closed"
    case .ladderPlanned: "ladderPlanned"
    case .policyPinned: "policyPinned"
    case .placeSkipped: "placeSkipped"
    case .rungsPassed: "rungsPassed"
    case .attemptBegan: "attemptBegan"
    case .attemptEnded: "attemptEnded"
    case .attemptLost: "attemptLost"
    case .reminderExpired: "reminderExpired"
    case .resendRequested: "resendRequested"
    case .routeStopped: "routeStopped"
    case .routeEnabled: "routeEnabled"
    case .rotaSet: "rotaSet"
    case .coverSet: "coverSet"
    case .contactReceived: "contactReceived"
    case .contactAmended: "contactAmended"
    case .contactOutcome: "contactOutcome"
    case .contactReviewed: "contactReviewed"
    case .reviewMoved: "reviewMoved"
    case .feedHeard: "feedHeard"
    case .policyAdopted: "policyAdopted"
    case .calendarAdopted: "calendarAdopted"
    case .snapshotTaken: "snapshotTaken"
    case .started: "started"
    case .stopping: "stopping"
    case .paused: "paused"
    case .resumed: "resumed"
    case .clockStepped: "clockStepped"
    case .breakAccepted: "breakAccepted"
    case .erased: "erased"
    }
  }

  /// Every name, for the API's document.
  public static let names = [
    "convened", "rescheduled", "acknowledged", "contributionRecorded", "contributionConfirmed", "declined", "held",
    "decided", "circulated",
    "cancelled", "closed", "ladderPlanned", "policyPinned", "placeSkipped", "rungsPassed", "attemptBegan",
    "attemptEnded", "attemptLost", "reminderExpired", "resendRequested", "routeStopped", "routeEnabled",
    "policyAdopted", "calendarAdopted", "started", "stopping", "paused", "resumed", "clockStepped", "breakAccepted",
    "erased",
    "closingMoved", "detailsSent", "telephoned", "barrierProposed", "barrierNamed", "receiptRecorded", "conferenceHeld",
    "followUpDone", "clockStarted", "clockMoved", "clockStopped", "handedOver", "acknowledgementLapsed", "rotaSet",
    "coverSet", "contactReceived", "contactAmended", "contactOutcome",
    "contactReviewed", "reviewMoved", "snapshotTaken", "corrected", "feedHeard", "absenceSettled",
  ]

  func write(to out: inout JSONWriter) {
    switch self {
    case .convened(let convene, let meeting, let agencies, let policy, let firstBody, let convener):
      switch meeting {
      case .at(let instant): out.add("meeting_at", instant)
      case .asSoonAsTheyAnswer(let until): out.add("answer_by", until)
      }
      if convene.meeting == .earliest { out.add("earliest", true) }
      out.add("held_at", convene.heldAt)
      out.add("duration_min", convene.durationMinutes)
      out.add("form", convene.form)
      out.add("urgency", convene.urgency)
      out.add("need_identified_at", convene.needIdentifiedAt)
      out.add("agencies", agencies)
      out.add("agencies_named", convene.agencies != nil)
      out.add("team", convene.team.text)
      out.add("by_role", convene.convenedBy)
      out.add("join", convene.join)
      out.add("case_reference", convene.caseReference)
      out.add("children", convene.children)
      if let follows = convene.follows { out.add("follows", follows.description) }
      out.add("policy", policy.description)
      out.add("first_body", firstBody.hex)
      out.add("convener", convener?.text)
    case .rescheduled(let meetingAt, let reason):
      out.add("meeting_at", meetingAt)
      out.add("reason", reason)
    case .acknowledged(let agency, let byRole, let via, let occurred, let by, let unit):
      out.add("agency", agency.text)
      out.add("by_role", byRole)
      out.add("via", via)
      out.add("occurred_at", occurred)
      by?.write(to: &out)
      out.add("unit", unit?.text)
    case .contributionRecorded(let agency, let kind, let byRole, let via, let occurred, let unit):
      out.add("agency", agency.text)
      out.add("kind", kind)
      out.add("by_role", byRole)
      out.add("via", via)
      out.add("occurred_at", occurred)
      out.add("unit", unit?.text)
    case .contributionConfirmed(let agency, let byRole):
      out.add("agency", agency.text)
      out.add("by_role", byRole)
    case .declined(let agency, let code, let byRole, let occurred, let unit):
      out.add("agency", agency.text)
      out.add("code", code)
      out.add("by_role", byRole)
      out.add("occurred_at", occurred)
      out.add("unit", unit?.text)
    case .held(let occurred, let form):
      out.add("occurred_at", occurred)
      out.add("form", form)
    case .decided(let decision, let missing):
      out.add("occurred_at", decision.decidedAt)
      out.add("outcome", decision.outcome)
      out.add("by_role", decision.byRole)
      out.add("flags", decision.flags)
      out.add("dissent", decision.dissent)
      out.add("reason", decision.reason)
      out.add("s47_started_at", decision.s47StartedAt)
      if let conference = decision.conference {
        out.object("conference") { out in
          out.add("from", conference.from)
          out.add("due", conference.due)
          out.add("provisional", conference.provisional)
        }
      }
      out.add("missing", missing)
    case .circulated(let agencies, let occurred, let closes):
      out.add("to", agencies)
      out.add("occurred_at", occurred)
      out.add("closes_at", closes)
    case .closingMoved(let closes):
      out.add("closes_at", closes)
    case .detailsSent(let agency, let place, let route, let occurred, let unit, let isNeeded):
      out.add("agency", agency.text)
      out.add("place", place)
      out.add("route", route?.text)
      out.add("occurred_at", occurred)
      out.add("unit", unit?.text)
      if isNeeded { out.add("needed", true) }
    case .telephoned(let agency, let number, let result, let byRole, let occurred):
      out.add("agency", agency.text)
      out.add("number", number)
      out.add("result", result)
      out.add("by_role", byRole)
      out.add("occurred_at", occurred)
    case .barrierProposed(let agency, let code, let until):
      out.add("agency", agency.text)
      out.add("code", code)
      out.add("until", until)
    case .barrierNamed(let agency, let code, let party, let agreed, let until):
      out.add("agency", agency.text)
      out.add("code", code)
      out.add("by", party)
      if let agreed { out.add("agreed", agreed) }
      out.add("until", until)
    case .receiptRecorded(let agency, let occurred):
      out.add("agency", agency.text)
      out.add("occurred_at", occurred)
    case .absenceSettled(let missing):
      out.add("missing", missing)
    case .conferenceHeld(let occurred):
      out.add("occurred_at", occurred)
    case .followUpDone(let byRole, let occurred):
      out.add("by_role", byRole)
      out.add("occurred_at", occurred)
    case .clockStarted(let clock, let occurred, let due, let provisional, let level):
      out.add("clock", clock)
      out.add("occurred_at", occurred)
      out.add("due", due)
      out.add("provisional", provisional)
      if level > 1 { out.add("level", level) }
    case .clockMoved(let clock, let due, let provisional):
      out.add("clock", clock)
      out.add("due", due)
      out.add("provisional", provisional)
    case .clockStopped(let clock, let occurred, let goesOnIn):
      out.add("clock", clock)
      out.add("occurred_at", occurred)
      out.add("goes_on_in", goesOnIn?.description)
    case .corrected(let correction):
      correction.write(to: &out)
    case .handedOver(let agency, let place, let from, let to, let until):
      out.add("agency", agency.text)
      out.add("place", place)
      out.add("from", from?.text)
      out.add("route", to?.text)
      out.add("until", until)
    case .acknowledgementLapsed(let agency, let place, let route):
      out.add("agency", agency.text)
      out.add("place", place)
      out.add("route", route.text)
    case .rotaSet(let entries):
      out.array("entries", entries) { out, entry in out.object(entry.write) }
    case .coverSet(let cover):
      out.add("place", cover.place)
      out.add("route", cover.route.text)
      out.add("until", cover.until)
      out.add("reason", cover.reason)
    case .cancelled(let reason):
      out.add("reason", reason)
    case .closed(let byPolicy):
      out.add("by_policy", byPolicy)
    case .ladderPlanned(let agency, let reason, let rungs):
      out.add("agency", agency.text)
      out.add("reason", reason)
      out.array("rungs", rungs) { out, rung in out.object(rung.write) }
    case .policyPinned(let ref):
      out.add("policy", ref.description)
    case .placeSkipped(let agency, let place, let step, let reason, let route):
      out.add("agency", agency.text)
      out.add("place", place)
      out.add("step", step.text)
      out.add("reason", reason)
      out.add("route", route?.text)
    case .rungsPassed(let agency, let steps, let reason):
      out.add("agency", agency.text)
      out.add("steps", steps)
      out.add("reason", reason)
    case .attemptBegan(let id, let attempt, let route, let opening):
      out.add("reminder", id)
      out.add("attempt", attempt)
      out.add("route", route.text)
      opening?.write(to: &out)
    case .attemptEnded(let id, let attempt, let answer, let next):
      out.add("reminder", id)
      out.add("attempt", attempt)
      answer.write(to: &out)
      out.add("next", next)
    case .attemptLost(let id, let attempt, let next):
      out.add("reminder", id)
      out.add("attempt", attempt)
      out.add("next", next)
    case .reminderExpired(let id):
      out.add("reminder", id)
    case .resendRequested(let id, let next, let body):
      out.add("reminder", id)
      out.add("next", next)
      out.add("body", body)
    case .routeStopped(let route), .routeEnabled(let route):
      out.add("route", route.text)
    case .contactReceived, .contactAmended, .contactOutcome, .contactReviewed, .reviewMoved:
      writeAtFrontDoor(to: &out)
    case .policyAdopted(let policy, let ref):
      out.add("policy", ref.description)
      out.object("content", policy.write)
    case .calendarAdopted(let zone, let holidays, let working):
      out.add("time_zone", zone)
      out.array("bank_holidays", holidays.days.sorted()) { $0.quote($1.description) }
      if let working { out.object("working", working.write) }
    case .snapshotTaken(let from, let to, let reason, let digest, let document):
      out.add("from", from)
      out.add("to", to)
      out.add("reason", reason)
      out.add("sha256", digest)
      out.add("document", document)
    case .started(let version):
      out.add("version", version)
    case .stopping, .feedHeard:
      break
    case .paused(let until, let reason):
      out.add("until", until)
      out.add("reason", reason)
    case .resumed(let byItself):
      out.add("by_itself", byItself)
    case .clockStepped(let step, let from):
      out.add("by_ms", Int(step.milliseconds))
      out.add("escalations_from", from)
    case .breakAccepted(let accepted):
      accepted.write(to: &out)
    case .erased(let stream, let seqs):
      out.add("stream", stream)
      out.array("seqs", seqs) { $0.put(Int64($1)) }
    }
  }
}
