// People who import what a case system exports: files that are new, files that come again, files with a fault somewhere. Every
// row says when it happened, as the columns do.
import Convening
import Coordination

struct Importers {
  private var files: [[ImportRow]] = []
  /// What they brought in: others go on with it.
  private(set) var discussions: [(id: DiscussionID, convene: Convene, body: Fingerprint)] = []

  /// - Parameters:
  ///   - known: discussions that somebody has asked for.
  ///   - contacts: those that somebody told of.
  mutating func file(
    at now: Instant, known: [DiscussionID], contacts: [(id: ContactID, facts: ContactFacts)], _ lots: inout Lots
  ) -> [ImportRow] {
    if !files.isEmpty, lots.chance(0.35) { return lots.oneOf(files) }
    var file: [ImportRow] =
      switch lots.whole(0...2) {
      case 0: (0..<lots.whole(1...6)).map { discussion(Int($0) + 2, now, &lots) }
      case 1: known.isEmpty ? [] : contributions(to: known, now, &lots)
      default: self.contacts(contacts, now, &lots)
      }
    // One of what came before, told otherwise now and then.
    if let earlier = lots.chance(0.2) ? files.last?.first : nil, !file.contains(where: { $0.stream == earlier.stream })
    {
      file.append(ImportRow(line: 90, first: other(earlier.first, &lots), then: earlier.then))
    }
    files.append(file)
    return file
  }

  private func other(_ step: ImportRow.Step, _ lots: inout Lots) -> ImportRow.Step {
    guard case .convene(let id, let convene, let body) = step, lots.chance(0.5) else { return step }
    return .convene(id, convene, firstBody: Fingerprint(high: ~body.high, low: body.low))
  }

  private mutating func discussion(_ line: Int, _ now: Instant, _ lots: inout Lots) -> ImportRow {
    let id = DiscussionID(bits: lots.next())
    // To come now and then, or two years ago; else a late entry.
    let heldAt =
      lots.chance(0.02) ? now - .days(800) : now - lots.between(lots.chance(0.05) ? -.minutes(9) : .zero, .days(200))
    let isToCome = lots.chance(0.1)
    let convene = Convene(
      meeting: isToCome ? .at(now + lots.between(.minutes(1), .days(3))) : .asSoonAsTheyAnswer,
      urgency: lots.chance(0.3) ? .urgent : .standard,
      agencies: lots.chance(0.03) ? ["csc", "nobody"] : lots.chance(0.5) ? nil : ["csc", "police", "health"],
      team: "duty", convenedBy: "team manager", heldAt: isToCome ? nil : heldAt)
    let body = Fingerprint(high: lots.next(), low: lots.next())
    discussions.append((id, convene, body))
    var then: [ImportRow.Step] = []
    for agency in Town.agencies where !isToCome && lots.chance(0.6) {
      let kind =
        lots.chance(0.02) ? .afterDecision : lots.oneOf([ContributionKind.inPerson, .phoneLive, .mashCheckOnly])
      then.append(.change(id, .contribute(agency, kind, byRole: "team manager", via: .api, at: heldAt)))
    }
    if !isToCome, lots.chance(0.7) {
      let decision = Decision(
        outcome: lots.oneOf(Outcome.allCases), decidedAt: heldAt + lots.between(.zero, .minutes(20)), byRole: "chair",
        reason: lots.chance(0.9) ? "R1" : nil)
      then.append(.change(id, .decide(decision)))
    }
    return ImportRow(line: line, first: .convene(id, convene, firstBody: body), then: then)
  }

  private func contributions(to known: [DiscussionID], _ now: Instant, _ lots: inout Lots) -> [ImportRow] {
    (0..<lots.whole(1...4)).map { line in
      let id = lots.chance(0.03) ? DiscussionID(bits: lots.next()) : lots.oneOf(known)
      let agency = lots.chance(0.03) ? "nobody" : lots.oneOf(Town.agencies)
      return ImportRow(
        line: Int(line) + 2,
        first: .change(
          id,
          .contribute(
            agency, lots.oneOf([.video, .writtenBefore]), byRole: "officer \(line)", via: .phone,
            at: now - lots.between(.zero, .hours(3)))))
    }
  }

  private func contacts(
    _ known: [(id: ContactID, facts: ContactFacts)], _ now: Instant, _ lots: inout Lots
  ) -> [ImportRow] {
    var told: Set<ContactID> = []
    return (0..<lots.whole(1...6)).compactMap { line in
      var (id, facts) = (
        ContactID(bits: lots.next()),
        ContactFacts(
          receivedAt: now - lots.between(lots.chance(0.03) ? -.minutes(9) : .zero, .days(4)),
          team: lots.oneOf(["duty", "night"]))
      )
      if !known.isEmpty, lots.chance(0.5) { (id, facts) = lots.oneOf(known) }
      guard told.insert(id).inserted else { return nil }
      if lots.chance(0.1) { facts.caseReference = "CASE-2" }
      var then: [ImportRow.Step] = []
      // Before it was received, now and then.
      let at = facts.receivedAt + lots.between(lots.chance(0.03) ? -.minutes(5) : .zero, .hours(30))
      if lots.chance(0.5) {
        then.append(
          .contact(
            id, .outcome(lots.oneOf(ContactOutcome.allCases), byRole: "officer", at: min(at, now), discussion: nil)))
      }
      if lots.chance(0.3) { then.append(.contact(id, .review(byRole: "service manager", at: min(at, now)))) }
      return ImportRow(line: Int(line) + 2, first: .contact(id, .receive(facts)), then: then)
    }
  }
}
