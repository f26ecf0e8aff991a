// A policy's content as JSON: what the journal keeps of each edition, so that an old quorum can be explained after the
// settings changed.
import Convening

extension Policy {
  func write(to out: inout JSONWriter) {
    out.add("id", id.text)
    out.add("from", from.description)
    out.add("required", required)
    out.array("counting", counting.map(\.rawValue).sorted()) { $0.quote($1) }
    out.add("decision_recorded_ms", decisionRecorded.milliseconds)
    switch closeAfter {
    case .elapsed(let elapsed): out.add("close_after_ms", elapsed.milliseconds)
    case .workingDays(let days): out.add("close_after_working_days", days)
    case .workingHours(let elapsed): out.add("close_after_working_ms", elapsed.milliseconds)
    }
    out.add("reason_without_all", reasonWithoutAll)
    out.object("standard", standard.write)
    if let urgent { out.object("urgent", urgent.write) }
    if conferenceFrom != .initiating { out.add("conference_from", conferenceFrom) }
    if !clocks.isEmpty {
      out.array("clocks", ClockID.allCases.filter { clocks[$0] != nil }) { out, clock in
        out.object { out in
          out.add("clock", clock)
          out.array("limits", clocks[clock] ?? []) { out, limit in out.object(limit.write) }
        }
      }
    }
  }

  init(_ data: Fields) throws(LineFault) {
    guard let from = CivilDate(try data.text("from")), let ladder = data.fields("standard") else {
      throw LineFault(what: "from or standard")
    }
    let closeAfter: Limit
    if let days = try data.optional("close_after_working_days", data.whole) {
      closeAfter = .workingDays(days)
    } else if let elapsed = try data.optional("close_after_working_ms", data.elapsed) {
      closeAfter = .workingHours(elapsed)
    } else {
      closeAfter = .elapsed(try data.elapsed("close_after_ms"))
    }
    var conferenceFrom = ConferenceReading.initiating
    if data.json["conference_from"] != nil { conferenceFrom = try data.word("conference_from") }
    var clocks: [ClockID: [Limit]] = [:]
    for clock in data.json["clocks"]?.array ?? [] {
      let fields = Fields(clock)
      var limits: [Limit] = []
      for limit in try fields.list("limits") { limits.append(try Limit(Fields(limit))) }
      clocks[try fields.word("clock")] = limits
    }
    self.init(
      id: try data.slug("id"), from: from, required: try data.slugs("required"),
      counting: Set(try data.words("counting")), decisionRecorded: try data.elapsed("decision_recorded_ms"),
      closeAfter: closeAfter, reasonWithoutAll: try data.flag("reason_without_all"),
      standard: try Ladder(ladder), urgent: try data.fields("urgent").map(Ladder.init), clocks: clocks,
      conferenceFrom: conferenceFrom)
  }
}

extension Limit {
  /// One member, whose name says the unit.
  func write(to out: inout JSONWriter) {
    switch self {
    case .elapsed(let elapsed): out.add("ms", elapsed.milliseconds)
    case .workingDays(let days): out.add("working_days", days)
    case .workingHours(let elapsed): out.add("working_ms", elapsed.milliseconds)
    }
  }

  init(_ data: Fields) throws(LineFault) {
    if let days = try data.optional("working_days", data.whole) {
      self = .workingDays(days)
    } else if let elapsed = try data.optional("working_ms", data.elapsed) {
      self = .workingHours(elapsed)
    } else {
      self = .elapsed(try data.elapsed("ms"))
    }
  }
}

extension Ladder {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("acknowledgement_holds_ms", acknowledgementHolds.milliseconds)
    out.add("last_attempt_margin_ms", lastAttemptMargin.milliseconds)
    if squeezes { out.add("squeezes", true) }
    out.array("steps", steps) { out, step in out.object(step.write) }
    if let afterDecision {
      out.object("after_decision") { out in
        out.add("name", afterDecision.name.text)
        out.add("to", afterDecision.to)
      }
    }
    if let heldWithin { out.object("held_within", heldWithin.write) }
    if let fairNotice { out.object("fair_notice", fairNotice.write) }
    if let undeliveredAfter { out.add("undelivered_after_ms", undeliveredAfter.milliseconds) }
    if let defersTo { out.object("defers_to", defersTo.write) }
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    var steps: [Step] = []
    for step in try data.list("steps") { steps.append(try Step(Fields(step))) }
    self.init(
      acknowledgementHolds: try data.elapsed("acknowledgement_holds_ms"),
      lastAttemptMargin: try data.elapsed("last_attempt_margin_ms"),
      squeezes: try data.optional("squeezes", data.flag) ?? false, steps: steps,
      afterDecision: try data.fields("after_decision").map { data throws(LineFault) in
        AfterDecision(name: try data.slug("name"), to: try data.words("to"))
      },
      heldWithin: try data.fields("held_within").map(Limit.init),
      fairNotice: try data.fields("fair_notice").map(Limit.init),
      undeliveredAfter: try data.optional("undelivered_after_ms", data.elapsed),
      defersTo: try data.fields("defers_to").map(OpenHours.init))
  }
}

extension Step {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("name", name.text)
    switch when {
    case .once: out.add("at", "once")
    case .unanswered(let wait, inWorkingHours: false): out.add("unanswered_ms", wait.milliseconds)
    case .unanswered(let wait, inWorkingHours: true): out.add("unanswered_working_ms", wait.milliseconds)
    case .before(let lead): out.add("before_ms", lead.milliseconds)
    }
    out.add("to", to)
    if tellsConvener { out.add("tells_convener", true) }
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    let when: When
    if let wait = try data.optional("unanswered_ms", data.elapsed) {
      when = .unanswered(wait)
    } else if let wait = try data.optional("unanswered_working_ms", data.elapsed) {
      when = .unanswered(wait, inWorkingHours: true)
    } else if let lead = try data.optional("before_ms", data.elapsed) {
      when = .before(lead)
    } else {
      when = .once
    }
    self.init(
      name: try data.slug("name"), when: when, to: try data.words("to"),
      tellsConvener: try data.optional("tells_convener", data.flag) ?? false)
  }
}
