// Replaces the rows of the discussions that a turn touched, inside its transaction. What stays the same is not written: a
// page that is not touched is not logged, synced and copied.
import Convening
import GRDB

struct RowWriter {
  private static let columns = """
    id, phase, urgency, form, team, policy, edition, meeting_at, duration_minutes, need_identified_at, \
    convened_at, held_at, decided_at, decision_recorded, outcome, quorate, agencies, timing
    """

  private let find: Prepared
  private let replace: Prepared
  private let addPosition: Prepared
  private let changePosition: Prepared
  private let dropPositions: Prepared
  private let setDecided: Prepared
  private let dropDecided: Prepared
  private let dropDiscussions: Prepared

  init(_ db: Database) throws {
    let names = RowWriter.columns.split(separator: ", ")
    let isSame = names.enumerated().map { "\($1) IS ?\($0 + 1)" }.joined(separator: " AND ")
    find = try Prepared(db, "SELECT number FROM discussion_row WHERE \(isSame)")
    let setAll = names.dropFirst().map { "\($0) = excluded.\($0)" }
    replace = try Prepared(
      db,
      """
      INSERT INTO discussion_row(\(RowWriter.columns))
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
      ON CONFLICT(id) DO UPDATE SET \(setAll.joined(separator: ", ")) RETURNING number
      """)
    addPosition = try Prepared(
      db,
      """
      INSERT INTO position_row(discussion, ordinal, agency, required, invited, asked_at, acknowledged_at, contribution,
        contributed_at, counts, declined) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      """)
    changePosition = try Prepared(
      db,
      """
      UPDATE position_row SET required = ?4, invited = ?5, asked_at = ?6, acknowledged_at = ?7, contribution = ?8,
        contributed_at = ?9, counts = ?10, declined = ?11
      WHERE discussion = ?1 AND ordinal = ?2 AND (agency, required, invited, asked_at, acknowledged_at, contribution,
        contributed_at, counts, declined) IS NOT (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      """)
    dropPositions = try Prepared(db, "DELETE FROM position_row WHERE discussion = ?1")
    setDecided = try Prepared(
      db,
      """
      INSERT INTO decided_row(decided_at, discussion, facts) VALUES (?1, ?2, ?3) ON CONFLICT(discussion)
      DO UPDATE SET decided_at = ?1, facts = ?3 WHERE (decided_at, facts) IS NOT (?1, ?3)
      """)
    dropDecided = try Prepared(db, "DELETE FROM decided_row WHERE discussion = ?1")
    dropDiscussions = try Prepared(db, "DELETE FROM discussion_row")
  }

  /// Throws: `JournalFault`.
  func write(_ rows: [Rows]) throws(JournalFault) {
    for rows in rows {
      bind(rows, to: find)
      if let number = try find.first() {
        // The same agencies in the same order: each position has its row.
        try put(rows.positions, number, with: changePosition)
        try put(rows.decided, number)
      } else {
        bind(rows, to: replace)
        guard let number = try replace.first() else { throw .broken("SQLite gave a discussion's row no number") }
        dropPositions.bind(1, number)
        try dropPositions.run()
        try put(rows.positions, number, with: addPosition)
        try put(rows.decided, number)
      }
    }
  }

  /// Throws: `JournalFault`.
  func removeAll() throws(JournalFault) { try dropDiscussions.run() }

  private func bind(_ rows: Rows, to statement: Prepared) {
    let row = rows.discussion
    statement.bind(1, Int64(row.id.bits))
    statement.bind(2, row.phase.rawValue)
    statement.bind(3, row.urgency.rawValue)
    statement.bind(4, row.form.rawValue)
    statement.bind(5, row.team.text)
    statement.bind(6, row.policy.id.text)
    statement.bind(7, row.policy.edition)
    statement.bind(8, row.meetingAt.milliseconds)
    statement.bind(9, row.durationMinutes)
    statement.bind(10, row.needIdentifiedAt?.milliseconds)
    statement.bind(11, row.convenedAt.milliseconds)
    statement.bind(12, row.heldAt?.milliseconds)
    statement.bind(13, row.decidedAt?.milliseconds)
    statement.bind(14, row.decisionRecorded?.milliseconds)
    statement.bind(15, row.outcome?.rawValue)
    statement.bind(16, row.quorate.map { $0 ? 1 : 0 })
    var agencies = "/"
    for position in rows.positions {
      agencies += position.agency.text
      agencies += "/"
    }
    statement.bind(17, agencies)
    statement.bind(18, row.timing.rawValue)
  }

  private func put(_ decided: Decided?, _ number: Int64) throws(JournalFault) {
    guard let decided else {
      dropDecided.bind(1, number)
      return try dropDecided.run()
    }
    setDecided.bind(1, decided.decidedAt.milliseconds)
    setDecided.bind(2, number)
    let result = DecidedFacts.bytes(decided).withUnsafeBytes { bytes -> Result<Void, JournalFault> in
      setDecided.borrow(3, blob: bytes)
      return Result { () throws(JournalFault) in try setDecided.run() }
    }
    try result.get()
  }

  private func put(_ positions: [PositionRow], _ number: Int64, with put: Prepared) throws(JournalFault) {
    for (ordinal, position) in positions.enumerated() {
      put.bind(1, number)
      put.bind(2, ordinal)
      put.bind(3, position.agency.text)
      put.bind(4, position.required)
      put.bind(5, position.invited)
      put.bind(6, position.askedAt?.milliseconds)
      put.bind(7, position.acknowledgedAt?.milliseconds)
      put.bind(8, position.contribution?.rawValue)
      put.bind(9, position.contributedAt?.milliseconds)
      put.bind(10, position.counts)
      put.bind(11, position.declined?.rawValue)
      try put.run()
    }
  }
}
