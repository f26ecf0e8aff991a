// The units of an agency on screen: by the names that `/v1/agencies` has for them, asked against answered.
import Console
import Convening
import Testing
import Wire

@Suite struct UnitScreenTests {
  private static let agencies = """
    {"agencies":[{"agency":"health","name":"Health","places":[],"awaiting":2,"last_answered":null,"counts":"all-asked",
      "units":[{"unit":"gp","label":"GP safeguarding team"},{"unit":"ward","label":"Hospitals trust"}]}]}
    """

  private func page() throws -> Page {
    Page(clock: Documents.page.clock, paint: Documents.page.paint, names: Names(try Documents.json(Self.agencies)))
  }

  @Test func agenciesNamesThemAndSaysHowTheyCount() throws {
    let lines = RemindersText(page: try page()).agencies(try Documents.json(Self.agencies))
    #expect(
      lines.contains("Health, units: gp (GP safeguarding team), ward (Hospitals trust); all that are asked count"))
  }

  @Test func showListsThemBelowTheirAgency() throws {
    let lines = DiscussionText(page: try page()).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"scheduled","next":null,"positions":[{"agency":"health","required":true,"#
          + #""state":"contributed","contribution":"video","contributed_at":"2027-04-30T15:00:00Z","counts":false,"#
          + #""reason":null,"missing_units":["ward"],"units":["#
          + #"{"unit":"gp","state":"contributed","contribution":"video","counts":true,"#
          + #""contributed_at":"2027-04-30T15:00:00Z"},"#
          + #"{"unit":"ward","state":"invited","contribution":null,"counts":false,"contributed_at":null}]}]}"#))
    #expect(
      try tookPart("Health", in: lines) == "by video, 16:00, does not count yet: Hospitals trust is missing")
    #expect(try tookPart("  GP safeguarding team", in: lines) == "by video, 16:00")
    #expect(lines.contains("  Hospitals trust       asked"), "\(lines)")
  }

  /// What stands under TOOK PART beside that name, in one line again.
  private func tookPart(_ name: String, in lines: [String]) throws -> String {
    let head = try #require(lines.first { $0.hasPrefix("AGENCY") })
    let start = try #require(head.firstRange(of: "TOOK PART")?.lowerBound)
    let end = try #require(head.firstRange(of: "REASON")?.lowerBound)
    let first = try #require(lines.firstIndex { $0.hasPrefix(name) })
    let (before, width) = (head.distance(from: head.startIndex, to: start), head.distance(from: start, to: end))
    let more = lines[(first + 1)...].prefix { !$0.isEmpty && $0.prefix(before).allSatisfy { $0 == " " } }
    return ([lines[first]] + more).flatMap { $0.dropFirst(before).prefix(width).split(separator: " ") }
      .joined(separator: " ")
  }

  /// One unit spoke by video, the other left a word with somebody: which of the two is why it does not count.
  @Test(
    arguments: [
      (
        #""contribution":"verbal_relayed","counts":false,"#, nil, "what Hospitals trust gave is not counted",
        "relayed by word of mouth, not counted, 15:50"
      ),
      (
        #""contribution":"written_before","counts":false,"#, nil, "what Hospitals trust gave is not counted",
        "in writing, before, 15:50, not counted"
      ),
      (
        #""contribution":"video","counts":false,"#, "2027-04-30T14:40:00Z", "what Hospitals trust gave is not counted",
        "by video, 15:50, after the decision"
      ),
      ("", nil, "what a unit gave is not counted", "15:50"),
    ] as [(String, String?, String, String)])
  func showSaysWhichUnitDoesNotCount(_ members: String, _ decided: String?, _ why: String, _ ward: String) throws {
    let moment = decided.map { #""\#($0)""# } ?? "null"
    let counted = members.isEmpty ? "" : #""contribution":"video","counts":true,"#
    let lines = DiscussionText(page: try page()).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"held","next":null,"decided_at":\#(moment),"positions":[{"agency":"health","#
          + #""required":true,"state":"contributed","contribution":"video","contributed_at":"2027-04-30T14:30:00Z","#
          + #""counts":false,"reason":null,"missing_units":[],"units":["#
          + #"{"unit":"gp","state":"contributed",\#(counted)"contributed_at":"2027-04-30T14:30:00Z"},"#
          + #"{"unit":"ward","state":"contributed",\#(members)"contributed_at":"2027-04-30T14:50:00Z"}]}]}"#))
    let does = "does not count\(decided == nil ? " yet" : "")"
    #expect(try tookPart("Health", in: lines) == "by video, 15:30, \(does): \(why)", "\(lines)")
    #expect(try tookPart("  Hospitals trust", in: lines) == ward, "\(lines)")
  }

  @Test(arguments: [
    ("acknowledged", #""by_role":"nurse","via":"phone""#, "acknowledged, for Hospitals trust: nurse (telephone)"),
    ("detailsSent", #""place":"lead""#, "details sent to lead, for Hospitals trust"),
    (
      "contributionRecorded", #""kind":"video","by_role":"x","via":"api""#, "took part by video, for Hospitals trust: x"
    ),
    ("declined", #""code":"B10","by_role":"x""#, "will not take part, for Hospitals trust: x, B10 no capacity"),
  ])
  func aTimelineSaysWhichUnit(_ event: String, _ data: String, _ words: String) throws {
    let lines = TimelineText(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","entries":[{"seq":1,"event":"\#(event)","occurred_at":"2027-04-30T15:00:00Z","#
          + #""recorded_at":"2027-04-30T15:00:00Z","agency":"health","data":{\#(data),"unit":"ward"}}]}"#),
      page: try page()
    ).text
    #expect(lines.contains { $0.hasSuffix("Health  \(words)") }, "\(lines)")
  }

  /// What it says of itself by link is not lost beside "acknowledged".
  @Test(arguments: [("null", "by video, 16:00"), (#""ward""#, "by video, for Hospitals trust, 16:00")])
  func showSaysWhatWaitsToBeConfirmed(_ unit: String, _ words: String) throws {
    let lines = DiscussionText(page: try page()).show(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","state":"scheduled","next":null,"positions":[{"agency":"health","required":true,"#
          + #""state":"acknowledged","contribution":null,"counts":false,"units":[],"#
          + #""to_confirm":[{"kind":"video","unit":\#(unit),"at":"2027-04-30T15:00:00Z"}]}]}"#))
    #expect(lines.contains("Health  acknowledged  reports: \(words); to be confirmed"), "\(lines)")
  }

  /// A correction names the agency where it is another one, and not once more where it is the same.
  @Test(arguments: [
    ("health", "instead of #3: will not take part, for Hospitals trust: nurse, B10 no capacity. Reason: slip"),
    ("police", "instead of #3: Police will not take part, for ward: nurse, B10 no capacity. Reason: slip"),
  ])
  func aCorrectionNamesAnotherAgencyAlone(_ agency: String, _ words: String) throws {
    let lines = TimelineText(
      try Documents.json(
        #"{"id":"7Q2F-M9KD","entries":[{"seq":9,"revision":9,"event":"corrected","agency":"health","#
          + #""recorded_at":"2027-04-30T15:00:00Z","data":{"strikes":3,"corrects":"declined","reason":"slip","#
          + #""replacement":{"agency":"\#(agency)","code":"B10","by_role":"nurse","unit":"ward"}}}]}"#),
      page: try page()
    ).text
    #expect(lines.contains { $0.hasSuffix("Health  \(words)") }, "\(lines)")
  }
}
