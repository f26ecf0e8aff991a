// A discussion's own events in words: convened, answered, held, decided and how it ended. Says roles, agencies and
// times; never an outcome that the document does not carry.
import Convening
import Wire

struct EventWords {
  let page: Page
  let entry: JSON
  let data: JSON
  let recorded: Instant
  /// When the decision was taken, where an entry before this one says so.
  var decidedAt: Instant?
  /// It has a time already.
  var hasTime = true
  /// The details went to somebody at the agency and not to this route.
  var lacksDetails = false
  /// Who was missing at the decision, where an entry before this one says so.
  var missing: [String]?
  /// The level of this clock that runs, where it is above the first.
  var level: Int?
  /// Until when this clock runs, or this agency may answer, where an entry before this one says so.
  var until: Instant?

  func said(_ event: String) -> [String] {
    switch event {
    case "convened": return convened
    case "rescheduled": return ["\(hasTime ? "Moved to" : "Time set:") \(at("meeting_at"))\(reason)"]
    case "acknowledged":
      let stays = data["stays"]?.bool == true ? ", and keeps it in hand" : ""
      return ["acknowledged\(forUnit)\(role)\(via)\(stays)\(happened)"]
    case "handedOver": return [handedOver]
    case "acknowledgementLapsed":
      return ["unanswered again: \(data.text("route").map(page.route) ?? "who acknowledged") is no longer \(place)"]
    case "contributionRecorded":
      let isReported = data.text("via") == Via.link.rawValue
      let part = "took part \(data.text("kind").map(Words.kind) ?? "")\(forUnit)\(role)\(happened)\(late)"
      return [isReported ? "reports by link: \(part). To be confirmed" : part]
    case "contributionConfirmed": return ["what it reported is confirmed\(by)"]
    case "declined":
      return [
        "will not take part\(forUnit)\(role), \(data.text("code").map(Words.reason) ?? "no reason given")\(happened)"
      ]
    case "held": return ["Held\(data.text("form").map { " (\(Words.form($0)))" } ?? "")\(happened)"]
    case "decided": return decided
    case "circulated":
      let closes = data.moment("closes_at").map { ". Closes by itself \(limit($0))" } ?? ""
      return ["Record circulated to \(page.agencies(data.texts("to")))\(happened)\(closes)"]
    case "closingMoved":
      return [
        "Other bank holidays: closes by itself \(data.moment("closes_at").map(limit) ?? "at another time")"
      ]
    case "detailsSent":
      let route = data.text("route").map { ": \(page.route($0))" } ?? ""
      return ["details sent to \(data.text("place").map(Words.place) ?? "the agency")\(forUnit)\(route)\(happened)"]
    case "telephoned": return [telephoned]
    case "barrierProposed": return [proposed]
    case "barrierNamed": return [named]
    case "absenceSettled": return settled
    case "receiptRecorded": return ["has the record\(happened)"]
    case "corrected": return corrected
    case "conferenceHeld": return ["Initial child protection conference held\(happened)"]
    case "followUpDone": return ["Follow-up done\(by)\(happened)"]
    case "clockStarted", "clockMoved", "clockStopped": return [clock(event)]
    case "cancelled": return ["Cancelled\(reason)"]
    case "closed": return [data["by_policy"]?.bool == true ? "Closed by itself, as the policy says" : "Closed"]
    case "policyPinned": return ["Policy \(data.text("policy") ?? "") applies"]
    case "placeSkipped", "placeEmpty": return [skipped]
    case "rungsPassed": return [passed]
    case "contactReceived": return ["Front-door contact received\(happened)"]
    case "contactAmended": return ["What was said of the front-door contact has changed"]
    case "contactOutcome": return ["Outcome of the front-door contact recorded\(by)\(happened)"]
    case "contactReviewed": return ["Front-door contact reviewed\(by)\(happened)"]
    case "reviewMoved": return ["Review of the front-door contact now due \(at("due"))"]
    case "feedHeard": return ["Contacts were told of, and none was new"]
    case "snapshotTaken": return ["A report was kept"]
    case "erased": return ["An entry was erased"]
    case "resendRequested":
      return ["Sending it again was asked for\(data.moment("next").map { ", at \(page.clock.seconds($0))" } ?? "")"]
    default: return [event]
    }
  }

  private var convened: [String] {
    let first = data["earliest"]?.bool == true ? ", the first time that suited" : ""
    var text = "Convened for \(at("meeting_at"))\(by)\(first)"
    if let held = data.moment("held_at") {
      text = "Entered late\(by): held \(local(held)). Nobody is asked or told"
    } else if let until = data.moment("answer_by") {
      text = "Convened\(by), to meet \(Words.noTime), by \(local(until)) at the latest"
    } else if let meeting = data.moment("meeting_at") {
      // To the nearest minute: the entry is written some seconds after somebody typed it.
      let notice = meeting - recorded
      text += ". Notice \(Clock.words(notice < .minutes(1) ? notice : notice + .seconds(30)))"
    }
    var lines = [text]
    if let earlier = data.text("follows") { lines.append("It follows \(earlier)") }
    if let need = data.moment("need_identified_at") { lines.append("Need identified \(page.clock.near(need))") }
    let asked = data.texts("agencies")
    if !asked.isEmpty {
      lines.append("To take part: \(page.agencies(asked))\(data.text("policy").map { ". Policy \($0)" } ?? "")")
    }
    return lines
  }

  private var decided: [String] {
    let taken = data.moment("decided_at") ?? entry.moment("occurred_at")
    var text = "Decided\(by)"
    if let taken { text += " \(local(taken)). Recorded \(local(recorded)) (\(Clock.words(recorded - taken)) later)" }
    let missing = data.texts("missing")
    if !missing.isEmpty { text += ". Without \(page.agencies(missing))" }
    if let reason = data.text("reason") { text += ", reason \(Words.reason(reason))" }
    return [text] + outcome
  }

  /// What the document shows of it on the control socket alone, and only where it is asked for.
  private var outcome: [String] {
    guard let outcome = data.text("outcome") else { return ["Outcome hidden; --outcome shows it"] }
    var parts = ["Outcome: \(Words.outcome(outcome))"] + data.texts("flags").map(Words.plain)
    if let started = data.moment("s47_started_at") { parts.append("section 47 started \(local(started))") }
    let dissent = data.texts("dissent")
    if !dissent.isEmpty { parts.append("\(page.agencies(dissent)) did not agree") }
    return [parts.joined(separator: ", ")]
  }

  /// Who was missing, where that is another than before.
  private var settled: [String] {
    guard data["missing"] != nil, data.texts("missing") != missing else { return [] }
    let now = data.texts("missing")
    if now.isEmpty { return missing == nil ? [] : ["So it was decided with all who are required"] }
    return ["So it was decided without \(page.agencies(now))"]
  }

  /// "Entry 9 is struck: it counts for nothing. Reason: wrong agency"; or what it should have said, in its own words.
  private var corrected: [String] {
    let struck = "#\(data["strikes"]?.int ?? 0)"
    var lines: [String]
    if let replacement = data["replacement"], let event = data.text("corrects") {
      var right = EventWords(page: page, entry: replacement, data: replacement, recorded: recorded)
      (right.decidedAt, right.hasTime) = (decidedAt, hasTime)
      let about = data.text("agency") ?? entry.text("agency")
      let agency = replacement.text("agency").map { $0 == about ? "" : "\(page.agency($0)) " } ?? ""
      let words = right.said(event)
      lines = ["instead of \(struck): \(agency)\(words.first ?? "")\(reason)"] + words.dropFirst()
    } else {
      lines = ["\(struck) is withdrawn: it counts for nothing\(reason)"]
    }
    let isWithdrawn = data.text("corrects") == Correctable.decided.rawValue && data["replacement"] == nil
    if !isWithdrawn { lines += settled }
    let clocks = data.items("clocks").compactMap(standing)
    if !clocks.isEmpty { lines.append("Clocks as they stand: \(clocks.joined(separator: "; "))") }
    return lines
  }

  /// "C7 due Mon 7 Jun, met". Of those that end with an entry of their own, the correction does not say whether they have.
  private func standing(_ clock: JSON) -> String? {
    guard let id = clock.text("clock"), let due = clock.moment("due") else { return nil }
    let level = clock["level"]?.int.map { $0 > 1 ? " level \($0)" : "" } ?? ""
    let end =
      switch (ClockID(rawValue: id), clock.moment("stopped_at")) {
      case (.c5, .some): ", \(Words.goesOn(in: clock.text("goes_on_in")))"
      case (_, let stopped?): stopped > due ? ", missed" : ", met"
      case (.c1, nil), (.c4, nil), (.c6, nil), (.c7, nil), (.c10, nil), (.c11, nil): ", open"
      case (_, nil): ""
      }
    return "\(id)\(level) due \(limit(due))\(end)"
  }

  private var telephoned: String {
    let number = data.text("number").map { ", \($0)" } ?? ""
    return "telephoned\(by)\(number): \(data.text("result").map(Words.result) ?? "no result given")\(happened)"
  }

  private var proposed: String {
    let agency = (data.text("agency") ?? entry.text("agency")).map(page.agency) ?? "The agency"
    let end = data.moment("until").map { ". \(agency) may dispute until \(limit($0))" } ?? ""
    return "reason proposed: \(barrier)\(end)"
  }

  private var named: String {
    guard data.text("by") == Party.agency.rawValue else {
      let end = data.moment("until").map { ". It may be disputed until \(limit($0))" } ?? ""
      return "reason given\(data.text("by").map { " by the \($0)" } ?? ""): \(barrier)\(end)"
    }
    guard let until else { return "gives the reason \(barrier)" }
    let verb =
      switch data["agreed"]?.bool {
      case true?: "agrees with the reason"
      case false?: "disputes the reason, gives"
      case nil: "gives the reason"
      }
    return "\(verb) \(barrier)\(recorded > until ? "; late, it had until \(limit(until))" : "")"
  }

  private var barrier: String { data.text("code").map(Words.reason) ?? "without a code" }

  /// "Conference (C5) due Fri 21 May", "First core group (C7): met, 2 days left". That of the conference stops by itself only
  /// where the discussion that follows goes on with it.
  private func clock(_ event: String) -> String {
    let words = Words.capitalised(data.text("clock").map(Words.clock) ?? "a clock")
    let level = (data["level"]?.int ?? level).map { ", level \($0)," } ?? ""
    let due = data.moment("due").map { "due \(limit($0))" } ?? "due at a time not given"
    let mark = data["provisional"]?.bool == true ? ", provisional" : ""
    switch event {
    case "clockStarted":
      return "\(words)\(level) \(due)\(mark)\(happened.isEmpty ? "" : ", from \(occurred.map(local) ?? "")")"
    case "clockMoved":
      return "\(words) now \(due)\(mark): other bank holidays, or another edition of the policy"
    case "clockStopped" where data.text("clock") == ClockID.c5.rawValue:
      return "\(words): \(Words.goesOn(in: data.text("goes_on_in")))"
    default:
      let margin = if let until, let occurred { Words.margin(until - occurred) } else { "done" }
      return "\(words)\(level.dropLast()): \(margin)\(happened)"
    }
  }

  private var place: String { data.text("place").map(Words.place) ?? "the place" }

  /// "hand-over: on-call-nurse is point of contact until Tue 4 May 08:30"
  private var handedOver: String {
    guard let route = data.text("route").map(page.route) else { return "hand-over: nobody holds the place of \(place)" }
    let until = data.moment("until").map { " until \(page.clock.near($0))" } ?? ""
    return "hand-over: \(route) is \(place)\(until)\(lacksDetails ? ". Details not sent to them" : "")"
  }

  private var skipped: String {
    let step = data.text("step").map { " (step \(Words.plain($0)))" } ?? ""
    let route = data.text("route").map(page.route)
    switch data.text("reason") {
    case "already_asked": return "\(place) not asked again\(step): \(route ?? "the same holder") was asked already"
    case "acknowledged": return "\(place) not told\(step): the agency has it in hand"
    case "not_acknowledged": return "nobody to remind\(step): the agency has not acknowledged"
    case "stopped": return "\(place) not asked\(step): \(route ?? "its route") wants no more messages"
    case "no_holder": return "nobody holds the place of \(place)\(step)"
    case let other:
      return "\(place) not asked\(step)\(route.map { ", \($0)" } ?? "")\(other.map { ": \(Words.plain($0))" } ?? "")"
    }
  }

  private var passed: String {
    let steps = Words.joined(data.texts("steps").map(Words.plain))
    switch data.text("reason") {
    case "newer": return "\(steps) not sent: a newer step was due as well"
    case "too_late": return "\(steps) not sent: it was too late for it"
    case let other: return "\(steps) not sent\(other.map { ": \(Words.plain($0))" } ?? "")"
    }
  }

  private var reason: String { data.text("reason").map { ". Reason: \($0)" } ?? "" }

  /// Who said so at the agency.
  private var role: String { data.text("by_role").map { ": \($0)" } ?? "" }

  /// ", for Community trust": which unit of the agency.
  private var forUnit: String {
    let agency = data.text("agency") ?? entry.text("agency") ?? ""
    return data.text("unit").map { ", for \(page.unit($0, of: agency))" } ?? ""
  }

  private var by: String { data.text("by_role").map { " by \($0)" } ?? "" }

  private var via: String { data.text("via").map { " (\(Words.via($0)))" } ?? "" }

  private var occurred: Instant? { entry.moment("occurred_at") ?? data.moment("occurred_at") }

  /// Said once: one kind of contribution says it itself.
  private var late: String {
    guard let decidedAt, let occurred, occurred > decidedAt,
      data.text("kind") != ContributionKind.afterDecision.rawValue
    else { return "" }
    return "; after the decision: shown, not counted"
  }

  /// When it happened, where that is more than a minute before it was recorded.
  private var happened: String {
    guard let occurred, recorded - occurred >= .minutes(1) else { return "" }
    return ", at \(local(occurred))"
  }

  private func at(_ name: String) -> String { data.moment(name).map(local) ?? "a time not given" }

  /// A time on the day of the entry is a time alone.
  private func local(_ moment: Instant) -> String { there.near(moment) }

  /// The end of a day is that day.
  private func limit(_ moment: Instant) -> String { there.limit(moment) }

  /// The clock as it stood when the entry was written.
  private var there: Clock { Clock(zone: page.clock.zone, now: recorded) }
}
