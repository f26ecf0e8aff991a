// Lines are read for ever: one golden line of every shape that was ever written stands in `Golden/`. Each is decoded and
// written again, byte for byte; an event without a golden line fails. Golden lines are added, never edited.
import Foundation
import Testing

@testable import Convening
@testable import Wire

@Suite struct JournalLineTests {
  private static let golden: [String] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden/v1.jsonl")
    guard let data = FileManager.default.contents(atPath: file.path) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }()

  @Test func everyEventHasAGoldenLine() throws {
    let names = try Self.golden.map { try JournalLine.decode($0).event.name }
    #expect(Set(Event.names).subtracting(names) == [])
    #expect(Self.samples.map { $0.event.name }.filter { !Event.names.contains($0) } == [])
  }

  @Test(arguments: golden) func aGoldenLineIsWrittenAgainByteForByte(line: String) throws {
    #expect(JournalLine.encode(try JournalLine.decode(line)) == line)
  }

  @Test(arguments: samples) func anEntryIsReadAsItWasWritten(entry: Entry) throws {
    let line = JournalLine.encode(entry)
    #expect(try JournalLine.decode(line) == entry)
    #expect(Self.golden.contains(line), "no golden line: \(line)")
  }

  @Test(arguments: [
    "", "{}", "[]", "null",
    #"{"v":2,"stream":"daemon","revision":1,"event":"stopping","at":"2026-11-24T09:00:00Z","data":{}}"#,
    #"{"v":1,"stream":"daemon","revision":1,"event":"unheard","at":"2026-11-24T09:00:00Z","data":{}}"#,
    #"{"v":1,"stream":"nowhere","revision":1,"event":"stopping","at":"2026-11-24T09:00:00Z","data":{}}"#,
    #"{"v":1,"stream":"daemon","revision":1,"event":"stopping","at":"yesterday","data":{}}"#,
    #"{"v":1,"stream":"daemon","revision":1,"event":"started","at":"2026-11-24T09:00:00Z","data":{}}"#,
    #"{"v":1,"stream":"daemon","revision":1,"event":"stopping","at":"2026-11-24T09:00:00Z","actor":{"uid":-1,"pid":1},"data":{}}"#,
  ]) func whatIsNoLineIsRefused(text: String) {
    #expect(throws: LineFault.self) { try JournalLine.decode(text) }
  }

  @Test func aFaultNeverRepeatsTheLine() {
    let secret = "Kneller"
    for text in [secret, "{\"v\":1,\"\(secret)\":\"\(secret)\"", "{\"v\":1,\"stream\":\"\(secret)\",\"data\":{}}"] {
      do throws(LineFault) {
        _ = try JournalLine.decode(text)
        Issue.record("accepted")
      } catch {
        #expect(!error.what.contains(secret))
      }
    }
  }
}
