// The commands that take the journal out and prove that it is whole.
import ArgumentParser
import Console
import Convening
import Foundation
import JournalSQLite
import Wire

struct JournalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "The journal and its chain.",
    discussion: """
      Examples:
        convenectl journal verify
        convenectl journal export > journal.jsonl
      """,
    subcommands: [Verify.self, Export.self])

  struct Export: Verb {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Print the journal, one JSON object a line, as it was hashed.",
      discussion: """
        Needs the control socket. What it prints is as confidential as the journal.

        Examples:
          convenectl journal export > journal.jsonl
          convenectl journal export --after 8812 >> journal.jsonl
        """)

    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Only entries after this one.", valueName: "number")) var after = 0

    func validate() throws {
      guard after >= 0 else { throw ValidationError("--after is 0 or more.") }
    }

    func perform(_ session: Session) throws(Complaint) {
      var failed = false
      try session.daemon.stream("/v1/journal?after=\(after)", control: true) { chunk in
        failed = !Output.standard.write(chunk)
        return !failed
      }
      guard !failed else { throw Complaint(.failure, "The output could not be written: this export is not whole.") }
    }
  }

  struct Verify: Verb {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Prove that no entry was changed, taken out or put in.",
      discussion: """
        Asks the daemon by the control socket, or reads --file: an export, or the journal itself while no daemon runs \
        (as root, or as the user convened). A head that was kept elsewhere, as the \
        log keeps it hourly, shows whether the end was cut off or the whole was made anew. Of a journal, what is kept \
        beside the entries (which one comes before each in its stream, where each stream ends) and the rows that lists \
        and reports read are held against them too; of a daemon and of an export they are not seen. Breaks that \
        somebody accepted are listed with the reason. Exit status 1 on a finding.

        Examples:
          convenectl journal verify
          convenectl journal verify --head \\
            8812=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
          convenectl journal verify --file journal.jsonl
          convenectl journal verify --file /var/lib/convened/journal.sqlite
          convenectl journal verify --file /var/lib/convened/journal.sqlite \\
            --rebuild-rows
        """)

    @OptionGroup var common: CommonOptions
    @Option(
      help: ArgumentHelp("An export (- is standard input), or the journal of a daemon that is down.", valueName: "file")
    ) var file: String?
    @Option(help: ArgumentHelp("A head that was kept; repeat it.", valueName: "seq=hash")) var head: [String] = []
    @Flag(help: "Make the rows of a whole journal anew from its entries, where they differ.") var rebuildRows = false

    func validate() throws {
      if rebuildRows, file.map({ !JournalFile.isJournal($0) }) ?? true {
        throw ValidationError("--rebuild-rows needs --file with the journal of a daemon that is down.")
      }
      for text in head where JournalCheck.Head(text) == nil {
        throw ValidationError("Write --head as SEQ=HASH: an entry's number and 64 hexadecimal digits.")
      }
    }

    func perform(_ session: Session) throws(Complaint) {
      var check = JournalCheck(heads: head.compactMap(JournalCheck.Head.init))
      var rows: RowsFinding?
      if let file, JournalFile.isJournal(file) {
        rows = try readJournal(file, &check)
      } else {
        try readExport(session, &check)
      }
      let finding = check.end()
      if common.json {
        session.printDocument(
          JSON.body([
            ("whole", .bool(finding == nil && check.isComplete)), ("finding", JSON(finding)),
            ("rows_differ", rows.map { JSON.array($0.differing.map { .string($0) }) }),
            ("summary", finding == nil ? .string(check.summary) : nil), ("accepted", check.acceptedDocument),
            ("unseen", check.unseen(ofDaemon: file == nil).map { .string($0) }),
          ]).bytes)
      }
      if let finding {
        throw Complaint(
          .failure, finding, "Keep the file as it is, and compare it with a backup and with the heads in the log.")
      }
      if !common.json {
        let unseen = check.unseen(ofDaemon: file == nil)
        for line in [check.summary] + check.accepted + [unseen].compactMap({ $0 }) { Output.standard.line(line) }
      }
      if let rows, let file { try settle(rows, file) }
    }

    /// What lists and reports read, against what the entries come to.
    private struct RowsFinding {
      let fold: JournalFold
      /// nil where one of them cannot be read.
      let stored: (rows: [Rows], contacts: [ContactRow])?

      /// References of discussions, then of front-door contacts.
      var differing: [String] { discussions.map(\.description) + contacts.map(\.description) }
      var discussions: [DiscussionID] { fold.differing(from: stored?.rows ?? []) }
      var contacts: [ContactID] { fold.differing(from: stored?.contacts ?? []) }

      /// "3 discussions", "1 discussion and 2 contacts"
      var words: String {
        let parts = [(discussions.count, "discussion"), (contacts.count, "contact")].filter { $0.0 > 0 }
        return Words.joined(parts.map { counted($0.0, $0.1) })
      }
    }

    private func settle(_ rows: RowsFinding, _ path: String) throws(Complaint) {
      let differing = rows.differing
      guard let first = differing.first else {
        if !common.json { Output.standard.line("The rows of lists and reports agree with it.") }
        return
      }
      let discussions = rows.words
      guard rebuildRows else {
        throw Complaint(
          .failure,
          "The rows that lists and reports read differ from the entries, for \(discussions): "
            + (differing.count == 1 ? "\(first)." : "\(first) first."),
          "Make them anew from the journal: convenectl journal verify --file \(path) --rebuild-rows")
      }
      guard rows.stored != nil || (rows.fold.erased.isEmpty && rows.fold.erasedContacts.isEmpty) else {
        throw Complaint(
          .failure, "A row cannot be read, and entries were erased of which only rows are left: nothing was changed.",
          "Restore the journal from a backup.")
      }
      let contacts = rows.fold.contactRows(keeping: rows.stored?.contacts ?? [])
      guard try rebuild(rows.fold.rows(keeping: rows.stored?.rows ?? []), contacts, path) else {
        throw Complaint(.failure, "The rows could not be written. Look at the room on the disk, and try again.")
      }
      if !common.json {
        Output.standard.line("The rows of \(discussions) differed: all were made anew from the entries.")
      }
    }

    /// False where there was no room for them: then they are as they were.
    private func rebuild(_ rows: [Rows], _ contacts: [ContactRow], _ path: String) throws(Complaint) -> Bool {
      do {
        let journal = try SQLiteJournal(path: path)
        defer { journal.close() }
        return journal.rebuild(rows, contacts) == .done
      } catch {
        throw Complaint(.failure, "\(path): \(error).")
      }
    }

    /// No daemon can start on it meanwhile.
    private func readJournal(_ path: String, _ check: inout JournalCheck) throws(Complaint) -> RowsFinding {
      do {
        let records = try SQLiteRecords(offline: path)
        var fold = JournalFold()
        var unreadable: LineFault?
        try records.forEachBatch(of: 2000) { batch in
          check.take(batch)
          guard unreadable == nil else { return }
          do throws(LineFault) { try fold.take(batch.lines) } catch { unreadable = error }
        }
        check.expect(ends: try records.streamEnds())
        if let unreadable { throw unreadable }
        return RowsFinding(fold: fold, stored: try storedRows(records))
      } catch JournalFault.inUse {
        throw Complaint(
          .tryLater, "A daemon has \(path) open.", "Ask it: convenectl journal verify, without --file.")
      } catch {
        throw Complaint(.failure, "\(path): \(error).")
      }
    }

    /// nil where one of them cannot be read.
    private func storedRows(
      _ records: SQLiteRecords
    ) throws -> (rows: [Rows], contacts: [ContactRow])? {
      do { return (try records.allRows(), try records.allContactRows()) } catch JournalFault.broken { return nil }
    }

    private func readExport(_ session: Session, _ check: inout JournalCheck) throws(Complaint) {
      var lines = Lines()
      var isReadable = true
      func take(_ chunk: [UInt8]) -> Bool {
        for line in lines.take(chunk) where isReadable && !line.isEmpty { isReadable = check.take(line) }
        return isReadable
      }
      if let file {
        try JournalFile.read(file, take)
      } else {
        // The stream is over when this returns; what `take` captures does not outlive it.
        try withoutActuallyEscaping(take) { take throws(Complaint) in
          try session.daemon.stream("/v1/journal?after=0", control: true, onChunk: take)
        }
      }
      if isReadable, !lines.unfinished.isEmpty { _ = check.take(lines.unfinished) }
    }
  }
}
