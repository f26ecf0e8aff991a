// Reads JSON (RFC 8259) strictly: one value, no trailing bytes, valid UTF-8, no name twice, at most 64 levels deep. The work
// grows with the bytes alone, whatever they say. It says where it stopped, and never repeats what it read: a request's text
// is not echoed.

public struct JSONFault: Error, Hashable, Sendable {
  /// Bytes from the start.
  public let offset: Int
  /// "expected a value"; never the text itself.
  public let what: String
}

extension JSON {
  /// Names are compared by their bytes: two that differ in Unicode's normalisation alone are two members.
  ///
  /// Throws: `JSONFault`.
  public init(parsing bytes: [UInt8]) throws(JSONFault) {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSON, JSONFault> in
      var parser = Parser(bytes: buffer)
      do throws(JSONFault) {
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == buffer.count else { throw parser.fault("expected the end of the text") }
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// Throws: `JSONFault`.
  public init(parsing text: String) throws(JSONFault) { try self.init(parsing: Array(text.utf8)) }
}

private struct Parser {
  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0

  func fault(_ what: String) -> JSONFault { JSONFault(offset: at, what: what) }

  mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 { at += 1 }
  }

  mutating func value(depth: Int) throws(JSONFault) -> JSON {
    guard depth < 64 else { throw fault("nested too deep") }
    skipSpace()
    guard at < bytes.count else { throw fault("expected a value") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), 48...57: return try number()
    default: throw fault("expected a value")
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONFault) -> JSON {
    let length = word.utf8CodeUnitCount
    guard at + length <= bytes.count, (0..<length).allSatisfy({ bytes[at + $0] == word.utf8Start[$0] }) else {
      throw fault("expected a value")
    }
    at += length
    return value
  }

  private mutating func object(depth: Int) throws(JSONFault) -> JSON {
    at += 1
    var members: [JSON.Member] = []
    var many: Set<[UInt8]> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fault("expected a name in quotes") }
      let start = at
      let name = try string()
      guard !Parser.isTaken(name, members, &many) else { throw JSONFault(offset: start, what: "the same name twice") }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("expected a colon") }
      members.append(JSON.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw fault("expected a comma or a closing brace") }
    }
  }

  /// Whether one of the members bears that name. A few are compared one by one, which a journal's line, read by the million,
  /// does not feel; the names of more are kept in `many`.
  private static func isTaken(_ name: String, _ members: [JSON.Member], _ many: inout Set<[UInt8]>) -> Bool {
    guard members.count >= 16 else { return members.contains { $0.name.isSpelt(name) } }
    if many.isEmpty { many = Set(members.map { Array($0.name.utf8) }) }
    return !many.insert(Array(name.utf8)).inserted
  }

  private mutating func array(depth: Int) throws(JSONFault) -> JSON {
    at += 1
    var values: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(values) }
      guard take(UInt8(ascii: ",")) else { throw fault("expected a comma or a closing bracket") }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func digits() -> Int {
    let start = at
    while at < bytes.count, (48...57).contains(bytes[at]) { at += 1 }
    return at - start
  }

  private mutating func number() throws(JSONFault) -> JSON {
    let start = at
    var isWhole = true
    _ = take(UInt8(ascii: "-"))
    let leadingZero = at < bytes.count && bytes[at] == 48
    let count = digits()
    guard count > 0, !(leadingZero && count > 1) else { throw fault("expected a number") }
    if take(UInt8(ascii: ".")) {
      isWhole = false
      guard digits() > 0 else { throw fault("expected a number") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      guard digits() > 0 else { throw fault("expected a number") }
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if isWhole, let whole = Int64(text) { return .int(whole) }
    guard let number = Double(text), number.isFinite else { throw fault("a number out of range") }
    return .double(number)
  }

  private mutating func string() throws(JSONFault) -> String {
    at += 1
    let first = try run()
    if bytes[at] == UInt8(ascii: "\"") {
      at += 1
      return try text(of: first)
    }
    var plain = Array(first)
    while bytes[at] == UInt8(ascii: "\\") {
      at += 1
      try escape(into: &plain)
      plain.append(contentsOf: try run())
    }
    at += 1
    return try plain.withUnsafeBufferPointer { plain throws(JSONFault) in try text(of: plain) }
  }

  /// The bytes up to the next quote or backslash, where it stops.
  private mutating func run() throws(JSONFault) -> UnsafeBufferPointer<UInt8> {
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"), bytes[at] >= 0x20 {
      at += 1
    }
    guard at < bytes.count else { throw fault("an unfinished string") }
    guard bytes[at] >= 0x20 else { throw fault("a control character in a string") }
    return UnsafeBufferPointer(rebasing: bytes[start..<at])
  }

  private func text(of bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> String {
    // Nearly all of a journal is ASCII, and a start reads all of it: the library's own proof costs a third of the parsing.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("not valid UTF-8") }
    return text
  }

  private mutating func escape(into plain: inout [UInt8]) throws(JSONFault) {
    guard at < bytes.count else { throw fault("an unfinished string") }
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(byte)
    case UInt8(ascii: "b"): plain.append(0x08)
    case UInt8(ascii: "f"): plain.append(0x0C)
    case UInt8(ascii: "n"): plain.append(0x0A)
    case UInt8(ascii: "r"): plain.append(0x0D)
    case UInt8(ascii: "t"): plain.append(0x09)
    case UInt8(ascii: "u"):
      var code = UInt32(try hex4())
      if (0xD800...0xDBFF).contains(code) {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw fault("half of a surrogate pair") }
        let low = UInt32(try hex4())
        guard (0xDC00...0xDFFF).contains(low) else { throw fault("half of a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair") }
      plain.append(contentsOf: UTF8.encode(scalar)!)
    default: throw fault("an unknown escape")
    }
  }

  private mutating func hex4() throws(JSONFault) -> UInt16 {
    guard at + 4 <= bytes.count else { throw fault("an unfinished escape") }
    var code: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue else { throw fault("an unfinished escape") }
      code = code << 4 | UInt16(digit)
      at += 1
    }
    return code
  }
}
