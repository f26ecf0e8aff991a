// One discussion as every change answers it and every reader gets it: CONTRACT.md 3. A pure function of the discussion and
// its policy, so that one revision is one document and the ETag can be the revision.
import Convening

public enum DiscussionDocument {
  /// What the agency's place in the discussion comes to, the strongest first: DOMAIN.md 5.2.
  public enum PositionState: String, CaseIterable, Hashable, Sendable {
    /// It took part, in whatever way; whether that counts is `counts`.
    case contributed
    case declined
    /// Somebody there said that they have it.
    case acknowledged
    /// It was asked, and said nothing before the decision was recorded.
    case noResponse = "no_response"
    /// It is asked; of a late entry, it was named as one of those that were.
    case invited
    /// The policy requires it, and it was not asked.
    case notInvited = "not_invited"
    /// Not required and not asked.
    case notRequired = "not_required"
  }

  /// `case_reference` and `join` are for the control socket alone, and what tells of the outcome: `conference_held_at`, and
  /// some of the clocks.
  public static func json(_ discussion: Discussion, policy: Policy, for audience: Audience) -> JSON {
    let convene = discussion.convene
    let quorum = discussion.quorum(under: policy)
    var members: [JSON.Member] = [
      .init("schema", "convened.discussion/1"),
      .init("id", .string(discussion.id.description)),
      .init("revision", .int(Int64(discussion.revision))),
      .init("state", JSON(word: discussion.phase)),
      .init("meeting_at", JSON(discussion.meetingAt)),
      .init("urgency", JSON(word: convene.urgency)),
      .init("positions", .array(positions(of: discussion, under: policy))),
      .init("quorum", ["quorate": .bool(quorum.quorate), "missing": JSON(quorum.missing)]),
      .init("clocks", .array(clocks(of: discussion, under: policy, for: audience))),
      .init("next", next(of: discussion)),
      .init("convened_at", JSON(discussion.convenedAt)),
      .init("need_identified_at", JSON(convene.needIdentifiedAt)),
      .init("duration_min", .int(Int64(convene.durationMinutes))),
      .init("form", JSON(word: discussion.heldForm ?? convene.form)),
      .init("team", JSON(convene.team)),
      .init("convened_by", .string(convene.convenedBy)),
      .init("policy", .string(discussion.policy.description)),
      .init("held_at", JSON(discussion.heldAt)),
      .init("decided_at", JSON(discussion.decision?.decidedAt)),
      .init("decision_recorded_at", JSON(discussion.decisionRecorded)),
      .init("circulated_at", JSON(discussion.circulatedAt)),
      .init("circulated_to", JSON(discussion.circulatedTo)),
      .init("closes_at", JSON(discussion.closesAt)),
      .init(
        "receipts", .array(discussion.receipts.map { ["agency": JSON($0.agency), "at": JSON($0.at)] })),
      .init("follow_up_done_at", JSON(discussion.followUpDoneAt)),
      .init("answer_by", JSON(discussion.meetingAt == nil ? discussion.deadline : nil)),
      .init("late_entry", .bool(discussion.isLateEntry)),
      .init("follows", convene.follows.map { .string($0.description) } ?? .null),
    ]
    if audience.isControl {
      members.append(.init("case_reference", JSON(convene.caseReference)))
      members.append(.init("join", JSON(convene.join)))
      members.append(.init("conference_held_at", JSON(discussion.conferenceHeldAt)))
    }
    return .object(members)
  }

  /// `"3"`, the strong tag of revision 3 (RFC 9110, 8.8.3).
  public static func tag(_ revision: Int) -> String { "\"\(revision)\"" }

  // MARK: - Positions

  private static func positions(of discussion: Discussion, under policy: Policy) -> [JSON] {
    let absent = policy.required.filter { discussion.position($0) == nil }.map { Position(agency: $0, invited: false) }
    let decided = discussion.decisionRecorded != nil
    let rows = discussion.rows(under: policy).positions
    return (discussion.positions + absent).map { position in
      let row = rows.first { $0.agency == position.agency }
      let required = policy.required.contains(position.agency)
      return [
        "agency": JSON(position.agency), "required": .bool(required),
        "state": JSON(
          word: state(of: position, required: required, decided: decided, isLateEntry: discussion.isLateEntry)),
        "contribution": JSON(word: row?.contribution),
        "reason": JSON(
          word: position.barrier?.code ?? (position.hasContributed ? nil : position.declined?.code)),
        "units": .array(position.units.map { unit($0, at: position, of: discussion, policy) }),
        "missing_units": JSON(missingUnits(of: position, by: discussion.decision?.decidedAt)),
        "to_confirm": .array(
          position.reported.map {
            [
              "kind": JSON(word: $0.kind), "unit": JSON($0.unit), "at": JSON($0.occurred),
              "reported_at": JSON($0.recorded),
            ]
          }),
        "counts": .bool(row?.counts ?? false), "contributed_at": JSON(row?.contributedAt),
        "acknowledged_at": JSON(position.acknowledged), "asked_at": JSON(position.firstAsked),
        "details_sent_at": JSON(position.detailsSent.map(\.at).max()), "barrier": barrier(position.barrier),
      ]
    }
  }

  /// Asked against answered: null where it was not, or has not. What it gave is its first contribution that counts, or its
  /// first where none does.
  private static func unit(
    _ unit: UnitStanding, at position: Position, of discussion: Discussion, _ policy: Policy
  ) -> JSON {
    let gave = position.contributions.filter { $0.unit == unit.unit }
    let counting = gave.first { policy.counts($0, by: discussion.decision?.decidedAt) }
    return [
      "unit": JSON(unit.unit), "state": JSON(word: state(of: unit, in: discussion)), "asked_at": JSON(unit.asked),
      "needed": .bool(unit.isNeeded),
      "acknowledged_at": JSON(unit.acknowledged), "contributed_at": JSON(unit.contributed),
      "contribution": JSON(word: (counting ?? gave.first)?.kind), "counts": .bool(counting != nil),
      "declined": JSON(word: unit.declined),
    ]
  }

  private static func state(of unit: UnitStanding, in discussion: Discussion) -> PositionState {
    if unit.contributed != nil { return .contributed }
    if unit.declined != nil { return .declined }
    if unit.acknowledged != nil { return .acknowledged }
    guard let asked = unit.asked else { return .notInvited }
    // Whoever was asked once it was decided did not fail to answer before; of a late entry nobody told.
    let isOver = discussion.decisionRecorded.map { asked <= $0 } ?? false
    return isOver && !discussion.isLateEntry ? .noResponse : .invited
  }

  /// Without whom the agency has not contributed: so far, or by the decision.
  private static func missingUnits(of position: Position, by decided: Instant?) -> [UnitID] {
    func isInTime(_ moment: Instant) -> Bool { decided.map { moment <= $0 } ?? true }
    return position.units.filter { unit in
      position.detailsSent.contains { $0.unit == unit.unit && $0.isNeeded && isInTime($0.at) }
        && !(unit.contributed.map(isInTime) ?? false)
    }.map(\.unit)
  }

  /// Why it was absent: who says so, and what the agency says of it.
  private static func barrier(_ barrier: Barrier?) -> JSON {
    guard let barrier else { return .null }
    let reply = barrier.reply
    return [
      "code": JSON(word: barrier.code), "by": JSON(word: barrier.by), "proposed": JSON(word: barrier.proposed),
      "answer": JSON(reply.map { $0.agreed ? "agreed" : "disputed" }), "answer_code": JSON(word: reply?.code),
      "answer_until": JSON(barrier.answerUntil),
      "answered_late": .bool(reply.map { $0.at > barrier.answerUntil } ?? false),
    ]
  }

  /// `margin_s` is null while a clock runs: how much is left is another number each second, and a revision is one document.
  /// One that goes on in a later discussion was neither met nor missed here.
  /// Those that tell of the outcome are for the control socket alone.
  private static func clocks(of discussion: Discussion, under policy: Policy, for audience: Audience) -> [JSON] {
    discussion.clocks.filter { audience.isControl || !$0.id.tellsOfOutcome }.map { clock in
      [
        "id": JSON(word: clock.id), "level": .int(Int64(clock.level)), "started": JSON(clock.started),
        "due": JSON(clock.due),
        "stopped": JSON(clock.stopped),
        "margin_s": JSON(clock.margin.map { Int($0.wholeSeconds) }),
        "rule": JSON(discussion.rule(of: clock, under: policy)), "provisional": .bool(clock.provisional),
        "goes_on_in": JSON(clock.goesOnIn?.description),
      ]
    }
  }

  static func state(
    of position: Position, required: Bool, decided: Bool, isLateEntry: Bool = false
  ) -> PositionState {
    // Of an agency whose units are waited for still, some contributed: it did not fail to answer.
    if position.hasContributed || decided && !position.contributions.isEmpty { return .contributed }
    if position.declined != nil { return .declined }
    if position.acknowledged != nil { return .acknowledged }
    // Outside of convened: whether it was, and what it said, nobody told.
    if isLateEntry, position.invited { return .invited }
    // Whoever was to be asked and never was, and is no more, did not fail to answer.
    if position.firstAsked != nil || position.invited && position.rungs.contains(where: { $0.message != .concluded }) {
      return decided ? .noResponse : .invited
    }
    return required ? .notInvited : .notRequired
  }

  // MARK: - What comes next

  /// The earliest rung or retry; null where nothing is planned.
  private static func next(of discussion: Discussion) -> JSON {
    let rungs = discussion.positions.flatMap { position in
      position.rungs.compactMap { rung in
        rung.places.first.map { Coming(at: rung.due, agency: position.agency, place: $0, step: rung.step) }
      }
    }
    let retries = discussion.reminders.compactMap { reminder -> Coming? in
      switch reminder.state {
      case .waiting(let until):
        Coming(at: until, agency: reminder.agency, place: reminder.place, step: reminder.step)
      case .inFlight, .accepted, .undelivered, .silenced: nil
      }
    }
    return (rungs + retries).min { ($0.at, $0.agency) < ($1.at, $1.agency) }.map(\.json) ?? .null
  }

  private struct Coming {
    let at: Instant
    let agency: AgencyID
    let place: Place
    let step: StepName

    var json: JSON {
      ["at": JSON(at), "agency": JSON(agency), "place": JSON(word: place), "step": JSON(step)]
    }
  }
}
