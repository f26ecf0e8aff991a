// Files as case systems export them, as the rows that they come to; and what is at fault in one, by line and column, without a
// word of what stands there.
import Convening
import Foundation
import Testing

@testable import Wire

@Suite struct ImportFileTests {
  private static let london = CivilZone(name: "Europe/London")!

  private func file(_ text: String) -> ImportFile { ImportFile(text.utf8, zone: Self.london) }

  /// `3 held_at`: line and column; the line alone where it is all of it.
  private func places(_ text: String) -> [String] {
    file(text).faults.map { "\($0.line)\($0.column.map { " \($0)" } ?? "")" }
  }

  private static func moment(_ text: String) -> String {
    do throws(LocalMoment.Fault) { return try LocalMoment.read(text, in: london).description } catch {
      return error.sentence
    }
  }

  @Test func timesAreReadAsTheyAreExported() {
    let table = [
      ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"), ("2026-06-24T10:00:00+01:00", "2026-06-24T09:00:00Z"),
      ("2026-06-24T10:00+01:00", "2026-06-24T09:00:00Z"), ("2026-11-24 10:00", "2026-11-24T10:00:00Z"),
      ("2026-06-24 10:00", "2026-06-24T09:00:00Z"), ("2026-06-24T10:00:05", "2026-06-24T09:00:05Z"),
      ("24/11/2026 10:00", "2026-11-24T10:00:00Z"), ("1/6/2026 9:05", "2026-06-01T08:05:00Z"),
      ("24/11/2026 10:00:30", "2026-11-24T10:00:30Z"),
    ]
    for (text, expected) in table { #expect(Self.moment(text) == expected, "\(text)") }
    for text in ["", "tomorrow", "10:00", "11/24/2026 10:00", "24/11/26 10:00", "2026-11-24 25:00", "2026-02-30 10:00"]
    {
      #expect(Self.moment(text).hasPrefix("Give "), "\(text)")
    }
    #expect(Self.moment("24/11/2026").hasPrefix("Give the time with the day"))
  }

  @Test func aLocalTimeThatIsNoneOrTwoIsRefusedWithBothReadings() {
    #expect(
      Self.moment("28/03/2027 01:30")
        == "This local time does not exist: the clocks go forward. Write 2027-03-28T01:30:00+01:00 or "
        + "2027-03-28T01:30:00+00:00.")
    #expect(
      Self.moment("2026-10-25 01:30")
        == "This local time happens twice: the clocks go back. Write 2026-10-25T01:30:00+01:00 or "
        + "2026-10-25T01:30:00+00:00.")
    #expect(Self.moment("2026-10-25T01:30:00+01:00") == "2026-10-25T00:30:00Z")
    #expect(Self.moment("2026-10-25T01:30:00+00:00") == "2026-10-25T01:30:00Z")
  }

  @Test func aRowIsWhatSomebodyWouldHaveTyped() throws {
    let file = file(
      "\u{FEFF}Reference,Held at,Team,Convened by,Contributed,Outcome,Decided at,Decided by,Case reference\r\n"
        + "7q2fm9kd,24/06/2026 10:00,duty,\"manager, duty\",police:in_person; health:phone_live,nfa,24/06/2026 10:20,chair,"
        + "\"A\"\"1\"\r\n")
    let id = try #require(DiscussionID("7Q2F-M9KD"))
    let held = try #require(Instant("2026-06-24T09:00:00Z"))
    #expect(file.faults.isEmpty && file.kind == .discussions)
    let row = try #require(file.rows.first)
    // The very fingerprint of the PUT that says the same.
    let put =
      #"{"meeting_at":null,"held_at":"2026-06-24T09:00:00Z","team":"duty","convened_by":"manager, duty","case_reference":"A\"1"}"#
    let body = try BodyReader.read(Array(put.utf8), Bodies.convene)
    let convene = try #require(try Bodies.convene(body))
    #expect(row.first == .convene(id, convene, firstBody: Chain.fingerprint(body.json.canonical.bytes)))
    #expect(
      row.then == [
        .change(id, .contribute("police", .inPerson, byRole: "manager, duty", via: .api, at: held)),
        .change(id, .contribute("health", .phoneLive, byRole: "manager, duty", via: .api, at: held)),
        .change(id, .decide(Decision(outcome: .nfa, decidedAt: held + .minutes(20), byRole: "chair"))),
      ])
    #expect(row.line == 2 && row.isLateEntry)
  }

  @Test func contactsAndContributions() throws {
    let contacts = file(
      """
      received_at,reference,team,outcome,outcome_at,outcome_by,reviewed_at,reviewed_by
      2026-11-24 09:00,8R3G-N0ME,duty,,,,24/11/2026 12:00,service manager
      2026-11-24 09:00,9S4H-P1NF,duty,referral,2026-11-24 11:00,manager,,
      """)
    let at = try #require(Instant("2026-11-24T09:00:00Z"))
    let (one, two) = (try #require(ContactID("8R3G-N0ME")), try #require(ContactID("9S4H-P1NF")))
    #expect(
      contacts.rows == [
        ImportRow(
          line: 2, first: .contact(one, .receive(ContactFacts(receivedAt: at, team: "duty"))),
          then: [.contact(one, .review(byRole: "service manager", at: at + .hours(3)))]),
        ImportRow(
          line: 3, first: .contact(two, .receive(ContactFacts(receivedAt: at, team: "duty"))),
          then: [.contact(two, .outcome(.referral, byRole: "manager", at: at + .hours(2), discussion: nil))]),
      ])
    let contributions = file("discussion,agency,kind,by_role,at\n8R3G-N0ME,health,video,nurse,2026-11-24 09:00\n")
    #expect(
      contributions.rows.map(\.first) == [
        .change(DiscussionID(bits: one.bits), .contribute("health", .video, byRole: "nurse", via: .api, at: at))
      ])
  }

  /// A column that a part of the row needs has no default any more.
  @Test func anOutcomeWithoutItsTimeSaysWhatIsNeeded() {
    let head = "reference,received_at,team,outcome,outcome_at,outcome_by\n"
    let text = head + "8R3G-N0ME,2026-11-24 09:00,duty,nfa,,manager\n"
    #expect(
      file(text).faults == [
        ImportFile.Fault(line: 2, column: "outcome_at", "It is needed. When it happened.")
      ])
  }

  /// What an export calls its team.
  @Test func aContactsTeamIsReadAsAName() {
    let row = { (team: String) in "reference,received_at,team\n8R3G-N0ME,2026-11-24 09:00,\(team)\n" }
    guard case .contact(_, .receive(let facts))? = file(row("Mosaic team 7")).rows.first?.first else {
      Issue.record("No contact was read.")
      return
    }
    #expect(facts.team == "mosaic-team-7")
    #expect(file(row("–")).faults == [ImportFile.Fault(line: 2, column: "team", TeamName.nothingLeft)])
    #expect(places(row("")) == ["2 team"] && places(row(String(repeating: "a", count: 64))) == ["2 team"])
    // Every other team is one of the settings.
    #expect(
      places("reference,held_at,team,convened_by\n7Q2F-M9KD,2026-11-24 09:00,Duty And Advice,manager\n") == ["2 team"])
  }

  @Test func aReferenceWithAUSaysThatNoneHasIt() {
    let text = "reference,received_at,team\nU1AA-0001,2026-11-24 09:00,duty\n"
    #expect(file(text).faults.map(\.sentence) == ["Give a reference of eight letters and digits, no U, as 7Q2F-M9KD."])
  }

  @Test(arguments: [
    ("", ["1"]), ("name,born\n", ["1"]), ("reference;received_at;team\n", ["1"]),
    ("reference,received_at,team,child,born\n", ["1"]), ("reference,received_at\n", ["1 team"]),
    ("reference,received_at,team,team\n", ["1 team"]), ("\"reference,received_at\n", ["1"]),
  ])
  func theFirstLineSaysWhatTheRowsAre(text: String, at expected: [String]) { #expect(places(text) == expected) }

  @Test func allFaultsAtOnceAndNoneOfTheirWords() {
    let contacts =
      "reference,received_at,team,outcome,outcome_at,outcome_by\nSECRET,24/11/2026,SECRET,,,\n8R3G-N0ME,SECRET,duty,SECRET,,\n"
      + "8R3G-N0ME,2026-11-24 09:00\n,2026-10-25 01:30,duty,,,\n9S4H-P1NF,2026-11-24 09:00,\"SE\"CRET,,,\n"
      + "9S4H-P1NF,2026-11-24 09:00,duty,,,\n9S4H-P1NF,2026-11-24 09:00,duty,,,\n9S4H-P1NF,2026-11-24 09:05,duty,,,\n"
    let told = file(contacts)
    #expect(
      Set(places(contacts)) == [
        "2 reference", "2 received_at", "3 received_at", "3 outcome", "3 outcome_at", "3 outcome_by", "4",
        "5 reference", "5 received_at", "6", "9 reference",
      ])
    #expect(told.faults.allSatisfy { !$0.sentence.contains("SECRET") })
    #expect(told.rows.map(\.line) == [7] && told.repeated == 1)
    let discussions =
      "reference,held_at,meeting_at,team,convened_by,duration_min,agencies,contributed,decided_by,flags\n"
      + "7Q2F-M9KD,,,duty,manager,61.5,police;police,health:nod,,\n7Q2F-M9KD,2026-11-24 09:00,,duty,,,SECRET,health,chair,medical;SECRET\n"
    #expect(
      Set(places(discussions)) == [
        "2 duration_min", "2 agencies", "2 contributed", "2 held_at", "3 convened_by", "3 agencies", "3 contributed",
        "3 outcome", "3 decided_at", "3 flags",
      ])
    #expect(file(discussions).faults.allSatisfy { !$0.sentence.contains("SECRET") })
  }

  @Test func aFileHasSoManyRows() {
    let row = { (number: UInt64) in "\(ContactID(bits: number)),2026-11-24 09:00,duty\n" }
    let head = "reference,received_at,team\n"
    let most = head + (1...UInt64(ImportFile.mostRows)).map(row).joined()
    #expect(file(most).faults.isEmpty && file(most).rows.count == 5000)
    #expect(places(most + row(9999)) == ["5002"])
  }

  @Test func manyFaultsAreCountedAndSoManyListed() throws {
    let text = "reference,received_at,team\n" + String(repeating: "SECRET,SECRET,duty\n", count: 300)
    let problem = try #require(ImportDocument.problem(file(text), nil))
    #expect(problem.status == 422 && problem.code == .badImport && problem.errors.count == 100)
    #expect(problem.detail == "600 faults on 300 lines. Nothing was recorded. The first 100 are listed.")
    #expect(
      problem.errors[0].pointer == "/2/received_at" && problem.errors[0].detail.hasPrefix("Line 2, received_at: "))
    #expect(!String(decoding: problem.json.bytes, as: UTF8.self).contains("SECRET"))
  }

  @Test func whatTheRulesRefuseIsToldByItsColumn() throws {
    let id = DiscussionID(bits: 1)
    let at = Instant(milliseconds: 0)
    let table: [(ImportKind, ImportRow.Step, Refusal, String?)] = [
      (
        .contributions, .change(id, .contribute("x", .video, byRole: "x", via: .api, at: at)),
        .unknownAgency(field: "agency"), "agency"
      ),
      (
        .discussions, .change(id, .contribute("x", .video, byRole: "x", via: .api, at: at)),
        .unknownAgency(field: "agency"), "contributed"
      ),
      (
        .discussions, .change(id, .contribute("x", .video, byRole: "x", via: .api, at: at)), .inTheFuture(field: "at"),
        "held_at"
      ),
      (
        .discussions, .change(id, .decide(Decision(outcome: .nfa, byRole: "x"))), .unknownAgency(field: "dissent/1"),
        "dissent"
      ),
      (.contacts, .contact(ContactID(bits: 1), .review(byRole: "x", at: at)), .beforeStart(field: "at"), "reviewed_at"),
      (
        .contacts, .contact(ContactID(bits: 1), .outcome(.nfa, byRole: "x", at: at, discussion: nil)),
        .inTheFuture(field: "at"), "outcome_at"
      ),
      (
        .discussions,
        .convene(
          id, Convene(meeting: .at(at), team: "x", convenedBy: "x"), firstBody: Fingerprint(high: 0, low: 0)),
        .unknownTeam(known: ["duty"]), "team"
      ),
      (.contributions, .change(id, .close), .notFound, nil),
    ]
    for (kind, step, refusal, column) in table {
      #expect(ImportFault(line: 1, step: step, refusal: refusal).column(in: kind) == column, "\(refusal)")
    }
  }

  /// What docs/import shows is read without a fault, and uses every column but those that are rare.
  @Test(arguments: ImportKind.allCases) func theExamplesAreRead(kind: ImportKind) throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../docs/import/\(kind.rawValue).csv")
    let read = ImportFile(try Data(contentsOf: page), zone: Self.london)
    #expect(read.kind == kind && read.faults == [] && read.rows.count >= 3)
  }

  /// What the manual says of the columns is what is read.
  @Test(arguments: ["contract.md", "man/convenectl.1"]) func everyColumnIsDocumented(page: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/\(page)")
    let text = try String(contentsOf: url, encoding: .utf8).replacing("\\-", with: "-")
    for column in ImportKind.allCases.flatMap(\.columns) { #expect(text.contains(column), "\(column)") }
  }
}
