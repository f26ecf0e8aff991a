// `GET /v1/compliance`: each check with how many, the oldest and who holds it, and the findings themselves. Never a case
// reference; a clock that tells what was decided is for the control socket.
import Convening

public enum ComplianceDocument {
  /// So many findings of each check are listed; all are counted.
  public static let most = 200

  /// - Parameter holder: whoever has to see to it now, as people call them.
  public static func json(
    _ compliance: Compliance, holder: (Compliance.Finding) -> (route: RouteName, label: String)?
  ) -> JSON {
    let checks = Compliance.Check.allCases.map { check -> JSON in
      let findings = compliance.findings[check] ?? []
      return [
        "check": JSON(word: check), "count": JSON(findings.count), "open": JSON(findings.count(where: \.isOpen)),
        "oldest": JSON(findings.first?.since), "holder": Self.holder(findings.first.flatMap(holder)),
        "findings": .array(
          findings.prefix(most).map { finding in
            .object(
              subject(finding.subject)
                + [.init("team", JSON(finding.team)), .init("holder", Self.holder(holder(finding)))]
                + fact(finding.fact, compliance.now))
          }),
      ]
    }
    return [
      "schema": "convened.compliance/1", "since": JSON(compliance.since), "at": JSON(compliance.now),
      "checks": .array(checks),
    ]
  }

  private static func holder(_ holder: (route: RouteName, label: String)?) -> JSON {
    holder.map { ["route": JSON($0.route), "label": .string($0.label)] } ?? .null
  }

  private static func subject(_ subject: Compliance.Subject) -> [JSON.Member] {
    switch subject {
    case .discussion(let id): [.init("discussion", .string(id.description))]
    case .contact(let id): [.init("contact", .string(id.description))]
    }
  }

  private static func fact(_ fact: Compliance.Fact, _ now: Instant) -> [JSON.Member] {
    switch fact {
    case .contact(let received, let due, let seen):
      [
        .init("received_at", JSON(received)), .init("due", JSON(due)), .init("seen_at", JSON(seen)),
        .init("late_s", .int(((seen ?? now) - due).wholeSeconds)),
      ]
    case .decision(let decided, let recorded, let isLate, let isLateEntry):
      [
        .init("decided_at", JSON(decided)), .init("recorded_at", JSON(recorded)),
        .init("late_s", .int((recorded - decided).wholeSeconds)), .init("why", isLate ? "late" : "earlier_time"),
        .init("late_entry", .bool(isLateEntry)),
      ]
    case .withoutAll(let decided, let lacksReason, let lacksFollowUp, let followUpBy):
      [
        .init("decided_at", JSON(decided)),
        .init("lacks", JSON(texts: (lacksReason ? ["reason"] : []) + (lacksFollowUp ? ["follow_up"] : []))),
        .init("follow_up_due", JSON(followUpBy)),
      ]
    case .heldWithout(let held, let missing):
      [.init("held_at", JSON(held)), .init("missing", JSON(missing)), .init("lacks", JSON(texts: ["decision"]))]
    case .clock(let id, let due, let stopped):
      [
        .init("clock", JSON(word: id)), .init("due", JSON(due)), .init("stopped", JSON(stopped)),
        .init("state", stopped != nil ? "stopped_late" : due <= now ? "passed" : "due_today"),
      ]
    }
  }
}
