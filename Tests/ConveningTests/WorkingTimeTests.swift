// Working days, bank holidays and clock changes: the vectors of DOMAIN.md 1.5, with the holidays of England and Wales.
import Convening
import Testing

@Suite struct WorkingTimeTests {
  static let holidays = [
    "2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06", "2024-05-27", "2024-08-26", "2024-12-25", "2024-12-26",
    "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26",
    "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
    "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28",
    "2028-01-03", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-29", "2028-08-28", "2028-12-25", "2028-12-26",
  ]

  static let calendar = WorkingCalendar(
    zone: CivilZone(name: "Europe/London")!, holidays: BankHolidays(days: Set(holidays.map { CivilDate($0)! })))

  @Test(arguments: [
    ("2026-03-26", ["2026-03-27", "2026-04-13", "2026-04-20", "2026-06-03"]),
    ("2026-12-11", ["2026-12-14", "2026-12-29", "2027-01-06", "2027-02-17"]),
    ("2026-12-26", ["2026-12-29", "2027-01-12", "2027-01-19", "2027-03-02"]),
    ("2027-12-17", ["2027-12-20", "2028-01-05", "2028-01-12", "2028-02-23"]),
  ])
  func workingDaysAreCountedFromTheDayAfter(start: String, ends: [String]) {
    for (count, end) in zip([1, 10, 15, 45], ends) {
      #expect(Self.calendar.adding(workingDays: count, to: CivilDate(start)!).date.description == end, "+\(count)")
    }
  }

  @Test(arguments: zip(2024...2028, [254, 253, 253, 253, 252]))
  func aYearHasSoManyWorkingDays(year: Int, count: Int) {
    var day = CivilDate(year: year, month: 1, day: 1)!
    var working = 0
    while day.year == year {
      if Self.calendar.isWorkingDay(day) { working += 1 }
      day = day.adding(days: 1)
    }
    #expect(working == count)
  }

  @Test func pastTheTablesEndADateIsProvisional() {
    #expect(!Self.calendar.adding(workingDays: 5, to: CivilDate("2028-11-01")!).provisional)
    #expect(Self.calendar.adding(workingDays: 5, to: CivilDate("2028-12-29")!).provisional)
    let empty = WorkingCalendar(zone: Self.calendar.zone, holidays: BankHolidays(days: []))
    #expect(empty.adding(workingDays: 1, to: CivilDate("2026-01-05")!).provisional)
  }

  /// The hour that does not exist, the one that comes twice, and an ordinary one.
  @Test(arguments: [
    ("2026-03-29", 90, []), ("2026-03-29", 120, ["2026-03-29T01:00:00Z"]), ("2026-03-29", 30, ["2026-03-29T00:30:00Z"]),
    ("2026-10-25", 90, ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]), ("2026-10-25", 120, ["2026-10-25T02:00:00Z"]),
    ("2026-07-01", 600, ["2026-07-01T09:00:00Z"]), ("2027-03-28", 60, []),
    (
      "2027-10-31", 60,
      [
        "2027-10-31T00:00:00Z", "2027-10-31T01:00:00Z",
      ]
    ),
  ])
  func aLocalTimeIsNoneOneOrTwoMoments(date: String, minutes: Int64, moments: [String]) {
    #expect(Self.calendar.zone.moments(CivilDate(date)!, .minutes(minutes)).map(\.description) == moments)
  }

  /// 24 elapsed hours over a clock change land on another time of day.
  @Test(arguments: [
    ("2026-03-28T12:00:00Z", "2026-03-29", 13 * 60), ("2026-10-24T11:00:00Z", "2026-10-25", 11 * 60),
  ])
  func elapsedHoursRunOnUTC(start: String, date: String, minutes: Int64) {
    let (day, time) = Self.calendar.zone.wall(Instant(start)! + .hours(24))
    #expect(day.description == date)
    #expect(time == .minutes(minutes))
  }

  @Test(arguments: [
    ("2026-11-23T08:29:59Z", false), ("2026-11-23T08:30:00Z", true), ("2026-11-23T16:59:59Z", true),
    ("2026-11-23T17:00:00Z", false), ("2026-11-21T12:00:00Z", false), ("2026-12-25T12:00:00Z", false),
    ("2026-07-01T07:30:00Z", true), ("2026-07-01T16:30:00Z", false),
  ])
  func officeHoursAreByTheClockOnTheWall(moment: String, isOpen: Bool) {
    #expect(Self.calendar.isOpen(Self.office, at: Instant(moment)!) == isOpen)
  }

  /// From a Thursday evening before Easter to the Tuesday after it.
  @Test func theNextChangeSkipsHolidaysAndWeekends() {
    let closes = Self.calendar.nextChange(of: Self.office, after: Instant("2026-04-02T12:00:00Z")!)
    #expect(closes?.description == "2026-04-02T16:00:00Z")
    let opens = Self.calendar.nextChange(of: Self.office, after: Instant("2026-04-02T16:00:00Z")!)
    #expect(opens?.description == "2026-04-07T07:30:00Z")
  }

  /// 08:00 to 20:00 on every day, on the nights on which the clocks change: the same hours by the wall, others in UTC.
  @Test(arguments: [
    ("2026-03-28T12:00:00Z", "2026-03-28T20:00:00Z", "2026-03-29T07:00:00Z"),
    ("2026-10-24T12:00:00Z", "2026-10-24T19:00:00Z", "2026-10-25T08:00:00Z"),
    ("2026-12-24T12:00:00Z", "2026-12-24T20:00:00Z", "2026-12-25T08:00:00Z"),
  ])
  func hoursThatHolidaysDoNotCloseRunOverClockChanges(from: String, closes: String, opens: String) {
    let long = OpenHours(
      days: Set(Weekday.allCases), from: .minutes(480), until: .minutes(1200), openOnBankHolidays: true)
    #expect(Self.calendar.nextChange(of: long, after: Instant(from)!) == Instant(closes))
    #expect(Self.calendar.nextChange(of: long, after: Instant(closes)!) == Instant(opens))
    #expect(Self.calendar.isOpen(long, at: Instant(opens)!))
  }

  /// Each change is where a watcher who looks every five minutes sees it, whatever hour is skipped or comes twice.
  @Test(
    arguments: ["2026-03-28T10:00:00Z", "2026-10-24T10:00:00Z", "2026-11-21T10:00:00Z"],
    ["Europe/London", "America/Havana"])
  func theNextChangeIsWhereAWatcherSeesIt(start: String, zone: String) {
    let calendar = WorkingCalendar(zone: CivilZone(name: zone)!, holidays: Self.calendar.holidays)
    let times = [0, 30, 60, 75, 90, 120, 150, 1440].map { Elapsed.minutes($0) }
    for from in times {
      for until in times where until > from {
        let hours = OpenHours(days: [.saturday, .sunday], from: from, until: until, openOnBankHolidays: true)
        var seen: [Instant] = []
        var now = Instant(start)!
        let end = now + .days(2)
        while now < end {
          let next = now + .minutes(5)
          if calendar.isOpen(hours, at: next) != calendar.isOpen(hours, at: now) { seen.append(next) }
          now = next
        }
        var told: [Instant] = []
        now = Instant(start)!
        while let next = calendar.nextChange(of: hours, after: now), next <= end {
          told.append(next)
          now = next
        }
        #expect(told == seen, "\(from.milliseconds / 60_000) to \(until.milliseconds / 60_000)")
      }
    }
  }

  /// In Havana the clocks go from 00:00 to 01:00: the day begins at the change.
  @Test func aDayBeginsWhereItsMidnightIsSkipped() {
    let havana = CivilZone(name: "America/Havana")!
    #expect(havana.start(of: CivilDate("2026-03-08")!).description == "2026-03-08T05:00:00Z")
    #expect(havana.start(of: CivilDate("2026-03-09")!).description == "2026-03-09T04:00:00Z")
    let calendar = WorkingCalendar(zone: havana, holidays: Self.calendar.holidays)
    #expect(calendar.end(of: CivilDate("2026-03-07")!).description == "2026-03-08T05:00:00Z")
  }

  @Test func hoursOfNoDayNeverChange() {
    let never = OpenHours(days: [], from: .minutes(480), until: .minutes(1200), openOnBankHolidays: true)
    #expect(Self.calendar.nextChange(of: never, after: Instant("2026-03-28T12:00:00Z")!) == nil)
  }

  @Test func aWorkingDayLimitEndsAtMidnightInTheZone() {
    let start = Instant("2026-07-03T22:30:00Z")!
    #expect(Limit.workingDays(1).end(from: start, in: Self.calendar).description == "2026-07-06T23:00:00Z")
    #expect(Limit.elapsed(.hours(2)).end(from: start, in: Self.calendar).description == "2026-07-04T00:30:00Z")
  }

  static let office = OpenHours(
    days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .minutes(510), until: .minutes(1020),
    openOnBankHolidays: false)

  /// Two hours of the office's, from then: over an evening, a weekend, Easter, and to the minute at which it closes.
  @Test(arguments: [
    ("2026-11-23T09:00:00Z", "2026-11-23T11:00:00Z"), ("2026-11-23T16:00:00Z", "2026-11-24T09:30:00Z"),
    ("2026-11-20T16:00:00Z", "2026-11-23T09:30:00Z"), ("2026-11-23T15:00:00Z", "2026-11-24T08:30:00Z"),
    ("2026-11-23T14:59:59Z", "2026-11-23T16:59:59Z"), ("2026-11-23T05:00:00Z", "2026-11-23T10:30:00Z"),
    ("2026-11-21T12:00:00Z", "2026-11-23T10:30:00Z"),
    // Good Friday and Easter Monday; the clocks went forward the Sunday before.
    ("2026-04-02T15:00:00Z", "2026-04-07T08:30:00Z"), ("2026-03-27T16:00:00Z", "2026-03-30T08:30:00Z"),
    ("2026-12-24T16:30:00Z", "2026-12-29T10:00:00Z"),
  ])
  func workingHoursPassInTheOfficesHoursAlone(start: String, end: String) throws {
    let (at, provisional) = try #require(
      Self.calendar.adding(.hours(2), within: Self.office, to: Instant(start)!))
    #expect(at.description == end)
    #expect(!provisional)
  }

  /// Round the clock a working hour is an hour of true time, whatever the clocks on the wall do meanwhile.
  @Test(arguments: ["2026-03-28T12:00:00Z", "2026-10-24T11:00:00Z", "2026-03-29T00:30:00Z", "2026-10-25T00:30:00Z"])
  func roundTheClockTheyAreElapsedHours(start: String) throws {
    let always = OpenHours(days: Set(Weekday.allCases), from: .zero, until: .days(1), openOnBankHolidays: true)
    for hours in [0, 1, 2, 24, 100] as [Int64] {
      let added = try #require(Self.calendar.adding(.hours(hours), within: always, to: Instant(start)!))
      #expect(added.at == Instant(start)! + .hours(hours))
    }
  }

  /// An office from half past one at night, when the clocks skip that hour and when it comes twice.
  @Test(arguments: [("2026-03-29", "2026-03-29T01:00:00Z"), ("2026-10-25", "2026-10-25T00:30:00Z")])
  func hoursThatOpenInTheNightOfTheChangeOpenOnce(date: String, opens: String) throws {
    let night = OpenHours(days: [.sunday], from: .minutes(90), until: .hours(5), openOnBankHolidays: true)
    let start = Self.calendar.zone.start(of: CivilDate(date)!)
    #expect(try #require(Self.calendar.adding(.zero, within: night, to: start)).at.description == opens)
  }

  @Test func pastTheTablesEndWorkingHoursAreProvisionalAndHoursThatNeverOpenEndNowhere() throws {
    let start = Instant("2028-12-29T16:00:00Z")!
    #expect(try #require(Self.calendar.adding(.minutes(30), within: Self.office, to: start)).provisional == false)
    #expect(try #require(Self.calendar.adding(.hours(2), within: Self.office, to: start)).provisional)
    let never = OpenHours(days: [], from: .hours(9), until: .hours(17), openOnBankHolidays: true)
    #expect(Self.calendar.adding(.zero, within: never, to: start) == nil)
  }

  /// For drawn starts and lengths: in two steps as in one, later for more and for later starts, never before the start, and
  /// inside the hours.
  @Test func addingWorkingTimeIsAssociativeMonotoneAndLandsInsideTheHours() throws {
    let night = OpenHours(days: Set(Weekday.allCases), from: .minutes(45), until: .hours(4), openOnBankHolidays: true)
    var state: UInt64 = 7
    func draw(_ below: Int64) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64(state >> 33) % below
    }
    for round in 0..<600 {
      let hours = [Self.office, night][round % 2]
      func add(_ time: Elapsed, _ start: Instant) throws -> Instant {
        try #require(Self.calendar.adding(time, within: hours, to: start)).at
      }
      // Around the changes of the clocks, Easter and Christmas, two years of them.
      let start = Instant("2026-03-20T00:00:00Z")! + .seconds(draw(86_400 * 700))
      let (a, b) = (Elapsed.seconds(draw(60_000)), Elapsed.seconds(draw(60_000)))
      let end = try add(a + b, start)
      #expect(try add(b, try add(a, start)) == end, "\(start) \(a) \(b)")
      #expect(end >= start && Self.calendar.isOpen(hours, at: end), "\(start) \(a + b) \(end)")
      #expect(try add(a, start) <= end && end <= (try add(a + b, start + .seconds(draw(90_000)))), "\(start)")
    }
  }
}
