// What a correction puts in the place of an entry: the body of the request that recorded it, read by the same table and the
// same reader, with every fault at its place in the whole body.
import Convening

extension BodyFields {
  /// As it came; nil where none did.
  public var replacement: JSON? { json["replacement"].flatMap { $0.isNull ? nil : $0 } }
}

extension Bodies {
  /// Throws: `ProblemDocument`, with pointers that begin with `/replacement`.
  public static func replacement(_ json: JSON, of kind: Correctable) throws(ProblemDocument) -> Command? {
    let body = try BodyReader.read(json, fields(of: kind), at: "/replacement")
    do throws(ProblemDocument) { return try read(body, as: kind) } catch {
      throw .invalid(error.errors.map { Fault("/replacement\($0.pointer)", $0.detail) })
    }
  }

  private static func fields(of kind: Correctable) -> [BodyField] {
    switch kind {
    case .acknowledged: acknowledgement
    case .contributionRecorded: contribution
    case .declined: decline
    // Its decision is an entry of its own.
    case .held: held.filter { field in !decision.contains { $0.name == field.name } }
    case .decided: decision
    case .circulated: circulate
    case .detailsSent: details
    case .telephoned: call
    case .barrierNamed: barrier
    case .receiptRecorded: receipt
    case .conferenceHeld: conference
    case .followUpDone: followUp
    case .clockStarted, .clockStopped: clock
    }
  }

  private static func read(_ body: BodyFields, as kind: Correctable) throws(ProblemDocument) -> Command? {
    switch kind {
    case .acknowledged: acknowledgement(body)
    case .contributionRecorded: contribution(body)
    case .declined: decline(body)
    case .held: try held(body)
    case .decided: decision(body)
    case .circulated: circulate(body)
    case .detailsSent: details(body)
    case .telephoned: call(body)
    case .barrierNamed: try barrier(body)
    case .receiptRecorded: receipt(body)
    case .conferenceHeld: conference(body)
    case .followUpDone: followUp(body)
    case .clockStarted, .clockStopped: try clock(body)
    }
  }
}
