// What some decided discussions come to: counts that are added up, and times that are kept. A month is counted once; twelve
// months are the sum of theirs. Agencies stand in the order of the report's own list.

public struct Tally: Hashable, Sendable {
  /// M1 to M4, which are told of parts of the discussions too.
  public struct Core: Hashable, Sendable {
    public internal(set) var n = 0
    /// All that the policy requires had contributed.
    public internal(set) var whole = 0
    /// The three partners of the guidance had, whatever the policy requires.
    public internal(set) var fixed = 0
    public internal(set) var agencies: [CoreAgency]
    /// From the need being identified until they met.
    public internal(set) var timeToHold = Durations()
    /// Those for which the policy sets a limit, and those within it.
    public internal(set) var limited = 0
    public internal(set) var withinLimit = 0
  }

  public struct CoreAgency: Hashable, Sendable {
    /// Discussions that required it.
    public internal(set) var required = 0
    public internal(set) var counted = 0
    /// Of those that required it, the ones that convened could ask it for: late entries are none.
    public internal(set) var askable = 0
    public internal(set) var asked = 0
    public internal(set) var countedWhenAsked = 0
  }

  /// What had to be done by a limit: done by now or past it, and what is still ahead.
  public struct Limited: Hashable, Sendable {
    public internal(set) var judged = 0
    public internal(set) var inTime = 0
    public internal(set) var done = 0
    public internal(set) var open = 0

    mutating func add(of row: Decided, by limit: Instant?, done: Instant?, at now: Instant) {
      if done != nil { self.done += 1 }
      guard let limit, row.isKnown(limit, done: done) else { return }
      guard done != nil || limit <= now else { return open += 1 }
      judged += 1
      if let done, done <= limit { inTime += 1 }
    }

    static func += (a: inout Limited, b: Limited) {
      (a.judged, a.inTime, a.done, a.open) = (
        a.judged + b.judged, a.inTime + b.inTime, a.done + b.done, a.open + b.open
      )
    }
  }

  /// One reason.
  public struct Reason: Hashable, Sendable {
    public internal(set) var n = 0
    public internal(set) var agreed = 0
    public internal(set) var disputed = 0

    static func + (a: Reason, b: Reason) -> Reason {
      Reason(n: a.n + b.n, agreed: a.agreed + b.agreed, disputed: a.disputed + b.disputed)
    }
  }

  /// The record, of discussions that were circulated.
  public struct Record: Hashable, Sendable {
    public internal(set) var n = 0
    public internal(set) var sent = 0
    public internal(set) var received = 0

    fileprivate mutating func add(_ agency: Decided.Agency) {
      n += 1
      if agency.wasSentRecord { sent += 1 }
      if agency.hasRecord { received += 1 }
    }

    static func += (a: inout Record, b: Record) {
      (a.n, a.sent, a.received) = (a.n + b.n, a.sent + b.sent, a.received + b.received)
    }
  }

  public struct Agency: Hashable, Sendable {
    public internal(set) var late = 0
    public internal(set) var otherwise = 0
    /// How many of each kind counted.
    public var kinds: [ContributionKind: Int] {
      Dictionary(
        uniqueKeysWithValues: zip(ContributionKind.allCases, byKind).filter { $1 > 0 }.map { ($0, $1) })
    }
    /// In the order of the kinds.
    fileprivate var byKind = Array(repeating: 0, count: ContributionKind.allCases.count)
    public internal(set) var reasons: [BarrierCode: Reason] = [:]
    /// Whoever had a part in a discussion that was circulated, and of those who was absent.
    public internal(set) var record = Record()
    public internal(set) var recordOfAbsent = Record()
    /// Its endpoint took a message in, and from then to its first answer before the decision.
    public internal(set) var reached = 0
    public internal(set) var response = Durations()
    public internal(set) var messages = 0
    public internal(set) var contributions = 0
  }

  /// A part of the discussions: DOMAIN.md 5.3, M12.
  public enum Split: Int, CaseIterable, Hashable, Sendable {
    case urgent, standard
    /// Shorter than the policy's fair notice, or not.
    case shortNotice, fairNotice
    /// When they met: in the authority's working hours, or not.
    case inHours, outOfHours
  }

  public internal(set) var all: Core
  public internal(set) var splits: [Core]
  public internal(set) var agencies: [Agency]
  /// Held before they were entered.
  public internal(set) var lateEntries = 0
  /// From the decision to its record, of all but late entries, and how many within what the policy calls immediately.
  public internal(set) var latency = Durations()
  public internal(set) var recordedInTime = 0
  public internal(set) var circulation = Limited()
  /// Conferences held, by working days: 0 to 10, 11 to 15, 16 to 20, 21 and more.
  public internal(set) var bands = [0, 0, 0, 0]
  /// Dated before the enquiry began, and so in no band.
  public internal(set) var conferencesBefore = 0
  /// Enquiries without a conference: past the limit, and when it is still to come.
  public internal(set) var conferencesPast = 0
  public internal(set) var conferencesDue: [CivilDate: Int] = [:]
  public internal(set) var reasoned = 0
  public internal(set) var followUp = Limited()
  public internal(set) var dissented = 0
  public internal(set) var escalated = 0
  public internal(set) var disagreement = Limited()
  public internal(set) var policies: Set<PolicyRef> = []

  /// Of so many agencies.
  init(agencies count: Int) {
    all = Core(agencies: Array(repeating: CoreAgency(), count: count))
    splits = Array(repeating: all, count: Split.allCases.count)
    agencies = Array(repeating: Agency(), count: count)
  }

  public subscript(split: Split) -> Core { splits[split.rawValue] }

  /// No more is counted; it may be added to others.
  mutating func seal() {
    all.timeToHold.seal()
    for index in splits.indices { splits[index].timeToHold.seal() }
    for index in agencies.indices { agencies[index].response.seal() }
    latency.seal()
  }

  static func += (a: inout Tally, b: Tally) {
    a.all += b.all
    for index in a.splits.indices { a.splits[index] += b.splits[index] }
    for index in a.agencies.indices { a.agencies[index] += b.agencies[index] }
    a.lateEntries += b.lateEntries
    a.latency.join(b.latency)
    a.recordedInTime += b.recordedInTime
    a.circulation += b.circulation
    for index in a.bands.indices { a.bands[index] += b.bands[index] }
    a.conferencesBefore += b.conferencesBefore
    a.conferencesPast += b.conferencesPast
    a.conferencesDue.merge(b.conferencesDue, uniquingKeysWith: +)
    a.reasoned += b.reasoned
    a.followUp += b.followUp
    a.dissented += b.dissented
    a.escalated += b.escalated
    a.disagreement += b.disagreement
    a.policies.formUnion(b.policies)
  }
}

extension Tally.Core {
  static func += (a: inout Self, b: Self) {
    (a.n, a.whole, a.fixed) = (a.n + b.n, a.whole + b.whole, a.fixed + b.fixed)
    (a.limited, a.withinLimit) = (a.limited + b.limited, a.withinLimit + b.withinLimit)
    a.timeToHold.join(b.timeToHold)
    for index in a.agencies.indices {
      a.agencies[index].required += b.agencies[index].required
      a.agencies[index].counted += b.agencies[index].counted
      a.agencies[index].askable += b.agencies[index].askable
      a.agencies[index].asked += b.agencies[index].asked
      a.agencies[index].countedWhenAsked += b.agencies[index].countedWhenAsked
    }
  }
}

extension Tally.Agency {
  static func += (a: inout Self, b: Self) {
    (a.late, a.otherwise) = (a.late + b.late, a.otherwise + b.otherwise)
    for index in a.byKind.indices { a.byKind[index] += b.byKind[index] }
    a.reasons.merge(b.reasons, uniquingKeysWith: +)
    a.record += b.record
    a.recordOfAbsent += b.recordOfAbsent
    a.response.join(b.response)
    (a.reached, a.messages, a.contributions) = (
      a.reached + b.reached, a.messages + b.messages, a.contributions + b.contributions
    )
  }
}

// MARK: - Counting one

/// What one discussion is counted by, beside its row.
struct TallyFacts {
  let isFixed: Bool
  let isInTime: Bool
  /// The row before it was counted elsewhere, or under another policy.
  let isNewPolicy: Bool
}

/// What every discussion is counted by.
struct TallyScale: Sendable {
  let now: Instant
  let zone: CivilZone
  let days: DayCount
}

extension Tally {
  /// - Parameter places: where each of its agencies stands in the report's list.
  mutating func count(
    _ row: Decided, at places: [Int], _ kinds: [Split], _ facts: TallyFacts, _ scale: TallyScale
  ) {
    if facts.isNewPolicy { policies.insert(row.policy) }
    let isWhole = row.isWhole
    all.count(row, places, isWhole, facts)
    for split in kinds { splits[split.rawValue].count(row, places, isWhole, facts) }
    if row.isLateEntry {
      lateEntries += 1
    } else {
      latency.add(row.recordedAt - row.decidedAt)
      if facts.isInTime { recordedInTime += 1 }
    }
    circulation.add(of: row, by: row.circulateBy, done: row.circulatedAt, at: scale.now)
    countConference(row, scale)
    if !isWhole, !row.continues {
      if row.hasReason { reasoned += 1 }
      followUp.add(of: row, by: row.followUpBy, done: row.followUpDoneAt, at: scale.now)
    }
    if row.isDissented, !row.continues { dissented += 1 }
    if let by = row.disagreementBy {
      escalated += 1
      disagreement.add(of: row, by: by, done: row.disagreementEndedAt, at: scale.now)
    }
    for index in row.agencies.indices { count(row.agencies[index], at: places[index], of: row) }
  }

  private mutating func countConference(_ row: Decided, _ scale: TallyScale) {
    guard let from = row.conferenceFrom, let by = row.conferenceBy, row.isKnown(by, done: row.conferenceHeldAt) else {
      return
    }
    guard let held = row.conferenceHeldAt else {
      // A limit in days ends where the next one begins.
      if by > scale.now {
        conferencesDue[scale.zone.wall(by - Elapsed(milliseconds: 1)).date, default: 0] += 1
      } else {
        conferencesPast += 1
      }
      return
    }
    let start = scale.zone.wall(row.s47StartedAt ?? from).date
    let date = scale.zone.wall(held).date
    guard date >= start else { return conferencesBefore += 1 }
    switch scale.days.workingDays(after: start, through: date) {
    case ...10: bands[0] += 1
    case 11...15: bands[1] += 1
    case 16...20: bands[2] += 1
    default: bands[3] += 1
    }
  }

  private mutating func count(_ agency: Decided.Agency, at place: Int, of row: Decided) {
    // Of what is entered late nobody was sent anything.
    if agency.part == .counted, !row.isLateEntry { agencies[place].contributions += 1 }
    if !row.continues { countPart(of: agency, at: place) }
    if row.circulatedAt != nil {
      agencies[place].record.add(agency)
      if agency.part != .counted { agencies[place].recordOfAbsent.add(agency) }
    }
    agencies[place].messages += agency.messages
    guard let reached = agency.reachedAt, reached <= row.decidedAt else { return }
    // What it had said before answers no message: it is told in whole minutes.
    if let answered = agency.answeredAt, answered.unitEnd <= reached { return }
    agencies[place].reached += 1
    if let answered = agency.answeredAt, answered <= row.decidedAt { agencies[place].response.add(answered - reached) }
  }

  /// How it took part, or why it did not: where it was required, of the first discussion of a sequence, as the shares are.
  private mutating func countPart(of agency: Decided.Agency, at place: Int) {
    guard agency.required else { return }
    switch agency.part {
    case .late: agencies[place].late += 1
    case .otherwise: agencies[place].otherwise += 1
    case .counted, .absent: break
    }
    if let kind = agency.kind { agencies[place].byKind[kind.place] += 1 }
    if let code = agency.barrier, agency.part != .counted {
      let said = Reason(n: 1, agreed: agency.agrees == true ? 1 : 0, disputed: agency.agrees == false ? 1 : 0)
      agencies[place].reasons[code] = (agencies[place].reasons[code] ?? Reason()) + said
    }
  }
}

extension Tally.Core {
  fileprivate mutating func count(_ row: Decided, _ places: [Int], _ isWhole: Bool, _ facts: TallyFacts) {
    if let need = row.needIdentifiedAt { timeToHold.add(row.metAt - need) }
    if let by = row.holdBy {
      limited += 1
      if row.metAt <= by { withinLimit += 1 }
    }
    // Shares are of sequences: what follows an earlier discussion is counted there.
    guard !row.continues else { return }
    n += 1
    if isWhole { whole += 1 }
    if facts.isFixed { fixed += 1 }
    for index in row.agencies.indices where row.agencies[index].required {
      let (place, isCounted) = (places[index], row.agencies[index].part == .counted)
      agencies[place].required += 1
      if isCounted { agencies[place].counted += 1 }
      if !row.isLateEntry { agencies[place].askable += 1 }
      guard row.agencies[index].asked else { continue }
      agencies[place].asked += 1
      if isCounted { agencies[place].countedWhenAsked += 1 }
    }
  }
}
