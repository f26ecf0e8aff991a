// A look for a time over the sockets: read on the control socket, and changing nothing.
import Convening
import Coordination
import Testing

@testable import StatusAPI
@testable import Wire

@Test func aLookForATimeChangesNothing() async throws {
  try await withServer { running in
    let reply = try await running.change("POST /v1/slots", #"{"agencies":["police","health"],"duration_min":90}"#)
    #expect(reply.status == 200)
    let document = try reply.json
    #expect(document["schema"] == "convened.slots/1" && document["duration_min"] == 90)
    let first = document["slots"]?.array?.first
    #expect(first == ["at": "2026-11-23T12:00:00Z", "until": "2026-11-23T13:30:00Z"])
    #expect(running.convenor.requests.isEmpty, "nothing is asked of the convenor")
  }
}

@Test func timesAreNotLookedForOnTheStatusSocket() async throws {
  try await withServer { running in
    let reply = try await running.ask(running.status, request("POST /v1/slots", [], body: "{}"))
    #expect(reply.status == 405)
  }
}
