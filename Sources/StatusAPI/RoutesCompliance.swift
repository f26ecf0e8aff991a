// `GET /v1/compliance`: where the rules of the house were not kept. Clocks come from memory, all else from the
// rows; nothing of it is asked on the loop.
import Convening
import Coordination
import Hummingbird
import Wire

extension Routes {
  func compliance(_ call: Call, _ desk: Desk) async throws -> Response {
    let live = desk.live()
    guard let arrangements = live.arrangements else { throw ProblemDocument.failed }
    let now = now()
    let since = call.query.instant("since") ?? now - .days(1)
    guard since <= now else { throw ProblemDocument.invalid([Fault("?since", "Give one that is past.")]) }
    let compliance = Compliance(
      since: since, now: now, contacts: try await desk.records.contacts(pastSince: since, at: now),
      decided: try await desk.records.decisions(), open: await desk.openDiscussions(),
      closed: await desk.closedDiscussions(), policies: live.policies, calendar: arrangements.calendar,
      showsOutcomes: call.socket == .control)
    return Response(
      ComplianceDocument.json(compliance) { finding in
        let isContact = if case .contact = finding.fact { true } else { false }
        // A contact is the team's to look at; all else is the manager's.
        return arrangements.frontDoorHolders(of: finding.team, managed: !isContact, at: now).first.map { holder in
          (holder.route, arrangements.routes[holder.route]?.label ?? holder.route.text)
        }
      })
  }
}
