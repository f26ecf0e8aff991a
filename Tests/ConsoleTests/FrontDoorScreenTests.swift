// The front door's screens, word for word, from documents as the daemon answers them.
import Console
import Convening
import Testing
import Wire

struct FrontDoorScreenTests {
  private let page = Documents.page

  private func check(_ lines: [String], _ expected: String) {
    #expect(lines.joined(separator: "\n") == expected)
  }

  @Test func theReviewQueue() throws {
    let list = try Documents.json(
      #"{"schema":"convened.front-door/1","at":"2027-04-30T16:05:00Z","cursor":null,"contacts":["#
        + #"{"id":"8R3G-N0ME","state":"due","team":"duty-and-advice-2","received_at":"2027-04-29T14:05:00Z","#
        + #""recorded_at":"2027-04-29T14:06:00Z","review_due":"2027-04-30T14:05:00Z","provisional":false,"#
        + #""outcome_at":null,"reviewed_at":null},"#
        + #"{"id":"9S4H-P1NF","state":"outcome","team":"duty-and-advice-2","received_at":"2027-04-30T08:00:00Z","#
        + #""recorded_at":"2027-04-30T08:00:00Z","review_due":"2027-05-01T08:00:00Z","provisional":false,"#
        + #""outcome_at":"2027-04-30T10:00:00Z","reviewed_at":null}]}"#)
    check(
      FrontDoorText(page: page).list(list),
      """
      CONTACT    RECEIVED          TEAM               STATE                  REVIEW DUE
      8R3G-N0ME  Thu 29 Apr 15:05  Duty and advice 2  past its time, for 2 h  15:05
      9S4H-P1NF  09:00             Duty and advice 2  outcome 11:00          Sat 1 May 09:00
      """.replacing("STATE                  REVIEW", with: "STATE                   REVIEW")
        .replacing("outcome 11:00          Sat", with: "outcome 11:00           Sat"))
    #expect(FrontDoorText(page: page).list(["contacts": []]) == ["No contacts."])
  }

  @Test func oneContact() throws {
    let contact = try Documents.json(
      #"{"schema":"convened.contact/1","id":"8R3G-N0ME","revision":2,"state":"outcome","team":"duty","#
        + #""received_at":"2027-04-29T14:05:00Z","recorded_at":"2027-04-29T14:06:00Z","clock":{"id":"C9","#
        + #""started":"2027-04-29T14:05:00Z","due":"2027-04-30T14:05:00Z","stopped":"2027-04-30T12:05:00Z","#
        + #""margin_s":7200,"rule":"24 hours from the receipt","provisional":false},"#
        + #""outcome_at":"2027-04-30T12:05:00Z","outcome_by":"team manager","reviewed_at":null,"reviewed_by":null,"#
        + #""outcome":"strategy_discussion","discussion":"7Q2F-M9KD"}"#)
    check(
      FrontDoorText(page: page).show(contact),
      """
      8R3G-N0ME  front-door contact, Duty
      Received Thu 29 Apr 15:05
      Outcome 13:05 by team manager: strategy discussion, discussion 7Q2F-M9KD
      Met, 2 h left (24 hours from the receipt)
      Revision 2
      """)
  }

  @Test func theStatusSaysThatSomebodyWaits() throws {
    var status = try Documents.json(Documents.status)
    status = .object(
      (status.members ?? []) + [
        .init("front_door", ["open": 4, "due": 3, "oldest_due": "2027-04-30T14:05:00Z", "heard": .null])
      ])
    let lines = StatusText(status, page: page).lines
    #expect(lines.contains("! Front door: 3 contacts past the time without outcome or review, the oldest for 2 h"))
    #expect(lines.contains("  convenectl front-door list --state due"))
  }
}
