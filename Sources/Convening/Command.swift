// What somebody asks the daemon to do, already parsed and checked for shape. Whether it may happen is for `decide`.

/// How a meeting is held.
public enum Form: String, CaseIterable, Hashable, Sendable {
  case meeting, video, phone
}

/// By what way an answer reached the convener.
public enum Via: String, CaseIterable, Hashable, Sendable {
  case link, phone, api
}

/// What was decided. DOMAIN.md 5.2.
public enum Outcome: String, CaseIterable, Hashable, Sendable {
  case s47Joint = "s47_joint"
  case s47SingleCSC = "s47_single_csc"
  case policeSingle = "police_single"
  case assessmentContinuesS17 = "assessment_continues_s17"
  case earlyHelp = "early_help"
  case nfa
  case furtherDiscussion = "further_discussion"
  case transferredOtherAuthority = "transferred_other_authority"
}

/// What goes with a decision. DOMAIN.md 5.2.
public enum DecisionFlag: String, CaseIterable, Hashable, Sendable {
  case immediateProtection = "immediate_protection"
  case medical, abe
  case legalAdvice = "legal_advice"
  case lado
  case icpcExpected = "icpc_expected"
  case complex, dissent
}

/// Why an agency did not contribute. DOMAIN.md 5.2: B0x the convener's, B1x the agency's, B2x structure, B3x the event.
public enum BarrierCode: String, CaseIterable, Hashable, Sendable {
  case b01 = "B01"
  case b02 = "B02"
  case b03 = "B03"
  case b04 = "B04"
  case b05 = "B05"
  case b10 = "B10"
  case b11 = "B11"
  case b12 = "B12"
  case b13 = "B13"
  case b14 = "B14"
  case b15 = "B15"
  case b16 = "B16"
  case b17 = "B17"
  case b20 = "B20"
  case b21 = "B21"
  case b22 = "B22"
  case b23 = "B23"
  case b30 = "B30"
  case b31 = "B31"
  case b32 = "B32"
  case b99 = "B99"

  /// Whether an agency may give it for declining. The others say what the convener did or left out, or that nothing was
  /// said at all.
  public var isAgencys: Bool {
    switch self {
    case .b10, .b11, .b12, .b13, .b15, .b16, .b17, .b20, .b21, .b22, .b23, .b99: true
    case .b01, .b02, .b03, .b04, .b05, .b14, .b30, .b31, .b32: false
    }
  }
}

/// Who gives a reason for an absence.
public enum Party: String, CaseIterable, Hashable, Sendable {
  case chair, agency
}

/// What came of a call.
public enum CallResult: String, CaseIterable, Hashable, Sendable {
  case answered
  case noReply = "no-reply"
  case messageLeft = "message-left"
}

public struct Convene: Hashable, Sendable {
  /// As it was asked for; what became of it is the discussion's `meeting`.
  public var meeting: MeetingWish
  /// 1...1440
  public var durationMinutes: Int
  public var form: Form
  public var urgency: Urgency
  public var needIdentifiedAt: Instant?
  /// nil: those that the policy requires.
  public var agencies: [AgencyID]?
  public var team: TeamID
  /// A role, never a name.
  public var convenedBy: String
  public var join: String?
  /// The case system's own reference: shown on the control socket alone, never sent.
  public var caseReference: String?
  /// How many children; never which.
  public var children: Int?
  /// A late entry: it was held then, outside of convened, which asks nobody.
  public var heldAt: Instant?
  /// The discussion before it in the same sequence. It must have been convened before, so that no sequence bites its tail.
  public var follows: DiscussionID?

  public init(
    meeting: MeetingWish, durationMinutes: Int = 60, form: Form = .meeting, urgency: Urgency = .standard,
    needIdentifiedAt: Instant? = nil, agencies: [AgencyID]? = nil, team: TeamID, convenedBy: String,
    join: String? = nil, caseReference: String? = nil, children: Int? = nil, heldAt: Instant? = nil,
    follows: DiscussionID? = nil
  ) {
    (self.meeting, self.durationMinutes, self.form, self.urgency) = (meeting, durationMinutes, form, urgency)
    (self.needIdentifiedAt, self.agencies, self.team) = (needIdentifiedAt, agencies, team)
    (self.convenedBy, self.join, self.caseReference, self.children) = (convenedBy, join, caseReference, children)
    (self.heldAt, self.follows) = (heldAt, follows)
  }
}

extension Convene {
  /// One that is made up to show a policy: with those whom it requires, by the first team of the settings. Without a time it
  /// meets at the earliest that suits all, or where it is urgent as soon as they answer.
  public init(explaining urgency: Urgency, meetingAt: Instant?, team: TeamID?, _ arrangements: Arrangements) {
    let wish = meetingAt.map(MeetingWish.at) ?? (urgency == .urgent ? .asSoonAsTheyAnswer : .earliest)
    self.init(
      meeting: wish, urgency: urgency, team: team ?? arrangements.teams.first?.id ?? "no-team",
      convenedBy: "nobody")
  }
}

/// When the conference has to be held that a decision leads to.
public struct ConferenceDue: Hashable, Sendable {
  public let from: Instant
  public let due: Instant
  public let provisional: Bool

  public init(from: Instant, due: Instant, provisional: Bool) {
    (self.from, self.due, self.provisional) = (from, due, provisional)
  }
}

public struct Decision: Hashable, Sendable {
  public var outcome: Outcome
  /// When it was taken, which may be before it is recorded; nil means now.
  public var decidedAt: Instant?
  public var byRole: String
  public var flags: [DecisionFlag]
  /// Agencies that did not agree.
  public var dissent: [AgencyID]
  /// A code, why it was taken without all; text is held in the case system.
  public var reason: String?
  public var s47StartedAt: Instant?
  /// Set by the rules where it is recorded.
  public var conference: ConferenceDue?

  public init(
    outcome: Outcome, decidedAt: Instant? = nil, byRole: String, flags: [DecisionFlag] = [], dissent: [AgencyID] = [],
    reason: String? = nil, s47StartedAt: Instant? = nil, conference: ConferenceDue? = nil
  ) {
    self.conference = conference
    (self.outcome, self.decidedAt, self.byRole, self.flags) = (outcome, decidedAt, byRole, flags)
    (self.dissent, self.reason, self.s47StartedAt) = (dissent, reason, s47StartedAt)
  }
}

/// A change to a discussion that was convened. `at` is when it happened; nil means now.
public enum Command: Hashable, Sendable {
  case reschedule(meetingAt: Instant, reason: String)
  /// `stays`: whoever holds the place after them, they keep it in hand.
  case acknowledge(AgencyID, byRole: String, via: Via, stays: Bool = false, unit: UnitID? = nil, at: Instant?)
  case contribute(AgencyID, ContributionKind, byRole: String, via: Via, unit: UnitID? = nil, at: Instant?)
  /// What the agency reported by link is so; nil: no role is given.
  case confirm(AgencyID, byRole: String?)
  case decline(AgencyID, BarrierCode, byRole: String, unit: UnitID? = nil, at: Instant?)
  case hold(heldAt: Instant?, form: Form?, decision: Decision?)
  case decide(Decision)
  case circulate(to: [AgencyID], at: Instant?)
  /// The secure e-mail that names the child went to a place; a unit is asked by it.
  case sendDetails(AgencyID, Place, unit: UnitID? = nil, at: Instant?)
  case call(AgencyID, number: String, CallResult, byRole: String, at: Instant?)
  case nameBarrier(AgencyID, BarrierCode, by: Party, agreed: Bool?)
  case receive(AgencyID, at: Instant?)
  case conference(heldAt: Instant?)
  case followUp(doneAt: Instant?, byRole: String)
  /// A clock that starts, or stops, outside of convened.
  case startClock(ClockID, at: Instant)
  case stopClock(ClockID, at: Instant)
  /// What an entry says is not so, or not quite; nil: it counts for nothing.
  indirect case correct(revision: Int, reason: String, replacement: Command?)
  case cancel(reason: String)
  case close
}
