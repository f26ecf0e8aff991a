// A row of an import: what it tells, as the steps that somebody would have typed one by one, so that the rules stand once. A
// row says what holds. What is recorded already to the letter is passed over, so that the same file again changes nothing.

public struct ImportRow: Hashable, Sendable {
  /// One thing that a row tells. All steps of a row are about the same discussion, or the same contact.
  public enum Step: Hashable, Sendable {
    case convene(DiscussionID, Convene, firstBody: Fingerprint)
    case change(DiscussionID, Command)
    case contact(ContactID, ContactCommand)

    public var stream: Stream {
      switch self {
      case .convene(let id, _, _), .change(let id, _): .discussion(id)
      case .contact(let id, _): .frontDoor(id)
      }
    }
  }

  /// The line of the file on which it begins, from 1.
  public let line: Int
  public let first: Step
  public let then: [Step]

  public init(line: Int, first: Step, then: [Step] = []) { (self.line, self.first, self.then) = (line, first, then) }

  public var stream: Stream { first.stream }

  /// A discussion that was held outside of convened, which asks nobody.
  public var isLateEntry: Bool {
    if case .convene(_, let convene, _) = first { convene.heldAt != nil } else { false }
  }
}

/// Why a row is not carried out.
public struct ImportFault: Hashable, Sendable {
  public let line: Int
  public let step: ImportRow.Step
  public let refusal: Refusal

  public init(line: Int, step: ImportRow.Step, refusal: Refusal) {
    (self.line, self.step, self.refusal) = (line, step, refusal)
  }
}

/// What came of the rows. Each is new, updated or unchanged.
public struct ImportTally: Hashable, Sendable {
  /// It was not known before; of a contribution, it was not recorded before.
  public var new = 0
  /// It was known, and more or other things are told of it.
  public var updated = 0
  public var unchanged = 0
  /// Of those that are new: held before they were recorded, and so told to nobody.
  public var lateEntries = 0

  public init() {}

  public var rows: Int { new + updated + unchanged }
}

/// What an import came to: all of it, or nothing where there are faults.
public struct ImportOutcome: Hashable, Sendable {
  public var tally = ImportTally()
  public var faults: [ImportFault] = []
  /// The places of the rows that are not unchanged.
  public var changing: [Int] = []

  public init() {}
}

extension Discussion {
  /// Whether what a row tells is recorded already. Only what rows tell is looked for.
  public func stands(_ command: Command) -> Bool {
    switch command {
    case .contribute(let agency, let kind, let byRole, let via, let unit, let at):
      position(agency)?.contributions.contains {
        $0.kind == kind && $0.byRole == byRole && $0.via == via && $0.unit == unit && $0.occurred == at
      } ?? false
    case .decide(let told):
      decision.map { decision in
        var standing = decision
        // The rules' own part of it.
        standing.conference = nil
        // Told in whole minutes, it may have been moved to what was recorded in that minute.
        if let typed = told.decidedAt, let at = standing.decidedAt, typed <= at, at < typed.unitEnd {
          standing.decidedAt = typed
        }
        return standing == told
      } ?? false
    case .reschedule, .acknowledge, .confirm, .decline, .hold, .circulate, .sendDetails, .call, .nameBarrier, .receive,
      .conference, .followUp, .startClock, .stopClock, .cancel, .close, .correct:
      false
    }
  }
}

extension FrontDoorContact {
  /// Whether what a row tells changes nothing. The first review stands: another one would be recorded at each import anew.
  public func stands(_ command: ContactCommand) -> Bool {
    switch command {
    case .review: review != nil
    case .receive, .outcome: false
    }
  }
}
