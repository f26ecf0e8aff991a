// What every answer means, from the table of CONTRACT.md 1 and from receivers that do not keep to HTTP.
import Convening
import Foundation
import Testing
import Webhooks
import Wire

extension CourierTests {
  struct AnswerOf {
    /// The table, written once more.
    static func expected(_ status: Int) -> Verdict {
      if (200..<300).contains(status) { return .accepted }
      if status == 410 { return .gone }
      if [408, 425, 429].contains(status) || status < 200 || status >= 500 { return .retry }
      return .misconfigured
    }

    /// After a 1xx nothing follows, and the connection closes: 101 ends a transfer, the others are no answer.
    @Test func everyStatus() throws {
      let receiver = try Receiver { post in
        let status = Int(post.path.dropFirst()) ?? 0
        return status < 200
          ? .bytesThenClose("HTTP/1.1 \(status) Scripted\r\n\r\n")
          : .status(status, headers: ["Location: /200"], body: status == 204 || status == 304 ? "" : "x")
      }
      defer { receiver.stop() }
      let statuses = Array(100...599)
      let sender = Sender(try statuses.map { try Sender.route(RouteName("s\($0)")!, receiver.url("/\($0)")) })
      for status in statuses {
        let answer = sender.post(RouteName("s\(status)")!)
        #expect(answer.verdict == Self.expected(status), "\(status)")
        #expect(status < 200 || answer.status == status, "\(status)")
      }
      sender.closeAndCheck(500)
      #expect(receiver.posts.map(\.path) == statuses.map { "/\($0)" }, "one post each, no redirect followed")
    }

    @Test func whatIsKeptOfAnAnswer() throws {
      let receiver = try Receiver { _ in
        .status(
          202, headers: ["Date: Mon, 23 Nov 2026 09:00:00 GMT", "X-Request-ID:  r 1\u{e9}-2  "], body: "accepted")
      }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .accepted && answer.status == 202 && answer.fault == nil)
      #expect(answer.date == Instant(milliseconds: 1_795_424_400_000))
      #expect(answer.requestID == "r1-2")
      #expect(answer.peer == "127.0.0.1:\(receiver.port)")
      #expect(answer.responseDigest == Hash256(hashing: Array("accepted".utf8)).hex)
      #expect(answer.retryAfter == nil)
    }

    @Test(
      arguments: [
        ("120", 120), ("0", 0), ("  7 ", 7), ("315360000", 315_360_000), ("99999999999", 315_360_000),
        ("99999999999999999999999999", 315_360_000), ("Mon, 23 Nov 2026 09:02:00 GMT", 120),
        ("Monday, 23-Nov-26 09:02:00 GMT", 120), ("Mon Nov 23 09:02:00 2026", 120),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777 - 1_795_424_400), ("-5", nil), ("soon", nil), ("", nil),
        ("1e9", nil), ("1.5", nil),
      ] as [(String, Int64?)])
    func retryAfter(text: String, seconds: Int64?) throws {
      let receiver = try Receiver { _ in .status(503, headers: ["Retry-After: \(text)"]) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.status == 503)
      #expect(answer.retryAfter == seconds.map { Sender.now + .seconds($0) })
    }

    /// What is kept of an answer must be readable in the journal for ever, whatever a receiver's clock says.
    @Test(
      arguments: [
        "Mon, 23 Nov 2026 09:00:00 GMT", "Tue, 31 Dec 2999 23:59:59 GMT", "Wed, 01 Jan 3000 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 23 Nov 2000000000 09:00:00 GMT", "Mon, 23 Nov 292278994 09:00:00 GMT",
        "Mon, 23 Nov 0001 09:00:00 GMT", "now", "",
      ])
    func aDateIsKeptOnlyWhereItCanBeReadAgain(date: String) throws {
      let receiver = try Receiver { _ in .status(503, headers: ["Date: \(date)", "Retry-After: \(date)"]) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.status == 503)
      let entry = Entry(
        stream: .discussion(DiscussionID(bits: 7)), revision: 1, at: Sender.now, actor: nil, mark: nil,
        event: .attemptEnded(ReminderID(high: 7, low: 7), attempt: 1, answer, next: answer.retryAfter))
      #expect(try JournalLine.decode(JournalLine.encode(entry)) == entry)
    }

    /// What comes before the final status is not the answer, nor are its headers.
    @Test func informationalAnswersArePassedOver() throws {
      let receiver = try Receiver { post in
        switch post.number {
        case 0: .bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
        default:
          .bytes(
            "HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\nX-Request-Id: early\r\n\r\n"
              + "HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n")
        }
      }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let (first, second) = (sender.post(), sender.post())
      sender.closeAndCheck(2)
      #expect(first.verdict == .accepted && first.status == 204)
      #expect(second.verdict == .retry && second.status == 503)
      #expect(second.retryAfter == nil && second.requestID == nil)
    }

    @Test(arguments: [
      "garbage\r\n\r\n", "<html>HTTP/0.9</html>\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0\0\0\0\0\0\0\0\0",
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcde",
      // Heads that break off.
      "HTTP/1.1 204 No Content\r\nx-requ", "HTTP/1.1 204 No Content\r\n", "HTTP/1.1 204",
    ])
    func whatIsNotHTTPIsTriedAgain(text: String) throws {
      let receiver = try Receiver { _ in .bytesThenClose(text) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.status == nil)
      #expect(answer.fault == "protocol" || answer.fault == "reset", "\(answer.fault ?? "none")")
      #expect(receiver.posts.count == 1)
    }

    /// 64 MB in chunks: 4 KB are read, the status stands, and the connection is not used again.
    @Test func aLongBodyIsLeft() throws {
      let receiver = try Receiver { post in post.number == 0 ? .flood : .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let answer = sender.post()
      #expect(answer.verdict == .accepted && answer.status == 200)
      #expect(answer.responseDigest == Hash256(hashing: [UInt8](repeating: 120, count: 4096)).hex)
      let record = receiver.record(when: "the courier left") { $0.left == [0] }
      #expect(record.written < 16 << 20)
      #expect(sender.post().status == 204)
      sender.closeAndCheck(2)
      #expect(receiver.posts.map(\.connection) == [0, 1])
    }

    enum Headers: CaseIterable { case manyLines, oneLine, endlessHints }

    /// However they are too long: little is read, and nothing of it is kept.
    @Test(arguments: Headers.allCases) func longHeadersAreLeft(headers: Headers) throws {
      let text =
        switch headers {
        case .manyLines: "HTTP/1.1 204 No Content\r\n" + String(repeating: "x-header: 0123456789\r\n", count: 200_000)
        case .oneLine: "HTTP/1.1 204 No Content\r\nx-header: " + String(repeating: "a", count: 4_000_000)
        case .endlessHints: String(repeating: "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", count: 100_000)
        }
      let receiver = try Receiver { post in post.number == 0 ? .bytes(text) : .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let answer = sender.post()
      #expect(answer.tookMilliseconds < 10_000)
      switch headers {
      case .manyLines: #expect(answer.verdict == .accepted && answer.status == 204)
      case .oneLine: #expect(answer.verdict == .retry && answer.status == nil && answer.fault == "protocol")
      case .endlessHints: #expect(answer.verdict == .retry)
      }
      receiver.record(when: "the courier left") { $0.left == [0] }
      #expect(sender.post().status == 204)
      sender.closeAndCheck(2)
    }

    @Test func nobodyListens() throws {
      let (reserved, port) = try Receiver.reserve()
      defer { close(reserved) }
      let sender = try Sender("http://127.0.0.1:\(port)/")
      let answer = sender.post()
      sender.closeAndCheck(1)
      #expect(answer.verdict == .retry && answer.fault == "refused" && answer.status == nil)
    }
  }
}
