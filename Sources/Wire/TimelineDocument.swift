// What happened, as readers may see it: journal lines without bodies, keys, case references and, by default, outcomes.
// Made from the lines' own JSON, so that a line of any version ever written shows. What is not named here is not shown. What the
// rules make of the entries is told beside them: nobody else need apply the rules.
import Convening

public enum TimelineDocument {
  /// `GET /v1/discussions/{id}/timeline`
  ///
  /// - Parameter letters: what whoever took a place over was told of it (`HandoverLetters`).
  public static func json(
    _ id: DiscussionID, _ lines: [SealedLine], letters: [SealedLine] = [], for audience: Audience
  ) -> JSON {
    let corrections = corrections(among: lines)
    return [
      "schema": "convened.timeline/1", "id": .string(id.description),
      "entries": .array(lines.map { .object(entry($0, for: audience, correctedBy: corrections[$0.revision])) }),
      "retries": retries(after: lines), "handovers": .array(letters.map { letter($0, about: id) }),
    ]
  }

  /// Which messages are tried once more, and when; null where an entry is of a kind that this version cannot read.
  private static func retries(after lines: [SealedLine]) -> JSON {
    let discussion: Discussion?
    do throws(LineFault) { discussion = try Discussion.folding(lines) } catch { return .null }
    return .array(
      (discussion?.reminders ?? []).compactMap { reminder in
        guard case .waiting(let until) = reminder.state else { return nil }
        return ["reminder": .string(reminder.id.description), "at": JSON(until)]
      })
  }

  /// One line of `GET /v1/events`: an entry with its stream.
  public static func event(_ line: SealedLine) -> JSON { .object(streamed(line)) }

  private static func streamed(_ line: SealedLine) -> [JSON.Member] {
    var members = entry(line, for: .status)
    members.insert(.init("stream", .string(line.stream)), at: 1)
    return members
  }

  /// The beginning of one says whether it had room for this discussion.
  private static func letter(_ line: SealedLine, about id: DiscussionID) -> JSON {
    let members = streamed(line)
    guard let data = line.json?["data"], data["body"] != nil else { return .object(members) }
    return .object(members + [.init("named", .bool(HandoverLetters.mention(of: id, in: data) == .named))])
  }

  /// Which entry strikes which, by their revisions.
  private static func corrections(among lines: [SealedLine]) -> [Int: Int] {
    var corrections: [Int: Int] = [:]
    for line in lines where line.line?.contains("\"event\":\"corrected\"") ?? false {
      guard let json = line.json, json["event"]?.string == "corrected", let struck = json["data"]?["strikes"]?.int
      else { continue }
      corrections[struck] = line.revision
    }
    return corrections
  }

  private static func entry(
    _ sealed: SealedLine, for audience: Audience, correctedBy correction: Int? = nil
  ) -> [JSON.Member] {
    var members: [JSON.Member] = [
      .init("seq", .int(Int64(sealed.seq))), .init("revision", .int(Int64(sealed.revision))),
    ]
    guard let line = sealed.json else {
      members += [.init("event", .null), .init("erased", .bool(sealed.line == nil))]
      return members
    }
    let event = line["event"]?.string ?? ""
    let data = line["data"] ?? .null
    guard audience.seesOutcome || !tellsOfOutcome(event, data) else {
      members += [.init("event", .null), .init("hidden", true)]
      return members
    }
    let recorded = line["at"] ?? .null
    members += [
      .init("event", .string(event)), .init("occurred_at", data["occurred_at"] ?? recorded),
      .init("recorded_at", recorded), .init("actor", actor(line["actor"], role: data["by_role"])),
    ]
    if let agency = data["agency"] ?? ownAgency(of: sealed.stream) { members.append(.init("agency", agency)) }
    if let correction { members.append(.init("corrected_by", .int(Int64(correction)))) }
    var shown = (data.members ?? []).filter { shows($0.name, of: event, to: audience) }
    if event == "corrected" { shown += followsFrom(correction: data, for: audience) }
    members.append(.init("data", .object(shown)))
    return members
  }

  /// What the entry should have said, as far as the entry itself would show it; and the clocks as they run from then on.
  private static func followsFrom(correction data: JSON, for audience: Audience) -> [JSON.Member] {
    var members: [JSON.Member] = []
    if let replacement = data["replacement"]?.members {
      let event = data["corrects"]?.string ?? ""
      members.append(
        .init(
          "replacement",
          .object(
            replacement.filter {
              ["agency", "occurred_at"].contains($0.name) || shows($0.name, of: event, to: audience)
            })))
    }
    if let clocks = data["standing"]?["clocks"]?.array {
      let shown = clocks.filter { audience.seesOutcome || !tellsOfOutcome("", $0) }
      members.append(.init("clocks", .array(shown)))
    }
    return members
  }

  /// That it happened at all says what was decided, or who did not agree.
  private static func tellsOfOutcome(_ event: String, _ data: JSON) -> Bool {
    event == "conferenceHeld" || data["corrects"]?.string == "conferenceHeld"
      || data["clock"]?.string.flatMap(ClockID.init)?.tellsOfOutcome ?? false
  }

  private static func actor(_ actor: JSON?, role: JSON?) -> JSON {
    guard let actor, let members = actor.members else { return .null }
    return .object(members + (role.map { [.init("role", $0)] } ?? []))
  }

  private static func ownAgency(of stream: String) -> JSON? {
    guard case .agency(let id)? = Stream(stream) else { return nil }
    return JSON(id)
  }

  static func shows(_ name: String, of event: String, to audience: Audience) -> Bool {
    switch (event, name) {
    case ("decided", "outcome"), ("decided", "flags"), ("decided", "dissent"), ("decided", "reason"),
      ("decided", "s47_started_at"), ("decided", "conference"), ("contactOutcome", "outcome"),
      ("contactOutcome", "discussion"):
      audience.seesOutcome
    case ("corrected", "reason"), ("cancelled", "reason"), ("rescheduled", "reason"), ("breakAccepted", "reason"),
      ("paused", "reason"),
      ("snapshotTaken", "reason"),
      ("convened", "case_reference"),
      ("convened", "join"), ("telephoned", "number"), ("coverSet", "reason"), ("contactReceived", "case_reference"),
      ("contactAmended", "case_reference"):
      audience.isControl
    default: plain.contains(name)
    }
  }

  /// What every reader may see of any entry. `agency` and `occurred_at` stand beside `data`.
  private static let plain: Set<String> = [
    "meeting_at", "duration_min", "form", "urgency", "need_identified_at", "agencies", "team", "by_role", "children",
    "policy", "kind", "via", "code", "missing", "to", "closes_at", "by_policy", "reason", "rungs", "place", "step",
    "steps", "route", "reminder", "attempt", "message", "sequence", "due", "stop_after", "margin_ms", "supersedes",
    "escalates", "verdict", "status", "fault", "took_ms", "retry_after", "peer", "response_sha256", "request_id",
    "date",
    "next", "content", "time_zone", "bank_holidays", "working", "version", "seq", "up_to", "stream", "seqs", "result",
    "until", "by_itself", "by", "agreed", "clock", "provisional", "level",
    "stays", "from", "entries", "answer_by", "earliest", "held_at", "received_at", "limit", "sha256",
    "strikes", "corrects", "follows", "unit", "needed", "convener", "goes_on_in",
  ]
}
