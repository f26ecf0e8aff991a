// Times as people type them, as tables: what is typed, which way it is looked for, and the moment that is meant.
import Console
import Convening
import Testing

private let london = CivilZone(name: "Europe/London")!

private func read(
  _ text: String, _ direction: MomentReader.Direction, now: String, zone: CivilZone = london
) -> String {
  do throws(TimeFault) {
    return try MomentReader(zone: zone, now: Instant(now)!).read(text, direction).description
  } catch {
    return error.sentence
  }
}

struct MomentReadingTests {
  // Monday 23 November 2026, 18:00 GMT.
  static let now = "2026-11-23T18:00:00Z"

  @Test(arguments: [
    ("now", "2026-11-23T18:00:00Z"),
    ("+2h", "2026-11-23T20:00:00Z"),
    ("-10m", "2026-11-23T17:50:00Z"),
    ("+1h30m", "2026-11-23T19:30:00Z"),
    ("+90s", "2026-11-23T18:01:30Z"),
    ("+1d", "2026-11-24T18:00:00Z"),
    ("-1d2h", "2026-11-22T16:00:00Z"),
    ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"),
    ("2026-11-24t10:00:00z", "2026-11-24T10:00:00Z"),
    ("2026-11-24T10:00Z", "2026-11-24T10:00:00Z"),
    ("2026-11-24T10:00+01:00", "2026-11-24T09:00:00Z"),
    ("2026-11-24 10:00:00+01:00", "2026-11-24T09:00:00Z"),
    ("2026-11-24 10:00", "2026-11-24T10:00:00Z"),
    ("2026-11-24T10:00", "2026-11-24T10:00:00Z"),
    ("2026-11-24 10:00:30", "2026-11-24T10:00:30Z"),
    ("2026-07-01 10:00", "2026-07-01T09:00:00Z"),
    ("today 10:00", "2026-11-23T10:00:00Z"),
    ("Tomorrow 10:00", "2026-11-24T10:00:00Z"),
    ("yesterday 9:05", "2026-11-22T09:05:00Z"),
  ])
  func whatNamesItsDayIsThatDayEitherWay(text: String, moment: String) {
    #expect(read(text, .future, now: Self.now) == moment)
    #expect(read(text, .past, now: Self.now) == moment)
  }

  /// On a Saturday as on a Monday: one time is reckoned from another.
  @Test(arguments: ["2026-11-28T09:00:00Z", "2026-11-23T18:00:00Z"])
  func aMeetingIsReckonedFromWhenItIsConvened(now: String) throws {
    let reader = MomentReader(zone: london, now: Instant(now)!)
    let convened = try reader.read("Fri 16:00", .future)
    let moments = try ["Tue 10:00", "+90m", "tomorrow 09:00", "Fri 17:00"].map { text in
      (try reader.at(convened).read(text, .future) - convened).wholeSeconds / 60
    }
    #expect(moments == [5400, 90, 1020, 60])
  }

  /// What is typed as a shift from now ends with a whole second; a meeting with a whole minute, not before what was typed.
  @Test(arguments: [
    ("+2h", "20:00:30Z", "20:01:00Z"), ("-10m", "17:50:30Z", "17:51:00Z"), ("+1d", "18:00:30Z", "18:01:00Z"),
    ("+90s", "18:02:00Z", "18:02:00Z"), ("+45s", "18:01:15Z", "18:01:15Z"), ("now", "18:00:30Z", "18:00:30Z"),
    ("20:00", "20:00:00Z", "20:00:00Z"), ("20:00:15", "20:00:15Z", "20:00:15Z"),
  ])
  func nobodyTypesMilliseconds(text: String, moment: String, meeting: String) throws {
    let reader = MomentReader(zone: london, now: Instant("2026-11-23T18:00:30.123Z")!)
    #expect(try reader.read(text, .future).description.hasSuffix("T" + moment))
    #expect(try reader.meeting(text).description.hasSuffix("T" + meeting))
  }

  @Test(arguments: [
    ("10:00", "2026-11-24T10:00:00Z", "2026-11-23T10:00:00Z"),
    ("20:00", "2026-11-23T20:00:00Z", "2026-11-22T20:00:00Z"),
    // At most a minute on the wrong side still counts: clocks on walls are not exact.
    ("18:00", "2026-11-23T18:00:00Z", "2026-11-23T18:00:00Z"),
    ("17:59", "2026-11-23T17:59:00Z", "2026-11-23T17:59:00Z"),
    ("18:01", "2026-11-23T18:01:00Z", "2026-11-23T18:01:00Z"),
    ("17:58", "2026-11-24T17:58:00Z", "2026-11-23T17:58:00Z"),
    ("18:02", "2026-11-23T18:02:00Z", "2026-11-22T18:02:00Z"),
    ("Fri 17:00", "2026-11-27T17:00:00Z", "2026-11-20T17:00:00Z"),
    ("friday 17:00", "2026-11-27T17:00:00Z", "2026-11-20T17:00:00Z"),
    ("Mon 20:00", "2026-11-23T20:00:00Z", "2026-11-16T20:00:00Z"),
    ("Mon 17:00", "2026-11-30T17:00:00Z", "2026-11-23T17:00:00Z"),
    ("Sun 0:00", "2026-11-29T00:00:00Z", "2026-11-22T00:00:00Z"),
  ])
  func withoutADayItIsTheNearest(text: String, next: String, last: String) {
    #expect(read(text, .future, now: Self.now) == next)
    #expect(read(text, .past, now: Self.now) == last)
  }

  @Test(arguments: [
    "", "soon", "25:00", "10:60", "10", "10:0", "1:2:3:4", "+", "+2", "+2x", "-h", "+999999h", "2026-02-30 10:00",
    "2026-11-24", "Foo 10:00", "tomorrow", "Fri", "next Fri 10:00", "10:00 tomorrow", "2026-11-24T10:00:00",
    "2026-11-24T25:00Z",
  ])
  func anythingElseIsRefusedWithExamples(text: String) {
    // The last but one is local with seconds, and so is fine: it shows that a zone is not needed.
    let answer = read(text, .future, now: Self.now)
    if text == "2026-11-24T10:00:00" {
      #expect(answer == "2026-11-24T10:00:00Z")
    } else {
      #expect(answer.hasPrefix("This is not a time. Write 2026-11-24T10:00:00Z,"))
    }
  }

  @Test func inSpringAnHourDoesNotExist() {
    #expect(
      read("2027-03-28 01:30", .future, now: Self.now)
        == "This time does not exist: the clocks go forward on Sun 28 Mar 2027. Write 2027-03-28T00:30:00+00:00 "
        + "(Sun 28 Mar 2027 00:30 GMT) or 2027-03-28T02:30:00+01:00 (Sun 28 Mar 2027 02:30 BST).")
    // Half an hour before, a time alone means the night's own hour: refused, never the next day's.
    #expect(read("1:30", .future, now: "2027-03-28T00:45:00Z").hasPrefix("This time does not exist"))
    #expect(read("Sun 1:30", .future, now: "2027-03-24T12:00:00Z").hasPrefix("This time does not exist"))
    #expect(read("02:30", .future, now: "2027-03-28T00:30:00Z") == "2027-03-28T01:30:00Z")
  }

  @Test func inAutumnAnHourHappensTwice() {
    #expect(
      read("2026-10-25 01:30", .past, now: Self.now)
        == "This time happens twice: the clocks go back on Sun 25 Oct 2026. Write 2026-10-25T01:30:00+01:00 "
        + "(Sun 25 Oct 2026 01:30 BST) or 2026-10-25T01:30:00+00:00 (Sun 25 Oct 2026 01:30 GMT).")
    // Between the two readings only one lies ahead, but a person may mean either.
    #expect(read("1:30", .future, now: "2026-10-25T01:00:00Z").hasPrefix("This time happens twice"))
    #expect(read("2026-10-25T01:30+01:00", .past, now: Self.now) == "2026-10-25T00:30:00Z")
    #expect(read("2026-10-25T01:30Z", .past, now: Self.now) == "2026-10-25T01:30:00Z")
  }

  @Test func aDayIsACalendarDayAndHoursAreElapsed() {
    // Saturday noon before the clocks go back: a day later it is noon again, 25 hours on.
    #expect(read("+1d", .future, now: "2026-10-24T11:00:00Z") == "2026-10-25T12:00:00Z")
    #expect(read("+24h", .future, now: "2026-10-24T11:00:00Z") == "2026-10-25T11:00:00Z")
    #expect(read("+1d", .future, now: "2027-03-27T01:30:00Z").hasPrefix("This time does not exist"))
  }

  @Test func withUTCNothingHappensTwice() {
    let utc = CivilZone(name: "UTC")!
    #expect(read("2026-10-25 01:30", .past, now: Self.now, zone: utc) == "2026-10-25T01:30:00Z")
    #expect(read("2027-03-28 01:30", .future, now: Self.now, zone: utc) == "2027-03-28T01:30:00Z")
  }
}

struct ClockTests {
  @Test(arguments: [
    ("2027-04-30T16:05:00Z", "Fri 30 Apr 2027 17:05 BST", "17:05"),
    ("2027-04-30T22:59:59Z", "Fri 30 Apr 2027 23:59 BST", "23:59"),
    ("2027-05-04T07:30:00Z", "Tue 4 May 2027 08:30 BST", "Tue 4 May 08:30"),
    ("2026-12-01T10:00:00Z", "Tue 1 Dec 2026 10:00 GMT", "Tue 1 Dec 10:00"),
    ("2026-04-01T10:00:00Z", "Wed 1 Apr 2026 11:00 BST", "Wed 1 Apr 2026 11:00"),
  ])
  func momentsAreLocalAndShort(moment: String, full: String, near: String) {
    let clock = Clock(zone: london, now: Instant("2027-04-30T16:05:00Z")!)
    #expect(clock.full(Instant(moment)!) == full)
    #expect(clock.near(Instant(moment)!) == near)
  }

  @Test(arguments: [
    (0, "0 s"), (59, "59 s"), (60, "1 min"), (1559, "25 min"), (3600, "1 h"), (7800, "2 h 10 min"),
    (172_799, "47 h 59 min"),
    (172_800, "2 days"), (-5, "0 s"),
  ])
  func stretchesAreShort(seconds: Int64, words: String) { #expect(Clock.words(.seconds(seconds)) == words) }

  @Test(
    arguments: [
      ("2027-05-04T08:00:00Z", nil), ("2028-04-30T16:05:00Z", nil),
      ("2028-04-30T16:05:01Z", "The meeting is in 2028, 366 days ahead."),
      ("2127-04-06T16:05:00Z", "The meeting is in 2127, 36,500 days ahead."),
      ("2027-04-29T16:05:00Z", nil), ("2027-04-29T16:04:59Z", "The meeting was on Thu 29 Apr 2027, 1 day ago."),
      ("2026-04-30T16:05:00Z", "The meeting was on Thu 30 Apr 2026, 365 days ago."),
    ] as [(String, String?)])
  func aMeetingFarAwayIsDoubted(meeting: String, words: String?) {
    let clock = Clock(zone: london, now: Instant("2027-04-30T16:05:00Z")!)
    #expect(clock.doubt(ofMeeting: Instant(meeting)!) == words)
  }

  /// Half past one comes twice that night, and says which one it is; half past two comes once.
  @Test(arguments: [
    ("2026-10-25T00:30:00Z", "Sun 25 Oct 01:30 BST", "01:30:00 BST", "Sun 25 Oct 2026 01:30 BST"),
    ("2026-10-25T01:30:00Z", "Sun 25 Oct 01:30 GMT", "01:30:00 GMT", "Sun 25 Oct 2026 01:30 GMT"),
    ("2026-10-25T02:30:00Z", "Sun 25 Oct 02:30", "02:30:00", "Sun 25 Oct 2026 02:30 GMT"),
  ])
  func theHourThatComesTwice(moment: String, near: String, seconds: String, full: String) {
    let clock = Clock(zone: london, now: Instant("2026-11-01T12:00:00Z")!)
    let moment = Instant(moment)!
    #expect([clock.near(moment), clock.seconds(moment), clock.full(moment)] == [near, seconds, full])
  }

  @Test func otherZonesShowTheirOffset() {
    let india = Clock(zone: CivilZone(name: "Asia/Kolkata")!, now: Instant("2027-04-30T16:05:00Z")!)
    #expect(india.full(india.now) == "Fri 30 Apr 2027 21:35 +05:30")
    let utc = Clock(zone: CivilZone(name: "UTC")!, now: india.now)
    #expect(utc.full(utc.now) == "Fri 30 Apr 2027 16:05 UTC")
    #expect(utc.relative(utc.now + .minutes(25)) == "in 25 min")
    #expect(utc.relative(utc.now - .hours(3)) == "3 h ago")
    #expect(utc.relative(utc.now) == "now")
  }
}
