// The built program against a scripted socket: what a script sees on standard output, on standard error and as the exit status.
import Console
import Foundation
import Testing
import Wire

@testable import convenectl

struct ProgramTests {
  private func run(_ arguments: [String], socket: String? = nil) async throws -> BuiltProgram.Run {
    try await BuiltProgram.run(arguments, socket: socket)
  }

  @Test func withoutADaemonEveryCommandSaysSo() async throws {
    #expect(try await run(["status"]).exit == 3)
    #expect(try await run(["list"]).exit == 69)
    let check = try await run(["check"])
    #expect(check.exit == 2)
    #expect(check.out.hasPrefix("CONVENED CRITICAL - The daemon does not run"))
    let wait = try await run(["wait-ready", "--timeout", "0"])
    #expect(wait.exit == 69)
    #expect(wait.err.hasPrefix("convenectl: The daemon does not run, or not here: nobody answers on /nowhere.\n"))
  }

  @Test func conveneWithQuietPrintsTheReferenceAlone() async throws {
    let server = try ScriptedServer([
      .answer(201, body: Documents.discussion), .answer(201, body: Documents.discussion),
    ])
    defer { server.stop() }
    let arguments = ["convene", "--at", "2027-04-30T16:30:00Z", "--team", "duty", "--by", "team manager"]
    let quiet = try await run(arguments + ["--quiet"], socket: server.path)
    #expect(quiet.exit == 0)
    #expect(quiet.out.contains(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\n$/))
    #expect(server.requests[0].hasPrefix("PUT /v1/discussions/\(quiet.out.dropLast()) HTTP/1.1\r\n"))
    #expect(
      server.requests[0].hasSuffix(
        #"{"meeting_at":"2027-04-30T16:30:00Z","team":"duty","convened_by":"team manager"}"#))
    let told = try await run(["convene", "7q2fm9kd"] + arguments.dropFirst(), socket: server.path)
    #expect(told.out.hasPrefix("7Q2F-M9KD\n7Q2F-M9KD  scheduled, standard, telephone, for "))
    #expect(!told.out.contains("Children's Services") && server.requests.count == 2)
  }

  @Test(arguments: [([], true), (["--quiet"], false), (["--json"], false)] as [([String], Bool)])
  func aMeetingFarAwayIsDoneWithAWarning(options: [String], warns: Bool) async throws {
    let server = try ScriptedServer([
      .answer(201, body: Documents.discussion), .answer(200, body: Documents.discussion),
    ])
    defer { server.stop() }
    let convene = ["convene", "--at", "2126-04-30T16:30:00Z", "--team", "duty", "--by", "team manager"]
    let reschedule = ["reschedule", "7Q2F-M9KD", "--at", "2126-04-30T16:30:00Z", "--reason", "chair away"]
    for command in [convene, reschedule] {
      let told = try await run(command + options, socket: server.path)
      #expect(told.exit == 0)
      #expect(told.err.contains(/^Warning: The meeting is in 2126, [0-9,]+ days ahead\.\n$/) == warns, "\(told.err)")
      #expect(warns || told.err.isEmpty)
    }
  }

  /// The person who asked is waiting for the answer.
  @Test(
    arguments: [
      (
        #""verdict":"accepted","status":204,"took_ms":34,"peer":"10.44.3.7:443""#, 0,
        "Health hub accepted it: 204 in 34 ms, 10.44.3.7:443\n", ""
      ),
      (
        #""verdict":"retry","status":503,"took_ms":9"#, 1, "",
        "convenectl: Health hub did not accept it: it answered 503 in 9 ms\n`convenectl agencies` shows how"
      ),
      (
        #""verdict":"misconfigured","fault":"blocked","took_ms":1,"peer":"10.0.0.7""#, 1, "",
        "convenectl: Health hub did not accept it: address not allowed (allow_addresses) in 1 ms, 10.0.0.7\nIf the address is meant"
      ),
    ] as [(String, Int32, String, String)])
  func aPingSaysWhatBecameOfIt(end: String, exit: Int32, out: String, err: String) async throws {
    func entry(_ reminder: String, _ event: String, _ data: String) -> String {
      #"{"seq":9,"event":"\#(event)","data":{"reminder":"\#(reminder)",\#(data)}}"# + "\n"
    }
    let events =
      entry("msg_1", "attemptBegan", #""attempt":1"#) + entry("msg_2", "attemptEnded", #""verdict":"gone""#)
      + entry("msg_1", "attemptEnded", end)
    let server = try ScriptedServer([
      .answer(200, body: #"{"journal":{"seq":7}}"#), .answer(202, body: #"{"reminder":"msg_1","route":"hub"}"#),
      .answer(200, body: events),
    ])
    defer { server.stop() }
    let told = try await run(["ping", "health"], socket: server.path)
    #expect(told.exit == exit && told.out == out && told.err.hasPrefix(err), "\(told)")
    #expect(server.requests.contains { $0.hasPrefix("GET /v1/events?after=7 ") })
  }

  @Test func jsonIsTheDocumentAsItCame() async throws {
    let server = try ScriptedServer([.answer(200, body: #"{"b":1, "a":[]}"#)])
    defer { server.stop() }
    #expect(try await run(["show", "7Q2F-M9KD", "--json"], socket: server.path).out == "{\"b\":1, \"a\":[]}\n")
  }

  @Test func aRefusalGoesToStandardErrorWithItsExit() async throws {
    let server = try ScriptedServer([
      .answer(404, body: #"{"detail":"No discussion has this reference.","code":"not-found"}"#),
      .answer(503, headers: ["retry-after": "2"], body: #"{"detail":"Too many changes wait.","retryable":true}"#),
    ])
    defer { server.stop() }
    let missing = try await run(["show", "7Q2F-M9KD"], socket: server.path)
    #expect(missing.exit == 66 && missing.out.isEmpty)
    #expect(missing.err == "convenectl: No discussion has this reference.\n")
    let busy = try await run(["close", "7Q2F-M9KD"], socket: server.path)
    #expect(busy.exit == 75)
    #expect(busy.err == "convenectl: Too many changes wait.\nTry again in 2 s.\n")
  }

  @Test(arguments: ["csc, police, health", "csc, police and health"])
  func whoIsMissingIsNamedAsTheSettingsDo(_ ids: String) async throws {
    let sentence = { (who: String) in "The decision is made without \(who): give a reason. Nothing here stops you." }
    let body =
      #"{"status":422,"code":"reason-required","detail":"\#(sentence(ids))","errors":[{"pointer":"/reason","#
      + #""detail":"\#(sentence(ids))"}]}"#
    let server = try ScriptedServer([.answer(422, body: body)])
    defer { server.stop() }
    let told = try await run(
      ["decide", "7Q2F-M9KD", "--outcome", "nfa", "--by", "team manager"], socket: server.path)
    let said = sentence("Children's Services, Police and Health")
    #expect(told.exit == 65 && told.err == "convenectl: \(said)\n  It is about reason (--reason).\n")
  }

  /// On whatever day somebody asks: the first such time after it is convened.
  @Test func aPolicyIsExplainedForTheMeetingAfterItIsConvened() async throws {
    let plan = #""at":"2030-05-03T16:00:00Z","agency":"csc","place":"contact","route":"hub","step":"invite""#
    let server = try ScriptedServer([.answer(200, body: #"{"policy":"p","entries":[{\#(plan)}]}"#)])
    defer { server.stop() }
    let convened = ["policy", "explain", "--utc", "--convened", "2030-05-03T16:00:00Z", "--meeting"]
    let told = try await run(convened + ["Tue 10:00"], socket: server.path)
    #expect(told.exit == 0, "\(told.err)")
    #expect(
      server.requests.map { $0.prefix { $0 != "\r\n" } } == [
        "GET /v1/policies/explain?convened_at=2030-05-03T16%3A00%3A00Z&meeting_at=2030-05-07T10%3A00%3A00Z HTTP/1.1"
      ])
    // By the names that the settings have.
    #expect(told.out.contains("Children's Services") && told.out.contains("(Health hub)"), "\(told.out)")
    let before = try await run(convened + ["2030-05-02T10:00:00Z"], socket: server.path)
    #expect(before.exit == 65)
    #expect(
      before.err
        == "convenectl: --meeting: It lies before --convened, Fri 3 May 2030 16:00 UTC. Give a time after it.\n")
  }

  /// What the case system calls the team, the daemon reads.
  @Test func aContactsTeamIsSentAsItIsTyped() async throws {
    let server = try ScriptedServer([.answer(201, body: #"{"id":"8R3G-N0ME"}"#)])
    defer { server.stop() }
    let told = try await run(["front-door", "received", "--team", "Mosaic team 7", "--quiet"], socket: server.path)
    #expect(told.exit == 0 && server.requests.first?.hasSuffix(#","team":"Mosaic team 7"}"#) == true, "\(told.err)")
  }

  @Test func aReferenceWithALetterThatNoneHasSaysWhich() async throws {
    let told = try await run(["show", "U1AA-0001"])
    #expect(told.exit == 64 && told.err.contains("eight letters and digits, no U, as 7Q2F-M9KD"), "\(told.err)")
  }

  @Test func metricsForACollectorLeaveOutItsOwn() async throws {
    let all = """
      # HELP convened_up Up.
      # TYPE convened_up gauge
      convened_up 1
      # HELP process_threads Threads.
      # TYPE process_threads gauge
      process_threads 7

      """
    let server = try ScriptedServer([.answer(200, body: all)])
    defer { server.stop() }
    let run = try await run(["metrics"], socket: server.path)
    #expect(run.exit == 0 && run.out == "# HELP convened_up Up.\n# TYPE convened_up gauge\nconvened_up 1\n")
  }

  @Test func heldCarriesTheDecisionInTheSamePost() async throws {
    let server = try ScriptedServer([.answer(200, body: Documents.discussion)])
    defer { server.stop() }
    let held = try await run(
      [
        "held", "7Q2F-M9KD", "--at", "2026-11-24T17:31:00Z", "--outcome", "nfa", "--by", "team manager", "--decided",
        "2026-11-24T17:48:00Z", "--reason", "B14", "--flag", "medical",
      ], socket: server.path)
    #expect(held.exit == 0)
    #expect(
      server.requests.count == 1 && server.requests[0].hasPrefix("POST /v1/discussions/7Q2F-M9KD/held HTTP/1.1\r\n"))
    #expect(
      server.requests[0].hasSuffix(
        #"{"held_at":"2026-11-24T17:31:00Z","outcome":"nfa","decided_at":"2026-11-24T17:48:00Z","#
          + #""by_role":"team manager","flags":["medical"],"reason":"B14"}"#))
  }

  @Test(
    arguments: [
      (
        ["details-sent", "7q2fm9kd", "health", "--to", "lead", "--at", "2027-04-30T15:41:00Z"], "details-sent",
        #"{"agency":"health","place":"lead","at":"2027-04-30T15:41:00Z"}"#
      ),
      (
        [
          "call", "7Q2F-M9KD", "health", "--number", "0113 496 0180", "--result", "no-reply", "--by", "team manager",
          "--at", "2027-04-30T15:41:00Z",
        ], "calls",
        #"{"agency":"health","number":"0113 496 0180","result":"no-reply","by_role":"team manager","#
          + #""at":"2027-04-30T15:41:00Z"}"#
      ),
      (
        ["barrier", "7Q2F-M9KD", "health", "B14", "--by", "chair"], "barriers",
        #"{"agency":"health","code":"B14","by":"chair"}"#
      ),
      (
        ["barrier", "7Q2F-M9KD", "health", "B14", "--by", "agency", "--agreed"], "barriers",
        #"{"agency":"health","code":"B14","by":"agency","agreed":true}"#
      ),
      (
        ["barrier", "7Q2F-M9KD", "health", "B10", "--by", "agency", "--disputed"], "barriers",
        #"{"agency":"health","code":"B10","by":"agency","agreed":false}"#
      ),
      (
        ["barrier", "7Q2F-M9KD", "--agency", "health", "B14", "--by", "chair"], "barriers",
        #"{"agency":"health","code":"B14","by":"chair"}"#
      ),
      (
        ["decline", "7Q2F-M9KD", "health", "B13", "--by", "nurse"], "declines",
        #"{"agency":"health","code":"B13","by_role":"nurse"}"#
      ),
      (["receipt", "7Q2F-M9KD", "health"], "receipts", #"{"agency":"health"}"#),
      (["receipt", "7Q2F-M9KD", "--agency", "health"], "receipts", #"{"agency":"health"}"#),
      (
        ["conference", "7Q2F-M9KD", "--at", "2027-04-30T15:41:00Z"], "conference",
        #"{"held_at":"2027-04-30T15:41:00Z"}"#
      ),
      (["conference", "7Q2F-M9KD"], "conference", "{}"),
      (
        ["follow-up", "7Q2F-M9KD", "--by", "team manager", "--at", "2027-04-30T15:41:00Z"], "follow-up",
        #"{"done_at":"2027-04-30T15:41:00Z","by_role":"team manager"}"#
      ),
      (
        ["clock", "7Q2F-M9KD", "C6", "--started", "2027-04-30T15:41Z"], "clocks",
        #"{"clock":"C6","started_at":"2027-04-30T15:41:00Z"}"#
      ),
      (
        ["clock", "7Q2F-M9KD", "C11", "--stopped", "2027-04-30T15:41:00Z"], "clocks",
        #"{"clock":"C11","stopped_at":"2027-04-30T15:41:00Z"}"#
      ),
    ] as [([String], String, String)])
  func whatFollowsIsPostedWhereItBelongs(arguments: [String], path: String, body: String) async throws {
    let server = try ScriptedServer([.answer(200, body: Documents.decided)])
    defer { server.stop() }
    let told = try await run(arguments, socket: server.path)
    #expect(told.exit == 0 && told.out.hasPrefix("7Q2F-M9KD  decided "), "\(told.err)")
    #expect(server.requests.count == 1)
    #expect(server.requests[0].hasPrefix("POST /v1/discussions/7Q2F-M9KD/\(path) HTTP/1.1\r\n"))
    #expect(server.requests[0].hasSuffix("\r\n\r\n\(body)"))
  }

  @Test func aTimeThatHappensTwiceIsUsage() async throws {
    let run = try await run(["held", "7Q2F-M9KD", "--at", "2026-10-25 01:30"])
    #expect(run.exit == 64)
    #expect(run.err.hasPrefix("convenectl: --at: This time happens twice: the clocks go back on Sun 25 Oct 2026."))
  }

  @Test func aJournalThatIsNotWholeIs1() async throws {
    let server = try ScriptedServer([.answer(200, body: ""), .answer(200, body: "{}\n"), .answer(200, body: "{}\n{}")])
    defer { server.stop() }
    let empty = try await run(["journal", "verify"], socket: server.path)
    #expect(empty.exit == 0 && empty.out == "The journal is empty.\n")
    let broken = try await run(["journal", "verify"], socket: server.path)
    #expect(broken.exit == 1 && broken.out.isEmpty)
    #expect(broken.err.hasPrefix("convenectl: Line 1 is no journal entry.\n"))
    #expect(try await run(["journal", "export"], socket: server.path).out == "{}\n{}")
    #expect(server.requests.allSatisfy { $0.hasPrefix("GET /v1/journal?after=0 ") })
  }

  /// Whatever asks for what stands on the control socket alone, and gets the other one.
  @Test func theWrongSocketIs77ForEveryRead() async throws {
    let forbidden = #"{"status":403,"code":"control-only","detail":"Outcomes are shown on the control socket alone."}"#
    let elsewhere = #"{"status":405,"detail":"This is read on the control socket alone."}"#
    for (line, status, body) in [
      ("timeline 7Q2F-M9KD --outcome", 403, forbidden), ("front-door list --outcome", 403, forbidden),
      ("report --control", 200, #"{"total":{"n":1}}"#), ("show 7Q2F-M9KD --control", 200, Documents.discussion),
      ("journal export", 405, elsewhere), ("journal verify", 405, elsewhere),
    ] {
      let server = try ScriptedServer([.answer(status, body: body)])
      defer { server.stop() }
      let told = try await run(line.split(separator: " ").map(String.init), socket: server.path)
      #expect(told.exit == 77 && told.out.isEmpty, "\(line): \(told.exit) \(told.out)")
      #expect(told.err.contains("control socket alone."), "\(line): \(told.err)")
      #expect(
        told.err.hasSuffix("Give the control socket's path with --socket or CONVENED_CONTROL_SOCKET.\n"), "\(line)")
    }
  }

  /// One rule for every file that a command line names.
  @Test func aFileThatIsNotThereIs66() async throws {
    for line in [
      "rota import health /nonexistent/x.csv", "journal verify --file /nonexistent/x", "config check /nonexistent/x",
      "listen --port 0 --secret-file /nonexistent/x", "import /nonexistent/x.csv",
      "policy explain --file /nonexistent/x --convened 10:00 --meeting 12:00",
    ] {
      let told = try await run(line.split(separator: " ").map(String.init))
      #expect(told.exit == 66, "\(line): \(told.exit)")
      #expect(
        told.err == "convenectl: There is no file /nonexistent/x\(line.contains("csv") ? ".csv" : "").\n", "\(line)")
    }
  }

  @Test func aRotaIsWrittenOnTheVersionThatWasRead() async throws {
    let rota = #"{"agency":"health","version":"0a","entries":[],"covers":[]}"#
    let server = try ScriptedServer([.answer(200, body: rota), .answer(200, body: rota)])
    defer { server.stop() }
    for line in [
      "rota set health --if-version 0a", "cover health contact --route hub --until +1h --reason leave --if-version 0a",
    ] { #expect(try await run(line.split(separator: " ").map(String.init), socket: server.path).exit == 0) }
    #expect(server.requests.count == 2 && server.requests.allSatisfy { $0.contains("\r\nIf-Match: \"0a\"\r\n") })
  }

  @Test func checkPrintsOneLineAndItsLevel() async throws {
    let server = try ScriptedServer([.answer(200, body: #"{"state":"ready"}"#), .answer(200, body: Documents.status)])
    defer { server.stop() }
    let well = try await run(["check"], socket: server.path)
    #expect(well.exit == 0 && well.out.hasPrefix("CONVENED OK - ready, 0 open | reminders_undelivered=0 "))
    #expect(try await run(["check"], socket: server.path).exit == 2)
  }

  @Test func filesAreSentInTheirOrderUntilOneHasFaults() async throws {
    let done = #"{"schema":"convened.import/1","kind":"contacts","dry_run":false,"rows":2,"new":2,"late_entries":0}"#
    let faulty =
      #"{"code":"bad-import","detail":"1 fault on 1 line.","errors":[{"pointer":"/7","detail":"Line 7: x."}]}"#
    let server = try ScriptedServer([.answer(200, body: done), .answer(422, body: faulty)])
    defer { server.stop() }
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/import")
    let files = ["contacts", "discussions", "contributions"].map { folder.appending(path: "\($0).csv").path }
    let told = try await run(["import"] + files, socket: server.path)
    #expect(told.exit == 65 && told.out.contains("contacts.csv") && told.out.contains("UNCHANGED"))
    #expect(told.err == "convenectl: \(files[1]): 1 fault on 1 line.\n  Line 7: x.\n")
    #expect(server.requests.count == 2 && server.requests[0].hasPrefix("POST /v1/import HTTP/1.1\r\n"))
    #expect(server.requests[0].contains("text/csv") && server.requests[0].hasSuffix(",,,,,,\n"))
    let missing = try await run(["import", files[0], "/nowhere.csv"], socket: server.path)
    #expect(missing.exit == 66 && missing.err == "convenectl: There is no file /nowhere.csv.\n")
    #expect(server.requests.count == 2)
  }

  @Test func cancelDryRunChangesNothing() async throws {
    let server = try ScriptedServer([.answer(200, body: Documents.discussion)])
    defer { server.stop() }
    let dry = try await run(["cancel", "7Q2F-M9KD", "--reason", "twice", "--dry-run"], socket: server.path)
    #expect(dry.exit == 0 && dry.err.hasPrefix("Nothing was changed."))
    #expect(server.requests.map { $0.prefix(4) } == ["GET "])
  }

  @Test func aTakenPortAndAMissingSecretAreSaid() async throws {
    #expect(try await run(["listen", "--port", "0", "--secret-file", "/nonexistent"]).exit == 66)
    let holder = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(holder) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(holder, $0, length)
        _ = listen(holder, 1)
        _ = getsockname(holder, $0, &length)
      }
    }
    let port = UInt16(bigEndian: address.sin_port)
    let taken = try await run(["listen", "--port", "\(port)"])
    #expect(taken.exit == 1)
    #expect(taken.err.hasPrefix("convenectl: Port \(port) cannot be used"))
  }

  @Test func versionNamesTheLibraries() async throws {
    let lines = try await run(["version"]).out.split(separator: "\n")
    #expect(lines.first == "convenectl \(convenedVersion)")
    #expect(lines.contains { $0.hasPrefix("time-zone data 20") })
    #expect(lines.contains { $0.hasPrefix("libcurl ") })
    #expect(lines.contains { $0.hasPrefix("SQLite 3.") })
  }
}
