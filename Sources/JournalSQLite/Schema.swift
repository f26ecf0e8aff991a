// The tables, and how a file of them is opened. Lines are found by number or by stream; streams are numbered in the order of
// their first line, so that an index of a million lines is written at its end and an append never gets slower.
import Foundation
internal import GRDB

enum Schema {
  /// `PRAGMA user_version`; a newer one is refused.
  static let version = 1

  static let statements = """
    CREATE TABLE stream(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE entry(
      seq INTEGER PRIMARY KEY,
      docket INTEGER NOT NULL,
      stream INTEGER NOT NULL REFERENCES stream(id),
      revision INTEGER NOT NULL,
      line TEXT,
      salt BLOB,
      digest BLOB NOT NULL,
      chain BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX entry_of_stream ON entry(stream, revision);
    CREATE TABLE discussion_row(
      id TEXT PRIMARY KEY,
      phase TEXT NOT NULL, urgency TEXT NOT NULL, form TEXT NOT NULL, team TEXT NOT NULL, policy TEXT NOT NULL,
      meeting_at INTEGER NOT NULL, duration_min INTEGER NOT NULL, need_identified_at INTEGER,
      convened_at INTEGER NOT NULL, held_at INTEGER, decided_at INTEGER, decision_recorded INTEGER,
      outcome TEXT, quorate INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX discussion_by_meeting ON discussion_row(meeting_at, id);
    CREATE INDEX discussion_by_phase ON discussion_row(phase, meeting_at, id);
    CREATE INDEX discussion_by_decision ON discussion_row(decided_at) WHERE decided_at IS NOT NULL;
    CREATE TABLE position_row(
      discussion TEXT NOT NULL, agency TEXT NOT NULL,
      required INTEGER NOT NULL, invited INTEGER NOT NULL, asked_at INTEGER, acknowledged_at INTEGER,
      contribution TEXT, contributed_at INTEGER, counts INTEGER NOT NULL, declined TEXT,
      PRIMARY KEY (discussion, agency)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX position_by_agency ON position_row(agency, discussion);
    """
}

/// Why a journal could not be opened or read. The sentence says what to do.
public struct JournalFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let sentence: String
  public var description: String { sentence }

  init(_ sentence: String) { self.sentence = sentence }
}
