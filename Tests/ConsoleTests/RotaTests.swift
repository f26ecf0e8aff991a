// A rota as people type it or as a spreadsheet exports it, and as it is shown.
import Console
import Convening
import Testing
import Wire

struct RotaCSVTests {
  private let reader = MomentReader(zone: CivilZone(name: "Europe/London")!, now: Instant("2026-11-24T10:00:00Z")!)

  @Test func whatASpreadsheetExportsIsRead() throws {
    let text =
      "\u{FEFF}Until, Place,route,from\r\n2026-12-29 08:30,contact,\"on-call-nurse\",24/12/2026 17:00\r\n\r\n"
      + "\"2027-06-01T08:30+01:00\",deputy,named-nurse,1/6/2027 07:00\r\n"
    #expect(
      try RotaCSV.read(text, reader).map(\.entry) == [
        [
          "place": "contact", "route": "on-call-nurse", "from": "2026-12-24T17:00:00Z",
          "until": "2026-12-29T08:30:00Z",
        ],
        ["place": "deputy", "route": "named-nurse", "from": "2027-06-01T06:00:00Z", "until": "2027-06-01T07:30:00Z"],
      ])
    #expect(
      try RotaCSV.typed(["contact,hub,2026-12-24 17:00,2026-12-29 08:30"], reader).map { $0.entry["route"] } == ["hub"])
    #expect(try RotaCSV.typed([], reader).isEmpty)
  }

  @Test func everyFaultHasItsLine() {
    let text =
      "place,route,from,until\ncontact,SECRET,10:00,tomorrow 10:00\n\"a\nb\",x\ncontact,hub,2026-03-29 01:30,2026-03-30 09:00\n"
      + "nurse,hub,2026-12-24 17:00,2026-12-24 08:30\n"
    do throws(Complaint) {
      _ = try RotaCSV.read(text, reader)
      Issue.record("read")
    } catch {
      #expect(error.status == .invalid)
      #expect(
        error.sentences.map { String($0.prefix { $0 != ":" }) } == [
          "7 faults. Nothing was changed.", "line 2, route", "line 2, from", "line 2, until", "line 3", "line 5, from",
          "line 6, place", "line 6, until",
        ])
      #expect(error.sentences[2].hasSuffix("24/12/2026 17:00, by the clock on the wall."))
      #expect(!error.sentences.joined().contains("SECRET"))
    }
  }

  /// What the command line says wrong is usage; what a file says wrong is data.
  @Test func aTypedShiftThatIsWrongIsUsage() {
    for shift in ["contact,hub", "contact,hub,noon,2026-12-29 08:30"] {
      do throws(Complaint) {
        _ = try RotaCSV.typed([shift], reader)
        Issue.record("\(shift)")
      } catch {
        #expect(error.status == .usage)
      }
    }
  }

  /// What the daemon finds beside that stands by the lines of the file too.
  @Test func itsFaultsHaveTheirLines() {
    let answer = HTTPAnswer(
      status: 422, headers: [:],
      body: Array(
        (#"{"status":422,"detail":"2 things in it have to be mended. Nothing was changed.","errors":["#
          + #"{"pointer":"/entries/1/route","detail":"The settings have no such route."},"#
          + #"{"pointer":"/entries/1/from","detail":"It overlaps entry number 1, of the same place."}]}"#).utf8))
    #expect(
      Problem(answer).calling(["line 2", "line 5"]).complaint.sentences == [
        "2 things in it have to be mended. Nothing was changed.",
        "  line 5, route: The settings have no such route.", "  line 5, from: It overlaps line 2, of the same place.",
      ])
  }

  @Test(arguments: ["", "place,route,from\n", "place,route,from,until,who\n", "place,route,from,from\n"])
  func theFirstLineNamesTheColumns(text: String) {
    #expect(throws: Complaint.self) { try RotaCSV.read(text, reader) }
  }
}

struct RotaTextTests {
  private let page = Documents.page

  @Test func rotaAndCover() throws {
    let document = """
      {"schema":"convened.rota/1","agency":"health",
       "entries":[{"place":"contact","route":"on-call-nurse","from":"2027-04-30T16:00:00Z","until":"2027-05-04T07:30:00Z"}],
       "covers":[{"place":"deputy","route":"named-nurse","from":"2027-04-30T15:00:00Z","until":"2027-04-30T19:00:00Z",
         "reason":"leave"}]}
      """
    #expect(
      RotaText(try Documents.json(document), page: page).lines == [
        "Health, from now on",
        "PLACE             ROUTE          WHO            FROM   UNTIL            WHY",
        "Deputy            named-nurse    named-nurse    16:00  20:00            cover: leave",
        "Point of contact  on-call-nurse  on-call-nurse  17:00  Tue 4 May 08:30  rota",
      ])
    let none = #"{"agency":"health","entries":[],"covers":[]}"#
    #expect(
      RotaText(try Documents.json(none), page: page).lines == [
        "Health has no rota and no cover: the hours of the settings hold."
      ])
  }

  @Test func agenciesSayWhereTheRotaSaysSo() throws {
    let document = """
      {"agencies":[{"agency":"health","name":"Health","places":[
        {"place":"contact","label":"Hub","because":"cover","reason":"leave","until":"2027-04-30T19:00:00Z",
         "next":{"label":"Nurse","because":"rota"},"endpoint":"ok"}]}]}
      """
    let lines = RemindersText(page: page).agencies(try Documents.json(document)).joined(separator: "\n")
    #expect(lines.contains("Hub (cover: leave)") && lines.contains("Nurse (rota)"))
  }

  @Test func aHandOverInTheTimeline() throws {
    let document = """
      {"id":"7Q2F-M9KD","entries":[
       {"seq":1,"event":"acknowledged","occurred_at":"2027-04-30T15:00:00Z","recorded_at":"2027-04-30T15:00:00Z",
        "agency":"health","data":{"agency":"health","by_role":"nurse","stays":true}},
       {"seq":2,"event":"handedOver","occurred_at":"2027-04-30T16:00:00Z","recorded_at":"2027-04-30T16:00:00Z",
        "agency":"health","data":{"agency":"health","place":"contact","from":"health-hub","route":"on-call-nurse",
        "until":"2027-05-04T07:30:00Z"}},
       {"seq":3,"event":"handedOver","occurred_at":"2027-04-30T16:00:00Z","recorded_at":"2027-04-30T16:00:00Z",
        "agency":"health","data":{"agency":"health","place":"deputy","from":"named-nurse"}},
       {"seq":4,"event":"acknowledgementLapsed","occurred_at":"2027-04-30T16:00:00Z",
        "recorded_at":"2027-04-30T16:00:00Z","agency":"health",
        "data":{"agency":"health","place":"contact","route":"health-hub"}}]}
      """
    let lines = TimelineText(try Documents.json(document), page: page).text
    for words in [
      "acknowledged: nurse, and keeps it in hand",
      "Health  hand-over: on-call-nurse is point of contact until Tue 4 May 08:30",
      "Health  hand-over: nobody holds the place of deputy",
      "Health  unanswered again: health-hub is no longer point of contact",
    ] { #expect(lines.contains { $0.contains(words) }, "\(words)") }
  }

  /// What the successor was told, had no room for this one, and is tried again: the letter's own entries say so.
  @Test func aLetterOfAHandOverInTheTimeline() throws {
    func letter(_ number: Int, named: Bool, route: String, next: String?) -> String {
      let next = next.map { #""\#($0)""# } ?? "null"
      return """
        {"seq":\(number),"stream":"agency/health","event":"attemptBegan","occurred_at":"2027-04-30T16:00:00Z",
         "recorded_at":"2027-04-30T16:00:00Z","agency":"health","named":\(named),
         "data":{"reminder":"msg_\(number)","attempt":1,"route":"\(route)","place":"contact","message":"handover",
         "due":"2027-04-30T16:00:00Z"}},
        {"seq":\(number + 1),"stream":"agency/health","event":"attemptEnded","occurred_at":"2027-04-30T16:00:01Z",
         "recorded_at":"2027-04-30T16:00:01Z","agency":"health",
         "data":{"reminder":"msg_\(number)","attempt":1,"verdict":"retry","status":503,"next":\(next)}}
        """
    }
    let letters =
      letter(2, named: false, route: "night", next: "2027-04-30T16:05:00Z") + ","
      + letter(4, named: true, route: "nurse", next: nil)
    let document = """
      {"id":"7Q2F-M9KD","retries":[],"entries":[
       {"seq":1,"event":"handedOver","occurred_at":"2027-04-30T16:00:00Z","recorded_at":"2027-04-30T16:00:00Z",
        "agency":"health","data":{"agency":"health","place":"contact","route":"night"}}],"handovers":[\(letters)]}
      """
    let lines = TimelineText(try Documents.json(document), page: page).text
    for words in [
      "told what is open there, without room for this one: night. 503. Next try 17:05:00",
      "told what is open there: nurse. 503. Not tried again",
    ] { #expect(lines.contains { $0.contains(words) }, "\(lines)") }
  }
}
