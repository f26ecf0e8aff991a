// `GET /v1/status`: what a person on duty and a monitor need at one look. CONTRACT.md 3. A value that the sockets fill from
// the daemon's live snapshot; nothing here says which child, why, or who.
import Convening

public struct StatusDocument: Hashable, Sendable {
  /// A discussion that needs a person now.
  public struct Attention: Hashable, Sendable {
    public struct Number: Hashable, Sendable {
      public let label: String
      public let number: String

      public init(label: String, number: String) { (self.label, self.number) = (label, number) }
    }

    public struct Next: Hashable, Sendable {
      public let at: Instant
      public let place: Place
      /// Of who holds the place then; nil where nobody does.
      public let label: String?

      public init(at: Instant, place: Place, label: String?) { (self.at, self.place, self.label) = (at, place, label) }
    }

    public let discussion: DiscussionID
    public let urgency: Urgency
    /// nil: there is no time yet.
    public let meetingAt: Instant?
    public let agency: AgencyID
    /// `unanswered`, `undelivered`, `declined`, `no_holder`, `stopped`, `not_counting`, `to_confirm`, `undecided`
    public let why: String
    public let since: Instant
    public let ring: [Number]
    public let next: Next?

    public init(
      discussion: DiscussionID, urgency: Urgency, meetingAt: Instant?, agency: AgencyID, why: String, since: Instant,
      ring: [Number], next: Next?
    ) {
      (self.discussion, self.urgency, self.meetingAt, self.agency) = (discussion, urgency, meetingAt, agency)
      (self.why, self.since, self.ring, self.next) = (why, since, ring, next)
    }
  }

  public struct Check: Hashable, Sendable {
    public enum State: String, CaseIterable, Hashable, Sendable { case ok, warn, fail }

    /// `journal`, `storage`, `calendar`, `clock`, `endpoints`; `pause` while there is one, `places`, `front-door`;
    /// `clocks` where one of the work has passed
    public let name: String
    public let state: State
    /// A sentence where it is not ok.
    public let detail: String?
    /// Further members, `horizon_days` and the like, in their order.
    public let more: [JSON.Member]

    public init(_ name: String, _ state: State, _ detail: String? = nil, more: [JSON.Member] = []) {
      (self.name, self.state, self.detail, self.more) = (name, state, detail, more)
    }
  }

  public struct Discussions: Hashable, Sendable {
    public let open: Int
    public let overdue: Int
    public let decidedWithoutAll: Int

    public init(open: Int, overdue: Int, decidedWithoutAll: Int) {
      (self.open, self.overdue, self.decidedWithoutAll) = (open, overdue, decidedWithoutAll)
    }
  }

  /// Contacts that wait for an outcome or a review.
  public struct FrontDoor: Hashable, Sendable {
    /// Those that are due too.
    public let open: Int
    public let due: Int
    public let oldestDue: Instant?
    /// When a contact or an outcome was recorded last; nil: never.
    public let heard: Instant?

    public init(open: Int, due: Int, oldestDue: Instant?, heard: Instant?) {
      (self.open, self.due, self.oldestDue, self.heard) = (open, due, oldestDue, heard)
    }
  }

  public struct Reminders: Hashable, Sendable {
    public let scheduled: Int
    public let inFlight: Int
    public let undelivered: Int
    /// Whole seconds; 0 where nothing is late.
    public let oldestDue: Int64
    public let nextDue: Instant?

    public init(scheduled: Int, inFlight: Int, undelivered: Int, oldestDue: Int64, nextDue: Instant?) {
      (self.scheduled, self.inFlight, self.undelivered) = (scheduled, inFlight, undelivered)
      (self.oldestDue, self.nextDue) = (oldestDue, nextDue)
    }
  }

  public struct Agency: Hashable, Sendable {
    public let agency: AgencyID
    public let name: String
    /// Who holds its contact place now; nil: nobody.
    public let holder: RouteName?
    public let label: String?
    /// When that changes next.
    public let until: Instant?
    /// `unknown`, `ok`, `failing`, `misconfigured`, `stopped`
    public let endpoint: String
    public let lastAccepted: Instant?
    public let lastAnswered: Instant?
    public let awaiting: Int

    public init(
      agency: AgencyID, name: String, holder: RouteName?, label: String?, until: Instant?, endpoint: String,
      lastAccepted: Instant?, lastAnswered: Instant?, awaiting: Int
    ) {
      (self.agency, self.name, self.holder, self.label, self.until) = (agency, name, holder, label, until)
      (self.endpoint, self.lastAccepted) = (endpoint, lastAccepted)
      (self.lastAnswered, self.awaiting) = (lastAnswered, awaiting)
    }
  }

  public struct Journal: Hashable, Sendable {
    public let seq: Int
    public let head: Hash256

    public init(seq: Int, head: Hash256) { (self.seq, self.head) = (seq, head) }
  }

  /// `starting`, `ready`, `degraded`, `paused`, `stopping`
  public var state: String
  public var since: Instant
  public var version: String
  public var attention: [Attention] = []
  public var checks: [Check] = []
  /// nil while the journal is read.
  public var discussions: Discussions?
  public var reminders: Reminders?
  public var frontDoor: FrontDoor?
  public var agencies: [Agency] = []
  /// The wall clock's last step against the monotonic one.
  public var lastStep = Elapsed.zero
  public var journal: Journal?

  public init(state: String, since: Instant, version: String) {
    (self.state, self.since, self.version) = (state, since, version)
  }

  public var json: JSON {
    [
      "schema": "convened.status/1", "state": .string(state), "since": JSON(since), "version": .string(version),
      "attention": .array(attention.map(\.json)), "checks": .array(checks.map(\.json)),
      "discussions": discussions.map {
        [
          "open": .int(Int64($0.open)), "overdue": .int(Int64($0.overdue)),
          "decided_without_all": .int(Int64($0.decidedWithoutAll)),
        ]
      } ?? .null,
      "reminders": reminders.map {
        [
          "scheduled": .int(Int64($0.scheduled)), "in_flight": .int(Int64($0.inFlight)),
          "undelivered": .int(Int64($0.undelivered)), "oldest_due_s": .int($0.oldestDue), "next_due": JSON($0.nextDue),
        ]
      } ?? .null,
      "front_door": frontDoor.map {
        [
          "open": .int(Int64($0.open)), "due": .int(Int64($0.due)), "oldest_due": JSON($0.oldestDue),
          "heard": JSON($0.heard),
        ]
      } ?? .null,
      "agencies": .array(agencies.map(\.json)),
      // A sandboxed unit cannot ask the kernel (CONTRACT.md 8), so whether the clock is synchronised is not known.
      "clock": ["synchronised": .null, "last_step_s": JSON.seconds(lastStep)],
      "journal": journal.map { ["seq": .int(Int64($0.seq)), "head": .string("sha256:\($0.head.hex)")] } ?? .null,
    ]
  }
}

extension StatusDocument.Attention {
  fileprivate var json: JSON {
    [
      "discussion": .string(discussion.description), "urgency": JSON(word: urgency), "meeting_at": JSON(meetingAt),
      "agency": JSON(agency), "why": .string(why), "since": JSON(since),
      "ring": .array(ring.map { ["label": .string($0.label), "number": .string($0.number)] }),
      "next": next.map { ["at": JSON($0.at), "place": JSON(word: $0.place), "label": JSON($0.label)] } ?? .null,
    ]
  }
}

extension StatusDocument.Check {
  fileprivate var json: JSON {
    let members: [JSON.Member] = [.init("name", .string(name)), .init("state", JSON(word: state))]
    return .object(members + more + (detail.map { [.init("detail", .string($0))] } ?? []))
  }
}

extension StatusDocument.Agency {
  fileprivate var json: JSON {
    [
      "agency": JSON(agency), "holder": JSON(holder), "until": JSON(until), "endpoint": .string(endpoint),
      "last_accepted": JSON(lastAccepted), "last_answered": JSON(lastAnswered), "awaiting": .int(Int64(awaiting)),
      "name": .string(name), "label": JSON(label),
    ]
  }
}

extension JSON {
  /// Whole seconds as an integer, others with their fraction.
  public static func seconds(_ span: Elapsed) -> JSON {
    span.milliseconds % 1000 == 0 ? .int(span.milliseconds / 1000) : .double(Double(span.milliseconds) / 1000)
  }
}
