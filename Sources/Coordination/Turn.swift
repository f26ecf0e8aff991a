// What a turn comes to: lines to append, rows to replace, replies to give, messages to send; and beside them the parts of
// the docket as they will be once the append is done. Nothing of it has happened yet.
import Collections
import Convening
import Wire

/// A message to hand to the courier once its intent is durable.
public struct Send: Hashable, Sendable {
  public let matter: Matter
  public let delivery: Delivery
}

public struct Turn: Sendable {
  public internal(set) var lines: [SealedLine] = []
  /// What the lines say, in the same order.
  public internal(set) var entries: [Entry] = []
  /// Whom an entry is about that does not say so itself, by its place among them.
  public internal(set) var about: [Int: AgencyID] = [:]
  public internal(set) var rows: [Rows] = []
  public internal(set) var contactRows: [ContactRow] = []
  /// In the order of the inputs.
  public internal(set) var replies: [(ticket: Int, reply: Reply)] = []
  public internal(set) var sends: [Send] = []

  // The overlay: what changed, by name.
  var discussions: [DiscussionID: Discussion] = [:]
  /// Discussions whose rows are to be written anew.
  var relisted: Set<DiscussionID> = []
  var endpoints: [RouteName: EndpointLoad] = [:]
  var queues: [RouteName: QueueChange] = [:]
  var letters: Letters?
  /// Each that an entry of this turn is about, and those that were read for it.
  var contacts: [ContactID: FrontDoorContact] = [:]
  var reviewQueue: ReviewQueue?
  var movedContacts = 0
  /// Who told of contacts in this turn, the first of them, be it nothing new.
  var feed: Actor?
  /// In the order of their entries.
  var answered: [(key: Fingerprint, answer: Answered)] = []
  var revisions: [Stream: Int] = [:]
  var stopped: Set<RouteName>?
  var snapshots: Snapshots?
  var arrangements: Arrangements?
  var policies: Policies?
  var offered: Set<PolicyID>?
  var adoptedCalendar: AdoptedCalendar?
  /// `.some(nil)` ends it.
  var pause: Pause??
  var isStopping = false
  /// Nothing was begun, and nothing that is due was looked at.
  var isForOutcomes = false
  var clock: ClockAftermath?
  var replanned = 0
  /// Closed discussions whose clocks were looked at.
  var revisited: [DiscussionID] = []
  /// Of those in which a place changed hands.
  var handedOver = 0
  /// Who has to be told what is open, since when; who was, and who need not be just now.
  var owed: [Successor: [DiscussionID: Instant]] = [:]
  var told: Set<Successor> = []
  var unneeded: Set<Successor> = []
  var worked: Set<DiscussionID> = []
  /// Those in which nothing has to be done, and the next thing may be another.
  var settled: Set<DiscussionID> = []
  var counters: Counters
  var lastAnswered: [AgencyID: Instant] = [:]
  var lots: Lots
  var seq: Int
  var head: Hash256
  var inFlight: Int

  public var isEmpty: Bool { entries.isEmpty }

  /// Discussions that found no slot at an endpoint, and those that were given another look.
  struct QueueChange: Sendable {
    var taken = 0
    var takenIDs: Set<DiscussionID> = []
    private(set) var added: [DiscussionID] = []
    private var addedIDs: Set<DiscussionID> = []

    func adds(_ id: DiscussionID) -> Bool { addedIDs.contains(id) }

    mutating func add(_ id: DiscussionID) {
      if addedIDs.insert(id).inserted { added.append(id) }
    }
  }
}

/// Whose places change hands.
enum Staff: Hashable, Comparable, Sendable {
  /// `coordination` for the coordinator's.
  case agency(AgencyID)
  /// Its convener's.
  case team(TeamID)

  /// Whose place it is, of an agency that a discussion of the team asks.
  init(_ place: Place, of agency: AgencyID, team: TeamID) {
    switch place {
    case .convener, .manager: self = .team(team)
    case .coordinator: self = .agency(.coordination)
    case .contact, .deputy, .lead, .acknowledger: self = .agency(agency)
    }
  }

  /// In whose stream what they are told stands.
  var agency: AgencyID { if case .agency(let id) = self { id } else { .coordination } }
  var team: TeamID? { if case .team(let id) = self { id } else { nil } }

  var places: [Place] {
    switch self {
    case .agency(let id): Place.onRota(of: id)
    case .team: [.convener]
    }
  }
}

/// Who took a place over.
struct Successor: Hashable, Comparable, Sendable {
  let staff: Staff
  let route: RouteName

  static func < (a: Successor, b: Successor) -> Bool { (a.staff, a.route) < (b.staff, b.route) }

  /// Of an entry of a discussion of that team that says that a place changed hands.
  init?(_ event: Event, team: TeamID) {
    guard case .handedOver(let agency, let place, _, let route?, _) = event else { return nil }
    self.init(staff: Staff(place, of: agency, team: team), route: route)
  }

  init(staff: Staff, route: RouteName) { (self.staff, self.route) = (staff, route) }
}

/// What a keyed request that belongs to no discussion was answered.
struct Answered: Hashable, Sendable {
  enum Done: Hashable, Sendable {
    case pinged(ReminderID, RouteName)
    case enabled(RouteName)
    case paused(until: Instant)
    case resumed
    case covered(AgencyID)
  }

  let body: Fingerprint
  let done: Done

  /// The same, to a request that comes again; `rota` as it is now.
  func replay(_ rota: Rota) -> Reply {
    switch done {
    case .pinged(let id, let route): .pinged(id, route, replayed: true)
    case .enabled(let route): .enabled(route, replayed: true)
    case .paused(let until): .paused(until: until, replayed: true)
    case .resumed: .resumed(replayed: true)
    case .covered(let agency): .onDuty(agency, rota, replayed: true)
    }
  }
}

/// The answers to the latest such requests, in their order: somebody may ping every minute for years.
struct RememberedAnswers: Sendable {
  private var answers: OrderedDictionary<Fingerprint, Answered> = [:]

  subscript(key: Fingerprint) -> Answered? { answers[key] }

  /// The oldest go a quarter at a time, so that none has to make room alone.
  mutating func remember(_ answer: Answered, of key: Fingerprint, most: Int) {
    answers[key] = answer
    if answers.count > most { answers.removeFirst(max(1, most / 4)) }
  }
}

/// The calendar that the journal says is in force.
struct AdoptedCalendar: Hashable, Sendable {
  let zone: String
  let holidays: BankHolidays
  let working: OpenHours?
}
