// A break in the journal that somebody has judged, and what it looked like then: enough to know that one again and to
// take no other for it. The hashes are the chain's own, in hexadecimal digits; nothing of an entry's text is kept here.

public struct AcceptedBreak: Hashable, Sendable {
  /// The entry that the finding names.
  public let seq: Int
  public let reason: String
  /// nil while it is somebody's word alone, and in lines of versions that recorded nothing but the word.
  public let evidence: BreakEvidence?

  public init(seq: Int, reason: String, evidence: BreakEvidence? = nil) {
    (self.seq, self.reason, self.evidence) = (seq, reason, evidence)
  }
}

/// What is wrong, in the journal's words; frozen.
public enum BreakKind: String, CaseIterable, Hashable, Sendable {
  case altered, unchained, missing, moved, revision, mislabelled, removed
  case cutOff = "cut_off"
  case mislinked
  case endMoved = "end_moved"
}

public struct BreakEvidence: Hashable, Sendable {
  public let kind: BreakKind
  /// The last of the entries that are missing, or that are known to have been cut off.
  public let upTo: Int?
  /// The chain at the last entry before the break; zeros where there is none.
  public let chainBefore: String
  /// Of the first entry from the break on; nil where none is left.
  public let digestAfter: String?
  public let chainAfter: String?
  /// SHA-256 of all that stands in the entry, where its digest does not say what that is.
  public let imprint: String?

  public init(
    kind: BreakKind, upTo: Int?, chainBefore: String, digestAfter: String?, chainAfter: String?, imprint: String?
  ) {
    (self.kind, self.upTo, self.chainBefore) = (kind, upTo, chainBefore)
    (self.digestAfter, self.chainAfter, self.imprint) = (digestAfter, chainAfter, imprint)
  }
}
