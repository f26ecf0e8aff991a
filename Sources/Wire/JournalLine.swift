// A journal line: one event as the text that is hashed and kept for ever. Written and read here alone. Shapes are
// versioned (`v`), golden files hold one line of every shape ever written, and old cases are never edited.
import Convening

/// Why a line could not be read: names the place, never the content.
public struct LineFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let what: String
  public var description: String { what }
}

public enum JournalLine {
  /// The text of an entry: members in a fixed order, so that equal entries are equal bytes.
  public static func encode(_ entry: Entry) -> String {
    JSONWriter.object { out in
      out.add("v", 1)
      out.name("stream")
      out.put(entry.stream)
      out.add("revision", entry.revision)
      out.add("event", entry.event.name)
      out.add("at", entry.at)
      if let actor = entry.actor {
        out.object("actor") { out in
          out.add("uid", Int64(actor.uid))
          out.add("pid", Int64(actor.pid))
        }
      }
      if let mark = entry.mark {
        out.object("key") { out in
          out.add("key", mark.key.hex)
          out.add("body", mark.body.hex)
        }
      }
      out.object("data", entry.event.write)
    }
  }

  /// Throws: `LineFault`, for a line that this version cannot read.
  public static func decode(_ text: String) throws(LineFault) -> Entry {
    let json: JSON
    do throws(JSONFault) { json = try JSON(parsing: text) } catch {
      throw LineFault(what: "not JSON at byte \(error.offset): \(error.what)")
    }
    let line = Fields(json)
    guard try line.whole("v") == 1 else { throw LineFault(what: "written by a newer version") }
    var actor: Actor?
    if let fields = line.fields("actor") {
      guard let uid = UInt32(exactly: try fields.whole("uid")), let pid = Int32(exactly: try fields.whole("pid")) else {
        throw LineFault(what: "actor")
      }
      actor = Actor(uid: uid, pid: pid)
    }
    var mark: IdempotencyMark?
    if let fields = line.fields("key") {
      mark = IdempotencyMark(key: try fields.fingerprint("key"), body: try fields.fingerprint("body"))
    }
    guard let stream = Stream(try line.text("stream")), let data = line.fields("data") else {
      throw LineFault(what: "stream or data")
    }
    return Entry(
      stream: stream, revision: try line.whole("revision"), at: try line.instant("at"), actor: actor, mark: mark,
      event: try Event(named: try line.text("event"), data))
  }
}

/// What became of reading a line.
public enum Reading: Hashable, Sendable {
  case entry(Entry)
  /// It says nothing any more: its text was erased, or altered so that it cannot be read. The verifier names that, unless
  /// somebody has accepted it.
  case gone
}

extension SealedLine {
  /// Throws: `LineFault`, for a line that is whole and that this version cannot read.
  public func reading() throws(LineFault) -> Reading {
    guard let line else { return .gone }
    do throws(LineFault) { return .entry(try JournalLine.decode(line)) } catch {
      guard isAltered else { throw error }
      return .gone
    }
  }
}

extension Discussion {
  /// The discussion that these lines of its stream tell of; nil where none of them convened it.
  ///
  /// Throws: `LineFault`.
  public static func folding(_ lines: [SealedLine]) throws(LineFault) -> Discussion? {
    var discussion: Discussion?
    for line in lines {
      switch try line.reading() {
      case .entry(let entry): discussion = evolve(discussion, entry)
      case .gone: discussion = discussion?.passing(revision: line.revision)
      }
    }
    return discussion
  }
}

extension Fingerprint {
  /// 32 hexadecimal digits.
  var hex: String {
    func padded(_ word: UInt64) -> String {
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return padded(high) + padded(low)
  }

  init?(hex: String) {
    guard hex.utf8.count == 32, let high = UInt64(hex.prefix(16), radix: 16),
      let low = UInt64(hex.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }
}

/// An object's members, read with the fault that names the missing one.
struct Fields {
  let json: JSON

  init(_ json: JSON) { self.json = json }

  private func fault(_ name: String) -> LineFault { LineFault(what: "\(name) is missing or of another type") }

  func text(_ name: String) throws(LineFault) -> String {
    guard let text = json[name]?.string else { throw fault(name) }
    return text
  }

  func whole(_ name: String) throws(LineFault) -> Int {
    guard let number = json[name]?.int else { throw fault(name) }
    return number
  }

  func flag(_ name: String) throws(LineFault) -> Bool {
    guard let flag = json[name]?.bool else { throw fault(name) }
    return flag
  }

  func instant(_ name: String) throws(LineFault) -> Instant {
    guard let instant = Instant(try text(name)) else { throw fault(name) }
    return instant
  }

  /// nil where the member is absent or null.
  func optional<T>(_ name: String, _ read: (String) throws(LineFault) -> T) throws(LineFault) -> T? {
    guard let value = json[name], !value.isNull else { return nil }
    return try read(name)
  }

  func fields(_ name: String) -> Fields? {
    guard let value = json[name], value.members != nil else { return nil }
    return Fields(value)
  }

  func list(_ name: String) throws(LineFault) -> [JSON] {
    guard let list = json[name]?.array else { throw fault(name) }
    return list
  }

  func slug<Of>(_ name: String, of: Of.Type = Of.self) throws(LineFault) -> Slug<Of> {
    guard let slug = Slug<Of>(try text(name)) else { throw fault(name) }
    return slug
  }

  func slugs<Of>(_ name: String, of: Of.Type = Of.self) throws(LineFault) -> [Slug<Of>] {
    let texts = try list(name)
    let slugs = texts.compactMap { $0.string.flatMap { Slug<Of>($0) } }
    guard slugs.count == texts.count else { throw fault(name) }
    return slugs
  }

  func word<T: RawRepresentable>(_ name: String, _: T.Type = T.self) throws(LineFault) -> T where T.RawValue == String {
    guard let value = T(rawValue: try text(name)) else { throw fault(name) }
    return value
  }

  func words<T: RawRepresentable>(_ name: String, _: T.Type = T.self) throws(LineFault) -> [T]
  where T.RawValue == String {
    let texts = try list(name)
    let values = texts.compactMap { $0.string.flatMap(T.init(rawValue:)) }
    guard values.count == texts.count else { throw fault(name) }
    return values
  }

  func reminder(_ name: String) throws(LineFault) -> ReminderID {
    guard let id = ReminderID(try text(name)) else { throw fault(name) }
    return id
  }

  func discussion(_ name: String) throws(LineFault) -> DiscussionID {
    guard let id = DiscussionID(try text(name)) else { throw fault(name) }
    return id
  }

  func fingerprint(_ name: String) throws(LineFault) -> Fingerprint {
    guard let print = Fingerprint(hex: try text(name)) else { throw fault(name) }
    return print
  }

  func elapsed(_ name: String) throws(LineFault) -> Elapsed { Elapsed(milliseconds: Int64(try whole(name))) }

  func policyRef(_ name: String) throws(LineFault) -> PolicyRef {
    let parts = try text(name).split(separator: "#")
    guard let first = parts.first, let id = PolicyID(first), let edition = parts.count == 1 ? 1 : Int(parts[1]),
      parts.count <= 2, edition >= 1
    else { throw fault(name) }
    return PolicyRef(id: id, edition: edition)
  }
}

extension SealedLine {
  /// nil for an erased line, and for one that cannot be read: the chain's check reports that.
  var json: JSON? {
    guard let line else { return nil }
    do throws(JSONFault) { return try JSON(parsing: line) } catch { return nil }
  }
}
