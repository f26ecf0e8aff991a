// The whole report as a manager reads it, from discussions by way of the daemon's own document: every table below the months,
// within a hundred columns. And the reports that are kept, and a rehearsal.
import Console
import Convening
import Testing
import Wire

struct ReportScreenTests {
  private static let ids: [AgencyID] = ["childrens-social-care", "police", "health"]
  private static let ref = PolicyRef(id: "leeds-2027-01", edition: 1)

  private static let calendar = WorkingCalendar(
    zone: Documents.london, holidays: BankHolidays(days: []),
    working: OpenHours(
      days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .hours(9), until: .hours(17),
      openOnBankHolidays: false))

  private static let policies: Policies = {
    var policies = Policies()
    let ladder = Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1),
      steps: [Step(name: "invite", when: .once, to: [.contact])], heldWithin: .workingDays(1),
      fairNotice: .workingHours(.hours(4)))
    policies.adopt(
      Policy(
        id: "leeds-2027-01", from: CivilDate("2026-04-01")!, required: ids, counting: [.video],
        decisionRecorded: .minutes(15), closeAfter: .workingDays(20), reasonWithoutAll: true, standard: ladder,
        urgent: ladder), as: ref)
    return policies
  }()

  /// Two hundred discussions from January to April 2027, one each ten hours or so; every fourth without Health, every eleventh
  /// without Police.
  private static let rows: [Decided] = (0..<270).map { index in
    let decided = Instant("2027-01-04T09:30:00Z")! + .hours(Int64(index) * 10)
    var row = Decided(
      policy: ref, urgency: index % 3 == 0 ? .urgent : .standard, convenedAt: decided - .hours(Int64(2 + index % 40)),
      decidedAt: decided, recordedAt: decided + .minutes(Int64(index % 25)))
    row.heldAt = decided - .minutes(20)
    row.needIdentifiedAt = row.convenedAt - .minutes(Int64(index % 90))
    row.holdBy = row.convenedAt + .hours(24)
    (row.circulateBy, row.circulatedAt) = (
      decided + .hours(24), index % 5 == 0 ? nil : decided + .hours(Int64(index % 30))
    )
    row.hasReason = index % 9 != 0
    (row.followUpBy, row.followUpDoneAt) = (
      decided + .days(7), index % 8 == 0 ? decided + .days(Int64(index % 10)) : nil
    )
    if index % 2 == 0 {
      (row.conferenceFrom, row.conferenceBy) = (decided, decided + .days(21))
      row.s47StartedAt = index % 20 == 0 ? decided + .days(9) : nil
      row.conferenceHeldAt = index % 7 == 0 || index > 240 ? nil : decided + .days(Int64(8 + index % 24))
    }
    row.isDissented = index % 30 == 0
    if row.isDissented {
      (row.disagreementBy, row.disagreementEndedAt) = (decided + .days(2), decided + .days(Int64(index % 4)))
    }
    row.agencies = ids.map { agency in
      var one = Decided.Agency(agency)
      (one.required, one.asked) = (true, agency != "health" || index % 12 != 0)
      let isAbsent = (agency == "health" && index % 4 == 0) || (agency == "police" && index % 11 == 0)
      one.part = isAbsent ? (index % 16 == 0 ? .late : .absent) : .counted
      one.kind = isAbsent ? nil : .video
      one.barrier = isAbsent ? (index % 12 == 0 ? .b01 : index % 8 == 0 ? .b12 : .b14) : nil
      one.agrees = isAbsent && index % 5 != 0 ? index % 10 != 2 : nil
      (one.wasSentRecord, one.hasRecord) = (
        row.circulatedAt != nil && index % 6 != 0, row.circulatedAt != nil && index % 3 != 0
      )
      one.reachedAt = one.asked ? row.convenedAt + .minutes(1) : nil
      one.answeredAt = one.asked && !isAbsent ? row.convenedAt + .minutes(Int64(5 + index % 100)) : nil
      one.messages = one.asked ? (isAbsent ? 4 : 1 + index % 3) : 0
      return one
    }
    return row
  }

  private static let document: JSON = {
    let (from, to) = (Instant("2027-01-01T00:00:00Z")!, Instant("2027-05-01T00:00:00+01:00")!)
    let now = Documents.page.clock.now
    let waiting = (0..<5).map { index in
      DiscussionRow(
        id: DiscussionID(bits: UInt64(index)), phase: .scheduled, urgency: index == 0 ? .urgent : .standard,
        form: .video, team: "duty", policy: ref, meetingAt: now + .hours(2), durationMinutes: 60,
        needIdentifiedAt: now - .days(Int64(index)), convenedAt: now - .hours(1), heldAt: nil,
        decidedAt: nil, decisionRecorded: nil, outcome: nil, quorate: nil)
    }
    return ReportDocument.document(
      Report(rows, from: from, to: to, now: now, calendar: calendar, policies: policies), policies: policies,
      points: ReportPoints(goal: 0.9, baselines: [.init(label: "July 2021", value: 0.45)]),
      open: OpenBreaches(waiting, at: now, calendar, policies), for: .control)
  }()

  @Test func theTablesBelowTheMonths() {
    let lines = ReportText(Self.document, page: Documents.page).lines
    #expect(lines.allSatisfy { $0.count <= Table.width })
    let from = lines.firstIndex { $0.hasPrefix("The twelve months") } ?? 0
    let to = lines.firstIndex { $0.hasPrefix("SHARE is") } ?? 0
    check(Array(lines[from..<to]), Self.golden)
  }

  private static let golden = """
    The twelve months that end with each
    MONTH     DECIDED  SHARE  LIKELY RANGE  BEFORE  THREE PARTNERS  BEFORE
    Jan 2027       67   67 %  55 % to 77 %       –            67 %       –
    Feb 2027      134   68 %  60 % to 75 %    67 %            68 %    67 %
    Mar 2027      208   68 %  62 % to 74 %    68 %            68 %    68 %
    Apr 2027      270   68 %  62 % to 73 %    68 %            68 %    68 %

    Each agency
    AGENCY       REQUIRED  TOOK PART  SHARE  BEFORE  ASKED  CAME WHEN ASKED  LATE  NOT COUNTED  MISSING
    Social Care       270        270  100 %       –    270            100 %     0            0        0
    Health            270        202   75 %       –    247             82 %    17            0       68
    Police            270        245   91 %       –    270             91 %     2            0       25

    How soon they answered
                                                                                      FOR EACH
    AGENCY       ACCEPTED  ANSWERED  MIDDLE  9 IN 10 WITHIN  NO ANSWER  MESSAGES  CONTRIBUTION  BEFORE
    Social Care       270       270  48 min      1 h 30 min        0 %       540           2.0       –
    Health            247       202  49 min      1 h 30 min       18 %       585           2.9       –
    Police            270       245  49 min      1 h 29 min        9 %       591           2.4       –

    How long it took
    WHAT                          OF      MIDDLE  9 IN 10 WITHIN  IN TIME  LIKELY RANGE   BEFORE
    Held after the need          270  21 h 8 min     37 h 15 min     60 %  54 % to 65 %        –
    Recorded after the decision  270      12 min          22 min     65 %  59 % to 71 %        –
    Record circulated            270           –               –     67 %  61 % to 72 %        –
    Without all, followed up      85           –               –     32 %  23 % to 42 %        –
    Disagreement resolved          9           –               –    100 %  70 % to 100 %       –

    Waiting to be held, when this was counted
    WAITING  PAST THE LIMIT  URGENT  STANDARD  OLDEST WAS DUE
          5               3       0         3  Tue 27 Apr

    Without all, and disagreement
    WHAT                      OF  TIMES  SHARE  LIKELY RANGE  BEFORE
    Decided without all      270     86   32 %  27 % to 38 %       –
    Of these with a reason    86      –   88 %  80 % to 94 %       –
    An agency did not agree  270      9    3 %  2 % to 6 %         –
    Of these taken further     9      9      –  –                  –

    Why agencies were absent
    AGENCY  REASON                      TIMES  AGREED  DISPUTED  BEFORE
    Health  B01 not invited                23      13         5       –
    Health  B14 no response                23      14         4       –
    Health  B12 out of hours, no cover     22      14         4       –
    Police  B14 no response                20      14         2       –
    Police  B01 not invited                 3       1         1       –
    Police  B12 out of hours, no cover      2       2         0       –

    Where it differs
    PART          DECIDED  SHARE  LIKELY RANGE  SOCIAL CARE  HEALTH  POLICE   HELD AFTER  IN TIME
    Urgent             90   68 %  58 % to 77 %        100 %    74 %    90 %  20 h 49 min     60 %
    Standard          180   68 %  61 % to 75 %        100 %    75 %    91 %  21 h 29 min     59 %
    Short notice      128   69 %  60 % to 76 %        100 %    75 %    91 %  12 h 50 min     77 %
    Fair notice       142   68 %  60 % to 75 %        100 %    75 %    90 %  26 h 34 min     44 %
    In hours           65   69 %  57 % to 79 %        100 %    75 %    92 %   21 h 8 min     62 %
    Out of hours      205   68 %  61 % to 74 %        100 %    75 %    90 %  21 h 29 min     59 %

    Records
    AGENCY       CIRCULATED  SENT  RECEIVED  WHEN ABSENT  SENT  RECEIVED
    Social Care         216   180       144            0     0         0
    Health              216   180       144           54    36        36
    Police              216   180       144           20    16        13

    Child protection conferences, by working days
    HELD  0-10  11-15  16-20  21+  WITHIN 15  LIKELY RANGE  BEFORE  DATED EARLIER  PAST DUE
     101    39     26     29    7       64 %  55 % to 73 %       –              2        17

    Conferences still to come
    WEEK FROM        DUE
    Mon 3 May 2027     6
    Mon 10 May 2027    8
    Mon 17 May 2027    1

    To hold it against, counted elsewhere
    Goal: 90 %
    July 2021: 45 %

    """

  @Test func theReportsThatAreKept() throws {
    let list = try Documents.json(
      #"{"snapshots":[{"name":"2026-27-q1","version":1,"from":"2026-03-31T23:00:00Z","to":"2026-06-30T23:00:00Z","#
        + #""kept_at":"2026-07-02T09:00:00Z","sha256":"ab","reason":null},{"name":"2026-27-q1","version":2,"#
        + #""from":"2026-03-31T23:00:00Z","to":"2026-06-30T23:00:00Z","kept_at":"2026-07-09T09:00:00Z","#
        + #""sha256":"cd","reason":"two late entries"}]}"#)
    check(
      SnapshotText(page: Documents.page).list(list),
      """
      NAME        VERSION  FROM            TO               KEPT                  WHY
      2026-27-q1        1  Wed 1 Apr 2026  Tue 30 Jun 2026  Thu 2 Jul 2026 10:00  –
      2026-27-q1        2  Wed 1 Apr 2026  Tue 30 Jun 2026  Thu 9 Jul 2026 10:00  two late entries
      """)
    #expect(SnapshotText(page: Documents.page).list(["snapshots": []]) == ["No report is kept."])
    // The status socket leaves out why, also where there is a reason.
    let status: JSON = ["snapshots": [["name": "2026-27-q1", "version": 2, "kept_at": "2026-07-09T09:00:00Z"]]]
    #expect(SnapshotText(page: Documents.page).list(status).last == "Why each was kept shows with --control.")
    let one = JSON.object(
      (list["snapshots"]?.array?.last?.members ?? []) + [.init("report", try Documents.json(Documents.report))])
    check(
      Array(SnapshotText(page: Documents.page).show(one).prefix(4)),
      """
      2026-27-q1, version 2, kept Thu 9 Jul 2026 10:00: two late entries
      SHA-256 cd

      Strategy discussions decided from Thu 1 Oct 2026 to Mon 30 Nov 2026
      """)
  }

  private static let rehearsal: JSON = {
    func sent(_ place: Place, _ minute: Int64, _ message: Message = .reminder, _ agency: AgencyID = "health")
      -> SentMessage
    {
      SentMessage(
        agency: agency, place: place, step: "s", message: message,
        at: Instant("2027-04-28T14:00:00Z")! + .minutes(minute))
    }
    let discussions = (0..<3).map { index in
      RehearsedDiscussion(
        id: DiscussionID(bits: UInt64(index) << 20),
        was: [sent(.contact, 0, .invitation), sent(.contact, 0, .invitation, "police"), sent(.deputy, 180)],
        would: [
          sent(.contact, 0, .invitation), sent(.contact, 0, .invitation, "police"), sent(.contact, 60),
          sent(.deputy, 120), sent(.lead, 210),
        ],
        decidedAt: Instant("2027-04-28T18:00:00Z")! + .days(Int64(index)), missing: index == 1 ? [] : ["health"])
    }
    return RehearsalDocument.json(
      Rehearsal(discussions, calendar: calendar), policy: "leeds-2027-10", from: Instant("2027-04-01T00:00:00+01:00")!,
      to: Instant("2027-05-01T00:00:00+01:00")!, notConvened: ["no-urgent-ladder": 2], refused: [:])
  }()

  @Test func aRehearsal() {
    let lines = RehearsalText(Self.rehearsal, page: Documents.page).lines
    #expect(lines.allSatisfy { $0.count <= Table.width })
    check(Array(lines.prefix { !$0.hasPrefix("The first message") }), Self.rehearsed)
    #expect(lines.joined(separator: " ").contains("might have answered differently"))
  }

  /// As on every other screen.
  @Test func aRehearsalNamesAgenciesAsTheSettingsDo() {
    let names = Names(["agencies": [["agency": "health", "name": "Leeds NHS"]]])
    let page = Page(clock: Documents.page.clock, paint: Documents.page.paint, names: names)
    let lines = RehearsalText(Self.rehearsal, page: page).lines
    #expect(lines.contains { $0.hasPrefix("Leeds NHS") } && !lines.contains { $0.hasPrefix("Health ") })
  }

  private static let rehearsed = """
    3 discussions convened from Thu 1 Apr 2027 to Fri 30 Apr 2027, under leeds-2027-10
    Not to be convened under it, and left out: 2 no urgent ladder.

    What each agency hears
    AGENCY            MESSAGES  OUT OF HOURS  CONTACT  DEPUTY  LEAD  COORDINATOR  CONVENER
    Health  was              6             3        3       3     0            0         0
            would be        12             6        6       3     3            0         0
    Police  was              3             0        3       0     0            0         0
            would be         3             0        3       0     0            0         0
    Total   was              9             3        6       3     0            0         0
            would be        15             6        9       3     3            0         0

    Steps held against each other
    AGENCY  THE SAME  NEW  GONE  EARLIER  LATER  ABSENT  WITH MORE
    Health         3    6     0        3      0       2          2
    Police         3    0     0        0      0       0          0
    Total          6    6     0        3      0       2          2

    Agencies that were missing, and what would have gone out before the decision
    DISCUSSION  AGENCY  DECIDED           TO                WOULD HAVE GONE   WENT
    0000-0000   Health  Wed 28 Apr 19:00  point of contact  Wed 28 Apr 16:00  not at all
                                          deputy            Wed 28 Apr 17:00  Wed 28 Apr 18:00
                                          lead              Wed 28 Apr 18:30  not at all
    0002-0000   Health  19:00             point of contact  Wed 28 Apr 16:00  not at all
                                          deputy            Wed 28 Apr 17:00  Wed 28 Apr 18:00
                                          lead              Wed 28 Apr 18:30  not at all

    """

  @Test func aRehearsalAsASpreadsheetReadsIt() {
    #expect(
      RehearsalCSV.text(Self.rehearsal)
        == "agency,was_messages,was_out_of_hours,was_contact,was_deputy,was_lead,was_coordinator,was_convener,"
        + "was_acknowledger,would_messages,would_out_of_hours,would_contact,would_deputy,would_lead,would_coordinator,"
        + "would_convener,would_acknowledger,steps_same,steps_new,steps_gone,steps_earlier,steps_later,absences_n,"
        + "absences_with_more\r\n"
        + "health,6,3,3,3,0,0,0,0,12,6,6,3,3,0,0,0,3,6,0,3,0,2,2\r\n"
        + "police,3,0,3,0,0,0,0,0,3,0,3,0,0,0,0,0,3,0,0,0,0,0,0\r\n"
        + "total,9,3,6,3,0,0,0,0,15,6,9,3,3,0,0,0,6,6,0,3,0,2,2\r\n")
  }
}
