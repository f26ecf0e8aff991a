// `import`: what a case system exports, file by file. The daemon reads the cells, so that every way of importing knows the same
// columns; here the files are sent, and what came of them is added up.
import ArgumentParser
import Console
import Convening
import Foundation
import Wire

struct ImportCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Record discussions, contributions or contacts from CSV files.",
    discussion: """
      All rows of a file are recorded, or none: every fault is printed with its line and column, and nothing that stands \
      there. The same file again changes nothing. The first line names the columns, in any order; which kind of file it \
      is, they say:

      \(columns)

      A reference is eight letters and digits, no U, as 7Q2F-M9KD, and stays the same whenever the row comes again. Times are \
      2026-11-24 10:00 or 24/11/2026 10:00, by the authority's clocks, or ISO 8601 with an offset. Lists have semicolons \
      between. A discussion with held_at is a late entry: nothing is sent for it. One without, whose meeting_at is to \
      come, is convened, and its agencies are asked. Contributions need their discussions first: name that file first. \
      The team of a contact is any text: "Mosaic team 7" is mosaic-team-7. A file of more than \
      \(grouped(ImportFile.mostRows)) rows has to be split.

      Examples:
        convenectl import --dry-run contacts.csv
        convenectl import discussions.csv contributions.csv
      """)

  private static var columns: String {
    ImportKind.allCases.map { kind in
      let others = kind.columns.filter { !kind.required.contains($0) }
      return
        "\(kind.rawValue): \(kind.required.joined(separator: ", ")); and where there is one \(others.joined(separator: ", "))."
    }.joined(separator: "\n\n")
  }

  @OptionGroup var common: CommonOptions
  @Argument(help: "The files, in this order.", completion: .file(extensions: ["csv"])) var files: [String]
  @Flag(help: "Say what each file would come to by itself, and record nothing.") var dryRun = false

  func perform(_ session: Session) throws(Complaint) {
    // One that is not there is told before another is recorded.
    var contents: [(name: String, bytes: [UInt8])] = []
    for path in files {
      contents.append((path, try FileReading.bytes(of: path)))
    }
    var done: [(name: String, document: JSON)] = []
    /// What is recorded, or would be, is told also where a later file has faults.
    func tell() {
      if !session.json, !done.isEmpty { Output.standard.lines(ImportText(page: session.page).lines(done)) }
    }
    for (name, bytes) in contents {
      tellOfWaiting(name, bytes, session)
      do throws(Complaint) {
        let answer = try session.daemon.importing(bytes, dry: dryRun)
        if session.json { session.printDocument(answer.body) }
        done.append((name, try Daemon.parse(answer.body)))
      } catch {
        // What follows may lean on it.
        tell()
        let hint =
          dryRun && !done.isEmpty
          ? [
            "The files before it were not recorded either: import them first where this one stands on what they bring."
          ]
          : []
        throw Complaint(
          error.status, sentences: ["\(name): \(error.sentences[0])"] + error.sentences.dropFirst() + hint)
      }
    }
    tell()
  }

  /// A long file takes a second or two: whoever looks on is told what it waits for.
  private func tellOfWaiting(_ name: String, _ bytes: [UInt8], _ session: Session) {
    guard Output.errors.isTerminal, !session.json, bytes.count > 64 << 10 else { return }
    let lines = bytes.count { $0 == UInt8(ascii: "\n") }
    Output.errors.line("\(name): \(counted(lines, "line")), \(dryRun ? "tried" : "tried, then recorded") ...")
  }
}
