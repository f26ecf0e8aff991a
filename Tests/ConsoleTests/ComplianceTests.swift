// What a service manager reads on Monday, line by line.
import Console
import Convening
import Testing
import Wire

@Suite struct ComplianceTextTests {
  @Test func eachCheckInOneLineAndWhatWasFoundBelow() throws {
    let document = """
      {"schema":"convened.compliance/1","since":"2027-04-23T16:00:00Z","at":"2027-04-30T14:30:00Z","checks":[
       {"check":"contacts_unreviewed","count":1,"open":1,"oldest":"2027-04-29T08:00:00Z",
        "holder":{"route":"desk","label":"Duty and Advice"},
        "findings":[{"contact":"8R3G-N0ME","team":"duty-2","holder":{"label":"Duty and Advice"},
         "received_at":"2027-04-29T08:00:00Z","due":"2027-04-30T08:00:00Z","seen_at":null,"late_s":23400}]},
       {"check":"decisions_late","count":1,"open":0,"oldest":"2027-04-28T08:00:00Z","holder":null,
        "findings":[{"discussion":"7Q2F-M9KD","team":"duty-2","holder":null,"decided_at":"2027-04-28T08:00:00Z",
         "recorded_at":"2027-04-28T10:00:00Z","late_s":7200,"why":"late","late_entry":false}]},
       {"check":"without_all","count":0,"open":0,"oldest":null,"holder":null,"findings":[]},
       {"check":"clocks","count":3,"open":3,"oldest":"2027-04-30T22:59:00Z","holder":null,
        "findings":[{"discussion":"7Q2F-M9KD","team":"duty-2","holder":null,"clock":"C6","due":"2027-04-30T22:59:00Z",
         "stopped":null,"state":"due_today"}]}]}
      """
    let lines = ComplianceText(page: Documents.page).lines(try Documents.json(document))
    let text = lines.joined(separator: "\n")
    #expect(lines.first?.hasPrefix("Since Fri 23 Apr") == true, "\(text)")
    for words in [
      "Contacts past their time, unreviewed", "8R3G-N0ME", "waits, 6 h 30 min past its time", "Duty and Advice",
      "recorded 2 h later", "due today", "and 2 more, younger ones",
    ] { #expect(text.contains(words), "\(words) in\n\(text)") }
    #expect(!text.contains("no follow-up,"))
  }

  /// A limit that ends with a day is that day, and not the midnight after it.
  @Test func aLimitIsTheDayThatItEndsWith() throws {
    let document = """
      {"since":"2027-04-23T16:00:00Z","checks":[{"check":"clocks","count":1,"open":1,"oldest":"2027-04-30T23:00:00Z",
       "holder":null,"findings":[{"discussion":"7Q2F-M9KD","team":"duty-2","holder":null,"clock":"C4",
       "due":"2027-04-30T23:00:00Z","stopped":null,"state":"due_today"}]}]}
      """
    let lines = ComplianceText(page: Documents.page).lines(try Documents.json(document))
    #expect(lines.contains { $0.contains("Fri 30 Apr") && $0.contains("circulation (C4): due today") }, "\(lines)")
    #expect(!lines.contains { $0.contains("Sat 1 May") })
  }
}
