// The rows of lists and reports, written and read: one place that knows their columns.
import Convening
import Coordination
import Foundation
internal import GRDB
import Wire

func replace(_ rows: Rows, _ db: Database) throws {
  let row = rows.discussion
  let discussion = try db.cachedStatement(
    sql: "INSERT OR REPLACE INTO discussion_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
  try discussion.execute(arguments: [
    row.id.description, row.phase.rawValue, row.urgency.rawValue, row.form.rawValue, row.team.text,
    row.policy.description, row.meetingAt.milliseconds, row.durationMinutes, row.needIdentifiedAt?.milliseconds,
    row.convenedAt.milliseconds, row.heldAt?.milliseconds, row.decidedAt?.milliseconds,
    row.decisionRecorded?.milliseconds, row.outcome?.rawValue, row.quorate,
  ])
  let position = try db.cachedStatement(
    sql: "INSERT OR REPLACE INTO position_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
  for row in rows.positions {
    try position.execute(arguments: [
      row.discussion.description, row.agency.text, row.required, row.invited, row.askedAt?.milliseconds,
      row.acknowledgedAt?.milliseconds, row.contribution?.rawValue, row.contributedAt?.milliseconds, row.counts,
      row.declined?.rawValue,
    ])
  }
}

extension Rows {
  /// The discussions of a query's rows, each with all of its positions.
  static func fetch(_ db: Database, sql: String, arguments: StatementArguments) throws -> [Rows] {
    var all = try Row.fetchAll(db, sql: sql, arguments: arguments).map {
      try Rows(discussion: discussion($0), positions: [])
    }
    let statement = try db.cachedStatement(sql: "SELECT * FROM position_row WHERE discussion = ? ORDER BY agency")
    for index in all.indices {
      let id = all[index].discussion.id
      all[index].positions = try Row.fetchAll(statement, arguments: [id.description]).map { try position($0, of: id) }
    }
    return all
  }

  private static func discussion(_ row: Row) throws -> DiscussionRow {
    let policy = (row["policy"] as String).split(separator: "#")
    guard let id = DiscussionID(row["id"] as String), let phase = Phase(rawValue: row["phase"]),
      let urgency = Urgency(rawValue: row["urgency"]), let form = Form(rawValue: row["form"]),
      let team = TeamID(row["team"] as String), let name = policy.first, let policyID = PolicyID(name)
    else { throw JournalFault("a row of discussions cannot be read. The rows can be rebuilt from the journal.") }
    return DiscussionRow(
      id: id, phase: phase, urgency: urgency, form: form, team: team,
      policy: PolicyRef(id: policyID, edition: policy.count > 1 ? Int(policy[1]) ?? 1 : 1),
      meetingAt: Instant(milliseconds: row["meeting_at"]), durationMinutes: row["duration_min"],
      needIdentifiedAt: instant(row["need_identified_at"]), convenedAt: Instant(milliseconds: row["convened_at"]),
      heldAt: instant(row["held_at"]), decidedAt: instant(row["decided_at"]),
      decisionRecorded: instant(row["decision_recorded"]),
      outcome: (row["outcome"] as String?).flatMap(Outcome.init(rawValue:)), quorate: row["quorate"])
  }

  private static func position(_ row: Row, of discussion: DiscussionID) throws -> PositionRow {
    guard let agency = AgencyID(row["agency"] as String) else {
      throw JournalFault("a row of positions cannot be read. The rows can be rebuilt from the journal.")
    }
    return PositionRow(
      discussion: discussion, agency: agency, required: row["required"], invited: row["invited"],
      askedAt: instant(row["asked_at"]), acknowledgedAt: instant(row["acknowledged_at"]),
      contribution: (row["contribution"] as String?).flatMap(ContributionKind.init(rawValue:)),
      contributedAt: instant(row["contributed_at"]), counts: row["counts"],
      declined: (row["declined"] as String?).flatMap(BarrierCode.init(rawValue:)))
  }

  private static func instant(_ milliseconds: Int64?) -> Instant? { milliseconds.map(Instant.init(milliseconds:)) }
}
