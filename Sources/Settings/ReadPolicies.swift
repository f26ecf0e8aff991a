// Policies: who is required, what counts, and the ladder of reminders. What cannot work is refused here, before a discussion
// depends on it.
import Convening
internal import Yams

extension SettingsReading {
  private static let policyKeys: Set = [
    "id", "from", "required", "counting", "decision_recorded", "close_after", "without_all", "urgencies",
  ]
  func readPolicies(_ node: Node?, today: CivilDate?) -> [Policy] {
    var policies: [Policy] = []
    var (ids, firstDays): (Set<PolicyID>, Set<CivilDate>) = ([], [])
    let nodes = report.list(node, "policies", empty: "Add one; a discussion is convened under a policy.") ?? []
    for node in nodes {
      let part = report.object(node, "a policy", Self.policyKeys.union(Self.clockKeys))
      let id: PolicyID? = report.slug(report.required(part, "id", "a policy"), "id")
      if let id, !ids.insert(id).inserted {
        report.add(part?["id"], "two policies are called \(id)", "Give each its own id.")
      }
      let from = readFirstDay(report.required(part, "from", "a policy"))
      if let from, !firstDays.insert(from).inserted {
        report.add(part?["from"], "two policies begin on this day", "Only one can be in force: let one begin later.")
      }
      if let policy = readPolicy(part, id, from) { policies.append(policy) }
    }
    if let today, !nodes.isEmpty, firstDays.count == nodes.count, firstDays.allSatisfy({ $0 > today }) {
      report.add(node, "no policy is in force on \(today)", "Let one begin on that day or earlier.")
    }
    return policies
  }

  /// Where the ladders of policies without a fault stand.
  func ladderPlaces(_ node: Node?) -> [LadderPlace] {
    (node?.sequence.map(Array.init) ?? []).flatMap { policy in
      Urgency.allCases.compactMap { urgency in
        guard let id = policy.mapping?["id"]?.scalar.flatMap({ PolicyID($0.string) }),
          let ladder = policy.mapping?["urgencies"]?.mapping?[Node(urgency.rawValue)], let mark = ladder.mark
        else { return nil }
        return LadderPlace(policy: id, urgency: urgency, line: mark.line, column: mark.column)
      }
    }
  }

  private func readFirstDay(_ node: Node?) -> CivilDate? {
    guard let text = report.text(node, "from") else { return nil }
    if let day = CivilDate(text) { return day }
    report.add(node, "`from` is not a day", "Write it as 2027-04-01.")
    return nil
  }

  private func readPolicy(_ part: Members?, _ id: PolicyID?, _ from: CivilDate?) -> Policy? {
    let required = readRequired(report.required(part, "required", "a policy"))
    let counting = readCounting(report.required(part, "counting", "a policy"))
    let recorded = report.elapsed(report.required(part, "decision_recorded", "a policy"), "decision_recorded")
    let close = report.limit(
      report.required(part, "close_after", "a policy"), "close_after", after: " from circulation")
    let withoutAll = report.object(part?["without_all"], "without_all", ["reason", "follow_up"])
    let reason = report.word(withoutAll?["reason"], "reason", ["required", "optional"])
    let urgencies = report.object(
      report.required(part, "urgencies", "a policy"), "urgencies", Set(Urgency.allCases.map(\.rawValue)))
    let standard = readLadder(report.required(urgencies, "standard", "urgencies"), .standard)
    let urgent = readLadder(urgencies?["urgent"], .urgent)
    let clocks = readClocks(part, followUp: withoutAll?["follow_up"])
    guard let id, let from, let recorded, let close, let standard else { return nil }
    return Policy(
      id: id, from: from, required: required, counting: Set(counting), decisionRecorded: recorded, closeAfter: close,
      reasonWithoutAll: reason != "optional", standard: standard, urgent: urgent, clocks: clocks,
      conferenceFrom: conferenceReading(part))
  }

  private func readRequired(_ node: Node?) -> [AgencyID] {
    var agencies: [AgencyID] = []
    for node in report.list(node, "required", empty: "Name those that the law expects to contribute.") ?? [] {
      guard let id: AgencyID = report.slug(node, "an agency") else { continue }
      if let agencyNames, !agencyNames.contains(id) {
        report.add(node, "no agency goes by this name", "Define it under `agencies`.")
      }
      if agencies.contains(id) { report.add(node, "the agency stands here twice", "Name it once.") }
      agencies.append(id)
    }
    return agencies
  }

  private func readCounting(_ node: Node?) -> [ContributionKind] {
    var kinds: [ContributionKind] = []
    let words = ContributionKind.allCases.map(\.rawValue)
    for node in report.list(node, "counting", empty: "Name the kinds of contribution that count.") ?? [] {
      guard let kind = report.word(node, "a kind of contribution", words).flatMap(ContributionKind.init) else {
        continue
      }
      if kinds.contains(kind) { report.add(node, "the kind stands here twice", "Name it once.") }
      if kind == .afterDecision {
        report.add(node, "a contribution after the decision cannot count towards it", "Leave it out; it is shown.")
      }
      kinds.append(kind)
    }
    return kinds
  }

  // MARK: - Ladders

  private func readLadder(_ node: Node?, _ urgency: Urgency) -> Ladder? {
    guard let node else { return nil }
    let name = urgency.rawValue
    let part = report.object(
      node, name,
      [
        "acknowledgement_holds", "last_attempt_margin", "squeeze", "steps", "held_within", "fair_notice",
        "undelivered_after", "outside_hours",
      ])
    let holds = report.elapsed(report.required(part, "acknowledgement_holds", name), "acknowledgement_holds")
    let margin = report.elapsed(report.required(part, "last_attempt_margin", name), "last_attempt_margin")
    let squeezes = report.flag(part?["squeeze"], "squeeze") ?? (urgency == .urgent)
    let (steps, afterDecision) = readSteps(report.required(part, "steps", name), urgency)
    let heldWithin = limit(part?["held_within"], "held_within", after: "")
    let fairNotice = limit(part?["fair_notice"], "fair_notice", after: "")
    if case .workingDays? = fairNotice {
      report.add(
        part?["fair_notice"], "fair_notice counts in working days, which end with the day", "Write `8 working hours`.")
    }
    let undelivered = report.elapsed(part?["undelivered_after"], "undelivered_after")
    let defersTo = readOutsideHours(part?["outside_hours"], urgency)
    guard let holds, let margin else { return nil }
    return Ladder(
      acknowledgementHolds: holds, lastAttemptMargin: margin, squeezes: squeezes, steps: steps,
      afterDecision: afterDecision, heldWithin: heldWithin, fairNotice: fairNotice,
      undeliveredAfter: undelivered ?? (urgency == .urgent ? .minutes(2) : .minutes(15)), defersTo: defersTo)
  }

  /// `send`, or `{defer_to: office}`; nil: sent at whatever hour.
  private func readOutsideHours(_ node: Node?, _ urgency: Urgency) -> OpenHours? {
    guard let node else { return nil }
    if node.mapping == nil {
      _ = report.word(node, "outside_hours", urgency == .urgent ? ["send"] : ["send", "{defer_to: office}"])
      return nil
    }
    guard urgency == .standard else {
      report.add(node, "an urgent step is never deferred", "Write `outside_hours: send`, or leave it out.")
      return nil
    }
    let part = report.object(node, "outside_hours", ["defer_to"])
    let named = report.required(part, "defer_to", "outside_hours")
    guard let name = report.text(named, "defer_to") else { return nil }
    guard let known = hours[name] else {
      report.add(named, "no hours go by this name", "Define them under `hours`.")
      return nil
    }
    return known
  }

  private func readSteps(_ node: Node?, _ urgency: Urgency) -> ([Step], AfterDecision?) {
    let first = "Begin with `{name: invite, at: once, to: [contact]}`."
    let nodes = report.list(node, "steps", empty: first) ?? []
    var steps: [Step] = []
    var afterDecision: AfterDecision?
    var names: Set<StepName> = []
    for (index, node) in nodes.enumerated() {
      let part = report.object(
        node, "a step", ["name", "at", "unanswered", "before", "after", "unless", "to", "tell"])
      let name = readStepName(report.required(part, "name", "a step"), &names)
      if let after = part?["after"], index > 0 {
        if let told = readAfterDecision(after, part, name) {
          if afterDecision != nil {
            report.add(after, "two steps come after the decision", "An absent agency is told once.")
          }
          afterDecision = told
        }
        continue
      }
      let when = readWhen(part)
      if index == 0, let when, when != .once { report.add(node, "the first step does not ask at once", first) }
      if index > 0, when == .once {
        report.add(part?["at"], "only the first step may be `at: once`", "Use `unanswered:` or `before:`.")
      }
      _ = report.word(part?["unless"], "unless", ["contributed"])
      let places = readPlaces(report.required(part, "to", "a step"))
      checkAcknowledger(part?["to"], places, when)
      let tells = readTell(part?["tell"], isFirst: index == 0)
      if urgency == .urgent, !tells, filledPlaces?.contains(.convener) ?? false, case .unanswered? = when {
        report.warn(
          node, "the convener is not told whom to ring when nobody answers this urgent step", "Add `tell: convener`.")
      }
      if let name, let when { steps.append(Step(name: name, when: when, to: places, tellsConvener: tells)) }
    }
    if steps.count + (afterDecision == nil ? 0 : 1) == nodes.count, !steps.isEmpty,
      !steps.contains(where: { $0.to.contains(.coordinator) })
    {
      report.add(node, "no step asks the coordinator: the ladder can end in silence", "Let the last one ask them too.")
    }
    if afterDecision == nil, !steps.isEmpty {
      report.warn(
        node, "an agency that was absent is not told what was decided without it",
        "Add `{name: absent, after: decision, unless: contributed, to: [contact]}`.")
    }
    return (steps, afterDecision)
  }

  /// `tell: convener`
  private func readTell(_ node: Node?, isFirst: Bool) -> Bool {
    guard let node, report.word(node, "tell", ["convener"]) != nil else { return false }
    if isFirst {
      report.add(node, "the convener has just convened it", "Tell them with a later step, when nobody has answered.")
    } else if let filledPlaces, !filledPlaces.contains(.convener) {
      report.add(node, "no team has a convener", "Name one under `teams`, or leave `tell` out.")
    }
    return true
  }

  /// `after: decision`, which tells and asks nothing: it is no rung of the ladder.
  private func readAfterDecision(_ after: Node, _ part: Members?, _ name: StepName?) -> AfterDecision? {
    for key in ["at", "unanswered", "before"] {
      guard let node = part?[key] else { continue }
      report.add(node, "a step after the decision has no other moment", "Leave `\(key)` out.")
    }
    if let tell = part?["tell"] { report.add(tell, "the convener knows that it is decided", "Leave `tell` out.") }
    _ = report.word(part?["unless"], "unless", ["contributed"])
    let places = readPlaces(report.required(part, "to", "a step"))
    if let coordinator = part?["to"], places.contains(.coordinator) {
      report.add(coordinator, "the coordinator is not absent", "Name places of the agency's own.")
    }
    checkAcknowledger(part?["to"], places, nil)
    guard report.word(after, "after", ["decision"]) != nil, let name, !places.isEmpty else { return nil }
    return AfterDecision(name: name, to: places)
  }

  /// Names of notices that the daemon sends of its own accord.
  private static let notices: Set<StepName> = [
    "rescheduled", "cancelled", "declined", "stopped", "too-late", "no-time", "daily", "undecided", "untold", "ping",
  ]

  private func readStepName(_ node: Node?, _ names: inout Set<StepName>) -> StepName? {
    guard let name: StepName = report.slug(node, "a step's name") else { return nil }
    if Self.notices.contains(name) { report.add(node, "this name is taken by a notice", "Choose another one.") }
    if !names.insert(name).inserted { report.add(node, "two steps are called \(name)", "Give each its own name.") }
    return name
  }

  private func readPlaces(_ node: Node?) -> [Place] {
    var places: [Place] = []
    for node in report.list(node, "to", empty: "Name a place, such as `contact`.") ?? [] {
      switch node.scalar?.string {
      case "convener":
        report.add(node, "the convener answers for no agency", "Write `tell: convener` beside `to`.")
        continue
      default: break
      }
      let words = ["contact", "deputy", "lead", "coordinator", "acknowledger"]
      guard let place = report.word(node, "a place", words).flatMap(Place.init) else { continue }
      if places.contains(place) { report.add(node, "the place stands here twice", "Name it once.") }
      if let filledPlaces, place != .acknowledger, !filledPlaces.contains(place) {
        report.add(node, "no agency has a \(place.rawValue)", "Fill the place under `agencies`, or leave it out.")
      }
      places.append(place)
    }
    return places
  }

  /// Nobody has acknowledged as it is convened; and a step for those who have not answered, or were absent, must reach
  /// somebody where nobody ever did.
  ///
  /// - Parameter when: nil after the decision.
  private func checkAcknowledger(_ node: Node?, _ places: [Place], _ when: When?) {
    guard places.contains(.acknowledger) else { return }
    let acknowledger = node?.sequence?.first { $0.scalar?.string == Place.acknowledger.rawValue } ?? node
    switch when {
    case .once:
      report.add(
        acknowledger, "nobody has acknowledged when it is convened", "Name the acknowledger in a later step.")
    case .unanswered, nil:
      guard places == [.acknowledger] else { return }
      report.add(
        acknowledger, "where nobody has acknowledged, this step reaches nobody", "Name another place beside it.")
    case .before: return
    }
  }

  private func readWhen(_ part: Members?) -> When? {
    guard let part else { return nil }
    let given = ["at", "unanswered", "before"].compactMap { key in part[key].map { (key, $0) } }
    guard given.count == 1, let (key, node) = given.first else {
      report.add(part.node, "a step needs one of `at`, `unanswered`, `before`", "Say when it is due, once.")
      return nil
    }
    switch key {
    case "at": return report.word(node, "at", ["once"]).map { _ in When.once }
    case "unanswered": return readWait(node)
    default: return report.elapsed(node, key).map(When.before)
    }
  }

  /// `2 hours` or `2 working hours`.
  private func readWait(_ node: Node) -> When? {
    guard node.scalar?.string.contains("working") ?? false else {
      return report.elapsed(node, "unanswered").map { .unanswered($0) }
    }
    switch limit(node, "unanswered", after: "") {
    case .workingHours(let wait): return .unanswered(wait, inWorkingHours: true)
    case .workingDays:
      report.add(node, "unanswered counts in working days, which end with the day", "Write `8 working hours`.")
      return nil
    case .elapsed, nil: return nil
    }
  }
}
