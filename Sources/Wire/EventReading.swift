// What a line's `data` says, as an event again: the way back of `EventLine`, case by case in the same order. What cannot be
// read is thrown, never guessed.
import Convening

extension Event {
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
        children: try data.optional("children", data.whole), heldAt: try data.optional("held_at", data.instant),
        follows: try data.optional("follows", data.discussion))
      self = .convened(
        convene, meeting, agencies: agencies, policy: try data.policyRef("policy"),
        firstBody: try data.fingerprint("first_body"),
        convener: try data.optional("convener") { name throws(LineFault) in try data.slug(name) })
    case "rescheduled":
      self = .rescheduled(meetingAt: try data.instant("meeting_at"), reason: try data.text("reason"))
    case "acknowledged":
      self = .acknowledged(
        try data.slug("agency"), byRole: try data.text("by_role"), via: try data.word("via"),
        occurred: try data.instant("occurred_at"),
        by: data.json["route"] == nil ? nil : try Acknowledger(data), unit: try data.unit())
    case "contributionRecorded":
      self = .contributionRecorded(
        try data.slug("agency"), try data.word("kind"), byRole: try data.text("by_role"), via: try data.word("via"),
        occurred: try data.instant("occurred_at"), unit: try data.unit())
    case "contributionConfirmed":
      self = .contributionConfirmed(try data.slug("agency"), byRole: try data.optional("by_role", data.text))
    case "declined":
      self = .declined(
        try data.slug("agency"), try data.word("code"), byRole: try data.text("by_role"),
        occurred: try data.instant("occurred_at"), unit: try data.unit())
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
        occurred: try data.instant("occurred_at"), unit: try data.unit(),
        needed: try data.optional("needed", data.flag) ?? false)
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
    case "absenceSettled": self = .absenceSettled(missing: try data.slugs("missing"))
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
      self = .clockStopped(
        try data.word("clock"), occurred: try data.instant("occurred_at"),
        goesOnIn: try data.optional("goes_on_in", data.discussion))
    case "corrected": self = .corrected(try Correction(data))
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
    case "snapshotTaken":
      self = .snapshotTaken(
        from: try data.instant("from"), to: try data.instant("to"), reason: try data.optional("reason", data.text),
        digest: try data.text("sha256"), document: try data.text("document"))
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
    case "feedHeard": self = .feedHeard
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
