// One discussion as the fold of its entries: what was convened, who answered what, which rungs are still to be climbed
// and which reminders are still on their way. A value; `evolve` makes the next one.

/// Its facts stand behind one reference, so that handing one on costs as much as handing on a number: a turn does so some
/// thirty times for each reminder. It is a value all the same: what is changed while somebody else has it too is copied.
public struct Discussion: Hashable, Sendable {
  /// Always one.
  private var facts: [Facts]

  private struct Facts: Hashable, Sendable {
    let id: DiscussionID
    var revision: Int
    var phase: Phase
    var convene: Convene
    let convenedAt: Instant
    let firstBody: Fingerprint
    var policy: PolicyRef
    var meeting: MeetingTime
    var positions: [Position]
    var convener: RouteName?
    var reminders: [Reminder] = []
    var marks: [IdempotencyMark] = []
    var clocks: [WorkClock] = []
    /// None or one: behind a reference, since most that are open are still to be held.
    var after: [Afterwards] = []
  }

  /// What is recorded once it is held, seldom all of it.
  private struct Afterwards: Hashable, Sendable {
    var heldAt: Instant?
    var heldForm: Form?
    var decision: Decision?
    var decisionRecorded: Instant?
    var missingAtDecision: [AgencyID] = []
    var circulatedTo: [AgencyID] = []
    var circulatedAt: Instant?
    var closesAt: Instant?
    var receipts: [Receipt] = []
    var conferenceHeldAt: Instant?
    var followUpDoneAt: Instant?
  }

  init(
    id: DiscussionID, revision: Int, phase: Phase, convene: Convene, convenedAt: Instant, firstBody: Fingerprint,
    policy: PolicyRef, meeting: MeetingTime, positions: [Position], convener: RouteName? = nil
  ) {
    facts = [
      Facts(
        id: id, revision: revision, phase: phase, convene: convene, convenedAt: convenedAt, firstBody: firstBody,
        policy: policy, meeting: meeting, positions: positions, convener: convener)
    ]
  }

  public var id: DiscussionID { facts[0].id }
  public var convenedAt: Instant { facts[0].convenedAt }
  public var firstBody: Fingerprint { facts[0].firstBody }

  public internal(set) var revision: Int {
    _read { yield facts[0].revision }
    _modify { yield &facts[0].revision }
  }

  public internal(set) var phase: Phase {
    _read { yield facts[0].phase }
    _modify { yield &facts[0].phase }
  }

  public internal(set) var convene: Convene {
    _read { yield facts[0].convene }
    _modify { yield &facts[0].convene }
  }

  public internal(set) var policy: PolicyRef {
    _read { yield facts[0].policy }
    _modify { yield &facts[0].policy }
  }

  public internal(set) var meeting: MeetingTime {
    _read { yield facts[0].meeting }
    _modify { yield &facts[0].meeting }
  }

  /// nil: there is no time yet.
  public var meetingAt: Instant? { meeting.instant }

  /// Until when an answer helps: the meeting, or while it has no time, until its time is up.
  public var deadline: Instant { meeting.deadline }

  /// Where the meeting ends by plan, or would if it began when its time is up.
  public var meetingEnds: Instant { deadline + .minutes(Int64(convene.durationMinutes)) }

  /// It was held before it was entered: nobody is asked or told anything.
  public var isLateEntry: Bool { convene.heldAt != nil }

  /// In the order in which they were named, required ones that were left out last.
  public internal(set) var positions: [Position] {
    _read { yield facts[0].positions }
    _modify { yield &facts[0].positions }
  }

  /// Who knows of it as the team's convener: whoever convened it, or has taken the place over since; nil: nobody.
  public internal(set) var convener: RouteName? {
    _read { yield facts[0].convener }
    _modify { yield &facts[0].convener }
  }

  public internal(set) var reminders: [Reminder] {
    _read { yield facts[0].reminders }
    _modify { yield &facts[0].reminders }
  }

  public internal(set) var heldAt: Instant? {
    get { after?.heldAt }
    set { changeAfter { $0.heldAt = newValue } }
  }

  public internal(set) var heldForm: Form? {
    get { after?.heldForm }
    set { changeAfter { $0.heldForm = newValue } }
  }

  public internal(set) var decision: Decision? {
    get { after?.decision }
    set { changeAfter { $0.decision = newValue } }
  }

  public internal(set) var decisionRecorded: Instant? {
    get { after?.decisionRecorded }
    set { changeAfter { $0.decisionRecorded = newValue } }
  }

  /// The required agencies without a counting contribution when the decision was recorded.
  public internal(set) var missingAtDecision: [AgencyID] {
    get { after?.missingAtDecision ?? [] }
    set { changeAfter { $0.missingAtDecision = newValue } }
  }

  public internal(set) var circulatedTo: [AgencyID] {
    get { after?.circulatedTo ?? [] }
    set { changeAfter { $0.circulatedTo = newValue } }
  }

  public internal(set) var circulatedAt: Instant? {
    get { after?.circulatedAt }
    set { changeAfter { $0.circulatedAt = newValue } }
  }

  public internal(set) var closesAt: Instant? {
    get { after?.closesAt }
    set { changeAfter { $0.closesAt = newValue } }
  }

  public internal(set) var marks: [IdempotencyMark] {
    _read { yield facts[0].marks }
    _modify { yield &facts[0].marks }
  }

  /// As they were started, and stopped where somebody told so; `clocks` knows the rest.
  var startedClocks: [WorkClock] {
    _read { yield facts[0].clocks }
    _modify { yield &facts[0].clocks }
  }

  public internal(set) var receipts: [Receipt] {
    get { after?.receipts ?? [] }
    set { changeAfter { $0.receipts = newValue } }
  }

  public internal(set) var conferenceHeldAt: Instant? {
    get { after?.conferenceHeldAt }
    set { changeAfter { $0.conferenceHeldAt = newValue } }
  }

  public internal(set) var followUpDoneAt: Instant? {
    get { after?.followUpDoneAt }
    set { changeAfter { $0.followUpDoneAt = newValue } }
  }

  private var after: Afterwards? { facts[0].after.first }

  private mutating func changeAfter(_ change: (inout Afterwards) -> Void) {
    var new = after ?? Afterwards()
    change(&new)
    facts[0].after = new == Afterwards() ? [] : [new]
  }

  /// What became of it, as people recorded it.
  var course: Standing.Course {
    get {
      var course = Standing.Course(phase: phase)
      (course.heldAt, course.heldForm, course.decision) = (heldAt, heldForm, decision)
      (course.decisionRecorded, course.missing) = (decisionRecorded, missingAtDecision)
      (course.circulatedTo, course.circulatedAt, course.closesAt) = (circulatedTo, circulatedAt, closesAt)
      (course.receipts, course.conferenceHeldAt) = (receipts, conferenceHeldAt)
      course.followUpDoneAt = followUpDoneAt
      return course
    }
    set {
      (phase, heldAt, heldForm, decision) = (newValue.phase, newValue.heldAt, newValue.heldForm, newValue.decision)
      (decisionRecorded, missingAtDecision) = (newValue.decisionRecorded, newValue.missing)
      (circulatedTo, circulatedAt) = (newValue.circulatedTo, newValue.circulatedAt)
      (closesAt, receipts) = (newValue.closesAt, newValue.receipts)
      (conferenceHeldAt, followUpDoneAt) = (newValue.conferenceHeldAt, newValue.followUpDoneAt)
    }
  }

  public func position(_ agency: AgencyID) -> Position? {
    positions.firstIndex { $0.agency == agency }.map { positions[$0] }
  }
}
