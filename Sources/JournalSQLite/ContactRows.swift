// The rows of front-door contacts, written in the transaction of their entries and read back into values. What stays the same
// is not written.
import Convening
import Coordination
import GRDB

struct ContactWriter {
  static let columns = [
    "id", "state", "team", "received_at", "recorded_at", "review_due", "provisional", "outcome", "outcome_at",
    "discussion", "reviewed_at",
  ]

  private let replace: Prepared
  private let drop: Prepared

  init(_ db: Database) throws {
    let names = ContactWriter.columns
    let places = names.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    let others = names.dropFirst()
    let setAll = others.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    let differ = others.map { "\($0) IS NOT excluded.\($0)" }.joined(separator: " OR ")
    replace = try Prepared(
      db,
      """
      INSERT INTO front_door_row(\(names.joined(separator: ", "))) VALUES (\(places))
      ON CONFLICT(id) DO UPDATE SET \(setAll) WHERE \(differ)
      """)
    drop = try Prepared(db, "DELETE FROM front_door_row")
  }

  /// Throws: `JournalFault`.
  func write(_ rows: [ContactRow]) throws(JournalFault) {
    for row in rows {
      replace.bind(1, Int64(row.id.bits))
      replace.bind(2, row.stored.rawValue)
      replace.bind(3, row.team.text)
      replace.bind(4, row.receivedAt.milliseconds)
      replace.bind(5, row.recordedAt.milliseconds)
      replace.bind(6, row.reviewDue.milliseconds)
      replace.bind(7, row.provisional)
      replace.bind(8, row.outcome?.rawValue)
      replace.bind(9, row.outcomeAt?.milliseconds)
      replace.bind(10, row.discussion.map { Int64($0.bits) })
      replace.bind(11, row.reviewedAt?.milliseconds)
      try replace.run()
    }
  }

  /// Throws: `JournalFault`.
  func removeAll() throws(JournalFault) { try drop.run() }
}

extension ContactRow {
  /// Where it stands without a moment: what is due is open.
  fileprivate var stored: State { outcomeAt != nil ? .outcome : reviewedAt != nil ? .reviewed : .open }
}

/// The statement that answers a query, and what is bound to it.
struct ContactSearch {
  let sql: String
  private let query: ContactQuery

  init(_ query: ContactQuery) {
    self.query = query
    var terms: [String] = []
    if query.state != nil { terms.append("state = ?1") }
    if query.state == .due { terms.append("review_due <= ?2") }
    if query.team != nil { terms.append("team = ?3") }
    if query.after != nil { terms.append("(review_due, id) > (?4, ?5)") }
    let condition = terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ")
    sql = "SELECT \(ContactSearch.columns) FROM front_door_row\(condition) ORDER BY review_due, id LIMIT ?6"
  }

  static let columns = ContactWriter.columns.joined(separator: ", ")

  func bind(to statement: Prepared) {
    statement.bind(1, query.state.map { $0 == .due ? ContactRow.State.open.rawValue : $0.rawValue })
    statement.bind(2, query.now.milliseconds)
    statement.bind(3, query.team?.text)
    statement.bind(4, query.after?.reviewDue.milliseconds)
    statement.bind(5, query.after.map { Int64($0.id.bits) })
    statement.bind(6, min(max(query.limit, 1), 500))
  }

  /// All rows of a statement that selects `columns`.
  ///
  /// Throws: `JournalFault`.
  static func all(_ statement: Prepared) throws(JournalFault) -> [ContactRow] {
    defer { statement.reset() }
    var rows: [ContactRow] = []
    while try statement.step() {
      guard let team = TeamID(statement.string(2)) else { throw JournalFault.damagedRow }
      rows.append(
        ContactRow(
          id: ContactID(bits: UInt64(bitPattern: statement.int64(0))), team: team,
          receivedAt: Instant(milliseconds: statement.int64(3)), recordedAt: Instant(milliseconds: statement.int64(4)),
          reviewDue: Instant(milliseconds: statement.int64(5)), provisional: statement.int64(6) == 1,
          outcome: try statement.optionalWord(7), outcomeAt: statement.instant(8),
          discussion: statement.optionalInt64(9).map { DiscussionID(bits: UInt64(bitPattern: $0)) },
          reviewedAt: statement.instant(10)))
    }
    return rows
  }
}

extension Database {
  /// Every contact's row; none in a file that an older version wrote and that nobody has opened to write since.
  func allContactRows() throws -> [ContactRow] {
    guard try tableExists("front_door_row") else { return [] }
    let sql = "SELECT \(ContactSearch.columns) FROM front_door_row ORDER BY recorded_at, id"
    return try ContactSearch.all(Prepared(try cachedStatement(sql: sql)))
  }

  func frontDoorCounts(at now: Instant) throws -> FrontDoorCounts {
    let count = Prepared(
      try cachedStatement(
        sql: """
          SELECT count(*), count(*) FILTER (WHERE review_due <= ?1), min(review_due) FILTER (WHERE review_due <= ?1)
          FROM front_door_row WHERE state = 'open'
          """))
    count.bind(1, now.milliseconds)
    defer { count.reset() }
    guard try count.step() else { throw JournalFault.damagedRow }
    return FrontDoorCounts(open: count.int(0), due: count.int(1), oldestDue: count.instant(2))
  }
}
