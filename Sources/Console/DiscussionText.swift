// `list`, `show` and `plan`: one discussion or many, in words. A discussion has no name here but its reference.
import Convening
import Wire

public struct DiscussionText {
  private let page: Page

  public init(page: Page) { self.page = page }

  /// The document that every change answers; with its plan where that was asked for too. A discussion knows what is planned,
  /// its plan also who is passed because a route has stopped or nobody holds a place.
  public func show(_ document: JSON, plan: JSON? = nil) -> [String] {
    let over = self.over(document)
    // Its state is the last that is over, or says more than that.
    let isSaid = over.last.map { $0.hasPrefix("\(state(document)) ") } ?? false
    var parts = (isSaid ? [] : [state(document)]) + over
    if let urgency = document.text("urgency") { parts.append(urgency) }
    if let form = document.text("form") { parts.append(Words.form(form)) }
    if over.isEmpty { parts += when(document) }
    if document["late_entry"]?.bool == true { parts.append("entered late") }
    var lines = ["\(document.text("id") ?? "")  \(parts.joined(separator: ", "))"]
    let team = document.text("team").map { "Team \(Words.plain($0))" }
    let by = document.text("convened_by").map { "convened by \($0)" }
    let who = [team, by].compactMap { $0 }.joined(separator: ", ")
    if !who.isEmpty { lines.append(Words.capitalised(who)) }
    if let reference = document.text("case_reference") { lines.append("Case reference \(reference)") }
    let positions = document.items("positions")
    if !positions.isEmpty {
      var table = Table("AGENCY", "POSITION", "TOOK PART", "REASON")
      for position in positions {
        table.add(row(position, in: document))
        for unit in position.items("units") { table.add(row(unit, of: position, in: document)) }
      }
      lines += [""] + table.lines(page.paint)
    }
    let clocks = document.items("clocks")
    if !clocks.isEmpty { lines += [""] + table(of: clocks) }
    lines += [""] + foot(document, next: plan.map { $0.items("entries").first ?? .null } ?? document["next"])
    return lines
  }

  /// When it meets, or was to meet.
  private func when(_ document: JSON) -> [String] {
    let meeting = document.moment("meeting_at").map(page.clock.full)
    if isCancelled(document) { return meeting.map { ["was for \($0)"] } ?? [] }
    if let meeting, let at = document.moment("meeting_at") {
      return ["for \(meeting) (\(page.clock.relative(at)))"]
    }
    return document.moment("answer_by").map { ["\(Words.noTime), by \(page.clock.near($0)) at the latest"] } ?? []
  }

  /// "held 16:31", "decided 16:48"; none where neither is so yet.
  private func over(_ document: JSON) -> [String] {
    [("held", "held_at"), ("decided", "decided_at")].compactMap { word, member in
      document.moment(member).map { "\(word) \(page.clock.near($0))" }
    }
  }

  private func isCancelled(_ document: JSON) -> Bool { document.text("state") == Phase.cancelled.rawValue }

  private func row(_ position: JSON, in document: JSON) -> [Cell] {
    let required = position["required"]?.bool ?? true
    let state = position.text("state") ?? "unknown"
    let decided = document.moment("decided_at")
    let contribution = position.text("contribution").map { _ in
      tookPart(position, decided: decided, short: shortfall(position, required: required, isDecided: decided != nil))
    }
    let style: Style =
      switch state {
      case "contributed": .good
      case "no_response", "declined", "not_invited": .warning
      default: .plain
      }
    return [
      Cell(agency(position) + (required ? "" : " (not required)")),
      Cell(said(state, of: position, in: document), style),
      Cell([contribution, reported(position)].compactMap(\.self).joined(separator: "; ")),
      Cell(reason(position)),
    ]
  }

  /// Of a late entry nobody told who was asked; of what is to come, nobody whose first message is.
  private func said(_ state: String, of position: JSON, in document: JSON) -> String {
    guard state == "invited" else { return Words.position(state) }
    if document["late_entry"]?.bool == true { return Words.nothingTold }
    let isToCome = document.text("state") == Phase.scheduled.rawValue && position["asked_at"]?.isNull == true
    return isToCome ? Words.toBeAsked : Words.position(state)
  }

  /// "by video, 16:00", of an agency or one of its units, and why that is not enough.
  private func tookPart(_ part: JSON, decided: Instant?, short: String) -> String {
    let (kind, at) = (part.text("contribution"), part.moment("contributed_at"))
    let isLate = if let at, let decided { at > decided } else { false }
    return [kind.map(Words.kind), at.map(page.clock.near)].compactMap(\.self).joined(separator: ", ")
      + remark(kind.flatMap(ContributionKind.init(rawValue:)), isLate: isLate, short: short)
  }

  /// Why what it gave does not count: which of its units is missing, or gave what is not counted. Until the decision that may
  /// change.
  private func shortfall(_ position: JSON, required: Bool, isDecided: Bool) -> String {
    let agency = position.text("agency") ?? ""
    let doesNot = ", does not count\(isDecided ? "" : " yet"): "
    func named(_ units: [String]) -> String { Words.joined(units.map { page.unit($0, of: agency) }) }
    let missing = position.texts("missing_units")
    if !missing.isEmpty { return "\(doesNot)\(named(missing)) \(missing.count == 1 ? "is" : "are") missing" }
    guard required, position["counts"]?.bool == false else { return "" }
    let gave = position.items("units").filter { $0.text("state") == "contributed" }
    let uncounted = gave.filter { $0["counts"]?.bool == false }.compactMap { $0.text("unit") }
    if !uncounted.isEmpty { return "\(doesNot)what \(named(uncounted)) gave is not counted" }
    // A daemon of before says of none which it is.
    return gave.contains { $0["counts"] == nil } ? "\(doesNot)what a unit gave is not counted" : ", does not count"
  }

  /// "reports: by video, 16:00; to be confirmed": it says so by link, and counts for nothing yet.
  private func reported(_ position: JSON) -> String? {
    let all = position.items("to_confirm").map { one in
      Words.kind(one.text("kind") ?? "")
        + (one.text("unit").map { ", for \(page.unit($0, of: position.text("agency") ?? ""))" } ?? "")
        + (one.moment("at").map { ", \(page.clock.near($0))" } ?? "")
    }
    return all.isEmpty ? nil : "reports: \(all.joined(separator: "; ")); to be confirmed"
  }

  /// One unit of it: asked against answered, and what it gave.
  private func row(_ unit: JSON, of position: JSON, in document: JSON) -> [Cell] {
    let name = unit.text("unit").map { page.unit($0, of: position.text("agency") ?? "") } ?? ""
    let short = unit["counts"]?.bool == false ? ", not counted" : ""
    let contribution = unit.moment("contributed_at").map { _ in
      tookPart(unit, decided: document.moment("decided_at"), short: short)
    }
    return [
      Cell("  \(name)"), Cell(Words.position(unit.text("state") ?? "unknown")), Cell(contribution ?? ""),
      Cell(unit.text("declined").map(Words.reason) ?? ""),
    ]
  }

  /// Why it takes or took no part: "B14 no response, proposed, answer awaited until Tue 4 May".
  private func reason(_ position: JSON) -> String {
    let barrier = position["barrier"] ?? .null
    let code = barrier.text("code") ?? position.text("reason")
    var parts = [code.map(Words.reason) ?? ""]
    guard !barrier.isNull else { return parts[0] }
    switch barrier.text("by") {
    case "rules": parts.append("proposed")
    // It spoke before anybody had given a reason: there is none to agree with.
    case "agency": return "\(barrier.text("answer_code").map(Words.reason) ?? parts[0]), named by the agency"
    case let by?: parts.append("named by the \(Words.plain(by))")
    case nil: break
    }
    if let answer = barrier.text("answer") {
      let own = barrier.text("answer_code").flatMap { $0 == code ? nil : ": \(Words.reason($0))" } ?? ""
      parts.append(Words.plain(answer) + (barrier["answered_late"]?.bool == true ? " late" : "") + own)
    } else if let until = barrier.moment("answer_until") {
      parts.append(until > page.clock.now ? "answer awaited until \(page.clock.limit(until))" : "not answered")
    }
    return parts.joined(separator: ", ")
  }

  /// Why it is missing all the same, where the words for its kind do not say so.
  private func remark(_ kind: ContributionKind?, isLate: Bool, short: String) -> String {
    switch kind {
    case .afterDecision: ""
    case .mashCheckOnly, .verbalRelayed: isLate ? ", after the decision" : ""
    case .inPerson, .video, .phoneLive, .writtenBefore, .writtenDuring, nil:
      isLate ? ", after the decision" : short
    }
  }

  // MARK: - What must be done by when

  private func table(of clocks: [JSON]) -> [String] {
    var table = Table([.init("CLOCK"), .init("DUE", isWhole: true), .init("STATE"), .init("RULE")])
    for clock in clocks {
      table.add(
        Cell(name(of: clock)),
        Cell(clock.moment("due").map(page.clock.limit) ?? "–"), standing(clock), Cell(clock.text("rule") ?? ""))
    }
    let isProvisional = clocks.contains { $0["provisional"]?.bool == true }
    let note = isProvisional ? ["Provisional: the table of bank holidays does not reach that far."] : []
    return table.lines(page.paint) + note
  }

  /// "Conference (C5)"; of what rises from level to level "Disagreement, level 2 (C11)".
  private func name(of clock: JSON) -> String {
    let id = clock.text("id") ?? ""
    let words = Words.capitalised(Words.clock(id))
    guard id == ClockID.c11.rawValue, let level = clock["level"]?.int else { return words }
    return words.replacing(" (\(id))", with: ", level \(level) (\(id))")
  }

  /// "in 3 days", "overdue by 5 min", "met, 2 days left", "missed by 4 h"; one that another discussion goes on with was neither
  /// met nor missed.
  private func standing(_ clock: JSON) -> Cell {
    guard let due = clock.moment("due") else { return "–" }
    let mark = clock["provisional"]?.bool == true ? ", provisional" : ""
    guard clock.moment("stopped") != nil else {
      return due < page.clock.now
        ? Cell("overdue by \(Clock.words(page.clock.now - due))\(mark)", .alarm) : Cell(page.clock.relative(due) + mark)
    }
    guard let margin = clock["margin_s"]?.int.map({ Elapsed.seconds(Int64($0)) }) else {
      return Cell(Words.goesOn(in: clock.text("goes_on_in")))
    }
    return Cell(Words.margin(margin) + mark, margin < .zero ? .warning : .good)
  }

  // MARK: - Below the tables

  /// What is recorded of it beside that.
  private func recorded(_ document: JSON) -> [String] {
    func times(_ all: [JSON], _ member: String) -> String {
      all.compactMap { one in one.moment(member).map { "\(agency(one)) \(page.clock.near($0))" } }
        .joined(separator: ", ")
    }
    let all = [
      ("Details sent", times(document.items("positions"), "details_sent_at")),
      ("Record received", times(document.items("receipts"), "at")),
      ("Conference held", document.moment("conference_held_at").map(page.clock.near) ?? ""),
      ("Follow-up done", document.moment("follow_up_done_at").map(page.clock.near) ?? ""),
    ]
    return all.filter { !$0.1.isEmpty }.flatMap { "\($0.0): \($0.1).".wrapped(to: Table.width) }
  }

  private func foot(_ document: JSON, next: JSON?) -> [String] {
    var lines = recorded(document)
    if let quorum = document["quorum"], !quorum.isNull, !isCancelled(document) {
      let missing = quorum.texts("missing")
      let isDecided = document.moment("decided_at") != nil
      let without = "\(isDecided ? "Decided without" : "So far without") \(page.agencies(missing))."
      lines.append(
        missing.isEmpty
          ? page.paint("All who are required have taken part.", .good) : page.paint(without, .warning))
    }
    if let next, !next.isNull { lines.append("Next \(self.next(next))") }
    if let revision = document["revision"]?.int { lines.append(page.paint("Revision \(revision)", .faint)) }
    return lines
  }

  /// "17:10 (in 5 min): Health, deputy (chase)"
  private func next(_ next: JSON) -> String {
    let when = next.moment("at").map { "\(page.clock.near($0)) (\(page.clock.relative($0)))" } ?? ""
    let whom = [agency(next), Words.place(next.text("place") ?? "")].filter { !$0.isEmpty }.joined(separator: ", ")
    return "\(when): \(whom)\(next.text("step").map { " (\(Words.plain($0)))" } ?? "")"
  }

  /// `GET /v1/discussions`
  public func list(_ document: JSON) -> [String] {
    let all = document.items("discussions")
    guard !all.isEmpty else { return ["No discussions."] }
    var table = Table([
      .init("REFERENCE"), .init("MEETING", isWhole: true), .init("STATE"), .init("URGENCY"), .init("WITHOUT"),
    ])
    for one in all {
      table.add(
        Cell(one.text("id") ?? ""), Cell(meeting(one)),
        Cell(state(one) + (one["late_entry"]?.bool == true ? ", entered late" : "")),
        Cell(one.text("urgency") ?? ""), Cell(without(one)))
    }
    return table.lines(page.paint)
  }

  private func meeting(_ one: JSON) -> String {
    let over = self.over(one)
    if let first = over.first { return first }
    if isCancelled(one), one.moment("meeting_at") == nil { return "–" }
    return one.moment("meeting_at") == nil && one.moment("answer_by") != nil
      ? Words.noTime : page.near(one.moment("meeting_at"))
  }

  private func without(_ one: JSON) -> String {
    if isCancelled(one) { return "" }
    if let quorum = one["quorum"], !quorum.isNull {
      let missing = quorum.texts("missing")
      return missing.isEmpty ? "" : page.agencies(missing)
    }
    return one["quorate"]?.bool == false ? "not all took part" : ""
  }

  /// `GET /v1/discussions/{id}/plan`
  public func plan(_ document: JSON, id: String) -> [String] {
    let all = document.items("entries")
    guard !all.isEmpty else { return ["\(id)  Nothing more is planned: no message will be sent of itself."] }
    return ["\(id)  if nobody does anything after \(page.clock.time(page.clock.now))"] + [""] + planned(all)
      + page.provisional(document)
  }

  /// `GET /v1/policies/explain`
  public func explanation(_ document: JSON) -> [String] {
    let urgency = document.text("urgency") ?? ""
    let meets =
      document.moment("meeting_at").map { "meets \(page.near($0))" }
      ?? "meets as soon as they answer, by \(page.near(document.moment("answer_by")))"
    let head =
      "\(document.text("policy") ?? "")  a made-up \(urgency) discussion, convened "
      + "\(page.near(document.moment("convened_at"))), \(meets); nobody answers"
    let all = document.items("entries")
    return head.wrapped(to: Table.width) + [""]
      + (all.isEmpty ? ["Nothing would be sent: nobody holds a place that it asks."] : planned(all))
      + page.provisional(document)
  }

  private func planned(_ all: [JSON]) -> [String] {
    var table = Table([
      .init("WHEN", isWhole: true), .init("AGENCY"), .init("TO"), .init("STEP"), .init("RULE"), .init("UNLESS"),
    ])
    for one in all {
      table.add(
        Cell(when(one.moment("at"))), Cell(agency(one)),
        Cell(Words.place(one.text("place") ?? "") + " (\(one.text("route").map(page.route) ?? "nobody"))"),
        Cell(Words.plain(one.text("step") ?? "")),
        Cell(one.text("rule") ?? ""),
        Cell(unless(one)))
    }
    return table.lines(page.paint)
  }

  /// "17:10 (in 5 min)" within the hour, "Sat 1 May 09:00" later.
  private func when(_ moment: Instant?) -> String {
    guard let moment, moment - page.clock.now < .hours(1) else { return page.near(moment) }
    return "\(page.near(moment)) (\(page.clock.relative(moment)))"
  }

  /// The daemon's words name the agency by its id; people have a word of their own for it.
  private func unless(_ one: JSON) -> String {
    let (text, id) = (one.text("unless") ?? "", one.text("agency") ?? "")
    return text.hasPrefix("\(id) ") ? agency(one) + text.dropFirst(id.count) : text
  }

  private func state(_ document: JSON) -> String { Words.plain(document.text("state") ?? "unknown") }

  private func agency(_ value: JSON) -> String { page.agency(value.text("agency") ?? "") }
}
