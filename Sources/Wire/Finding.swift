// What is wrong with a journal, in a sentence that says where and never what an entry says; and what the journal keeps
// of a break that somebody accepted, so that this one is known again and no other is taken for it.
import Convening

/// What is wrong, and at which entry.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
  public enum Fault: Hashable, Sendable {
    /// The text or its salt does not give the digest.
    case altered
    /// It does not follow on the entry before it.
    case unchained
    /// Entries up to this one are not there.
    case missing(upTo: Int)
    /// It stands after an entry with a higher number.
    case moved
    /// Its revision is not the next one of its stream.
    case revision(expected: Int, found: Int)
    /// The text names another stream or revision, or cannot be read.
    case mislabelled
    /// The text is gone and no entry says that it was erased.
    case removed
    /// The journal ends before the entry whose hash is known.
    case cutOff(head: Int)
    /// Its hash is not the one that was noted down.
    case rewritten
    /// It is kept beside it that it follows another entry of its stream than it does.
    case mislinked(kept: Link, right: Link)
    /// It is kept of its stream that it ends elsewhere; `right` is nil for a stream without entries.
    case endMoved(kept: StreamEnd, right: StreamEnd?)
  }

  /// The first entry that the fault concerns.
  public let seq: Int
  public let fault: Fault

  public init(seq: Int, fault: Fault) { (self.seq, self.fault) = (seq, fault) }

  public var description: String {
    switch fault {
    case .altered: "entry \(seq) was altered: its text and salt do not give its digest"
    case .unchained:
      "entry \(seq) does not follow on entry \(seq - 1): one of the two was altered or moved, or entries between them "
        + "were dropped"
    case .missing(let last) where last == seq: "entry \(seq) is missing"
    case .missing(let last): "entries \(seq) to \(last) are missing"
    case .moved: "entry \(seq) stands after an entry with a higher number"
    case .revision(let expected, let found):
      "entry \(seq) is revision \(found) of its stream where \(expected) should follow: entries were dropped or moved"
    case .mislabelled: "entry \(seq) was altered: its text does not name the stream and revision that it stands under"
    case .removed: "the text of entry \(seq) was removed, and no entry says that it was erased"
    case .cutOff(let head): "the journal ends before entry \(seq), and entry \(head) is known to have existed"
    case .rewritten: "entry \(seq) has another hash than the one given: it, or one before it, was rewritten"
    case .mislinked(let kept, let right):
      "it is kept beside entry \(seq) that it \(kept), and in its stream it \(right)"
    case .endMoved(let kept, let right?):
      "entry \(seq) is the last of its stream, at revision \(right.revision), and it is kept of the stream that it "
        + "ends with entry \(kept.seq), at revision \(kept.revision)"
    case .endMoved(let kept, nil):
      "it is kept of a stream that it ends with entry \(kept.seq), at revision \(kept.revision), and it has no entries"
    }
  }

  /// The entries may be whole: what is kept to find them by is not what follows from them.
  public var isBesideTheEntries: Bool {
    switch fault {
    case .mislinked, .endMoved: true
    case .altered, .unchained, .missing, .moved, .revision, .mislabelled, .removed, .cutOff, .rewritten: false
    }
  }

  /// The other is no more than what this one leaves behind: what is kept beside the entries still names one that is not
  /// there any more, or not in that stream.
  func entails(_ other: Finding) -> Bool {
    let kept: Int
    switch other.fault {
    case .mislinked(let link, _): kept = link.previous
    case .endMoved(let end, _): kept = end.seq
    case .altered, .unchained, .missing, .moved, .revision, .mislabelled, .removed, .cutOff, .rewritten: return false
    }
    switch fault {
    case .missing(let last): return (seq...last).contains(kept)
    case .cutOff: return kept >= seq
    case .mislabelled: return kept == seq || other.seq == seq
    case .revision: return other.seq == seq
    case .altered, .unchained, .moved, .removed, .rewritten, .mislinked, .endMoved: return false
    }
  }
}

/// A finding, and what stood around it.
public struct Break: Hashable, Sendable {
  public let finding: Finding
  /// The chain at the last entry before it.
  private let before: Hash256
  /// Of the first entry from there on.
  private let digest: Hash256?
  private let chain: Hash256?
  private let imprint: Hash256?

  init(_ finding: Finding, after before: Hash256, _ next: SealedLine?) {
    (self.finding, self.before) = (finding, before)
    (digest, chain) = (next?.digest, next?.chain)
    imprint =
      switch finding.fault {
      case .altered, .mislabelled, .removed: next?.imprint
      case .unchained, .missing, .moved, .revision, .cutOff, .rewritten, .mislinked, .endMoved: nil
      }
  }

  /// What is recorded of it; nil for what can be found against a head alone.
  public var evidence: BreakEvidence? {
    let (kind, upTo): (BreakKind, Int?)
    switch finding.fault {
    case .altered: (kind, upTo) = (.altered, nil)
    case .unchained: (kind, upTo) = (.unchained, nil)
    case .missing(let last): (kind, upTo) = (.missing, last)
    case .moved: (kind, upTo) = (.moved, nil)
    case .revision: (kind, upTo) = (.revision, nil)
    case .mislabelled: (kind, upTo) = (.mislabelled, nil)
    case .removed: (kind, upTo) = (.removed, nil)
    case .cutOff(let head): (kind, upTo) = (.cutOff, head)
    case .mislinked: (kind, upTo) = (.mislinked, nil)
    case .endMoved: (kind, upTo) = (.endMoved, nil)
    case .rewritten: return nil
    }
    return BreakEvidence(
      kind: kind, upTo: upTo, chainBefore: before.hex, digestAfter: digest?.hex, chainAfter: chain?.hex,
      imprint: imprint?.hex)
  }
}

/// A break that the journal says was accepted.
public struct Acceptance: Hashable, Sendable, CustomStringConvertible {
  /// The entry that says so.
  public let by: Int
  public let accepted: AcceptedBreak
  /// What it stands for in the journal as it is; nil where that does not show, or not as it was judged.
  public internal(set) var finding: Finding?
  /// Entries after this one were there when it was accepted, as far as later entries show.
  private var limit: Int

  init(by: Int, accepted: AcceptedBreak) { (self.by, self.accepted, limit) = (by, accepted, by - 1) }

  /// A later entry knows of a break at a higher number: up to there something stood then.
  mutating func learn(ofBreakAt seq: Int) {
    if seq > accepted.seq { limit = min(limit, seq - 1) }
  }

  /// Exactly what was judged. Of what the first versions wrote only the entry's number is known: that is any one fault
  /// which a journal alone can show there, and of what is missing no more than can have been missing then. What is kept
  /// beside the entries was derived anew, so nothing that is wrong with it now was accepted.
  func accepts(_ found: Break) -> Bool {
    guard found.finding.seq == accepted.seq else { return false }
    if let evidence = accepted.evidence { return evidence == found.evidence }
    switch found.finding.fault {
    case .missing(let last): return last <= limit
    case .altered, .unchained, .moved, .revision, .mislabelled, .removed: return true
    case .cutOff, .rewritten, .mislinked, .endMoved: return false
    }
  }

  public var description: String {
    if let finding { return finding.description }
    switch accepted.evidence?.kind {
    case .cutOff?:
      let known = accepted.evidence?.upTo.map { ", and entry \($0) was known to have existed" } ?? ""
      return "the journal ended before entry \(accepted.seq)\(known)"
    case .mislinked?, .endMoved?:
      return "what was kept beside entry \(accepted.seq) did not follow from the entries, and was derived anew"
    case .altered?, .unchained?, .missing?, .moved?, .revision?, .mislabelled?, .removed?, nil:
      return "a break at entry \(accepted.seq), which does not show like that any more"
    }
  }
}
