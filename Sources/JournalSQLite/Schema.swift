// The tables, and how a connection to them is opened. No index over the entries: each stream knows its last entry, and
// each entry the one before it in its stream, so an append touches the end of one table and one small row per stream,
// however long the journal is (an index on stream and revision cost four times as much at a million entries).
import GRDB

enum Schema {
  /// `PRAGMA user_version`
  static let version = 4
  /// `PRAGMA application_id`: "cnvd"
  static let application = 0x636e_7664

  /// `entry` and `stream` are the truth; the `_row` tables are disposable. Instants are milliseconds, enums their own
  /// words, ids of discussions their 40 bits. `number` keeps the discussions that are open together near each other.
  /// `previous` is a `Link`: the entry before in the stream, 0 for none, and -(entry + 1) after a gap.
  /// `agencies` is `/health/police/`: it lets a search by agency stay inside the index.
  /// A contact's `state` is `open`, `reviewed` or `outcome`.
  /// `decided_row` lies in the order of the decisions: a report reads it from end to end, and nothing else.
  private static let tables = """
    CREATE TABLE stream(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last INTEGER NOT NULL, revision INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE entry(
      docket INTEGER NOT NULL, seq INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL,
      previous INTEGER NOT NULL, line TEXT, salt BLOB, digest BLOB NOT NULL, chain BLOB NOT NULL
    ) STRICT;
    \(rows)
    PRAGMA application_id = \(application);
    PRAGMA user_version = \(version);
    """

  static let rows = """
    CREATE TABLE discussion_row(
      number INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, phase TEXT NOT NULL,
      urgency TEXT NOT NULL, form TEXT NOT NULL, team TEXT NOT NULL, policy TEXT NOT NULL, edition INTEGER NOT NULL,
      meeting_at INTEGER NOT NULL, duration_minutes INTEGER NOT NULL, need_identified_at INTEGER,
      convened_at INTEGER NOT NULL, held_at INTEGER, decided_at INTEGER, decision_recorded INTEGER, outcome TEXT,
      quorate INTEGER, agencies TEXT NOT NULL, timing TEXT NOT NULL DEFAULT 'planned'
    ) STRICT;
    CREATE INDEX discussion_by_meeting ON discussion_row(meeting_at, id, agencies);
    CREATE INDEX discussion_by_phase ON discussion_row(phase, meeting_at, id, agencies);
    CREATE INDEX discussion_without_all ON discussion_row(phase) WHERE quorate = 0;
    CREATE TABLE position_row(
      discussion INTEGER NOT NULL REFERENCES discussion_row(number) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
      agency TEXT NOT NULL, required INTEGER NOT NULL, invited INTEGER NOT NULL, asked_at INTEGER,
      acknowledged_at INTEGER, contribution TEXT, contributed_at INTEGER, counts INTEGER NOT NULL, declined TEXT,
      PRIMARY KEY(discussion, ordinal)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE decided_row(
      decided_at INTEGER NOT NULL,
      discussion INTEGER NOT NULL UNIQUE REFERENCES discussion_row(number) ON DELETE CASCADE, facts BLOB NOT NULL,
      PRIMARY KEY(decided_at, discussion)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE front_door_row(
      id INTEGER PRIMARY KEY, state TEXT NOT NULL, team TEXT NOT NULL, received_at INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL, review_due INTEGER NOT NULL, provisional INTEGER NOT NULL, outcome TEXT,
      outcome_at INTEGER, discussion INTEGER, reviewed_at INTEGER
    ) STRICT;
    CREATE INDEX contact_by_due ON front_door_row(review_due, id);
    CREATE INDEX contact_by_state ON front_door_row(state, review_due, id);
    CREATE INDEX contact_by_receipt ON front_door_row(received_at, id);
    """

  /// The one connection that writes and checkpoints.
  /// Throws: `JournalFault`, `DatabaseError`.
  static func writer(at path: String, _ progress: (Int) -> Void = { _ in }) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "convened.journal"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { db in
      let (application, version) = try identity(db)
      let isNew =
        try application == 0 && version == 0 && Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
      if !isNew { try accept(application, version) }
      // The log is never synced less than at each commit, checkpoints are the journal's own, an erased line is zeroed.
      try db.execute(
        sql: """
          PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
          PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -8192;
          PRAGMA temp_store = MEMORY;
          """)
      if isNew {
        try db.inTransaction(.immediate) {
          try db.execute(sql: tables)
          return .commit
        }
      } else if version < Schema.version {
        try db.inTransaction(.immediate) {
          try bringUpToDate(db, progress)
          return .commit
        }
      }
      if !isNew { try expectAll(db) }
      guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2,
        try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal",
        try Int.fetchOne(db, sql: "PRAGMA secure_delete") == 1
      else { throw JournalFault.broken("SQLite does not take the settings that keep the journal safe") }
    }
    return queue
  }

  /// A file that has lost a table or an index would fail at the first turn that needs it; a start finds it.
  private static func expectAll(_ db: Database) throws {
    let names = "SELECT type || ' ' || name FROM sqlite_master WHERE sql IS NOT NULL"
    let wanted = try DatabaseQueue().writeWithoutTransaction { fresh in
      try fresh.execute(sql: tables)
      return try Set(String.fetchAll(fresh, sql: names))
    }
    let lost = try wanted.subtracting(String.fetchAll(db, sql: names)).sorted()
    guard lost.isEmpty else {
      throw JournalFault.damaged(
        "the journal's file has lost its \(lost.joined(separator: ", ")); restore a backup of it")
    }
  }

  /// A connection that never writes and never checkpoints.
  /// Throws: `JournalFault`, `DatabaseError`.
  static func reader(at path: String, label: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = label
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.read { db in
      let (application, version) = try identity(db)
      try accept(application, version)
      try db.execute(sql: "PRAGMA temp_store = MEMORY")
    }
    return queue
  }

  private static func identity(_ db: Database) throws -> (application: Int, version: Int) {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id")
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version")
    return (application ?? 0, version ?? 0)
  }

  private static func accept(_ application: Int, _ version: Int) throws(JournalFault) {
    guard application == Schema.application, version >= 1 else { throw .foreign }
    guard version <= Schema.version else { throw .newer(schema: version) }
  }
}
