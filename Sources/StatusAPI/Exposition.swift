// Writes Prometheus text, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): each family's HELP and TYPE
// once, its samples together, histograms cumulative.
import Coordination

struct Exposition {
  enum Kind: String { case counter, gauge, histogram }

  typealias Labels = [(name: String, value: String)]

  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: Labels, value: Double)]) {
    head(name, kind, help)
    for sample in samples { line(name, sample.labels, sample.value) }
  }

  mutating func one(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    family(name, kind, help, [([], value)])
  }

  mutating func histograms(_ name: String, _ help: String, _ samples: [(labels: Labels, value: Histogram)]) {
    head(name, .histogram, help)
    for (labels, histogram) in samples {
      var total = 0
      for (bound, count) in zip(histogram.bounds.map(Exposition.number) + ["+Inf"], histogram.counts) {
        total += count
        line(name + "_bucket", labels + [("le", bound)], Double(total))
      }
      line(name + "_sum", labels, histogram.sum)
      line(name + "_count", labels, Double(total))
    }
  }

  private mutating func head(_ name: String, _ kind: Kind, _ help: String) {
    let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  private mutating func line(_ name: String, _ labels: Labels, _ value: Double) {
    let pairs = labels.map { "\($0.name)=\"\(Exposition.escaped($0.value))\"" }
    text += pairs.isEmpty ? name : "\(name){\(pairs.joined(separator: ","))}"
    text += " \(Exposition.number(value))\n"
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
    return Int64(exactly: value).map(String.init) ?? String(value)
  }
}
