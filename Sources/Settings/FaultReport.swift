// Collects faults and warnings while a file is read; a class, because every reader of a part adds to the same one.
internal import Yams

final class FaultReport {
  let file: String
  private(set) var faults: [SettingsFault] = []
  private(set) var warnings: [SettingsFault] = []
  /// Keys that were covered because a later one of the same name follows (`Composing.swift`).
  private(set) var covers: Set<String> = []

  init(file: String) { self.file = file }

  /// In the order of their places; those without a place first.
  var outcome: SettingsFaults { SettingsFaults(faults: inOrder(faults)) }

  var sortedWarnings: [SettingsFault] { inOrder(warnings) }

  func add(_ node: Node?, _ what: String, _ mend: String) { add(at: node?.mark, what, mend) }

  func add(at mark: Mark?, _ what: String, _ mend: String) { add(mark?.line, mark?.column, what, mend) }

  func add(_ line: Int?, _ column: Int?, _ what: String, _ mend: String) {
    faults.append(SettingsFault(file: file, line: line, column: column, what: what, mend: mend))
  }

  func warn(_ node: Node?, _ what: String, _ mend: String) {
    let mark = node?.mark
    warnings.append(SettingsFault(file: file, line: mark?.line, column: mark?.column, what: what, mend: mend))
  }

  func ignore(_ cover: String) { covers.insert(cover) }

  /// The file is not YAML at all. What the parser quotes of the file stays unsaid.
  func add(yaml error: any Error) {
    let mend = "Mend the YAML here; indentation counts."
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      add(at: mark, "this is not YAML: \(problem)", mend)
    case .duplicatedKeysInMapping(_, let context):
      add(at: context.mark, "a key stands here more than once", "Keep one of them.")
    case .reader(let problem, let offset, _, let yaml):
      let before = offset.map { yaml.prefix($0) } ?? ""
      let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      add(
        lines.count, (lines.last?.unicodeScalars.count ?? 0) + 1, "this is not YAML: \(problem)",
        "Take the character out.")
    case nil, .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      add(nil, "is not YAML", mend)
    }
  }

  private func inOrder(_ faults: [SettingsFault]) -> [SettingsFault] {
    faults.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
  }
}
