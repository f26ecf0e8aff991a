// Every fault has its place and its mend: one line of the good file is changed at a time, and what is said is compared. The
// changes stand in faults.txt, each as a difference of the file and what is said of it.
import Foundation
import Testing

/// One change to the good file, and what is said about it.
struct Change: Sendable, CustomTestStringConvertible {
  let says: String
  let replace: String
  let with: String
  /// Each fault's beginning, in their order: `line:column: what. mend`.
  let faults: [String]

  init(_ says: String, _ replace: String, _ with: String, _ faults: String...) {
    (self.says, self.replace, self.with, self.faults) = (says, replace, with, faults)
  }

  /// A row of faults.txt: what it is about, and below it lines that go (`-`), lines that come (`+`) and what is said (`>`).
  init(row: [Substring]) {
    func lines(_ mark: String) -> [String] {
      row.filter { $0.hasPrefix("  \(mark) ") }.map { String($0.dropFirst(4)) }
    }
    (says, faults) = (row.first.map(String.init) ?? "", lines(">"))
    (replace, with) = (lines("-").joined(separator: "\n"), lines("+").joined(separator: "\n"))
  }

  var testDescription: String { says }
  var yaml: String { Town.yaml.replacing(replace, with: with) }
}

@Suite struct FaultTests {
  /// `==` begins a section of the file.
  private static let told: [Change] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "faults.txt")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("==") }
    let starts = lines.indices.filter { !lines[$0].hasPrefix("  ") }
    return zip(starts, starts.dropFirst() + [lines.endIndex]).map { Change(row: Array(lines[$0..<$1])) }
  }()

  /// What no line of a text shows.
  private static let others: [Change] = [
    Change("a list for the file", Town.yaml, "[1, 2]", "1:1: the file is not a list of keys and values."),
    Change("an empty file", Town.yaml, "# nothing\n", "is empty. Begin with the pattern"),
    Change("a character that YAML has not", "name: Leeds", "name: \"Le\u{7}eds\"", "2:12: this is not YAML: "),
    Change(
      "a path too long for a socket", "status: status.sock", "status: /\(String(repeating: "x", count: 107))",
      "9:19: this path is too long for a socket. Shorten it to 107 bytes"),
  ]

  @Test func theTableWasRead() {
    #expect(Self.told.count > 130)
    #expect(Self.told.allSatisfy { !$0.replace.isEmpty && !$0.faults.isEmpty })
  }

  @Test(arguments: told + others)
  func eachFaultHasItsPlaceAndItsMend(change: Change) throws {
    try #require(change.yaml != Town.yaml)
    let faults = try Town().faults(change.yaml)
    #expect(
      faults.count == change.faults.count && zip(faults, change.faults).allSatisfy { $0.hasPrefix($1) },
      "said: \(faults.joined(separator: "\n      "))")
  }

  @Test func tenFaultsAreSaidAtOnceInTheirOrder() throws {
    let names = [
      "an unknown key", "a source with a space", "no bank holidays", "hours that end before they begin", "plain http",
      "an agency without a contact", "a first day that is none", "a required agency that is not there",
      "a first step that waits", "a place that no agency has",
    ]
    let changes = Self.told.filter { names.contains($0.says) }
    #expect(changes.count == names.count)
    let yaml = changes.reduce(Town.yaml) { $0.replacing($1.replace, with: $1.with) }
    let faults = try Town().faults(yaml)
    #expect(faults.count == 11)
    for fault in changes.flatMap(\.faults) { #expect(faults.contains { $0.hasPrefix(fault) }, "\(fault) is missing") }
    let lines = faults.compactMap { Int($0.prefix { $0 != ":" }) }
    #expect(lines == lines.sorted())
  }

  @Test func aFileThatIsNotThereOrNotTextSaysSo() throws {
    let town = try Town()
    let latin = Data("a: \u{FFFD}\nb: ".utf8) + Data([0xE9])
    #expect(try town.faults(latin) == ["2:1: this line is not UTF-8. Save the file as UTF-8."])
    let large = Data(repeating: 0x20, count: 1 << 21)
    #expect(try town.faults(large) == ["is larger than 1 MiB. Check the path: settings are a page or two of text."])
    #expect(try town.faults(nil as Data?) == ["cannot be read. Check the path, and that this user may read it."])
  }
}
