// An entry of every event, with each of its members told and left out. New ones are added at the end: the place of each is its
// revision in the golden lines.
import Testing

@testable import Convening
@testable import Wire

extension JournalLineTests {
  private static let at = Instant("2026-11-24T09:00:00.250Z")!
  private static let later = Instant("2026-11-24T14:00:00Z")!
  private static let discussion = Convening.Stream.discussion(DiscussionID("7Q2F-M9KD")!)
  private static let reminder = ReminderID("msg_01M841YWAWN6CNCHVPJ07F3MHC")!
  private static let body = #"{"specversion":"1.0","id":"msg_01M841YWAWN6CNCHVPJ07F3MHC"}"#
  private static let actor = Actor(uid: 1001, pid: 4242)
  private static let mark = IdempotencyMark(
    key: Fingerprint(high: 1, low: 0xabcdef), body: Fingerprint(high: .max, low: 7))

  private static let opening = Opening(
    agency: "police", place: .contact, step: "ask", message: .invitation, sequence: 1, due: at, stopAfter: later,
    margin: .minutes(10), supersedes: [], escalates: nil, body: body)
  private static let escalation = Opening(
    agency: "police", place: .lead, step: "lead", message: .reminder, sequence: 3, due: at, stopAfter: later,
    margin: .minutes(10), supersedes: [reminder], escalates: reminder, body: "zwei\n\u{1}\"Zeilen\" £")
  private static let rungs = [
    Rung(step: "ask", message: .invitation, ifUnanswered: false, due: at, places: [.contact], stopAfter: later),
    Rung(
      step: "lead", message: .reminder, ifUnanswered: true, due: later, places: [.lead, .coordinator], stopAfter: later),
  ]

  private static let policy = Policy(
    id: "leeds-2026-04", from: CivilDate("2026-04-01")!, required: ["csc", "police", "health"],
    counting: [.inPerson, .video, .writtenBefore], decisionRecorded: .minutes(15), closeAfter: .workingDays(20),
    reasonWithoutAll: true,
    standard: Ladder(
      acknowledgementHolds: .days(1), lastAttemptMargin: .minutes(10),
      steps: [
        Step(name: "ask", when: .once, to: [.contact]),
        Step(name: "deputy", when: .unanswered(.hours(2)), to: [.deputy]),
        Step(name: "before", when: .before(.minutes(45)), to: [.lead, .coordinator]),
      ]))

  private static let urgent = Policy(
    id: "leeds-2027-04", from: CivilDate("2027-04-01")!, required: ["csc", "police", "health"], counting: [.phoneLive],
    decisionRecorded: .minutes(15), closeAfter: .workingDays(20), reasonWithoutAll: true, standard: policy.standard,
    urgent: Ladder(
      acknowledgementHolds: .minutes(15), lastAttemptMargin: .minutes(1), squeezes: true,
      steps: [
        Step(name: "ask", when: .once, to: [.contact]),
        Step(name: "ring", when: .unanswered(.minutes(30)), to: [.coordinator]),
      ]))

  private static func hash(_ byte: String) -> String { String(repeating: byte, count: 32) }

  private static func convened(_ convene: Convene, _ meeting: MeetingTime = .at(later)) -> Event {
    .convened(
      convene, meeting, agencies: ["csc", "police"], policy: PolicyRef(id: "leeds-2026-04", edition: 1),
      firstBody: Fingerprint(high: 0x0123_4567_89ab_cdef, low: 1))
  }

  private static let events: [Event] = [
    convened(Convene(meeting: .at(later), team: "duty", convenedBy: "team manager")),
    convened(
      Convene(
        meeting: .at(later), durationMinutes: 90, form: .video, urgency: .standard, needIdentifiedAt: at,
        agencies: ["csc", "police"], team: "duty", convenedBy: "team manager", join: "room 2", caseReference: "C/1",
        children: 2)),
    .rescheduled(meetingAt: later, reason: "room"),
    .acknowledged("police", byRole: "sergeant", via: .phone, occurred: at, by: nil),
    .contributionRecorded("police", .phoneLive, byRole: "sergeant", via: .api, occurred: at),
    .declined("health", .b10, byRole: "nurse", occurred: at),
    .held(occurred: at, form: .meeting),
    .decided(Decision(outcome: .nfa, decidedAt: at, byRole: "chair"), missing: []),
    .decided(
      Decision(
        outcome: .s47Joint, decidedAt: at, byRole: "chair", flags: [.medical, .abe], dissent: ["health"], reason: "R1",
        s47StartedAt: at), missing: ["health"]),
    .circulated(to: ["police", "health"], occurred: at, closes: later),
    .cancelled(reason: "no longer needed"), .closed(byPolicy: true), .closed(byPolicy: false),
    .ladderPlanned("police", .convened, rungs), .ladderPlanned("police", .raised, []),
    .policyPinned(PolicyRef(id: "leeds-2026-04", edition: 2)),
    .placeSkipped("police", .deputy, step: "deputy", .noHolder, route: nil),
    .placeSkipped("police", .deputy, step: "deputy", .stopped, route: "police-deputy"),
    .rungsPassed("police", ["ask", "deputy"], .newer),
    .attemptBegan(reminder, attempt: 1, route: "police-unit", opening: opening),
    .attemptBegan(reminder, attempt: 1, route: "police-di", opening: escalation),
    .attemptBegan(reminder, attempt: 2, route: "police-unit", opening: nil),
    .attemptEnded(reminder, attempt: 1, Answer(verdict: .accepted, status: 204, tookMilliseconds: 31), next: nil),
    .attemptEnded(
      reminder, attempt: 2,
      Answer(
        verdict: .retry, status: 503, fault: nil, tookMilliseconds: 31, retryAfter: later, peer: "127.0.0.1:8443",
        responseDigest: String(repeating: "ab", count: 32), requestID: "r-1", date: at), next: later),
    .attemptEnded(
      reminder, attempt: 3, Answer(verdict: .retry, status: nil, fault: "timeout", tookMilliseconds: 15_000),
      next: later),
    .attemptLost(reminder, attempt: 4, next: later), .attemptLost(reminder, attempt: 5, next: nil),
    .reminderExpired(reminder), .resendRequested(reminder, next: at, body: body),
    .routeStopped("police-unit"), .routeEnabled("police-unit"),
    .policyAdopted(policy, PolicyRef(id: "leeds-2026-04", edition: 1)),
    .calendarAdopted(
      zone: "Europe/London", holidays: BankHolidays(days: [CivilDate("2026-12-25")!, CivilDate("2026-12-28")!]),
      working: nil),
    .started(version: "1.0.0"), .stopping,
    .breakAccepted(AcceptedBreak(seq: 12, reason: "restored from a backup")),
    .erased(stream: "discussion/7Q2F-M9KD", seqs: [3, 4, 9]),
    .clockStepped(by: .hours(1), escalationsFrom: at), .clockStepped(by: .seconds(-3), escalationsFrom: nil),
    .closingMoved(to: later),
    .breakAccepted(
      AcceptedBreak(
        seq: 12, reason: "disk failure of 3 May",
        evidence: BreakEvidence(
          kind: .missing, upTo: 14, chainBefore: hash("0a"), digestAfter: hash("1b"), chainAfter: hash("2c"),
          imprint: nil))),
    .breakAccepted(
      AcceptedBreak(
        seq: 12, reason: "altered by hand",
        evidence: BreakEvidence(
          kind: .altered, upTo: nil, chainBefore: hash("0a"), digestAfter: hash("1b"), chainAfter: hash("2c"),
          imprint: hash("3d")))),
    .breakAccepted(
      AcceptedBreak(
        seq: 12, reason: "the end was lost",
        evidence: BreakEvidence(
          kind: .cutOff, upTo: 14, chainBefore: hash("0a"), digestAfter: nil, chainAfter: nil, imprint: nil))),
    .policyAdopted(urgent, PolicyRef(id: "leeds-2027-04", edition: 1)),
    .policyAdopted(
      Policy(
        id: "leeds-2027-05", from: CivilDate("2027-05-01")!, required: ["csc"], counting: [.phoneLive],
        decisionRecorded: .minutes(15), closeAfter: .elapsed(.days(30)), reasonWithoutAll: false,
        standard: Ladder(
          acknowledgementHolds: .days(1), lastAttemptMargin: .minutes(10),
          steps: [Step(name: "ask", when: .once, to: [.contact, .coordinator])],
          afterDecision: AfterDecision(name: "absent", to: [.contact, .lead]))),
      PolicyRef(id: "leeds-2027-05", edition: 2)),
    .ladderPlanned(
      "police", .decided,
      [
        Rung(
          step: "absent", message: .concluded, ifUnanswered: false, due: at, places: [.contact, .lead],
          stopAfter: at + .days(1))
      ]),
    .detailsSent("health", .contact, route: nil, occurred: at),
    .telephoned("health", number: "0113 496 0180", .noReply, byRole: "team manager", occurred: at),
    .barrierProposed("health", .b14, answerUntil: later),
    .barrierNamed("health", .b12, by: .chair, agreed: nil, answerUntil: later),
    .barrierNamed("health", .b11, by: .agency, agreed: false, answerUntil: nil),
    .receiptRecorded("health", occurred: at), .conferenceHeld(occurred: at),
    .followUpDone(byRole: "team manager", occurred: at),
    .clockStarted(.c5, occurred: at, due: later, provisional: false, level: 1),
    .clockStarted(.c11, occurred: at, due: later, provisional: true, level: 2),
    .clockMoved(.followUp, due: later, provisional: false), .clockStopped(.c6, occurred: at),
    .calendarAdopted(
      zone: "Europe/London", holidays: BankHolidays(days: [CivilDate("2026-12-25")!]),
      working: OpenHours(
        days: [.monday, .tuesday, .friday], from: .minutes(510), until: .hours(17), openOnBankHolidays: false)),
    .policyAdopted(
      Policy(
        id: "leeds-2027-06", from: CivilDate("2027-06-01")!, required: ["csc"], counting: [.phoneLive],
        decisionRecorded: .minutes(15), closeAfter: .workingHours(.hours(40)), reasonWithoutAll: true,
        standard: Ladder(
          acknowledgementHolds: .days(1), lastAttemptMargin: .minutes(10),
          steps: [Step(name: "ask", when: .once, to: [.contact, .coordinator])], heldWithin: .workingDays(1),
          fairNotice: .workingHours(.hours(4))),
        clocks: [.c5: [.workingDays(15)], .c11: [.workingDays(2), .elapsed(.days(7))], .followUp: [.workingDays(5)]]),
      PolicyRef(id: "leeds-2027-06", edition: 1)),
    .detailsSent("health", .contact, route: "health-hub", occurred: at),
    .policyAdopted(
      Policy(
        id: "leeds-2027-07", from: CivilDate("2027-07-01")!, required: ["csc"], counting: [.phoneLive],
        decisionRecorded: .minutes(15), closeAfter: .workingDays(20), reasonWithoutAll: true,
        standard: Ladder(
          acknowledgementHolds: .days(1), lastAttemptMargin: .minutes(10),
          steps: [
            Step(name: "ask", when: .once, to: [.contact]),
            Step(name: "ring", when: .unanswered(.hours(3)), to: [.coordinator], tellsConvener: true),
          ])),
      PolicyRef(id: "leeds-2027-07", edition: 1)),
    .ladderPlanned(
      "police", .declined,
      [
        Rung(
          step: "declined", message: .answered, ifUnanswered: false, due: at, places: [.lead, .convener],
          stopAfter: later)
      ]),
    .attemptBegan(
      reminder, attempt: 1, route: "police-unit",
      opening: Opening(
        agency: "police", place: .contact, step: "ask", message: .invitation, sequence: 1, due: at, stopAfter: later,
        margin: .minutes(10), supersedes: [], escalates: nil, undeliveredFrom: at + .minutes(15), body: body)),
    .decided(
      Decision(
        outcome: .s47Joint, decidedAt: at, byRole: "team manager",
        conference: ConferenceDue(from: at, due: later, provisional: true)), missing: []),
    .policyAdopted(
      Policy(
        id: "leeds-2027-08", from: CivilDate("2027-08-01")!, required: ["csc"], counting: [.phoneLive],
        decisionRecorded: .minutes(15), closeAfter: .workingDays(20), reasonWithoutAll: true,
        standard: Ladder(
          acknowledgementHolds: .days(1), lastAttemptMargin: .minutes(10),
          steps: [Step(name: "ask", when: .once, to: [.contact, .coordinator])], undeliveredAfter: .minutes(15))),
      PolicyRef(id: "leeds-2027-08", edition: 1)),
    .paused(until: later, reason: "the receiver is moved"), .resumed(byItself: true),
    .contributionRecorded("health", .writtenBefore, byRole: "named nurse", via: .link, occurred: at),
    .contributionConfirmed("health", byRole: "team manager"), .contributionConfirmed("health", byRole: nil),
    .acknowledged(
      "police", byRole: "sergeant", via: .phone, occurred: at,
      by: Acknowledger(place: .contact, route: "police-unit", stays: false)),
    .acknowledged(
      "police", byRole: "sergeant", via: .phone, occurred: at,
      by: Acknowledger(place: .deputy, route: "police-ds", stays: true)),
    .handedOver("health", .contact, from: "health-hub", to: "on-call-nurse", until: later),
    .handedOver("health", .deputy, from: nil, to: nil, until: nil),
    .acknowledgementLapsed("health", .contact, route: "health-hub"),
    .ladderPlanned("health", .lapsed, rungs),
    .rotaSet([RotaEntry(place: .contact, route: "police-unit", from: at, until: later)]), .rotaSet([]),
    .coverSet(Cover(place: .deputy, route: "police-ds", until: later, reason: "leave")),
    convened(
      Convene(meeting: .asSoonAsTheyAnswer, urgency: .urgent, team: "duty", convenedBy: "team manager"),
      .asSoonAsTheyAnswer(until: later)),
    convened(Convene(meeting: .earliest, team: "duty", convenedBy: "team manager")),
    convened(Convene(meeting: .at(later), team: "duty", convenedBy: "team manager", heldAt: at)),
    .contactReceived(
      ContactFacts(receivedAt: at, team: "duty", caseReference: "CASE-9"),
      ReviewDue(at: later, provisional: false, limit: .elapsed(.hours(24)))),
    .contactAmended(
      ContactFacts(receivedAt: at, team: "duty-2"), ReviewDue(at: later, provisional: true, limit: .workingDays(1))),
    .contactOutcome(.strategyDiscussion, byRole: "team manager", discussion: DiscussionID("7Q2F-M9KD"), occurred: at),
    .contactOutcome(.informationAndAdvice, byRole: "team manager", discussion: nil, occurred: at),
    .contactReviewed(byRole: "service manager", occurred: at),
    .reviewMoved(ReviewDue(at: later, provisional: false, limit: .workingHours(.hours(24)))),
    .attemptBegan(
      reminder, attempt: 1, route: "desk",
      opening: Opening(
        agency: "coordination", team: "duty", place: .manager, step: "manager", message: .reviewDue, sequence: 1,
        due: at, stopAfter: later, margin: .minutes(10), supersedes: [], escalates: nil, body: body)),
    .ladderPlanned(
      "health", .outsideHours,
      [
        Rung(
          step: "chase", message: .reminder, ifUnanswered: true, due: later, places: [.contact], stopAfter: later,
          planned: at)
      ]),
    .ladderPlanned("health", .daily, [.word("daily", due: at, now: at)]),
    .placeSkipped("health", .acknowledger, step: "join", .notAcknowledged, route: nil),
    .policyAdopted(
      Policy(
        id: "leeds-2027-11", from: CivilDate("2027-11-01")!, required: ["csc"], counting: [.phoneLive],
        decisionRecorded: .minutes(15), closeAfter: .workingDays(20), reasonWithoutAll: true,
        standard: Ladder(
          acknowledgementHolds: .days(1), lastAttemptMargin: .minutes(10),
          steps: [
            Step(name: "ask", when: .once, to: [.contact]),
            Step(name: "chase", when: .unanswered(.hours(2), inWorkingHours: true), to: [.contact, .coordinator]),
            Step(name: "join", when: .before(.minutes(10)), to: [.acknowledger]),
          ],
          defersTo: OpenHours(
            days: [.monday, .friday], from: .minutes(510), until: .hours(17), openOnBankHolidays: false))),
      PolicyRef(id: "leeds-2027-11", edition: 1)),
    .snapshotTaken(from: at, to: later, reason: nil, digest: "9f86d081", document: #"{"n":3}"#),
    .snapshotTaken(from: at, to: later, reason: "late entries", digest: "60303ae2", document: #"{"n":4}"#),
    .corrected(
      Correction(
        revision: 9, corrects: .contributionRecorded, agency: "health", reason: "it was the police",
        replacement: .contributionRecorded("police", .video, byRole: "sergeant", via: .phone, occurred: at),
        standing: standing)),
    .corrected(
      Correction(
        revision: 12, corrects: .clockStopped, clock: .c6, reason: "not complete", replacement: nil,
        standing: Standing())),
    .ladderPlanned("health", .corrected, rungs),
    convened(
      Convene(
        meeting: .at(later), team: "duty", convenedBy: "team manager", follows: DiscussionID("8R3G-N0ME"))),
    .policyAdopted(
      Policy(
        id: "last-2026", from: CivilDate("2026-04-01")!, required: ["police"], counting: [.video],
        decisionRecorded: .minutes(15), closeAfter: .workingDays(20), reasonWithoutAll: true,
        standard: policy.standard, clocks: [.c5: [.workingDays(15)]], conferenceFrom: .last),
      PolicyRef(id: "last-2026", edition: 1)),
    .acknowledged(
      "health", byRole: "nurse", via: .phone, occurred: at,
      by: Acknowledger(place: .contact, route: "health-hub", stays: false), unit: "community"),
    .contributionRecorded(
      "health", .video, byRole: "ward consultant", via: .api, occurred: at, unit: "hospitals"),
    .declined("health", .b10, byRole: "nurse", occurred: at, unit: "community"),
    .detailsSent("health", .contact, route: "health-hub", occurred: at, unit: "community"),
    .detailsSent("health", .contact, route: nil, occurred: at, unit: "hospitals", needed: true),
    .ladderPlanned("health", .unitAsked, rungs),
    .corrected(
      Correction(
        revision: 9, corrects: .detailsSent, agency: "health", reason: "another unit",
        replacement: .detailsSent("health", .lead, route: nil, occurred: at, unit: "hospitals", needed: true),
        standing: unitsStanding)),
    .convened(
      Convene(meeting: .at(later), team: "duty", convenedBy: "team manager"), .at(later), agencies: ["csc", "police"],
      policy: PolicyRef(id: "leeds-2026-04", edition: 1), firstBody: Fingerprint(high: 0x0123_4567_89ab_cdef, low: 1),
      convener: "duty-desk"),
    .handedOver("coordination", .convener, from: "duty-desk", to: "edt", until: later),
    .feedHeard, .clockStopped(.c5, occurred: at, goesOnIn: DiscussionID("8R3G-N0ME")!),
    .corrected(
      Correction(
        revision: 3, corrects: .receiptRecorded, agency: "police", clock: nil, reason: "not sent", replacement: nil,
        standing: goingOn)),
    .absenceSettled(missing: ["health"]), .absenceSettled(missing: []),
    // As older versions wrote it: it goes on, and they did not say where.
    .clockStopped(.c5, occurred: at),
  ]

  /// With what is known of units alone.
  private static let unitsStanding: Standing = {
    var part = Standing.Part(agency: "health")
    part.contributions = [
      Contribution(kind: .video, byRole: "nurse", via: .phone, occurred: at, recorded: later, unit: "community")
    ]
    part.detailsSent = [DetailsSent(place: .lead, route: nil, at: at, unit: "hospitals", isNeeded: true)]
    part.units = [
      UnitAnswer(unit: "community", acknowledged: at),
      UnitAnswer(unit: "hospitals", declined: .init(code: .b10, at: later)),
    ]
    var standing = Standing()
    standing.parts = [part]
    return standing
  }()

  /// With every member that it may have.
  private static let standing: Standing = {
    var part = Standing.Part(agency: "police")
    (part.acknowledged, part.acknowledger) = (at, Acknowledger(place: .contact, route: "police-unit", stays: true))
    part.declined = .init(code: .b10, at: at)
    part.contributions = [Contribution(kind: .video, byRole: "sergeant", via: .phone, occurred: at, recorded: later)]
    part.reported = [Contribution(kind: .video, byRole: "sergeant", via: .link, occurred: at, recorded: later)]
    part.firstAnswered = at
    part.detailsSent = [DetailsSent(place: .lead, route: "police-ds", at: at)]
    part.barrier = Barrier(
      code: .b14, by: .chair, proposed: .b05, answerUntil: later,
      reply: Barrier.Reply(code: .b10, agreed: false, at: later))
    var course = Standing.Course(phase: .circulated)
    (course.heldAt, course.heldForm, course.decisionRecorded) = (at, .video, later)
    course.decision = Decision(outcome: .s47Joint, decidedAt: at, byRole: "chair", reason: "R1")
    (course.missing, course.circulatedTo, course.circulatedAt) = (["health"], ["police"], later)
    (course.closesAt, course.receipts) = (later, [Receipt(agency: "police", at: later)])
    (course.conferenceHeldAt, course.followUpDoneAt) = (later, later)
    var standing = Standing()
    standing.parts = [part, Standing.Part(agency: "health")]
    standing.course = course
    standing.clocks = [
      WorkClock(id: .c3, started: at, due: later, provisional: false, level: 1, stopped: later),
      WorkClock(id: .c11, started: at, due: later, provisional: true, level: 2),
    ]
    return standing
  }()

  private static let goingOn: Standing = {
    var standing = Standing()
    standing.clocks = [
      WorkClock(id: .c5, started: at, due: later, provisional: false, level: 1).stopped(
        at: later, goesOnIn: DiscussionID("8R3G-N0ME")!)
    ]
    return standing
  }()

  static let samples: [Entry] =
    events.enumerated().map { index, event in
      Entry(
        stream: stream(event), revision: index + 1, at: at, actor: index % 2 == 0 ? actor : nil,
        mark: index % 3 == 0 ? mark : nil, event: event)
    }

  private static func stream(_ event: Event) -> Convening.Stream {
    switch event {
    case .routeStopped, .routeEnabled, .rotaSet, .coverSet: .agency("police")
    case .policyAdopted: .policy
    case .calendarAdopted: .calendar
    case .started, .stopping, .paused, .resumed, .clockStepped, .breakAccepted, .feedHeard: .daemon
    case .erased: .audit("2026")
    case .snapshotTaken: .report("2026-27-q1")
    case .contactReceived, .contactAmended, .contactOutcome, .contactReviewed, .reviewMoved:
      .frontDoor(ContactID("8R3G-N0ME")!)
    case .attemptBegan(_, _, _, let opening?) where opening.message == .reviewDue: .agency("coordination")
    default: discussion
    }
  }
}
