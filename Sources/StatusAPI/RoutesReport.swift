// The report, counted from the records away from the loop, and the reports that are kept: what is kept goes through the convenor
// like every change, and is read from the journal, where it stands as it was.
import Convening
import Coordination
import HTTPTypes
import Hummingbird
import Wire

extension Routes {
  func report(_ call: Call, _ desk: Desk) async throws -> Response {
    let (from, to) = try stretch(call.query, "?", atMost: Routes.longestReport, desk)
    return Response(try await desk.report(from, to, call.reader))
  }

  private static let longestReport = (days: Int64(366 * 30), words: "A report spans thirty years at most")
  /// Two years come to less than a megabyte, which one line of the journal bears and the loop writes within a few milliseconds.
  private static let longestSnapshot = (days: Int64(366 * 2), words: "A report that is kept spans two years at most")

  /// What `from` and `to` name: moments, or days by the authority's clocks.
  private func stretch(
    _ fields: BodyFields, _ pointer: String, atMost longest: (days: Int64, words: String), _ desk: Desk
  ) throws(ProblemDocument) -> (from: Instant, to: Instant) {
    guard let calendar = desk.live().arrangements?.calendar else { throw ProblemDocument.failed }
    var faults: [Fault] = []
    func moment(_ name: String) -> Instant? {
      let text = fields.text(name) ?? ""
      let moment = Instant(text) ?? CivilDate(text).flatMap { calendar.zone.moments($0, .zero).first }
      if moment == nil {
        faults.append(Fault(pointer + name, "Give a day, as 2026-10-01, or a moment with its offset."))
      }
      return moment
    }
    let (first, last) = (moment("from"), moment("to"))
    guard let from = first, let to = last else { throw ProblemDocument.invalid(faults) }
    guard from < to else { throw ProblemDocument.invalid([Fault("\(pointer)to", "Give one that is after from.")]) }
    guard to - from <= .days(longest.days) else {
      throw ProblemDocument.invalid([Fault("\(pointer)to", "\(longest.words). Give one that is nearer to from.")])
    }
    return (from, to)
  }

  // MARK: - Reports that are kept

  func snapshots(_ call: Call, _ desk: Desk) -> Response {
    Response(SnapshotDocument.list(desk.live().snapshots.all, for: call.socket.audience))
  }

  /// `PUT /v1/report/snapshots/{name}`. Its body says which version it makes, so an `Idempotency-Key` says nothing more.
  func keepReport(_ call: Call, _ desk: Desk) async throws -> Response {
    let name = try call.snapshot()
    let (from, to) = try stretch(call.body, "/", atMost: Routes.longestSnapshot, desk)
    let document = try await desk.report(from, to, .control).text
    let wish = SnapshotWish(name: name, from: from, to: to, reason: call.body.text("reason"), document: document)
    let request = Coordination.Request(.keepReport(wish), actor: try await PeerCredentials.actor(of: call.channel))
    switch await desk.submit(request) {
    case .kept(let snapshot, created: true):
      let headers: HTTPFields = [.location: "/v1/report/snapshots/\(name)?version=\(snapshot.version)"]
      return Response(
        try SnapshotDocument.json(snapshot, document: document, for: .control), status: .created, headers: headers)
    case .kept(let snapshot, created: false):
      return Response(
        try SnapshotDocument.json(snapshot, document: try await text(of: snapshot, desk), for: .control),
        headers: [.idempotentReplay: "true"])
    case .refused(let refusal): throw ProblemDocument(refusal)
    case .discussion, .contact, .pinged, .enabled, .paused, .resumed, .onDuty, .imported, .fed, .arranged:
      throw ProblemDocument.failed
    }
  }

  func snapshot(_ call: Call, _ desk: Desk) async throws -> Response {
    let versions = desk.live().snapshots[try call.snapshot()]
    let wanted = call.query.whole("version")
    guard let found = versions.last(where: { wanted == nil || $0.version == wanted }) else {
      throw ProblemDocument(
        .noSuchSnapshot, status: 404,
        "No report is kept under this name and version. `convenectl report snapshots` lists those that are.")
    }
    return Response(
      try SnapshotDocument.json(found, document: try await text(of: found, desk), for: call.reader))
  }

  /// What it said, from its line in the journal.
  private func text(of snapshot: ReportSnapshot, _ desk: Desk) async throws -> String {
    for line in try await desk.records.lines(of: .report(snapshot.name)) where line.revision == snapshot.version {
      if case .entry(let entry) = try line.reading(), case .snapshotTaken(_, _, _, _, let document) = entry.event {
        return document
      }
    }
    throw ProblemDocument.failed
  }
}

extension Call {
  fileprivate var reader: ReportDocument.Reader {
    if query.flag("public") ?? false { return .everybody }
    return socket == .control ? .control : .status
  }

  /// The kept report of the path.
  ///
  /// Throws: `ProblemDocument` for a name of another form.
  fileprivate func snapshot() throws(ProblemDocument) -> SnapshotName {
    guard let name = parameters.get("name").flatMap({ SnapshotName($0) }) else {
      throw ProblemDocument(
        .invalid, status: 400, "A name has lower-case letters, digits and hyphens, as 2026-27-q1.")
    }
    return name
  }
}
