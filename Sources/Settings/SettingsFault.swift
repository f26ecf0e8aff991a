// What is wrong with a settings file: where, what, and the mend. All faults are found in one reading. Nothing of a secret
// or of a URL is ever repeated in one.

public struct SettingsFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let file: String
  /// 1...; nil where the fault has no place, such as a file that is missing.
  public let line: Int?
  public let column: Int?
  public let what: String
  /// What to do.
  public let mend: String

  public var description: String {
    let place = [line, column].compactMap { $0.map { ":\($0)" } }.joined()
    return "\(file)\(place): \(what). \(mend)"
  }
}

/// Every fault of a file, in the order of their places.
public struct SettingsFaults: Error, Hashable, Sendable, CustomStringConvertible {
  public let faults: [SettingsFault]
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
