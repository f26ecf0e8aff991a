// `convenectl timeline`: what happened, in words, one line for each thing worth telling. An attempt's beginning, its end
// and its retries are one line, where the first began. An event whose name is not known here is printed by its name;
// nothing is dropped but the ladder's own planning, where no hours moved it, and the clock of the decision's record.
import Convening
import Wire

public struct TimelineText {
  private struct Line {
    let at: Instant
    let agency: String?
    let revision: Int?
    /// The entry that strikes it.
    var correctedBy: Int?
    /// What to say; a reminder's is told once all its entries are known.
    let say: Say

    enum Say {
      case words([String])
      case reminder(String)
    }
  }

  private let page: Page
  private let document: JSON
  /// Whether each line begins with its entry's revision.
  private let isNumbered: Bool
  private var lines: [Line] = []
  private var stories: [String: ReminderStory] = [:]
  /// When each message that was not accepted is tried once more; nil where the daemon does not say: an older one, or one that
  /// cannot read an entry.
  private let retries: [String: Instant]?
  /// Those that are no messages of the discussion's own: nothing but their own entries ends their tries.
  private var letters: Set<String> = []
  /// Of those, the ones that had no room to name it.
  private var crowded: Set<String> = []
  private var decidedAt: Instant?
  private var hasTime = true
  /// The level of each clock that started last, where it is above the first.
  private var levels: [String: Int] = [:]
  /// Who was missing at the decision; nil where there is none.
  private var missing: [String]?
  /// Until when each clock runs, and until when each agency may answer why it was absent.
  private var limits: [String: Instant] = [:]
  /// To which routes of each agency the details went.
  private var detailed: [String: Set<String>] = [:]
  /// Moves that were told: a plan that is made anew repeats them.
  private var told: Set<String> = []

  /// - Parameter isNumbered: each line begins with its entry's revision, by which it can be corrected.
  public init(_ document: JSON, page: Page, isNumbered: Bool = false) {
    (self.document, self.page) = (document, page)
    retries = document["retries"]?.array.map { retries in
      Dictionary(
        retries.compactMap { retry in
          retry.text("reminder").flatMap { id in retry.moment("at").map { (id, $0) } }
        }, uniquingKeysWith: { $1 })
    }
    self.isNumbered = isNumbered || document.items("entries").contains { $0["corrected_by"] != nil }
    for entry in document.items("entries") { tell(entry) }
    let own = lines.count
    for entry in document.items("handovers") {
      if let letter = entry["data"]?.text("reminder") {
        letters.insert(letter)
        if entry["named"]?.bool == false { crowded.insert(letter) }
      }
      tell(entry)
    }
    // What was recorded of it first, where both are of one moment.
    if lines.count > own {
      lines = lines.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }
  }

  public var text: [String] {
    let names = lines.compactMap { $0.agency.map(page.agency) }
    let width = names.map(\.count).max() ?? 0
    var out = head
    var day: CivilDate?
    for line in lines {
      let date = page.clock.zone.wall(line.at).date
      if let before = day, before != date { out.append(page.paint(dayTitle(line.at), .heading)) }
      day = date
      let said: [String] =
        switch line.say {
        case .words(let words): words
        case .reminder(let id):
          stories[id].map { [reminder($0, next: letters.contains(id) ? $0.next : retries.map { $0[id] })] } ?? []
        }
      let agency = line.agency.map { padded(page.agency($0), width) + "  " } ?? ""
      for (index, words) in said.enumerated() {
        let lead = index == 0 ? page.clock.seconds(line.at) : "        "
        let number = isNumbered ? padded(index == 0 ? line.revision.map { "#\($0)" } ?? "" : "", 6) : ""
        guard let correction = line.correctedBy else {
          out.append("\(number)\(lead)  \(agency)\(words)")
          continue
        }
        let mark = index == 0 ? "struck by #\(correction): " : ""
        out.append(page.paint("\(number)\(lead)  \(agency)\(mark)\(words)", .faint))
      }
    }
    return out + foot
  }

  // MARK: - Around it

  private var head: [String] {
    let id = document.text("id") ?? ""
    guard let first = document.items("entries").first, let at = first.moment("recorded_at") else { return [id] }
    let data = first["data"] ?? .null
    let about = [
      data.text("urgency"), data.text("form").map(Words.form),
      data.text("team").map { Words.capitalised(Words.plain($0)) },
    ]
    let words = about.compactMap { $0 }.joined(separator: ", ")
    var lines = [[id, words, dayTitle(at)].filter { !$0.isEmpty }.joined(separator: "   ")]
    if let summary { lines.append(summary) }
    return lines + [""]
  }

  private func dayTitle(_ at: Instant) -> String {
    "\(page.clock.day(page.clock.zone.wall(at).date)), \(page.clock.letters(at))"
  }

  /// Where it stands, from the last entry that says so.
  private var summary: String? {
    for entry in document.items("entries").reversed() {
      switch entry.text("event") {
      case "cancelled": return "Cancelled."
      case "closed": return "Closed."
      case "decided":
        guard let missing else { continue }
        return missing.isEmpty
          ? "Decided with all who are required." : "Decided without \(page.agencies(missing)).\(followUp)"
      default: continue
      }
    }
    return nil
  }

  /// What is still to follow.
  private var followUp: String {
    let isDone = document.items("entries").contains { $0.text("event") == "followUpDone" }
    guard !isDone, let due = limits[ClockID.followUp.rawValue] else { return "" }
    return " Follow-up due \(page.clock.limit(due))."
  }

  private var foot: [String] {
    let seqs = document.items("entries").compactMap { $0["seq"]?.int }
    guard let first = seqs.min(), let last = seqs.max() else { return ["Nothing has happened yet."] }
    let span =
      first == last ? "Entry \(Words.number(first))" : "Entries \(Words.number(first)) to \(Words.number(last))"
    return [page.paint(span, .faint)]
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  // MARK: - Entries

  private mutating func tell(_ entry: JSON) {
    // What would tell the outcome is not for this reader.
    guard entry["hidden"]?.bool != true else { return }
    let event = entry.text("event") ?? (entry["erased"]?.bool == true ? "erased" : "an entry that cannot be read")
    let data = entry["data"] ?? .null
    // An erased entry keeps its place and nothing else: it is told at the time of the one before.
    let told = entry.moment("recorded_at") ?? entry.moment("occurred_at") ?? lines.last?.at
    guard let at = told else { return }
    // The convener's place is no agency's.
    let isConveners =
      ["handedOver", "attemptBegan"].contains(event) && data.text("place") == Place.convener.rawValue
      && (data.text("agency") ?? entry.text("agency")) == AgencyID.coordination.text
    let agency = isConveners ? nil : data.text("agency") ?? entry.text("agency")
    switch event {
    case "attemptBegan", "attemptEnded", "attemptLost", "reminderExpired":
      attempt(event, data, agency, at)
    case "ladderPlanned":
      // What was planned shows in `convenectl plan`; what came of it is told below.
      let words = data.items("rungs").compactMap(moved).filter { self.told.insert((agency ?? "") + $0).inserted }
      if !words.isEmpty {
        lines.append(Line(at: at, agency: agency, revision: entry["revision"]?.int, say: .words(words)))
      }
    case "clockStarted" where data.text("clock") == ClockID.c3.rawValue:
      // It starts and stops with the decision, whose line says how long it took.
      return
    default:
      let limited = data.text("clock") ?? agency.map { "reason of \($0)" } ?? ""
      let words = EventWords(
        page: page, entry: entry, data: data, recorded: at, decidedAt: decidedAt, hasTime: hasTime,
        lacksDetails: lacksDetails(event, data, agency), missing: missing, level: levels[limited],
        until: limits[limited]
      ).said(event)
      if event == "clockStarted" { levels[limited] = data["level"]?.int }
      // Until when somebody holds a place is no limit of anybody's.
      let isLimit = event != "handedOver"
      if isLimit, let limit = data.moment(data.text("clock") == nil ? "until" : "due") { limits[limited] = limit }
      if event == "detailsSent", entry["corrected_by"] == nil, let agency, let route = data.text("route") {
        detailed[agency, default: []].insert(route)
      }
      if event == "convened" { hasTime = data.moment("answer_by") == nil }
      if event == "rescheduled" { hasTime = true }
      if event == "decided" {
        (decidedAt, missing) = (entry.moment("occurred_at") ?? at, data.texts("missing"))
      }
      if event == "corrected" { putRight(data) }
      if event == "absenceSettled" { missing = data.texts("missing") }
      lines.append(
        Line(
          at: at, agency: agency, revision: entry["revision"]?.int, correctedBy: entry["corrected_by"]?.int,
          say: .words(words)))
    }
  }

  /// Whoever comes on duty hears that something is open, and cannot tell which child.
  private func lacksDetails(_ event: String, _ data: JSON, _ agency: String?) -> Bool {
    guard event == "handedOver", let route = data.text("route"), let known = agency.flatMap({ detailed[$0] }) else {
      return false
    }
    return !known.contains(route)
  }

  /// What is said of later entries goes by what stands.
  private mutating func putRight(_ data: JSON) {
    let replacement = data["replacement"]
    if data["missing"] != nil { missing = data.texts("missing") }
    if data.text("corrects") == Correctable.decided.rawValue {
      decidedAt = replacement?.moment("occurred_at")
      if replacement == nil { missing = nil }
    }
    for clock in data.items("clocks") {
      if let id = clock.text("clock"), let due = clock.moment("due") { limits[id] = due }
    }
  }

  /// "chase to deputy moved to Wed 25 Nov 08:30 from 19:00, outside their hours"; nil where no hours moved it.
  private func moved(_ rung: JSON) -> String? {
    guard let due = rung.moment("due"), let planned = rung.moment("planned"), let step = rung.text("step") else {
      return nil
    }
    let places = Words.joined(rung.texts("places").map(Words.place))
    let way = due < planned ? "brought forward to" : "deferred to"
    return
      "\(Words.plain(step)) to \(places) \(way) \(page.clock.near(due)): \(page.clock.near(planned)) is outside their hours"
  }

  private mutating func attempt(_ event: String, _ data: JSON, _ agency: String?, _ at: Instant) {
    let id = data.text("reminder") ?? "an attempt"
    if stories[id] == nil {
      stories[id] = ReminderStory(opening: data, agency: agency)
      lines.append(Line(at: at, agency: agency, revision: nil, say: .reminder(id)))
    }
    switch event {
    case "attemptBegan": stories[id]?.began(at: at)
    case "reminderExpired": stories[id]?.expire()
    default: stories[id]?.ended(data, at: at, lost: event == "attemptLost")
    }
  }

  /// "asked: police-unit. Accepted 200"; "no answer, deputy asked (chase): named-nurse. 503, after 5 s 200".
  private func reminder(_ story: ReminderStory, next: Instant??) -> String {
    let data = story.opening
    // Of who answered is said what they are reminded of, not that they are asked.
    let own = [Place.contact, .acknowledger].map(\.rawValue)
    let place = data.text("place").flatMap { own.contains($0) ? nil : Words.place($0) }
    let step = data.text("step").map { " (\(Words.plain($0)))" } ?? ""
    let unanswered = data.text("escalates") != nil ? "no answer, " : ""
    let whom = place.map { "\($0) " } ?? ""
    let verb: String
    switch data.text("message").flatMap(Message.init(rawValue:)) {
    case .invitation: verb = "\(whom)asked"
    case .reminder: verb = "\(unanswered)\(whom)\(place == nil ? "reminded" : "asked")\(step)"
    case .rescheduled: verb = "\(whom)told of the new time"
    case .cancelled: verb = "\(whom)told that it is cancelled"
    case .attention: verb = "\(whom)told what is open and whom to ring\(step)"
    case .concluded: verb = "\(whom)told that it was decided without them"
    case .answered: verb = "\(whom)told that it will not take part"
    case .handover:
      let isCrowded = data.text("reminder").map(crowded.contains) ?? false
      verb = "\(whom)told what is open there" + (isCrowded ? ", without room for this one" : "")
    case .reviewDue: verb = "\(whom)told of contacts without an outcome"
    case .ping: verb = "\(whom)sent a test message"
    case nil: verb = "\(whom)\(data.text("message").map(Words.plain) ?? "sent a message")\(step)"
    }
    var text = verb + (data.text("route").map { ": \(page.route($0))" } ?? "")
    if let due = data.moment("due"), let began = story.began, began - due >= .minutes(1) {
      text += ", late by \(Clock.words(began - due))"
    }
    return "\(text). \(Words.capitalised(story.result(page.clock, next: next)))"
  }
}
