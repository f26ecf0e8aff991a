// Rules of style as tests, so that no reviewer has to say them twice. Each test answers the list of faults, with file and
// reason; the lists of exceptions carry a reason each, and an exception that nothing needs any more is a fault too.
import Foundation
import Testing

struct TidyTests {
  /// A word that may stand in one file of Sources after all, and why.
  struct Exception: Hashable {
    let file: String
    let word: String
    let why: String
  }

  static let exceptions: [Exception] = []

  /// What is looked for, as texts: this file names the words and calls none of them. Nothing here waits.
  static let waits = ["Task.sleep", "Thread.sleep", "usleep(", "nanosleep("]
  static let bannedInSources =
    waits + ["@unchecked Sendable", "nonisolated(unsafe)", "try!", "try?", "fatalError("]

  @Test func noBannedWordInSources() throws {
    var faults: [String] = []
    var used: Set<Exception> = []
    for file in try Repository.swift(under: "Sources") {
      for word in Self.bannedInSources where file.says(word) {
        if let exception = Self.exceptions.first(where: { $0.file == file.path && $0.word == word }) {
          used.insert(exception)
        } else {
          faults.append("\(file.path): \(word)")
        }
      }
      faults += ["TODO", "FIXME"].filter { file.text.contains($0) }.map { "\(file.path): \($0)" }
    }
    faults += Set(Self.exceptions).subtracting(used).map { "\($0.file): \($0.word) is excepted and not there" }
    #expect(faults == [])
  }

  /// A planted fault whose text the code no longer has plants nothing: its checker would pass for a proven one.
  @Test func everyPlantedFaultFitsTheCode() throws {
    let text = try Repository.text("Tests/Planted/faults.toml")
    let faults = text.matches(of: /file = '([^']+)'\s+old = '''([\s\S]*?)'''/)
    let stale = try faults.compactMap { fault -> String? in
      // TOML passes over a line's end behind the quotes.
      let old = fault.2.hasPrefix("\n") ? fault.2.dropFirst() : fault.2
      let count = try Repository.text("Sources/\(fault.1)").ranges(of: old).count
      return count == 1 ? nil : "\(fault.1): \(count) times \(fault.2.prefix(60))"
    }
    #expect(stale == [])
    #expect(!faults.isEmpty && faults.count == text.ranges(of: "[[fault]]").count)
  }

  /// A test that waits for a time is slow on a good day and wrong on a bad one.
  @Test func noTestSleeps() throws {
    let faults = try Repository.swift(under: "Tests").flatMap { file in
      (Self.waits + ["sleep("]).filter(file.says).map { "\(file.path): \($0)" }
    }
    #expect(faults == [])
  }

  @Test func everyFileOpensWithOneToFiveSentences() throws {
    let files = try Repository.swift(under: "Sources") + Repository.swift(under: "Tests")
    let faults = files.compactMap { file -> String? in
      let opening = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        .prefix { $0.hasPrefix("//") }.map { $0.drop { $0 == "/" } }.joined(separator: " ")
      let sentences = opening.matches(of: /[.!?:]["”)]?(\s|$)/).filter { !$0.0.hasPrefix(":") }.count
      return (1...5).contains(sentences) ? nil : "\(file.path): \(sentences) sentences"
    }
    #expect(faults == [])
  }

  @Test func noFileIsOver500Lines() throws {
    let faults = try Repository.paths().compactMap { path -> String? in
      guard [".swift", ".c", ".h", ".sh"].contains(where: path.hasSuffix) else { return nil }
      let lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count - 1
      return lines > 500 ? "\(path): \(lines) lines" : nil
    }
    #expect(faults == [])
  }

  /// The rules are functions of their arguments: the same on every day, on every machine, in every replay. A lot may be
  /// drawn from a generator that the caller hands in.
  @Test func theRulesReadNoClockAndDrawNoLot() throws {
    let words = [
      "Date()", "Date.now", "Clock()", "Clock.now", "DispatchTime", "ProcessInfo", "FileManager", "UUID(",
      "SystemRandomNumberGenerator", "clock_gettime", "getenv", "print(", "await ",
    ]
    var faults: [String] = []
    for file in try Repository.swift(under: "Sources/Convening") {
      faults += words.filter(file.says).map { "\(file.path): \($0)" }
      for line in file.code.split(separator: "\n") where line.contains(/\.(random|shuffle)/) && !line.contains("using:")
      {
        faults.append("\(file.path): \(line)")
      }
    }
    #expect(faults == [])
  }

  /// What belongs to one machine: the folder that this clone stands in, and homes. Built files are never tracked.
  @Test func noTrackedFileKnowsThisMachine() throws {
    let tracked = try Repository.tracked()
    let words = Repository.machinePaths
    var faults = tracked.filter { $0.split(separator: "/").contains { $0.hasPrefix(".build") } }
    for path in tracked {
      guard let bytes = FileManager.default.contents(atPath: Repository.root.appending(path: path).path) else {
        continue
      }
      let text = String(decoding: bytes, as: UTF8.self)
      faults += words.filter(text.contains).map { "\(path): \($0)" }
    }
    #expect(faults == [])
  }
}

extension Repository {
  /// The files that git keeps; where there is no git (an unpacked archive) those that are there.
  static func tracked() throws -> [String] {
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = ["git", "-C", root.path(percentEncoded: false), "ls-files", "-z"]
    let output = Pipe()
    git.standardOutput = output
    git.standardError = FileHandle.nullDevice
    try git.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    git.waitUntilExit()
    guard git.terminationStatus == 0 else { return try paths() }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The clone's own folder and the folder at the top of its path, unless that is one that every machine has.
  static var machinePaths: [String] {
    let parts = root.path(percentEncoded: false).split(separator: "/").map(String.init)
    let everywhere: Set = ["home", "root", "tmp", "srv", "opt", "var", "usr", "mnt", "media", "etc", "run", "src"]
    let top = parts.prefix(1).filter { parts.count > 1 && !everywhere.contains($0) }.map { "/" + $0 + "/" }
    return ["/" + parts.joined(separator: "/") + "/", "/" + "home/", "/" + "Users/"] + top
  }
}
