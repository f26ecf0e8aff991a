// A row of the report as bytes in one column: forty thousand of them are read in one scan, of which each column of its own
// would take a part. Words stand as their places in their enums, so a change of one of those raises `Schema.version`.
import Convening
import Glibc

enum DecidedFacts {
  /// Stands for a moment that there is none of.
  fileprivate static let never = Int64.min

  static func bytes(_ row: Decided) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(160 + row.agencies.count * 56)
    func add(_ number: Int64) { withUnsafeBytes(of: number.littleEndian) { out.append(contentsOf: $0) } }
    func add(_ text: String) {
      out.append(UInt8(text.utf8.count))
      out.append(contentsOf: text.utf8)
    }
    func add(_ flags: Bool...) { out.append(flags.reduce(0) { $0 << 1 | ($1 ? 1 : 0) }) }
    add(row.isLateEntry, row.continues, row.urgency == .urgent, row.hasReason, row.isDissented)
    add(row.policy.id.text)
    add(Int64(row.policy.edition))
    for moment in row.moments { add(moment?.milliseconds ?? never) }
    out.append(UInt8(min(row.agencies.count, 255)))
    for agency in row.agencies.prefix(255) {
      add(agency.agency.text)
      add(
        agency.required, agency.asked, agency.wasSentRecord, agency.hasRecord, agency.agrees ?? false,
        agency.agrees == nil)
      out.append(agency.part.rawValue)
      out.append(place(agency.kind))
      out.append(place(agency.barrier))
      add(Int64(agency.messages))
      add(agency.reachedAt?.milliseconds ?? never)
      add(agency.answeredAt?.milliseconds ?? never)
    }
    return out
  }

  private static func place<Word: CaseIterable & Equatable>(_ word: Word?) -> UInt8 {
    word.flatMap { word in Word.allCases.enumerated().first { $0.element == word } }.map { UInt8($0.offset + 1) } ?? 0
  }
}

extension Decided {
  fileprivate var moments: [Instant?] {
    [
      convenedAt, decidedAt, recordedAt, needIdentifiedAt, heldAt, holdBy, circulatedAt, circulateBy, followUpBy,
      followUpDoneAt, conferenceFrom, conferenceBy, conferenceHeldAt, s47StartedAt, disagreementBy, disagreementEndedAt,
    ]
  }
}

/// Reads them back. Names are few and come again: each is made once.
struct DecidedReader {
  private var policies: [(bytes: [UInt8], id: PolicyID)] = []
  private var agencies: [(bytes: [UInt8], id: AgencyID)] = []

  /// Throws: `JournalFault` where the bytes are none that this version has written.
  mutating func read(_ bytes: UnsafeRawBufferPointer) throws(JournalFault) -> Decided {
    var place = 0
    let flags = try byte(bytes, &place)
    let policy = try name(bytes, &place, among: &policies)
    let edition = try number(bytes, &place)
    func moment() throws(JournalFault) -> Instant? {
      let number = try number(bytes, &place)
      return number == DecidedFacts.never ? nil : Instant(milliseconds: number)
    }
    guard let convened = try moment(), let decided = try moment(), let recorded = try moment(), edition > 0 else {
      throw .damagedRow
    }
    var row = Decided(
      policy: PolicyRef(id: policy, edition: Int(edition)), urgency: flags & 4 == 4 ? .urgent : .standard,
      convenedAt: convened, decidedAt: decided, recordedAt: recorded)
    (row.hasReason, row.isDissented, row.continues) = (flags & 2 == 2, flags & 1 == 1, flags & 8 == 8)
    row.isLateEntry = flags & 16 == 16
    row.needIdentifiedAt = try moment()
    row.heldAt = try moment()
    row.holdBy = try moment()
    row.circulatedAt = try moment()
    row.circulateBy = try moment()
    row.followUpBy = try moment()
    row.followUpDoneAt = try moment()
    row.conferenceFrom = try moment()
    row.conferenceBy = try moment()
    row.conferenceHeldAt = try moment()
    row.s47StartedAt = try moment()
    row.disagreementBy = try moment()
    row.disagreementEndedAt = try moment()
    let count = Int(try byte(bytes, &place))
    row.agencies.reserveCapacity(count)
    for _ in 0..<count {
      var agency = Decided.Agency(try name(bytes, &place, among: &agencies))
      let flags = try byte(bytes, &place)
      (agency.required, agency.asked) = (flags & 32 == 32, flags & 16 == 16)
      (agency.wasSentRecord, agency.hasRecord) = (flags & 8 == 8, flags & 4 == 4)
      agency.agrees = flags & 1 == 1 ? nil : flags & 2 == 2
      guard let part = Decided.Part(rawValue: try byte(bytes, &place)) else { throw .damagedRow }
      agency.part = part
      agency.kind = try word(bytes, &place)
      agency.barrier = try word(bytes, &place)
      agency.messages = Int(try number(bytes, &place))
      agency.reachedAt = try moment()
      agency.answeredAt = try moment()
      row.agencies.append(agency)
    }
    guard place == bytes.count else { throw .damagedRow }
    return row
  }

  private func byte(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) throws(JournalFault) -> UInt8 {
    guard place < bytes.count else { throw .damagedRow }
    defer { place += 1 }
    return bytes[place]
  }

  private func number(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) throws(JournalFault) -> Int64 {
    guard place + 8 <= bytes.count else { throw .damagedRow }
    defer { place += 8 }
    return Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self))
  }

  private func word<Word: CaseIterable>(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int
  ) throws(JournalFault) -> Word? where Word.AllCases == [Word] {
    let number = Int(try byte(bytes, &place))
    guard number > 0 else { return nil }
    guard number <= Word.allCases.count else { throw .damagedRow }
    return Word.allCases[number - 1]
  }

  private func name<Of>(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, among known: inout [(bytes: [UInt8], id: Slug<Of>)]
  ) throws(JournalFault) -> Slug<Of> {
    let count = Int(try byte(bytes, &place))
    guard place + count <= bytes.count else { throw .damagedRow }
    let name = UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
    place += count
    for index in known.indices where known[index].bytes.count == count {
      if count == 0 || memcmp(known[index].bytes, name.baseAddress!, count) == 0 { return known[index].id }
    }
    guard let id = Slug<Of>(String(decoding: name, as: UTF8.self)) else { throw .damagedRow }
    // A bound for a file that somebody made up.
    if known.count == 256 { known.removeAll() }
    known.append((Array(name), id))
    return id
  }
}
