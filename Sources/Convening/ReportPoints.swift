// What the figures are held against, as the settings name it: a goal and shares of earlier times. They are points with their
// labels. Nobody knows how those were counted, so no line ever joins them to the months.

public struct ReportPoints: Hashable, Sendable {
  public struct Baseline: Hashable, Sendable {
    public let label: String
    /// 0...1
    public let value: Double

    public init(label: String, value: Double) { (self.label, self.value) = (label, value) }
  }

  /// 0...1; nil: none was agreed.
  public let goal: Double?
  /// In the order of the settings.
  public let baselines: [Baseline]

  public init(goal: Double? = nil, baselines: [Baseline] = []) { (self.goal, self.baselines) = (goal, baselines) }
}
