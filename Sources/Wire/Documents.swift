// Small ways of writing documents with `JSON`, and who reads them. What a reader may not see is left out here, by lists of
// what may be shown, so that a new field stays hidden until somebody shows it.
import Convening

/// Who reads a document.
public enum Audience: Hashable, Sendable {
  /// The status socket: never a case reference, a way to join, free text or an outcome.
  case status
  /// The control socket. Outcomes stay hidden there too, unless they are asked for.
  case control(outcome: Bool)

  var isControl: Bool {
    switch self {
    case .status: false
    case .control: true
    }
  }

  var seesOutcome: Bool { self == .control(outcome: true) }
}

extension JSON {
  /// RFC 3339 in UTC; null for nil.
  package init(_ moment: Instant?) { self = moment.map { .string($0.description) } ?? .null }

  /// The name; null for nil.
  package init<Of>(_ name: Slug<Of>?) { self = name.map { .string($0.text) } ?? .null }

  /// The word; null for nil.
  package init(word: (some RawRepresentable<String>)?) { self = word.map { .string($0.rawValue) } ?? .null }

  package init<Of>(_ names: [Slug<Of>]) { self = .array(names.map { .string($0.text) }) }

  package init(texts: some Sequence<String>) { self = .array(texts.map { .string($0) }) }

  package init(_ flag: Bool?) { self = flag.map { .bool($0) } ?? .null }

  /// The same value with the members of every object sorted by name (by their UTF-8 bytes): equal requests are equal
  /// bytes, whatever order they came in.
  public var canonical: JSON {
    switch self {
    case .null, .bool, .int, .double, .string: self
    case .array(let values): .array(values.map(\.canonical))
    case .object(let members):
      .object(
        members.map { Member($0.name, $0.value.canonical) }
          .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }
  }
}
