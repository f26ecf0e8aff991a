// The entries of a discussion told again, with what was put right in the place of what it struck; and which entries can be
// put right at all.

/// The entries of a discussion as they stand: each correction is in the place of what it struck.
struct Retold {
  private let entries: [Entry]
  /// By the revision of the entry that was there first.
  private var events: [Int: Event] = [:]
  private var places: [Int: Int] = [:]
  /// Which entry struck which.
  private(set) var struck: [Int: Int] = [:]

  init(_ entries: [Entry]) {
    self.entries = entries
    for entry in entries {
      guard case .corrected(let correction) = entry.event else {
        events[entry.revision] = entry.event
        places[entry.revision] = entry.revision
        continue
      }
      let place = places[correction.revision] ?? correction.revision
      places[entry.revision] = place
      struck[correction.revision] = entry.revision
      put(correction.replacement, at: place)
    }
  }

  /// Where an entry, or the correction of one, stands; nil where there is none.
  func place(of revision: Int) -> Int? { places[revision] }

  func event(at place: Int) -> Event? { events[place] }

  /// The end of a disagreement's level goes and moves with the start of the next.
  mutating func put(_ event: Event?, at place: Int) {
    if case .clockStarted(.c11, let old, _, _, _) = events[place],
      case .clockStopped(.c11, let stopped, _) = events[place - 1], stopped == old, isTogether(place - 1, place)
    {
      if case .clockStarted(.c11, let new, _, _, _) = event {
        events[place - 1] = .clockStopped(.c11, occurred: new)
      } else {
        events[place - 1] = nil
      }
    }
    events[place] = event
  }

  private func isTogether(_ a: Int, _ b: Int) -> Bool {
    a >= 1 && b <= entries.count && entries[a - 1].at == entries[b - 1].at
      && entries[a - 1].actor == entries[b - 1].actor
  }

  /// Whether it says only what follows from another entry: a clock that a meeting or a conference started, or that its next
  /// level ended.
  func follows(_ place: Int) -> Bool {
    switch events[place] {
    case .clockStarted(let clock, let started, _, _, _):
      guard clock.isTold else { return true }
      return entries.contains { entry in
        guard entry.revision < place, isTogether(entry.revision, place) else { return false }
        switch entry.event {
        case .held(let occurred, _), .conferenceHeld(let occurred): return occurred == started
        case .decided(let decision, _): return decision.decidedAt == started
        default: return false
        }
      }
    case .clockStopped(let clock, let stopped, _):
      if !clock.isTold { return true }
      guard case .clockStarted(clock, let started, _, _, let level) = events[place + 1] else { return false }
      return level > 1 && started == stopped && isTogether(place, place + 1)
    default: return false
    }
  }

  /// Whether a clock, as it started last, follows from another entry.
  func follows(_ clock: ClockID) -> Bool {
    let place = entries.last { if case .clockStarted(clock, _, _, _, _) = events[$0.revision] { true } else { false } }
    return place.map { follows($0.revision) } ?? false
  }

  private func fold(where isTold: (Int) -> Bool) -> Discussion? {
    var discussion: Discussion?
    for entry in entries {
      guard isTold(entry.revision), let event = events[entry.revision] else { continue }
      evolve(
        &discussion,
        Entry(stream: entry.stream, revision: entry.revision, at: entry.at, actor: nil, mark: nil, event: event))
    }
    return discussion
  }

  /// As it stood when that was recorded.
  func before(_ place: Int) -> Discussion? { fold { $0 < place } }

  var discussion: Discussion? { fold { _ in true } }
}

extension Correctable {
  /// nil for what is none.
  public init?(_ event: Event) {
    switch event {
    case .acknowledged: self = .acknowledged
    case .contributionRecorded: self = .contributionRecorded
    case .declined: self = .declined
    case .held: self = .held
    case .decided: self = .decided
    case .circulated: self = .circulated
    case .detailsSent: self = .detailsSent
    case .telephoned: self = .telephoned
    case .barrierNamed: self = .barrierNamed
    case .receiptRecorded: self = .receiptRecorded
    case .conferenceHeld: self = .conferenceHeld
    case .followUpDone: self = .followUpDone
    case .clockStarted(let clock, _, _, _, _): if clock.isTold { self = .clockStarted } else { return nil }
    case .clockStopped(let clock, _, _): if clock.isTold { self = .clockStopped } else { return nil }
    case .corrected(let correction):
      if correction.replacement == nil { return nil }
      self = correction.corrects
    default: return nil
    }
  }
}
