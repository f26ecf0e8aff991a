// JSON as a value: ordered members, whole numbers kept whole. The one form in which every byte that others parse, or that
// is reread in ten years, is written and read. Why not JSONEncoder: the order of members is part of the journal's hash,
// a request's faults are all reported with their pointers, and a journal of a million lines is decoded at start-up.

public enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case array([JSON])
  /// In the order of writing; no name twice (the parser refuses one).
  case object([Member])

  public struct Member: Hashable, Sendable {
    public let name: String
    public let value: JSON

    public init(_ name: String, _ value: JSON) { (self.name, self.value) = (name, value) }
  }

  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  public var string: String? { if case .string(let s) = self { s } else { nil } }
  public var int: Int? { if case .int(let n) = self { Int(n) } else { nil } }
  public var bool: Bool? { if case .bool(let b) = self { b } else { nil } }
  public var array: [JSON]? { if case .array(let a) = self { a } else { nil } }
  public var members: [Member]? { if case .object(let m) = self { m } else { nil } }
  public var isNull: Bool { self == .null }

  /// The number as a double, whole or not.
  public var number: Double? {
    switch self {
    case .int(let n): Double(n)
    case .double(let d): d
    case .null, .bool, .string, .array, .object: nil
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { Member($0.0, $0.1) }) }
  public init(nilLiteral: ()) { self = .null }

  public init(_ text: String?) { self = text.map(JSON.string) ?? .null }
  public init(_ number: Int?) { self = number.map { .int(Int64($0)) } ?? .null }
  /// nil for a number that JSON cannot say.
  public init(_ number: Double?) { self = number.flatMap { $0.isFinite ? .double($0) : nil } ?? .null }
}

// MARK: - Writing

extension JSON {
  /// Compact UTF-8: no spaces, members in their order, `/` and everything above U+001F as it is.
  public var bytes: [UInt8] {
    Array(unsafeUninitializedCapacity: length()) { buffer, count in count = fill(buffer) }
  }

  public var text: String { String(unsafeUninitializedCapacity: length()) { fill($0) } }

  /// With two spaces of indent, for people.
  public var pretty: String { String(unsafeUninitializedCapacity: length(indent: 0)) { fill($0, indent: 0) } }

  // Every line of the journal is written here: measured first and then put into its place, so that nothing has to grow.

  private func length(indent: Int? = nil) -> Int {
    var ruler = Ruler()
    write(to: &ruler, indent: indent)
    return ruler.length
  }

  private func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, indent: Int? = nil) -> Int {
    var pen = Pen(buffer: buffer)
    write(to: &pen, indent: indent)
    return pen.length
  }

  private func write(to out: inout some Sink, indent: Int?) {
    switch self {
    case .null: out.put("null")
    case .bool(let value): out.put(value ? "true" : "false")
    case .int(let value): out.put(String(value))
    case .double(let value): out.put(value.isFinite ? String(value) : "null")
    case .string(let value): JSON.write(value, to: &out)
    case .array(let values):
      out.put(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { out.put(UInt8(ascii: ",")) }
        if let indent { out.newline(indent + 1) }
        value.write(to: &out, indent: indent.map { $0 + 1 })
      }
      if let indent, !values.isEmpty { out.newline(indent) }
      out.put(UInt8(ascii: "]"))
    case .object(let members):
      out.put(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { out.put(UInt8(ascii: ",")) }
        if let indent { out.newline(indent + 1) }
        JSON.write(member.name, to: &out)
        out.put(UInt8(ascii: ":"))
        if indent != nil { out.put(UInt8(ascii: " ")) }
        member.value.write(to: &out, indent: indent.map { $0 + 1 })
      }
      if let indent, !members.isEmpty { out.newline(indent) }
      out.put(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, to out: inout some Sink) {
    var text = text
    out.put(UInt8(ascii: "\""))
    text.withUTF8 { bytes in
      var written = 0
      for (index, byte) in bytes.enumerated()
      where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        out.put(UnsafeBufferPointer(rebasing: bytes[written..<index]))
        escape(byte, to: &out)
        written = index + 1
      }
      out.put(UnsafeBufferPointer(rebasing: bytes[written...]))
    }
    out.put(UInt8(ascii: "\""))
  }

  private static func escape(_ byte: UInt8, to out: inout some Sink) {
    out.put(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: out.put(UInt8(ascii: "n"))
    case 0x0D: out.put(UInt8(ascii: "r"))
    case 0x09: out.put(UInt8(ascii: "t"))
    case 0..<0x20:
      out.put("u00")
      for digit in [byte >> 4, byte & 15] { out.put(digit < 10 ? 48 + digit : 87 + digit) }
    default: out.put(byte)
    }
  }
}

/// Where JSON's bytes go.
private protocol Sink {
  mutating func put(_ byte: UInt8)
  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>)
}

extension Sink {
  mutating func put(_ text: String) {
    var text = text
    text.withUTF8 { put($0) }
  }

  mutating func newline(_ depth: Int) {
    put(UInt8(ascii: "\n"))
    for _ in 0..<2 * depth { put(UInt8(ascii: " ")) }
  }
}

private struct Ruler: Sink {
  var length = 0
  mutating func put(_ byte: UInt8) { length += 1 }
  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) { length += bytes.count }
}

/// The buffer is as long as the ruler said.
private struct Pen: Sink {
  let buffer: UnsafeMutableBufferPointer<UInt8>
  var length = 0

  mutating func put(_ byte: UInt8) {
    buffer[length] = byte
    length += 1
  }

  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    _ = UnsafeMutableBufferPointer(rebasing: buffer[length...]).update(fromContentsOf: bytes)
    length += bytes.count
  }
}
