// What somebody sees who imports files: one table for all, and the faults of the first that has any.
import Console
import Convening
import Testing
import Wire

@Suite struct ImportTextTests {
  private let document = """
    {"schema":"convened.import/1","kind":"discussions","dry_run":false,"rows":1240,"new":1200,"updated":3,"unchanged":37,
     "late_entries":1198}
    """

  @Test func whatCameOfEachFile() throws {
    let page = Documents.page
    let two = [
      ("a.csv", try Documents.json(document)),
      (
        "contacts.csv",
        try Documents.json(#"{"kind":"contacts","dry_run":true,"rows":2,"new":0,"updated":0,"unchanged":2}"#)
      ),
    ]
    #expect(
      ImportText(page: page).lines(two) == [
        "FILE          ROWS OF       ROWS    NEW  UPDATED  UNCHANGED  LATE ENTRIES",
        "a.csv         discussions  1,240  1,200        3         37         1,198",
        "contacts.csv  contacts         2      0        0          2             0",
        "Nothing was recorded: this is what it would come to.",
      ])
  }

  @Test func aFaultNamesItsLineOnce() {
    let body = """
      {"code":"bad-import","status":422,"detail":"1 fault on 1 line. Nothing was recorded.",
       "errors":[{"pointer":"/7/held_at","detail":"Line 7, held_at: Give the time with the day."}]}
      """
    let complaint = Problem(HTTPAnswer(status: 422, headers: [:], body: Array(body.utf8))).complaint
    #expect(complaint.status == .invalid)
    #expect(
      complaint.sentences == [
        "1 fault on 1 line. Nothing was recorded.", "  Line 7, held_at: Give the time with the day.",
      ])
  }
}
