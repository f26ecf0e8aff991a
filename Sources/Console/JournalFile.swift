// Reads an export chunk by chunk, so that its length does not matter, and knows a journal from an export.
import Foundation

public enum JournalFile {
  /// Whether it is the daemon's own journal, an SQLite file. https://www.sqlite.org/fileformat.html
  public static func isJournal(_ path: String) -> Bool {
    let file = path == "-" ? -1 : open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var head = [UInt8](repeating: 0, count: 16)
    return Foundation.read(file, &head, 16) == 16 && head.starts(with: "SQLite format 3\0".utf8)
  }

  /// `-` is standard input. `onChunk` answers false to end it.
  ///
  /// Throws: `Complaint` where it cannot be read.
  public static func read(_ path: String, _ onChunk: ([UInt8]) -> Bool) throws(Complaint) {
    let file = path == "-" ? 0 : try FileReading.open(path)
    defer { if file > 0 { close(file) } }
    try FileReading.read(file, path, onChunk)
  }
}
