// A file of an older version: its entries stay as they are, its rows are made anew from them, in one transaction. Of
// discussions whose entries were erased the rows are all that is left: those are carried over, as far as they tell.
import Convening
import GRDB

extension Schema {
  /// `progress` is told the last entry that was read, now and then.
  ///
  /// Throws: `JournalFault` where a line is one of a newer version; `DatabaseError`.
  static func bringUpToDate(_ db: Database, _ progress: (Int) -> Void) throws {
    let indexes = try String.fetchAll(
      db,
      sql:
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name LIKE '%\\_row' ESCAPE '\\'"
    )
    for index in indexes { try db.execute(sql: "DROP INDEX \(index)") }
    try db.execute(
      sql: """
        DROP TABLE IF EXISTS decided_row;
        ALTER TABLE discussion_row RENAME TO old_discussion_row;
        ALTER TABLE position_row RENAME TO old_position_row;
        """)
    let hadContacts = try db.tableExists("front_door_row")
    if hadContacts { try db.execute(sql: "ALTER TABLE front_door_row RENAME TO old_front_door_row") }
    try db.execute(sql: rows)
    for table in ["discussion_row", "position_row"] + (hadContacts ? ["front_door_row"] : []) {
      try carryOver(table, db)
      progress(0)
    }
    guard let made = try db.rowsMadeAnew(progress) else {
      throw JournalFault.broken("a line cannot be read by this version; install the one that wrote it")
    }
    let writer = try RowWriter(db)
    try writer.removeAll()
    for start in stride(from: 0, to: made.rows.count, by: 2000) {
      try writer.write(
        made.rows[start..<min(start + 2000, made.rows.count)].map { rows in
          var rows = rows
          rows.decided = rows.decided ?? Decided(leftOf: rows)
          return rows
        })
      progress(made.last)
    }
    for table in ["old_position_row", "old_discussion_row", "old_front_door_row"] {
      try db.execute(sql: "DROP TABLE IF EXISTS \(table)")
      progress(made.last)
    }
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// What both versions of a table have; new columns are empty.
  private static func carryOver(_ table: String, _ db: Database) throws {
    let old = Set(try db.columns(in: "old_\(table)").map(\.name))
    let columns = try db.columns(in: table).map(\.name).filter(old.contains).joined(separator: ", ")
    try db.execute(sql: "INSERT INTO \(table)(\(columns)) SELECT \(columns) FROM old_\(table)")
  }
}
