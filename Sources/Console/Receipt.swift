// One webhook as a receiver got it, in a line for a person or for a script. It says what the thin body says and nothing
// of the secret; a body that is no reminder is said to be none.
import Convening
import Wire

public struct Receipt: Sendable {
  public let at: Instant
  public let finding: SignatureFinding
  public let id: String?
  public let attempt: String?
  public let answered: Int
  /// This id came before.
  public let again: Bool
  private let event: JSON

  public init(
    at: Instant, finding: SignatureFinding, id: String?, attempt: String?, answered: Int, again: Bool, body: [UInt8]
  ) {
    (self.at, self.finding, self.id, self.attempt) = (at, finding, id, attempt)
    (self.answered, self.again) = (answered, again)
    do { event = try JSON(parsing: body) } catch { event = .null }
  }

  /// `16:40:03  verified  reminder  7Q2F-M9KD  health  deputy  step chase  attempt 2  answered 204`
  public func line(_ zone: CivilZone, _ paint: Paint) -> String {
    let data = event["data"] ?? .null
    var parts = [Clock(zone: zone, now: at).seconds(at), verdict(paint), type]
    parts += [data.text("discussion"), data.text("agency"), data.text("recipient")].compactMap { $0 }
    if let step = data.text("step") { parts.append("step \(step)") }
    parts.append("attempt \(attempt ?? "?")")
    if let late = data["late_by_s"]?.int, late > 0 { parts.append("late by \(Clock.words(.seconds(Int64(late))))") }
    parts.append("answered \(answered)")
    if again { parts.append("seen before") }
    return parts.joined(separator: "  ")
  }

  /// One object a line: what was decided about it, then the body as it came.
  public var json: JSON {
    let (verified, why): (JSON, JSON) =
      switch finding {
      case .verified: (true, .null)
      case .refused(let why): (false, .string(why))
      case .unchecked: (.null, "no secret was given")
      }
    return .body([
      ("at", JSON(at)), ("verified", verified), ("why", why), ("id", JSON(id)), ("attempt", JSON(attempt)),
      ("answered", JSON(answered)), ("seen_before", .bool(again)), ("body", event),
    ])
  }

  private func verdict(_ paint: Paint) -> String {
    switch finding {
    case .verified: paint("verified", .good)
    case .refused(let why): paint("NOT VERIFIED (\(why))", .alarm)
    case .unchecked: paint("not checked", .warning)
    }
  }

  /// "reminder" of `convened.discussion.reminder.v1`.
  private var type: String {
    guard let type = event.text("type") else { return "no CloudEvents document" }
    let parts = type.split(separator: ".")
    return parts.count >= 3 && parts[0] == "convened" ? Words.plain(String(parts[parts.count - 2])) : type
  }
}
