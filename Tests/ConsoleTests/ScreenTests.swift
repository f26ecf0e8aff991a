// What people read, word for word: each screen from a document as the daemon answers it.
import Console
import Convening
import Testing
import Wire

struct ScreenTests {
  private let page = Documents.page

  @Test func status() throws {
    check(
      StatusText(try Documents.json(Documents.status), page: page).lines,
      """
      convened 1.0.0   ready since Mon 26 Apr 07:02   now Fri 30 Apr 2027 17:05 BST

      NEEDS A PERSON NOW
      ! 7Q2F-M9KD  urgent, 17:30  Health: no answer for 25 min
        Ring 0113 496 0188 on-call nurse, then 0113 496 0190 on-call director
        Next 17:10: emergency duty team. It may be held without Health.

      AGENCY                  POINT OF CONTACT NOW  UNTIL            ACCEPTED          ANSWERED  OPEN
      Children's Social Care  Emergency duty team   Tue 4 May 08:30  17:00             17:02        2
      Police                  Police unit           20:00            –                 –            2
      Health                  nobody                –                Thu 29 Apr 17:00  –            1

      Discussions  2 open, 1 overdue
      Reminders    12 planned, next 17:10, none late, 1 undelivered
      Checks       ok journal, calendar (611 days ahead)
                   warn endpoints (health-hub is failing)
      """)
  }

  @Test func statusWhileStarting() throws {
    let document = try Documents.json(
      #"{"state":"starting","since":"2027-04-30T16:04:50Z","version":"1.0.0","attention":[],"checks":[],"#
        + #""discussions":null,"reminders":null,"agencies":[],"clock":{"last_step_s":-3600},"journal":null}"#)
    check(
      StatusText(document, page: page).lines,
      """
      convened 1.0.0   starting since 17:04   now Fri 30 Apr 2027 17:05 BST

      The journal is being read.

      Clock        stepped by -3600 s
      """)
  }

  @Test(arguments: [(0, "0 days ahead"), (1, "1 day ahead"), (1096, "1,096 days ahead")])
  func aHorizonIsCounted(days: Int64, words: String) {
    let document: JSON = ["checks": [["name": "calendar", "state": "ok", "horizon_days": .int(days)]]]
    #expect(StatusText(document, page: page).lines.last == "Checks       ok calendar (\(words))")
  }

  /// The deputy's route has stopped: the plan passes it, though it stands on the ladder.
  @Test func whatComesNextIsThePlans() throws {
    let text = DiscussionText(page: page)
    let document = try Documents.json(Documents.discussion)
    func next(_ plan: JSON?) -> [String] { text.show(document, plan: plan).filter { $0.hasPrefix("Next") } }
    #expect(next(nil) == ["Next 17:10 (in 5 min): Police, deputy (chase)"])
    #expect(next(try Documents.json(Documents.plan)) == ["Next 17:10 (in 5 min): Health, deputy (chase)"])
    #expect(next(["entries": []]) == [])
  }

  @Test func show() throws {
    check(
      DiscussionText(page: page).show(try Documents.json(Documents.discussion)),
      """
      7Q2F-M9KD  scheduled, standard, telephone, for Fri 30 Apr 2027 17:30 BST (in 25 min)

      AGENCY                    POSITION      TOOK PART                  REASON
      Social Care               took part     by telephone, live, 17:02
      Police                    acknowledged
      Health                    declined                                 B13 declined as not involved
      Education (not required)  asked

      So far without Police and Health.
      Next 17:10 (in 5 min): Police, deputy (chase)
      Revision 9
      """)
  }

  @Test func showWhenAllHaveTakenPart() throws {
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","revision":3,"state":"held","meeting_at":null,"positions":[],"next":null,"#
          + #""quorum":{"quorate":true,"missing":[]}}"#))
    check(
      lines,
      """
      7Q2F-M9KD  held

      All who are required have taken part.
      Revision 3
      """)
  }

  @Test func showOnceDecided() throws {
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"decided","positions":[],"next":null,"decided_at":"2027-04-30T16:00:00Z","#
          + #""quorum":{"quorate":false,"missing":["health"]}}"#))
    #expect(lines == ["7Q2F-M9KD  decided 17:00", "", "Decided without Health."])
  }

  @Test(arguments: [
    (#""state":"held","held_at":"2027-04-30T15:50:00Z""#, "held 16:50"),
    (
      #""state":"decided","held_at":"2027-04-30T15:50:00Z","decided_at":"2027-04-30T15:52:00Z""#,
      "held 16:50, decided 16:52"
    ),
    (#""state":"closed","decided_at":"2027-04-29T15:52:00Z""#, "closed, decided Thu 29 Apr 16:52"),
    (#""state":"cancelled""#, "cancelled, was for Fri 30 Apr 2027 17:30 BST"),
  ])
  func whatIsOverSaysWhenItWas(_ members: String, _ words: String) throws {
    let quorum = #""quorum":{"quorate":false,"missing":["health"]}"#
    let document = try Documents.json(
      #"{"id":"7Q2F-M9KD","meeting_at":"2027-04-30T16:30:00Z","positions":[],"next":null,\#(quorum),\#(members)}"#)
    let lines = DiscussionText(page: page).show(document)
    #expect(lines[0] == "7Q2F-M9KD  \(words)")
    let isCancelled = words.hasPrefix("cancelled")
    #expect(lines.contains { $0.contains("without Health") } == !isCancelled)
    let row = DiscussionText(page: page).list(["discussions": [document]])[1]
    #expect(row.hasSuffix("Health") == !isCancelled)
    #expect(row.contains(isCancelled ? "17:30" : words.replacing("closed, ", with: "").split(separator: ",")[0]))
  }

  @Test func showNamesTeamAndConvener() throws {
    let lines = DiscussionText(page: page).show([
      "id": "7Q2F-M9KD", "state": "scheduled", "team": "duty-and-advice-2", "convened_by": "team manager",
    ])
    #expect(lines[1] == "Team duty and advice 2, convened by team manager")
  }

  @Test func ofALateEntryNobodyToldWhoWasAsked() throws {
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"held","late_entry":true,"positions":[{"agency":"police","state":"invited"}]}"#))
    #expect(lines.contains("Police  nothing recorded"))
  }

  /// Deferred, or without a route that is left: nobody has heard of it.
  @Test(arguments: [
    ("scheduled", "false", "null", "to be asked"), ("scheduled", "false", #""2027-04-30T15:40:00Z""#, "asked"),
    ("decided", "false", "null", "asked"), ("held", "true", "null", "nothing recorded"),
  ])
  func whoeverIsStillToBeAskedWasNot(_ state: String, _ late: String, _ asked: String, _ words: String) throws {
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"\#(state)","late_entry":\#(late),"positions":["#
          + #"{"agency":"police","state":"invited","asked_at":\#(asked)}]}"#))
    #expect(lines.contains("Police  \(words)"), "\(lines)")
  }

  @Test func aPauseSaysWhenItEnds() {
    let document: JSON = [
      "state": "paused", "since": "2027-04-26T06:02:00Z",
      "checks": [["name": "pause", "state": "warn", "until": "2027-04-30T16:22:00Z"]],
    ]
    #expect(StatusText(document, page: page).lines[0].hasPrefix("convened    paused until 17:22   now "))
  }

  /// As the settings call them, on each screen.
  @Test func agenciesAndRoutesGoByTheirNames() throws {
    let names = Names([
      "agencies": [["agency": "health", "name": "NHS Leeds"], ["agency": "police", "name": "West Yorkshire Police"]],
      "routes": [["route": "named-nurse", "label": "Named nurse"], ["route": "police-unit", "label": "Police unit"]],
    ])
    let page = Page(clock: page.clock, paint: page.paint, names: names)
    let timeline = TimelineText(try Documents.json(Documents.timeline), page: page).text.joined(separator: "\n")
    for words in [
      "To take part: West Yorkshire Police and NHS Leeds.", "West Yorkshire Police  asked: Police unit. Accepted 200",
      "NHS Leeds              no answer, deputy asked (chase): Named nurse", "Without NHS Leeds\n",
    ] { #expect(timeline.contains(words), "\(words)") }
    let plan = DiscussionText(page: page).plan(try Documents.json(Documents.plan), id: "7Q2F-M9KD").joined(
      separator: "\n")
    #expect(plan.contains("deputy (Named nurse)") && plan.contains("NHS Leeds answers"))
    let reminders = RemindersText(page: page).reminders(try Documents.json(Documents.reminders)).joined(separator: "\n")
    #expect(reminders.contains("NHS Leeds") && reminders.contains("(Named"))
    let show = DiscussionText(page: page).show(try Documents.json(Documents.discussion))
    #expect(show.contains("So far without West Yorkshire Police and NHS Leeds."))
    let rota = RotaText(
      [
        "agency": "health", "version": "0a",
        "entries": [
          [
            "place": "deputy", "route": "named-nurse", "from": "2027-04-30T15:00:00Z", "until": "2027-04-30T19:00:00Z",
          ]
        ], "covers": [],
      ], page: page
    ).lines
    #expect(rota[0] == "NHS Leeds, from now on" && rota[2].hasPrefix("Deputy  named-nurse  Named nurse  16:00"))
    #expect(rota.last == "Version 0a")
    let report = ReportText(try Documents.json(Documents.report), page: page).lines.joined(separator: "\n")
    #expect(report.contains("NHS LEEDS"))
  }

  /// The status says itself what its agencies are called.
  @Test func aStatusNamesAnAgencyInOneWay() throws {
    let renamed = Documents.status.replacing(#""name":"Health""#, with: #""name":"NHS Leeds""#)
    let text = StatusText(try Documents.json(renamed), page: page).lines.joined(separator: "\n")
    #expect(!text.contains("Health") && text.contains("17:30  NHS Leeds: no answer") && text.contains("\nNHS Leeds "))
  }

  @Test(arguments: [
    ("phone_live", true, "16:10", "by telephone, live, 16:10"),
    ("in_person", false, "15:50", "in person, 15:50, does not count"),
    ("mash_check_only", false, "15:50", "hub check only, not counted, 15:50"),
    ("mash_check_only", false, "16:10", "hub check only, not counted, 16:10, after the decision"),
    ("phone_live", false, "16:10", "by telephone, live, 16:10, after the decision"),
    ("after_decision", false, "16:10", "after the decision, not counted, 16:10"),
  ])
  func showSaysOnceWhyWhoTookPartIsMissing(_ kind: String, _ counts: Bool, _ local: String, _ words: String) throws {
    let decided = counts ? "null" : #""2027-04-30T15:00:00Z""#
    let at = local == "16:10" ? "15:10" : "14:50"
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"decided","next":null,"decided_at":\#(decided),"positions":["#
          + #"{"agency":"csc","required":true,"state":"contributed","contribution":"\#(kind)","counts":\#(counts),"#
          + #""contributed_at":"2027-04-30T\#(at):00Z"}]}"#))
    let line = try #require(lines.first { $0.hasPrefix("CSC") })
    #expect(line == "CSC     took part  \(words)")
  }

  @Test func list() throws {
    check(
      DiscussionText(page: page).list(try Documents.json(Documents.list)),
      """
      REFERENCE  MEETING          STATE      URGENCY   WITHOUT
      7Q2F-M9KD  17:30            scheduled  standard  Police and Health
      0000-0001  Tue 4 May 09:00  decided    standard
      """)
    check(DiscussionText(page: page).list(["discussions": []]), "No discussions.")
  }

  @Test func plan() throws {
    check(
      DiscussionText(page: page).plan(try Documents.json(Documents.plan), id: "7Q2F-M9KD"),
      """
      7Q2F-M9KD  if nobody does anything after 17:05

      WHEN              AGENCY       TO                    STEP   RULE                UNLESS
      17:10 (in 5 min)  Health       deputy (named-nurse)  chase  2 hours without an  Health answers
                                                                  answer
      Sat 1 May 09:00   Health       lead (nobody)         lead   45 minutes before   Health contributes
                                                                  the meeting         or declines
      Sat 1 May 09:01   Social Care  point of contact      moved  rescheduled         nothing: it tells
                                     (duty)                                           what has changed
      """)
    check(
      DiscussionText(page: page).plan(["entries": []], id: "7Q2F-M9KD"),
      "7Q2F-M9KD  Nothing more is planned: no message will be sent of itself.")
  }

  @Test func timeline() throws {
    check(
      TimelineText(try Documents.json(Documents.timeline), page: page).text,
      """
      7Q2F-M9KD   standard, telephone, Duty and advice 2   Fri 30 Apr 2027, BST
      Closed.

      16:40:02  Convened for 17:30 by team manager. Notice 50 min
                Need identified 16:25
                To take part: Police and Health. Policy leeds-2027-04
      16:40:03  Police  asked: police-unit. Accepted 200
      16:40:03  Health  asked: health-hub. Timed out, after 5 s 202
      16:44:10  Police  acknowledged: duty DS (telephone), at 16:43
      16:50:03  Health  no answer, deputy asked (chase): named-nurse, late by 2 min. 410. It wants no more messages
      16:50:04  Health  nobody holds the place of lead (step lead)
      16:50:05  Health  chase and lead not sent: a newer step was due as well
      16:51:00  Health  coordinator told what is open and whom to ring (ring): edt. No end recorded, it may have arrived. Not tried again
      17:00:00  Police  somethingNew
      17:20:30  Police  took part by telephone, live: duty DS
      17:21:00  Health  will not take part: named nurse, B13 declined as not involved
      17:40:00  Held (telephone), at 17:31
      17:49:00  Decided by team manager 17:48. Recorded 17:49 (1 min later). Without Health
                Outcome hidden; --outcome shows it
      17:49:00  An entry was erased
      Tue 4 May 2027, BST
      09:00:00  Record circulated to Police and Health. Closes by itself Wed 2 Jun
      Thu 3 Jun 2027, BST
      00:00:00  Closed by itself, as the policy says
      Entries 8,790 to 8,812
      """)
  }

  @Test func whatComesAfterTheDecisionSaysSo() throws {
    let entries = [("16:47", "phone_live"), ("16:55", "phone_live"), ("16:55", "after_decision")].map { time, kind in
      #"{"seq":2,"event":"contributionRecorded","occurred_at":"2027-04-30T\#(time):00Z","#
        + #""recorded_at":"2027-04-30T16:56:00Z","agency":"health","data":{"kind":"\#(kind)","by_role":"nurse"}}"#
    }
    let document = try Documents.json(
      #"{"id":"7Q2F-M9KD","entries":[{"seq":1,"event":"decided","occurred_at":"2027-04-30T16:48:00Z","#
        + #""recorded_at":"2027-04-30T16:49:00Z","data":{"by_role":"team manager","missing":["health"]}},"#
        + entries.joined(separator: ",") + "]}")
    let text = TimelineText(document, page: page).text.joined(separator: "\n")
    #expect(text.contains("took part by telephone, live: nurse, at 17:47\n"))
    #expect(text.contains("took part by telephone, live: nurse, at 17:55; after the decision: shown, not counted\n"))
    #expect(text.contains("took part after the decision, not counted: nurse, at 17:55\n"))
  }

  @Test func anOutcomeShowsWhereTheDocumentHasIt() throws {
    let document = try Documents.json(
      #"{"id":"7Q2F-M9KD","entries":[{"seq":1,"event":"decided","occurred_at":"2027-04-30T16:48:00Z","#
        + #""recorded_at":"2027-04-30T16:49:00Z","data":{"by_role":"team manager","outcome":"s47_joint","#
        + #""flags":["medical"],"dissent":["police"],"reason":"B14","s47_started_at":"2027-04-30T16:45:00Z","#
        + #""missing":["health"]}}]}"#)
    check(
      TimelineText(document, page: page).text,
      """
      7Q2F-M9KD   Fri 30 Apr 2027, BST
      Decided without Health.

      17:49:00  Decided by team manager 17:48. Recorded 17:49 (1 min later). Without Health, reason B14 no response
                Outcome: joint section 47 enquiry, medical, section 47 started 17:45, Police did not agree
      Entry 1
      """)
  }

  @Test func reminders() throws {
    check(
      RemindersText(page: page).reminders(try Documents.json(Documents.reminders)),
      """
      REMINDER                        DISCUSSION  AGENCY  TO                    STEP    STATE
      msg_01JD8Z6X0V3W9Y5T7R1Q2N4M6K  7Q2F-M9KD   Health  deputy (named-nurse)  chase   next try 17:07, 3
                                                                                        tries, last 503
      –                               7Q2F-M9KD   Police  point of contact      before  planned 17:20
      """)
  }

  @Test func agencies() throws {
    check(
      RemindersText(page: page).agencies(try Documents.json(Documents.agencies)),
      """
      AGENCY        PLACE             NOW                  UNTIL            THEN        TELEPHONE
      Health        Point of contact  on-call nurse        Tue 4 May 08:30  health hub  0113 496 0188
                    Deputy            nobody               –                –           –
      Coordination  Coordinator       Emergency duty team  –                –           0113 496 0110
                                      (stopped)
      Duty          Convener          Advice desk          –                –           –

      Health: 1 open, last answered 16:00
      """)
  }

  @Test func report() throws {
    check(
      ReportText(try Documents.json(Documents.report), page: page).lines,
      """
      Strategy discussions decided from Thu 1 Oct 2026 to Mon 30 Nov 2026

      MONTH     DECIDED  ALL TOOK PART  SHARE  LIKELY RANGE  HEALTH  RECORDED AFTER  IN TIME
      Oct 2026      214            152   71 %  65 % to 77 %    75 %           9 min     81 %
      Nov 2026        0              0      –  –                  –               –        –
      Total         214            152   71 %  65 % to 77 %    75 %           9 min     81 %

      SHARE is how many in a hundred discussions had, by the time of the decision, every agency that the
      policy requires.
      LIKELY RANGE is where the true share lies, nineteen times in twenty (Wilson, 95 %). Where two
      months' ranges overlap, the difference may be chance.
      Under an agency stands, of the discussions that required it, the share in which it contributed in a
      way that counts.
      RECORDED AFTER is the middle time from decision to record; IN TIME is by the policy's limit.
      Policy: leeds-2026-04
      What every figure counts: --definitions.
      """)
  }

  /// What was counted travels with the figures; the rest of the definitions where somebody asks for it.
  @Test func aReportSaysWhatItCounts() throws {
    let document: JSON = [
      "definitions": ["n": "Decisions. previous: then.", "late": "Afterwards."], "policy": ["leeds-2026-04"],
    ]
    func tail(_ definitions: Bool) -> [String] {
      Array(
        ReportText(document, page: page, definitions: definitions).lines.drop { !$0.hasPrefix("way that") }.dropFirst())
    }
    #expect(
      tail(false) == ["DECIDED: Decisions.", "Policy: leeds-2026-04", "What every figure counts: --definitions."])
    #expect(
      tail(true) == ["DECIDED: Decisions. BEFORE: then.", "LATE, NOT COUNTED: Afterwards.", "Policy: leeds-2026-04"])
  }

  @Test func colourChangesNothingButTheColour() throws {
    let coloured = Page(clock: page.clock, paint: Paint(isOn: true))
    let document = try Documents.json(Documents.status)
    let lines = StatusText(document, page: coloured).lines
    #expect(lines != StatusText(document, page: page).lines)
    let bare = lines.map { $0.replacing(/\u{1B}\[[0-9;]*m/, with: "") }
    #expect(bare == StatusText(document, page: page).lines)
  }

  @Test(arguments: [
    (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
    (true, ["TERM": "dumb"], false),
  ])
  func colourIsForTerminalsAlone(isTerminal: Bool, environment: [String: String], isOn: Bool) {
    #expect(Paint(isTerminal: isTerminal, environment: environment).isOn == isOn)
  }
}
