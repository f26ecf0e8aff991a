// What a correction says in its line's `data`, and back: which entry it strikes, what that should have said, written as that
// entry's own `data`, and what stands from then on.
import Convening

extension Correction {
  func write(to out: inout JSONWriter) {
    out.add("strikes", revision)
    out.add("corrects", corrects)
    out.add("agency", agency?.text)
    if let clock { out.add("clock", clock) }
    out.add("reason", reason)
    if let replacement { out.object("replacement", replacement.write) }
    if let course = standing.course { out.add("missing", course.missing) }
    out.object("standing", standing.write)
  }

  init(_ data: Fields) throws(LineFault) {
    let corrects: Correctable = try data.word("corrects")
    guard let standing = data.fields("standing") else { throw LineFault(what: "standing") }
    self.init(
      revision: try data.whole("strikes"), corrects: corrects,
      agency: try data.optional("agency") { name throws(LineFault) in try data.slug(name) },
      clock: try data.optional("clock") { name throws(LineFault) in try data.word(name) },
      reason: try data.text("reason"),
      replacement: try data.fields("replacement").map { fields throws(LineFault) in
        try Event(named: corrects.rawValue, fields)
      },
      standing: try Standing(
        standing,
        missing: try data.optional("missing") { name throws(LineFault) in
          try data.slugs(name)
        }))
  }
}

extension Standing {
  fileprivate func write(to out: inout JSONWriter) {
    if !parts.isEmpty { out.array("parts", parts) { out, part in out.object(part.write) } }
    if let course { out.object("course", course.write) }
    if let clocks { out.array("clocks", clocks) { out, clock in out.object(clock.write) } }
  }

  fileprivate init(_ data: Fields, missing: [AgencyID]?) throws(LineFault) {
    self.init()
    for part in data.json["parts"]?.array ?? [] { parts.append(try Part(Fields(part))) }
    if let fields = data.fields("course") {
      var course = try Course(fields)
      course.missing = missing ?? []
      self.course = course
    }
    if let list = data.json["clocks"]?.array {
      var clocks: [WorkClock] = []
      for clock in list { clocks.append(try WorkClock(Fields(clock))) }
      self.clocks = clocks
    }
  }
}

extension Standing.Part {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("agency", agency.text)
    out.add("acknowledged_at", acknowledged)
    if let acknowledger { out.object("acknowledger", acknowledger.write) }
    out.add("lapsed", lapsed)
    if let declined { out.object("declined", declined.write) }
    if !contributions.isEmpty { out.array("contributions", contributions) { out, one in out.object(one.write) } }
    if !reported.isEmpty { out.array("reported", reported) { out, one in out.object(one.write) } }
    out.add("first_answered", firstAnswered)
    if !detailsSent.isEmpty { out.array("details_sent", detailsSent) { out, one in out.object(one.write) } }
    if let barrier { out.object("barrier", barrier.write) }
    if !units.isEmpty { out.array("units", units) { out, one in out.object(one.write) } }
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(agency: try data.slug("agency"))
    acknowledged = try data.optional("acknowledged_at", data.instant)
    acknowledger = try data.fields("acknowledger").map(Acknowledger.init)
    lapsed = try data.optional("lapsed", data.instant)
    declined = try data.fields("declined").map(Decline.init)
    for one in data.json["contributions"]?.array ?? [] { contributions.append(try Contribution(Fields(one))) }
    for one in data.json["reported"]?.array ?? [] { reported.append(try Contribution(Fields(one))) }
    firstAnswered = try data.optional("first_answered", data.instant)
    for one in data.json["details_sent"]?.array ?? [] { detailsSent.append(try DetailsSent(Fields(one))) }
    barrier = try data.fields("barrier").map(Barrier.init)
    for one in data.json["units"]?.array ?? [] { units.append(try UnitAnswer(Fields(one))) }
  }
}

extension Standing.Part.Decline {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("code", code)
    out.add("at", at)
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(code: try data.word("code"), at: try data.instant("at"))
  }
}

extension UnitAnswer {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("unit", unit.text)
    out.add("acknowledged_at", acknowledged)
    if let declined { out.object("declined", declined.write) }
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(
      unit: try data.slug("unit"), acknowledged: try data.optional("acknowledged_at", data.instant),
      declined: try data.fields("declined").map(Standing.Part.Decline.init))
  }
}

extension Contribution {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("kind", kind)
    out.add("by_role", byRole)
    out.add("via", via)
    out.add("occurred_at", occurred)
    out.add("recorded_at", recorded)
    out.add("unit", unit?.text)
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(
      kind: try data.word("kind"), byRole: try data.text("by_role"), via: try data.word("via"),
      occurred: try data.instant("occurred_at"), recorded: try data.instant("recorded_at"),
      unit: try data.unit())
  }
}

extension DetailsSent {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("place", place)
    out.add("route", route?.text)
    out.add("at", at)
    out.add("unit", unit?.text)
    if isNeeded { out.add("needed", true) }
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(
      place: try data.word("place"),
      route: try data.optional("route") { name throws(LineFault) in try data.slug(name) }, at: try data.instant("at"),
      unit: try data.unit(), isNeeded: try data.optional("needed", data.flag) ?? false)
  }
}

extension Barrier {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("code", code)
    out.add("by", by)
    if let proposed { out.add("proposed", proposed) }
    out.add("until", answerUntil)
    if let reply {
      out.object("reply") { out in
        out.add("code", reply.code)
        out.add("agreed", reply.agreed)
        out.add("at", reply.at)
      }
    }
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(
      code: try data.word("code"), by: try data.word("by"),
      proposed: try data.optional("proposed") { name throws(LineFault) in try data.word(name) },
      answerUntil: try data.instant("until"),
      reply: try data.fields("reply").map { data throws(LineFault) in
        Reply(code: try data.word("code"), agreed: try data.flag("agreed"), at: try data.instant("at"))
      })
  }
}

extension Standing.Course {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("phase", phase)
    out.add("held_at", heldAt)
    if let heldForm { out.add("form", heldForm) }
    if let decision { out.object("decision") { Event.decided(decision, missing: []).write(to: &$0) } }
    out.add("decision_recorded_at", decisionRecorded)
    out.add("circulated_to", circulatedTo)
    out.add("circulated_at", circulatedAt)
    out.add("closes_at", closesAt)
    out.array("receipts", receipts) { out, receipt in
      out.object { out in
        out.add("agency", receipt.agency.text)
        out.add("at", receipt.at)
      }
    }
    out.add("conference_held_at", conferenceHeldAt)
    out.add("follow_up_done_at", followUpDoneAt)
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(phase: try data.word("phase"))
    heldAt = try data.optional("held_at", data.instant)
    heldForm = try data.optional("form") { name throws(LineFault) in try data.word(name) }
    if let fields = data.fields("decision"), case .decided(let decision, _) = try Event(named: "decided", fields) {
      self.decision = decision
    }
    decisionRecorded = try data.optional("decision_recorded_at", data.instant)
    circulatedTo = try data.slugs("circulated_to")
    circulatedAt = try data.optional("circulated_at", data.instant)
    closesAt = try data.optional("closes_at", data.instant)
    for receipt in try data.list("receipts") {
      let fields = Fields(receipt)
      receipts.append(Receipt(agency: try fields.slug("agency"), at: try fields.instant("at")))
    }
    conferenceHeldAt = try data.optional("conference_held_at", data.instant)
    followUpDoneAt = try data.optional("follow_up_done_at", data.instant)
  }
}

extension WorkClock {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("clock", id)
    out.add("level", level)
    out.add("started_at", started)
    out.add("due", due)
    out.add("provisional", provisional)
    out.add("stopped_at", stopped)
    out.add("goes_on_in", goesOnIn?.description)
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(
      id: try data.word("clock"), started: try data.instant("started_at"), due: try data.instant("due"),
      provisional: try data.flag("provisional"), level: try data.whole("level"))
    if let stopped = try data.optional("stopped_at", data.instant) {
      self = self.stopped(at: stopped, goesOnIn: try data.optional("goes_on_in", data.discussion))
    }
  }
}
