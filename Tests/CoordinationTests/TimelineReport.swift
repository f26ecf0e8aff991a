// The report once more, from exported timelines and nothing else: corrections are read into the entries that they strike, and
// each cell is found by itself, as a question to all cases of its period. Nothing is added up from month to month, times are
// sorted anew for each cell, intervals are roots of the equation that defines them, days are walked. Where it and the report
// differ, one of them is wrong.
import Convening
import Wire

/// One discussion as its timeline tells it: each answer is looked up once.
struct TimelineCase {
  struct Part {
    let isRequired: Bool
    let hasPart: Bool
    let wasAsked: Bool
    let messages: Int
    let kind: String?
    let part: String
    let reached: Instant?
    let answered: Instant?
    let wasSent: Bool
    let hasRecord: Bool
    let barrier: (code: String, reply: String?)?
  }

  let policy: Policy
  let decidedAt, recordedAt, convenedAt, metAt: Instant
  let need, s47, conferenceFrom, conferenceHeld, followUpDone, circulated: Instant?
  let isUrgent, hasReason, isDissented, isShort, isInHours, isWhole, isFirst, isLateEntry: Bool
  private let clocks: [String: (started: Instant, due: Instant, stopped: Instant?)]
  private let parts: [String: Part]

  init(_ reading: TimelineReading) {
    policy = reading.policy
    (decidedAt, recordedAt) = (reading.decidedAt, reading.recordedAt)
    (convenedAt, metAt, need, s47) = (reading.convenedAt, reading.metAt, reading.need, reading.s47)
    (conferenceFrom, conferenceHeld) = (reading.conferenceFrom, reading.conferenceHeld)
    (followUpDone, circulated) = (reading.followUpDone, reading.circulated)
    (isUrgent, hasReason, isDissented) = (reading.isUrgent, reading.hasReason, reading.isDissented)
    let fair = policy.ladder(for: isUrgent ? .urgent : .standard).fairNotice!
    isShort = fair.end(from: convenedAt, in: SeededYear.calendar) > metAt
    isInHours = SeededYear.calendar.isOpen(SeededYear.calendar.working!, at: metAt)
    (isWhole, isFirst, isLateEntry) = (reading.isWhole, reading.isFirst, reading.isLateEntry)
    var clocks: [String: (started: Instant, due: Instant, stopped: Instant?)] = [:]
    for id in ["C2", "C4", "C5", "C11", "follow-up"] { clocks[id] = reading.clock(id) }
    self.clocks = clocks
    var parts: [String: Part] = [:]
    for agency in SeededYear.agencies.map(\.text) {
      parts[agency] = Part(
        isRequired: reading.isRequired(agency), hasPart: reading.hasPart(agency), wasAsked: reading.wasAsked(agency),
        messages: reading.messages(agency), kind: reading.counting(agency)?["data"]?["kind"]?.string,
        part: reading.part(agency), reached: reading.reached(agency), answered: reading.answered(agency),
        wasSent: reading.wasSent(agency), hasRecord: reading.hasRecord(agency), barrier: reading.barrier(agency))
    }
    self.parts = parts
  }

  subscript(agency: String) -> Part { parts[agency]! }
  func clock(_ id: String) -> (started: Instant, due: Instant, stopped: Instant?)? { clocks[id] }
  /// It had passed before anybody entered it.
  func isHistory(_ due: Instant) -> Bool { isLateEntry && due <= recordedAt }
  func isHistory(_ clock: String) -> Bool { clocks[clock].map { isHistory($0.due) } ?? false }
  func counts(_ agency: String) -> Bool { self[agency].kind != nil }
}

/// Every cell of the report by its path, `2026-10/agencies/health/share`.
struct TimelineReport {
  let cases: [TimelineCase]
  let now: Instant
  let agencies: [String]
  private(set) var cells: [String: JSON] = [:]

  init(_ cases: [TimelineCase], agencies: [String], now: Instant) {
    (self.cases, self.agencies, self.now) = (cases, agencies, now)
  }

  private func decided(_ from: Instant, _ to: Instant) -> [TimelineCase] {
    cases.filter { from <= $0.decidedAt && $0.decidedAt < to }
  }

  /// - Parameter before: where what was before lies; nil: it is not told.
  mutating func add(_ name: String, from: Instant, to: Instant, before: (from: Instant, to: Instant)?) {
    let (now, earlier) = (decided(from, to), before.map { decided($0.from, $0.to) })
    cells["\(name)/policy"] = JSON(texts: Set(now.map(\.policy.id.text)).sorted())
    core(name, now, earlier)
    cells["\(name)/late_entries"] = JSON(now.count(where: \.isLateEntry))
    let isFresh = { (one: TimelineCase) in !one.isLateEntry }
    times(
      "\(name)/decision_latency", now.filter(isFresh).map { $0.recordedAt - $0.decidedAt },
      earlier?.filter(isFresh).map { $0.recordedAt - $0.decidedAt })
    share(
      "\(name)/decision_latency", "within_policy", now, earlier, of: isFresh,
      { $0.recordedAt - $0.decidedAt <= .minutes(15) })
    cells["\(name)/circulation/sent"] = JSON(now.count { $0.circulated != nil })
    limited("\(name)/circulation", now, earlier, { $0.clock("C4")?.due }, { $0.circulated })
    let without = { (one: TimelineCase) in !one.isWhole && one.isFirst }
    share("\(name)/decided_without_all", "share", now, earlier, of: \.isFirst, without, withCount: true)
    share("\(name)/decided_without_all", "with_reason", now, earlier, of: without, \.hasReason)
    limited(
      "\(name)/decided_without_all/followed_up", now.filter(without), earlier?.filter(without),
      { $0.clock("follow-up")?.due }, { $0.followUpDone })
    conferences("\(name)/conferences", now, earlier)
    share("\(name)/dissent", "share", now, earlier, of: \.isFirst, \.isDissented, withCount: true)
    cells["\(name)/dissent/escalated"] = JSON(now.count { $0.clock("C11") != nil })
    cells["\(name)/dissent/escalated_previous"] =
      earlier.flatMap { $0.contains(where: \.isFirst) ? JSON($0.count { $0.clock("C11") != nil }) : nil } ?? .null
    limited("\(name)/dissent/resolved", now, earlier, { $0.clock("C11")?.due }, { $0.clock("C11")?.stopped })
    for agency in agencies { detail("\(name)/agencies/\(agency)", agency, now, earlier) }
    for (word, belongs) in Self.splits {
      core("\(name)/splits/\(word)", now.filter(belongs), earlier?.filter(belongs))
    }
  }

  mutating func addDue(_ name: String, from: Instant, to: Instant) {
    let open = decided(from, to).filter { one in
      one.conferenceFrom != nil && one.conferenceHeld == nil && one.clock("C5")!.due > now && !one.isHistory("C5")
    }
    for (date, some) in Dictionary(grouping: open, by: { Self.day($0.clock("C5")!.due - .seconds(1)) }) {
      cells["\(name)/conferences_due/\(date)/n"] = JSON(some.count)
    }
  }

  private static var splits: [(String, (TimelineCase) -> Bool)] {
    [
      ("urgent", \.isUrgent), ("standard", { !$0.isUrgent }),
      ("short_notice", { $0.isShort && !$0.isLateEntry }), ("fair_notice", { !$0.isShort && !$0.isLateEntry }),
      ("in_hours", \.isInHours), ("out_of_hours", { !$0.isInHours }),
    ]
  }

  // MARK: - Groups of cells

  private mutating func core(_ name: String, _ now: [TimelineCase], _ earlier: [TimelineCase]?) {
    // Shares are of sequences, by their first discussion; times and limits are of all.
    cells["\(name)/n"] = JSON(now.count(where: \.isFirst))
    headline("\(name)/three_partner", now, earlier, \.isWhole)
    headline("\(name)/fixed_partners", now, earlier) { one in
      ["childrens-social-care", "police", "health"].allSatisfy(one.counts)
    }
    let hold = { (one: TimelineCase) in one.need.map { max(.zero, one.metAt - $0) } }
    times("\(name)/time_to_hold", now.compactMap(hold), earlier?.compactMap(hold))
    cells["\(name)/time_to_hold/limited"] = JSON(now.count { $0.clock("C2") != nil })
    share(
      "\(name)/time_to_hold", "within_limit", now, earlier, of: { $0.clock("C2") != nil },
      { $0.metAt <= $0.clock("C2")!.due })
    for agency in agencies {
      let path = "\(name)/agencies/\(agency)"
      let (needs, counts) = (
        { (one: TimelineCase) in one.isFirst && one[agency].isRequired },
        { (one: TimelineCase) in one.counts(agency) }
      )
      let askable = { (one: TimelineCase) in needs(one) && !one.isLateEntry }
      let asked = { (one: TimelineCase) in one.isFirst && one[agency].isRequired && one[agency].wasAsked }
      share(path, "share", now, earlier, of: needs, counts, withCount: true)
      share(path, "contributed_when_invited", now, earlier, of: asked, counts)
      cells["\(path)/agency"] = .string(agency)
      cells["\(path)/required"] = JSON(now.count(where: needs))
      cells["\(path)/invited"] = JSON(now.count(where: asked))
      cells["\(path)/invited_of"] = JSON(now.count(where: askable))
      share(path, "invited_share", now, earlier, of: askable, asked)
      cells["\(path)/contributed_when_invited_k"] = JSON(now.count { asked($0) && counts($0) })
    }
  }

  private mutating func detail(_ path: String, _ agency: String, _ now: [TimelineCase], _ earlier: [TimelineCase]?) {
    let firsts = now.filter { $0.isFirst && $0[agency].isRequired }
    cells["\(path)/late"] = JSON(firsts.count { $0[agency].part == "late" })
    cells["\(path)/not_counting"] = JSON(firsts.count { $0[agency].part == "otherwise" })
    cells["\(path)/absent"] = JSON(firsts.count { !$0.counts(agency) })
    for kind in Set(firsts.compactMap { $0[agency].kind }) {
      cells["\(path)/kinds/\(kind)"] = JSON(firsts.count { $0[agency].kind == kind })
    }
    let missing = firsts.filter { !$0.counts(agency) }
    let before = (earlier ?? []).filter { $0.isFirst && !$0.counts(agency) }
    for code in Set((missing + before).compactMap { $0[agency].barrier?.code }) {
      let some = missing.compactMap { $0[agency].barrier }.filter { $0.code == code }
      cells["\(path)/reasons/\(code)/code"] = .string(code)
      cells["\(path)/reasons/\(code)/n"] = JSON(some.count)
      cells["\(path)/reasons/\(code)/n_previous"] =
        earlier.flatMap { $0.contains(where: \.isFirst) ? $0 : nil }.map { all in
          JSON(all.count { $0.isFirst && !$0.counts(agency) && $0[agency].barrier?.code == code })
        } ?? .null
      cells["\(path)/reasons/\(code)/agreed"] = JSON(some.count { $0.reply == code })
      cells["\(path)/reasons/\(code)/disputed"] = JSON(some.count { $0.reply != nil && $0.reply != code })
    }
    let circulated = { (one: TimelineCase) in one.circulated != nil && one[agency].hasPart }
    for (word, belongs) in [
      ("record", circulated), ("record_when_absent", { circulated($0) && !$0.counts(agency) }),
    ] {
      cells["\(path)/\(word)/n"] = JSON(now.count(where: belongs))
      cells["\(path)/\(word)/sent"] = JSON(now.count { belongs($0) && $0[agency].wasSent })
      cells["\(path)/\(word)/received"] = JSON(now.count { belongs($0) && $0[agency].hasRecord })
      share("\(path)/\(word)", "share", now, earlier, of: belongs, { $0[agency].hasRecord })
    }
    // Before any message, to the minute or the second that somebody told, it answered none.
    let reached = { (one: TimelineCase) -> Bool in
      guard let reached = one[agency].reached else { return false }
      guard let answered = one[agency].answered?.milliseconds else { return true }
      let grain: Int64 = answered % 60_000 == 0 ? 60_000 : answered % 1000 == 0 ? 1000 : 1
      return answered + grain > reached.milliseconds
    }
    let time = { (one: TimelineCase) -> Elapsed? in
      guard reached(one), let reached = one[agency].reached, let answered = one[agency].answered else { return nil }
      return max(.zero, answered - reached)
    }
    func ratios(_ cases: [TimelineCase]) -> (messages: Int, contributions: Int) {
      (cases.reduce(0) { $0 + $1[agency].messages }, cases.count { $0.counts(agency) && !$0.isLateEntry })
    }
    let (messages, contributions) = ratios(now)
    cells["\(path)/response/messages_per_contribution_previous"] =
      earlier.map(ratios).map { ratio($0.messages, $0.contributions) } ?? .null
    cells["\(path)/response/reached"] = JSON(now.count(where: reached))
    cells["\(path)/response/messages"] = JSON(messages)
    cells["\(path)/response/contributions"] = JSON(contributions)
    cells["\(path)/response/messages_per_contribution"] = ratio(messages, contributions)
    times("\(path)/response", now.compactMap(time), earlier?.compactMap(time))
    share("\(path)/response", "without_answer", now, earlier, of: reached, { $0[agency].answered == nil })
  }

  private mutating func conferences(_ path: String, _ now: [TimelineCase], _ earlier: [TimelineCase]?) {
    let days = { (one: TimelineCase) -> Int? in
      guard let from = one.conferenceFrom, let held = one.conferenceHeld else { return nil }
      return Self.days(from: Self.day(one.s47 ?? from), to: Self.day(held))
    }
    for (band, range) in [("0-10", 0...10), ("11-15", 11...15), ("16-20", 16...20), ("21+", 21...9999)] {
      cells["\(path)/bands/\(band)"] = JSON(now.count { days($0).map(range.contains) ?? false })
    }
    cells["\(path)/held"] = JSON(now.count { days($0).map { $0 >= 0 } ?? false })
    share(path, "within_15", now, earlier, of: { days($0).map { $0 >= 0 } ?? false }, { days($0)! <= 15 })
    cells["\(path)/dated_before"] = JSON(now.count { days($0).map { $0 < 0 } ?? false })
    let open = now.filter { $0.conferenceFrom != nil && $0.conferenceHeld == nil && !$0.isHistory("C5") }
    cells["\(path)/past_due"] = JSON(open.count { $0.clock("C5")!.due <= self.now })
    cells["\(path)/due_ahead"] = JSON(open.count { $0.clock("C5")!.due > self.now })
  }

  private static func day(_ at: Instant) -> CivilDate { SeededYear.calendar.date(of: at) }

  /// Working days walked one by one; less than nothing where it ends before it begins.
  private static func days(from: CivilDate, to: CivilDate) -> Int {
    guard from <= to else { return -1 }
    var (day, count) = (from, 0)
    while day < to {
      day = day.adding(days: 1)
      let isHoliday = SeededYear.calendar.holidays.days.contains(day)
      if day.weekday != .saturday, day.weekday != .sunday, !isHoliday { count += 1 }
    }
    return count
  }

  // MARK: - Cells

  private mutating func limited(
    _ path: String, _ now: [TimelineCase], _ earlier: [TimelineCase]?, _ due: @escaping (TimelineCase) -> Instant?,
    _ done: @escaping (TimelineCase) -> Instant?
  ) {
    let moment = self.now
    let judged = { (one: TimelineCase) in
      due(one).map { done(one) != nil || ($0 <= moment && !one.isHistory($0)) } ?? false
    }
    let inTime = { (one: TimelineCase) in done(one).map { $0 <= due(one)! } ?? false }
    cells["\(path)/n"] = JSON(now.count(where: judged))
    cells["\(path)/in_time"] = JSON(now.count { judged($0) && inTime($0) })
    cells["\(path)/open"] = JSON(
      now.count { one in due(one).map { $0 > moment && !one.isHistory($0) } ?? false && !judged(one) })
    share(path, "within_limit", now, earlier, of: judged, inTime)
  }

  private mutating func share(
    _ path: String, _ name: String, _ now: [TimelineCase], _ earlier: [TimelineCase]?, of whole: (TimelineCase) -> Bool,
    _ part: (TimelineCase) -> Bool, withCount: Bool = false
  ) {
    let (n, k) = (now.count(where: whole), now.count { whole($0) && part($0) })
    let own = name == "share" ? "" : "\(name)_"
    if withCount { cells["\(path)/k"] = JSON(k) }
    cells["\(path)/\(name)"] = ratio(k, n)
    interval("\(path)/\(own)", k, of: n)
    cells["\(path)/\(own)previous"] =
      earlier.map { earlier in
        ratio(earlier.count { whole($0) && part($0) }, earlier.count(where: whole))
      } ?? .null
  }

  /// Where the distance to the true share is z of its own standard errors: (p - x)^2 = z^2 x (1 - x) / n.
  private mutating func interval(_ path: String, _ k: Int, of n: Int) {
    let (z, p, count) = (1.959963984540054, Double(k) / Double(n), Double(n))
    let (a, b, c) = (1 + z * z / count, -2 * p - z * z / count, p * p)
    let root = max(0, b * b - 4 * a * c).squareRoot()
    cells["\(path)low"] = n == 0 ? .null : .double((-b - root) / (2 * a))
    cells["\(path)high"] = n == 0 ? .null : .double((-b + root) / (2 * a))
  }

  /// One that says, too, of how many it was what it was before.
  private mutating func headline(
    _ path: String, _ now: [TimelineCase], _ earlier: [TimelineCase]?, _ part: (TimelineCase) -> Bool
  ) {
    share(path, "share", now, earlier, of: \.isFirst, part, withCount: true)
    let before = earlier?.filter(\.isFirst)
    cells["\(path)/previous_n"] = before.map { JSON($0.count) } ?? .null
    interval("\(path)/previous_", before?.count(where: part) ?? 0, of: before?.count ?? 0)
  }

  private mutating func times(_ path: String, _ now: [Elapsed], _ earlier: [Elapsed]?) {
    func rank(_ times: [Elapsed]?, _ percent: Double) -> JSON {
      guard let times, !times.isEmpty else { return .null }
      let place = (percent / 100 * Double(times.count)).rounded(.up)
      return .int(times.sorted()[Int(place) - 1].milliseconds / 1000)
    }
    cells["\(path)/n"] = JSON(now.count)
    for (word, percent) in [("median", 50.0), ("p90", 90.0)] {
      cells["\(path)/\(word)_s"] = rank(now, percent)
      cells["\(path)/\(word)_previous_s"] = rank(earlier, percent)
    }
  }

  private func ratio(_ k: Int, _ n: Int) -> JSON { n == 0 ? .null : .double(Double(k) / Double(n)) }
}
