// The first times that suit all who are required: their contact place is held by somebody throughout, none of them has to
// join more discussions than it can at once, and a standard discussion falls on a working day, within the working hours where
// the settings name them. Times begin on the quarter-hour. Pure: what else is appointed is a parameter; it moves nothing.

/// A discussion that has its time, as it keeps agencies busy.
public struct Engagement: Hashable, Sendable {
  public let agencies: [AgencyID]
  public let from: Instant
  public let until: Instant

  public init(agencies: [AgencyID], from: Instant, until: Instant) {
    (self.agencies, self.from, self.until) = (agencies, from, until)
  }
}

extension Discussion {
  /// nil where it has no time, or keeps nobody busy any more.
  public var engagement: Engagement? {
    guard phase == .scheduled, case .at(let from) = meeting else { return nil }
    let agencies = positions.filter { $0.invited && $0.declined == nil }.map(\.agency)
    return Engagement(agencies: agencies, from: from, until: from + .minutes(Int64(convene.durationMinutes)))
  }
}

/// What a time is looked for.
public struct SlotQuery: Hashable, Sendable {
  /// 1...1440
  public let durationMinutes: Int
  public let urgency: Urgency
  public let needIdentifiedAt: Instant?
  /// nil: those that the policy requires.
  public let agencies: [AgencyID]?

  public init(durationMinutes: Int, urgency: Urgency, needIdentifiedAt: Instant?, agencies: [AgencyID]?) {
    (self.durationMinutes, self.urgency) = (durationMinutes, urgency)
    (self.needIdentifiedAt, self.agencies) = (needIdentifiedAt, agencies)
  }

  public init(_ convene: Convene) {
    self.init(
      durationMinutes: convene.durationMinutes, urgency: convene.urgency, needIdentifiedAt: convene.needIdentifiedAt,
      agencies: convene.agencies)
  }

  /// Throws: `Refusal` where no policy is in force, an agency is not known, or the need lies ahead.
  public func slots(
    at now: Instant, _ circumstances: Circumstances, _ engagements: [Engagement]
  ) throws(Refusal) -> Slots {
    // It limits when it is to be held.
    if let need = needIdentifiedAt, need > now + clockSlack { throw .inTheFuture(field: "need_identified_at") }
    let (_, policy) = try circumstances.policyInForce(on: nil, now)
    guard urgency != .urgent || policy.urgent != nil else { throw .noUrgentLadder }
    let asked = try circumstances.agencies(of: agencies, under: policy)
    let required = asked.filter(policy.required.contains)
    let limit = policy.limit(of: .c2, for: urgency)
    let calendar = circumstances.arrangements.calendar
    let start = needIdentifiedAt ?? now
    return Slots(
      SlotSearch(
        needed: required.isEmpty ? asked : required, duration: .minutes(Int64(durationMinutes)), urgency: urgency,
        limit: limit?.end(from: start, in: calendar), fairNotice: policy.ladder(for: urgency).fairNotice, now: now,
        arrangements: circumstances.arrangements, engagements: engagements),
      rule: limit.map {
        "\($0.words) from \(needIdentifiedAt == nil ? "now" : "the need being identified")"
      })
  }
}

/// What was found.
public struct Slots: Hashable, Sendable {
  /// Why a time does not suit.
  public struct Obstacle: Hashable, Sendable {
    public enum Why: String, CaseIterable, Hashable, Sendable {
      /// Nobody holds the agency's contact place.
      case closed
      /// It has as many discussions as it can join at once.
      case full
      /// Not a working day, or outside the working hours: for a standard discussion.
      case notWorking = "not_working"
    }

    public let why: Why
    /// nil: it holds for all.
    public let agency: AgencyID?
    public let from: Instant
    /// nil: as far as was looked.
    public let until: Instant?
  }

  /// A time that is less bad than none.
  public struct Alternative: Hashable, Sendable {
    public let at: Instant
    /// The agency that it does not suit; nil where it suits all.
    public let without: AgencyID?
    /// It lies past the limit.
    public let isOverLimit: Bool
    /// The notice is shorter than the policy calls fair.
    public let isShortNotice: Bool
  }

  /// From when on times were looked for: now, and fair notice.
  public let from: Instant
  /// By when the policy wants it held; nil: it sets no limit.
  public let limit: Instant?
  /// "1 working day from the need being identified"
  public let rule: String?
  /// Earliest first; each begins when the one before has ended, or later.
  public let slots: [Instant]
  /// Up to the first time, or the limit.
  public let obstacles: [Obstacle]
  /// Where there is no time.
  public let alternatives: [Alternative]

  init(_ search: SlotSearch, rule: String?) {
    (from, limit, self.rule) = (search.from, search.limit, rule)
    let spans = search.blocked()
    var slots: [Instant] = []
    while slots.count < SlotSearch.most,
      let next = search.first(from: slots.last.map { $0 + search.duration } ?? search.from, past: spans)
    {
      slots.append(next)
    }
    self.slots = slots
    let shownTo = slots.first ?? search.last
    obstacles = spans.filter { $0.from < shownTo + search.duration && $0.until > search.from }.map {
      Obstacle(why: $0.why, agency: $0.agency, from: $0.from, until: $0.until < search.end ? $0.until : nil)
    }
    alternatives = slots.isEmpty ? search.alternatives(past: spans) : []
  }
}

/// One look for a time.
struct SlotSearch {
  /// Times are given on the quarter-hour.
  static let grain = Elapsed.minutes(15)
  /// How many times are given.
  static let most = 5
  /// How far is looked where there is no limit, and past it where there is one.
  static let reach = Elapsed.days(14)
  /// A limit that lies further ahead is not looked through to its end.
  static let farthest = Elapsed.days(28)

  let needed: [AgencyID]
  let duration: Elapsed
  let urgency: Urgency
  let limit: Instant?
  let now: Instant
  /// From when on the notice is fair.
  let from: Instant
  /// The last moment at which a time may begin.
  let last: Instant
  private let arrangements: Arrangements
  private let engagements: [Engagement]
  /// The last moment that is looked at.
  let end: Instant

  init(
    needed: [AgencyID], duration: Elapsed, urgency: Urgency, limit: Instant?, fairNotice: Limit?, now: Instant,
    arrangements: Arrangements, engagements: [Engagement]
  ) {
    (self.needed, self.duration, self.urgency) = (needed, duration, urgency)
    (self.limit, self.now, self.arrangements) = (limit, now, arrangements)
    from = fairNotice?.end(from: now, in: arrangements.calendar) ?? now
    last = min(limit ?? now + SlotSearch.reach, now + SlotSearch.farthest)
    let end = max(now, last) + SlotSearch.reach + duration
    self.end = end
    self.engagements = engagements.filter { $0.until > now && $0.from < end }
  }

  /// A stretch in which a discussion may not take place.
  struct Span: Hashable {
    let why: Slots.Obstacle.Why
    let agency: AgencyID?
    let from: Instant
    let until: Instant
  }

  /// Earliest first.
  func blocked() -> [Span] {
    (closing() + needed.flatMap { closed($0) + full($0) }).sorted { ($0.from, $0.until) < ($1.from, $1.until) }
  }

  /// The first quarter-hour from then on that meets none of the spans, by the last moment.
  func first(from start: Instant, through last: Instant? = nil, past spans: [Span]) -> Instant? {
    var at = SlotSearch.quarter(start)
    // A span that begins earlier may end later: one pass is enough, since what was passed ends before `at`.
    for span in spans where span.until > at && span.from < at + duration { at = SlotSearch.quarter(span.until) }
    return at <= last ?? self.last ? at : nil
  }

  func alternatives(past spans: [Span]) -> [Slots.Alternative] {
    var found: [Slots.Alternative] = []
    func add(_ at: Instant?, without agency: AgencyID? = nil) {
      guard let at else { return }
      found.append(
        Slots.Alternative(
          at: at, without: agency, isOverLimit: limit.map { at > $0 } ?? false, isShortNotice: at < from))
    }
    add(first(from: now, past: spans))
    add(first(from: max(from, max(now, last) + Elapsed(milliseconds: 1)), through: end - duration, past: spans))
    for agency in needed {
      let others = spans.filter { $0.agency != agency }
      // With fair notice where there is time for it.
      add(first(from: from, past: others) ?? first(from: now, past: others), without: agency)
    }
    return found.sorted { $0.at < $1.at }
  }

  static func quarter(_ moment: Instant) -> Instant {
    let (whole, rest) = moment.milliseconds.floored(by: grain.milliseconds)
    return Instant(milliseconds: (rest == 0 ? whole : whole + 1) * grain.milliseconds)
  }

  // MARK: - What stands in the way

  /// Nights, weekends and bank holidays: a standard discussion waits for the office.
  private func closing() -> [Span] {
    guard urgency == .standard else { return [] }
    let calendar = arrangements.calendar
    var spans: [Span] = []
    var free = now
    var day = calendar.date(of: now)
    while calendar.zone.start(of: day) < end {
      var open: (opens: Instant, closes: Instant)?
      if calendar.isWorkingDay(day) {
        open = (calendar.zone.start(of: day), calendar.end(of: day))
        if let working = calendar.working { open = calendar.window(of: working, on: day) }
      }
      if let open {
        if open.opens > free { spans.append(Span(why: .notWorking, agency: nil, from: free, until: open.opens)) }
        free = max(free, open.closes)
      }
      day = day.adding(days: 1)
    }
    if free < end { spans.append(Span(why: .notWorking, agency: nil, from: free, until: end)) }
    return spans
  }

  /// When nobody holds the agency's contact place.
  private func closed(_ agency: AgencyID) -> [Span] {
    var spans: [Span] = []
    var at = now
    while at < end {
      // What does not change in so many days is looked at again then.
      let next = min(arrangements.holderChanges(.contact, of: agency, after: at) ?? at + .days(14), end)
      if arrangements.holder(.contact, of: agency, at: at) == nil {
        if let last = spans.last, last.until == at {
          spans[spans.count - 1] = Span(why: .closed, agency: agency, from: last.from, until: next)
        } else {
          spans.append(Span(why: .closed, agency: agency, from: at, until: next))
        }
      }
      at = next
    }
    return spans
  }

  /// When it has as many discussions as it can join.
  private func full(_ agency: AgencyID) -> [Span] {
    guard let atOnce = arrangements.agency(agency)?.atOnce else { return [] }
    let own = engagements.filter { $0.agencies.contains(agency) && $0.until > $0.from }
    // At one moment what ends makes room for what begins.
    let edges =
      (own.map { (at: $0.from, change: 1) } + own.map { (at: $0.until, change: -1) })
      .sorted { ($0.at, $0.change) < ($1.at, $1.change) }
    var (spans, joined, since): ([Span], Int, Instant?) = ([], 0, nil)
    for edge in edges {
      joined += edge.change
      if joined >= atOnce {
        since = since ?? edge.at
      } else if let from = since {
        // Room at this moment and none in it: the span goes on.
        if let last = spans.last, last.until == from {
          spans[spans.count - 1] = Span(why: .full, agency: agency, from: last.from, until: edge.at)
        } else {
          spans.append(Span(why: .full, agency: agency, from: from, until: edge.at))
        }
        since = nil
      }
    }
    return spans
  }
}
