// The commands for who is on duty: rota and cover.
import ArgumentParser
import Console
import Convening
import Wire

/// So that two who plan at once do not overwrite each other.
struct VersionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only if rota and cover are still of this version, as `rota show` prints it.", valueName: "version"))
  var ifVersion: String?
}

/// A place that a rota fills.
struct RotaPlace: ExpressibleByArgument {
  let place: Place

  init?(argument: String) {
    guard let place = Self.all.first(where: { $0.rawValue == argument }) else { return nil }
    self.place = place
  }

  static var allValueStrings: [String] { all.map(\.rawValue) }

  private static let all = Place.ofAgencies + Place.onRota(of: .coordination)
}

struct RotaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rota", abstract: "Who holds each place of an agency when, above the hours of the settings.",
    discussion: """
      The word coordination stands for the coordinator.

      Examples:
        convenectl rota show health
        convenectl rota import health december.csv
      """,
    subcommands: [Show.self, Set.self, Import.self])

  struct Show: Verb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "The rota and the covers from now on.",
      discussion: """
        Why somebody stands in is shown to those who may use the control socket: give --control. The version at its foot \
        is for --if-version.

        Examples:
          convenectl rota show health
          convenectl rota show health --control
          convenectl rota show coordination --json
        """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agency, or coordination.") var agency: AgencyID
    @Flag(help: "Ask the control socket: why somebody stands in, too.") var control = false

    func perform(_ session: Session) throws(Complaint) {
      try session.print(session.daemon.read("/v1/agencies/\(agency)/rota", control: control)) {
        RotaText($0, page: session.named).lines
      }
    }
  }

  struct Set: Verb {
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Write the whole rota from now on; what was is kept in the journal.",
      discussion: """
        A shift is place, route, from and until, with commas between; the times with their day, by the clock on the wall. \
        Without any, the agency has no rota any more.

        Examples:
          convenectl rota set health \\
            --shift "contact,on-call-nurse,2026-12-24 17:00,2026-12-29 08:30"
          convenectl rota set health
        """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agency, or coordination.") var agency: AgencyID
    @Option(help: ArgumentHelp("One shift; may be repeated.", valueName: "place,route,from,until")) var shift:
      [String] =
        []
    @OptionGroup var version: VersionOptions

    func perform(_ session: Session) throws(Complaint) {
      try session.writeRota(of: agency, try RotaCSV.typed(shift, session.reader), version)
    }
  }

  struct Import: Verb {
    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Write the whole rota from now on from a CSV file: all of it or nothing.",
      discussion: """
        The first line names the columns place, route, from, until. Times are 2026-12-24 17:00 or 24/12/2026 17:00, by the \
        clock on the wall, or with an offset. Shifts that are over change nothing. Every fault is printed with its line.

        Examples:
          convenectl rota import health december.csv
        """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agency, or coordination.") var agency: AgencyID
    @Argument(help: "The file.", completion: .file(extensions: ["csv"])) var path: String
    @OptionGroup var version: VersionOptions

    func perform(_ session: Session) throws(Complaint) {
      guard let text = String(bytes: try FileReading.bytes(of: path), encoding: .utf8) else {
        throw Complaint(.invalid, "\(path) is not UTF-8. Save it as \"CSV UTF-8\".")
      }
      try session.writeRota(of: agency, try RotaCSV.read(text, session.reader), version)
    }
  }
}

struct CoverCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "cover", abstract: "Somebody stands in for a place from now on, whoever the rota names.",
    discussion: """
      Of two covers the one that was recorded last counts. To end one early, record another by who should hold the place. \
      Give a reason that says nothing about a person.

      Examples:
        convenectl cover health contact --route on-call-nurse --until 17:00 \\
          --reason leave
        convenectl cover coordination coordinator --route edt \\
          --until "tomorrow 08:30" --reason "desk closed"
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "The agency, or coordination.") var agency: AgencyID
  @Argument(help: "contact, deputy, lead; coordinator for coordination.") var place: RotaPlace
  @Option(help: "Who stands in.") var route: RouteName
  @Option(parsing: .unconditional, help: ArgumentHelp("Until when.", valueName: "time")) var until: String
  @Option(help: "Why, in a word or two.") var reason: String
  @OptionGroup var version: VersionOptions

  func perform(_ session: Session) throws(Complaint) {
    let body = JSON.body([
      ("place", .string(place.place.rawValue)), ("route", .string(route.text)),
      ("until", JSON(try session.time(until, .future, option: "--until"))), ("reason", .string(reason)),
    ])
    let target = "/v1/agencies/\(agency)/cover"
    try session.print(session.daemon.change("POST", target, body, ifVersion: version.ifVersion)) {
      RotaText($0, page: session.named).lines
    }
  }
}

extension Session {
  /// The agency's whole rota, and what it is now.
  fileprivate func writeRota(
    of agency: AgencyID, _ shifts: [RotaCSV.Shift], _ version: VersionOptions
  ) throws(Complaint) {
    let body = JSON.body([("entries", .array(shifts.map(\.entry)))])
    let answer = try daemon.change(
      "PUT", "/v1/agencies/\(agency)/rota", body, ifVersion: version.ifVersion, entries: shifts.map(\.name))
    try print(answer) { RotaText($0, page: named).lines }
  }
}
