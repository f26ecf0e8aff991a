// What each event says in its line's `data`, and back. The two halves stand side by side, case by case; a golden file holds
// one line of every case.
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
    case .receiptRecorded: "receiptRecorded"
    case .conferenceHeld: "conferenceHeld"
    case .followUpDone: "followUpDone"
    case .clockStarted: "clockStarted"
    case .clockMoved: "clockMoved"
    case .clockStopped: "clockStopped"
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
    case .policyAdopted: "policyAdopted"
    case .calendarAdopted: "calendarAdopted"
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
    "contactReviewed", "reviewMoved",
  ]

  func write(to out: inout JSONWriter) {
    switch self {
    case .convened(let convene, let meeting, let agencies, let policy, let firstBody):
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
      out.add("policy", policy.description)
      out.add("first_body", firstBody.hex)
    case .rescheduled(let meetingAt, let reason):
      out.add("meeting_at", meetingAt)
      out.add("reason", reason)
    case .acknowledged(let agency, let byRole, let via, let occurred, let by):
      out.add("agency", agency.text)
      out.add("by_role", byRole)
      out.add("via", via)
      out.add("occurred_at", occurred)
      by?.write(to: &out)
    case .contributionRecorded(let agency, let kind, let byRole, let via, let occurred):
      out.add("agency", agency.text)
      out.add("kind", kind)
      out.add("by_role", byRole)
      out.add("via", via)
      out.add("occurred_at", occurred)
    case .contributionConfirmed(let agency, let byRole):
      out.add("agency", agency.text)
      out.add("by_role", byRole)
    case .declined(let agency, let code, let byRole, let occurred):
      out.add("agency", agency.text)
      out.add("code", code)
      out.add("by_role", byRole)
      out.add("occurred_at", occurred)
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
    case .detailsSent(let agency, let place, let route, let occurred):
      out.add("agency", agency.text)
      out.add("place", place)
      out.add("route", route?.text)
      out.add("occurred_at", occurred)
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
    case .clockStopped(let clock, let occurred):
      out.add("clock", clock)
      out.add("occurred_at", occurred)
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
    case .started(let version):
      out.add("version", version)
    case .stopping:
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

  init(named name: String, _ data: Fields) throws(LineFault) {
    switch name {
    case "convened":
      let agencies = try data.slugs("agencies", of: AgencyKind.self)
      let meeting: MeetingTime =
        if let until = try data.optional("answer_by", data.instant) {
          .asSoonAsTheyAnswer(until: until)
        } else { .at(try data.instant("meeting_at")) }
      let isEarliest = try data.optional("earliest", data.flag) ?? false
      let convene = Convene(
        meeting: isEarliest ? .earliest : meeting.instant.map(MeetingWish.at) ?? .asSoonAsTheyAnswer,
        durationMinutes: try data.whole("duration_min"),
        form: try data.word("form"), urgency: try data.word("urgency"),
        needIdentifiedAt: try data.optional("need_identified_at", data.instant),
        agencies: try data.flag("agencies_named") ? agencies : nil, team: try data.slug("team"),
        convenedBy: try data.text("by_role"), join: try data.optional("join", data.text),
        caseReference: try data.optional("case_reference", data.text),
        children: try data.optional("children", data.whole), heldAt: try data.optional("held_at", data.instant))
      self = .convened(
        convene, meeting, agencies: agencies, policy: try data.policyRef("policy"),
        firstBody: try data.fingerprint("first_body"))
    case "rescheduled":
      self = .rescheduled(meetingAt: try data.instant("meeting_at"), reason: try data.text("reason"))
    case "acknowledged":
      self = .acknowledged(
        try data.slug("agency"), byRole: try data.text("by_role"), via: try data.word("via"),
        occurred: try data.instant("occurred_at"),
        by: data.json["route"] == nil ? nil : try Acknowledger(data))
    case "contributionRecorded":
      self = .contributionRecorded(
        try data.slug("agency"), try data.word("kind"), byRole: try data.text("by_role"), via: try data.word("via"),
        occurred: try data.instant("occurred_at"))
    case "contributionConfirmed":
      self = .contributionConfirmed(try data.slug("agency"), byRole: try data.optional("by_role", data.text))
    case "declined":
      self = .declined(
        try data.slug("agency"), try data.word("code"), byRole: try data.text("by_role"),
        occurred: try data.instant("occurred_at"))
    case "held": self = .held(occurred: try data.instant("occurred_at"), form: try data.word("form"))
    case "decided":
      let decision = Decision(
        outcome: try data.word("outcome"), decidedAt: try data.instant("occurred_at"),
        byRole: try data.text("by_role"), flags: try data.words("flags"), dissent: try data.slugs("dissent"),
        reason: try data.optional("reason", data.text),
        s47StartedAt: try data.optional("s47_started_at", data.instant),
        conference: try data.fields("conference").map { data throws(LineFault) in
          ConferenceDue(
            from: try data.instant("from"), due: try data.instant("due"), provisional: try data.flag("provisional"))
        })
      self = .decided(decision, missing: try data.slugs("missing"))
    case "circulated":
      self = .circulated(
        to: try data.slugs("to"), occurred: try data.instant("occurred_at"), closes: try data.instant("closes_at"))
    case "closingMoved": self = .closingMoved(to: try data.instant("closes_at"))
    case "cancelled": self = .cancelled(reason: try data.text("reason"))
    case "closed": self = .closed(byPolicy: try data.flag("by_policy"))
    default: try self.init(afterwards: name, data)
    }
  }

  private init(afterwards name: String, _ data: Fields) throws(LineFault) {
    switch name {
    case "detailsSent":
      self = .detailsSent(
        try data.slug("agency"), try data.word("place"),
        route: try data.optional("route") { name throws(LineFault) in try data.slug(name) },
        occurred: try data.instant("occurred_at"))
    case "telephoned":
      self = .telephoned(
        try data.slug("agency"), number: try data.text("number"), try data.word("result"),
        byRole: try data.text("by_role"), occurred: try data.instant("occurred_at"))
    case "barrierProposed":
      self = .barrierProposed(
        try data.slug("agency"), try data.word("code"), answerUntil: try data.instant("until"))
    case "barrierNamed":
      self = .barrierNamed(
        try data.slug("agency"), try data.word("code"), by: try data.word("by"),
        agreed: try data.optional("agreed", data.flag), answerUntil: try data.optional("until", data.instant))
    case "receiptRecorded":
      self = .receiptRecorded(try data.slug("agency"), occurred: try data.instant("occurred_at"))
    case "conferenceHeld": self = .conferenceHeld(occurred: try data.instant("occurred_at"))
    case "followUpDone":
      self = .followUpDone(byRole: try data.text("by_role"), occurred: try data.instant("occurred_at"))
    case "clockStarted":
      self = .clockStarted(
        try data.word("clock"), occurred: try data.instant("occurred_at"), due: try data.instant("due"),
        provisional: try data.flag("provisional"), level: try data.optional("level", data.whole) ?? 1)
    case "clockMoved":
      self = .clockMoved(
        try data.word("clock"), due: try data.instant("due"), provisional: try data.flag("provisional"))
    case "clockStopped":
      self = .clockStopped(try data.word("clock"), occurred: try data.instant("occurred_at"))
    case "handedOver":
      self = .handedOver(
        try data.slug("agency"), try data.word("place"),
        from: try data.optional("from") { name throws(LineFault) in try data.slug(name) },
        to: try data.optional("route") { name throws(LineFault) in try data.slug(name) },
        until: try data.optional("until", data.instant))
    case "acknowledgementLapsed":
      self = .acknowledgementLapsed(
        try data.slug("agency"), try data.word("place"), route: try data.slug("route"))
    default: try self.init(reminding: name, data)
    }
  }

  private init(reminding name: String, _ data: Fields) throws(LineFault) {
    switch name {
    case "ladderPlanned":
      var rungs: [Rung] = []
      for rung in try data.list("rungs") { rungs.append(try Rung(Fields(rung))) }
      self = .ladderPlanned(try data.slug("agency"), try data.word("reason"), rungs)
    case "policyPinned": self = .policyPinned(try data.policyRef("policy"))
    case "placeSkipped":
      self = .placeSkipped(
        try data.slug("agency"), try data.word("place"), step: try data.slug("step"), try data.word("reason"),
        route: try data.optional("route") { name throws(LineFault) in try data.slug(name) })
    case "rungsPassed":
      self = .rungsPassed(try data.slug("agency"), try data.slugs("steps"), try data.word("reason"))
    case "attemptBegan":
      self = .attemptBegan(
        try data.reminder("reminder"), attempt: try data.whole("attempt"), route: try data.slug("route"),
        opening: data.json["body"] == nil ? nil : try Opening(data))
    case "attemptEnded":
      self = .attemptEnded(
        try data.reminder("reminder"), attempt: try data.whole("attempt"), try Answer(data),
        next: try data.optional("next", data.instant))
    case "attemptLost":
      self = .attemptLost(
        try data.reminder("reminder"), attempt: try data.whole("attempt"), next: try data.optional("next", data.instant)
      )
    case "reminderExpired": self = .reminderExpired(try data.reminder("reminder"))
    case "resendRequested":
      self = .resendRequested(
        try data.reminder("reminder"), next: try data.instant("next"), body: try data.text("body"))
    default: try self.init(keeping: name, data)
    }
  }

  private init(keeping name: String, _ data: Fields) throws(LineFault) {
    switch name {
    case "routeStopped": self = .routeStopped(try data.slug("route"))
    case "routeEnabled": self = .routeEnabled(try data.slug("route"))
    case "rotaSet":
      var entries: [RotaEntry] = []
      for entry in try data.list("entries") { entries.append(try RotaEntry(Fields(entry))) }
      self = .rotaSet(entries)
    case "coverSet":
      self = .coverSet(
        Cover(
          place: try data.word("place"), route: try data.slug("route"), until: try data.instant("until"),
          reason: try data.text("reason")))
    case "policyAdopted":
      guard let content = data.fields("content") else { throw LineFault(what: "content is missing") }
      self = .policyAdopted(try Policy(content), try data.policyRef("policy"))
    case "calendarAdopted":
      let texts = try data.list("bank_holidays")
      let days = texts.compactMap { $0.string.flatMap { CivilDate($0) } }
      guard days.count == texts.count else { throw LineFault(what: "bank_holidays") }
      self = .calendarAdopted(
        zone: try data.text("time_zone"), holidays: BankHolidays(days: Set(days)),
        working: try data.fields("working").map(OpenHours.init))
    case "started": self = .started(version: try data.text("version"))
    case "stopping": self = .stopping
    case "paused": self = .paused(until: try data.instant("until"), reason: try data.text("reason"))
    case "resumed": self = .resumed(byItself: try data.flag("by_itself"))
    case "clockStepped":
      self = .clockStepped(
        by: try data.elapsed("by_ms"), escalationsFrom: try data.optional("escalations_from", data.instant))
    case "breakAccepted": self = .breakAccepted(try AcceptedBreak(data))
    case "erased":
      self = .erased(stream: try data.text("stream"), seqs: try data.list("seqs").compactMap(\.int))
    default: try self.init(atFrontDoor: name, data)
    }
  }
}
