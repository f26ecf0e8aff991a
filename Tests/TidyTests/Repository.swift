// The repository as the rules of style see it: its own files, found from this file's path, and what Package.swift
// declares. Build folders and git's own are passed over; nothing is ever written.
import Foundation

struct SourceFile {
  /// From the repository's root, `Sources/Convening/Instant.swift`.
  let path: String
  let text: String
  /// The text without comments and without the words of its strings.
  let code: String

  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Whether the code has that text, not as the end of a longer word: `Entry?` does not say `try?`.
  func says(_ text: String) -> Bool {
    code.contains(text)
      && code.ranges(of: text).contains { range in
        guard range.lowerBound > code.startIndex else { return true }
        let before = code[code.index(before: range.lowerBound)]
        return !(before.isLetter || before.isNumber || before == "_")
      }
  }

  /// The modules that it imports.
  var imports: [String] {
    code.matches(
      of: /^[ \t]*(?:@\w+[ \t]+)*(?:\w+[ \t]+)?import[ \t]+(?:(?:struct|class|enum|func|protocol)[ \t]+)?(\w+)/
        .anchorsMatchLineEndings()
    ).map { String($0.1) }
  }
}

/// A target as Package.swift states it.
struct DeclaredTarget {
  let name: String
  let folder: String
  /// Targets of this package.
  let siblings: [String]
  /// Products of other packages.
  let products: [String]
}

enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Every file that is not built, by its path from the root, in order.
  static func paths() throws -> [String] {
    let prefix = root.path(percentEncoded: false)
    guard let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey]) else {
      return []
    }
    var paths: [String] = []
    for case let url as URL in found {
      if url.lastPathComponent.hasPrefix(".build") || url.lastPathComponent == ".git" {
        found.skipDescendants()
      } else if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
        paths.append(String(url.path(percentEncoded: false).dropFirst(prefix.count)))
      }
    }
    return paths.sorted()
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The Swift files under a folder of the root: `Sources`, `Tests/TidyTests`.
  static func swift(under folder: String) throws -> [SourceFile] {
    try paths().filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".swift") }.map { path in
      let text = try text(path)
      return SourceFile(path: path, text: text, code: CodeReader.code(of: text))
    }
  }

  /// What Package.swift declares, read as text: building it to ask would take the lock that the test run holds.
  static func targets() throws -> [DeclaredTarget] {
    let text = try text("Package.swift")
    let short = Dictionary(
      text.matches(of: /let (\w+) = Target\.Dependency\.product\(name: "(\w+)"/).map { (String($0.1), String($0.2)) },
      uniquingKeysWith: { first, _ in first })
    let starts = text.matches(of: /\.(target|executableTarget|testTarget)\(\s*name: "(\w+)"/)
    return starts.enumerated().map { index, start in
      let end = index + 1 < starts.count ? starts[index + 1].range.lowerBound : text.endIndex
      let body = text[start.range.upperBound..<end]
      var list = body.firstMatch(of: /dependencies: \[([^\]]*)\]/).map { String($0.1) } ?? ""
      var products = list.matches(of: /\.product\(name: "(\w+)"[^)]*\)/).map { String($0.1) }
      list.replace(/\.product\([^)]*\)/, with: "")
      let siblings = list.matches(of: /"(\w+)"/).map { String($0.1) }
      list.replace(/"\w+"/, with: "")
      products += list.matches(of: /\w+/).compactMap { short[String($0.0)] }
      let name = String(start.2)
      let usual = (start.1 == "testTarget" ? "Tests/" : "Sources/") + name
      let folder = body.firstMatch(of: /path: "([^"]+)"/).map { String($0.1) } ?? usual
      return DeclaredTarget(name: name, folder: folder, siblings: siblings, products: products)
    }
  }
}
