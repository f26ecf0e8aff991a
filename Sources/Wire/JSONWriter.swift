// JSON as it is written: bytes in a buffer that grows. The journal's lines and the messages' bodies are put straight into
// it, member by member, since each costs a reminder its time; all other documents are values first (`JSON`).
import Convening

/// Compact UTF-8: no spaces, members in their order, `/` and everything above U+001F as it is.
struct JSONWriter: ~Copyable {
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0

  /// Room for a line of the journal.
  init(capacity: Int = 4096) {
    (buffer, self.capacity) = (.allocate(capacity: capacity), capacity)
  }

  deinit { buffer.deallocate() }

  private var written: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: buffer, count: count) }
  var bytes: [UInt8] { Array(written) }
  var text: String { String(decoding: written, as: UTF8.self) }

  /// The text of one object.
  static func object(_ write: (inout JSONWriter) -> Void) -> String {
    var out = JSONWriter()
    out.object(write)
    return out.text
  }

  // MARK: - Members

  /// The name of what comes next in an object.
  mutating func name(_ name: StaticString) {
    separate()
    put(UInt8(ascii: "\""))
    put(name)
    put("\":")
  }

  mutating func object(_ write: (inout JSONWriter) -> Void) {
    put(UInt8(ascii: "{"))
    write(&self)
    put(UInt8(ascii: "}"))
  }

  mutating func object(_ name: StaticString, _ write: (inout JSONWriter) -> Void) {
    self.name(name)
    object(write)
  }

  mutating func array<T>(_ name: StaticString, _ values: some Sequence<T>, _ write: (inout JSONWriter, T) -> Void) {
    self.name(name)
    put(UInt8(ascii: "["))
    for value in values {
      separate()
      write(&self, value)
    }
    put(UInt8(ascii: "]"))
  }

  // An absent value leaves no member.

  mutating func add(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    self.name(name)
    quote(value)
  }

  mutating func add(_ name: StaticString, _ value: Int64?) {
    guard let value else { return }
    self.name(name)
    put(value)
  }

  mutating func add(_ name: StaticString, _ value: Bool) {
    self.name(name)
    put(value ? "true" : "false")
  }

  mutating func add(_ name: StaticString, _ value: Instant?) {
    guard let value else { return }
    self.name(name)
    put(value)
  }

  mutating func add(_ name: StaticString, _ value: ReminderID?) {
    guard let value else { return }
    self.name(name)
    put(value)
  }

  mutating func add(_ name: StaticString, _ value: Int?) { add(name, value.map(Int64.init)) }
  mutating func add(_ name: StaticString, _ value: some RawRepresentable<String>) { add(name, value.rawValue) }
  mutating func add<Of>(_ name: StaticString, _ values: [Slug<Of>]) { array(name, values) { $0.quote($1.text) } }

  mutating func add(_ name: StaticString, _ words: some Sequence<some RawRepresentable<String>>) {
    array(name, words) { $0.quote($1.rawValue) }
  }

  mutating func null(_ name: StaticString) {
    self.name(name)
    put("null")
  }

  // MARK: - Values

  /// A comma, where something stands before what comes.
  mutating func separate() {
    let last = buffer[count - 1]
    if last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { put(UInt8(ascii: ",")) }
  }

  mutating func quote(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      // What is escaped takes two bytes, a control character six. A message's body is quoted in its line: one look at each byte
      // is enough.
      reserve(2 * bytes.count + 4 * bytes.count(where: { $0 < 0x20 }) + 2)
      var end = buffer + count
      end.pointee = UInt8(ascii: "\"")
      end += 1
      for byte in bytes {
        if JSONWriter.isEscaped(byte) {
          end = JSONWriter.escape(byte, at: end)
        } else {
          end.pointee = byte
          end += 1
        }
      }
      end.pointee = UInt8(ascii: "\"")
      count = end + 1 - buffer
    }
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Where what follows belongs: there is room for six bytes.
  private static func escape(_ byte: UInt8, at start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    start[0] = UInt8(ascii: "\\")
    switch byte {
    case 0x0A: start[1] = UInt8(ascii: "n")
    case 0x0D: start[1] = UInt8(ascii: "r")
    case 0x09: start[1] = UInt8(ascii: "t")
    case 0..<0x20:
      for (place, character) in "u00".utf8.enumerated() { start[1 + place] = character }
      for (place, digit) in [byte >> 4, byte & 15].enumerated() {
        start[4 + place] = digit < 10 ? 48 + digit : 87 + digit
      }
      return start + 6
    default: start[1] = byte
    }
    return start + 2
  }

  mutating func put(_ value: Instant) { quoted(Instant.textLength, value.fill) }
  mutating func put(_ value: DiscussionID) { quoted(DiscussionID.textLength, value.fill) }
  mutating func put(_ value: ReminderID) { quoted(ReminderID.textLength, value.fill) }

  mutating func put(_ value: Stream) {
    switch value {
    case .discussion(let id):
      put(UInt8(ascii: "\""))
      var kind = Stream.discussions
      kind.withUTF8 { put($0) }
      fill(DiscussionID.textLength, id.fill)
      put(UInt8(ascii: "\""))
    case .agency, .policy, .calendar, .daemon, .audit, .frontDoor, .report: quote(value.description)
    }
  }

  /// What needs no escaping, at most so long.
  private mutating func quoted(_ length: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    put(UInt8(ascii: "\""))
    self.fill(length, fill)
    put(UInt8(ascii: "\""))
  }

  private mutating func fill(_ length: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
    reserve(length)
    count += fill(UnsafeMutableBufferPointer(start: buffer + count, count: length))
  }

  mutating func put(_ value: Int64) {
    var text = String(value)
    text.withUTF8 { put($0) }
  }

  mutating func put(_ value: Double) {
    var text = String(value)
    text.withUTF8 { put($0) }
  }

  // MARK: - Bytes

  mutating func put(_ byte: UInt8) {
    reserve(1)
    buffer[count] = byte
    count += 1
  }

  mutating func put(_ text: StaticString) {
    put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    reserve(bytes.count)
    (buffer + count).update(from: start, count: bytes.count)
    count += bytes.count
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) { if count + more > capacity { grow(by: more) } }

  private mutating func grow(by more: Int) {
    capacity = max(2 * capacity, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: buffer, count: count)
    buffer.deallocate()
    buffer = larger
  }
}
