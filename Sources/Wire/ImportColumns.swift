// The columns of the three kinds of files that can be imported. Each is a field of a body that a request would have, so that a
// cell is judged as that field is; which kind a file is, its header says. The manual and docs/contract.md list them.
import Convening

/// What the rows of a file are.
public enum ImportKind: String, CaseIterable, Hashable, Sendable {
  case discussions, contributions, contacts

  /// By columns that no other kind has; nil for a header of none.
  init?(header: [String]) {
    if header.contains("received_at") {
      self = .contacts
    } else if header.contains("kind") {
      self = .contributions
    } else if ["held_at", "meeting_at", "convened_by"].contains(where: header.contains) {
      self = .discussions
    } else {
      return nil
    }
  }

  /// The column that says what a row is about.
  public var subject: String { self == .contributions ? "discussion" : "reference" }

  /// All of them, in the order in which they are documented.
  public var columns: [String] { [subject] + parts.flatMap { $0.columns.map(\.name) } }

  /// Those that every row fills.
  public var required: [String] {
    [subject] + parts.filter(\.isAlways).flatMap { $0.columns.filter(\.field.isRequired).map(\.name) }
  }

  var parts: [ImportPart] {
    switch self {
    case .discussions: [.convene, .contributed, .decision]
    case .contributions: [.contribution]
    case .contacts: [.contact, .outcome, .review]
    }
  }
}

/// What of a row becomes one step: a body's fields, under the names of their columns.
struct ImportPart: Sendable {
  struct Column: Sendable {
    let name: String
    /// The field's name in the body.
    let member: String
    /// Under the column's name.
    let field: BodyField
  }

  /// Whether every row has it; another is there where one of its cells is filled.
  let isAlways: Bool
  let columns: [Column]

  private init(isAlways: Bool = false, _ fields: [BodyField], named names: [String: String] = [:]) {
    self.isAlways = isAlways
    columns = fields.map { field in
      let name = names[field.name] ?? field.name
      return Column(name: name, member: field.name, field: field.named(name))
    }
  }

  static let convene = ImportPart(
    isAlways: true,
    Bodies.convene.compactMap { field in
      switch field.name {
      // A past discussion is joined by nobody.
      case "join": nil
      case "meeting_at": .optional("meeting_at", .instant, "When they were to meet, or are.")
      default: field.notYet == nil ? field : nil
      }
    })
  static let contributed = ImportPart([
    .optional(
      "contributed",
      .list(
        .object([
          .required("agency", .name, "An agency of the settings."),
          .required("kind", .word(ContributionKind.allCases.map(\.rawValue)), "How it took part."),
        ]), count: 1...32), "Who took part and how, as police:in_person; health:phone_live.")
  ])
  static let decision = ImportPart(
    Bodies.decision.map { $0.name == "decided_at" ? $0.needed : $0 }, named: ["by_role": "decided_by"])
  static let contribution = ImportPart(
    isAlways: true,
    Bodies.contribution.compactMap { field in
      switch field.name {
      case "via": .optional("via", .word([Via.phone, .api].map(\.rawValue)), "How it came; default api.")
      case "at": field.needed
      default: field.notYet == nil ? field : nil
      }
    })
  static let contact = ImportPart(isAlways: true, Bodies.contact)
  static let outcome = ImportPart(
    Bodies.contactOutcome.map { $0.name == "at" ? $0.needed : $0 },
    named: ["by_role": "outcome_by", "at": "outcome_at"])
  static let review = ImportPart(
    Bodies.contactReview.map { $0.name == "at" ? $0.needed : $0 },
    named: ["by_role": "reviewed_by", "at": "reviewed_at"])
}

extension ImportFault {
  /// The column at fault; nil where it is the row as a whole.
  func column(in kind: ImportKind) -> String? {
    // "agencies/0" is a part of its cell.
    guard let pointer = refusal.pointer, let field = pointer.dropFirst().split(separator: "/").first.map(String.init)
    else { return nil }
    switch (step, field) {
    case (.contact(_, .outcome), "at"): return "outcome_at"
    case (.contact(_, .review), "at"): return "reviewed_at"
    case (.change(_, .contribute), "at") where kind == .discussions: return "held_at"
    case (.change(_, .contribute), _) where kind == .discussions: return "contributed"
    default: return kind.columns.contains(field) ? field : nil
    }
  }
}
