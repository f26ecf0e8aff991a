// What enters the convenor from outside, and what it answers. Already parsed, checked for shape and authenticated: the
// sockets do that, the docket decides.
import Convening

/// One change, with its circumstances.
public struct Request: Hashable, Sendable {
  public enum Change: Hashable, Sendable {
    /// `firstBody` is the fingerprint of the canonical first body.
    case convene(DiscussionID, Convene, firstBody: Fingerprint)
    case change(DiscussionID, Command)
    /// What somebody tells of a front-door contact.
    case contact(ContactID, ContactCommand)
    case resend(ReminderID)
    /// A test message to a route of the agency; nil: who holds its contact place now.
    case ping(AgencyID?, route: RouteName?)
    /// Lets a stopped route be used again.
    case enable(AgencyID?, RouteName)
    case pause(until: Instant, reason: String)
    case resume
    /// This is the agency's rota from now on, or the coordinator's.
    case setRota(AgencyID?, [RotaEntry])
    case cover(AgencyID?, Cover)
    /// All of them, or none.
    case imports([ImportRow])
    /// What tells of front-door contacts came, and had nothing new.
    case feed
    /// Keeps a report as it is now.
    case keepReport(SnapshotWish)
  }

  public var change: Change
  public var actor: Actor
  public var mark: IdempotencyMark?
  /// The revision that `If-Match` names.
  public var ifMatch: Int?
  /// The version of the agency's rota that `If-Match` names.
  public var ifRota: String?

  /// The discussion whose sequence this has to know: it is convened as the next of it, or decided or put right as a part of
  /// it. `known` answers the discussion of that reference.
  public func followed(_ known: (DiscussionID) -> Discussion?) -> DiscussionID? {
    switch change {
    case .convene(_, let convene, _): convene.follows
    case .change(let id, .decide), .change(let id, .hold), .change(let id, .correct): known(id)?.convene.follows
    case .change, .contact, .resend, .ping, .enable, .pause, .resume, .setRota, .cover, .imports, .feed, .keepReport:
      nil
    }
  }

  /// So many discussions of a sequence are looked through, from the nearest: more do not go on one enquiry.
  public static let longestSequence = 32

  public init(_ change: Change, actor: Actor, mark: IdempotencyMark? = nil, ifMatch: Int? = nil) {
    (self.change, self.actor, self.mark, self.ifMatch) = (change, actor, mark, ifMatch)
  }
}

/// What became of a request, once that is durable.
public enum Reply: Hashable, Sendable {
  /// The discussion as it now is. `created` where this request made it, `replayed` where an earlier one did the work.
  case discussion(Discussion, Policy, created: Bool, replayed: Bool)
  /// The front-door contact as it now is. `replayed` where all of it was recorded already.
  case contact(FrontDoorContact, created: Bool, replayed: Bool)
  /// A ping is on its way.
  case pinged(ReminderID, RouteName, replayed: Bool)
  /// The route is in use (again).
  case enabled(RouteName, replayed: Bool)
  case paused(until: Instant, replayed: Bool)
  case resumed(replayed: Bool)
  /// Rota and cover of the agency as they now are.
  case onDuty(AgencyID, Rota, replayed: Bool)
  /// Where it has faults, nothing was recorded.
  case imported(ImportOutcome)
  /// It is known that what tells of contacts came.
  case fed
  /// What the settings say is in force.
  case arranged
  /// The report is kept. `created` where this request did it.
  case kept(ReportSnapshot, created: Bool)
  case refused(Refusal)
}
