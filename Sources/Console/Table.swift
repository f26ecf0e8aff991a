// Aligned columns, and colour where a person looks at a terminal. Widths are counted before colour is put on, so that a
// table reads the same with and without.

public enum Style: Hashable, Sendable { case plain, heading, good, warning, alarm, faint }

/// Puts colour on text, or does not.
public struct Paint: Hashable, Sendable {
  public let isOn: Bool

  public init(isOn: Bool) { self.isOn = isOn }

  /// On for a terminal, unless `NO_COLOR` is set to anything (no-color.org) or the terminal is dumb.
  public init(isTerminal: Bool, environment: [String: String]) {
    isOn = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  public func callAsFunction(_ text: String, _ style: Style) -> String {
    guard isOn, let code = Paint.code(style), !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  private static func code(_ style: Style) -> String? {
    switch style {
    case .plain: nil
    case .heading: "1"
    case .good: "32"
    case .warning: "33"
    case .alarm: "1;31"
    case .faint: "2"
    }
  }
}

public struct Cell: Hashable, Sendable, ExpressibleByStringInterpolation {
  public let text: String
  public let style: Style

  public init(_ text: String, _ style: Style = .plain) { (self.text, self.style) = (text, style) }

  public init(stringLiteral value: String) { self.init(value) }
}

public struct Table: Sendable {
  public struct Column: Sendable {
    let title: String
    let isNumber: Bool

    /// Numbers stand to the right.
    public init(_ title: String, isNumber: Bool = false) { (self.title, self.isNumber) = (title, isNumber) }
  }

  private let columns: [Column]
  private var rows: [[Cell]] = []

  public init(_ columns: [Column]) { self.columns = columns }

  public init(_ titles: String...) { columns = titles.map { Column($0) } }

  public mutating func add(_ cells: [Cell]) { rows.append(cells) }

  public mutating func add(_ cells: Cell...) { rows.append(cells) }

  /// One string a line: the titles, then the rows; nothing trails.
  public func lines(_ paint: Paint) -> [String] {
    let all = [columns.map { Cell($0.title, .heading) }] + rows
    let widths = columns.indices.map { index in all.map { index < $0.count ? $0[index].text.count : 0 }.max() ?? 0 }
    return all.map { row in
      var line = ""
      var plain = 0
      for (index, cell) in row.enumerated() where !cell.text.isEmpty {
        let start = widths[..<index].reduce(0) { $0 + $1 + 2 }
        let room = columns[index].isNumber ? widths[index] - cell.text.count : 0
        line += String(repeating: " ", count: start + room - plain) + paint(cell.text, cell.style)
        plain = start + room + cell.text.count
      }
      return line
    }
  }
}
