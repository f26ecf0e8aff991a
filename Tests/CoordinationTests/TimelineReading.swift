// What one exported timeline says of its discussion, read without the rules: the first half of the report's second account.
import Convening
import Wire

/// One discussion's timeline, with what is asked of it.
struct TimelineReading {
  /// As they were recorded.
  private let recorded: [JSON]
  /// As they stand: without those that were struck, or with what they should have said.
  let entries: [JSON]

  /// nil for one that was never decided, or was cancelled.
  init?(_ timeline: JSON) {
    recorded = timeline["entries"]?.array ?? []
    entries = Self.putRight(recorded)
    guard !of("decided").isEmpty, of("cancelled").isEmpty else { return nil }
  }

  /// A correction goes to the place of what it strikes, also where that is a correction; an entry stays recorded when it was.
  private static func putRight(_ recorded: [JSON]) -> [JSON] {
    var standing: [Int: JSON] = [:]
    var places: [Int: Int] = [:]
    for entry in recorded {
      let revision = entry["revision"]?.int ?? 0
      guard entry["event"] == "corrected", let struck = entry["data"]?["strikes"]?.int else {
        standing[revision] = entry
        places[revision] = revision
        continue
      }
      let place = places[struck] ?? struck
      places[revision] = place
      let right = entry["data"]?["replacement"]
      standing[place] = right.map { right -> JSON in
        [
          "event": entry["data"]?["corrects"] ?? .null,
          "occurred_at": right["occurred_at"] ?? recorded[place - 1]["occurred_at"] ?? .null,
          "recorded_at": recorded[place - 1]["recorded_at"] ?? .null,
          "agency": right["agency"] ?? entry["agency"] ?? .null, "data": right,
        ]
      }
    }
    return standing.sorted { $0.key < $1.key }.map(\.value)
  }

  func of(_ events: String...) -> [JSON] { entries.filter { events.contains($0["event"]?.string ?? "") } }

  func at(_ entry: JSON?, _ name: String = "occurred_at") -> Instant? { entry?[name]?.string.flatMap { Instant($0) } }

  private var decision: JSON { of("decided").last! }
  private var data: JSON { decision["data"] ?? .null }
  var decidedAt: Instant { at(decision)! }
  var recordedAt: Instant { at(decision, "recorded_at")! }
  var convenedAt: Instant { at(of("convened").first, "recorded_at")! }
  var heldAt: Instant? { at(of("held").last) }
  var metAt: Instant { heldAt ?? decidedAt }
  var need: Instant? { at(of("convened").first?["data"], "need_identified_at") }
  var isLateEntry: Bool { of("convened").first?["data"]?["held_at"]?.string != nil }
  var isUrgent: Bool { of("convened").first?["data"]?["urgency"] == "urgent" }
  var hasReason: Bool { data["reason"]?.string != nil }
  var isFirst: Bool { of("convened").first?["data"]?["follows"]?.string == nil }
  /// What another discussion has taken over is counted there.
  var conferenceFrom: Instant? { clock("C5").flatMap { $0.stopped == nil ? $0.started : nil } }
  var s47: Instant? { at(data, "s47_started_at") }
  var conferenceHeld: Instant? { at(of("conferenceHeld").last) }
  var followUpDone: Instant? { at(of("followUpDone").last) }
  var circulated: Instant? { at(of("circulated").first) }
  var isDissented: Bool {
    data["dissent"]?.array?.isEmpty == false || data["flags"]?.array?.contains("dissent") == true
  }

  var policy: Policy {
    let id = of("convened", "policyPinned").last?["data"]?["policy"]?.string
    return SeededYear.policies.first { $0.id.text == id }!
  }

  /// When a clock's last level began and is due, and when it stopped. A correction says how all of them run from then on.
  func clock(_ id: String) -> (started: Instant, due: Instant, stopped: Instant?)? {
    var found: (started: Instant, due: Instant, stopped: Instant?)?
    for entry in recorded {
      let data = entry["data"]
      switch entry["event"]?.string {
      case "decided" where id == "C5":
        if let from = at(data?["conference"], "from"), let due = at(data?["conference"], "due") {
          found = (from, due, nil)
        }
      case "clockStarted" where data?["clock"]?.string == id: found = (at(entry)!, at(data, "due")!, nil)
      case "clockMoved" where data?["clock"]?.string == id: found = (found!.started, at(data, "due")!, nil)
      case "clockStopped" where data?["clock"]?.string == id: found?.stopped = at(entry)
      case "absenceSettled" where id == "follow-up":
        if data?["missing"]?.array?.isEmpty == true { found = nil }
      case "corrected":
        guard let clocks = data?["clocks"]?.array else { continue }
        found = clocks.last { $0["clock"]?.string == id }.map {
          (at($0, "started_at")!, at($0, "due")!, at($0, "stopped_at"))
        }
      default: continue
      }
    }
    return found
  }

  // MARK: - An agency

  private func about(_ agency: String, _ events: String...) -> [JSON] {
    entries.filter { events.contains($0["event"]?.string ?? "") && $0["agency"]?.string == agency }
  }

  func isRequired(_ agency: String) -> Bool { policy.required.contains { $0.text == agency } }

  private func isNamed(_ agency: String) -> Bool {
    of("convened").first?["data"]?["agencies"]?.array?.contains(.string(agency)) ?? false
  }

  func hasPart(_ agency: String) -> Bool {
    isRequired(agency) || isNamed(agency)
      || !about(agency, "contributionRecorded", "barrierProposed", "barrierNamed").isEmpty
  }

  private func openings(_ agency: String, to places: Set<String>, _ messages: Set<String>) -> [JSON] {
    about(agency, "attemptBegan").filter {
      places.contains($0["data"]?["place"]?.string ?? "") && messages.contains($0["data"]?["message"]?.string ?? "")
    }
  }

  private func asking(_ agency: String) -> [JSON] {
    openings(agency, to: ["contact", "deputy", "lead", "acknowledger"], ["invitation", "reminder", "rescheduled"])
  }

  func wasAsked(_ agency: String) -> Bool {
    isNamed(agency)
      && !openings(
        agency, to: ["contact", "deputy", "lead"], ["invitation", "reminder", "rescheduled", "cancelled", "attention"]
      ).isEmpty
  }

  func messages(_ agency: String) -> Int { asking(agency).count }

  /// What it gave, in the order in which it came to count: by link once somebody has confirmed it.
  private func given(_ agency: String) -> [JSON] {
    let all = about(agency, "contributionRecorded", "contributionConfirmed")
    return all.indices.flatMap { index -> [JSON] in
      if all[index]["event"] == "contributionRecorded" { return isReported(all[index]) ? [] : [all[index]] }
      let reported = all[..<index].lastIndex { $0["event"] == "contributionConfirmed" } ?? -1
      return all[(reported + 1)..<index].filter(isReported)
    }
  }

  private func isReported(_ entry: JSON) -> Bool { entry["data"]?["via"] == "link" }

  private func inTime(_ agency: String) -> [JSON] {
    given(agency).filter { entry in
      policy.counting.contains { $0.rawValue == entry["data"]?["kind"]?.string } && at(entry)! <= decidedAt
    }
  }

  /// Which of its units the agency waits for, as the entries say by which they were asked: before the decision.
  func waited(_ agency: String) -> Set<String> {
    Set(
      about(agency, "detailsSent").filter { $0["data"]?["needed"] == true && at($0)! <= decidedAt }
        .compactMap { $0["data"]?["unit"]?.string })
  }

  /// None counts as long as a unit that it waits for has given nothing that does.
  func counting(_ agency: String) -> JSON? {
    let inTime = inTime(agency)
    return waited(agency).isSubset(of: inTime.compactMap { $0["data"]?["unit"]?.string }) ? inTime.first : nil
  }

  func counts(_ agency: String) -> Bool { counting(agency) != nil }

  /// `counted`, `late`, `otherwise`, `absent`
  func part(_ agency: String) -> String {
    if counts(agency) { return "counted" }
    // Some of its units were heard in time.
    if !inTime(agency).isEmpty { return "otherwise" }
    let all = given(agency)
    if all.contains(where: { at($0)! > decidedAt || $0["data"]?["kind"] == "after_decision" }) { return "late" }
    return all.isEmpty ? "absent" : "otherwise"
  }

  var isWhole: Bool { policy.required.allSatisfy { counts($0.text) } }

  func reached(_ agency: String) -> Instant? {
    let ids = asking(agency).compactMap { $0["data"]?["reminder"] }
    let ends = of("attemptEnded").filter {
      $0["data"]?["verdict"] == "accepted" && ids.contains($0["data"]?["reminder"] ?? .null)
    }
    return at(ends.first, "recorded_at").flatMap { $0 <= decidedAt ? $0 : nil }
  }

  func answered(_ agency: String) -> Instant? {
    at(about(agency, "acknowledged", "contributionRecorded", "declined").first).flatMap { $0 <= decidedAt ? $0 : nil }
  }

  func wasSent(_ agency: String) -> Bool {
    of("circulated").contains { $0["data"]?["to"]?.array?.contains(.string(agency)) ?? false }
  }

  func hasRecord(_ agency: String) -> Bool { !about(agency, "receiptRecorded").isEmpty }

  /// The reason that stands, and the one that the agency named last, in time. Who turned out not to have been missing had none.
  func barrier(_ agency: String) -> (code: String, reply: String?)? {
    let standing = Dictionary(entries.map { ($0["revision"]?.int ?? 0, $0) }) { first, _ in first }
    var (said, counting): ([JSON], [JSON]) = ([], [])
    for entry in recorded {
      if entry["event"] == "decided" {
        // The one before was struck, with what was said of it.
        (said, counting) = ([], [])
      } else if entry["event"] == "absenceSettled" {
        // Who was there after all had no reason.
        let missing = entry["data"]?["missing"]?.array ?? []
        if !missing.contains(.string(agency)) { (said, counting) = ([], []) }
      } else if entry["event"] == "corrected", entry["data"]?["corrects"] == "declined",
        entry["agency"]?.string == agency,
        said.last?["event"] == "barrierProposed"
      {
        // The rules propose anew.
        (said, counting) = ([], [])
      } else if entry["event"] == "corrected", let missing = entry["data"]?["missing"]?.array {
        // Once they are missing after all, what was said of it stands again.
        counting = missing.contains(.string(agency)) ? said : []
      } else if ["barrierProposed", "barrierNamed"].contains(entry["event"]?.string ?? ""),
        let stands = standing[entry["revision"]?.int ?? 0], stands["agency"]?.string == agency
      {
        said.append(stands)
        counting.append(stands)
      }
    }
    let replies = counting.filter { $0["data"]?["by"] == "agency" }
    let others = counting.filter { $0["data"]?["by"] != "agency" }
    let named = others.last ?? replies.first
    guard let code = named?["data"]?["code"]?.string else { return nil }
    // Agreed or disputed within a working day; what is said later is kept, and decides nothing.
    let until = (named?["data"]?["until"] ?? named?["recorded_at"])?.string.flatMap { Instant($0) }
    let reply = replies.last.flatMap { reply in
      let said = reply["recorded_at"]?.string.flatMap { Instant($0) }
      return said.flatMap { said in until.map { said <= $0 } } ?? false ? reply["data"]?["code"]?.string : nil
    }
    return (code, reply)
  }

  /// Why it was absent, as the rules proposed at the decision.
  func proposed(_ agency: String) -> String? {
    let first = recorded.first { $0["event"] == "barrierProposed" && $0["agency"]?.string == agency }
    return first?["data"]?["code"]?.string
  }

  /// The last no, or those of one moment, where each unit that was asked declined before the decision and nobody there said
  /// anything else: nothing has to be weighed. None where that is not so.
  func noOfAllUnits(_ agency: String) -> [String] {
    let said = recorded.prefix { $0["event"] != "decided" }.filter { entry in
      (entry["agency"]?.string == agency || entry["data"]?["replacement"]?["agency"]?.string == agency)
        && ["acknowledged", "contributionRecorded", "declined", "detailsSent", "corrected"]
          .contains(entry["event"]?.string ?? "")
    }
    guard said.allSatisfy({ ["declined", "detailsSent"].contains($0["event"]?.string ?? "") && unit($0) != nil }) else {
      return []
    }
    let asked = Set(said.filter { $0["event"] == "detailsSent" }.map(unit))
    let last = asked.map { one in said.last { unit($0) == one } }
    guard !asked.isEmpty, last.allSatisfy({ $0?["event"] == "declined" }) else { return [] }
    let noes = last.compactMap(\.self)
    return noes.filter { at($0) == noes.compactMap { at($0) }.max() }.compactMap { $0["data"]?["code"]?.string }
  }

  private func unit(_ entry: JSON) -> String? { entry["data"]?["unit"]?.string }
}
