// The command for whoever agrees a policy: what it would have sent, by the rules that ship, in this process alone.
import ArgumentParser
import Console
import Convening
import Coordination
import Foundation
import JournalSQLite
import Settings
import Synchronization
import Wire

struct PolicyRehearseCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rehearse", abstract: "What would have been sent under another policy, held against what was.",
    discussion: """
      Lives the discussions that were convened in that time again: what people did comes in when they did it, and who \
      would have been asked is worked out by the rules of this version. Prints how much each agency would hear, how often \
      out of hours, which steps are new, gone or earlier, and for which absences something more would have gone out. \
      Without --policy the policies that were in force are rehearsed: what differs then is what failed deliveries and \
      downtime did. Rehearse that first.

      The journal comes from the control socket, or from --file: an export, or the journal itself while no daemon runs. \
      Nothing is changed and nothing is sent. Without --from and --to: this month and the eleven before it.

      Examples:
        convenectl policy rehearse --from 2027-01 --to 2027-04
        convenectl policy rehearse --policy draft.yaml --from 2027-01 --to 2027-04
        convenectl policy rehearse --policy draft.yaml --id leeds-2027-10 \\
          --file journal.jsonl --config convened.yaml --csv > rehearsal.csv
      """)

  @OptionGroup var common: CommonOptions
  @Option(
    help: ArgumentHelp("A settings file with the policy, or one that has policies alone.", valueName: "file"),
    completion: .file(extensions: ["yaml"])) var policy: String?
  @Option(help: "Which of its policies; the one that begins last where none is named.") var id: PolicyID?
  @Option(
    help: ArgumentHelp("The settings in force: who holds which place.", valueName: "file"),
    completion: .file(extensions: ["yaml"])) var config = ConfigCheck.usualPath
  @Option(help: ArgumentHelp("The first day, 2027-01-01 or 2027-01.", valueName: "day")) var from: String?
  @Option(help: ArgumentHelp("The day after the last, 2027-04-01 or 2027-04.", valueName: "day")) var to: String?
  @Option(
    help: ArgumentHelp("An export (- is standard input), or the journal of a daemon that is down.", valueName: "file")
  ) var file: String?
  @Flag(help: "Print the figures by agency as CSV (RFC 4180).") var csv = false

  func validate() throws {
    guard !(csv && common.json) else { throw ValidationError("Choose one of --csv and --json.") }
    guard id == nil || policy != nil else { throw ValidationError("--id names a policy of --policy: give both.") }
    for text in [from, to].compactMap({ $0 }) where Span.day(text) == nil {
      throw ValidationError("Write a day as 2027-01-01, or a month as 2027-01.")
    }
  }

  func perform(_ session: Session) throws(Complaint) {
    // Whatever else this machine does goes first: reminders above all.
    _ = nice(10)
    let (arrangements, chosen) = try settings()
    let (span, zone) = (Span(from: from, to: to, clock: session.page.clock), arrangements.calendar.zone)
    let (start, end) = (zone.start(of: span.from), zone.start(of: span.to))
    guard start < end else { throw Complaint(.usage, "--to is not after --from.") }
    let outcome = try rehearse(session, RehearsalScript(from: start, to: end), under: chosen, arrangements)
    let rehearsal = Rehearsal(outcome.discussions, calendar: arrangements.calendar)
    let document = RehearsalDocument.json(
      rehearsal, policy: chosen?.id, from: start, to: end, notConvened: outcome.notConvened, refused: outcome.refused,
      corrected: outcome.corrected, lateEntries: outcome.lateEntries)
    if common.json { return session.printDocument(document.bytes) }
    if csv {
      Output.standard.write(Array(RehearsalCSV.text(document).utf8))
    } else {
      let called = arrangements.agencies.map { ["agency": JSON($0.id), "name": .string($0.name)] as JSON }
      let page = Page(
        clock: session.page.clock, paint: session.page.paint, names: Names(["agencies": .array(called)]))
      Output.standard.lines(RehearsalText(document, page: page).lines)
    }
  }

  private func rehearse(
    _ session: Session, _ script: RehearsalScript, under chosen: Policy?, _ arrangements: Arrangements
  ) throws(Complaint) -> Coordination.Rehearse.Outcome {
    let progress = Progress(isWanted: !common.json)
    // Whatever is said next begins a line of its own.
    defer { progress.end() }
    var script = script
    try read(session, &script, progress)
    progress.say("rehearsing \(counted(script.count, "discussion"))")
    do throws(LineFault) {
      return try Coordination.Rehearse.run(script, under: chosen, arrangements) { [count = script.count] done in
        progress.say("rehearsed \(Words.number(done)) of \(counted(count, "discussion"))")
      }
    } catch {
      throw Self.unreadable(error)
    }
  }

  private func settings() throws(Complaint) -> (Arrangements, Policy?) {
    // A path that is wrong is no fault of the settings.
    for path in [config, policy].compactMap(\.self) { _ = try FileReading.bytes(of: path) }
    switch Settings.loadPolicies(path: config, policies: policy) {
    case .failure(let faults):
      throw Complaint(
        .invalid, sentences: ["\(counted(faults.faults.count, "fault"))."] + faults.faults.map(\.description))
    case .success(let settings):
      guard policy != nil else { return (settings.arrangements, nil) }
      let found =
        id.map { id in settings.policies.first { $0.id == id } } ?? settings.policies.max { $0.from < $1.from }
      guard let found else {
        throw Complaint(
          .notFound, "There is no policy \(id.map(\.text) ?? "") in \(policy ?? "the file").",
          "It has \(Words.joined(settings.policies.map(\.id.text))): name one of them with --id.")
      }
      return (settings.arrangements, found)
    }
  }

  private static func unreadable(_ fault: LineFault) -> Complaint {
    Complaint(.failure, "An entry cannot be read: \(fault.what).", "`convenectl journal verify` names it.")
  }

  private func read(
    _ session: Session, _ script: inout RehearsalScript, _ progress: Progress
  ) throws(Complaint) {
    if let file, JournalFile.isJournal(file) { return try readJournal(file, &script, progress) }
    var reading = ExportReading(script)
    func take(_ chunk: [UInt8]) -> Bool {
      defer { progress.say("read \(Words.number(reading.seq)) entries") }
      return reading.take(chunk)
    }
    if let file {
      try JournalFile.read(file, take)
    } else {
      try withoutActuallyEscaping(take) { take throws(Complaint) in
        try session.daemon.stream("/v1/journal?after=0", control: true, onChunk: take)
      }
    }
    script = try reading.finished()
  }

  /// No daemon can start on it meanwhile.
  private func readJournal(
    _ path: String, _ script: inout RehearsalScript, _ progress: Progress
  ) throws(Complaint) {
    do {
      let records = try SQLiteRecords(offline: path)
      var fault: LineFault?
      try records.forEachBatch(of: 2000) { batch in
        guard fault == nil else { return }
        do throws(LineFault) { try script.take(batch.lines) } catch { fault = error }
        progress.say("read \(Words.number(batch.lines.last?.seq ?? 0)) entries")
      }
      if let fault { throw Self.unreadable(fault) }
    } catch let complaint as Complaint {
      throw complaint
    } catch JournalFault.inUse {
      throw Complaint(.tryLater, "A daemon has \(path) open.", "Ask it: leave --file out.")
    } catch {
      throw Complaint(.failure, "\(path): \(error).")
    }
  }
}

/// An export as it comes.
private struct ExportReading {
  private var script: RehearsalScript
  private var lines = Lines()
  private var batch: [SealedLine] = []
  private var complaint: Complaint?
  private(set) var seq = 0

  init(_ script: RehearsalScript) { self.script = script }

  /// False where no more is wanted.
  mutating func take(_ chunk: [UInt8]) -> Bool {
    do throws(Complaint) {
      for line in lines.take(chunk) where !line.isEmpty { try take(line: line) }
    } catch {
      complaint = error
    }
    return complaint == nil
  }

  private mutating func take(line: [UInt8]) throws(Complaint) {
    do throws(ExportFault) { batch.append(try SealedLine(exported: line)) } catch {
      throw Complaint(.invalid, "A line after entry \(seq) is no journal entry: \(error).")
    }
    seq = batch.last?.seq ?? seq
    if batch.count == 2000 { try flush() }
  }

  private mutating func flush() throws(Complaint) {
    do throws(LineFault) { try script.take(batch) } catch {
      throw Complaint(.failure, "An entry cannot be read: \(error.what).", "`convenectl journal verify` names it.")
    }
    batch = []
  }

  mutating func finished() throws(Complaint) -> RehearsalScript {
    if let complaint { throw complaint }
    if !lines.unfinished.isEmpty { try take(line: lines.unfinished) }
    try flush()
    return script
  }
}

/// One line on standard error, where a person looks at it and asked for words.
private final class Progress: Sendable {
  private let isShown: Bool
  private let lastAt = Mutex(Elapsed.zero)

  init(isWanted: Bool) { isShown = isWanted && Output.errors.isTerminal }

  /// Ten times a second at most.
  func say(_ text: String) {
    guard isShown else { return }
    let now = Session.monotonic()
    lastAt.withLock { last in
      guard now - last >= Elapsed(milliseconds: 100) else { return }
      last = now
      Output.errors.write(Array("\r\u{1B}[K\(text)".utf8))
    }
  }

  func end() { if isShown { Output.errors.write(Array("\r\u{1B}[K".utf8)) } }
}
