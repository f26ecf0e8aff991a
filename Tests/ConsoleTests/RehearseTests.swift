// `convenectl policy rehearse` against a scripted socket: the export comes from there, what a person sees meanwhile, and what a
// script reads where it goes wrong.
import Convening
import Foundation
import Testing
import Wire

struct RehearseTests {
  private static let config = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Config/convened.yaml").standardizedFileURL.path

  private static let policy = Policy(
    id: "was-2027", from: CivilDate("2027-01-01")!, required: ["police", "health"], counting: [.video],
    decisionRecorded: .minutes(15), closeAfter: .elapsed(.days(20)), reasonWithoutAll: false,
    standard: Ladder(
      acknowledgementHolds: .hours(1), lastAttemptMargin: .minutes(1),
      steps: [Step(name: "ask", when: .once, to: [.contact])]))

  /// The lines of a journal in which one discussion was convened, asked the two agencies of it and was cancelled.
  private static let export: [String] = {
    let (at, meets) = (Instant("2027-02-03T10:00:00Z")!, Instant("2027-02-03T15:00:00Z")!)
    let (ref, stream) = (PolicyRef(id: "was-2027", edition: 1), Convening.Stream.discussion(DiscussionID("7Q2F-M9KD")!))
    var events: [(Convening.Stream, Event)] = [
      (.daemon, .started(version: "1")), (.policy, .policyAdopted(policy, ref)),
      (
        stream,
        .convened(
          Convene(meeting: .at(meets), team: "duty-and-advice-2", convenedBy: "manager"), .at(meets),
          agencies: ["police", "health"], policy: ref, firstBody: Fingerprint(high: 1, low: 2))
      ),
    ]
    for (index, agency) in (["police", "health"] as [AgencyID]).enumerated() {
      let opening = Opening(
        agency: agency, place: .contact, step: "ask", message: .invitation, sequence: 1, due: at, stopAfter: meets,
        margin: .minutes(1), supersedes: [], escalates: nil, body: "{}")
      events.append(
        (stream, .attemptBegan(ReminderID(high: 1, low: UInt64(index)), attempt: 1, route: "hub", opening: opening)))
    }
    events.append((stream, .cancelled(reason: "twice")))
    var revisions: [Convening.Stream: Int] = [:]
    return events.enumerated().map { index, event in
      revisions[event.0, default: 0] += 1
      return line(
        index + 1,
        JournalLine.encode(
          Entry(stream: event.0, revision: revisions[event.0]!, at: at, actor: nil, mark: nil, event: event.1)),
        of: event.0, revisions[event.0]!)
    }
  }()

  private static func line(_ seq: Int, _ text: String, of stream: Convening.Stream, _ revision: Int) -> String {
    let salt = Salt(high: UInt64(seq), low: 7)
    return SealedLine(
      seq: seq, stream: stream.description, revision: revision, line: text, salt: salt,
      digest: Chain.digest(salt, text), chain: .zero
    ).exported.text + "\n"
  }

  private static let newer = line(
    2, #"{"v":2,"stream":"daemon","revision":2,"event":"started","at":"2027-02-03T10:00:00Z","data":{}}"#, of: .daemon,
    2
  )

  private static let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

  private static func chunk(_ text: String) -> String {
    "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
  }

  /// As the daemon sends it: in pieces that end anywhere.
  private static let whole: ScriptedServer.Step = {
    let text = export.joined()
    let middle = text.index(text.startIndex, offsetBy: text.count / 2)
    return .raw([head, chunk(String(text[..<middle])), chunk(String(text[middle...])), "0\r\n\r\n"])
  }()

  private static func rehearse(
    _ step: ScriptedServer.Step?, _ options: [String] = [], onTerminal: Bool = false
  ) async throws -> (run: BuiltProgram.Run, requests: [String]) {
    let server = try ScriptedServer(step.map { [$0] } ?? [])
    defer { server.stop() }
    let arguments = ["policy", "rehearse", "--config", config, "--from", "2027-01", "--to", "2027-04"] + options
    let run = try await BuiltProgram.run(arguments, socket: server.path, onTerminal: onTerminal)
    return (run, server.requests)
  }

  @Test func theExportIsReadFromTheDaemonAndRehearsed() async throws {
    let (run, requests) = try await Self.rehearse(Self.whole, ["--json"])
    #expect(run.exit == 0 && run.err.isEmpty, "\(run.err)")
    #expect(requests.count == 1 && requests[0].hasPrefix("GET /v1/journal?after=0 HTTP/1.1\r\n"))
    let document = try JSON(parsing: run.out)
    #expect(document["schema"] == "convened.rehearsal/1" && document["discussions"] == 1 && document["policy"] == .null)
    #expect(document["total"]?["was"]?["messages"] == 2 && document["total"]?["would"]?["messages"] == 2, "\(run.out)")
  }

  @Test func anotherPolicyIsHeldAgainstIt() async throws {
    let (run, _) = try await Self.rehearse(Self.whole, ["--policy", Self.config, "--id", "leeds-2026-04"])
    #expect(run.exit == 0 && run.err.isEmpty, "\(run.err)")
    #expect(
      run.out.hasPrefix("1 discussion convened from Fri 1 Jan 2027 to Wed 31 Mar 2027, under leeds-2026-04\n"),
      "\(run.out)")
  }

  /// Who waits sees how far it is; what is printed, and what a script reads, has none of it.
  @Test(arguments: [([], true), (["--csv"], true), (["--json"], false)] as [([String], Bool)])
  func progressIsForAPersonAtATerminal(_ options: [String], isShown: Bool) async throws {
    let (quiet, _) = try await Self.rehearse(Self.whole, options)
    #expect(quiet.exit == 0 && quiet.err.isEmpty)
    let (watched, _) = try await Self.rehearse(Self.whole, options, onTerminal: true)
    #expect(watched.exit == 0 && watched.out == quiet.out)
    #expect(!watched.out.contains("\u{1B}"))
    guard isShown else {
      #expect(watched.err.isEmpty)
      return
    }
    #expect(watched.err.contains(/^\r\u{1B}\[Kread [0-9]+ entries/), "\(watched.err.debugDescription)")
    #expect(watched.err.hasSuffix("\r\u{1B}[K"), "the line is not cleared: \(watched.err.debugDescription)")
  }

  @Test(
    arguments: [
      // The line that is none is named by the entry before it.
      (
        ScriptedServer.Step.answer(200, body: export[0] + export[1] + "<html>\n" + export[2]), 65,
        "convenectl: A line after entry 2 is no journal entry: not JSON at byte 0: expected a value.\n"
      ),
      // Whoever stopped an export in the middle of a line.
      (
        .answer(200, body: export[0] + export[1].dropLast(9)), 65,
        "convenectl: A line after entry 1 is no journal entry: not JSON at byte "
      ),
      (
        .answer(200, body: export[0] + newer), 1,
        "convenectl: An entry cannot be read: written by a newer version.\n`convenectl journal verify` names it.\n"
      ),
      (
        .raw([head, chunk(export[0] + export[1])]), 69,
        "convenectl: The connection broke before the answer was whole.\nLook at `systemctl status convened`, then repeat.\n"
      ),
      (
        .answer(503, headers: ["retry-after": "2"], body: #"{"detail":"The daemon is starting."}"#), 75,
        "convenectl: The daemon is starting.\nTry again in 2 s.\n"
      ),
      (
        .answer(405, body: #"{"status":405,"detail":"This is read on the control socket alone."}"#), 77,
        "convenectl: This is read on the control socket alone.\n"
      ),
    ] as [(ScriptedServer.Step, Int32, String)])
  func whatIsNoWholeExportSaysSo(_ step: ScriptedServer.Step, exit: Int32, words: String) async throws {
    let (run, _) = try await Self.rehearse(step)
    #expect(run.exit == exit && run.out.isEmpty, "\(run.exit) \(run.out)")
    #expect(run.err.hasPrefix(words), "\(run.err)")
    // A person reads it on a line of its own.
    let (watched, _) = try await Self.rehearse(step, onTerminal: true)
    let lines = watched.err.replacing("\r\n", with: "\n").split(
      separator: "\r\u{1B}[K", omittingEmptySubsequences: false)
    #expect(watched.exit == exit && lines.last?.hasPrefix(words) == true, "\(watched.err.debugDescription)")
  }

  @Test func withoutADaemonItSaysSo() async throws {
    let run = try await BuiltProgram.run(["policy", "rehearse", "--config", Self.config])
    #expect(run.exit == 69 && run.out.isEmpty)
    #expect(run.err.hasPrefix("convenectl: The daemon does not run, or not here: nobody answers on /nowhere.\n"))
  }

  /// Before anything is read: a journal of years need not pass for that.
  @Test func aPolicyThatIsNotThereIs66AndAsksNobody() async throws {
    let (run, requests) = try await Self.rehearse(nil, ["--policy", Self.config, "--id", "leeds-1999"])
    #expect(run.exit == 66 && run.out.isEmpty && requests.isEmpty)
    #expect(
      run.err == "convenectl: There is no policy leeds-1999 in \(Self.config).\n"
        + "It has leeds-2026-04: name one of them with --id.\n")
  }
}
