// `POST /v1/import`: a CSV file becomes rows, the rows become one commit, or none. Everything that is at fault is told at once,
// in the cells and by the rules; nothing of the file is ever repeated.
import Convening
import Coordination
import HTTPTypes
import Hummingbird
import Wire

extension Routes {
  func importRows(_ call: Call, _ desk: Desk) async throws -> Response {
    guard Routes.isCSV(call.headers[.contentType]) else {
      throw ProblemDocument(.notCSV, status: 415, "Send a CSV file in UTF-8, with Content-Type: text/csv.")
    }
    guard let zone = desk.live().arrangements?.calendar.zone else { throw ProblemDocument.failed }
    let file = ImportFile(call.file, zone: zone)
    let isDry = call.query.flag("dry_run") ?? false
    let actor = try await PeerCredentials.actor(of: call.channel)
    // Rows that can be read are judged beside those that cannot: all faults are told at once.
    let reply = try await desk.importing(file, actor, isDry || !file.faults.isEmpty, now())
    guard case .imported(let outcome) = reply else { return try answer(reply, to: call) }
    if let problem = ImportDocument.problem(file, outcome) { throw problem }
    return Response(ImportDocument.json(file, outcome, isDry: isDry))
  }

  /// `text/csv`, of no other charset than UTF-8.
  private static func isCSV(_ type: String?) -> Bool {
    let parts = (type ?? "").lowercased().split(separator: ";").map { $0.filter { !" \t\"".contains($0) } }
    let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }
    return parts.first == "text/csv" && (charset == nil || charset == "charset=utf-8")
  }
}
