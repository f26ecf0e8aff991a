// What a turn is made of: everything that may change the docket comes in as one of these, in order.
import Convening

/// What a delivery belongs to.
public enum Matter: Hashable, Sendable {
  case discussion(DiscussionID)
  /// None: a message to a route of the agency, or of the coordination's.
  case letter(AgencyID)
}

/// Behind a reference, since it is handed on and looked at more than once.
public indirect enum Input: Sendable {
  /// The first input of a process: attempts without an end are recorded as lost.
  case started(version: String)
  /// The wall clock has moved against the monotonic one, by so much.
  case clockStepped(Elapsed)
  /// Somebody judged that a break in the journal is no reason not to start.
  case breakAccepted(AcceptedBreak)
  /// What the settings say now; policies and holidays that are new are adopted. `ticket`: whoever asked for it is answered, or
  /// refused like any request; a start asks nobody.
  case arranged(Arrangements, [Policy], by: Actor? = nil, ticket: Int? = nil)
  case attemptEnded(Matter, ReminderID, attempt: Int, Answer)
  case request(Request, ticket: Int, Admitted)
  /// A closed discussion of which a clock may be due at another instant by now.
  /// nil: its entries do not tell of one any more.
  case revisited(DiscussionID, Discussion?)
  /// The last input of a process.
  case stopping

  /// What the convenor read from the journal because the docket does not hold it.
  public struct Admitted: Sendable {
    /// A discussion that is closed by now.
    public var discussion: Discussion?
    /// A front-door contact that waits for nobody any more.
    public var contact: FrontDoorContact?
    /// Its stream has entries, and the one that convened it is gone: nothing can be recorded in it.
    public var isBeheaded = false
    /// The bytes of the reminder that is to be sent once more.
    public var body: String?
    /// Of an import: for each of its rows' streams that the docket does not hold, what there is.
    public var rows: [Stream: Admitted] = [:]
    /// Of the discussion in which something is to be corrected, all that could be read; before this turn.
    public var entries: [Entry] = []
    /// Those before it in its sequence that are closed, in any order.
    public var earlier: [Discussion] = []

    public init(
      discussion: Discussion? = nil, contact: FrontDoorContact? = nil, isBeheaded: Bool = false, body: String? = nil,
      entries: [Entry] = [], earlier: [Discussion] = []
    ) {
      (self.contact, self.entries, self.earlier) = (contact, entries, earlier)
      (self.discussion, self.isBeheaded, self.body) = (discussion, isBeheaded, body)
    }
  }
}

extension Input {
  /// Of whoever waits for an answer.
  var ticket: Int? {
    switch self {
    case .request(_, let ticket, _): ticket
    case .arranged(_, _, _, let ticket): ticket
    case .started, .clockStepped, .breakAccepted, .attemptEnded, .revisited, .stopping: nil
    }
  }
}

extension [Input] {
  /// Before all else that waits, since it says by which clock that is due; only a start comes earlier: what is begun before
  /// it would be taken for an attempt of the process before.
  public mutating func putFirst(clockStep step: Elapsed) {
    let isStart = if case .started? = first { true } else { false }
    insert(.clockStepped(step), at: isStart ? 1 : 0)
  }
}
