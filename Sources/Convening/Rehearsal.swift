// What another policy would have sent, held against what was sent: the figures by which a policy is agreed. A pure function of
// messages; who makes those that were never sent, by running the rules, is `Coordination`'s `Rehearse`. It knows what people
// did, and not what they would have done.

/// A message to a place, on account of an agency: as it was begun, or as it would have been.
public struct SentMessage: Hashable, Sendable {
  public let agency: AgencyID
  public let place: Place
  public let step: StepName
  public let message: Message
  public let at: Instant

  public init(agency: AgencyID, place: Place, step: StepName, message: Message, at: Instant) {
    (self.agency, self.place, self.step, self.message, self.at) = (agency, place, step, message, at)
  }

  /// A step of a ladder, which asks the agency or says that it has not answered; others tell what has changed.
  var pursues: Bool {
    switch message {
    case .invitation, .reminder, .attention: true
    case .rescheduled, .cancelled, .ping, .concluded, .answered, .handover, .reviewDue: false
    }
  }
}

/// One discussion under both.
public struct RehearsedDiscussion: Hashable, Sendable {
  public let id: DiscussionID
  /// In order of time.
  public let was: [SentMessage]
  public let would: [SentMessage]
  /// When it was decided, and without whom; nil: it was not.
  public let decidedAt: Instant?
  public let missing: [AgencyID]

  public init(id: DiscussionID, was: [SentMessage], would: [SentMessage], decidedAt: Instant?, missing: [AgencyID]) {
    (self.id, self.was, self.would, self.decidedAt, self.missing) = (id, was, would, decidedAt, missing)
  }
}

public struct Rehearsal: Hashable, Sendable {
  /// How much somebody would hear.
  public struct Volume: Hashable, Sendable {
    public private(set) var messages = 0
    /// Outside the authority's working hours; 0 where the settings name none.
    public private(set) var outOfHours = 0
    public private(set) var places: [Place: Int] = [:]

    mutating func count(_ message: SentMessage, isOutOfHours: Bool) {
      messages += 1
      if isOutOfHours { outOfHours += 1 }
      places[message.place, default: 0] += 1
    }

    static func += (a: inout Volume, b: Volume) {
      (a.messages, a.outOfHours) = (a.messages + b.messages, a.outOfHours + b.outOfHours)
      a.places.merge(b.places, uniquingKeysWith: +)
    }
  }

  /// The messages to one place, the first held against the first and so on.
  public struct Steps: Hashable, Sendable {
    public private(set) var same = 0
    public private(set) var new = 0
    public private(set) var gone = 0
    /// By a minute or more.
    public private(set) var earlier = 0
    public private(set) var later = 0

    mutating func count(_ pair: Pair) {
      switch (pair.was, pair.would) {
      case (let was?, let would?):
        if would.at <= was.at - Rehearsal.tolerance {
          earlier += 1
        } else if would.at >= was.at + Rehearsal.tolerance {
          later += 1
        } else {
          same += 1
        }
      case (nil, _?): new += 1
      case (_?, nil): gone += 1
      case (nil, nil): break
      }
    }

    static func += (a: inout Steps, b: Steps) {
      (a.same, a.new, a.gone) = (a.same + b.same, a.new + b.new, a.gone + b.gone)
      (a.earlier, a.later) = (a.earlier + b.earlier, a.later + b.later)
    }
  }

  public struct Figures: Hashable, Sendable {
    public private(set) var was = Volume()
    public private(set) var would = Volume()
    public private(set) var steps = Steps()
    /// Discussions that were decided without it.
    public private(set) var absences = 0
    /// Of those, the ones in which a step would have gone out that did not, or earlier, before the decision.
    public private(set) var absencesWithMore = 0

    init() {}

    fileprivate mutating func count(_ pair: Pair, _ isOutOfHours: (Instant) -> Bool) {
      if let message = pair.was { was.count(message, isOutOfHours: isOutOfHours(message.at)) }
      if let message = pair.would { would.count(message, isOutOfHours: isOutOfHours(message.at)) }
      steps.count(pair)
    }

    fileprivate mutating func count(absenceWithMore: Bool) {
      absences += 1
      if absenceWithMore { absencesWithMore += 1 }
    }

    fileprivate static func += (a: inout Figures, b: Figures) {
      a.was += b.was
      a.would += b.would
      a.steps += b.steps
      (a.absences, a.absencesWithMore) = (a.absences + b.absences, a.absencesWithMore + b.absencesWithMore)
    }
  }

  /// The same place, the same how many-th time; at least one of them is there.
  public struct Pair: Hashable, Sendable {
    public let was: SentMessage?
    public let would: SentMessage?

    /// Before `moment`, and not at all or later under the policy that was in force.
    func isMore(before moment: Instant) -> Bool {
      guard let would, would.pursues, would.at < moment else { return false }
      return was.map { would.at <= $0.at - Rehearsal.tolerance } ?? true
    }
  }

  /// An agency that was missing, and what it would have been sent on top, in order of time.
  public struct Absence: Hashable, Sendable {
    public let discussion: DiscussionID
    public let agency: AgencyID
    public let decidedAt: Instant
    public let steps: [Pair]
  }

  /// Less is no difference: a daemon takes its seconds.
  public static let tolerance = Elapsed.minutes(1)

  public let discussions: Int
  /// By agency, in the order of names; each that either has a message or an absence of.
  public let agencies: [(agency: AgencyID, figures: Figures)]
  public let total: Figures
  /// Those with something more, in the order of their decisions.
  public let absences: [Absence]

  /// - Parameter calendar: whose working hours are meant.
  public init(_ discussions: [RehearsedDiscussion], calendar: WorkingCalendar) {
    var figures: [AgencyID: Figures] = [:]
    var absences: [Absence] = []
    let isOutOfHours = { (at: Instant) in calendar.working.map { !calendar.isOpen($0, at: at) } ?? false }
    for discussion in discussions {
      let pairs = Self.pairs(discussion)
      for (agency, pairs) in pairs {
        for pair in pairs { figures[agency, default: Figures()].count(pair, isOutOfHours) }
      }
      guard let decidedAt = discussion.decidedAt else { continue }
      for agency in discussion.missing {
        let more = (pairs[agency] ?? []).filter { $0.isMore(before: decidedAt) }
        figures[agency, default: Figures()].count(absenceWithMore: !more.isEmpty)
        guard !more.isEmpty else { continue }
        let steps = more.sorted { ($0.would?.at ?? decidedAt) < ($1.would?.at ?? decidedAt) }
        absences.append(Absence(discussion: discussion.id, agency: agency, decidedAt: decidedAt, steps: steps))
      }
    }
    self.discussions = discussions.count
    agencies = figures.sorted { $0.key < $1.key }.map { (agency: $0.key, figures: $0.value) }
    total = agencies.reduce(into: Figures()) { $0 += $1.figures }
    self.absences = absences.sorted {
      ($0.decidedAt, $0.discussion, $0.agency) < ($1.decidedAt, $1.discussion, $1.agency)
    }
  }

  /// Steps bear other names in another policy: what is compared is who hears, how often and when. What tells of a change is
  /// held against what tells of the same.
  private static func pairs(_ discussion: RehearsedDiscussion) -> [AgencyID: [Pair]] {
    struct Seat: Hashable {
      let agency: AgencyID
      let place: Place
      let notice: Message?

      init(_ message: SentMessage) {
        (agency, place, notice) = (message.agency, message.place, message.pursues ? nil : message.message)
      }
    }
    let was = Dictionary(grouping: discussion.was, by: Seat.init)
    let would = Dictionary(grouping: discussion.would, by: Seat.init)
    var pairs: [AgencyID: [Pair]] = [:]
    for seat in Set(was.keys).union(would.keys) {
      let (old, new) = (was[seat] ?? [], would[seat] ?? [])
      for place in 0..<max(old.count, new.count) {
        pairs[seat.agency, default: []].append(
          Pair(was: place < old.count ? old[place] : nil, would: place < new.count ? new[place] : nil))
      }
    }
    return pairs
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.discussions == b.discussions && a.total == b.total && a.absences == b.absences
      && a.agencies.elementsEqual(b.agencies) { $0.agency == $1.agency && $0.figures == $1.figures }
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(total) }
}
