// Who must have contributed, and who has: computed from the policy and the state whenever somebody asks, stored nowhere,
// and never a gate.

/// Local shorthand for the minimum that the guidance names; DOMAIN.md 5.1.
public struct Quorum: Hashable, Sendable {
  public let missing: [AgencyID]
  public var quorate: Bool { missing.isEmpty }
}

extension Policy {
  /// Whether it is of a kind that counts, and was made at or before that moment; nil: whenever it was made.
  public func counts(_ contribution: Contribution, by moment: Instant?) -> Bool {
    counting.contains(contribution.kind) && moment.map { contribution.occurred <= $0 } ?? true
  }
}

extension Discussion {
  /// As it stands, or as it stood when the decision was taken.
  public func quorum(under policy: Policy) -> Quorum { quorum(under: policy, at: decision?.decidedAt) }

  /// As it stood at that moment; nil: with everything that is recorded.
  func quorum(under policy: Policy, at moment: Instant?) -> Quorum {
    Quorum(missing: policy.required.filter { counting($0, under: policy, at: moment) == nil })
  }

  /// The agency's first contribution that counts: of a counting kind, made at or before that moment. None does as long as a
  /// unit that it waits for has made none.
  func counting(_ agency: AgencyID, under policy: Policy, at moment: Instant?) -> Contribution? {
    func counts(_ contribution: Contribution) -> Bool { policy.counts(contribution, by: moment) }
    guard let position = position(agency), position.isWhole(at: moment, counting: counts) else { return nil }
    return position.contributions.first(where: counts)
  }

  /// The rows that lists and reports read; a pure function of the state and its policy.
  public func rows(under policy: Policy) -> Rows {
    let decidedAt = decision?.decidedAt
    return Rows(
      discussion: DiscussionRow(
        id: id, phase: phase, urgency: convene.urgency, form: heldForm ?? convene.form,
        team: convene.team, policy: self.policy, meetingAt: deadline, timing: timing,
        durationMinutes: convene.durationMinutes,
        needIdentifiedAt: convene.needIdentifiedAt, convenedAt: convenedAt, heldAt: heldAt, decidedAt: decidedAt,
        decisionRecorded: decisionRecorded, outcome: decision?.outcome,
        quorate: decision.map { _ in quorum(under: policy).quorate }),
      positions: positions.map { position in
        let counting = counting(position.agency, under: policy, at: decidedAt)
        let shown = counting ?? position.contributions.first
        return PositionRow(
          discussion: id, agency: position.agency, required: policy.required.contains(position.agency),
          invited: position.invited, askedAt: position.firstAsked, acknowledgedAt: position.acknowledged,
          contribution: shown?.kind, contributedAt: shown?.occurred, counts: counting != nil,
          declined: position.declined?.code)
      }, decided: decided(under: policy))
  }

  private var timing: Timing {
    if isLateEntry { return .lateEntry }
    switch meeting {
    case .at: return .planned
    case .asSoonAsTheyAnswer: return .asSoonAsTheyAnswer
    }
  }
}
