// One line for a monitoring system: how grave it is, and its figures.
import Console
import Convening
import Testing
import Wire

struct CheckLineTests {
  private func line(_ text: String) throws -> String {
    let line = CheckLine(try Documents.json(text))
    return "\(line.level.rawValue) " + line.text.prefix { $0 != "|" }
  }

  @Test(arguments: [
    (#"{"state":"ready"}"#, "0 CONVENED OK - ready, 0 open "),
    (#"{"state":"ready","discussions":{"open":14}}"#, "0 CONVENED OK - ready, 14 open "),
    (#"{"state":"paused"}"#, "1 CONVENED WARNING - paused "),
    (#"{"state":"starting"}"#, "1 CONVENED WARNING - starting "),
    (#"{"state":"degraded"}"#, "2 CONVENED CRITICAL - degraded "),
    (#"{"state":"dreaming"}"#, "3 CONVENED UNKNOWN - state dreaming "),
    (#"{}"#, "3 CONVENED UNKNOWN - no state in the answer "),
    (#"{"state":"ready","reminders":{"undelivered":1}}"#, "1 CONVENED WARNING - 1 undelivered "),
    (#"{"state":"ready","reminders":{"oldest_due_s":59}}"#, "0 CONVENED OK - ready, 0 open "),
    (#"{"state":"ready","reminders":{"oldest_due_s":60}}"#, "1 CONVENED WARNING - reminders late by 60 s "),
    (#"{"state":"ready","reminders":{"oldest_due_s":300}}"#, "2 CONVENED CRITICAL - reminders late by 300 s "),
    (#"{"state":"ready","discussions":{"open":1,"overdue":1}}"#, "1 CONVENED WARNING - 1 overdue "),
    (#"{"state":"ready","attention":[{"urgency":"standard"}]}"#, "1 CONVENED WARNING - 1 needing a person "),
    (#"{"state":"ready","attention":[{"urgency":"urgent"}]}"#, "2 CONVENED CRITICAL - 1 needing a person "),
    (#"{"state":"ready","checks":[{"name":"journal","state":"fail"}]}"#, "2 CONVENED CRITICAL - journal "),
    (#"{"state":"paused","checks":[{"name":"x","state":"unknown"}]}"#, "3 CONVENED UNKNOWN - paused, x "),
    (#"{"state":"degraded","checks":[{"name":"x","state":"unknown"}]}"#, "2 CONVENED CRITICAL - degraded, x "),
  ])
  func theWorstIsTheLevel(document: String, expected: String) throws { #expect(try line(document) == expected) }

  @Test func performanceData() throws {
    let text = CheckLine(try Documents.json(Documents.status)).text
    #expect(
      text
        == "CONVENED CRITICAL - endpoints, 1 needing a person, 1 undelivered, 1 overdue | reminders_undelivered=1 "
        + "reminders_scheduled=12 reminders_in_flight=0 oldest_due=0s;60;300 discussions_open=2 discussions_overdue=1 "
        + "attention=1 journal_seq=8812c")
  }

  @Test(arguments: Exit.allCases)
  func withoutADocumentOnlyOutOfReachIsCritical(exit: Exit) {
    #expect(CheckLine(Complaint(exit, "a | b")).level == (exit == .outOfReach ? .critical : .unknown))
    #expect(!CheckLine(Complaint(exit, "a | b")).text.contains("|"))
  }
}
