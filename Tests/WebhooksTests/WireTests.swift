// What a post looks like on the wire: CONTRACT.md 1, byte for byte.
import Convening
import Foundation
import Testing
import Webhooks
import Wire

extension CourierTests {
  struct OnTheWire {
    @Test func headersAreThoseOfTheContract() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let newer = WebhookSecret("whsec_" + Data(repeating: 7, count: 48).base64EncodedString())!
      let route = try Sender.route("agency", receiver.url("/hooks/a?k=1"), secrets: [newer, Sender.secret])
      let sender = Sender([route])
      let id = ReminderID(high: 0x0193_58C1_2F00_1234, low: 0x8765_4321_0FED_CBA9)
      let at = Instant(milliseconds: 1_795_424_400_999)
      let ticket = sender.queue.sync { sender.begin(id: id, attempt: 3, at: at) }
      #expect(sender.answers.all(of: 1)[ticket]?.first?.verdict == .accepted)
      sender.closeAndCheck(1)
      let post = try #require(receiver.posts.first)
      #expect(post.head.first == "POST /hooks/a?k=1 HTTP/1.1")
      let names = post.head.dropFirst().map { String($0.prefix { $0 != ":" }) }
      #expect(
        names.sorted() == [
          "Accept", "Content-Length", "Host", "User-Agent", "content-type", "convened-attempt", "webhook-id",
          "webhook-signature", "webhook-timestamp",
        ])
      #expect(post.value("content-type") == "application/cloudevents+json; charset=utf-8")
      #expect(post.value("user-agent") == "convened/1.2.3")
      #expect(post.value("webhook-id") == id.description)
      #expect(post.value("webhook-timestamp") == "1795424400")
      #expect(post.value("convened-attempt") == "3")
      #expect(post.value("content-length") == "\(Sender.body.utf8.count)")
      #expect(post.body == Array(Sender.body.utf8))

      let signature = try #require(post.value("webhook-signature"))
      let tokens = signature.components(separatedBy: " ")
      #expect(tokens.count == 2 && tokens.allSatisfy { $0.hasPrefix("v1,") && $0.count == 47 })
      for (token, secret) in zip(tokens, [newer, Sender.secret]) {
        let verdict = Signature.verify(
          header: token, id: post.value("webhook-id"), timestamp: post.value("webhook-timestamp"), body: post.body,
          secrets: [secret], now: at)
        #expect(verdict == .valid)
      }
    }

    /// The same bytes on every attempt, up to the largest and an odd one; a new signature each time.
    @Test(arguments: [1, 620, 8192, 70_000]) func bodiesArriveAsTheyAre(length: Int) throws {
      let receiver = try Receiver { _ in .status(200, body: "{}") }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let body = String(decoding: (0..<length).map { UInt8($0 % 95 + 32) }, as: UTF8.self)
      for attempt in 1...3 { #expect(sender.post(attempt: attempt, body: body).status == 200) }
      sender.closeAndCheck(3)
      #expect(receiver.posts.map(\.body) == [[UInt8]](repeating: Array(body.utf8), count: 3))
      #expect(receiver.posts.map { $0.value("convened-attempt") } == ["1", "2", "3"])
      for post in receiver.posts {
        let verdict = Signature.verify(
          header: post.value("webhook-signature"), id: post.value("webhook-id"),
          timestamp: post.value("webhook-timestamp"), body: post.body, secrets: [Sender.secret], now: Sender.now)
        #expect(verdict == .valid)
      }
      #expect(receiver.soFar.connections == 1, "the connection is kept")
    }

    /// A handle that is used again carries nothing over: a shorter body, another id.
    @Test func nothingIsLeftOfTheLastPost() throws {
      let receiver = try Receiver { post in
        post.number == 0 ? .status(503, headers: ["Retry-After: 7", "X-Request-Id: first"], body: "no") : .status(204)
      }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url())
      let first = sender.post(body: String(repeating: "a", count: 5000))
      let second = sender.post(body: "b")
      sender.closeAndCheck(2)
      #expect(first.requestID == "first" && first.retryAfter != nil && first.responseDigest != nil)
      #expect(second.requestID == nil && second.retryAfter == nil && second.responseDigest == nil)
      #expect(receiver.posts.map(\.body.count) == [5000, 1])
    }

    @Test func anUnknownRouteIsAnsweredLater() throws {
      let sender = Sender([])
      let isToldAtOnce = sender.queue.sync {
        _ = sender.begin()
        return !sender.answers.all.isEmpty
      }
      #expect(!isToldAtOnce)
      let answer = sender.answers.all(of: 1)[1]?.first
      #expect(answer?.verdict == .misconfigured && answer?.fault == "unknown-route")
      sender.closeAndCheck(1)
    }

    @Test func aReloadedRouteGoesToItsNewAddress() throws {
      let receiver = try Receiver { _ in .status(204) }
      defer { receiver.stop() }
      let sender = try Sender(receiver.url("/old"))
      _ = sender.post()
      sender.book.replace([try Sender.route("agency", receiver.url("/new"))])
      _ = sender.post()
      sender.closeAndCheck(2)
      #expect(receiver.posts.map(\.path) == ["/old", "/new"])
    }

    private func fault(_ url: String, insecure: Bool = false) -> Route.Fault? {
      do throws(Route.Fault) {
        _ = try Route(name: "agency", url: url, secrets: [Sender.secret], caFile: nil, insecure: insecure)
        return nil
      } catch { return error }
    }

    @Test(arguments: [
      "https://example.org/x", "HTTPS://example.org", "https://10.0.0.1:8443/?key=1", "http://127.0.0.1/",
      "http://127.8.9.1:81/x", "http://localhost:8080/", "http://[::1]:80/", "HTTP://LOCALHOST/", "http://127.1/",
    ])
    func theseAreTaken(url: String) { #expect(fault(url) == nil) }

    @Test(arguments: [
      "http://example.org/", "http://127.0.0.1.example.org/", "http://localhost.example.org/", "http://10.0.0.1/",
      "http://[::2]/", "http://128.0.0.1/", "http://0.0.0.0/", "http://127.example.org/", "http://127.0.0.0.1/",
      "http://example.org/?127.0.0.1", "http://example.org#@127.0.0.1/",
    ])
    func plainHTTPIsForThisMachineAlone(url: String) {
      #expect(fault(url) == .notHTTPS("agency"))
      #expect(fault(url, insecure: true) == nil)
    }

    @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/hostname", "gopher://127.0.0.1/", "dict://127.0.0.1/"])
    func otherSchemesAreRefusedEvenWhereInsecure(url: String) {
      #expect(fault(url) != nil && fault(url, insecure: true) != nil)
    }

    @Test(arguments: [
      "https://me@example.org/", "https://me:word@example.org/", "http://127.0.0.1@example.org/",
      "http://:word@127.0.0.1/",
    ])
    func aUserInAURLIsRefused(url: String) { #expect(fault(url, insecure: true) == .hasUser("agency")) }

    @Test(arguments: [
      "", "127.0.0.1", "https://", "https://a b/", "https://example.org/\r\nx: y", "https://example.org:99999/",
      "https://ex\u{e4}mple.org/", "\thttps://example.org/", "https://[::1/", "http://[::1].example.org/",
      "https://example.org/\0",
    ])
    func whatIsNoURLIsRefused(url: String) { #expect(fault(url) == .notURL("agency")) }

    @Test(arguments: ["http://hush.example/sesame", "https://me:sesame@hush.example/", "hush sesame"])
    func noRefusalShowsTheURL(url: String) throws {
      let fault = try #require(self.fault(url))
      #expect(["\(fault)", fault.sentence].allSatisfy { !$0.contains("hush") && !$0.contains("sesame") })
    }

    @Test func aRouteNeedsASecretAndShowsNone() throws {
      #expect(throws: Route.Fault.noSecret("agency")) {
        try Route(name: "agency", url: "https://example.org/", secrets: [], caFile: nil, insecure: false)
      }
      let route = try Sender.route("agency", "https://example.org/secret-path")
      var dumped = ""
      dump([route], to: &dumped)
      #expect(["\(route)", String(reflecting: route), "\([route])", dumped].allSatisfy { !$0.contains("secret-path") })
    }
  }
}
