// The pages of docs and the README: whatever they tell somebody to type is understood by the program that they tell of, and
// none of them is forgotten by the README.
import ArgumentParser
import Foundation
import Testing

@testable import convenectl

@Suite struct PageTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

  static let pages: [String] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)) ?? []
    return ["README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
  }()

  private func text(_ page: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
  }

  /// In a fenced block a line is typed as it stands.
  @Test(arguments: pages)
  func whatABlockSaysIsUnderstood(page: String) throws {
    // One option is understood only where the file that it is about is a journal.
    let journal = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID().uuidString).sqlite")
    try Data("SQLite format 3\0".utf8).write(to: journal)
    defer { try? FileManager.default.removeItem(at: journal) }
    for block in try text(page).matches(of: /(?s)\n```\w*\n(.*?)\n```/).map(\.1) {
      for line in block.replacing("\\\n", with: " ").split(separator: "\n") {
        for words in Self.commands(in: String(line)) {
          let here = words.map { $0 == "/var/lib/convened/journal.sqlite" ? journal.path : $0 }
          #expect(throws: Never.self, "\(page): \(line)") { try parse(here) }
        }
      }
    }
  }

  /// In a sentence it may be the beginning of one: there is such a command, and it has these options.
  @Test(arguments: pages)
  func whatASentenceNamesIsThere(page: String) throws {
    let prose = try text(page).replacing(/(?s)\n```\w*\n.*?\n```/, with: "\n")
    for span in prose.matches(of: /`([^`\n]+)`/).map({ String($0.1) }) {
      for words in Self.commands(in: span) {
        let (command, rest) = Self.command(words)
        let isLeaf = Self.below(command).isEmpty || command.configuration.defaultSubcommand != nil
        #expect(isLeaf || rest.allSatisfy { $0.hasPrefix("--") }, "\(page): \(span)")
        let help = Self.help(command)
        for option in rest where option.hasPrefix("--") { #expect(help.contains(option), "\(page): \(span)") }
      }
    }
  }

  @Test func theReadmeLeadsToEachPage() throws {
    let readme = try text("README.md")
    for page in Self.pages where page != "README.md" { #expect(readme.contains("(\(page))"), "\(page)") }
    #expect(Self.pages.count > 6)
  }

  /// What a shell would hand to the program.
  @Test func lines() {
    #expect(Self.commands(in: "# convenectl nothing").isEmpty)
    #expect(Self.commands(in: "sudo convened run").isEmpty)
    #expect(
      Self.commands(in: "$ convenectl call a --number \"0113 4\" --x 'y z'  # why") == [
        ["call", "a", "--number", "0113 4", "--x", "y z"]
      ])
    #expect(
      Self.commands(in: "sudo convenectl secret new --out - | convenectl check && convenectl status > x") == [
        ["secret", "new", "--out", "-"], ["check"], ["status"],
      ])
    #expect(Self.commands(in: "id=$(convenectl list --limit 1)") == [["list", "--limit", "1"]])
  }

  // MARK: - Reading

  private func parse(_ words: [String]) throws {
    do { _ = try Convenectl.parseAsRoot(words) } catch  where Convenectl.exitCode(for: error) == .success {
      // --help
    }
  }

  /// The words after each `convenectl` of a line; without redirections and comments.
  static func commands(in line: String) -> [[String]] {
    var commands: [[String]] = [[]]
    var (word, quote): (String?, Character?) = (nil, nil)
    var isOver = false
    func end() {
      if let word { commands[commands.count - 1].append(word) }
      word = nil
    }
    for character in line.replacing("$(", with: " ; ") + " " where !isOver {
      switch character {
      case _ where character == quote: quote = nil
      case _ where quote != nil: word = (word ?? "") + String(character)
      case "\"", "'": (quote, word) = (character, word ?? "")
      case "#" where word == nil: isOver = true
      case ">", "<":
        end()
        commands[commands.count - 1].append(">")
      case "|", "&", ";", ")":
        end()
        commands.append([])
      case " ": end()
      default: word = (word ?? "") + String(character)
      }
    }
    return commands.compactMap { words in
      guard let start = words.firstIndex(of: "convenectl"), words[..<start].allSatisfy({ ["$", "sudo"].contains($0) })
      else { return nil }
      return Array(words[(start + 1)...].prefix { $0 != ">" })
    }
  }

  /// As deep as the words lead, and the words that are left.
  private static func command(_ words: [String]) -> (any ParsableCommand.Type, [String]) {
    var command: any ParsableCommand.Type = Convenectl.self
    var rest = words[...]
    while let word = rest.first, let next = below(command).first(where: { $0.configuration.commandName == word }) {
      command = next
      rest = rest.dropFirst()
    }
    return (command, Array(rest))
  }

  private static func below(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    let configuration = command.configuration
    return configuration.groupedSubcommands.flatMap(\.subcommands) + configuration.ungroupedSubcommands
  }

  private static func help(_ command: any ParsableCommand.Type) -> String {
    ([command] + below(command)).map { Convenectl.helpMessage(for: $0) }.joined()
  }
}
