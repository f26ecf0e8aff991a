// `list`, `show` and `plan`: one discussion or many, in words. A discussion has no name here but its reference.
import Convening
import Wire

public struct DiscussionText {
  private let page: Page

  public init(page: Page) { self.page = page }

  /// The document that every change answers; with its plan where that was asked for too. A discussion knows what is planned,
  /// its plan also who is passed because a route has stopped or nobody holds a place.
  public func show(_ document: JSON, plan: JSON? = nil) -> [String] {
    var parts = [state(document)]
    if let urgency = document.text("urgency") { parts.append(urgency) }
    if let form = document.text("form") { parts.append(Words.form(form)) }
    if let meeting = document.moment("meeting_at") {
      parts.append("for \(page.clock.full(meeting)) (\(page.clock.relative(meeting)))")
    }
    var lines = ["\(document.text("id") ?? "")  \(parts.joined(separator: ", "))"]
    if let reference = document.text("case_reference") { lines.append("Case reference \(reference)") }
    let positions = document.items("positions")
    if !positions.isEmpty {
      var table = Table("AGENCY", "POSITION", "TOOK PART", "REASON")
      for position in positions { table.add(row(position, decided: document.moment("decided_at"))) }
      lines += [""] + table.lines(page.paint)
    }
    lines += [""] + foot(document, next: plan.map { $0.items("entries").first ?? .null } ?? document["next"])
    return lines
  }

  private func row(_ position: JSON, decided: Instant?) -> [Cell] {
    let required = position["required"]?.bool ?? true
    let state = position.text("state") ?? "unknown"
    let contribution = position.text("contribution").map { kind in
      let at = position.moment("contributed_at")
      let isLate = if let at, let decided { at > decided } else { false }
      let isShort = required && position["counts"]?.bool == false
      return Words.kind(kind) + (at.map { ", \(page.clock.near($0))" } ?? "")
        + remark(ContributionKind(rawValue: kind), isLate: isLate, isShort: isShort)
    }
    let style: Style =
      switch state {
      case "contributed": .good
      case "no_response", "declined", "not_invited": .warning
      default: .plain
      }
    return [
      Cell(agency(position) + (required ? "" : " (not required)")),
      Cell(Words.position(state), style),
      Cell(contribution ?? ""),
      Cell(position.text("reason").map(Words.reason) ?? ""),
    ]
  }

  /// Why it is missing all the same, where the words for its kind do not say so.
  private func remark(_ kind: ContributionKind?, isLate: Bool, isShort: Bool) -> String {
    switch kind {
    case .afterDecision: ""
    case .mashCheckOnly, .verbalRelayed: isLate ? ", after the decision" : ""
    case .inPerson, .video, .phoneLive, .writtenBefore, .writtenDuring, nil:
      isLate ? ", after the decision" : isShort ? ", does not count" : ""
    }
  }

  private func foot(_ document: JSON, next: JSON?) -> [String] {
    var lines: [String] = []
    if let quorum = document["quorum"], !quorum.isNull {
      let missing = quorum.texts("missing")
      let isDecided = document.moment("decided_at") != nil
      let without = "\(isDecided ? "Decided without" : "So far without") \(Words.agencies(missing))."
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
        Cell(one.text("id") ?? ""), Cell(page.near(one.moment("meeting_at"))), Cell(state(one)),
        Cell(one.text("urgency") ?? ""), Cell(without(one)))
    }
    return table.lines(page.paint)
  }

  private func without(_ one: JSON) -> String {
    if let quorum = one["quorum"], !quorum.isNull {
      let missing = quorum.texts("missing")
      return missing.isEmpty ? "" : Words.agencies(missing)
    }
    return one["quorate"]?.bool == false ? "not all took part" : ""
  }

  /// `GET /v1/discussions/{id}/plan`
  public func plan(_ document: JSON, id: String) -> [String] {
    let all = document.items("entries")
    guard !all.isEmpty else { return ["\(id)  Nothing more is planned: no message will be sent of itself."] }
    var table = Table([
      .init("WHEN", isWhole: true), .init("AGENCY"), .init("TO"), .init("STEP"), .init("RULE"), .init("UNLESS"),
    ])
    for one in all {
      table.add(
        Cell(when(one.moment("at"))), Cell(agency(one)),
        Cell(Words.place(one.text("place") ?? "") + " (\(one.text("route") ?? "nobody"))"),
        Cell(Words.plain(one.text("step") ?? "")),
        Cell(one.text("rule") ?? ""),
        Cell(unless(one)))
    }
    return ["\(id)  if nobody does anything after \(page.clock.time(page.clock.now))"] + [""] + table.lines(page.paint)
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

  private func agency(_ value: JSON) -> String {
    Words.agency(value.text("agency") ?? "", named: value.text("name"))
  }
}
