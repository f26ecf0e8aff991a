// `convenectl policy explain`: the ladder of a made-up discussion, from the daemon, or from a settings file without one.
import ArgumentParser
import Console
import Convening
import Coordination
import Settings
import Wire

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "What a policy comes to.",
    discussion: """
      Examples:
        convenectl policy explain --urgency urgent --meeting +90m
        convenectl policy rehearse --policy draft.yaml --from 2027-01 --to 2027-04
      """, subcommands: [PolicyExplainCommand.self, PolicyRehearseCommand.self])
}

struct PolicyExplainCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Print the ladder of a made-up discussion: who would be asked when, by which rule.",
    discussion: """
      By the policy in force when it is convened, with all whom it requires, where every message is accepted and nobody \
      answers. The daemon says it, by its hours, rota and cover; with --file a settings file does, without a daemon. \
      Nothing is recorded and nobody is asked. Without --meeting it meets at the earliest time that suits all by their \
      hours, whatever else is arranged, or where it is urgent as soon as they answer. A --meeting without a date, or +90m, \
      is reckoned from --convened on.

      Examples:
        convenectl policy explain
        convenectl policy explain --urgency urgent --meeting +90m
        convenectl policy explain --convened "Fri 16:00" \\
          --meeting "Tue 10:00"
        convenectl policy explain --file /etc/convened/convened.yaml
      """)

  @OptionGroup var common: CommonOptions
  @Option(help: "How soon it must be.") var urgency: Urgency?
  @Option(parsing: .unconditional, help: ArgumentHelp("When it meets.", valueName: "time")) var meeting: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("When it is convened; left out: now.", valueName: "time"))
  var convened: String?
  @Option(help: "The team that convenes it; left out: the first of the settings.") var team: TeamID?
  @Option(help: ArgumentHelp("Read these settings instead of asking the daemon.", valueName: "path")) var file: String?
  @Option(help: ArgumentHelp("With --file: the systemd credentials.", valueName: "folder")) var credentials: String?

  func validate() throws {
    if credentials != nil, file == nil { throw ValidationError("--credentials goes with --file.") }
  }

  func perform(_ session: Session) throws(Complaint) {
    let at = try convened.map { text throws(Complaint) in try session.time(text, .future, option: "--convened") }
    let start = at ?? session.page.clock.now
    let meetingAt = try meeting.map { text throws(Complaint) in try meets(text, from: start, session) }
    if let file { return try explain(file, start, meetingAt, session) }
    let asked = [
      ("urgency", urgency?.rawValue), ("convened_at", at?.description), ("meeting_at", meetingAt?.description),
      ("team", team?.text),
    ]
    let query = asked.compactMap { name, value in value.map { "\(name)=\($0.queryValue)" } }
    let target = (["/v1/policies/explain"] + (query.isEmpty ? [] : [query.joined(separator: "&")]))
    let answer = try session.daemon.read(target.joined(separator: "?"))
    try session.print(answer) { DiscussionText(page: session.named).explanation($0) }
  }

  /// What has no date is the next such time from when it is convened.
  private func meets(_ text: String, from start: Instant, _ session: Session) throws(Complaint) -> Instant {
    let moment: Instant
    do throws(TimeFault) {
      moment = try session.reader.at(start).read(text, .future)
    } catch {
      throw Complaint(.usage, "--meeting: \(error.sentence)")
    }
    // The rules let it have begun five minutes before.
    guard moment >= start - .minutes(5) else {
      let before = convened == nil ? "now" : "--convened"
      throw Complaint(
        .invalid, "--meeting: It lies before \(before), \(session.page.clock.full(start)). Give a time after it.")
    }
    return moment
  }

  private func explain(_ file: String, _ at: Instant, _ meetingAt: Instant?, _ session: Session) throws(Complaint) {
    let settings: Settings
    // What is not there has no faults.
    _ = try FileReading.bytes(of: file)
    switch Settings.load(path: file, credentials: credentials) {
    case .success(let read): settings = read
    case .failure(let faults):
      throw Complaint(.invalid, sentences: faults.faults.map(\.description))
    }
    var policies = Policies()
    for policy in settings.policies { policies.adopt(policy, as: PolicyRef(id: policy.id, edition: 1)) }
    let convene = Convene(
      explaining: urgency ?? .standard, meetingAt: meetingAt, team: team, settings.arrangements)
    let explanation: Explanation
    do throws(Refusal) {
      explanation = try Explanation(of: convene, at: at, policies, settings.arrangements)
    } catch { throw Complaint(.invalid, error.sentence) }
    let document = explanation.json(of: convene, at: at)
    if session.json { return session.printDocument(document.bytes) }
    let names = Names(AgenciesDocument.json(settings.arrangements, at: at, routes: [:], pulses: [:]))
    Output.standard.lines(DiscussionText(page: session.calling(names)).explanation(document))
  }
}
