// One request as the handlers see it, and the answers that they give. The text of a request goes no further than here.
import Convening
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// What every request carries through the router.
struct SocketContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}

/// Which of the two sockets.
enum Socket: Hashable, Sendable {
  case status, control

  var audience: Audience {
    switch self {
    case .status: .status
    case .control: .control(outcome: false)
    }
  }

  func has(_ operation: APIOperation) -> Bool { self == .control || !operation.isControlOnly }
}

struct Call: Sendable {
  let operation: APIOperation
  let socket: Socket
  let headers: HTTPFields
  let parameters: Parameters
  let query: BodyFields
  let body: BodyFields
  /// The bytes of a body that is a file.
  let file: [UInt8]
  let channel: any Channel

  /// The discussion of the path.
  ///
  /// Throws: `ProblemDocument` for a reference of another form.
  func discussion() throws(ProblemDocument) -> DiscussionID { try reference { DiscussionID($0) } }

  /// The front-door contact of the path.
  ///
  /// Throws: `ProblemDocument` for a reference of another form.
  func contact() throws(ProblemDocument) -> ContactID { try reference { ContactID($0) } }

  private func reference<ID>(_ read: (String) -> ID?) throws(ProblemDocument) -> ID {
    guard let id = parameters.get("id").flatMap(read) else {
      throw ProblemDocument(
        .invalid, status: 400, "A reference has eight letters and digits, no U, as 7Q2F-M9KD. Check it.")
    }
    return id
  }

  /// Who reads the answer: whoever asks for outcomes sees them, on the control socket alone.
  ///
  /// Throws: `ProblemDocument` where they are asked for on the other.
  func outcomeAudience() throws(ProblemDocument) -> Audience {
    let outcome = query.flag("outcome") ?? false
    switch socket {
    case .status where outcome:
      throw ProblemDocument(
        .controlOnly, status: 403, "Outcomes are shown on the control socket alone.",
        errors: [Fault("?outcome", "Leave it out here, or ask the control socket.")])
    case .status: return .status
    case .control: return .control(outcome: outcome)
    }
  }

  /// The reminder of the path.
  ///
  /// Throws: `ProblemDocument` for an id of another form.
  func reminder() throws(ProblemDocument) -> ReminderID {
    guard let id = parameters.get("id").flatMap({ ReminderID($0) }) else {
      throw ProblemDocument(
        .invalid, status: 400, "A reminder's id is msg_ and 26 letters and digits. See `convenectl reminders`.")
    }
    return id
  }

  /// The agency of the path; nil for `coordination`, the coordinator.
  ///
  /// Throws: `ProblemDocument` for a name of another form.
  func agency() throws(ProblemDocument) -> AgencyID? {
    let text = parameters.get("agency") ?? ""
    guard text != "coordination" else { return nil }
    guard let id = AgencyID(text) else {
      throw ProblemDocument(
        .invalid, status: 400, "An agency's name has lower-case letters, digits and hyphens. See `convenectl agencies`."
      )
    }
    return id
  }

  /// The revision that `If-Match` names; nil where any will do.
  ///
  /// Throws: `ProblemDocument` for anything but one strong tag of a revision, or `*`.
  func ifMatch() throws(ProblemDocument) -> Int? {
    guard let tag = headers[.ifMatch], tag != "*" else { return nil }
    guard tag.hasPrefix("\""), tag.hasSuffix("\""), tag.count > 2, let revision = Int(tag.dropFirst().dropLast()),
      revision > 0
    else {
      throw .invalid([Fault("If-Match", "Give the ETag of the discussion's document, as \"3\".")])
    }
    return revision
  }

  /// The version of a rota that `If-Match` names; nil where any will do.
  ///
  /// Throws: `ProblemDocument` for anything but one strong tag, or `*`.
  func ifRota() throws(ProblemDocument) -> String? {
    guard let tag = headers[.ifMatch], tag != "*" else { return nil }
    guard tag.hasPrefix("\""), tag.hasSuffix("\""), tag.count > 2, !tag.dropFirst().dropLast().contains("\"") else {
      throw .invalid([Fault("If-Match", "Give the ETag of the agency's rota, as it came.")])
    }
    return String(tag.dropFirst().dropLast())
  }

  /// A condition that would not be kept is refused, so that nobody relies on it.
  ///
  /// Throws: `ProblemDocument`.
  func refuseIdleConditions() throws(ProblemDocument) {
    if headers[.ifMatch] != nil, !operation.takesIfMatch {
      throw .invalid([Fault("If-Match", "It is read by changes of what has an ETag alone. Leave it out.")])
    }
    if headers[.ifNoneMatch] != nil, operation.method != "GET" {
      throw .invalid([Fault("If-None-Match", "No change reads it: the same PUT again is safe without. Leave it out.")])
    }
  }

  /// Throws: `ProblemDocument` for a key that is empty, longer than 64 or not printable ASCII.
  func idempotencyKey() throws(ProblemDocument) -> String? {
    guard let key = headers[.idempotencyKey] else { return nil }
    guard (1...64).contains(key.utf8.count), key.utf8.allSatisfy({ (33...126).contains($0) }) else {
      throw .invalid([Fault("Idempotency-Key", "Give 1 to 64 printable ASCII characters without spaces.")])
    }
    return key
  }
}

extension HTTPField.Name {
  static let idempotencyKey = HTTPField.Name("idempotency-key")!
  static let idempotentReplay = HTTPField.Name("idempotent-replay")!
}

// MARK: - Answers

extension Response {
  init(_ json: JSON, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], type: String = "application/json") {
    var headers = headers
    headers[.contentType] = type
    headers[.cacheControl] = "no-store"
    self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }

  init(_ problem: ProblemDocument) {
    var headers: HTTPFields = [:]
    if let seconds = problem.retryAfter { headers[.retryAfter] = String(seconds) }
    // RFC 9110, 15.5.6: with every 405, even where no method is allowed.
    if problem.code == .methodNotAllowed { headers[.allow] = problem.allow.joined(separator: ", ") }
    self.init(
      problem.json, status: HTTPResponse.Status(code: problem.status), headers: headers, type: ProblemDocument.mediaType
    )
  }
}

extension Request {
  /// The query's parts in their order, percent-decoded. A value is nil where the name stands alone.
  ///
  /// Throws: `ProblemDocument` for a percent sign that decodes to no text.
  func queryParts() throws(ProblemDocument) -> [(name: String, value: String?)] {
    var parts: [(name: String, value: String?)] = []
    for part in (uri.query ?? "").split(separator: "&") {
      let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        String($0).removingPercentEncoding
      }
      guard !halves.contains(nil), let name = halves[0] else {
        throw .invalid([Fault("?", "A percent sign in the query is not followed by a byte of UTF-8.")])
      }
      parts.append((name, halves.count == 2 ? halves[1] : nil))
    }
    return parts
  }
}
