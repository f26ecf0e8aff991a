// M6 in the report's document: a member `front_door` in each month, in the twelve months that end with it, and in the whole, with
// its definition beside the others.
import Convening

public enum ContactFigures {
  static let name = "front_door"

  static let meaning =
    "Contacts received in the period; judged: those whose time for an outcome or a review (24 hours, in the settings' unit) "
    + "has run out. outcome_in_time: of those judged, with an outcome by then. past: the others of them; reviewed: of past, "
    + "looked at by a named role, whenever. waiting: of past, with neither by now; oldest_age_s: since the oldest of these "
    + "was received."

  /// The report's document with the front door's figures in it.
  ///
  /// - Parameter contacts: over the same months.
  public static func add(
    _ contacts: ContactReport, to document: JSON, for reader: ReportDocument.Reader
  ) -> JSON {
    let published = reader == .everybody ? contacts.published : []
    func shown(_ place: Int, _ figures: ContactTally, _ before: ContactTally?) -> JSON {
      reader == .everybody ? json(published[place]) : json(figures, before, contacts.now)
    }
    let months = (document["months"]?.array ?? []).enumerated().map { place, month -> JSON in
      guard contacts.months.indices.contains(place) else { return month }
      let period = contacts.months[place]
      var month = month.with(name, shown(place, period.figures, period.previous))
      if let rolling = period.rolling, let twelve = month["rolling_twelve"] {
        month = month.with("rolling_twelve", twelve.with(name, json(rolling, period.previousRolling, contacts.now)))
      }
      return month
    }
    let total = (document["total"] ?? .null).with(
      name, shown(contacts.months.count, contacts.total.figures, contacts.total.previous))
    let definitions = (document["definitions"] ?? .object([])).with(name, .string(meaning))
    return document.with("months", .array(months)).with("total", total).with("definitions", definitions)
  }

  private static func json(_ now: ContactTally, _ before: ContactTally?, _ at: Instant) -> JSON {
    let inTime = { (tally: ContactTally) in Share(tally.inTime, of: tally.judged) }
    let reviewed = { (tally: ContactTally) in Share(tally.reviewed, of: tally.past) }
    return .object(
      [.init("n", JSON(now.n)), .init("judged", JSON(now.judged))]
        + members("outcome_in_time", inTime(now), before.map(inTime)) + [.init("past", JSON(now.past))]
        + members("reviewed", reviewed(now), before.map(reviewed)) + [
          .init("waiting", JSON(now.waiting)),
          .init("oldest_age_s", now.oldest.map { .int((at - $0).wholeSeconds) } ?? .null),
        ])
  }

  private static func members(_ name: String, _ now: Share, _ before: Share?) -> [JSON.Member] {
    [
      .init("\(name)_k", JSON(now.k)), .init("\(name)_share", JSON(rounded: now.value)),
      .init("\(name)_low", JSON(rounded: now.interval?.low)), .init("\(name)_high", JSON(rounded: now.interval?.high)),
      .init("\(name)_previous", JSON(rounded: before?.value)),
    ]
  }

  /// What is suppressed shows as `c`.
  static func json(_ cell: PublishedContacts) -> JSON {
    let share = cell.inTime
    func value(_ json: JSON) -> JSON { share == nil ? "c" : json }
    return [
      "judged": cell.judged.map { JSON($0) } ?? "c", "outcome_in_time_k": value(JSON(share?.k ?? 0)),
      "outcome_in_time_share": value(JSON(rounded: share?.value)),
      "outcome_in_time_low": value(JSON(rounded: share?.interval?.low)),
      "outcome_in_time_high": value(JSON(rounded: share?.interval?.high)),
    ]
  }
}

extension ContactFigures {
  /// A kept report's figures of the front door as anybody may read them, a row for each month and the total last; nil where
  /// none were kept.
  static func published(_ report: JSON) -> [JSON]? {
    let periods = (report["months"]?.array ?? []) + [report["total"] ?? .null]
    let figures = periods.compactMap { $0[name] }
    guard figures.count == periods.count else { return nil }
    return PublishedContacts.suppressed(
      figures.map { Share($0["outcome_in_time_k"]?.int ?? 0, of: $0["judged"]?.int ?? 0) }
    ).map(json)
  }
}

extension JSON {
  /// The object with that member in its place, or behind the others.
  func with(_ name: String, _ value: JSON) -> JSON {
    var members = members ?? []
    if let place = members.firstIndex(where: { $0.name == name }) {
      members[place] = .init(name, value)
    } else {
      members.append(.init(name, value))
    }
    return .object(members)
  }
}
