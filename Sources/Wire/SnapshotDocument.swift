// The reports that are kept: a list of them, and one of them with what it said. Who reads less than the control socket shows is
// shown a part of what was kept, and the public's figures are made from it too: nothing of it is ever counted anew.
import Convening

public enum SnapshotDocument {
  /// `GET /v1/report/snapshots`. Why there is another version is for the control socket.
  public static func list(_ snapshots: [ReportSnapshot], for audience: Audience) -> JSON {
    [
      "schema": "convened.snapshots/1", "snapshots": .array(snapshots.map { .object(members($0, audience.isControl)) }),
    ]
  }

  /// One version with its report.
  ///
  /// - Parameter document: the text that was kept.
  ///
  /// Throws: `JSONFault` for a text that is no document.
  public static func json(
    _ snapshot: ReportSnapshot, document: String, for reader: ReportDocument.Reader
  ) throws(JSONFault) -> JSON {
    let kept = try JSON(parsing: document)
    let report: JSON =
      switch reader {
      case .control: kept
      case .status: withoutOutcomes(kept)
      case .everybody: published(kept)
      }
    return .object(
      [.init("schema", "convened.snapshot/1")] + members(snapshot, reader == .control) + [.init("report", report)])
  }

  private static func members(_ snapshot: ReportSnapshot, _ showsReason: Bool) -> [JSON.Member] {
    [
      .init("name", JSON(snapshot.name)), .init("version", JSON(snapshot.version)), .init("from", JSON(snapshot.from)),
      .init("to", JSON(snapshot.to)), .init("kept_at", JSON(snapshot.keptAt)),
      .init("sha256", .string(snapshot.digest)),
    ] + (showsReason ? [.init("reason", JSON(snapshot.reason))] : [])
  }

  // MARK: - What the others see of it

  private static let outcomes: Set<String> = ["conferences", "conferences_due", "dissent"]

  private static func withoutOutcomes(_ report: JSON) -> JSON {
    let total = (report["total"] ?? .null).without(outcomes)
    let names = Set(ReportDocument.told(total) + (report.members ?? []).map(\.name))
    return report.mapped { member in
      switch member.name {
      case "total": JSON.Member("total", total)
      case "months":
        JSON.Member(
          "months",
          .array(
            (member.value.array ?? []).map { month in
              month.mapped { part in
                if outcomes.contains(part.name) { return nil }
                return part.name == "rolling_twelve" ? JSON.Member(part.name, part.value.without(outcomes)) : part
              }
            }))
      case "definitions": JSON.Member("definitions", told(names, member.value))
      default: member
      }
    }
  }

  /// The definitions of what is shown.
  private static func told(_ names: Set<String>, _ definitions: JSON) -> JSON {
    definitions.mapped { names.contains(String($0.name.prefix { $0 != "." })) ? $0 : nil }
  }

  private static func published(_ report: JSON) -> JSON {
    let whole = report["total"] ?? .null
    let agencies = (whole["agencies"]?.array ?? []).compactMap { $0["agency"]?.string.flatMap { AgencyID($0) } }
    let publication = Publication(
      agencies, months: (report["months"]?.array ?? []).map { counts($0, agencies) }, total: counts(whole, agencies))
    let contacts = ContactFigures.published(report)
    func shown(_ period: Publication.Period, _ place: Int) -> JSON {
      let json = ReportDocument.published(period)
      return contacts.map { json.with(ContactFigures.name, $0[place]) } ?? json
    }
    let months = publication.months.enumerated().map { shown($1, $0) }
    let total = shown(publication.total, months.count)
    let names = Set(ReportDocument.told(total))
    return report.mapped { member in
      switch member.name {
      case "suppressed": JSON.Member("suppressed", true)
      case "months": JSON.Member("months", .array(months))
      case "total": JSON.Member("total", total)
      case "open_breaches": nil
      case "definitions": JSON.Member("definitions", told(names, member.value))
      default: member
      }
    }
  }

  private static func counts(_ period: JSON, _ agencies: [AgencyID]) -> Publication.Counts {
    let each = period["agencies"]?.array ?? []
    return Publication.Counts(
      month: period["month"]?.string,
      whole: Share(period["three_partner"]?["k"]?.int ?? 0, of: period["n"]?.int ?? 0),
      shares: agencies.map { agency in
        let own = each.first { $0["agency"]?.string == agency.text }
        return Share(own?["k"]?.int ?? 0, of: own?["required"]?.int ?? 0)
      })
  }
}

extension JSON {
  /// An object with its members as `change` makes them, without those for which it gives nil; anything else as it is.
  fileprivate func mapped(_ change: (Member) -> Member?) -> JSON {
    members.map { .object($0.compactMap(change)) } ?? self
  }

  fileprivate func without(_ names: Set<String>) -> JSON { mapped { names.contains($0.name) ? nil : $0 } }
}
