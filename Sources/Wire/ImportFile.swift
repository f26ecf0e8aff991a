// A CSV file as rows to import, with every fault at its line and column. Cells become the fields of the bodies that requests
// have, and those the same commands. No fault repeats a cell: what stands there may be a child's name.
import Convening

public struct ImportFile: Sendable {
  /// So many rows at most.
  public static let mostRows = 5000

  public struct Fault: Hashable, Sendable {
    public let line: Int
    /// nil: the whole line.
    public let column: String?
    public let sentence: String

    public init(line: Int, column: String? = nil, _ sentence: String) {
      (self.line, self.column, self.sentence) = (line, column, sentence)
    }
  }

  /// nil where the header says of no kind that it is one.
  public private(set) var kind: ImportKind?
  /// Those without a fault, in their order.
  public private(set) var rows: [ImportRow] = []
  /// Rows that stand twice, word for word: they change nothing.
  public private(set) var repeated = 0
  public private(set) var faults: [Fault] = []

  /// - Parameter zone: by whose clocks local times are meant.
  public init(_ bytes: some Sequence<UInt8>, zone: CivilZone) {
    let (records, faults) = CSV.read(bytes)
    self.faults = faults.map { Fault(line: $0.line, $0.sentence) }
    guard let head = records.first else {
      if faults.isEmpty { self.faults = [Fault(line: 1, "The file is empty. Its first line names the columns.")] }
      return
    }
    // A first line that cannot be read names nothing.
    guard faults.allSatisfy({ $0.line > head.line }) else { return }
    let header = head.fields.map(Self.columnName)
    guard let kind = ImportKind(header: header) else {
      self.faults.append(
        Fault(
          line: head.line,
          "These columns are of no kind of file that is known here. Contacts have received_at, contributions have kind, "
            + "discussions have held_at, with commas between the cells."))
      return
    }
    self.kind = kind
    self.faults += Self.faults(in: header, of: kind, at: head.line)
    guard self.faults.allSatisfy({ $0.line != head.line }) else { return }
    let body = records.dropFirst()
    guard body.count <= Self.mostRows else {
      self.faults.append(
        Fault(
          line: body[body.startIndex + Self.mostRows].line,
          "A file has at most \(grouped(Self.mostRows)) rows. Split it; every part needs the first line."))
      return
    }
    read(body, header, kind, zone)
  }

  /// "Case reference" is case_reference.
  private static func columnName(_ text: String) -> String {
    String(text.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
  }

  private static func faults(in header: [String], of kind: ImportKind, at line: Int) -> [Fault] {
    let known = kind.columns
    var faults: [Fault] = []
    let unknown = header.indices.filter { !known.contains(header[$0]) }.map { "\($0 + 1)" }
    if !unknown.isEmpty {
      let those = unknown.count == 1 ? "Column \(unknown[0]) is" : "Columns \(unknown.joined(separator: ", ")) are"
      faults.append(
        Fault(
          line: line,
          "\(those) not known here, and may hold what must not be here. There are: \(known.joined(separator: ", "))."))
    }
    for name in known where header.count(where: { $0 == name }) > 1 {
      faults.append(Fault(line: line, column: name, "The column is named twice."))
    }
    for name in kind.required where !header.contains(name) {
      faults.append(Fault(line: line, column: name, "The column is needed."))
    }
    return faults
  }

  // MARK: - Rows

  private mutating func read(
    _ records: ArraySlice<CSV.Record>, _ header: [String], _ kind: ImportKind, _ zone: CivilZone
  ) {
    let places = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
    /// What stands under each reference, and where.
    var seen: [String: (line: Int, cells: [String])] = [:]
    for record in records {
      guard record.fields.count == header.count else {
        faults.append(
          Fault(
            line: record.line,
            "There are \(counted(record.fields.count, "cell")) here and \(grouped(header.count)) in the first line."))
        continue
      }
      var row = RowReader(record: record, places: places, kind: kind, zone: zone)
      let read = row.read()
      faults += row.faults
      guard let read else { continue }
      // A contribution is what it says; of all else, one reference has one row.
      let key = kind == .contributions ? record.fields.joined(separator: "\u{1F}") : "\(read.stream)"
      if let earlier = seen[key] {
        if earlier.cells == record.fields {
          repeated += 1
        } else {
          faults.append(
            Fault(
              line: record.line, column: kind.subject,
              "The same reference stands on line \(earlier.line) with other details. Leave one of the two."))
        }
        continue
      }
      seen[key] = (record.line, record.fields)
      rows.append(read)
    }
  }
}

/// One record on its way to be a row.
private struct RowReader {
  let record: CSV.Record
  let places: [String: Int]
  let kind: ImportKind
  let zone: CivilZone
  private(set) var faults: [ImportFile.Fault] = []

  init(record: CSV.Record, places: [String: Int], kind: ImportKind, zone: CivilZone) {
    (self.record, self.places, self.kind, self.zone) = (record, places, kind, zone)
  }

  private func cell(_ name: String) -> String {
    places[name].map { record.fields[$0].trimmed } ?? ""
  }

  private mutating func fault(_ column: String?, _ sentence: String) {
    faults.append(ImportFile.Fault(line: record.line, column: column, sentence))
  }

  mutating func read() -> ImportRow? {
    let id = DiscussionID(cell(kind.subject))
    if id == nil {
      fault(
        kind.subject,
        cell(kind.subject).isEmpty
          ? "It is needed: eight letters and digits, no U, as 7Q2F-M9KD."
          : "Give a reference of eight letters and digits, no U, as 7Q2F-M9KD.")
    }
    let bodies = kind.parts.map { body($0) }
    guard let id, faults.isEmpty else {
      // What the cells say together is looked at too.
      if kind == .discussions { checkMoment() }
      return nil
    }
    switch kind {
    case .discussions: return discussion(id, bodies)
    case .contributions: return contribution(id, bodies)
    case .contacts: return contact(ContactID(bits: id.bits), bodies)
    }
  }

  /// nil where the row has no such part.
  private mutating func body(_ part: ImportPart) -> BodyFields? {
    let columns = part.columns.filter { places[$0.name] != nil || $0.field.isRequired }
    guard part.isAlways || columns.contains(where: { !cell($0.name).isEmpty }) else { return nil }
    var (named, fields): ([JSON.Member], [BodyField]) = ([], [])
    var members: [JSON.Member] = []
    for column in columns {
      let text = cell(column.name)
      guard !text.isEmpty else {
        fields.append(column.field)
        continue
      }
      do throws(LocalMoment.Fault) {
        let value = try value(text, column.field.kind)
        named.append(.init(column.name, value))
        members.append(.init(column.member, value))
        fields.append(column.field)
      } catch {
        fault(column.name, error.sentence)
      }
    }
    for found in BodyReader.faults(in: .object(named), fields) {
      fault(found.pointer.dropFirst().split(separator: "/").first.map(String.init), found.detail)
    }
    return BodyFields(json: .object(members))
  }

  private func value(_ text: String, _ kind: BodyField.Kind) throws(LocalMoment.Fault) -> JSON {
    switch kind {
    case .instant, .meetingTime: JSON(try LocalMoment.read(text, in: zone))
    case .whole: Int64(text).map(JSON.int) ?? .string(text)
    case .list(.object, _): .array(text.items.map(Self.attendance))
    case .list: .array(text.items.map { .string($0) })
    case .text, .name, .team, .word, .flag, .discussion, .object, .body: .string(text)
    }
  }

  /// `police:in_person`
  private static func attendance(_ text: String) -> JSON {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).trimmed }
    return .object(zip(["agency", "kind"], halves).map { .init($0, .string($1)) })
  }

  // MARK: - Kinds

  /// False where neither says when.
  @discardableResult private mutating func checkMoment() -> Bool {
    guard cell("held_at").isEmpty, cell("meeting_at").isEmpty else { return true }
    fault("held_at", "Give when it was held; or in meeting_at when it is to be, if that is still to come.")
    return false
  }

  private mutating func discussion(_ id: DiscussionID, _ bodies: [BodyFields?]) -> ImportRow? {
    guard checkMoment(), let body = bodies[0] else { return nil }
    let members = (body.json.members ?? []) + (body.has("meeting_at") ? [] : [.init("meeting_at", .null)])
    let whole = BodyFields(json: .object(members))
    // There is no "earliest" here, which alone it would throw for.
    guard case .success(let convene?) = Result(catching: { () throws(ProblemDocument) in try Bodies.convene(whole) })
    else { return nil }
    var steps: [ImportRow.Step] = []
    if let contributed = bodies[1]?.objects("contributed") {
      guard let heldAt = convene.heldAt else {
        fault("contributed", "Give held_at too: who took part is recorded as of then.")
        return nil
      }
      for one in contributed {
        guard let agency = one.slug("agency", of: AgencyKind.self), let kind = one.word("kind", ContributionKind.self)
        else { continue }
        steps.append(.change(id, .contribute(agency, kind, byRole: convene.convenedBy, via: .api, at: heldAt)))
      }
    }
    if let decision = bodies[2].flatMap(Bodies.decision) {
      steps.append(.change(id, decision))
    }
    let firstBody = Chain.fingerprint(whole.json.canonical.bytes)
    return ImportRow(line: record.line, first: .convene(id, convene, firstBody: firstBody), then: steps)
  }

  private func contribution(_ id: DiscussionID, _ bodies: [BodyFields?]) -> ImportRow? {
    guard let body = bodies[0] else { return nil }
    let members = (body.json.members ?? []) + (body.has("via") ? [] : [.init("via", JSON(word: Via.api))])
    return Bodies.contribution(BodyFields(json: .object(members))).map {
      ImportRow(line: record.line, first: .change(id, $0))
    }
  }

  private func contact(_ id: ContactID, _ bodies: [BodyFields?]) -> ImportRow? {
    guard let facts = bodies[0].flatMap(Bodies.contact) else { return nil }
    let then = [bodies[1].flatMap(Bodies.contactOutcome), bodies[2].flatMap(Bodies.contactReview)].compactMap(\.self)
    return ImportRow(line: record.line, first: .contact(id, facts), then: then.map { .contact(id, $0) })
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// Between semicolons or commas.
  fileprivate var items: [String] {
    split { $0 == ";" || $0 == "," }.map { String($0).trimmed }.filter { !$0.isEmpty }
  }
}
