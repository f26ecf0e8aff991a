// The part of the settings that a rehearsal needs: who holds which place, the calendar, and the policies. Secrets and addresses
// are not read, so that whoever agrees a policy need not be allowed to read them.
import Convening
internal import Yams
import Foundation

extension Settings {
  /// Reads a settings file, and the policies of another one where it is given: a whole settings file, of which everything is
  /// taken, or one that has `policies` alone, read with the agencies and hours of the first.
  ///
  /// - Parameters:
  ///   - path: the YAML file; relative paths in it start at its folder.
  ///   - policies: the other one; nil: none.
  /// - Returns: or every fault, in the order of their places.
  public static func loadPolicies(path: String, policies: String? = nil) -> Result<PolicySettings, SettingsFaults> {
    if let policies {
      let report = FaultReport(file: policies)
      guard let root = read(policies, report) else { return .failure(report.outcome) }
      if root.mapping?["authority"] == nil {
        return load(path: path).flatMap { base, reading in part(root, report, base, reading) }
      }
    }
    return load(path: policies ?? path).map(\.0)
  }

  private static func load(path: String) -> Result<(PolicySettings, SettingsReading), SettingsFaults> {
    let report = FaultReport(file: path)
    guard let root = read(path, report) else { return .failure(report.outcome) }
    var reading = SettingsReading(report: report, folder: (path as NSString).deletingLastPathComponent, now: nil)
    guard let settings = reading.policySettings(root), report.faults.isEmpty else { return .failure(report.outcome) }
    return .success((settings, reading))
  }

  private static func part(
    _ root: Node, _ report: FaultReport, _ base: PolicySettings, _ reading: SettingsReading
  ) -> Result<PolicySettings, SettingsFaults> {
    let file = report.object(root, "a file with policies alone", ["policies"])
    let policies = reading.reporting(to: report).readPolicies(
      report.required(file, "policies", "a file with policies alone"), today: nil)
    guard report.faults.isEmpty else { return .failure(report.outcome) }
    return .success(PolicySettings(arrangements: base.arrangements, policies: policies))
  }

  private static func read(_ path: String, _ report: FaultReport) -> Node? {
    text(of: path, report).flatMap { report.compose($0) }
  }
}
