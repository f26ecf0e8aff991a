// The calendar against another's: 100,000 random questions with the answers of PyPI's holidays and Python's zoneinfo, made by
// Tests/Calendar/cases.py. `make calendar` asks them; where there is no file of them, nothing is asked.
import Convening
import Foundation
import Testing

@testable import Settings

@Suite struct CalendarAgreementTests {
  private static let file = ProcessInfo.processInfo.environment["CONVENED_CALENDAR_CASES"]
  private static let office = OpenHours(
    days: [.monday, .tuesday, .wednesday, .thursday, .friday], from: .minutes(510), until: .hours(17),
    openOnBankHolidays: false)

  private struct Question {
    let kind: String
    let start: Instant
    let count: Int
    let answer: String
  }

  private static func questions(_ path: String) throws -> [Question] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let parts = line.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
      return Question(
        kind: parts[0], start: try #require(Instant(parts[1])), count: try #require(Int(parts[2])), answer: parts[3])
    }
  }

  /// With the table that is installed.
  private static func calendar() throws -> WorkingCalendar {
    let table = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Config/bank-holidays.json").standardized
    guard case .holidays(let holidays) = BankHolidayFile.read(table.path(percentEncoded: false)) else {
      throw Unreadable()
    }
    return WorkingCalendar(zone: try #require(CivilZone(name: "Europe/London")), holidays: holidays, working: office)
  }

  private struct Unreadable: Error {}

  private static func answer(_ question: Question, _ calendar: WorkingCalendar) throws -> String {
    func limit(_ limit: Limit) -> String {
      let (at, provisional) = limit.due(from: question.start, in: calendar)
      return "\(at)|\(provisional ? 1 : 0)"
    }
    switch question.kind {
    case "days": return limit(.workingDays(question.count))
    case "hours": return limit(.workingHours(.minutes(Int64(question.count))))
    case "local":
      let day = try #require(CivilDate(String(question.start.description.prefix(10))))
      return calendar.zone.moments(day, .minutes(Int64(question.count))).map(\.description).joined(separator: ",")
    case "wall":
      let (date, time) = calendar.zone.wall(question.start + .minutes(Int64(question.count)))
      let seconds = time.milliseconds / 1000
      let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
      return "\(date) \(clock.joined(separator: ":"))"
    default: throw Unreadable()
    }
  }

  @Test(.enabled(if: file != nil)) func theyAgreeOnEveryQuestion() throws {
    let questions = try Self.questions(try #require(Self.file))
    let calendar = try Self.calendar()
    #expect(questions.count >= 100_000 && Set(questions.map(\.kind)).count == 4)
    var differing: [String] = []
    for question in questions {
      let answer = try Self.answer(question, calendar)
      if answer != question.answer {
        differing.append(
          "\(question.kind) \(question.start) \(question.count): \(answer), and they say \(question.answer)")
      }
    }
    #expect(differing.count == 0, "\(differing.prefix(5).joined(separator: "\n"))")
    print("\(questions.count - differing.count) of \(questions.count) answers agree")
  }
}
