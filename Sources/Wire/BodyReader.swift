// Reads a request's body, or the parts of its query, against a table of fields, and reports every fault with its pointer, not
// the first alone. The same table is the OpenAPI document's schema. A fault never repeats what was sent: an unknown name may
// be a child's, so only its place is told.
import Convening

/// One field of a body, or one part of a query.
public struct BodyField: Sendable {
  public indirect enum Kind: Sendable {
    /// RFC 3339 with an offset.
    case instant
    /// An instant, `"earliest"`, or null: without a time.
    case meetingTime
    /// At most so many Unicode scalars, at least one, no control characters.
    case text(limit: Int)
    /// A short word from the settings: `Slug`.
    case name
    /// A team as another system calls it: `TeamName`.
    case team
    case word([String])
    case whole(ClosedRange<Int>)
    case flag
    /// A discussion's reference.
    case discussion
    /// No value twice.
    case list(Kind, count: ClosedRange<Int>)
    /// One of these fields.
    case object([BodyField])
    /// An object that is read by another table, which depends on what it is for.
    case body
  }

  /// The word for the first time that suits.
  public static let earliest = "earliest"

  public let name: String
  public let kind: Kind
  public let isRequired: Bool
  /// For people, one sentence.
  public let says: String
  /// Values that the contract knows and this version refuses.
  public let later: [JSON: Refusal.Later]
  /// Set for a field that this version refuses whatever it holds.
  public let notYet: Refusal.Later?

  private init(
    _ name: String, _ kind: Kind, isRequired: Bool, _ says: String, later: [JSON: Refusal.Later] = [:],
    notYet: Refusal.Later? = nil
  ) {
    (self.name, self.kind, self.isRequired, self.says) = (name, kind, isRequired, says)
    (self.later, self.notYet) = (later, notYet)
  }

  static func required(
    _ name: String, _ kind: Kind, _ says: String, later: [JSON: Refusal.Later] = [:]
  ) -> BodyField {
    BodyField(name, kind, isRequired: true, says, later: later)
  }

  static func optional(
    _ name: String, _ kind: Kind, _ says: String, later: [JSON: Refusal.Later] = [:]
  ) -> BodyField {
    BodyField(name, kind, isRequired: false, says, later: later)
  }

  /// What the value waits for; nil for one of this version. A text that is longer than any such word is not looked up.
  func later(for value: JSON) -> Refusal.Later? {
    switch value {
    case .null: later[value]
    case .string(let text): text.utf8.count <= 64 ? later[value] : nil
    case .bool, .int, .double, .array, .object: nil
    }
  }

  /// The same field where it may be left out.
  var orNone: BodyField { BodyField(name, kind, isRequired: false, says, later: later, notYet: notYet) }

  /// The same field where it may not: nothing stands for it then, whatever it says of a default.
  var needed: BodyField {
    let words = says.firstRange(of: "; default: ").map { "\(says[..<$0.lowerBound])." } ?? says
    return BodyField(name, kind, isRequired: true, words, later: later, notYet: notYet)
  }

  /// The same field by another name.
  func named(_ name: String) -> BodyField {
    BodyField(name, kind, isRequired: isRequired, says, later: later, notYet: notYet)
  }

  static func later(_ name: String, _ later: Refusal.Later) -> BodyField {
    BodyField(name, .text(limit: 200), isRequired: false, "Not in this version.", notYet: later)
  }
}

/// A body that was read: its fields have the kinds that their table says.
public struct BodyFields: Sendable {
  public let json: JSON

  public func has(_ name: String) -> Bool { json[name].map { !$0.isNull } ?? false }
  public func text(_ name: String) -> String? { json[name]?.string }
  public func whole(_ name: String) -> Int? { json[name]?.int }
  public func flag(_ name: String) -> Bool? { json[name]?.bool }
  public func discussion(_ name: String) -> DiscussionID? { text(name).flatMap { DiscussionID($0) } }
  public func instant(_ name: String) -> Instant? { json[name]?.string.flatMap { Instant($0) } }
  public func slug<Of>(_ name: String, of: Of.Type = Of.self) -> Slug<Of>? { text(name).flatMap { Slug($0) } }
  public func word<T: RawRepresentable<String>>(_ name: String, _: T.Type = T.self) -> T? {
    text(name).flatMap(T.init(rawValue:))
  }

  public func slugs<Of>(_ name: String, of: Of.Type = Of.self) -> [Slug<Of>]? {
    json[name]?.array?.compactMap { $0.string.flatMap { Slug($0) } }
  }

  public func objects(_ name: String) -> [BodyFields]? { json[name]?.array?.map(BodyFields.init) }

  public func words<T: RawRepresentable<String>>(_ name: String, _: T.Type = T.self) -> [T]? {
    json[name]?.array?.compactMap { $0.string.flatMap(T.init(rawValue:)) }
  }
}

public struct BodyReader {
  private var faults: [Fault] = []
  private var laters: [Refusal.Later] = []

  private init() {}

  /// Reads a body of these fields; no bytes at all are an empty object. `json` is what came, for the fingerprint.
  ///
  /// Throws: `ProblemDocument`, 400 with every fault; 422 where the only fault is that this version cannot do it yet.
  public static func read(_ bytes: [UInt8], _ fields: [BodyField]) throws(ProblemDocument) -> BodyFields {
    let json: JSON
    do throws(JSONFault) {
      json = bytes.isEmpty ? .object([]) : try JSON(parsing: bytes)
    } catch {
      throw ProblemDocument(
        .invalid, status: 400, "The body is not JSON.",
        errors: [Fault("", "At byte \(error.offset): \(error.what).")])
    }
    var reader = BodyReader()
    reader.object(json, fields)
    try reader.finish()
    return BodyFields(json: json)
  }

  /// What is at fault in an object of these fields.
  static func faults(in json: JSON, _ fields: [BodyField]) -> [Fault] {
    var reader = BodyReader()
    reader.object(json, fields)
    return reader.faults
  }

  /// Reads an object that stands within a body, at that pointer.
  ///
  /// Throws: `ProblemDocument`, as above.
  static func read(_ json: JSON, _ fields: [BodyField], at pointer: String) throws(ProblemDocument) -> BodyFields {
    var reader = BodyReader()
    reader.object(json, fields, at: pointer)
    try reader.finish()
    return BodyFields(json: json)
  }

  /// Reads the parts of a query, already percent-decoded. A value is nil where the name stands alone.
  ///
  /// Throws: `ProblemDocument`, 400 with every fault.
  public static func query(
    _ parts: [(name: String, value: String?)], _ fields: [BodyField]
  ) throws(ProblemDocument) -> BodyFields {
    var reader = BodyReader()
    var members: [JSON.Member] = []
    var unknown: [Int] = []
    // An empty value comes of a form that was sent with blanks: nothing stands there.
    for (index, part) in parts.enumerated() where part.value != "" {
      guard let field = fields.first(where: { $0.name.isSpelt(part.name) }) else {
        unknown.append(index + 1)
        continue
      }
      let pointer = "?\(field.name)"
      guard !members.contains(where: { $0.name == field.name }) else {
        reader.faults.append(Fault(pointer, "Give it once."))
        continue
      }
      let json = (part.value ?? "").asQuery(field.kind)
      reader.value(json, field.kind, at: pointer)
      members.append(.init(field.name, json))
    }
    reader.refuse(unknown, each: "Part", of: "the query", at: "?", known: fields)
    try reader.finish()
    return BodyFields(json: .object(members))
  }

  private func finish() throws(ProblemDocument) {
    if !faults.isEmpty { throw .invalid(faults) }
    guard let first = laters.first else { return }
    let refusal = Refusal.notYet(first)
    throw ProblemDocument(
      ProblemCode(refusal), status: refusal.status, refusal.sentence,
      errors: laters.map { Fault(Refusal.notYet($0).pointer ?? "", Refusal.notYet($0).sentence) })
  }

  // MARK: - Values

  private mutating func object(_ json: JSON, _ fields: [BodyField], at pointer: String = "") {
    guard let members = json.members else {
      faults.append(Fault(pointer, "Give an object."))
      return
    }
    let unknown = members.indices.filter { index in !fields.contains { members[index].name.isSpelt($0.name) } }
    let whole = pointer.isEmpty ? "the body" : "the object"
    refuse(unknown.map { $0 + 1 }, each: "Member", of: whole, at: pointer, known: fields)
    for field in fields { self.field(json[field.name], field, at: "\(pointer)/\(field.name)") }
  }

  /// What stands at these places, counted from 1, is not known. One fault for all: thousands would make the answer many
  /// times as long as the request.
  private mutating func refuse(
    _ places: [Int], each: String, of whole: String, at pointer: String, known fields: [BodyField]
  ) {
    guard let first = places.first else { return }
    let known = fields.filter { $0.notYet == nil }.map(\.name).joined(separator: ", ")
    let list = places.map(String.init).joined(separator: ", ")
    let those = places.count == 1 ? "\(each) \(first) of \(whole) is" : "\(each)s \(list) of \(whole) are"
    faults.append(
      Fault(pointer, "\(those) not known here. \(known.isEmpty ? "Send none." : "There are: \(known).")"))
  }

  private mutating func field(_ json: JSON?, _ field: BodyField, at pointer: String) {
    if let json, let later = field.later(for: json) {
      laters.append(later)
      return
    }
    if case .meetingTime = field.kind, json?.isNull ?? false { return }
    guard let json, !json.isNull else {
      if field.isRequired { faults.append(Fault(pointer, "It is needed. \(field.says)")) }
      return
    }
    if let later = field.notYet {
      laters.append(later)
      return
    }
    value(json, field.kind, at: pointer)
  }

  private mutating func value(_ json: JSON, _ kind: BodyField.Kind, at pointer: String) {
    switch kind {
    case .instant:
      if json.string.flatMap({ Instant($0) }) == nil {
        faults.append(Fault(pointer, "Give a date, a time and an offset, as 2026-11-24T10:00:00Z."))
      }
    case .meetingTime:
      if json.string.flatMap({ Instant($0) }) == nil, json.string.map({ $0.isSpelt(BodyField.earliest) }) != true {
        faults.append(
          Fault(
            pointer,
            "Give a date, a time and an offset, as 2026-11-24T10:00:00Z; \"earliest\" for the first time that suits; or "
              + "null for an urgent discussion that meets as soon as they answer."))
      }
    case .text(let limit): text(json, limit: limit, at: pointer)
    case .team:
      let before = faults.count
      value(json, .text(limit: TeamName.limit), at: pointer)
      if faults.count == before, json.string.flatMap(TeamName.read) == nil {
        faults.append(Fault(pointer, TeamName.nothingLeft))
      }
    case .name:
      if json.string.flatMap({ Slug<AgencyKind>($0) }) == nil {
        faults.append(Fault(pointer, "Give a name from the settings: lower-case letters, digits and hyphens."))
      }
    case .word(let words):
      if json.string.map({ text in words.contains { $0.isSpelt(text) } }) != true {
        faults.append(Fault(pointer, "Give one of: \(words.joined(separator: ", "))."))
      }
    case .whole(let range):
      if json.int.map({ range.contains($0) }) != true {
        faults.append(Fault(pointer, "Give a whole number from \(range.lowerBound) to \(range.upperBound)."))
      }
    case .discussion:
      if json.string.flatMap({ DiscussionID($0) }) == nil {
        faults.append(Fault(pointer, "Give a discussion's reference: eight letters and digits, no U, as 7Q2F-M9KD."))
      }
    case .flag:
      if json.bool == nil { faults.append(Fault(pointer, "Give true or false.")) }
    case .list(let kind, let count): list(json, kind, count, at: pointer)
    case .object(let fields): object(json, fields, at: pointer)
    case .body: if json.members == nil { faults.append(Fault(pointer, "Give an object.")) }
    }
  }

  private mutating func text(_ json: JSON, limit: Int, at pointer: String) {
    guard let text = json.string else {
      faults.append(Fault(pointer, "Give a text."))
      return
    }
    let scalars = text.unicodeScalars
    if scalars.isEmpty { faults.append(Fault(pointer, "Give a text that is not empty.")) }
    if scalars.count > limit { faults.append(Fault(pointer, "Give at most \(limit) characters.")) }
    if scalars.contains(where: { $0.properties.generalCategory == .control || $0.properties.isBidiControl }) {
      faults.append(Fault(pointer, "Leave control characters out."))
    }
  }

  private mutating func list(_ json: JSON, _ kind: BodyField.Kind, _ count: ClosedRange<Int>, at pointer: String) {
    guard let values = json.array else {
      faults.append(Fault(pointer, "Give a list."))
      return
    }
    guard count.contains(values.count) else {
      faults.append(Fault(pointer, "Give \(count.lowerBound) to \(count.upperBound) of them."))
      return
    }
    var seen: Set<JSON> = []
    for (index, value) in values.enumerated() {
      let before = faults.count
      self.value(value, kind, at: "\(pointer)/\(index)")
      // What is at fault is not compared: it may be any text of any length.
      if faults.count == before, !seen.insert(value).inserted {
        faults.append(Fault("\(pointer)/\(index)", "It is named twice."))
      }
    }
  }
}

extension String {
  /// What the text of a query's part means for a field of that kind.
  fileprivate func asQuery(_ kind: BodyField.Kind) -> JSON {
    switch kind {
    case .whole: Int64(self).map(JSON.int) ?? .string(self)
    case .flag: self == "1" || self == "true" ? true : self == "0" || self == "false" ? false : .string(self)
    case .instant, .meetingTime, .text, .name, .team, .word, .discussion, .list, .object, .body: .string(self)
    }
  }
}
