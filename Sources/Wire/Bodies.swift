// The bodies of the changes, as tables of fields, and the commands that they become: CONTRACT.md 3. Fields that come later
// are named, so that they are refused with a sentence instead of as unknown.
import Convening

public enum Bodies {
  private static let role = BodyField.Kind.text(limit: 60)
  private static let reason = BodyField.Kind.text(limit: 200)
  private static func words<T: CaseIterable & RawRepresentable<String>>(_: T.Type) -> BodyField.Kind {
    .word(T.allCases.map(\.rawValue))
  }

  private static let agency = BodyField.required("agency", .name, "An agency of the settings.")
  private static let byRole = BodyField.required("by_role", role, "The role that says so, never a name.")
  private static let at = BodyField.optional("at", .instant, "When it happened; default: now.")
  private static let unit = BodyField.optional(
    "unit", .name, "A unit of the agency, of those that the settings name.")
  private static let via = BodyField.required(
    "via", words(Via.self),
    "How the answer came; what an agency contributes by link counts once it is confirmed.")

  public static let convene: [BodyField] = [
    .required(
      "meeting_at", .meetingTime,
      "When they are to meet; \"earliest\" for the first time that suits all; null for an urgent discussion that meets as "
        + "soon as they answer."),
    .optional("duration_min", .whole(1...1440), "Minutes; default 60."),
    .optional("form", words(Form.self), "How they meet; default meeting."),
    .optional("urgency", words(Urgency.self), "Default standard."),
    .optional("need_identified_at", .instant, "When the need for it was seen."),
    .optional(
      "agencies", .list(.name, count: 1...16), "Those asked to take part; default: all that the policy requires."),
    .required("team", .name, "The team that convenes it."),
    .required("convened_by", role, "The role that convenes it, never a name."),
    .optional("join", .text(limit: 500), "How to join; shown on the control socket alone, never sent."),
    .optional(
      "case_reference", .text(limit: 64), "The case system's own; shown on the control socket alone, never sent."),
    .optional("children", .whole(1...99), "How many; never which."),
    .optional("held_at", .instant, "It was held then: a late entry, of which nothing is sent."),
    .optional("follows", .discussion, "The discussion before it in the same sequence."),
    .later("exercise", .exercise),
  ]
  /// As `convene`, which may be sent as it stands: what says nothing of a time is not looked at.
  public static let slots = convene.map(\.orNone)
  public static let reschedule: [BodyField] = [
    .required("meeting_at", .instant, "When they are to meet instead."),
    .required("reason", reason, "Why it is moved."),
  ]
  public static let acknowledgement: [BodyField] = [
    agency, byRole, via, at, unit,
    .optional(
      "stays", .flag, "Whether they keep it in hand when somebody else holds the place; default false: it lapses then."),
  ]
  public static let contribution: [BodyField] = [
    agency, .required("kind", words(ContributionKind.self), "How it took part."), byRole, via, at, unit,
  ]
  public static let confirmation: [BodyField] = [
    .optional("by_role", role, "The role that confirms it, never a name.")
  ]
  public static let decline: [BodyField] = [
    agency, .required("code", words(BarrierCode.self), "Why it takes no part."), byRole, at, unit,
  ]
  public static let decision: [BodyField] = [
    .required("outcome", words(Outcome.self), "What was decided."),
    .optional("decided_at", .instant, "When it was taken; default: now."), byRole,
    .optional("flags", .list(words(DecisionFlag.self), count: 0...16), "What goes with it."),
    .optional("dissent", .list(.name, count: 0...16), "Agencies that did not agree."),
    .optional("reason", reason, "Why it was taken without all; needed where one is missing."),
    .optional("s47_started_at", .instant, "When the section 47 enquiry began."),
  ]
  /// With the decision's fields where it is recorded in the same request: then all that it needs.
  public static let held: [BodyField] =
    [
      .optional("held_at", .instant, "When it was held; default: now."),
      .optional("form", words(Form.self), "How it was held; default: as planned."),
    ] + decision.map(\.orNone)
  public static let circulate: [BodyField] = [
    .required("to", .list(.name, count: 1...16), "The agencies that were sent the record."), at,
  ]
  public static let pause: [BodyField] = [
    .required("until", .instant, "When it ends by itself: at most 60 minutes from now."),
    .required("reason", reason, "Why; it stands in the journal."),
  ]
  public static let cancel: [BodyField] = [.required("reason", reason, "Why it is cancelled.")]
  public static let details: [BodyField] = [
    agency, .required("place", .word(Place.ofAgencies.map(\.rawValue)), "Where the details of the child went."), at,
    unit,
  ]
  public static let call: [BodyField] = [
    agency, .required("number", .text(limit: 30), "The number; shown on the control socket alone."),
    .required("result", words(CallResult.self), "What came of it."), byRole, at,
  ]
  public static let barrier: [BodyField] = [
    agency, .required("code", words(BarrierCode.self), "Why it was absent."),
    .required("by", words(Party.self), "Who says so."),
    .optional("agreed", .flag, "Whether the agency agrees; with `by` agency alone."),
  ]
  public static let receipt: [BodyField] = [agency, at]
  public static let conference: [BodyField] = [.optional("held_at", .instant, "When it was held; default: now.")]
  public static let followUp: [BodyField] = [
    .optional("done_at", .instant, "When it was done; default: now."), byRole,
  ]
  public static let clock: [BodyField] = [
    .required(
      "clock", .word(ClockID.allCases.filter(\.isTold).map(\.rawValue)), "One that starts or stops outside of convened."
    ),
    .optional("started_at", .instant, "When it started; this or `stopped_at`."),
    .optional("stopped_at", .instant, "When it stopped."),
  ]
  public static let contact: [BodyField] = [
    .required("received_at", .instant, "When it was received."),
    .required(
      "team", .team,
      "The team that has to say what comes of it. Any text: it is read in lower case, with a hyphen for each run of what is "
        + "neither a to z nor a digit."),
    .optional(
      "case_reference", .text(limit: 64), "The case system's own; shown on the control socket alone, never sent."),
  ]
  public static let contactOutcome: [BodyField] = [
    .required("outcome", words(ContactOutcome.self), "What came of it."), byRole, at,
    .optional("discussion", .discussion, "The discussion that it led to."),
  ]
  public static let contactReview: [BodyField] = [byRole, at]
  public static let snapshot: [BodyField] = [
    .required("from", .text(limit: 30), "A day, or a moment: the first."),
    .required("to", .text(limit: 30), "A day, or a moment: the first no longer in it. Two years after it at most."),
    .optional("reason", reason, "Why there is another version; needed where the name is taken."),
  ]
  public static let correction: [BodyField] = [
    .required("revision", .whole(1...10_000_000), "The entry's revision, as the timeline shows it."),
    .required("reason", reason, "Why it is corrected; shown on the control socket alone."),
    .optional(
      "replacement", .body,
      "The body of the request that recorded it, as it should have been; left out, the entry counts for nothing."),
  ]
  public static let nothing: [BodyField] = []
  public static let ping: [BodyField] = [
    .optional("route", .name, "A route of the agency; default: who holds its contact place now.")
  ]
  /// What a rota and a cover are made of.
  private static let duties = BodyField.Kind.word((Place.ofAgencies + [.coordinator]).map(\.rawValue))
  private static let duty = BodyField.required("place", duties, "A place of the agency, or `coordinator`.")
  public static let rota: [BodyField] = [
    .required(
      "entries",
      .list(
        .object([
          duty, .required("route", .name, "Who holds it."), .required("from", .instant, "From when."),
          .required("until", .instant, "When it is over; the next entry may begin then."),
        ]), count: 0...400),
      "The whole rota from now on, in any order; none: the hours of the settings hold again.")
  ]
  public static let cover: [BodyField] = [
    duty, .required("route", .name, "Who stands in, from now on."),
    .required("until", .instant, "Until when."),
    .required("reason", reason, "Why; shown on the control socket alone, never sent."),
  ]
  public static let enable: [BodyField] = [.required("route", .name, "A route of the agency.")]
}

/// What a body of these tables asks for. Each takes fields that its table has read, so required ones are there.
extension Bodies {
  /// Throws: `ProblemDocument` where a time is to be found for what has been held.
  public static func convene(_ body: BodyFields) throws(ProblemDocument) -> Convene? {
    let heldAt = body.instant("held_at")
    let meeting: MeetingWish
    if let instant = body.instant("meeting_at") {
      meeting = .at(instant)
    } else if body.has("meeting_at") {
      guard heldAt == nil else {
        throw .invalid([Fault("/meeting_at", "It was held: give the time that it was to be held at, or null.")])
      }
      meeting = .earliest
    } else {
      meeting = .asSoonAsTheyAnswer
    }
    guard let team = body.slug("team", of: TeamKind.self),
      let convenedBy = body.text("convened_by")
    else { return nil }
    return Convene(
      meeting: meeting, durationMinutes: body.whole("duration_min") ?? 60, form: body.word("form") ?? .meeting,
      urgency: body.word("urgency") ?? .standard, needIdentifiedAt: body.instant("need_identified_at"),
      agencies: body.slugs("agencies"), team: team, convenedBy: convenedBy, join: body.text("join"),
      caseReference: body.text("case_reference"), children: body.whole("children"), heldAt: heldAt,
      follows: body.discussion("follows"))
  }

  public static func slots(_ body: BodyFields) -> SlotQuery {
    SlotQuery(
      durationMinutes: body.whole("duration_min") ?? 60, urgency: body.word("urgency") ?? .standard,
      needIdentifiedAt: body.instant("need_identified_at"), agencies: body.slugs("agencies"))
  }

  public static func reschedule(_ body: BodyFields) -> Command? {
    guard let meetingAt = body.instant("meeting_at"), let reason = body.text("reason") else { return nil }
    return .reschedule(meetingAt: meetingAt, reason: reason)
  }

  public static func acknowledgement(_ body: BodyFields) -> Command? {
    guard let agency = body.slug("agency", of: AgencyKind.self), let byRole = body.text("by_role"),
      let via = body.word("via", Via.self)
    else { return nil }
    return .acknowledge(
      agency, byRole: byRole, via: via, stays: body.flag("stays") ?? false, unit: body.slug("unit", of: UnitKind.self),
      at: body.instant("at"))
  }

  public static func rota(_ body: BodyFields) -> [RotaEntry]? {
    body.objects("entries")?.compactMap { entry in
      guard let place = entry.word("place", Place.self), let route = entry.slug("route", of: RouteKind.self),
        let from = entry.instant("from"), let until = entry.instant("until")
      else { return nil }
      return RotaEntry(place: place, route: route, from: from, until: until)
    }
  }

  public static func cover(_ body: BodyFields) -> Cover? {
    guard let place = body.word("place", Place.self), let route = body.slug("route", of: RouteKind.self),
      let until = body.instant("until"), let reason = body.text("reason")
    else { return nil }
    return Cover(place: place, route: route, until: until, reason: reason)
  }

  public static func contribution(_ body: BodyFields) -> Command? {
    guard let agency = body.slug("agency", of: AgencyKind.self), let byRole = body.text("by_role"),
      let kind = body.word("kind", ContributionKind.self), let via = body.word("via", Via.self)
    else { return nil }
    return .contribute(
      agency, kind, byRole: byRole, via: via, unit: body.slug("unit", of: UnitKind.self), at: body.instant("at"))
  }

  public static func confirmation(_ body: BodyFields, of agency: AgencyID) -> Command {
    .confirm(agency, byRole: body.text("by_role"))
  }

  public static func decline(_ body: BodyFields) -> Command? {
    guard let agency = body.slug("agency", of: AgencyKind.self), let byRole = body.text("by_role"),
      let code = body.word("code", BarrierCode.self)
    else { return nil }
    return .decline(
      agency, code, byRole: byRole, unit: body.slug("unit", of: UnitKind.self), at: body.instant("at"))
  }

  /// Throws: `ProblemDocument` for a part of a decision without what every decision needs.
  public static func held(_ body: BodyFields) throws(ProblemDocument) -> Command {
    let (heldAt, form) = (body.instant("held_at"), body.word("form", Form.self))
    guard decision.contains(where: { body.has($0.name) }) else {
      return .hold(heldAt: heldAt, form: form, decision: nil)
    }
    guard let decided = decided(body) else {
      let missing = decision.filter { $0.isRequired && !body.has($0.name) }
      throw .invalid(missing.map { Fault("/\($0.name)", "It is needed with a decision. \($0.says)") })
    }
    return .hold(heldAt: heldAt, form: form, decision: decided)
  }

  public static func decision(_ body: BodyFields) -> Command? { decided(body).map(Command.decide) }

  private static func decided(_ body: BodyFields) -> Decision? {
    guard let outcome = body.word("outcome", Outcome.self), let byRole = body.text("by_role") else { return nil }
    return Decision(
      outcome: outcome, decidedAt: body.instant("decided_at"), byRole: byRole, flags: body.words("flags") ?? [],
      dissent: body.slugs("dissent") ?? [], reason: body.text("reason"), s47StartedAt: body.instant("s47_started_at"))
  }

  public static func circulate(_ body: BodyFields) -> Command? {
    guard let to = body.slugs("to", of: AgencyKind.self) else { return nil }
    return .circulate(to: to, at: body.instant("at"))
  }

  public static func details(_ body: BodyFields) -> Command? {
    guard let agency = body.slug("agency", of: AgencyKind.self), let place = body.word("place", Place.self) else {
      return nil
    }
    return .sendDetails(agency, place, unit: body.slug("unit", of: UnitKind.self), at: body.instant("at"))
  }

  public static func call(_ body: BodyFields) -> Command? {
    guard let agency = body.slug("agency", of: AgencyKind.self), let number = body.text("number"),
      let result = body.word("result", CallResult.self), let byRole = body.text("by_role")
    else { return nil }
    return .call(agency, number: number, result, byRole: byRole, at: body.instant("at"))
  }

  /// Throws: `ProblemDocument` where the chair is said to agree.
  public static func barrier(_ body: BodyFields) throws(ProblemDocument) -> Command? {
    guard let agency = body.slug("agency", of: AgencyKind.self), let code = body.word("code", BarrierCode.self),
      let party = body.word("by", Party.self)
    else { return nil }
    if party == .chair, body.has("agreed") {
      throw .invalid([Fault("/agreed", "The agency agrees or disputes. Leave it out where the chair names the reason.")]
      )
    }
    return .nameBarrier(agency, code, by: party, agreed: body.flag("agreed"))
  }

  public static func receipt(_ body: BodyFields) -> Command? {
    body.slug("agency", of: AgencyKind.self).map { .receive($0, at: body.instant("at")) }
  }

  public static func conference(_ body: BodyFields) -> Command { .conference(heldAt: body.instant("held_at")) }

  public static func followUp(_ body: BodyFields) -> Command? {
    body.text("by_role").map { .followUp(doneAt: body.instant("done_at"), byRole: $0) }
  }

  /// Throws: `ProblemDocument` where it neither starts nor stops, or both.
  public static func clock(_ body: BodyFields) throws(ProblemDocument) -> Command? {
    guard let clock = body.word("clock", ClockID.self) else { return nil }
    switch (body.instant("started_at"), body.instant("stopped_at")) {
    case (let start?, nil): return .startClock(clock, at: start)
    case (nil, let stop?): return .stopClock(clock, at: stop)
    case (nil, nil), (.some, .some):
      throw .invalid([Fault("/started_at", "Give started_at or stopped_at, one of the two.")])
    }
  }

  public static func pause(_ body: BodyFields) -> (until: Instant, reason: String)? {
    guard let until = body.instant("until"), let reason = body.text("reason") else { return nil }
    return (until, reason)
  }

  public static func contact(_ body: BodyFields) -> ContactCommand? {
    guard let receivedAt = body.instant("received_at"), let team = body.text("team").flatMap(TeamName.read) else {
      return nil
    }
    return .receive(ContactFacts(receivedAt: receivedAt, team: team, caseReference: body.text("case_reference")))
  }

  public static func contactOutcome(_ body: BodyFields) -> ContactCommand? {
    guard let outcome = body.word("outcome", ContactOutcome.self), let byRole = body.text("by_role") else { return nil }
    return .outcome(outcome, byRole: byRole, at: body.instant("at"), discussion: body.discussion("discussion"))
  }

  public static func contactReview(_ body: BodyFields) -> ContactCommand? {
    body.text("by_role").map { .review(byRole: $0, at: body.instant("at")) }
  }

  public static func cancel(_ body: BodyFields) -> Command? {
    body.text("reason").map { .cancel(reason: $0) }
  }
}
