// How tables are laid out: as narrow as what stands in them, and never wider than a terminal where words allow it.
import Console
import Convening
import Testing
import Wire

struct TableTests {
  private let paint = Paint(isOn: false)

  private func check(_ table: Table, _ golden: String) {
    #expect(table.lines(paint).joined(separator: "\n") == golden)
  }

  @Test func whatFitsStaysOnItsLine() {
    var table = Table([.init("WHO"), .init("A NUMBER", isNumber: true), .init("WHAT")])
    table.add("police", "12", "took part")
    table.add("health", "1,234", "")
    check(
      table,
      """
      WHO     A NUMBER  WHAT
      police        12  took part
      health     1,234
      """)
  }

  /// Titles first, and they stand on the line above the rows.
  @Test func whatIsTooWideGoesOnBelowInItsOwnColumn() {
    var table = Table([
      .init("ONE"), .init("TWO WORDS", isNumber: true), .init("TIME", isWhole: true), .init("TEXT"),
    ])
    let long = "words that take more room than there is on a line of a terminal and of a sheet of paper"
    table.add(Cell("a"), Cell("1"), Cell("Sat 1 May 09:00"), Cell(long))
    table.add("", "12,345", "17:05", "short")
    check(
      table,
      """
              TWO
      ONE   WORDS  TIME             TEXT
      a         1  Sat 1 May 09:00  words that take more room than there is on a line of a terminal and of
                                    a sheet of paper
           12,345  17:05            short
      """)
  }

  @Test func theWidestIsNarrowedFirst() {
    var table = Table("A", "B")
    let (three, four) = (
      String(repeating: "one two three ", count: 5) + "four", String(repeating: "five six seven ", count: 5) + "eight"
    )
    table.add(Cell(three), Cell(four))
    check(
      table,
      """
      A                                                  B
      one two three one two three one two three one two  five six seven five six seven five six seven five
      three one two three four                           six seven five six seven eight
      """)
  }

  @Test func aWordAndAWholeCellAreNeverBroken() {
    var table = Table([.init("ID"), .init("TIME", isWhole: true)])
    let id = String(repeating: "x", count: 120)
    table.add(Cell(id), Cell("Sat 1 May 09:00"))
    check(table, "ID" + String(repeating: " ", count: 120) + "TIME\n\(id)  Sat 1 May 09:00")
  }

  @Test func eachLineHasTheColourOfItsCell() {
    var table = Table("A", "B")
    table.add(Cell(String(repeating: "x", count: 90)), Cell("not well at all", .alarm))
    let lines = table.lines(Paint(isOn: true))
    #expect(lines.count == 3)
    #expect(lines[1].hasSuffix("x  \u{1B}[1;31mnot well\u{1B}[0m"))
    #expect(lines[2] == String(repeating: " ", count: 92) + "\u{1B}[1;31mat all\u{1B}[0m")
  }
}

/// With names as long as authorities have them.
struct WidthTests {
  private let page = Documents.page

  @Test func everyTableFitsATerminal() throws {
    let plan = #"""
      {"entries":[{"at":"2027-05-28T08:00:00Z","agency":"childrens-social-care","place":"contact",
        "route":"duty-and-advice-2","step":"before-again","message":"reminder","rule":"45 minutes before the meeting",
        "unless":"childrens-social-care contributes or declines"}]}
      """#
    let list = #"""
      {"discussions":[{"id":"7Q2F-M9KD","state":"scheduled","meeting_at":"2028-05-30T08:00:00Z","urgency":"standard",
        "quorum":{"quorate":false,"missing":["childrens-social-care","police","health","education","probation"]}}]}
      """#
    let reminders = #"""
      {"reminders":[{"id":"msg_01JD8Z6X0V3W9Y5T7R1Q2N4M6K","discussion":"7Q2F-M9KD","agency":"childrens-social-care",
        "place":"contact","step":"before-again","route":"duty-and-advice-2","state":"retrying",
        "next":"2027-05-28T08:00:00Z","attempts":12,"last_fault":"refused"}]}
      """#
    let place = #"""
      {"place":"contact","route":"d","label":"Duty and Advice team 2","phone":"0113 496 0188","endpoint":"misconfigured",
        "until":"2027-05-28T08:00:00Z","next":{"label":"Emergency duty team"}}
      """#
    let agencies = #"{"agencies":[{"agency":"c","name":"Children's Social Care","places":[\#(place)]}]}"#
    let status = #"""
      {"agencies":[{"name":"Children's Social Care","label":"Duty and Advice team 2","endpoint":"misconfigured",
        "until":"2027-05-28T08:00:00Z","last_accepted":"2027-04-28T08:00:00Z","last_answered":"2027-04-28T08:00:00Z",
        "awaiting":12}]}
      """#
    let shares = ["childrens-social-care", "police", "health"].map { #"{"agency":"\#($0)","share":0.7}"# }
    let report = #"""
      {"from":"2026-10-01","to":"2026-12-01","definitions":{"decision_latency":"\#(String(repeating: "so and ", count: 40))"},
        "total":{"n":1214,"three_partner":{"k":1152,"share":1,"low":0.9,"high":1},"agencies":[\#(shares.joined(separator: ","))],
        "decision_latency":{"median_s":540,"p90_s":7800,"within_policy":0.81}}}
      """#
    let receipt = #"{"agency":"childrens-social-care","at":"2027-04-28T08:00:00Z"}"#
    let receipts = Array(repeating: receipt, count: 5).joined(separator: ",")
    let show = #"""
      {"positions":[{"agency":"c","name":"Children's Social Care","required":false,"state":"contributed",
        "contribution":"verbal_relayed","contributed_at":"2027-05-28T08:00:00Z","details_sent_at":"2027-04-28T08:00:00Z",
        "barrier":{"code":"B16","by":"chair","answer":"disputed","answer_code":"B17","answered_late":true}}],
       "receipts":[\#(receipts)],
       "clocks":[{"id":"C1","due":"2026-10-28T08:05:00Z","rule":"1 working day from the referral","provisional":true},
        {"id":"C5","due":"2026-10-28T08:05:00Z","stopped":"2026-10-30T08:04:00Z","provisional":true,
        "rule":"15 working days from the initiating discussion"}]}
      """#
    let one = DiscussionText(page: page).show(try Documents.json(show))
    let lines =
      one + DiscussionText(page: page).plan(try Documents.json(plan), id: "7Q2F-M9KD")
      + DiscussionText(page: page).list(try Documents.json(list))
      + RemindersText(page: page).reminders(try Documents.json(reminders))
      + RemindersText(page: page).agencies(try Documents.json(agencies))
      + StatusText(try Documents.json(status), page: page).lines
      + ReportText(try Documents.json(report), page: page).lines
    #expect(lines.filter { $0.count > 100 } == [])
    #expect(lines.filter { $0.hasSuffix(" ") } == [])
  }
}
