// Times that suit, discussions without a time and late entries, word for word.
import Console
import Convening
import Testing
import Wire

struct AppointmentTests {
  private let page = Documents.page

  @Test func slots() throws {
    let document = try Documents.json(
      #"{"schema":"convened.slots/1","from":"2027-04-30T16:05:00Z","limit":"2027-05-04T23:00:00Z","#
        + #""rule":"1 working day from now","duration_min":60,"slots":[{"at":"2027-05-04T07:30:00Z","#
        + #""until":"2027-05-04T08:30:00Z"},{"at":"2027-05-04T08:30:00Z","until":"2027-05-04T09:30:00Z"}],"#
        + #""in_the_way":[{"agency":null,"why":"not_working","from":"2027-04-30T16:05:00Z","#
        + #""until":"2027-05-04T07:30:00Z"},{"agency":"health","why":"full","from":"2027-04-30T16:00:00Z","#
        + #""until":"2027-04-30T16:30:00Z"},{"agency":"police","why":"closed","from":"2027-04-30T16:05:00Z","until":null}],"#
        + #""alternatives":[]}"#)
    check(
      SlotsText(page: page).lines(document),
      """
      Times that suit all, by Tue 4 May (1 working day from now):
        Tue 4 May 08:30 to 09:30, the earliest
        Tue 4 May 09:30 to 10:30

      IN THE WAY  WHY                             FROM   UNTIL
      all         not in working hours            17:05  Tue 4 May 08:30
      Health      joins as many as it can         17:00  17:30
      Police      nobody holds its contact place  17:05  as far as was looked
      """)
  }

  /// A document that goes past the table of bank holidays says so below, and no other.
  @Test func whatIsProvisionalSaysSo() throws {
    let note = "Provisional: past the last year of the table of bank holidays one may be missing."
    for isProvisional in [true, false] {
      let document: JSON = ["slots": [], "entries": [], "provisional": .bool(isProvisional)]
      #expect((SlotsText(page: page).lines(document).last == note) == isProvisional)
      #expect((DiscussionText(page: page).explanation(document).last == note) == isProvisional)
    }
  }

  @Test func theLeastBadTimes() throws {
    let document = try Documents.json(
      #"{"limit":"2027-04-30T20:05:00Z","rule":"4 hours from now","slots":[],"in_the_way":[],"alternatives":["#
        + #"{"at":"2027-04-30T16:15:00Z","until":"2027-04-30T16:45:00Z","without":"health","over_limit":false,"#
        + #""short_notice":true},{"at":"2027-05-04T07:30:00Z","until":"2027-05-04T08:00:00Z","without":null,"#
        + #""over_limit":true,"short_notice":false}]}"#)
    check(
      SlotsText(page: page).lines(document),
      """
      No time suits all who are required, by 21:05 (4 hours from now).

      The least bad:
        17:15 to 17:45: does not suit Health and shorter notice than is fair
        Tue 4 May 08:30 to 09:00: past the limit
      """)
    check(
      SlotsText(page: page).lines(["slots": [], "alternatives": []]),
      """
      No time suits all who are required.

      There is no less bad time either.
      """)
  }

  private func line(_ members: String) throws -> String {
    DiscussionText(page: page).show(try Documents.json("{\(members),\"id\":\"7Q2F-M9KD\",\"urgency\":\"urgent\"}"))[0]
  }

  @Test func aDiscussionSaysWhenItMeets() throws {
    #expect(
      try line(#""state":"scheduled","meeting_at":null,"answer_by":"2027-04-30T19:40:00Z","late_entry":false"#)
        == "7Q2F-M9KD  scheduled, urgent, as soon as they answer, by 20:40 at the latest")
    #expect(
      try line(#""state":"held","held_at":"2027-04-30T15:30:00Z","meeting_at":null,"late_entry":true"#)
        == "7Q2F-M9KD  held 16:30, urgent, entered late")
  }

  @Test func aListSaysWhenTheyMeet() throws {
    let document = try Documents.json(
      #"{"discussions":[{"id":"7Q2F-M9KD","state":"scheduled","urgency":"urgent","meeting_at":null,"#
        + #""answer_by":"2027-04-30T19:40:00Z","late_entry":false},{"id":"0000-0001","state":"decided","#
        + #""urgency":"standard","meeting_at":"2027-04-30T15:30:00Z","answer_by":null,"late_entry":true}]}"#)
    check(
      DiscussionText(page: page).list(document),
      """
      REFERENCE  MEETING                 STATE                  URGENCY   WITHOUT
      7Q2F-M9KD  as soon as they answer  scheduled              urgent
      0000-0001  16:30                   decided, entered late  standard
      """)
  }

  private func timeline(_ data: [String]) throws -> [String] {
    let entries = data.enumerated().map { index, data in
      #"{"seq":\#(index + 1),"revision":\#(index + 1),"recorded_at":"2027-04-30T15:4\#(index):02Z",\#(data)}"#
    }
    let text = TimelineText(
      try Documents.json(#"{"id":"7Q2F-M9KD","entries":[\#(entries.joined(separator: ","))]}"#), page: page
    ).text
    return text.filter { $0.hasPrefix("16:4") }
  }

  @Test func aTimelineTellsHowItWasConvened() throws {
    #expect(
      try timeline([
        #""event":"convened","data":{"answer_by":"2027-04-30T19:40:00Z","by_role":"team manager"}"#,
        #""event":"rescheduled","data":{"meeting_at":"2027-04-30T17:00:00Z","reason":"all can"}"#,
        #""event":"rescheduled","data":{"meeting_at":"2027-04-30T17:30:00Z","reason":"room"}"#,
      ]) == [
        "16:40:02  Convened by team manager, to meet as soon as they answer, by 20:40 at the latest",
        "16:41:02  Time set: 18:00. Reason: all can", "16:42:02  Moved to 18:30. Reason: room",
      ])
    #expect(
      try timeline([
        #""event":"convened","data":{"meeting_at":"2027-04-30T17:00:00Z","earliest":true,"by_role":"team manager"}"#
      ]) == ["16:40:02  Convened for 18:00 by team manager, the first time that suited. Notice 1 h 20 min"])
    #expect(
      try timeline([
        #""event":"convened","data":{"meeting_at":"2027-04-29T16:00:00Z","held_at":"2027-04-29T16:05:00Z","#
          + #""by_role":"team manager"}"#
      ]) == ["16:40:02  Entered late by team manager: held Thu 29 Apr 17:05. Nobody is asked or told"])
  }
}
