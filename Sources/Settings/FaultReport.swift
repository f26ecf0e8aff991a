// Collects faults and warnings while a file is read; a class, because every reader of a part adds to the same one.
internal import Yams

final class FaultReport {
  let file: String
  private(set) var faults: [SettingsFault] = []
  private(set) var warnings: [SettingsFault] = []

  init(file: String) { self.file = file }

  var outcome: SettingsFaults {
    SettingsFaults(faults: faults.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) })
  }

  func add(_ node: Node?, _ what: String, _ mend: String) {
    faults.append(fault(node, what, mend))
  }

  func warn(_ node: Node?, _ what: String, _ mend: String) { warnings.append(fault(node, what, mend)) }

  private func fault(_ node: Node?, _ what: String, _ mend: String) -> SettingsFault {
    SettingsFault(file: file, line: node?.mark?.line, column: node?.mark?.column, what: what, mend: mend)
  }

  /// The file is not YAML at all.
  func add(yaml error: any Error) {
    var (line, column): (Int?, Int?) = (nil, nil)
    var what = "is not YAML"
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (line, column) = (mark.line, mark.column)
      what = problem
    case .duplicatedKeysInMapping(let duplicates, let context):
      (line, column) = (context.mark.line, context.mark.column)
      what = "the key \(duplicates.first ?? "") stands here twice"
    case nil, .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded: break
    }
    faults.append(
      SettingsFault(file: file, line: line, column: column, what: what, mend: "Mend the YAML here; indentation counts.")
    )
  }
}
