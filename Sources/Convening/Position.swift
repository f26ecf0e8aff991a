// Where one agency stands in one discussion: what it said, which of its rungs are still to be climbed, who was asked and who
// has taken a place over. A value; `evolve` makes the next one.

/// Where one agency stands in one discussion.
public struct Position: Hashable, Sendable {
  public let agency: AgencyID
  /// Whether it was asked to take part; a required agency that was left out stands here with false.
  public let invited: Bool
  @Compact public internal(set) var acknowledged: Instant? = nil
  public internal(set) var declined: (code: BarrierCode, at: Instant)?
  public internal(set) var contributions: [Contribution] = []
  /// Rungs not yet climbed, earliest first.
  public internal(set) var rungs: [Rung] = []
  /// How many messages were begun.
  public internal(set) var messages = 0
  /// When the first message to a place of its own was begun: a word to the coordinator asks nobody at the agency.
  @Compact public internal(set) var firstAsked: Instant? = nil
  /// From when unanswered times count: the first message, or the last new time of the meeting after it.
  @Compact public internal(set) var askedSince: Instant? = nil
  /// When a message that asked it was first accepted, and when it first answered: what the report counts from and to.
  @Compact public internal(set) var firstReached: Instant? = nil
  @Compact public internal(set) var firstAnswered: Instant? = nil
  /// Steps climbed since the meeting's time was set.
  public internal(set) var climbed: [StepName] = []
  /// Who was asked, under which place; a holder is not asked twice under two names.
  public internal(set) var asked: [Asked] = []
  /// Since when somebody has been asked beyond the first step, without an answer.
  @Compact public internal(set) var escalatedAt: Instant? = nil
  /// Since when a step found nobody to ask.
  @Compact public internal(set) var emptyAt: Instant? = nil
  /// Where the details of the child went, in the order of recording.
  public internal(set) var detailsSent: [DetailsSent] = []
  /// None or one: behind a reference, since few positions have any of it and all are copied in each turn.
  private var seldom: [Seldom] = []

  private struct Seldom: Hashable, Sendable {
    var barrier: Barrier?
    var reported: [Contribution] = []
    var emptyRoute: RouteName?
    var toldDaily: Instant?
    var units: [UnitAnswer] = []
  }
  /// None or one, as above.
  private var holders: [Holders] = []

  public struct Asked: Hashable, Sendable {
    public let place: Place
    public let route: RouteName

    public init(place: Place, route: RouteName) { (self.place, self.route) = (place, route) }
  }

  /// Who acknowledged, and who took a place over from whoever was asked there.
  private struct Holders: Hashable, Sendable {
    var acknowledger: Acknowledger?
    /// When it acknowledged last, of acknowledgements that lapsed; a new time ends that too.
    var lapsed: Instant?
    var taken: [Taken] = []

    struct Taken: Hashable, Sendable {
      let place: Place
      /// nil: nobody.
      let route: RouteName?
      /// How many had been asked by then.
      let asked: Int
    }
  }

  public init(agency: AgencyID, invited: Bool) { (self.agency, self.invited) = (agency, invited) }

  /// Why it was absent, once that is decided.
  public internal(set) var barrier: Barrier? {
    get { seldom.first?.barrier }
    set { changeSeldom { $0.barrier = newValue } }
  }

  /// What it says by link that it gave, until somebody who convenes confirms it. It pauses like an acknowledgement, and counts
  /// for nothing yet.
  public internal(set) var reported: [Contribution] {
    get { seldom.first?.reported ?? [] }
    set { changeSeldom { $0.reported = newValue } }
  }

  /// The route that had stopped where a step found nobody to ask because of that; nil where nobody held the place.
  public internal(set) var emptyRoute: RouteName? {
    get { seldom.first?.emptyRoute }
    set { if newValue != emptyRoute { changeSeldom { $0.emptyRoute = newValue } } }
  }

  /// A step finds nobody to ask. The first such step is what people are told of.
  mutating func findEmpty(_ route: RouteName?, at moment: Instant) {
    guard emptyAt == nil else { return }
    (emptyAt, emptyRoute) = (moment, route)
  }

  /// When the coordinator's last word of the day was planned.
  public internal(set) var toldDaily: Instant? {
    get { seldom.first?.toldDaily }
    set { changeSeldom { $0.toldDaily = newValue } }
  }

  /// What its units said, each on its own. See `units`.
  public internal(set) var unitAnswers: [UnitAnswer] {
    get { seldom.first?.units ?? [] }
    set { if newValue != unitAnswers { changeSeldom { $0.units = newValue } } }
  }

  private mutating func changeSeldom(_ change: (inout Seldom) -> Void) {
    var new = seldom.first ?? Seldom()
    change(&new)
    seldom = new == Seldom() ? [] : [new]
  }

  /// Whose the acknowledgement is; nil where there is none, or nobody knows.
  public internal(set) var acknowledger: Acknowledger? {
    get { holders.first?.acknowledger }
    set {
      if holders.isEmpty, newValue != nil { holders = [Holders()] }
      if !holders.isEmpty { holders[0].acknowledger = newValue }
    }
  }

  /// When it acknowledged the meeting's present time, though whoever did holds the place no more.
  public internal(set) var lapsed: Instant? {
    get { holders.first?.lapsed }
    set {
      if holders.isEmpty, newValue != nil { holders = [Holders()] }
      if !holders.isEmpty { holders[0].lapsed = newValue }
    }
  }

  /// Somebody has the place from now on, or nobody, whoever was asked there.
  mutating func handOver(_ place: Place, to route: RouteName?) {
    if holders.isEmpty { holders = [Holders()] }
    holders[0].taken.removeAll { $0.place == place }
    holders[0].taken.append(.init(place: place, route: route, asked: asked.count))
  }

  /// Who knows of it at that place: whoever was asked there last, or has taken it over since.
  public func known(at place: Place) -> Known {
    let last = asked.lastIndex { $0.place == place }
    if let taken = holders.first?.taken.first(where: { $0.place == place }), last.map({ $0 < taken.asked }) ?? true {
      return taken.route.map(Known.to) ?? .toNobody
    }
    return last.map { .to(asked[$0].route) } ?? .unasked
  }

  /// Who has taken the place over and was not asked there since; nil where nobody has.
  public func taken(_ place: Place) -> RouteName? {
    guard let taken = holders.first?.taken.first(where: { $0.place == place }), let route = taken.route,
      !asked.dropFirst(taken.asked).contains(where: { $0.place == place })
    else { return nil }
    return route
  }

  /// Some place of its own, or the coordinator's, is somebody else's than who was asked there, or was once.
  public var hasChangedHands: Bool { !(holders.first?.taken.isEmpty ?? true) }

  /// Somebody has to do with it: they were asked, or have acknowledged.
  public var isConcerned: Bool { !asked.isEmpty || !holders.isEmpty }

  public enum Known: Hashable, Sendable {
    /// The place has no part in it yet.
    case unasked
    /// Nobody held the place when it changed hands last.
    case toNobody
    case to(RouteName)

    public var route: RouteName? {
      switch self {
      case .unasked, .toNobody: nil
      case .to(let route): route
      }
    }
  }

  /// All that was recorded of it was withdrawn, and nobody asked it.
  var isForgotten: Bool { !invited && messages == 0 && part == Standing.Part(agency: agency) }

  /// What is recorded of it.
  var part: Standing.Part {
    get {
      var part = Standing.Part(agency: agency)
      (part.acknowledged, part.acknowledger, part.lapsed) = (acknowledged, acknowledger, lapsed)
      part.declined = declined.map { .init(code: $0.code, at: $0.at) }
      (part.contributions, part.reported, part.firstAnswered) = (contributions, reported, firstAnswered)
      (part.detailsSent, part.barrier, part.units) = (detailsSent, barrier, unitAnswers)
      return part
    }
    set {
      (acknowledged, acknowledger, lapsed) = (newValue.acknowledged, newValue.acknowledger, newValue.lapsed)
      declined = newValue.declined.map { ($0.code, $0.at) }
      (contributions, reported, firstAnswered) = (newValue.contributions, newValue.reported, newValue.firstAnswered)
      (detailsSent, barrier, unitAnswers) = (newValue.detailsSent, newValue.barrier, newValue.units)
    }
  }

  /// It has contributed, in whatever way: each of its units that it waits for, and at least one. What it says ends its ladder.
  public var hasContributed: Bool {
    !contributions.isEmpty
      && detailsSent.allSatisfy { sent in !sent.isNeeded || contributions.contains { $0.unit == sent.unit } }
  }

  /// Its steps count from now on, as if none had been climbed.
  mutating func startAnew(at now: Instant) {
    climbed = []
    (escalatedAt, emptyAt) = (nil, nil)
    askedSince = firstAsked.map { _ in now }
  }

  /// Somebody at the agency has said something that answers for it.
  public var hasAnswered: Bool { acknowledged != nil || declined != nil || hasContributed }

  public static func == (a: Position, b: Position) -> Bool {
    a.agency == b.agency && a.invited == b.invited && a.acknowledged == b.acknowledged
      && a.declined?.code == b.declined?.code && a.declined?.at == b.declined?.at
      && a.contributions == b.contributions && a.rungs == b.rungs && a.messages == b.messages
      && a.firstAsked == b.firstAsked && a.askedSince == b.askedSince && a.climbed == b.climbed && a.asked == b.asked
      && a.escalatedAt == b.escalatedAt
      && a.firstReached == b.firstReached && a.firstAnswered == b.firstAnswered && a.emptyAt == b.emptyAt
      && a.detailsSent == b.detailsSent && a.seldom == b.seldom
      && a.holders == b.holders
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(agency)
    hasher.combine(messages)
  }
}
