// What the events of the front door say in their lines' `data`, and back: the two halves side by side, as in `EventLine`. Which
// outcome it was stands in the line alone; who may read it is for the documents.
import Convening

extension ContactFacts {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("received_at", receivedAt)
    out.add("team", team.text)
    out.add("case_reference", caseReference)
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    self.init(
      receivedAt: try data.instant("received_at"), team: try data.slug("team"),
      caseReference: try data.optional("case_reference", data.text))
  }
}

extension ReviewDue {
  fileprivate func write(to out: inout JSONWriter) {
    out.add("due", at)
    out.add("provisional", provisional)
    out.object("limit", limit.write)
  }

  fileprivate init(_ data: Fields) throws(LineFault) {
    guard let limit = data.fields("limit") else { throw LineFault(what: "limit is missing") }
    self.init(at: try data.instant("due"), provisional: try data.flag("provisional"), limit: try Limit(limit))
  }
}

extension Event {
  /// Its `data`, for an event of the front door; nothing for any other.
  func writeAtFrontDoor(to out: inout JSONWriter) {
    if case .contactReceived(let facts, let due) = self {
      facts.write(to: &out)
      due.write(to: &out)
    } else if case .contactAmended(let facts, let due) = self {
      facts.write(to: &out)
      due.write(to: &out)
    } else if case .contactOutcome(let outcome, let byRole, let discussion, let occurred) = self {
      out.add("outcome", outcome)
      out.add("by_role", byRole)
      out.add("discussion", discussion?.description)
      out.add("occurred_at", occurred)
    } else if case .contactReviewed(let byRole, let occurred) = self {
      out.add("by_role", byRole)
      out.add("occurred_at", occurred)
    } else if case .reviewMoved(let due) = self {
      due.write(to: &out)
    }
  }

  /// Throws: `LineFault`, for a name of a newer version too.
  init(atFrontDoor name: String, _ data: Fields) throws(LineFault) {
    switch name {
    case "contactReceived": self = .contactReceived(try ContactFacts(data), try ReviewDue(data))
    case "contactAmended": self = .contactAmended(try ContactFacts(data), try ReviewDue(data))
    case "contactOutcome":
      let discussion = try data.optional("discussion", data.text)
      let id = discussion.flatMap { DiscussionID($0) }
      guard (discussion == nil) == (id == nil) else { throw LineFault(what: "discussion") }
      self = .contactOutcome(
        try data.word("outcome"), byRole: try data.text("by_role"), discussion: id,
        occurred: try data.instant("occurred_at"))
    case "contactReviewed":
      self = .contactReviewed(byRole: try data.text("by_role"), occurred: try data.instant("occurred_at"))
    case "reviewMoved": self = .reviewMoved(try ReviewDue(data))
    default: throw LineFault(what: "an event of a newer version")
    }
  }
}

extension FrontDoorContact {
  /// The contact that these lines of its stream tell of; nil where none of them received it.
  ///
  /// Throws: `LineFault`.
  public static func folding(_ lines: [SealedLine]) throws(LineFault) -> FrontDoorContact? {
    var contact: FrontDoorContact?
    for line in lines {
      switch try line.reading() {
      case .entry(let entry): contact = FrontDoorContact.evolved(contact, entry)
      case .gone: contact = contact?.passing(revision: line.revision)
      }
    }
    return contact
  }
}
