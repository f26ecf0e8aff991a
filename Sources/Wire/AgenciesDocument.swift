// Who holds each place now and next, and why; the rota and the covers of one agency. Why somebody stands in is for the control
// socket.
import Convening

public enum AgenciesDocument {
  /// What is known of a route beside the settings.
  public struct Route: Hashable, Sendable {
    public let health: String
    public let inFlight: Int
    public let lastAccepted: Instant?

    public init(health: String, inFlight: Int, lastAccepted: Instant?) {
      (self.health, self.inFlight, self.lastAccepted) = (health, inFlight, lastAccepted)
    }
  }

  /// What is known of an agency over all open discussions.
  public struct Pulse: Hashable, Sendable {
    public let lastAnswered: Instant?
    public let awaiting: Int

    public init(lastAnswered: Instant?, awaiting: Int) { (self.lastAnswered, self.awaiting) = (lastAnswered, awaiting) }
  }

  public static func json(
    _ arrangements: Arrangements, at now: Instant, routes: [RouteName: Route], pulses: [AgencyID: Pulse],
    for audience: Audience = .status
  ) -> JSON {
    func held(_ place: Place, _ agency: AgencyID, team: TeamID? = nil) -> JSON {
      holder(of: place, of: agency, team: team, in: arrangements, at: now, routes: routes, for: audience)
    }
    let agencies = arrangements.agencies.map { agency -> JSON in
      [
        "agency": JSON(agency.id), "name": .string(agency.name),
        "places": .array(Place.ofAgencies.map { held($0, agency.id) }),
        "awaiting": .int(Int64(pulses[agency.id]?.awaiting ?? 0)),
        "last_answered": JSON(pulses[agency.id]?.lastAnswered),
        "units": .array(agency.units.map { ["unit": JSON($0.id), "label": .string($0.label)] }),
        "counts": agency.units.isEmpty ? .null : JSON(word: agency.counts),
      ]
    }
    return [
      "schema": "convened.agencies/1", "agencies": .array(agencies),
      "coordination": held(.coordinator, .coordination),
      "teams": .array(
        arrangements.teams.map {
          ["team": JSON($0.id), "places": [held(.convener, .coordination, team: $0.id)]]
        }),
      "routes": .array(
        arrangements.routes.values.sorted { $0.name < $1.name }.map { card in
          let route = routes[card.name]
          return [
            "route": JSON(card.name), "label": .string(card.label), "phone": JSON(card.phone),
            "health": .string(route?.health ?? "unknown"), "in_flight": .int(Int64(route?.inFlight ?? 0)),
            "last_accepted": JSON(route?.lastAccepted),
          ]
        }),
    ]
  }

  /// Who holds a place now and why, until when, and who then.
  private static func holder(
    of place: Place, of agency: AgencyID, team: TeamID?, in arrangements: Arrangements, at now: Instant,
    routes: [RouteName: Route], for audience: Audience
  ) -> JSON {
    let hold = arrangements.hold(place, of: agency, team: team, at: now)
    let until = arrangements.holderChanges(place, of: agency, team: team, after: now)
    let next = until.map { moment -> JSON in
      let next = arrangements.hold(place, of: agency, team: team, at: moment)
      return [
        "at": JSON(moment), "route": JSON(next?.route),
        "label": JSON(next.flatMap { arrangements.routes[$0.route]?.label }),
        "because": .string(next?.because.word ?? Because.nobody),
      ]
    }
    let card = hold.flatMap { arrangements.routes[$0.route] }
    var members: [JSON.Member] = [
      .init("place", JSON(word: place)), .init("route", JSON(hold?.route)), .init("label", JSON(card?.label)),
      .init("phone", JSON(card?.phone)), .init("because", .string(hold?.because.word ?? Because.nobody)),
      .init("until", JSON(until)), .init("next", next ?? .null),
      .init("endpoint", .string(hold.flatMap { routes[$0.route]?.health } ?? "unknown")),
    ]
    if audience.isControl, case .cover(let reason)? = hold?.because {
      members.append(.init("reason", .string(reason)))
    }
    return .object(members)
  }
}

extension Because {
  /// Where nobody holds it.
  fileprivate static let nobody = "nobody"

  fileprivate var word: String {
    switch self {
    case .cover: "cover"
    case .rota: "rota"
    case .hours: "hours"
    case .otherwise: "otherwise"
    case .always: "always"
    }
  }
}

/// `GET /v1/agencies/{agency}/rota`, and what a change to it answers.
public enum RotaDocument {
  /// What stands from now on, in 32 hexadecimal digits: another one whenever a line of the rota or a cover comes, goes or is
  /// over. Why somebody stands in is no part of it: the status socket does not show that.
  public static func version(of agency: AgencyID, _ rota: Rota, at now: Instant) -> String {
    Chain.fingerprint(json(agency, rota, at: now, for: .status, version: nil).bytes).hex
  }

  public static func json(_ agency: AgencyID, _ rota: Rota, at now: Instant, for audience: Audience) -> JSON {
    json(agency, rota, at: now, for: audience, version: version(of: agency, rota, at: now))
  }

  private static func json(
    _ agency: AgencyID, _ rota: Rota, at now: Instant, for audience: Audience, version: String?
  ) -> JSON {
    func line(_ duty: Duty, _ stretch: Rota.Stretch) -> [JSON.Member] {
      [
        .init("place", JSON(word: duty.place)), .init("route", JSON(stretch.route)),
        .init("from", JSON(stretch.from)), .init("until", JSON(stretch.until)),
      ]
    }
    return [
      "schema": "convened.rota/1", "agency": JSON(agency), "version": JSON(version),
      "entries": .array(rota.entries(of: agency, from: now).map { .object(line($0.duty, $0.stretch)) }),
      "covers": .array(
        rota.covers(of: agency, from: now).map { cover in
          let reason = audience.isControl ? [JSON.Member("reason", .string(cover.stretch.reason))] : []
          return .object(line(cover.duty, cover.stretch) + reason)
        }),
    ]
  }
}
