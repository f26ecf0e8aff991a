// Aligned columns, and colour where a person looks at a terminal. Widths are counted before colour is put on, so that a
// table reads the same with and without. What is too wide for a terminal goes on below, in its own column.

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
  /// How many characters a line has at most, where its words allow it.
  public static let width = 100

  public struct Column: Sendable {
    let title: String
    let isNumber: Bool
    let isWhole: Bool

    /// Numbers stand to the right. A cell that is whole, as each number is, stays on one line: a time, a telephone number.
    public init(_ title: String, isNumber: Bool = false, isWhole: Bool = false) {
      (self.title, self.isNumber, self.isWhole) = (title, isNumber, isWhole || isNumber)
    }
  }

  private let columns: [Column]
  private var rows: [[Cell]] = []

  public init(_ columns: [Column]) { self.columns = columns }

  public init(_ titles: String...) { columns = titles.map { Column($0) } }

  public mutating func add(_ cells: [Cell]) { rows.append(cells) }

  public mutating func add(_ cells: Cell...) { rows.append(cells) }

  /// One string a line: the titles, then the rows; nothing trails. A row takes more than one line where it has to.
  public func lines(_ paint: Paint) -> [String] {
    let widths = widths
    let titles = lines(of: columns.map { Cell($0.title, .heading) }, widths, paint, atBottom: true)
    return titles + rows.flatMap { lines(of: $0, widths, paint, atBottom: false) }
  }

  private func lines(of row: [Cell], _ widths: [Int], _ paint: Paint, atBottom: Bool) -> [String] {
    let cells = row.enumerated().map { index, cell in cell.text.wrapped(to: widths[index]) }
    let height = cells.map(\.count).max() ?? 0
    return (0..<height).map { at in
      var (line, plain, start) = ("", 0, 0)
      for (index, texts) in cells.enumerated() {
        let own = atBottom ? at - (height - texts.count) : at
        if texts.indices.contains(own), !texts[own].isEmpty {
          let room = columns[index].isNumber ? widths[index] - texts[own].count : 0
          line += String(repeating: " ", count: start + room - plain) + paint(texts[own], row[index].style)
          plain = start + room + texts[own].count
        }
        start += widths[index] + 2
      }
      return line
    }
  }

  /// As wide as what stands in each column. Where that is too much together, the widest is made narrower, of equals the
  /// last: by its title alone as long as that helps, then by its cells too, and never by breaking a word.
  private var widths: [Int] {
    let titles = columns.map(\.title)
    let cells = columns.indices.map { index in rows.compactMap { index < $0.count ? $0[index].text : nil } }
    let contents = cells.map { $0.map(\.count).max() ?? 0 }
    let whole = columns.indices.map { max(titles[$0].longestWord, contents[$0]) }
    let least = columns.indices.map { index in
      columns[index].isWhole
        ? whole[index] : max(titles[index].longestWord, cells[index].map(\.longestWord).max() ?? 0)
    }
    var widths = columns.indices.map { max(titles[$0].count, contents[$0]) }
    let room = Table.width - 2 * (columns.count - 1)
    for floor in [whole, least] {
      while widths.reduce(0, +) > room,
        let widest = widths.indices.filter({ widths[$0] > floor[$0] }).max(by: { (widths[$0], $0) < (widths[$1], $1) })
      {
        let (texts, narrower) = ([titles[widest]] + cells[widest], widths[widest] - 1)
        widths[widest] = texts.flatMap { $0.wrapped(to: narrower) }.map(\.count).max() ?? 0
      }
    }
    return widths
  }
}

extension String {
  /// Its words on lines of so many characters at most; a longer word has a line of its own.
  func wrapped(to width: Int) -> [String] {
    guard count > width else { return [self] }
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  fileprivate var longestWord: Int { split(separator: " ").map(\.count).max() ?? 0 }
}
