// Comma-separated values by RFC 4180, strictly: a file that is not whole is told so, line by line, and never half understood.
// Either line end, a byte-order mark and quoted line breaks are read. A fault names its line and never what stands there.

public enum CSV {
  /// One record. Fields without quotation marks lose the spaces around them.
  public struct Record: Hashable, Sendable {
    /// The line on which it begins, from 1.
    public let line: Int
    public let fields: [String]
  }

  public struct Fault: Hashable, Sendable {
    public let line: Int
    public let sentence: String
  }

  /// All records that are not blank, and every fault. A record with a fault is left out.
  public static func read(_ bytes: some Sequence<UInt8>) -> (records: [Record], faults: [Fault]) {
    var reader = Reader()
    for byte in Self.withoutMark(bytes) { reader.take(byte) }
    reader.end()
    return (reader.records, reader.faults)
  }

  private static func withoutMark(_ bytes: some Sequence<UInt8>) -> ArraySlice<UInt8> {
    let all = Array(bytes)
    return all.starts(with: [0xEF, 0xBB, 0xBF]) ? all[3...] : all[...]
  }
}

private struct Reader {
  private enum Place {
    /// Before the first character of a field that is no space.
    case start
    case bare
    case quoted
    /// Behind a quotation mark inside a quoted field: the end, or the first of two.
    case mark
    /// Behind the end of a quoted field.
    case closed
  }

  private(set) var records: [CSV.Record] = []
  private(set) var faults: [CSV.Fault] = []
  private var place = Place.start
  private var field: [UInt8] = []
  private var fields: [String] = []
  private var line = 1
  /// Where the record began, and where its last quotation mark opened.
  private var began = 1
  private var opened = 1
  private var isFaulty = false
  private var wasReturn = false

  mutating func take(_ byte: UInt8) {
    let isPair = wasReturn && byte == UInt8(ascii: "\n")
    wasReturn = byte == UInt8(ascii: "\r")
    if place == .quoted {
      if byte == UInt8(ascii: "\"") { place = .mark } else { field.append(byte) }
      if byte == UInt8(ascii: "\n") && !isPair || wasReturn { line += 1 }
      return
    }
    switch byte {
    case UInt8(ascii: "\n") where isPair: break
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endRecord()
    case UInt8(ascii: ","): endField()
    case UInt8(ascii: "\""): quote()
    case UInt8(ascii: " "), UInt8(ascii: "\t"):
      switch place {
      case .start, .closed: break
      case .bare: field.append(byte)
      case .mark, .quoted: place = .closed
      }
    default:
      if place == .mark || place == .closed {
        fault("Something stands behind the quotation mark that closes a cell. Double a quotation mark inside a cell.")
      }
      place = .bare
      field.append(byte)
    }
  }

  private mutating func quote() {
    switch place {
    case .start: (place, opened) = (.quoted, line)
    case .mark:
      field.append(UInt8(ascii: "\""))
      place = .quoted
    case .bare, .closed:
      fault("A quotation mark stands inside a cell that does not begin with one. Quote the whole cell, and double it.")
    case .quoted: break
    }
  }

  private mutating func fault(_ sentence: String, at line: Int? = nil) {
    if !isFaulty { faults.append(CSV.Fault(line: line ?? self.line, sentence: sentence)) }
    isFaulty = true
  }

  private mutating func endField() {
    if place == .bare {
      while field.last == UInt8(ascii: " ") || field.last == UInt8(ascii: "\t") { field.removeLast() }
    }
    if let text = String(validating: field, as: UTF8.self) {
      fields.append(text)
    } else {
      fault("A cell is not UTF-8. Save the file as \"CSV UTF-8\".", at: began)
    }
    field.removeAll(keepingCapacity: true)
    place = .start
  }

  /// A record without any text is none: spreadsheets leave such lines behind the last.
  private mutating func endRecord() {
    endField()
    if !isFaulty, fields.contains(where: { !$0.isEmpty }) { records.append(CSV.Record(line: began, fields: fields)) }
    fields.removeAll(keepingCapacity: true)
    line += 1
    (began, isFaulty) = (line, false)
  }

  mutating func end() {
    if place == .quoted {
      isFaulty = false
      fault("The quotation mark that opens a cell here is never closed.", at: opened)
    }
    if !field.isEmpty || !fields.isEmpty || place != .start { endRecord() }
  }
}
