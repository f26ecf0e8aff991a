// Reads rows back into values, and builds the one search that lists need. A word that no enum knows is a damaged row,
// never a row left out.
import Convening
import Coordination
import GRDB
import Wire

/// The statement that answers a query, and what is bound to it. Order and limits come from an index in every case.
struct DiscussionSearch {
  let sql: String
  private let query: DiscussionQuery

  init(_ query: DiscussionQuery) {
    self.query = query
    var terms: [String] = []
    if query.phase != nil { terms.append("phase = ?1") }
    if query.agency != nil { terms.append("instr(agencies, ?2) > 0") }
    if query.dueBefore != nil { terms.append("meeting_at < ?3") }
    if query.after != nil { terms.append("(meeting_at, id) > (?4, ?5)") }
    let condition = terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ")
    sql = "SELECT \(RowReader.columns) FROM discussion_row\(condition) ORDER BY meeting_at, id LIMIT ?6"
  }

  func bind(to statement: Prepared) {
    statement.bind(1, query.phase?.rawValue)
    statement.bind(2, query.agency.map { "/\($0.text)/" })
    statement.bind(3, query.dueBefore?.milliseconds)
    statement.bind(4, query.after?.meetingAt.milliseconds)
    statement.bind(5, query.after.map { Int64($0.id.bits) })
    statement.bind(6, min(max(query.limit, 1), 500))
  }
}

struct RowReader {
  static let columns = """
    number, id, phase, urgency, form, team, policy, edition, meeting_at, duration_minutes, \
    need_identified_at, convened_at, held_at, decided_at, decision_recorded, outcome, quorate, timing
    """

  private let positions: Prepared
  private let facts: Prepared

  init(_ db: Database) throws {
    facts = Prepared(try db.cachedStatement(sql: "SELECT facts FROM decided_row WHERE discussion = ?"))
    positions = Prepared(
      try db.cachedStatement(
        sql: """
          SELECT agency, required, invited, asked_at, acknowledged_at, contribution, contributed_at, counts, declined
          FROM position_row WHERE discussion = ? ORDER BY ordinal
          """))
  }

  /// All rows of a statement that selects `columns`.
  /// Throws: `JournalFault`.
  func all(_ statement: Prepared) throws -> [Rows] {
    defer { statement.reset() }
    var rows: [Rows] = []
    var names = DecidedReader()
    while try statement.step() {
      let row = try discussion(statement)
      let number = statement.int64(0)
      rows.append(
        Rows(discussion: row, positions: try positions(of: number, row.id), decided: try decided(of: number, &names)))
    }
    return rows
  }

  private func decided(of number: Int64, _ reader: inout DecidedReader) throws(JournalFault) -> Decided? {
    facts.bind(1, number)
    defer { facts.reset() }
    return try facts.step() ? try reader.read(facts.blob(0)) : nil
  }

  private func discussion(_ row: Prepared) throws(JournalFault) -> DiscussionRow {
    guard let team = TeamID(row.string(5)), let policy = PolicyID(row.string(6)) else { throw .damagedRow }
    return DiscussionRow(
      id: DiscussionID(bits: UInt64(bitPattern: row.int64(1))), phase: try row.word(2),
      urgency: try row.word(3), form: try row.word(4), team: team, policy: PolicyRef(id: policy, edition: row.int(7)),
      meetingAt: Instant(milliseconds: row.int64(8)), timing: try row.word(17), durationMinutes: row.int(9),
      needIdentifiedAt: row.instant(10),
      convenedAt: Instant(milliseconds: row.int64(11)), heldAt: row.instant(12), decidedAt: row.instant(13),
      decisionRecorded: row.instant(14), outcome: try row.optionalWord(15),
      quorate: row.optionalInt64(16).map { $0 == 1 }
    )
  }

  private func positions(of number: Int64, _ id: DiscussionID) throws(JournalFault) -> [PositionRow] {
    positions.bind(1, number)
    defer { positions.reset() }
    var rows: [PositionRow] = []
    while try positions.step() {
      guard let agency = AgencyID(positions.string(0)) else { throw .damagedRow }
      rows.append(
        PositionRow(
          discussion: id, agency: agency, required: positions.int64(1) == 1, invited: positions.int64(2) == 1,
          askedAt: positions.instant(3), acknowledgedAt: positions.instant(4),
          contribution: try positions.optionalWord(5), contributedAt: positions.instant(6),
          counts: positions.int64(7) == 1, declined: try positions.optionalWord(8)))
    }
    return rows
  }
}

extension Prepared {
  func instant(_ column: Int32) -> Instant? { optionalInt64(column).map(Instant.init(milliseconds:)) }

  func word<Word: RawRepresentable<String>>(_ column: Int32) throws(JournalFault) -> Word {
    guard let word = Word(rawValue: string(column)) else { throw .damagedRow }
    return word
  }

  func optionalWord<Word: RawRepresentable<String>>(_ column: Int32) throws(JournalFault) -> Word? {
    isNull(column) ? nil : try word(column)
  }
}

extension Database {
  /// Every discussion's rows.
  func allRows() throws -> [Rows] {
    let statement = try cachedStatement(sql: "SELECT \(RowReader.columns) FROM discussion_row ORDER BY number")
    return try RowReader(self).all(Prepared(statement))
  }

  /// The rows of every discussion and contact as the entries make them. nil where this version cannot read a line.
  ///
  /// Throws: `JournalFault`.
  func rowsMadeAnew(_ progress: (Int) -> Void = { _ in }) throws(JournalFault) -> (
    rows: [Rows], contacts: [ContactRow], last: Int
  )? {
    do {
      var (fold, names, last) = (JournalFold(), StreamNames(), 0)
      while true {
        let lines = try lines(after: last, limit: 2000, &names).lines
        guard let seq = lines.last?.seq else { break }
        try fold.take(lines)
        last = seq
        progress(seq)
      }
      // Of what was erased the rows alone are left.
      return (
        fold.rows(keeping: fold.erased.isEmpty ? [] : try allRows()),
        fold.contactRows(keeping: fold.erasedContacts.isEmpty ? [] : try allContactRows()), last
      )
    } catch is LineFault {
      return nil
    } catch {
      throw JournalFault(error)
    }
  }
}
