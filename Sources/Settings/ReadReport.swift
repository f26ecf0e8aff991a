// What the report's figures are held against: a goal, and shares of earlier times with their labels.
import Convening
internal import Yams

extension SettingsReading {
  func readPoints(_ node: Node?) -> ReportPoints {
    let part = report.object(node, "report", ["goal", "baselines"])
    let empty = "Write `[{label: July 2021, value: 0.45}]`."
    let nodes = report.list(part?["baselines"], "baselines", empty: empty) ?? []
    let baselines = nodes.compactMap { node -> ReportPoints.Baseline? in
      let point = report.object(node, "a baseline", ["label", "value"])
      let label = report.text(report.required(point, "label", "a baseline"), "label")
      let value = share(report.required(point, "value", "a baseline"), "value")
      guard let label, let value else { return nil }
      return ReportPoints.Baseline(label: label, value: value)
    }
    return ReportPoints(goal: share(part?["goal"], "goal"), baselines: baselines)
  }

  /// From 0 to 1.
  private func share(_ node: Node?, _ name: String) -> Double? {
    guard let node, let text = report.text(node, name) else { return nil }
    guard let share = Double(text), (0...1).contains(share) else {
      report.add(node, "\(name) is not a share", "Write a number from 0 to 1: `0.9` for 90 %.")
      return nil
    }
    return share
  }
}
