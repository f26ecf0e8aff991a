// The report agrees with a second computation, from the exported timelines of a seeded year, on every cell.
import Convening
import Coordination
import Testing
import Wire

@Suite struct ReportAgreementTests {
  /// Where a month begins, counted from January 2026, which is 1; those before it are 0 and less.
  private static func month(_ number: Int) -> Instant {
    let months = 2026 * 12 + number - 1
    return SeededYear.calendar.zone.start(of: CivilDate(year: months / 12, month: months % 12 + 1, day: 1)!)
  }

  /// Every value by its path; what lists hold by the name that it goes by.
  private static func cells(_ json: JSON, _ path: String, into cells: inout [String: JSON]) {
    switch json {
    case .object(let members):
      for member in members { Self.cells(member.value, "\(path)/\(member.name)", into: &cells) }
    case .array(let values) where !path.hasSuffix("/policy"):
      for value in values {
        let name = value["agency"]?.string ?? value["code"]?.string ?? value["due"]?.string ?? "?"
        Self.cells(value, "\(path)/\(name)", into: &cells)
      }
    case .null, .bool, .int, .double, .string, .array: cells[path] = json
    }
  }

  private static func differ(_ a: JSON?, _ b: JSON?) -> Bool {
    guard let x = a?.number, let y = b?.number else { return a != b }
    return abs(x - y) > 0.000051
  }

  @Test(arguments: [UInt64(4), 6]) func everyCellAgrees(seed: UInt64) throws {
    let year = SeededYear(seed: seed, days: 500, puttingRight: true)
    let readings = try year.lines.compactMap { stream, lines -> TimelineReading? in
      guard case .discussion(let id)? = Stream(stream) else { return nil }
      return TimelineReading(try JSON(parsing: TimelineDocument.json(id, lines, for: .control(outcome: true)).text))
    }
    let cases = readings.map(TimelineCase.init)
    let rows = year.rows.values.compactMap(\.decided)
    #expect(rows.count == cases.count && rows.count > 500)
    let (from, to, now) = (Self.month(4), Self.month(16), Self.month(16) + .days(3))
    let report = Report(rows, from: from, to: to, now: now, calendar: SeededYear.calendar, policies: year.policies)
    let document = ReportDocument.document(report, policies: year.policies, points: ReportPoints(), for: .control)
    // As the daemon has it: in two parts.
    let counting = ReportCount(
      rows, from: from, to: to, now: now, calendar: SeededYear.calendar, policies: year.policies)
    var parts = counting.counted(rows[..<200])
    parts += counting.counted(rows[200...])
    #expect(
      ReportDocument.document(Report(parts), policies: year.policies, points: ReportPoints(), for: .control) == document
    )
    var first: [String: JSON] = [:]
    for month in document["months"]?.array ?? [] {
      Self.cells(month, month["month"]?.string ?? "?", into: &first)
    }
    Self.cells(document["total"] ?? .null, "total", into: &first)
    var second = TimelineReport(cases, agencies: SeededYear.agencies.map(\.text).sorted(), now: now)
    for number in 4..<16 {
      let name = "\(2026 + (number - 1) / 12)-\((number - 1) % 12 < 9 ? "0" : "")\((number - 1) % 12 + 1)"
      first["\(name)/month"] = nil
      second.add(
        name, from: Self.month(number), to: Self.month(number + 1), before: (Self.month(number - 1), Self.month(number))
      )
      second.add(
        "\(name)/rolling_twelve", from: Self.month(number - 11), to: Self.month(number + 1),
        before: (Self.month(number - 12), Self.month(number)))
    }
    second.add("total", from: from, to: to, before: (Self.month(-8), from))
    second.addDue("total", from: from, to: to)
    for key in first.keys where key.hasSuffix("/due") { first[key] = nil }
    let differing = Set(first.keys).union(second.cells.keys).filter { Self.differ(first[$0], second.cells[$0]) }
    let shown = differing.sorted().prefix(12).map {
      "\($0): \(first[$0]?.text ?? "none"), not \(second.cells[$0]?.text ?? "none")"
    }
    #expect(differing.isEmpty, "\(differing.count) of \(first.count): \(shown)")
    #expect(first.count > 10_000)
    // Something of each kind is in it.
    #expect(cases.count { !$0.isFirst } > 20)
    let struck = year.lines.values.joined().compactMap { line -> Correctable? in
      guard case .entry(let entry)? = try? line.reading(), case .corrected(let correction) = entry.event else {
        return nil
      }
      return correction.corrects
    }
    #expect(
      struck.count > 200
        && Set(struck).isSuperset(of: [
          .decided, .held, .contributionRecorded, .circulated, .detailsSent, .declined, .acknowledged,
        ]))
    try Self.checkUnits(readings)
    for path in [
      "dissent/escalated", "conferences/past_due", "conferences/due_ahead", "agencies/health/late",
      "agencies/health/not_counting", "agencies/health/reasons/B14/disputed", "agencies/health/reasons/B02/n",
      "splits/short_notice/n", "splits/out_of_hours/n", "decided_without_all/followed_up/open",
      "agencies/police/record_when_absent/received", "conferences/bands/21+", "conferences/dated_before",
      "late_entries",
    ] {
      #expect((first["total/\(path)"]?.int ?? 0) > 0, "nothing of \(path)")
    }
  }

  /// What the timelines say of units, beside the report's cells.
  private static func checkUnits(_ readings: [TimelineReading]) throws {
    let waiting = SeededYear.agencyThatWaits.text
    for agency in SeededYear.agencies.map(\.text) where agency != waiting {
      #expect(readings.allSatisfy { $0.waited(agency).isEmpty }, "\(agency) waits for units, and any of them is enough")
    }
    // Several that were waited for, of whom all or only some were heard in time.
    let several = readings.filter { $0.waited(waiting).count > 1 }
    #expect(several.count { $0.counts(waiting) } > 10 && several.count { $0.part(waiting) == "otherwise" } > 10)
    // A no of all the units that were asked is the agency's reason.
    var noes = 0
    for reading in readings {
      for agency in SeededYear.agencies.map(\.text) {
        let codes = reading.noOfAllUnits(agency)
        guard !codes.isEmpty, let proposed = reading.proposed(agency) else { continue }
        #expect(codes.contains(proposed), "proposed for \(agency): \(proposed), though its units said \(codes)")
        noes += 1
      }
    }
    #expect(noes > 5, "\(noes) declines by units")
  }
}
