// A problem document (RFC 9457) in plain words, and what each HTTP status means to a script. What the daemon says is
// printed; what was sent is not.
import Convening
import Wire

public struct Problem: Hashable, Sendable {
  public let status: Int
  public let code: String?
  public private(set) var detail: String?
  public let title: String?
  public let retryable: Bool
  public private(set) var errors: [(pointer: String, detail: String)]
  /// Whole seconds; nil where the daemon named none.
  public let retryAfter: Int?

  /// Reads an answer that is not a success; a body that is no problem document leaves only the status.
  public init(_ answer: HTTPAnswer) {
    status = answer.status
    let document: JSON
    do { document = try JSON(parsing: answer.body) } catch { document = .null }
    code = document["code"]?.string
    detail = document["detail"]?.string
    title = document["title"]?.string
    retryable = document["retryable"]?.bool ?? (answer.status == 503)
    errors = (document["errors"]?.array ?? []).map {
      ($0["pointer"]?.string ?? "", $0["detail"]?.string ?? "is not right")
    }
    retryAfter = answer.headers["retry-after"].flatMap { Int($0) }
  }

  /// The exit status for it.
  public var exit: Exit {
    switch status {
    case 401, 403: .notPermitted
    case 404: .notFound
    case 408, 429, 503: .tryLater
    case 405: .notPermitted
    case 400..<500: .invalid
    default: retryable ? .tryLater : .failure
    }
  }

  public var complaint: Complaint { Complaint(exit, sentences: sentences) }

  /// The same with the agencies that its sentence lists by these names.
  func naming(_ names: Names) -> Problem {
    var named = self
    named.detail = detail.map { Problem.sentence($0, naming: names) }
    named.errors = errors.map { ($0.pointer, Problem.sentence($0.detail, naming: names)) }
    return named
  }

  /// The same with the entries of the body by what whoever sent it calls them.
  public func calling(_ entries: [String]) -> Problem {
    guard !entries.isEmpty else { return self }
    var called = self
    called.errors = errors.map { pointer, detail in
      var (pointer, detail) = (pointer, detail)
      for (index, name) in entries.enumerated() {
        if pointer.hasPrefix("/entries/\(index)/") {
          pointer = "/\(name)/\(pointer.dropFirst("/entries/\(index)/".count))"
        }
        detail = detail.replacing("entry number \(index + 1),", with: "\(name),")
      }
      return (pointer, detail)
    }
    return called
  }

  /// "The decision is made without police, health: give a reason."; any other sentence stays as it is.
  private static func sentence(_ sentence: String, naming names: Names) -> String {
    guard let start = sentence.firstRange(of: "without ")?.upperBound,
      let end = sentence.firstRange(of: ": give a reason")?.lowerBound, start < end
    else { return sentence }
    let ids = sentence[start..<end].replacing(" and ", with: ", ").split(separator: ", ").map(String.init)
    guard ids.allSatisfy({ AgencyID($0) != nil }) else { return sentence }
    return "\(sentence[..<start])\(Words.joined(ids.map(names.agency)))\(sentence[end...])"
  }

  private var sentences: [String] {
    var lines = [detail ?? title ?? "The daemon answered \(status) and did not say why."]
    for error in errors {
      // A single fault often says what the detail says already: then only where it is.
      // A fault in a file names its line itself.
      let words = code == ProblemCode.badImport.rawValue ? "" : Problem.words(of: error.pointer)
      if error.detail != lines[0] {
        lines.append("  \(words.isEmpty ? "" : words + ": ")\(error.detail)")
      } else if !words.isEmpty {
        lines.append("  It is about \(words).")
      }
    }
    switch exit {
    case .tryLater: lines.append(retryAfter.map { "Try again in \($0) s." } ?? "Try again in a few seconds.")
    case .notPermitted where status == 405 || code == "control-only": lines.append(Problem.wayToControl)
    case .notPermitted:
      lines.append("You must be in group convened-control to change anything.")
    case .done, .failure, .notRunning, .usage, .invalid, .notFound, .outOfReach: break
    }
    return lines
  }

  static let wayToControl = "Give the control socket's path with --socket or CONVENED_CONTROL_SOCKET."

  /// `/meeting_at` as `meeting_at (--at)`, `/to/0` as `to, number 1 (--to)`; `?limit`, of the query, and a header's name
  /// likewise.
  private static func words(of pointer: String) -> String {
    let bare = pointer.first.map { "/?".contains($0) } == true ? String(pointer.dropFirst()) : pointer
    let parts = bare.split(separator: "/").map { $0.replacing("~1", with: "/").replacing("~0", with: "~") }
    let field = parts.map { part in Int(part).map { "number \($0 + 1)" } ?? String(part) }.joined(separator: ", ")
    return parts.first.flatMap { options[String($0)] }.map { "\(field) (\($0))" } ?? field
  }

  private static let options: [String: String] = [
    "meeting_at": "--at", "at": "--at", "held_at": "--at or --held-at", "decided_at": "--at",
    "duration_min": "--duration",
    "form": "--form", "need_identified_at": "--need-identified", "agencies": "--agency", "agency": "--agency",
    "team": "--team", "by_role": "--by", "convened_by": "--by", "children": "--children", "join": "--join",
    "case_reference": "--case-reference", "kind": "--kind", "via": "--via", "code": "--code", "outcome": "--outcome",
    "flags": "--flag", "dissent": "--dissent", "reason": "--reason", "s47_started_at": "--s47-started", "to": "--to",
    "route": "--route", "until": "--until", "unit": "--unit", "cursor": "--cursor",
    "replacement": "--replacement",
  ]

  public static func == (a: Problem, b: Problem) -> Bool {
    a.status == b.status && a.code == b.code && a.detail == b.detail && a.title == b.title
      && a.retryable == b.retryable && a.retryAfter == b.retryAfter
      && a.errors.elementsEqual(b.errors) { $0.pointer == $1.pointer && $0.detail == $1.detail }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(status)
    hasher.combine(code)
  }
}
