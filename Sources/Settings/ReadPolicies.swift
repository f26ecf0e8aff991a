// Policies: who is required, what counts, and the ladder of reminders. What cannot work is refused here, before a discussion
// depends on it.
import Convening
import Foundation
internal import Yams

extension SettingsReading {
  private static let policyKeys: Set = [
    "id", "from", "required", "counting", "decision_recorded", "close_after", "without_all", "urgencies",
  ]
  private static let laterPolicyKeys: Set = [
    "record_circulated", "conference", "referral_decision", "assessment", "core_group", "urgent_full_meeting",
    "disagreement",
  ]
  private static let laterLadderKeys: Set = [
    "held_within", "fair_notice", "undelivered_after", "outside_hours", "squeeze",
  ]

  func readPolicies(_ node: Node?) -> [Policy] {
    guard let node, let list = report.list(node, "policies") else { return [] }
    if list.isEmpty { report.add(node, "there is no policy", "Add one; a discussion is convened under a policy.") }
    var policies: [Policy] = []
    for node in list {
      guard let policy = readPolicy(node) else { continue }
      if policies.contains(where: { $0.id == policy.id }) {
        report.add(node, "two policies are called \(policy.id)", "Give each its own id.")
      }
      policies.append(policy)
    }
    return policies
  }

  private func readPolicy(_ node: Node) -> Policy? {
    let part = report.object(node, "a policy", Self.policyKeys, later: Self.laterPolicyKeys)
    let id: PolicyID? = report.slug(report.required(part, "id", "a policy"), "id")
    let fromNode = report.required(part, "from", "a policy")
    let from = report.text(fromNode, "from").flatMap { CivilDate($0) }
    if fromNode != nil, from == nil { report.add(fromNode, "`from` is not a day", "Write it as 2027-04-01.") }
    let required = (report.list(report.required(part, "required", "a policy"), "required") ?? []).compactMap(agency)
    if part?["required"]?.sequence?.isEmpty ?? false {
      report.add(part?["required"], "no agency is required", "Name those that the law expects to contribute.")
    }
    let counting: [ContributionKind] = (report.list(report.required(part, "counting", "a policy"), "counting") ?? [])
      .compactMap { report.word($0, "a kind of contribution") }
    let recorded = report.elapsed(report.required(part, "decision_recorded", "a policy"), "decision_recorded")
    let close = report.limit(
      report.required(part, "close_after", "a policy"), "close_after", after: " from circulation")
    let ladder = readLadder(report.required(part, "urgencies", "a policy"))
    let withoutAll = report.object(part?["without_all"], "without_all", ["reason"], later: ["follow_up"])
    var reasonRequired = false
    if let reason = withoutAll?["reason"] {
      let word = report.text(reason, "reason")
      reasonRequired = word == "required"
      if let word, !["required", "optional"].contains(word) {
        report.add(reason, "reason is neither required nor optional", "Write `required` or `optional`.")
      }
    }
    guard let id, let from, let recorded, let close, let ladder else { return nil }
    return Policy(
      id: id, from: from, required: required, counting: Set(counting), decisionRecorded: recorded, closeAfter: close,
      reasonWithoutAll: reasonRequired, standard: ladder)
  }

  private func agency(_ node: Node) -> AgencyID? {
    guard let id: AgencyID = report.slug(node, "an agency") else { return nil }
    if !agencyNames.contains(id) { report.add(node, "no agency goes by this name", "Define it under `agencies`.") }
    return id
  }

  private func readLadder(_ node: Node?) -> Ladder? {
    let urgencies = report.object(node, "urgencies", ["standard"], later: ["urgent"])
    let part = report.object(
      report.required(urgencies, "standard", "urgencies"), "standard",
      ["acknowledgement_holds", "last_attempt_margin", "steps"], later: Self.laterLadderKeys)
    let holds = report.elapsed(report.required(part, "acknowledgement_holds", "standard"), "acknowledgement_holds")
    let margin = report.elapsed(report.required(part, "last_attempt_margin", "standard"), "last_attempt_margin")
    let stepsNode = report.required(part, "steps", "standard")
    let nodes = report.list(stepsNode, "steps") ?? []
    let steps = nodes.compactMap(readStep)
    guard let holds, let margin, let stepsNode, steps.count == nodes.count else { return nil }
    if steps.first?.when != .once {
      report.add(
        nodes.first ?? stepsNode, "the first step does not ask at once",
        "Begin with `{name: invite, at: once, to: [contact]}`.")
    }
    for (index, step) in steps.enumerated() where steps.prefix(index).contains(where: { $0.name == step.name }) {
      report.add(nodes[index], "two steps are called \(step.name)", "Give each its own name.")
    }
    for (index, step) in steps.enumerated() where index > 0 && step.when == .once {
      report.add(nodes[index], "only the first step may be `at: once`", "Use `unanswered:` or `before:`.")
    }
    return Ladder(acknowledgementHolds: holds, lastAttemptMargin: margin, steps: steps)
  }

  private func readStep(_ node: Node) -> Step? {
    let part = report.object(
      node, "a step", ["name", "at", "unanswered", "before", "unless", "to"], later: ["tell", "after"])
    let name: StepName? = report.slug(report.required(part, "name", "a step"), "a step's name")
    if name == "rescheduled" || name == "cancelled" || name == "stopped" || name == "ping" {
      report.add(part?["name"], "this name is taken by a notice", "Choose another one.")
    }
    let when = readWhen(part)
    if let unless = part?["unless"], report.text(unless, "unless") != "contributed" {
      report.add(unless, "a step can only be `unless: contributed`", "Write that, or leave it out.")
    }
    let toNode = report.required(part, "to", "a step")
    var places: [Place] = []
    for node in report.list(toNode, "to") ?? [] {
      guard let place: Place = report.word(node, "a place") else { continue }
      if places.contains(place) { report.add(node, "the place stands here twice", "Name it once.") }
      if !isFilled(place) {
        report.add(node, "nobody holds this place in any agency", "Fill it under `agencies` or `coordination`.")
      }
      places.append(place)
    }
    if let list = toNode?.sequence, list.isEmpty { report.add(toNode, "the step asks nobody", "Name a place.") }
    guard let name, let when, !places.isEmpty else { return nil }
    return Step(name: name, when: when, to: places)
  }

  private func isFilled(_ place: Place) -> Bool {
    switch place {
    case .coordinator: hasCoordinator
    case .contact, .deputy, .lead: filledPlaces.values.contains { $0.contains(place) }
    case .convener, .acknowledger: false
    }
  }

  private func readWhen(_ part: Members?) -> When? {
    guard let part else { return nil }
    let given = ["at", "unanswered", "before"].filter { part[$0] != nil }
    guard given.count == 1 else {
      report.add(part.node, "a step needs one of `at`, `unanswered`, `before`", "Say when it is due, once.")
      return nil
    }
    if let at = part["at"] {
      guard report.text(at, "at") == "once" else {
        report.add(at, "a step can only be `at: once`", "Or use `unanswered:` or `before:` with a length of time.")
        return nil
      }
      return .once
    }
    if let wait = part["unanswered"] { return report.elapsed(wait, "unanswered").map(When.unanswered) }
    return report.elapsed(part["before"], "before").map(When.before)
  }
}
