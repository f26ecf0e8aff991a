// What people read of what is recorded beside the ladder and after the decision, word for word: its events, the clocks,
// why an agency was absent.
import Console
import Convening
import Testing
import Wire

struct AfterwardsTests {
  private let page = Documents.page

  @Test func show() throws {
    check(
      DiscussionText(page: page).show(try Documents.json(Documents.decided)),
      """
      7Q2F-M9KD  decided 16:42, urgent, telephone

      AGENCY       POSITION   TOOK PART                  REASON
      Social Care  took part  by telephone, live, 16:31
      Police       no answer                             B10 no capacity, named by the chair, disputed:
                                                         B05 details not sent
      Health       no answer                             B14 no response, proposed, answer awaited until
                                                         Tue 4 May

      CLOCK                    DUE             STATE                     RULE
      Discussion (C2)          16:32           missed by 8 min           4 hours from the need being
                                                                         identified
      Record of decision (C3)  16:57           met, 14 min left          15 minutes from the decision
      Circulation (C4)         Tue 4 May       in 4 days                 1 working day from the decision
      Conference (C5)          Mon 24 May      in 24 days                15 working days from the
                                                                         initiating discussion
      Assessment (C6)          Wed 5 Jan 2028  in 250 days, provisional  45 working days from the referral
      Follow-up                17:00           overdue by 5 min
      Provisional: the table of bank holidays does not reach that far.

      Details sent: Health 16:20.
      Decided without Police and Health.
      Revision 19
      """)
  }

  @Test func showTellsWhatIsRecordedBesideIt() throws {
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"circulated","positions":[],"clocks":[],"next":null,"#
          + #""conference_held_at":"2027-04-29T09:00:00Z","follow_up_done_at":"2027-04-30T15:00:00Z","#
          + #""receipts":[{"agency":"police","at":"2027-04-30T15:30:00Z"},"#
          + #"{"agency":"health","at":"2027-04-30T15:40:00Z"}]}"#))
    check(
      lines,
      """
      7Q2F-M9KD  circulated

      Record received: Police 16:30, Health 16:40.
      Conference held: Thu 29 Apr 10:00.
      Follow-up done: 16:00.
      """)
  }

  @Test func aDisagreementIsShownWithItsLevel() throws {
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"decided","positions":[],"next":null,"clocks":["#
          + #"{"id":"C11","level":1,"started":"2027-04-26T09:00:00Z","due":"2027-04-28T23:00:00Z","#
          + #""stopped":"2027-04-28T12:00:00Z","margin_s":39600,"rule":"2 working days from the disagreement","#
          + #""provisional":false},"#
          + #"{"id":"C11","level":2,"started":"2027-04-28T12:00:00Z","due":"2027-05-06T23:00:00Z","stopped":null,"#
          + #""margin_s":null,"rule":"5 working days from the level before","provisional":false}]}"#))
    #expect(
      lines.filter { $0.hasPrefix("Disagreement") } == [
        "Disagreement, level 1 (C11)  Wed 28 Apr  met, 11 h left  2 working days from the disagreement",
        "Disagreement, level 2 (C11)  Thu 6 May   in 6 days       5 working days from the level before",
      ])
  }

  /// Neither met nor missed: the discussion that follows has it.
  @Test func aConferenceThatGoesOnElsewhereIsNotMet() throws {
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"decided","positions":[],"next":null,"clocks":["#
          + #"{"id":"C5","level":1,"started":"2027-04-30T15:40:00Z","due":"2027-05-24T23:00:00Z","#
          + #""stopped":"2027-04-30T16:00:00Z","margin_s":null,"goes_on_in":"8R3G-N0ME","#
          + #""rule":null,"provisional":false}]}"#))
    #expect(lines.contains("Conference (C5)  Mon 24 May  goes on in 8R3G-N0ME"), "\(lines)")
  }

  /// Until the end of Thursday, which is over.
  @Test(arguments: [
    (#""by":"rules","answer":null"#, "B14 no response, proposed, not answered"),
    (#""by":"chair","answer":null"#, "B14 no response, named by the chair, not answered"),
    (#""by":"rules","answer":"agreed","answer_code":"B14""#, "B14 no response, proposed, agreed"),
    (#""by":"chair","answer":"agreed","answer_code":"B14""#, "B14 no response, named by the chair, agreed"),
    (
      #""by":"rules","answer":"disputed","answer_code":"B12","answered_late":true"#,
      "B14 no response, proposed, disputed late: B12 out of hours, no cover"
    ),
    (#""by":"agency","answer":"disputed","answer_code":"B14""#, "B14 no response, named by the agency"),
  ])
  func showSaysWhoGaveTheReason(_ members: String, _ words: String) throws {
    let lines = DiscussionText(page: page).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"decided","next":null,"positions":[{"agency":"health","required":true,"#
          + #""state":"no_response","reason":"B14","barrier":{"code":"B14","answer_until":"2027-04-29T23:00:00Z","#
          + #"\#(members)}}]}"#))
    let line = try #require(lines.first { $0.hasPrefix("Health") })
    #expect(line == "Health  no answer             \(words)")
  }

  @Test func timeline() throws {
    check(
      TimelineText(try Documents.json(Documents.afterwards), page: page).text,
      """
      7Q2F-M9KD   Fri 30 Apr 2027, BST
      Decided without Health.

      16:45:00  Health  details sent to point of contact: health-hub, at 16:41
      16:54:10  Health  telephoned by team manager, 0113 496 0180: no reply
      17:49:00  Decided by team manager 17:48. Recorded 17:49 (1 min later). Without Health
                Outcome hidden; --outcome shows it
      17:49:00  Circulation (C4) due Tue 4 May, from 17:48
      17:49:00  Follow-up due Mon 10 May, from 17:48
      17:49:00  Health  reason proposed: B14 no response. Health may dispute until Tue 4 May
      Wed 5 May 2027, BST
      09:00:00  Health  disputes the reason, gives B10 no capacity; late, it had until Tue 4 May
      10:12:00  Health  has the record
      Mon 10 May 2027, BST
      14:00:00  Follow-up done by team manager
      Entries 1 to 15
      """)
  }

  @Test func timelineWithTheOutcome() throws {
    check(
      TimelineText(try Documents.json(Documents.outcome), page: page).text,
      """
      7Q2F-M9KD   Fri 30 Apr 2027, BST
      Decided without Health.

      17:49:00  Decided by team manager 17:48. Recorded 17:49 (1 min later). Without Health
                Outcome: joint section 47 enquiry, icpc expected, Police did not agree
      17:49:00  Conference (C5) due Mon 24 May, from 17:31
      Tue 4 May 2027, BST
      11:00:00  Disagreement (C11) due Thu 6 May
      Wed 5 May 2027, BST
      11:00:00  Conference (C5) now due Tue 25 May: other bank holidays, or another edition of the policy
      Fri 21 May 2027, BST
      12:00:00  Initial child protection conference held, at 10:00
      12:00:00  First core group (C7) due Mon 7 Jun, from 10:00
      Fri 4 Jun 2027, BST
      14:00:00  First core group (C7): met, 3 days left
      Entries 3 to 15
      """)
  }

  /// Recorded as it happened, at 16:00.
  @Test(arguments: [
    ("telephoned", #""result":"message-left","by_role":"chair""#, "telephoned by chair: message left"),
    ("telephoned", #""result":"answered","by_role":"chair""#, "telephoned by chair: answered"),
    ("detailsSent", #""place":"lead""#, "details sent to lead"),
    ("detailsSent", #""place":"lead","route":"named-nurse""#, "details sent to lead: named-nurse"),
    ("barrierNamed", #""code":"B10","by":"agency","agreed":false"#, "gives the reason B10 no capacity"),
    (
      "barrierNamed", #""code":"B12","by":"chair","until":"2027-05-04T23:00:00Z""#,
      "reason given by the chair: B12 out of hours, no cover. It may be disputed until Tue 4 May"
    ),
    (
      "clockStarted", #""clock":"C11","due":"2027-05-05T23:00:00Z","level":1"#,
      "Disagreement (C11), level 1, due Wed 5 May"
    ),
    (
      "clockStarted", #""clock":"C6","due":"2028-01-06T00:00:00Z","provisional":true"#,
      "Assessment (C6) due Wed 5 Jan 2028, provisional"
    ),
    ("clockStarted", #""clock":"C2","due":"2027-04-30T19:00:00Z""#, "Discussion (C2) due 20:00"),
    ("clockStopped", #""clock":"C1""#, "Decision on referral (C1): done"),
    ("clockStopped", #""clock":"C5","goes_on_in":"8R3G-N0ME""#, "Conference (C5): goes on in 8R3G-N0ME"),
    ("clockStopped", #""clock":"C5""#, "Conference (C5): goes on in the discussion that follows"),
  ])
  func eachEventIsSaidInWords(_ event: String, _ data: String, _ words: String) throws {
    let lines = TimelineText(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","entries":[{"seq":1,"event":"\#(event)","occurred_at":"2027-04-30T15:00:00Z","#
          + #""recorded_at":"2027-04-30T15:00:00Z","data":{\#(data)}}]}"#), page: page
    ).text
    #expect(lines.contains("16:00:00  \(words)"), "\(lines)")
  }

  @Test(arguments: [
    (#""by":"chair","until":"2027-05-05T23:00:00Z""#, true, "agrees with the reason B14 no response"),
    (
      #""by":"chair","until":"2027-04-30T14:00:00Z""#, false,
      "disputes the reason, gives B14 no response; late, it had until 15:00"
    ),
  ])
  func anAnswerIsMeasuredByTheReasonBeforeIt(_ reason: String, agreed: Bool, words: String) throws {
    let lines = TimelineText(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","entries":[{"seq":1,"event":"barrierNamed","recorded_at":"2027-04-30T13:00:00Z","#
          + #""agency":"health","data":{"code":"B14",\#(reason)}},{"seq":2,"event":"barrierNamed","#
          + #""recorded_at":"2027-04-30T15:00:00Z","agency":"health","#
          + #""data":{"code":"B14","by":"agency","agreed":\#(agreed)}}]}"#), page: page
    ).text
    #expect(lines.contains("16:00:00  Health  \(words)"), "\(lines)")
  }

  /// Which of them has ended the correction says of those alone that end with no entry of their own.
  @Test func aCorrectionSaysHowTheClocksStand() throws {
    let clocks = [
      #"{"clock":"C2","level":1,"due":"2027-04-30T19:00:00Z"}"#,
      #"{"clock":"C6","level":1,"due":"2027-05-10T23:00:00Z"}"#,
      #"{"clock":"C7","level":1,"due":"2027-05-10T23:00:00Z","stopped_at":"2027-05-10T23:00:00Z"}"#,
      #"{"clock":"C10","level":1,"due":"2027-05-10T23:00:00Z","stopped_at":"2027-05-11T09:00:00Z"}"#,
      #"{"clock":"C5","level":1,"due":"2027-05-10T23:00:00Z","stopped_at":"2027-05-11T09:00:00Z","#
        + #""goes_on_in":"8R3G-N0ME"}"#,
      #"{"clock":"C11","level":2,"due":"2027-05-10T23:00:00Z"}"#,
    ]
    let lines = TimelineText(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","entries":[{"seq":9,"revision":9,"event":"corrected","#
          + #""recorded_at":"2027-04-30T15:00:00Z","data":{"strikes":3,"corrects":"held","reason":"slip","clocks":["#
          + clocks.joined(separator: ",") + "]}}]}"), page: page
    ).text
    let words =
      "Clocks as they stand: C2 due 20:00; C6 due Mon 10 May, open; C7 due Mon 10 May, met; C10 due Mon 10 May, missed; "
      + "C5 due Mon 10 May, goes on in 8R3G-N0ME; C11 level 2 due Mon 10 May, open"
    #expect(lines.contains { $0.hasSuffix(words) }, "\(lines)")
  }

  @Test func aFollowUpThatIsOpenStandsAtTheTop() throws {
    let document = try Documents.json(Documents.afterwards)
    let entries = Array(document["entries"]?.array?.prefix(8) ?? [])
    let lines = TimelineText(["id": "7Q2F-M9KD", "entries": .array(entries)], page: page).text
    #expect(lines[1] == "Decided without Health. Follow-up due Mon 10 May.")
  }

  @Test(arguments: [
    ("2027-05-10T23:00:00Z", "Mon 10 May"), ("2027-05-10T22:59:00Z", "Mon 10 May 23:59"),
    ("2027-04-30T17:03:00Z", "18:03"), ("2027-04-30T23:00:00Z", "Fri 30 Apr"),
    ("2028-01-06T00:00:00Z", "Wed 5 Jan 2028"),
  ])
  func theEndOfADayIsThatDay(moment: String, words: String) {
    #expect(page.clock.limit(Instant(moment)!) == words)
  }

  @Test(arguments: ClockID.allCases)
  func everyClockHasWords(clock: ClockID) {
    #expect(Words.clock(clock.rawValue).hasSuffix(" (\(clock.rawValue))") == (clock != .followUp))
    #expect(Words.clock(clock.rawValue).contains(/^[a-z]/))
  }
}
