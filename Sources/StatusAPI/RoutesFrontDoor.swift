// The front door: what is told of contacts, and the list that is the review queue, from the rows and never from the loop.
import Convening
import Coordination
import HTTPTypes
import Hummingbird
import Wire

extension Routes {
  /// Something is told of one contact. `command` is what its body became; the table has read it, so it is there.
  func tell(_ call: Call, _ desk: Desk, _ command: ContactCommand?) async throws -> Response {
    guard let command else { throw ProblemDocument.failed }
    let id = try call.contact()
    let actor = try await PeerCredentials.actor(of: call.channel)
    // What is put is the same however often it is put.
    let mark = call.operation.method == "POST" ? try mark(of: call, by: actor, on: id.description) : nil
    let request = Coordination.Request(.contact(id, command), actor: actor, mark: mark, ifMatch: try call.ifMatch())
    return try answer(await desk.submit(request), to: call)
  }

  func contact(_ call: Call, _ desk: Desk) async throws -> Response {
    let audience = try call.outcomeAudience()
    let lines = try await desk.records.lines(of: .frontDoor(try call.contact()))
    guard let contact = try FrontDoorContact.folding(lines) else { throw ProblemDocument(Refusal.contactNotFound) }
    return Response(
      ContactDocument.json(contact, for: audience), headers: [.eTag: DiscussionDocument.tag(contact.revision)])
  }

  func frontDoor(_ call: Call, _ desk: Desk) async throws -> Response {
    let audience = try call.outcomeAudience()
    let (limit, now) = (call.query.whole("limit") ?? 100, now())
    var query = ContactQuery(
      state: call.query.word("state"), team: call.query.slug("team"), now: now, limit: limit)
    if let cursor = call.query.text("cursor") {
      query.after = FrontDoorDocument.place(of: cursor).map { ContactPlace(reviewDue: $0.reviewDue, id: $0.id) }
      if query.after == nil { throw Routes.foreignCursor }
    }
    let page = try await desk.records.contacts(query)
    let cursor = page.count < limit ? nil : page.last.map(FrontDoorDocument.cursor)
    return Response(FrontDoorDocument.json(page, at: now, cursor: cursor, for: audience))
  }
}
