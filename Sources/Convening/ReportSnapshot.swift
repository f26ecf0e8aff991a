// A report that is kept as it was: what was published stays what it was, whatever is recorded later. Nothing changes one; a
// correction is a new version beside it, and says why. What it says is text here: its bytes are the business of `Wire`.

/// One version of a kept report, without what it says.
public struct ReportSnapshot: Hashable, Sendable {
  public let name: SnapshotName
  /// 1...; also its revision in the journal's stream of that name.
  public let version: Int
  public let from: Instant
  public let to: Instant
  /// Why there is another version; of the first one it may be nil.
  public let reason: String?
  /// When it was recorded.
  public let keptAt: Instant
  /// SHA-256 of the document's bytes, in hexadecimal.
  public let digest: String

  public init(
    name: SnapshotName, version: Int, from: Instant, to: Instant, reason: String?, keptAt: Instant, digest: String
  ) {
    (self.name, self.version, self.from, self.to) = (name, version, from, to)
    (self.reason, self.keptAt, self.digest) = (reason, keptAt, digest)
  }
}

/// What somebody wants to be kept.
public struct SnapshotWish: Hashable, Sendable {
  public let name: SnapshotName
  public let from: Instant
  public let to: Instant
  public let reason: String?
  /// The report as it is now.
  public let document: String

  public init(name: SnapshotName, from: Instant, to: Instant, reason: String?, document: String) {
    (self.name, self.from, self.to, self.reason, self.document) = (name, from, to, reason, document)
  }

  /// The version that it asks for again; nil where it makes a new one.
  ///
  /// - Parameter versions: those of the name, oldest first.
  ///
  /// Throws: `Refusal.snapshotKept` where there are some, it is none of them, and nobody says why there should be another.
  public func standing(among versions: [ReportSnapshot]) throws(Refusal) -> ReportSnapshot? {
    if let same = versions.first(where: { ($0.from, $0.to) == (from, to) && $0.reason == reason }) { return same }
    guard versions.isEmpty || reason != nil else { throw .snapshotKept }
    return nil
  }
}
