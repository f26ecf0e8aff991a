// What every command has in common: its options, the sockets, the clock it was started at, and how a complaint becomes
// words and an exit status. The one place of the command line where a clock is read.
import ArgumentParser
import Console
import Convening
import Foundation
import Wire

struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The daemon's socket, for this command's reads and changes.", valueName: "path"))
  var socket: String?

  @Flag(help: "Print the daemon's own JSON document, indented on a terminal.")
  var json = false

  @Flag(help: "Read and print times in UTC.")
  var utc = false
}

/// Options of commands that change one discussion.
struct ChangeOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Only if the discussion is still at this revision.", valueName: "number"))
  var ifRevision: Int?

  @Flag(name: .shortAndLong, help: "Print nothing but what a script needs.")
  var quiet = false
}

/// A command that does its work at once and ends.
protocol Verb: ParsableCommand {
  var common: CommonOptions { get }
  func perform(_ session: Session) throws(Complaint)
}

extension Verb {
  func run() throws {
    do throws(Complaint) { try perform(Session(common)) } catch { throw Session.ended(error) }
  }
}

struct Session {
  let daemon: Daemon
  let page: Page
  let reader: MomentReader
  let json: Bool

  init(_ options: CommonOptions) throws(Complaint) {
    let environment = ProcessInfo.processInfo.environment
    guard let zone = CivilZone(name: options.utc ? "UTC" : "Europe/London") else {
      throw Complaint(.failure, "This machine does not know the time zone. Give --utc.")
    }
    let now = Session.now()
    reader = MomentReader(zone: zone, now: now)
    let paint = Paint(isTerminal: Output.standard.isTerminal, environment: environment)
    page = Page(clock: Clock(zone: zone, now: now), paint: paint)
    json = options.json
    daemon = Daemon(sockets: Sockets(chosen: options.socket, environment: environment)) {
      String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }
  }

  static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Since some moment in the past, whatever happens to the wall clock.
  static func monotonic() -> Elapsed {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Elapsed(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The page with the settings' names of agencies and routes: asked for where words are printed, and done without where the
  /// daemon does not tell.
  var named: Page { calling(daemon.names) }

  /// The page with these names.
  func calling(_ names: Names) -> Page { Page(clock: page.clock, paint: page.paint, names: names) }

  /// Says it on standard error, and gives the exit status to end with.
  static func ended(_ complaint: Complaint) -> ExitCode {
    for (index, sentence) in complaint.sentences.enumerated() {
      Output.errors.line(index == 0 ? "convenectl: \(sentence)" : sentence)
    }
    return ExitCode(complaint.status.rawValue)
  }

  func time(_ text: String, _ direction: MomentReader.Direction, option: String) throws(Complaint) -> Instant {
    do throws(TimeFault) {
      return try reader.read(text, direction)
    } catch {
      throw Complaint(.usage, "\(option): \(error.sentence)")
    }
  }

  /// When it meets: what is typed as a shift from now is the next whole minute.
  func meeting(_ text: String, option: String) throws(Complaint) -> Instant {
    do throws(TimeFault) {
      return try reader.meeting(text)
    } catch {
      throw Complaint(.usage, "\(option): \(error.sentence)")
    }
  }

  /// When something happened; nil, which means now, where the option was not given.
  func past(_ text: String?, option: String = "--at") throws(Complaint) -> JSON? {
    guard let text else { return nil }
    return JSON(try time(text, .past, option: option))
  }

  /// The document as it came, or in words.
  func print(_ answer: HTTPAnswer, _ words: (JSON) -> [String]) throws(Complaint) {
    guard !json else { return printDocument(answer.body) }
    Output.standard.lines(words(try Daemon.parse(answer.body)))
  }

  func printDocument(_ body: [UInt8]) {
    var text = body
    if Output.standard.isTerminal,
      let value = Result(catching: { () throws(JSONFault) in try JSON(parsing: body) }).value
    {
      text = Array(value.pretty.utf8)
    }
    Output.standard.write(text.last == UInt8(ascii: "\n") ? text : text + [UInt8(ascii: "\n")])
  }

  /// A change to a discussion, and the discussion as it now is.
  func change(_ id: DiscussionID, _ action: String, _ body: JSON, _ options: ChangeOptions) throws(Complaint) {
    let answer = try daemon.change("POST", "/v1/discussions/\(id)/\(action)", body, ifRevision: options.ifRevision)
    try printChange(answer, options, quietly: "")
  }

  /// A word on standard error where the meeting's date may be a slip of the hand.
  func warn(of meeting: Instant?, _ options: ChangeOptions) {
    guard let meeting, !json, !options.quiet, let doubt = page.clock.doubt(ofMeeting: meeting) else { return }
    Output.errors.line("Warning: \(doubt)")
  }

  func printChange(_ answer: HTTPAnswer, _ options: ChangeOptions, quietly: String) throws(Complaint) {
    if options.quiet {
      if !quietly.isEmpty { Output.standard.line(quietly) }
      return
    }
    if answer.headers["idempotent-replay"] == "true", !json {
      Output.errors.line("An earlier request did this already; nothing was done twice.")
    }
    try print(answer) { DiscussionText(page: named).show($0) }
  }
}

extension Result {
  var value: Success? { if case .success(let value) = self { value } else { nil } }
}

// What options are read as.
extension DiscussionID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Slug: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension ReminderID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Form: ExpressibleByArgument {}
extension Via: ExpressibleByArgument {}
extension Outcome: ExpressibleByArgument {}
extension DecisionFlag: ExpressibleByArgument {}
extension BarrierCode: ExpressibleByArgument {}
extension ContributionKind: ExpressibleByArgument {}
extension Urgency: ExpressibleByArgument {}
extension Phase: ExpressibleByArgument {}
extension CallResult: ExpressibleByArgument {}
extension Party: ExpressibleByArgument {}

/// Those that an agency fills alone: no other is ever typed.
extension Place: ExpressibleByArgument {
  public init?(argument: String) {
    guard let place = Place.ofAgencies.first(where: { $0.rawValue == argument }) else { return nil }
    self = place
  }

  public static var allValueStrings: [String] { ofAgencies.map(\.rawValue) }
}

/// Those of which somebody tells: the others run by themselves.
extension ClockID: ExpressibleByArgument {
  public init?(argument: String) {
    guard let clock = ClockID(rawValue: argument), clock.isTold else { return nil }
    self = clock
  }

  public static var allValueStrings: [String] { allCases.filter(\.isTold).map(\.rawValue) }
}
