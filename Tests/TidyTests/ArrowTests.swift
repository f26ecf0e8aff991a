// The arrows of docs/ARCHITECTURE.md as tests: floors and no way back up, nothing imported that Package.swift does
// not declare, and no circle among the files of Sources.
import Testing

struct ArrowTests {
  /// Targets of Sources by floor; each imports only from floors below its own, so adapters never see each other.
  static let floors: [[String]] = [
    ["Convening", "CCurl", "CHost"],
    ["Wire"],
    ["Coordination"],
    ["Settings", "JournalSQLite", "Webhooks", "StatusAPI"],
    ["Console"],
    ["convened", "convenectl"],
  ]

  /// What comes with the toolchain and the C library.
  static let toolchain: Set<String> = [
    "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Testing",
  ]

  /// Products whose modules bear other names than the product's.
  static let modules = ["Collections": ["Collections", "DequeModule", "HeapModule", "OrderedCollections"]]

  @Test func everyImportIsDeclared() throws {
    let targets = try Repository.targets()
    #expect(targets.contains { $0.name == "Convening" }, "Package.swift was not understood")
    var faults: [String] = []
    for target in targets {
      let products = target.products.flatMap { Self.modules[$0] ?? [$0] }
      let allowed = Self.toolchain.union(target.siblings).union(products)
      for file in try Repository.swift(under: target.folder) {
        faults += file.imports.filter { !allowed.contains($0) }.map { "\(file.path): import \($0)" }
      }
    }
    #expect(faults == [])
  }

  @Test func noArrowLeadsBackUp() throws {
    var floorOf: [String: Int] = [:]
    for (floor, names) in Self.floors.enumerated() { for name in names { floorOf[name] = floor } }
    var faults: [String] = []
    for target in try Repository.targets() where target.folder.hasPrefix("Sources/") {
      guard let floor = floorOf[target.name] else {
        faults.append("\(target.name) stands on no floor")
        continue
      }
      faults += target.siblings.filter { floorOf[$0, default: .max] >= floor }.map { "\(target.name) -> \($0)" }
    }
    #expect(faults == [])
  }

  /// Foundation's one task in the rules is to say where clock changes fall.
  @Test func theRulesImportNothing() throws {
    let faults = try Repository.swift(under: "Sources/Convening").flatMap { file in
      file.imports.filter { $0 != "Foundation" || file.name != "WorkingTime.swift" }
        .map { "\(file.path): import \($0)" }
    }
    #expect(faults == [])
  }

  @Test func noCircleAmongTheFiles() throws {
    let files = try Repository.swift(under: "Sources")
    let leans = Leanings(files)
    let reach = leans.reach
    let circling = leans.arrows.filter { reach[$0.on, default: []].contains($0.from) }
    let pairs = Dictionary(grouping: circling) { "\($0.from) -> \($0.on)" }
    #expect(pairs.map { "\($0): \($1.map(\.by).joined(separator: ", "))" }.sorted() == [])
  }
}

/// Who leans on whom: a file leans on another when it uses a type or calls a top-level function that only that file
/// declares, in its own target or in one that it imports. Names declared twice are passed over, so an arrow can be missing
/// and none is invented.
struct Leanings {
  struct Arrow {
    let from: String
    let on: String
    let by: String
  }

  let arrows: [Arrow]

  /// Each file with all those that it leans on, straight or by way of others.
  var reach: [String: Set<String>] {
    let straight = Dictionary(grouping: arrows, by: \.from).mapValues { Set($0.map(\.on)) }
    return straight.mapValues { first in
      var (seen, next) = (first, Array(first))
      while let file = next.popLast() {
        let new = straight[file, default: []].subtracting(seen)
        seen.formUnion(new)
        next += new
      }
      return seen
    }
  }

  init(_ files: [SourceFile]) {
    let declared = files.map(Leanings.declarations)
    var owners: [String: [Int]] = [:]
    for (index, names) in declared.enumerated() { for name in names { owners[name, default: []].append(index) } }
    arrows = files.indices.flatMap { index in
      let file = files[index]
      let reach = Set(file.imports).union([Leanings.target(of: file)])
      return Leanings.uses(file).subtracting(declared[index]).sorted().compactMap { name -> Arrow? in
        let within = owners[name, default: []].filter { reach.contains(Leanings.target(of: files[$0])) }
        guard within.count == 1, within[0] != index else { return nil }
        return Arrow(from: file.path, on: files[within[0]].path, by: name)
      }
    }
  }

  private static func target(of file: SourceFile) -> String {
    file.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  /// Types and functions at the top level of a file.
  private static func declarations(_ file: SourceFile) -> Set<String> {
    let words: Set = ["struct", "class", "enum", "actor", "protocol", "typealias", "func"]
    var names: Set<String> = []
    for line in file.code.split(separator: "\n") where line.first?.isWhitespace == false {
      let parts = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      if let at = parts.firstIndex(where: { words.contains(String($0)) }), at + 1 < parts.count, at < 6 {
        names.insert(String(parts[at + 1]))
      }
    }
    return names
  }

  /// Words that begin with a capital, and those that are called: no dot before them, nor `case` or `func`.
  private static func uses(_ file: SourceFile) -> Set<String> {
    var names: Set<String> = []
    let bytes = Array(file.code.utf8)
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      default: false
      }
    }
    var (at, before) = (0, "")
    while at < bytes.count {
      var end = at
      while end < bytes.count, isWord(bytes[end]) { end += 1 }
      if end > at {
        let word = String(decoding: bytes[at..<end], as: UTF8.self)
        let capital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[at])
        let called =
          end < bytes.count && bytes[end] == UInt8(ascii: "(") && (at == 0 || bytes[at - 1] != UInt8(ascii: "."))
        if capital || called && before != "case" && before != "func" { names.insert(word) }
        before = word
      }
      at = end + 1
    }
    return names
  }
}
