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
    return members.first { $0.name.isSpelt(name) }?.value
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

extension String {
  /// Whether both are the same bytes. `==` compares normal forms, and that of one long run of combining marks costs the
  /// square of its length: what a request says is never compared by it.
  func isSpelt(_ other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    // A million lines have some twenty names each: in memory that lies in one piece this is a loop over bytes.
    return utf8.withContiguousStorageIfAvailable { mine in
      other.utf8.withContiguousStorageIfAvailable { mine.elementsEqual($0) }
    }.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
  }
}

// MARK: - Writing

extension JSON {
  /// Compact UTF-8, as `JSONWriter` says.
  public var bytes: [UInt8] {
    var out = JSONWriter()
    write(to: &out, indent: nil)
    return out.bytes
  }

  public var text: String {
    var out = JSONWriter()
    write(to: &out, indent: nil)
    return out.text
  }

  /// With two spaces of indent, for people.
  public var pretty: String {
    var out = JSONWriter()
    write(to: &out, indent: 0)
    return out.text
  }

  private func write(to out: inout JSONWriter, indent: Int?) {
    switch self {
    case .null: out.put("null")
    case .bool(let value): out.put(value ? "true" : "false")
    case .int(let value): out.put(value)
    case .double(let value): if value.isFinite { out.put(value) } else { out.put("null") }
    case .string(let value): out.quote(value)
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
        out.quote(member.name)
        out.put(UInt8(ascii: ":"))
        if indent != nil { out.put(UInt8(ascii: " ")) }
        member.value.write(to: &out, indent: indent.map { $0 + 1 })
      }
      if let indent, !members.isEmpty { out.newline(indent) }
      out.put(UInt8(ascii: "}"))
    }
  }
}

extension JSONWriter {
  fileprivate mutating func newline(_ depth: Int) {
    put(UInt8(ascii: "\n"))
    for _ in 0..<2 * depth { put(UInt8(ascii: " ")) }
  }
}
