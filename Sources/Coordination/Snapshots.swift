// The reports that are kept, as the docket knows them: which versions there are, of what, since when. What they say stands in
// the journal alone, in the line whose digest is in the chain, and is read from there by who asks.
import Convening
import Wire

public struct Snapshots: Hashable, Sendable {
  /// Each name's versions, oldest first.
  private var versions: [SnapshotName: [ReportSnapshot]] = [:]

  /// By name, then version.
  public var all: [ReportSnapshot] { versions.sorted { $0.key < $1.key }.flatMap(\.value) }

  public subscript(name: SnapshotName) -> [ReportSnapshot] { versions[name] ?? [] }

  public mutating func take(_ entry: Entry) {
    guard case .report(let name) = entry.stream,
      case .snapshotTaken(let from, let to, let reason, let digest, _) = entry.event
    else { return }
    versions[name, default: []].append(
      ReportSnapshot(
        name: name, version: entry.revision, from: from, to: to, reason: reason, keptAt: entry.at, digest: digest))
  }
}
